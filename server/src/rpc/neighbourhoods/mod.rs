//! NeighbourhoodService: what the figures of districts hide.

mod found;
mod masking;
mod messages;

use std::{sync::Arc, vec::IntoIter};

use groeikern::{Encoded, server::neighbourhood_service_server::NeighbourhoodService, v1};
use tokio_stream::Iter;
use tonic::{Request, Response, Status, async_trait};

use super::{Answers, Failure, request::Violations};
use masking::Asked;

/// The messages of one answer, made before the first is sent: the deadline is about all the work.
type Messages = Iter<IntoIter<Result<Encoded<v1::DetectMaskingResponse>, Status>>>;

#[async_trait]
impl NeighbourhoodService for Answers {
    type DetectMaskingStream = Messages;

    async fn detect_masking(
        &self,
        request: Request<v1::DetectMaskingRequest>,
    ) -> Result<Response<Messages>, Status> {
        let request = request.into_inner();
        let mut violations = Violations::new();
        let form = masking::Form::parse(&request, &mut violations);
        violations.finish()?;

        let edition = self.edition(&request.edition).await?;
        let asked = Asked::of(form, &edition)?;
        let run = self.runs.begin().await?;
        let edition = Arc::clone(&edition);
        let made = run
            .split(1, move |_, going| masking::detect(&edition, &asked, going))
            .await?;
        let messages = made.into_iter().next().unwrap_or_else(|| Ok(Vec::new()))?;
        let messages: Vec<Result<_, Status>> = messages.into_iter().map(Ok).collect();
        Ok(Response::new(tokio_stream::iter(messages)))
    }
}
