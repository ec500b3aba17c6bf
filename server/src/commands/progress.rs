//! How far a table was fetched or read: a bar on a terminal, lines of the log elsewhere.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use groeikern_server::fetch::FetchEvent;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress through all tables of an import.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    total: u64,
    read: Arc<AtomicU64>,
    /// On a terminal.
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing read yet of these files and folders. What is not there is named when it is opened.
    pub(super) fn through(files: &[PathBuf]) -> Self {
        let total = files.iter().map(|file| size(file)).sum();
        Self {
            total,
            read: Arc::default(),
            bar: io::stderr().is_terminal().then(|| bar(total)),
        }
    }

    /// A file begins.
    pub(super) fn begin(&self, file: &Path) {
        if self.bar.is_none() {
            tracing::info!(file = %file.display(), "reading");
        }
    }

    /// So many bytes more were read.
    pub(super) fn add(&self, bytes: usize) {
        let bytes = bytes as u64;
        let before = self.read.fetch_add(bytes, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.inc(bytes);
        } else if let Some(percent) = tenth_passed(before, before + bytes, self.total) {
            tracing::info!(percent, "reading");
        }
    }

    /// All was read, or reading broke off.
    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How far a table was fetched: a line that changes on a terminal, lines of the log elsewhere.
pub(super) struct FetchProgress {
    line: Option<ProgressBar>,
}

impl FetchProgress {
    /// Nothing fetched yet.
    pub(super) fn begin() -> Self {
        let line = io::stderr().is_terminal().then(ProgressBar::new_spinner);
        if let Some(line) = &line {
            line.enable_steady_tick(Duration::from_millis(200));
        }
        Self { line }
    }

    pub(super) fn tell(&self, event: FetchEvent<'_>) {
        match event {
            FetchEvent::Page {
                table,
                page,
                observations,
                of,
            } => match &self.line {
                Some(line) => {
                    let of = of.map_or_else(String::new, |of| format!(" of {of}"));
                    line.set_message(format!("{table}: page {page}, observations {observations}{of}"));
                }
                None => tracing::info!(table, page, observations, of, "fetched"),
            },
            FetchEvent::Again { url, cause, wait } => {
                tracing::warn!(url, cause, ?wait, "asking again");
            }
            FetchEvent::Anew { table } => {
                tracing::warn!(
                    table,
                    "the table changed while it was being fetched: fetching it anew"
                );
            }
        }
    }

    /// All was fetched, or fetching broke off.
    pub(super) fn finish(&self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
    }
}

/// The size of a file, or of the files in a folder.
fn size(path: &Path) -> u64 {
    let of = |path: &Path| std::fs::metadata(path).map_or(0, |facts| facts.len());
    match std::fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| of(&entry.path())).sum(),
        Err(_) => of(path),
    }
}

/// The per cent of a large total that was passed on the way, in tens.
fn tenth_passed(before: u64, now: u64, total: u64) -> Option<u64> {
    /// Smaller tables are read before anybody looks.
    const LARGE: u64 = 8 << 20;
    let tenth = |read: u64| read.min(total) * 10 / total.max(1);
    (total >= LARGE && tenth(now) > tenth(before)).then(|| tenth(now) * 10)
}

fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::tenth_passed;

    #[test]
    fn lines_come_at_tenths_of_large_tables() {
        let total = 100 << 20;
        assert_eq!(tenth_passed(0, 9 << 20, total), None);
        assert_eq!(tenth_passed(9 << 20, 31 << 20, total), Some(30));
        assert_eq!(tenth_passed(99 << 20, 100 << 20, total), Some(100));
        assert_eq!(tenth_passed(0, 1 << 20, 1 << 20), None);
    }
}
