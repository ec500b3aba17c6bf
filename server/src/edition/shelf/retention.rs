//! What stays on a shelf: the latest editions, and those somebody names. The rest is taken away.
//!
//! First the publications, then the files that none of those left names. Whenever that is broken off, what is published has its
//! file: at worst a file stays that nothing names, and the next run takes it away. Publishers wait meanwhile, see
//! [`turns`](super::turns).

#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use object_store::{ObjectStore, ObjectStoreExt, path::Path as StorePath};
use tokio_stream::StreamExt;

use super::{Manifest, Shelf, ShelfError, blob_path, manifest_path, nearest_to, store_error};

/// How old a file must be that nothing names before it is taken for what somebody left behind: a server of an earlier version
/// takes no turns, and may just be writing it.
const LEFT_BEHIND_AFTER: Duration = Duration::from_secs(3600);

/// Which editions stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// So many of those published last, the current one among them; one that was published twice counts once.
    pub latest: NonZeroUsize,
    /// These as well, by id or name; of a name all that have it.
    pub also: Vec<String>,
    /// Look only.
    pub dry_run: bool,
}

/// What retention did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retained {
    /// Publications that stay, oldest first.
    pub kept: Vec<Manifest>,
    /// Publications that were taken away, oldest first.
    pub removed: Vec<Manifest>,
    /// Files that were taken away, publications themselves aside.
    pub files: Vec<RemovedFile>,
}

/// A file that was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedFile {
    /// Its path on the shelf.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

/// Why nothing, or not all, was taken away. What is published has its file all the same.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// No publication has the id or name of an edition that is to stay.
    #[error(
        "no edition on the shelf has the id or name `{asked}`, so nothing was taken away{}",
        super::rollback::nearest_of(.nearest)
    )]
    Unknown {
        /// What was asked for.
        asked: String,
        /// Names and ids near to it.
        nearest: Vec<String>,
    },
    /// The shelf cannot be read or written; or a publication is damaged, and which file it names is not known.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
}

impl Shelf {
    /// Takes away what need not stay: publications of other editions, the files that none of those left names, and what killed
    /// writers left behind more than an hour ago. Servers that have such an edition in memory go on with it.
    ///
    /// # Errors
    /// [`RetentionError`].
    pub async fn retain(&self, retention: &Retention) -> Result<Retained, RetentionError> {
        let _turn = match retention.dry_run {
            false => Some(self.turns.to_take_away().await?),
            true => None,
        };
        let mut publications = Vec::new();
        for sequence in self.all_sequences().await? {
            publications.push(self.manifest(sequence).await?);
        }
        let staying = staying(&publications, retention)?;
        let (kept, removed): (Vec<Manifest>, Vec<Manifest>) = publications
            .into_iter()
            .partition(|manifest| staying.contains(manifest.id()));
        let mut files = self.unnamed_files(&kept, &removed).await?;
        let leftovers = self.leftovers().map_err(store_error)?;
        if !retention.dry_run {
            for manifest in &removed {
                remove(self.store.as_ref(), &manifest_path(manifest.sequence)).await?;
            }
            for file in &files {
                remove(self.store.as_ref(), &StorePath::from(file.path.as_str())).await?;
            }
            for (path, _) in &leftovers {
                remove_leftover(path).map_err(store_error)?;
            }
        }
        files.extend(leftovers.into_iter().map(|(_, file)| file));
        Ok(Retained { kept, removed, files })
    }

    /// The editions that no publication left names: those of publications to be taken away, and old ones that none ever named.
    async fn unnamed_files(
        &self,
        kept: &[Manifest],
        removed: &[Manifest],
    ) -> Result<Vec<RemovedFile>, ShelfError> {
        let paths = |manifests: &[Manifest]| -> HashSet<StorePath> {
            let paths = manifests.iter().map(|manifest| blob_path(&manifest.file_sha256));
            paths.collect()
        };
        let (kept, removed) = (paths(kept), paths(removed));
        let mut listing = self.store.list(Some(&StorePath::from("blobs")));
        let mut unnamed = Vec::new();
        while let Some(object) = listing.next().await {
            let object = object?;
            let is_ours = object.location.filename().is_some_and(is_hash);
            let is_unnamed = !kept.contains(&object.location);
            let may_go = || removed.contains(&object.location) || is_old(object.last_modified.into());
            if is_ours && is_unnamed && may_go() {
                unnamed.push(RemovedFile {
                    path: object.location.to_string(),
                    bytes: object.size,
                });
            }
        }
        unnamed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(unnamed)
    }

    /// What writers left that were killed before they had given a file its name.
    fn leftovers(&self) -> io::Result<Vec<(PathBuf, RemovedFile)>> {
        let mut found = Vec::new();
        let Some(root) = self.turns.directory() else {
            return Ok(found);
        };
        for (folder, is_leftover) in [
            ("blobs", is_unfinished as fn(&str) -> bool),
            ("manifests", is_unfinished),
            ("tables", is_unfinished),
            ("imports", is_unfinished),
            ("publications", is_unfinished),
            ("", |name| name.starts_with(".writable-")),
        ] {
            let entries = match fs::read_dir(root.join(folder)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                if !is_leftover(&name) {
                    continue;
                }
                let about = match entry.metadata() {
                    // Its writer is done with it.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    about => about?,
                };
                if about.is_file() && is_old(about.modified()?) {
                    let path = Path::new(folder).join(&name).display().to_string();
                    let bytes = about.len();
                    found.push((entry.path(), RemovedFile { path, bytes }));
                }
            }
        }
        found.sort_by(|(_, a), (_, b)| a.path.cmp(&b.path));
        Ok(found)
    }
}

/// The ids of the editions that stay.
fn staying(publications: &[Manifest], retention: &Retention) -> Result<HashSet<String>, RetentionError> {
    let mut staying = HashSet::new();
    for manifest in publications.iter().rev() {
        if staying.len() < retention.latest.get() {
            staying.insert(manifest.id().to_owned());
        }
    }
    for asked in &retention.also {
        let named = publications.iter().filter(|manifest| manifest.is_called(asked));
        let mut named = named.map(|manifest| manifest.id().to_owned()).peekable();
        if named.peek().is_none() {
            return Err(RetentionError::Unknown {
                asked: asked.clone(),
                nearest: nearest_to(publications, asked),
            });
        }
        staying.extend(named);
    }
    Ok(staying)
}

/// The name of an edition's file.
fn is_hash(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A file is written under its name, `#` and a number, before it gets that name.
fn is_unfinished(name: &str) -> bool {
    let Some((name, number)) = name.rsplit_once('#') else {
        return false;
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && (is_hash(name) || name.ends_with(".json"))
}

/// Whether nobody can be writing a file any more that was last changed then. One from the future is young.
fn is_old(changed: SystemTime) -> bool {
    changed.elapsed().is_ok_and(|age| age > LEFT_BEHIND_AFTER)
}

/// Takes a file away that may have gone already.
async fn remove(store: &dyn ObjectStore, path: &StorePath) -> Result<(), ShelfError> {
    match store.delete(path).await {
        Err(object_store::Error::NotFound { .. }) => Ok(()),
        removed => Ok(removed?),
    }
}

fn remove_leftover(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
