//! What units add to the figures, and which of two sources that fill the same one wins.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    super::{ImportError, UnitRow, problems::Problems},
    UnitSet,
};
use crate::edition::{StoredTable, StoredTables, source::Value};

/// An indicator and a period.
type Column<'a> = (&'a str, &'a str);

/// Adds the rows of all units. Those of a source that another one supersedes are kept, and marked.
pub(super) fn add_observations(tables: &mut StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let own = tables.table("observation").clone();
    let mut filled: BTreeMap<Column<'_>, BTreeSet<&str>> = BTreeMap::new();
    for (column, _, source) in own_rows(&own) {
        filled.entry(column).or_default().insert(source);
    }
    for unit in units.iter() {
        for row in unit.rows() {
            filled
                .entry((&row.indicator, &unit.period))
                .or_default()
                .insert(&unit.recipe.id);
        }
    }
    filled.retain(|_, sources| sources.len() > 1); // few: only there can a figure be filled twice
    same_borders(units, &filled)?;
    let superseded = superseded(&own, units, &filled)?;

    let table = tables.table_mut("observation");
    table.columns.push("superseded".to_owned());
    let last = table.columns.len() - 1;
    for (row, (column, region, source)) in table.rows.iter_mut().zip(own_rows(&own)) {
        let loses = superseded.contains(&(column, region, source));
        row.insert(last, Value::Integer(i64::from(loses)));
    }
    for unit in units.iter() {
        let source = unit.recipe.id.as_str();
        for row in unit.rows() {
            let key = (
                (row.indicator.as_str(), unit.period.as_str()),
                row.region.as_str(),
                source,
            );
            table.push(stored(row, source, superseded.contains(&key)));
        }
    }
    // In the order of the key, SQLite only appends.
    let key = ["indicator", "period", "region", "source"].map(|column| table.column(column));
    table.rows.sort_by(|one, other| {
        let texts = |column: usize| (one[column].text(), other[column].text());
        let orders = key.into_iter().map(texts).map(|(one, other)| one.cmp(&other));
        orders.fold(Ordering::Equal, Ordering::then)
    });
    Ok(())
}

/// Figures that are ranked against each other are of the same municipalities.
fn same_borders(
    units: &UnitSet,
    contested: &BTreeMap<Column<'_>, BTreeSet<&str>>,
) -> Result<(), ImportError> {
    let mut borders: BTreeMap<(&str, &str), Option<&str>> = BTreeMap::new();
    borders.extend(
        units
            .iter()
            .map(|unit| ((unit.recipe.id.as_str(), unit.period.as_str()), unit.borders())),
    );
    let of = |source: &str, period: &str| borders.get(&(source, period)).copied().flatten();
    let mut problems = Problems::all();
    for ((indicator, period), sources) in contested {
        let mut sources = sources.iter();
        let Some(first) = sources.next() else { continue };
        if let Some(other) = sources.find(|other| of(other, period) != of(first, period)) {
            let year = |source: &str| of(source, period).unwrap_or(period).to_owned();
            let message = format!(
                "`{first}` has `{indicator}` of {period} on the borders of {}, `{other}` on those of {}: leave one of the two out",
                year(first),
                year(other)
            );
            problems.in_file("import units", message);
        }
    }
    problems.refuse("the set of recipes")
}

/// A figure of one source: indicator and period, region, source.
type Filled<'a> = (Column<'a>, &'a str, &'a str);

fn own_rows(table: &StoredTable) -> impl Iterator<Item = Filled<'_>> {
    let [indicator, period, region, source] =
        ["indicator", "period", "region", "source"].map(|column| table.column(column));
    table.rows.iter().map(move |row| {
        let text = |column: usize| row[column].text().unwrap_or_default();
        ((text(indicator), text(period)), text(region), text(source))
    })
}

