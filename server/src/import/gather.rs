//! Rows of tables -> cells by region, period and measure, with the place each was found.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{RegionCode, nearest};

use super::{
    cell::{Absence, Cell, CellReader},
    codes::{is_other_area, period_of},
    names::{is_word, name_of, problem_of_name},
    problems::{Problems, excerpt, plain},
    recipe::{FigureTable, PeriodFrom, Recipe, TableKind, TableShape},
    region_names::RegionNames,
    report::ImportReport,
    table::{NeededColumn, Row},
};

/// Where a row stands: which file, and its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) line: usize,
}

/// What one measure of one indicator says of a region and period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) cell: Cell,
    /// Whether the source may still change it.
    pub(super) is_provisional: bool,
    pub(super) place: Place,
}

/// One measure of one indicator: the same column may mean something else to two indicators, by their markers.
struct Slot {
    measure: String,
    reader: CellReader,
    /// Its column in a wide table, by its place among the needed ones.
    column: Option<usize>,
}

/// All that tables said.
pub(super) struct Gathered<'r> {
    recipe: &'r Recipe,
    table: &'r FigureTable,
    /// Of a table that writes regions by name: their codes.
    names: Option<&'r RegionNames>,
    files: Vec<String>,
    needed: Vec<NeededColumn>,
    region_column: usize,
    /// Of municipalities, and of districts and neighbourhoods.
    name_columns: [Option<usize>; 2],
    period_column: Option<usize>,
    /// Measure and value of a tidy table.
    measure_and_value: Option<(usize, usize)>,
    filter_columns: Vec<usize>,
    slots: Vec<Slot>,
    slots_of_measure: BTreeMap<String, Vec<usize>>,
    measures_seen: BTreeSet<String>,
    /// By code: the latest period it was named in, its name then, and where.
    pub(super) regions: BTreeMap<RegionCode, (String, Option<String>, Place)>,
    /// By region and period, per slot.
    pub(super) cells: BTreeMap<(RegionCode, String), Vec<Option<Found>>>,
    /// What was found on the way.
    pub(super) report: ImportReport,
}

impl<'r> Gathered<'r> {
    /// Nothing yet, and a plan of what to take from each row.
    pub(super) fn nothing(
        recipe: &'r Recipe,
        table: &'r FigureTable,
        names: Option<&'r RegionNames>,
    ) -> Self {
        let mut needed: Vec<NeededColumn> = Vec::new();
        let mut need = |name: &str, needed_by: String| {
            needed.push(NeededColumn {
                name: name.to_owned(),
                needed_by,
            });
            needed.len() - 1
        };
        let by_key = |key: &str| format!("`{key}` of {}", recipe.file);
        let region_column = need(&table.region_column, by_key("region_column"));
        let name_columns = [
            ("region_name_column", &table.region_name_column),
            ("area_name_column", &table.area_name_column),
        ];
        let name_columns = name_columns.map(|(key, name)| Some(need(name.as_ref()?, by_key(key))));
        let period_column = match &recipe.period {
            PeriodFrom::Column(name) => Some(need(name, by_key("period_column"))),
            PeriodFrom::Fixed(_) => None,
        };
        let filter_columns = recipe
            .table
            .filters
            .iter()
            .map(|filter| need(&filter.column, by_key("table.filter")))
            .collect();
        let measure_and_value = match &table.shape {
            TableShape::Wide => None,
            TableShape::Tidy {
                measure_column,
                value_column,
            } => Some((
                need(measure_column, by_key("measure_column")),
                need(value_column, by_key("value_column")),
            )),
        };
        let mut slots: Vec<Slot> = Vec::new();
        let mut slots_of_measure: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for indicator in &recipe.indicators {
            for measure in indicator.figure.measures() {
                let needed_by = format!("`{}` at {}:{}", indicator.id, recipe.file, indicator.line);
                let column = measure_and_value.is_none().then(|| need(measure, needed_by));
                slots_of_measure
                    .entry(measure.clone())
                    .or_default()
                    .push(slots.len());
                slots.push(Slot {
                    measure: measure.clone(),
                    reader: recipe.cells_of(table, indicator),
                    column,
                });
            }
        }
        Self {
            recipe,
            table,
            names,
            files: Vec::new(),
            needed,
            region_column,
            name_columns,
            period_column,
            measure_and_value,
            filter_columns,
            slots,
            slots_of_measure,
            measures_seen: BTreeSet::new(),
            regions: BTreeMap::new(),
            cells: BTreeMap::new(),
            report: ImportReport::default(),
        }
    }

