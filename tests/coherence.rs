//! The problems of a town are told together: unfavourable themes, the mechanisms between them, recommendations with figures in
//! common.

use groeikern_client::{
    Client, Code,
    v1::{self, CaveatCode, ErrorReason, analyse_coherence_request::Subject},
};
use groeikern_server::edition::source::SourceFolder;

use crate::support::{Server, has_caveat, refusal, towns};

async fn analyse(client: &Client, subject: Subject) -> v1::AnalyseCoherenceResponse {
    let request = v1::AnalyseCoherenceRequest {
        subject: Some(subject),
        ..Default::default()
    };
    client.analyse_coherence(request).await.expect("an analysis")
}

fn region(code: &str) -> Subject {
    Subject::RegionCode(code.to_owned())
}

fn theme_of(step: &Option<v1::FactorRef>, factors: &[v1::Factor]) -> String {
    let id = &step.as_ref().expect("a factor").id;
    let factor = factors.iter().find(|factor| factor.id == *id);
    factor.expect("listed").theme_id.clone()
}

#[tokio::test]
async fn nissewaards_unfavourable_themes_are_paired_and_thin_ones_are_in_no_pair() {
    let client = Server::start().await.client().await;
    let answer = analyse(&client, region("GM1930")).await;
    let themes: Vec<(&str, bool, bool)> = answer
        .themes
        .iter()
        .map(|theme| (theme.theme_id.as_str(), theme.unfavourable, theme.thin))
        .collect();
    assert_eq!(
        themes,
        [
            ("residential_attractiveness", false, true),
            ("residential_mobility", false, true),
            ("social_cohesion", false, true),
            ("liveability_safety", true, false),
            ("youth_opportunities", true, false),
            ("livelihood_security", true, false),
        ]
    );
    let pairs: Vec<(&str, &str, u32)> = answer
        .pairs
        .iter()
        .map(|pair| {
            (
                pair.first_theme_id.as_str(),
                pair.second_theme_id.as_str(),
                pair.path_count,
            )
        })
        .collect();
    assert_eq!(
        pairs,
        [
            ("liveability_safety", "youth_opportunities", 5),
            ("liveability_safety", "livelihood_security", 12),
            ("youth_opportunities", "livelihood_security", 28),
        ]
    );
    assert!(
        answer
            .pairs
            .iter()
            .all(|pair| !pair.truncated && pair.together.is_none())
    );
    assert!(has_caveat(
        answer.metadata.as_ref(),
        CaveatCode::RelativeNotCausal
    ));
    assert!(has_caveat(answer.metadata.as_ref(), CaveatCode::JoinedMechanisms));
}

#[tokio::test]
async fn paths_connect_the_two_themes_and_factors_are_counted_on_all_of_them() {
    let client = Server::start().await.client().await;
    let factors = client
        .list_factors(Default::default())
        .await
        .expect("factors")
        .factors;
    let answer = analyse(&client, Subject::GroupId("nta_new_towns".to_owned())).await;
    let mut all = 0;
    for pair in &answer.pairs {
        assert!(pair.paths.len() == 5.min(pair.path_count as usize));
        assert!(pair.paths.is_sorted_by_key(|path| path.steps.len()));
        for path in &pair.paths {
            let (first, last) = (
                path.steps.first().expect("a step"),
                path.steps.last().expect("a step"),
            );
            let mut ends = [theme_of(&first.cause, &factors), theme_of(&last.effect, &factors)];
            ends.sort();
            let mut themes = [pair.first_theme_id.clone(), pair.second_theme_id.clone()];
            themes.sort();
            assert_eq!(ends, themes);
            assert!(path.steps.len() <= 4 && !path.circle);
        }
        all += pair.path_count;
    }
    let sum = |part: fn(&v1::ConnectingFactor) -> u32| answer.factors.iter().map(part).sum::<u32>();
    assert_eq!((sum(|of| of.starting), sum(|of| of.ending)), (all, all));
    assert!(
        answer
            .factors
            .is_sorted_by_key(|of| std::cmp::Reverse(of.through))
    );
    let most: Vec<&str> = answer.factors[..4]
        .iter()
        .map(|of| of.factor.as_ref().expect("a factor").id.as_str())
        .collect();
    assert_eq!(
        most,
        [
            "low_residential_attractiveness",
            "fragile_social_cohesion",
            "selective_migration",
            "poverty_and_debt"
        ]
    );
    let short = v1::AnalyseCoherenceRequest {
        subject: Some(Subject::GroupId("nta_new_towns".to_owned())),
        longest: 1,
        ..Default::default()
    };
    let short = client.analyse_coherence(short).await.expect("an analysis");
    assert!(short.factors.iter().all(|of| of.through == 0));
    assert!(!has_caveat(short.metadata.as_ref(), CaveatCode::JoinedMechanisms));
}

