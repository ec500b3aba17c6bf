//! The rows of `simulate`: a municipality or a group before and after, and what an outcome takes.

use groeikern_client::v1::{
    GroupStanding, ItemStatus, NeededValue, RankingSummary, Standing, UnreachableReason, ValueRange,
    wanted_outcome::Target,
};

use super::GroupNames;
use crate::cli::{
    language::{Language, Phrase, headings, sentences, suppositions, words::Word},
    ranked::{self, Ranked},
    sheet::{Cell, Column},
};

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Now,
    Then,
    Wanted,
}

impl Word for When {
    fn stable(self) -> String {
        match self {
            Self::Now => "now",
            Self::Then => "then",
            Self::Wanted => "wanted",
        }
        .to_owned()
    }

    /// What is wanted says so itself.
    fn shown(self) -> Phrase {
        match self {
            Self::Now => Phrase::new("nu", "now"),
            Self::Then => Phrase::new("dan", "then"),
            Self::Wanted => Phrase::new("", ""),
        }
    }
}

/// One row.
pub(super) struct Row {
    pub(super) ranking: RankingSummary,
    pub(super) notes: Vec<String>,
    when: When,
    /// The municipality or group, or what is wanted.
    name: String,
    group_id: String,
    value: Option<f64>,
    standing: Option<Standing>,
    wanted: Option<Needed>,
}

/// What an outcome takes: one of its ranges, or none.
struct Needed {
    target: &'static str,
    wanted: Cell,
    range: Option<ValueRange>,
    change: Option<f64>,
    reached_position: Option<u32>,
    best_position: Option<u32>,
    unreachable: UnreachableReason,
}

impl Ranked for Row {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }

    fn status(&self) -> ItemStatus {
        match (&self.standing, &self.wanted) {
            (None, None) => ItemStatus::NoData,
            _ => ItemStatus::Ok,
        }
    }

    fn shares_position(&self) -> bool {
        // A mean shares none.
        self.group_id.is_empty() && self.standing.is_some_and(|standing| standing.ties > 1)
    }

    fn otherwise(&self, language: Language) -> Cell {
        match &self.wanted {
            Some(needed) => Cell::Word {
                stable: String::new(),
                shown: language.say(needed.unreachable.shown()),
                tone: needed.unreachable.tone(),
            },
            None => Cell::verdict(None, self.status(), language),
        }
    }
}

impl Row {
    /// Decimals to show of its value: a value that somebody named is shown as it was named.
    fn decimals(&self) -> u32 {
        let named = self
            .value
            .filter(|_| self.when == When::Then && self.group_id.is_empty());
        let written = named.map(|value| value.to_string());
        let fraction = written.as_deref().and_then(|text| text.split_once('.'));
        let decimals = fraction.map_or(0, |(_, digits)| u32::try_from(digits.len()).unwrap_or(u32::MAX));
        self.ranking.decimals.max(decimals)
    }

    /// A municipality as it stands now.
    pub(super) fn of_region(
        ranking: &RankingSummary,
        name: &str,
        (value, standing): (Option<f64>, Option<Standing>),
    ) -> Self {
        Self {
            ranking: ranking.clone(),
            notes: Vec::new(),
            when: When::Now,
            name: name.to_owned(),
            group_id: String::new(),
            value,
            standing,
            wanted: None,
        }
    }

    /// The mean of a group as it stands now.
    pub(super) fn of_group(ranking: &RankingSummary, group: &GroupStanding, language: Language) -> Self {
        let of = group.group.clone().unwrap_or_default();
        let name = sentences::mean_of(language, language.of(of.name.as_ref()));
        Self {
            group_id: of.id,
            ..Self::of_region(ranking, &name, (group.mean, group.standing))
        }
    }

    /// The same as it would stand.
    pub(super) fn then(mut self) -> Self {
        self.when = When::Then;
        self
    }

