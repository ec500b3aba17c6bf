//! The parts of an upload, in the only order that makes sense.

use std::time::Duration;

use groeikern::v1::{self, import_source_request::Part};
use tokio::time::timeout;
use tonic::Streaming;

use crate::rpc::Failure;

/// An upload as it comes.
pub(super) struct Parts {
    stream: Streaming<v1::ImportSourceRequest>,
    silence: Duration,
}

impl Parts {
    /// The parts of a stream that may be silent for so long.
    pub(super) fn of(stream: Streaming<v1::ImportSourceRequest>, silence: Duration) -> Self {
        Self { stream, silence }
    }

    /// The header, which comes first.
    pub(super) async fn header(&mut self) -> Result<v1::ImportHeader, Failure> {
        match self.next().await? {
            Some(Part::Header(header)) => Ok(header),
            Some(Part::Chunk(_)) | None => Err(Failure::upload(
                "header",
                "is missing: the first message says what is imported, then the bytes of its files follow",
            )),
        }
    }

    /// The next chunk; nothing after the last.
    pub(super) async fn chunk(&mut self) -> Result<Option<v1::ImportChunk>, Failure> {
        match self.next().await? {
            Some(Part::Chunk(chunk)) => Ok(Some(chunk)),
            Some(Part::Header(_)) => Err(Failure::upload(
                "header",
                "came again: send it once, before all chunks",
            )),
            None => Ok(None),
        }
    }

    async fn next(&mut self) -> Result<Option<Part>, Failure> {
        let silence = self.silence;
        let message = timeout(silence, self.stream.message())
            .await
            .map_err(|_| Failure::request_incomplete(silence))?;
        match message {
            Ok(None) => Ok(None),
            Ok(Some(message)) => message.part.map(Some).ok_or_else(|| {
                Failure::upload(
                    "part",
                    "is missing: every message is a header or a chunk of this contract",
                )
            }),
            // A connection that broke off, or a message that is larger than any may be.
            Err(status) => Err(Failure::upload(
                "part",
                format!(
                    "cannot be read ({}): send chunks of at most 1 MiB",
                    status.message()
                ),
            )),
        }
    }
}
