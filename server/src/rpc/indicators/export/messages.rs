//! The messages of an export, each made when the client has room for it.

use std::{ops::Range, sync::Arc, vec::IntoIter};

use groeikern::{Encoded, v1};
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::Status;

use super::{
    plan::{Figures, Plan},
    rows::{self, Row},
};
use crate::{
    domain::Basis,
    edition::content_hash::hex,
    method::count,
    rpc::{Edition, metadata::Metadata, render, runs::Going},
};

/// Figures of one message. A figure takes at most 21 bytes while there are fewer than two million regions and series, so that a
/// message stays within 64 KiB.
const MOST_FIGURES: usize = 3000;
/// The length of a message with lists from which the next one begins, in bytes.
const LONG: usize = 48_000;

/// The messages, one by one. Of figures it holds those of one series: the others are in the edition.
#[derive(Debug)]
pub struct Messages {
    edition: Arc<Edition>,
    plan: Plan,
    going: Going,
    next: Next,
    /// Figures of the series under way, and the place of that after it.
    rows: (IntoIter<Row>, usize),
    sent: u64,
    digest: Sha256,
}

/// What the next message holds.
#[derive(Debug)]
enum Next {
    Beginning(Box<v1::Edition>),
    /// Indicators from this place on.
    Indicators(usize),
    Regions(usize),
    Series(usize),
    Figures,
    End,
    Nothing,
}

impl Messages {
    pub(in crate::rpc::indicators) fn new(
        edition: Arc<Edition>,
        plan: Plan,
        in_full: v1::Edition,
        going: Going,
    ) -> Self {
        Self {
            edition,
            plan,
            going,
            next: Next::Beginning(Box::new(in_full)),
            rows: (Vec::new().into_iter(), 0),
            sent: 0,
            digest: Sha256::new(),
        }
    }

    fn beginning(&self, edition: v1::Edition) -> v1::ExportObservationsResponse {
        let mut metadata = Metadata::of(&self.edition);
        for series in &self.plan.series {
            let place = self.plan.indicators[series.indicator];
            let indicator = &self.edition.indicators[place];
            match series.of {
                Figures::Ranking(table) => {
                    metadata.ranking(indicator, &self.edition.rankings(place)[table]);
                }
                Figures::Areas => {
                    if let Some(found) = self.edition.area_tables(place, &series.period) {
                        metadata.quote(found.sources.iter().map(|(source, _)| *source));
                        if let Some(year) = found.borders {
                            metadata.other_borders(year, &indicator.id);
                        }
                    }
                    metadata.indicator(indicator);
                }
            }
        }
        v1::ExportObservationsResponse {
            metadata: metadata.finish(),
            summary: Some(v1::ExportSummary {
                edition: Some(edition),
                figures: self.plan.figures,
            }),
            ..Default::default()
        }
    }

    fn indicator(&self, place: usize) -> v1::ExportIndicator {
        let indicator = &self.edition.indicators[self.plan.indicators[place]];
        v1::ExportIndicator {
            indicator: render::indicator_ref(indicator),
            unit: render::optional_text(indicator.unit.as_ref()),
            decimals: indicator.decimals,
            polarity: render::polarity(indicator).into(),
        }
    }

    fn region(&self, place: usize) -> v1::ExportRegion {
        let regions = &self.plan.regions;
        if let Some(&town) = regions.towns.get(place) {
            let region = &self.edition.regions[town];
            return v1::ExportRegion {
                code: region.code.clone(),
                name: region.name.clone(),
                level: v1::RegionLevel::Municipality.into(),
            };
        }
        let code = self.edition.area_code(regions.areas[place - regions.towns.len()]);
        v1::ExportRegion {
            code: code.to_owned(),
            name: self.edition.area_name(code).unwrap_or_default().to_owned(),
            level: render::region_level(rows::level_of_area(code)).into(),
        }
    }

    fn series(&self, place: usize) -> v1::ExportSeries {
        let series = &self.plan.series[place];
        let indicator = self.plan.indicators[series.indicator];
        let shared = v1::ExportSeries {
            indicator: count(series.indicator),
            period: series.period.clone(),
            level: render::region_level(series.level).into(),
            figures: series.count,
            ..Default::default()
        };
        let place_of = |id: &str| rows::source(&self.edition, id);
        match series.of {
            Figures::Ranking(table) => {
                let table = &self.edition.rankings(indicator)[table];
                v1::ExportSeries {
                    basis: render::basis(table.basis).into(),
                    borders: table.borders.clone().unwrap_or_default(),
                    n: table.n,
                    column_inferred: table.column_inferred,
                    sources: table.sources().into_iter().map(place_of).collect(),
                    ..shared
                }
            }
            Figures::Areas => {
                let found = self.edition.area_tables(indicator, &series.period);
                let borders = found.as_ref().and_then(|found| found.borders);
                let sources = found.iter().flat_map(|found| &found.sources);
                v1::ExportSeries {
                    basis: render::basis(Basis::Computed).into(),
                    borders: borders.unwrap_or_default().to_owned(),
                    sources: sources.map(|(id, _)| place_of(id)).collect(),
                    ..shared
                }
            }
        }
    }

