//! Rankings among named units, of which some combine municipalities.

use groeikern::v1::{CaveatCode, ErrorReason, ItemStatus, ObservationStatus};
use groeikern_client::{Client, v1};
use groeikern_server::edition::source::SourceFolder;

use crate::support::{Server, has_caveat, refusal};

/// Twelve municipalities: inhabitants, the inhabitants that suffer theft per 1,000 of them, and the middle income.
const FIGURES: [(&str, u32, &str, u32); 12] = [
    ("GM0034", 200_000, "9", 30),
    ("GM0307", 150_000, "4", 31),
    ("GM0321", 50_000, "2", 32),
    ("GM0344", 300_000, "12", 33),
    ("GM0355", 60_000, "3", 34),
    ("GM0356", 60_000, "10", 35),
    ("GM0361", 100_000, "5", 36),
    ("GM0362", 90_000, "6", 37),
    ("GM0363", 800_000, "20", 38),
    ("GM0392", 160_000, "7", 39),
    ("GM0502", 60_000, "8", 40),
    ("GM0637", 125_000, "11", 41),
];

/// Houten and Zeist are one, so are Nieuwegein and Capelle; Amsterdam is left out.
const UNITS: [(&str, &str); 11] = [
    ("GM0034", ""),
    ("GM0307", ""),
    ("GM0321", "houten_zeist"),
    ("GM0344", ""),
    ("GM0355", "houten_zeist"),
    ("GM0356", "nieuwegein_capelle"),
    ("GM0361", ""),
    ("GM0362", ""),
    ("GM0392", ""),
    ("GM0502", "nieuwegein_capelle"),
    ("GM0637", ""),
];

fn source() -> SourceFolder {
    let built_in = SourceFolder::built_in();
    let text = |file: &str| built_in.file(file).expect("a file").to_owned();
    let edition = text("edition.toml")
        + "\n[[universe]]\nid = \"towns_as_units\"\nname_nl = \"Steden als eenheden\"\nname_en = \"Towns as units\"\n"
        + "\n[[universe]]\nid = \"everyone\"\nname_nl = \"Iedereen\"\nname_en = \"Everyone\"\n";
    let indicator = |id: &str, more: &str| {
        format!(
            "\n[[indicator]]\nid = \"{id}\"\nname_nl = \"{id}\"\nname_en = \"{id}\"\ntheme = \"social_cohesion\"\n\
             kind_basis = \"stated\"\n{more}\n"
        )
    };
    let indicators = text("indicators.toml").replacen(
        "id = \"low_theft\"\n",
        "id = \"low_theft\"\npolarity = \"lower_is_favourable\"\ndenominator = \"inhabitants\"\n",
        1,
    ) + &indicator("inhabitants", "kind = \"neutral\"\naggregation = \"sum\"")
        + &indicator(
            "middle_income",
            "kind = \"neutral\"\naggregation = \"not_possible\"",
        )
        + &indicator("satisfied", "kind = \"neutral\"\naggregation = \"weighted_mean\"");
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    for (code, inhabitants, theft, income) in FIGURES {
        for (indicator, value) in [
            ("inhabitants", inhabitants.to_string()),
            ("low_theft", theft.to_owned()),
            ("middle_income", income.to_string()),
            ("satisfied", income.to_string()),
        ] {
            observations += &format!("{indicator},{code},2020,{value},final,loaded,bureau_louter_2024\n");
        }
    }
    let mut units = "universe,year,region,unit\n".to_owned();
    for (code, unit) in UNITS {
        units += &format!("towns_as_units,2020,{code},{unit}\n");
    }
    for (code, ..) in FIGURES {
        units += &format!("everyone,2020,{code},\n");
    }
    built_in
        .with_file("edition.toml", edition)
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", observations)
        .with_file("universe_units.csv", units)
}

async fn client() -> Client {
    Server::of(&source()).await.client().await
}

async fn rank(client: &Client, indicator: &str, universe: &str) -> v1::RankRegionsResponse {
    let request = v1::RankRegionsRequest {
        indicator_id: indicator.into(),
        universe_id: universe.into(),
        ..Default::default()
    };
    client.rank_regions(request).await.expect("a ranking")
}

fn row<'a>(answer: &'a v1::RankRegionsResponse, code: &str) -> &'a v1::RankedRegion {
    let code_of = |row: &&v1::RankedRegion| row.region.as_ref().is_some_and(|region| region.code == code);
    answer.rows.iter().find(code_of).expect("listed")
}

