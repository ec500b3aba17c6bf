//! Tables of who belongs to a group of municipalities.

use std::collections::BTreeMap;

use sha2::Sha256;

use super::{
    ImportReport, Recipe, TableInput, UnitMember,
    problems::Problems,
    recipe::GroupTable,
    report::Count,
    wanted_rows::{Place, WantedRows, day, municipality},
};
use crate::domain::RegionCode;

/// Reads the members of a group, by code.
pub(super) fn read_group(
    recipe: &Recipe,
    group: &GroupTable,
    inputs: Vec<TableInput>,
    hasher: &mut Sha256,
    problems: &mut Problems,
) -> (Vec<UnitMember>, ImportReport) {
    let mut wanted = WantedRows::of(recipe, &inputs);
    let code = wanted.need("code_column", &group.code);
    let from = wanted.may_need("valid_from_column", group.valid_from.as_ref());
    let to = wanted.may_need("valid_to_column", group.valid_to.as_ref());
    let mut members: BTreeMap<RegionCode, (UnitMember, Place)> = BTreeMap::new();
    let mut report = wanted.read(inputs, hasher, problems, |place, row, problems| {
        let mut report = |column, message: String| wanted.report(place, column, &message, problems);
        let region = municipality(row.cell(code)).map_err(|message| report(code, message));
        let [valid_from, valid_to] = [from, to].map(|column| {
            let column = column?;
            let read = day(row.cell(column), &group.dates).map_err(|message| report(column, message));
            read.ok().flatten()
        });
        let Ok(region) = region else { return };
        if let (Some(from), Some(to)) = (&valid_from, &valid_to)
            && from > to
        {
            let message = format!("{region} belongs to it from {from} to {to}: it ends before it begins");
            wanted.report_row(place, message, problems);
        }
        let member = UnitMember {
            code: region.clone(),
            valid_from,
            valid_to,
        };
        if let Some((_, first)) = members.get(&region) {
            let message = format!(
                "{region} stands on {} as well: a municipality is a member once",
                wanted.label(*first)
            );
            wanted.report_row(place, message, problems);
        } else {
            members.insert(region, (member, place));
        }
    });
    report.counts = vec![Count {
        key: "members",
        words: "members",
        count: members.len() as u64,
    }];
    (members.into_values().map(|(member, _)| member).collect(), report)
}

#[cfg(test)]
mod tests;
