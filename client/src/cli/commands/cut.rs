//! Which rows of a ranking are listed.

use groeikern_client::v1::{CompositeRow, ItemStatus, RankedRegion, RankingSummary, RegionRef, Standing};

use crate::cli::{
    arguments::Rows,
    ranked::{OfRegion, Ranked},
};

/// The rows asked for. Always some of one list, so that first, last and neighbours never contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cut {
    Whole,
    Top(usize),
    Bottom(usize),
    Around { code: String, neighbours: usize },
}

/// A municipality on a list.
pub(super) trait Listed: Clone {
    /// It, or the unit of several that are combined.
    fn region(&self) -> Option<&RegionRef>;
    /// The municipalities of a unit that combines several.
    fn members(&self) -> &[RegionRef];
    fn standing(&self) -> Option<&Standing>;
}

impl Listed for RankedRegion {
    fn region(&self) -> Option<&RegionRef> {
        self.region.as_ref()
    }

    fn members(&self) -> &[RegionRef] {
        &self.members
    }

    fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }
}

impl Listed for CompositeRow {
    fn region(&self) -> Option<&RegionRef> {
        self.region.as_ref()
    }

    fn members(&self) -> &[RegionRef] {
        &self.members
    }

    fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }
}

/// One municipality of a list, with what all rows share.
pub(super) struct Row<Of> {
    pub(super) ranking: RankingSummary,
    pub(super) row: Of,
    /// It was asked about; the others are its neighbours.
    pub(super) asked: bool,
}

impl<Of: Listed> Row<Of> {
    /// The rows of a list, of which the one of a municipality may have been asked about.
    pub(super) fn all(list: &[Of], ranking: &RankingSummary, asked: Option<&str>) -> Vec<Self> {
        let rows = list.iter().map(|row| Self {
            asked: asked.is_some_and(|code| is_of(row, code)),
            ranking: ranking.clone(),
            row: row.clone(),
        });
        rows.collect()
    }
}

impl<Of: Listed> Ranked for Row<Of> {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.row.standing()
    }

    fn status(&self) -> ItemStatus {
        ItemStatus::Ok
    }
}

impl<Of: Listed> OfRegion for Row<Of> {
    fn region(&self) -> Option<&RegionRef> {
        self.row.region()
    }
}

/// The rows that are listed, and what to know about those next to them.
#[derive(Debug, PartialEq)]
pub(super) struct Kept<Row> {
    pub(super) rows: Vec<Row>,
    /// Positions that are shared with municipalities left out, and how many those are: where a list ends among equals
    /// is the order of codes, not of merit.
    pub(super) shared: Vec<(u32, usize)>,
}

impl Cut {
    /// As typed, with the municipality that the words after `--around` mean.
    pub(super) fn of(typed: &Rows, around: Option<&RegionRef>) -> Self {
        match (typed.top, typed.bottom, around) {
            (Some(count), _, _) => Self::Top(count.into()),
            (_, Some(count), _) => Self::Bottom(count.into()),
            (_, _, Some(region)) => Self::Around {
                code: region.code.clone(),
                neighbours: typed.neighbours.into(),
            },
            (None, None, None) => Self::Whole,
        }
    }

    /// The rows of the list that are kept; nothing when the municipality asked about is not on it.
    pub(super) fn keep<Row: Listed>(&self, list: &[Row]) -> Option<Kept<Row>> {
        let kept = match self {
            Self::Whole => 0..list.len(),
            Self::Top(count) => 0..list.len().min(*count),
            Self::Bottom(count) => list.len().saturating_sub(*count)..list.len(),
            Self::Around { code, neighbours } => {
                let place = list.iter().position(|row| is_of(row, code))?;
                place.saturating_sub(*neighbours)..list.len().min(place.saturating_add(neighbours + 1))
            }
        };
        let (before, rest) = list.split_at(kept.start);
        let (rows, after) = rest.split_at(kept.len());
        let mut shared: Vec<(u32, usize)> = Vec::new();
        let edges = [
            rows.first().map(|row| (row, before)),
            rows.last().map(|row| (row, after)),
        ];
        for (row, left_out) in edges.into_iter().flatten() {
            let equals = left_out
                .iter()
                .filter(|other| position(*other) == position(row))
                .count();
            match shared.iter_mut().find(|(known, _)| *known == position(row)) {
                _ if equals == 0 => {}
                Some((_, count)) => *count += equals,
                None => shared.push((position(row), equals)),
            }
        }
        Some(Kept {
            rows: rows.to_vec(),
            shared,
        })
    }
}

/// Whether a row is that of a municipality, by itself or combined with others.
fn is_of(row: &impl Listed, code: &str) -> bool {
    row.region()
        .into_iter()
        .chain(row.members())
        .any(|region| region.code == code)
}

fn position(row: &impl Listed) -> u32 {
    row.standing().map_or(0, |standing| standing.position)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(row: &RankedRegion) -> &str {
        row.region.as_ref().map_or("", |region| &region.code)
    }

    /// `A` to `F`, of which three share the third position.
    fn list() -> Vec<RankedRegion> {
        [("A", 1), ("B", 2), ("C", 3), ("D", 3), ("E", 3), ("F", 6)]
            .map(|(code, position)| RankedRegion {
                region: Some(RegionRef {
                    code: code.to_owned(),
                    ..Default::default()
                }),
                standing: Some(Standing {
                    position,
                    ..Default::default()
                }),
                ..Default::default()
            })
            .to_vec()
    }

    fn kept(cut: &Cut) -> (String, Vec<(u32, usize)>) {
        let kept = cut.keep(&list()).expect("listed");
        (kept.rows.iter().map(code).collect(), kept.shared)
    }

    fn around(code: &str, neighbours: usize) -> Cut {
        Cut::Around {
            code: code.to_owned(),
            neighbours,
        }
    }

    #[test]
    fn first_and_last_are_listed_in_order_and_never_more_than_there_are() {
        assert_eq!(kept(&Cut::Top(2)), ("AB".to_owned(), vec![]));
        assert_eq!(kept(&Cut::Bottom(1)), ("F".to_owned(), vec![]));
        for cut in [Cut::Whole, Cut::Top(99), Cut::Bottom(99), around("C", 99)] {
            assert_eq!(kept(&cut), ("ABCDEF".to_owned(), vec![]), "{cut:?}");
        }
    }

    #[test]
    fn neighbours_stop_at_the_ends_of_the_list() {
        assert_eq!(kept(&around("A", 1)), ("AB".to_owned(), vec![]));
        assert_eq!(kept(&around("F", 4)), ("BCDEF".to_owned(), vec![]));
        assert_eq!(kept(&around("B", 0)), ("B".to_owned(), vec![]));
    }

    #[test]
    fn equals_that_are_left_out_are_counted_once() {
        assert_eq!(kept(&Cut::Top(3)), ("ABC".to_owned(), vec![(3, 2)]));
        assert_eq!(kept(&Cut::Bottom(2)), ("EF".to_owned(), vec![(3, 2)]));
        assert_eq!(kept(&around("D", 0)), ("D".to_owned(), vec![(3, 2)]));
    }

    #[test]
    fn who_is_not_on_the_list_has_no_neighbours() {
        assert_eq!(around("G", 5).keep(&list()), None);
        let nothing = Kept {
            rows: Vec::<RankedRegion>::new(),
            shared: Vec::new(),
        };
        assert_eq!(Cut::Top(5).keep(&[]), Some(nothing));
    }
}
