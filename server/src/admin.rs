//! The listener of changes, as the options and the shelf allow it.

use std::{env, sync::Arc};

use groeikern_server::{
    administration::Administrator,
    edition::shelf::Shelf,
    rpc::{Changes, Edition},
    serve::{
        Administration,
        admin_socket::{self, AdminSocket},
    },
    snapshot::LoadedEditions,
};

use crate::{Failure, config::Serve};

/// The listener of changes. A socket that was asked for has to be there; without one at the usual place a server serves all the
/// same, and says why.
pub(crate) async fn open(
    options: &Serve,
    shelf: Shelf,
    editions: Arc<LoadedEditions<Edition>>,
) -> Result<Option<Administration>, Failure> {
    if options.admin.no_admin {
        return Ok(None);
    }
    let data = options.data.path();
    let asked_for = options.admin.admin_socket.clone();
    let is_usual = asked_for.is_none();
    // A directory that is not written holds no socket either.
    let usual = data.as_ref().filter(|_| shelf.lasts() && shelf.is_writable());
    let Some(path) = asked_for.or_else(|| Some(usual?.join(admin_socket::FILE_NAME))) else {
        tracing::info!("no changes are taken: there is no data directory that this server can write");
        return Ok(None);
    };
    let socket = match AdminSocket::bind(&path) {
        Ok(socket) => socket,
        Err(error) if is_usual => {
            tracing::warn!(%error, "no changes are taken");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    tracing::info!(socket = %socket.path().display(), "taking changes");
    let folder = data.filter(|_| shelf.lasts()).unwrap_or_else(env::temp_dir);
    let administrator = Administrator::new(shelf, folder, options.admin.max_upload);
    if let Err(error) = administrator.catch_up().await {
        tracing::warn!(%error, "what was published before is not wholly on record");
    }
    let limits = options.admin.limits();
    Ok(Some(Administration {
        changes: Changes::new(administrator, editions, limits.silence),
        socket,
        limits,
    }))
}
