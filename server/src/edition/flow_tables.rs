//! Flows as an edition keeps them: a list of municipalities per table, and per origin a list of destinations and, for each part
//! of the people, a list of numbers beside it.
//!
//! A row per pair would be a hundred thousand rows a table, most of them key. The lists are those of
//! [`area_text`](super::area_text).

use std::collections::BTreeMap;

use rusqlite::{Connection, types::Type};

use super::{
    StoredTable, StoredTables, all,
    area_text::{read_figures, write_figures},
    source::Value,
};
use crate::domain::{
    AreaFigure, FlowBreakdown, FlowCategory, FlowKind, FlowMunicipality, FlowTable, FlowsFrom, RegionCode,
    Text,
};

/// The category of flows that are not divided.
const UNDIVIDED: &str = "";

/// Recipe and period of an import unit.
pub(crate) type UnitKey = (String, String);

/// Adds the tables of these units, by recipe and period.
pub(crate) fn add_flow_tables<'a>(
    tables: &mut StoredTables,
    flows: impl IntoIterator<Item = (&'a str, &'a str, &'a FlowTable)>,
) {
    let mut of_unit = StoredTable::new(
        "unit_flows",
        &[
            "recipe",
            "period",
            "kind",
            "whole_totals",
            "breakdown",
            "breakdown_nl",
            "breakdown_en",
            "codes",
            "names",
        ],
    );
    let mut of_category = StoredTable::new(
        "flow_category",
        &["recipe", "period", "id", "name_nl", "name_en", "ordinal"],
    );
    let mut of_origin = StoredTable::new(
        "flow_destinations",
        &["recipe", "period", "origin", "destinations"],
    );
    let mut of_persons = StoredTable::new(
        "flow_persons",
        &["recipe", "period", "category", "origin", "persons"],
    );
    for (recipe, period, table) in flows {
        let unit = || [("recipe", recipe.into()), ("period", period.into())];
        let breakdown = table.breakdown.as_ref();
        let listed = &table.municipalities;
        let codes: Vec<&str> = listed.iter().map(|listed| listed.code.as_str()).collect();
        let names: Option<Vec<&str>> = listed.iter().map(|listed| listed.name.as_deref()).collect();
        let list = |texts: Vec<&str>| serde_json::Value::from(texts).to_string();
        of_unit.push(unit().into_iter().chain([
            ("kind", table.kind.word().into()),
            ("whole_totals", Value::Integer(i64::from(table.whole_totals))),
            ("breakdown", breakdown.map(|found| found.id.as_str()).into()),
            (
                "breakdown_nl",
                breakdown.map(|found| found.name.nl.as_str()).into(),
            ),
            (
                "breakdown_en",
                breakdown.map(|found| found.name.en.as_str()).into(),
            ),
            ("codes", list(codes).as_str().into()),
            ("names", names.map(list).as_deref().into()),
        ]));
        let categories = breakdown.map_or(&[][..], |found| &found.categories[..]);
        for (place, category) in (0..).zip(categories) {
            of_category.push(unit().into_iter().chain([
                ("id", category.id.as_str().into()),
                ("name_nl", category.name.nl.as_str().into()),
                ("name_en", category.name.en.as_str().into()),
                ("ordinal", Value::Integer(place)),
            ]));
        }
        let ids = categories.iter().map(|category| category.id.as_str());
        let ids: Vec<&str> = ids.chain(breakdown.is_none().then_some(UNDIVIDED)).collect();
        for (origin, from) in listed.iter().zip(&table.origins) {
            if from.destinations.is_empty() {
                continue;
            }
            let destinations = serde_json::Value::from(from.destinations.clone()).to_string();
            of_origin.push(unit().into_iter().chain([
                ("origin", origin.code.as_str().into()),
                ("destinations", destinations.as_str().into()),
            ]));
            for (category, persons) in ids.iter().zip(&from.persons) {
                let figures: Vec<AreaFigure> = persons
                    .iter()
                    .map(|persons| persons.map_or(AreaFigure::Missing, AreaFigure::Value))
                    .collect();
                of_persons.push(unit().into_iter().chain([
                    ("category", (*category).into()),
                    ("origin", origin.code.as_str().into()),
                    ("persons", write_figures(&figures).as_str().into()),
                ]));
            }
        }
    }
    for table in [of_unit, of_category, of_origin, of_persons] {
        tables.add(table);
    }
}

/// The tables of an open edition, by recipe and period.
///
/// # Errors
/// What is no list, or not as long as the one beside it, is of no edition that was made whole.
pub(crate) fn read_flow_tables(edition: &Connection) -> rusqlite::Result<BTreeMap<UnitKey, FlowTable>> {
    let mut tables = units(edition)?;
    categories(edition, &mut tables)?;
    origins(edition, &mut tables)?;
    persons(edition, &mut tables)?;
    for table in tables.values() {
        let parts = parts_of(table);
        let whole = |from: &FlowsFrom| {
            let length = from.destinations.len();
            length == 0
                || (from.persons.len() == parts && from.persons.iter().all(|part| part.len() == length))
        };
        if !table.origins.iter().all(whole) {
            return Err(damaged("persons"));
        }
    }
    Ok(tables)
}

