//! Masking: against an independent calculation over Amsterdam, and the laws that hold for any country.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::domain::MaskingRules;

use super::{
    masking::*,
    oracles::{number, oracle},
};

/// As the oracle has it: households, and no least weight.
const OF_THE_ORACLE: MaskingRules = MaskingRules {
    worst_share: 0.1,
    masked_below: 0.5,
    minimum_weight: 0.0,
};

/// As the built-in edition has it.
const RULES: MaskingRules = MaskingRules {
    minimum_weight: 500.0,
    ..OF_THE_ORACLE
};

fn everywhere(_: &str) -> bool {
    true
}

#[test]
fn masking_equals_the_oracle_of_amsterdam() {
    let test = "masking_equals_the_oracle_of_amsterdam";
    let files = ["buurten_clean.csv", "summary.csv", "wijk_stats.csv"];
    let [Some(rows), Some(summary), Some(districts)] =
        files.map(|file| oracle(test, &format!("masking/{file}")))
    else {
        return;
    };
    let neighbourhoods: Vec<Neighbourhood<'_>> = rows
        .iter()
        .map(|row| Neighbourhood {
            code: &row["code"],
            district: &row["wijk"],
            oriented: number(row, "ses"),
            weight: number(row, "hh"),
        })
        .collect();
    let found = detect_masking(&neighbourhoods, &OF_THE_ORACLE).expect("figures");
    let national = found.summary(everywhere);
    let expected: BTreeMap<&str, f64> = summary
        .iter()
        .filter_map(|row| Some((row["stat"].as_str(), number(row, "value")?)))
        .collect();
    let variance = national.variance.expect("a variance");
    for (stat, value) in [
        ("W", national.weight),
        ("mu", found.mean),
        ("q10_weighted", found.threshold),
        ("var_total", variance.total),
        ("var_between", variance.between),
        ("var_within", variance.within),
        ("eta2", national.between_share.expect("differences")),
        ("ICC1", national.intraclass_correlation.expect("districts")),
        ("hh_problem", national.problem_weight),
        ("share_problem", national.problem_weight / national.weight),
        ("miss_rate_same_cut", national.miss_rate.expect("problems")),
        (
            "false_alarm_same_cut",
            national.false_alarm.expect("districts below"),
        ),
    ] {
        assert!((value - expected[stat]).abs() < 1e-9, "{stat}: {value}");
    }
    for (stat, number) in [
        ("N", national.neighbourhoods),
        ("k", national.districts),
        ("n_wijken_masked", national.masked),
        ("n_wijken_masked_strict", national.strictly_masked),
    ] {
        assert_eq!(f64::from(number), expected[stat], "{stat}");
    }
    assert_eq!(found.districts.len(), districts.len());
    for (district, row) in found.districts.iter().zip(&districts) {
        assert_eq!(district.code, row["wijk"]);
        for (column, value) in [
            ("n_buurten", f64::from(district.neighbourhoods)),
            ("hh", district.weight),
            ("mean_w", district.mean),
            ("share_bottom_decile", district.problem_share()),
            ("n_bottom", f64::from(district.problems)),
            ("hh_bottom", district.problem_weight),
        ] {
            let expected = number(row, column).expect("a number");
            assert!(
                (value - expected).abs() < 1e-9,
                "{} {column}: {value}",
                district.code
            );
        }
        for (column, value) in [
            ("masked", district.masked),
            ("masked_strict", district.strictly_masked),
            ("wijk_is_problem_level", !district.above_threshold),
        ] {
            assert_eq!(value, row[column] == "True", "{} {column}", district.code);
        }
    }
}

