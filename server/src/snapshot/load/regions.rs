//! Municipalities with what became of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use rusqlite::Connection;

use super::{all, lists, optional_text};
use crate::{
    domain::{
        BoundaryChange, Region, RegionCode, RegionCorop, RegionRecord, Succession, plain_name, tell_histories,
    },
    edition::region_rows::{boundary_change, region_record},
};

/// What moved between municipalities, by day, where from and where to; once, however many tables tell it.
pub(super) fn boundary_changes(connection: &Connection) -> rusqlite::Result<Vec<BoundaryChange>> {
    let sql =
        "SELECT DISTINCT date, from_region, to_region, inhabitants, dwellings, hectares FROM boundary_change
               ORDER BY date, from_region, to_region";
    all(connection, sql, boundary_change)
}

/// The sources of tables that say what moved between municipalities, and when those existed.
pub(super) fn boundary_sources(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT recipe FROM boundary_change UNION
               SELECT recipe FROM region_record WHERE valid_from IS NOT NULL OR valid_to IS NOT NULL ORDER BY 1";
    all(connection, sql, |row| row.get(0))
}

/// Whether tables say when municipalities existed.
pub(super) fn lives_are_known(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM region_record WHERE valid_from IS NOT NULL)";
    connection.query_row(sql, [], |row| row.get(0))
}

/// Municipalities, by code.
pub(super) fn regions(connection: &Connection, changes: &[BoundaryChange]) -> rusqlite::Result<Vec<Region>> {
    let mut aliases = lists(connection, "region_aliases")?;
    let mut successors: HashMap<String, Vec<Succession>> = HashMap::new();
    let mut predecessors: HashMap<String, Vec<Succession>> = HashMap::new();
    let sql = "SELECT s.*, old.name AS old_name, new.name AS new_name FROM succession s
               JOIN region old ON old.code = s.code JOIN region new ON new.code = s.successor
               ORDER BY s.date, s.code, s.successor";
    for (old, new) in all(connection, sql, |row| {
        let step = |code: &str, name: &str| -> rusqlite::Result<Succession> {
            Ok(Succession {
                code: row.get(code)?,
                name: row.get(name)?,
                date: row.get("date")?,
                note: optional_text(row, "note")?,
                inhabitants: None,
                share: None,
            })
        };
        Ok((step("code", "old_name")?, step("successor", "new_name")?))
    })? {
        successors.entry(old.code.clone()).or_default().push(new.clone());
        predecessors.entry(new.code).or_default().push(old);
    }
    let mut groups: HashMap<String, Vec<String>> = HashMap::new();
    let sql = "SELECT m.region, m.group_id FROM group_member m JOIN region_group g ON g.id = m.group_id ORDER BY g.ordinal";
    for (region, group) in all(connection, sql, |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))? {
        groups.entry(region).or_default().push(group);
    }
    let records = records(connection)?;
    let mut regions = all(connection, "SELECT * FROM region ORDER BY code", |row| {
        Ok(Region {
            code: row.get("code")?,
            name: row.get("name")?,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
            aliases: Vec::new(),
            province: None,
            corop: None,
            successors: Vec::new(),
            predecessors: Vec::new(),
            history: Vec::new(),
            groups: Vec::new(),
            listed_periods: Vec::new(),
            vintages: Vec::new(),
        })
    })?;
    let listed = |column: &str| -> rusqlite::Result<HashMap<String, Vec<String>>> {
        let mut listed: HashMap<String, Vec<String>> = HashMap::new();
        let sql = format!(
            "SELECT DISTINCT region, {column} FROM unit_region JOIN import_unit USING (recipe, period) ORDER BY 1, 2 DESC"
        );
        for (region, period) in all(connection, &sql, |row| {
            Ok((row.get::<_, String>(0)?, row.get(1)?))
        })? {
            listed.entry(region).or_default().push(period);
        }
        Ok(listed)
    };
    let (mut periods, mut vintages) = (listed("period")?, listed("coalesce(borders, period)")?);
    let sql = "SELECT region, name FROM region_name ORDER BY region, name";
    for (region, name) in all(connection, sql, |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))? {
        aliases.entry(region).or_default().push(name);
    }
    for region in &mut regions {
        region.aliases = aliases.remove(&region.code).unwrap_or_default();
        let mut known = HashSet::from([plain_name(&region.name)]);
        region.aliases.retain(|alias| known.insert(plain_name(alias)));
        region.successors = successors.remove(&region.code).unwrap_or_default();
        region.predecessors = predecessors.remove(&region.code).unwrap_or_default();
        region.groups = groups.remove(&region.code).unwrap_or_default();
        region.listed_periods = periods.remove(&region.code).unwrap_or_default();
        region.vintages = vintages.remove(&region.code).unwrap_or_default();
        let of_region = records.get(&region.code).map_or(&[][..], Vec::as_slice);
        region.province = of_region.iter().find_map(|record| record.province);
        region.corop = of_region
            .iter()
            .find_map(|record| record.corop.clone())
            .map(|area| RegionCorop {
                area,
                is_inferred: false,
            });
    }
    let new_code = |record: RegionRecord| Some((record.code, record.renamed_to?));
    let renamed: BTreeMap<RegionCode, RegionCode> = records
        .into_values()
        .filter_map(|told| told.into_iter().find_map(new_code))
        .collect();
    tell_histories(&mut regions, changes, &renamed);
    Ok(regions)
}

/// What tables say of municipalities, by code; the latest period first.
fn records(connection: &Connection) -> rusqlite::Result<HashMap<String, Vec<RegionRecord>>> {
    let sql = "SELECT * FROM region_record ORDER BY period DESC, recipe";
    let mut records: HashMap<String, Vec<RegionRecord>> = HashMap::new();
    for record in all(connection, sql, region_record)? {
        records.entry(record.code.to_string()).or_default().push(record);
    }
    Ok(records)
}
