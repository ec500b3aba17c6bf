//! Trends: what the values of a municipality or group tell together, and where their series breaks.

use std::fmt::Write;

use groeikern_client::{Client, v1, v1::ErrorReason, v1::TrendBreakKind, v1::TrendDirection};
use groeikern_server::edition::source::SourceFolder;

use crate::support::{Server, refusal};

/// CO2 of the United Kingdom in `oracles/scipy/trend_input.csv`, of which scipy has the slope, interval and test.
const SERIES: [f64; 5] = [
    6.497440490451171,
    6.69055792591264,
    7.6002241669547,
    8.399793881529025,
    8.883792840431637,
];
/// More towns, so that there are grades.
const OTHERS: [&str; 9] = [
    "GM0307", "GM0321", "GM0344", "GM0355", "GM0361", "GM0362", "GM0363", "GM0505", "GM0503",
];

/// Figures of several indicators by kind and unit, on one server.
async fn client() -> Client {
    let source = SourceFolder::built_in();
    let mut indicators = source.file("indicators.toml").expect("a file").to_owned();
    let rate = "unit_nl = \"per 1.000\"\nunit_en = \"per 1,000\"\ndecimals = 1";
    for (id, keys) in [
        ("low_theft", format!("polarity = \"lower_is_favourable\"\n{rate}")),
        (
            "low_vandalism",
            "polarity = \"lower_is_favourable\"\nunit_nl = \"%\"\nunit_en = \"%\"".to_owned(),
        ),
        (
            "wealth_per_inhabitant",
            format!("polarity = \"higher_is_favourable\"\n{rate}"),
        ),
        ("share_working_in_own_municipality", rate.to_owned()),
        (
            "low_arms_trade",
            format!("polarity = \"lower_is_favourable\"\n{rate}"),
        ),
        (
            "low_serious_crime",
            format!("polarity = \"lower_is_favourable\"\n{rate}"),
        ),
    ] {
        let begin = format!("id = \"{id}\"\n");
        assert!(indicators.contains(&begin), "{id}");
        indicators = indicators.replacen(&begin, &format!("{begin}{keys}\n"), 1);
    }
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    let mut add = |indicator: &str, code: &str, period: &str, value: f64, status: &str, source: &str| {
        let row = format!("{indicator},{code},{period},{value},{status},loaded,{source}");
        writeln!(observations, "{row}").expect("written");
    };
    let report = "bureau_louter_2024";
    for (year, value) in (2018..).zip(SERIES) {
        let period = year.to_string();
        for id in [
            "low_theft",
            "wealth_per_inhabitant",
            "share_working_in_own_municipality",
        ] {
            add(id, "GM0034", &period, value, "final", report);
            for (place, code) in (0..).zip(OTHERS) {
                add(id, code, &period, f64::from(place), "final", report);
            }
        }
    }
    // Four points, a steady rise.
    for (year, value) in [(2018, -4.0), (2019, 0.0), (2020, 4.0), (2021, 9.0)] {
        add(
            "low_vandalism",
            "GM0034",
            &year.to_string(),
            value,
            "final",
            report,
        );
        add(
            "low_vandalism",
            "GM0637",
            &year.to_string(),
            1e308 * f64::from(year - 2019).signum(),
            "final",
            report,
        );
    }
    // Purmerend took in Beemster in 2022; Dijk en Waard was Heerhugowaard until then. Houten has no figure in 2023.
    for (code, period, value, status) in [
        ("GM0439", "2020", 5.0, "final"),
        ("GM0439", "2021", 5.5, "final"),
        ("GM0439", "2022", 6.0, "final"),
        ("GM0439", "2023", 6.5, "provisional"),
        ("GM0439", "2024", 7.0, "final"),
        ("GM0398", "2020", 1.0, "final"),
        ("GM0398", "2021", 2.0, "final"),
        ("GM1980", "2022", 3.0, "final"),
        ("GM1980", "2023", 4.0, "final"),
        ("GM1980", "2024", 4.0, "final"),
        ("GM0321", "2020", 3.0, "final"),
        ("GM0321", "2021", 4.0, "final"),
        ("GM0321", "2022", 5.0, "final"),
        ("GM0321", "2024", 6.0, "final"),
    ] {
        add("low_arms_trade", code, period, value, status, report);
    }
    for (period, value, source) in [
        ("2020-01", 1.0, report),
        ("2020-07", 4.0, report),
        ("2021", 5.0, "another"),
    ] {
        add("low_serious_crime", "GM0034", period, value, "final", source);
    }
    let edition = source.file("edition.toml").expect("a file");
    let begin = edition.find("[[source]]").expect("a source");
    let another = "[[source]]\nid = \"another\"\ntitle_nl = \"Anders\"\ntitle_en = \"Other\"\npublisher = \"Zij\"\nyear = \"2021\"\n\
                   attribution_nl = \"Bron: zij.\"\nattribution_en = \"Source: they.\"\n\n";
    let edition = format!("{}{another}{}", &edition[..begin], &edition[begin..]);
    let source = source
        .with_file("indicators.toml", indicators)
        .with_file("edition.toml", edition)
        .with_file("observations.csv", observations);
    Server::of(&source).await.client().await
}

