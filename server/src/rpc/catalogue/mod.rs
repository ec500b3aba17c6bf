//! CatalogueService: what an edition knows about.

mod coverage;
mod method;
mod regions;
mod universes;

use groeikern::{server::catalogue_service_server::CatalogueService, v1};
use tonic::{Request, async_trait};

use super::{
    Answer, Answers, answer, lookup,
    metadata::Metadata,
    pages::{Page, paged},
    render,
    request::Violations,
};
use crate::{
    domain::{Group, Indicator, MembershipBasis, Theme},
    method::count,
    snapshot::{CatalogueKind, SearchHit, Snapshot},
};

paged!(v1::ListThemesRequest, "ListThemes");
paged!(v1::ListIndicatorsRequest, "ListIndicators");
paged!(v1::ListRegionsRequest, "ListRegions");
paged!(v1::ListGroupsRequest, "ListGroups");
paged!(v1::SearchCatalogueRequest, "SearchCatalogue", 20);
paged!(v1::GetCoverageRequest, "GetCoverage");

#[async_trait]
impl CatalogueService for Answers {
    async fn list_themes(&self, request: Request<v1::ListThemesRequest>) -> Answer<v1::ListThemesResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        violations.finish()?;

        let edition = page.edition(self).await?;
        let (themes, next_page_token) = page.cut(edition.id(), &edition.themes, |theme| theme.id.clone())?;
        answer(v1::ListThemesResponse {
            metadata: Metadata::catalogue(&edition),
            themes: themes.iter().map(theme).collect(),
            next_page_token,
        })
    }

    async fn list_indicators(
        &self,
        request: Request<v1::ListIndicatorsRequest>,
    ) -> Answer<v1::ListIndicatorsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        let kind = violations.indicator_kind(request.kind);
        violations.finish()?;

        let edition = page.edition(self).await?;
        let (theme, block) = (request.theme_id.as_str(), request.block_id.as_str());
        if !theme.is_empty() {
            lookup::theme(&edition, theme)?;
        }
        if !block.is_empty() {
            lookup::block(&edition, block)?;
        }
        let wanted = |indicator: &Indicator| {
            (theme.is_empty() || indicator.theme == theme)
                && (block.is_empty() || indicator.block.as_deref() == Some(block))
                && kind.is_none_or(|kind| indicator.kind == kind)
        };
        let all = edition.indicators.iter().enumerate();
        let found: Vec<_> = all.filter(|(_, indicator)| wanted(indicator)).collect();
        let (indicators, next_page_token) =
            page.cut(edition.id(), &found, |(_, indicator)| indicator.id.clone())?;
        answer(v1::ListIndicatorsResponse {
            metadata: Metadata::catalogue(&edition),
            indicators: indicators
                .iter()
                .map(|found| indicator(&edition, *found))
                .collect(),
            next_page_token,
        })
    }

    async fn get_indicator(
        &self,
        request: Request<v1::GetIndicatorRequest>,
    ) -> Answer<v1::GetIndicatorResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let id = violations.required("indicator_id", &request.indicator_id, 100, "low_theft");
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let found = lookup::indicator(&edition, id)?;
        let mut metadata = Metadata::of(&edition);
        metadata.quote_all();
        metadata.indicator(found.1);
        answer(v1::GetIndicatorResponse {
            metadata: metadata.finish(),
            indicator: Some(indicator(&edition, found)),
        })
    }

    async fn list_regions(
        &self,
        request: Request<v1::ListRegionsRequest>,
    ) -> Answer<v1::ListRegionsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        violations.day("borders", &request.borders);
        violations.finish()?;

        let edition = page.edition(self).await?;
        let found = regions::wanted(&edition, &request)?;
        let (rows, next_page_token) = page.cut(edition.id(), &found, |region| region.code.clone())?;
        answer(v1::ListRegionsResponse {
            metadata: Metadata::catalogue(&edition),
            regions: rows.iter().map(|found| regions::region(found)).collect(),
            next_page_token,
        })
    }

    async fn get_region(&self, request: Request<v1::GetRegionRequest>) -> Answer<v1::GetRegionResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        violations.region_code("region_code", &request.region_code);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let (_, found) = lookup::region(&edition, &request.region_code)?;
        answer(v1::GetRegionResponse {
            metadata: regions::metadata(&edition, found),
            region: Some(regions::region(found)),
            history: found.history.iter().map(regions::event).collect(),
        })
    }

    async fn resolve_region(
        &self,
        request: Request<v1::ResolveRegionRequest>,
    ) -> Answer<v1::ResolveRegionResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let typed = violations.required("text", &request.text, 100, "capelle ad ijssel");
        violations.day("at", &request.at);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        answer(regions::resolve(&edition, typed, &request.at)?)
    }

    async fn list_groups(&self, request: Request<v1::ListGroupsRequest>) -> Answer<v1::ListGroupsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        violations.finish()?;

        let edition = page.edition(self).await?;
        let (groups, next_page_token) = page.cut(edition.id(), &edition.groups, |group| group.id.clone())?;
        answer(v1::ListGroupsResponse {
            metadata: Metadata::catalogue(&edition),
            groups: groups.iter().map(group).collect(),
            next_page_token,
        })
    }

    async fn get_group(&self, request: Request<v1::GetGroupRequest>) -> Answer<v1::GetGroupResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let id = violations.required("group_id", &request.group_id, 100, "nta_new_towns");
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let found = lookup::group(&edition, id)?;
        answer(v1::GetGroupResponse {
            metadata: Metadata::catalogue(&edition),
            group: Some(group(found)),
        })
    }

    async fn search_catalogue(
        &self,
        request: Request<v1::SearchCatalogueRequest>,
    ) -> Answer<v1::SearchCatalogueResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        let query = violations.required("query", &request.query, 100, "diefstal");
        let kinds = violations.catalogue_kinds(&request.kinds);
        violations.finish()?;

        let edition = page.edition(self).await?;
        let mut found = edition.search(query);
        found.retain(|hit| kinds.is_empty() || kinds.contains(&hit.kind));
        let key = |hit: &SearchHit<'_>| format!("{:?}/{}", hit.kind, hit.id);
        let (hits, next_page_token) = page.cut(edition.id(), &found, key)?;
        answer(v1::SearchCatalogueResponse {
            metadata: Metadata::catalogue(&edition),
            hits: hits.iter().map(search_hit).collect(),
            next_page_token,
        })
    }

    async fn get_coverage(
        &self,
        request: Request<v1::GetCoverageRequest>,
    ) -> Answer<v1::GetCoverageResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        violations.ids("indicator_ids", &request.indicator_ids, 0, 500, "low_theft");
        violations.ids("theme_ids", &request.theme_ids, 0, 100, "social_cohesion");
        let basis = violations.basis(request.basis);
        let period = violations.period(&request.period);
        if !request.region_code.is_empty() {
            violations.region_code("region_code", &request.region_code);
        }
        violations.finish()?;

        let edition = page.edition(self).await?;
        let asked = coverage::Asked::read(&edition, &request, basis, period)?;
        let found: Vec<usize> = (0..edition.indicators.len())
            .filter(|place| asked.wants(&edition.indicators[*place]))
            .collect();
        let id = |place: &usize| edition.indicators[*place].id.clone();
        let (places, next_page_token) = page.cut(edition.id(), &found, id)?;
        answer(v1::GetCoverageResponse {
            metadata: Metadata::catalogue(&edition),
            rows: places.iter().map(|place| asked.row(&edition, *place)).collect(),
            next_page_token,
        })
    }

    async fn list_universes(
        &self,
        request: Request<v1::ListUniversesRequest>,
    ) -> Answer<v1::ListUniversesResponse> {
        let edition = self.edition(&request.into_inner().edition).await?;
        answer(v1::ListUniversesResponse {
            metadata: Metadata::catalogue(&edition),
            universes: universes::all(&edition),
        })
    }

    async fn get_universe(
        &self,
        request: Request<v1::GetUniverseRequest>,
    ) -> Answer<v1::GetUniverseResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        violations.required("universe_id", &request.universe_id, 100, "municipalities_2020");
        violations.year(&request.year);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        answer(v1::GetUniverseResponse {
            metadata: Metadata::catalogue(&edition),
            ..universes::one(&edition, &request)?
        })
    }

    async fn get_method(&self, request: Request<v1::GetMethodRequest>) -> Answer<v1::GetMethodResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        violations.ids("section_ids", &request.section_ids, 0, 100, "position");
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        answer(method::answer(&edition, &request.section_ids)?)
    }
}

