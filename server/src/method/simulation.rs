//! What if: a ranking in which some units get another value, get one at last, or lose theirs.
//!
//! Positions follow anew from all values. The grade scale stays that of the old values (`m`, `s` and `c` are frozen), so
//! that a grade means the same before and after; the mean grade may then differ from 6.5, and the answer says how far it
//! moved. The other way round, from a wanted place to the value it takes, is [`target`](super::target).

use std::collections::BTreeSet;

use super::{Ranking, RobustScale, mean, ranking::is_better};
use crate::domain::Polarity;

/// The value of a unit in a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitValue {
    /// Oriented: more is more favourable.
    pub oriented: f64,
    /// Whether it is derived, so that it compares with a tolerance.
    pub derived: bool,
}

/// Another value for one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The unit's place in the list.
    pub unit: usize,
    /// Its new value, raw: in the unit of measurement, not oriented. `None` takes its value away.
    pub value: Option<f64>,
    /// Whether the new value is derived. One that somebody names is not.
    pub derived: bool,
}

/// Why changes cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadChange {
    /// The list has no such place.
    UnknownUnit(usize),
    /// Two changes of one unit.
    RepeatedUnit(usize),
    /// The new value of this unit is infinite or not a number.
    NotFinite(usize),
}

/// Where a unit stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitPlace {
    /// `1 + #{j better than it}`.
    pub position: u32,
    /// How many share it, itself included.
    pub ties: u32,
    /// Its grade on the frozen scale; `None` without a scale.
    pub grade: Option<f64>,
}

/// What changes make of one unit; `None` where it has no value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Where it stands with the old values.
    pub before: Option<UnitPlace>,
    /// Where it stands with the new ones.
    pub after: Option<UnitPlace>,
}

/// The mean grade of all units with a value; `None` of no unit, and without a scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanGrade {
    /// Of the old values: 6.5 where the scale was fitted to them.
    pub before: Option<f64>,
    /// Of the new values on the same scale.
    pub after: Option<f64>,
}

impl MeanGrade {
    /// How far the changes moved it, `after - before`.
    #[must_use]
    pub fn moved(&self) -> Option<f64> {
        Some(self.after? - self.before?)
    }
}

/// Who changes sides when one unit gets another value, as places in the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passing {
    /// Better than the old value, and not than the new one.
    pub passed: Vec<usize>,
    /// Better than the new value, and not than the old one.
    pub passed_by: Vec<usize>,
}

/// A ranking before and after changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// Per unit, in the order of the list.
    pub units: Vec<Outcome>,
    /// How many had a value.
    pub n_before: u32,
    /// How many have one now.
    pub n_after: u32,
    /// The mean grade on the frozen scale.
    pub mean_grade: MeanGrade,
}

/// A ranking of values that may be asked what if.
#[derive(Debug, Clone, Copy)]
pub struct WhatIf<'a> {
    pub(super) units: &'a [Option<UnitValue>],
    pub(super) orientation: Polarity,
    pub(super) scale: Option<RobustScale>,
}

impl<'a> WhatIf<'a> {
    /// The ranking of these finite values, in region-code order; `None` where a unit has none. `orientation` is what they
    /// were oriented by (neutral: higher). `scale` is the one their grades were given on; `None` where there are no grades.
    #[must_use]
    pub fn new(units: &'a [Option<UnitValue>], orientation: Polarity, scale: Option<RobustScale>) -> Self {
        Self {
            units,
            orientation,
            scale,
        }
    }

    /// Makes the changes, all at once, and says what each unit was and becomes.
    ///
    /// # Errors
    /// The first change that cannot be made.
    pub fn simulate(&self, changes: &[Change]) -> Result<Simulated, BadChange> {
        let mut changed = self.units.to_vec();
        let mut seen = BTreeSet::new();
        for change in changes {
            let place = changed
                .get_mut(change.unit)
                .ok_or(BadChange::UnknownUnit(change.unit))?;
            if !seen.insert(change.unit) {
                return Err(BadChange::RepeatedUnit(change.unit));
            }
            if change.value.is_some_and(|value| !value.is_finite()) {
                return Err(BadChange::NotFinite(change.unit));
            }
            *place = change.value.map(|value| UnitValue {
                oriented: self.orientation.orient(value),
                derived: change.derived,
            });
        }
        let (before, n_before, mean_before) = self.places(self.units);
        let (after, n_after, mean_after) = self.places(&changed);
        Ok(Simulated {
            units: before
                .into_iter()
                .zip(after)
                .map(|(before, after)| Outcome { before, after })
                .collect(),
            n_before,
            n_after,
            mean_grade: MeanGrade {
                before: mean_before,
                after: mean_after,
            },
        })
    }