fn of_region(indicator: &str, code: &str) -> v1::GetTrendRequest {
    v1::GetTrendRequest {
        indicator_id: indicator.into(),
        region_code: code.into(),
        ..Default::default()
    }
}

fn of_group(indicator: &str, group: &str) -> v1::GetTrendRequest {
    v1::GetTrendRequest {
        indicator_id: indicator.into(),
        group_id: group.into(),
        ..Default::default()
    }
}

async fn trend(client: &Client, request: v1::GetTrendRequest) -> v1::GetTrendResponse {
    client.get_trend(request).await.expect("a trend")
}

fn close(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0)
}

fn warns_of_breaks(answer: &v1::GetTrendResponse) -> bool {
    let metadata = answer.metadata.as_ref().expect("metadata");
    let breaks = |caveat: &v1::Caveat| caveat.code() == v1::CaveatCode::TrendBreak;
    metadata.caveats.iter().any(breaks)
}

fn kinds(point: &v1::TrendPoint) -> Vec<TrendBreakKind> {
    point.breaks.iter().map(v1::TrendBreak::kind).collect()
}

#[tokio::test]
async fn change_slope_interval_and_test_are_those_of_scipy() {
    let client = client().await;
    let answer = trend(&client, of_region("low_theft", "GM0034")).await;
    let found = answer.statistics.as_ref().expect("statistics");
    assert_eq!(
        (found.first_period.as_str(), found.last_period.as_str()),
        ("2018", "2022")
    );
    assert!(
        close(found.change, 2.3863523499804655) && close(found.slope, 0.6379510668822099),
        "{found:?}"
    );
    assert!(close(
        found.relative_change.expect("relative"),
        100.0 * 2.3863523499804655 / SERIES[0]
    ));
    let interval = found.slope_interval.expect("an interval");
    assert!(
        close(interval.lower, 0.19311743546146865) && close(interval.upper, 0.9096662410420597),
        "{found:?}"
    );
    let test = found.test.expect("a test");
    assert_eq!((found.points, test.s, test.exact), (5, 10, true));
    assert!(close(test.p, 2.0 / 120.0) && test.least_p == test.p, "{test:?}");
    assert!(test.can_be_significant && test.significant);
    assert!(!warns_of_breaks(&answer), "one source, and borders that stayed");
    assert!(answer.points.iter().all(|point| point.breaks.is_empty()));
    assert!(answer.group.is_none() && answer.points.iter().all(|point| point.members == 0));
}

#[tokio::test]
async fn a_direction_is_favourable_only_where_a_side_is() {
    let client = client().await;
    let of = async |id: &str| {
        trend(&client, of_region(id, "GM0034"))
            .await
            .statistics
            .expect("statistics")
            .direction()
    };
    assert_eq!(
        of("low_theft").await,
        TrendDirection::Worsening,
        "less theft is better"
    );
    assert_eq!(of("wealth_per_inhabitant").await, TrendDirection::Improving);
    assert_eq!(
        of("share_working_in_own_municipality").await,
        TrendDirection::Rising,
        "neutral"
    );
    let flat = trend(&client, of_region("low_theft", "GM0505")).await;
    let flat = flat.statistics.expect("statistics");
    assert_eq!(
        (flat.direction(), flat.change, flat.slope),
        (TrendDirection::NoClearChange, 0.0, 0.0)
    );
    assert!(!flat.test.expect("a test").can_be_significant, "nothing but ties");
}

