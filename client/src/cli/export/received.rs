//! What came of an export: its lists, and the checksum of its figures.

use std::collections::BTreeSet;

use groeikern_client::v1::{
    Basis, Caveat, Edition, ExportIndicator, ExportObservationsResponse, ExportRegion, ExportSeries,
    ExportedFigures, LocalizedText, ObservationOrigin, ObservationStatus, ResponseMetadata, Source,
};
use sha2::{Digest, Sha256};

use super::{columns::Figure, dcat, draft::hex};

/// All of an export but the figures, which are handed on as they come.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) metadata: Option<ResponseMetadata>,
    pub(crate) lists: Lists,
    /// Figures that came.
    pub(crate) figures: u64,
    digest: Sha256,
    /// The checksum that the server sent.
    announced: Option<String>,
    /// The checksum of what came, once it is known to be the server's.
    pub(crate) sha256: String,
}

/// What figures refer to.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    pub(crate) edition: Edition,
    pub(crate) citation: Option<LocalizedText>,
    pub(crate) caveats: Vec<Caveat>,
    pub(crate) indicators: Vec<ExportIndicator>,
    pub(crate) regions: Vec<ExportRegion>,
    pub(crate) series: Vec<ExportSeries>,
}

/// One figure as it came: places in the lists, and numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed {
    series: u32,
    region: u32,
    value: f64,
    status: i32,
    origin: i32,
    source: u32,
    position: u32,
}

impl Received {
    /// Takes the next message; its figures are for the caller. The error says what does not fit.
    pub(crate) fn take(&mut self, message: ExportObservationsResponse) -> Result<Vec<Packed>, String> {
        if let Some(metadata) = message.metadata {
            self.lists.citation.clone_from(&metadata.citation);
            self.lists.caveats.clone_from(&metadata.caveats);
            self.metadata = Some(metadata);
        }
        if let Some(summary) = message.summary {
            self.lists.edition = summary.edition.unwrap_or_default();
        }
        self.lists.indicators.extend(message.indicators);
        self.lists.regions.extend(message.regions);
        self.lists.series.extend(message.series);
        if let Some(end) = message.end {
            self.announced = Some(end.sha256);
        }
        let figures = unpacked(&message.figures.unwrap_or_default())?;
        for figure in &figures {
            self.digest_of(figure)?;
        }
        self.figures += figures.len() as u64;
        Ok(figures)
    }

    /// The bytes that the contract names, in its order.
    fn digest_of(&mut self, figure: &Packed) -> Result<(), String> {
        let word =
            |number: i32| u8::try_from(number).map_err(|_| format!("{number} is no state of a figure"));
        let value = if figure.value.is_nan() {
            f64::NAN
        } else {
            figure.value
        };
        let mut bytes = [0; 26];
        let numbers = [figure.series, figure.region, figure.source, figure.position];
        for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes[16..24].copy_from_slice(&value.to_le_bytes());
        bytes[24..].copy_from_slice(&[word(figure.status)?, word(figure.origin)?]);
        self.digest.update(bytes);
        Ok(())
    }

    /// Whether what came is what was sent.
    pub(crate) fn check(&mut self) -> Result<(), String> {
        let found = hex(std::mem::take(&mut self.digest));

        match self.announced.take() {
            Some(announced) if announced == found => {
                self.sha256 = found;
                Ok(())
            }
            Some(announced) => Err(format!("SHA-256 is {found}, the server says {announced}")),
            None => Err("it has no checksum".to_owned()),
        }
    }
}

/// Columns as figures; they have to be of one length.
fn unpacked(columns: &ExportedFigures) -> Result<Vec<Packed>, String> {
    let length = columns.values.len();
    let lengths = [
        columns.series.len(),
        columns.regions.len(),
        columns.statuses.len(),
        columns.origins.len(),
        columns.sources.len(),
        columns.positions.len(),
    ];
    if lengths.iter().any(|other| *other != length) {
        return Err("columns of figures are not of one length".to_owned());
    }
    let figure = |place: usize| Packed {
        series: columns.series[place],
        region: columns.regions[place],
        value: columns.values[place],
        status: columns.statuses[place],
        origin: columns.origins[place],
        source: columns.sources[place],
        position: columns.positions[place],
    };
    Ok((0..length).map(figure).collect())
}

