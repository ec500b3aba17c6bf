//! An explanation holds everything a class follows from: each number follows from those below it, each leaf is a figure that
//! can be looked up and quoted, and leaving one out does what the explanation says.

use std::collections::BTreeMap;

use groeikern_client::{
    Client,
    v1::{self, DerivationKind as Kind, DerivationNode, explain_recommendation_request::Subject},
};

use super::support::{self, Server, neighbourhoods, towns};

const TOWNS: [&str; 7] = [
    "GM0034", "GM0356", "GM0439", "GM0502", "GM0637", "GM0794", "GM1930",
];

fn town(code: &str) -> Subject {
    Subject::RegionCode(code.to_owned())
}

fn new_towns() -> Subject {
    Subject::GroupId("nta_new_towns".to_owned())
}

async fn explain(
    client: &Client,
    subject: &Subject,
    recommendation: &str,
    left_out: &[String],
) -> v1::ExplainRecommendationResponse {
    let request = v1::ExplainRecommendationRequest {
        subject: Some(subject.clone()),
        recommendation_id: recommendation.to_owned(),
        left_out_indicator_ids: left_out.to_vec(),
        ..Default::default()
    };
    client
        .explain_recommendation(request)
        .await
        .expect("an explanation")
}

async fn ids(client: &Client) -> Vec<String> {
    let listed = client
        .list_recommendations(Default::default())
        .await
        .expect("listed");
    let ids: Vec<String> = listed.recommendations.into_iter().map(|found| found.id).collect();
    assert_eq!(ids.len(), 11);
    ids
}

fn all(node: &DerivationNode) -> Vec<&DerivationNode> {
    std::iter::once(node)
        .chain(node.children.iter().flat_map(all))
        .collect()
}

fn of_kind(node: &DerivationNode, kind: Kind) -> Vec<&DerivationNode> {
    all(node)
        .into_iter()
        .filter(|found| found.kind() == kind)
        .collect()
}

fn only(node: &DerivationNode, kind: Kind) -> &DerivationNode {
    let found = of_kind(node, kind);
    assert_eq!(found.len(), 1, "{kind:?}");
    found[0]
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(1.0)
}

/// The weighted mean of the children that have a value and a weight.
fn mean_of_children(node: &DerivationNode) -> Option<f64> {
    let parts = node
        .children
        .iter()
        .filter_map(|child| Some((child.weight?, child.value?)));
    let (mut weight, mut sum) = (0.0, 0.0);
    for (of_child, value) in parts {
        weight += of_child;
        sum += of_child * value;
    }
    (weight > 0.0).then(|| sum / weight)
}

/// Checks that a node's value follows from its children as the contract says of its kind.
fn follows(root: &DerivationNode, node: &DerivationNode) {
    let what = format!("{:?} {}", node.kind(), node.id);
    match node.kind() {
        Kind::Need | Kind::Factor | Kind::Theme | Kind::Mean => match (node.value, mean_of_children(node)) {
            (Some(value), Some(mean)) => assert!(close(value, mean), "{what}: {value} {mean}"),
            (value, mean) => assert_eq!(value, mean, "{what}"),
        },
        // Below two thirds of the weight there is no score.
        Kind::Score => {
            if let Some(value) = node.value {
                assert!(close(value, mean_of_children(node).expect("parts")), "{what}");
            }
        }
        Kind::Figure => {
            let share = node.standing.as_ref().expect("a standing").place_share;
            assert!(
                close(node.value.expect("a severity"), (2.0 * share - 1.0).max(0.0)),
                "{what}"
            );
            assert!(node.weight.is_some_and(|weight| weight > 0.0), "{what}");
            assert!(node.without.is_some(), "{what}");
            assert!(!node.children.is_empty(), "{what}");
        }
        Kind::Grade => {
            let grade = node.standing.as_ref().and_then(|standing| standing.grade);
            assert_eq!(node.value, grade, "{what}");
        }
        Kind::Coverage => {
            let need = only(root, Kind::Need);
            let sum = |kind| -> f64 {
                of_kind(need, kind)
                    .iter()
                    .filter_map(|node| node.coverage_weight)
                    .sum()
            };
            let (measured, missing) = (sum(Kind::Figure), sum(Kind::WithoutFigure));
            let linked = measured + missing;
            let coverage = if linked > 0.0 { measured / linked } else { 0.0 };
            assert!(close(node.value.expect("a coverage"), coverage), "{what}");
        }
        Kind::Class | Kind::Trigger | Kind::WithoutFigure | Kind::Observation | Kind::PublishedPosition => {
            assert_eq!(node.value.is_some(), node.kind() == Kind::Observation, "{what}");
        }
        Kind::MaskedDistricts => assert!(node.value.is_some_and(|count| count >= 0.0), "{what}"),
        Kind::Unspecified => panic!("{what}"),
    }
    for child in &node.children {
        follows(root, child);
    }
}

