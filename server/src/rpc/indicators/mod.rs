//! IndicatorService: figures of municipalities.

mod export;
mod profile;
mod trend;

use std::sync::Arc;

use groeikern::{server::indicator_service_server::IndicatorService, v1};
use tokio_stream::Iter;
use tonic::{Request, Response, Status, async_trait};

use super::{
    Answer, Answers, answer,
    borders::{self, Answering},
    editions,
    flows::relevant_region,
    lookup::{self, Figures},
    metadata::Metadata,
    render,
    request::Violations,
    trend::Followed,
};
use crate::{
    domain::{Indicator, RegionCode},
    snapshot::{RankingTable, Snapshot},
};
use export::Messages;
use profile::Wanted;

/// Items of one answer at most.
const MOST_COMBINATIONS: usize = 5000;
/// Relevant regions beside one profile at most.
const MOST_RELEVANT_REGIONS: usize = 10;

#[async_trait]
impl IndicatorService for Answers {
    type ExportObservationsStream = Iter<Messages>;

    async fn export_observations(
        &self,
        request: Request<v1::ExportObservationsRequest>,
    ) -> Result<Response<Self::ExportObservationsStream>, Status> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let form = export::Form::parse(&request, &mut violations);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let plan = export::Plan::of(&form, &edition)?;
        let in_full = editions::in_full(&edition, &self.editions.current());
        let messages = Messages::new(Arc::clone(&edition), plan, in_full, self.runs.aside());
        Ok(Response::new(tokio_stream::iter(messages)))
    }

    async fn query_observations(
        &self,
        request: Request<v1::QueryObservationsRequest>,
    ) -> Answer<v1::QueryObservationsResponse> {
        let request = request.into_inner();
        let (indicators, regions) = (&request.indicator_ids, &request.region_codes);
        let mut violations = Violations::new();
        violations.ids("indicator_ids", indicators, 1, 500, "low_theft");
        violations.ids("region_codes", regions, 1, 500, "GM0034");
        violations.combinations(
            "region_codes",
            indicators.len() * regions.len(),
            MOST_COMBINATIONS,
        );
        let basis = violations.basis(request.basis);
        let period = violations.period(&request.period);
        let borders = violations.borders(&request.borders, "", basis);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let mut tables = Vec::with_capacity(indicators.len());
        for id in indicators {
            let known = edition.indicator(id);
            let table = match (known, borders) {
                (None, _) => None,
                (Some((place, _)), None) => edition.ranking(place, basis, period).map(Answering::AsPublished),
                (Some(known), Some(year)) => borders::with_values(&edition, known.0, basis, period)
                    .map(|table| borders::on_borders_of(&edition, known, table, year))
                    .transpose()?
                    .map(Answering::Recast),
            };
            tables.push((id, known, table));
        }
        let mut metadata = Metadata::of(&edition);
        metadata.quote_all();
        let mut items = Vec::with_capacity(indicators.len() * regions.len());
        for (id, known, table) in &tables {
            let table = table.as_deref();
            if let (Some((_, indicator)), Some(table)) = (known, table) {
                metadata.ranking(indicator, table);
            }
            let has_places = table.is_some_and(borders::has_places);
            for code in regions {
                let item = v1::ObservationItem {
                    indicator_id: (*id).clone(),
                    region_code: code.clone(),
                    ..Default::default()
                };
                let indicator = known.map(|(_, indicator)| indicator);
                let figures = (table, has_places);
                items.push(observation(&edition, indicator, figures, (period, borders), item));
            }
        }
        answer(v1::QueryObservationsResponse {
            metadata: metadata.finish(),
            items,
        })
    }

    async fn get_profile(&self, request: Request<v1::GetProfileRequest>) -> Answer<v1::GetProfileResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        violations.region_code("region_code", &request.region_code);
        violations.ids("theme_ids", &request.theme_ids, 0, 100, "social_cohesion");
        let basis = violations.basis(request.basis);
        let period = violations.period(&request.period);
        let method = violations.grade_method(request.grade_method);
        violations.universe(&request.universe_id);
        let regions = relevant_region::Asked::parse_all(
            &request.relevant_regions,
            "relevant_regions",
            &request.region_code,
            MOST_RELEVANT_REGIONS,
            &mut violations,
        );
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let regions = regions.iter().map(|region| region.find(&edition));
        let wanted = Wanted {
            themes: &request.theme_ids,
            figures: Figures::new(&edition, basis, period, &request.universe_id)?,
            method,
            regions: regions.collect::<Result<_, _>>()?,
        };
        for id in &request.theme_ids {
            lookup::theme(&edition, id)?;
        }
        let region = lookup::region_of(&edition, &request.region_code, period)?;
        if wanted.is_default() {
            return Ok(Response::new(
                edition.profile(region.0, || profile::profile(&edition, region, &wanted))?,
            ));
        }
        Ok(Response::new(profile::profile(&edition, region, &wanted)?))
    }

    async fn get_trend(&self, request: Request<v1::GetTrendRequest>) -> Answer<v1::GetTrendResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let id = violations.required("indicator_id", &request.indicator_id, 100, "low_theft");
        violations.region_or_group(&request.region_code, &request.group_id);
        let basis = violations.basis(request.basis);
        let span = violations.span(&request.from_period, &request.to_period);
        let method = violations.grade_method(request.grade_method);
        violations.universe(&request.universe_id);
        let borders = violations.borders(&request.borders, &request.universe_id, basis);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let indicator = lookup::indicator(&edition, id)?;
        let followed = if request.group_id.is_empty() {
            let (place, region) = match borders {
                None => lookup::region(&edition, &request.region_code)?,
                year => borders::region(&edition, &request.region_code, None, year)?,
            };
            Followed::Region(place, region)
        } else {
            Followed::Group(lookup::group(&edition, &request.group_id)?)
        };
        let answer = trend::trend(
            &edition,
            indicator,
            followed,
            &trend::Asked {
                basis,
                span,
                among: lookup::among(&edition, &request.universe_id)?,
                universe: &request.universe_id,
                borders,
                method,
            },
        )?;
        Ok(Response::new(answer))
    }
}