/// Two districts worked out by hand: 100 of 1,000 weight lie at 1, so the threshold is 1.
#[test]
fn a_district_hides_a_neighbourhood_whose_figure_its_own_does_not_show() {
    let country = [
        neighbourhood("BU00010101", "WK000101", 1.0, 100.0),
        neighbourhood("BU00010102", "WK000101", 7.0, 300.0),
        neighbourhood("BU00010201", "WK000102", 4.0, 600.0),
    ];
    let rules = MaskingRules {
        minimum_weight: 100.0,
        ..RULES
    };
    let found = detect_masking(&country, &rules).expect("figures");
    assert_eq!((found.threshold, found.mean), (1.0, 4.6));
    let [hiding, plain] = &found.districts[..] else {
        panic!("{:?}", found.districts)
    };
    assert_eq!((hiding.mean, hiding.problem_share()), (5.5, 0.25));
    assert_eq!((hiding.masked, hiding.strictly_masked), (true, true));
    assert_eq!((plain.masked, plain.strictly_masked), (false, false));
    let national = found.summary(everywhere);
    assert_eq!((national.miss_rate, national.false_alarm), (Some(1.0), None));

    let larger = MaskingRules {
        minimum_weight: 101.0,
        ..RULES
    };
    let found = detect_masking(&country, &larger).expect("figures");
    assert_eq!(found.threshold, 1.0, "small neighbourhoods take part in it");
    assert_eq!(found.states[0], NeighbourhoodState::TooSmall);
    let national = found.summary(everywhere);
    assert_eq!(
        (national.problems, national.too_small, national.masked),
        (0, 1, 0)
    );
    assert_eq!(national.miss_rate, None);
}

#[test]
fn what_there_is_little_of_gives_no_number_that_is_none() {
    let alone = [neighbourhood("BU00010101", "WK000101", 5.0, 900.0)];
    let found = detect_masking(&alone, &RULES).expect("a figure");
    let national = found.summary(everywhere);
    assert_eq!((found.threshold, found.mean), (5.0, 5.0));
    assert_eq!(found.states, [NeighbourhoodState::Problem]);
    assert_eq!((national.masked, national.miss_rate), (0, Some(0.0)));
    assert_eq!(
        (national.between_share, national.intraclass_correlation),
        (None, None)
    );
    assert_eq!(national.variance.map(|variance| variance.total), Some(0.0));
    let nowhere = found.summary(|_| false);
    assert_eq!(
        (nowhere.neighbourhoods, nowhere.mean, nowhere.variance),
        (0, None, None)
    );

    assert_eq!(detect_masking(&[], &RULES), Err(NoMasking::NoFigures));
    let weightless = [neighbourhood("BU00010101", "WK000101", 5.0, 0.0)];
    assert_eq!(detect_masking(&weightless, &RULES), Err(NoMasking::NoFigures));
    for weight in [-1.0, f64::NAN, f64::INFINITY] {
        let wrong = [neighbourhood("BU00010101", "WK000101", 5.0, weight)];
        let refused = NoMasking::InvalidWeight("BU00010101".to_owned());
        assert_eq!(detect_masking(&wrong, &RULES), Err(refused));
    }
    let wrong = [neighbourhood("BU00010101", "WK000101", f64::NAN, 1.0)];
    let refused = NoMasking::InvalidValue("BU00010101".to_owned());
    assert_eq!(detect_masking(&wrong, &RULES), Err(refused));
}

/// One small neighbourhood far below the others brings the mean of the country below the threshold.
#[test]
fn a_district_at_the_mean_of_the_country_is_strictly_masked_even_below_the_threshold() {
    let country = [
        neighbourhood("BU00010101", "WK000101", 0.0, 1.0),
        neighbourhood("BU00010102", "WK000101", 1.0, 500.0),
    ];
    let found = detect_masking(&country, &RULES).expect("figures");
    assert!(found.mean < found.threshold);
    let district = &found.districts[0];
    assert_eq!(
        (
            district.above_threshold,
            district.masked,
            district.strictly_masked
        ),
        (false, false, true)
    );
}

#[test]
fn equal_values_mask_nothing_whatever_rounding_does_to_their_mean() {
    let country: Vec<Neighbourhood<'_>> = ["BU00010101", "BU00010102", "BU00010103"]
        .map(|code| neighbourhood(code, "WK000101", 0.1, 700.1))
        .to_vec();
    let national = detect_masking(&country, &RULES)
        .expect("figures")
        .summary(everywhere);
    assert_eq!((national.problems, national.masked), (3, 0));
    assert_eq!(national.variance.map(|variance| variance.within), Some(0.0));
}

