//! Where a file will be: the place that its name leads to, and what is there already.

use std::{
    fs::{self, Permissions},
    io,
    path::{Path, PathBuf},
};

use crate::cli::exit::Failure;

/// Links followed at most, as Linux has it.
const MOST_LINKS: usize = 40;

/// The place of a file, new or in place of another.
#[derive(Debug)]
pub(crate) struct Target {
    /// Behind all links.
    pub(crate) file: PathBuf,
    /// Those of the file that is there; none where the file is new.
    pub(crate) permissions: Option<Permissions>,
}

impl Target {
    /// The place that a name leads to. The error says why no file can be put there: a device, a pipe or a socket would be replaced
    /// by a file, for every program that uses it.
    pub(crate) fn of(typed: &Path) -> Result<Self, Failure> {
        let cannot = |error: io::Error| Failure::File {
            file: typed.display().to_string(),
            error,
        };
        if typed.file_name().is_none() {
            let message = "this is no name of a file";
            return Err(cannot(io::Error::new(io::ErrorKind::InvalidInput, message)));
        }
        let there = match fs::metadata(typed) {
            Ok(there) if there.is_dir() => return Err(cannot(io::ErrorKind::IsADirectory.into())),
            Ok(there) if !there.is_file() => {
                return Err(Failure::NoRegularFile {
                    file: typed.display().to_string(),
                });
            }
            Ok(there) => Some(there),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(cannot(error)),
        };
        Ok(Self {
            file: behind_links(typed),
            permissions: there.map(|there| there.permissions()),
        })
    }
}

/// What a name stands for once links are followed, also where the last leads to nothing yet.
fn behind_links(typed: &Path) -> PathBuf {
    let mut file = typed.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&file) {
            Ok(to) => file = file.parent().unwrap_or(Path::new("")).join(to),
            Err(_) => break, // no link
        }
    }
    file
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::{fs::symlink, net::UnixListener};

    use super::*;

    #[test]
    fn a_name_leads_to_what_its_links_point_at() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::create_dir(place("data")).unwrap();
        fs::write(place("data/there.csv"), "").unwrap();
        symlink("data/there.csv", place("first.csv")).unwrap();
        symlink("first.csv", place("second.csv")).unwrap();
        symlink(place("data/new.csv"), place("to_new.csv")).unwrap();
        for (typed, file, is_there) in [
            ("data/there.csv", "data/there.csv", true),
            ("second.csv", "data/there.csv", true),
            ("to_new.csv", "data/new.csv", false),
            ("new.csv", "new.csv", false),
        ] {
            let target = Target::of(&place(typed)).unwrap();
            assert_eq!(
                (target.file, target.permissions.is_some()),
                (place(file), is_there)
            );
        }
    }

    #[test]
    fn what_is_no_regular_file_is_no_target() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let _socket = UnixListener::bind(place("socket.csv")).unwrap();
        symlink("socket.csv", place("to_socket.csv")).unwrap();
        for typed in ["socket.csv", "to_socket.csv"] {
            let refused = Target::of(&place(typed)).unwrap_err();
            assert!(matches!(refused, Failure::NoRegularFile { .. }), "{refused:?}");
        }
        symlink("loop.csv", place("loop.csv")).unwrap();
        for typed in [".", "..", "loop.csv"] {
            let refused = Target::of(&place(typed)).unwrap_err();
            assert!(matches!(refused, Failure::File { .. }), "{refused:?}");
        }
    }
}
