//! What makes two figures of a series hard to compare.

use std::collections::BTreeSet;

use groeikern::v1::{self, TrendBreakKind};

use super::Figure;
use crate::{
    domain::{ObservationStatus, Region, Source, Text, first_day, last_day},
    rpc::render,
    snapshot::Snapshot,
};

/// Events that one text names at most.
const MOST_NAMED: usize = 5;

/// Every reason why a figure may not be comparable with the one before it.
pub(super) fn between(edition: &Snapshot, before: &Figure<'_>, now: &Figure<'_>) -> Vec<v1::TrendBreak> {
    let found = [
        (TrendBreakKind::Source, source(edition, before, now)),
        (TrendBreakKind::Borders, borders(edition, before, now)),
        (TrendBreakKind::Members, members(before, now)),
        (TrendBreakKind::Status, status(before, now)),
        (TrendBreakKind::PeriodLength, period_length(before, now)),
    ];
    let found = found.into_iter().filter_map(|(kind, text)| Some((kind, text?)));
    found
        .map(|(kind, text)| v1::TrendBreak {
            kind: kind.into(),
            text: render::text(&text),
        })
        .collect()
}

fn source(edition: &Snapshot, before: &Figure<'_>, now: &Figure<'_>) -> Option<Text> {
    let (earlier, later) = (before.sources(), now.sources());
    if earlier == later {
        return None;
    }
    let titles = |ids: BTreeSet<&str>| -> BTreeSet<(String, String)> {
        let sources = ids.into_iter().filter_map(|id| edition.source(id));
        sources.map(title_without_years).collect()
    };
    if titles(earlier) == titles(later) {
        return None;
    }
    let period = &before.table.period;
    Some(Text::new(
        format!("Een andere bron dan die van {period}."),
        format!("Another source than that of {period}."),
    ))
}

/// What tables of one source have in common from year to year: publisher, and title but for years.
fn title_without_years(source: &Source) -> (String, String) {
    let title = &source.title.nl;
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    let mut rest = title.as_str();
    let mut kept = String::new();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let after = &rest[start..];
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        kept += &rest[..start];
        kept += if is_year(&after[..end]) { "" } else { &after[..end] };
        rest = &after[end..];
    }
    (source.publisher.clone(), kept + rest)
}

fn borders(edition: &Snapshot, before: &Figure<'_>, now: &Figure<'_>) -> Option<Text> {
    let (one, other) = (before.table.vintage(), now.table.vintage());
    if one == other && before.table.borders.is_some() | now.table.borders.is_some() {
        return None; // the source uses the borders of one year for both
    }
    let (since, until) = (first_day(one.min(other)), last_day(one.max(other)));
    let mut events = Vec::new();
    for &(member, place) in &now.made_of {
        let region = &edition.regions[place];
        match before.made_of.iter().find(|(known, _)| *known == member) {
            // Who it was then, and who it is now.
            Some(&(_, earlier)) if earlier != place => {
                let former = &edition.regions[earlier];
                events.push(Text::new(
                    format!("{} is nu {}", former.name, region.name),
                    format!("{} is now {}", former.name, region.name),
                ));
            }
            Some(_) => events.extend(reorganisations(region, &since, &until)),
            None => {}
        }
    }
    if events.is_empty() {
        return None;
    }
    let period = &before.table.period;
    let more = events.len().saturating_sub(MOST_NAMED);
    let named = |pick: fn(&Text) -> &str, and_more: String| {
        let shown: Vec<&str> = events.iter().take(MOST_NAMED).map(pick).collect();
        let rest = if more > 0 { and_more } else { String::new() };
        format!("{}{rest}", shown.join(", "))
    };
    Some(Text::new(
        format!(
            "Andere grenzen dan die van {period}: {}.",
            named(|event| &event.nl, format!(" en nog {more}"))
        ),
        format!(
            "Other borders than those of {period}: {}.",
            named(|event| &event.en, format!(" and {more} more"))
        ),
    ))
}