#[test]
fn huge_values_and_weights_give_numbers_or_nothing() {
    let huge = [
        neighbourhood("BU00010101", "WK000101", f64::MAX, 900.0),
        neighbourhood("BU00010102", "WK000101", f64::MAX / 2.0, 900.0),
        neighbourhood("BU00010201", "WK000102", -f64::MAX, 900.0),
        neighbourhood("BU00010202", "WK000102", -f64::MAX, 900.0),
    ];
    let found = detect_masking(&huge, &RULES).expect("figures");
    let national = found.summary(everywhere);
    assert!(found.mean.is_finite() && found.districts.iter().all(|district| district.mean.is_finite()));
    assert_eq!(national.variance, None);
    let heavy = huge.map(|of| Neighbourhood {
        weight: Some(f64::MAX),
        oriented: Some(1.0),
        ..of
    });
    assert!(matches!(
        detect_masking(&heavy, &RULES),
        Err(NoMasking::InvalidWeight(_))
    ));
}

fn neighbourhood<'a>(code: &'a str, district: &'a str, oriented: f64, weight: f64) -> Neighbourhood<'a> {
    Neighbourhood {
        code,
        district,
        oriented: Some(oriented),
        weight: Some(weight),
    }
}

/// Value and weight of neighbourhoods in up to six districts, with equal values, gaps and empty places.
type Country = Vec<(usize, Option<f64>, Option<f64>)>;

fn country() -> impl Strategy<Value = Country> {
    let value = prop_oneof![(-4_i32..5).prop_map(f64::from), -60.0..60.0_f64];
    let weight = prop_oneof![1 => Just(0.0), 8 => (1_u32..3000).prop_map(f64::from)];
    let one = (
        0_usize..6,
        prop::option::weighted(0.9, value),
        prop::option::weighted(0.9, weight),
    );
    prop::collection::vec(one, 1..40)
}

const DISTRICTS: [&str; 6] = [
    "WK000101", "WK000102", "WK000103", "WK000201", "WK000202", "WK000301",
];

fn codes(country: &Country) -> Vec<String> {
    (0..country.len()).map(|place| format!("BU{place:08}")).collect()
}

fn neighbourhoods<'a>(country: &Country, codes: &'a [String]) -> Vec<Neighbourhood<'a>> {
    let of = |(&(district, oriented, weight), code): (&(usize, Option<f64>, Option<f64>), &'a String)| {
        Neighbourhood {
            code,
            district: DISTRICTS[district],
            oriented,
            weight,
        }
    };
    country.iter().zip(codes).map(of).collect()
}

/// All that is found, but for the order in which states stand.
fn found<'a>(all: &[Neighbourhood<'a>]) -> Option<(Masking<'a>, MaskingSummary)> {
    let found = detect_masking(all, &RULES).ok()?;
    let national = found.summary(everywhere);
    Some((found, national))
}