#[tokio::test]
async fn every_number_follows_from_those_below_it() {
    let published = Server::start().await.client().await;
    let valued = towns::client().await;
    let masking = neighbourhoods::client().await;
    let several = Subject::Regions(v1::RegionSelection {
        region_codes: vec!["GM0034".into(), "GM0637".into(), "GM0794".into()],
    });
    let cases = [
        (&published, town("GM0794")),
        (&published, new_towns()),
        (&valued, town("GM0637")),
        (&valued, town("GM0034")),
        (&valued, new_towns()),
        (&valued, several),
        (&masking, town("GM0034")),
    ];
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (client, subject) in &cases {
        for id in ids(client).await {
            let answer = explain(client, subject, &id, &[]).await;
            let root = answer.derivation.expect("a derivation");
            assert_eq!(root.kind(), Kind::Class);
            follows(&root, &root);
            let advice = answer.advice.expect("advice");
            assert_eq!(root.recommendation_class, advice.recommendation_class);
            assert_eq!(only(&root, Kind::Need).value, advice.need);
            assert_eq!(only(&root, Kind::Coverage).value, Some(advice.coverage));
            for node in all(&root) {
                *kinds.entry(format!("{:?}", node.kind())).or_default() += 1;
                if node.kind() == Kind::Factor && node.role() == v1::FactorRole::Downstream {
                    assert!(!node.reasons.is_empty(), "{}", node.id);
                }
            }
        }
    }
    assert_eq!(kinds.len(), 14, "every kind of node was met: {kinds:?}");
}

#[tokio::test]
async fn an_explanation_is_of_the_advice_that_recommend_gives() {
    let client = Server::start().await.client().await;
    for code in TOWNS {
        let request = v1::RecommendRequest {
            subject: Some(v1::recommend_request::Subject::RegionCode(code.into())),
            ..Default::default()
        };
        let advised = client.recommend(request).await.expect("advice");
        for advice in advised.advice {
            let id = advice.recommendation.as_ref().expect("named").id.clone();
            let explained = explain(&client, &town(code), &id, &[]).await;
            assert_eq!(explained.advice, Some(advice), "{code} {id}");
        }
    }
}

#[tokio::test]
async fn without_its_figures_a_trigger_of_masking_is_not_measured() {
    let client = neighbourhoods::client().await;
    let subject = town("GM0034");
    let answer = explain(&client, &subject, "explore_investment_programme", &[]).await;
    let root = answer.derivation.expect("a derivation");
    let trigger = only(&root, Kind::Trigger);
    assert_eq!(
        (trigger.id.as_str(), trigger.trigger_state()),
        ("masking", v1::TriggerState::Fired)
    );
    let hidden = only(&root, Kind::MaskedDistricts);
    assert!(hidden.value.is_some_and(|districts| districts >= 1.0) && hidden.citation.is_some());
    let told = answer
        .plain_language
        .iter()
        .filter_map(|paragraph| paragraph.text.as_ref());
    let told: Vec<&str> = told.map(|text| text.nl.as_str()).collect();
    assert!(
        told.join(" ").contains("verbergt een probleem in een buurt"),
        "{told:?}"
    );

    let left_out = [hidden.id.clone()];
    let without = explain(&client, &subject, "explore_investment_programme", &left_out).await;
    let root = without.derivation.expect("a derivation");
    assert_eq!(
        only(&root, Kind::Trigger).trigger_state(),
        v1::TriggerState::NotMeasured
    );
}

