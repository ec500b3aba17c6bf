//! Composites: those of the edition, and means of a caller's own choice.

use std::collections::BTreeMap;

use groeikern_client::{Client, v1};
use groeikern_server::method::{Ranking, RobustScale};
use tokio_stream::StreamExt;
use v1::composite_child::Node;

use crate::support::{
    Server, refusal,
    towns::{self, VALUED},
};

mod chosen;

fn child(node: Node) -> v1::CompositeChild {
    v1::CompositeChild {
        node: Some(node),
        ..Default::default()
    }
}

fn indicator(id: &str) -> v1::CompositeChild {
    child(Node::IndicatorId(id.into()))
}

fn weighing(weight: f64, child: v1::CompositeChild) -> v1::CompositeChild {
    v1::CompositeChild {
        weight: Some(weight),
        ..child
    }
}

fn of(children: Vec<v1::CompositeChild>) -> v1::CompositeChild {
    child(Node::Children(v1::CompositeChildren { children }))
}

fn asking(children: Vec<v1::CompositeChild>) -> v1::RankCompositeRequest {
    v1::RankCompositeRequest {
        composite: Some(v1::Composite {
            children,
            ..Default::default()
        }),
        ..Default::default()
    }
}

async fn rank(client: &Client, children: Vec<v1::CompositeChild>) -> v1::RankCompositeResponse {
    client.rank_composite(asking(children)).await.expect("a ranking")
}

async fn violations(client: &Client, request: v1::RankCompositeRequest) -> Vec<(String, String)> {
    let error = client.rank_composite(request).await.expect_err("refused");
    let found = refusal(error).violations;
    found
        .into_iter()
        .map(|found| (found.field, found.description))
        .collect()
}

/// Grades in 2024 of one indicator by code, straight from its values.
fn grades(number: usize) -> BTreeMap<String, f64> {
    grades_among(number, usize::MAX)
}

/// The same among the first municipalities only.
fn grades_among(number: usize, first: usize) -> BTreeMap<String, f64> {
    let mut codes = towns::codes();
    codes.truncate(first);
    let values: Vec<(String, f64)> = codes
        .iter()
        .enumerate()
        .filter_map(|(place, code)| Some((code.clone(), -towns::value(number, place, code, "2024")?)))
        .collect();
    let oriented: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    let scale = RobustScale::fit(&oriented).expect("enough");
    values
        .into_iter()
        .map(|(code, value)| (code, scale.grade(value)))
        .collect()
}

/// `safe_streets` by hand: score by code.
fn safe_streets() -> BTreeMap<String, f64> {
    let grades: Vec<BTreeMap<String, f64>> = (0..4).map(grades).collect();
    let score = |code: &String| {
        let inner: Vec<f64> = grades[1..]
            .iter()
            .filter_map(|grades| grades.get(code).copied())
            .collect();
        let theft = grades[0].get(code)?;
        (inner.len() >= 2).then(|| (theft + 2.0 * inner.iter().sum::<f64>() / inner.len() as f64) / 3.0)
    };
    let codes = towns::codes();
    codes
        .iter()
        .filter_map(|code| Some((code.clone(), score(code)?)))
        .collect()
}

fn code(region: Option<&v1::RegionRef>) -> String {
    region.expect("a region").code.clone()
}

fn assert_close(one: f64, other: f64) {
    assert!((one - other).abs() < 1e-9, "{one} is not {other}");
}

