//! Sentences on figures through time: where a series goes, how sure that is, and where it breaks.

use groeikern_client::v1::{MannKendallTest, TrendDirection, TrendPositionChange, TrendStatistics};

use super::{Language, Language::En, Language::Nl, words::Word};

/// More decimals than the values have: a slope per year is small beside them.
const MORE_FOR_SLOPES: usize = 2;

/// The title of `trend`: an indicator and its id, and a municipality or group and its code or id.
pub(crate) fn through_time(language: Language, indicator: (&str, &str), of: (&str, &str)) -> String {
    let ((indicator, id), (name, code)) = (indicator, of);
    match language {
        Nl => format!("{indicator} ({id}) van {name} ({code}) door de tijd"),
        En => format!("{indicator} ({id}) of {name} ({code}) through time"),
    }
}

/// From the first value to the last.
pub(crate) fn change(language: Language, found: &TrendStatistics, decimals: usize, unit: &str) -> String {
    let (first, last) = (&found.first_period, &found.last_period);
    let size = with_unit(&language.number(found.change.abs(), decimals), unit);
    let relative = found.relative_change.map_or_else(String::new, |per_cent| {
        format!(" ({}%)", language.number(per_cent.abs(), 1))
    });
    let verb = match (language, found.change) {
        (Nl, change) if change > 0.0 => "steeg de waarde met",
        (Nl, change) if change < 0.0 => "daalde de waarde met",
        (En, change) if change > 0.0 => "the value rose by",
        (En, change) if change < 0.0 => "the value fell by",
        (Nl, _) => return format!("De waarde is in {last} gelijk aan die in {first}."),
        (En, _) => return format!("The value of {last} equals that of {first}."),
    };
    match language {
        Nl => format!("Van {first} tot {last} {verb} {size}{relative}."),
        En => format!("From {first} to {last} {verb} {size}{relative}."),
    }
}

/// How much a year, and within which bounds.
pub(crate) fn slope(language: Language, found: &TrendStatistics, decimals: usize, unit: &str) -> String {
    let decimals = decimals + MORE_FOR_SLOPES;
    let number = |value: f64| language.number(value, decimals);
    let slope = with_unit(&signed(number(found.slope), found.slope), unit);
    let bounds = found.slope_interval.map(|interval| {
        let ends = [interval.lower, interval.upper].map(|end| signed(number(end), end));
        match language {
            Nl => format!("95%-interval {} tot {}", ends[0], ends[1]),
            En => format!("95% interval {} to {}", ends[0], ends[1]),
        }
    });
    let bounds = bounds.unwrap_or_else(|| {
        match language {
            Nl => "een interval vraagt vijf waarden",
            En => "an interval takes five values",
        }
        .to_owned()
    });
    match language {
        Nl => format!(
            "Per jaar {slope} (helling van Theil-Sen over {}; {bounds}).",
            periods(language, found.points)
        ),
        En => format!(
            "Per year {slope} (Theil-Sen slope over {}; {bounds}).",
            periods(language, found.points)
        ),
    }
}

/// What the test says, and what it cannot say.
pub(crate) fn direction(language: Language, found: &TrendStatistics) -> String {
    let test = found.test.unwrap_or_default();
    let (points, word) = (found.points, language.say(found.direction().shown()));
    let p = p_value(language, &test);
    match (language, found.direction()) {
        (_, TrendDirection::Unspecified) => String::new(),
        (Nl, TrendDirection::TooFewPoints) => format!(
            "Te weinig perioden om een richting te noemen: met {points} is zelfs een gestage stijging of daling niet van toeval te \
             onderscheiden (5%); dat vraagt er minstens vijf."
        ),
        (En, TrendDirection::TooFewPoints) => format!(
            "Too few periods to name a direction: with {points} not even a steady rise or fall can be told from chance (5%); that \
             takes at least five."
        ),
        (Nl, TrendDirection::NoClearChange) if !test.can_be_significant => format!(
            "Geen duidelijke verandering: zo veel gelijke waarden kunnen niets aantonen ({p}). Dat is niet hetzelfde als stabiel."
        ),
        (En, TrendDirection::NoClearChange) if !test.can_be_significant => {
            format!(
                "No clear change: so many equal values can show nothing ({p}). That is not the same as stable."
            )
        }
        (Nl, TrendDirection::NoClearChange) => {
            format!("Geen duidelijke verandering ({p}). Dat is niet hetzelfde als stabiel.")
        }
        (En, TrendDirection::NoClearChange) => {
            format!("No clear change ({p}). That is not the same as stable.")
        }
        (Nl, _) => format!("Richting: {word}, meer dan toeval zou geven ({p})."),
        (En, _) => format!("Direction: {word}, more than chance would give ({p})."),
    }
}

/// The test and its outcome, as it is quoted.
fn p_value(language: Language, test: &MannKendallTest) -> String {
    let p = if test.p < 0.001 {
        format!("p < {}", language.number(0.001, 3))
    } else {
        format!("p = {}", language.number(test.p, 3))
    };
    match (language, test.exact) {
        (Nl, true) => format!("Mann-Kendall, S = {}, {p}, exact", test.s),
        (En, true) => format!("Mann-Kendall, S = {}, {p}, exact", test.s),
        (Nl, false) => format!("Mann-Kendall, S = {}, {p}, normale benadering", test.s),
        (En, false) => format!("Mann-Kendall, S = {}, {p}, normal approximation", test.s),
    }
}

