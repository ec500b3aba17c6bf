//! Figures on the borders of any year: what adds up, what is estimated, and what is refused.

use groeikern::v1::{CaveatCode, ErrorReason, ItemStatus, ObservationStatus, TrendBreakKind};
use groeikern_client::{Client, v1};

use crate::support::{borders, has_caveat, refusal, survey};

async fn rank(
    client: &Client,
    indicator: &str,
    period: &str,
    year: &str,
) -> Result<v1::RankRegionsResponse, groeikern_client::AnswerError> {
    let request = v1::RankRegionsRequest {
        indicator_id: indicator.into(),
        period: period.into(),
        borders: year.into(),
        ..Default::default()
    };
    client.rank_regions(request).await.map_err(refusal)
}

async fn ranked(client: &Client, indicator: &str, period: &str, year: &str) -> v1::RankRegionsResponse {
    let answer = rank(client, indicator, period, year).await;
    answer.unwrap_or_else(|error| panic!("{indicator} of {period} on {year}: {error:?}"))
}

fn row<'a>(answer: &'a v1::RankRegionsResponse, code: &str) -> &'a v1::RankedRegion {
    let code_of = |row: &&v1::RankedRegion| row.region.as_ref().is_some_and(|region| region.code == code);
    let found = answer.rows.iter().find(code_of);
    found.unwrap_or_else(|| panic!("{code} is not listed"))
}

/// Whether a value is estimated, the share that moved, and what it is made of.
type How<'a> = (bool, f64, Vec<&'a str>);

/// A value, and how it came to its borders where it is not as published.
fn recast(row: &v1::RankedRegion) -> (f64, Option<How<'_>>) {
    let recast = row.recast.as_ref().map(|recast| {
        let from = recast.from.iter().map(|from| from.code.as_str()).collect();
        (recast.estimated, recast.share_moved, from)
    });
    (row.value.expect("a value"), recast)
}

