//! The grade scales of an edition: derived from its own rows, stored beside them, and checked by `verify`.

use rusqlite::{Connection, Error, params, types::Type};

use crate::{domain::Polarity, method::RobustScale};

/// One ranking's scale: indicator, period, number of values, scale.
type Scale = (String, String, usize, RobustScale);

/// Calculates and stores the scale of every judged indicator and period with enough values.
pub(super) fn store_grade_scales(edition: &Connection) -> rusqlite::Result<()> {
    let mut insert = edition.prepare(
        "INSERT INTO grade_scale (indicator, period, n, lower, upper, mean, deviation, shift)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (indicator, period, n, scale) in calculate(edition)? {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        insert.execute(params![
            indicator,
            period,
            n,
            scale.lower,
            scale.upper,
            scale.mean,
            scale.deviation,
            scale.shift
        ])?;
    }
    Ok(())
}

/// Whether the stored scales are those of the rows, bit for bit.
pub(super) fn grade_scales_fit(edition: &Connection) -> rusqlite::Result<bool> {
    let mut statement = edition.prepare(
        "SELECT indicator, period, n, lower, upper, mean, deviation, shift FROM grade_scale
         ORDER BY indicator, period",
    )?;
    let stored = statement
        .query_map([], |row| {
            let numbers: [f64; 5] = [row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?];
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, i64>(2)?,
                numbers.map(f64::to_bits),
            ))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let calculated: Vec<_> = calculate(edition)?
        .into_iter()
        .map(|(indicator, period, n, scale)| {
            let numbers = [scale.lower, scale.upper, scale.mean, scale.deviation, scale.shift];
            (
                indicator,
                period,
                i64::try_from(n).unwrap_or(i64::MAX),
                numbers.map(f64::to_bits),
            )
        })
        .collect();
    Ok(stored == calculated)
}

fn calculate(edition: &Connection) -> rusqlite::Result<Vec<Scale>> {
    let mut statement = edition.prepare(
        "SELECT o.indicator, o.period, o.value, i.polarity
         FROM observation o JOIN indicator i ON i.id = o.indicator JOIN region r ON r.code = o.region
         WHERE o.value IS NOT NULL AND NOT o.superseded AND i.kind <> 'neutral' AND i.polarity IS NOT NULL
         ORDER BY o.indicator, o.period, o.region",
    )?;
    let mut rows = statement.query([])?;
    let mut scales: Vec<Scale> = Vec::new();
    let mut current: Option<(String, String, Vec<f64>)> = None;
    let mut finish = |ranking: Option<(String, String, Vec<f64>)>| {
        if let Some((indicator, period, oriented)) = ranking
            && let Ok(scale) = RobustScale::fit(&oriented)
        {
            scales.push((indicator, period, oriented.len(), scale));
        }
    };
    while let Some(row) = rows.next()? {
        let (indicator, period): (String, String) = (row.get(0)?, row.get(1)?);
        let word = row.get_ref(3)?.as_str()?;
        let polarity = Polarity::of_word(word)
            .ok_or_else(|| Error::InvalidColumnType(3, "polarity".to_owned(), Type::Text))?;
        let oriented = polarity.orient(row.get(2)?);
        match &mut current {
            Some((of, at, values)) if *of == indicator && *at == period => values.push(oriented),
            _ => finish(current.replace((indicator, period, vec![oriented]))),
        }
    }
    finish(current);
    Ok(scales)
}