#[tokio::test]
async fn a_unit_of_several_municipalities_holds_one_place() {
    let client = client().await;
    let answer = rank(&client, "low_theft", "towns_as_units").await;
    let ranking = answer.ranking.as_ref().expect("a summary");
    assert_eq!(
        (
            ranking.universe_id.as_str(),
            ranking.n,
            ranking.known,
            ranking.missing
        ),
        ("towns_as_units", 9, 9, Some(0))
    );
    // (2 x 50,000 + 3 x 60,000) / 110,000: weighted by inhabitants, its denominator.
    let unit = row(&answer, "houten_zeist");
    assert_eq!(unit.value, Some(280_000.0 / 110_000.0));
    assert_eq!(unit.region.as_ref().expect("a unit").name, "Houten + Zeist");
    let members: Vec<&str> = unit.members.iter().map(|member| member.code.as_str()).collect();
    assert_eq!(members, ["GM0321", "GM0355"]);
    assert_eq!(unit.standing.as_ref().expect("ranked").position, 1);
    assert_eq!(unit.observation_status(), ObservationStatus::Final);
    // Nieuwegein and Capelle with 9 tie with Almere, whose value is loaded.
    let tied = row(&answer, "nieuwegein_capelle").standing.expect("ranked");
    assert_eq!((tied.position, tied.ties), (6, 2));
    assert_eq!(row(&answer, "GM0034").standing.expect("ranked").position, 6);
    assert!(
        !answer.rows.iter().any(|row| row.value == Some(20.0)),
        "Amsterdam is left out"
    );
    assert!(has_caveat(answer.metadata.as_ref(), CaveatCode::CombinedUnits));
    let among_all = rank(&client, "low_theft", "").await;
    assert_eq!(among_all.ranking.as_ref().expect("a summary").n, 12);
    assert!(!has_caveat(
        among_all.metadata.as_ref(),
        CaveatCode::CombinedUnits
    ));
}

#[tokio::test]
async fn counts_add_up_medians_are_not_combined_and_without_denominator_inhabitants_weigh() {
    let client = client().await;
    let counts = rank(&client, "inhabitants", "towns_as_units").await;
    assert_eq!(row(&counts, "houten_zeist").value, Some(110_000.0));
    let medians = rank(&client, "middle_income", "towns_as_units").await;
    let ranking = medians.ranking.as_ref().expect("a summary");
    assert_eq!((ranking.n, ranking.missing), (7, Some(2)));
    let shares = rank(&client, "satisfied", "towns_as_units").await;
    let unit = row(&shares, "houten_zeist");
    assert_eq!(unit.value, Some((32.0 * 50_000.0 + 34.0 * 60_000.0) / 110_000.0));
    assert_eq!(unit.observation_status(), ObservationStatus::Estimated);
}

#[tokio::test]
async fn a_universe_of_all_municipalities_changes_no_answer_but_its_name() {
    let client = client().await;
    for indicator in ["low_theft", "inhabitants", "middle_income"] {
        let mut named = rank(&client, indicator, "everyone").await;
        let own = rank(&client, indicator, "").await;
        let of_the_year = rank(&client, indicator, "municipalities_2020").await;
        assert_eq!(own, of_the_year);
        let ranking = named.ranking.as_mut().expect("a summary");
        // The edition's own universe is all municipalities that existed: those without figures are missing there.
        ranking.universe_id = "municipalities_2020".into();
        ranking.missing = own.ranking.as_ref().and_then(|ranking| ranking.missing);
        assert_eq!((named.ranking, named.rows), (own.ranking, own.rows));
    }
}

#[tokio::test]
async fn a_municipality_stands_where_its_unit_does_and_an_outsider_nowhere() {
    let client = client().await;
    let position = |code: &str| v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: code.into(),
        neighbours: 1,
        universe_id: "towns_as_units".into(),
        ..Default::default()
    };
    for code in ["GM0356", "GM0502"] {
        let answer = client.get_position(position(code)).await.expect("a position");
        let found = answer.region.expect("a unit");
        assert_eq!(found.region.expect("a unit").code, "nieuwegein_capelle");
        assert_eq!(found.standing.expect("ranked").position, 6);
        assert_eq!(answer.before[0].region.as_ref().expect("a region").code, "GM0034");
    }
    let error = refusal(
        client
            .get_position(position("GM0363"))
            .await
            .expect_err("left out"),
    );
    assert_eq!(error.reason, Some(ErrorReason::NotInUniverse));
    assert!(
        error
            .message
            .contains("Amsterdam (GM0363) is not among the units of `towns_as_units`")
    );

    let profile = |code: &str| v1::GetProfileRequest {
        region_code: code.into(),
        universe_id: "towns_as_units".into(),
        ..Default::default()
    };
    let answer = client.get_profile(profile("GM0502")).await.expect("a profile");
    let of = |id: &str| {
        let ranked = |row: &&v1::ProfileRow| {
            let indicator = row
                .ranking
                .as_ref()
                .and_then(|ranking| ranking.indicator.as_ref());
            indicator.is_some_and(|indicator| indicator.id == id)
        };
        answer.rows.iter().find(ranked).expect("a row")
    };
    assert_eq!(
        (of("low_theft").value, of("low_theft").unit_members.len()),
        (Some(9.0), 2)
    );
    assert_eq!(of("middle_income").status(), ItemStatus::NoData);
    let own = client
        .get_profile(v1::GetProfileRequest {
            universe_id: String::new(),
            ..profile("GM0502")
        })
        .await
        .expect("a profile");
    assert!(own.rows.iter().all(|row| row.unit_members.is_empty()));
    let error = refusal(client.get_profile(profile("GM0363")).await.expect_err("left out"));
    assert_eq!(error.reason, Some(ErrorReason::NotInUniverse));
}

