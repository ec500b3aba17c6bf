//! New editions while the server runs.

use std::{sync::Arc, time::Duration};

use crate::snapshot::{LoadedEditions, Prepared};

/// How often a server looks at its shelf.
pub const FOLLOW_EVERY: Duration = Duration::from_secs(2);

/// Looks at the shelf every so often and serves what is current there. Never ends; a shelf that cannot be read changes nothing
/// in what is served, and is logged when that begins and ends.
pub async fn follow<P: Prepared>(editions: Arc<LoadedEditions<P>>, every: Duration) {
    let mut failing = false;
    loop {
        tokio::time::sleep(every).await;
        match editions.refresh().await {
            Ok(Some(edition)) => {
                tracing::info!(
                    edition = edition.id(),
                    name = edition.manifest.name,
                    "serving a new edition"
                );
                failing = false;
            }
            Ok(None) => {
                if std::mem::take(&mut failing) {
                    tracing::info!("the shelf can be read again");
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    let edition = editions.current();
                    tracing::error!(%error, edition = edition.id(), "no new edition can be read; the present one stays");
                }
            }
        }
    }
}