#[tokio::test]
async fn a_composite_of_the_edition_is_ranked_by_the_means_of_its_whole_tree_graded_once() {
    let client = towns::client().await;
    let request = v1::RankRegionsRequest {
        indicator_id: "safe_streets".into(),
        ..Default::default()
    };
    let answer = client.rank_regions(request).await.expect("a ranking");
    let expected = safe_streets();
    let scores: Vec<f64> = expected.values().copied().collect();
    let (ranking, scale) = (
        Ranking::of_scores(&scores),
        RobustScale::fit(&scores).expect("enough"),
    );
    assert_eq!(answer.rows.len(), expected.len());
    for row in &answer.rows {
        let place = expected
            .keys()
            .position(|known| *known == code(row.region.as_ref()))
            .expect("scored");
        let standing = row.standing.as_ref().expect("a standing");
        assert_close(row.value.expect("a score"), scores[place]);
        assert_eq!(standing.position, ranking.positions[place]);
        assert_close(standing.grade.expect("a grade"), scale.grade(scores[place]));
        assert_eq!(
            row.observation_status(),
            v1::ObservationStatus::Provisional,
            "as its figures"
        );
    }
    let summary = answer.ranking.expect("a summary");
    assert_eq!(
        (
            summary.basis(),
            summary.period.as_str(),
            summary.polarity(),
            summary.decimals
        ),
        (v1::Basis::Computed, "2024", v1::Polarity::HigherIsFavourable, 2)
    );
    assert_eq!(summary.unit.map(|unit| unit.nl).as_deref(), Some("rapportcijfer"));
    // Helmond lacks too much, Lelystad has nothing.
    assert_eq!(summary.missing, Some(2));
    let caveats = answer.metadata.expect("metadata").caveats;
    assert!(
        caveats
            .iter()
            .any(|caveat| caveat.code() == v1::CaveatCode::Regraded)
    );
    let kind = caveats
        .iter()
        .find(|caveat| caveat.code() == v1::CaveatCode::KindInferred);
    assert!(
        kind.is_none_or(|kind| kind.indicator_ids != ["safe_streets"]),
        "those of its parts count too"
    );
}

#[tokio::test]
async fn years_are_never_mixed_and_too_little_of_a_tree_makes_no_ranking() {
    let client = towns::client().await;
    let request = v1::GetCoverageRequest {
        indicator_ids: vec!["low_theft".into(), "safe_streets".into()],
        ..Default::default()
    };
    let rows = client.get_coverage(request).await.expect("coverage").rows;
    let periods = |row: &v1::CoverageRow| -> Vec<String> {
        let computed = row
            .rankings
            .iter()
            .filter(|ranking| ranking.basis() == v1::Basis::Computed);
        computed.map(|ranking| ranking.period.clone()).collect()
    };
    assert_eq!(periods(&rows[0]), ["2024", "2023"], "theft");
    assert_eq!(
        periods(&rows[1]),
        ["2024"],
        "of 2023 there is theft only, a third of the weight"
    );
    let error = client
        .get_position(v1::GetPositionRequest {
            indicator_id: "safe_streets".into(),
            region_code: "GM0794".into(),
            ..Default::default()
        })
        .await
        .expect_err("too little of Helmond");
    assert!(error.to_string().contains("less than two thirds"), "{error}");
}

#[tokio::test]
async fn a_composite_of_the_edition_says_what_it_is_computed_from_and_has_a_trend_and_a_profile() {
    let client = towns::client().await;
    let found = client
        .get_indicator(v1::GetIndicatorRequest {
            indicator_id: "safe_streets".into(),
            ..Default::default()
        })
        .await
        .expect("found")
        .indicator
        .expect("an indicator");
    let children: Vec<(&str, f64)> = found
        .children
        .iter()
        .map(|child| (child.indicator_id.as_str(), child.weight))
        .collect();
    assert_eq!(children, [("low_theft", 1.0), ("sound_streets", 2.0)]);
    let request = v1::GetTrendRequest {
        indicator_id: "sound_streets".into(),
        region_code: "GM0034".into(),
        ..Default::default()
    };
    let trend = client.get_trend(request).await.expect("a trend");
    assert_eq!(trend.points.len(), 1);
    let request = v1::GetProfileRequest {
        region_code: "GM0034".into(),
        ..Default::default()
    };
    let profile = client.get_profile(request).await.expect("a profile");
    let ok = profile
        .rows
        .iter()
        .filter(|row| row.status() == v1::ItemStatus::Ok);
    let ids: Vec<String> = ok
        .map(|row| {
            let ranking = row.ranking.clone().unwrap_or_default();
            ranking.indicator.unwrap_or_default().id
        })
        .collect();
    assert!(
        ids.contains(&"safe_streets".to_owned()) && ids.contains(&"sound_streets".to_owned()),
        "{ids:?}"
    );
}

