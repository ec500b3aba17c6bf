//! The page on recommendations says what the service answers.

use std::collections::BTreeMap;

use groeikern_client::v1::{self, DerivationKind, DerivationNode, RecommendationClass as Class};

use super::support::Server;

const PAGE: &str = include_str!("../docs/recommendations.md");

/// The rows of a table under a heading, by their first cell.
fn table(heading: &str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let begin = PAGE.find(&format!("## {heading}\n")).expect("the heading");
    let section = &PAGE[begin + 3..];
    let section = &section[..section.find("\n## ").unwrap_or(section.len())];
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| {
        row.trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect::<Vec<_>>()
    });
    cells
        .map(|cells| (cells[0].trim_matches('`'), cells[1..].to_vec()))
        .collect()
}

fn all(node: &DerivationNode) -> Vec<&DerivationNode> {
    std::iter::once(node)
        .chain(node.children.iter().flat_map(all))
        .collect()
}

#[tokio::test]
async fn the_worked_case_is_the_answer() {
    let client = Server::start().await.client().await;
    let request = v1::ExplainRecommendationRequest {
        subject: Some(v1::explain_recommendation_request::Subject::RegionCode(
            "GM1930".into(),
        )),
        recommendation_id: "youth_facilities".into(),
        ..Default::default()
    };
    let root = client
        .explain_recommendation(request)
        .await
        .expect("an explanation")
        .derivation;
    let root = root.expect("a derivation");
    let nodes = all(&root);
    let factors: BTreeMap<&str, (String, String)> = nodes
        .iter()
        .filter(|node| node.kind() == DerivationKind::Factor)
        .filter_map(|node| {
            Some((
                node.id.as_str(),
                (format!("{:.4}", node.value?), node.weight?.to_string()),
            ))
        })
        .collect();
    let documented: BTreeMap<&str, (String, String)> = table("A worked case")
        .into_iter()
        .map(|(id, cells)| (id, (cells[1].to_owned(), cells[2].to_owned())))
        .collect();
    assert_eq!(documented, factors);
    let value = |kind| {
        nodes
            .iter()
            .find(|node| node.kind() == kind)
            .and_then(|node| node.value)
            .expect("a value")
    };
    let figure = |id| {
        let found = nodes
            .iter()
            .find(|node| node.kind() == DerivationKind::Figure && node.id == id);
        *found.expect("a figure")
    };
    let advice = figure("mean_school_advice");
    let standing = advice.standing.as_ref().expect("a standing");
    let without = |id| {
        figure(id)
            .without
            .as_ref()
            .and_then(|left| left.need)
            .expect("a need")
    };
    let qualified = figure("start_qualification_18_30");
    for text in [
        format!("= **{:.4}**: strong", value(DerivationKind::Need)),
        format!("Coverage is {:.4}", value(DerivationKind::Coverage)),
        format!("place {} of 337", standing.position),
        format!(
            "a severity of 2 × {:.4} − 1 = {:.4}",
            standing.place_share,
            advice.value.expect("a severity")
        ),
        format!(
            "place {}, severity {:.4}",
            qualified.standing.as_ref().expect("a standing").position,
            qualified.value.expect("one")
        ),
        format!(
            "would be {:.4}, without child abuse {:.4}",
            without("mean_school_advice"),
            without("low_child_abuse")
        ),
    ] {
        let page = PAGE.replace('\n', " ");
        assert!(page.contains(&text), "{text}");
    }
}

#[tokio::test]
async fn the_table_of_the_towns_is_what_they_are_advised() {
    use v1::recommend_request::Subject;
    let client = Server::start().await.client().await;
    let towns = [
        "GM0034", "GM0356", "GM0439", "GM0502", "GM0637", "GM0794", "GM1930",
    ];
    let subjects = towns.map(|code| Subject::RegionCode(code.into()));
    let subjects = subjects
        .into_iter()
        .chain([Subject::GroupId("nta_new_towns".into())]);
    let mut advised: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for subject in subjects {
        let request = v1::RecommendRequest {
            subject: Some(subject),
            ..Default::default()
        };
        for advice in client.recommend(request).await.expect("advice").advice {
            let letter = match advice.recommendation_class() {
                Class::Strong => 'S',
                Class::Moderate => 'M',
                Class::Weak => 'W',
                Class::InsufficientData => 'I',
                Class::NotIndicated | Class::Unspecified => 'N',
            };
            let cell = format!("{:.2} {letter}", advice.need.expect("a need"));
            let id = advice.recommendation.expect("named").id;
            advised.entry(id).or_default().push(cell);
        }
    }
    let documented: BTreeMap<String, Vec<String>> = table("Held against the report")
        .into_iter()
        .map(|(id, cells)| (id.to_owned(), cells.into_iter().map(str::to_owned).collect()))
        .collect();
    assert_eq!(documented, advised);
}
