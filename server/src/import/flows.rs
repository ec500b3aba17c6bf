//! Tables of flows: how many people go from one municipality to another.

use std::collections::BTreeMap;

use sha2::Sha256;

use super::{
    ImportReport, Recipe, TableInput,
    cell::{Absence, Cell, CellReader},
    names::{name_of, require_name},
    problems::{Problems, excerpt, plain},
    recipe::FlowColumns,
    report::Count,
    table::Row,
    wanted_rows::{LARGEST_COUNT, Place, WantedRows, municipality, too_many},
};
use crate::{
    domain::{FlowMunicipality, FlowTable, FlowsFrom, RegionCode, nearest},
    method::compensated_sum,
};

/// How far the sum of rounded parts may be from the whole number that it is.
const ROUNDED_AWAY: f64 = 0.01;

/// What the cells for a figure that the source does not have look like.
const NO_FIGURE: [&str; 2] = ["", "."];

/// The columns of a row, by their places among the needed ones.
struct Columns {
    origin: (usize, Option<usize>),
    destination: (usize, Option<usize>),
    persons: usize,
    category: Option<usize>,
}

/// Where people come from and where they go to.
type Pair = (RegionCode, RegionCode);

/// People of one category of a pair, with the row that told it; `None` where the source has no figure.
type Told = Option<(Place, Option<f64>)>;

/// What was read so far.
struct Gathered<'r> {
    recipe: &'r Recipe,
    flows: &'r FlowColumns,
    columns: Columns,
    persons: CellReader,
    municipalities: BTreeMap<RegionCode, Option<(String, Place)>>,
    pairs: BTreeMap<Pair, Vec<Told>>,
}

/// Reads the flows of tables.
pub(super) fn read_flows(
    recipe: &Recipe,
    flows: &FlowColumns,
    inputs: Vec<TableInput>,
    hasher: &mut Sha256,
    problems: &mut Problems,
) -> (FlowTable, ImportReport) {
    let mut wanted = WantedRows::of(recipe, &inputs);
    let columns = Columns {
        origin: (
            wanted.need("origin_column", &flows.origin),
            wanted.may_need("origin_name_column", flows.origin_name.as_ref()),
        ),
        destination: (
            wanted.need("destination_column", &flows.destination),
            wanted.may_need("destination_name_column", flows.destination_name.as_ref()),
        ),
        persons: wanted.need("persons_column", &flows.persons),
        category: flows
            .breakdown
            .as_ref()
            .map(|found| wanted.need("breakdown_column", &found.column)),
    };
    let mut gathered = Gathered {
        recipe,
        flows,
        columns,
        persons: CellReader {
            decimal: recipe.table.decimal,
            missing: NO_FIGURE.map(str::to_owned).into(),
            suppressed: std::collections::BTreeSet::new(),
            not_applicable: std::collections::BTreeSet::new(),
        },
        municipalities: BTreeMap::new(),
        pairs: BTreeMap::new(),
    };
    let mut report = wanted.read(inputs, hasher, problems, |place, row, problems| {
        gathered.take(&wanted, place, row, problems);
    });
    let without_figure = gathered.leave_out_unknown();
    gathered.check_whole_totals(&wanted, problems);
    report.counts = gathered.counts(without_figure);
    (gathered.table(), report)
}

