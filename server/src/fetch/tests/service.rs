//! A service of OData on this machine that says what it is told to.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::import::odata::fixtures::{SmallTable, list};

/// What a service does in place of the truth.
#[derive(Debug, Clone)]
pub(super) enum Lie {
    /// A status with a header.
    Status(u16, &'static str, String),
    /// Nothing, for as long as the client waits.
    Silence,
    /// Breaks off in the middle of the answer.
    Reset,
    /// Another body, of this kind.
    Body(&'static str, String),
    /// A body without an end.
    Endless,
    /// A body that is far larger than it looks.
    Bomb,
    /// The truth without a date.
    Undated,
    /// The truth with something in its place.
    Instead(&'static str, String),
}

type Script = Box<dyn Fn(&str, usize) -> Option<Lie> + Send + Sync>;

pub(super) struct Service {
    pub(super) address: String,
    state: Arc<State>,
}

struct State {
    table: Mutex<SmallTable>,
    page: usize,
    root: String,
    script: Script,
    asked: Mutex<Vec<String>>,
    /// How often each was asked.
    times: Mutex<BTreeMap<String, usize>>,
    sent: AtomicU64,
}

impl Service {
    /// A service of a table in pages of some size. The script hears what is asked, after the address of the table, and how often
    /// that was asked before.
    pub(super) async fn start(
        table: SmallTable,
        page: usize,
        script: impl Fn(&str, usize) -> Option<Lie> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let id = table.properties["Identifier"].as_str().expect("an id");
        let root = format!("http://{}/v1/{id}", listener.local_addr().expect("an address"));
        let state = Arc::new(State {
            table: Mutex::new(table),
            page,
            root: root.clone(),
            script: Box::new(script),
            asked: Mutex::default(),
            times: Mutex::default(),
            sent: AtomicU64::new(0),
        });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&serving);
                tokio::spawn(async move { state.answer(stream).await });
            }
        });
        Self { address: root, state }
    }

    pub(super) async fn honest(table: SmallTable, page: usize) -> Self {
        Self::start(table, page, |_, _| None).await
    }

    /// What was asked since the last time this was looked at.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.asked.lock().expect("a lock"))
    }

    /// The bytes sent of bodies without an end.
    pub(super) fn sent(&self) -> u64 {
        self.state.sent.load(Ordering::Relaxed)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut SmallTable)) {
        change(&mut self.state.table.lock().expect("a lock"));
    }
}

