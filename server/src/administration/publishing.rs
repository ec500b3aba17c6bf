//! What waits -> the next edition, and the way back.

use std::collections::BTreeMap;

use tokio::runtime::Handle;

use super::{AdministrationError, Administrator, ImportRecord, ImportState, PublicationRecord, records};
use crate::{
    domain::RequestId,
    edition::shelf::{Manifest, RequestMark, RollbackError, ShelfError},
    import::{ImportChange, NextEdition},
    snapshot::Snapshot,
};

/// What is to be published.
#[derive(Debug, Clone)]
pub struct PublishRequest {
    /// Id of the request.
    pub id: RequestId,
    /// The imports to take, in order; none for all that wait.
    pub imports: Vec<RequestId>,
    /// Imports that are not to be taken, now or later.
    pub set_aside: Vec<RequestId>,
    /// Recipes that are left out.
    pub without: Vec<String>,
    /// Label of the edition.
    pub name: Option<String>,
    /// The number that is to be current still.
    pub expected_sequence: Option<u64>,
    /// Nothing is published.
    pub validate_only: bool,
}

/// What is to be current again.
#[derive(Debug, Clone)]
pub struct RollbackRequest {
    /// Id of the request.
    pub id: RequestId,
    /// The edition, by id or name.
    pub edition: String,
    /// The number that is to be current still.
    pub expected_sequence: Option<u64>,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its record.
    pub record: PublicationRecord,
    /// Whether it changed what is current just now.
    pub is_new: bool,
}

impl Administrator {
    /// Publishes the current edition with imports. The same request again gets the same answer.
    ///
    /// # Errors
    /// [`AdministrationError`]; a conflict when somebody else published in between.
    pub async fn publish(&self, request: PublishRequest) -> Result<Published, AdministrationError> {
        self.require_lasting()?;
        let fingerprint = fingerprint(&request);
        let place = self.place().await?;
        if let Some(earlier) = self.earlier(&request.id, &fingerprint).await? {
            return Ok(earlier);
        }
        let after = self.require_sequence(request.expected_sequence).await?;
        let imports = self.chosen(&request).await?;
        let mut kept = Vec::new();
        for record in &imports {
            kept.push(self.kept(record.clone()).await?);
        }
        let (shelf, without, name) = (self.shelf.clone(), request.without.clone(), request.name.clone());
        let next = place
            .work(move |stopped| {
                let units = kept.into_iter().map(|kept| kept.read(stopped));
                let change = ImportChange {
                    units: units.collect::<Result<_, _>>()?,
                    without,
                    name,
                };
                let next = Handle::current().block_on(NextEdition::make(&shelf, change))?;
                // Nothing is published that servers could not load.
                Snapshot::check(&next.file)?;
                Ok(next)
            })
            .await?;
        // What waits, and what the caller expects, was looked at before minutes of reading.
        if next.after() != after {
            return Err(AdministrationError::Conflict {
                current: next.after(),
            });
        }
        let ids = |ids: &[RequestId]| ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>();
        let mark = RequestMark {
            id: request.id.as_str().to_owned(),
            fingerprint,
            imports: imports.iter().map(|record| record.id.clone()).collect(),
            set_aside: ids(&request.set_aside),
        };
        for fewer in &next.no_longer_listed {
            tracing::warn!("{fewer}");
        }
        let publishes = !next.is_current && !request.validate_only;
        let manifest = if publishes {
            let published = next.publish_for(&self.shelf, mark.clone()).await;
            self.or_conflict(published).await?
        } else {
            Manifest::of(&next.file, next.after(), None)
        };
        let record = PublicationRecord {
            published: publishes,
            replaced: next.replaced,
            left_out: next.left_out,
            ..PublicationRecord::of(&manifest, &mark)
        };
        // Also when nothing changed: asked again after others have published, it is answered and not done.
        if !request.validate_only {
            self.records.keep_publication(&request.id, &record).await?;
        }
        Ok(Published {
            record,
            is_new: publishes,
        })
    }

