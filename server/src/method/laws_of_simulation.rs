//! Laws of what if and of its inverse, over generated rankings with ties, near ties, missing and derived values.

use proptest::prelude::*;

use crate::domain::Polarity;

use super::{grade::*, group::*, ranking::*, simulation::*, target::*};

const BOTH: [Polarity; 2] = [Polarity::HigherIsFavourable, Polarity::LowerIsFavourable];

/// Units of which about one in six has no value; many lie within the tolerance of each other, and some far out.
fn units() -> impl Strategy<Value = Vec<Option<UnitValue>>> {
    let near = (-4_i32..4, -8_i32..8).prop_map(|(base, hair)| f64::from(base) + f64::from(hair) * 3e-10);
    let value = prop_oneof![5 => near, 2 => -100.0..100.0_f64, 1 => -1e12..1e12_f64, 1 => -1e-12..1e-12_f64];
    let unit =
        (value, prop::bool::weighted(0.3)).prop_map(|(oriented, derived)| UnitValue { oriented, derived });
    prop::collection::vec(prop::option::weighted(0.85, unit), 1..30)
}

fn polarity() -> impl Strategy<Value = Polarity> {
    prop::sample::select(BOTH.to_vec())
}

fn oriented(units: &[Option<UnitValue>]) -> Vec<f64> {
    units.iter().flatten().map(|unit| unit.oriented).collect()
}

fn scale(units: &[Option<UnitValue>]) -> RobustScale {
    RobustScale::fit_without_minimum(&oriented(units))
}

/// The range's least favourable value, and the next number on its worse side; `None` when it has no end there.
fn worse_end(range: ValueRange, polarity: Polarity) -> Option<(f64, f64)> {
    match polarity {
        Polarity::HigherIsFavourable => range.from.map(|bound| (bound, bound.next_down())),
        Polarity::LowerIsFavourable => range.to.map(|bound| (bound, bound.next_up())),
    }
}

fn better_end(range: ValueRange, polarity: Polarity) -> Option<(f64, f64)> {
    match polarity {
        Polarity::HigherIsFavourable => range.to.map(|bound| (bound, bound.next_up())),
        Polarity::LowerIsFavourable => range.from.map(|bound| (bound, bound.next_down())),
    }
}

/// Where a unit comes to stand with a raw value.
fn position_with(what_if: &WhatIf<'_>, unit: usize, value: f64, derived: bool) -> u32 {
    let change = Change {
        unit,
        value: Some(value),
        derived,
    };
    what_if.simulate(&[change]).expect("a change").units[unit]
        .after
        .expect("a value")
        .position
}

/// Where a group's mean comes to stand when a member has another raw value: all calculated anew.
fn mean_position_with(
    units: &[Option<UnitValue>],
    (unit, value): (usize, f64),
    members: &[(usize, f64)],
    polarity: Polarity,
) -> u32 {
    let mut changed = units.to_vec();
    changed[unit] = Some(UnitValue {
        oriented: polarity.orient(value),
        derived: false,
    });
    let valued = members
        .iter()
        .filter_map(|&(member, weight)| Some((changed[member]?.oriented, weight)));
    let mean = weighted_group_mean(&valued.collect::<Vec<_>>())
        .expect("members")
        .mean;
    position_of_derived(&oriented(&changed), mean)
}