proptest! {
    #[test]
    fn the_order_of_neighbourhoods_changes_nothing(country in country(), seed in any::<u64>()) {
        let codes = codes(&country);
        let ordered = neighbourhoods(&country, &codes);
        let mut shuffled: Vec<usize> = (0..ordered.len()).collect();
        shuffled.sort_by_key(|place| (*place as u64 ^ seed).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let (Some((one, of_one)), Some((other, of_other))) =
            (found(&ordered), found(&shuffled.iter().map(|&place| ordered[place]).collect::<Vec<_>>()))
        else { return Ok(()) };
        prop_assert_eq!(&one.districts, &other.districts);
        prop_assert_eq!((one.threshold, one.mean, of_one), (other.threshold, other.mean, of_other));
        let states: Vec<NeighbourhoodState> = shuffled.iter().map(|&place| one.states[place]).collect();
        prop_assert_eq!(states, other.states);
    }

    #[test]
    fn what_has_no_value_or_no_weight_changes_nothing_but_its_own_count(country in country()) {
        let codes = codes(&country);
        let all = neighbourhoods(&country, &codes);
        let taking_part: Vec<Neighbourhood<'_>> = all
            .iter()
            .filter(|of| of.oriented.is_some() && of.weight.is_some_and(|weight| weight > 0.0))
            .copied()
            .collect();
        let Some((with, of_with)) = found(&all) else {
            prop_assert!(taking_part.is_empty());
            return Ok(());
        };
        let (without, of_without) = found(&taking_part).expect("the same figures");
        prop_assert_eq!(with.districts, without.districts);
        prop_assert_eq!((with.threshold, with.mean, of_with), (without.threshold, without.mean, of_without));
        for (of, state) in all.iter().zip(with.states) {
            let expected = match (of.oriented, of.weight) {
                (None, _) => Some(NeighbourhoodState::WithoutValue),
                (_, None | Some(0.0)) => Some(NeighbourhoodState::WithoutWeight),
                _ => None,
            };
            prop_assert!(expected.is_none_or(|expected| expected == state));
        }
    }

    #[test]
    fn twice_the_weight_everywhere_changes_weights_and_nothing_else(country in country()) {
        let codes = codes(&country);
        let all = neighbourhoods(&country, &codes);
        let twice: Vec<Neighbourhood<'_>> =
            all.iter().map(|of| Neighbourhood { weight: of.weight.map(|weight| 2.0 * weight), ..*of }).collect();
        let rules = MaskingRules { minimum_weight: 1000.0, ..RULES };
        let (Some((one, of_one)), Ok(other)) = (found(&all), detect_masking(&twice, &rules)) else { return Ok(()) };
        let of_other = other.summary(everywhere);
        prop_assert_eq!((one.threshold, one.mean, &one.states), (other.threshold, other.mean, &other.states));
        prop_assert_eq!(
            (of_one.variance, of_one.intraclass_correlation, of_one.miss_rate, of_one.masked),
            (of_other.variance, of_other.intraclass_correlation, of_other.miss_rate, of_other.masked)
        );
        prop_assert_eq!(2.0 * of_one.problem_weight, of_other.problem_weight);
    }

    #[test]
    fn turning_the_favourable_side_keeps_the_spread(country in country()) {
        let codes = codes(&country);
        let all = neighbourhoods(&country, &codes);
        let turned: Vec<Neighbourhood<'_>> =
            all.iter().map(|of| Neighbourhood { oriented: of.oriented.map(|value| -value), ..*of }).collect();
        let (Some((_, one)), Some((_, other))) = (found(&all), found(&turned)) else { return Ok(()) };
        prop_assert_eq!((one.variance, one.intraclass_correlation), (other.variance, other.intraclass_correlation));
        prop_assert_eq!(one.mean.map(|mean| -mean), other.mean);
    }

    #[test]
    fn masked_districts_hold_problems_and_rise_above_them(country in country()) {
        let codes = codes(&country);
        let Some((found, national)) = found(&neighbourhoods(&country, &codes)) else { return Ok(()) };
        for district in &found.districts {
            prop_assert!((0.0..=1.0).contains(&district.problem_share()));
            prop_assert_eq!(district.problems > 0, district.problem_weight > 0.0);
            if district.masked {
                prop_assert!(district.mean > found.threshold);
                prop_assert!(0 < district.problems && district.problems < district.neighbourhoods);
                prop_assert!(district.problem_share() < 0.5);
            }
            if district.strictly_masked {
                prop_assert!(district.problems > 0 && district.mean > found.mean - 1e-6);
            }
        }
        let number = |state| found.states.iter().filter(|of| **of == state).count();
        prop_assert_eq!(number(NeighbourhoodState::Problem), national.problems as usize);
        prop_assert_eq!(number(NeighbourhoodState::TooSmall), national.too_small as usize);
        // At least a tenth of all weight lies at or below the threshold.
        let below = national.problem_weight + national.too_small_weight;
        prop_assert!(below >= 0.1 * national.weight - 1e-9 * national.weight);
    }

    #[test]
    fn variance_is_what_lies_between_and_within(country in country()) {
        let codes = codes(&country);
        let Some((_, national)) = found(&neighbourhoods(&country, &codes)) else { return Ok(()) };
        let variance = national.variance.expect("small values");
        prop_assert!((variance.total - variance.between - variance.within).abs() <= 1e-9 * variance.total.max(1.0));
        prop_assert!(variance.between >= 0.0 && variance.within >= 0.0);
        prop_assert!(national.intraclass_correlation.is_none_or(|found| found <= 1.0 + 1e-9));
    }

    #[test]
    fn municipalities_together_are_the_country(country in country()) {
        let codes = codes(&country);
        let Some((found, national)) = found(&neighbourhoods(&country, &codes)) else { return Ok(()) };
        let of = ["WK0001", "WK0002", "WK0003"].map(|town| found.summary(|district| district.starts_with(town)));
        let sum = |number: fn(&MaskingSummary) -> u32| of.iter().map(number).sum::<u32>();
        prop_assert_eq!(sum(|of| of.problems), national.problems);
        prop_assert_eq!(sum(|of| of.masked), national.masked);
        prop_assert_eq!(sum(|of| of.neighbourhoods), national.neighbourhoods);
    }
}
