//! A whole server in this process, on a free port, and what tests ask of it.

pub(crate) mod administered;
pub(crate) mod borders;
pub(crate) mod exports;
pub(crate) mod figures;
pub(crate) mod flows;
pub(crate) mod lives;
pub(crate) mod neighbourhoods;
pub(crate) mod survey;
pub(crate) mod towns;

use std::{
    io::Cursor,
    net::SocketAddr,
    sync::{Arc, LazyLock},
    time::Duration,
};

use groeikern_client::{AnswerError, Client, ConnectOptions, Error, RetryBudget, v1};
use groeikern_server::{
    edition::{self, EditionFile, built_in, shelf::Shelf, source::SourceFolder},
    import::{ImportChange, ImportFlags, ImportUnit, NextEdition, Recipe, TableInput},
    rpc::{Answers, Edition, Runs},
    serve::{self, End, Limits},
    snapshot::LoadedEditions,
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tonic::transport::Channel;

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) editions: Arc<LoadedEditions<Edition>>,
    pub(crate) shelf: Shelf,
    stop: oneshot::Sender<()>,
    running: JoinHandle<End>,
}

impl Server {
    /// With the built-in edition, in memory.
    pub(crate) async fn start() -> Self {
        Self::with_limits(Limits::default()).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::over(Shelf::in_memory(), limits).await
    }

    /// With an edition built from these files.
    pub(crate) async fn of(source: &SourceFolder) -> Self {
        Self::running(source, Runs::default()).await
    }

    /// With an edition built from these files, and its long runs there.
    pub(crate) async fn running(source: &SourceFolder, runs: Runs) -> Self {
        Self::serving(shelf_of(source).await, Limits::default(), runs).await
    }

    /// With an edition built from these files, within these limits.
    pub(crate) async fn of_with_limits(source: &SourceFolder, limits: Limits) -> Self {
        Self::over(shelf_of(source).await, limits).await
    }

    /// Over a shelf that gets the built-in edition when it has none.
    pub(crate) async fn over(shelf: Shelf, limits: Limits) -> Self {
        Self::serving(shelf, limits, Runs::default()).await
    }

    async fn serving(shelf: Shelf, limits: Limits, runs: Runs) -> Self {
        if shelf.current_sequence().await.expect("listed").is_none() {
            shelf.publish(built_in(), 0, Some(1)).await.expect("published");
        }
        let editions = Arc::new(LoadedEditions::open(shelf.clone()).await.expect("loaded"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let answers = Answers::new(Arc::clone(&editions)).with_runs(runs);
        let running = tokio::spawn(async move {
            let stop = async {
                // A test that lets go of its server wants it to go on: it ends with the test.
                if stopped.await.is_err() {
                    std::future::pending().await
                }
            };
            serve::run(listener, answers, &limits, stop)
                .await
                .expect("served")
        });
        Self {
            address,
            editions,
            shelf,
            stop,
            running,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client that tries every call once.
    pub(crate) async fn client(&self) -> Client {
        let options = ConnectOptions::new(self.url())
            .deadline(Duration::from_secs(60))
            .retry_budget(RetryBudget::none());
        Client::connect(options).await.expect("a connection")
    }

    /// A bare connection, for what the client does not do.
    pub(crate) async fn channel(&self) -> Channel {
        Channel::from_shared(self.url())
            .expect("a URL")
            .connect()
            .await
            .expect("a connection")
    }

    /// Tells the server to stop; the end comes with [`ended`](Stopping::ended).
    pub(crate) fn stop(self) -> Stopping {
        self.stop.send(()).expect("running");
        Stopping(self.running)
    }
}

/// A shelf with an edition built from these files.
async fn shelf_of(source: &SourceFolder) -> Shelf {
    let edition = edition::build(&source.draft().expect("whole")).expect("built");
    let shelf = Shelf::in_memory();
    shelf.publish(&edition, 0, None).await.expect("published");
    shelf
}

/// A server that was told to stop.
pub(crate) struct Stopping(JoinHandle<End>);

impl Stopping {
    pub(crate) async fn ended(self) -> End {
        self.0.await.expect("ended")
    }
}

/// Imports a table by a recipe and publishes the edition with it, as the command does.
async fn import(shelf: &Shelf, recipe: Recipe, table: String) {
    let inputs = vec![TableInput::new("table.csv", Cursor::new(table.into_bytes()))];
    let (unit, _) = ImportUnit::from_inputs(&recipe, inputs, &ImportFlags::default()).expect("read");
    let change = ImportChange {
        units: vec![(recipe, unit)],
        ..Default::default()
    };
    let next = NextEdition::make(shelf, change).await.expect("made");
    next.publish(shelf).await.expect("published");
}

/// The built-in edition, built once for all tests.
pub(crate) fn built_in() -> &'static EditionFile {
    static BUILT: LazyLock<EditionFile> = LazyLock::new(|| built_in::built_in().expect("built"));
    &BUILT
}

/// An edition with another theft figure and another name, so with another id.
pub(crate) fn another_edition(name: &str) -> EditionFile {
    let source = SourceFolder::built_in();
    let text = |file: &str| source.file(file).expect("a file").to_owned();
    let renamed = text("edition.toml").replace("\"new-towns-2024\"", &format!("\"{name}\""));
    let positions = text("published_positions.csv").replacen(",154,337", ",155,337", 1);
    assert!(positions.contains(",155,337"));
    let source = source
        .with_file("edition.toml", renamed)
        .with_file("published_positions.csv", positions);
    edition::build(&source.draft().expect("whole")).expect("built")
}

/// Whether an answer says this of itself.
pub(crate) fn has_caveat(metadata: Option<&v1::ResponseMetadata>, code: v1::CaveatCode) -> bool {
    metadata.is_some_and(|metadata| metadata.caveats.iter().any(|caveat| caveat.code() == code))
}

/// What a server answered that is no answer.
pub(crate) fn refusal(error: Error) -> AnswerError {
    match error {
        Error::Answer(answer) => *answer,
        other => panic!("not from the server: {other:?}"),
    }
}