#[tokio::test]
async fn recommendations_share_the_figures_that_are_evidence_for_both_and_that_part_of_their_needs() {
    let client = Server::start().await.client().await;
    let answer = analyse(&client, region("GM1930")).await;
    let request = v1::RecommendRequest {
        subject: Some(v1::recommend_request::Subject::RegionCode("GM1930".to_owned())),
        ..Default::default()
    };
    let advised = client.recommend(request).await.expect("advice").advice;
    let evidence = |recommendation: &str| {
        let is = |advice: &&v1::Advice| {
            advice
                .recommendation
                .as_ref()
                .is_some_and(|of| of.id == recommendation)
        };
        let advice = advised.iter().find(is).expect("advised");
        let weighed = advice.evidence.iter().map(|evidence| {
            let indicator = evidence
                .ranking
                .as_ref()
                .and_then(|ranking| ranking.indicator.as_ref());
            (
                indicator.expect("an indicator").id.clone(),
                evidence.share * evidence.severity,
            )
        });
        (weighed.collect::<Vec<_>>(), advice.need.expect("a need"))
    };
    let mut expected = 0;
    for (index, first) in advised.iter().enumerate() {
        for second in &advised[index + 1..] {
            let id = |advice: &v1::Advice| advice.recommendation.as_ref().expect("one").id.clone();
            let (one, _) = evidence(&id(first));
            let (other, _) = evidence(&id(second));
            expected += usize::from(one.iter().any(|(id, _)| other.iter().any(|(of, _)| of == id)));
        }
    }
    assert_eq!(answer.shared_evidence.len(), expected);
    for shared in &answer.shared_evidence {
        let ids: Vec<&str> = shared.indicators.iter().map(|of| of.id.as_str()).collect();
        for (recommendation, other, share) in [
            (
                &shared.first_recommendation_id,
                &shared.second_recommendation_id,
                shared.share_of_first_need,
            ),
            (
                &shared.second_recommendation_id,
                &shared.first_recommendation_id,
                shared.share_of_second_need,
            ),
        ] {
            let (own, need) = evidence(recommendation);
            let (others, _) = evidence(other);
            let common = own.iter().filter(|(id, _)| others.iter().any(|(of, _)| of == id));
            let common: Vec<&(String, f64)> = common.collect();
            assert_eq!(common.len(), ids.len());
            assert!(common.iter().all(|(id, _)| ids.contains(&id.as_str())));
            let part: f64 = common.iter().map(|(_, part)| part).sum();
            assert!(
                (share - part / need).abs() < 1e-12,
                "{recommendation} with {other}"
            );
        }
    }
    let least = |of: &v1::SharedEvidence| of.share_of_first_need.min(of.share_of_second_need);
    assert!(
        answer
            .shared_evidence
            .windows(2)
            .all(|pair| least(&pair[0]) >= least(&pair[1]))
    );
}

const SAFE: [&str; 3] = ["low_theft", "low_vandalism", "low_drug_offences"];
const SECURE: [&str; 3] = [
    "low_unemployment_15_24",
    "low_unemployment_25_44",
    "low_unemployment_45_74",
];

