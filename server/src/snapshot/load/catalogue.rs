//! Sources, themes, indicators and groups.

use std::collections::HashMap;

use rusqlite::Connection;

use super::{all, lists, optional_text, text, word, word_value};
use crate::domain::{
    Aggregation, Block, Group, GroupMember, ImportedUnit, Indicator, IndicatorKind, KindBasis,
    MembershipBasis, Polarity, ProxyFor, Source, Theme, Unit, Universe, Vintage,
};

pub(super) fn sources(connection: &Connection) -> rusqlite::Result<Vec<Source>> {
    all(connection, "SELECT * FROM source ORDER BY ordinal", |row| {
        Ok(Source {
            id: row.get("id")?,
            title: text(row, "title")?,
            publisher: row.get("publisher")?,
            year: row.get("year")?,
            attribution: text(row, "attribution")?,
        })
    })
}

/// The licences that recipes name, by the id of their source; of several versions of a recipe that of the latest period says it.
pub(super) fn licences(connection: &Connection) -> rusqlite::Result<HashMap<String, String>> {
    let sql =
        "SELECT r.id, r.text, max(u.period) FROM recipe r JOIN import_unit u ON u.recipe_sha256 = r.sha256
               GROUP BY r.sha256 ORDER BY 3, r.sha256";
    let texts = all(connection, sql, |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let licence = |(id, text): (String, String)| {
        let recipe: toml::Table = text.parse().ok()?; // it was read as a recipe when it was imported
        Some((id, recipe.get("licence")?.as_str()?.to_owned()))
    };
    Ok(texts.into_iter().filter_map(licence).collect())
}

pub(super) fn import_units(connection: &Connection) -> rusqlite::Result<Vec<ImportedUnit>> {
    let sql = "SELECT u.*, o.with_value, o.without_value FROM import_unit u LEFT JOIN
                   (SELECT source, period, count(value) AS with_value, count(*) - count(value) AS without_value
                    FROM observation GROUP BY source, period) o
               ON o.source = u.recipe AND o.period = u.period ORDER BY u.recipe, u.period";
    all(connection, sql, |row| {
        let number = |column| {
            Ok::<u64, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.unwrap_or(0).unsigned_abs())
        };
        Ok(ImportedUnit {
            recipe: row.get("recipe")?,
            period: row.get("period")?,
            source_version: row.get("source_version")?,
            retrieved: row.get("retrieved")?,
            borders: row.get("borders")?,
            file_sha256: row.get("file_sha256")?,
            recipe_sha256: row.get("recipe_sha256")?,
            values: number("with_value")?,
            without_value: number("without_value")?,
        })
    })
}

/// The universes, and the place of the one that published positions are among.
pub(super) fn universes(connection: &Connection) -> rusqlite::Result<(Vec<Universe>, usize)> {
    let mut vintages = vintages(connection)?;
    let mut universes = all(connection, "SELECT * FROM universe ORDER BY ordinal", |row| {
        Ok(Universe {
            id: row.get("id")?,
            name: text(row, "name")?,
            size: row.get("size")?,
            note: optional_text(row, "note")?,
            vintages: Vec::new(),
        })
    })?;
    for universe in &mut universes {
        universe.vintages = vintages.remove(&universe.id).unwrap_or_default();
    }
    let published: String =
        connection.query_row("SELECT published_universe FROM edition", [], |row| row.get(0))?;
    let place = universes.iter().position(|universe| universe.id == published);
    Ok((universes, place.unwrap_or_default())) // a foreign key: it is there
}

/// The units of every universe and year; a unit comes where its first municipality does.
fn vintages(connection: &Connection) -> rusqlite::Result<HashMap<String, Vec<Vintage>>> {
    let mut vintages: HashMap<String, Vec<Vintage>> = HashMap::new();
    let sql = "SELECT universe, year, region, unit FROM universe_unit ORDER BY universe, year, region";
    for (universe, year, region, unit) in all(connection, sql, |row| {
        let (universe, year): (String, String) = (row.get(0)?, row.get(1)?);
        Ok((
            universe,
            year,
            row.get::<_, String>(2)?,
            row.get::<_, Option<String>>(3)?,
        ))
    })? {
        let of_universe = vintages.entry(universe).or_default();
        if of_universe.last().is_none_or(|vintage| vintage.year != year) {
            of_universe.push(Vintage {
                year,
                units: Vec::new(),
            });
        }
        let Some(vintage) = of_universe.last_mut() else {
            continue;
        };
        let same = |known: &&mut Unit| unit.is_some() && known.id == unit;
        match vintage.units.iter_mut().find(same) {
            Some(known) => known.members.push(region),
            None => vintage.units.push(Unit {
                id: unit,
                members: vec![region],
            }),
        }
    }
    Ok(vintages)
}

