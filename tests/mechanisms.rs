//! Mechanisms can be listed, chosen and walked: paths from one factor to another, and the vicious circles among them.

use groeikern_client::{
    Client, Code,
    v1::{self, ErrorReason, MechanismCertainty, StatementBasis},
};

use crate::support::{Server, has_caveat, refusal};

async fn client() -> Client {
    Server::start().await.client().await
}

fn ids(path: &v1::MechanismPath) -> Vec<&str> {
    let id = |factor: &'_ Option<v1::FactorRef>| factor.as_ref().expect("a factor").id.as_str().to_owned();
    let first = path.steps.first().and_then(|step| step.cause.as_ref());
    let effects = path.steps.iter().filter_map(|step| step.effect.as_ref());
    for steps in path.steps.windows(2) {
        assert_eq!(
            id(&steps[0].effect),
            id(&steps[1].cause),
            "a step begins where one ended"
        );
    }
    first
        .into_iter()
        .chain(effects)
        .map(|factor| factor.id.as_str())
        .collect()
}

fn ends(mechanism: &v1::Mechanism) -> (&str, &str) {
    let (cause, effect) = (mechanism.cause.as_ref(), mechanism.effect.as_ref());
    (&cause.expect("a cause").id, &effect.expect("an effect").id)
}

fn walk(from: &str, to: &str) -> v1::FindMechanismPathsRequest {
    v1::FindMechanismPathsRequest {
        from_factor_id: from.into(),
        to_factor_id: to.into(),
        ..Default::default()
    }
}

const CIRCLE: [&str; 5] = [
    "low_property_values",
    "mediocre_new_building",
    "low_residential_attractiveness",
    "weak_image",
    "low_property_values",
];

#[tokio::test]
async fn the_vicious_circle_of_image_and_building_is_found_from_each_of_its_factors() {
    let client = client().await;
    for factor in &CIRCLE[..4] {
        let answer = client
            .find_mechanism_paths(walk(factor, factor))
            .await
            .expect("circles");
        let circle = answer.paths.iter().find(|path| ids(path) == CIRCLE);
        let circle = circle.unwrap_or_else(|| panic!("no circle through {factor}"));
        assert!(circle.circle);
        assert_eq!(circle.weakest_certainty(), MechanismCertainty::Risk);
        assert!(
            answer
                .paths
                .iter()
                .all(|path| path.circle && ids(path).contains(factor))
        );
        let only = v1::FindMechanismPathsRequest {
            circles_only: true,
            ..walk("", factor)
        };
        let through = client.find_mechanism_paths(only).await.expect("circles");
        assert_eq!(through.paths, answer.paths, "circles end where they begin");
    }
}

#[tokio::test]
async fn all_circles_are_told_once_shortest_first_and_fewer_when_less_certain_steps_are_left_out() {
    let client = client().await;
    let circles = async |certainty: &[MechanismCertainty], longest| {
        let request = v1::FindMechanismPathsRequest {
            circles_only: true,
            longest,
            certainty: certainty.iter().map(|of| i32::from(*of)).collect(),
            ..Default::default()
        };
        client.find_mechanism_paths(request).await.expect("circles")
    };
    let all = circles(&[], 0).await;
    assert_eq!((all.paths.len(), all.longest, all.truncated), (12, 8, false));
    assert!(
        all.paths
            .is_sorted_by_key(|path| (path.steps.len(), ids(path).join(">")))
    );
    assert_eq!(ids(&all.paths[1]), CIRCLE);
    assert_eq!(circles(&[], 4).await.paths, all.paths[..2]);
    let stated = circles(&[MechanismCertainty::Stated], 0).await;
    let expected: Vec<v1::MechanismPath> = all
        .paths
        .iter()
        .filter(|path| path.weakest_certainty() == MechanismCertainty::Stated)
        .cloned()
        .collect();
    assert!(!expected.is_empty() && expected.len() < all.paths.len());
    assert_eq!(stated.paths, expected);
    assert!(has_caveat(
        all.metadata.as_ref(),
        v1::CaveatCode::JoinedMechanisms
    ));
}

#[tokio::test]
async fn paths_lead_from_one_factor_to_another_and_are_no_longer_than_asked() {
    let client = client().await;
    let found = client
        .find_mechanism_paths(walk("low_residential_attractiveness", "low_liveability"))
        .await
        .expect("paths");
    let told: Vec<Vec<&str>> = found.paths.iter().map(ids).collect();
    assert!(told.contains(&vec![
        "low_residential_attractiveness",
        "selective_migration",
        "low_liveability"
    ]));
    assert!(told.iter().all(|path| (3..=5).contains(&path.len())));
    assert!(found.paths.iter().all(|path| !path.circle));
    let short = v1::FindMechanismPathsRequest {
        longest: 2,
        ..walk("low_residential_attractiveness", "low_liveability")
    };
    let short = client.find_mechanism_paths(short).await.expect("paths");
    assert_eq!(short.longest, 2);
    assert_eq!(short.paths[..], found.paths[..short.paths.len()]);
    assert!(short.paths.len() < found.paths.len());
    let to_youth = || walk("selective_migration", "poor_youth_opportunities");
    let literature = v1::FindMechanismPathsRequest {
        basis: vec![StatementBasis::Literature.into()],
        ..to_youth()
    };
    let literature = client
        .find_mechanism_paths(literature)
        .await
        .expect("paths")
        .paths;
    let all = client
        .find_mechanism_paths(to_youth())
        .await
        .expect("paths")
        .paths;
    let rests = |step: &v1::Mechanism| step.basis().any(|of| of == StatementBasis::Literature);
    let on_literature = all.iter().filter(|path| path.steps.iter().all(rests));
    let on_literature: Vec<v1::MechanismPath> = on_literature.cloned().collect();
    assert!(!on_literature.is_empty() && on_literature.len() < all.len());
    assert_eq!(literature, on_literature);
}

