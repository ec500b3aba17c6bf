//! The factors are told with what measures them, what leads to them and what comes of them.

use groeikern_client::{
    Client, Code,
    v1::{self, ErrorReason},
};

use crate::support::{Server, refusal};

async fn client() -> Client {
    Server::start().await.client().await
}

#[tokio::test]
async fn a_factor_is_told_with_what_measures_it_and_everything_up_and_downstream() {
    let client = client().await;
    let get = async |id: &str| {
        let request = v1::GetFactorRequest {
            factor_id: id.into(),
            ..Default::default()
        };
        client.get_factor(request).await
    };
    let answer = get("selective_migration").await.expect("a factor");
    let factor = answer.factor.expect("a factor");
    assert_eq!((factor.causes, factor.effects), (4, 3));
    assert_eq!((answer.causes.len(), answer.effects.len()), (4, 3));
    let context: Vec<&str> = factor
        .context_indicators
        .iter()
        .map(|of| of.id.as_str())
        .collect();
    assert_eq!(context, ["net_migration_17_21"]);
    let steps = |others: &[v1::FactorAtDistance], id: &str| {
        let found = others
            .iter()
            .find(|of| of.factor.as_ref().is_some_and(|factor| factor.id == id));
        found.map(|of| of.steps)
    };
    assert_eq!(steps(&answer.downstream, "low_liveability"), Some(1));
    assert_eq!(steps(&answer.downstream, "low_safety"), Some(3));
    assert_eq!(steps(&answer.upstream, "weak_image"), Some(1));
    assert_eq!(
        steps(&answer.upstream, "selective_migration"),
        None,
        "a factor is not upstream of itself"
    );
    assert!(
        answer.downstream.is_sorted_by_key(|of| of.steps) && answer.upstream.is_sorted_by_key(|of| of.steps)
    );
    assert!(
        answer
            .findings
            .iter()
            .any(|finding| finding.id == "zoetermeer_movers")
    );
    let error = refusal(get("selective_migraton").await.expect_err("unknown"));
    assert_eq!(error.reason, Some(ErrorReason::UnknownFactor));
    assert!(error.message.contains("selective_migration"), "{}", error.message);
    let error = refusal(get("").await.expect_err("empty"));
    assert_eq!(
        (error.code, error.violations[0].field.as_str()),
        (Code::InvalidArgument, "factor_id")
    );
}

#[tokio::test]
async fn factors_are_listed_by_theme_with_the_programmes_that_bear_on_them() {
    let client = client().await;
    let list = async |theme: &str| {
        let request = v1::ListFactorsRequest {
            theme_id: theme.into(),
            ..Default::default()
        };
        client.list_factors(request).await
    };
    let all = list("").await.expect("a list").factors;
    assert_eq!(all.len(), 40);
    let of = |id: &str| all.iter().find(|factor| factor.id == id).expect("listed");
    let programmes = &of("self_reliance_policy_mismatch").programmes;
    assert_eq!(programmes.len(), 5);
    assert!(
        programmes
            .iter()
            .all(|of| of.section == "4.3" && of.factor_id == "self_reliance_policy_mismatch")
    );
    assert!(of("weak_image").indicators.is_empty(), "nothing measures it");
    let mechanisms: u32 = all.iter().map(|factor| factor.causes).sum();
    assert_eq!(
        (mechanisms, all.iter().map(|factor| factor.effects).sum()),
        (64, 64)
    );
    let mobility = list("residential_mobility").await.expect("a list").factors;
    assert!(
        mobility
            .iter()
            .all(|factor| factor.theme_id == "residential_mobility")
    );
    let error = refusal(list("residential_mobilty").await.expect_err("unknown"));
    assert_eq!(error.reason, Some(ErrorReason::UnknownTheme));
}
