//! The client for changes: imports, publications, and the way back.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use groeikern::v1::{self, import_source_request::Part};
use tokio::sync::mpsc;
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::Request;

use crate::{
    client::methods,
    endpoints::Endpoints,
    error::Error,
    options::ConnectOptions,
    pages::{Pages, Tokens},
    retry::{self, Shared},
};

/// How much of a file is sent at a time: what the contract allows at most.
const CHUNK: usize = 1024 * 1024;
/// Chunks that were read and are not yet sent.
const AHEAD: usize = 2;

/// A client of the AdminService, which is on a listener of its own: by default a Unix socket, written `unix:/path/to/admin.sock`.
///
/// Every change has a request id, so that a call which failed for a passing reason is tried again like any other: what was done
/// once is not done twice. Clones are cheap and share connections.
#[derive(Clone, Debug)]
pub struct AdminClient {
    shared: Arc<Shared>,
}

/// The bytes of a file to import.
#[derive(Clone, Debug)]
pub enum UploadContent {
    /// In memory.
    Bytes(Vec<u8>),
    /// In a file, read while it is sent.
    File(PathBuf),
}

impl AdminClient {
    /// Connects to the endpoint; a lost connection is made anew.
    ///
    /// # Errors
    /// As for [`Client::connect`](crate::Client::connect).
    pub async fn connect(options: ConnectOptions) -> Result<Self, Error> {
        let mut endpoints = Endpoints::new(&options)?;
        endpoints.connect(options.connect_timeout).await?;
        Ok(Self {
            shared: Arc::new(Shared::new(endpoints, &options)),
        })
    }

    /// Reads tables by a recipe, and keeps them for the next publication. `contents` are those of the files of the header in
    /// order, then that of its list of regions if it has one; where the header does not announce a size it is filled in.
    ///
    /// # Errors
    /// What the server answered, or what happened on the way: see [`Error`]. [`Error::Unreadable`] when a file cannot be read to
    /// its end.
    pub async fn import_source(
        &self,
        mut header: v1::ImportHeader,
        contents: Vec<UploadContent>,
    ) -> Result<v1::ImportSourceResponse, Error> {
        let announced = header.files.iter_mut().chain(&mut header.region_names);
        for (file, content) in announced.zip(&contents) {
            if file.size_bytes.is_none() {
                file.size_bytes = Some(content.size()?);
            }
        }
        let contents: Arc<[UploadContent]> = contents.into();
        let unreadable: Arc<Mutex<Option<Error>>> = Arc::default();
        let answer = retry::call(&self.shared, |channel, time_left| {
            let (sender, parts) = mpsc::channel(AHEAD);
            let (header, contents, unreadable) =
                (header.clone(), Arc::clone(&contents), Arc::clone(&unreadable));
            tokio::task::spawn_blocking(move || {
                if let Err(error) = send(header, &contents, &sender) {
                    *unreadable.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                }
            });
            let mut request = Request::new(ReceiverStream::new(parts));
            request.set_timeout(time_left);
            async move {
                let mut service = v1::admin_service_client::AdminServiceClient::new(channel);
                service.import_source(request).await
            }
        });
        let answer = answer.await;
        match unreadable.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // The server then saw less than was announced: the cause is here.
            Some(error) => Err(error),
            None => answer,
        }
    }
}

methods! { AdminClient =>
    admin_service_client::AdminServiceClient {
        /// One import by its request id.
        get_import(GetImportRequest) -> GetImportResponse;
        /// All imports, latest first.
        list_imports(ListImportsRequest) -> ListImportsResponse, pages list_imports_pages;
        /// Makes the next edition of the current one and imports, and publishes it.
        publish_edition(PublishEditionRequest) -> PublishEditionResponse;
        /// Makes an earlier edition current again, by a publication that names it.
        rollback_edition(RollbackEditionRequest) -> RollbackEditionResponse;
        /// Defines a group of municipalities, as an import that the next publication takes like any other.
        define_group(DefineGroupRequest) -> DefineGroupResponse;
    }
}

impl UploadContent {
    fn size(&self) -> Result<u64, Error> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::File(path) => std::fs::metadata(path)
                .map(|facts| facts.len())
                .map_err(|error| unreadable(path, &error)),
        }
    }
}

/// Sends the header and the files in chunks, as long as somebody takes them.
fn send(
    header: v1::ImportHeader,
    contents: &[UploadContent],
    sender: &mpsc::Sender<v1::ImportSourceRequest>,
) -> Result<(), Error> {
    let part = |part| {
        sender
            .blocking_send(v1::ImportSourceRequest { part: Some(part) })
            .is_ok()
    };
    if !part(Part::Header(header)) {
        return Ok(());
    }
    for (place, content) in contents.iter().enumerate() {
        let file_index = u32::try_from(place).unwrap_or(u32::MAX);
        let chunk = |data: Vec<u8>| part(Part::Chunk(v1::ImportChunk { file_index, data }));
        match content {
            UploadContent::Bytes(bytes) => {
                if !bytes.chunks(CHUNK).all(|bytes| chunk(bytes.to_vec())) {
                    return Ok(());
                }
            }
            UploadContent::File(path) => {
                let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
                loop {
                    let mut data = Vec::new();
                    let read = file.by_ref().take(CHUNK as u64).read_to_end(&mut data);
                    let read = read.map_err(|error| unreadable(path, &error))?;
                    if read == 0 {
                        break;
                    }
                    if !chunk(data) {
                        return Ok(());
                    }
                }
            }
        }
    }
    Ok(())
}

fn unreadable(path: &std::path::Path, error: &io::Error) -> Error {
    Error::Unreadable {
        file: path.display().to_string(),
        cause: error.to_string(),
    }
}
