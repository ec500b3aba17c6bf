//! Rankings of values: computed, preferred over published positions, graded as asked, and honest about what is missing.

use groeikern_client::{Client, v1};
use groeikern_server::edition::source::SourceFolder;

use crate::support::Server;

/// Purmerend and Zoetermeer share a value, that of Helmond is withheld, Lelystad has no row at all.
async fn client() -> Client {
    let source = SourceFolder::built_in();
    let text = |file: &str| source.file(file).expect("a file").to_owned();
    let indicators = text("indicators.toml").replacen(
        "id = \"low_theft\"\n",
        "id = \"low_theft\"\npolarity = \"lower_is_favourable\"\nunit_nl = \"per 1.000\"\nunit_en = \"per 1,000\"\n",
        1,
    );
    let regions = text("regions.csv");
    let present = regions.lines().skip(1).filter(|line| {
        let valid_to = line.split(',').nth(4).unwrap_or_default();
        valid_to.is_empty() && !line.starts_with("GM0995")
    });
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    for (place, line) in present.enumerate() {
        let code = &line[..6];
        let (value, status) = match code {
            "GM0439" | "GM0637" => ("2.5".to_owned(), "final"),
            "GM0794" => (String::new(), "suppressed"),
            _ => ((10 + place * place).to_string(), "provisional"),
        };
        observations += &format!("low_theft,{code},2024,{value},{status},loaded,bureau_louter_2024\n");
    }
    let source = source
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", observations);
    Server::of(&source).await.client().await
}

async fn rank(client: &Client, method: v1::GradeMethod, basis: v1::Basis) -> v1::RankRegionsResponse {
    let request = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        grade_method: method.into(),
        basis: basis.into(),
        ..Default::default()
    };
    client.rank_regions(request).await.expect("a ranking")
}

fn grades(answer: &v1::RankRegionsResponse) -> Vec<f64> {
    answer
        .rows
        .iter()
        .filter_map(|row| row.standing.as_ref()?.grade)
        .collect()
}

#[tokio::test]
async fn values_come_before_published_positions_and_either_can_be_asked() {
    let client = client().await;
    let first = rank(&client, v1::GradeMethod::Unspecified, v1::Basis::Unspecified).await;
    let ranking = first.ranking.as_ref().expect("a summary");
    assert_eq!(
        (ranking.basis(), ranking.known == ranking.n),
        (v1::Basis::Computed, true)
    );
    assert_eq!(ranking.missing, Some(2), "one withheld, one without a row");
    assert_eq!(ranking.polarity(), v1::Polarity::LowerIsFavourable);
    assert_eq!(
        ranking.unit.as_ref().map(|unit| unit.en.as_str()),
        Some("per 1,000")
    );
    let published = rank(&client, v1::GradeMethod::Unspecified, v1::Basis::Published).await;
    let ranking = published.ranking.expect("a summary");
    assert_eq!((ranking.n, ranking.missing), (337, None), "not known is not zero");
}

#[tokio::test]
async fn ties_share_the_best_place_and_are_listed_by_code() {
    let client = client().await;
    let answer = rank(&client, v1::GradeMethod::Unspecified, v1::Basis::Unspecified).await;
    let first: Vec<(&str, u32, u32)> = answer.rows[..3]
        .iter()
        .map(|row| {
            let standing = row.standing.as_ref().expect("a standing");
            (
                row.region.as_ref().expect("a region").code.as_str(),
                standing.position,
                standing.ties,
            )
        })
        .collect();
    assert_eq!(first[..2], [("GM0439", 1, 2), ("GM0637", 1, 2)]);
    assert_eq!((first[2].1, first[2].2), (3, 1));
    assert_eq!(
        answer.rows[2].observation_status(),
        v1::ObservationStatus::Provisional
    );
}

#[tokio::test]
async fn grades_are_made_as_asked_and_robust_linear_when_nothing_is() {
    let client = client().await;
    let asked = async |method| rank(&client, method, v1::Basis::Unspecified).await;
    let unasked = asked(v1::GradeMethod::Unspecified).await;
    assert_eq!(
        unasked,
        asked(v1::GradeMethod::RobustLinear).await,
        "encoded once and made on request alike"
    );
    let robust = grades(&unasked);
    assert!((robust.iter().sum::<f64>() / robust.len() as f64 - 6.5).abs() < 1e-9);
    let mut made = vec![robust];
    for method in [
        v1::GradeMethod::Percentile,
        v1::GradeMethod::NormalScore,
        v1::GradeMethod::Linear,
    ] {
        let answer = asked(method).await;
        assert_eq!(answer.ranking.as_ref().expect("a summary").grade_method(), method);
        let of_method = grades(&answer);
        assert!(
            of_method.is_sorted_by(|a, b| a >= b) && !made.contains(&of_method),
            "{method:?}"
        );
        made.push(of_method);
    }
}

#[tokio::test]
async fn a_withheld_figure_is_withheld_and_not_missing() {
    let client = client().await;
    let request = v1::QueryObservationsRequest {
        indicator_ids: vec!["low_theft".into()],
        region_codes: ["GM0034", "GM0794", "GM0995"].map(String::from).to_vec(),
        ..Default::default()
    };
    let items = client.query_observations(request).await.expect("items").items;
    let statuses: Vec<v1::ItemStatus> = items.iter().map(v1::ObservationItem::status).collect();
    assert_eq!(
        statuses,
        [
            v1::ItemStatus::Ok,
            v1::ItemStatus::Suppressed,
            v1::ItemStatus::NoData
        ]
    );
    assert_eq!((items[0].value.is_some(), items[1].value), (true, None));
    assert_eq!(items[1].observation_status(), v1::ObservationStatus::Suppressed);
    let request = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: "GM0794".into(),
        ..Default::default()
    };
    let error = client.get_position(request).await.expect_err("withheld");
    assert_eq!(error.reason(), Some(v1::ErrorReason::NoData));
    assert!(error.to_string().contains("withholds"), "{error}");
}

#[tokio::test]
async fn the_mean_of_a_group_is_of_its_members_with_a_figure() {
    let client = client().await;
    let request = v1::CompareGroupsRequest {
        group_ids: vec!["nta_new_towns".into()],
        indicator_ids: vec!["low_theft".into()],
        ..Default::default()
    };
    let answer = client.compare_groups(request).await.expect("a comparison");
    let group = &answer.comparisons[0].groups[0];
    assert_eq!(
        (group.members, group.contributed, group.grade_approximate),
        (7, 6, false)
    );
    let listed = rank(&client, v1::GradeMethod::Unspecified, v1::Basis::Unspecified).await;
    let towns = ["GM0034", "GM0356", "GM0439", "GM0502", "GM0637", "GM1930"];
    let values: Vec<f64> = listed
        .rows
        .iter()
        .filter(|row| {
            row.region
                .as_ref()
                .is_some_and(|region| towns.contains(&region.code.as_str()))
        })
        .filter_map(|row| row.value)
        .collect();
    let mean = values.iter().sum::<f64>() / 6.0;
    assert!((group.mean.expect("a mean") - mean).abs() < 1e-9);
    let better = listed
        .rows
        .iter()
        .filter(|row| row.value.is_some_and(|value| value < mean))
        .count();
    assert_eq!(
        group.standing.as_ref().map(|standing| standing.position as usize),
        Some(better + 1)
    );
}
