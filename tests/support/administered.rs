//! A server that takes changes over a Unix socket, over a shelf in a folder of its own.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use groeikern_client::{AdminClient, Client, ConnectOptions, Error, RetryBudget, UploadContent, v1};
use groeikern_server::{
    administration::Administrator,
    edition::shelf::Shelf,
    rpc::{Answers, Changes, Edition},
    serve::{
        self, Administration, End, Limits,
        admin_socket::{AdminSocket, FILE_NAME},
    },
    snapshot::LoadedEditions,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::transport::{Channel, Endpoint};

use super::built_in;

/// What an import may send to these servers.
pub(crate) const MOST_UPLOADED: u64 = 4 << 20;

/// A running server.
pub(crate) struct Administered {
    folder: Arc<TempDir>,
    pub(crate) shelf: Shelf,
    socket: PathBuf,
    url: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<End>,
}

impl Administered {
    /// Over a new shelf with the built-in edition.
    pub(crate) async fn start() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        Self::over(folder, Limits::of_administration()).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::over(Arc::new(tempfile::tempdir().expect("a folder")), limits).await
    }

    /// Another server over the same shelf, with a socket of its own.
    pub(crate) async fn another(&self) -> Self {
        Self::over(Arc::clone(&self.folder), Limits::of_administration()).await
    }

    async fn over(folder: Arc<TempDir>, limits: Limits) -> Self {
        let path = folder.path().join("data");
        let shelf = Shelf::in_directory(path.clone()).expect("a shelf");
        if shelf.current_sequence().await.expect("listed").is_none() {
            shelf.publish(built_in(), 0, Some(1)).await.expect("published");
        }
        let sockets = tempfile::Builder::new()
            .tempdir_in(folder.path())
            .expect("a folder")
            .keep();
        Self::serving(folder, path, shelf, sockets.join(FILE_NAME), limits).await
    }

    /// With its editions in memory.
    pub(crate) async fn in_memory() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let shelf = Shelf::in_memory();
        shelf.publish(built_in(), 0, Some(1)).await.expect("published");
        let (uploads, socket) = (folder.path().to_owned(), folder.path().join(FILE_NAME));
        Self::serving(folder, uploads, shelf, socket, Limits::of_administration()).await
    }

    async fn serving(
        folder: Arc<TempDir>,
        uploads: PathBuf,
        shelf: Shelf,
        socket: PathBuf,
        limits: Limits,
    ) -> Self {
        let editions = Arc::new(
            LoadedEditions::<Edition>::open(shelf.clone())
                .await
                .expect("loaded"),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let administrator = Administrator::new(shelf.clone(), uploads, MOST_UPLOADED);
        let administration = Administration {
            socket: AdminSocket::bind(&socket).expect("a socket"),
            changes: Changes::new(administrator, Arc::clone(&editions), limits.silence),
            limits,
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(async move {
            let stop = async {
                if stopped.await.is_err() {
                    std::future::pending().await
                }
            };
            serve::run_with(
                listener,
                Answers::new(editions),
                &Limits::default(),
                Some(administration),
                stop,
            )
            .await
            .expect("served")
        });
        Self {
            folder,
            shelf,
            socket,
            url,
            stop,
            running,
        }
    }

    fn options(endpoint: &str) -> ConnectOptions {
        ConnectOptions::new(endpoint)
            .deadline(Duration::from_secs(120))
            .retry_budget(RetryBudget::none())
    }

    /// Asks.
    pub(crate) async fn client(&self) -> Client {
        Client::connect(Self::options(&self.url))
            .await
            .expect("a connection")
    }

    /// Changes, trying every call once.
    pub(crate) async fn admin(&self) -> AdminClient {
        AdminClient::connect(Self::options(&self.socket_url()))
            .await
            .expect("a connection")
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn socket_url(&self) -> String {
        format!("unix:{}", self.socket.display())
    }

    /// A bare connection to the socket, for what the client does not do.
    pub(crate) async fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_shared(self.socket_url()).expect("a socket");
        endpoint.connect().await.expect("a connection")
    }

    /// Removes a file of the shelf.
    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.folder.path().join("data").join(path)).expect(path);
    }

    /// Puts a pipe in the place of the only table that was sent: whoever reads it waits until the table is written into the pipe, which
    /// the answer does.
    pub(crate) fn hold_the_table(&self) -> impl FnOnce() + Send + 'static {
        let names = self.files();
        let table = names
            .iter()
            .find(|name| name.starts_with("tables/"))
            .expect("a table");
        let path = self.folder.path().join("data").join(table);
        let bytes = fs::read(&path).expect("a table");
        fs::remove_file(&path).expect("removed");
        let made = std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .expect("mkfifo");
        assert!(made.success());
        move || {
            let mut pipe = fs::OpenOptions::new()
                .write(true)
                .open(&path)
                .expect("somebody looks");
            // Whoever only looked leaves again before the one who reads comes.
            while pipe.write_all(&bytes).is_err() {
                std::thread::sleep(Duration::from_millis(10));
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    /// The files of the shelf.
    pub(crate) fn files(&self) -> BTreeSet<String> {
        let root = self.folder.path().join("data");
        let mut found = BTreeSet::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("listed") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let relative = path.strip_prefix(&root).expect("within");
                    found.insert(relative.display().to_string());
                }
            }
        }
        found
    }

    /// Tells it to stop and waits for the end; its folder goes when the caller lets go of it.
    pub(crate) async fn stopped(self) -> (End, Arc<TempDir>) {
        self.stop.send(()).expect("running");
        (self.running.await.expect("ended"), self.folder)
    }
}

/// A recipe for thefts in a year.
pub(crate) fn recipe(id: &str, year: &str) -> String {
    format!(
        r#"
id = "{id}"
title_nl = "Eigen tabel"
title_en = "A table of our own"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: wij."
attribution_en = "Source: us."
retrieved = "2026-11-24"
source_version = "1"
period = "{year}"

[table]
shape = "wide"
region_column = "code"

[[indicator]]
id = "low_theft"
column = "thefts"
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder diefstal is beter."
polarity_reason_en = "Less theft is better."
unit_nl = "per 1.000 inwoners"
unit_en = "per 1,000 inhabitants"
decimals = 1
"#
    )
}

/// The header of an import of one table by a recipe of our own.
pub(crate) fn header(id: &str, recipe: &str) -> v1::ImportHeader {
    v1::ImportHeader {
        request_id: id.into(),
        recipe: Some(v1::import_header::Recipe::RecipeToml(recipe.into())),
        files: vec![v1::UploadedFile {
            name: "table.csv".into(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// Three municipalities, of which Almere has this number of thefts.
pub(crate) fn table(thefts: u32) -> Vec<UploadContent> {
    let rows = format!("code,thefts\nGM0034,{thefts}\nGM0637,20\nGM0794,30\n");
    vec![UploadContent::Bytes(rows.into_bytes())]
}

/// Imports that table for a year, and gives its state.
pub(crate) async fn import(
    admin: &AdminClient,
    id: &str,
    year: &str,
    thefts: u32,
) -> Result<v1::Import, Error> {
    let header = header(id, &recipe("own_table", year));
    let answer = admin.import_source(header, table(thefts)).await?;
    Ok(answer.import.expect("an import"))
}

/// Publishes all that waits.
pub(crate) async fn publish(admin: &AdminClient, id: &str) -> Result<v1::Publication, Error> {
    let request = v1::PublishEditionRequest {
        request_id: id.into(),
        ..Default::default()
    };
    Ok(admin
        .publish_edition(request)
        .await?
        .publication
        .expect("a publication"))
}
