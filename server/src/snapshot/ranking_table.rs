//! One indicator ranked: computed from values, or as a report printed it.

use std::collections::HashMap;

use crate::{
    domain::{Basis, ObservationOrigin, ObservationStatus},
    method::{
        Band, Direction, GradeMethod, MINIMUM_UNITS, Ranking, RobustScale, count,
        grade_of_published_position, linear_grade, mean, midrank_of_derived, midranks, normal_score_grade,
        percentile_grade, place_share, position_of_derived, ties_of_derived,
    },
};

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

/// One ranking of one indicator, ready to list.
#[derive(Debug)]
pub struct RankingTable {
    /// Its place among all rankings of the edition, in catalogue order.
    pub ordinal: usize,
    /// Where its figures come from.
    pub basis: Basis,
    /// Their period.
    pub period: String,
    /// Source id.
    pub source: String,
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
    row_of_region: HashMap<usize, usize>,
    judged: bool,
    /// Set for rankings of values.
    values: Option<Values>,
}

/// What positions and grades of a ranking of values follow from.
#[derive(Debug)]
struct Values {
    direction: Direction,
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

impl RankingTable {
    /// Ranks values given in region order.
    pub(super) fn of_values(
        rows: &[ValueRow],
        absent: HashMap<usize, ObservationStatus>,
        missing: u32,
        direction: Option<Direction>,
        (period, source): (String, String),
    ) -> Self {
        let judged = direction.is_some();
        let direction = direction.unwrap_or(Direction::HigherIsFavourable);
        let oriented: Vec<f64> = rows.iter().map(|row| direction.orient(row.value)).collect();
        let ranking = Ranking::of(&oriented);
        let n = count(rows.len());
        let scale = if judged {
            RobustScale::fit(&oriented).ok()
        } else {
            None
        };
        let grade_caveat = match &scale {
            _ if !judged => None,
            None => Some(GradeCaveat::TooFewUnits),
            Some(scale) if !scale.varies => Some(GradeCaveat::NoVariation),
            Some(_) => None,
        };
        let unit_of_row: Vec<usize> = ranking.order.iter().map(|&unit| unit as usize).collect();
        let listed = unit_of_row.iter().map(|&unit| {
            let row = rows[unit];
            let (position, ties) = (ranking.positions[unit], ranking.ties[unit]);
            let grade = scale.map(|scale| scale.grade(oriented[unit]));
            RankedRow {
                region: row.region,
                value: Some(row.value),
                status: Some(row.status),
                origin: Some(row.origin),
                standing: standing(position, ties, n, grade),
            }
        });
        let listed: Vec<RankedRow> = listed.collect();
        let (least, most) = oriented
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), &value| {
                (l.min(value), m.max(value))
            });
        Self {
            ordinal: 0,
            basis: Basis::Computed,
            period,
            source,
            figure: None,
            column_inferred: false,
            n,
            missing,
            row_of_region: index(&listed),
            rows: listed,
            absent,
            means: Vec::new(),
            grade_caveat,
            judged,
            values: Some(Values {
                direction,
                midranks: midranks(&oriented),
                oriented,
                unit_of_row,
                scale,
                least,
                most,
            }),
        }
    }

    /// A ranking as a report printed it: `rows` are region and position, `means` group id and position.
    pub(super) fn of_published(
        mut rows: Vec<(usize, u32)>,
        means: Vec<(String, u32)>,
        judged: bool,
        n: u32,
        (period, source): (String, String),
        (figure, column_inferred): (Option<String>, bool),
    ) -> Self {
        rows.sort_by_key(|&(region, position)| (position, region)); // regions are in code order
        let stand = |position| {
            standing(
                position,
                1,
                n,
                judged.then(|| grade_of_published_position(position, n)),
            )
        };
        let rows: Vec<RankedRow> = rows
            .into_iter()
            .map(|(region, position)| RankedRow {
                region,
                value: None,
                status: None,
                origin: None,
                standing: stand(position),
            })
            .collect();
        Self {
            ordinal: 0,
            basis: Basis::Published,
            period,
            source,
            figure,
            column_inferred,
            n,
            missing: 0,
            row_of_region: index(&rows),
            rows,
            absent: HashMap::new(),
            means: means
                .into_iter()
                .map(|(group, position)| PublishedMean {
                    group,
                    standing: stand(position),
                })
                .collect(),
            grade_caveat: None,
            judged,
            values: None,
        }
    }

    /// The row of a region and its place in the listing.
    #[must_use]
    pub fn row(&self, region: usize) -> Option<(usize, &RankedRow)> {
        self.row_of_region
            .get(&region)
            .map(|&place| (place, &self.rows[place]))
    }

    /// Whether the indicator is judged: positions mean better and worse, and there are grades.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.judged
    }

    /// Whether values are known, not only positions.
    #[must_use]
    pub fn has_values(&self) -> bool {
        self.values.is_some()
    }

    /// Whether the ranking has grades.
    #[must_use]
    pub fn has_grades(&self) -> bool {
        self.judged && self.grade_caveat != Some(GradeCaveat::TooFewUnits)
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

    /// The unweighted mean of these regions' values, how many contributed, and where the mean would stand.
    #[must_use]
    pub fn mean_of(
        &self,
        regions: impl IntoIterator<Item = usize>,
        method: Option<GradeMethod>,
    ) -> GroupMeanStanding {
        let mut places: Vec<usize> = regions
            .into_iter()
            .filter_map(|region| Some(self.row(region)?.0))
            .collect();
        places.sort_by_key(|&place| self.rows[place].region); // sums run in region order
        places.dedup();
        let positions: Vec<f64> = places
            .iter()
            .map(|&place| f64::from(self.rows[place].standing.position))
            .collect();
        let member_values: Vec<f64> = places
            .iter()
            .filter_map(|&place| self.rows[place].value)
            .collect();
        let group_mean = mean(&member_values);
        let stand = |values: &Values, group_mean: f64| {
            let oriented = values.direction.orient(group_mean);
            let midrank = midrank_of_derived(&values.oriented, oriented);
            let grade = values
                .scale
                .map(|_| values.grade(oriented, midrank, method.unwrap_or(GradeMethod::RobustLinear)));
            let position = position_of_derived(&values.oriented, oriented);
            standing(
                position,
                ties_of_derived(&values.oriented, oriented),
                self.n,
                grade,
            )
        };
        GroupMeanStanding {
            contributed: count(places.len()),
            mean: group_mean,
            standing: self
                .values
                .as_ref()
                .zip(group_mean)
                .map(|(values, group_mean)| stand(values, group_mean)),
            mean_of_positions: mean(&positions),
        }
    }

    /// Where a group's mean stands: calculated where values are known, as published where only positions are.
    #[must_use]
    pub fn standing_of_group(
        &self,
        group: &str,
        members: impl IntoIterator<Item = usize>,
        method: Option<GradeMethod>,
    ) -> GroupMeanStanding {
        let mut of_members = self.mean_of(members, method);
        if self.values.is_none() {
            let published = self.means.iter().find(|mean| mean.group == group);
            of_members.standing = published.map(|mean| mean.standing);
        }
        of_members
    }

    /// The place share of a mean with this position among only these regions; their number does not grow by it. `None`
    /// unless one of them has a position.
    #[must_use]
    pub fn mean_place_share_among(
        &self,
        position: u32,
        peers: impl IntoIterator<Item = usize>,
    ) -> Option<f64> {
        let positions: Vec<u32> = peers
            .into_iter()
            .filter_map(|peer| Some(self.row(peer)?.1.standing.position))
            .collect();
        let before = positions.iter().filter(|of_peer| **of_peer < position).count();
        let equal = positions.iter().filter(|of_peer| **of_peer == position).count();
        (!positions.is_empty()).then(|| place_share(count(before) + 1, count(equal), count(positions.len())))
    }

    /// The standing of one of these regions among only these, by their positions in this ranking; `None` unless it and at
    /// least one other have a position.
    #[must_use]
    pub fn place_share_among(&self, region: usize, peers: impl IntoIterator<Item = usize>) -> Option<f64> {
        let own = self.row(region)?.1.standing.position;
        let mut positions: Vec<(usize, u32)> = peers
            .into_iter()
            .filter_map(|peer| Some((peer, self.row(peer)?.1.standing.position)))
            .chain([(region, own)])
            .collect();
        positions.sort_unstable();
        positions.dedup();
        let size = Some(count(positions.len())).filter(|&size| size >= 2)?;
        let before = positions.iter().filter(|(_, position)| *position < own).count();
        let equal = positions.iter().filter(|(_, position)| *position == own).count();
        Some(place_share(count(before) + 1, count(equal), size))
    }
}

