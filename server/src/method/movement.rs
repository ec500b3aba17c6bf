//! Why a unit stands elsewhere than it did: its own figure, those of others, or who is ranked.
//!
//! One thing is changed after the other, and what each change moves is what it counts for. So the parts are whole numbers that
//! add up to the move, with nothing left over. Their order is a choice: first the unit's own figure among the others as they
//! were, then those of the others that were ranked before and still are, then who is ranked.

use super::{Ranking, count, ranking::is_better};

/// One unit of a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedFigure<K> {
    /// What the unit is known by, in both rankings.
    pub unit: K,
    /// Its oriented value, or its score.
    pub oriented: f64,
    /// The value is derived: the last bits of its calculation say nothing.
    pub derived: bool,
}

/// How positions follow from figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankedBy {
    /// `1 + #{better}`, as of values.
    Values,
    /// Walked from the best, as scores of a composite.
    Scores,
}

/// The move of one unit from one ranking to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement<K> {
    /// The unit.
    pub unit: K,
    /// Its position before.
    pub before: u32,
    /// Its position after.
    pub after: u32,
    /// Positions that its own figure moves it, among the others as they were; above 0 is down the list.
    pub own_value: i32,
    /// Positions that the figures of the others move it then.
    pub other_values: i32,
    /// Positions that those who came and went move it then.
    pub units: i32,
}

/// The moves of all units that are in both rankings, in the order of `after`. A unit is in a ranking once.
#[must_use]
pub fn movements<K: Ord + Copy>(
    before: &[RankedFigure<K>],
    after: &[RankedFigure<K>],
    by: RankedBy,
) -> Vec<Movement<K>> {
    let old = by_unit(before);
    let new = by_unit(after);
    let in_both = |of: &[RankedFigure<K>], other: &[RankedFigure<K>]| {
        let found = of.iter().filter(|figure| find(other, figure.unit).is_some());
        found.copied().collect::<Vec<_>>()
    };
    let gone: Vec<RankedFigure<K>> = old
        .iter()
        .filter(|figure| find(&new, figure.unit).is_none())
        .copied()
        .collect();
    // Those ranked before, with the figures that they have after: who went keeps the last.
    let mut renewed = in_both(&new, &old);
    renewed.extend(gone);
    let moved = after.iter().filter_map(|&own_new| {
        let own_old = find(&old, own_new.unit)?;
        let stands = |own: RankedFigure<K>, among: &[RankedFigure<K>]| position(own, among, by);
        let steps = [
            stands(own_old, &old),
            stands(own_new, &old),
            stands(own_new, &renewed),
            stands(own_new, &new),
        ];
        let part = |step: usize| signed(steps[step]) - signed(steps[step - 1]);
        Some(Movement {
            unit: own_new.unit,
            before: steps[0],
            after: steps[3],
            own_value: part(1),
            other_values: part(2),
            units: part(3),
        })
    });
    moved.collect()
}

/// Figures in the order of their units.
fn by_unit<K: Ord + Copy>(figures: &[RankedFigure<K>]) -> Vec<RankedFigure<K>> {
    let mut ordered = figures.to_vec();
    ordered.sort_by_key(|figure| figure.unit);
    ordered
}

fn find<K: Ord + Copy>(ordered: &[RankedFigure<K>], unit: K) -> Option<RankedFigure<K>> {
    let place = ordered.binary_search_by_key(&unit, |figure| figure.unit).ok()?;
    Some(ordered[place])
}

/// Where a unit stands with this figure among these units, whatever figure it has there.
fn position<K: Ord + Copy>(own: RankedFigure<K>, among: &[RankedFigure<K>], by: RankedBy) -> u32 {
    let others = among.iter().filter(|other| other.unit != own.unit);
    match by {
        RankedBy::Values => {
            let own = (own.oriented, own.derived);
            let better = others.filter(|other| is_better((other.oriented, other.derived), own));
            count(1 + better.count())
        }
        RankedBy::Scores => {
            let scores = std::iter::once(own.oriented).chain(others.map(|other| other.oriented));
            let scores: Vec<f64> = scores.collect();
            Ranking::of_scores(&scores).positions[0]
        }
    }
}

