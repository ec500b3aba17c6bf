//! When a code was valid.

use super::{first_day, last_day};

/// Whether something valid from the day `valid_from` until the day before `valid_to` existed on some day of an ISO 8601
/// period: a year, a month or a day. A bound that is not known does not exclude anything.
///
/// One day is enough: a municipality founded or dissolved in the course of a year has figures of that year.
#[must_use]
pub fn existed_in(valid_from: Option<&str>, valid_to: Option<&str>, period: &str) -> bool {
    valid_from.is_none_or(|from| from <= last_day(period).as_str())
        && valid_to.is_none_or(|to| to > first_day(period).as_str())
}

#[cfg(test)]
mod tests {
    use super::existed_in;

    #[test]
    fn a_day_within_the_period_is_enough() {
        let nieuwegein = |period| existed_in(Some("1971-07-01"), None, period);
        assert_eq!(
            [
                "1970",
                "1971",
                "1971-06",
                "1971-07",
                "1971-06-30",
                "1971-07-01",
                "2024"
            ]
            .map(nieuwegein),
            [false, true, false, true, false, true, true]
        );
    }

    #[test]
    fn the_day_it_ended_is_the_first_without_it() {
        let beemster = |period| existed_in(None, Some("2022-01-01"), period);
        assert_eq!(
            ["2021", "2021-12-31", "2022", "2022-01", "1612"].map(beemster),
            [true, true, false, false, true]
        );
    }
}
