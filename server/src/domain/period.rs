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
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
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

fn digits(text: &str, length: usize) -> Option<u32> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
