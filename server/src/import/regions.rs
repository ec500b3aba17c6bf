//! Tables of municipalities: when each existed, and where it lies.

use std::collections::BTreeMap;

use sha2::Sha256;

use super::{
    ImportReport, Recipe, TableInput,
    names::{name_of, problem_of_name, require_name},
    problems::{Problems, excerpt, plain},
    recipe::RegionColumns,
    report::Count,
    table::Row,
    wanted_rows::{Place, WantedRows, day, municipality},
};
use crate::domain::{Corop, PROVINCES, Province, RegionCode, RegionRecord, nearest};

/// The columns of a row, by their places among the needed ones.
struct Places {
    code: usize,
    name: Option<usize>,
    valid_from: Option<usize>,
    valid_to: Option<usize>,
    renamed_to: Option<usize>,
    province: Option<usize>,
    corop: Option<(usize, usize)>,
}

/// Reads what tables say of municipalities, by code.
pub(super) fn read_regions(
    recipe: &Recipe,
    columns: &RegionColumns,
    inputs: Vec<TableInput>,
    hasher: &mut Sha256,
    problems: &mut Problems,
) -> (Vec<RegionRecord>, ImportReport) {
    let mut wanted = WantedRows::of(recipe, &inputs);
    let places = Places {
        code: wanted.need("code_column", &columns.code),
        name: wanted.may_need("name_column", columns.name.as_ref()),
        valid_from: wanted.may_need("valid_from_column", columns.valid_from.as_ref()),
        valid_to: wanted.may_need("valid_to_column", columns.valid_to.as_ref()),
        renamed_to: wanted.may_need("renamed_to_column", columns.renamed_to.as_ref()),
        province: wanted.may_need("province_column", columns.province.as_ref()),
        corop: columns.corop.as_ref().map(|(code, name)| {
            (
                wanted.need("corop_column", code),
                wanted.need("corop_name_column", name),
            )
        }),
    };
    let mut found: BTreeMap<RegionCode, (RegionRecord, Place)> = BTreeMap::new();
    let mut again: Vec<RegionCode> = Vec::new();
    let mut report = wanted.read(inputs, hasher, problems, |place, row, problems| {
        let reader = Reader {
            wanted: &wanted,
            columns,
            places: &places,
            place,
            row,
        };
        let Some(record) = reader.record(problems) else {
            return;
        };
        match found.get(&record.code) {
            None => {
                found.insert(record.code.clone(), (record, place));
            }
            Some((known, _)) if *known == record => again.push(record.code),
            Some((_, first)) => {
                let message = format!(
                    "{} stands here again, first on {}, and says something else: keep one of the two",
                    record.code,
                    wanted.label(*first)
                );
                wanted.report_row(place, message, problems);
            }
        }
    });
    again
        .iter()
        .for_each(|code| report.duplicates.count(code.as_str()));
    report.rows_used -= report.duplicates.total;
    let regions: Vec<RegionRecord> = found.into_values().map(|(record, _)| record).collect();
    let count = |key, words, holds: &dyn Fn(&RegionRecord) -> bool| {
        let count = regions.iter().filter(|region| holds(region)).count() as u64;
        Count { key, words, count }
    };
    report.counts = vec![
        count("municipalities", "municipalities", &|_| true),
        count("former", "of them former ones", &|region| {
            region.valid_to.is_some()
        }),
        count("renamed", "that got another name and code", &|region| {
            region.renamed_to.is_some()
        }),
        count("with_province", "with a province", &|region| {
            region.province.is_some()
        }),
        count("with_corop", "with a COROP area", &|region| {
            region.corop.is_some()
        }),
    ];
    (regions, report)
}

/// Reads one row.
struct Reader<'a> {
    wanted: &'a WantedRows<'a>,
    columns: &'a RegionColumns,
    places: &'a Places,
    place: Place,
    row: &'a Row<'a>,
}

impl Reader<'_> {
    /// What the row says; nothing when part of it is wrong, which was reported.
    fn record(&self, problems: &mut Problems) -> Option<RegionRecord> {
        let places = self.places;
        let day = |cell: &str| day(cell, &self.columns.dates);
        let code = self.cell(Some(places.code), problems, |cell| municipality(cell).map(Some));
        let name = self.cell(places.name, problems, |cell| {
            name(code.as_ref().and_then(Option::as_ref), cell)
        });
        let valid_from = self.cell(places.valid_from, problems, |cell| day(cell));
        let valid_to = self.cell(places.valid_to, problems, |cell| day(cell));
        let renamed_to = self.cell(places.renamed_to, problems, |cell| match cell {
            "" => Ok(None),
            code => municipality(code).map(Some),
        });
        let province = self.cell(places.province, problems, province);
        let corop = self.corop(problems);
        let record = RegionRecord {
            code: code??,
            name: name?,
            valid_from: valid_from?,
            valid_to: valid_to?,
            renamed_to: renamed_to?,
            province: province?,
            corop: corop?,
        };
        if let (Some(from), Some(to)) = (&record.valid_from, &record.valid_to)
            && from >= to
        {
            let message = format!(
                "{} would end on {to}, before it began on {from}: correct one of the two",
                record.code
            );
            self.wanted.report_row(self.place, message, problems);
            return None;
        }
        if record.renamed_to.is_some() && record.valid_to.is_none() {
            let message = format!(
                "{} goes on under another code, and has no day on which it ended",
                record.code
            );
            self.wanted.report_row(self.place, message, problems);
            return None;
        }
        Some(record)
    }

    /// What a column says; nothing twice over when it is wrong.
    fn cell<T>(
        &self,
        column: Option<usize>,
        problems: &mut Problems,
        read: impl FnOnce(&str) -> Result<Option<T>, String>,
    ) -> Option<Option<T>> {
        let Some(column) = column else { return Some(None) };
        match read(&plain(self.row.cell(column))) {
            Ok(value) => Some(value),
            Err(message) => {
                self.wanted.report(self.place, column, &message, problems);
                None
            }
        }
    }

    fn corop(&self, problems: &mut Problems) -> Option<Option<Corop>> {
        let Some((code, name)) = self.places.corop else {
            return Some(None);
        };
        let written = |cell: &str| match problem_of_name(cell) {
            None => Ok((!cell.is_empty()).then(|| cell.to_owned())),
            Some(problem) => Err(problem),
        };
        let (code_cell, name_cell) = (
            self.cell(Some(code), problems, written)?,
            self.cell(Some(name), problems, written)?,
        );
        match (code_cell, name_cell) {
            (Some(code), Some(name)) => Some(Some(Corop {
                code: format!("{}{code}", self.columns.corop_prefix),
                name,
            })),
            (None, None) => Some(None),
            (one, _) => {
                let empty = if one.is_none() { code } else { name };
                self.wanted.report(
                    self.place,
                    empty,
                    "is empty: an area has a code and a name",
                    problems,
                );
                None
            }
        }
    }
}

fn name(code: Option<&RegionCode>, cell: &str) -> Result<Option<String>, String> {
    require_name(cell)?;
    Ok(code.map(|code| name_of(code, cell)))
}

fn province(cell: &str) -> Result<Option<&'static Province>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    Province::find(cell).map(Some).ok_or_else(|| {
        let names = PROVINCES.iter().map(|province| province.name);
        let hint = nearest(cell, names).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        format!(
            "`{}` is not a province: write its code, such as PV24 or GMPV24, or its name{hint}",
            excerpt(cell)
        )
    })
}

#[cfg(test)]
mod tests;