    /// The columns that are read.
    pub(super) fn needed(&self) -> Vec<NeededColumn> {
        self.needed.clone()
    }

    /// A new file begins.
    pub(super) fn begin(&mut self, file: &str) {
        self.files.push(file.to_owned());
    }

    /// The name of the file of a place.
    pub(super) fn file(&self, place: Place) -> &str {
        self.files.get(place.file).map_or("", String::as_str)
    }

    /// Takes one row of the file that began last.
    pub(super) fn take(&mut self, row: &Row<'_>, problems: &mut Problems) {
        let place = Place {
            file: self.files.len().saturating_sub(1),
            line: row.line,
        };
        self.report.rows_read += 1;
        if !self.passes_filters(row) {
            self.report.rows_filtered_out += 1;
            return;
        }
        let Some(region) = self.region(row.cell(self.region_column), place, problems) else {
            return;
        };
        let measure = self.measure_and_value.map(|(column, _)| plain(row.cell(column)));
        if let Some(measure) = &measure
            && !self.is_needed(measure)
        {
            self.report.rows_of_other_measures += 1;
            return;
        }
        let Some((period, is_provisional)) = self.period(row, place, problems) else {
            return;
        };
        self.name(&region, &period, row, place, problems);
        let is_provisional = is_provisional || row.is_provisional;
        let cells = self.read_cells(row, measure.as_deref(), place, problems);
        let found = cells.into_iter().map(|(slot, cell)| {
            let found = Found {
                cell,
                is_provisional,
                place,
            };
            (slot, found)
        });
        self.fill(region, period, found.collect(), place, problems);
    }

    fn passes_filters(&self, row: &Row<'_>) -> bool {
        let filters = self.recipe.table.filters.iter().zip(&self.filter_columns);
        filters
            .into_iter()
            .all(|(filter, &column)| filter.passes(&plain(row.cell(column))))
    }

    /// The code of a region of a level that is taken; others are counted. What was meant to be one and is none is refused, because
    /// its figures would be lost.
    fn region(&mut self, text: &str, place: Place, problems: &mut Problems) -> Option<RegionCode> {
        let code = self.names.map_or(Some(text), |names| names.code(text));
        match code.map(RegionCode::parse) {
            Some(Ok(code)) if self.table.levels.contains(&code.level()) => return Some(code),
            Some(Ok(_)) => self.report.rows_of_other_levels += 1,
            Some(Err(_)) if is_other_area(code.unwrap_or_default()) => self.report.rows_of_other_levels += 1,
            Some(Err(_)) if is_word(text) && *text != self.table.region_column => {
                self.report.unmatched.count(&excerpt(text));
            }
            _ => {
                let column = &self.table.region_column;
                let shown = excerpt(text);
                let message = match self.names {
                    Some(names) => {
                        let hint = names.nearest(text);
                        let hint = hint
                            .map_or_else(String::new, |near| format!("; did you mean `{}`?", excerpt(near)));
                        format!(
                            "column `{column}`: `{shown}` is not in the list of regions{hint}; rows of no region are left out \
                                 by a [[table.filter]] with `except`"
                        )
                    }
                    None if *text == **column => format!("column `{column}`: the header stands here again"),
                    None => format!(
                        "column `{column}`: `{shown}` is not a code such as GM0034; rows of no region are left out by a \
                         [[table.filter]] with `except`"
                    ),
                };
                problems.at(self.file(place), place.line, message);
            }
        }
        None
    }