fn parts_of(table: &FlowTable) -> usize {
    table.breakdown.as_ref().map_or(1, |found| found.categories.len())
}

fn units(edition: &Connection) -> rusqlite::Result<BTreeMap<UnitKey, FlowTable>> {
    let units = all(edition, "SELECT * FROM unit_flows", |row| {
        let text = |column: &str| row.get::<_, Option<String>>(column);
        let named = text("breakdown")?.zip(text("breakdown_nl")?.zip(text("breakdown_en")?));
        let codes: Vec<String> = json(row.get_ref("codes")?.as_str()?)?;
        let names: Vec<String> = text("names")?.map_or_else(|| Ok(Vec::new()), |names| json(&names))?;
        if !codes.is_sorted() || !(names.is_empty() || names.len() == codes.len()) {
            return Err(damaged("codes"));
        }
        let mut names = names.into_iter();
        let municipalities = codes.iter().map(|text| {
            Ok(FlowMunicipality {
                code: RegionCode::parse(text).map_err(|_| damaged("codes"))?,
                name: names.next(),
            })
        });
        let table = FlowTable {
            kind: FlowKind::of_word(row.get_ref("kind")?.as_str()?).ok_or_else(|| damaged("kind"))?,
            breakdown: named.map(|(id, (nl, en))| FlowBreakdown {
                id,
                name: Text { nl, en },
                categories: Vec::new(),
            }),
            whole_totals: row.get("whole_totals")?,
            municipalities: municipalities.collect::<rusqlite::Result<_>>()?,
            origins: vec![FlowsFrom::default(); codes.len()],
        };
        Ok(((row.get("recipe")?, row.get("period")?), table))
    })?;
    Ok(units.into_iter().collect())
}

fn categories(edition: &Connection, tables: &mut BTreeMap<UnitKey, FlowTable>) -> rusqlite::Result<()> {
    let sql = "SELECT recipe, period, id, name_nl, name_en FROM flow_category ORDER BY ordinal";
    for (key, category) in all(edition, sql, |row| {
        let name = Text {
            nl: row.get(3)?,
            en: row.get(4)?,
        };
        Ok((
            (row.get(0)?, row.get(1)?),
            FlowCategory {
                id: row.get(2)?,
                name,
            },
        ))
    })? {
        let table = tables.get_mut(&key);
        let breakdown = table.and_then(|table| table.breakdown.as_mut());
        breakdown
            .ok_or_else(|| damaged("category"))?
            .categories
            .push(category);
    }
    Ok(())
}

fn origins(edition: &Connection, tables: &mut BTreeMap<UnitKey, FlowTable>) -> rusqlite::Result<()> {
    let sql = "SELECT recipe, period, origin, destinations FROM flow_destinations";
    for (key, (origin, destinations)) in all(edition, sql, |row| {
        let destinations: Vec<u32> = json(row.get_ref(3)?.as_str()?)?;
        Ok((
            (row.get(0)?, row.get(1)?),
            (row.get::<_, String>(2)?, destinations),
        ))
    })? {
        let table = tables.get_mut(&key).ok_or_else(|| damaged("origin"))?;
        let listed = table.municipalities.len();
        let ascends = destinations.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascends || destinations.last().is_some_and(|last| *last as usize >= listed) {
            return Err(damaged("destinations"));
        }
        from(table, &origin)?.destinations = destinations;
    }
    Ok(())
}

fn persons(edition: &Connection, tables: &mut BTreeMap<UnitKey, FlowTable>) -> rusqlite::Result<()> {
    let sql = "SELECT recipe, period, category, origin, persons FROM flow_persons";
    for (key, (category, origin, figures)) in all(edition, sql, |row| {
        let figures = read_figures(row.get_ref(4)?.as_str()?);
        let texts: (String, String) = (row.get(2)?, row.get(3)?);
        Ok(((row.get(0)?, row.get(1)?), (texts.0, texts.1, figures)))
    })? {
        let table = tables.get_mut(&key).ok_or_else(|| damaged("persons"))?;
        let place = match &table.breakdown {
            None => Some(0).filter(|_| category == UNDIVIDED),
            Some(found) => found.categories.iter().position(|known| known.id == category),
        };
        let (place, parts) = (place.ok_or_else(|| damaged("category"))?, parts_of(table));
        let figures = figures.ok_or_else(|| damaged("persons"))?;
        let own = from(table, &origin)?;
        own.persons.resize(parts, Vec::new());
        own.persons[place] = figures.into_iter().map(AreaFigure::value).collect();
    }
    Ok(())
}

fn from<'t>(table: &'t mut FlowTable, origin: &str) -> rusqlite::Result<&'t mut FlowsFrom> {
    let place = table
        .municipalities
        .binary_search_by(|listed| listed.code.as_str().cmp(origin));
    let place = place.map_err(|_| damaged("origin"))?;
    Ok(&mut table.origins[place])
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))
}

fn damaged(what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        0,
        Type::Text,
        format!("`{what}` of its flows is no whole list").into(),
    )
}