#[tokio::test]
async fn a_town_of_which_few_neighbourhoods_take_part_is_not_called_free_of_masking() {
    let client = neighbourhoods::client().await;
    let left_out = ["low_loneliness".to_owned()];
    let state = async |code: &str| {
        let answer = explain(&client, &town(code), "explore_investment_programme", &left_out).await;
        let caveats = answer.metadata.expect("metadata").caveats;
        let told = caveats
            .iter()
            .any(|caveat| caveat.code() == v1::CaveatCode::NeighbourhoodsWithoutFigure);
        let root = answer.derivation.expect("a derivation");
        (only(&root, Kind::Trigger).trigger_state(), told)
    };
    assert_eq!(state("GM0034").await, (v1::TriggerState::Fired, true));
    // Two of the four neighbourhoods of Houten take part, two of the three of Helmond.
    assert_eq!(state("GM0321").await, (v1::TriggerState::NotMeasured, false));
    assert_eq!(state("GM0794").await, (v1::TriggerState::NotFired, true));
}

#[tokio::test]
async fn leaving_one_figure_out_does_what_the_explanation_says() {
    let published = Server::start().await.client().await;
    let valued = towns::client().await;
    for (client, subject, recommendations) in [
        (
            &published,
            town("GM1930"),
            &["youth_facilities", "long_term_cross_domain_approach"][..],
        ),
        (&published, new_towns(), &["share_knowledge"][..]),
        (
            &valued,
            town("GM0034"),
            &["preventive_outreaching_social_approach"][..],
        ),
    ] {
        for recommendation in recommendations {
            let answer = explain(client, &subject, recommendation, &[]).await;
            let root = answer.derivation.expect("a derivation");
            let figures = of_kind(&root, Kind::Figure);
            let mut left_out: Vec<&str> = figures.iter().map(|figure| figure.id.as_str()).collect();
            left_out.sort_unstable();
            left_out.dedup();
            assert!(left_out.len() > 3, "{recommendation}");
            let mut changes = 0;
            for id in left_out {
                let told = figures
                    .iter()
                    .find(|figure| figure.id == id)
                    .and_then(|figure| figure.without);
                let told = told.expect("what is left");
                let without = explain(client, &subject, recommendation, &[id.to_owned()]).await;
                let advice = without.advice.expect("advice");
                assert_eq!(
                    (told.need, told.coverage, told.recommendation_class),
                    (advice.need, advice.coverage, advice.recommendation_class),
                    "{recommendation} without {id}"
                );
                changes += usize::from(
                    answer
                        .advice
                        .as_ref()
                        .is_some_and(|full| full.need != advice.need),
                );
            }
            assert!(changes > 3, "{recommendation}: only {changes} figures matter");
        }
    }
}

/// A leaf that is an observation is the one that QueryObservations gives.
async fn observed(client: &Client, leaf: &DerivationNode) {
    let of = leaf.observation.as_ref().expect("an observation");
    let request = v1::QueryObservationsRequest {
        indicator_ids: vec![of.indicator_id.clone()],
        region_codes: vec![of.region_code.clone()],
        period: of.period.clone(),
        basis: v1::Basis::Computed.into(),
        ..Default::default()
    };
    let answer = client.query_observations(request).await.expect("observations");
    let item = &answer.items[0];
    assert_eq!(
        (item.value, &item.source_id, item.observation_status),
        (leaf.value, &of.source_id, of.observation_status)
    );
}

