//! How firm positions are: the same answer however it is reckoned, bounded, and never for nobody.

use std::{collections::BTreeMap, num::NonZeroUsize, time::Duration};

use groeikern_client::{Client, ConnectOptions, Error, RetryBudget, v1};
use groeikern_server::{
    method::{
        Composite, CompositeMean, CompositeNode, Levels, PositionCounts, RobustScale, Sensitivity,
        WeightNoise,
    },
    rpc::Runs,
};
use v1::{composite_child::Node, composite_variant::Variant};

use crate::support::{
    Server, refusal,
    towns::{self, VALUED},
};

fn indicator(id: &str, weight: f64) -> v1::CompositeChild {
    v1::CompositeChild {
        node: Some(Node::IndicatorId(id.into())),
        weight: Some(weight),
        ..Default::default()
    }
}

fn composite(children: Vec<v1::CompositeChild>) -> Option<v1::Composite> {
    Some(v1::Composite {
        children,
        ..Default::default()
    })
}

/// Theft twice as heavy as the others.
fn asking() -> v1::AnalyseSensitivityRequest {
    let weights = [2.0, 1.0, 1.0, 1.0];
    v1::AnalyseSensitivityRequest {
        composite: composite(
            VALUED
                .iter()
                .zip(weights)
                .map(|(id, weight)| indicator(id, weight))
                .collect(),
        ),
        seed: 7,
        draws: 60,
        ..Default::default()
    }
}

async fn analyse(client: &Client, request: v1::AnalyseSensitivityRequest) -> v1::AnalyseSensitivityResponse {
    client.analyse_sensitivity(request).await.expect("an analysis")
}

fn runs_on(threads: usize) -> Runs {
    Runs::on(NonZeroUsize::new(threads).expect("some"))
}

fn code(region: Option<&v1::RegionRef>) -> &str {
    &region.expect("a region").code
}

