//! What coverage and trends say where figures differ by period, are withheld, or are of former municipalities; and what is
//! wrong with a request, all at once.

use groeikern_client::{Client, v1, v1::ErrorReason};
use groeikern_server::edition::source::SourceFolder;

use crate::support::{Server, refusal};

/// Towns with figures of theft in 2012. Houten is the only one of the other New Towns.
const TOWNS_OF_2012: [&str; 11] = [
    "GM0034", "GM0307", "GM0321", "GM0344", "GM0355", "GM0356", "GM0361", "GM0362", "GM0363", "GM0439",
    "GM0637",
];

/// Theft: eleven towns in 2012, that of Beemster withheld; three in 2023, too few for grades. Two indicators may stand in for
/// vandalism, one with figures of 2018, the other of 2020.
async fn client() -> Client {
    let source = SourceFolder::built_in();
    let mut indicators = source.file("indicators.toml").expect("a file").to_owned();
    let stands_in =
        "proxy_for = \"low_vandalism\"\nproxy_reason_nl = \"Verwant.\"\nproxy_reason_en = \"Related.\"\n";
    for (id, proxy) in [
        ("low_theft", ""),
        ("low_arms_trade", stands_in),
        ("low_serious_crime", stands_in),
    ] {
        let begin = format!("id = \"{id}\"\n");
        let values = format!("{begin}polarity = \"lower_is_favourable\"\n{proxy}");
        assert!(indicators.contains(&begin));
        indicators = indicators.replacen(&begin, &values, 1);
    }
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    let mut add = |indicator: &str, region: &str, period: &str, value: &str, status: &str| {
        observations +=
            &format!("{indicator},{region},{period},{value},{status},loaded,bureau_louter_2024\n");
    };
    for (place, code) in TOWNS_OF_2012.iter().enumerate() {
        add("low_theft", code, "2012", &place.to_string(), "final");
    }
    add("low_theft", "GM0370", "2012", "", "suppressed");
    for (place, code) in TOWNS_OF_2012[..3].iter().enumerate() {
        add("low_theft", code, "2023", &place.to_string(), "final");
        add("low_arms_trade", code, "2018", &place.to_string(), "final");
        add("low_serious_crime", code, "2020", &place.to_string(), "final");
    }
    let source = source
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", observations);
    Server::of(&source).await.client().await
}

fn trend_of(indicator: &str, code: &str, (from, to): (&str, &str)) -> v1::GetTrendRequest {
    v1::GetTrendRequest {
        indicator_id: indicator.into(),
        region_code: code.into(),
        from_period: from.into(),
        to_period: to.into(),
        ..Default::default()
    }
}

fn periods(answer: &v1::GetTrendResponse) -> Vec<&str> {
    answer.points.iter().map(|point| point.period.as_str()).collect()
}

#[tokio::test]
async fn a_span_may_be_given_in_days_and_another_basis_answers_where_the_best_has_nothing_in_it() {
    let client = client().await;
    for (span, expected) in [
        (("", ""), &["2012", "2023"][..]),
        (("2012-01-01", ""), &["2012", "2023"]),
        (("2012-01-02", ""), &["2023"]),
        (("", "2023-12-31"), &["2012", "2023"]),
        (("2012", "2023-06"), &["2012"]),
        (("2024", ""), &["2024"]),
    ] {
        let answer = client
            .get_trend(trend_of("low_theft", "GM0034", span))
            .await
            .expect("a trend");
        assert_eq!(periods(&answer), expected, "{span:?}");
        let published = expected == ["2024"];
        assert_eq!(answer.basis() == v1::Basis::Published, published, "{span:?}");
    }
}

#[tokio::test]
async fn a_trend_says_how_its_grades_were_made_also_when_the_latest_period_has_none() {
    let client = client().await;
    let answer = client
        .get_trend(trend_of("low_theft", "GM0034", ("", "")))
        .await
        .expect("a trend");
    let graded: Vec<bool> = answer
        .points
        .iter()
        .map(|point| point.standing.is_some_and(|standing| standing.grade.is_some()))
        .collect();
    assert_eq!(graded, [true, false], "eleven towns, and three");
    assert_eq!(answer.grade_method(), v1::GradeMethod::RobustLinear);
    assert_eq!(answer.points[0].source_id, "bureau_louter_2024");
}

#[tokio::test]
async fn a_trend_never_mixes_indicators_that_stand_in() {
    let client = client().await;
    let answer = client
        .get_trend(trend_of("low_vandalism", "GM0034", ("", "")))
        .await
        .expect("a trend");
    let proxy = answer.proxy.as_ref().and_then(|proxy| proxy.indicator.as_ref());
    assert_eq!(
        proxy.map(|indicator| indicator.id.as_str()),
        Some("low_serious_crime")
    );
    assert_eq!(periods(&answer), ["2020"], "2018 has figures of another one only");
}

