//! Dates and periods in ISO 8601.

/// Whether a text is a date of the calendar, YYYY-MM-DD.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    days_of(year, month).is_some_and(|days| (1..=days).contains(&day))
}

/// Whether a text is a period: a year, YYYY-MM or YYYY-MM-DD.
#[must_use]
pub fn is_period(text: &str) -> bool {
    match text.len() {
        4 => digits(text, 4).is_some(),
        7 => is_date(&format!("{text}-01")),
        _ => is_date(text),
    }
}

/// The first day of a period, as text that compares with dates.
#[must_use]
pub fn first_day(period: &str) -> String {
    match period.len() {
        4 => format!("{period}-01-01"),
        7 => format!("{period}-01"),
        _ => period.to_owned(),
    }
}

/// The last day of a period, as text that compares with dates: the 31st stands for the last day of any month.
#[must_use]
pub fn last_day(period: &str) -> String {
    match period.len() {
        4 => format!("{period}-12-31"),
        7 => format!("{period}-31"),
        _ => period.to_owned(),
    }
}

/// A moment in microseconds since 1970 as RFC 3339, in UTC and to the millisecond.
#[must_use]
pub fn utc(microseconds: u64) -> String {
    let (days, of_day) = (microseconds / 86_400_000_000, microseconds / 1000 % 86_400_000);
    // Days from 1 March of the year 0, so that leap days come last: eras of 400 years, years of 365 and more days, months that
    // are 31 and 30 days in turns of five.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (seconds, milliseconds) = (of_day / 1000, of_day % 1000);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{milliseconds:03}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The middle of a period on the axis of time, in years: half of 2020 is over at 2020.5. `None` of what is no period.
#[must_use]
pub fn middle(period: &str) -> Option<f64> {
    if !is_period(period) {
        return None;
    }
    let (first, last) = (first_day(period), last_day(period));
    let year = digits(&first[..4], 4)?;
    let days_until = |date: &str| {
        let (month, day) = (digits(&date[5..7], 2)?, digits(&date[8..10], 2)?);
        let months = (1..month).map(|month| days_of(year, month));
        Some(months.sum::<Option<u32>>()? + day.min(days_of(year, month)?))
    };
    let whole = f64::from((1..=12).map(|month| days_of(year, month)).sum::<Option<u32>>()?);
    let (first, last) = (f64::from(days_until(&first)?), f64::from(days_until(&last)?));
    Some(f64::from(year) + (first - 1.0 + last) / 2.0 / whole)
}

/// The days of a month; `None` of what is no month.
fn days_of(year: u32, month: u32) -> Option<u32> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => Some(29),
        2 => Some(28),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_as_its_day_and_time() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (951_868_800, "2000-03-01T00:00:00.000Z"),
            (1_796_083_199, "2026-11-30T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(utc(seconds * 1_000_000), text);
        }
        assert_eq!(utc(1_999), "1970-01-01T00:00:00.001Z");
    }

    #[test]
    fn days_that_do_not_exist_are_no_dates() {
        for date in ["2024-02-29", "2000-02-29", "2024-12-31"] {
            assert!(is_date(date), "{date}");
        }
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-04-31",
            "20240101",
            "2024-1-01",
            "",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_period_is_a_year_a_month_or_a_day() {
        for period in ["2024", "2024-12", "2024-02-29"] {
            assert!(is_period(period), "{period}");
        }
        for text in ["24", "2024-13", "2024-1", "-2024", "2024Q1", "20240101"] {
            assert!(!is_period(text), "{text}");
        }
    }

    #[test]
    fn a_period_stands_at_its_middle() {
        for (period, expected) in [
            ("2020", 2020.5),
            ("2023", 2023.5),
            ("2023-01", 2023.0 + 15.5 / 365.0),
            ("2020-02", 2020.0 + (31.0 + 14.5) / 366.0),
            ("2023-12-31", 2023.0 + 364.5 / 365.0),
            ("2023-01-01", 2023.0 + 0.5 / 365.0),
        ] {
            let found = middle(period).expect("a period");
            assert!((found - expected).abs() < 1e-9, "{period}: {found}");
        }
        assert_eq!(middle("2024Q1"), None);
    }
}
