//! Groups and chosen municipalities side by side: unweighted and by inhabitants, and against the national mean.

use groeikern_client::{
    AnswerError, Client, v1, v1::CaveatCode, v1::ErrorReason, v1::GapDirection, v1::ItemStatus,
};
use groeikern_server::edition::source::SourceFolder;

use crate::support::{Server, refusal};

/// Code, thefts, share of people who work where they live, inhabitants. Capelle has none of the last.
const TOWNS: [(&str, f64, f64, Option<f64>); 6] = [
    ("GM0034", 8.0, 40.0, Some(200_000.0)),
    ("GM0637", 2.0, 30.0, Some(100_000.0)),
    ("GM0439", 5.0, 35.0, Some(100_000.0)),
    ("GM0321", 1.0, 20.0, Some(50_000.0)),
    ("GM0344", 12.0, 60.0, Some(350_000.0)),
    ("GM0502", 8.0, 25.0, None),
];

async fn client() -> Client {
    let source = SourceFolder::built_in();
    let mut indicators = source.file("indicators.toml").expect("a file").to_owned();
    for (id, keys) in [
        (
            "low_theft",
            "polarity = \"lower_is_favourable\"\nunit_nl = \"per 1.000\"\nunit_en = \"per 1,000\"",
        ),
        (
            "share_working_in_own_municipality",
            "unit_nl = \"%\"\nunit_en = \"%\"",
        ),
    ] {
        let begin = format!("id = \"{id}\"\n");
        assert!(indicators.contains(&begin), "{id}");
        indicators = indicators.replacen(&begin, &format!("{begin}{keys}\n"), 1);
    }
    indicators += "\n[[indicator]]\nid = \"inhabitants\"\nname_nl = \"Inwoners\"\nname_en = \"Inhabitants\"\n\
                   theme = \"social_cohesion\"\nkind = \"neutral\"\nkind_basis = \"inferred\"\nsection = \"4.1\"\n\
                   unit_nl = \"inwoners\"\nunit_en = \"inhabitants\"\naggregation = \"sum\"\n";
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    let mut add = |indicator: &str, code: &str, period: &str, value: f64| {
        observations += &format!("{indicator},{code},{period},{value},final,loaded,bureau_louter_2024\n");
    };
    for (code, thefts, working, inhabitants) in TOWNS {
        for period in ["2020", "2024"] {
            add("low_theft", code, period, thefts);
        }
        add("share_working_in_own_municipality", code, "2024", working);
        if let Some(inhabitants) = inhabitants {
            add("inhabitants", code, "2024", inhabitants);
        }
    }
    // Beemster was part of nothing yet, and nobody lived in Dordrecht.
    add("low_theft", "GM0370", "2020", 3.0);
    add("low_theft", "GM0505", "2024", 3.0);
    add("inhabitants", "GM0505", "2024", 0.0);
    let source = source
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", observations);
    Server::of(&source).await.client().await
}

fn list(label: &str, codes: &[&str]) -> v1::AdHocGroup {
    v1::AdHocGroup {
        label: label.into(),
        region_codes: codes.iter().map(|code| (*code).to_owned()).collect(),
    }
}

fn asking(indicator: &str, lists: Vec<v1::AdHocGroup>) -> v1::CompareGroupsRequest {
    v1::CompareGroupsRequest {
        indicator_ids: vec![indicator.into()],
        ad_hoc_groups: lists,
        ..Default::default()
    }
}

async fn comparison(client: &Client, request: v1::CompareGroupsRequest) -> v1::GroupComparison {
    let answer = client.compare_groups(request).await.expect("a comparison");
    answer.comparisons.into_iter().next().expect("one indicator")
}

fn codes(answer: &v1::CompareGroupsResponse) -> Vec<CaveatCode> {
    let metadata = answer.metadata.as_ref().expect("metadata");
    metadata.caveats.iter().map(v1::Caveat::code).collect()
}

fn close(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 1e-9
}

