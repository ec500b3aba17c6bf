//! A server that answers as a test tells it to. Its RPCs of interest are GetEdition, ListEditions for pages, and WatchEditions.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use groeikern::{
    Encoded,
    server::edition_service_server::{EditionService, EditionServiceServer},
    v1,
};
use groeikern_client::{Client, ConnectOptions};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

/// What the server does with one call of GetEdition.
pub(crate) enum Answer {
    /// An edition.
    Edition,
    /// An error.
    Fails(Status),
    /// Nothing, ever.
    Silence,
    /// Nothing, and it cuts the connections of the [`cuttable`] proxy.
    CutsTheLine(Arc<Notify>),
}

type Script = dyn Fn(usize) -> Answer + Send + Sync;
type Turn = dyn Fn(&str) -> String + Send + Sync;

/// A running fake server.
#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Option<String>>>>,
}

impl Fake {
    /// Starts a server that answers its first call of GetEdition with `script(0)`, and so on.
    pub(crate) async fn start(script: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Self {
        Self::serve(Box::new(script), Box::new(|_| String::new())).await
    }

    /// Starts a server whose pages of ListEditions hold one edition, named after the page's token, and lead to the
    /// token that `turn` makes of it.
    pub(crate) async fn with_pages(turn: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::serve(Box::new(|_| Answer::Edition), Box::new(turn)).await
    }

    async fn serve(script: Box<Script>, turn: Box<Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
        };
        let service = EditionServiceServer::new(Service {
            script,
            turn,
            seen: fake.seen.clone(),
        });
        tokio::spawn(
            Server::builder()
                .add_service(service)
                .serve_with_incoming(TcpListenerStream::new(listener)),
        );
        fake
    }

    pub(crate) fn url(&self) -> String {
        url(self.address)
    }

    /// Options for this server alone, with a deadline that no healthy test reaches.
    pub(crate) fn options(&self) -> ConnectOptions {
        ConnectOptions::new(self.url()).deadline(Duration::from_secs(60))
    }

    pub(crate) async fn client(&self) -> Client {
        Client::connect(self.options()).await.unwrap()
    }

    /// How many calls it saw.
    pub(crate) fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// The header `grpc-timeout` of every call it saw.
    pub(crate) fn timeouts(&self) -> Vec<Option<String>> {
        self.seen.lock().unwrap().clone()
    }
}

struct Service {
    script: Box<Script>,
    turn: Box<Turn>,
    seen: Arc<Mutex<Vec<Option<String>>>>,
}

impl Service {
    /// Notes a call and returns its number.
    fn see<T>(&self, request: &Request<T>) -> usize {
        let timeout = request.metadata().get("grpc-timeout");
        let mut seen = self.seen.lock().unwrap();
        seen.push(timeout.map(|value| value.to_str().unwrap().to_owned()));
        seen.len() - 1
    }
}

#[tonic::async_trait]
impl EditionService for Service {
    async fn get_edition(
        &self,
        request: Request<v1::GetEditionRequest>,
    ) -> Result<Response<Encoded<v1::GetEditionResponse>>, Status> {
        match (self.script)(self.see(&request)) {
            Answer::Edition => Ok(Response::new(v1::GetEditionResponse::default().into())),
            Answer::Fails(status) => Err(status),
            Answer::Silence => std::future::pending().await,
            Answer::CutsTheLine(cut) => {
                cut.notify_waiters();
                std::future::pending().await
            }
        }
    }

    async fn list_editions(
        &self,
        request: Request<v1::ListEditionsRequest>,
    ) -> Result<Response<Encoded<v1::ListEditionsResponse>>, Status> {
        self.see(&request);
        let token = request.into_inner().page_token;
        if token == "bad" {
            return Err(Status::invalid_argument("bad token"));
        }
        let page = v1::ListEditionsResponse {
            next_page_token: (self.turn)(&token),
            editions: vec![v1::EditionSummary {
                name: token,
                ..Default::default()
            }],
            ..Default::default()
        };
        Ok(Response::new(page.into()))
    }

    async fn diff_editions(
        &self,
        request: Request<v1::DiffEditionsRequest>,
    ) -> Result<Response<Encoded<v1::DiffEditionsResponse>>, Status> {
        self.see(&request);
        Ok(Response::new(v1::DiffEditionsResponse::default().into()))
    }

    type WatchEditionsStream =
        tokio_stream::Iter<std::vec::IntoIter<Result<Encoded<v1::WatchEditionsResponse>, Status>>>;

    /// After no edition: the first, and half of the second before the line is busy. After the first: the same edition, both halves
    /// of the second, and the end. After the second: what no other try mends.
    async fn watch_editions(
        &self,
        request: Request<v1::WatchEditionsRequest>,
    ) -> Result<Response<Self::WatchEditionsStream>, Status> {
        self.see(&request);
        let messages = match request.into_inner().after_sequence {
            0 => vec![
                Ok(part_of_event(1, v1::EditionComparison::None, &[], false)),
                Ok(part_of_event(2, v1::EditionComparison::Compared, &[1], true)),
                Err(Status::unavailable("busy")),
            ],
            1 => vec![
                Ok(part_of_event(1, v1::EditionComparison::Same, &[], false)),
                Ok(part_of_event(2, v1::EditionComparison::Compared, &[1], true)),
                Ok(part_of_event(2, v1::EditionComparison::Compared, &[2, 3], false)),
            ],
            _ => vec![Err(Status::not_found("final"))],
        };
        Ok(Response::new(tokio_stream::iter(messages)))
    }
}

/// A message of an event, with changes that are known by their n.
fn part_of_event(
    sequence: u64,
    comparison: v1::EditionComparison,
    changes: &[u32],
    continued: bool,
) -> Encoded<v1::WatchEditionsResponse> {
    let changes = changes.iter().map(|&n| v1::VerdictChange {
        n,
        ..Default::default()
    });
    v1::WatchEditionsResponse {
        edition: Some(v1::EditionSummary {
            sequence,
            ..Default::default()
        }),
        comparison: comparison.into(),
        changes: changes.collect(),
        within_range: if continued { 0 } else { 7 },
        continued,
        ..Default::default()
    }
    .into()
}

/// The call that tests make.
pub(crate) async fn ask(client: &Client) -> Result<(), groeikern_client::Error> {
    let answer = client.get_edition(v1::GetEditionRequest::default()).await;
    answer.map(|_| ())
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// An address where nobody listens.
pub(crate) async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
}

/// A line to `target` whose present connections end when `cut` is notified.
pub(crate) async fn cuttable(target: SocketAddr, cut: Arc<Notify>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let cut = cut.clone();
            tokio::spawn(async move {
                let mut far = TcpStream::connect(target).await.unwrap();
                tokio::select! {
                    () = cut.notified() => {}
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                }
            });
        }
    });
    address
}
