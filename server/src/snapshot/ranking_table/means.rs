//! Groups held against a ranking, and units held against a group.

use super::{RankingTable, Standing};
use crate::method::{
    GradeMethod, GroupMean, count, group_mean, mean, midrank_of_derived, place_share, position_of_derived,
    ties_of_derived, weighted_group_mean,
};

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

impl RankingTable {
    /// The unweighted mean of these regions' values, how many contributed, and where the mean would stand.
    #[must_use]
    pub fn mean_of(
        &self,
        regions: impl IntoIterator<Item = usize>,
        method: Option<GradeMethod>,
    ) -> GroupMeanStanding {
        let mut members: Vec<usize> = regions.into_iter().collect();
        members.sort_unstable(); // sums run in region order
        members.dedup();
        let positions: Vec<f64> = members
            .iter()
            .filter_map(|&member| Some(f64::from(self.row(member)?.1.standing.position)))
            .collect();
        // A mean is of its members, whatever units they are ranked in.
        let member_values: Vec<f64> = members
            .iter()
            .filter_map(|&member| self.own_value(member))
            .collect();
        let group_mean = mean(&member_values);
        GroupMeanStanding {
            contributed: count(if self.values.is_some() {
                member_values.len()
            } else {
                positions.len()
            }),
            mean: group_mean,
            standing: group_mean.and_then(|group_mean| self.standing_of_mean(group_mean, method)),
            mean_of_positions: mean(&positions),
        }
    }

    /// The mean of these regions' values weighted by their values in another ranking, such as inhabitants. `None` when no region
    /// has both a value and a weight above 0, or a weight cannot be one.
    #[must_use]
    pub fn weighted_mean_of(
        &self,
        regions: impl IntoIterator<Item = usize>,
        weights: &Self,
    ) -> Option<GroupMean> {
        let mut members: Vec<usize> = regions.into_iter().collect();
        members.sort_unstable();
        members.dedup();
        let weighted: Vec<(f64, f64)> = members
            .into_iter()
            .filter_map(|member| Some((self.own_value(member)?, weights.own_value(member)?)))
            .collect();
        let found = weighted_group_mean(&weighted).ok()?;
        found.mean.is_finite().then_some(found)
    }

    /// The unweighted mean of all units' values; `None` where only positions are known.
    #[must_use]
    pub fn mean_of_all(&self) -> Option<GroupMean> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_unstable_by_key(|row| row.region);
        let values: Vec<f64> = rows.into_iter().filter_map(|row| row.value).collect();
        group_mean(&values).ok().filter(|found| found.mean.is_finite())
    }

    /// The mean of the values of all its municipalities, also of those that are combined in one unit, weighted by those of another
    /// ranking: see [`weighted_mean_of`](Self::weighted_mean_of).
    #[must_use]
    pub fn weighted_mean_of_all(&self, weights: &Self) -> Option<GroupMean> {
        self.weighted_mean_of(self.municipalities(), weights)
    }

    /// Where a mean of values would stand; `None` where only positions are known.
    #[must_use]
    pub fn standing_of_mean(&self, mean: f64, method: Option<GradeMethod>) -> Option<Standing> {
        let values = self.values.as_ref()?;
        let oriented = values.orientation.orient(mean);
        let midrank = midrank_of_derived(&values.oriented, oriented);
        let grade = values
            .scale
            .map(|_| values.grade(oriented, midrank, method.unwrap_or(GradeMethod::RobustLinear)));
        let position = position_of_derived(&values.oriented, oriented);
        let ties = ties_of_derived(&values.oriented, oriented);
        Some(Standing::of(position, ties, self.n, grade))
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
