//! Imported figures, asked for through the wire: periods, proxies, former municipalities, coverage, any set of municipalities.

use groeikern_client::{Client, v1};
use groeikern_server::{
    edition::shelf::Shelf,
    import::{ImportChange, ImportFlags, ImportUnit, NextEdition, Recipe, TableInput},
    serve::Limits,
};

use crate::support::Server;

/// Thefts, and how safe people feel, which may stand in for vandalism.
fn recipe(year: &str) -> Recipe {
    let text = format!(
        r#"id = "survey_{year}"
title_nl = "Peiling {year}"
title_en = "Survey {year}"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: peiling {year}."
attribution_en = "Source: survey {year}."
retrieved = "2026-11-24"
source_version = "1"
period = "{year}"

[table]
shape = "wide"
region_column = "code"
region_name_column = "name"
suppressed = ["x"]

[[indicator]]
id = "low_theft"
column = "thefts"
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder diefstal is beter."
polarity_reason_en = "Less theft is better."
unit_nl = "per 1.000 inwoners"
unit_en = "per 1,000 inhabitants"
decimals = 1

[[indicator]]
id = "felt_safety"
name_nl = "Gevoel van veiligheid"
name_en = "Felt safety"
theme = "liveability_safety"
kind = "judgement"
kind_basis = "inferred"
column = "felt"
polarity = "higher_is_favourable"
polarity_reason_nl = "Veilig is beter."
polarity_reason_en = "Safe is better."
unit_nl = "%"
unit_en = "%"
decimals = 0
proxy_for = "low_vandalism"
proxy_reason_nl = "Wie zich veilig voelt, ziet minder vernieling."
proxy_reason_en = "Who feels safe sees less vandalism."
"#
    );
    Recipe::parse(&format!("survey_{year}.toml"), &text).expect("a recipe")
}

/// 2018: Heerhugowaard and Beemster still exist. 2024: Helmond's thefts are withheld, Purmerend has no figure.
const TABLES: [(&str, &str); 2] = [
    (
        "2018",
        "GM0034,Almere,9,70\nGM0637,Zoetermeer,8,65\nGM0794,Helmond,12,50\nGM0398,Heerhugowaard,6,75\nGM0321,Houten,3,90\n\
         GM0370,Beemster,1,95\nGM0439,Purmerend,5,80\n",
    ),
    (
        "2024",
        "GM0034,Almere,7,72\nGM0637,Zoetermeer,9,60\nGM0794,Helmond,x,52\nGM1980,Dijk en Waard,6,74\nGM0321,Houten,2,91\n\
         GM0439,Purmerend,,82\nGM0356,Nieuwegein,10,55\nGM0502,Capelle aan den IJssel,8,61\nGM1930,Nissewaard,5,77\n",
    ),
];

