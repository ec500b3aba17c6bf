//! The groeikern server. One run: read the configuration, start the log, and do what was asked.
//!
//! Serving is: open the shelf, load its current edition, bind, say where, follow the shelf, answer until a signal, drain.

mod admin;
mod commands;
mod config;
mod telemetry;

use std::{
    error::Error,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    task::Poll,
};

use clap::Parser;
use groeikern_server::{
    edition::{
        EditionError,
        built_in::{self, Ensured},
        shelf::{RetentionError, RollbackError, Shelf, ShelfError},
    },
    import::NextEditionError,
    rpc::{Answers, Edition},
    serve::{
        self, End,
        follow::{FOLLOW_EVERY, follow},
        listen::{self, BindError},
    },
    snapshot::{LoadError, LoadedEditions},
};
use tokio::{
    runtime::Runtime,
    signal::unix::{Signal, SignalKind, signal},
};

use config::{Command, Config, Serve};

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const INTEGRITY: u8 = 7;

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let command = Config::parse().into_command();
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let code = runtime.block_on(run(command));
    // What still reads a table or builds an edition for nobody is not waited for: nothing is half written.
    runtime.shutdown_background();
    code
}

async fn run(command: Command) -> ExitCode {
    if let Err(error) = telemetry::start(command.logging()) {
        failed(&error.into());
        return ExitCode::from(USAGE);
    }
    let done = match command {
        Command::Serve(options) => serve(options).await,
        Command::Publish(options) => commands::publish(options).await,
        Command::Verify(options) => commands::verify(options).await,
        Command::Editions(options) => commands::editions(options).await,
        Command::Rollback(options) => commands::rollback(options).await,
        Command::Retain(options) => commands::retain(options).await,
        Command::Recipes(options) => commands::recipes(&options),
        Command::Method(_) => commands::method(),
        Command::Inspect(options) => commands::inspect(&options),
        Command::Import(options) => commands::import(options).await,
        Command::Update(options) => commands::update(options).await,
    };
    done.unwrap_or_else(|error| failed(&error))
}

async fn serve(options: Serve) -> Result<ExitCode, Failure> {
    let listener = listen::bind(options.listen, options.insecure_plaintext).await?;
    let shelf = shelf_to_serve(options.data.path()).await?;
    let editions = Arc::new(LoadedEditions::<Edition>::open(shelf.clone()).await?);
    let edition = editions.current();
    tracing::info!(edition = edition.id(), name = edition.manifest.name, "serving");
    let administration = admin::open(&options, shelf, Arc::clone(&editions)).await?;
    let stop = stop_signal()?;

    let address = listener.local_addr()?;
    say(&address.to_string());
    let following = tokio::spawn(follow(Arc::clone(&editions), FOLLOW_EVERY));
    let limits = options.limits();
    let end = tokio::select! {
        end = serve::run_with(listener, Answers::new(editions), &limits, administration, stop) => end?,
        // It never ends by itself: a server that no longer sees new editions had better be started again.
        broken = following => return Err(format!("following the shelf broke off: {broken:?}").into()),
    };
    match end {
        End::Drained => tracing::info!("stopped"),
        End::CutOff => tracing::warn!("stopped with connections still open: the drain time was over"),
    }
    Ok(ExitCode::SUCCESS)
}