/// A group's mean held against a ranking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupMeanStanding {
    /// Members with a figure.
    pub contributed: u32,
    /// Mean of their values.
    pub mean: Option<f64>,
    /// Where it would stand.
    pub standing: Option<Standing>,
    /// Mean of their own positions.
    pub mean_of_positions: Option<f64>,
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

fn standing(position: u32, ties: u32, n: u32, grade: Option<f64>) -> Standing {
    let place_share = place_share(position, ties, n);
    Standing {
        position,
        ties: ties.max(1),
        place_share,
        band: Band::of(place_share),
        grade,
    }
}

fn index(rows: &[RankedRow]) -> HashMap<usize, usize> {
    rows.iter()
        .enumerate()
        .map(|(place, row)| (row.region, place))
        .collect()
}

const _: () = assert!(
    MINIMUM_UNITS == 10,
    "the caveat TOO_FEW_UNITS says fewer than ten"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn values(column: &[f64], direction: Option<Direction>) -> RankingTable {
        let rows: Vec<ValueRow> = column
            .iter()
            .enumerate()
            .map(|(region, &value)| ValueRow {
                region,
                value,
                status: ObservationStatus::Final,
                origin: ObservationOrigin::Loaded,
            })
            .collect();
        RankingTable::of_values(
            &rows,
            HashMap::new(),
            0,
            direction,
            ("2020".into(), "source".into()),
        )
    }

    #[test]
    fn a_mean_stands_on_the_list_without_making_it_longer() {
        let table = values(&[10.0, 20.0, 30.0, 40.0], Some(Direction::LowerIsFavourable));
        let group = table.mean_of([0, 3, 9], None);
        assert_eq!(
            (group.contributed, group.mean, group.mean_of_positions),
            (2, Some(25.0), Some(2.5))
        );
        assert_eq!(group.standing.map(|standing| standing.position), Some(3));
        assert_eq!(table.n, 4);
    }

    #[test]
    fn neutral_rankings_have_positions_and_no_grades() {
        let table = values(&[1.0; 12].map(|v| v), None);
        assert!(
            table
                .rows
                .iter()
                .all(|row| row.standing.grade.is_none() && row.standing.position == 1)
        );
        assert!(!table.has_grades());
    }

    #[test]
    fn small_rankings_have_positions_and_no_grades() {
        let table = values(&[1.0, 2.0], Some(Direction::HigherIsFavourable));
        assert_eq!(table.grade_caveat, Some(GradeCaveat::TooFewUnits));
        assert!(table.rows.iter().all(|row| row.standing.grade.is_none()));
    }

    #[test]
    fn peers_are_compared_by_their_positions_only() {
        let rows = vec![(0, 300), (1, 100), (2, 300)];
        let published =
            RankingTable::of_published(rows, vec![], true, 337, ("2024".into(), "s".into()), (None, true));
        assert_eq!(published.place_share_among(1, [0, 2]), Some(0.5 / 3.0));
        assert_eq!(published.place_share_among(0, [0, 1, 2]), Some(2.0 / 3.0));
        assert_eq!(
            published.place_share_among(0, [0, 7]),
            None,
            "alone among peers with figures"
        );
    }
}
