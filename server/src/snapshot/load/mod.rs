//! An open edition -> a snapshot: every table read once.

mod areas;
mod catalogue;
mod composites;
mod figures;
mod knowledge;
mod regions;

use std::collections::HashMap;

use rusqlite::{Connection, Row, types::FromSql};

use super::{
    FlowMatrix, Flows, NameIndex, Snapshot, among::RankingsAmong, areas::MaskedTowns,
    recast::years_of_borders,
};
use crate::{
    domain::Text,
    edition::{EditionError, OpenEdition, all, flow_tables::read_flow_tables, shelf::Manifest},
};

/// Reads and ranks everything.
pub(super) fn load(manifest: Manifest, edition: &OpenEdition) -> Result<Snapshot, EditionError> {
    let connection = &edition.connection;
    let (title, publication_year) = connection.query_row(
        "SELECT title_nl, title_en, publication_year FROM edition",
        [],
        |row| Ok((text(row, "title")?, row.get::<_, String>("publication_year")?)),
    )?;
    let indicators = catalogue::indicators(connection)?;
    let boundary_changes = regions::boundary_changes(connection)?;
    let regions = regions::regions(connection, &boundary_changes)?;
    let groups = catalogue::groups(connection)?;
    let indicator_index: HashMap<String, usize> = index(indicators.iter().map(|indicator| &indicator.id));
    let region_index: HashMap<String, usize> = index(regions.iter().map(|region| &region.code));
    let mut import_units = catalogue::import_units(connection)?;
    let places = figures::Places {
        indicators: &indicators,
        regions: &regions,
        indicator_index: &indicator_index,
        region_index: &region_index,
        import_units: &import_units,
    };
    let (universes, published_universe) = catalogue::universes(connection)?;
    let rankings = figures::rankings(connection, &places, &publication_year)?;
    let areas = areas::areas(connection, &places)?;
    areas.count_into(&mut import_units);
    let flows = read_flow_tables(connection)?
        .into_iter()
        .map(|(unit, table)| FlowMatrix::of(unit, table, &region_index))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| EditionError::Corrupt("flows name a municipality that is no region".to_owned()))?;
    let flows = Flows::of(flows);
    flows.count_into(&mut import_units);
    Ok(Snapshot {
        title,
        areas,
        flows,
        masked_towns: MaskedTowns::of(indicators.len()),
        sources: catalogue::sources(connection)?,
        licences: catalogue::licences(connection)?,
        published_universe,
        themes: catalogue::themes(connection)?,
        knowledge: knowledge::knowledge(connection)?,
        years_of_borders: years_of_borders(&boundary_changes, &regions, &import_units),
        import_units,
        boundary_changes,
        boundary_sources: regions::boundary_sources(connection)?,
        lives_are_known: regions::lives_are_known(connection)?,
        recast: Default::default(),
        observations: connection
            .query_row("SELECT count(*) FROM observation", [], |row| row.get::<_, i64>(0))?
            .unsigned_abs(),
        among: RankingsAmong::of(&universes, &rankings, |code| region_index.get(code).copied()),
        universes,
        rankings,
        group_index: index(groups.iter().map(|group| &group.id)),
        names: NameIndex::of(&regions),
        manifest,
        indicators,
        regions,
        groups,
        indicator_index,
        region_index,
    })
}

fn index<'a>(ids: impl Iterator<Item = &'a String>) -> HashMap<String, usize> {
    ids.enumerate().map(|(place, id)| (id.clone(), place)).collect()
}

/// The values of a list table by owner, in their order.
fn lists<T: FromSql>(connection: &Connection, table: &str) -> rusqlite::Result<HashMap<String, Vec<T>>> {
    let sql = format!("SELECT owner, value FROM {table} ORDER BY owner, ordinal");
    let mut found: HashMap<String, Vec<T>> = HashMap::new();
    for (owner, value) in all(connection, &sql, |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?))
    })? {
        found.entry(owner).or_default().push(value);
    }
    Ok(found)
}

/// A text in both languages, from `{stem}_nl` and `{stem}_en`.
fn text(row: &Row<'_>, stem: &str) -> rusqlite::Result<Text> {
    Ok(Text {
        nl: row.get(format!("{stem}_nl").as_str())?,
        en: row.get(format!("{stem}_en").as_str())?,
    })
}

/// The same where there may be none.
fn optional_text(row: &Row<'_>, stem: &str) -> rusqlite::Result<Option<Text>> {
    let (nl, en): (Option<String>, Option<String>) = (
        row.get(format!("{stem}_nl").as_str())?,
        row.get(format!("{stem}_en").as_str())?,
    );
    Ok(nl.zip(en).map(|(nl, en)| Text { nl, en }))
}

/// A word as a value of ours. The schema's checks leave no other words than those given.
fn word<T: Copy>(row: &Row<'_>, column: &str, words: &[(&str, T)]) -> rusqlite::Result<T> {
    let found: String = row.get(column)?;
    word_value(&found, words)
}

fn word_value<T: Copy>(found: &str, words: &[(&str, T)]) -> rusqlite::Result<T> {
    words
        .iter()
        .find(|(word, _)| *word == found)
        .map(|(_, value)| *value)
        .ok_or_else(|| {
            rusqlite::Error::FromSqlConversionFailure(
                0,
                rusqlite::types::Type::Text,
                format!("`{found}` is not a word this program knows").into(),
            )
        })
}