/// The shelf in a directory with the built-in edition on it where needed. A directory that can only be read is served as it is;
/// without one that holds an edition, the shelf is in memory.
async fn shelf_to_serve(path: Option<PathBuf>) -> Result<Shelf, Failure> {
    let Some(path) = path else {
        tracing::warn!("no data directory is known, editions are kept in memory: name one with --data-dir");
        return in_memory().await;
    };
    let shelf = match Shelf::in_directory(path.clone()) {
        Ok(shelf) => shelf,
        Err(unwritable) => {
            let readable = Shelf::in_existing_directory(path);
            return match readable {
                Ok(shelf) if shelf.current_sequence().await?.is_some() => {
                    tracing::warn!(%unwritable, "the data directory is only read");
                    Ok(shelf)
                }
                _ => {
                    tracing::warn!(%unwritable, "editions are kept in memory");
                    in_memory().await
                }
            };
        }
    };
    match built_in::ensure(&shelf).await {
        Ok(Ensured::Published(manifest)) => {
            tracing::info!(
                edition = manifest.id(),
                name = manifest.name,
                "published the built-in edition"
            );
        }
        Ok(Ensured::Kept) => {}
        // A full disk, say. What is on the shelf can still be served; an empty one has nothing to lose.
        Err(error) if shelf.current_sequence().await?.is_some() => {
            tracing::warn!(%error, "the built-in edition could not be published");
        }
        Err(error) => {
            tracing::warn!(%error, "editions are kept in memory");
            return in_memory().await;
        }
    }
    Ok(shelf)
}

async fn in_memory() -> Result<Shelf, Failure> {
    let shelf = Shelf::in_memory();
    built_in::ensure(&shelf).await?;
    Ok(shelf)
}

/// Ready when the server is told to stop; a second signal ends the process at once.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut signals = [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ]
    .into_iter()
    .map(signal)
    .collect::<io::Result<Vec<_>>>()?;
    Ok(async move {
        any(&mut signals).await;
        tracing::info!("told to stop: answering what is under way");
        tokio::spawn(async move {
            any(&mut signals).await;
            tracing::warn!("told to stop again: stopping at once");
            std::process::exit(i32::from(FAILED));
        });
    })
}

/// Ready at the next of these signals.
async fn any(signals: &mut [Signal]) {
    std::future::poll_fn(|context| {
        let told = signals
            .iter_mut()
            .any(|signal| signal.poll_recv(context).is_ready());
        if told { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// A line on stdout. A reader that has gone is no reason to stop.
fn say(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// What went wrong on stderr, and the code a script can act on.
fn failed(error: &Failure) -> ExitCode {
    let code = code(&**error);
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "error: {error}");
    if code == INTEGRITY {
        let _ = writeln!(
            stderr,
            "`groeikern-server verify` checks all that is published; restore what is damaged from a backup, or publish it again"
        );
    }
    ExitCode::from(code)
}

fn code(error: &(dyn Error + Send + Sync + 'static)) -> u8 {
    let edition = |cause: &EditionError| !matches!(cause, EditionError::Sqlite(_) | EditionError::Io(_));
    let shelf = |cause: &ShelfError| {
        matches!(
            cause,
            ShelfError::Gone { .. } | ShelfError::DamagedManifest { .. } | ShelfError::NewerManifest { .. }
        )
    };
    let is_damage = if let Some(error) = error.downcast_ref::<LoadError>() {
        match error {
            LoadError::Edition { cause, .. } => edition(cause),
            LoadError::Shelf(cause) => shelf(cause),
            _ => false,
        }
    } else if let Some(error) = error.downcast_ref::<RollbackError>() {
        match error {
            RollbackError::Edition { cause, .. } => edition(cause),
            RollbackError::Shelf(cause) => shelf(cause),
            _ => false,
        }
    } else if let Some(error) = error.downcast_ref::<RetentionError>() {
        matches!(error, RetentionError::Shelf(cause) if shelf(cause))
    } else if let Some(error) = error.downcast_ref::<NextEditionError>() {
        match error {
            NextEditionError::Edition(cause) | NextEditionError::WouldLose { cause, .. } => edition(cause),
            _ => false,
        }
    } else {
        error.downcast_ref::<EditionError>().is_some_and(edition)
    };
    match error.downcast_ref::<BindError>() {
        Some(BindError::PlaintextRefused(_)) => USAGE,
        _ if is_damage => INTEGRITY,
        _ => FAILED,
    }
}
