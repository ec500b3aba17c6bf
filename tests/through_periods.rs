//! Figures of several imported years: a point per period, and what is missing in each.

use groeikern_client::{Client, v1};

use crate::support::survey::client;

/// Period, status, value, position, n and missing.
type Point = (String, v1::ItemStatus, Option<f64>, Option<u32>, u32, Option<u32>);

async fn trend(client: &Client, region_code: &str) -> v1::GetTrendResponse {
    let request = v1::GetTrendRequest {
        indicator_id: "low_theft".into(),
        region_code: region_code.into(),
        ..Default::default()
    };
    client.get_trend(request).await.expect("a trend")
}

#[tokio::test]
async fn a_trend_has_a_point_per_period_also_where_there_is_no_figure() {
    let client = client().await;
    let points = async |code: &str| -> Vec<Point> {
        let points = trend(&client, code).await.points.into_iter();
        points
            .map(|point| {
                let status = point.status();
                let position = point.standing.map(|standing| standing.position);
                (
                    point.period,
                    status,
                    point.value,
                    position,
                    point.n,
                    point.missing,
                )
            })
            .collect()
    };
    let (ok, none) = (v1::ItemStatus::Ok, v1::ItemStatus::NoData);
    assert_eq!(
        points("GM0034").await,
        [
            ("2018".into(), ok, Some(9.0), Some(6), 7, Some(0)),
            ("2024".into(), ok, Some(7.0), Some(4), 7, Some(2)),
        ]
    );
    let withheld = ("2024".into(), v1::ItemStatus::Suppressed, None, None, 7, Some(2));
    assert_eq!(points("GM0794").await[1], withheld);
    assert_eq!(
        points("GM0439").await[1],
        ("2024".into(), none, None, None, 7, Some(2))
    );
    let retired = ("2024".into(), v1::ItemStatus::Retired, None, None, 7, Some(2));
    assert_eq!(points("GM0370").await[1], retired, "Beemster, until 2022");
    let answer = trend(&client, "GM0034").await;
    assert_eq!(answer.basis(), v1::Basis::Computed);
    let metadata = answer.metadata.expect("metadata");
    let citation = metadata.citation.expect("a citation").en;
    assert!(
        citation.contains("survey 2018") && citation.contains("survey 2024"),
        "{citation}"
    );
}

#[tokio::test]
async fn a_trend_is_bounded_as_asked_and_says_what_is_wrong_with_bounds() {
    let client = client().await;
    let asked = async |from: &str, to: &str| {
        let request = v1::GetTrendRequest {
            indicator_id: "low_theft".into(),
            region_code: "GM0034".into(),
            from_period: from.into(),
            to_period: to.into(),
            ..Default::default()
        };
        client.get_trend(request).await
    };
    assert_eq!(asked("2019", "").await.expect("a trend").points.len(), 1);
    assert_eq!(asked("", "2018").await.expect("a trend").points[0].period, "2018");
    for (from, to) in [("2024", "2018"), ("yesterday", ""), ("", "24")] {
        let error = asked(from, to).await.expect_err("refused").to_string();
        assert!(error.contains("period"), "{error}");
    }
    asked("1990", "1991").await.expect_err("no data");
}

#[tokio::test]
async fn coverage_says_what_is_missing_and_why() {
    let client = client().await;
    let request = v1::GetCoverageRequest {
        indicator_ids: vec!["low_theft".into()],
        region_code: "GM0794".into(),
        ..Default::default()
    };
    let answer = client.get_coverage(request).await.expect("coverage");
    let [row] = answer.rows.as_slice() else {
        panic!("{:?}", answer.rows)
    };
    let [latest, earlier, published] = row.rankings.as_slice() else {
        panic!("{row:?}")
    };
    let parts = (latest.suppressed, latest.not_applicable, latest.without_figure);
    assert_eq!((latest.n, latest.missing, parts), (7, Some(2), (1, 0, 1)));
    assert_eq!(latest.region_status(), v1::ItemStatus::Suppressed);
    assert_eq!(
        (earlier.universe_id.as_str(), earlier.region_status()),
        ("municipalities_2018", v1::ItemStatus::Ok)
    );
    assert_eq!((published.missing, published.published_means), (None, 1));

    let all = client
        .get_coverage(v1::GetCoverageRequest::default())
        .await
        .expect("coverage");
    assert_eq!(all.rows.len(), 84, "every indicator, with figures or without");
    for ranking in all
        .rows
        .iter()
        .flat_map(|row| &row.rankings)
        .filter(|ranking| ranking.missing.is_some())
    {
        let parts = ranking.suppressed + ranking.not_applicable + ranking.without_figure;
        assert_eq!(ranking.missing, Some(parts), "{ranking:?}");
    }
    let wrong = v1::GetCoverageRequest {
        indicator_ids: vec!["low_thefft".into()],
        ..Default::default()
    };
    let error = client.get_coverage(wrong).await.expect_err("unknown").to_string();
    assert!(error.contains("did you mean low_theft"), "{error}");
}