#[tokio::test]
async fn a_list_has_the_mean_of_its_values_and_that_by_inhabitants() {
    let client = client().await;
    let lists = vec![
        list("three", &["GM0439", "GM0034", "GM0637"]),
        list("one", &["GM0321"]),
    ];
    let compared = comparison(&client, asking("low_theft", lists)).await;
    let labels: Vec<&str> = compared
        .groups
        .iter()
        .map(|group| group.ad_hoc_label.as_str())
        .collect();
    assert_eq!(labels, ["three", "one"]);
    let three = &compared.groups[0];
    assert_eq!((&three.group, three.members, three.contributed), (&None, 3, 3));
    assert_eq!(
        (three.mean, three.mean_of_positions),
        (Some(5.0), Some((5.0 + 2.0 + 4.0) / 3.0))
    );
    let weighted = three.weighted_mean.expect("weighted");
    // (2 * 8 + 1 * 2 + 1 * 5) / 4
    assert_eq!((weighted.mean, weighted.contributed), (5.75, 3));
    let positions = [three.standing, weighted.standing].map(|standing| standing.map(|found| found.position));
    assert_eq!(
        positions,
        [Some(4), Some(5)],
        "1, 2 and 3 are less than 5; 5 is less than 5.75"
    );
    assert_eq!(
        three.standing.and_then(|standing| standing.grade),
        None,
        "fewer than ten units"
    );
    let national = compared.national_mean.expect("a national mean");
    assert!(
        close(national.mean, 39.0 / 7.0) && national.contributed == 7,
        "{national:?}"
    );
    let by_inhabitants = compared.national_weighted_mean.expect("weighted");
    assert!(
        close(
            by_inhabitants.mean,
            (1600.0 + 200.0 + 500.0 + 50.0 + 4200.0) / 800.0
        ),
        "{by_inhabitants:?}"
    );
    assert_eq!(by_inhabitants.contributed, 5, "one of none, one of 0 inhabitants");
    let gap = three.gap.expect("a gap");
    assert!(close(gap.difference.expect("a difference"), 5.0 - 39.0 / 7.0));
    assert_eq!(gap.direction(), GapDirection::Ahead, "less theft is better");
    let gap = weighted.gap.expect("a gap");
    assert!(
        close(gap.difference.expect("a difference"), 5.75 - by_inhabitants.mean),
        "weighted against weighted"
    );
}

#[tokio::test]
async fn who_lacks_inhabitants_is_counted_and_never_filled_in() {
    let client = client().await;
    let lists = vec![
        list("with Capelle", &["GM0502", "GM0637"]),
        list("Capelle", &["GM0502"]),
        list("nobody", &["GM0505"]),
    ];
    let answer = client
        .compare_groups(asking("low_theft", lists))
        .await
        .expect("a comparison");
    let groups = &answer.comparisons[0].groups;
    assert_eq!((groups[0].mean, groups[0].contributed), (Some(5.0), 2));
    let weighted = groups[0].weighted_mean.expect("weighted");
    assert_eq!((weighted.mean, weighted.contributed), (2.0, 1));
    for group in &groups[1..] {
        assert_eq!(
            (group.contributed, group.weighted_mean),
            (1, None),
            "{}",
            group.ad_hoc_label
        );
        assert!(group.mean.is_some() && group.gap.is_some());
    }
    assert!(
        codes(&answer).contains(&CaveatCode::InhabitantsUnknown),
        "{:?}",
        codes(&answer)
    );
    let all_known = client
        .compare_groups(asking("low_theft", vec![list("a", &["GM0034"])]))
        .await
        .expect("one");
    assert!(!codes(&all_known).contains(&CaveatCode::InhabitantsUnknown));
}

