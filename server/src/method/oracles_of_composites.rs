//! Composites, their sensitivity and Kendall's tau against COINr and scipy.
//!
//! COINr's scores are the ASEM index: 49 indicators, 8 pillars, 2 sub-indices, 51 countries, 63 figures missing. It has no
//! least coverage unless told so; weights are rescaled over what is present.

use std::collections::BTreeMap;

use super::{
    oracles::{number, oracle},
    *,
};

type Rows = Vec<BTreeMap<String, String>>;

/// The ASEM index as a tree, and the names of its nodes in pre-order.
struct Asem {
    /// Names of the leaves.
    indicators: Vec<String>,
    names: Vec<String>,
    root: CompositeNode,
}

impl Asem {
    /// With these weights; 1 where none is given.
    fn new(lineage: &Rows, weights: &BTreeMap<String, f64>) -> Self {
        let indicators: Vec<String> = lineage.iter().map(|row| row["Indicator"].clone()).collect();
        let weight = |name: &str| weights.get(name).copied().unwrap_or(1.0);
        let mut names = vec!["Index".to_owned()];
        let below = |level: &str, is_under: &dyn Fn(&BTreeMap<String, String>) -> bool| {
            let mut found: Vec<String> = Vec::new();
            for row in lineage.iter().filter(|row| is_under(row)) {
                if found.last() != Some(&row[level]) {
                    found.push(row[level].clone());
                }
            }
            found
        };
        let mut sub_indices = Vec::new();
        for sub_index in below("Sub-index", &|_| true) {
            names.push(sub_index.clone());
            let mut pillars = Vec::new();
            for pillar in below("Pillar", &|row| row["Sub-index"] == sub_index) {
                names.push(pillar.clone());
                let of_pillar = lineage
                    .iter()
                    .enumerate()
                    .filter(|(_, row)| row["Pillar"] == pillar);
                let mut leaves = Vec::new();
                for (leaf, row) in of_pillar {
                    names.push(row["Indicator"].clone());
                    leaves.push(CompositeNode::leaf(weight(&row["Indicator"]), leaf));
                }
                pillars.push(CompositeNode::of(weight(&pillar), leaves));
            }
            sub_indices.push(CompositeNode::of(weight(&sub_index), pillars));
        }
        let root = CompositeNode::of(1.0, sub_indices);
        Self {
            indicators,
            names,
            root,
        }
    }

    /// As COINr reckons it: without a least coverage.
    fn composite(&self, mean: CompositeMean) -> Composite {
        let composite = Composite::new(&self.root, self.indicators.len(), mean).expect("a composite");
        composite.with_minimum_coverage(0.0)
    }

    fn units(&self, normalised: &Rows, change: impl Fn(f64) -> f64) -> Vec<Vec<Option<f64>>> {
        let of_unit = |row: &BTreeMap<String, String>| {
            self.indicators
                .iter()
                .map(|indicator| number(row, indicator).map(&change))
                .collect()
        };
        normalised.iter().map(of_unit).collect()
    }

    fn node(&self, name: &str) -> usize {
        self.names.iter().position(|node| node == name).expect("a node")
    }

    /// Nodes that are means.
    fn inner(&self) -> impl Iterator<Item = (usize, &String)> {
        self.names
            .iter()
            .enumerate()
            .filter(|(_, name)| !self.indicators.contains(name))
    }
}

fn weights(rows: &Rows) -> BTreeMap<String, f64> {
    rows.iter()
        .map(|row| (row["iCode"].clone(), number(row, "Weight").expect("a weight")))
        .collect()
}

fn in_same_order(one: &Rows, other: &Rows) {
    let codes = |rows: &Rows| rows.iter().map(|row| row["uCode"].clone()).collect::<Vec<_>>();
    assert_eq!(codes(one), codes(other));
}

