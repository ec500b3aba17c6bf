//! One indicator ranked: computed from values, or as a report printed it.

mod making;
mod means;
mod recasting;
mod units;
mod what_if;

pub(super) use making::count_sources;
pub use means::GroupMeanStanding;
pub(super) use recasting::RecastRows;
pub use recasting::{RecastValue, Recasting};
pub use what_if::{Hypothesis, Supposed};

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use units::AmongUnits;
pub(super) use units::Combining;
pub use units::PlacedUnit;

use crate::{
    domain::{Basis, ObservationOrigin, ObservationStatus, Polarity},
    method::{
        Band, GradeMethod, MINIMUM_UNITS, RobustScale, count, linear_grade, normal_score_grade,
        percentile_grade, place_share, rank_correlation,
    },
};

/// No place in a listing: beyond its end.
const UNRANKED: u32 = u32::MAX;

/// Where one unit stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// 1 to n; of a mean up to n + 1.
    pub position: u32,
    /// Units that share it.
    pub ties: u32,
    /// Between 0 and 1, low is favourable.
    pub place_share: f64,
    /// The place share in words.
    pub band: Band,
    /// 3 to 10; `None` for neutral indicators and small rankings.
    pub grade: Option<f64>,
}

impl Standing {
    /// Where a unit stands that shares its position with so many, itself included; 0 for a mean that nobody equals.
    #[must_use]
    pub fn of(position: u32, ties: u32, n: u32, grade: Option<f64>) -> Self {
        let place_share = place_share(position, ties, n);
        Self {
            position,
            ties: ties.max(1),
            place_share,
            band: Band::of(place_share),
            grade,
        }
    }
}

/// One region in a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedRow {
    /// Its place among the snapshot's regions.
    pub region: usize,
    /// Its value; `None` for published positions.
    pub value: Option<f64>,
    /// The state of that value.
    pub status: Option<ObservationStatus>,
    /// How that value came to be.
    pub origin: Option<ObservationOrigin>,
    /// Where it stands.
    pub standing: Standing,
}

/// The published position of a group's mean.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedMean {
    /// Group id.
    pub group: String,
    /// Where it would stand.
    pub standing: Standing,
}

/// Why grades are missing or all alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradeCaveat {
    /// Fewer than ten units.
    TooFewUnits,
    /// Every value is the same.
    NoVariation,
}

/// The indicator whose values stand in for another, and how well its order agrees with the published one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProxyStanding {
    /// Its place among the snapshot's indicators.
    pub indicator: usize,
    /// Spearman's rank correlation with the published positions, over the municipalities that have both.
    pub rank_agreement: Option<f64>,
    /// How many have both.
    pub compared: u32,
}

/// One ranking of one indicator, ready to list.
#[derive(Debug, Clone)]
pub struct RankingTable {
    /// Its place among all rankings of the edition, in catalogue order.
    pub ordinal: usize,
    /// Where its figures come from.
    pub basis: Basis,
    /// Their period.
    pub period: String,
    /// The year of whose municipalities they are, where that is another than the period's own.
    pub borders: Option<String>,
    /// Source id; of the most figures, where several fill it.
    pub source: String,
    /// The regions whose figures come from another source, and from which.
    exceptions: HashMap<usize, Arc<str>>,
    /// Figure of the source.
    pub figure: Option<String>,
    /// Which municipality a printed column belongs to was inferred.
    pub column_inferred: bool,
    /// Units ranked.
    pub n: u32,
    /// Municipalities without a value.
    pub missing: u32,
    /// Regions by position, then code.
    pub rows: Vec<RankedRow>,
    /// Regions without a value, and why.
    pub absent: HashMap<usize, ObservationStatus>,
    /// Published positions of group means.
    pub means: Vec<PublishedMean>,
    /// Why grades are missing or all alike.
    pub grade_caveat: Option<GradeCaveat>,
    /// On basis PROXY: whose values were ranked.
    pub proxy: Option<ProxyStanding>,
    /// By region, its place in the listing; [`UNRANKED`] for those that are not listed.
    row_of_region: Vec<u32>,
    /// Set when it is among the units of a universe.
    among: Option<AmongUnits>,
    /// Set when its figures were put on the borders of another year.
    recasting: Option<Arc<Recasting>>,
    scale: VerdictScale,
    /// Set for rankings of values.
    values: Option<Values>,
    /// Of a composite's scores, the indicators they were computed from, by their place in the snapshot.
    pub leaves: Vec<usize>,
    /// Of a composite's scores, sources of their grades beside `source`.
    other_sources: Vec<Arc<str>>,
}

/// What positions and grades of a ranking of values follow from.
#[derive(Debug, Clone)]
struct Values {
    orientation: Polarity,
    /// Oriented values in region order.
    oriented: Vec<f64>,
    /// Ascending midranks, in the same order.
    midranks: Vec<f64>,
    /// For each row of the listing, its place in region order.
    unit_of_row: Vec<usize>,
    scale: Option<RobustScale>,
    least: f64,
    most: f64,
}

/// A value to rank.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueRow {
    pub(super) region: usize,
    pub(super) value: f64,
    pub(super) status: ObservationStatus,
    pub(super) origin: ObservationOrigin,
}