fn theme(theme: &Theme) -> v1::Theme {
    let blocks = theme.blocks.iter().map(|block| v1::Block {
        id: block.id.clone(),
        name: render::text(&block.name),
        note: render::optional_text(block.note.as_ref()),
    });
    v1::Theme {
        id: theme.id.clone(),
        name: render::text(&theme.name),
        section: theme.section.clone(),
        blocks: blocks.collect(),
    }
}

fn indicator(edition: &Snapshot, (place, indicator): (usize, &Indicator)) -> v1::Indicator {
    let availability = edition.rankings(place).iter().map(|table| v1::Availability {
        basis: render::basis(table.basis).into(),
        period: table.period.clone(),
        n: table.n,
        known: count(table.rows.len()),
        published_means: count(table.means.len()),
        source_id: table.source.clone(),
    });
    v1::Indicator {
        id: indicator.id.clone(),
        name: render::text(&indicator.name),
        theme_id: indicator.theme.clone(),
        block_id: indicator.block.clone().unwrap_or_default(),
        kind: render::kind(indicator.kind).into(),
        kind_basis: render::kind_basis(indicator.kind_basis).into(),
        polarity: render::polarity(indicator).into(),
        unit: render::optional_text(indicator.unit.as_ref()),
        decimals: indicator.decimals,
        section: indicator.section.clone(),
        figure: indicator.figure.clone().unwrap_or_default(),
        origin_category: indicator.origin,
        part_ids: indicator.parts.clone(),
        stated: render::optional_text(indicator.stated.as_ref()),
        note: render::optional_text(indicator.note.as_ref()),
        availability: availability.collect(),
        polarity_reason: render::optional_text(indicator.polarity_reason.as_ref()),
        denominator_id: indicator.denominator.clone().unwrap_or_default(),
        proxy_for_id: indicator
            .proxy
            .as_ref()
            .map(|proxy| proxy.indicator.clone())
            .unwrap_or_default(),
        proxy_reason: render::optional_text(indicator.proxy.as_ref().map(|proxy| &proxy.reason)),
        children: indicator
            .children
            .iter()
            .map(|child| v1::IndicatorChild {
                indicator_id: child.indicator.clone(),
                weight: child.weight,
            })
            .collect(),
    }
}