/// The reorganisations of a municipality after the first day of one period, up to the last of another.
fn reorganisations<'a>(
    region: &'a Region,
    since: &'a str,
    until: &'a str,
) -> impl Iterator<Item = Text> + 'a {
    let steps = region.predecessors.iter().chain(&region.successors);
    let between = steps.filter(move |step| since < step.date.as_str() && step.date.as_str() <= until);
    between.map(|step| {
        let (name, other, date) = (&region.name, &step.name, &step.date);
        Text::new(
            format!("{name} en {other} op {date}"),
            format!("{name} and {other} on {date}"),
        )
    })
}

fn members(before: &Figure<'_>, now: &Figure<'_>) -> Option<Text> {
    let (earlier, later) = (before.members(), now.members());
    if earlier == later || earlier.is_empty() || later.is_empty() {
        return None;
    }
    let (then, now) = (earlier.len(), later.len());
    let period = &before.table.period;
    Some(if then == now {
        Text::new(
            format!("Er tellen evenveel leden mee als in {period}, maar andere."),
            format!("As many members contribute as in {period}, but others."),
        )
    } else {
        Text::new(
            format!("Het aantal leden dat meetelt, is {now}; in {period} was het {then}."),
            format!("The number of members that contribute is {now}; in {period} it was {then}."),
        )
    })
}

fn status(before: &Figure<'_>, now: &Figure<'_>) -> Option<Text> {
    let period = &before.table.period;
    match (uncertain(now.status), uncertain(before.status)) {
        (Some(word), _) => Some(Text::new(
            format!("Dit cijfer is {}.", word.nl),
            format!("This figure is {}.", word.en),
        )),
        (None, Some(word)) => Some(Text::new(
            format!("Het cijfer van {period} is {}.", word.nl),
            format!("The figure of {period} is {}.", word.en),
        )),
        (None, None) => None,
    }
}

fn uncertain(status: Option<ObservationStatus>) -> Option<Text> {
    match status? {
        ObservationStatus::Provisional => Some(Text::new("voorlopig", "provisional")),
        ObservationStatus::Estimated => Some(Text::new("geschat", "estimated")),
        _ => None,
    }
}

fn period_length(before: &Figure<'_>, now: &Figure<'_>) -> Option<Text> {
    let (earlier, later) = (&before.table.period, &now.table.period);
    (earlier.len() != later.len()).then(|| {
        let (then, now) = (length(earlier), length(later));
        Text::new(
            format!(
                "Dit cijfer is van een {}, dat van {earlier} van een {}.",
                now.nl, then.nl
            ),
            format!(
                "This figure is of a {}, that of {earlier} of a {}.",
                now.en, then.en
            ),
        )
    })
}

fn length(period: &str) -> Text {
    match period.len() {
        4 => Text::new("jaar", "year"),
        7 => Text::new("maand", "month"),
        _ => Text::new("dag", "day"),
    }
}

impl Figure<'_> {
    /// Where it comes from.
    fn sources(&self) -> BTreeSet<&str> {
        if self.made_of.is_empty() {
            return BTreeSet::from([self.table.source.as_str()]);
        }
        let places = self.made_of.iter();
        places.map(|(_, place)| self.table.source_of(*place)).collect()
    }

    fn members(&self) -> BTreeSet<usize> {
        self.made_of.iter().map(|(member, _)| *member).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_differ_in_their_year_only_are_of_one_source() {
        let named = |publisher: &str, title: &str| {
            title_without_years(&Source {
                id: String::new(),
                title: Text::new(title, title),
                publisher: publisher.to_owned(),
                year: String::new(),
                attribution: Text::new("", ""),
            })
        };
        let of_2015 = named("CBS", "Kerncijfers 2015, gemeenten");
        assert_eq!(of_2015, named("CBS", "Kerncijfers 2018, gemeenten"));
        assert_ne!(of_2015, named("RIVM", "Kerncijfers 2018, gemeenten"));
        assert_ne!(of_2015, named("CBS", "Kerncijfers 2018, wijken"));
        assert_ne!(named("CBS", "Tabel 1 2015"), named("CBS", "Tabel 2 2015"));
        assert_ne!(named("CBS", "Tabel 1500"), named("CBS", "Tabel 1600"), "no years");
    }
}
