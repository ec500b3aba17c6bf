//! Which value it takes, on rankings small enough to work out by hand.

use crate::domain::Polarity;

use super::{grade::*, group::*, simulation::*, target::*};

/// Loaded values, higher is favourable.
fn loaded(values: &[f64]) -> Vec<Option<UnitValue>> {
    let unit = |&oriented| {
        Some(UnitValue {
            oriented,
            derived: false,
        })
    };
    values.iter().map(unit).collect()
}

fn scale(units: &[Option<UnitValue>]) -> RobustScale {
    let values: Vec<f64> = units.iter().flatten().map(|unit| unit.oriented).collect();
    RobustScale::fit_without_minimum(&values)
}

fn at_least(from: f64) -> ValueRange {
    ValueRange {
        from: Some(from),
        to: None,
    }
}

const ALL: ValueRange = ValueRange { from: None, to: None };

#[test]
fn positions_between_units_that_tie_are_skipped() {
    // Others of the last: 9 7 7 5. Place 1 takes 9 and ties with it; place 2 takes 7 and shares it with both; whoever is below
    // 7 has three better units, so place 3 is not to be had: 7 gives place 2. Place 4 takes 5, place 5 anything.
    let mut units = loaded(&[7.0, 9.0, 5.0, 7.0, 6.0]);
    for own in [Some(6.0), None] {
        units[4] = own.map(|oriented| UnitValue {
            oriented,
            derived: false,
        });
        let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, None);
        let found = [1, 2, 3, 4, 5].map(|position| {
            let target = what_if
                .value_for_position(4, position, false)
                .expect("within the list");
            (target.values, target.reached)
        });
        let expected = [
            (at_least(9.0), 1),
            (at_least(7.0), 2),
            (at_least(7.0), 2),
            (at_least(5.0), 4),
            (ALL, 5),
        ];
        assert_eq!(found, expected);
    }
    assert_eq!(
        WhatIf::new(&units, Polarity::HigherIsFavourable, None).value_for_position(5, 1, false),
        Err(Unreachable::UnknownUnit(5))
    );
}

#[test]
fn a_derived_value_need_only_come_within_a_billionth_and_low_is_bounded_from_above() {
    // Raw 2 and 3, low is favourable: a derived value ties with 2 from 2 + 2e-9 down (a billionth of about 2).
    let units: Vec<_> = loaded(&[-2.0, -3.0]).into_iter().chain([None]).collect();
    let what_if = WhatIf::new(&units, Polarity::LowerIsFavourable, None);
    let exact = what_if.value_for_position(2, 1, false).expect("first").values;
    assert_eq!(
        exact,
        ValueRange {
            from: None,
            to: Some(2.0)
        }
    );
    let derived = what_if.value_for_position(2, 1, true).expect("first").values;
    assert!((derived.to.expect("a bound") - (2.0 + 2e-9)).abs() < 1e-15 && derived.from.is_none());
}

#[test]
fn grades_turn_back_into_values() {
    // m = 3, s = sqrt(1.844), c = 0 (worked out in `simulation`): g = 6.5 + (x - 3) / s, so x = 3 + s (g - 6.5).
    let units = loaded(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, Some(scale(&units)));
    let s = 1.844_f64.sqrt();
    for (grade, value) in [
        (7.5, 3.0 + s),
        (6.5, 3.0),
        (4.0, 3.0 - 2.5 * s),
        (10.0, 3.0 + 3.5 * s),
    ] {
        let target = what_if.value_for_grade(grade).expect("a grade of the scale");
        let bound = target.values.from.expect("a bound");
        assert!((bound - value).abs() < 1e-12, "{grade}: {bound} is not {value}");
        assert_eq!(target.exactly.to.is_none(), grade == 10.0);
    }
    let least = what_if.value_for_grade(3.0).expect("the lowest");
    assert_eq!((least.values, least.exactly.from), (ALL, None));
    assert!((least.exactly.to.expect("an end") - (3.0 - 3.5 * s)).abs() < 1e-12);
    for grade in [2.999, 10.001, f64::NAN] {
        assert_eq!(what_if.value_for_grade(grade), Err(Unreachable::NoSuchGrade));
    }
}

#[test]
fn without_variation_there_is_one_grade_and_without_scale_none() {
    let units = loaded(&[4.0, 4.0, 4.0]);
    let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, Some(scale(&units)));
    assert_eq!(
        what_if.value_for_grade(6.5),
        Ok(GradeTarget {
            values: ALL,
            exactly: ALL
        })
    );
    assert_eq!(what_if.value_for_grade(7.0), Err(Unreachable::NoVariation));
    let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, None);
    assert_eq!(what_if.value_for_grade(6.5), Err(Unreachable::NoScale));
}