#[tokio::test]
async fn four_points_show_nothing_and_say_that_they_could_not() {
    let client = client().await;
    let answer = trend(&client, of_region("low_vandalism", "GM0034")).await;
    let found = answer.statistics.expect("statistics");
    let test = found.test.expect("a test");
    assert_eq!(
        (found.points, found.direction()),
        (4, TrendDirection::TooFewPoints)
    );
    assert!(
        close(test.p, 1.0 / 12.0) && !test.can_be_significant && !test.significant,
        "{test:?}"
    );
    assert!(close(found.slope, 4.0 + 1.0 / 6.0), "{found:?}");
    assert_eq!((found.change, found.slope_interval), (13.0, None));
    assert_eq!(found.relative_change, None, "percentages, from below zero");
    let moved = answer.position_change.expect("positions");
    assert_eq!((moved.positions, moved.first_period.as_str()), (-1, "2018"));
    assert!(moved.place_share < 0.0, "{moved:?}");
}

#[tokio::test]
async fn values_too_large_to_subtract_have_positions_and_no_statistics() {
    let client = client().await;
    let answer = trend(&client, of_region("low_vandalism", "GM0637")).await;
    assert_eq!(answer.statistics, None);
    assert_eq!(answer.position_change.expect("positions").positions, 1);
}

#[tokio::test]
async fn a_series_breaks_where_borders_changed_and_where_a_figure_is_not_final() {
    let client = client().await;
    let answer = trend(&client, of_region("low_arms_trade", "GM0439")).await;
    let found: Vec<_> = answer.points.iter().map(kinds).collect();
    assert_eq!(
        found,
        [
            vec![],
            vec![],
            vec![TrendBreakKind::Borders],
            vec![TrendBreakKind::Status],
            vec![TrendBreakKind::Status],
        ]
    );
    let text = answer.points[2].breaks[0].text.as_ref().expect("a text");
    assert_eq!(
        text.en,
        "Other borders than those of 2021: Purmerend and Beemster on 2022-01-01."
    );
    assert!(
        answer.points[4].breaks[0]
            .text
            .as_ref()
            .expect("a text")
            .nl
            .contains("2023 is voorlopig")
    );
    assert!(warns_of_breaks(&answer));
    let later = v1::GetTrendRequest {
        from_period: "2022".into(),
        ..of_region("low_arms_trade", "GM0439")
    };
    let later = trend(&client, later).await;
    assert!(
        later.points[0].breaks.is_empty(),
        "nothing before it in the answer"
    );
}

#[tokio::test]
async fn a_series_breaks_where_the_source_and_the_length_of_periods_change() {
    let client = client().await;
    let answer = trend(&client, of_region("low_serious_crime", "GM0034")).await;
    let found: Vec<_> = answer.points.iter().map(kinds).collect();
    assert_eq!(
        found,
        [
            vec![],
            vec![],
            vec![TrendBreakKind::Source, TrendBreakKind::PeriodLength]
        ]
    );
    let slope = answer.statistics.expect("statistics").slope;
    // Half a year (182 of 366 days) between January and July 2020, a year and a half to the middle of 2021.
    assert!((2.0..3.5).contains(&slope), "{slope}");
}