    fn is_needed(&mut self, measure: &str) -> bool {
        /// Enough for the nearest name of a typing error.
        const MOST_REMEMBERED: usize = 5_000;
        if !self.measures_seen.contains(measure) && self.measures_seen.len() < MOST_REMEMBERED {
            self.measures_seen.insert(measure.to_owned());
        }
        self.slots_of_measure.contains_key(measure)
    }

    /// The period of a row, and whether it is marked as provisional.
    fn period(&self, row: &Row<'_>, place: Place, problems: &mut Problems) -> Option<(String, bool)> {
        let (PeriodFrom::Column(name), Some(column)) = (&self.recipe.period, self.period_column) else {
            return match &self.recipe.period {
                PeriodFrom::Fixed(period) => Some((period.clone(), false)),
                PeriodFrom::Column(_) => None,
            };
        };
        let text = row.cell(column);
        let period = period_of(text);
        if period.is_none() {
            let message = format!(
                "column `{name}`: `{}` is not a period, expected a year (2020 or 2020JJ00), a month (2020-05 or \
                 2020MM05) or a day; rows of other periods can be left out by a [[table.filter]]",
                excerpt(text)
            );
            problems.at(self.file(place), place.line, message);
        }
        period
    }

    /// Keeps the region, under its name in the latest period.
    fn name(
        &mut self,
        region: &RegionCode,
        period: &str,
        row: &Row<'_>,
        place: Place,
        problems: &mut Problems,
    ) {
        let column = match self.names {
            Some(_) => Some(self.region_column),
            None => self.name_columns[usize::from(!region.is_municipality())],
        };
        let name = column.map(|column| name_of(region, &plain(row.cell(column))));
        if let Some(problem) = name.as_deref().and_then(problem_of_name) {
            let column = column.map_or("", |column| self.needed[column].name.as_str());
            problems.at(
                self.file(place),
                place.line,
                format!("column `{column}`: {problem}"),
            );
            return;
        }
        if name.as_deref() == Some("") {
            let column = column.map_or("", |column| self.needed[column].name.as_str());
            problems.at(
                self.file(place),
                place.line,
                format!("column `{column}`: is empty, expected the name of {region}"),
            );
            return;
        }
        match self.regions.get(region) {
            Some((latest, known, first)) if latest == period && known.as_deref() != name.as_deref() => {
                let message = format!(
                    "{region} is called `{}` here and `{}` on {}:{}: one name per period",
                    excerpt(name.as_deref().unwrap_or_default()),
                    excerpt(known.as_deref().unwrap_or_default()),
                    self.file(*first),
                    first.line
                );
                problems.at(self.file(place), place.line, message);
            }
            Some((latest, ..)) if latest.as_str() >= period => {}
            _ => {
                let known = (period.to_owned(), name, place);
                self.regions.insert(region.clone(), known);
            }
        }
    }

    /// What the row says, per slot.
    fn read_cells(
        &self,
        row: &Row<'_>,
        measure: Option<&str>,
        place: Place,
        problems: &mut Problems,
    ) -> Vec<(usize, Cell)> {
        let all: Vec<usize>;
        let slots: &[usize] = match measure {
            Some(measure) => self.slots_of_measure.get(measure).map_or(&[], Vec::as_slice),
            None => {
                all = (0..self.slots.len()).collect();
                &all
            }
        };
        let mut cells = Vec::with_capacity(slots.len());
        let mut reported: Vec<&str> = Vec::new();
        for &index in slots {
            let slot = &self.slots[index];
            let Some(column) = slot.column.or(self.measure_and_value.map(|(_, value)| value)) else {
                continue;
            };
            match slot.reader.read(&plain(row.cell(column))) {
                Ok(cell) => cells.push((index, cell)),
                // Once per column, however many indicators use it.
                Err(_) if reported.contains(&slot.measure.as_str()) => {}
                Err(message) => {
                    reported.push(&slot.measure);
                    let column = &self.needed[column].name;
                    let of = measure.map_or_else(String::new, |measure| format!(" of `{measure}`"));
                    problems.at(
                        self.file(place),
                        place.line,
                        format!("column `{column}`{of}: {message}"),
                    );
                }
            }
        }
        cells
    }

