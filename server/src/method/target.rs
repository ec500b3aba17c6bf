//! What if, the other way round: which value a unit needs for a wanted position, a wanted grade, the mean of a group, or a
//! wanted position of that mean.
//!
//! The bounds are not solved for but searched: between all numbers, for the least one that is favourable enough by the very
//! comparison that [`WhatIf::simulate`] uses. So they are exact to the last bit: the bound reaches the target, and the
//! next number on its worse side does not. Since ties share the best place and grades have no gaps, a bound always
//! belongs to the values that reach the target. All values here are raw, as measured, and the other units keep theirs.

use std::collections::BTreeSet;

use super::{
    HIGHEST_GRADE, LOWEST_GRADE, MEAN_GRADE, NoMean, WhatIf, count, position_of_derived,
    ranking::{is_better, tolerance},
    weighted_group_mean,
};

/// Values further than this from 0 are not searched. No figure comes near it, and the room above keeps sums finite.
pub const WIDEST_VALUE: f64 = 1e290;

/// The greatest weight of a member of a group, and by how much weights above 0 may differ: beyond, the mean no longer
/// follows a member. Inhabitants of a country lie well within.
const GREATEST_WEIGHT: f64 = 1e15;
const GREATEST_RATIO: f64 = 1e8;

/// Raw values from one number up to another, both of which belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueRange {
    /// The lowest; `None` when there is no lower bound.
    pub from: Option<f64>,
    /// The highest; `None` when there is no upper bound.
    pub to: Option<f64>,
}

impl ValueRange {
    /// Whether a raw value lies in it.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.from.is_none_or(|from| from <= value) && self.to.is_none_or(|to| value <= to)
    }
}

/// What a wanted position takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PositionTarget {
    /// The values that give this position or a better one. Bounded on the worse side only; not at all for the last position.
    pub values: ValueRange,
    /// The position that the bound gives. It is better than the wanted one where other units tie: whoever equals them
    /// shares their best place and whoever is worse stands behind them all, so no value gives exactly what was wanted.
    pub reached: u32,
    /// How many are ranked then, the unit included.
    pub n: u32,
}

/// What a wanted grade takes on the frozen scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GradeTarget {
    /// The values that grade so or higher.
    pub values: ValueRange,
    /// The values that grade exactly so: a single one (to the last bits), but without end at 3 and at 10, where grades are
    /// kept within the scale.
    pub exactly: ValueRange,
}

/// The value that equals the mean of a group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanTarget {
    /// The mean of the group; for one of its members, that of the others, which is then the mean of all.
    pub value: f64,
    /// How many other members it rests on.
    pub contributed: u32,
}

/// What a wanted position of a group's mean takes from one member.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanPositionTarget {
    /// The member's values that give the mean this position or a better one, from the least favourable on: one range or
    /// two. Two, where the member itself passes the mean: it then stands before it, and the mean must rise once more.
    pub values: Vec<ValueRange>,
    /// The position of the mean at the least favourable of these values: better than the wanted one where units tie.
    pub reached: u32,
    /// The least change of the member's value that reaches it, by preference to the favourable side: 0 when it is reached
    /// already, `None` when the member has no value. Rounded: the ranges are exact.
    pub change: Option<f64>,
}

/// Why no value does what was wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Unreachable {
    /// The list has no such place.
    UnknownUnit(usize),
    /// A unit is named twice among the members of a group.
    RepeatedUnit(usize),
    /// The unit whose value is asked is no member of the group.
    NotAMember(usize),
    /// Positions run from 1 to this many, the unit included.
    NoSuchPosition {
        /// The last position.
        n: u32,
    },
    /// Grades run from 3 to 10.
    NoSuchGrade,
    /// There are no grades: too few units, or a neutral indicator.
    NoScale,
    /// All units have the same value: every value grades 6.5, and no other grade exists.
    NoVariation,
    /// The group has no mean to equal or to lift. A weight is also invalid above 1e15, and when it is over 1e8 times another.
    NoMean(NoMean),
    /// No value of this member alone brings the mean there; this is the best position it can bring it to.
    BestOfMember(u32),
    /// Only values beyond [`WIDEST_VALUE`] would.
    BeyondNumbers,
}

