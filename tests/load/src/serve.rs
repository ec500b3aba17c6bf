//! The three servers, each the only thing in its process. All have the same runtime, and listen on a free port of loopback.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use groeikern::server::{
    indicator_service_server::IndicatorServiceServer, ranking_service_server::RankingServiceServer,
};
use groeikern_server::{
    edition::shelf::Shelf,
    rpc::{Answers, Edition},
    serve::{
        self, Limits,
        follow::{FOLLOW_EVERY, follow},
    },
    snapshot::LoadedEditions,
};
use tokio::{io::AsyncReadExt, net::TcpListener};
use tonic::transport::{
    Server,
    server::{Router, TcpIncoming},
};
use tracing_subscriber::EnvFilter;

use crate::{Failure, echo::Echo};

/// As `groeikern-server` logs when nobody says otherwise.
const LOG: &str = "info";

/// A bare tonic service that answers as many bytes as its request says.
pub(crate) async fn echo() -> Result<ExitCode, Failure> {
    bare(Server::builder().add_service(Echo::new())).await
}

/// Groeikern's handlers, nothing around them: as bare as the echo.
pub(crate) async fn handler(shelf: PathBuf) -> Result<ExitCode, Failure> {
    let answers = Arc::new(Answers::new(editions(shelf).await?));
    let router = Server::builder()
        .add_service(RankingServiceServer::from_arc(Arc::clone(&answers)))
        .add_service(IndicatorServiceServer::from_arc(answers));
    bare(router).await
}

/// What `groeikern-server` serves by default, from its log to its limits.
pub(crate) async fn default_build(shelf: PathBuf) -> Result<ExitCode, Failure> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(LOG)?)
        .with_writer(io::stderr)
        .with_ansi(false)
        .try_init()?;
    let listener = listen().await?;
    let editions = editions(shelf).await?;
    say(&listener)?;
    let following = tokio::spawn(follow(Arc::clone(&editions), FOLLOW_EVERY));
    serve::run(
        listener,
        Answers::new(editions),
        &Limits::default(),
        parent_gone(),
    )
    .await?;
    following.abort();
    Ok(ExitCode::SUCCESS)
}

async fn editions(shelf: PathBuf) -> Result<Arc<LoadedEditions<Edition>>, Failure> {
    let shelf = Shelf::in_existing_directory(shelf)?;
    Ok(Arc::new(LoadedEditions::open(shelf).await?))
}

async fn bare(router: Router) -> Result<ExitCode, Failure> {
    let listener = listen().await?;
    say(&listener)?;
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    tokio::select! {
        ended = router.serve_with_incoming(incoming) => ended?,
        () = parent_gone() => {}
    }
    Ok(ExitCode::SUCCESS)
}

async fn listen() -> io::Result<TcpListener> {
    TcpListener::bind("127.0.0.1:0").await
}

/// The address, as the first line on stdout.
fn say(listener: &TcpListener) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", listener.local_addr()?)?;
    stdout.flush()
}

/// Ready when stdin ends: with the process that started this one, however that ended.
async fn parent_gone() {
    let mut nothing = [0; 1];
    while let Ok(1..) = tokio::io::stdin().read(&mut nothing).await {}
}