#[tokio::test]
async fn a_trend_without_any_figure_says_why_and_what_to_ask_instead() {
    let client = client().await;
    let error = client
        .get_trend(trend_of("low_theft", "GM0370", ("", "")))
        .await
        .expect_err("withheld");
    assert_eq!(error.reason(), Some(ErrorReason::NoData));
    let text = error.to_string();
    assert!(
        text.contains("withholds") && text.contains("Purmerend (GM0439)"),
        "{text}"
    );
}

#[tokio::test]
async fn the_withheld_figure_of_a_former_municipality_is_withheld_and_not_retired() {
    let client = client().await;
    let status = async |period: &str| {
        let request = v1::QueryObservationsRequest {
            indicator_ids: vec!["low_theft".into()],
            region_codes: vec!["GM0370".into()],
            period: period.into(),
            ..Default::default()
        };
        client.query_observations(request).await.expect("items").items[0].status()
    };
    assert_eq!(status("2012").await, v1::ItemStatus::Suppressed);
    for period in ["", "2023"] {
        assert_eq!(status(period).await, v1::ItemStatus::Retired, "{period}");
    }
}

#[tokio::test]
async fn coverage_tells_a_withheld_figure_from_a_municipality_that_did_not_exist() {
    let client = client().await;
    let statuses = async |code: &str| -> Vec<v1::ItemStatus> {
        let request = v1::GetCoverageRequest {
            indicator_ids: vec!["low_theft".into()],
            basis: v1::Basis::Computed.into(),
            region_code: code.into(),
            ..Default::default()
        };
        let answer = client.get_coverage(request).await.expect("coverage");
        let rankings = answer.rows[0].rankings.iter();
        rankings.map(v1::RankingCoverage::region_status).collect()
    };
    use v1::ItemStatus::{NoData, NotYetFounded, Ok, Retired, Suppressed};
    assert_eq!(statuses("GM0034").await, [Ok, Ok]);
    assert_eq!(statuses("GM0370").await, [Retired, Suppressed]);
    assert_eq!(
        statuses("GM1930").await,
        [NoData, NotYetFounded],
        "Nissewaard, since 2015"
    );
    assert_eq!(
        statuses("GM0003").await,
        [NoData; 2],
        "well-formed, and not in the edition"
    );
}

#[tokio::test]
async fn former_members_are_told_only_where_a_mean_rests_on_them() {
    let client = client().await;
    let request = v1::CompareGroupsRequest {
        group_ids: vec!["other_new_towns".into()],
        indicator_ids: vec!["low_theft".into()],
        period: "2012".into(),
        ..Default::default()
    };
    let answer = client.compare_groups(request).await.expect("a comparison");
    assert_eq!(answer.comparisons[0].groups[0].contributed, 1, "Houten");
    let caveats = answer.metadata.expect("metadata").caveats;
    let is_told = caveats
        .iter()
        .any(|caveat| caveat.code() == v1::CaveatCode::FormerMembers);
    assert!(!is_told, "Heerhugowaard has no figure");
}

#[tokio::test]
async fn a_profile_of_a_period_without_figures_says_which_fields_to_leave_empty() {
    let client = client().await;
    let request = v1::GetProfileRequest {
        region_code: "GM0034".into(),
        period: "1999".into(),
        ..Default::default()
    };
    let error = client.get_profile(request).await.expect_err("no data");
    assert_eq!(error.reason(), Some(ErrorReason::NoData));
    assert!(
        error.to_string().contains("leave basis and period empty"),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_at_once() {
    let client = client().await;
    let fields = |error| -> Vec<String> {
        let answer = refusal(error);
        assert_eq!(answer.reason, Some(ErrorReason::InvalidRequest), "{answer:?}");
        let violations = answer.violations.into_iter();
        violations.map(|violation| violation.field).collect()
    };
    let request = v1::GetCoverageRequest {
        indicator_ids: vec!["low_theft".into(), "low_theft".into()],
        theme_ids: vec![String::new()],
        basis: 99,
        period: "last year".into(),
        region_code: "Almere".into(),
        page_size: -1,
        ..Default::default()
    };
    assert_eq!(
        fields(client.get_coverage(request).await.expect_err("wrong")),
        [
            "page_size",
            "indicator_ids[1]",
            "theme_ids[0]",
            "basis",
            "period",
            "region_code"
        ]
    );
    let request = v1::GetTrendRequest {
        basis: 99,
        grade_method: 99,
        ..trend_of("", "Almere", ("yesterday", "24"))
    };
    assert_eq!(
        fields(client.get_trend(request).await.expect_err("wrong")),
        [
            "indicator_id",
            "region_code",
            "basis",
            "from_period",
            "to_period",
            "grade_method"
        ]
    );
    let request = trend_of("low_theft", "GM0034", ("2020-02", "2020-01-31"));
    assert_eq!(
        fields(client.get_trend(request).await.expect_err("wrong")),
        ["to_period"]
    );
    let unknown = v1::GetCoverageRequest {
        theme_ids: vec!["social_cohesionn".into()],
        ..Default::default()
    };
    let error = refusal(client.get_coverage(unknown).await.expect_err("unknown"));
    assert_eq!(error.reason, Some(ErrorReason::UnknownTheme));
    assert_eq!(error.metadata["nearest"], "social_cohesion");
}
