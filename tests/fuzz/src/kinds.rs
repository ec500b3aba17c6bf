//! Tables that hold no figures: small recipes of each kind, and what must hold of whatever they accept.

use std::{collections::BTreeMap, sync::Arc};

use groeikern_server::{
    domain::{BoundaryChange, FlowTable, RegionCode, RegionRecord, is_date},
    import::{ImportReport, ImportUnit, Recipe, UnitContent, UnitMember},
};

use crate::parsed;

/// Municipalities, with everything that a table can say of one.
#[must_use]
pub fn regions() -> Arc<Recipe> {
    of_kind(
        "lives",
        "regions",
        "[[table.filter]]\ncolumn = \"group\"\nexcept = [\"OVERIG\"]\n\
         [regions]\ncode_column = \"code\"\nname_column = \"name\"\nvalid_from_column = \"begin\"\nvalid_to_column = \"end\"\n\
         renamed_to_column = \"new\"\ndate_format = \"dd-mm-yyyy\"\nunknown_dates = [\"\", \"voor 1830\"]\n\
         province_column = \"group\"\ncorop_column = \"area\"\ncorop_name_column = \"area name\"\ncorop_prefix = \"CR\"\n",
    )
}

/// Municipalities as the list of CBS tells them.
#[must_use]
pub fn code_list() -> Arc<Recipe> {
    of_kind(
        "lives",
        "regions",
        "format = \"code_list\"\n[[table.filter]]\ncolumn = \"DimensionGroupId\"\nexcept = [\"NL\"]\n\
         [regions]\ncode_column = \"Identifier\"\nname_column = \"Title\"\nvalid_from_column = \"Begin\"\nvalid_to_column = \"End\"\n\
         renamed_to_column = \"RenamedTo\"\ndate_format = \"dd-mm-yyyy\"\nunknown_dates = [\"\", \"voor 1830\"]\n\
         province_column = \"DimensionGroupId\"\n",
    )
}

/// What moved between municipalities.
#[must_use]
pub fn boundary_changes() -> Arc<Recipe> {
    of_kind(
        "moves",
        "boundary_changes",
        "[boundary_changes]\nregion_column = \"code\"\nother_region_column = \"other\"\ndate_column = \"date\"\n\
         direction_column = \"way\"\nreceived = [\"from\"]\ngave = [\"to\"]\n\
         inhabitants_column = \"people\"\ndwellings_column = \"homes\"\nhectares_column = \"hectares\"\n",
    )
}

/// People between municipalities, with names.
#[must_use]
pub fn flows() -> Arc<Recipe> {
    of_kind(
        "flows",
        "flows",
        "[flows]\nkind = \"migration\"\norigin_column = \"from\"\norigin_name_column = \"from name\"\ndestination_column = \"to\"\n\
         destination_name_column = \"to name\"\npersons_column = \"people\"\n",
    )
}

/// The same by how they go, in parts that add up to whole people.
#[must_use]
pub fn divided_flows() -> Arc<Recipe> {
    let category = |id: &str| {
        format!("[[flows.category]]\nid = \"{id}\"\ncell = \"by {id}\"\nname_nl = \"N\"\nname_en = \"N\"\n")
    };
    let table = "decimal = \",\"\ndelimiter = \";\"\n\
         [flows]\nkind = \"trips\"\norigin_column = \"from\"\ndestination_column = \"to\"\npersons_column = \"people\"\n\
         whole_totals = true\nbreakdown_column = \"how\"\nbreakdown = \"transport\"\nbreakdown_nl = \"N\"\nbreakdown_en = \"N\"\n";
    of_kind(
        "flows",
        "flows",
        &format!("{table}{}{}", category("boat"), category("sledge")),
    )
}

/// The members of a group.
#[must_use]
pub fn group() -> Arc<Recipe> {
    of_kind(
        "members",
        "group",
        "[group]\nid = \"ours\"\nname_nl = \"N\"\nname_en = \"N\"\ncode_column = \"code\"\nvalid_from_column = \"begin\"\n\
         valid_to_column = \"end\"\n",
    )
}

fn of_kind(id: &str, kind: &str, table: &str) -> Arc<Recipe> {
    let keys = format!("period = \"2020\"\nholds = \"{kind}\"\n[table]\n{table}");
    Arc::new(parsed(id, &keys))
}

