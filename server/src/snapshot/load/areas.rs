//! Districts and neighbourhoods with their figures.

use rusqlite::Connection;

use super::{all, figures::Places, word_value};
use crate::{
    domain::{ImportedUnit, ObservationOrigin},
    edition::{EditionError, area_text::read_figures},
    snapshot::areas::{AreaList, Areas, ListColumn},
};

/// Reads all of them. A text that is no list, or not as long as that of the codes, is of no edition that was made whole.
pub(super) fn areas(connection: &Connection, places: &Places<'_>) -> Result<Areas, EditionError> {
    let lists = lists(connection, places.import_units)?;
    let mut columns: Vec<Vec<ListColumn>> = places.indicators.iter().map(|_| Vec::new()).collect();
    let sql = "SELECT indicator, period, recipe, origin, figures FROM area_figures
               ORDER BY indicator, period DESC, precedence, recipe";
    for (id, period, source, origin, figures) in all(connection, sql, |row| {
        let origin = word_value(row.get_ref(3)?.as_str()?, ObservationOrigin::WORDS)?;
        let figures = read_figures(row.get_ref(4)?.as_str()?);
        let (id, period): (String, String) = (row.get(0)?, row.get(1)?);
        Ok((id, period, row.get::<_, String>(2)?, origin, figures))
    })? {
        let list = lists
            .iter()
            .position(|list| list.period == period && list.source == source);
        let (Some(&indicator), Some(list)) = (places.indicator_index.get(&id), list) else {
            continue; // unreachable: foreign keys
        };
        let figures = figures.filter(|figures| figures.len() == lists[list].codes.len());
        columns[indicator].push(ListColumn {
            list,
            origin,
            figures: figures.ok_or_else(|| damaged(&format!("`{id}` in {period}")))?,
        });
    }
    Ok(Areas { lists, columns })
}

fn lists(connection: &Connection, units: &[ImportedUnit]) -> Result<Vec<AreaList>, EditionError> {
    let sql = "SELECT recipe, period, codes, names FROM unit_areas ORDER BY period DESC, recipe";
    let read = all(connection, sql, |row| {
        let texts: (String, Option<String>) = (row.get(2)?, row.get(3)?);
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, texts))
    })?;
    let list = |(source, period, (codes, names)): (String, String, (String, Option<String>))| {
        let texts = |text: &str| serde_json::from_str::<Vec<String>>(text).map_err(|_| damaged(&source));
        let codes = texts(&codes)?;
        let names = names.as_deref().map(texts).transpose()?.unwrap_or_default();
        if !(codes.is_sorted() && (names.is_empty() || names.len() == codes.len())) {
            return Err(damaged(&source));
        }
        let own = units
            .iter()
            .find(|unit| unit.recipe == source && unit.period == period);
        Ok(AreaList {
            borders: own.and_then(|unit| unit.borders.clone()),
            source,
            period,
            codes,
            names,
        })
    };
    read.into_iter().map(list).collect()
}

fn damaged(what: &str) -> EditionError {
    EditionError::Corrupt(format!("the areas of {what} are no whole list"))
}