pub(super) fn themes(connection: &Connection) -> rusqlite::Result<Vec<Theme>> {
    let mut blocks: HashMap<String, Vec<Block>> = HashMap::new();
    for (theme, block) in all(connection, "SELECT * FROM block ORDER BY ordinal", |row| {
        let block = Block {
            id: row.get("id")?,
            name: text(row, "name")?,
            note: optional_text(row, "note")?,
        };
        Ok((row.get::<_, String>("theme")?, block))
    })? {
        blocks.entry(theme).or_default().push(block);
    }
    let mut themes = all(connection, "SELECT * FROM theme ORDER BY ordinal", |row| {
        Ok(Theme {
            id: row.get("id")?,
            name: text(row, "name")?,
            section: row.get("section")?,
            blocks: Vec::new(),
        })
    })?;
    for theme in &mut themes {
        theme.blocks = blocks.remove(&theme.id).unwrap_or_default();
    }
    Ok(themes)
}

pub(super) fn indicators(connection: &Connection) -> rusqlite::Result<Vec<Indicator>> {
    let mut parts = lists(connection, "indicator_parts")?;
    let mut children = lists::<String>(connection, "indicator_children")?;
    let mut weights = lists::<f64>(connection, "indicator_weights")?;
    let mut indicators = all(connection, "SELECT * FROM indicator ORDER BY ordinal", |row| {
        let polarity: Option<String> = row.get("polarity")?;
        Ok(Indicator {
            id: row.get("id")?,
            name: text(row, "name")?,
            theme: row.get("theme")?,
            block: row.get("block")?,
            kind: word(row, "kind", IndicatorKind::WORDS)?,
            kind_basis: word(row, "kind_basis", KindBasis::WORDS)?,
            section: row.get::<_, Option<String>>("section")?.unwrap_or_default(),
            figure: row.get("figure")?,
            origin: row.get("origin")?,
            polarity: polarity
                .map(|word| word_value(&word, Polarity::WORDS))
                .transpose()?,
            unit: optional_text(row, "unit")?,
            polarity_reason: optional_text(row, "polarity_reason")?,
            decimals: row.get::<_, Option<u32>>("decimals")?.unwrap_or(0),
            denominator: row.get("denominator")?,
            aggregation: row
                .get::<_, Option<String>>("aggregation")?
                .map(|word| word_value(&word, Aggregation::WORDS))
                .transpose()?,
            proxy: row
                .get::<_, Option<String>>("proxy_for")?
                .zip(optional_text(row, "proxy_reason")?)
                .map(|(indicator, reason)| ProxyFor { indicator, reason }),
            parts: Vec::new(),
            children: Vec::new(),
            stated: optional_text(row, "stated")?,
            note: optional_text(row, "note")?,
        })
    })?;
    for indicator in &mut indicators {
        indicator.parts = parts.remove(&indicator.id).unwrap_or_default();
        let children = children.remove(&indicator.id).unwrap_or_default();
        indicator.compute_from(children, &weights.remove(&indicator.id).unwrap_or_default());
    }
    Ok(indicators)
}

pub(super) fn groups(connection: &Connection) -> rusqlite::Result<Vec<Group>> {
    let mut members: HashMap<String, Vec<GroupMember>> = HashMap::new();
    let sql = "SELECT m.*, r.name FROM group_member m JOIN region r ON r.code = m.region ORDER BY m.group_id, m.region";
    for (group, member) in all(connection, sql, |row| {
        let member = GroupMember {
            code: row.get("region")?,
            name: row.get("name")?,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
            former_code: row.get("former_code")?,
            note: optional_text(row, "note")?,
        };
        Ok((row.get::<_, String>("group_id")?, member))
    })? {
        members.entry(group).or_default().push(member);
    }
    let mut groups = all(connection, "SELECT * FROM region_group ORDER BY ordinal", |row| {
        Ok(Group {
            id: row.get("id")?,
            name: text(row, "name")?,
            membership: word(row, "membership", MembershipBasis::WORDS)?,
            section: row.get("section")?,
            note: optional_text(row, "note")?,
            members: Vec::new(),
        })
    })?;
    for group in &mut groups {
        group.members = members.remove(&group.id).unwrap_or_default();
    }
    Ok(groups)
}
