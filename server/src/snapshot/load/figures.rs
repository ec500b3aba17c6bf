//! Observations and published positions -> rankings.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use rusqlite::Connection;

use super::{all, composites::composites, word_value};
use crate::{
    domain::{Basis, ImportedUnit, Indicator, KindBasis, ObservationOrigin, ObservationStatus, Region},
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
    pub(super) import_units: &'a [ImportedUnit],
}

impl Places<'_> {
    /// The year of whose municipalities the figures of a source and period are, where that is another.
    fn borders(&self, source: &str, period: &str) -> Option<&str> {
        let mut units = self.import_units.iter();
        units
            .find(|unit| unit.recipe == source && unit.period == period)?
            .borders
            .as_deref()
    }
}

/// The rankings of every indicator: best basis first, then latest period first.
pub(super) fn rankings(
    connection: &Connection,
    places: &Places<'_>,
    publication_year: &str,
) -> Result<Vec<Vec<RankingTable>>, EditionError> {
    let mut rankings: Vec<Vec<RankingTable>> = places.indicators.iter().map(|_| Vec::new()).collect();
    computed(connection, places, &mut rankings)?;
    for tables in &mut rankings {
        // A table may list a period of which it has no figure yet, or no more: then the latest is the one before.
        if tables.iter().any(|table| table.n > 0) {
            tables.retain(|table| table.n > 0);
        }
    }
    composites(places, &mut rankings)?;
    published(connection, places, publication_year, &mut rankings)?;
    proxies(places, &mut rankings);
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
    /// Region and source of every row.
    sources: Vec<(usize, Arc<str>)>,
}

fn computed(
    connection: &Connection,
    places: &Places<'_>,
    rankings: &mut [Vec<RankingTable>],
) -> Result<(), EditionError> {
    let vintages = vintages(places.regions);
    for ((indicator, period), column) in columns(connection, places)? {
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
        // Sources that fill the same column are on the same borders: others are refused.
        let source = column.sources.first().map_or("", |(_, source)| source.as_ref());
        let borders = places.borders(source, &period);
        let vintage = borders.unwrap_or(&period);
        // Municipalities of the vintage that have no row at all are missing too: those that tables of it list, or else those
        // that existed.
        let size = match vintages.get(vintage) {
            Some(listed) => {
                let unlisted = column
                    .sources
                    .iter()
                    .filter(|(region, _)| !listed.contains(region));
                listed.len() + unlisted.count()
            }
            None => places
                .regions
                .iter()
                .filter(|region| region.existed_in(vintage))
                .count(),
        };
        let missing = count(size.saturating_sub(column.values.len()));
        let borders = borders.map(str::to_owned);
        let table = RankingTable::of_values(
            &column.values,
            column.absent,
            missing,
            polarity,
            (period, column.sources),
        )
        .on_borders_of(borders);
        rankings[indicator].push(if unverified {
            table.without_verdicts()
        } else {
            table
        });
    }
    Ok(())
}

/// The observations that count, by indicator and period.
fn columns(connection: &Connection, places: &Places<'_>) -> rusqlite::Result<Vec<((usize, String), Column)>> {
    let mut columns: Vec<((usize, String), Column)> = Vec::new();
    let mut statement = connection.prepare(
        "SELECT indicator, region, period, value, status, origin, source FROM observation WHERE NOT superseded
         ORDER BY indicator, period, region",
    )?;
    let mut rows = statement.query([])?;
    let mut last: Option<(String, usize)> = None;
    while let Some(row) = rows.next()? {
        let id = row.get_ref(0)?.as_str()?;
        // Rows come by indicator: it is looked up once.
        let indicator = match &last {
            Some((known, place)) if known == id => *place,
            _ => match places.indicator_index.get(id) {
                Some(&place) => {
                    last = Some((id.to_owned(), place));
                    place
                }
                None => continue, // unreachable: a foreign key, as is the region
            },
        };
        let Some(&region) = places.region_index.get(row.get_ref(1)?.as_str()?) else {
            continue;
        };
        // They come by period as well: a column is filled before the next begins.
        let period = row.get_ref(2)?.as_str()?;
        if !columns
            .last()
            .is_some_and(|((of, known), _)| *of == indicator && known == period)
        {
            columns.push(((indicator, period.to_owned()), Column::default()));
        }
        let Some((_, column)) = columns.last_mut() else {
            continue; // unreachable: one was just put there
        };
        let source = row.get_ref(6)?.as_str()?;
        let kept = match column.sources.last() {
            Some((_, last)) if **last == *source => Arc::clone(last), // nearly always
            _ => source.into(),
        };
        column.sources.push((region, kept));
        // By place, not by name: this is the loop that a start waits for.
        let (status, origin) = (
            word_value(row.get_ref(4)?.as_str()?, ObservationStatus::WORDS)?,
            word_value(row.get_ref(5)?.as_str()?, ObservationOrigin::WORDS)?,
        );
        match row.get::<_, Option<f64>>(3)? {
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
    Ok(columns)
}

/// Per vintage the municipalities that imported tables list.
fn vintages(regions: &[Region]) -> HashMap<&str, HashSet<usize>> {
    let mut vintages: HashMap<&str, HashSet<usize>> = HashMap::new();
    for (place, region) in regions.iter().enumerate() {
        for vintage in &region.vintages {
            vintages.entry(vintage).or_default().insert(place);
        }
    }
    vintages
}

/// The rankings of indicators that stand in for others, beside those of the others themselves.
fn proxies(places: &Places<'_>, rankings: &mut [Vec<RankingTable>]) {
    for (place, indicator) in places.indicators.iter().enumerate() {
        let target = indicator
            .proxy
            .as_ref()
            .and_then(|proxy| places.indicator_index.get(&proxy.indicator));
        let Some(&target) = target else { continue };
        let published = rankings[target]
            .iter()
            .find(|table| table.basis == Basis::Published);
        let unverified = places.indicators[target].kind_basis == KindBasis::Unverified;
        let own = rankings[place]
            .iter()
            .filter(|table| table.basis == Basis::Computed);
        let standing_in: Vec<RankingTable> = own
            .map(|table| {
                let table = table.standing_in(place, published);
                if unverified {
                    table.without_verdicts()
                } else {
                    table
                }
            })
            .collect();
        rankings[target].extend(standing_in);
    }
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