/// A leaf that is a printed position is the one that GetPosition or CompareGroups gives.
async fn printed(client: &Client, leaf: &DerivationNode) {
    let of = leaf.published_position.as_ref().expect("a printed position");
    let basis = v1::Basis::Published.into();
    let (ranking, standing) = if of.subject_id.starts_with("GM") {
        let request = v1::GetPositionRequest {
            indicator_id: of.indicator_id.clone(),
            region_code: of.subject_id.clone(),
            basis,
            ..Default::default()
        };
        let answer = client.get_position(request).await.expect("a position");
        (answer.ranking, answer.region.and_then(|region| region.standing))
    } else {
        let request = v1::CompareGroupsRequest {
            group_ids: vec![of.subject_id.clone()],
            indicator_ids: vec![of.indicator_id.clone()],
            basis,
            ..Default::default()
        };
        let mut answer = client.compare_groups(request).await.expect("a comparison");
        let mut comparison = answer.comparisons.remove(0);
        (comparison.ranking, comparison.groups.remove(0).standing)
    };
    assert_eq!(leaf.standing, standing);
    let ranking = ranking.expect("a ranking");
    assert_eq!(
        (of.n, &of.source_id, &of.figure, &of.period),
        (ranking.n, &ranking.source_id, &ranking.figure, &ranking.period)
    );
}

#[tokio::test]
async fn every_leaf_can_be_looked_up_and_quoted() {
    let published = Server::start().await.client().await;
    let valued = towns::client().await;
    let (mut observations, mut positions) = (0, 0);
    for (client, subject) in [
        (&published, town("GM0034")),
        (&published, new_towns()),
        (&valued, town("GM0637")),
        (&valued, new_towns()),
    ] {
        let mut leaves: Vec<DerivationNode> = Vec::new();
        for id in ids(client).await {
            let root = explain(client, &subject, &id, &[])
                .await
                .derivation
                .expect("a derivation");
            for leaf in all(&root).into_iter().filter(|node| node.children.is_empty()) {
                let is_figure = [Kind::Observation, Kind::PublishedPosition].contains(&leaf.kind());
                // Where there is no figure, there is no value; the coverage is of the figures of the need.
                let says_nothing = leaf.value.is_none() || leaf.kind() == Kind::Coverage;
                assert!(is_figure || says_nothing, "{:?} {}", leaf.kind(), leaf.id);
                if is_figure {
                    let seen = |known: &DerivationNode| {
                        known.observation == leaf.observation
                            && known.published_position == leaf.published_position
                    };
                    if !leaves.iter().any(seen) {
                        leaves.push(leaf.clone());
                    }
                }
            }
        }
        for leaf in &leaves {
            let citation = leaf.citation.as_ref().expect("a line to quote");
            assert!(!citation.nl.is_empty() && !citation.en.is_empty());
            if leaf.kind() == Kind::Observation {
                observations += 1;
                observed(client, leaf).await;
            } else {
                positions += 1;
                printed(client, leaf).await;
            }
        }
    }
    assert!(observations > 10 && positions > 40, "{observations} {positions}");
}