/// How far the position moved; a position counts from 1, so that down is better.
pub(crate) fn position_change(language: Language, found: &TrendPositionChange) -> String {
    let (first, last) = (&found.first_period, &found.last_period);
    let count = found.positions.unsigned_abs();
    let places = match (language, count) {
        (Nl, 1) => "1 plaats".to_owned(),
        (En, 1) => "1 place".to_owned(),
        (Nl, _) => format!("{count} plaatsen"),
        (En, _) => format!("{count} places"),
    };
    match (language, found.positions) {
        (Nl, 0) => format!("De positie is in {last} dezelfde als in {first}."),
        (En, 0) => format!("The position of {last} is that of {first}."),
        (Nl, moved) if moved < 0 => format!("De positie kwam van {first} tot {last} {places} dichter bij 1."),
        (En, moved) if moved < 0 => format!("From {first} to {last} the position came {places} nearer to 1."),
        (Nl, _) => format!("De positie ging van {first} tot {last} {places} van 1 af."),
        (En, _) => format!("From {first} to {last} the position went {places} away from 1."),
    }
}

/// Why the figure of a period may not be comparable with the one before.
pub(crate) fn breaks(language: Language, period: &str, reasons: &[&str]) -> String {
    match language {
        Nl => format!("Breuk in {period}: {}", reasons.join(" ")),
        En => format!("Break in {period}: {}", reasons.join(" ")),
    }
}

fn periods(language: Language, count: u32) -> String {
    match language {
        Nl => format!("{count} perioden"),
        En => format!("{count} periods"),
    }
}

/// `12.5 per 1,000`, `12%`.
fn with_unit(number: &str, unit: &str) -> String {
    match unit {
        "" => number.to_owned(),
        unit if unit.starts_with('%') => format!("{number}{unit}"),
        unit => format!("{number} {unit}"),
    }
}

fn signed(number: String, value: f64) -> String {
    if value > 0.0 { format!("+{number}") } else { number }
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::TrendInterval;

    use super::*;

    fn found() -> TrendStatistics {
        TrendStatistics {
            first_period: "2018".to_owned(),
            last_period: "2022".to_owned(),
            points: 5,
            change: -2.5,
            relative_change: Some(-25.0),
            slope: -0.6,
            slope_interval: Some(TrendInterval {
                lower: -0.9,
                upper: 0.0,
            }),
            test: Some(MannKendallTest {
                s: -10,
                p: 2.0 / 120.0,
                exact: true,
                least_p: 2.0 / 120.0,
                can_be_significant: true,
                significant: true,
            }),
            direction: TrendDirection::Improving.into(),
        }
    }

    #[test]
    fn a_trend_is_told_in_plain_words() {
        let found = found();
        assert_eq!(
            change(En, &found, 1, "per 1,000"),
            "From 2018 to 2022 the value fell by 2.5 per 1,000 (25.0%)."
        );
        assert_eq!(
            slope(En, &found, 1, "per 1,000"),
            "Per year -0.600 per 1,000 (Theil-Sen slope over 5 periods; 95% interval -0.900 to 0.000)."
        );
        assert_eq!(
            direction(Nl, &found),
            "Richting: wordt gunstiger, meer dan toeval zou geven (Mann-Kendall, S = -10, p = 0,017, exact)."
        );
    }

    #[test]
    fn what_cannot_be_shown_is_not_called_stable() {
        let few = TrendStatistics {
            points: 4,
            slope_interval: None,
            direction: TrendDirection::TooFewPoints.into(),
            ..found()
        };
        assert!(direction(En, &few).contains("with 4 not even a steady rise"));
        assert!(slope(Nl, &few, 0, "%").contains("een interval vraagt vijf waarden"));
        let equal = TrendStatistics {
            change: 0.0,
            direction: TrendDirection::NoClearChange.into(),
            test: Some(MannKendallTest {
                p: 1.0,
                ..Default::default()
            }),
            ..found()
        };
        assert_eq!(
            change(En, &equal, 1, "%"),
            "The value of 2022 equals that of 2018."
        );
        assert!(direction(Nl, &equal).ends_with("Dat is niet hetzelfde als stabiel."));
    }

    #[test]
    fn a_lower_number_is_nearer_to_the_first_place() {
        let moved = |positions| {
            let change = TrendPositionChange {
                first_period: "2018".to_owned(),
                last_period: "2022".to_owned(),
                positions,
                place_share: 0.0,
            };
            position_change(En, &change)
        };
        assert_eq!(
            moved(-1),
            "From 2018 to 2022 the position came 1 place nearer to 1."
        );
        assert_eq!(
            moved(3),
            "From 2018 to 2022 the position went 3 places away from 1."
        );
        assert_eq!(moved(0), "The position of 2022 is that of 2018.");
    }
}
