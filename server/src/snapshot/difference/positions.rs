//! Who stands elsewhere, and why.

use std::collections::HashMap;

use super::{Change, Difference, rankings_in_both};
use crate::{
    domain::Indicator,
    method::{Band, Movement, RankedBy, RankedFigure, count, movements},
    snapshot::{RankedRow, RankingTable, Snapshot, Standing, VerdictScale},
};

/// A municipality that stands elsewhere than it did, or has another verdict, in the ranking that answers when nothing is chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct PositionMove {
    /// The place of the indicator in the base and now.
    pub indicator: (usize, usize),
    /// The place of the municipality in the base and now.
    pub region: (usize, usize),
    /// Where it stood and stands.
    pub standing: (Standing, Standing),
    /// Its value before and now; `None` for published positions.
    pub value: (Option<f64>, Option<f64>),
    /// Whether its verdict differs.
    pub verdict_changed: bool,
    /// Positions moved: above 0 is down the list.
    pub moved: i32,
    /// Why.
    pub cause: MoveCause,
}

/// Why a municipality moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveCause {
    /// By figures that can be compared. The parts add up to the move.
    Figures {
        /// Positions by its own value.
        own_value: i32,
        /// Positions by the values of others.
        other_values: i32,
        /// Positions by who is ranked.
        units: i32,
    },
    /// The indicator is defined otherwise.
    Definition,
    /// The figures are of another kind.
    Basis,
    /// Positions are as reports printed them.
    Published,
}

impl Difference {
    pub(super) fn positions(&mut self, base: &Snapshot, now: &Snapshot) {
        let mut in_both = 0;
        for (indicator, (before, after)) in rankings_in_both(base, now) {
            in_both += self.moves((base, before), (now, after), indicator);
        }
        let ranked = |snapshot: &Snapshot| -> u32 {
            let places = 0..snapshot.indicators.len();
            let tables = places.filter_map(|place| snapshot.ranking(place, None, None));
            tables.map(|table| count(table.rows.len())).sum()
        };
        self.counts.positions_compared = in_both;
        self.counts.positions_lost = ranked(base) - in_both;
        self.counts.positions_gained = ranked(now) - in_both;
    }

    /// The moves from one ranking to another; how many municipalities are in both.
    fn moves(
        &mut self,
        (base, before): (&Snapshot, &RankingTable),
        (now, after): (&Snapshot, &RankingTable),
        indicator: (usize, usize),
    ) -> u32 {
        let cause = whole_cause((base, before, indicator.0), (now, after, indicator.1));
        let parts = match cause {
            None => parts((base, before), (now, after)),
            Some(_) => HashMap::new(),
        };
        let mut rows: Vec<&RankedRow> = after.rows.iter().collect();
        rows.sort_by_key(|row| row.region); // regions are in code order
        let mut in_both = 0;
        for row in rows {
            let code = now.regions[row.region].code.as_str();
            let known = base.region(code);
            let stood = known.and_then(|(place, _)| Some((place, before.row(place)?.1)));
            let Some((old_region, old_row)) = stood else {
                continue;
            };
            in_both += 1;
            let (old, new) = (old_row.standing, row.standing);
            let verdict_changed = verdict(before, old) != verdict(after, new);
            let moved = signed(new.position) - signed(old.position);
            if moved == 0 && !verdict_changed {
                continue;
            }
            self.counts.positions_moved += u32::from(moved != 0);
            self.counts.verdicts_changed += u32::from(verdict_changed);
            let cause = cause.or_else(|| parts.get(code).copied());
            self.changes.push(Change::Position(Box::new(PositionMove {
                indicator,
                region: (old_region, row.region),
                standing: (old, new),
                value: (old_row.value, row.value),
                verdict_changed,
                moved,
                cause: cause.unwrap_or(MoveCause::Basis),
            })));
        }
        in_both
    }
}

/// The one cause of all moves between rankings whose figures cannot be compared; `None` where they can.
fn whole_cause(
    (base, before, old_place): (&Snapshot, &RankingTable, usize),
    (now, after, new_place): (&Snapshot, &RankingTable, usize),
) -> Option<MoveCause> {
    if before.basis != after.basis {
        return Some(MoveCause::Basis);
    }
    if !(before.has_values() && after.has_values()) {
        return Some(MoveCause::Published);
    }
    let old = &base.indicators[before.measured(old_place)];
    let new = &now.indicators[after.measured(new_place)];
    let is_same = before.orientation() == after.orientation()
        && before.leaves.is_empty() == after.leaves.is_empty()
        && is_same_measure((base, old), (now, new));
    (!is_same).then_some(MoveCause::Definition)
}

/// Whether values of an indicator mean the same in both editions.
fn is_same_measure((base, old): (&Snapshot, &Indicator), (now, new): (&Snapshot, &Indicator)) -> bool {
    old.id == new.id
        && old.unit == new.unit
        && old.children == new.children
        && old.children.iter().all(|child| {
            let id = &child.indicator;
            match (base.indicator(id), now.indicator(id)) {
                (Some((_, old)), Some((_, new))) => {
                    old.polarity == new.polarity && is_same_measure((base, old), (now, new))
                }
                (old, new) => old.is_none() && new.is_none(),
            }
        })
}

/// The parts of every move between rankings of values that can be compared, by code.
fn parts<'a>(
    (base, before): (&'a Snapshot, &RankingTable),
    (now, after): (&'a Snapshot, &RankingTable),
) -> HashMap<&'a str, MoveCause> {
    let by = if after.leaves.is_empty() {
        RankedBy::Values
    } else {
        RankedBy::Scores
    };
    let moved = movements(&figures(base, before), &figures(now, after), by).into_iter();
    moved
        .map(|moved: Movement<&str>| {
            let cause = MoveCause::Figures {
                own_value: moved.own_value,
                other_values: moved.other_values,
                units: moved.units,
            };
            (moved.unit, cause)
        })
        .collect()
}

/// The figures of a ranking, by code.
fn figures<'a>(snapshot: &'a Snapshot, table: &RankingTable) -> Vec<RankedFigure<&'a str>> {
    let orientation = table.orientation();
    let figures = table.rows.iter().filter_map(|row| {
        Some(RankedFigure {
            unit: snapshot.regions[row.region].code.as_str(),
            oriented: orientation?.orient(row.value?),
            derived: row.origin?.is_derived(),
        })
    });
    figures.collect()
}

/// The words for a place; none where it could not be verified which side is favourable.
pub(super) fn verdict(table: &RankingTable, standing: Standing) -> Option<(VerdictScale, Band)> {
    let has_words = table.scale() != VerdictScale::None;
    has_words.then(|| (table.scale(), standing.band))
}

/// Positions as they are subtracted.
fn signed(position: u32) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}
