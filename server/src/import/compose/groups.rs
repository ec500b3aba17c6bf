//! What units add to the groups of an edition.

use std::collections::BTreeMap;

use super::{
    super::{GroupTable, Holds, ImportError, UnitContent, UnitMember, problems::Problems},
    PeriodUnit, UnitSet,
};
use crate::{
    domain::TakenByOthers,
    edition::{StoredTable, StoredTables, source::Value},
};

/// Adds the groups that units define, each by the latest period of its recipe, and keeps what every unit says. A group of the source
/// is not for units to change, its id must mean nothing else, and its members must be known.
pub(super) fn add_groups(tables: &mut StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let mut of_unit = StoredTable::new(
        "unit_group_member",
        &["recipe", "period", "region", "valid_from", "valid_to"],
    );
    let mut latest: BTreeMap<&str, (&PeriodUnit, &GroupTable, &[UnitMember])> = BTreeMap::new();
    for unit in units.iter() {
        let (Holds::Group(group), UnitContent::Group(members)) = (&unit.recipe.holds, &unit.content) else {
            continue;
        };
        for member in members {
            of_unit.push([
                ("recipe", unit.recipe.id.as_str().into()),
                ("period", unit.period.as_str().into()),
                ("region", member.code.as_str().into()),
                ("valid_from", member.valid_from.as_deref().into()),
                ("valid_to", member.valid_to.as_deref().into()),
            ]);
        }
        latest.insert(&unit.recipe.id, (unit, group, members)); // units come by recipe, then by period
    }
    let mut problems = Problems::all();
    check(tables, &latest, &mut problems);
    problems.refuse("the import units")?;
    let groups = tables.table_mut("region_group");
    let first = i64::try_from(groups.rows.len()).unwrap_or(i64::MAX);
    for (ordinal, (_, group, _)) in (first..).zip(latest.values()) {
        let note = |of: fn(&crate::domain::Text) -> &str| group.note.as_ref().map(of);
        groups.push([
            ("id", group.id.as_str().into()),
            ("name_nl", group.name.nl.as_str().into()),
            ("name_en", group.name.en.as_str().into()),
            ("membership", "stated".into()),
            ("section", "".into()),
            ("note_nl", note(|text| &text.nl).into()),
            ("note_en", note(|text| &text.en).into()),
            ("ordinal", Value::Integer(ordinal)),
        ]);
    }
    let table = tables.table_mut("group_member");
    for (_, group, members) in latest.values() {
        for member in *members {
            table.push([
                ("group_id", group.id.as_str().into()),
                ("region", member.code.as_str().into()),
                ("valid_from", member.valid_from.as_deref().into()),
                ("valid_to", member.valid_to.as_deref().into()),
            ]);
        }
    }
    tables.add(of_unit);
    Ok(())
}

fn check(
    tables: &StoredTables,
    groups: &BTreeMap<&str, (&PeriodUnit, &GroupTable, &[UnitMember])>,
    problems: &mut Problems,
) {
    let regions: Vec<&str> = tables.table("region").texts("code").collect();
    let mut known: BTreeMap<&str, &str> = tables
        .table("region_group")
        .texts("id")
        .map(|id| (id, "the source of the edition"))
        .collect();
    let taken = taken_by_others(tables);
    for (unit, group, members) in groups.values() {
        let file = &unit.recipe.file;
        if let Some(problem) = taken.problem_of(&group.id) {
            problems.in_file(file, format!("the id `{}` of a group {problem}", group.id));
        }
        if let Some(other) = known.insert(&group.id, file) {
            let message = format!(
                "the group `{}` is defined by {other} already: give it another id",
                group.id
            );
            problems.in_file(file, message);
        }
        let unknown: Vec<&str> = members
            .iter()
            .map(|member| member.code.as_str())
            .filter(|code| !regions.contains(code))
            .collect();
        if !unknown.is_empty() {
            let message = format!(
                "the edition does not know {}: import a table first that lists them, or leave them out of the group `{}`",
                unknown.join(", "),
                group.id
            );
            problems.in_file(file, message);
        }
    }
}

fn taken_by_others(tables: &StoredTables) -> TakenByOthers<'_> {
    let mut taken = TakenByOthers::default();
    for (table, code, name) in [("region", "code", "name"), ("region_aliases", "owner", "value")] {
        let table = tables.table(table);
        for (code, name) in table.texts(code).zip(table.texts(name)) {
            taken.add_municipality(code, name);
        }
    }
    for (table, what) in [
        ("indicator", "an indicator"),
        ("theme", "a theme"),
        ("block", "a block"),
    ] {
        taken.add_ids(what, tables.table(table).texts("id"));
    }
    taken
}
