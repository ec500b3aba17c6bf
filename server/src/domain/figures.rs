//! Where figures come from and what state they are in.

use super::words::words;

/// Where the figures of a ranking come from, in the order in which answers prefer them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Positions computed here from values of the indicator itself.
    Computed,
    /// Positions computed here from values of a declared, closely related indicator.
    Proxy,
    /// Positions printed by a report, without the values behind them.
    Published,
}

/// The state of an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObservationStatus {
    /// Final.
    Final,
    /// The source may still change it.
    Provisional,
    /// Estimated by the source or by recasting.
    Estimated,
    /// Withheld by the source.
    Suppressed,
    /// The source has no figure.
    Missing,
    /// The figure cannot exist.
    NotApplicable,
}

/// How an observation came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObservationOrigin {
    /// As its source gives it.
    Loaded,
    /// From smaller regions.
    Aggregated,
    /// By a formula over columns of its source.
    Derived,
}

words!(ObservationStatus {
    Final = "final",
    Provisional = "provisional",
    Estimated = "estimated",
    Suppressed = "suppressed",
    Missing = "missing",
    NotApplicable = "not_applicable",
});

words!(ObservationOrigin {
    Loaded = "loaded",
    Aggregated = "aggregated",
    Derived = "derived",
});

impl ObservationOrigin {
    /// Whether its last bits depend on how it was calculated, so that comparisons need a tolerance.
    #[must_use]
    pub fn is_derived(self) -> bool {
        match self {
            Self::Loaded => false,
            Self::Aggregated | Self::Derived => true,
        }
    }
}