    /// The next figures, of as many series as fit.
    fn figures(&mut self) -> v1::ExportedFigures {
        let mut figures = v1::ExportedFigures::default();
        while figures.values.len() < MOST_FIGURES {
            if let Some(row) = self.rows.0.next() {
                add(&mut figures, count(self.rows.1 - 1), &row, &mut self.digest);
            } else if let Some(series) = self.plan.series.get(self.rows.1) {
                let rows = rows::of_series(&self.edition, &self.plan, series);
                self.rows = (rows.into_iter(), self.rows.1 + 1);
            } else {
                break;
            }
        }
        self.sent += figures.values.len() as u64;
        figures
    }

    /// The next message, or nothing when there is nothing left of what it would hold.
    fn message(&mut self) -> Option<v1::ExportObservationsResponse> {
        let (indicators, regions, series) = (
            self.plan.indicators.len(),
            self.plan.regions.len(),
            self.plan.series.len(),
        );
        let mut message = v1::ExportObservationsResponse::default();
        let filled;
        (self.next, filled) = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Beginning(edition) => {
                message = self.beginning(*edition);
                (Next::Indicators(0), true)
            }
            Next::Indicators(from) if from < indicators => {
                message.indicators = filling(from..indicators, |place| self.indicator(place));
                (Next::Indicators(from + message.indicators.len()), true)
            }
            Next::Indicators(_) => (Next::Regions(0), false),
            Next::Regions(from) if from < regions => {
                message.regions = filling(from..regions, |place| self.region(place));
                (Next::Regions(from + message.regions.len()), true)
            }
            Next::Regions(_) => (Next::Series(0), false),
            Next::Series(from) if from < series => {
                message.series = filling(from..series, |place| self.series(place));
                (Next::Series(from + message.series.len()), true)
            }
            Next::Series(_) => (Next::Figures, false),
            Next::Figures => {
                let figures = self.figures();
                if figures.values.is_empty() {
                    (Next::End, false)
                } else {
                    message.figures = Some(figures);
                    (Next::Figures, true)
                }
            }
            Next::End => {
                message.end = Some(v1::ExportEnd {
                    figures: self.sent,
                    sha256: hex(&std::mem::take(&mut self.digest).finalize()),
                });
                (Next::Nothing, true)
            }
            Next::Nothing => (Next::Nothing, false),
        };
        filled.then_some(message)
    }
}

impl Iterator for Messages {
    type Item = Result<Encoded<v1::ExportObservationsResponse>, Status>;

    fn next(&mut self) -> Option<Self::Item> {
        while !matches!(self.next, Next::Nothing) {
            if let Some(message) = self.message() {
                self.going.step();
                return Some(Ok(message.into()));
            }
        }
        None
    }
}

/// As many entries of a list as one message holds, at least one.
fn filling<T: Message>(places: Range<usize>, make: impl Fn(usize) -> T) -> Vec<T> {
    let mut entries = Vec::new();
    let mut length = 0;
    for place in places {
        let entry = make(place);
        length += entry.encoded_len();
        entries.push(entry);
        if length > LONG {
            break;
        }
    }
    entries
}

/// Adds a figure to the columns and to the checksum, in the order that the contract gives.
fn add(figures: &mut v1::ExportedFigures, series: u32, row: &Row, digest: &mut Sha256) {
    let value = row.value.unwrap_or(f64::NAN);
    let status = render::observation_status(row.status);
    let origin = render::observation_origin(row.origin);
    let mut bytes = [0; 26];
    let numbers = [series, row.region, row.source, row.position];
    for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    bytes[16..24].copy_from_slice(&value.to_le_bytes());
    bytes[24..].copy_from_slice(&[status as u8, origin as u8]);
    digest.update(bytes);
    figures.series.push(series);
    figures.regions.push(row.region);
    figures.values.push(value);
    figures.statuses.push(status.into());
    figures.origins.push(origin.into());
    figures.sources.push(row.source);
    figures.positions.push(row.position);
}

const _: () = assert!(
    f64::NAN.to_bits() == 0x7ff8_0000_0000_0000,
    "as the contract says"
);