async fn client() -> Client {
    let shelf = Shelf::in_memory();
    for (year, rows) in TABLES {
        let recipe = recipe(year);
        let table = std::io::Cursor::new(format!("code,name,thefts,felt\n{rows}").into_bytes());
        let inputs = vec![TableInput::new("table.csv", table)];
        let (unit, _) = ImportUnit::from_inputs(&recipe, inputs, &ImportFlags::default()).expect("read");
        let change = ImportChange {
            unit: Some((recipe, unit)),
            ..Default::default()
        };
        let next = NextEdition::make(&shelf, change).await.expect("made");
        next.publish(&shelf).await.expect("published");
    }
    Server::over(shelf, Limits::default()).await.client().await
}

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
async fn a_former_municipality_is_answered_for_a_period_in_which_it_existed() {
    let client = client().await;
    let asked = async |period: &str| {
        let request = v1::GetPositionRequest {
            indicator_id: "low_theft".into(),
            region_code: "GM0370".into(),
            period: period.into(),
            ..Default::default()
        };
        client.get_position(request).await
    };
    let found = asked("2018").await.expect("Beemster in 2018");
    assert_eq!(
        found
            .region
            .and_then(|region| region.standing)
            .expect("a standing")
            .position,
        1
    );
    for period in ["", "2024"] {
        let error = asked(period).await.expect_err("retired").to_string();
        assert!(error.contains("Purmerend (GM0439)"), "{error}");
    }
    let profile = v1::GetProfileRequest {
        region_code: "GM0370".into(),
        period: "2018".into(),
        ..Default::default()
    };
    let profile = client.get_profile(profile).await.expect("a profile of 2018");
    let figures = profile
        .rows
        .iter()
        .filter(|row| row.status() == v1::ItemStatus::Ok);
    let periods: Vec<&str> = figures
        .map(|row| row.ranking.as_ref().expect("a ranking").period.as_str())
        .collect();
    assert_eq!(
        periods,
        ["2018", "2018", "2018"],
        "theft, felt safety, and vandalism by proxy"
    );
    let observations = v1::QueryObservationsRequest {
        indicator_ids: vec!["low_theft".into()],
        region_codes: vec!["GM0370".into()],
        period: "2018".into(),
        ..Default::default()
    };
    let answer = client
        .query_observations(observations)
        .await
        .expect("observations");
    assert_eq!(
        (answer.items[0].status(), answer.items[0].value),
        (v1::ItemStatus::Ok, Some(1.0))
    );
}

