//! The method against other people's software: COINr and scipy, from the shared folder beside the project.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::PathBuf,
};

use crate::domain::Polarity;

use super::{
    Point, Ranking, RobustScale, Trend, mean, position_of_derived,
    quantile::quantile_type7,
    rank_correlation,
    trend::{MINIMUM_FOR_INTERVAL, MOST_FOR_EXACT_TEST},
};

/// A CSV file of the oracles as rows of named fields. Where the folder is absent, as in a plain clone, the test is skipped
/// and says so; `fixtures` pins the same facts there.
pub(super) fn oracle(test: &str, file: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/oracles")
        .join(file);
    let Ok(text) = fs::read_to_string(&path) else {
        // Straight to the stream: what a passing test prints is swallowed.
        let _ = writeln!(
            io::stderr(),
            "skipped {test}: shared/oracles/{file} is not beside the project"
        );
        return None;
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<_> = reader
        .deserialize()
        .map(|row| row.expect("a well-formed oracle"))
        .collect();
    assert!(!rows.is_empty(), "{file} is empty");
    Some(rows)
}

pub(super) fn number(row: &BTreeMap<String, String>, field: &str) -> Option<f64> {
    row[field].parse().ok().filter(|value: &f64| value.is_finite())
}

#[test]
fn positions_equal_scipy_min_ranks() {
    let (Some(input), Some(ranks)) = (
        oracle("positions_equal_scipy_min_ranks", "scipy/input.csv"),
        oracle("positions_equal_scipy_min_ranks", "scipy/ranks.csv"),
    ) else {
        return;
    };
    let expected: BTreeMap<(&str, &str, &str), &str> = ranks
        .iter()
        .filter(|row| row["method"] == "min")
        .map(|row| {
            (
                (row["var"].as_str(), row["better"].as_str(), row["id"].as_str()),
                row["rank"].as_str(),
            )
        })
        .collect();
    let mut compared = 0;
    for variable in [
        "ties_missing",
        "all_equal",
        "one_missing",
        "neg_and_zero",
        "heavy_tail",
        "all_missing",
        "two_values",
    ] {
        for (better, direction) in [
            ("high", Polarity::HigherIsFavourable),
            ("low", Polarity::LowerIsFavourable),
        ] {
            let present: Vec<(&str, f64)> = input
                .iter()
                .filter_map(|row| {
                    number(row, variable).map(|value| (row["id"].as_str(), direction.orient(value)))
                })
                .collect();
            let ranking = Ranking::of(&present.iter().map(|(_, value)| *value).collect::<Vec<_>>());
            for ((id, _), position) in present.iter().zip(ranking.positions) {
                let rank: f64 = expected[&(variable, better, *id)].parse().expect("a rank");
                assert_eq!(f64::from(position), rank, "{variable} {better} {id}");
                compared += 1;
            }
        }
    }
    assert!(compared > 300, "only {compared} ranks compared");
}

#[test]
fn quantiles_equal_scipy_linear() {
    let (Some(input), Some(quantiles)) = (
        oracle("quantiles_equal_scipy_linear", "scipy/input.csv"),
        oracle("quantiles_equal_scipy_linear", "scipy/quantiles.csv"),
    ) else {
        return;
    };
    let mut compared = 0;
    for row in quantiles.iter().filter(|row| row["method"] == "linear") {
        let mut values: Vec<f64> = input
            .iter()
            .filter_map(|line| number(line, &row["var"]))
            .collect();
        values.sort_by(f64::total_cmp);
        let Some(expected) = number(row, "q") else {
            continue;
        };
        let found = quantile_type7(&values, number(row, "p").expect("a probability")).expect("values");
        assert!(
            (found - expected).abs() <= 1e-12 * expected.abs().max(1.0),
            "{row:?}: {found}"
        );
        compared += 1;
    }
    assert!(compared > 50, "only {compared} quantiles compared");
}

#[test]
fn grades_equal_an_independent_computation_on_coinr_data() {
    let (Some(meta), Some(data), Some(expected)) = (
        oracle(
            "grades_equal_an_independent_computation_on_coinr_data",
            "coinr/iMeta.csv",
        ),
        oracle(
            "grades_equal_an_independent_computation_on_coinr_data",
            "coinr/iData_raw.csv",
        ),
        oracle(
            "grades_equal_an_independent_computation_on_coinr_data",
            "coinr/grades_default.csv",
        ),
    ) else {
        return;
    };
    let mut compared = 0;
    for indicator in meta.iter().filter(|row| row["Type"] == "Indicator") {
        let code = &indicator["iCode"];
        let direction = if number(indicator, "Direction") == Some(-1.0) {
            Polarity::LowerIsFavourable
        } else {
            Polarity::HigherIsFavourable
        };
        let units: BTreeMap<&str, f64> = data
            .iter()
            .filter_map(|row| number(row, code).map(|value| (row["uCode"].as_str(), direction.orient(value))))
            .collect();
        let scale = RobustScale::fit(&units.values().copied().collect::<Vec<_>>()).expect("enough units");
        for row in &expected {
            let (Some(grade), Some(value)) = (number(row, code), units.get(row["id"].as_str())) else {
                continue;
            };
            assert!((scale.grade(*value) - grade).abs() < 1e-9, "{code} {}", row["id"]);
            compared += 1;
        }
    }
    assert!(compared > 2000, "only {compared} grades compared");
}

#[test]
fn positions_of_group_means_equal_an_independent_computation() {
    let (Some(groups), Some(counties)) = (
        oracle(
            "positions_of_group_means_equal_an_independent_computation",
            "position/group_mean_positions.csv",
        ),
        oracle(
            "positions_of_group_means_equal_an_independent_computation",
            "counties/midwest_raw.csv",
        ),
    ) else {
        return;
    };
    let mut compared = 0;
    for row in groups
        .iter()
        .filter(|row| row["weighting"] == "unweighted" && counties[0].contains_key(&row["var"]))
    {
        // The oracle's values are oriented: it turns the poverty rates round.
        let direction = if row["var"].contains("poverty") {
            Polarity::LowerIsFavourable
        } else {
            Polarity::HigherIsFavourable
        };
        let oriented = |county: &BTreeMap<String, String>| {
            number(county, &row["var"]).map(|value| direction.orient(value))
        };
        let members: Vec<f64> = counties
            .iter()
            .filter(|county| {
                county["state"] == row["group"] || (row["group"] == "inmetro=1" && county["inmetro"] == "1")
            })
            .filter_map(oriented)
            .collect();
        if members.len() != row["n_group"].parse::<usize>().expect("a count") {
            continue; // groups other than states are not described in the input
        }
        let found = mean(&members).expect("members");
        let expected = number(row, "mean").expect("a mean");
        assert!(
            (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
            "{row:?}: {found}"
        );
        let all: Vec<f64> = counties.iter().filter_map(oriented).collect();
        let position = position_of_derived(&all, found);
        assert_eq!(
            f64::from(position),
            number(row, "position").expect("a position"),
            "{row:?}"
        );
        compared += 1;
    }
    assert!(compared >= 25, "only {compared} group means compared");
}

#[test]
fn positions_at_the_edges_of_a_list_equal_the_table() {
    let Some(cases) = oracle(
        "positions_at_the_edges_of_a_list_equal_the_table",
        "position/edge_cases.csv",
    ) else {
        return;
    };
    for case in cases {
        let values: Vec<f64> = case["values_high_is_good"]
            .split(' ')
            .map(|value| value.parse().expect("a value"))
            .collect();
        let position = position_of_derived(&values, number(&case, "probe").expect("a probe"));
        assert_eq!(
            f64::from(position),
            number(&case, "position").expect("a position"),
            "{case:?}"
        );
    }
}

#[test]
fn rank_correlations_equal_scipy_spearman() {
    let test = "rank_correlations_equal_scipy_spearman";
    let (Some(input), Some(expected)) = (
        oracle(test, "scipy/input.csv"),
        oracle(test, "scipy/correlations.csv"),
    ) else {
        return;
    };
    for row in &expected {
        let pairs = input
            .iter()
            .filter_map(|unit| Some((number(unit, &row["a"])?, number(unit, &row["b"])?)));
        let (one, other): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let (found, wanted) = (rank_correlation(&one, &other), number(row, "spearman"));
        match (found, wanted) {
            (Some(found), Some(wanted)) => assert!((found - wanted).abs() < 1e-9, "{row:?} {found}"),
            _ => assert_eq!(found, wanted, "{row:?}"),
        }
    }
}

#[test]
fn trends_equal_scipy_theilslopes_and_mann_kendall() {
    let test = "trends_equal_scipy_theilslopes_and_mann_kendall";
    let (Some(input), Some(expected)) = (
        oracle(test, "scipy/trend_input.csv"),
        oracle(test, "scipy/trend_output.csv"),
    ) else {
        return;
    };
    let close = |found: f64, wanted: f64| (found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0);
    let mut compared = 0;
    for row in &expected {
        let of_series = input.iter().filter(|point| point["series"] == row["series"]);
        let points: Vec<Point> = of_series
            .filter_map(|point| Some((number(point, "t")?, number(point, "y")?)))
            .collect();
        let found = Trend::of(&points).expect("a trend");
        let wanted = |field: &str| number(row, field).unwrap_or_else(|| panic!("{field} of {row:?}"));
        assert_eq!(row["n"].parse(), Ok(points.len()), "{row:?}");
        assert!(close(found.slope, wanted("ts_slope")), "{row:?} {found:?}");
        assert!(close(found.change, wanted("abs_change")), "{row:?} {found:?}");
        assert_eq!(found.test.s as f64, wanted("mk_S"), "{row:?} {found:?}");
        assert_eq!(found.interval.is_some(), points.len() >= MINIMUM_FOR_INTERVAL);
        if let (Some((lower, upper)), Some(lowest)) = (found.interval, number(row, "ts_lo95")) {
            assert!(
                close(lower, lowest) && close(upper, wanted("ts_hi95")),
                "{row:?} {found:?}"
            );
        }
        if points.len() > MOST_FOR_EXACT_TEST {
            assert!(
                !found.test.exact && close(found.test.p, wanted("mk_p")),
                "{row:?} {found:?}"
            );
        } else {
            assert!(found.test.exact, "{row:?}");
        }
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}