#[tokio::test]
async fn the_trend_of_a_group_is_that_of_its_mean_with_the_members_of_each_period() {
    let client = client().await;
    let answer = trend(&client, of_group("low_arms_trade", "other_new_towns")).await;
    assert_eq!(
        answer.group.as_ref().map(|group| group.id.as_str()),
        Some("other_new_towns")
    );
    assert!(answer.region.is_none());
    let found: Vec<_> = answer
        .points
        .iter()
        .map(|point| {
            (
                point.value,
                point.contributed,
                point.mean_of_positions,
                kinds(point),
            )
        })
        .collect();
    use TrendBreakKind::{Borders, Members};
    assert_eq!(
        found,
        [
            (Some(2.0), 2, Some(1.5), vec![]),
            (Some(3.0), 2, Some(1.5), vec![]),
            (Some(4.0), 2, Some(1.5), vec![Borders]),
            (Some(4.0), 1, Some(1.0), vec![Members]),
            (Some(5.0), 2, Some(1.5), vec![Members]),
        ],
        "Heerhugowaard, then Dijk en Waard"
    );
    assert!(answer.points.iter().all(|point| point.members == 6));
    let text = answer.points[2].breaks[0].text.as_ref().expect("a text");
    assert!(
        text.en.ends_with("Heerhugowaard is now Dijk en Waard."),
        "{text:?}"
    );
    let statistics = answer.statistics.as_ref().expect("statistics");
    assert_eq!((statistics.points, statistics.change), (5, 3.0));
    let codes: Vec<_> = answer
        .metadata
        .as_ref()
        .expect("metadata")
        .caveats
        .iter()
        .map(v1::Caveat::code)
        .collect();
    for code in [v1::CaveatCode::TrendBreak, v1::CaveatCode::FormerMembers] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    // The same mean as in a comparison of that period.
    for point in &answer.points {
        let request = v1::CompareGroupsRequest {
            group_ids: vec!["other_new_towns".into()],
            indicator_ids: vec!["low_arms_trade".into()],
            period: point.period.clone(),
            ..Default::default()
        };
        let compared = client.compare_groups(request).await.expect("a comparison");
        let group = &compared.comparisons[0].groups[0];
        assert_eq!(
            (
                point.value,
                point.standing,
                point.mean_of_positions,
                point.contributed
            ),
            (
                group.mean,
                group.standing,
                group.mean_of_positions,
                group.contributed
            )
        );
    }
}

#[tokio::test]
async fn printed_positions_have_no_slope() {
    let client = client().await;
    let request = v1::GetTrendRequest {
        basis: v1::Basis::Published.into(),
        ..of_group("built_environment", "nta_new_towns")
    };
    let answer = trend(&client, request).await;
    assert_eq!((answer.points.len(), answer.points[0].value), (1, None));
    assert_eq!(answer.points[0].standing.expect("printed").position, 311);
    assert_eq!((answer.statistics, answer.position_change), (None, None));
    let codes = answer.metadata.expect("metadata").caveats;
    assert!(
        codes
            .iter()
            .any(|caveat| caveat.code() == v1::CaveatCode::MembershipUnverified)
    );
}

#[tokio::test]
async fn a_narrowed_trend_tells_of_the_same_periods_the_same() {
    let client = client().await;
    let whole = trend(&client, of_region("low_arms_trade", "GM0439")).await;
    let narrowed = v1::GetTrendRequest {
        from_period: "2020".into(),
        ..of_region("low_arms_trade", "GM0439")
    };
    assert_eq!(
        whole,
        trend(&client, narrowed).await,
        "kept encoded, and made for one request"
    );
}

#[tokio::test]
async fn one_of_region_and_group_is_followed_and_never_both_or_none() {
    let client = client().await;
    for (region, group, field) in [("", "", "region_code"), ("GM0034", "nta_new_towns", "group_id")] {
        let request = v1::GetTrendRequest {
            group_id: group.into(),
            ..of_region("low_theft", region)
        };
        let error = refusal(client.get_trend(request).await.expect_err("refused"));
        assert_eq!(error.reason, Some(ErrorReason::InvalidRequest));
        assert_eq!(
            error
                .violations
                .iter()
                .map(|violation| violation.field.as_str())
                .collect::<Vec<_>>(),
            [field]
        );
    }
    let unknown = refusal(
        client
            .get_trend(of_group("low_theft", "nta_new_town"))
            .await
            .expect_err("unknown"),
    );
    assert_eq!(unknown.reason, Some(ErrorReason::UnknownGroup));
    let nothing = refusal(
        client
            .get_trend(of_group("low_serious_crime", "old_towns"))
            .await
            .expect_err("nothing"),
    );
    assert_eq!(nothing.reason, Some(ErrorReason::NoData));
    assert!(
        nothing
            .message
            .contains("no mean of `old_towns` on `low_serious_crime`"),
        "{}",
        nothing.message
    );
}