/// Fills in what the edition holds for one indicator and region, or why there is nothing. A former municipality has figures
/// of a period that was asked for by name. The ranking comes with whether places in it mean something.
fn observation(
    edition: &Snapshot,
    indicator: Option<&Indicator>,
    (table, has_places): (Option<&RankingTable>, bool),
    (period, borders): (Option<&str>, Option<&str>),
    mut item: v1::ObservationItem,
) -> v1::ObservationItem {
    let region = edition.region(&item.region_code);
    let status = match (indicator, region) {
        (None, _) => v1::ItemStatus::Unknown,
        (Some(_), None) => match RegionCode::parse(&item.region_code) {
            Ok(code) if code.is_municipality() => v1::ItemStatus::NoData,
            _ => v1::ItemStatus::Unknown,
        },
        (Some(_), Some((_, region)))
            if !borders.map_or_else(
                || lookup::has_figures_of(region, period),
                |year| region.existed_on(year),
            ) =>
        {
            // Of a former one without a period the present is asked.
            let asked = borders.or(period);
            let status = asked.map_or(v1::ItemStatus::Retired, |day| render::not_existing(region, day));
            if let (v1::ItemStatus::Retired, [only]) = (status, region.successors.as_slice()) {
                item.successor_code.clone_from(&only.code);
            }
            status
        }
        (Some(_), Some((place, region))) => match table.map(|table| (table, table.row(place))) {
            Some((table, Some((_, row)))) => {
                item.period.clone_from(&table.period);
                item.basis = render::basis(table.basis).into();
                item.value = row.value;
                item.observation_status = render::observation_status(row.status).into();
                item.origin = render::observation_origin(row.origin).into();
                // Among municipalities of which some have lost their figure nobody has a place.
                if has_places {
                    item.position = Some(row.standing.position);
                    item.n = table.n;
                }
                item.recast = borders::recast(edition, table, place);
                item.column_inferred = table.column_inferred;
                item.source_id = table.source_of(place).to_owned();
                v1::ItemStatus::Ok
            }
            Some((table, None)) => {
                let absent = table.absent.get(&place);
                if absent.is_some() {
                    item.period.clone_from(&table.period);
                    item.basis = render::basis(table.basis).into();
                    item.source_id.clone_from(&table.source);
                }
                item.observation_status = render::observation_status(absent.copied()).into();
                if borders::is_not_recastable(table, place) {
                    v1::ItemStatus::NotRecastable
                } else {
                    render::absence_in(table, (place, region))
                }
            }
            None => v1::ItemStatus::NoData,
        },
    };
    item.status = status.into();
    item
}