    /// Puts cells in their places, unless others stand there already.
    fn fill(
        &mut self,
        region: RegionCode,
        period: String,
        cells: Vec<(usize, Found)>,
        place: Place,
        problems: &mut Problems,
    ) {
        let slots = self.slots.len();
        let known = self
            .cells
            .entry((region.clone(), period.clone()))
            .or_insert_with(|| vec![None; slots]);
        let mut earlier = cells
            .iter()
            .filter_map(|(slot, _)| known[*slot].map(|found| found.place));
        if let Some(first) = earlier.next() {
            let differing = cells
                .iter()
                .find(|(slot, found)| known[*slot].is_some_and(|other| other.cell != found.cell));
            if self.recipe.table.kind == TableKind::OData {
                let message = format!(
                    "{region} in {period} stands here again, first on {}:{}: the service gives every observation once, so others \
                     may be lacking; fetch the table again",
                    self.file(first),
                    first.line
                );
                return problems.at(self.file(place), place.line, message);
            }
            let Some(&(slot, Found { cell, .. })) = differing else {
                self.report.duplicates.count(region.as_str());
                // Whatever stands first: a figure that is provisional somewhere is.
                for (slot, found) in cells {
                    if let Some(known) = &mut known[slot] {
                        known.is_provisional |= found.is_provisional;
                    }
                }
                return;
            };
            let other = known[slot].map_or(Cell::Absent(Absence::Missing), |other| other.cell);
            let message = format!(
                "{region} in {period} stands here again, first on {}:{}, with another figure (`{}`: {cell} here, {other} \
                 there): keep one of the two, or leave one out by a [[table.filter]]",
                self.file(first),
                first.line,
                self.slots[slot].measure,
            );
            problems.at(self.file(place), place.line, message);
            return;
        }
        self.report.rows_used += 1;
        for (slot, found) in cells {
            known[slot] = Some(found);
        }
    }

    /// Leaves out regions and periods without a single figure, where the recipe says so.
    pub(super) fn leave_out_empty(&mut self) {
        if !self.table.leave_out_empty {
            return;
        }
        let is_figure =
            |found: &Option<Found>| found.is_some_and(|found| matches!(found.cell, Cell::Value(_)));
        let before = self.cells.len();
        self.cells.retain(|_, slots| slots.iter().any(is_figure));
        self.report.left_out_empty = (before - self.cells.len()) as u64;
        let left: BTreeSet<&RegionCode> = self.cells.keys().map(|(region, _)| region).collect();
        self.regions.retain(|region, _| left.contains(region));
    }

    /// What must hold when all rows were read.
    pub(super) fn finish(&self, problems: &mut Problems) {
        if self.cells.is_empty() && problems.is_empty() {
            let message = format!("no row is left to import: {}", self.report.where_rows_went());
            problems.in_file(&self.files.join(", "), message);
            return;
        }
        // A table that could not be read lacks measures for that reason.
        if self.measure_and_value.is_none() || !problems.is_empty() {
            return;
        }
        for indicator in &self.recipe.indicators {
            for measure in indicator
                .figure
                .measures()
                .iter()
                .filter(|measure| !self.measures_seen.contains(*measure))
            {
                let hint = nearest(measure, self.measures_seen.iter().map(String::as_str))
                    .map_or_else(String::new, |near| format!("; did you mean `{}`?", excerpt(near)));
                let message = format!(
                    "`{}`: no row that is kept has the measure `{measure}`{hint}",
                    indicator.id
                );
                problems.at(&self.recipe.file, indicator.line, message);
            }
        }
    }
}
