//! What the figures were measured on. No names of hosts or people.

use std::{fs, process::Command, thread};

/// Cores that this process may use.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(0, usize::from)
}

/// The kernel's version.
pub(crate) fn kernel() -> String {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let version = release.split('-').next().unwrap_or_default().trim();
    format!("Linux {}", if version.is_empty() { "unknown" } else { version })
}

/// The compiler that is there now: that of this program when it was just built.
pub(crate) fn compiler() -> String {
    said("rustc", &["--version"]).unwrap_or_else(|| "rustc unknown".to_owned())
}

/// The commit of the directory the program is run in.
pub(crate) fn commit() -> String {
    let commit = said("git", &["rev-parse", "--short=12", "HEAD"]);
    let changed = said("git", &["status", "--porcelain"]);
    match (commit, changed) {
        (Some(commit), None) => commit,
        (Some(commit), Some(_)) => format!("{commit}, with changes not committed"),
        (None, _) => "unknown".to_owned(),
    }
}

/// What a program says, in one line; nothing when it says nothing.
fn said(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let line = text.lines().next().filter(|_| output.status.success())?;
    Some(line.trim().to_owned())
}