#[tokio::test]
async fn without_inhabitants_of_the_period_there_is_no_weighted_mean_and_a_caveat() {
    let client = client().await;
    let request = v1::CompareGroupsRequest {
        period: "2020".into(),
        ..asking("low_theft", vec![list("a", &["GM0034", "GM0370"])])
    };
    let answer = client.compare_groups(request).await.expect("a comparison");
    let compared = &answer.comparisons[0];
    assert_eq!(
        (compared.groups[0].mean, compared.groups[0].weighted_mean),
        (Some(5.5), None)
    );
    assert_eq!(
        (
            compared.national_mean.map(|mean| mean.contributed),
            compared.national_weighted_mean
        ),
        (Some(7), None)
    );
    assert!(codes(&answer).contains(&CaveatCode::InhabitantsUnknown));
}

#[tokio::test]
async fn counts_are_not_weighted_by_inhabitants_and_say_so() {
    let client = client().await;
    let lists = vec![list("two", &["GM0034", "GM0637"])];
    let answer = client
        .compare_groups(asking("inhabitants", lists))
        .await
        .expect("a comparison");
    let compared = &answer.comparisons[0];
    assert_eq!(
        (compared.groups[0].mean, compared.groups[0].weighted_mean),
        (Some(150_000.0), None)
    );
    assert_eq!(compared.national_weighted_mean, None);
    assert!(codes(&answer).contains(&CaveatCode::CountNotWeighted));
    assert!(!codes(&answer).contains(&CaveatCode::InhabitantsUnknown));
}

#[tokio::test]
async fn a_neutral_mean_is_higher_or_lower_and_never_ahead() {
    let client = client().await;
    let lists = vec![
        list("low", &["GM0321"]),
        list("high", &["GM0344"]),
        list(
            "all",
            &["GM0034", "GM0637", "GM0439", "GM0321", "GM0344", "GM0502"],
        ),
    ];
    let compared = comparison(&client, asking("share_working_in_own_municipality", lists)).await;
    let found: Vec<GapDirection> = compared
        .groups
        .iter()
        .map(|group| group.gap.expect("a gap").direction())
        .collect();
    assert_eq!(
        found,
        [GapDirection::Lower, GapDirection::Higher, GapDirection::Equal]
    );
    let all = compared.groups[2].weighted_mean.expect("weighted");
    assert_eq!(all.gap.expect("a gap").direction(), GapDirection::Equal);
}

#[tokio::test]
async fn a_list_of_a_groups_members_stands_where_the_group_stands() {
    let client = client().await;
    let members = [
        "GM0034", "GM0502", "GM0794", "GM0356", "GM1930", "GM0439", "GM0637",
    ];
    for indicator in ["low_theft", "share_working_in_own_municipality"] {
        let request = v1::CompareGroupsRequest {
            group_ids: vec!["nta_new_towns".into()],
            ..asking(indicator, vec![list("the same", &members)])
        };
        let compared = comparison(&client, request).await;
        let [group, list] = compared.groups.as_slice() else {
            panic!("{compared:?}")
        };
        assert!(group.ad_hoc_label.is_empty() && group.group.is_some());
        let unnamed = |standing: &v1::GroupStanding| v1::GroupStanding {
            group: None,
            ad_hoc_label: String::new(),
            ..standing.clone()
        };
        assert_eq!(unnamed(group), unnamed(list), "{indicator}");
    }
}

#[tokio::test]
async fn of_printed_positions_a_list_has_the_mean_of_positions_only() {
    let client = client().await;
    let request = v1::CompareGroupsRequest {
        group_ids: vec!["nta_new_towns".into()],
        basis: v1::Basis::Published.into(),
        ..asking("low_theft", vec![list("two", &["GM0034", "GM0794"])])
    };
    let answer = client
        .compare_groups(request.clone())
        .await
        .expect("a comparison");
    let [group, list] = answer.comparisons[0].groups.as_slice() else {
        panic!("{answer:?}")
    };
    assert_eq!(
        (group.status(), list.status()),
        (ItemStatus::Ok, ItemStatus::NoData)
    );
    assert_eq!(
        (list.mean, list.standing, list.gap, list.weighted_mean),
        (None, None, None, None)
    );
    assert_eq!(
        (list.contributed, list.mean_of_positions),
        (2, Some((277.0 + 314.0) / 2.0))
    );
    assert_eq!(answer.comparisons[0].national_mean, None);
    // Alone it has no mean, and its positions still say what they are.
    let alone = v1::CompareGroupsRequest {
        group_ids: Vec::new(),
        indicator_ids: Vec::new(),
        ..request
    };
    let alone = client.compare_groups(alone).await.expect("comparisons");
    assert!(
        alone
            .comparisons
            .iter()
            .all(|compared| compared.status() == ItemStatus::NoData)
    );
    assert!(
        alone.comparisons.len() > 50,
        "every indicator with positions: {}",
        alone.comparisons.len()
    );
    assert!(codes(&alone).contains(&CaveatCode::PublishedPositions));
}

