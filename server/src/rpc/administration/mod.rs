//! AdminService: changes of what is served. On a listener of its own, never on that of the questions.

mod group;
mod receive;
mod render;
mod request;

use std::{sync::Arc, time::Duration};

use groeikern::{server::admin_service_server::AdminService, v1};
use tonic::{Request, Streaming, async_trait};

use super::{
    Answer, Edition, Failure, answer,
    metadata::Metadata,
    pages::{Page, Paged},
    request::Violations,
};
use crate::{
    administration::{Administrator, Published},
    snapshot::LoadedEditions,
};

/// What the pages of a list that is of no edition are bound to.
const NO_EDITION: &str = "0000000000000000";

/// The changes of one server, and what it serves.
#[derive(Debug, Clone)]
pub struct Changes {
    administrator: Administrator,
    editions: Arc<LoadedEditions<Edition>>,
    /// How long an upload may be silent.
    silence: Duration,
}

impl Changes {
    /// Changes by this administrator, shown by these editions; an upload may be silent for this long.
    #[must_use]
    pub fn new(
        administrator: Administrator,
        editions: Arc<LoadedEditions<Edition>>,
        silence: Duration,
    ) -> Self {
        Self {
            administrator,
            editions,
            silence,
        }
    }

    fn metadata(&self) -> Option<v1::ResponseMetadata> {
        Metadata::edition(&self.editions.current())
    }

    /// What was published, once this server serves it.
    async fn shown(&self, published: &Published) -> Option<v1::Publication> {
        if published.is_new
            && let Err(error) = self.editions.refresh().await
        {
            // It is published all the same; the next look at the shelf says what is wrong.
            tracing::error!(%error, "what was published cannot be served yet");
        }
        Some(render::publication(&published.record))
    }
}

/// The list is of the shelf, not of an edition.
impl Paged for v1::ListImportsRequest {
    const RPC: &'static str = "ListImports";

    fn edition(&self) -> &str {
        ""
    }

    fn page(&self) -> (i32, &str) {
        (self.page_size, &self.page_token)
    }

    fn without_page(self) -> Self {
        Self {
            state: self.state,
            ..Self::default()
        }
    }

    fn without_edition(self) -> Self {
        self
    }
}

#[async_trait]
impl AdminService for Changes {
    async fn import_source(
        &self,
        request: Request<Streaming<v1::ImportSourceRequest>>,
    ) -> Answer<v1::ImportSourceResponse> {
        let mut parts = receive::Parts::of(request.into_inner(), self.silence);
        let request = request::import(parts.header().await?)?;
        let mut upload = self.administrator.begin_upload(&request).map_err(Failure::from)?;
        while let Some(chunk) = parts.chunk().await? {
            upload
                .take(chunk.file_index, chunk.data.into())
                .await
                .map_err(Failure::from)?;
        }
        let (record, state) = self
            .administrator
            .import(request, upload)
            .await
            .map_err(Failure::from)?;
        answer(v1::ImportSourceResponse {
            metadata: self.metadata(),
            import: Some(render::import(&record, state)),
        })
    }

    async fn get_import(&self, request: Request<v1::GetImportRequest>) -> Answer<v1::GetImportResponse> {
        let mut violations = Violations::new();
        let id = request::id(&mut violations, "import_id", &request.into_inner().import_id);
        violations.finish()?;
        let (record, state) = match id {
            Some(id) => self.administrator.import_of(&id).await.map_err(Failure::from)?,
            None => return Err(Failure::internal("a violation was lost").into()),
        };
        answer(v1::GetImportResponse {
            metadata: self.metadata(),
            import: Some(render::import(&record, state)),
        })
    }

    async fn list_imports(
        &self,
        request: Request<v1::ListImportsRequest>,
    ) -> Answer<v1::ListImportsResponse> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let page = Page::parse(&request, &mut violations);
        let state = request::state(&mut violations, request.state);
        violations.finish()?;
        let mut imports = self.administrator.imports().await.map_err(Failure::from)?;
        imports.reverse();
        if let Some(state) = state {
            imports.retain(|(_, found)| render::state(*found) == state);
        }
        let (shown, next_page_token) = page.cut(NO_EDITION, &imports, |(record, _)| record.id.clone())?;
        answer(v1::ListImportsResponse {
            metadata: self.metadata(),
            imports: shown
                .iter()
                .map(|(record, state)| render::listed(record, *state))
                .collect(),
            next_page_token,
        })
    }

    async fn publish_edition(
        &self,
        request: Request<v1::PublishEditionRequest>,
    ) -> Answer<v1::PublishEditionResponse> {
        let request = request::publish(request.into_inner())?;
        let published = self.administrator.publish(request).await.map_err(Failure::from)?;
        let publication = self.shown(&published).await;
        answer(v1::PublishEditionResponse {
            metadata: self.metadata(),
            publication,
        })
    }

    async fn rollback_edition(
        &self,
        request: Request<v1::RollbackEditionRequest>,
    ) -> Answer<v1::RollbackEditionResponse> {
        let request = request::roll_back(request.into_inner())?;
        let published = self
            .administrator
            .roll_back(request)
            .await
            .map_err(Failure::from)?;
        let publication = self.shown(&published).await;
        answer(v1::RollbackEditionResponse {
            metadata: self.metadata(),
            publication,
        })
    }

    async fn define_group(
        &self,
        request: Request<v1::DefineGroupRequest>,
    ) -> Answer<v1::DefineGroupResponse> {
        let served = self.editions.current();
        let (request, members) = group::definition(&request.into_inner(), &served)?;
        let mut upload = self.administrator.begin_upload(&request).map_err(Failure::from)?;
        upload.take(0, members.into()).await.map_err(Failure::from)?;
        let imported = self.administrator.import(request, upload).await;
        let (record, state) = imported.map_err(Failure::from)?;
        answer(v1::DefineGroupResponse {
            metadata: self.metadata(),
            import: Some(render::import(&record, state)),
        })
    }
}