#[test]
fn the_mean_to_equal_is_that_of_the_other_members() {
    let units = loaded(&[10.0, 8.0, 6.0, 4.0, 2.0]);
    let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, None);
    let members = [(0, 1.0), (1, 1.0), (3, 2.0)];
    // Outside it: (10 + 8 + 2 * 4) / 4 = 6.5. A member: (8 + 2 * 4) / 3 = 16 / 3, and (16 / 3 + 16) / 4 is 16 / 3 again.
    for (unit, value, contributed) in [(4, 6.5, 3), (0, 16.0 / 3.0, 2)] {
        assert_eq!(
            what_if.value_for_mean(unit, &members),
            Ok(MeanTarget { value, contributed })
        );
    }
    assert_eq!(
        what_if.value_for_mean(4, &[(4, 1.0)]),
        Err(Unreachable::NoMean(NoMean::NoValues))
    );
}

#[test]
fn a_member_that_passes_the_mean_it_lifts_stands_before_it() {
    // The last is a member with the one of 4: mean (4 + x) / 2, better units now 10 8 6 4, so its position is 5.
    // Up to x = 4 the member is not better than the mean; there the mean is 4, behind 10 8 6: position 4.
    // From 4 on it is: at 6 the mean is 5, behind 10 8 6 and the member: 5 again. At 8 the mean equals 6: behind 10 8 and
    // the member: 4. At 12 it equals 8: 3. At 16 it equals 10, and only the member is better: 2. Nothing gives 1.
    let units = loaded(&[10.0, 8.0, 6.0, 4.0, 2.0]);
    let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, None);
    let members = [(3, 1.0), (4, 1.0)];
    let target = |position| what_if.value_for_mean_position(4, &members, position);
    let near = |found: Option<f64>, expected: f64| {
        let found = found.expect("a bound");
        assert!((found - expected).abs() < 5e-8, "{found} is not {expected}");
    };
    let last = target(5).expect("reached");
    assert_eq!(
        (last.values, last.reached, last.change),
        (vec![ALL], 5, Some(0.0))
    );

    let fourth = target(4).expect("two ways");
    let [behind, ahead] = fourth.values[..] else {
        panic!("{fourth:?}")
    };
    near(behind.from, 4.0);
    near(behind.to, 4.0);
    near(ahead.from, 8.0);
    assert_eq!((ahead.to, fourth.reached), (None, 4));
    near(fourth.change, 2.0);

    for (position, value) in [(3, 12.0), (2, 16.0)] {
        let found = target(position).expect("one way");
        assert_eq!((found.values.len(), found.reached), (1, position));
        near(found.values[0].from, value);
        near(found.change, value - 2.0);
    }
    assert_eq!(target(1), Err(Unreachable::BestOfMember(2)));
    assert_eq!(target(6), Err(Unreachable::NoSuchPosition { n: 5 }));
}

#[test]
fn a_billionth_from_the_mean_neither_the_member_nor_another_unit_is_better_yet() {
    // The mean of 0 and x is x / 2: at 2e-9 the member lies a billionth above it, at -2e-9 the other one does.
    let units = loaded(&[10.0, 8.0, 6.0, 0.0, 2.0]);
    let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, None);
    let fourth = what_if.value_for_mean_position(4, &[(3, 1.0), (4, 1.0)], 4);
    let behind = ValueRange {
        from: Some(-2e-9),
        to: Some(2e-9),
    };
    assert_eq!(fourth.expect("two ways").values[0], behind);
}

#[test]
fn bounds_are_exact_to_the_bit_also_beside_zero() {
    let least = 5e-324;
    for bound in [-least, 0.0, least, 1.0] {
        let units: Vec<_> = loaded(&[bound]).into_iter().chain([None]).collect();
        let first = WhatIf::new(&units, Polarity::HigherIsFavourable, None).value_for_position(1, 1, false);
        assert_eq!(first.expect("within the list").values, at_least(bound));
    }
}

#[test]
fn groups_that_cannot_be_are_named() {
    let units = loaded(&[1.0, 2.0, 3.0]);
    let what_if = WhatIf::new(&units, Polarity::HigherIsFavourable, None);
    let refused = |members: &[(usize, f64)]| {
        what_if
            .value_for_mean_position(0, members, 1)
            .expect_err("no group")
    };
    assert_eq!(refused(&[(0, 1.0), (3, 1.0)]), Unreachable::UnknownUnit(3));
    assert_eq!(refused(&[(0, 1.0), (0, 1.0)]), Unreachable::RepeatedUnit(0));
    assert_eq!(refused(&[(1, 1.0)]), Unreachable::NotAMember(0));
    assert_eq!(refused(&[(0, 0.0)]), Unreachable::NoMean(NoMean::NoWeight));
    for weight in [-1.0, f64::NAN, 2e15, 2e8] {
        let invalid = Unreachable::NoMean(NoMean::InvalidWeight(1));
        assert_eq!(refused(&[(0, 1.0), (1, weight)]), invalid, "{weight}");
    }
}