/// Every municipality has a value of three indicators of safety, by which they stand in the order of their codes, and of three
/// of livelihood, by which they stand five places further down, the last five first.
fn two_themes() -> SourceFolder {
    let source = SourceFolder::built_in();
    let mut indicators = source.file("indicators.toml").expect("a file").to_owned();
    for id in SAFE.iter().chain(&SECURE) {
        let key = format!("id = \"{id}\"\n");
        assert!(indicators.contains(&key), "{id}");
        indicators = indicators.replacen(&key, &format!("{key}polarity = \"lower_is_favourable\"\n"), 1);
    }
    let codes = towns::codes();
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    for (place, code) in codes.iter().enumerate() {
        let shifted = (place + 5) % codes.len();
        let values = SAFE
            .iter()
            .map(|id| (id, place))
            .chain(SECURE.iter().map(|id| (id, shifted)));
        for (id, value) in values {
            observations += &format!("{id},{code},2024,{value},final,loaded,bureau_louter_2024\n");
        }
    }
    source
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", observations)
}

#[tokio::test]
async fn how_often_two_themes_are_unfavourable_together_is_counted_over_all_municipalities() {
    let client = Server::of(&two_themes()).await.client().await;
    let codes = towns::codes();
    assert_eq!(codes.len(), 33);
    // 2p - 1 >= 0.35 where the place is 23 or more of 33: 11 municipalities in each theme, the places 23 to 28 in both.
    let answer = analyse(&client, region(&codes[25])).await;
    let [pair] = answer.pairs.as_slice() else {
        panic!("{:?}", answer.pairs)
    };
    assert_eq!(
        (pair.first_theme_id.as_str(), pair.second_theme_id.as_str()),
        ("liveability_safety", "livelihood_security")
    );
    let together = pair.together.as_ref().expect("enough municipalities");
    assert_eq!(
        (
            together.municipalities,
            together.first,
            together.second,
            together.both
        ),
        (33, 11, 11, 6)
    );
    assert!((together.expected - 121.0 / 33.0).abs() < 1e-12);
    // One that is unfavourable in one theme alone has no pair, and so no factor between any.
    let answer = analyse(&client, region(&codes[32])).await;
    assert!(answer.pairs.is_empty() && answer.factors.is_empty());
    assert_eq!(answer.themes.iter().filter(|theme| theme.unfavourable).count(), 1);
    // By printed positions alone nothing is counted.
    let published = v1::AnalyseCoherenceRequest {
        subject: Some(region("GM1930")),
        basis: v1::Basis::Published.into(),
        ..Default::default()
    };
    let published = client.analyse_coherence(published).await.expect("an analysis");
    assert!(!published.pairs.is_empty() && published.pairs.iter().all(|pair| pair.together.is_none()));
}

#[tokio::test]
async fn a_subject_without_figures_or_no_subject_at_all_is_refused_with_all_that_is_wrong() {
    let client = Server::start().await.client().await;
    let refused = async |request| refusal(client.analyse_coherence(request).await.expect_err("refused"));
    let error = refused(v1::AnalyseCoherenceRequest {
        basis: 9,
        longest: 7,
        ..Default::default()
    })
    .await;
    let mut fields: Vec<&str> = error.violations.iter().map(|of| of.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        (error.code, fields),
        (Code::InvalidArgument, vec!["basis", "longest", "subject"])
    );
    let of = |subject| v1::AnalyseCoherenceRequest {
        subject: Some(subject),
        ..Default::default()
    };
    assert_eq!(
        refused(of(region("GM0505"))).await.reason,
        Some(ErrorReason::NoData)
    );
    assert_eq!(
        refused(of(region("GM0370"))).await.reason,
        Some(ErrorReason::RetiredRegion)
    );
    let group = Subject::GroupId("nta_newtowns".to_owned());
    assert_eq!(refused(of(group)).await.reason, Some(ErrorReason::UnknownGroup));
    let one = Subject::Regions(v1::RegionSelection {
        region_codes: vec!["GM0034".to_owned()],
    });
    assert_eq!(refused(of(one)).await.code, Code::InvalidArgument);
}
