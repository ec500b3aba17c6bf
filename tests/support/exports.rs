//! Exports as they are read.

use groeikern_client::{Client, Error, StreamExt, v1};

/// All messages of an export.
pub(crate) async fn messages(
    client: &Client,
    request: v1::ExportObservationsRequest,
) -> Result<Vec<v1::ExportObservationsResponse>, Error> {
    client.export_observations(request).await?.collect().await
}

/// A whole export: its lists, and its figures by series and region.
#[derive(Default)]
pub(crate) struct Export {
    pub(crate) indicators: Vec<v1::ExportIndicator>,
    pub(crate) regions: Vec<v1::ExportRegion>,
    pub(crate) series: Vec<v1::ExportSeries>,
    pub(crate) sources: Vec<v1::Source>,
    pub(crate) figures: Vec<Figure>,
}

/// A figure of an export, or of a single answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    pub(crate) indicator: String,
    pub(crate) region: String,
    pub(crate) period: String,
    pub(crate) basis: v1::Basis,
    pub(crate) value: Option<f64>,
    pub(crate) status: v1::ObservationStatus,
    pub(crate) origin: v1::ObservationOrigin,
    pub(crate) source: String,
    pub(crate) position: Option<u32>,
    pub(crate) n: u32,
    pub(crate) column_inferred: bool,
}

impl Export {
    pub(crate) fn of(messages: Vec<v1::ExportObservationsResponse>) -> Self {
        let mut export = Self::default();
        for message in messages {
            if let Some(summary) = message.summary {
                export.sources = summary.edition.expect("an edition").sources;
            }
            export.indicators.extend(message.indicators);
            export.regions.extend(message.regions);
            export.series.extend(message.series);
            let figures = message.figures.unwrap_or_default();
            for place in 0..figures.values.len() {
                let series = &export.series[figures.series[place] as usize];
                let indicator = export.indicators[series.indicator as usize].indicator.clone();
                let figure = Figure {
                    indicator: indicator.expect("an indicator").id,
                    region: export.regions[figures.regions[place] as usize].code.clone(),
                    period: series.period.clone(),
                    basis: series.basis(),
                    value: Some(figures.values[place]).filter(|value| !value.is_nan()),
                    status: v1::ObservationStatus::try_from(figures.statuses[place]).expect("a status"),
                    origin: v1::ObservationOrigin::try_from(figures.origins[place]).expect("an origin"),
                    source: export.sources[figures.sources[place] as usize].id.clone(),
                    position: Some(figures.positions[place]).filter(|position| *position > 0),
                    n: series.n,
                    column_inferred: series.column_inferred,
                };
                export.figures.push(figure);
            }
        }
        export
    }

    pub(crate) async fn asked(client: &Client, request: v1::ExportObservationsRequest) -> Self {
        Self::of(messages(client, request).await.expect("an export"))
    }

    /// Region, and value or state, of every figure.
    pub(crate) fn figures_of(
        &self,
        indicator: &str,
        period: &str,
    ) -> Vec<(&str, Option<f64>, v1::ObservationStatus)> {
        let own = self
            .figures
            .iter()
            .filter(|figure| figure.indicator == indicator && figure.period == period);
        own.map(|figure| (figure.region.as_str(), figure.value, figure.status))
            .collect()
    }

    /// The indicators, in their order.
    pub(crate) fn indicator_ids(&self) -> Vec<&str> {
        let indicators = self.indicators.iter();
        indicators
            .map(|of| of.indicator.as_ref().expect("an indicator").id.as_str())
            .collect()
    }
}