    /// The units that one change alone makes change sides with the changed one: `old position - passed + passed by` is its
    /// new position. Nobody, where it has no value before or after.
    ///
    /// # Errors
    /// As [`Self::simulate`].
    pub fn passing(&self, change: Change) -> Result<Passing, BadChange> {
        let old = *self
            .units
            .get(change.unit)
            .ok_or(BadChange::UnknownUnit(change.unit))?;
        if change.value.is_some_and(|value| !value.is_finite()) {
            return Err(BadChange::NotFinite(change.unit));
        }
        let mut passing = Passing::default();
        let (Some(old), Some(new)) = (old, change.value) else {
            return Ok(passing);
        };
        let (old, new) = (
            (old.oriented, old.derived),
            (self.orientation.orient(new), change.derived),
        );
        for (place, other) in self.units.iter().enumerate() {
            let Some(other) = other.filter(|_| place != change.unit) else {
                continue;
            };
            let other = (other.oriented, other.derived);
            match (is_better(other, old), is_better(other, new)) {
                (true, false) => passing.passed.push(place),
                (false, true) => passing.passed_by.push(place),
                _ => {}
            }
        }
        Ok(passing)
    }

    /// Where each unit stands, how many do, and the mean of their grades.
    fn places(&self, units: &[Option<UnitValue>]) -> (Vec<Option<UnitPlace>>, u32, Option<f64>) {
        let valued = || units.iter().flatten();
        let oriented: Vec<f64> = valued().map(|unit| unit.oriented).collect();
        let derived: Vec<bool> = valued().map(|unit| unit.derived).collect();
        let ranking = Ranking::of_units(&oriented, &derived);
        let grades: Option<Vec<f64>> = self
            .scale
            .map(|scale| oriented.iter().map(|&value| scale.grade(value)).collect());
        let grade = |rank: usize| grades.as_ref().map(|grades| grades[rank]);
        let mut ranks = 0..oriented.len();
        let places = units.iter().map(|unit| {
            let rank = unit.and_then(|_| ranks.next())?;
            Some(UnitPlace {
                position: ranking.positions[rank],
                ties: ranking.ties[rank],
                grade: grade(rank),
            })
        });
        (
            places.collect(),
            super::count(oriented.len()),
            grades.as_deref().and_then(mean),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares in percent, low is favourable; the last has none.
    fn units() -> [Option<UnitValue>; 6] {
        [Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0), None].map(|value| {
            value.map(|value| UnitValue {
                oriented: Polarity::LowerIsFavourable.orient(value),
                derived: false,
            })
        })
    }

    fn named(unit: usize, value: Option<f64>) -> Change {
        Change {
            unit,
            value,
            derived: false,
        }
    }

    #[test]
    fn positions_follow_the_new_values_and_grades_the_old_scale() {
        // Oriented -1 ... -5: quantiles -4.9 and -1.1, drawn in -1.1 -2 -3 -4 -4.9, m = -3,
        // s = sqrt((2 * 1.9^2 + 2 * 1^2) / 5) = sqrt(1.844), c = 0 by symmetry.
        let units = units();
        let scale = RobustScale::fit_without_minimum(&[-1.0, -2.0, -3.0, -4.0, -5.0]);
        let what_if = WhatIf::new(&units, Polarity::LowerIsFavourable, Some(scale));
        // The last but one improves from 5 to 2, the first loses its value, the last gets 4.
        let found = what_if
            .simulate(&[named(4, Some(2.0)), named(0, None), named(5, Some(4.0))])
            .expect("changes that can be made");
        let places = |of: fn(&Outcome) -> Option<UnitPlace>| -> Vec<Option<(u32, u32)>> {
            let placed = found.units.iter().map(of);
            placed
                .map(|place| place.map(|place| (place.position, place.ties)))
                .collect()
        };
        assert_eq!(
            places(|unit| unit.before),
            [
                Some((1, 1)),
                Some((2, 1)),
                Some((3, 1)),
                Some((4, 1)),
                Some((5, 1)),
                None
            ]
        );
        // Now 2 3 4 2 4: two share place 1, then 3, then two share place 4.
        assert_eq!(
            places(|unit| unit.after),
            [
                None,
                Some((1, 2)),
                Some((3, 1)),
                Some((4, 2)),
                Some((1, 2)),
                Some((4, 2))
            ]
        );
        assert_eq!((found.n_before, found.n_after), (5, 5));
        let grade = |place: Option<UnitPlace>| place.and_then(|place| place.grade).expect("a grade");
        let step = 1.0 / 1.844_f64.sqrt();
        assert!((grade(found.units[4].before) - (6.5 - 2.0 * step)).abs() < 1e-12);
        assert!((grade(found.units[4].after) - (6.5 + step)).abs() < 1e-12);
        assert_eq!(
            found.units[3].before.map(|p| p.grade),
            found.units[3].after.map(|p| p.grade)
        );
        // Steps from the middle: 2 is +1, 3 is 0, 4 is -1: (1 + 0 - 1 + 1 - 1) / 5 = 0, the mean stays.
        assert!((found.mean_grade.before.expect("a mean") - 6.5).abs() < 1e-12);
        assert!(found.mean_grade.moved().expect("two means").abs() < 1e-12);
        // With the improvement alone: (2 + 1 + 0 - 1 + 1) / 5 = 0.6 steps up.
        let moved = what_if
            .simulate(&[named(4, Some(2.0))])
            .expect("one change")
            .mean_grade
            .moved();
        assert!((moved.expect("two means") - 0.6 * step).abs() < 1e-12);
    }

    #[test]
    fn without_a_scale_there_are_positions_and_no_grades() {
        let units = units();
        let what_if = WhatIf::new(&units, Polarity::LowerIsFavourable, None);
        let found = what_if.simulate(&[named(5, Some(0.0))]).expect("a change");
        assert_eq!((found.n_before, found.n_after), (5, 6));
        assert_eq!(
            found.units[5].after,
            Some(UnitPlace {
                position: 1,
                ties: 1,
                grade: None
            })
        );
        assert_eq!(found.mean_grade.moved(), None);
    }

    #[test]
    fn nothing_left_has_no_mean() {
        let units = units();
        let scale = RobustScale::fit_without_minimum(&[-1.0, -2.0, -3.0, -4.0, -5.0]);
        let all: Vec<Change> = (0..6).map(|unit| named(unit, None)).collect();
        let found = WhatIf::new(&units, Polarity::LowerIsFavourable, Some(scale)).simulate(&all);
        let found = found.expect("changes");
        assert!(found.units.iter().all(|unit| unit.after.is_none()));
        assert_eq!(
            (found.n_after, found.mean_grade.after, found.mean_grade.moved()),
            (0, None, None)
        );
    }

    #[test]
    fn a_derived_value_compares_with_its_tolerance() {
        let units = units();
        let what_if = WhatIf::new(&units, Polarity::LowerIsFavourable, None);
        for (derived, position) in [(true, 1), (false, 2)] {
            let change = Change {
                unit: 2,
                value: Some(1.0 + 5e-10),
                derived,
            };
            let found = what_if.simulate(&[change]).expect("a change").units[2].after;
            assert_eq!(found.expect("a value").position, position);
        }
    }

    #[test]
    fn changes_that_cannot_be_made_are_named() {
        let units = units();
        let refused = |changes: &[Change]| {
            WhatIf::new(&units, Polarity::LowerIsFavourable, None)
                .simulate(changes)
                .expect_err("bad changes")
        };
        assert_eq!(refused(&[named(6, None)]), BadChange::UnknownUnit(6));
        assert_eq!(
            refused(&[named(1, None), named(2, None), named(1, Some(3.0))]),
            BadChange::RepeatedUnit(1)
        );
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(refused(&[named(3, Some(value))]), BadChange::NotFinite(3));
        }
    }
}
