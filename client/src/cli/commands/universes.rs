//! `universes`: the sets of units that can be ranked against each other, and the units of one.

use groeikern_client::v1::{
    GetUniverseRequest, GetUniverseResponse, ListUniversesRequest, ListUniversesResponse, RegionRef,
    Universe, UniverseUnit, UniverseVintage,
};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::{Answer, Part},
    arguments::Universes,
    exit::Failure,
    language::{Language, headings, sentences},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

/// A universe in one year of which its units are known; without a year when none is.
struct Row {
    universe: Universe,
    vintage: Option<UniverseVintage>,
}

const COLUMNS: [Column<Row>; 6] = [
    Column::new("universe_id", headings::ID, |row: &Row, _| {
        Cell::text(&row.universe.id)
    })
    .unbroken(),
    Column::new("universe", headings::UNIVERSE, |row, language| {
        Cell::localized(row.universe.name.as_ref(), language)
    }),
    Column::new("year", headings::YEAR, |row, _| match &row.vintage {
        Some(vintage) => Cell::text(&vintage.year),
        None => Cell::Absent,
    }),
    Column::new("units", headings::UNITS, |row, _| {
        let stated = Some(row.universe.size).filter(|size| *size > 0);
        let units = row.vintage.as_ref().map(|vintage| vintage.units).or(stated);
        units.map_or(Cell::Absent, |units| Cell::Integer(units.into()))
    }),
    Column::new("combined", headings::COMBINED, |row, _| match &row.vintage {
        Some(vintage) => Cell::Integer(vintage.combined.into()),
        None => Cell::Absent,
    }),
    Column::tsv_only("note", |row, language| {
        Cell::localized(row.universe.note.as_ref(), language)
    }),
];

const UNIT_COLUMNS: [Column<UniverseUnit>; 4] = [
    Column::new("unit_id", headings::CODE, |unit: &UniverseUnit, _| {
        part(unit, |region| &region.code)
    })
    .unbroken(),
    Column::new("unit", headings::UNIT, |unit, _| {
        part(unit, |region| &region.name)
    }),
    Column::new("member_codes", headings::MEMBERS, |unit, _| {
        members(&unit.members, |region| &region.code)
    }),
    Column::tsv_only("members", |unit, _| members(&unit.members, |region| &region.name)),
];

fn part(unit: &UniverseUnit, part: fn(&RegionRef) -> &str) -> Cell {
    unit.unit
        .as_ref()
        .map_or(Cell::Absent, |region| Cell::text(part(region)))
}

fn members(members: &[RegionRef], part: fn(&RegionRef) -> &str) -> Cell {
    if members.is_empty() {
        return Cell::Absent;
    }
    let parts: Vec<&str> = members.iter().map(part).collect();
    Cell::text(parts.join(BETWEEN_NAMES))
}

pub(super) async fn ask(session: &mut Session, arguments: &Universes) -> Result<Answer, Failure> {
    let edition = session.edition();
    match &arguments.id {
        None => {
            let request = ListUniversesRequest { edition };
            let response = session.client.list_universes(request).await?;
            Ok(all(&response, session.language))
        }
        Some(id) => {
            let request = GetUniverseRequest {
                edition,
                universe_id: id.clone(),
                year: arguments.year.clone(),
            };
            let response = session.client.get_universe(request).await?;
            Ok(one(&response, session.language))
        }
    }
}

fn all(response: &ListUniversesResponse, language: Language) -> Answer {
    let rows = response.universes.iter().flat_map(|universe| {
        let vintages: Vec<Option<UniverseVintage>> = match universe.vintages.as_slice() {
            [] => vec![None],
            known => known.iter().cloned().map(Some).collect(),
        };
        vintages.into_iter().map(|vintage| Row {
            universe: universe.clone(),
            vintage,
        })
    });
    let rows: Vec<Row> = rows.collect();
    let sheet = Sheet::of(&rows, &COLUMNS, language);
    Answer::new("ListUniversesResponse", response, sheet).quoting(response.metadata.as_ref())
}

fn one(response: &GetUniverseResponse, language: Language) -> Answer {
    let universe = response.universe.clone().unwrap_or_default();
    let name = language.of(universe.name.as_ref());
    let year = match response.year.as_str() {
        "" => String::new(),
        year => format!(": {year}"),
    };
    let mut remarks = vec![language.of(universe.note.as_ref()).to_owned()];
    if response.units.is_empty() {
        remarks.insert(0, sentences::units_not_known(language, universe.size));
    }
    let sheet = Sheet::of(&response.units, &UNIT_COLUMNS, language);
    Answer::new("GetUniverseResponse", response, sheet)
        .titled(format!("{name} ({}){year}", universe.id))
        .below([Part::sentences(remarks)])
        .quoting(response.metadata.as_ref())
}
