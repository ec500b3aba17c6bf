//! Verdicts that changed, and whether by more than the position was certain before.
//!
//! A position is not measured to the last place: values are rounded, and the weights of a composite might as well be others. A
//! verdict that changes within that range is no news.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
};

use super::{Change, Difference, MoveCause, PositionMove, positions::verdict, rankings_in_both};
use crate::{
    method::{
        Levels, PositionCounts, Sensitivity, USUAL_DRAWS, USUAL_SPREAD, WeightNoise, decimals_of,
        positions_within_rounding,
    },
    snapshot::{RankedRow, RankingTable, Snapshot, Standing},
};

/// What the range rests on in which a position is uncertain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeBasis {
    /// Values are anything that rounds to them.
    Rounding,
    /// The weights of a composite are others: 5% to 95% of the draws.
    Weights,
}

/// A verdict that changed.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangedVerdict {
    /// Both editions have one.
    Moved {
        /// The move.
        moved: PositionMove,
        /// The positions that it could have had before, and why; `None` where that is not known.
        range: Option<(RangeBasis, RangeInclusive<u32>)>,
    },
    /// Only the base has one.
    Lost(OneVerdict),
    /// Only the later edition has one.
    Gained(OneVerdict),
}

/// A verdict that only one of the editions has.
#[derive(Debug, Clone, PartialEq)]
pub struct OneVerdict {
    /// The place of the indicator in the base and now.
    pub indicator: (usize, usize),
    /// Code of the municipality.
    pub code: String,
    /// Where it stands in the one.
    pub standing: Standing,
}

impl ChangedVerdict {
    /// The place of the indicator in the base and now.
    #[must_use]
    pub fn indicator(&self) -> (usize, usize) {
        match self {
            Self::Moved { moved, .. } => moved.indicator,
            Self::Lost(one) | Self::Gained(one) => one.indicator,
        }
    }

    /// Code of the municipality.
    #[must_use]
    pub fn code<'a>(&'a self, now: &'a Snapshot) -> &'a str {
        match self {
            Self::Moved { moved, .. } => &now.regions[moved.region.1].code,
            Self::Lost(one) | Self::Gained(one) => &one.code,
        }
    }

    /// Whether the new position is one that it could have had before.
    #[must_use]
    pub fn is_within_range(&self) -> bool {
        match self {
            Self::Moved {
                moved,
                range: Some((_, range)),
            } => range.contains(&moved.standing.1.position),
            Self::Moved { range: None, .. } | Self::Lost(_) | Self::Gained(_) => false,
        }
    }
}

/// The verdicts that changed between two editions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdicts {
    /// By indicator in the order of the later catalogue, then by code.
    pub changed: Vec<ChangedVerdict>,
}

impl Verdicts {
    /// The verdicts that changed between a base and the edition that is looked at; those found so far when `goes_on`, asked
    /// before every draw of weights, says no.
    #[must_use]
    pub fn between(base: &Snapshot, now: &Snapshot, goes_on: impl Fn() -> bool) -> Self {
        let mut difference = Difference::default();
        difference.positions(base, now);
        let mut ranges: HashMap<usize, Ranges> = HashMap::new();
        let mut changed = Vec::new();
        for change in difference.changes {
            let Change::Position(moved) = change else { continue };
            if !moved.verdict_changed {
                continue;
            }
            let place = moved.indicator.0;
            let ranges = ranges
                .entry(place)
                .or_insert_with(|| Ranges::of(base, place, &goes_on));
            let range = match moved.cause {
                MoveCause::Figures { .. } => ranges.of_region(moved.region.0),
                MoveCause::Definition | MoveCause::Basis | MoveCause::Published => None,
            };
            changed.push(ChangedVerdict::Moved { moved: *moved, range });
        }
        for (indicator, tables) in rankings_in_both(base, now) {
            let (before, after) = ((base, tables.0), (now, tables.1));
            changed.extend(only_in_the_first(indicator, before, after).map(ChangedVerdict::Lost));
            changed.extend(only_in_the_first(indicator, after, before).map(ChangedVerdict::Gained));
        }
        let order = |changed: &ChangedVerdict| (changed.indicator().1, changed.code(now).to_owned());
        changed.sort_by_cached_key(order);
        Self { changed }
    }

    /// How many municipalities times indicators have a verdict in both editions, of those wanted by code and id; of all where a
    /// set is empty.
    #[must_use]
    pub fn compared(
        base: &Snapshot,
        now: &Snapshot,
        indicators: &HashSet<String>,
        regions: &HashSet<String>,
    ) -> usize {
        let wanted = |wanted: &HashSet<String>, id: &str| wanted.is_empty() || wanted.contains(id);
        let both = rankings_in_both(base, now);
        let both = both.filter(|((_, place), _)| wanted(indicators, &now.indicators[*place].id));
        let of_indicator = both.map(|(_, (before, after))| {
            let in_both = after.rows.iter().filter(|row| {
                let code = &now.regions[row.region].code;
                wanted(regions, code)
                    && verdict(after, row.standing).is_some()
                    && standing_of((base, before), code)
                        .is_some_and(|standing| verdict(before, standing).is_some())
            });
            in_both.count()
        });
        of_indicator.sum()
    }
}