impl Lists {
    /// A figure with what it refers to.
    pub(crate) fn figure(&self, packed: &Packed) -> Result<Figure<'_>, String> {
        let beyond = |list: &str, place: u32| {
            format!("a figure refers to number {place} of the {list}, which did not come")
        };
        let series = self
            .series
            .get(packed.series as usize)
            .ok_or_else(|| beyond("series", packed.series))?;
        let indicator = self
            .indicators
            .get(series.indicator as usize)
            .ok_or_else(|| beyond("indicators", series.indicator))?;
        let region = self
            .regions
            .get(packed.region as usize)
            .ok_or_else(|| beyond("regions", packed.region))?;
        let source: &Source = self
            .edition
            .sources
            .get(packed.source as usize)
            .ok_or_else(|| beyond("sources", packed.source))?;
        Ok(Figure {
            places: (series.indicator, packed.region),
            series,
            indicator,
            region,
            source,
            value: Some(packed.value).filter(|value| !value.is_nan()),
            status: ObservationStatus::try_from(packed.status).unwrap_or_default(),
            origin: ObservationOrigin::try_from(packed.origin).unwrap_or_default(),
            position: Some(packed.position).filter(|position| *position > 0),
        })
    }

    /// The id of the indicator at a place; empty for none.
    pub(crate) fn id_of(&self, indicator: u32) -> &str {
        let found = self.indicators.get(indicator as usize);
        let indicator = found.and_then(|found| found.indicator.as_ref());
        indicator.map_or("", |indicator| &indicator.id)
    }

    /// All sources behind the figures.
    pub(crate) fn sources(&self) -> Vec<&Source> {
        let behind = self.series.iter().flat_map(|series| &series.sources);
        let places: BTreeSet<u32> = behind.copied().collect();
        let places = places.into_iter();
        places
            .filter_map(|place| self.edition.sources.get(place as usize))
            .collect()
    }

    /// The sources without a licence that a record can name, and whether only printed positions are from them while there are
    /// values too.
    pub(crate) fn without_licence(&self) -> (Vec<&Source>, bool) {
        let mut without = self.sources();
        without.retain(|source| dcat::licence_of(source).is_none());
        let (printed, values): (Vec<&ExportSeries>, Vec<&ExportSeries>) = self
            .series
            .iter()
            .partition(|series| series.basis() == Basis::Published);
        let behind_values = |source: &&Source| {
            let mut places = values.iter().flat_map(|series| &series.sources);
            places.any(|place| {
                let found = self.edition.sources.get(*place as usize);
                found.is_some_and(|found| found.id == source.id)
            })
        };
        let avoidable = !printed.is_empty() && !values.is_empty() && !without.iter().any(behind_values);
        (without, avoidable)
    }

    /// The day on which the latest table was fetched that figures are from, else the year of their latest source, ISO 8601; empty
    /// without any.
    pub(crate) fn modified(&self) -> String {
        let sources = self.sources();
        let units = self.edition.import_units.iter();
        let retrieved = units
            .filter(|unit| sources.iter().any(|source| source.id == unit.recipe_id))
            .map(|unit| unit.retrieved.as_str());
        let years = sources
            .iter()
            .map(|source| source.year.as_str())
            .filter(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
        retrieved.max().or(years.max()).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> ExportedFigures {
        ExportedFigures {
            series: vec![0, 0],
            regions: vec![0, 1],
            values: vec![1.5, f64::NAN],
            statuses: vec![1, 5],
            origins: vec![1, 0],
            sources: vec![0, 0],
            positions: vec![1, 0],
        }
    }

    fn message(figures: ExportedFigures) -> ExportObservationsResponse {
        ExportObservationsResponse {
            figures: Some(figures),
            ..Default::default()
        }
    }

    fn end(sha256: &str) -> ExportObservationsResponse {
        ExportObservationsResponse {
            end: Some(groeikern_client::v1::ExportEnd {
                figures: 2,
                sha256: sha256.to_owned(),
            }),
            ..Default::default()
        }
    }

    /// Calculated by another program in the order that the contract gives.
    const SHA256: &str = "caa29b7f32eba818b6eafd800461a0d4fed06e517f94989065c129ba8f9791c3";

    #[test]
    fn figures_that_changed_on_the_way_are_found() {
        let mut whole = Received::default();
        whole.take(message(figures())).unwrap();
        whole.take(end(SHA256)).unwrap();
        assert_eq!(whole.check(), Ok(()));
        let mut changed = Received::default();
        let mut other = figures();
        other.values[0] = 1.6;
        changed.take(message(other)).unwrap();
        changed.take(end(SHA256)).unwrap();
        assert!(changed.check().unwrap_err().contains(SHA256));
        let mut without = Received::default();
        without.take(message(figures())).unwrap();
        assert!(without.check().is_err(), "no checksum at all");
    }

    #[test]
    fn columns_and_lists_have_to_fit() {
        let mut short = figures();
        short.regions.pop();
        assert!(Received::default().take(message(short)).is_err());
        let mut received = Received::default();
        let figures = received.take(message(figures())).unwrap();
        let beyond = received.lists.figure(&figures[0]).map(|figure| figure.value);
        assert!(beyond.unwrap_err().contains("series"));
    }

    #[test]
    fn a_missing_value_is_none_and_zero_is_a_value() {
        let mut received = Received::default();
        received.lists.series.push(ExportSeries::default());
        received.lists.indicators.push(ExportIndicator::default());
        received
            .lists
            .regions
            .extend([ExportRegion::default(), ExportRegion::default()]);
        received.lists.edition.sources.push(Source::default());
        let mut sent = figures();
        sent.values[0] = 0.0;
        let figures = received.take(message(sent)).unwrap();
        let values: Vec<Option<f64>> = figures
            .iter()
            .map(|figure| received.lists.figure(figure).unwrap().value)
            .collect();
        assert_eq!(values, [Some(0.0), None]);
    }
}
