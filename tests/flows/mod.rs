//! Flows come out as they were imported: tables, pairs, balances, and what there is not.

mod relevant_region;

use crate::support::{Server, flows, has_caveat, refusal};
use groeikern_client::{AnswerError, Code, Error, v1, v1::CaveatCode, v1::ErrorReason};

fn about(region_code: &str) -> v1::GetFlowBalanceRequest {
    v1::GetFlowBalanceRequest {
        region_code: region_code.into(),
        partners: 10,
        ..Default::default()
    }
}

fn code(region: &Option<v1::RegionRef>) -> &str {
    region.as_ref().map_or("", |region| &region.code)
}

/// What every refusal must be.
fn refused(error: Error, code: Code, reason: ErrorReason) -> AnswerError {
    let answer = refusal(error);
    assert_eq!((answer.code, answer.reason), (code, Some(reason)), "{answer:?}");
    answer
}

#[tokio::test]
async fn whoever_asks_learns_which_flows_there_are() {
    let client = flows::client().await;
    let answer = client.list_flow_tables(Default::default()).await.expect("tables");
    let [commuting, migration] = &answer.tables[..] else {
        panic!("{:?}", answer.tables)
    };
    assert_eq!(
        (
            commuting.kind(),
            commuting.period.as_str(),
            commuting.source_id.as_str()
        ),
        (v1::FlowKind::Commuting, "2020", "commuting_of_towns")
    );
    assert_eq!(
        (
            commuting.municipalities,
            commuting.pairs,
            commuting.persons,
            commuting.persons_within
        ),
        (9, 14, 185.0, Some(40.0))
    );
    assert_eq!(commuting.breakdown, None);
    let divided = migration.breakdown.as_ref().expect("by age");
    let ids: Vec<&str> = divided
        .categories
        .iter()
        .map(|category| category.id.as_str())
        .collect();
    assert_eq!((divided.id.as_str(), &ids[..]), ("age", &["young", "old"][..]));
    assert_eq!(
        (migration.pairs, migration.persons, migration.persons_within),
        (2, 90.0, None)
    );
    let edition = client.get_edition(Default::default()).await.expect("an edition");
    let units = edition.edition.expect("an edition").import_units;
    let values: Vec<(&str, u64)> = units
        .iter()
        .map(|unit| (unit.recipe_id.as_str(), unit.values))
        .collect();
    assert_eq!(values, [("commuting_of_towns", 15), ("migration_of_towns", 4)]);
}

