//! EditionService: the states of data and knowledge that can be asked.

mod comparisons;
mod difference;
mod watching;

use std::collections::HashSet;

use groeikern::{server::edition_service_server::EditionService, v1};
use tonic::{Request, Response, Status, async_trait};

use super::{
    Answer, Answers, Edition, Failure, answer,
    metadata::Metadata,
    pages::{Page, Paged},
    render,
    request::Violations,
};
pub(super) use comparisons::Comparisons;
pub use watching::ConnectedSince;
pub(super) use watching::Watches;

use crate::{
    domain::{ImportedUnit, Source},
    edition::shelf::Manifest,
    method::count,
};

/// The list is of the shelf, not of one edition: its pages are bound to what is current when they begin.
impl Paged for v1::ListEditionsRequest {
    const RPC: &'static str = "ListEditions";

    fn edition(&self) -> &str {
        ""
    }

    fn page(&self) -> (i32, &str) {
        (self.page_size, &self.page_token)
    }

    fn without_page(self) -> Self {
        Self::default()
    }

    fn without_edition(self) -> Self {
        self
    }
}

#[async_trait]
impl EditionService for Answers {
    async fn list_editions(
        &self,
        request: Request<v1::ListEditionsRequest>,
    ) -> Answer<v1::ListEditionsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        violations.finish()?;

        let current = self.editions.current();
        if page.bound_to().is_some_and(|edition| edition != current.id()) {
            return Err(Failure::page_token(v1::ErrorReason::PageTokenMismatch).into());
        }
        let publications = self.editions.publications();
        let mut listed = HashSet::new();
        let latest_of_each: Vec<&Manifest> = publications
            .iter()
            .rev()
            .filter(|manifest| listed.insert(manifest.id()))
            .collect();
        let (editions, next_page_token) =
            page.cut(current.id(), &latest_of_each, |manifest| manifest.id().to_owned())?;
        answer(v1::ListEditionsResponse {
            metadata: Metadata::edition(&current),
            editions: editions
                .iter()
                .map(|manifest| summary(manifest, &current))
                .collect(),
            next_page_token,
        })
    }

    async fn get_edition(&self, request: Request<v1::GetEditionRequest>) -> Answer<v1::GetEditionResponse> {
        let edition = self.edition(&request.into_inner().edition).await?;
        answer(v1::GetEditionResponse {
            metadata: Metadata::edition(&edition),
            edition: Some(in_full(&edition, &self.editions.current())),
        })
    }

    async fn diff_editions(
        &self,
        request: Request<v1::DiffEditionsRequest>,
    ) -> Answer<v1::DiffEditionsResponse> {
        answer(difference::answer(self, request.into_inner()).await?)
    }

    type WatchEditionsStream = watching::Events;

    async fn watch_editions(
        &self,
        request: Request<v1::WatchEditionsRequest>,
    ) -> Result<Response<watching::Events>, Status> {
        let since = request.extensions().get::<ConnectedSince>().copied();
        let events = watching::begin(self, request.into_inner(), since).await?;
        Ok(Response::new(events))
    }
}

/// An edition in full.
pub(super) fn in_full(edition: &Edition, current: &Edition) -> v1::Edition {
    v1::Edition {
        summary: Some(summary(&edition.manifest, current)),
        title: render::text(&edition.title),
        sources: edition
            .sources
            .iter()
            .map(|known| source(edition, known))
            .collect(),
        counts: Some(counts(edition)),
        universe: Some(render::universe(edition.published_universe())),
        import_units: edition.import_units.iter().map(import_unit).collect(),
    }
}

fn summary(manifest: &Manifest, current: &Edition) -> v1::EditionSummary {
    v1::EditionSummary {
        id: manifest.id().to_owned(),
        name: manifest.name.clone(),
        content_hash: manifest.content_hash.clone(),
        file_sha256: manifest.file_sha256.clone(),
        schema_version: manifest.schema_version,
        method_version: manifest.method_version.clone(),
        sequence: manifest.sequence,
        size_bytes: manifest.bytes,
        current: manifest.id() == current.id(),
        restores: manifest.restores,
    }
}

fn source(edition: &Edition, source: &Source) -> v1::Source {
    v1::Source {
        id: source.id.clone(),
        title: render::text(&source.title),
        publisher: source.publisher.clone(),
        year: source.year.clone(),
        attribution: render::text(&source.attribution),
        licence: edition.licence_of(&source.id).unwrap_or_default().to_owned(),
    }
}

fn import_unit(unit: &ImportedUnit) -> v1::ImportUnit {
    v1::ImportUnit {
        recipe_id: unit.recipe.clone(),
        period: unit.period.clone(),
        source_version: unit.source_version.clone(),
        retrieved: unit.retrieved.clone(),
        file_sha256: unit.file_sha256.clone(),
        recipe_sha256: unit.recipe_sha256.clone(),
        values: unit.values,
        without_value: unit.without_value,
    }
}

fn counts(edition: &Edition) -> v1::EditionCounts {
    let indicators = 0..edition.indicators.len();
    let printed = indicators
        .flat_map(|place| edition.rankings(place))
        .filter(|table| !table.has_values());
    let (positions, means) = printed.fold((0, 0), |(rows, means), table| {
        (rows + table.rows.len(), means + table.means.len())
    });
    v1::EditionCounts {
        indicators: count(edition.indicators.len()),
        regions: count(
            edition
                .regions
                .iter()
                .filter(|region| !region.is_former())
                .count(),
        ),
        groups: count(edition.groups.len()),
        observations: edition.observations,
        published_positions: count(positions),
        published_means: count(means),
        mechanisms: count(edition.knowledge.mechanisms.len()),
        recommendations: count(edition.knowledge.recommendations.len()),
    }
}