#[tokio::test]
async fn one_end_alone_gives_everything_that_it_leads_to_or_that_leads_to_it() {
    let client = client().await;
    let one = |request| v1::FindMechanismPathsRequest {
        longest: 1,
        ..request
    };
    let onwards = client
        .find_mechanism_paths(one(walk("weak_image", "")))
        .await
        .expect("paths");
    let told: Vec<Vec<&str>> = onwards.paths.iter().map(ids).collect();
    assert_eq!(
        told,
        [
            ["weak_image", "low_property_values"],
            ["weak_image", "school_quality_under_pressure"],
            ["weak_image", "selective_migration"],
        ]
    );
    assert!(
        !has_caveat(onwards.metadata.as_ref(), v1::CaveatCode::JoinedMechanisms),
        "nothing is joined"
    );
    let towards = client
        .find_mechanism_paths(one(walk("", "weak_image")))
        .await
        .expect("paths");
    let told: Vec<Vec<&str>> = towards.paths.iter().map(ids).collect();
    assert_eq!(told, [["low_residential_attractiveness", "weak_image"]]);
    // A factor that nothing leads to is known, and has no path.
    let none = client
        .find_mechanism_paths(walk("", "austerity_building"))
        .await
        .expect("an answer");
    assert!(none.paths.is_empty() && !none.truncated);
}

#[tokio::test]
async fn mechanisms_are_chosen_by_factor_side_section_basis_and_certainty() {
    let client = client().await;
    let list = async |request| client.list_mechanisms(request).await.expect("a list").mechanisms;
    let all = list(v1::ListMechanismsRequest::default()).await;
    assert_eq!(all.len(), 64);
    assert!(all.is_sorted_by_key(ends));
    let of = |side: v1::FactorSide| v1::ListMechanismsRequest {
        factor_id: "selective_migration".into(),
        side: side.into(),
        ..Default::default()
    };
    let (causes, effects) = (
        list(of(v1::FactorSide::Effect)).await,
        list(of(v1::FactorSide::Cause)).await,
    );
    assert!(
        effects
            .iter()
            .any(|mechanism| ends(mechanism) == ("selective_migration", "low_liveability"))
    );
    assert!(
        effects
            .iter()
            .all(|mechanism| ends(mechanism).0 == "selective_migration")
    );
    assert!(
        causes
            .iter()
            .all(|mechanism| ends(mechanism).1 == "selective_migration")
    );
    assert_eq!(
        list(of(v1::FactorSide::Unspecified)).await.len(),
        causes.len() + effects.len()
    );
    let of_section = async |section: &str| {
        let request = v1::ListMechanismsRequest {
            section: section.into(),
            ..Default::default()
        };
        list(request).await
    };
    assert!(
        of_section("5.2")
            .await
            .iter()
            .all(|mechanism| mechanism.section == "5.2")
    );
    let chapter = of_section("2").await;
    let sections = all.iter().filter(|mechanism| mechanism.section.starts_with("2."));
    assert_eq!(chapter.len(), sections.count());
    assert!(of_section("5.").await.is_empty() && of_section("22").await.is_empty());
    let less_certain = v1::ListMechanismsRequest {
        certainty: vec![
            MechanismCertainty::Presumed.into(),
            MechanismCertainty::Risk.into(),
        ],
        ..Default::default()
    };
    assert_eq!(list(less_certain).await.len(), 5);
    let by_figures = v1::ListMechanismsRequest {
        basis: vec![StatementBasis::Quantitative.into()],
        ..Default::default()
    };
    let by_figures = list(by_figures).await;
    assert_eq!(by_figures.len(), 5);
    assert!(
        by_figures
            .iter()
            .all(|of| of.basis().any(|of| of == StatementBasis::Quantitative))
    );
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_walk_is_said_at_once() {
    let client = client().await;
    let refused = async |request| refusal(client.find_mechanism_paths(request).await.expect_err("refused"));
    let error = refused(v1::FindMechanismPathsRequest {
        longest: 9,
        basis: vec![0, 99],
        certainty: vec![7],
        ..Default::default()
    })
    .await;
    assert_eq!(
        (error.code, error.reason),
        (Code::InvalidArgument, Some(ErrorReason::InvalidRequest))
    );
    let mut fields: Vec<&str> = error.violations.iter().map(|of| of.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "basis[0]",
            "basis[1]",
            "certainty[0]",
            "from_factor_id",
            "longest"
        ]
    );
    let negative = v1::FindMechanismPathsRequest {
        longest: -1,
        ..walk("weak_image", "")
    };
    assert_eq!(refused(negative).await.violations[0].field, "longest");
    let two_ends = v1::FindMechanismPathsRequest {
        circles_only: true,
        ..walk("weak_image", "low_safety")
    };
    assert_eq!(refused(two_ends).await.violations[0].field, "to_factor_id");
    let error = refused(walk("weak_imago", "lowsafety")).await;
    assert_eq!(
        (error.code, error.reason),
        (Code::NotFound, Some(ErrorReason::UnknownFactor))
    );
    let said: Vec<&str> = error
        .violations
        .iter()
        .map(|of| of.description.as_str())
        .collect();
    assert!(
        said[0].contains("weak_image") && said[1].contains("low_safety"),
        "{said:?}"
    );
    let side_alone = v1::ListMechanismsRequest {
        side: v1::FactorSide::Cause.into(),
        ..Default::default()
    };
    let error = refusal(client.list_mechanisms(side_alone).await.expect_err("refused"));
    assert_eq!(error.violations[0].field, "factor_id");
}
