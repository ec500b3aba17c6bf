//! A ranking of values that may be asked what if.

use super::{GroupMeanStanding, RankingTable, Standing};
use crate::{
    domain::Polarity,
    method::{
        BadChange, Change, MeanGrade, Passing, RobustScale, UnitPlace, UnitValue, WhatIf, group_mean,
        mean_of_member_positions, position_of_derived, ties_of_derived,
    },
};

/// The values of a ranking by the places of their regions, and the scale of its grades, which stays.
#[derive(Debug)]
pub struct Hypothesis {
    units: Vec<Option<UnitValue>>,
    orientation: Polarity,
    scale: Option<RobustScale>,
}

/// What another value makes of one region's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Supposed {
    /// Where it stands with that value.
    pub standing: Standing,
    /// How many are ranked then.
    pub n: u32,
    /// Regions that change sides with it, by their places.
    pub passing: Passing,
    /// The mean grade before and after.
    pub mean_grade: MeanGrade,
    /// Oriented values and positions then, by the places of regions.
    after: Vec<Option<(f64, u32)>>,
}

impl RankingTable {
    /// The ranking as one that may be asked what if, in an edition of this many regions; `None` for published positions,
    /// which have no values.
    #[must_use]
    pub fn hypothesis(&self, regions: usize) -> Option<Hypothesis> {
        let values = self.values.as_ref()?;
        let mut units = vec![None; regions];
        for row in &self.rows {
            units[row.region] = row.value.map(|value| UnitValue {
                oriented: values.orientation.orient(value),
                derived: row.origin.is_some_and(|origin| origin.is_derived()),
            });
        }
        Some(Hypothesis {
            units,
            orientation: values.orientation,
            scale: self.grade_scale(),
        })
    }

    /// The scale of its grades by `ROBUST_LINEAR`, which what if keeps; `None` where there are no grades of values.
    #[must_use]
    pub fn grade_scale(&self) -> Option<RobustScale> {
        let values = self.values.as_ref()?;
        values.scale.filter(|_| self.has_grades())
    }
}

impl Hypothesis {
    /// What the method asks. Its units are the places of regions.
    #[must_use]
    pub fn what_if(&self) -> WhatIf<'_> {
        WhatIf::new(&self.units, self.orientation, self.scale)
    }

    /// Whether a raw value lies beyond all that are known.
    #[must_use]
    pub fn is_beyond_known(&self, value: f64) -> bool {
        let value = self.orientation.orient(value);
        let known = || self.units.iter().flatten().map(|unit| unit.oriented);
        !(known().any(|known| known <= value) && known().any(|known| known >= value))
    }

    /// What a value that somebody names makes of a region's place.
    ///
    /// # Errors
    /// A place that is none, or a value that is not finite.
    pub fn suppose(&self, region: usize, value: f64) -> Result<Supposed, BadChange> {
        let change = Change {
            unit: region,
            value: Some(value),
            derived: false,
        };
        let what_if = self.what_if();
        let passing = what_if.passing(change)?;
        let found = what_if.simulate(&[change])?;
        let n = found.n_after;
        let place = found.units.get(region).and_then(|unit| unit.after);
        let UnitPlace {
            position,
            ties,
            grade,
        } = place.ok_or(BadChange::UnknownUnit(region))?;
        let oriented = |unit: usize| {
            if unit == region {
                Some(self.orientation.orient(value))
            } else {
                self.units[unit].map(|value| value.oriented)
            }
        };
        let after = found.units.iter().enumerate();
        let after = after.map(|(unit, outcome)| Some((oriented(unit)?, outcome.after?.position)));
        Ok(Supposed {
            standing: Standing::of(position, ties, n, grade),
            n,
            passing,
            mean_grade: found.mean_grade,
            after: after.collect(),
        })
    }

    /// The unweighted mean of these regions' supposed values, and where it would stand, graded on the scale that stays.
    #[must_use]
    pub fn mean_of(&self, regions: &[usize], supposed: &Supposed) -> GroupMeanStanding {
        let mut regions = regions.to_vec();
        regions.sort_unstable(); // sums run in region order
        regions.dedup();
        let members = regions
            .iter()
            .filter_map(|&region| supposed.after.get(region).copied().flatten());
        let (values, positions): (Vec<f64>, Vec<u32>) = members.unzip();
        let Ok(found) = group_mean(&values) else {
            return GroupMeanStanding {
                contributed: 0,
                mean: None,
                standing: None,
                mean_of_positions: None,
            };
        };
        let all: Vec<f64> = supposed.after.iter().flatten().map(|(value, _)| *value).collect();
        GroupMeanStanding {
            contributed: found.contributed,
            mean: Some(self.orientation.orient(found.mean)),
            standing: Some(Standing::of(
                position_of_derived(&all, found.mean),
                ties_of_derived(&all, found.mean),
                supposed.n,
                self.scale.map(|scale| scale.grade(found.mean)),
            )),
            mean_of_positions: mean_of_member_positions(&positions),
        }
    }
}