#[tokio::test]
async fn flows_come_largest_first_and_pages_join() {
    let client = flows::client().await;
    let of_almere = |page_size: i32| v1::QueryFlowsRequest {
        origin_codes: vec!["GM0034".into()],
        page_size,
        ..Default::default()
    };
    let whole = client.query_flows(of_almere(0)).await.expect("flows");
    let listed = |answer: &v1::QueryFlowsResponse| -> Vec<(String, f64)> {
        let flows = answer.flows.iter();
        flows
            .map(|flow| (code(&flow.destination).to_owned(), flow.persons))
            .collect()
    };
    let expected = [
        ("GM0363", 60.0),
        ("GM0995", 20.0),
        ("GM0370", 10.0),
        ("GM0637", 5.0),
        ("GM0794", 0.0),
    ];
    let expected: Vec<(String, f64)> = expected.map(|(code, persons)| (code.to_owned(), persons)).into();
    assert_eq!(
        listed(&whole),
        expected,
        "nobody is zero, and those who stay are not among them"
    );
    assert_eq!((whole.total_flows, whole.total_persons), (5, 95.0));
    for page_size in 1..=5 {
        let mut request = of_almere(page_size);
        let mut joined = Vec::new();
        loop {
            let page = client.query_flows(request.clone()).await.expect("a page");
            assert_eq!((page.total_flows, page.total_persons), (5, 95.0));
            joined.extend(listed(&page));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(joined, expected, "pages of {page_size}");
    }
    let within = v1::QueryFlowsRequest {
        include_within: true,
        destination_codes: vec!["GM0034".into(), "GM0363".into()],
        ..of_almere(0)
    };
    let answer = client.query_flows(within).await.expect("flows");
    assert_eq!(
        listed(&answer),
        [("GM0363".to_owned(), 60.0), ("GM0034".to_owned(), 40.0)]
    );
    let by_age = v1::QueryFlowsRequest {
        kind: v1::FlowKind::Migration.into(),
        breakdown_id: "age".into(),
        ..of_almere(0)
    };
    let answer = client.query_flows(by_age).await.expect("flows");
    let parts: Vec<(&str, Option<f64>)> = answer.flows[0]
        .parts
        .iter()
        .map(|part| (part.category_id.as_str(), part.persons))
        .collect();
    assert_eq!(parts, [("young", Some(30.0)), ("old", Some(10.0))]);
}

#[tokio::test]
async fn a_balance_tells_what_goes_in_and_out_by_partner() {
    let client = flows::client().await;
    let answer = client.get_flow_balance(about("GM0034")).await.expect("a balance");
    let balance = answer.balance.expect("a balance");
    assert_eq!(
        (balance.incoming, balance.outgoing, balance.net, balance.within),
        (15.0, 95.0, -80.0, Some(40.0))
    );
    assert_eq!(balance.partners, 5);
    let squares: f64 = [60.0, 20.0, 10.0, 5.0_f64]
        .iter()
        .map(|persons| persons * persons)
        .sum();
    let herfindahl = balance.herfindahl_of_destinations.expect("somebody leaves");
    assert!(
        (herfindahl - squares / (95.0 * 95.0)).abs() < 1e-12,
        "{herfindahl}"
    );
    let partners: Vec<(&str, Option<f64>, Option<f64>, f64)> = answer
        .partners
        .iter()
        .map(|partner| {
            (
                code(&partner.region),
                partner.incoming,
                partner.outgoing,
                partner.net,
            )
        })
        .collect();
    assert_eq!(
        partners,
        [
            ("GM0363", Some(10.0), Some(60.0), -50.0),
            ("GM0995", None, Some(20.0), -20.0),
            ("GM0370", None, Some(10.0), -10.0),
            ("GM0439", Some(5.0), None, 5.0),
            ("GM0637", None, Some(5.0), -5.0),
            ("GM0794", None, Some(0.0), 0.0),
        ]
    );
    let amsterdam = &answer.partners[0];
    for (found, expected) in [
        (amsterdam.share, 70.0 / 110.0),
        (amsterdam.share_of_incoming(), 10.0 / 15.0),
        (amsterdam.share_of_outgoing(), 60.0 / 95.0),
        (answer.partners[1].cumulative_share, 90.0 / 110.0),
        (answer.partners[5].cumulative_share, 1.0),
    ] {
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }
    let metadata = answer.metadata.as_ref();
    for code in [
        CaveatCode::FlowsOfTheirPeriod,
        CaveatCode::FlowPairsNotListed,
        CaveatCode::FlowsNotDivided,
    ] {
        assert!(has_caveat(metadata, code), "{code:?}");
    }
    let said = metadata.expect("metadata");
    assert!(!said.method_version.is_empty());
    assert!(
        said.citation
            .as_ref()
            .expect("a citation")
            .en
            .starts_with("Source: Our Bureau.")
    );
}

#[tokio::test]
async fn selective_migration_shows_where_the_source_divides_its_people() {
    let client = flows::client().await;
    let by_age = v1::GetFlowBalanceRequest {
        kind: v1::FlowKind::Migration.into(),
        breakdown_id: "age".into(),
        ..about("GM0034")
    };
    let answer = client.get_flow_balance(by_age.clone()).await.expect("a balance");
    assert_eq!(answer.balance.expect("a balance").net, 10.0);
    let nets: Vec<(&str, f64, Option<f64>, Option<f64>)> = answer
        .categories
        .iter()
        .map(|of| {
            let category = of.category.as_ref().expect("a category");
            let net = of.balance.expect("a balance").net;
            (
                category.id.as_str(),
                net,
                of.share_of_incoming,
                of.share_of_outgoing,
            )
        })
        .collect();
    assert_eq!(
        nets,
        [
            ("young", -25.0, Some(0.1), Some(0.75)),
            ("old", 35.0, Some(0.9), Some(0.25)),
        ]
    );
    let metadata = answer.metadata.as_ref();
    assert!(!has_caveat(metadata, CaveatCode::FlowsNotDivided));
    assert!(
        !has_caveat(metadata, CaveatCode::FlowPairsNotListed),
        "all pairs are"
    );

    let misspelt = v1::GetFlowBalanceRequest {
        breakdown_id: "agee".into(),
        ..by_age
    };
    let error = client.get_flow_balance(misspelt).await.expect_err("unknown");
    let answer = refused(error, Code::NotFound, ErrorReason::UnknownBreakdown);
    assert_eq!(answer.metadata["nearest"], "age");
    let undivided = v1::GetFlowBalanceRequest {
        breakdown_id: "age".into(),
        ..about("GM0034")
    };
    let error = client.get_flow_balance(undivided).await.expect_err("totals only");
    let answer = refused(error, Code::NotFound, ErrorReason::UnknownBreakdown);
    assert!(answer.message.contains("totals only"), "{answer:?}");
}

#[tokio::test]
async fn what_flows_do_not_hold_is_refused_with_what_they_do() {
    let client = flows::client().await;
    let refused_with = async |request: v1::GetFlowBalanceRequest, said: &[&str]| {
        let error = client
            .get_flow_balance(request)
            .await
            .expect_err("nothing to answer");
        let answer = refused(error, Code::NotFound, ErrorReason::NoData);
        for said in said {
            assert!(answer.message.contains(said), "{said}: {answer:?}");
        }
    };
    let kind = |kind: v1::FlowKind| v1::GetFlowBalanceRequest {
        kind: kind.into(),
        ..about("GM0034")
    };
    refused_with(
        kind(v1::FlowKind::Trips),
        &[
            "no trips",
            "flows of commuting of 2020",
            "flows of migration of 2020",
        ],
    )
    .await;
    let of_2018 = v1::GetFlowBalanceRequest {
        period: "2018".into(),
        ..kind(v1::FlowKind::Commuting)
    };
    refused_with(
        of_2018,
        &["no commuting of 2018", "it holds flows of commuting of 2020"],
    )
    .await;
    let missing = v1::GetFlowBalanceRequest {
        kind: v1::FlowKind::Migration.into(),
        ..about("GM0995")
    };
    refused_with(
        missing,
        &["the flows of migration of 2020 do not list Lelystad (GM0995)"],
    )
    .await;
    // A present code is told what it was then; a former one is answered.
    refused_with(
        about("GM1980"),
        &[
            "do not list Dijk en Waard (GM1980)",
            "ask for what it was then: Heerhugowaard (GM0398)",
        ],
    )
    .await;
    let beemster = client
        .get_flow_balance(about("GM0370"))
        .await
        .expect("as it was in 2020");
    assert_eq!(beemster.balance.expect("a balance").incoming, 40.0);

    let neither = client
        .query_flows(Default::default())
        .await
        .expect_err("neither end");
    let answer = refused(neither, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(answer.violations[0].field, "origin_codes");

    let without_flows = Server::start().await.client().await;
    let error = without_flows
        .get_flow_balance(about("GM0034"))
        .await
        .expect_err("none");
    let answer = refused(error, Code::NotFound, ErrorReason::NoData);
    assert!(answer.message.contains("cbs_migration_2018"), "{answer:?}");
    let tables = without_flows
        .list_flow_tables(Default::default())
        .await
        .expect("none");
    assert!(tables.tables.is_empty());
}

#[tokio::test]
async fn what_stays_within_one_municipality_is_not_empty_without_a_word() {
    let client = flows::client().await;
    let within = |include_within| v1::QueryFlowsRequest {
        origin_codes: vec!["GM0034".into()],
        destination_codes: vec!["GM0034".into()],
        include_within,
        ..Default::default()
    };
    let error = client.query_flows(within(false)).await.expect_err("never any");
    let answer = refused(error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(answer.violations[0].field, "include_within", "{answer:?}");
    let stayed = client.query_flows(within(true)).await.expect("who stays");
    assert_eq!(stayed.total_persons, 40.0);
}
