//! Means of a group's members, with the number that contributed.
//!
//! Where a mean stands is [`position_of_derived`](super::position_of_derived); that is not the mean of the members'
//! positions, which has its own name here.

use super::{count, sum::CompensatedSum};

/// A group's mean, in the unit of its members' values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupMean {
    /// The mean.
    pub mean: f64,
    /// How many members it rests on: those with a value, and with a weight above 0 where weighted.
    pub contributed: u32,
}

/// Why a group has no mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoMean {
    /// No member has a value.
    NoValues,
    /// Members have values, but all weights are 0.
    NoWeight,
    /// A weight below 0 or not a number, at this place in the slice. Inhabitants are never negative: such a weight is an
    /// error in the data, not a member to skip.
    InvalidWeight(usize),
}

/// The unweighted mean of the members that have a value.
///
/// # Errors
/// [`NoMean::NoValues`].
pub fn group_mean(values: &[f64]) -> Result<GroupMean, NoMean> {
    let mean = super::mean(values).ok_or(NoMean::NoValues)?;
    let contributed = count(values.len());
    Ok(GroupMean { mean, contributed })
}

/// The mean weighted by inhabitants: `sum(weight * value) / sum(weight)` over `(value, weight)` of the members that have
/// both. A member of weight 0 contributes nothing and is not counted.
///
/// # Errors
/// The reason there is no mean.
pub fn weighted_group_mean(members: &[(f64, f64)]) -> Result<GroupMean, NoMean> {
    if members.is_empty() {
        return Err(NoMean::NoValues);
    }
    let (mut weights, mut products) = (CompensatedSum::new(), CompensatedSum::new());
    let mut contributed = 0;
    for (place, &(value, weight)) in members.iter().enumerate() {
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(NoMean::InvalidWeight(place));
        }
        if weight > 0.0 {
            weights.add(weight);
            products.add(weight * value);
            contributed += 1;
        }
    }
    if contributed == 0 {
        return Err(NoMean::NoWeight);
    }
    let mean = products.value() / weights.value();
    Ok(GroupMean { mean, contributed })
}

/// The mean of the members' own positions; `None` of nothing. Not the position of their mean.
#[must_use]
pub fn mean_of_member_positions(positions: &[u32]) -> Option<f64> {
    let positions: Vec<f64> = positions.iter().copied().map(f64::from).collect();
    super::mean(&positions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_tells_how_many_members_it_rests_on() {
        let expected = GroupMean {
            mean: 2.0,
            contributed: 2,
        };
        assert_eq!(group_mean(&[1.0, 3.0]), Ok(expected));
        assert_eq!(group_mean(&[]), Err(NoMean::NoValues));
    }

    #[test]
    fn larger_members_weigh_more_and_empty_ones_not_at_all() {
        let members = [(1.0, 30_000.0), (5.0, 10_000.0), (900.0, 0.0)];
        let expected = GroupMean {
            mean: 2.0,
            contributed: 2,
        };
        assert_eq!(weighted_group_mean(&members), Ok(expected));
    }

    #[test]
    fn weights_that_cannot_be_are_refused_and_not_skipped() {
        assert_eq!(
            weighted_group_mean(&[(1.0, 1.0), (2.0, -1.0)]),
            Err(NoMean::InvalidWeight(1))
        );
        assert_eq!(
            weighted_group_mean(&[(1.0, f64::NAN)]),
            Err(NoMean::InvalidWeight(0))
        );
        assert_eq!(weighted_group_mean(&[(1.0, 0.0)]), Err(NoMean::NoWeight));
        assert_eq!(weighted_group_mean(&[]), Err(NoMean::NoValues));
    }

    #[test]
    fn the_mean_of_positions_is_not_the_position_of_the_mean() {
        let values = [100.0, 3.0, 2.0, 1.0];
        let mean = group_mean(&[values[0], values[3]]).expect("two members").mean;
        assert_eq!(crate::method::position_of_derived(&values, mean), 2);
        assert_eq!(mean_of_member_positions(&[1, 4]), Some(2.5));
    }
}
