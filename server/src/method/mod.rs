//! The method: pure arithmetic from figures to positions, grades, verdicts and needs.
//!
//! Nothing here does I/O, reads a clock or knows a wire. Sums are compensated and run in the order given (callers pass
//! units in region-code order) and elementary functions come from `libm`, so that every machine gives the same bits.
//! Functions take the *present*, finite values: what to do about missing ones is the caller's to say.
//!
//! Reading order: [`ranking`] (positions), [`place`] (place share and verdict), [`group`] (means), [`grade`] (3 to 10),
//! [`composite`] (scores of scores), [`sensitivity`] (how firm they are), [`trend`] (through time), [`simulation`] and [`target`]
//! (what if, and which value it takes), [`similarity`] (who is alike), [`masking`] (which districts hide
//! neighbourhoods), [`flow`] (who comes and goes, and the relevant region), [`reorganisation`] (figures on other borders),
//! [`movement`] and [`rounding`] (from one edition to the next), [`mod@need`] (advice), [`correlation`] (proxies);
//! [`sum`], [`quantile`], [`normal`] and [`philox`] serve them.

pub mod composite;
pub mod correlation;
pub mod flow;
pub mod grade;
pub mod group;
pub mod masking;
pub mod movement;
pub mod need;
pub mod normal;
pub mod philox;
pub mod place;
pub mod quantile;
pub mod ranking;
pub mod reorganisation;
pub mod rounding;
pub mod sensitivity;
pub mod similarity;
pub mod simulation;
pub mod sum;
pub mod target;
pub mod trend;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod fixtures_of_composites;
#[cfg(test)]
mod fixtures_of_masking;
#[cfg(test)]
mod fixtures_of_sensitivity;
#[cfg(test)]
mod fixtures_of_targets;
#[cfg(test)]
mod fixtures_of_trends;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod laws_of_composites;
#[cfg(test)]
mod laws_of_flows;
#[cfg(test)]
mod laws_of_groups_and_need;
#[cfg(test)]
mod laws_of_masking;
#[cfg(test)]
mod laws_of_similarity;
#[cfg(test)]
mod laws_of_simulation;
#[cfg(test)]
mod oracles;
#[cfg(test)]
mod oracles_of_composites;

pub use composite::{
    Composite, CompositeMean, CompositeNode, CompositePart, InvalidComposite, MINIMUM_COVERAGE, NodeScore,
    UnfitScore,
};
pub use correlation::{kendall_tau_b, rank_correlation};
pub use flow::{FlowBalance, NoRelevantRegion, Partner, RELEVANT_SHARE, RelevantRegion};
pub use grade::{
    GradeMethod, HIGHEST_GRADE, LOWEST_GRADE, MEAN_GRADE, MINIMUM_UNITS, RobustScale, TooFewUnits,
    grade_of_published_position, linear_grade, normal_score_grade, percentile_grade,
};
pub use group::{GroupMean, NoMean, group_mean, mean_of_member_positions, weighted_group_mean};
pub use masking::{
    District, Masking, MaskingSummary, Neighbourhood, NeighbourhoodState, NoMasking, VarianceSplit,
    detect_masking,
};
pub use movement::{Movement, RankedBy, RankedFigure, movements};
pub use need::{
    Class, Counted, FactorNeed, Figure, LinkedFactor, LinkedIndicator, NEED_OF_RANDOM_POSITIONS, Need,
    ThemeSeverity, breadth_class, drop_parts, need, raise, theme_severity,
};
pub use normal::standard_normal_quantile;
pub use place::{Band, place_share, severity};
pub use quantile::quantile_type7;
pub use ranking::{
    Ranking, compare_derived, midrank_of_derived, midranks, position_of_derived, ties_of_derived,
};
pub use rounding::{decimals_of, positions_within_rounding};
pub use sensitivity::{
    Levels, NoSensitivity, PositionCounts, Sensitivity, USUAL_DRAWS, USUAL_SPREAD, UnitSensitivity,
    VariantShift, WeightNoise,
};
pub use similarity::{
    Contribution, Incomparable, IndicatorColumn, LeftOut, MINIMUM_SHARED_WEIGHT, Neighbour, NoNeighbours,
    Similarity, Standard, most_similar,
};
pub use simulation::{
    BadChange, Change, MeanGrade, Outcome, Passing, Simulated, UnitPlace, UnitValue, WhatIf,
};
pub use sum::{CompensatedSum, compensated_sum, mean};
pub use target::{
    GradeTarget, MeanPositionTarget, MeanTarget, PositionTarget, Unreachable, ValueRange, WIDEST_VALUE,
};
pub use trend::{MINIMUM_TO_SHOW_ANYTHING, MannKendall, Point, Trend};

/// The version of the method. It changes whenever the same figures would give another position, grade, verdict or need.
pub const METHOD_VERSION: &str = "1";

/// A number of units as the counts of the method are kept.
pub(crate) fn count(units: usize) -> u32 {
    u32::try_from(units).unwrap_or(u32::MAX)
}
