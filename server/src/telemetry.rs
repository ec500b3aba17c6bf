//! The log: lines on stderr, panics among them.

use std::{backtrace::Backtrace, io, io::IsTerminal, panic};

use tracing_subscriber::EnvFilter;

use crate::config::{LogFormat, Logging};

/// Starts logging.
///
/// # Errors
/// What is wrong with the filter.
pub(crate) fn start(logging: &Logging) -> Result<(), String> {
    let filter = EnvFilter::try_new(&logging.filter)
        .map_err(|error| format!("the log filter `{}` cannot be read: {error}", logging.filter))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let started = match logging.format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).try_init(),
        LogFormat::Json => lines.json().try_init(),
    };
    started.map_err(|error| error.to_string())?;
    panic::set_hook(Box::new(|panic| {
        let backtrace = Backtrace::capture();
        tracing::error!(%panic, %backtrace, "a panic");
    }));
    Ok(())
}
