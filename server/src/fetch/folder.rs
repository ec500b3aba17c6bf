//! The folder of a table while it is fetched: beside the one that stands, whose place it takes when it is whole.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{
    edition::content_hash::hex,
    import::{FetchedFile, FolderManifest, MANIFEST, odata::first_visible},
};

use super::{client::Sink, error::FetchError};

/// The file beside the pages that says which of them are whole.
const STATE: &str = "fetching.json";

/// How far fetching came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) source: String,
    pub(super) version: String,
    pub(super) observations_modified: String,
    pub(super) filters: Vec<Option<String>>,
    /// Those that are there whole, in order.
    pub(super) pages: Vec<Page>,
}

/// A page that is there whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Page {
    pub(super) file: FetchedFile,
    /// Which of the filters it is of.
    pub(super) filter: usize,
    /// The address of the one after it, of the same filter.
    pub(super) next: Option<String>,
}

impl State {
    /// Whether pages of one belong with pages of the other.
    pub(super) fn is_of_the_same_table_as(&self, other: &Self) -> bool {
        let facts = |state: &Self| {
            (
                state.source.clone(),
                state.version.clone(),
                state.observations_modified.clone(),
                state.filters.clone(),
            )
        };
        facts(self) == facts(other)
    }
}

/// A folder that is being filled.
pub(super) struct Filling {
    /// Where the whole one will stand.
    folder: PathBuf,
    /// Where it is filled.
    beside: PathBuf,
    /// Held as long as this run.
    _lock: File,
}

impl Filling {
    /// Begins, or goes on where an earlier run ended.
    pub(super) fn begin(folder: &Path) -> Result<Self, FetchError> {
        let beside = with_suffix(folder, "part");
        fs::create_dir_all(&beside).map_err(at(&beside))?;
        let path = with_suffix(folder, "lock");
        let lock = File::create(&path).map_err(at(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(FetchError::Busy {
                    folder: folder.to_path_buf(),
                });
            }
            Err(TryLockError::Error(cause)) => return Err(at(&path)(cause)),
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            beside,
            _lock: lock,
        })
    }

    /// Throws away what was fetched.
    pub(super) fn clear(&self) -> Result<(), FetchError> {
        fs::remove_dir_all(&self.beside)
            .and_then(|()| fs::create_dir_all(&self.beside))
            .map_err(at(&self.beside))
    }

    /// Where the whole one stands, or will.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The manifest of the folder that stands, if its files are those that it lists.
    pub(super) fn standing(&self) -> Option<FolderManifest> {
        let manifest: FolderManifest = read_json(&self.folder.join(MANIFEST))?;
        let is_whole = |file: &FetchedFile| kept(&self.folder, file).is_some();
        manifest.files.iter().all(is_whole).then_some(manifest)
    }

    /// How far an earlier run came.
    pub(super) fn state(&self) -> Option<State> {
        read_json(&self.beside.join(STATE))
    }

    pub(super) fn keep_state(&self, state: &State) -> Result<(), FetchError> {
        self.keep_json(STATE, state)
    }

    fn keep_json(&self, name: &str, value: &impl Serialize) -> Result<(), FetchError> {
        let text =
            serde_json::to_vec_pretty(value).map_err(|error| at(&self.beside.join(name))(error.into()))?;
        self.keep(name, &text).map(|_| ())
    }

    /// Keeps a file under its name, whole or not at all.
    pub(super) fn keep(&self, name: &str, bytes: &[u8]) -> Result<FetchedFile, FetchError> {
        let mut file = self.new_file(name)?;
        file.take(bytes).map_err(at(&self.beside.join(name)))?;
        self.finish(file)
    }

    /// A file that is not under its name until it is finished.
    pub(super) fn new_file(&self, name: &str) -> Result<NewFile, FetchError> {
        let path = self.beside.join(format!("{name}.part"));
        let file = File::create(&path).map_err(at(&path))?;
        Ok(NewFile {
            name: name.to_owned(),
            path,
            file,
            sha256: Sha256::new(),
            bytes: 0,
            begins_with: None,
        })
    }

    pub(super) fn finish(&self, new: NewFile) -> Result<FetchedFile, FetchError> {
        let path = self.beside.join(&new.name);
        new.file
            .sync_all()
            .and_then(|()| fs::rename(&new.path, &path))
            .map_err(at(&path))?;
        Ok(FetchedFile {
            name: new.name,
            bytes: new.bytes,
            sha256: hex(&new.sha256.finalize()),
        })
    }

    /// A page that an earlier run kept, if it is still what it was.
    pub(super) fn kept(&self, file: &FetchedFile) -> Option<Vec<u8>> {
        kept(&self.beside, file)
    }

    /// Makes it whole: nothing of an earlier run is left in it, but how far fetching came until it takes its place. Gives
    /// where it is.
    pub(super) fn complete(&self, manifest: &FolderManifest) -> Result<&Path, FetchError> {
        self.keep_json(MANIFEST, manifest)?;
        let is_part = |name: &str| {
            [MANIFEST, STATE].contains(&name) || manifest.files.iter().any(|file| file.name == name)
        };
        for entry in fs::read_dir(&self.beside).map_err(at(&self.beside))? {
            let entry = entry.map_err(at(&self.beside))?;
            if !is_part(&entry.file_name().to_string_lossy()) {
                fs::remove_file(entry.path()).map_err(at(&entry.path()))?;
            }
        }
        Ok(&self.beside)
    }

    /// Puts the folder in the place of the one that stands. There is always one of the two.
    pub(super) fn put_in_place(self) -> Result<(), FetchError> {
        let state = self.beside.join(STATE);
        fs::remove_file(&state).map_err(at(&state))?;
        sync_folder(&self.beside)?;
        if self.folder.exists() {
            exchange(&self.beside, &self.folder).map_err(at(&self.folder))?;
            // What is left of the old one is in nobody's way, and is thrown away by the next run.
            let _ = fs::remove_dir_all(&self.beside);
        } else {
            fs::rename(&self.beside, &self.folder).map_err(at(&self.folder))?;
        }
        match self.folder.parent() {
            Some(parent) => sync_folder(parent),
            None => Ok(()),
        }
    }
}