fn group(group: &Group) -> v1::Group {
    let members = group.members.iter().map(|member| v1::GroupMember {
        region: Some(v1::RegionRef {
            code: member.code.clone(),
            name: member.name.clone(),
        }),
        valid_from: member.valid_from.clone().unwrap_or_default(),
        last_day: member.valid_to.clone().unwrap_or_default(),
        former_code: member.former_code.clone().unwrap_or_default(),
        note: render::optional_text(member.note.as_ref()),
    });
    let membership_basis = match group.membership {
        MembershipBasis::Stated => v1::MembershipBasis::Stated,
        MembershipBasis::Unverified => v1::MembershipBasis::Unverified,
    };
    v1::Group {
        id: group.id.clone(),
        name: render::text(&group.name),
        membership_basis: membership_basis.into(),
        section: group.section.clone(),
        note: render::optional_text(group.note.as_ref()),
        members: members.collect(),
    }
}

fn search_hit(hit: &SearchHit<'_>) -> v1::SearchHit {
    let kind = match hit.kind {
        CatalogueKind::Indicator => v1::CatalogueKind::Indicator,
        CatalogueKind::Region => v1::CatalogueKind::Region,
        CatalogueKind::Group => v1::CatalogueKind::Group,
        CatalogueKind::Theme => v1::CatalogueKind::Theme,
        CatalogueKind::Recommendation => v1::CatalogueKind::Recommendation,
    };
    v1::SearchHit {
        kind: kind.into(),
        id: hit.id.to_owned(),
        name: render::text(&hit.name),
        score: hit.score,
    }
}
