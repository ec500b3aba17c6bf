//! What the figures of a series tell together.

use groeikern::v1::{self, TrendDirection};

use super::Figure;
use crate::{
    domain::{Indicator, Text, middle},
    method::{MINIMUM_TO_SHOW_ANYTHING, MannKendall, Point, Trend, count},
    rpc::render,
    snapshot::{RankingTable, Snapshot, VerdictScale},
};

/// Change, slope and test of the values; `None` with fewer than two, or when they cannot be put on one axis.
pub(super) fn of_values(
    edition: &Snapshot,
    indicator: &Indicator,
    figures: &[Figure<'_>],
) -> Option<v1::TrendStatistics> {
    let mut dated = Vec::with_capacity(figures.len());
    for figure in figures {
        if let Some(value) = figure.value {
            dated.push(((middle(&figure.table.period)?, value), figure.table));
        }
    }
    // A year stands after the months of its first half.
    dated.sort_by(|((one, _), _), ((other, _), _)| one.total_cmp(other));
    let points: Vec<Point> = dated.iter().map(|(point, _)| *point).collect();
    let trend = Trend::of(&points)?;
    let (lower, upper) = trend.interval.unwrap_or_default();
    if ![trend.change, trend.slope, lower, upper]
        .iter()
        .all(|number| number.is_finite())
    {
        return None;
    }
    let ((&((_, first), earliest), &((_, last), latest)), test) =
        (dated.first().zip(dated.last())?, trend.test);
    let unit = render::measured(edition, indicator, latest).unit.as_ref();
    Some(v1::TrendStatistics {
        first_period: earliest.period.clone(),
        last_period: latest.period.clone(),
        points: count(points.len()),
        change: trend.change,
        relative_change: relative_change(first, last, unit),
        slope: trend.slope,
        slope_interval: trend
            .interval
            .map(|(lower, upper)| v1::TrendInterval { lower, upper }),
        test: Some(v1::MannKendallTest {
            s: test.s,
            p: test.p,
            exact: test.exact,
            least_p: test.least_p,
            can_be_significant: test.can_be_significant(),
            significant: test.is_significant(),
        }),
        direction: direction(points.len(), &test, latest).into(),
    })
}

/// The change in per cent of the first value, where that has a meaning: a percentage that goes from 20 to 30 would be said to
/// rise by half, and a change from or across zero has no size in per cent.
fn relative_change(first: f64, last: f64, unit: Option<&Text>) -> Option<f64> {
    let unit = unit?;
    let percentage = [&unit.nl, &unit.en].into_iter().any(|text| {
        ["%", "percent", "per cent", "procent"]
            .iter()
            .any(|sign| text.contains(sign))
    });
    let relative = 100.0 * (last - first) / first;
    (!percentage && first > 0.0 && last >= 0.0 && relative.is_finite()).then_some(relative)
}

fn direction(points: usize, test: &MannKendall, table: &RankingTable) -> TrendDirection {
    let favourable = match (table.scale(), table.orientation()) {
        (VerdictScale::Favourable, Some(orientation)) => Some(orientation),
        _ => None,
    };
    let rises = test.s > 0;
    match favourable {
        _ if points < MINIMUM_TO_SHOW_ANYTHING => TrendDirection::TooFewPoints,
        _ if !test.is_significant() => TrendDirection::NoClearChange,
        None if rises => TrendDirection::Rising,
        None => TrendDirection::Falling,
        // Exact: a sign.
        Some(orientation) if orientation.orient(test.s as f64) > 0.0 => TrendDirection::Improving,
        Some(_) => TrendDirection::Worsening,
    }
}

/// How far the position moved; `None` with fewer than two positions.
pub(super) fn of_positions(figures: &[Figure<'_>]) -> Option<v1::TrendPositionChange> {
    let [first, .., last] = figures else { return None };
    let positions = i64::from(last.standing.position) - i64::from(first.standing.position);
    Some(v1::TrendPositionChange {
        first_period: first.table.period.clone(),
        last_period: last.table.period.clone(),
        positions: i32::try_from(positions).unwrap_or(if positions < 0 { i32::MIN } else { i32::MAX }),
        place_share: last.standing.place_share - first.standing.place_share,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_relative_only_to_amounts_above_zero() {
        let unit = |text: &str| Text::new(text, text);
        let of = |first, last, text: &str| relative_change(first, last, Some(&unit(text)));
        assert_eq!(of(20.0, 30.0, "per 1,000"), Some(50.0));
        assert_eq!(of(20.0, 0.0, "per 1,000"), Some(-100.0));
        for (first, last, text) in [
            (20.0, 30.0, "%"),
            (20.0, 30.0, "% of adults"),
            (0.0, 30.0, "euro"),
            (-20.0, 30.0, "euro"),
            (20.0, -30.0, "euro"),
            (5e-324, 1e300, "euro"),
        ] {
            assert_eq!(of(first, last, text), None, "{first} {last} {text}");
        }
        assert_eq!(relative_change(20.0, 30.0, None), None);
    }
}