fn stored(row: &UnitRow, source: &str, superseded: bool) -> [(&'static str, Value); 8] {
    [
        ("indicator", row.indicator.as_str().into()),
        ("region", row.region.as_str().into()),
        ("period", row.period.as_str().into()),
        ("value", row.value.map_or(Value::Null, Value::Real)),
        ("status", row.status.word().into()),
        ("origin", row.origin.word().into()),
        ("source", source.into()),
        ("superseded", Value::Integer(i64::from(superseded))),
    ]
}

/// The figures that lose to another source's.
fn superseded<'a>(
    own: &'a StoredTable,
    units: &'a UnitSet,
    contested: &BTreeMap<Column<'a>, BTreeSet<&'a str>>,
) -> Result<BTreeSet<Filled<'a>>, ImportError> {
    let mut sources: BTreeMap<(Column<'a>, &'a str), BTreeSet<&'a str>> = BTreeMap::new();
    for (column, region, source) in own_rows(own).filter(|(column, ..)| contested.contains_key(column)) {
        sources.entry((column, region)).or_default().insert(source);
    }
    for unit in units.iter() {
        for row in unit.rows() {
            let column = (row.indicator.as_str(), unit.period.as_str());
            if contested.contains_key(&column) {
                sources
                    .entry((column, row.region.as_str()))
                    .or_default()
                    .insert(&unit.recipe.id);
            }
        }
    }
    let order = Precedence::of(units);
    let mut losers = BTreeSet::new();
    let mut undecided: BTreeMap<Vec<&str>, (Column<'a>, &str, usize)> = BTreeMap::new();
    for ((column, region), sources) in sources.into_iter().filter(|(_, sources)| sources.len() > 1) {
        let wins = |one: &&&str| {
            sources
                .iter()
                .all(|other| other == *one || order.wins(one, other))
        };
        match sources.iter().find(wins) {
            Some(winner) => losers.extend(
                sources
                    .iter()
                    .filter(|source| *source != winner)
                    .map(|source| (column, region, *source)),
            ),
            None => {
                let key = sources.into_iter().collect();
                undecided.entry(key).or_insert((column, region, 0)).2 += 1;
            }
        }
    }
    let mut problems = Problems::all();
    for (sources, ((indicator, period), region, count)) in undecided {
        let more = match count {
            1 => String::new(),
            2 => " and 1 more figure".to_owned(),
            several => format!(" and {} more figures", several - 1),
        };
        let message = format!(
            "{} both fill `{indicator}` of {region} in {period}{more}: let the recipe that is to win name the other in \
             `supersedes`, or leave one out",
            sources
                .iter()
                .map(|source| format!("`{source}`"))
                .collect::<Vec<_>>()
                .join(" and ")
        );
        problems.in_file("import units", message);
    }
    order.circles(&mut problems);
    problems.refuse("the set of recipes")?;
    Ok(losers)
}

/// Which source wins from which, directly or through others.
pub(super) struct Precedence<'a> {
    wins: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Precedence<'a> {
    pub(super) fn of(units: &'a UnitSet) -> Self {
        let mut wins: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for unit in units.iter() {
            let below = unit.recipe.supersedes.iter().map(String::as_str);
            wins.entry(&unit.recipe.id).or_default().extend(below);
        }
        loop {
            let mut grown = false;
            for source in wins.keys().copied().collect::<Vec<_>>() {
                let below: BTreeSet<&str> = wins[source]
                    .iter()
                    .filter_map(|other| wins.get(other))
                    .flatten()
                    .copied()
                    .collect();
                let own = wins.entry(source).or_default();
                let before = own.len();
                own.extend(below);
                grown |= own.len() > before;
            }
            if !grown {
                return Self { wins };
            }
        }
    }

    pub(super) fn wins(&self, one: &str, other: &str) -> bool {
        self.wins.get(one).is_some_and(|below| below.contains(other)) && !self.in_circle(one)
    }

    fn in_circle(&self, source: &str) -> bool {
        self.wins.get(source).is_some_and(|below| below.contains(source))
    }

    fn circles(&self, problems: &mut Problems) {
        for source in self.wins.keys().filter(|source| self.in_circle(source)) {
            let message =
                format!("supersedes: `{source}` wins from a recipe that wins from it: remove one of the two");
            problems.in_file("import units", message);
        }
    }
}
