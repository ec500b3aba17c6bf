//! One event: the current edition, and the verdicts that changed since the one seen last.

use std::sync::Arc;

use groeikern::v1::{self, EditionComparison, ErrorReason};
use prost::Message;

use super::Watched;
use crate::{
    edition::shelf::Manifest,
    method::count,
    rpc::{
        Answers, Edition, Failure,
        editions::{difference::parts, summary},
        metadata::Metadata,
        render,
    },
    snapshot::{ChangedVerdict, RangeBasis, Verdicts},
};

/// The length of the changes in a message from which the next one begins, in bytes.
const LONG: usize = 200_000;

/// The edition that was seen last.
pub(super) struct Seen {
    sequence: u64,
    /// Its id; `None` where only its number is known.
    id: Option<String>,
}

impl Seen {
    /// What a client says that it saw.
    pub(super) fn after(sequence: u64) -> Option<Self> {
        (sequence > 0).then_some(Self { sequence, id: None })
    }

    pub(super) fn edition(edition: &Edition) -> Self {
        Self {
            sequence: edition.manifest.sequence,
            id: Some(edition.id().to_owned()),
        }
    }

    /// The publication of it, while the shelf names one: under its number, or another of the same edition.
    fn publication(&self, answers: &Answers) -> Option<Manifest> {
        let publications = answers.editions.publications();
        let is_seen = |manifest: &&Manifest| match &self.id {
            Some(id) => manifest.id() == id,
            None => manifest.sequence == self.sequence,
        };
        publications.iter().rev().find(is_seen).cloned()
    }
}

/// The messages of an event.
pub(super) async fn messages(
    answers: &Answers,
    watched: &Watched,
    seen: Option<&Seen>,
    current: &Arc<Edition>,
    is_first: bool,
) -> Result<Vec<v1::WatchEditionsResponse>, Failure> {
    let mut head = v1::WatchEditionsResponse {
        metadata: is_first.then(|| Metadata::comparison(current)).flatten(),
        edition: Some(summary(&current.manifest, current)),
        comparison: EditionComparison::None.into(),
        ..Default::default()
    };
    let Some(seen) = seen else {
        return Ok(vec![head]);
    };
    let publication = seen.publication(answers);
    let known = publication.as_ref().map(|manifest| v1::EditionSummary {
        // Under the number that was seen.
        sequence: seen.sequence,
        ..summary(manifest, current)
    });
    head.previous = known.or_else(|| {
        Some(v1::EditionSummary {
            sequence: seen.sequence,
            ..Default::default()
        })
    });
    let id = seen
        .id
        .clone()
        .or(publication.map(|manifest| manifest.id().to_owned()));
    let comparison = match id {
        None => Err(EditionComparison::Gone),
        Some(id) if id == current.id() => Err(EditionComparison::Same),
        Some(id) => load(answers, &id).await,
    };
    match comparison {
        Ok(base) => {
            let verdicts = answers
                .comparisons
                .verdicts((&base, current), &answers.runs)
                .await?;
            Ok(compared(head, (&base, current), watched, &verdicts))
        }
        Err(comparison) => {
            head.comparison = comparison.into();
            Ok(vec![head])
        }
    }
}

/// An edition that may have to be loaded first; or why it cannot be compared with.
async fn load(answers: &Answers, id: &str) -> Result<Arc<Edition>, EditionComparison> {
    let loaded = answers.edition_once_loaded(id).await;
    loaded.map_err(|failure| match failure.reason() {
        ErrorReason::EditionGone | ErrorReason::UnknownEdition => EditionComparison::Gone,
        reason => {
            tracing::warn!(edition = id, ?reason, "an edition cannot be compared with");
            EditionComparison::Unreadable
        }
    })
}

/// The messages of an event whose editions were compared: as many as their changes need.
fn compared(
    head: v1::WatchEditionsResponse,
    (base, now): (&Edition, &Edition),
    watched: &Watched,
    verdicts: &Verdicts,
) -> Vec<v1::WatchEditionsResponse> {
    let chosen = verdicts.changed.iter().filter(|changed| {
        let indicator = &now.indicators[changed.indicator().1].id;
        (watched.regions.is_empty() || watched.regions.contains(changed.code(now)))
            && (watched.indicators.is_empty() || watched.indicators.contains(indicator))
    });
    let (within, beyond): (Vec<&ChangedVerdict>, Vec<&ChangedVerdict>) =
        chosen.partition(|changed| changed.is_within_range());
    let message = || v1::WatchEditionsResponse {
        metadata: None,
        comparison: EditionComparison::Compared.into(),
        continued: true,
        ..head.clone()
    };
    let mut messages = vec![v1::WatchEditionsResponse {
        metadata: head.metadata.clone(),
        ..message()
    }];
    let mut length = 0;
    for changed in beyond {
        let change = change((base, now), changed);
        let own = change.encoded_len();
        if length > 0 && length + own > LONG {
            messages.push(message());
            length = 0;
        }
        length += own;
        if let Some(last) = messages.last_mut() {
            last.changes.push(change);
        }
    }
    if let Some(last) = messages.last_mut() {
        last.continued = false;
        last.within_range = count(within.len());
        let compared = Verdicts::compared(base, now, &watched.indicators, &watched.regions);
        last.compared = count(compared);
    }
    messages
}

fn change((base, now): (&Edition, &Edition), changed: &ChangedVerdict) -> v1::VerdictChange {
    let indicator = changed.indicator();
    let (base_standing, standing) = match changed {
        ChangedVerdict::Moved { moved, .. } => (Some(moved.standing.0), Some(moved.standing.1)),
        ChangedVerdict::Lost(one) => (Some(one.standing), None),
        ChangedVerdict::Gained(one) => (None, Some(one.standing)),
    };
    let code = changed.code(now);
    let region = now.region(code).or_else(|| base.region(code));
    let mut message = v1::VerdictChange {
        indicator: render::indicator_ref(&now.indicators[indicator.1]),
        region: region.and_then(|(_, region)| render::region_ref(region)),
        ..Default::default()
    };
    if let ChangedVerdict::Moved { moved, range } = changed {
        message.parts = Some(parts(moved));
        if let Some((basis, range)) = range {
            message.range = match basis {
                RangeBasis::Rounding => v1::PositionRange::Rounding,
                RangeBasis::Weights => v1::PositionRange::Weights,
            }
            .into();
            (message.range_from, message.range_to) = (*range.start(), *range.end());
        }
    }
    if let Some(before) = base.ranking(indicator.0, None, None) {
        message.base_standing =
            base_standing.and_then(|standing| render::standing(&standing, before.scale()));
        message.base_n = before.n;
        message.base_period.clone_from(&before.period);
    }
    if let Some(after) = now.ranking(indicator.1, None, None) {
        message.standing = standing.and_then(|standing| render::standing(&standing, after.scale()));
        message.n = after.n;
        message.period.clone_from(&after.period);
    }
    message
}
