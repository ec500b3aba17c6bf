//! RankingService: where municipalities and groups stand.

mod comparison;
mod similar;
mod what_if;

use groeikern::{server::ranking_service_server::RankingService, v1};
use tonic::{Request, Response, async_trait};

use super::{
    Answer, Answers, answer, borders, composites,
    lookup::{self, Figures},
    pages::{Page, paged},
    prepared::{Places, Shown},
    render,
    request::Violations,
};
use crate::snapshot::RankingTable;

/// Municipalities like another that are listed when no number is asked for.
const DEFAULT_NEIGHBOURS: usize = 10;

paged!(v1::RankRegionsRequest, "RankRegions", 400);
paged!(v1::RankCompositeRequest, "RankComposite", 400);

#[async_trait]
impl RankingService for Answers {
    async fn rank_regions(
        &self,
        request: Request<v1::RankRegionsRequest>,
    ) -> Answer<v1::RankRegionsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        let id = violations.required("indicator_id", &request.indicator_id, 100, "low_theft");
        let basis = violations.basis(request.basis);
        let period = violations.period(&request.period);
        let method = violations.grade_method(request.grade_method);
        violations.universe(&request.universe_id);
        let borders = violations.borders(&request.borders, &request.universe_id, basis);
        violations.finish()?;

        let edition = page.edition(self).await?;
        let found = lookup::indicator(&edition, id)?;
        let group = lookup::optional_group(&edition, &request.group_id)?;
        let figures = Figures::new(&edition, basis, period, &request.universe_id)?;
        let answering = borders::ranking(&edition, &figures, found, borders)?;
        let table: &RankingTable = &answering;
        let code_at = |place: usize| edition.regions[table.rows[place].region].code.as_str();
        let listed_of_group: Vec<usize>;
        let (places, next_page_token) = if let Some(group) = group {
            let members = edition.places_of(group, table.vintage());
            let rows: Vec<usize> = members
                .iter()
                .filter_map(|&member| Some(table.row(member)?.0))
                .collect();
            let listed = |place: &usize| rows.contains(place);
            listed_of_group = (0..table.rows.len()).filter(listed).collect();
            let (places, next) =
                page.cut(edition.id(), &listed_of_group, |&place| code_at(place).to_owned())?;
            (Places::Each(places), next)
        } else {
            let (places, next) =
                page.places(edition.id(), table.rows.len(), |place| code_at(place).to_owned())?;
            (Places::Run(places), next)
        };