#[test]
fn aggregated_scores_and_ranks_equal_coinr() {
    let test = "aggregated_scores_and_ranks_equal_coinr";
    let read = |file: &str| oracle(test, &format!("coinr/{file}.csv"));
    let (Some(lineage), Some(unequal)) = (read("lineage"), read("weights_unequal")) else {
        return;
    };
    use CompositeMean::*;
    let as_it_is: fn(f64) -> f64 = |x| x;
    let from_one: fn(f64) -> f64 = |x| 1.0 + 0.99 * x; // 0 to 100 becomes 1 to 100
    let (equal, unequal) = (BTreeMap::new(), weights(&unequal));
    let mut compared = 0;
    for (result, input, change, mean, weights) in [
        (
            "amean_minmax100",
            "A_norm_minmax100",
            as_it_is,
            Arithmetic,
            &equal,
        ),
        (
            "amean_minmax100_uneq",
            "A_norm_minmax100",
            as_it_is,
            Arithmetic,
            &unequal,
        ),
        ("amean_zscore", "A_norm_zscore", as_it_is, Arithmetic, &equal),
        (
            "gmean_minmax1_100",
            "A_norm_minmax100",
            from_one,
            Geometric,
            &equal,
        ),
        (
            "hmean_minmax1_100",
            "A_norm_minmax100",
            from_one,
            Harmonic,
            &equal,
        ),
    ] {
        let files = (
            read(input),
            read(&format!("A_agg_{result}")),
            read(&format!("A_rank_{result}")),
        );
        let (Some(normalised), Some(scores), Some(ranks)) = files else {
            return;
        };
        in_same_order(&normalised, &scores);
        in_same_order(&normalised, &ranks);
        let asem = Asem::new(&lineage, weights);
        let composite = asem.composite(mean);
        let units = asem.units(&normalised, change);
        let found: Vec<Vec<NodeScore>> = units
            .iter()
            .map(|unit| composite.evaluate(unit).expect("fit scores"))
            .collect();
        for (node, name) in asem.inner() {
            let of_node: Vec<f64> = found
                .iter()
                .map(|unit| unit[node].score.expect("a score"))
                .collect();
            let positions = Ranking::of_scores(&of_node).positions;
            for (unit, (&found, position)) in of_node.iter().zip(positions).enumerate() {
                let expected = number(&scores[unit], name).expect("a score");
                assert!(
                    (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
                    "{result} {name} {unit}: {found} is not {expected}"
                );
                assert_eq!(
                    Some(f64::from(position)),
                    number(&ranks[unit], name),
                    "{result} {name} {unit}"
                );
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 5 * 11 * 51);
}

#[test]
fn two_thirds_of_coverage_are_where_we_differ_from_coinr() {
    let test = "two_thirds_of_coverage_are_where_we_differ_from_coinr";
    let (Some(lineage), Some(normalised)) = (
        oracle(test, "coinr/lineage.csv"),
        oracle(test, "coinr/A_norm_minmax100.csv"),
    ) else {
        return;
    };
    let asem = Asem::new(&lineage, &BTreeMap::new());
    let composite = Composite::new(&asem.root, 49, CompositeMean::Arithmetic).expect("a composite");
    let mut below = Vec::new();
    for (row, unit) in normalised.iter().zip(asem.units(&normalised, |x| x)) {
        let found = composite.evaluate(&unit).expect("scores");
        for (node, name) in asem.inner().filter(|(node, _)| found[*node].score.is_none()) {
            below.push((row["uCode"].clone(), name.clone(), found[node].coverage));
        }
    }
    let names: Vec<(&str, &str)> = below
        .iter()
        .map(|(unit, name, _)| (unit.as_str(), name.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("BRN", "Index"),
            ("BRN", "Sust"),
            ("BRN", "Social"),
            ("BRN", "SusEcFin"),
            ("LAO", "P2P"),
            ("VNM", "P2P"),
        ]
    );
    assert!((below[2].2 - 5.0 / 9.0).abs() < 1e-15 && (below[4].2 - 5.0 / 8.0).abs() < 1e-15);
}

#[test]
fn effective_weights_equal_coinr() {
    let test = "effective_weights_equal_coinr";
    let (Some(lineage), Some(expected)) = (
        oracle(test, "coinr/lineage.csv"),
        oracle(test, "coinr/eff_weights_equal.csv"),
    ) else {
        return;
    };
    let asem = Asem::new(&lineage, &BTreeMap::new());
    let shares = asem
        .composite(CompositeMean::Arithmetic)
        .effective_weights(&vec![Some(1.0); asem.indicators.len()])
        .expect("a score");
    assert_eq!(expected.len(), shares.len());
    for row in &expected {
        let share = shares[asem.node(&row["iCode"])];
        let wanted = number(row, "EffWeight").expect("a weight");
        assert!((share - wanted).abs() < 1e-15, "{row:?}: {share}");
    }
}

#[test]
fn positions_without_each_pillar_equal_coinr() {
    let test = "positions_without_each_pillar_equal_coinr";
    let read = |file: &str| oracle(test, &format!("coinr/{file}.csv"));
    let (Some(lineage), Some(normalised), Some(ranks), Some(shifts)) = (
        read("lineage"),
        read("B_Normalised"),
        read("B_removeL2_ranks"),
        read("B_removeL2_meanabs"),
    ) else {
        return;
    };
    in_same_order(&normalised, &ranks);
    let asem = Asem::new(&lineage, &BTreeMap::new());
    let composite = asem.composite(CompositeMean::Arithmetic);
    let units = asem.units(&normalised, |x| x);
    let nominal = composite.scores(&units).expect("scores");
    let mut compared = 0;
    for row in shifts.iter().filter(|row| row["el"] != "Nominal") {
        let without = composite.without(asem.node(&row["el"])).expect("others remain");
        let found = VariantShift::of(&nominal, &without.scores(&units).expect("scores"));
        for (positions, expected) in found.positions.iter().zip(&ranks) {
            let (before, after) = positions.expect("a score in both");
            assert_eq!(Some(f64::from(before)), number(expected, "Nominal"));
            assert_eq!(Some(f64::from(after)), number(expected, &row["el"]), "{row:?}");
        }
        let wanted = number(row, "v").expect("a shift");
        assert!(
            (found.mean_shift.expect("compared") - wanted).abs() < 1e-12,
            "{row:?}"
        );
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn scores_and_positions_under_weights_that_coinr_drew_equal_its_own() {
    let test = "scores_and_positions_under_weights_that_coinr_drew_equal_its_own";
    let read = |file: &str| oracle(test, &format!("coinr/{file}.csv"));
    let (Some(lineage), Some(normalised), Some(drawn), Some(scores), Some(statistics)) = (
        read("lineage"),
        read("B_Normalised"),
        read("G_noisy_weights_L2L3"),
        read("G_noisy_scores"),
        read("G_noisy_rankstats"),
    ) else {
        return;
    };
    in_same_order(&normalised, &scores);
    in_same_order(&normalised, &statistics);
    let asem = Asem::new(&lineage, &BTreeMap::new());
    let composite = asem.composite(CompositeMean::Arithmetic);
    let noise = WeightNoise {
        seed: 0,
        spread: 0.25,
        levels: Levels::All,
    };
    let units = asem.units(&normalised, |x| x);
    let sensitivity = Sensitivity::new(&composite, &units, noise).expect("ready");
    let mut counts = PositionCounts::of_units(units.len());
    for draw in 1..=200 {
        let mut weights = composite.weights();
        for row in drawn.iter().filter(|row| row["rep"] == draw.to_string()) {
            weights[asem.node(&row["iCode"])] = number(row, "Weight").expect("a weight");
        }
        assert_ne!(weights, composite.weights());
        let found = sensitivity.scores_with(&weights).expect("weights");
        for (found, expected) in found.iter().zip(&scores) {
            let expected = number(expected, &format!("r_{draw}")).expect("a score");
            assert!(
                (found - expected).abs() < 1e-9,
                "draw {draw}: {found} is not {expected}"
            );
        }
        counts.add(&Ranking::of_scores(&found));
    }
    let summary = counts.summary(sensitivity.nominal()).expect("draws");
    for (unit, (found, expected)) in summary.iter().zip(&statistics).enumerate() {
        assert_eq!(Some(f64::from(found.nominal)), number(expected, "Nominal"));
        let positions = (1_u32..).zip(counts.of_unit(unit));
        let mean = positions
            .map(|(position, draws)| f64::from(position * draws))
            .sum::<f64>()
            / 200.0;
        for (name, found) in [
            ("Mean", mean),
            ("Median", found.median),
            ("Q5", found.lower),
            ("Q95", found.upper),
        ] {
            let expected = number(expected, name).expect("a statistic");
            assert!(
                (found - expected).abs() < 1e-9,
                "{unit} {name}: {found} is not {expected}"
            );
        }
    }
}

#[test]
fn kendall_tau_b_equals_scipy() {
    let test = "kendall_tau_b_equals_scipy";
    let (Some(input), Some(expected)) = (
        oracle(test, "scipy/input.csv"),
        oracle(test, "scipy/correlations.csv"),
    ) else {
        return;
    };
    let mut compared = 0;
    for row in &expected {
        let pairs = input
            .iter()
            .filter_map(|unit| Some((number(unit, &row["a"])?, number(unit, &row["b"])?)));
        let (one, other): (Vec<f64>, Vec<f64>) = pairs.unzip();
        match (kendall_tau_b(&one, &other), number(row, "kendall_tau_b")) {
            (Some(found), Some(wanted)) => {
                assert!((found - wanted).abs() < 1e-12, "{row:?} {found}");
                compared += 1;
            }
            (found, wanted) => assert_eq!(found, wanted, "{row:?}"),
        }
    }
    assert!(compared > 0);
}
