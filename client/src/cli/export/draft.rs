//! A file that is there whole or not at all: written under another name beside it, read again, then put in its place.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, BufWriter, IntoInnerError, Read, Write},
    path::{Path, PathBuf},
    process,
};

use sha2::{Digest, Sha256};

use super::target::Target;

/// Bytes written and read at once.
const BUFFER: usize = 64 * 1024;

/// A file that is being written. It is gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Draft {
    place: Place,
    file: BufWriter<Counted>,
}

/// A file with the number and the checksum of the bytes that went into it.
#[derive(Debug)]
struct Counted {
    file: File,
    digest: Sha256,
    bytes: u64,
}

/// A file that was written and read again.
#[derive(Debug)]
pub(crate) struct Verified {
    place: Place,
    pub(crate) content: Content,
}

/// What a file holds, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) bytes: u64,
    /// 64 hex digits.
    pub(crate) sha256: String,
}

/// Where a file is, and where it will be.
#[derive(Debug)]
struct Place {
    draft: PathBuf,
    file: PathBuf,
    permissions: Option<Permissions>,
    published: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.draft); // nothing can be done where that fails, and it harms nobody
        }
    }
}

impl Draft {
    /// Begins a file that will be there.
    pub(crate) fn beside(target: Target) -> io::Result<Self> {
        let Target { file, permissions } = target;
        let mut own = OsString::from(".");
        own.push(file.file_name().unwrap_or_default());
        own.push(format!(".{}.part", process::id()));
        let draft = file.with_file_name(own);
        let mut opening = OpenOptions::new();
        opening.write(true).create_new(true);
        if permissions.is_some() {
            for_nobody_else(&mut opening);
        }
        let opened = opening.open(&draft)?;
        Ok(Self {
            place: Place {
                draft,
                file,
                permissions,
                published: false,
            },
            file: BufWriter::with_capacity(
                BUFFER,
                Counted {
                    file: opened,
                    digest: Sha256::new(),
                    bytes: 0,
                },
            ),
        })
    }

    /// The same file, complete: what is on the disk was compared with what was written.
    pub(crate) fn verified(self) -> io::Result<Verified> {
        let counted = self.file.into_inner().map_err(IntoInnerError::into_error)?;
        counted.file.sync_all()?;
        let written = Content {
            bytes: counted.bytes,
            sha256: hex(counted.digest),
        };
        let found = content_of(&self.place.draft)?;
        if found != written {
            let message = "what was read again is not what was written";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(Verified {
            place: self.place,
            content: written,
        })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Verified {
    /// Gives the file its name, in place of what had it; who may read that one may read this one.
    pub(crate) fn publish(mut self) -> io::Result<()> {
        if let Some(permissions) = self.place.permissions.take() {
            fs::set_permissions(&self.place.draft, permissions)?;
        }
        fs::rename(&self.place.draft, &self.place.file)?;
        self.place.published = true;
        Ok(())
    }
}

/// What replaces a file may be as secret as that file.
#[cfg(unix)]
fn for_nobody_else(opening: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    opening.mode(0o600);
}

#[cfg(not(unix))]
fn for_nobody_else(_: &mut OpenOptions) {}

/// The size and checksum of a file.
pub(crate) fn content_of(path: &Path) -> io::Result<Content> {
    let mut file = File::open(path)?;
    let (mut digest, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => {
                digest.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
    Ok(Content {
        bytes,
        sha256: hex(digest),
    })
}

/// A checksum as 64 hex digits.
pub(crate) fn hex(digest: Sha256) -> String {
    let digest = digest.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    fn begun(file: &Path) -> Draft {
        Draft::beside(Target::of(file).unwrap()).unwrap()
    }

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("figures.csv");
        fs::write(&file, "old").unwrap();
        let mut draft = begun(&file);
        draft.write_all(b"new figures").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        let verified = draft.verified().unwrap();
        assert_eq!(verified.content.bytes, 11);
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        verified.publish().unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new figures");
        assert_eq!(names(folder.path()), ["figures.csv"]);
    }

    #[test]
    fn a_draft_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("figures.csv");
        let mut draft = begun(&file);
        draft.write_all(b"half").unwrap();
        drop(draft);
        assert!(names(folder.path()).is_empty());
        let nowhere = Target::of(&folder.path().join("no/such/folder")).unwrap();
        assert!(Draft::beside(nowhere).is_err());
    }

    #[test]
    fn what_changed_on_the_disk_is_not_published() {
        let folder = tempfile::tempdir().unwrap();
        let mut draft = begun(&folder.path().join("figures.csv"));
        draft.write_all(b"figures").unwrap();
        draft.flush().unwrap();
        fs::write(&draft.place.draft, "fugures").unwrap();
        assert!(draft.verified().is_err());
        assert!(names(folder.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions_and_its_draft_is_no_more_open() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |file: &Path| fs::metadata(file).unwrap().permissions().mode() & 0o777;
        for kept in [0o600, 0o640, 0o400] {
            let file = folder.path().join(format!("{kept}.csv"));
            fs::write(&file, "old").unwrap();
            fs::set_permissions(&file, Permissions::from_mode(kept)).unwrap();
            let draft = begun(&file);
            assert_eq!(mode(&draft.place.draft), 0o600);
            draft.verified().unwrap().publish().unwrap();
            assert_eq!(mode(&file), kept);
        }
    }
}