    /// What an outcome takes, a row per range of values.
    pub(super) fn needed(needed: &NeededValue, groups: &GroupNames, language: Language) -> Vec<Self> {
        let name_of = |id: &str| groups.get(id).map_or(id, String::as_str).to_owned();
        let target = needed.wanted.as_ref().and_then(|wanted| wanted.target.clone());
        let (name, target, wanted, group_id) = match target {
            Some(Target::Position(position)) => (
                suppositions::wanted_position(language, position),
                "position",
                Cell::Integer(position.into()),
                String::new(),
            ),
            Some(Target::Grade(grade)) => (
                suppositions::wanted_grade(language, grade),
                "grade",
                Cell::number(Some(grade), 1),
                String::new(),
            ),
            Some(Target::GroupMean(id)) => (
                suppositions::wanted_mean(language, &name_of(&id)),
                "mean",
                Cell::Absent,
                id,
            ),
            Some(Target::GroupMeanPosition(of)) => (
                suppositions::wanted_mean_position(language, &name_of(&of.group_id), of.position),
                "mean_position",
                Cell::Integer(of.position.into()),
                of.group_id,
            ),
            None => return Vec::new(), // the contract has outcomes that this tool does not ask for
        };
        let row = |range: Option<ValueRange>| Self {
            notes: notes(needed, language),
            when: When::Wanted,
            group_id: group_id.clone(),
            wanted: Some(Needed {
                target,
                wanted: wanted.clone(),
                range,
                change: needed.change,
                reached_position: needed.reached_position,
                best_position: needed.best_position,
                unreachable: needed.unreachable(),
            }),
            ..Self::of_region(
                &RankingSummary {
                    n: needed.n,
                    ..needed.ranking.clone().unwrap_or_default()
                },
                &name,
                (None, None),
            )
        };
        if needed.values.is_empty() {
            return vec![row(None)];
        }
        let mut rows: Vec<Self> = needed.values.iter().map(|range| row(Some(*range))).collect();
        let last = rows.len() - 1;
        rows[..last].iter_mut().for_each(|row| row.notes.clear());
        rows
    }

    /// The values that are enough, in words.
    fn enough(&self, language: Language) -> Option<String> {
        let ValueRange { from, to } = self.wanted.as_ref()?.range?;
        let decimals = usize::try_from(self.ranking.decimals.min(9)).unwrap_or_default();
        if from.is_some() && from == to {
            // The one value that does: a decimal more than others, because there is nothing to round into.
            return from.map(|value| language.number(value, decimals + 1));
        }
        let rounded = |decimals| {
            (
                from.map(|bound| inward(bound, decimals, |shown| shown >= bound, 1.0)),
                to.map(|bound| inward(bound, decimals, |shown| shown <= bound, -1.0)),
            )
        };
        // More decimals where few would leave nothing of a narrow range.
        let enough = |decimals: &usize| match rounded(*decimals) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        let decimals = (decimals..=MOST_DECIMALS).find(enough).unwrap_or(MOST_DECIMALS);
        let (from, to) = rounded(decimals);
        let [from, to] = [from, to].map(|bound| bound.map(|bound| language.number(bound, decimals)));
        Some(suppositions::values_within(
            language,
            from.as_deref(),
            to.as_deref(),
        ))
    }
}

/// Decimals at most, of which a number has no more.
const MOST_DECIMALS: usize = 15;

/// The nearest number of so many decimals that still belongs to the range; `step` is the direction into it.
fn inward(bound: f64, decimals: usize, belongs: impl Fn(f64) -> bool, step: f64) -> f64 {
    let shown = |value: f64| format!("{value:.decimals$}").parse::<f64>().unwrap_or(value);
    let nearest = shown(bound);
    if belongs(nearest) {
        return nearest;
    }
    let unit = format!("1e-{decimals}").parse::<f64>().unwrap_or_default();
    shown(nearest + step * unit)
}

