//! Observations and published positions -> rankings.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Error};

use super::{all, word};
use crate::{
    domain::{Indicator, KindBasis, ObservationOrigin, ObservationStatus, Region},
    edition::EditionError,
    method::count,
    snapshot::ranking_table::{RankingTable, ValueRow, VerdictScale},
};

/// Where indicators and regions stand in the snapshot.
pub(super) struct Places<'a> {
    pub(super) indicators: &'a [Indicator],
    pub(super) regions: &'a [Region],
    pub(super) indicator_index: &'a HashMap<String, usize>,
    pub(super) region_index: &'a HashMap<String, usize>,
}

/// The rankings of every indicator: best basis first, then latest period first.
pub(super) fn rankings(
    connection: &Connection,
    places: &Places<'_>,
    publication_year: &str,
) -> Result<Vec<Vec<RankingTable>>, EditionError> {
    let mut rankings: Vec<Vec<RankingTable>> = places.indicators.iter().map(|_| Vec::new()).collect();
    computed(connection, places, &mut rankings)?;
    published(connection, places, publication_year, &mut rankings)?;
    for tables in &mut rankings {
        tables.sort_by(|a, b| {
            a.basis
                .cmp(&b.basis)
                .then_with(|| b.period.cmp(&a.period))
                .then_with(|| a.source.cmp(&b.source))
        });
    }
    for (ordinal, table) in rankings.iter_mut().flatten().enumerate() {
        table.ordinal = ordinal;
    }
    Ok(rankings)
}

/// The observations of one indicator and period.
#[derive(Default)]
struct Column {
    values: Vec<ValueRow>,
    absent: HashMap<usize, ObservationStatus>,
    source: String,
}

fn computed(
    connection: &Connection,
    places: &Places<'_>,
    rankings: &mut [Vec<RankingTable>],
) -> Result<(), EditionError> {
    let statuses = [
        ("final", ObservationStatus::Final),
        ("provisional", ObservationStatus::Provisional),
        ("estimated", ObservationStatus::Estimated),
        ("suppressed", ObservationStatus::Suppressed),
        ("missing", ObservationStatus::Missing),
        ("not_applicable", ObservationStatus::NotApplicable),
    ];
    let origins = [
        ("loaded", ObservationOrigin::Loaded),
        ("aggregated", ObservationOrigin::Aggregated),
        ("derived", ObservationOrigin::Derived),
    ];
    let mut columns: BTreeMap<(usize, String), Column> = BTreeMap::new();
    let mut statement = connection.prepare("SELECT * FROM observation ORDER BY indicator, period, region")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (Some(&indicator), Some(&region)) = (
            places
                .indicator_index
                .get(row.get_ref("indicator")?.as_str().map_err(Error::from)?),
            places
                .region_index
                .get(row.get_ref("region")?.as_str().map_err(Error::from)?),
        ) else {
            continue; // unreachable: both are foreign keys
        };
        let column = columns.entry((indicator, row.get("period")?)).or_default();
        column.source = row.get("source")?;
        let (status, origin) = (word(row, "status", &statuses)?, word(row, "origin", &origins)?);
        match row.get::<_, Option<f64>>("value")? {
            Some(value) => column.values.push(ValueRow {
                region,
                value,
                status,
                origin,
            }),
            None => {
                column.absent.insert(region, status);
            }
        }
    }
    for ((indicator, period), column) in columns {
        let of = &places.indicators[indicator];
        let unverified = of.kind_basis == KindBasis::Unverified;
        let polarity = match (of.is_judged() && !unverified, of.polarity) {
            (false, _) => None,
            (true, Some(polarity)) => Some(polarity),
            // Sources with such values are refused: this file was not made from one.
            (true, None) => {
                let id = &of.id;
                return Err(EditionError::Corrupt(format!(
                    "judged values of `{id}` have no polarity"
                )));
            }
        };
        // Municipalities of the period that have no row at all are missing too.
        let existed = places.regions.iter().filter(|region| region.existed_in(&period));
        let missing = count(existed.count().saturating_sub(column.values.len()));
        let from = (period, column.source);
        let table = RankingTable::of_values(&column.values, column.absent, missing, polarity, from);
        rankings[indicator].push(if unverified {
            table.without_verdicts()
        } else {
            table
        });
    }
    Ok(())
}

fn verdict_scale(of: &Indicator) -> VerdictScale {
    match (of.kind_basis, of.is_judged()) {
        (KindBasis::Unverified, _) => VerdictScale::None,
        (_, true) => VerdictScale::Favourable,
        (_, false) => VerdictScale::HighLow,
    }
}

/// The printed positions of one indicator in one source.
#[derive(Default)]
struct Printed {
    rows: Vec<(usize, u32)>,
    means: Vec<(String, u32)>,
    n: u32,
    figure: Option<String>,
    column_inferred: bool,
}

fn published(
    connection: &Connection,
    places: &Places<'_>,
    publication_year: &str,
    rankings: &mut [Vec<RankingTable>],
) -> rusqlite::Result<()> {
    let mut printed: BTreeMap<(String, String), Printed> = BTreeMap::new();
    for (key, subject, position, n, figure, inferred, is_group) in all(
        connection,
        "SELECT * FROM published_position ORDER BY indicator, source, subject",
        |row| {
            let key = (
                row.get::<_, String>("indicator")?,
                row.get::<_, String>("source")?,
            );
            let is_group = row.get::<_, String>("subject_kind")? == "group";
            let subject: String = row.get("subject")?;
            let position: u32 = row.get("position")?;
            let n: u32 = row.get("n")?;
            let figure: Option<String> = row.get("figure")?;
            Ok((
                key,
                subject,
                position,
                n,
                figure,
                row.get::<_, bool>("column_inferred")?,
                is_group,
            ))
        },
    )? {
        let table = printed.entry(key).or_default();
        table.n = table.n.max(n);
        table.figure = figure;
        if is_group {
            table.means.push((subject, position));
        } else if let Some(&region) = places.region_index.get(&subject) {
            table.rows.push((region, position));
            table.column_inferred |= inferred;
        }
    }
    for ((indicator, source), table) in printed {
        let Some(&indicator) = places.indicator_index.get(&indicator) else {
            continue;
        };
        rankings[indicator].push(RankingTable::of_published(
            table.rows,
            table.means,
            verdict_scale(&places.indicators[indicator]),
            table.n,
            (publication_year.to_owned(), source),
            (table.figure, table.column_inferred),
        ));
    }
    Ok(())
}