/// The words for a place on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerdictScale {
    /// One side is favourable.
    Favourable,
    /// High and low, never good or bad.
    HighLow,
    /// None: it could not be verified which side is favourable.
    None,
}

impl RankingTable {
    /// The place of the indicator whose values it ranks: of the one that stands in, or of the ranking's own.
    #[must_use]
    pub fn measured(&self, indicator: usize) -> usize {
        self.proxy.map_or(indicator, |proxy| proxy.indicator)
    }

    /// The same ranking, of figures on the borders of this year; on those of its period for none.
    #[must_use]
    pub fn on_borders_of(mut self, borders: Option<String>) -> Self {
        self.borders = borders;
        self
    }

    /// The period whose municipalities its figures are of: their own, or the year of their borders.
    #[must_use]
    pub fn vintage(&self) -> &str {
        self.borders.as_deref().unwrap_or(&self.period)
    }

    /// The row of a region and its place in the listing.
    #[must_use]
    pub fn row(&self, region: usize) -> Option<(usize, &RankedRow)> {
        let place = *self.row_of_region.get(region)? as usize;
        self.rows.get(place).map(|row| (place, row))
    }

    /// The source of a region's figure.
    #[must_use]
    pub fn source_of(&self, region: usize) -> &str {
        self.other_source_of(region).unwrap_or(&self.source)
    }

    /// The source of a region's figure where it is another than that of most.
    #[must_use]
    pub fn other_source_of(&self, region: usize) -> Option<&str> {
        self.exceptions.get(&region).map(AsRef::as_ref)
    }

    /// Whether one source takes the place of another for some of its figures.
    #[must_use]
    pub fn mixes_sources(&self) -> bool {
        !self.exceptions.is_empty()
    }

    /// The sources of its figures, that of the most first; the others by id.
    #[must_use]
    pub fn sources(&self) -> Vec<&str> {
        let others = self.exceptions.values().chain(&self.other_sources);
        let others: BTreeSet<&str> = others.map(AsRef::as_ref).collect();
        std::iter::once(self.source.as_str()).chain(others).collect()
    }

    /// The same ranking standing in for that of another indicator, of which a report published positions.
    pub(super) fn standing_in(&self, indicator: usize, published: Option<&Self>) -> Self {
        let both = published
            .into_iter()
            .flat_map(|published| &published.rows)
            .filter_map(|row| {
                let own = self.row(row.region)?.1.standing.position;
                Some((f64::from(own), f64::from(row.standing.position)))
            });
        let (own, printed): (Vec<f64>, Vec<f64>) = both.unzip();
        let mut table = self.clone();
        table.basis = Basis::Proxy;
        table.proxy = Some(ProxyStanding {
            indicator,
            rank_agreement: rank_correlation(&own, &printed),
            compared: count(own.len()),
        });
        table
    }

    /// The same ranking of an indicator of which it could not be verified which side is favourable.
    pub(super) fn without_verdicts(mut self) -> Self {
        self.scale = VerdictScale::None;
        self
    }

    /// In which words a place on it can be put. Only where one side is favourable are there grades.
    #[must_use]
    pub fn scale(&self) -> VerdictScale {
        self.scale
    }

    /// The direction in which values are ranked; of neutral ones that higher comes first. `None` where only positions are known.
    #[must_use]
    pub fn orientation(&self) -> Option<Polarity> {
        self.values.as_ref().map(|values| values.orientation)
    }

    /// Whether values are known, not only positions.
    #[must_use]
    pub fn has_values(&self) -> bool {
        self.values.is_some()
    }

    /// Whether the ranking has grades.
    #[must_use]
    pub fn has_grades(&self) -> bool {
        self.scale == VerdictScale::Favourable && self.grade_caveat != Some(GradeCaveat::TooFewUnits)
    }

    /// The method its grades are made by when this one is asked for: published positions have no values to grade.
    #[must_use]
    pub fn grade_method(&self, asked: Option<GradeMethod>) -> GradeMethod {
        match &self.values {
            Some(_) => asked.unwrap_or(GradeMethod::RobustLinear),
            None => GradeMethod::NormalScore,
        }
    }

    /// The standing of the row at this place in the listing, graded by this method.
    #[must_use]
    pub fn standing_of_row(&self, place: usize, method: Option<GradeMethod>) -> Standing {
        let mut found = self.rows[place].standing;
        if let (Some(values), Some(method)) = (&self.values, method)
            && found.grade.is_some()
        {
            let unit = values.unit_of_row[place];
            found.grade = Some(values.grade(values.oriented[unit], values.midranks[unit], method));
        }
        found
    }
}

impl Values {
    fn grade(&self, oriented: f64, midrank: f64, method: GradeMethod) -> f64 {
        match method {
            GradeMethod::RobustLinear => self.scale.map_or(6.5, |scale| scale.grade(oriented)),
            GradeMethod::Percentile => percentile_grade(midrank, self.oriented.len()),
            GradeMethod::NormalScore => normal_score_grade(midrank, self.oriented.len()),
            GradeMethod::Linear => linear_grade(oriented, self.least, self.most),
        }
    }
}

const _: () = assert!(
    MINIMUM_UNITS == 10,
    "the caveat TOO_FEW_UNITS says fewer than ten"
);