#[tokio::test]
async fn threads_do_not_change_answers_and_seeds_do() {
    let source = towns::source();
    let mut answers = Vec::new();
    for threads in [1, 2, 7] {
        let client = Server::running(&source, runs_on(threads)).await.client().await;
        answers.push(analyse(&client, asking()).await);
        if threads == 2 {
            assert_eq!(analyse(&client, asking()).await, answers[0], "and again");
            let other = v1::AnalyseSensitivityRequest { seed: 8, ..asking() };
            let other = analyse(&client, other).await;
            assert_ne!(other.regions, answers[0].regions);
            assert_eq!(other.variants, answers[0].variants, "nothing is drawn there");
        }
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(
        (answers[0].draws, answers[0].seed, answers[0].weight_noise),
        (60, 7, 0.25)
    );
}

#[tokio::test]
async fn draws_are_those_of_the_method_over_grades_made_by_hand() {
    let codes = towns::codes();
    let columns: Vec<BTreeMap<&str, f64>> = (0..VALUED.len())
        .map(|number| {
            let values = codes.iter().enumerate();
            let values: Vec<(&str, f64)> = values
                .filter_map(|(place, code)| {
                    Some((code.as_str(), -towns::value(number, place, code, "2024")?))
                })
                .collect();
            let oriented: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
            let scale = RobustScale::fit(&oriented).expect("enough");
            values
                .into_iter()
                .map(|(code, value)| (code, scale.grade(value)))
                .collect()
        })
        .collect();
    let units: Vec<Vec<Option<f64>>> = codes
        .iter()
        .map(|code| {
            columns
                .iter()
                .map(|column| column.get(code.as_str()).copied())
                .collect()
        })
        .collect();
    let leaves = [2.0, 1.0, 1.0, 1.0].into_iter().enumerate();
    let root = CompositeNode::of(
        1.0,
        leaves
            .map(|(leaf, weight)| CompositeNode::leaf(weight, leaf))
            .collect(),
    );
    let tree = Composite::new(&root, 4, CompositeMean::Arithmetic).expect("sound");
    let noise = WeightNoise {
        seed: 7,
        spread: 0.25,
        levels: Levels::All,
    };
    let sensitivity = Sensitivity::new(&tree, &units, noise).expect("fit");
    let mut counts = PositionCounts::of_units(sensitivity.units().len());
    (0..60).for_each(|draw| counts.add(&sensitivity.ranking_of_draw(draw)));
    let expected = counts.summary(sensitivity.nominal()).expect("draws");

    let client = towns::client().await;
    let answer = analyse(&client, asking()).await;
    assert_eq!(answer.regions.len(), expected.len());
    for (place, unit) in sensitivity.units().into_iter().zip(&expected) {
        let found = answer
            .regions
            .iter()
            .find(|found| code(found.region.as_ref()) == codes[place])
            .expect("ranked");
        assert_eq!(
            (
                found.position,
                found.position_p05,
                found.position_p50,
                found.position_p95
            ),
            (unit.nominal, unit.lower, unit.median, unit.upper)
        );
        assert_eq!(
            (
                found.share_in_top,
                found.share_in_bottom,
                found.mean_shift,
                found.fragile
            ),
            (
                unit.share_in_top,
                unit.share_in_bottom,
                unit.mean_shift,
                unit.fragile
            )
        );
    }
    let fragile = expected.iter().filter(|unit| unit.fragile).count();
    assert_eq!(answer.fragile as usize, fragile);
    assert!(
        fragile > 0 && fragile < expected.len(),
        "else this says nothing: {fragile}"
    );
}

#[tokio::test]
async fn positions_are_those_of_the_ranking_and_without_noise_they_never_move() {
    let client = towns::client().await;
    let request = v1::AnalyseSensitivityRequest {
        weight_noise: Some(0.0),
        ..asking()
    };
    let answer = analyse(&client, request).await;
    let ranking = v1::RankCompositeRequest {
        composite: asking().composite,
        ..Default::default()
    };
    let ranking = client.rank_composite(ranking).await.expect("a ranking");
    assert_eq!(
        (&answer.summary, &answer.nodes),
        (&ranking.summary, &ranking.nodes)
    );
    assert_eq!((answer.fragile, answer.regions.len()), (0, ranking.rows.len()));
    for (found, row) in answer.regions.iter().zip(&ranking.rows) {
        assert_eq!(found.region, row.region);
        let position = row.standing.as_ref().expect("a standing").position;
        let everywhere = f64::from(position);
        assert_eq!(found.position, position);
        assert_eq!(
            (
                found.position_p05,
                found.position_p50,
                found.position_p95,
                found.mean_shift
            ),
            (everywhere, everywhere, everywhere, 0.0)
        );
    }
}

#[tokio::test]
async fn variants_are_rankings_made_otherwise_compared_place_by_place() {
    let client = towns::client().await;
    let answer = analyse(&client, asking()).await;
    let positions = async |change: &dyn Fn(&mut v1::RankCompositeRequest)| -> BTreeMap<String, u32> {
        let mut request = v1::RankCompositeRequest {
            composite: asking().composite,
            ..Default::default()
        };
        change(&mut request);
        let rows = client.rank_composite(request).await.expect("a ranking").rows;
        let position = |row: &v1::CompositeRow| row.standing.as_ref().expect("a standing").position;
        rows.iter()
            .map(|row| (code(row.region.as_ref()).to_owned(), position(row)))
            .collect()
    };
    let nominal = positions(&|_| {}).await;
    let shift = |other: &BTreeMap<String, u32>| {
        assert!(
            nominal.keys().eq(other.keys()),
            "else positions would have to be counted anew"
        );
        let places: u32 = nominal
            .iter()
            .map(|(code, position)| position.abs_diff(other[code]))
            .sum();
        f64::from(places) / nominal.len() as f64
    };
    let variant = |wanted: Variant| {
        let found = answer
            .variants
            .iter()
            .find(|found| found.variant.as_ref() == Some(&wanted));
        found.unwrap_or_else(|| panic!("no {wanted:?}"))
    };
    let cases: [(Variant, BTreeMap<String, u32>); 4] = [
        (
            Variant::WithoutNode(1),
            positions(&|request| drop(request.composite.as_mut().expect("one").children.remove(0))).await,
        ),
        (
            Variant::EqualWeights(true),
            positions(&|request| request.composite.as_mut().expect("one").children[0].weight = None).await,
        ),
        (
            Variant::Mean(v1::CompositeMean::Harmonic.into()),
            positions(&|request| {
                request.composite.as_mut().expect("one").mean = v1::CompositeMean::Harmonic.into();
            })
            .await,
        ),
        (
            Variant::GradeMethod(v1::GradeMethod::Percentile.into()),
            positions(&|request| request.grade_method = v1::GradeMethod::Percentile.into()).await,
        ),
    ];
    for (wanted, other) in cases {
        let found = variant(wanted);
        assert_eq!((found.lost, found.gained), (0, 0), "{found:?}");
        assert!(
            (found.mean_shift.expect("compared") - shift(&other)).abs() < 1e-12,
            "{found:?}"
        );
        let mover = code(found.largest_mover.as_ref());
        assert_eq!(
            (found.largest_mover_before, found.largest_mover_after),
            (nominal[mover], other[mover])
        );
        let furthest = nominal
            .iter()
            .map(|(code, position)| position.abs_diff(other[code]))
            .max();
        assert_eq!(furthest, Some(nominal[mover].abs_diff(other[mover])));
        assert!(
            found.compared > 25 && found.tau.is_some_and(|tau| tau > 0.0 && tau < 1.0),
            "{found:?}"
        );
    }
    let left_out = |found: &&v1::CompositeVariant| matches!(found.variant, Some(Variant::WithoutNode(_)));
    assert_eq!(answer.variants.iter().filter(left_out).count(), 4);
    assert_eq!(answer.variants.len(), 4 + 1 + 2 + 3);
}

#[tokio::test]
async fn printed_positions_have_no_other_grades_and_a_single_part_cannot_be_left_out() {
    let client = Server::start().await.client().await;
    let request = v1::AnalyseSensitivityRequest {
        composite: composite(vec![indicator("low_theft", 1.0)]),
        draws: 10,
        ..Default::default()
    };
    let answer = analyse(&client, request).await;
    assert_eq!(answer.summary.expect("a summary").basis(), v1::Basis::Published);
    let kinds: Vec<bool> = answer
        .variants
        .iter()
        .map(|found| matches!(found.variant, Some(Variant::Mean(_))))
        .collect();
    assert_eq!(kinds, [true, true], "{:?}", answer.variants);
    for found in &answer.variants {
        assert_eq!(
            (found.mean_shift, found.tau, &found.largest_mover),
            (Some(0.0), Some(1.0), &None)
        );
    }
}

#[tokio::test]
async fn the_municipalities_asked_for_come_in_that_order_and_those_without_score_say_why() {
    let client = towns::client().await;
    let request = v1::AnalyseSensitivityRequest {
        region_codes: ["GM0637", "GM0794", "GM9999", "GM0370", "GM0034"]
            .map(str::to_owned)
            .to_vec(),
        ..asking()
    };
    let answer = analyse(&client, request).await;
    use v1::ItemStatus::{NoData, Ok, Retired};
    let statuses: Vec<v1::ItemStatus> = answer.regions.iter().map(|found| found.status()).collect();
    assert_eq!(statuses, [Ok, NoData, NoData, Retired, Ok]);
    let all = analyse(&client, asking()).await;
    for found in answer.regions.iter().filter(|found| found.status() == Ok) {
        assert!(all.regions.contains(found));
    }
    let request = v1::AnalyseSensitivityRequest {
        group_id: "nta_new_towns".into(),
        ..asking()
    };
    let members = analyse(&client, request).await.regions;
    assert!(members.len() > 2 && members.iter().all(|found| all.regions.contains(found)));
}

#[tokio::test]
async fn what_cannot_be_drawn_is_refused_all_at_once() {
    let client = towns::client().await;
    let request = v1::AnalyseSensitivityRequest {
        draws: -1,
        weight_noise: Some(1.0),
        region_codes: vec!["GM0034".into(), "Almere".into()],
        group_id: "nta_new_towns".into(),
        ..Default::default()
    };
    let error = refusal(client.analyse_sensitivity(request).await.expect_err("refused"));
    let fields: Vec<&str> = error
        .violations
        .iter()
        .map(|found| found.field.as_str())
        .collect();
    for field in [
        "draws",
        "weight_noise",
        "region_codes[1]",
        "group_id",
        "composite",
    ] {
        assert!(fields.contains(&field), "{field} is not in {fields:?}");
    }
    for wrong in [f64::NAN, -0.1, f64::INFINITY] {
        let request = v1::AnalyseSensitivityRequest {
            weight_noise: Some(wrong),
            ..asking()
        };
        client.analyse_sensitivity(request).await.expect_err("no noise");
    }
}

#[tokio::test]
async fn more_draws_than_fit_are_not_made_and_the_answer_says_so() {
    let client = Server::start().await.client().await;
    let request = v1::AnalyseSensitivityRequest {
        composite: composite(vec![indicator("low_theft", 1.0), indicator("low_vandalism", 1.0)]),
        draws: i32::MAX,
        ..Default::default()
    };
    let answer = analyse(&client, request.clone()).await;
    let says_so = |answer: &v1::AnalyseSensitivityResponse| {
        let caveats = answer.metadata.as_ref().expect("metadata").caveats.iter();
        caveats
            .filter(|caveat| caveat.code() == v1::CaveatCode::FewerDraws)
            .count()
    };
    assert_eq!((answer.draws, says_so(&answer)), (10_000, 1));
    let fits = analyse(&client, v1::AnalyseSensitivityRequest { draws: 0, ..request }).await;
    assert_eq!((fits.draws, says_so(&fits)), (1000, 0));
}

/// A request that takes much longer than anybody wants to wait: hundreds of nodes that weigh next to nothing.
async fn endless(client: &Client) -> v1::AnalyseSensitivityRequest {
    let request = v1::ListIndicatorsRequest {
        page_size: 1000,
        ..Default::default()
    };
    let indicators = client
        .list_indicators(request)
        .await
        .expect("indicators")
        .indicators;
    let light = indicators.iter().filter(|found| {
        found.kind() != v1::IndicatorKind::Neutral
            && found.kind_basis() != v1::KindBasis::Unverified
            && !found.origin_category
            && found.children.is_empty()
            && !VALUED.contains(&found.id.as_str())
    });
    let wrapped = |child: v1::CompositeChild| v1::CompositeChild {
        weight: child.weight,
        node: Some(Node::Children(v1::CompositeChildren {
            children: vec![child],
        })),
        ..Default::default()
    };
    let deep = |id: &str| (0..8).fold(indicator(id, 1e-6), |child, _| wrapped(child));
    let heavy = VALUED.iter().map(|id| indicator(id, 1.0));
    v1::AnalyseSensitivityRequest {
        composite: composite(heavy.chain(light.map(|found| deep(&found.id))).collect()),
        draws: 10_000,
        ..Default::default()
    }
}

async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn work_stops_when_the_client_goes_away() {
    let runs = runs_on(2);
    let client = Server::running(&towns::source(), runs.clone())
        .await
        .client()
        .await;
    let request = endless(&client).await;
    let asked = tokio::spawn(async move { client.analyse_sensitivity(request).await });
    until(|| runs.steps() > 0).await;
    asked.abort();
    asked.await.expect_err("gone");
    until(|| runs.under_way() == 0).await;
    let made = runs.steps();
    assert!(made < 10_000, "all was made, for nobody");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(runs.steps(), made, "nothing goes on");
}

#[tokio::test]
async fn a_few_run_at_once_the_others_wait_within_their_deadline() {
    let runs = runs_on(1);
    let server = Server::running(&towns::source(), runs.clone()).await;
    let client = server.client().await;
    let request = endless(&client).await;
    let long = [(); 2].map(|()| {
        let (client, request) = (client.clone(), request.clone());
        tokio::spawn(async move { client.analyse_sensitivity(request).await })
    });
    until(|| runs.under_way() == 2).await;
    let options = ConnectOptions::new(server.url())
        .deadline(Duration::from_millis(300))
        .retry_budget(RetryBudget::none());
    let hurried = Client::connect(options).await.expect("a connection");
    let error = hurried
        .analyse_sensitivity(asking())
        .await
        .expect_err("no place in time");
    assert!(
        matches!(&error, Error::DeadlineExceeded { .. })
            || error.reason() == Some(v1::ErrorReason::DeadlineExceeded),
        "{error:?}"
    );
    let ranking = v1::RankCompositeRequest {
        composite: asking().composite,
        ..Default::default()
    };
    client
        .rank_composite(ranking)
        .await
        .expect("other questions are answered meanwhile");
    long.iter().for_each(tokio::task::JoinHandle::abort);
    until(|| runs.under_way() == 0).await;
    analyse(&client, asking()).await;
}
