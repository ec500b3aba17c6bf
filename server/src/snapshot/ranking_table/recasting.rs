//! A ranking of figures on the borders of another year than they are of.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{RankingTable, ValueRow, VerdictScale};
use crate::{domain::ObservationStatus, method::count};

/// How a value on other borders came to be.
#[derive(Debug, Clone, PartialEq)]
pub struct RecastValue {
    /// A municipality that it is made of was divided, or its weights are not those of its own denominator.
    pub is_estimated: bool,
    /// The part of its weight that came with parts of other municipalities, 0 to 1.
    pub share_moved: f64,
    /// The municipalities it is made of, by their places among the snapshot's regions, in order.
    pub made_of: Vec<usize>,
}

/// What a ranking on the borders of another year has beside its rows.
#[derive(Debug, Clone, Default)]
pub struct Recasting {
    /// By the place of the region, the values that are others than before.
    pub values: HashMap<usize, RecastValue>,
    /// Municipalities whose figure can be neither divided nor added up.
    pub not_possible: BTreeSet<usize>,
    /// The indicator among the parts of a composite that is so, by its place in the snapshot.
    pub not_possible_part: Option<usize>,
    /// Municipalities to which people moved, or from which they left, nobody says how many: the day, and the place of the one that was
    /// divided.
    pub unknown_moves: BTreeMap<usize, Vec<(String, usize)>>,
    /// Municipalities of which it is not known what weighs the figures that they are made of.
    pub without_weights: BTreeSet<usize>,
    /// Municipalities with a figure that has no place on the new borders.
    pub lost: BTreeSet<usize>,
    /// The years whose inhabitants gave what stayed in municipalities where no table says it.
    pub inhabitants_of: BTreeSet<i32>,
}

/// The values of a ranking on other borders, before they are ranked.
#[derive(Debug, Default)]
pub(in crate::snapshot) struct RecastRows {
    /// In region order.
    pub(in crate::snapshot) rows: Vec<ValueRow>,
    /// The source of each.
    pub(in crate::snapshot) sources: Vec<(usize, Arc<str>)>,
    pub(in crate::snapshot) absent: HashMap<usize, ObservationStatus>,
    pub(in crate::snapshot) recasting: Recasting,
}

impl Recasting {
    /// How many values are estimates.
    #[must_use]
    pub fn estimated(&self) -> u32 {
        count(self.values.values().filter(|value| value.is_estimated).count())
    }
}

impl RankingTable {
    /// The same figures on the borders of this year, which had so many municipalities.
    pub(in crate::snapshot) fn recast(&self, year: &str, municipalities: usize, found: RecastRows) -> Self {
        let values = self.values.as_ref();
        let judged = values.filter(|values| values.scale.is_some() || self.grade_caveat.is_some());
        let missing = count(municipalities.saturating_sub(found.rows.len()));
        let table = Self::of_values(
            &found.rows,
            found.absent,
            missing,
            judged.map(|values| values.orientation),
            (self.period.clone(), found.sources),
        );
        let table = if self.scale == VerdictScale::None {
            table.without_verdicts()
        } else {
            table
        };
        table.with_recasting(self.ordinal, year, found.recasting)
    }

    /// This ranking, in the place of the one with that ordinal, told how its values came to these borders.
    pub(in crate::snapshot) fn with_recasting(
        mut self,
        ordinal: usize,
        year: &str,
        recasting: Recasting,
    ) -> Self {
        self.ordinal = ordinal;
        self.borders = Some(year.to_owned());
        self.recasting = Some(Arc::new(recasting));
        self
    }

    /// How its values came to the borders of its [vintage](Self::vintage); `None` of a ranking as its source has it.
    #[must_use]
    pub fn recasting(&self) -> Option<&Recasting> {
        self.recasting.as_deref()
    }

    /// How the value of a region came to these borders; `None` where it is as its source has it.
    #[must_use]
    pub fn recast_value(&self, region: usize) -> Option<&RecastValue> {
        self.recasting()?.values.get(&region)
    }
}