impl Gathered<'_> {
    /// Takes one row; what is wrong with it is reported.
    fn take(&mut self, wanted: &WantedRows<'_>, place: Place, row: &Row<'_>, problems: &mut Problems) {
        let origin = self.end(self.columns.origin, wanted, (place, row), problems);
        let destination = self.end(self.columns.destination, wanted, (place, row), problems);
        let persons = self
            .persons_of(&plain(row.cell(self.columns.persons)))
            .map_err(|message| wanted.report(place, self.columns.persons, &message, problems));
        let category = match self.columns.category {
            None => Ok(0),
            Some(column) => self
                .category_of(&plain(row.cell(column)))
                .map_err(|message| wanted.report(place, column, &message, problems)),
        };
        let (Some(origin), Some(destination), Ok(persons), Ok(category)) =
            (origin, destination, persons, category)
        else {
            return;
        };
        let categories = self.categories();
        let parts = self
            .pairs
            .entry((origin.clone(), destination.clone()))
            .or_insert_with(|| vec![None; categories]);
        if let Some((first, _)) = parts[category] {
            let message = format!(
                "the people from {origin} to {destination}{} stand here again, first on {}: keep one of the two, or name in \
                 [[table.filter]] which rows are to be read",
                self.of_category(category),
                wanted.label(first)
            );
            wanted.report_row(place, message, problems);
        } else {
            parts[category] = Some((place, persons));
        }
    }

    /// One end of a flow, with its name.
    fn end(
        &mut self,
        (code, name): (usize, Option<usize>),
        wanted: &WantedRows<'_>,
        (place, row): (Place, &Row<'_>),
        problems: &mut Problems,
    ) -> Option<RegionCode> {
        let region = municipality(&plain(row.cell(code)))
            .map_err(|message| wanted.report(place, code, &message, problems))
            .ok()?;
        let known = self.municipalities.entry(region.clone()).or_default();
        let Some(column) = name else { return Some(region) };
        let cell = plain(row.cell(column));
        if let Err(message) = require_name(&cell) {
            wanted.report(place, column, &message, problems);
            return None;
        }
        let written = name_of(&region, &cell);
        match known {
            None => *known = Some((written, place)),
            Some((name, _)) if *name == written => {}
            Some((name, first)) => {
                let message = format!(
                    "{region} is called `{}` here and `{}` on {}: correct one of the two",
                    excerpt(&written),
                    excerpt(name),
                    wanted.label(*first)
                );
                wanted.report(place, column, &message, problems);
                return None;
            }
        }
        Some(region)
    }

    fn persons_of(&self, cell: &str) -> Result<Option<f64>, String> {
        match self.persons.read(cell)? {
            Cell::Absent(Absence::Missing | Absence::Suppressed | Absence::NotApplicable) => Ok(None),
            Cell::Value(value) if value < 0.0 => Err(format!("{value} is below zero: no people are")),
            Cell::Value(value) if value > LARGEST_COUNT as f64 => Err(too_many(cell)),
            Cell::Value(value) => Ok(Some(value)),
        }
    }

    fn category_of(&self, cell: &str) -> Result<usize, String> {
        let cells = self.flows.breakdown.iter().flat_map(|found| &found.cells);
        let known: Vec<&str> = cells.map(String::as_str).collect();
        known.iter().position(|known| *known == cell).ok_or_else(|| {
            let hint = nearest(cell, known.iter().copied())
                .map_or_else(String::new, |near| format!("; the nearest is `{near}`"));
            format!(
                "`{}` is the cell of no [[flows.category]] of {}: add it there, or leave its rows out by a [[table.filter]]{hint}",
                excerpt(cell),
                self.recipe.file
            )
        })
    }

    fn categories(&self) -> usize {
        let breakdown = self.flows.breakdown.as_ref();
        breakdown.map_or(1, |found| found.breakdown.categories.len())
    }

    fn of_category(&self, category: usize) -> String {
        match &self.flows.breakdown {
            Some(found) => format!(" of {}", found.breakdown.categories[category].id),
            None => String::new(),
        }
    }

    /// Leaves out pairs of which the source has no figure at all: they are not known, and not zero. Gives how many there were.
    fn leave_out_unknown(&mut self) -> usize {
        let before = self.pairs.len();
        self.pairs
            .retain(|_, parts| parts.iter().flatten().any(|(_, persons)| persons.is_some()));
        before - self.pairs.len()
    }

    /// Checks that totals that are to be whole are so, but for what the source rounded.
    fn check_whole_totals(&self, wanted: &WantedRows<'_>, problems: &mut Problems) {
        if !self.flows.whole_totals {
            return;
        }
        for ((origin, destination), parts) in &self.pairs {
            let told = parts.iter().flatten();
            let sum = compensated_sum(told.clone().filter_map(|(_, persons)| *persons));
            let first = told.map(|(place, _)| *place).next();
            if let (true, Some(place)) = ((sum - sum.round()).abs() > ROUNDED_AWAY, first) {
                let message = format!(
                    "the people from {origin} to {destination} add up to {sum}, which is no whole number: are rows missing? Else \
                     remove `whole_totals` from the recipe"
                );
                wanted.report_row(place, message, problems);
            }
        }
    }

    fn counts(&self, without_figure: usize) -> Vec<Count> {
        let persons = |within: bool| {
            let pairs = self.pairs.iter();
            let wanted = pairs.filter(|((origin, destination), _)| (origin == destination) == within);
            let sum = compensated_sum(wanted.map(|(_, parts)| self.total(parts)));
            sum.round()
        };
        let pairs = |within: bool| {
            let pairs = self.pairs.keys();
            pairs
                .filter(|(origin, destination)| (origin == destination) == within)
                .count()
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // people: whole, at least 0, and no table holds pairs enough for 2^64
        let people = |within| persons(within) as u64;
        let count = |key, words, count| Count { key, words, count };
        vec![
            count(
                "municipalities",
                "municipalities",
                self.municipalities.len() as u64,
            ),
            count("pairs", "pairs of two of them", pairs(false) as u64),
            count("persons", "people from one to another", people(false)),
            count("pairs_within", "of one with itself", pairs(true) as u64),
            count("persons_within", "people that stay within", people(true)),
            count(
                "pairs_without_figure",
                "pairs without any figure, left out",
                without_figure as u64,
            ),
        ]
    }

    fn total(&self, parts: &[Told]) -> f64 {
        let persons = parts.iter().flatten().filter_map(|(_, persons)| *persons);
        let sum = compensated_sum(persons);
        if self.flows.whole_totals { sum.round() } else { sum }
    }

    /// The table, when nothing was wrong.
    fn table(self) -> FlowTable {
        let places: BTreeMap<&RegionCode, u32> = self.municipalities.keys().zip(0..).collect();
        let mut origins = vec![FlowsFrom::default(); places.len()];
        let categories = self.categories();
        for ((origin, destination), parts) in &self.pairs {
            let (Some(&from), Some(&to)) = (places.get(origin), places.get(destination)) else {
                continue; // unreachable: both ends were listed when the row was taken
            };
            let own = &mut origins[from as usize];
            own.destinations.push(to);
            own.persons.resize(categories, Vec::new());
            for (column, told) in own.persons.iter_mut().zip(parts) {
                column.push(told.and_then(|(_, persons)| persons));
            }
        }
        FlowTable {
            municipalities: self
                .municipalities
                .into_iter()
                .map(|(code, name)| FlowMunicipality {
                    code,
                    name: name.map(|(name, _)| name),
                })
                .collect(),
            origins,
            ..self.flows.nothing()
        }
    }
}

#[cfg(test)]
mod tests;