pub(crate) fn check(unit: &ImportUnit, report: &ImportReport) {
    let counts: BTreeMap<&str, u64> = report
        .counts
        .iter()
        .map(|count| (count.key, count.count))
        .collect();
    match &unit.content {
        UnitContent::Figures(_) => assert!(counts.is_empty(), "{counts:?}"),
        UnitContent::Regions(records) => {
            records.iter().for_each(check_record);
            assert_ascending(records.iter().map(|record| &record.code));
            assert_eq!(counts["municipalities"], records.len() as u64);
            assert_eq!(report.rows_used, records.len() as u64);
        }
        UnitContent::BoundaryChanges(changes) => {
            changes.iter().for_each(check_change);
            assert_ascending(
                changes
                    .iter()
                    .map(|change| (&change.date, &change.from, &change.to)),
            );
            assert_eq!(counts["changes"], changes.len() as u64);
            assert_eq!(counts["told_by_both"] + counts["changes"], report.rows_used);
        }
        UnitContent::Flows(flows) => check_flows(flows, report, &counts),
        UnitContent::Group(members) => {
            members.iter().for_each(check_member);
            assert_ascending(members.iter().map(|member| &member.code));
            assert_eq!(counts["members"], members.len() as u64);
            assert_eq!(report.rows_used, members.len() as u64);
        }
    }
}

fn check_record(record: &RegionRecord) {
    check_code(&record.code);
    record.renamed_to.iter().for_each(check_code);
    let corop = record.corop.iter().flat_map(|area| [&area.code, &area.name]);
    record.name.iter().chain(corop).for_each(|text| check_text(text));
    check_days([&record.valid_from, &record.valid_to]);
    if let (Some(from), Some(to)) = (&record.valid_from, &record.valid_to) {
        assert!(from < to, "{record:?}");
    }
    assert!(
        record.renamed_to.is_none() || record.valid_to.is_some(),
        "{record:?}"
    );
}

fn check_change(change: &BoundaryChange) {
    check_code(&change.from);
    check_code(&change.to);
    assert!(is_date(&change.date), "{change:?}");
}

fn check_flows(flows: &FlowTable, report: &ImportReport, counts: &BTreeMap<&str, u64>) {
    let listed = &flows.municipalities;
    for town in listed {
        check_code(&town.code);
        town.name.iter().for_each(|name| check_text(name));
    }
    assert_ascending(listed.iter().map(|town| &town.code));
    assert_eq!(flows.origins.len(), listed.len());
    let parts = flows.breakdown.as_ref().map_or(1, |found| found.categories.len());
    let (mut told, mut within) = (0, 0);
    for (place, from) in flows.origins.iter().enumerate() {
        assert_ascending(from.destinations.iter());
        assert!(
            from.destinations.iter().all(|&to| (to as usize) < listed.len()),
            "{from:?}"
        );
        within += from
            .destinations
            .iter()
            .filter(|&&to| to as usize == place)
            .count();
        assert!(
            from.destinations.is_empty() || from.persons.len() == parts,
            "{from:?}"
        );
        assert!(
            from.persons
                .iter()
                .all(|part| part.len() == from.destinations.len()),
            "{from:?}"
        );
        for pair in 0..from.destinations.len() {
            let known: Vec<f64> = from.persons.iter().filter_map(|part| part[pair]).collect();
            assert!(!known.is_empty(), "a pair without a figure: {from:?}");
            assert!(
                known
                    .iter()
                    .all(|persons| persons.is_finite() && persons.is_sign_positive()),
                "{from:?}"
            );
            told += known.len() as u64;
        }
    }
    assert!(told <= report.rows_used && report.duplicates.total == 0);
    assert_eq!(counts["municipalities"], listed.len() as u64);
    assert_eq!(counts["pairs_within"], within as u64);
    assert_eq!(counts["pairs"] + counts["pairs_within"], flows.pairs() as u64);
}

fn check_member(member: &UnitMember) {
    check_code(&member.code);
    check_days([&member.valid_from, &member.valid_to]);
    if let (Some(from), Some(to)) = (&member.valid_from, &member.valid_to) {
        assert!(from <= to, "{member:?}");
    }
}

fn check_code(code: &RegionCode) {
    let read = RegionCode::parse(code.as_str());
    assert!(code.is_municipality() && read.as_ref() == Ok(code), "{code:?}");
}

fn check_text(text: &str) {
    let is_shown = |letter: char| {
        !letter.is_control() && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
    };
    assert!(
        !text.is_empty() && text.trim() == text && text.chars().all(is_shown),
        "{text:?}"
    );
}

fn check_days(days: [&Option<String>; 2]) {
    assert!(days.into_iter().flatten().all(|day| is_date(day)), "{days:?}");
}

fn assert_ascending<T: PartialOrd>(keys: impl Iterator<Item = T>) {
    assert!(
        keys.is_sorted_by(|one, other| one < other),
        "in order, and none twice"
    );
}
