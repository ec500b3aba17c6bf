//! How the figure of a municipality compares with the mean of a group.

use std::cmp::Ordering;

pub(super) use groeikern_client::v1::GapDirection as Outcome;
use groeikern_client::v1::{GroupStanding, Polarity, ProfileRow, RankingSummary, Verdict};

/// How the figure of a row compares with the mean: by value where there are values, else by position.
pub(super) fn outcome(row: &ProfileRow, ranking: &RankingSummary, group: &GroupStanding) -> Option<Outcome> {
    let (own, mean) = (row.standing.as_ref()?, group.standing.as_ref()?);
    let by_value = row.value.zip(group.mean).map(|(value, mean)| above(value, mean));
    // Position 1 is the most favourable, and of a neutral indicator the highest.
    let by_position = mean.position.cmp(&own.position);
    match own.verdict() {
        Verdict::Unspecified => by_value.map(neutral),
        verdict if is_judged(verdict) => Some(judged(match (by_value, ranking.polarity()) {
            (Some(above), Polarity::HigherIsFavourable) => above,
            (Some(above), Polarity::LowerIsFavourable) => above.reverse(),
            _ => by_position,
        })),
        _ => Some(neutral(by_value.unwrap_or(by_position))),
    }
}

/// A mean is a derived value: what differs from it by no more than rounding is equal to it, as in every position.
fn above(value: f64, mean: f64) -> Ordering {
    let difference = value - mean;
    if difference.abs() <= 1e-9 * mean.abs().max(1.0) {
        Ordering::Equal
    } else {
        difference.total_cmp(&0.0)
    }
}

fn judged(order: Ordering) -> Outcome {
    match order {
        Ordering::Greater => Outcome::Ahead,
        Ordering::Less => Outcome::Behind,
        Ordering::Equal => Outcome::Equal,
    }
}

fn neutral(order: Ordering) -> Outcome {
    match order {
        Ordering::Greater => Outcome::Higher,
        Ordering::Less => Outcome::Lower,
        Ordering::Equal => Outcome::Equal,
    }
}

/// Whether the scale of a verdict has a favourable side.
pub(super) fn is_judged(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::VeryFavourable
            | Verdict::Favourable
            | Verdict::Middle
            | Verdict::Unfavourable
            | Verdict::VeryUnfavourable
    )
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::Standing;

    use super::*;

    fn compared(
        polarity: Polarity,
        verdict: Verdict,
        own: (u32, Option<f64>),
        group: (u32, Option<f64>),
    ) -> Option<Outcome> {
        let ranking = RankingSummary {
            polarity: polarity.into(),
            ..Default::default()
        };
        let row = ProfileRow {
            standing: standing(own.0, verdict),
            value: own.1,
            ..Default::default()
        };
        let mean = GroupStanding {
            standing: standing(group.0, verdict),
            mean: group.1,
            ..Default::default()
        };
        outcome(&row, &ranking, &mean)
    }

    fn standing(position: u32, verdict: Verdict) -> Option<Standing> {
        Some(Standing {
            position,
            verdict: verdict.into(),
            ..Default::default()
        })
    }

    #[test]
    fn the_favourable_side_decides_who_is_ahead() {
        let judged = |polarity, own, group| compared(polarity, Verdict::Middle, (5, own), (5, group));
        let higher = Polarity::HigherIsFavourable;
        assert_eq!(judged(higher, Some(3.0), Some(2.0)), Some(Outcome::Ahead));
        assert_eq!(
            judged(Polarity::LowerIsFavourable, Some(3.0), Some(2.0)),
            Some(Outcome::Behind)
        );
        assert_eq!(judged(higher, Some(2.0), Some(2.0 + 1e-12)), Some(Outcome::Equal));
    }

    #[test]
    fn without_values_positions_decide() {
        let published =
            |own, group| compared(Polarity::ByPosition, Verdict::Middle, (own, None), (group, None));
        assert_eq!(published(154, 255), Some(Outcome::Ahead));
        assert_eq!(published(300, 255), Some(Outcome::Behind));
        assert_eq!(published(255, 255), Some(Outcome::Equal));
    }

    #[test]
    fn a_neutral_indicator_is_higher_or_lower_and_never_ahead() {
        let neutral = |own, group| compared(Polarity::None, Verdict::VeryHigh, own, group);
        assert_eq!(neutral((1, Some(9.0)), (40, Some(5.0))), Some(Outcome::Higher));
        assert_eq!(neutral((90, None), (40, None)), Some(Outcome::Lower));
    }

    #[test]
    fn where_no_side_is_known_to_be_favourable_only_values_can_be_compared() {
        let unverified = |own, group| compared(Polarity::Unspecified, Verdict::Unspecified, own, group);
        assert_eq!(unverified((1, None), (40, None)), None);
        assert_eq!(unverified((1, Some(1.0)), (40, Some(2.0))), Some(Outcome::Lower));
    }
}