#[tokio::test]
async fn members_of_a_group_are_listed_once_by_their_units() {
    let client = client().await;
    let request = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        universe_id: "towns_as_units".into(),
        group_id: "nta_new_towns".into(),
        ..Default::default()
    };
    let answer = client.rank_regions(request).await.expect("a ranking");
    let codes: Vec<&str> = answer
        .rows
        .iter()
        .map(|row| row.region.as_ref().expect("a region").code.as_str())
        .collect();
    assert_eq!(codes, ["GM0034", "nieuwegein_capelle", "GM0637"]);
    let pages = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        universe_id: "towns_as_units".into(),
        page_size: 4,
        ..Default::default()
    };
    let first = client.rank_regions(pages.clone()).await.expect("a page");
    let second = v1::RankRegionsRequest {
        page_token: first.next_page_token.clone(),
        ..pages
    };
    let second = client.rank_regions(second).await.expect("a page");
    let whole = rank(&client, "low_theft", "towns_as_units").await;
    let paged: Vec<v1::RankedRegion> = first.rows.into_iter().chain(second.rows).collect();
    assert_eq!(paged, whole.rows[..8]);
}

#[tokio::test]
async fn printed_positions_are_among_the_units_of_their_report_only() {
    let client = client().await;
    let printed = rank(&client, "low_theft", "municipalities_337").await;
    assert_eq!(printed.ranking.expect("a summary").basis(), v1::Basis::Published);
    let request = v1::RankRegionsRequest {
        indicator_id: "low_theft".into(),
        basis: v1::Basis::Published.into(),
        universe_id: "towns_as_units".into(),
        ..Default::default()
    };
    let error = refusal(client.rank_regions(request).await.expect_err("not among them"));
    assert_eq!(error.reason, Some(ErrorReason::NoData));
    assert!(
        error.message.contains("among `towns_as_units`"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn an_unknown_universe_is_refused_with_the_nearest() {
    let client = client().await;
    for (asked, near) in [
        ("town_as_units", "did you mean towns_as_units"),
        ("municipalities_2019", "did you mean municipalities_2020"),
        ("x", "ListUniverses lists what there is"),
    ] {
        let request = v1::RankRegionsRequest {
            indicator_id: "low_theft".into(),
            universe_id: asked.into(),
            ..Default::default()
        };
        let error = refusal(client.rank_regions(request).await.expect_err("unknown"));
        assert_eq!(error.reason, Some(ErrorReason::UnknownUniverse));
        assert!(error.message.contains(near), "{}", error.message);
    }
}

#[tokio::test]
async fn universes_are_listed_with_their_years_and_units() {
    let client = client().await;
    let listed = client
        .list_universes(v1::ListUniversesRequest::default())
        .await
        .expect("universes");
    let ids: Vec<&str> = listed.universes.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "municipalities_337",
            "towns_as_units",
            "everyone",
            "municipalities_2020"
        ]
    );
    let vintage = &listed.universes[1].vintages[0];
    assert_eq!(
        (vintage.year.as_str(), vintage.units, vintage.combined),
        ("2020", 9, 2)
    );

    let get = |universe: &str, year: &str| v1::GetUniverseRequest {
        universe_id: universe.into(),
        year: year.into(),
        ..Default::default()
    };
    let answer = client
        .get_universe(get("towns_as_units", ""))
        .await
        .expect("a universe");
    assert_eq!((answer.year.as_str(), answer.units.len()), ("2020", 9));
    let combined: Vec<_> = answer
        .units
        .iter()
        .filter(|unit| !unit.members.is_empty())
        .collect();
    assert_eq!(combined.len(), 2);
    assert_eq!(combined[0].unit.as_ref().expect("a unit").name, "Houten + Zeist");
    let of_report = client
        .get_universe(get("municipalities_337", ""))
        .await
        .expect("a universe");
    assert_eq!(
        (of_report.universe.expect("one").size, of_report.units.len()),
        (337, 0)
    );
    let error = refusal(
        client
            .get_universe(get("towns_as_units", "2019"))
            .await
            .expect_err("no units"),
    );
    assert_eq!(error.reason, Some(ErrorReason::NoData));
    let error = refusal(client.get_universe(get("", "20")).await.expect_err("wrong"));
    let fields: Vec<&str> = error
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(fields, ["universe_id", "year"]);
}

#[tokio::test]
async fn a_trend_among_units_follows_the_unit_and_the_mean_of_a_group_its_members() {
    let client = client().await;
    let trend = |code: &str, group: &str| v1::GetTrendRequest {
        indicator_id: "low_theft".into(),
        region_code: code.into(),
        group_id: group.into(),
        universe_id: "towns_as_units".into(),
        ..Default::default()
    };
    let answer = client.get_trend(trend("GM0502", "")).await.expect("a trend");
    let [point] = answer.points.as_slice() else {
        panic!("one year: {:?}", answer.points)
    };
    let standing = point.standing.expect("ranked");
    assert_eq!((point.value, point.n, standing.position), (Some(9.0), 9, 6));
    // Almere 9, Nieuwegein 10, Capelle 8, Zoetermeer 11: their own values, two of which stand as one unit.
    let answer = client
        .get_trend(trend("", "nta_new_towns"))
        .await
        .expect("a trend");
    assert_eq!(answer.points[0].value, Some(9.5));
    assert_eq!(answer.points[0].standing.expect("placed").position, 8);
    let error = refusal(client.get_trend(trend("GM0363", "")).await.expect_err("left out"));
    assert_eq!(error.reason, Some(ErrorReason::NotInUniverse));
    let other = v1::GetTrendRequest {
        indicator_id: "low_vandalism".into(),
        ..trend("GM0502", "")
    };
    let error = refusal(client.get_trend(other).await.expect_err("printed only"));
    assert!(
        error.message.contains("among `towns_as_units`"),
        "{}",
        error.message
    );
}

#[tokio::test]
async fn a_comparison_holds_means_of_municipalities_against_the_units() {
    let client = Server::of(&source()).await.client().await;
    let asked = |codes: &[&str]| v1::CompareGroupsRequest {
        indicator_ids: vec!["low_theft".into()],
        universe_id: "towns_as_units".into(),
        ad_hoc_groups: vec![v1::AdHocGroup {
            label: "chosen".into(),
            region_codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        }],
        ..Default::default()
    };
    let answer = client
        .compare_groups(asked(&["GM0321", "GM0356"]))
        .await
        .expect("compared");
    let compared = &answer.comparisons[0];
    let ranking = compared.ranking.as_ref().expect("a ranking");
    assert_eq!((ranking.universe_id.as_str(), ranking.n), ("towns_as_units", 9));
    let chosen = &compared.groups[0];
    assert_eq!(
        (chosen.mean, chosen.contributed),
        (Some(6.0), 2),
        "their own, not those of their units"
    );
    assert_eq!(
        chosen.standing.map(|standing| standing.position),
        Some(4),
        "2.5, 4 and 5 are less"
    );
    let weighted = chosen.weighted_mean.expect("weighted");
    assert!((weighted.mean - (2.0 * 50.0 + 10.0 * 60.0) / 110.0).abs() < 1e-9);
    let units = [9.0, 4.0, 280.0 / 110.0, 12.0, 9.0, 5.0, 6.0, 7.0, 11.0];
    let national = compared.national_mean.expect("a mean");
    assert!((national.mean - units.iter().sum::<f64>() / 9.0).abs() < 1e-9 && national.contributed == 9);
    let in_units = FIGURES
        .iter()
        .filter(|(code, ..)| UNITS.iter().any(|(unit, _)| unit == code));
    let (mut products, mut inhabitants) = (0.0, 0.0);
    for (_, of_town, theft, _) in in_units {
        products += f64::from(*of_town) * theft.parse::<f64>().expect("a number");
        inhabitants += f64::from(*of_town);
    }
    let by_inhabitants = compared.national_weighted_mean.expect("a mean");
    assert!(
        (by_inhabitants.mean - products / inhabitants).abs() < 1e-9,
        "{by_inhabitants:?}"
    );
    assert_eq!(by_inhabitants.contributed, 11);
    let unknown = v1::CompareGroupsRequest {
        universe_id: "towns_as_unit".into(),
        ..asked(&["GM0321"])
    };
    let error = refusal(client.compare_groups(unknown).await.expect_err("unknown"));
    assert_eq!(error.reason, Some(ErrorReason::UnknownUniverse));
}
