//! What neighbourhoods hide from the figures of their districts, as far as it bears on advice.

use std::collections::{BTreeMap, BTreeSet};

/// Masked districts of the subject, by indicator that advice may count. A municipality is one member, a group has several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MaskingFacts<'a> {
    /// By indicator id: what was measured, and of every member that has figures of neighbourhoods how many districts are masked.
    pub indicators: BTreeMap<&'a str, MaskedOn<'a>>,
}

/// What one indicator says of the subject's districts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedOn<'a> {
    /// The id of the indicator whose figures were used: another one where that stands in.
    pub measured: &'a str,
    /// By member, of those with figures: its masked districts.
    pub members: BTreeMap<usize, u32>,
}

/// What the masking trigger found on the indicators of a recommendation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskingFound<'a> {
    /// The indicators with figures of neighbourhoods, by id; each with the one measured and the masked districts of all members.
    pub indicators: Vec<(&'a str, &'a str, u32)>,
    /// Members with figures of neighbourhoods on at least one of them.
    pub members_measured: u32,
    /// Members with a masked district on at least one of them.
    pub members_masked: u32,
}

impl<'a> MaskingFacts<'a> {
    /// The same without one indicator.
    #[must_use]
    pub fn without(&self, indicator: &str) -> Self {
        let mut others = self.clone();
        others.indicators.remove(indicator);
        others
    }

    /// What there is on some of the indicators; `None` when no member has figures of neighbourhoods on any.
    #[must_use]
    pub(super) fn on(&self, indicators: &BTreeSet<&str>) -> Option<MaskingFound<'a>> {
        let own: Vec<(&'a str, &MaskedOn<'a>)> = self
            .indicators
            .iter()
            .filter(|(id, on)| indicators.contains(*id) && !on.members.is_empty())
            .map(|(id, on)| (*id, on))
            .collect();
        let members = |fits: fn(u32) -> bool| {
            let found = own.iter().flat_map(|(_, on)| &on.members);
            let found: BTreeSet<usize> = found
                .filter(|(_, masked)| fits(**masked))
                .map(|(&of, _)| of)
                .collect();
            crate::method::count(found.len())
        };
        (!own.is_empty()).then(|| MaskingFound {
            members_measured: members(|_| true),
            members_masked: members(|masked| masked > 0),
            indicators: own
                .iter()
                .map(|(id, on)| (*id, on.measured, on.members.values().sum()))
                .collect(),
        })
    }
}
