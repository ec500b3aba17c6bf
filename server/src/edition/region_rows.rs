//! Rows of what tables say of municipalities and of changes between them.

use rusqlite::{Row, types::Type};

use crate::domain::{BoundaryChange, Corop, Province, RegionCode, RegionRecord};

/// A row of the table `region_record`.
pub(crate) fn region_record(row: &Row<'_>) -> rusqlite::Result<RegionRecord> {
    let province: Option<String> = row.get("province")?;
    let province = province.map(|code| Province::find(&code).ok_or_else(unknown));
    let renamed_to: Option<String> = row.get("renamed_to")?;
    let corop: Option<String> = row.get("corop")?;
    let corop_name: Option<String> = row.get("corop_name")?;
    Ok(RegionRecord {
        code: code(row.get_ref("region")?.as_str()?)?,
        name: row.get("name")?,
        valid_from: row.get("valid_from")?,
        valid_to: row.get("valid_to")?,
        renamed_to: renamed_to.as_deref().map(code).transpose()?,
        province: province.transpose()?,
        corop: corop.zip(corop_name).map(|(code, name)| Corop { code, name }),
    })
}

/// A row of the table `boundary_change`.
pub(crate) fn boundary_change(row: &Row<'_>) -> rusqlite::Result<BoundaryChange> {
    let count = |column: &str| {
        let count: Option<i64> = row.get(column)?;
        Ok::<_, rusqlite::Error>(count.map(i64::unsigned_abs)) // never negative: the schema checks it
    };
    Ok(BoundaryChange {
        date: row.get("date")?,
        from: code(row.get_ref("from_region")?.as_str()?)?,
        to: code(row.get_ref("to_region")?.as_str()?)?,
        inhabitants: count("inhabitants")?,
        dwellings: count("dwellings")?,
        hectares: count("hectares")?,
    })
}

fn code(text: &str) -> rusqlite::Result<RegionCode> {
    RegionCode::parse(text).map_err(|_| unknown())
}

fn unknown() -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, "region".to_owned(), Type::Text)
}
