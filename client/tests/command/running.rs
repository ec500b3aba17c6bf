//! The tool and the server it asks.

use std::{
    net::SocketAddr,
    process::{Command, Output},
    sync::{Arc, LazyLock, mpsc},
    thread,
};

use groeikern_server::{
    edition::{built_in, shelf::Shelf},
    rpc::Answers,
    serve::{self, Limits},
    snapshot::LoadedEditions,
};
use tokio::net::TcpListener;

/// What the tool printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the tool against the server of these tests. Words are separated by spaces.
pub(crate) fn groeikern(line: &str) -> Ran {
    let words: Vec<&str> = line.split(' ').collect();
    run(tool(&endpoint()).args(words))
}

/// The address of the server of these tests.
pub(crate) fn endpoint() -> String {
    format!("http://{}", *SERVER)
}

/// The tool with nothing in its environment but the address of a server.
pub(crate) fn tool(endpoint: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groeikern"));
    command.env_clear().env("GROEIKERN_ENDPOINT", endpoint);
    command
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("started");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran {
        code: status.code(),
        stdout: text(stdout),
        stderr: text(stderr),
    }
}

/// The lines of tab separated output, by the names of its header.
pub(crate) fn rows(tsv: &str) -> Vec<std::collections::HashMap<&str, &str>> {
    let mut lines = tsv.lines();
    let header: Vec<&str> = lines.next().expect("a header").split('\t').collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), header.len(), "{line}");
            header.iter().copied().zip(cells).collect()
        })
        .collect()
}

/// A server with the built-in edition, which answers as long as the tests run.
static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    serve(async {
        let shelf = Shelf::in_memory();
        built_in::ensure(&shelf).await.expect("the built-in edition");
        shelf
    })
});

/// Starts a server over a shelf; it answers as long as the tests run.
pub(crate) fn serve(shelf: impl Future<Output = Shelf> + Send + 'static) -> SocketAddr {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let editions = Arc::new(LoadedEditions::open(shelf.await).await.expect("loaded"));
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address"))
                .expect("told");
            serve::run(
                listener,
                Answers::new(editions),
                &Limits::default(),
                std::future::pending(),
            )
            .await
        })
    });
    told.recv().expect("a server")
}
