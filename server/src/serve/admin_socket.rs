//! The Unix socket of the AdminService: for the user of the server alone, from its first moment, and one server's at a time.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::{
        fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt},
        net::{SocketAddr, UnixStream as BlockingStream},
    },
    path::{Path, PathBuf},
};

use tokio::net::{UnixListener, UnixStream};
use tokio_stream::{Stream, StreamExt, wrappers::UnixListenerStream};
use uuid::Uuid;

use super::{
    Limits,
    listen::{Connection, within},
    sparingly::Sparingly,
};

/// Its name in a data directory.
pub const FILE_NAME: &str = "admin.sock";

/// Why there is no socket.
#[derive(Debug, thiserror::Error)]
pub enum AdminSocketError {
    /// A living server has it.
    #[error(
        "{} is the socket of a server that runs: administer that one, stop it, or choose another path with --admin-socket",
        .0.display()
    )]
    InUse(PathBuf),
    /// Something else is there, which is not for us to replace.
    #[error(
        "{} is there and is no socket: move it away, or choose another path with --admin-socket",
        .0.display()
    )]
    NoSocket(PathBuf),
    /// The system refuses.
    #[error(
        "no socket can be made at {}: {cause}; choose another path with --admin-socket, or do without by --no-admin",
        path.display()
    )]
    Refused {
        /// The path.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// A bound socket. It is removed when this is dropped, unless somebody else's has taken its place.
#[derive(Debug)]
pub struct AdminSocket {
    listener: UnixListener,
    own: Own,
}

/// What was put at a path.
#[derive(Debug)]
pub(super) struct Own {
    path: PathBuf,
    /// Device and number of its file.
    file: (u64, u64),
    /// Locked as long as the server lives: how others know that it does. The system lets go of it when the process ends, however
    /// that ends.
    _lock: File,
}

impl AdminSocket {
    /// Binds a path. The socket of a server that was killed is replaced; that of a living one is not.
    ///
    /// # Errors
    /// [`AdminSocketError`].
    ///
    /// # Panics
    /// Outside a Tokio runtime.
    pub fn bind(path: &Path) -> Result<Self, AdminSocketError> {
        let refused = |cause| AdminSocketError::Refused {
            path: path.to_owned(),
            cause,
        };
        // Nobody could connect to a path that is longer than an address may be.
        SocketAddr::from_pathname(path).map_err(refused)?;
        let lock = lock(path).map_err(|error| match error {
            TryLockError::WouldBlock => AdminSocketError::InUse(path.to_owned()),
            TryLockError::Error(cause) => refused(cause),
        })?;
        match fs::symlink_metadata(path) {
            Ok(there) if !there.file_type().is_socket() => {
                return Err(AdminSocketError::NoSocket(path.to_owned()));
            }
            // Of a server that keeps no lock beside it.
            Ok(_) if BlockingStream::connect(path).is_ok() => {
                return Err(AdminSocketError::InUse(path.to_owned()));
            }
            _ => {}
        }
        let listener = bind_unseen(path).map_err(refused)?;
        let there = fs::symlink_metadata(path).map_err(refused)?;
        Ok(Self {
            listener,
            own: Own {
                path: path.to_owned(),
                file: (there.dev(), there.ino()),
                _lock: lock,
            },
        })
    }

    /// The path it is bound to.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.own.path
    }

    /// The connections it accepts, from its own user and from root; and what removes it when it is dropped.
    pub(super) fn connections(
        self,
        limits: &Limits,
    ) -> (
        impl Stream<Item = io::Result<Connection<UnixStream>>> + use<>,
        Own,
    ) {
        let refused = Sparingly::default();
        let ours = rustix::process::geteuid().as_raw();
        let accepted = UnixListenerStream::new(self.listener).filter_map(move |accepted| match accepted {
            Ok(stream) => {
                let user = stream.peer_cred().map(|peer| peer.uid());
                if user.as_ref().is_ok_and(|user| *user == ours || *user == 0) {
                    return Some(Ok(stream));
                }
                if let Some(times) = refused.due() {
                    tracing::warn!(
                        ?user,
                        times,
                        "another user was refused at the socket of administration"
                    );
                }
                None
            }
            Err(error) => Some(Err(error)),
        });
        (within(limits, accepted), self.own)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let is_ours =
            fs::symlink_metadata(&self.path).is_ok_and(|there| (there.dev(), there.ino()) == self.file);
        if is_ours && let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, path = %self.path.display(), "the socket of administration stays behind");
        }
    }
}

