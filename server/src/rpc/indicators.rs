//! IndicatorService: figures of municipalities.

use groeikern::{Encoded, server::indicator_service_server::IndicatorService, v1};
use tonic::{Request, Response, async_trait};

use super::{
    Answer, Answers, Edition, Failure, answer, lookup, metadata::Metadata, render, request::Violations,
};
use crate::{
    domain::{Basis, Indicator, RegionCode},
    snapshot::{RankingTable, Snapshot},
};

/// Items of one answer at most.
const MOST_COMBINATIONS: usize = 5000;

#[async_trait]
impl IndicatorService for Answers {
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
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let mut metadata = Metadata::of(&edition);
        metadata.quote_all();
        let mut items = Vec::with_capacity(indicators.len() * regions.len());
        for id in indicators {
            let known = edition.indicator(id);
            let table = known.and_then(|(place, _)| edition.ranking(place, basis, period));
            if let (Some((_, indicator)), Some(table)) = (known, table) {
                metadata.ranking(indicator, table);
            }
            for code in regions {
                let item = v1::ObservationItem {
                    indicator_id: id.clone(),
                    region_code: code.clone(),
                    ..Default::default()
                };
                items.push(observation(
                    &edition,
                    known.map(|(_, indicator)| indicator),
                    table,
                    item,
                ));
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
        let method = violations.grade_method(request.grade_method);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        for id in &request.theme_ids {
            lookup::theme(&edition, id)?;
        }
        let (place, region) = lookup::present_region(&edition, &request.region_code)?;
        if !has_figures(&edition, place, basis) {
            return Err(
                Failure::no_data_for_subject(&region.code, &edition.manifest.name, basis.is_some()).into(),
            );
        }
        let mut metadata = Metadata::of(&edition);
        metadata.quote_all();
        metadata.general_source_caveats();
        let mut rows = Vec::new();
        let wanted = |indicator: &Indicator| {
            request.theme_ids.is_empty() || request.theme_ids.contains(&indicator.theme)
        };
        for (of_indicator, indicator) in edition.indicators.iter().enumerate().filter(|(_, i)| wanted(i)) {
            let Some(table) = edition.ranking(of_indicator, basis, None) else {
                Edition::profile_row_without_figures(indicator, &mut rows);
                continue;
            };
            let own = profile_row(table, place, method);
            if own.status() == v1::ItemStatus::Ok {
                metadata.ranking(indicator, table);
            }
            edition.profile_row(indicator, table, &own, method, &mut rows);
        }
        let head = v1::GetProfileResponse {
            metadata: metadata.finish(),
            region: render::region_ref(region),
            rows: Vec::new(),
        };
        Ok(Response::new(Encoded::with_fields(&head, [rows.as_slice()])))
    }
}

/// Fills in what the edition holds for one indicator and region, or why there is nothing.
fn observation(
    edition: &Snapshot,
    indicator: Option<&Indicator>,
    table: Option<&RankingTable>,
    mut item: v1::ObservationItem,
) -> v1::ObservationItem {
    let region = edition.region(&item.region_code);
    let status = match (indicator, region) {
        (None, _) => v1::ItemStatus::Unknown,
        (Some(_), None) => match RegionCode::parse(&item.region_code) {
            Ok(code) if code.is_municipality() => v1::ItemStatus::NoData,
            _ => v1::ItemStatus::Unknown,
        },
        (Some(_), Some((_, region))) if region.is_former() => {
            if let [only] = region.successors.as_slice() {
                item.successor_code.clone_from(&only.code);
            }
            v1::ItemStatus::Retired
        }
        (Some(_), Some((place, _))) => match table.map(|table| (table, table.row(place))) {
            Some((table, Some((_, row)))) => {
                item.period.clone_from(&table.period);
                item.basis = render::basis(table.basis).into();
                item.value = row.value;
                item.observation_status = render::observation_status(row.status).into();
                item.origin = render::observation_origin(row.origin).into();
                item.position = Some(row.standing.position);
                item.n = table.n;
                item.column_inferred = table.column_inferred;
                item.source_id.clone_from(&table.source);
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
                render::absence(absent)
            }
            None => v1::ItemStatus::NoData,
        },
    };
    item.status = status.into();
    item
}

/// Whether any ranking of this basis knows the region.
fn has_figures(edition: &Snapshot, region: usize, basis: Option<Basis>) -> bool {
    (0..edition.indicators.len())
        .filter_map(|indicator| edition.ranking(indicator, basis, None))
        .any(|table| table.row(region).is_some() || table.absent.contains_key(&region))
}

/// The fields of a profile row that are the municipality's own.
fn profile_row(
    table: &RankingTable,
    region: usize,
    method: Option<crate::method::GradeMethod>,
) -> v1::ProfileRow {
    match table.row(region) {
        Some((place, row)) => v1::ProfileRow {
            ranking: None,
            status: v1::ItemStatus::Ok.into(),
            standing: render::standing(&table.standing_of_row(place, method), table.scale()),
            value: row.value,
            observation_status: render::observation_status(row.status).into(),
        },
        None => {
            let absent = table.absent.get(&region);
            v1::ProfileRow {
                status: render::absence(absent).into(),
                observation_status: render::observation_status(absent.copied()).into(),
                ..Default::default()
            }
        }
    }
}