fn total(answer: &v1::RankRegionsResponse) -> f64 {
    answer.rows.iter().filter_map(|row| row.value).sum()
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

#[tokio::test]
async fn counts_add_up_on_the_borders_of_every_year() {
    let client = borders::client().await;
    let all: f64 = borders::inhabitants_of_2019()
        .iter()
        .map(|(_, people)| people)
        .sum();
    for (year, municipalities) in [("2020", 11), ("2021", 11), ("2022", 11)] {
        let answer = ranked(&client, "inhabitants", "2019", year).await;
        assert_eq!(answer.rows.len(), municipalities, "{year}");
        assert!(near(total(&answer), all), "{year}: {}", total(&answer));
    }
    // Back again: the municipalities of 2019 have all the people of 2023.
    let back = ranked(&client, "inhabitants", "2023", "2022").await;
    let unknown: Vec<&str> = ["GM7012", "GM7013"].to_vec();
    assert!(back.rows.iter().all(|row| {
        let code = &row.region.as_ref().expect("a region").code;
        !unknown.contains(&code.as_str())
    }));
    let known = 910.0 + 1010.0 + 960.0 + 510.0 + 710.0 + 505.0 + 1350.0;
    assert!(near(total(&back), known), "{}", total(&back));
}

#[tokio::test]
async fn a_merger_is_exact_and_a_split_an_estimate_that_says_its_part() {
    let client = borders::client().await;
    let answer = ranked(&client, "inhabitants", "2019", "2020").await;
    let merged = row(&answer, "GM7001");
    assert_eq!(
        recast(merged),
        (1000.0, Some((false, 0.0, vec!["GM7001", "GM7002"])))
    );
    assert_eq!(merged.observation_status(), ObservationStatus::Final);
    let grown = row(&answer, "GM7004");
    let (value, how) = recast(grown);
    let (estimated, moved, from) = how.expect("recast");
    assert!(
        near(value, 900.0) && near(moved, 300.0 / 900.0),
        "{value} {moved}"
    );
    assert_eq!((estimated, from), (true, vec!["GM7003", "GM7004"]));
    assert_eq!(grown.observation_status(), ObservationStatus::Estimated);
    assert_eq!(recast(row(&answer, "GM7010")), (700.0, None), "untouched");
    let ranking = answer.ranking.as_ref().expect("a summary");
    assert_eq!(ranking.universe_id, "municipalities_2020");
    assert!(has_caveat(answer.metadata.as_ref(), CaveatCode::Recast));
    let metadata = answer.metadata.as_ref().expect("metadata");
    let citation = metadata.citation.as_ref().expect("a citation");
    assert!(citation.nl.contains("op grenzen van 2020"), "{}", citation.nl);
    assert!(
        citation.nl.contains("Bron: grenzen van ons land."),
        "{}",
        citation.nl
    );
    assert!(citation.en.contains("on the borders of 2020"), "{}", citation.en);
}

#[tokio::test]
async fn shares_are_weighted_and_ranked_and_graded_on_the_new_borders() {
    let client = borders::client().await;
    let answer = ranked(&client, "benefits", "2019", "2020").await;
    // (900 x 10 + 100 x 20) / 1000, and (300 x 8 + 600 x 4) / 900.
    assert!(near(row(&answer, "GM7001").value.expect("a value"), 11.0));
    assert!(near(row(&answer, "GM7004").value.expect("a value"), 16.0 / 3.0));
    let ranking = answer.ranking.as_ref().expect("a summary");
    assert_eq!(ranking.n, 11);
    let grades: Vec<f64> = answer
        .rows
        .iter()
        .filter_map(|row| row.standing.as_ref()?.grade)
        .collect();
    assert_eq!(grades.len(), 11);
    let mean = grades.iter().sum::<f64>() / 11.0;
    assert!(
        (mean - 6.5).abs() < 1e-9,
        "graded among the municipalities of 2020: {mean}"
    );
    let first = answer.rows[0].standing.as_ref().expect("a standing");
    assert_eq!(first.position, 1);
}

#[tokio::test]
async fn a_density_is_not_weighted_by_the_people_it_counts() {
    let client = borders::client().await;
    let answer = ranked(&client, "density", "2019", "2020").await;
    let of = |code: &str| {
        let mut rows = answer.rows.iter();
        let row = rows.find(|row| row.region.as_ref().is_some_and(|region| region.code == code));
        row.map(|row| row.value)
    };
    assert_eq!(of("GM7006"), Some(Some(940.0)), "as it was");
    assert_eq!(of("GM7004"), None, "no land of 2019 is known, that could weigh");
    let caveats = answer.metadata.expect("metadata").caveats;
    assert!(caveats.iter().any(|caveat| caveat.code() == CaveatCode::Recast));
}

#[tokio::test]
async fn land_does_not_go_where_people_go() {
    let client = borders::client().await;
    let items = async |period: &str, year: &str| {
        let request = v1::QueryObservationsRequest {
            indicator_ids: vec!["land".into(), "density".into()],
            region_codes: vec!["GM7001".into(), "GM7004".into()],
            period: period.into(),
            borders: year.into(),
            ..Default::default()
        };
        let items = client.query_observations(request).await.expect("items").items;
        let told = items.iter().map(|item| (item.status(), item.value));
        told.collect::<Vec<_>>()
    };
    // Of Akkerkerk, 1350 people on 135 ha, it is known how many people lived in Akkerstad, and not on how much land.
    let of_a_part = (ItemStatus::NotRecastable, None);
    assert_eq!(
        items("2023", "2022").await,
        [
            of_a_part,
            (ItemStatus::Ok, Some(91.0)),
            of_a_part,
            (ItemStatus::Ok, Some(990.0)),
        ]
    );
}

#[tokio::test]
async fn a_part_a_name_a_march_day_and_a_chain_are_followed() {
    let client = borders::client().await;
    let of_2021 = ranked(&client, "inhabitants", "2019", "2021").await;
    assert_eq!(
        recast(row(&of_2021, "GM7018")),
        (500.0, Some((false, 0.0, vec!["GM7008"])))
    );
    let (value, how) = recast(row(&of_2021, "GM7007"));
    assert!(near(value, 500.0), "{value}");
    assert!(how.is_some_and(|(estimated, moved, _)| estimated && near(moved, 0.1)));
    let caveats = &of_2021.metadata.as_ref().expect("metadata").caveats;
    let recast_caveat = caveats.iter().find(|caveat| caveat.code() == CaveatCode::Recast);
    let text = &recast_caveat.expect("a caveat").text.as_ref().expect("a text").en;
    assert!(text.contains("from the inhabitants of 2019."), "{text}");
    let (value, how) = recast(row(&of_2021, "GM7006"));
    assert!(near(value, 950.0), "{value}");
    assert_eq!(how, Some((true, 0.0, vec!["GM7006"])), "it only lost a part");
    // The borders of 2022 are those of 1 January: IJzerloo joins in March.
    let of_2022 = ranked(&client, "inhabitants", "2019", "2022").await;
    assert_eq!(recast(row(&of_2022, "GM7009")), (20.0, None));
    let of_2023 = ranked(&client, "inhabitants", "2019", "2023").await;
    let whole = vec!["GM7001", "GM7002", "GM7009", "GM7011"];
    assert_eq!(
        recast(row(&of_2023, "GM7021")),
        (1320.0, Some((false, 0.0, whole)))
    );
}

#[tokio::test]
async fn an_unknown_number_of_people_leaves_a_figure_out_and_says_so() {
    let client = borders::client().await;
    let answer = ranked(&client, "inhabitants", "2019", "2023").await;
    let listed = |code: &str| {
        let rows = answer.rows.iter();
        rows.filter_map(|row| row.region.as_ref())
            .any(|region| region.code == code)
    };
    assert!(!listed("GM7012") && !listed("GM7013"));
    let metadata = answer.metadata.as_ref().expect("metadata");
    let caveat = metadata
        .caveats
        .iter()
        .find(|caveat| caveat.code() == CaveatCode::Recast);
    let text = &caveat.expect("a caveat").text.as_ref().expect("a text").en;
    assert!(
        text.contains("2 times") && text.contains("Lindekamp 2023-01-01"),
        "{text}"
    );

    let request = v1::GetPositionRequest {
        indicator_id: "inhabitants".into(),
        region_code: "GM7013".into(),
        period: "2019".into(),
        borders: "2023".into(),
        ..Default::default()
    };
    let refused = refusal(client.get_position(request).await.expect_err("no figure"));
    assert_eq!(refused.reason, Some(ErrorReason::NotRecastable));
    assert!(refused.message.contains("Lindekamp"), "{}", refused.message);
}

#[tokio::test]
async fn a_median_is_refused_where_borders_changed_and_stands_where_they_did_not() {
    let client = borders::client().await;
    let refused = rank(&client, "middle_income", "2019", "2020")
        .await
        .expect_err("a median");
    assert_eq!(refused.reason, Some(ErrorReason::NotRecastable));
    assert!(
        refused.message.contains("neither divided nor added up"),
        "{}",
        refused.message
    );

    let request = v1::QueryObservationsRequest {
        indicator_ids: vec!["middle_income".into(), "inhabitants".into()],
        region_codes: ["GM7001", "GM7010", "GM7018", "GM7002"]
            .map(str::to_owned)
            .to_vec(),
        period: "2019".into(),
        borders: "2021".into(),
        ..Default::default()
    };
    let answer = client.query_observations(request).await.expect("items");
    let told: Vec<(ItemStatus, Option<f64>, Option<u32>)> = answer
        .items
        .iter()
        .map(|item| (item.status(), item.value, item.position))
        .collect();
    assert_eq!(
        told[..4],
        [
            (ItemStatus::NotRecastable, None, None),
            (ItemStatus::Ok, Some(30.0), None),
            (ItemStatus::Ok, Some(28.0), None),
            (ItemStatus::Retired, None, None),
        ]
    );
    assert_eq!(told[4], (ItemStatus::Ok, Some(1000.0), Some(1)));
    assert!(answer.items[4].recast.is_some() && answer.items[5].recast.is_none());
}

#[tokio::test]
async fn a_composite_is_composed_again_of_its_parts_on_those_borders_or_refused() {
    let client = borders::client().await;
    let answer = ranked(&client, "safe_streets", "2019", "2020").await;
    let parts = [
        ranked(&client, "low_theft", "2019", "2020").await,
        ranked(&client, "low_vandalism", "2019", "2020").await,
    ];
    assert_eq!(answer.rows.len(), 11);
    for scored in &answer.rows {
        let code = &scored.region.as_ref().expect("a region").code;
        let grade = |part| {
            let standing = row(part, code).standing.as_ref().expect("a standing");
            standing.grade.expect("a grade")
        };
        let mean = (grade(&parts[0]) + grade(&parts[1])) / 2.0;
        assert!(near(scored.value.expect("a score"), mean), "{code}");
    }
    let (_, how) = recast(row(&answer, "GM7004"));
    assert!(how.is_some_and(|(estimated, _, from)| estimated && from == ["GM7003", "GM7004"]));
    let refused = rank(&client, "sound_streets", "2019", "2020")
        .await
        .expect_err("an index");
    assert_eq!(refused.reason, Some(ErrorReason::NotRecastable));
    assert!(
        refused.message.contains("its part `low_drug_offences`"),
        "{}",
        refused.message
    );
}

#[tokio::test]
async fn a_trend_on_one_years_borders_has_no_breaks_of_borders() {
    let client = borders::client().await;
    let trend = async |code: &str, year: &str| {
        let request = v1::GetTrendRequest {
            indicator_id: "benefits".into(),
            region_code: code.into(),
            borders: year.into(),
            ..Default::default()
        };
        client.get_trend(request).await.map_err(refusal)
    };
    let on_later = trend("GM7021", "2023").await.expect("a trend");
    let values: Vec<Option<f64>> = on_later.points.iter().map(|point| point.value).collect();
    // (900 x 10 + 100 x 20 + 20 x 30 + 300 x 12) / 1320
    let expected = 15_200.0 / 1320.0;
    assert!(
        near(values[0].expect("2019"), expected) && values[1] == Some(11.0),
        "{values:?}"
    );
    let kinds = on_later.points.iter().flat_map(|point| &point.breaks);
    assert!(kinds.clone().all(|found| found.kind() != TrendBreakKind::Borders));
    assert!(on_later.points[0].recast.is_some() && on_later.points[1].recast.is_none());
    let positions: Vec<u32> = on_later.points.iter().map(|point| point.n).collect();
    assert_eq!(
        positions,
        [7, 9],
        "the municipalities of 2023; of two it is not known who moved in 2019"
    );
    // As published there is nothing to compare with.
    let published = trend("GM7021", "").await.expect("a trend");
    assert_eq!(published.points[0].status(), ItemStatus::NotYetFounded);
    // On the old borders the new figures are parts of a whole.
    let on_earlier = trend("GM7002", "2019").await.expect("a trend");
    let recast = on_earlier.points[1].recast.as_ref().expect("recast");
    assert!(recast.estimated && near(recast.share_moved, 1.0));
    let later = trend("GM7021", "2019").await.expect_err("not yet");
    assert!(
        later.message.contains("did not exist yet on 1 January 2019"),
        "{}",
        later.message
    );
}

#[tokio::test]
async fn borders_that_nobody_can_put_figures_on_are_refused_with_what_to_do() {
    let client = borders::client().await;
    let asked = async |change: fn(&mut v1::RankRegionsRequest)| {
        let mut request = v1::RankRegionsRequest {
            indicator_id: "inhabitants".into(),
            borders: "2020".into(),
            ..Default::default()
        };
        change(&mut request);
        refusal(client.rank_regions(request).await.expect_err("refused"))
    };
    let invalid = Some(ErrorReason::InvalidRequest);
    let of_year = asked(|request| request.borders = "20".into()).await;
    assert_eq!(of_year.reason, invalid);
    let of_universe = asked(|request| request.universe_id = "municipalities_2019".into()).await;
    assert_eq!(of_universe.reason, invalid);
    let of_basis = asked(|request| request.basis = v1::Basis::Published.into()).await;
    assert_eq!(of_basis.reason, invalid);
    let unknown = asked(|request| request.borders = "1980".into()).await;
    assert_eq!(unknown.reason, Some(ErrorReason::NoData));
    assert!(unknown.message.contains("2018 to 2024"), "{}", unknown.message);
    let positions = asked(|request| request.indicator_id = "low_arms_trade".into()).await;
    assert_eq!(positions.reason, Some(ErrorReason::NotRecastable));

    let without = survey::client().await;
    let refused = rank(&without, "low_theft", "2018", "2020").await;
    let refused = refused.expect_err("no table of changes");
    assert_eq!(refused.reason, Some(ErrorReason::NoData));
    assert!(
        refused.message.contains("no changes of borders"),
        "{}",
        refused.message
    );
}

#[tokio::test]
async fn nobody_is_ranked_among_a_part_of_the_country_for_want_of_known_moves() {
    let changes = "GM7010,2024-01-01,to,GM7006,\nGM7005,2024-01-01,to,GM7004,\n";
    let client = borders::client_with(changes).await;
    let refused = rank(&client, "inhabitants", "2019", "2024")
        .await
        .expect_err("6 of 9");
    assert_eq!(refused.reason, Some(ErrorReason::NotRecastable));
    assert!(
        refused
            .message
            .contains("6 of 9 municipalities have no value there"),
        "{}",
        refused.message
    );
    let request = v1::QueryObservationsRequest {
        indicator_ids: vec!["inhabitants".into()],
        region_codes: vec!["GM7007".into()],
        period: "2019".into(),
        borders: "2024".into(),
        ..Default::default()
    };
    let answer = client.query_observations(request).await.expect("items");
    let item = &answer.items[0];
    assert_eq!((item.value, item.position), (Some(500.0), None));
    assert_eq!(ranked(&client, "inhabitants", "2019", "2023").await.rows.len(), 7);
}

#[tokio::test]
async fn a_period_that_cannot_be_ranked_on_borders_is_a_point_of_the_trend_without_a_figure() {
    let client = borders::client_with("GM7010,2024-01-01,to,GM7006,\n").await;
    let trend = async |region: &str| {
        let request = v1::GetTrendRequest {
            indicator_id: "inhabitants".into(),
            region_code: region.into(),
            borders: "2024".into(),
            ..Default::default()
        };
        client.get_trend(request).await.map_err(refusal)
    };
    // Of 2019 4 of 9 have no value, of 2023 2 of 9.
    let points = trend("GM7007").await.expect("a trend").points;
    let told: Vec<(ItemStatus, Option<f64>)> =
        points.iter().map(|point| (point.status(), point.value)).collect();
    assert_eq!(
        told,
        [(ItemStatus::NotRecastable, None), (ItemStatus::Ok, Some(510.0))]
    );
    assert!(points[0].standing.is_none() && points[1].standing.is_some());
    let client = borders::client_with("GM7010,2024-01-01,to,GM7006,\nGM7005,2024-01-01,to,GM7004,\n").await;
    let request = v1::GetTrendRequest {
        indicator_id: "inhabitants".into(),
        region_code: "GM7007".into(),
        borders: "2024".into(),
        ..Default::default()
    };
    let refused = refusal(
        client
            .get_trend(request)
            .await
            .expect_err("no period can be ranked"),
    );
    assert_eq!(refused.reason, Some(ErrorReason::NotRecastable));
}

#[tokio::test]
async fn a_municipality_that_does_not_exist_yet_on_borders_is_not_retired_there() {
    let client = borders::client().await;
    let request = v1::QueryObservationsRequest {
        indicator_ids: vec!["inhabitants".into()],
        region_codes: vec!["GM7021".into(), "GM7002".into()],
        period: "2019".into(),
        borders: "2020".into(),
        ..Default::default()
    };
    let answer = client.query_observations(request).await.expect("items");
    let told: Vec<ItemStatus> = answer.items.iter().map(|item| item.status()).collect();
    assert_eq!(told, [ItemStatus::NotYetFounded, ItemStatus::Retired]);
}

#[tokio::test]
async fn figures_on_their_own_borders_are_not_said_to_be_recast() {
    let client = borders::client().await;
    let answer = ranked(&client, "inhabitants", "2019", "2019").await;
    let caveats = answer.metadata.expect("metadata").caveats;
    let recast = caveats.iter().find(|caveat| caveat.code() == CaveatCode::Recast);
    let text = recast.and_then(|caveat| caveat.text.clone()).expect("a text");
    assert!(text.en.contains("no value had to be recast"), "{}", text.en);
    assert!(
        text.nl.contains("hoefde geen waarde omgerekend te worden"),
        "{}",
        text.nl
    );
}