#[tokio::test]
async fn a_profile_shows_what_other_bases_say_and_none_when_one_is_chosen() {
    let client = client().await;
    let row = async |basis: v1::Basis| {
        let request = v1::GetProfileRequest {
            region_code: "GM0637".into(),
            basis: basis.into(),
            ..Default::default()
        };
        let mut rows = client
            .get_profile(request)
            .await
            .expect("a profile")
            .rows
            .into_iter();
        let of = |row: &v1::ProfileRow, id: &str| {
            let ranking = row.ranking.clone().unwrap_or_default();
            ranking.indicator.is_some_and(|indicator| indicator.id == id)
        };
        rows.find(|row| of(row, "low_vandalism")).expect("a row")
    };
    let both = row(v1::Basis::Unspecified).await;
    let ranking = both.ranking.expect("a ranking");
    assert_eq!(
        (ranking.basis(), ranking.period.as_str()),
        (v1::Basis::Proxy, "2024")
    );
    let proxy = ranking.proxy.expect("what stands in");
    assert_eq!(proxy.indicator.expect("an indicator").id, "felt_safety");
    assert_eq!(
        ranking.unit.map(|unit| unit.en).as_deref(),
        Some("%"),
        "the unit of what was measured"
    );
    assert!(
        proxy
            .rank_agreement
            .is_some_and(|agreement| (-1.0..=1.0).contains(&agreement))
    );
    assert_eq!(
        proxy.compared, 7,
        "the towns that the report ranks and the table lists"
    );
    let [other] = both.others.as_slice() else {
        panic!("{:?}", both.others)
    };
    let ranking = other.ranking.as_ref().expect("a ranking");
    assert_eq!(
        (ranking.basis(), ranking.n, other.value),
        (v1::Basis::Published, 337, None)
    );
    let published = row(v1::Basis::Published).await;
    assert_eq!(published.standing, other.standing);
    assert!(published.others.is_empty());
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

async fn recommend(
    client: &Client,
    subject: v1::recommend_request::Subject,
) -> Result<v1::RecommendResponse, String> {
    let request = v1::RecommendRequest {
        subject: Some(subject),
        basis: v1::Basis::Computed.into(),
        ..Default::default()
    };
    client.recommend(request).await.map_err(|error| error.to_string())
}

fn chosen(codes: &[&str]) -> v1::recommend_request::Subject {
    v1::recommend_request::Subject::Regions(v1::RegionSelection {
        region_codes: codes.iter().map(|&code| code.to_owned()).collect(),
    })
}

#[tokio::test]
async fn any_set_of_municipalities_is_advised_as_a_group_of_the_same_would_be() {
    let client = client().await;
    let group = v1::recommend_request::Subject::GroupId("nta_new_towns".into());
    let of_group = recommend(&client, group).await.expect("advice");
    let towns = [
        "GM0034", "GM0502", "GM0794", "GM0356", "GM1930", "GM0439", "GM0637",
    ];
    let of_towns = recommend(&client, chosen(&towns)).await.expect("advice");
    assert_eq!(of_towns.advice, of_group.advice);
    assert_eq!(of_towns.themes, of_group.themes);
    let Some(v1::recommend_response::Subject::Regions(set)) = of_towns.subject else {
        panic!("no set")
    };
    assert_eq!(set.regions.len(), 7);
    for (codes, what) in [
        (&["GM0034"][..], "needs at least 2"),
        (&["GM0034", "GM0034"], "stands twice"),
        (&["GM0034", "Helmond"], "not a CBS region code"),
        (&["GM0034", "GM0370"], "no longer exists"),
        (&["GM0034", "GM9999"], "holds no figures for GM9999"),
    ] {
        let error = recommend(&client, chosen(codes)).await.expect_err(what);
        assert!(error.contains(what), "{error}");
    }
    let printed = Server::start().await.client().await;
    let request = v1::RecommendRequest {
        subject: Some(chosen(&["GM0034", "GM0637"])),
        ..Default::default()
    };
    let error = printed
        .recommend(request)
        .await
        .expect_err("positions only")
        .to_string();
    assert!(error.contains("groeikern-server import"), "{error}");
}

#[tokio::test]
async fn a_group_of_an_older_period_counts_former_members_and_says_so() {
    let client = client().await;
    let compare = async |period: &str| {
        let request = v1::CompareGroupsRequest {
            group_ids: vec!["other_new_towns".into()],
            indicator_ids: vec!["low_theft".into()],
            period: period.into(),
            ..Default::default()
        };
        client.compare_groups(request).await.expect("a comparison")
    };
    let caveat = |answer: &v1::CompareGroupsResponse| {
        let caveats = answer.metadata.as_ref().expect("metadata").caveats.iter();
        caveats
            .clone()
            .any(|caveat| caveat.code() == v1::CaveatCode::FormerMembers)
    };
    let of_2018 = compare("2018").await;
    assert_eq!(
        of_2018.comparisons[0].groups[0].mean,
        Some(4.5),
        "Heerhugowaard and Houten"
    );
    assert!(caveat(&of_2018));
    let of_2024 = compare("2024").await;
    assert_eq!(
        of_2024.comparisons[0].groups[0].mean,
        Some(4.0),
        "Dijk en Waard and Houten"
    );
    assert!(!caveat(&of_2024));
}

#[tokio::test]
async fn an_edition_tells_what_was_imported_into_it() {
    let client = client().await;
    let answer = client
        .get_edition(v1::GetEditionRequest::default())
        .await
        .expect("an edition");
    let edition = answer.edition.expect("an edition");
    let units: Vec<(&str, &str, u64, u64)> = edition
        .import_units
        .iter()
        .map(|unit| {
            (
                unit.recipe_id.as_str(),
                unit.period.as_str(),
                unit.values,
                unit.without_value,
            )
        })
        .collect();
    assert_eq!(
        units,
        [("survey_2018", "2018", 14, 0), ("survey_2024", "2024", 16, 2)]
    );
    let request = v1::GetRegionRequest {
        region_code: "GM0398".into(),
        ..Default::default()
    };
    let region = client
        .get_region(request)
        .await
        .expect("Heerhugowaard")
        .region
        .expect("a region");
    assert_eq!(region.listed_periods, ["2018"]);
    let request = v1::GetIndicatorRequest {
        indicator_id: "felt_safety".into(),
        ..Default::default()
    };
    let indicator = client
        .get_indicator(request)
        .await
        .expect("known")
        .indicator
        .expect("an indicator");
    assert_eq!(indicator.proxy_for_id, "low_vandalism");
    assert_eq!(
        indicator.polarity_reason.map(|reason| reason.en).as_deref(),
        Some("Safe is better.")
    );
}