/// Positions as they are subtracted.
fn signed(position: u32) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figures(values: &[(u8, f64)]) -> Vec<RankedFigure<u8>> {
        let figures = values.iter().map(|&(unit, oriented)| RankedFigure {
            unit,
            oriented,
            derived: false,
        });
        figures.collect()
    }

    /// Unit 1 improves by itself, is overtaken by unit 2, and meets unit 9, which is new and better, while unit 4 goes.
    #[test]
    fn a_move_is_worked_by_hand() {
        let before = figures(&[(1, 5.0), (2, 4.0), (3, 6.0), (4, 8.0)]);
        let after = figures(&[(1, 6.5), (2, 7.0), (3, 6.0), (9, 9.0)]);
        let moves = movements(&before, &after, RankedBy::Values);
        let first = moves[0];
        assert_eq!((first.before, first.after), (3, 3));
        // 6.5 among 4, 6 and 8: second. Then 2 has 7: third. Then 4 goes and 9 comes: still third.
        assert_eq!((first.own_value, first.other_values, first.units), (-1, 1, 0));
        assert_eq!(moves.len(), 3, "units 4 and 9 are in one of the two only");
    }

    /// A list of units, each once, with figures that often tie, some of them derived.
    fn ranking() -> impl Strategy<Value = Vec<RankedFigure<u8>>> {
        let figure = (0..12_i8, any::<bool>(), -1..2_i8)
            .prop_map(|(value, derived, hair)| (f64::from(value) + f64::from(hair) * 4e-10, derived));
        proptest::collection::btree_map(0..20_u8, figure, 0..16).prop_map(|units| {
            let figures = units.into_iter().map(|(unit, (oriented, derived))| RankedFigure {
                unit,
                oriented,
                derived,
            });
            figures.collect()
        })
    }

    fn by() -> impl Strategy<Value = RankedBy> {
        prop_oneof![Just(RankedBy::Values), Just(RankedBy::Scores)]
    }

    /// The positions that rankings give.
    fn ranked(figures: &[RankedFigure<u8>], by: RankedBy) -> Vec<(u8, u32)> {
        let oriented: Vec<f64> = figures.iter().map(|figure| figure.oriented).collect();
        let derived: Vec<bool> = figures.iter().map(|figure| figure.derived).collect();
        let ranking = match by {
            RankedBy::Values => Ranking::of_units(&oriented, &derived),
            RankedBy::Scores => Ranking::of_scores(&oriented),
        };
        let units = figures.iter().map(|figure| figure.unit);
        units.zip(ranking.positions).collect()
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_move_between_the_positions_of_the_two_rankings(
            before in ranking(), after in ranking(), by in by()
        ) {
            let (old, new) = (ranked(&before, by), ranked(&after, by));
            let moves = movements(&before, &after, by);
            let both = new.iter().filter(|(unit, _)| old.iter().any(|(other, _)| other == unit));
            prop_assert_eq!(moves.len(), both.count());
            for moved in moves {
                prop_assert!(old.contains(&(moved.unit, moved.before)));
                prop_assert!(new.contains(&(moved.unit, moved.after)));
                let parts = moved.own_value + moved.other_values + moved.units;
                prop_assert_eq!(parts, signed(moved.after) - signed(moved.before));
            }
        }

        #[test]
        fn between_equal_rankings_nothing_moves(figures in ranking(), by in by()) {
            for moved in movements(&figures, &figures, by) {
                prop_assert_eq!((moved.own_value, moved.other_values, moved.units), (0, 0, 0));
            }
        }

        #[test]
        fn back_again_every_unit_moves_as_far_the_other_way(
            before in ranking(), after in ranking(), by in by()
        ) {
            let there = movements(&before, &after, by);
            let back = movements(&after, &before, by);
            for moved in there {
                let found = back.iter().find(|back| back.unit == moved.unit);
                prop_assert_eq!(found.map(|back| (back.after, back.before)), Some((moved.before, moved.after)));
            }
        }

        #[test]
        fn the_order_of_the_units_does_not_matter(before in ranking(), after in ranking(), by in by()) {
            let reversed = |figures: &[RankedFigure<u8>]| {
                figures.iter().rev().copied().collect::<Vec<_>>()
            };
            let mut turned = movements(&reversed(&before), &reversed(&after), by);
            turned.reverse();
            prop_assert_eq!(turned, movements(&before, &after, by));
        }

        #[test]
        fn where_only_others_differ_the_own_part_is_nothing(before in ranking(), after in ranking(), by in by()) {
            for moved in movements(&before, &after, by) {
                let own = |figures: &[RankedFigure<u8>]| {
                    let found = figures.iter().find(|figure| figure.unit == moved.unit);
                    found.map(|figure| (figure.oriented.to_bits(), figure.derived))
                };
                if own(&before) == own(&after) {
                    prop_assert_eq!(moved.own_value, 0);
                }
            }
        }
    }
}
