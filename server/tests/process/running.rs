//! A server process on a free port.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    time::Duration,
};

use groeikern_client::{Client, ConnectOptions};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_groeikern-server");

/// A server that is killed when the test lets go of it.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    process: Child,
    log: Option<BufReader<ChildStderr>>,
}

/// The command that serves a shelf.
pub(crate) fn command(shelf: &Path, listen: &str, more: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command
        .args(["serve", "--listen", listen, "--data-dir"])
        .arg(shelf)
        .args(more)
        .env_clear();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Running {
    pub(crate) fn start(shelf: &Path, more: &[&str]) -> Self {
        Self::listening(shelf, "127.0.0.1:0", more)
    }

    pub(crate) fn listening(shelf: &Path, listen: &str, more: &[&str]) -> Self {
        let mut process = command(shelf, listen, more).spawn().expect("started");
        let log = process.stderr.take().map(BufReader::new);
        let mut first = String::new();
        let stdout = process.stdout.as_mut().expect("stdout");
        BufReader::new(stdout).read_line(&mut first).expect("a line");
        let address = first.trim_end().parse().expect("the first line is an address");
        Self {
            address,
            process,
            log,
        }
    }

    pub(crate) async fn client(&self) -> Client {
        let options =
            ConnectOptions::new(format!("http://{}", self.address)).deadline(Duration::from_secs(60));
        Client::connect(options).await.expect("a connection")
    }

    /// The first line of the log that says this.
    pub(crate) fn log_until(mut self, words: &str) -> String {
        let lines = self.log.take().expect("a log").lines();
        let mut lines = lines.map(|line| line.expect("text"));
        lines
            .find(|line| line.contains(words))
            .expect("a line that says it")
    }

    /// Sends a signal and waits for the end.
    pub(crate) fn signal(mut self, signal: &str) -> ExitStatus {
        let process = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args([format!("-{signal}"), process])
                .status()
                .expect("kill")
                .success()
        );
        self.process.wait().expect("ended")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