#[tokio::test]
async fn what_is_wrong_with_lists_is_said_at_once() {
    let client = client().await;
    let refused = async |request: v1::CompareGroupsRequest| -> AnswerError {
        refusal(client.compare_groups(request).await.expect_err("refused"))
    };
    let fields = |error: &AnswerError| -> Vec<String> {
        error
            .violations
            .iter()
            .map(|violation| violation.field.clone())
            .collect()
    };
    let error = refused(asking("low_theft", Vec::new())).await;
    assert_eq!(fields(&error), ["group_ids"]);
    let lists = vec![
        list("", &["GM0034"]),
        list("twice", &["GM0034", "GM0637", "GM0034"]),
        list("twice", &["Almere", ""]),
        list("empty", &[]),
        list(&"é".repeat(101), &["GM0034"]),
    ];
    let error = refused(asking("low_theft", lists)).await;
    assert_eq!(
        fields(&error),
        [
            "ad_hoc_groups[0].label",
            "ad_hoc_groups[1].region_codes[2]",
            "ad_hoc_groups[2].label",
            "ad_hoc_groups[2].region_codes[1]",
            "ad_hoc_groups[2].region_codes[0]",
            "ad_hoc_groups[3].region_codes",
            "ad_hoc_groups[4].label",
        ]
    );
    let many: Vec<String> = (0..501).map(|number| format!("GM{number:04}")).collect();
    let of = |label: String, codes: &[String]| v1::AdHocGroup {
        label,
        region_codes: codes.to_vec(),
    };
    for lists in [
        vec![of("long".into(), &many)],
        (0..501)
            .map(|number| of(number.to_string(), &many[..1]))
            .collect(),
        (0..11)
            .map(|number| of(number.to_string(), &many[..500]))
            .collect(),
    ] {
        let error = refused(asking("low_theft", lists)).await;
        assert_eq!(error.reason, Some(ErrorReason::BatchTooLarge), "{error:?}");
    }
    // As many lists as fit, of all indicators, are more than an answer holds.
    let everything = v1::CompareGroupsRequest {
        ad_hoc_groups: (0..500)
            .map(|number| of(number.to_string(), &["GM0034".to_owned()]))
            .collect(),
        ..Default::default()
    };
    assert_eq!(refused(everything).await.reason, Some(ErrorReason::BatchTooLarge));
}

#[tokio::test]
async fn who_is_on_a_list_must_exist_in_the_period_asked_for() {
    let client = client().await;
    let reason = async |codes: &[&str], period: &str| {
        let request = v1::CompareGroupsRequest {
            period: period.into(),
            ..asking("low_theft", vec![list("a", codes)])
        };
        client
            .compare_groups(request)
            .await
            .map_err(refusal)
            .err()
            .and_then(|error| error.reason)
    };
    assert_eq!(
        reason(&["GM0034", "GM0370"], "").await,
        Some(ErrorReason::RetiredRegion)
    );
    assert_eq!(reason(&["GM0034", "GM0370"], "2020").await, None);
    assert_eq!(
        reason(&["GM0003"], "").await,
        Some(ErrorReason::NoData),
        "well-formed, and not in the edition"
    );
    assert_eq!(reason(&["WK003401"], "").await, Some(ErrorReason::UnknownRegion));
}