    /// Goes back to an earlier edition, by a publication that names it. The same request again gets the same answer.
    ///
    /// # Errors
    /// [`AdministrationError`]; a conflict when somebody else published in between.
    pub async fn roll_back(&self, request: RollbackRequest) -> Result<Published, AdministrationError> {
        self.require_lasting()?;
        let fingerprint = records::fingerprint(&BTreeMap::from([
            ("change", vec!["roll back".to_owned()]),
            ("edition", vec![request.edition.clone()]),
        ]));
        let _place = self.place().await?;
        if let Some(earlier) = self.earlier(&request.id, &fingerprint).await? {
            return Ok(earlier);
        }
        let after = self.require_sequence(request.expected_sequence).await?;
        let mark = RequestMark {
            id: request.id.as_str().to_owned(),
            fingerprint,
            imports: Vec::new(),
            set_aside: Vec::new(),
        };
        let restored = self
            .shelf
            .republish_for(&request.edition, after, mark.clone())
            .await;
        let (manifest, publishes) = match restored {
            Ok(manifest) => (manifest, true),
            // Who names it by its id, or by a name that only it has, means it: there is nothing to do.
            Err(RollbackError::AlreadyCurrent { current, earlier })
                if earlier.is_empty() || request.edition == current.id() =>
            {
                (*current, false)
            }
            Err(RollbackError::Shelf(error)) => (self.or_conflict(Err(error)).await?, true),
            Err(error) => return Err(AdministrationError::Rollback(error)),
        };
        let record = PublicationRecord {
            published: publishes,
            ..PublicationRecord::of(&manifest, &mark)
        };
        self.records.keep_publication(&request.id, &record).await?;
        Ok(Published {
            record,
            is_new: publishes,
        })
    }

    /// What an earlier request of this id published.
    async fn earlier(
        &self,
        id: &RequestId,
        fingerprint: &str,
    ) -> Result<Option<Published>, AdministrationError> {
        self.records.catch_up().await?;
        match self.records.publication(id).await? {
            Some(record) if record.fingerprint == fingerprint => Ok(Some(Published {
                record,
                is_new: false,
            })),
            Some(_) => Err(AdministrationError::Reused(id.clone())),
            None => Ok(None),
        }
    }

    /// The number that the caller takes for current is.
    async fn require_sequence(&self, expected: Option<u64>) -> Result<u64, AdministrationError> {
        let current = self.shelf.current_sequence().await?.unwrap_or(0);
        match expected {
            Some(expected) if expected != current => Err(AdministrationError::Conflict { current }),
            _ => Ok(current),
        }
    }

    /// What was published, or which publication was first.
    async fn or_conflict(
        &self,
        published: Result<Manifest, ShelfError>,
    ) -> Result<Manifest, AdministrationError> {
        match published {
            Err(ShelfError::PublishConflict { sequence }) => Err(AdministrationError::Conflict {
                current: self.shelf.current_sequence().await?.unwrap_or(sequence),
            }),
            published => Ok(published?),
        }
    }

    /// The imports that a request takes.
    async fn chosen(&self, request: &PublishRequest) -> Result<Vec<ImportRecord>, AdministrationError> {
        for id in &request.set_aside {
            self.known(id).await?;
        }
        if !request.imports.is_empty() {
            let mut chosen = Vec::new();
            for id in &request.imports {
                chosen.push(self.known(id).await?);
            }
            return Ok(chosen);
        }
        let all = self.imports().await?.into_iter();
        let is_set_aside =
            |record: &ImportRecord| request.set_aside.iter().any(|id| id.as_str() == record.id);
        let waiting = all.filter(|(record, state)| *state == ImportState::Pending && !is_set_aside(record));
        Ok(waiting.map(|(record, _)| record).collect())
    }

    pub(super) async fn known(&self, id: &RequestId) -> Result<ImportRecord, AdministrationError> {
        let record = self.records.import(id).await?;
        record.ok_or_else(|| AdministrationError::UnknownImport(id.clone()))
    }
}

/// Of what was asked for, not of what was current then.
fn fingerprint(request: &PublishRequest) -> String {
    let ids = |ids: &[RequestId]| ids.iter().map(|id| id.as_str().to_owned()).collect::<Vec<_>>();
    records::fingerprint(&BTreeMap::from([
        ("change", vec!["publish".to_owned()]),
        ("imports", ids(&request.imports)),
        ("set_aside", ids(&request.set_aside)),
        ("without", request.without.clone()),
        ("name", request.name.iter().cloned().collect()),
    ]))
}