impl WhatIf<'_> {
    /// The values a unit needs for a position, 1 to n, when all others keep theirs, whether it has a value now or not.
    /// `derived` says whether the value asked for is to compare as a derived one.
    ///
    /// A position of at most p means at most p - 1 better units. Each other unit is better up to some value and not from
    /// there on; so the bound is the p-th best of those values: among loaded values, that of the p-th best other unit.
    ///
    /// # Errors
    /// [`Unreachable::UnknownUnit`], [`Unreachable::NoSuchPosition`], [`Unreachable::BeyondNumbers`].
    pub fn value_for_position(
        &self,
        unit: usize,
        position: u32,
        derived: bool,
    ) -> Result<PositionTarget, Unreachable> {
        let others = self.others(unit)?;
        let n = count(others.len() + 1);
        if !(1..=n).contains(&position) {
            return Err(Unreachable::NoSuchPosition { n });
        }
        let position_at = |value: f64| {
            let better = others.iter().filter(|&&other| is_better(other, (value, derived)));
            count(1 + better.count())
        };
        let bound = least(|value| position_at(value) <= position).ok_or(Unreachable::BeyondNumbers)?;
        Ok(PositionTarget {
            values: self.raw(bound, f64::INFINITY),
            reached: position_at(bound.max(-WIDEST_VALUE)),
            n,
        })
    }

    /// The values that get a grade on the frozen scale: the inverse of `clamp(6.5 + (o - m) / s + c, 3, 10)`.
    ///
    /// # Errors
    /// [`Unreachable::NoSuchGrade`], [`Unreachable::NoScale`], [`Unreachable::NoVariation`], [`Unreachable::BeyondNumbers`].
    pub fn value_for_grade(&self, grade: f64) -> Result<GradeTarget, Unreachable> {
        if !(LOWEST_GRADE..=HIGHEST_GRADE).contains(&grade) {
            return Err(Unreachable::NoSuchGrade);
        }
        let scale = self.scale.ok_or(Unreachable::NoScale)?;
        if !scale.varies && grade != MEAN_GRADE {
            return Err(Unreachable::NoVariation);
        }
        let bound = least(|value| scale.grade(value) >= grade).ok_or(Unreachable::BeyondNumbers)?;
        // Where the grades of two neighbouring numbers lie on both sides of the wanted one, the upper has to do.
        let end = least(|value| scale.grade(value) > grade)
            .map_or(f64::INFINITY, |above| above.next_down().max(bound));
        Ok(GradeTarget {
            values: self.raw(bound, f64::INFINITY),
            exactly: self.raw(bound, end),
        })
    }

    /// The value with which a unit equals the mean of a group, given as units and their weights in region-code order: 1
    /// for each makes the mean unweighted. A member moves the mean with it: `x = (w x + S) / (w + W)` holds for
    /// `x = S / W`, the mean of the others.
    ///
    /// # Errors
    /// [`Unreachable::UnknownUnit`], [`Unreachable::RepeatedUnit`], [`Unreachable::NoMean`].
    pub fn value_for_mean(&self, unit: usize, members: &[(usize, f64)]) -> Result<MeanTarget, Unreachable> {
        if unit >= self.units.len() {
            return Err(Unreachable::UnknownUnit(unit));
        }
        self.check_members(members)?;
        let mean = weighted_group_mean(&self.weighted(members, |member| {
            if member == unit {
                None
            } else {
                self.oriented(member)
            }
        }))
        .map_err(Unreachable::NoMean)?;
        Ok(MeanTarget {
            value: self.orientation.orient(mean.mean),
            contributed: mean.contributed,
        })
    }

    /// The values with which one member of a group alone brings the group's mean to a position, `1 + #{j better than the
    /// mean}` over all units; the group is given as for [`Self::value_for_mean`]. Of a member without a value it is the one
    /// that it joins list and group with.
    ///
    /// The more favourable the member's value, the more favourable the mean, and the fewer *other* units are better than it.
    /// But from some value on the member itself is. Hence up to two ranges: p - 1 others at most while it is not, p - 2 at
    /// most when it is.
    ///
    /// # Errors
    /// [`Unreachable::UnknownUnit`], [`Unreachable::RepeatedUnit`], [`Unreachable::NotAMember`], [`Unreachable::NoMean`],
    /// [`Unreachable::NoSuchPosition`], [`Unreachable::BestOfMember`].
    pub fn value_for_mean_position(
        &self,
        unit: usize,
        members: &[(usize, f64)],
        position: u32,
    ) -> Result<MeanPositionTarget, Unreachable> {
        let others: Vec<f64> = self.others(unit)?.into_iter().map(|(value, _)| value).collect();
        self.check_members(members)?;
        if members.iter().all(|&(member, _)| member != unit) {
            return Err(Unreachable::NotAMember(unit));
        }
        let mean_at = |value: f64| {
            let value_of = |member| {
                if member == unit {
                    Some(value)
                } else {
                    self.oriented(member)
                }
            };
            weighted_group_mean(&self.weighted(members, value_of)).map(|mean| mean.mean)
        };
        mean_at(0.0).map_err(Unreachable::NoMean)?;
        let n = count(others.len() + 1);
        if !(1..=n).contains(&position) {
            return Err(Unreachable::NoSuchPosition { n });
        }
        let mean = |value: f64| mean_at(value).unwrap_or_default(); // the weights are the same for every value
        let without_itself = |value: f64| position_of_derived(&others, mean(value));
        let passes = |value: f64| value - mean(value) > tolerance(mean(value));
        let position_at = |value: f64| without_itself(value) + u32::from(passes(value));

        let passing = least(passes);
        let until = passing.map_or(f64::INFINITY, f64::next_down);
        let behind = least(|value| without_itself(value) <= position).filter(|&bound| bound <= until);
        let ahead = passing.and_then(|passing| {
            let bound = least(|value| without_itself(value) < position)?;
            Some(bound.max(passing))
        });
        let ranges: Vec<(f64, f64)> = if let (Some(behind), true) = (behind, ahead == passing) {
            vec![(behind, f64::INFINITY)] // also where the member never passes the mean
        } else {
            let behind = behind.map(|bound| (bound, until));
            let ahead = ahead.map(|bound| (bound, f64::INFINITY));
            behind.into_iter().chain(ahead).collect()
        };
        let Some(&(first, _)) = ranges.first() else {
            let best = [until.min(WIDEST_VALUE), WIDEST_VALUE].map(position_at);
            return Err(Unreachable::BestOfMember(best[0].min(best[1])));
        };
        Ok(MeanPositionTarget {
            values: ranges
                .iter()
                .map(|&(worst, best)| self.raw(worst, best))
                .collect(),
            reached: position_at(first.max(-WIDEST_VALUE)),
            change: self
                .oriented(unit)
                .and_then(|own| self.least_change(own, &ranges)),
        })
    }

    /// The raw change that brings an oriented value into the nearest range that is not less favourable, else into the last.
    fn least_change(&self, own: f64, ranges: &[(f64, f64)]) -> Option<f64> {
        let next = ranges.iter().find(|&&(_, best)| own <= best).or(ranges.last());
        next.map(|&(worst, best)| self.orientation.orient(own.clamp(worst, best) - own))
    }

    /// Oriented values of all units but one, and whether they are derived.
    fn others(&self, unit: usize) -> Result<Vec<(f64, bool)>, Unreachable> {
        if unit >= self.units.len() {
            return Err(Unreachable::UnknownUnit(unit));
        }
        let others = self.units.iter().enumerate().filter(|&(other, _)| other != unit);
        let valued = others.filter_map(|(_, value)| value.map(|value| (value.oriented, value.derived)));
        Ok(valued.collect())
    }

    fn oriented(&self, unit: usize) -> Option<f64> {
        self.units
            .get(unit)
            .copied()
            .flatten()
            .map(|value| value.oriented)
    }

    /// Values and weights of the members that have a value.
    fn weighted(&self, members: &[(usize, f64)], value: impl Fn(usize) -> Option<f64>) -> Vec<(f64, f64)> {
        let valued = members
            .iter()
            .filter_map(|&(member, weight)| Some((value(member)?, weight)));
        valued.collect()
    }

    fn check_members(&self, members: &[(usize, f64)]) -> Result<(), Unreachable> {
        let mut seen = BTreeSet::new();
        let (mut least, mut greatest) = (f64::INFINITY, 0.0_f64);
        for (place, &(member, weight)) in members.iter().enumerate() {
            if member >= self.units.len() {
                return Err(Unreachable::UnknownUnit(member));
            }
            if !seen.insert(member) {
                return Err(Unreachable::RepeatedUnit(member));
            }
            if weight > 0.0 {
                (least, greatest) = (least.min(weight), greatest.max(weight));
            }
            let fits = (0.0..=GREATEST_WEIGHT).contains(&weight) && greatest / GREATEST_RATIO <= least;
            if !fits {
                return Err(Unreachable::NoMean(NoMean::InvalidWeight(place)));
            }
        }
        Ok(())
    }

    /// Oriented bounds, the less favourable first, as a range of raw values.
    fn raw(&self, worst: f64, best: f64) -> ValueRange {
        let [one, other] = [worst, best].map(|bound| self.orientation.orient(bound));
        let finite = |bound: f64| bound.is_finite().then_some(bound);
        ValueRange {
            from: finite(one.min(other)),
            to: finite(one.max(other)),
        }
    }
}

/// The least number for which a condition holds that keeps holding for all greater ones: minus infinity when it holds
/// for all, `None` when for none. Halves the numbers themselves, not their distance, so that some 64 steps find the very bit.
fn least(holds: impl Fn(f64) -> bool) -> Option<f64> {
    if holds(-WIDEST_VALUE) {
        return Some(f64::NEG_INFINITY);
    }
    if !holds(WIDEST_VALUE) {
        return None;
    }
    let (mut fails, mut found) = (ordinal(-WIDEST_VALUE), ordinal(WIDEST_VALUE));
    while found - fails > 1 {
        let middle = fails + (found - fails) / 2;
        if holds(number(middle)) {
            found = middle;
        } else {
            fails = middle;
        }
    }
    Some(number(found))
}

const SIGN: u64 = 1 << 63;

/// The place of a number among all numbers, so that a greater number has a greater place.
fn ordinal(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_positive() {
        bits + SIGN
    } else {
        !bits
    }
}

/// The number at such a place.
fn number(ordinal: u64) -> f64 {
    f64::from_bits(if ordinal < SIGN { !ordinal } else { ordinal - SIGN })
}