/// The lock beside a path. Its file stays: removed, two servers could each lock one of their own.
fn lock(path: &Path) -> Result<File, TryLockError> {
    let mut name = OsString::from(path);
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(name)
        .map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// Binds in a folder that only we can enter, and moves the socket to its place once nobody else can open it: at no moment can
/// another user connect, whatever the umask.
fn bind_unseen(path: &Path) -> io::Result<UnixListener> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent
        .unwrap_or(Path::new("."))
        .join(format!(".{}", &Uuid::new_v4().simple().to_string()[..8]));
    DirBuilder::new().mode(0o700).create(&folder)?;
    let unseen = folder.join("s");
    let bound = UnixListener::bind(&unseen).and_then(|listener| {
        fs::set_permissions(&unseen, Permissions::from_mode(0o600))?;
        fs::rename(&unseen, path)?;
        Ok(listener)
    });
    if bound.is_err() {
        let _ = fs::remove_file(&unseen);
    }
    fs::remove_dir(&folder)?;
    bound
}

#[cfg(test)]
mod tests {
    use std::{io::Read, thread, time::Duration};

    use rustix::{process::Uid, thread::set_thread_uid};

    use super::*;

    #[tokio::test]
    async fn only_the_user_of_the_server_may_open_it_and_it_goes_with_the_server() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE_NAME);
        let socket = AdminSocket::bind(&path).expect("bound");
        let mode = fs::symlink_metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        drop(socket);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn another_user_is_refused_even_where_the_file_lets_everybody_in() {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root can be another user");
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE_NAME);
        let socket = AdminSocket::bind(&path).expect("bound");
        for (path, mode) in [(folder.path(), 0o755), (path.as_path(), 0o777)] {
            fs::set_permissions(path, Permissions::from_mode(mode)).expect("opened");
        }
        let (accepted, _own) = socket.connections(&Limits::of_administration());
        let mut accepted = std::pin::pin!(accepted);
        let connect = |path: &Path| {
            let stream = BlockingStream::connect(path).expect("connected");
            let patience = Some(Duration::from_secs(10));
            stream.set_read_timeout(patience).expect("set");
            stream
        };
        let mut stranger = thread::scope(|scope| {
            let stranger = scope.spawn(|| {
                // Of this thread alone, which ends.
                set_thread_uid(Uid::from_raw(65534)).expect("root may");
                connect(&path)
            });
            stranger.join().expect("joined")
        });
        let mut ours = connect(&path);
        let _ours = accepted.next().await.expect("a connection").expect("accepted");
        let mut byte = [0];
        assert_eq!(stranger.read(&mut byte).expect("ended"), 0);
        ours.set_nonblocking(true).expect("set");
        let waits = ours.read(&mut byte).expect_err("open, and nothing is said yet");
        assert_eq!(waits.kind(), io::ErrorKind::WouldBlock);
    }

    #[tokio::test]
    async fn the_socket_of_a_dead_server_is_replaced_and_that_of_a_living_one_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE_NAME);
        drop(std::os::unix::net::UnixListener::bind(&path).expect("bound")); // its file stays
        let living = AdminSocket::bind(&path).expect("replaced");
        let refused = AdminSocket::bind(&path).expect_err("it is in use");
        assert!(matches!(refused, AdminSocketError::InUse(_)), "{refused}");
        UnixStream::connect(&path).await.expect("still there");
        drop(living);
        let _stranger = std::os::unix::net::UnixListener::bind(&path).expect("bound");
        let refused = AdminSocket::bind(&path).expect_err("somebody listens");
        assert!(matches!(refused, AdminSocketError::InUse(_)), "{refused}");
    }

    #[tokio::test]
    async fn a_file_that_is_no_socket_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, "a letter").expect("written");
        let refused = AdminSocket::bind(&path).expect_err("it is a file");
        assert!(matches!(refused, AdminSocketError::NoSocket(_)), "{refused}");
        assert_eq!(fs::read_to_string(&path).expect("there"), "a letter");
    }

    #[tokio::test]
    async fn what_took_its_place_is_not_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE_NAME);
        let socket = AdminSocket::bind(&path).expect("bound");
        fs::remove_file(&path).expect("removed");
        fs::write(&path, "another's").expect("written");
        drop(socket);
        assert!(path.exists());
    }

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_said_and_nothing_stays_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = AdminSocket::bind(&folder.path().join("none/admin.sock")).expect_err("no folder");
        assert!(error.to_string().contains("--admin-socket"), "{error}");
        let long = folder.path().join("x".repeat(150));
        AdminSocket::bind(&long).expect_err("longer than a socket's path may be");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 0);
    }
}