/// Where a municipality stands, when it is ranked.
fn standing_of((snapshot, table): (&Snapshot, &RankingTable), code: &str) -> Option<Standing> {
    let (place, _) = snapshot.region(code)?;
    Some(table.row(place)?.1.standing)
}

/// The verdicts on an indicator of those who have one in the first ranking and are not in the second.
fn only_in_the_first<'a>(
    indicator: (usize, usize),
    (one, of_one): (&'a Snapshot, &'a RankingTable),
    other: (&'a Snapshot, &'a RankingTable),
) -> impl Iterator<Item = OneVerdict> + use<'a> {
    let rows = of_one.rows.iter();
    let with_code = rows.map(|row| (&one.regions[row.region].code, row.standing));
    let alone = with_code.filter(move |(code, standing)| {
        verdict(of_one, *standing).is_some() && standing_of(other, code).is_none()
    });
    alone.map(move |(code, standing)| OneVerdict {
        indicator,
        code: code.clone(),
        standing,
    })
}

/// The positions that the municipalities of a ranking could have, by their places.
struct Ranges {
    basis: RangeBasis,
    by_region: HashMap<usize, (u32, u32)>,
}

impl Ranges {
    fn of(snapshot: &Snapshot, indicator: usize, goes_on: &impl Fn() -> bool) -> Self {
        let nothing = || Self {
            basis: RangeBasis::Rounding,
            by_region: HashMap::new(),
        };
        let Some(table) = snapshot.ranking(indicator, None, None) else {
            return nothing();
        };
        if table.leaves.is_empty() {
            return Self {
                basis: RangeBasis::Rounding,
                by_region: by_rounding(table),
            };
        }
        let by_weights = by_weights(snapshot, table.measured(indicator), table, goes_on);
        by_weights.map_or_else(nothing, |by_region| Self {
            basis: RangeBasis::Weights,
            by_region,
        })
    }

    fn of_region(&self, region: usize) -> Option<(RangeBasis, RangeInclusive<u32>)> {
        let &(from, to) = self.by_region.get(&region)?;
        Some((self.basis, from..=to))
    }
}

fn by_rounding(table: &RankingTable) -> HashMap<usize, (u32, u32)> {
    let Some(orientation) = table.orientation() else {
        return HashMap::new();
    };
    let with_value = |row: &RankedRow| {
        Some((
            row.region,
            orientation.orient(row.value?),
            row.origin?.is_derived(),
        ))
    };
    let rows: Vec<(usize, f64, bool)> = table.rows.iter().filter_map(with_value).collect();
    let loaded = rows.iter().filter(|(.., derived)| !derived);
    let decimals = decimals_of(loaded.map(|(_, value, _)| *value));
    let oriented: Vec<f64> = rows.iter().map(|(_, value, _)| *value).collect();
    let derived: Vec<bool> = rows.iter().map(|(.., derived)| *derived).collect();
    let ranges = positions_within_rounding(&oriented, &derived, decimals);
    rows.iter().map(|(region, ..)| *region).zip(ranges).collect()
}

/// As AnalyseSensitivity does by default; `None` where there is no composition to draw weights of.
fn by_weights(
    snapshot: &Snapshot,
    composite: usize,
    table: &RankingTable,
    goes_on: &impl Fn() -> bool,
) -> Option<HashMap<usize, (u32, u32)>> {
    let (composition, leaves) = snapshot.composition(composite, &table.period).ok()?;
    let mut regions: Vec<usize> = table.rows.iter().map(|row| row.region).collect();
    regions.sort_unstable();
    let grades: Vec<Vec<Option<f64>>> = regions
        .iter()
        .map(|&region| leaves.grades(region, None))
        .collect();
    let noise = WeightNoise {
        seed: 0,
        spread: USUAL_SPREAD,
        levels: Levels::All,
    };
    let sensitivity = Sensitivity::new(composition.composite(), &grades, noise).ok()?;
    let mut counts = PositionCounts::of_units(sensitivity.nominal().positions.len());
    for draw in 0..USUAL_DRAWS {
        if !goes_on() {
            break;
        }
        counts.add(&sensitivity.ranking_of_draw(u64::from(draw)));
    }
    let units = sensitivity.units().into_iter().map(|unit| regions[unit]);
    let summary = counts.summary(sensitivity.nominal())?.into_iter();
    let ranges = summary.map(|unit| (whole(unit.lower.floor()), whole(unit.upper.ceil())));
    Some(units.zip(ranges).collect())
}

/// A whole number of positions.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to n
fn whole(position: f64) -> u32 {
    position as u32
}