/// What there is to say of an outcome.
fn notes(needed: &NeededValue, language: Language) -> Vec<String> {
    let position = match needed.wanted.as_ref().and_then(|wanted| wanted.target.as_ref()) {
        Some(Target::Position(position)) => Some(*position),
        Some(Target::GroupMeanPosition(of)) => Some(of.position),
        _ => None,
    };
    let better = needed
        .reached_position
        .filter(|reached| Some(*reached) != position);
    let best = needed.best_position;
    [
        better.map(|reached| suppositions::gives_position(language, reached)),
        best.map(|best| suppositions::best_position(language, best)),
        needed
            .change
            .filter(|change| *change == 0.0)
            .map(|_| suppositions::already(language).to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

pub(super) fn columns() -> Vec<Column<Row>> {
    let mut columns: Vec<Column<Row>> = ranked::indicator().into();
    columns.extend([
        Column::new("when", headings::WHEN, |row: &Row, language| {
            Cell::word(row.when, language)
        }),
        Column::new("subject", Phrase::new("", ""), |row, _| Cell::text(&row.name)),
        Column::tsv_only("group_id", |row, _| Cell::text(&row.group_id)),
        Column::tsv_only("target", |row, _| {
            of_needed(row, |needed| Cell::text(needed.target))
        }),
        Column::tsv_only("target_value", |row, _| {
            of_needed(row, |needed| needed.wanted.clone())
        }),
        Column::tsv_only("value", |row, _| Cell::number(row.value, row.ranking.decimals)),
        Column::table_only(headings::VALUE, |row, language| match row.enough(language) {
            Some(enough) => Cell::text(enough),
            None => Cell::number(row.value, row.decimals()),
        }),
        Column::tsv_only("from", |row, _| {
            of_needed(row, |needed| {
                Cell::number(needed.range.and_then(|range| range.from), 9)
            })
        }),
        Column::tsv_only("to", |row, _| {
            of_needed(row, |needed| {
                Cell::number(needed.range.and_then(|range| range.to), 9)
            })
        }),
        Column::tsv_only("change", |row, _| {
            of_needed(row, |needed| Cell::number(needed.change, 9))
        }),
        Column::tsv_only("reached_position", |row, _| {
            of_needed(row, |needed| {
                Cell::count(needed.reached_position.unwrap_or_default())
            })
        }),
        Column::tsv_only("best_position", |row, _| {
            of_needed(row, |needed| {
                Cell::count(needed.best_position.unwrap_or_default())
            })
        }),
        Column::tsv_only("unreachable", |row, language| match &row.wanted {
            Some(needed) => Cell::word(needed.unreachable, language),
            None => Cell::Absent,
        }),
    ]);
    columns.extend(ranked::standing());
    // The title says it.
    columns.push(Column::tsv_only("unit", |row: &Row, language| {
        Cell::localized(row.ranking.unit.as_ref(), language)
    }));
    columns.extend(ranked::origin());
    columns
}

fn of_needed(row: &Row, cell: fn(&Needed) -> Cell) -> Cell {
    row.wanted.as_ref().map_or(Cell::Absent, cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(from: Option<f64>, to: Option<f64>, decimals: u32) -> String {
        let needed = NeededValue {
            ranking: Some(RankingSummary {
                decimals,
                ..Default::default()
            }),
            wanted: Some(groeikern_client::v1::WantedOutcome {
                target: Some(Target::Grade(7.0)),
                ..Default::default()
            }),
            values: vec![ValueRange { from, to }],
            ..Default::default()
        };
        Row::needed(&needed, &GroupNames::new(), Language::En)[0]
            .enough(Language::En)
            .expect("a range")
    }

    #[test]
    fn bounds_are_rounded_into_their_range() {
        assert_eq!(shown(None, Some(3.19), 1), "at most 3.1");
        assert_eq!(shown(None, Some(3.1), 1), "at most 3.1");
        assert_eq!(shown(Some(3.11), None, 1), "at least 3.2");
        assert_eq!(shown(Some(-3.19), None, 1), "at least -3.1");
        assert_eq!(shown(Some(0.29), None, 2), "at least 0.29");
        assert_eq!(shown(Some(11.5), Some(13.5), 0), "12 up to 13");
        assert_eq!(shown(Some(2.41), Some(2.44), 1), "2.41 up to 2.44");
        assert_eq!(shown(Some(2.25), Some(2.25), 1), "2.25");
        assert_eq!(shown(None, None, 1), "any value");
    }
}
