//! How rankings are made: of values, of scores, and as a report printed them.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    GradeCaveat, PublishedMean, RankedRow, RankingTable, Standing, UNRANKED, ValueRow, Values, VerdictScale,
};
use crate::{
    domain::{Basis, ObservationStatus, Polarity},
    method::{Ranking, RobustScale, count, grade_of_published_position},
};

impl RankingTable {
    /// Ranks values given in region order. Without polarity they are neutral.
    pub(in crate::snapshot) fn of_values(
        rows: &[ValueRow],
        absent: HashMap<usize, ObservationStatus>,
        missing: u32,
        polarity: Option<Polarity>,
        (period, sources): (String, Vec<(usize, Arc<str>)>),
    ) -> Self {
        // Neutral: position 1 is the highest, without judgement.
        let orientation = polarity.unwrap_or(Polarity::HigherIsFavourable);
        let oriented: Vec<f64> = rows.iter().map(|row| orientation.orient(row.value)).collect();
        let derived: Vec<bool> = rows.iter().map(|row| row.origin.is_derived()).collect();
        let ranking = Ranking::of_units(&oriented, &derived);
        let (source, exceptions) = main_source(sources);
        Self {
            period,
            source,
            exceptions,
            missing,
            absent,
            ..Self::ranked(rows, (orientation, polarity.is_some()), oriented, &ranking)
        }
    }

    /// Ranks the scores of a composite, given in region order: the higher the more favourable.
    pub(in crate::snapshot) fn of_scores(
        rows: &[ValueRow],
        absent: HashMap<usize, ObservationStatus>,
        (basis, period): (Basis, String),
        sources: Vec<Arc<str>>,
        leaves: Vec<usize>,
    ) -> Self {
        let scores: Vec<f64> = rows.iter().map(|row| row.value).collect();
        let ranking = Ranking::of_scores(&scores);
        let mut sources = sources.into_iter();
        Self {
            basis,
            period,
            source: sources.next().as_deref().unwrap_or_default().to_owned(),
            other_sources: sources.collect(),
            missing: count(absent.len()),
            absent,
            leaves,
            ..Self::ranked(rows, (Polarity::HigherIsFavourable, true), scores, &ranking)
        }
    }

    /// A ranking with its positions and grades; where its figures come from is left open.
    fn ranked(
        rows: &[ValueRow],
        (orientation, judged): (Polarity, bool),
        oriented: Vec<f64>,
        ranking: &Ranking,
    ) -> Self {
        let n = count(rows.len());
        let scale = if judged {
            RobustScale::fit(&oriented).ok()
        } else {
            None
        };
        let grade_caveat = match &scale {
            _ if !judged => None,
            None => Some(GradeCaveat::TooFewUnits),
            Some(scale) if !scale.varies => Some(GradeCaveat::NoVariation),
            Some(_) => None,
        };
        let unit_of_row: Vec<usize> = ranking.order.iter().map(|&unit| unit as usize).collect();
        let listed = unit_of_row.iter().map(|&unit| {
            let row = rows[unit];
            let (position, ties) = (ranking.positions[unit], ranking.ties[unit]);
            let grade = scale.map(|scale| scale.grade(oriented[unit]));
            RankedRow {
                region: row.region,
                value: Some(row.value),
                status: Some(row.status),
                origin: Some(row.origin),
                standing: Standing::of(position, ties, n, grade),
            }
        });
        let listed: Vec<RankedRow> = listed.collect();
        let (least, most) = oriented
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), &value| {
                (l.min(value), m.max(value))
            });
        Self {
            ordinal: 0,
            basis: Basis::Computed,
            period: String::new(),
            borders: None,
            source: String::new(),
            exceptions: HashMap::new(),
            figure: None,
            column_inferred: false,
            n,
            missing: 0,
            row_of_region: index(&listed),
            among: None,
            recasting: None,
            rows: listed,
            absent: HashMap::new(),
            means: Vec::new(),
            grade_caveat,
            proxy: None,
            scale: if judged {
                VerdictScale::Favourable
            } else {
                VerdictScale::HighLow
            },
            values: Some(Values {
                orientation,
                midranks: ranking.midranks(),
                oriented,
                unit_of_row,
                scale,
                least,
                most,
            }),
            leaves: Vec::new(),
            other_sources: Vec::new(),
        }
    }

    /// A ranking as a report printed it: `rows` are region and position, `means` group id and position.
    pub(in crate::snapshot) fn of_published(
        mut rows: Vec<(usize, u32)>,
        means: Vec<(String, u32)>,
        scale: VerdictScale,
        n: u32,
        (period, source): (String, String),
        (figure, column_inferred): (Option<String>, bool),
    ) -> Self {
        rows.sort_by_key(|&(region, position)| (position, region)); // regions are in code order
        let stand = |position| {
            Standing::of(
                position,
                1,
                n,
                (scale == VerdictScale::Favourable).then(|| grade_of_published_position(position, n)),
            )
        };
        let rows: Vec<RankedRow> = rows
            .into_iter()
            .map(|(region, position)| RankedRow {
                region,
                value: None,
                status: None,
                origin: None,
                standing: stand(position),
            })
            .collect();
        Self {
            ordinal: 0,
            basis: Basis::Published,
            period,
            borders: None,
            source,
            exceptions: HashMap::new(),
            figure,
            column_inferred,
            n,
            missing: 0,
            row_of_region: index(&rows),
            among: None,
            recasting: None,
            rows,
            absent: HashMap::new(),
            means: means
                .into_iter()
                .map(|(group, position)| PublishedMean {
                    group,
                    standing: stand(position),
                })
                .collect(),
            grade_caveat: None,
            proxy: None,
            scale,
            values: None,
            leaves: Vec::new(),
            other_sources: Vec::new(),
        }
    }
}

/// Sources by how often they are given, the most first, equal ones by id.
pub(in crate::snapshot) fn count_sources<'a>(sources: impl IntoIterator<Item = &'a str>) -> Vec<Arc<str>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        *counts.entry(source).or_default() += 1;
    }
    let mut most_first: Vec<(&str, usize)> = counts.into_iter().collect();
    most_first.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    most_first.into_iter().map(|(source, _)| source.into()).collect()
}

/// The source of the most rows, and the rows of others.
fn main_source(sources: Vec<(usize, Arc<str>)>) -> (String, HashMap<usize, Arc<str>>) {
    let most_first = count_sources(sources.iter().map(|(_, source)| source.as_ref()));
    let main = most_first.first().map_or("", AsRef::as_ref).to_owned();
    let exceptions = sources
        .into_iter()
        .filter(|(_, source)| **source != *main)
        .collect();
    (main, exceptions)
}

fn index(rows: &[RankedRow]) -> Vec<u32> {
    let regions = rows.iter().map(|row| row.region + 1).max().unwrap_or_default();
    let mut places = vec![UNRANKED; regions];
    for (place, row) in (0..).zip(rows) {
        places[row.region] = place;
    }
    places
}