#[tokio::test]
async fn the_plain_words_say_what_the_tree_says_in_short_sentences() {
    let client = Server::start().await.client().await;
    let mut topics: Vec<v1::PlainTopic> = Vec::new();
    for code in TOWNS {
        for id in ids(&client).await {
            let answer = explain(&client, &town(code), &id, &[]).await;
            for paragraph in &answer.plain_language {
                topics.push(paragraph.topic());
                if paragraph.topic() == v1::PlainTopic::Finding {
                    continue; // the sentences of findings are data
                }
                let text = paragraph.text.as_ref().expect("a text");
                for said in [&text.nl, &text.en] {
                    let names = said.matches(['‘', '“']).count();
                    assert!(!said.contains("  ") && !said.contains(".."), "{said}");
                    for sentence in said.split(". ") {
                        // Names and lists of the report are as long as they are; the words around them are few.
                        let is_list = sentence.contains(": ") || names > 0;
                        assert!(is_list || sentence.split(' ').count() <= 16, "{sentence}");
                    }
                }
            }
        }
    }
    topics.sort_unstable();
    topics.dedup();
    assert_eq!(topics.len(), 8, "{topics:?}");

    let helmond = explain(&client, &town("GM0794"), "youth_facilities", &[]).await;
    let told: Vec<&str> = helmond
        .plain_language
        .iter()
        .filter_map(|paragraph| paragraph.text.as_ref())
        .map(|text| text.nl.as_str())
        .collect();
    let told = told.join(" ");
    let root = helmond.derivation.expect("a derivation");
    let worst = of_kind(&root, Kind::Figure)
        .into_iter()
        .max_by(|one, other| one.value.partial_cmp(&other.value).expect("numbers"))
        .expect("figures");
    let position = worst.standing.as_ref().expect("a standing").position;
    let name = &worst.name.as_ref().expect("a name").nl;
    let sentence = format!("Helmond staat op plaats {position} van 337 bij ‘{name}’. Dat is zeer ongunstig.");
    assert!(told.contains(&sentence), "{sentence}\n{told}");
    assert!(told.contains("Het is een signaal, geen bewijs van een oorzaak."));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_with_what_to_do() {
    let client = Server::start().await.client().await;
    for (request, what) in [
        (
            v1::ExplainRecommendationRequest::default(),
            "field: \"recommendation_id\", description: \"is required",
        ),
        (
            v1::ExplainRecommendationRequest {
                subject: Some(town("GM0034")),
                recommendation_id: "youth_facilitie".into(),
                ..Default::default()
            },
            "did you mean youth_facilities?",
        ),
        (
            v1::ExplainRecommendationRequest {
                subject: Some(town("GM0034")),
                recommendation_id: "youth_facilities".into(),
                left_out_indicator_ids: vec!["low_thef".into()],
                ..Default::default()
            },
            "did you mean low_theft?",
        ),
    ] {
        let error = client.explain_recommendation(request).await.expect_err(what);
        let refused = support::refusal(error);
        let said = format!("{} {:?}", refused.message, refused);
        assert!(said.contains(what), "{said}");
    }
    // More municipalities than fit are refused; Recommend takes them.
    let many = Subject::Regions(v1::RegionSelection {
        region_codes: (1000..1101).map(|number| format!("GM{number}")).collect(),
    });
    let request = v1::ExplainRecommendationRequest {
        subject: Some(many),
        recommendation_id: "youth_facilities".into(),
        ..Default::default()
    };
    let refused = support::refusal(
        client
            .explain_recommendation(request)
            .await
            .expect_err("too many"),
    );
    assert_eq!(
        refused.reason,
        Some(v1::ErrorReason::BatchTooLarge),
        "{refused:?}"
    );
    assert!(refused.message.contains("at most 100 fit"), "{}", refused.message);
    // Without any figure nothing can be explained.
    let indicators = client
        .list_indicators(Default::default())
        .await
        .expect("listed")
        .indicators;
    let judged = indicators
        .iter()
        .map(|indicator| indicator.id.clone())
        .take(100)
        .collect::<Vec<_>>();
    let request = v1::ExplainRecommendationRequest {
        subject: Some(town("GM0034")),
        recommendation_id: "youth_facilities".into(),
        left_out_indicator_ids: judged,
        ..Default::default()
    };
    let refused = support::refusal(
        client
            .explain_recommendation(request)
            .await
            .expect_err("nothing left"),
    );
    assert_eq!(refused.code, groeikern_client::Code::NotFound, "{refused:?}");
    assert!(refused.message.contains("name fewer"), "{}", refused.message);
}