/// A file, if it is what it was when it was fetched.
fn kept(folder: &Path, file: &FetchedFile) -> Option<Vec<u8>> {
    let bytes = fs::read(folder.join(&file.name)).ok()?;
    (hex(&Sha256::digest(&bytes)) == file.sha256).then_some(bytes)
}

/// Two folders change places in one step; on a file system that has no such step, in three.
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::io::Errno;
    match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
        done => return done.map_err(io::Error::from),
    }
    let aside = with_suffix(old, "old");
    fs::rename(old, &aside)?;
    if let Err(error) = fs::rename(new, old) {
        fs::rename(&aside, old)?;
        return Err(error);
    }
    fs::rename(&aside, new)
}

fn sync_folder(path: &Path) -> Result<(), FetchError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(at(path))
}

/// The path of something beside a folder.
fn with_suffix(folder: &Path, suffix: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> FetchError {
    let path = path.to_path_buf();
    move |cause| FetchError::Folder { path, cause }
}

/// A file that is being written.
pub(super) struct NewFile {
    name: String,
    path: PathBuf,
    file: File,
    sha256: Sha256,
    bytes: u64,
    /// The first byte that is no space.
    pub(super) begins_with: Option<u8>,
}

impl NewFile {
    /// What was written so far, to read.
    pub(super) fn written(&self) -> Result<File, FetchError> {
        File::open(&self.path).map_err(at(&self.path))
    }
}

impl Sink for NewFile {
    fn restart(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        (self.sha256, self.bytes, self.begins_with) = (Sha256::new(), 0, None);
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.sha256.update(bytes);
        self.bytes += bytes.len() as u64;
        self.begins_with = self.begins_with.or_else(|| first_visible(bytes));
        Ok(())
    }
}
