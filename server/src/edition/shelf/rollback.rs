//! Going back to an edition that was published before: a new publication that names its file.

#[cfg(test)]
mod tests;

use super::{Manifest, RequestMark, Shelf, ShelfError, nearest_to, next_sequence};
use crate::edition::{self, EditionError};

/// Why a shelf did not go back to an edition. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RollbackError {
    /// No publication has this id or name.
    #[error("no edition on the shelf has the id or name `{asked}`{}", nearest_of(.nearest))]
    Unknown {
        /// What was asked for.
        asked: String,
        /// Names and ids near to it.
        nearest: Vec<String>,
    },
    /// It is what is current already.
    #[error("{} ({}) is the current edition already{}", .current.name, .current.id(), earlier_of(.earlier))]
    AlreadyCurrent {
        /// The current publication.
        current: Box<Manifest>,
        /// Ids of earlier editions of that name, latest first.
        earlier: Vec<String>,
    },
    /// Its file is not what was published, or no server of this version can read it.
    #[error("edition {id} cannot be made current again: {cause}")]
    Edition {
        /// Its id.
        id: String,
        /// What is wrong with it.
        cause: EditionError,
    },
    /// The shelf cannot be read or written, its file is gone, or somebody else published first.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

pub(super) fn nearest_of(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!("; near are {}", names.join(", ")),
    }
}

fn earlier_of(ids: &[String]) -> String {
    match ids {
        [] => String::new(),
        ids => format!(
            "; earlier ones of that name are {}: name one by its id",
            ids.join(", ")
        ),
    }
}

impl Shelf {
    /// Makes an edition current that was published before, by id or name: of several with one name, the one published last. All
    /// of its file is checked first. The publication gets the number after `after`, the highest that the caller knows of.
    ///
    /// # Errors
    /// [`RollbackError`]; as for [`publish`](Self::publish) when another publisher takes the number.
    pub async fn republish(&self, asked: &str, after: u64) -> Result<Manifest, RollbackError> {
        self.republish_with(asked, after, None).await
    }

    /// The same for a request that has an id, which the publication keeps.
    ///
    /// # Errors
    /// As for [`republish`](Self::republish).
    pub async fn republish_for(
        &self,
        asked: &str,
        after: u64,
        request: RequestMark,
    ) -> Result<Manifest, RollbackError> {
        self.republish_with(asked, after, Some(request)).await
    }

    async fn republish_with(
        &self,
        asked: &str,
        after: u64,
        request: Option<RequestMark>,
    ) -> Result<Manifest, RollbackError> {
        let sequence = next_sequence(after)?;
        // Held until the publication stands: nobody takes the file away after it was found whole.
        let _turn = self.turns.to_add().await?;
        let publications = self.manifests().await?;
        let restored = find(&publications, asked)?;
        if let Some(current) = publications.last()
            && self.current_sequence().await? == Some(current.sequence)
            && current.content_hash == restored.content_hash
            && current.name == restored.name
        {
            return Err(RollbackError::AlreadyCurrent {
                earlier: earlier_of_name(&publications, current),
                current: Box::new(current.clone()),
            });
        }
        self.require_whole(restored).await?;
        let publication = Manifest {
            sequence,
            restores: Some(restored.sequence),
            request: request.map(Box::new),
            ..restored.clone()
        };
        Ok(self.write(publication).await?)
    }

    /// The file of a publication, and all that it says of itself, are as they were published.
    async fn require_whole(&self, manifest: &Manifest) -> Result<(), RollbackError> {
        let location = self.locate(manifest).await?;
        let (file_sha256, content_hash) = (manifest.file_sha256.clone(), manifest.content_hash.clone());
        let verified =
            tokio::task::spawn_blocking(move || edition::verify(&location, &file_sha256, &content_hash));
        let interrupted = |error| EditionError::Io(std::io::Error::other(error));
        let verified = verified.await.unwrap_or_else(|error| Err(interrupted(error)));
        verified.map_err(|cause| RollbackError::Edition {
            id: manifest.id().to_owned(),
            cause,
        })
    }
}

/// The publication asked for by id or name, the latest of several.
fn find<'p>(publications: &'p [Manifest], asked: &str) -> Result<&'p Manifest, RollbackError> {
    let mut latest_first = publications.iter().rev();
    let found = latest_first.find(|manifest| manifest.is_called(asked));
    found.ok_or_else(|| RollbackError::Unknown {
        asked: asked.to_owned(),
        nearest: nearest_to(publications, asked),
    })
}

/// Ids of other editions that are called as the current one, latest first.
fn earlier_of_name(publications: &[Manifest], current: &Manifest) -> Vec<String> {
    let mut earlier = Vec::new();
    for manifest in publications.iter().rev() {
        let id = manifest.id().to_owned();
        if manifest.name == current.name && id != current.id() && !earlier.contains(&id) {
            earlier.push(id);
        }
    }
    earlier
}