#[tokio::test]
async fn the_same_tree_sent_or_stored_gives_the_same_ranking() {
    let client = towns::client().await;
    let stored = client
        .rank_regions(v1::RankRegionsRequest {
            indicator_id: "safe_streets".into(),
            ..Default::default()
        })
        .await
        .expect("a ranking");
    let sent = [
        vec![indicator("safe_streets")],
        vec![indicator("low_theft"), weighing(2.0, indicator("sound_streets"))],
        vec![
            weighing(0.5, indicator("low_theft")),
            of(VALUED[1..]
                .iter()
                .map(|id| weighing(7.0, indicator(id)))
                .collect()),
        ],
    ];
    for children in sent {
        let answer = rank(&client, children.clone()).await;
        assert_eq!(answer.rows.len(), stored.rows.len(), "{children:?}");
        for (row, known) in answer.rows.iter().zip(&stored.rows) {
            assert_eq!(row.region, known.region);
            let (own, other) = (
                row.standing.as_ref().expect("one"),
                known.standing.as_ref().expect("one"),
            );
            assert_eq!(own.position, other.position);
            assert_close(own.grade.expect("a grade"), other.grade.expect("a grade"));
            assert_close(row.score, known.value.expect("a score"));
        }
        let summary = answer.summary.expect("a summary");
        assert_eq!(
            (
                summary.basis(),
                summary.n,
                summary.below_coverage,
                summary.without_figures
            ),
            (
                v1::Basis::Computed,
                stored.ranking.as_ref().expect("one").n,
                1,
                Some(1)
            )
        );
    }
}

#[tokio::test]
async fn nodes_come_in_pre_order_with_their_shares_and_a_breakdown_shows_each_of_them() {
    let client = towns::client().await;
    let request = v1::RankCompositeRequest {
        breakdown_region_codes: vec!["GM0637".into(), "GM0794".into(), "GM9999".into(), "GM0370".into()],
        ..asking(vec![
            indicator("low_theft"),
            v1::CompositeChild {
                label: "straten".into(),
                ..weighing(2.0, of(VALUED[1..].iter().map(|id| indicator(id)).collect()))
            },
        ])
    };
    let answer = client.rank_composite(request).await.expect("a ranking");
    let nodes: Vec<(Option<u32>, String, f64)> = answer
        .nodes
        .iter()
        .map(|node| {
            let name = node.indicator.as_ref().map_or_else(
                || node.name.clone().unwrap_or_default().nl,
                |indicator| indicator.id.clone(),
            );
            (node.parent, name, node.share)
        })
        .collect();
    let names: Vec<&str> = nodes.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["", "low_theft", "straten", VALUED[1], VALUED[2], VALUED[3]]
    );
    let parents: Vec<Option<u32>> = nodes.iter().map(|(parent, ..)| *parent).collect();
    assert_eq!(parents, [None, Some(0), Some(0), Some(2), Some(2), Some(2)]);
    for (found, expected) in nodes
        .iter()
        .map(|(.., share)| share)
        .zip([1.0, 1.0 / 3.0, 2.0 / 3.0, 2.0 / 9.0])
    {
        assert_close(*found, expected);
    }
    assert!(answer.nodes[1].ranking.is_some() && answer.nodes[2].ranking.is_none());
    let statuses: Vec<v1::ItemStatus> = answer.breakdowns.iter().map(|found| found.status()).collect();
    use v1::ItemStatus::{NoData, Ok, Retired};
    assert_eq!(statuses, [Ok, NoData, NoData, Retired]);

    let zoetermeer = &answer.breakdowns[0];
    let row = answer
        .rows
        .iter()
        .find(|row| code(row.region.as_ref()) == "GM0637")
        .expect("ranked");
    assert_eq!(zoetermeer.standing, row.standing);
    assert_eq!(zoetermeer.scores[0].score, Some(row.score));
    assert_close(zoetermeer.scores[1].score.expect("a grade"), grades(0)["GM0637"]);
    assert_eq!(
        (zoetermeer.scores[5].score, zoetermeer.scores[5].coverage),
        (None, 0.0)
    );
    assert_close(zoetermeer.scores[3].share.expect("a share"), 1.0 / 3.0);
    assert_close(row.coverage, (1.0 + 2.0 * 2.0 / 3.0) / 3.0);

    let helmond = &answer.breakdowns[1];
    assert_eq!(
        (helmond.scores[0].score, helmond.standing.is_some()),
        (None, false)
    );
    assert_close(helmond.scores[0].coverage, 1.0 / 3.0);
    assert_close(
        helmond.scores[1].score.expect("theft is known"),
        grades(0)["GM0794"],
    );
}