proptest! {
    #[test]
    fn without_changes_nothing_moves(units in units(), polarity in polarity()) {
        let found = WhatIf::new(&units, polarity, Some(scale(&units))).simulate(&[]).expect("no change");
        prop_assert!(found.units.iter().all(|unit| unit.before == unit.after));
        prop_assert_eq!(found.n_before, found.n_after);
        prop_assert!(found.mean_grade.moved().is_none_or(|moved| moved == 0.0));
        prop_assert_eq!(found.mean_grade.before.is_some(), units.iter().any(Option::is_some));
    }

    #[test]
    fn a_unit_without_a_value_changes_nothing_for_the_others(
        units in units(),
        (unit, place) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        value in prop::option::of(-5.0..5.0_f64),
        polarity in polarity(),
    ) {
        let (unit, place) = (unit.index(units.len()), place.index(units.len() + 1));
        let mut with_one_more = units.clone();
        with_one_more.insert(place, None);
        let scale = Some(scale(&units));
        let simulated = |units: &[Option<UnitValue>], unit: usize| {
            WhatIf::new(units, polarity, scale).simulate(&[Change { unit, value, derived: false }]).expect("a change")
        };
        let mut found = simulated(&with_one_more, unit + usize::from(place <= unit));
        prop_assert_eq!(found.units.remove(place), Outcome { before: None, after: None });
        prop_assert_eq!(found, simulated(&units, unit));
    }

    #[test]
    fn what_becomes_is_the_ranking_of_the_new_values_with_grades_of_the_old_scale_and_can_be_undone(
        units in units(),
        others in units(),
        changed in prop::collection::vec(any::<bool>(), 30),
        polarity in polarity(),
    ) {
        let scale = scale(&units);
        let raw = |unit: usize, value: Option<UnitValue>| Change {
            unit,
            value: value.map(|value| polarity.orient(value.oriented)),
            derived: value.is_some_and(|value| value.derived),
        };
        let mut after = units.clone();
        let (mut there, mut back) = (Vec::new(), Vec::new());
        for unit in (0..units.len().min(others.len())).filter(|&unit| changed[unit]) {
            after[unit] = others[unit];
            there.push(raw(unit, others[unit]));
            back.push(raw(unit, units[unit]));
        }
        let found = WhatIf::new(&units, polarity, Some(scale)).simulate(&there).expect("changes");
        let derived: Vec<bool> = after.iter().flatten().map(|unit| unit.derived).collect();
        let ranking = Ranking::of_units(&oriented(&after), &derived);
        let places: Vec<UnitPlace> = found.units.iter().filter_map(|unit| unit.after).collect();
        prop_assert_eq!(places.iter().map(|place| place.position).collect::<Vec<_>>(), ranking.positions);
        prop_assert_eq!(places.iter().map(|place| place.ties).collect::<Vec<_>>(), ranking.ties);
        prop_assert_eq!(found.n_after as usize, places.len());
        for (outcome, value) in found.units.iter().zip(&after) {
            let grade = value.map(|value| scale.grade(value.oriented));
            prop_assert_eq!(outcome.after.and_then(|place| place.grade), grade);
        }
        let undone = WhatIf::new(&after, polarity, Some(scale)).simulate(&back).expect("changes");
        for (one, other) in found.units.iter().zip(&undone.units) {
            prop_assert_eq!((one.before, one.after), (other.after, other.before));
        }
        if let (Some(one), Some(other)) = (found.mean_grade.moved(), undone.mean_grade.moved()) {
            prop_assert_eq!(one, -other);
        }
    }

    #[test]
    fn those_passed_and_passed_by_make_the_difference_between_two_positions(
        units in units(),
        unit in any::<prop::sample::Index>(),
        value in prop_oneof![2 => -5.0..5.0_f64, 1 => (-4_i32..4).prop_map(f64::from), 1 => -1e12..1e12_f64],
        derived in any::<bool>(),
        polarity in polarity(),
    ) {
        let unit = unit.index(units.len());
        let what_if = WhatIf::new(&units, polarity, None);
        let change = Change { unit, value: Some(value), derived };
        let passing = what_if.passing(change).expect("a change");
        let outcome = what_if.simulate(&[change]).expect("a change").units[unit];
        let Some(before) = outcome.before else {
            prop_assert_eq!(passing, Passing::default());
            return Ok(());
        };
        let after = outcome.after.expect("a value").position as usize;
        prop_assert_eq!(before.position as usize + passing.passed_by.len() - passing.passed.len(), after);
        prop_assert!(passing.passed.is_empty() || passing.passed_by.is_empty() || derived != units[unit].expect("a value").derived);
        prop_assert!(passing.passed.iter().chain(&passing.passed_by).all(|&other| other != unit && units[other].is_some()));
    }

    #[test]
    fn a_bound_reaches_its_position_and_the_next_worse_number_does_not(
        units in units(),
        unit in any::<prop::sample::Index>(),
        derived in any::<bool>(),
        polarity in polarity(),
        tries in prop::collection::vec(prop_oneof![-5.0..5.0_f64, -1e12..1e12_f64], 8),
    ) {
        let unit = unit.index(units.len());
        let what_if = WhatIf::new(&units, polarity, None);
        let n = oriented(&units).len() + usize::from(units[unit].is_none());
        for position in (1_u32..).take(n) {
            let target = what_if.value_for_position(unit, position, derived).expect("within the list");
            prop_assert_eq!(target.n as usize, n);
            prop_assert!(target.reached <= position);
            prop_assert_eq!(better_end(target.values, polarity), None);
            if let Some((bound, worse)) = worse_end(target.values, polarity) {
                prop_assert_eq!(position_with(&what_if, unit, bound, derived), target.reached);
                prop_assert!(position_with(&what_if, unit, worse, derived) > position);
            }
            for &value in &tries {
                let found = position_with(&what_if, unit, value, derived);
                prop_assert_eq!(target.values.contains(value), found <= position);
                // What the bound does not give exactly, nothing does.
                prop_assert!(target.reached == position || found != position);
            }
        }
        let beyond = [0, u32::try_from(n).expect("a short list") + 1];
        for position in beyond {
            let refused = what_if.value_for_position(unit, position, derived);
            prop_assert_eq!(refused, Err(Unreachable::NoSuchPosition { n: beyond[1] - 1 }));
        }
    }

    #[test]
    fn among_loaded_values_the_bound_is_that_of_the_best_but_so_many_other_unit(
        values in prop::collection::vec(-6_i32..6, 2..20),
        polarity in polarity(),
    ) {
        let units: Vec<_> = values.iter().map(|&value| {
            Some(UnitValue { oriented: f64::from(value), derived: false })
        }).collect();
        let what_if = WhatIf::new(&units, polarity, None);
        let mut others = values[1..].to_vec();
        others.sort_unstable_by(|a, b| b.cmp(a));
        for (position, &other) in (1_u32..).zip(&others) {
            let target = what_if.value_for_position(0, position, false).expect("within the list");
            let (bound, _) = worse_end(target.values, polarity).expect("bounded");
            prop_assert_eq!(bound, polarity.orient(f64::from(other)));
            let better = others.iter().filter(|&&value| value > other).count();
            prop_assert_eq!(target.reached as usize, 1 + better);
        }
    }

    #[test]
    fn a_bound_reaches_its_grade_and_the_next_worse_number_does_not(
        units in units(),
        grade in prop_oneof![3 => 3.0..10.0_f64, 1 => Just(3.0), 1 => Just(10.0), 1 => Just(6.5)],
        polarity in polarity(),
    ) {
        let scale = scale(&units);
        let grade_of = |value: f64| scale.grade(polarity.orient(value));
        match WhatIf::new(&units, polarity, Some(scale)).value_for_grade(grade) {
            Err(refused) => prop_assert!(refused == Unreachable::NoVariation && !scale.varies && grade != 6.5),
            Ok(target) => {
                prop_assert_eq!(better_end(target.values, polarity), None);
                if let Some((bound, worse)) = worse_end(target.values, polarity) {
                    prop_assert!(grade_of(bound) >= grade && grade_of(worse) < grade);
                    prop_assert_eq!(worse_end(target.exactly, polarity), Some((bound, worse)));
                }
                if let Some((bound, beyond)) = better_end(target.exactly, polarity) {
                    prop_assert!(grade_of(beyond) > grade);
                    // A step between numbers is far finer than a grade shows, save where the spread is that small itself.
                    prop_assert!(grade_of(bound) - grade < 1e-6 || scale.deviation < 1e-6 * scale.mean.abs());
                }
                let endless = |range| worse_end(range, polarity).is_none() || better_end(range, polarity).is_none();
                prop_assert_eq!(endless(target.exactly), !scale.varies || grade == 3.0 || grade == 10.0);
            }
        }
    }

    #[test]
    fn the_values_that_grade_as_a_value_does_contain_it(
        units in units(),
        value in prop_oneof![-5.0..5.0_f64, -1e12..1e12_f64],
        polarity in polarity(),
    ) {
        let scale = scale(&units);
        let grade = scale.grade(polarity.orient(value));
        let target = WhatIf::new(&units, polarity, Some(scale)).value_for_grade(grade).expect("a grade of the scale");
        prop_assert!(target.exactly.contains(value) && target.values.contains(value), "{:?}", target);
    }

    #[test]
    fn a_unit_that_takes_the_mean_of_a_group_stands_at_its_mean(
        units in units(),
        members in prop::collection::vec(prop::option::of(0_u32..5), 30),
        unit in any::<prop::sample::Index>(),
        polarity in polarity(),
    ) {
        let unit = unit.index(units.len());
        let chosen = (0..units.len()).filter_map(|member| Some((member, f64::from(members[member]?))));
        let chosen: Vec<(usize, f64)> = chosen.collect();
        let others: Vec<(f64, f64)> = chosen
            .iter()
            .filter(|(member, _)| *member != unit)
            .filter_map(|&(member, weight)| Some((units[member]?.oriented, weight)))
            .collect();
        let target = WhatIf::new(&units, polarity, None).value_for_mean(unit, &chosen);
        match weighted_group_mean(&others) {
            Err(reason) => prop_assert_eq!(target, Err(Unreachable::NoMean(reason))),
            Ok(mean) => {
                let target = target.expect("the others have a mean");
                prop_assert_eq!(target.contributed, mean.contributed);
                let own = polarity.orient(target.value);
                let own_weight = chosen.iter().find(|(member, _)| *member == unit).map(|&(_, weight)| (own, weight));
                let all: Vec<(f64, f64)> = others.iter().copied().chain(own_weight).collect();
                let whole = weighted_group_mean(&all).expect("members").mean;
                prop_assert!((whole - own).abs() <= 1e-9 * whole.abs().max(1.0), "{} {}", whole, own);
            }
        }
    }

    #[test]
    fn a_member_brings_its_mean_to_a_position_within_the_ranges_and_nowhere_else(
        units in units(),
        weights in prop::collection::vec(prop::option::of(0_u32..4), 30),
        unit in any::<prop::sample::Index>(),
        polarity in polarity(),
        tries in prop::collection::vec(prop_oneof![-5.0..5.0_f64, -300.0..300.0_f64, -1e13..1e13_f64], 12),
    ) {
        let unit = unit.index(units.len());
        let mut members: Vec<(usize, f64)> = (0..units.len())
            .filter_map(|member| Some((member, f64::from(weights[member]?))))
            .filter(|(member, _)| *member != unit)
            .collect();
        members.push((unit, weights[unit].map_or(1.0, f64::from)));
        let what_if = WhatIf::new(&units, polarity, None);
        let has_mean = members.iter().any(|&(m, weight)| weight > 0.0 && (m == unit || units[m].is_some()));
        let n = oriented(&units).len() + usize::from(units[unit].is_none());
        for position in (1_u32..).take(n) {
            let found = |value: f64| mean_position_with(&units, (unit, value), &members, polarity);
            match what_if.value_for_mean_position(unit, &members, position) {
                Err(Unreachable::NoMean(NoMean::NoWeight)) => prop_assert!(!has_mean),
                Err(Unreachable::BestOfMember(best)) => {
                    prop_assert!(best > position);
                    prop_assert!(tries.iter().all(|&value| found(value) >= best));
                }
                Err(other) => prop_assert!(false, "{:?}", other),
                Ok(target) => {
                    prop_assert!((1..=2).contains(&target.values.len()));
                    for &range in &target.values {
                        if let Some((bound, worse)) = worse_end(range, polarity) {
                            prop_assert!(found(bound) <= position && found(worse) > position);
                        }
                        if let Some((bound, beyond)) = better_end(range, polarity) {
                            prop_assert!(found(bound) <= position && found(beyond) > position);
                        }
                    }
                    let first = worse_end(target.values[0], polarity);
                    prop_assert_eq!(first.map_or(target.reached, |(bound, _)| found(bound)), target.reached);
                    for &value in &tries {
                        let inside = target.values.iter().any(|range| range.contains(value));
                        prop_assert_eq!(inside, found(value) <= position, "{} {:?}", value, target);
                    }
                    prop_assert_eq!(target.change.is_some(), units[unit].is_some());
                    if let (Some(change), Some(own)) = (target.change, units[unit]) {
                        let reached = found(polarity.orient(own.oriented)) <= position;
                        prop_assert_eq!(change == 0.0, reached);
                    }
                }
            }
        }
    }
}