        let (published_means, shown) = if page.is_first() {
            (edition.published_means(table, method), Shown::ListAndMeans)
        } else {
            (Vec::new(), Shown::List)
        };
        let head = v1::RankRegionsResponse {
            published_means,
            next_page_token,
            ..Default::default()
        };
        Ok(Response::new(edition.ranked(
            &head,
            (found.1, table),
            places,
            method,
            (shown, group),
        )))
    }

    async fn get_position(
        &self,
        request: Request<v1::GetPositionRequest>,
    ) -> Answer<v1::GetPositionResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let id = violations.required("indicator_id", &request.indicator_id, 100, "low_theft");
        violations.region_code("region_code", &request.region_code);
        let basis = violations.basis(request.basis);
        let period = violations.period(&request.period);
        let method = violations.grade_method(request.grade_method);
        let neighbours = violations.rows("neighbours", request.neighbours, 50);
        violations.universe(&request.universe_id);
        let borders = violations.borders(&request.borders, &request.universe_id, basis);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let found = lookup::indicator(&edition, id)?;
        let region = borders::region(&edition, &request.region_code, period, borders)?;
        let figures = Figures::new(&edition, basis, period, &request.universe_id)?;
        let answering = borders::ranking(&edition, &figures, found, borders)?;
        let table: &RankingTable = &answering;
        let Some((place, _)) = table.row(region.0) else {
            let failure = borders::no_figure(&edition, table, region);
            return Err(failure
                .unwrap_or_else(|| figures.no_position(table, region, found.1))
                .into());
        };
        let rows = |places: std::ops::Range<usize>| {
            places
                .map(|place| render::ranked_region(&edition, table, place, method))
                .collect()
        };
        let head = v1::GetPositionResponse {
            before: rows(place.saturating_sub(neighbours)..place),
            after: rows(place + 1..(place + 1 + neighbours).min(table.rows.len())),
            ..Default::default()
        };
        let shown = if neighbours > 0 { Shown::List } else { Shown::One };
        Ok(Response::new(edition.ranked(
            &head,
            (found.1, table),
            Places::Each(&[place]),
            method,
            (shown, None),
        )))
    }

    async fn compare_groups(
        &self,
        request: Request<v1::CompareGroupsRequest>,
    ) -> Answer<v1::CompareGroupsResponse> {
        let request = request.into_inner();
        let chosen = comparison::Chosen::parse(&request)?;
        let edition = self.edition(&request.edition).await?;
        answer(comparison::compare(&edition, &request, &chosen)?)
    }

    async fn rank_composite(
        &self,
        request: Request<v1::RankCompositeRequest>,
    ) -> Answer<v1::RankCompositeResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        let asked = composites::Asked::parse(&request, &mut violations);
        violations.finish()?;

        let edition = page.edition(self).await?;
        answer(composites::rank(&edition, &asked, &page)?)
    }

    async fn analyse_sensitivity(
        &self,
        request: Request<v1::AnalyseSensitivityRequest>,
    ) -> Answer<v1::AnalyseSensitivityResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let asked = composites::sensitivity::Asked::parse(&request, &mut violations);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        answer(composites::sensitivity::analyse(&edition, &asked, &self.runs).await?)
    }

    async fn find_similar_regions(
        &self,
        request: Request<v1::FindSimilarRegionsRequest>,
    ) -> Answer<v1::FindSimilarRegionsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        violations.region_code("region_code", &request.region_code);
        similar::check_weights(&mut violations, &request);
        violations.ids("theme_ids", &request.theme_ids, 0, 100, "social_cohesion");
        let basis = violations.basis_of_values(request.basis);
        let period = violations.period(&request.period);
        let limit = match violations.rows("limit", request.limit, 100) {
            0 => DEFAULT_NEIGHBOURS,
            limit => limit,
        };
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let region = lookup::region_of(&edition, &request.region_code, period)?;
        let asked = similar::Asked {
            indicators: &request.indicators,
            themes: &request.theme_ids,
            figures: Figures::new(&edition, basis, period, "")?,
            limit,
            group: lookup::optional_group(&edition, &request.group_id)?,
        };
        answer(similar::similar(&edition, region, &asked)?)
    }

    async fn simulate_change(
        &self,
        request: Request<v1::SimulateChangeRequest>,
    ) -> Answer<v1::SimulateChangeResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        violations.region_code("region_code", &request.region_code);
        let changes = what_if::changes(&mut violations, &request.changes);
        let wanted = what_if::wanted(&mut violations, &request.wanted);
        let composite = what_if::composite(&mut violations, &request);
        if request.changes.is_empty() && request.wanted.is_empty() && request.composite.is_none() {
            violations.add("changes", "needs a change, or `wanted` something wanted");
        }
        let basis = violations.basis_of_values(request.basis);
        let period = violations.period(&request.period);
        let universe = violations.universe(&request.universe_id);
        if !universe.is_empty() && what_if::asks_of_a_group(&request) {
            violations.add(
                "universe_id",
                "stands beside the mean of a group, which is of municipalities and not of units: leave one of the two out",
            );
        }
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let region = lookup::region_of(&edition, &request.region_code, period)?;
        let asked = what_if::Asked {
            changes: &changes,
            wanted: &wanted,
            composite,
            figures: Figures::new(&edition, basis, period, universe)?,
            group: lookup::optional_group(&edition, &request.group_id)?,
        };
        answer(what_if::what_if(&edition, region, &asked)?)
    }
}