impl State {
    async fn answer(&self, mut stream: TcpStream) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        let head = String::from_utf8(head).expect("text");
        let target = head.split(' ').nth(1).unwrap_or_default();
        let path = self.root.splitn(4, '/').nth(3).unwrap_or_default();
        let asked = decoded(
            target
                .trim_start_matches('/')
                .trim_start_matches(path)
                .trim_start_matches('/'),
        );
        self.asked.lock().expect("a lock").push(asked.clone());
        let before = {
            let mut times = self.times.lock().expect("a lock");
            let times = times.entry(asked.clone()).or_default();
            *times += 1;
            *times - 1
        };
        let lie = (self.script)(&asked, before);
        let truth = self.truth(&asked);
        let answer = |status: u16, more: &str, body: &[u8]| {
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status} It\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n"
            );
            [head.as_bytes(), body].concat()
        };
        const DATED: &str = "Date: Thu, 02 May 2024 10:00:00 GMT\r\n";
        let json = format!("{DATED}Content-Type: application/json\r\n");
        let bytes = match lie {
            None => match truth {
                Some(body) => answer(200, &json, body.as_bytes()),
                None => answer(404, &json, b"{\"error\":{\"message\":\"not here\"}}"),
            },
            Some(Lie::Status(status, name, value)) => {
                answer(status, &format!("{DATED}{name}: {value}\r\n"), b"{}")
            }
            Some(Lie::Body(kind, body)) => {
                answer(200, &format!("{DATED}Content-Type: {kind}\r\n"), body.as_bytes())
            }
            Some(Lie::Undated) => answer(200, "", truth.unwrap_or_default().as_bytes()),
            Some(Lie::Instead(from, to)) => {
                let truth = truth.unwrap_or_default();
                assert!(truth.contains(from), "{from} in {truth}");
                answer(200, &json, truth.replacen(from, &to, 1).as_bytes())
            }
            Some(Lie::Reset) => {
                let mut bytes = answer(200, &json, truth.unwrap_or_default().as_bytes());
                bytes.truncate(bytes.len() - 10);
                bytes
            }
            Some(Lie::Bomb) => {
                let body = crate::import::fixtures::gzip(&vec![b' '; 4 << 20]);
                answer(200, &format!("{json}Content-Encoding: gzip\r\n"), &body)
            }
            Some(Lie::Silence) => {
                let _ = stream.read_u8().await; // until the client goes
                return;
            }
            Some(Lie::Endless) => return self.endless(stream, &json).await,
        };
        let _ = stream.write_all(&bytes).await;
        let _ = stream.shutdown().await;
    }

    /// 2 GB, if the client takes them.
    async fn endless(&self, mut stream: TcpStream, headers: &str) {
        let head = format!("HTTP/1.1 200 It\r\nConnection: close\r\n{headers}\r\n");
        let piece = vec![b' '; 64 << 10];
        let mut done = stream.write_all(head.as_bytes()).await;
        while done.is_ok() && self.sent.load(Ordering::Relaxed) < 2 << 30 {
            done = stream.write_all(&piece).await;
            self.sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        }
    }

    fn truth(&self, asked: &str) -> Option<String> {
        let table = self.table.lock().expect("a lock");
        let (part, query) = asked.split_once('?').unwrap_or((asked, ""));
        let query: BTreeMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let matching = || -> Vec<Value> {
            let filter = query.get("$filter").copied().unwrap_or_default();
            let all = table.observations.iter();
            all.filter(|observation| passes(observation, filter))
                .cloned()
                .collect()
        };
        let value = match part {
            "Properties" => table.properties.clone(),
            "Dimensions" => table.dimensions.clone(),
            "MeasureCodes" => table.measures.clone(),
            "RegioSCodes" => table.regions.clone(),
            "PeriodenCodes" => table.periods.clone(),
            "Observations/$count" => return Some(format!("\u{feff}{}", matching().len())),
            "Observations" => {
                let skip = query
                    .get("$skip")
                    .map_or(0, |skip| skip.parse().expect("a number"));
                let matching = matching();
                let mut page = list(&matching[skip..matching.len().min(skip + self.page)]);
                if skip + self.page < matching.len() {
                    let filter = query
                        .get("$filter")
                        .map_or_else(String::new, |filter| format!("$filter={filter}&"));
                    page["@odata.nextLink"] = json!(format!(
                        "{}/Observations?{filter}$skip={}",
                        self.root,
                        skip + self.page
                    ));
                }
                page
            }
            _ => return None,
        };
        Some(value.to_string())
    }
}

/// Whether an observation passes an expression such as ours.
fn passes(observation: &Value, filter: &str) -> bool {
    let test = |test: &str| {
        let mut words = test.splitn(3, ' ');
        let (column, operator, text) = (words.next(), words.next(), words.next().unwrap_or_default());
        let text = text.trim_matches('\'').replace("''", "'");
        let cell = observation[column.expect("a column")].as_str().expect("a text");
        if operator == Some("ge") {
            cell >= text.as_str()
        } else {
            cell == text
        }
    };
    filter.is_empty()
        || filter
            .split(" and ")
            .all(|all| all.trim_matches(['(', ')']).split(" or ").any(test))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let code = others.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code
            .and_then(|code| u8::from_str_radix(code, 16).ok())
            .filter(|_| *first == b'%')
        {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8(bytes).expect("text")
}
