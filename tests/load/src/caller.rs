//! The caller: bare connections, requests and answers that stay encoded. What it costs is its own; it only has to be quick
//! enough to keep a server busy.

use std::net::SocketAddr;

use bytes::Bytes;
use http::uri::PathAndQuery;
use tonic::{
    Request,
    client::Grpc,
    transport::{Channel, Endpoint},
};

use crate::{Failure, bytes_codec::BytesCodec};

/// A request, and how long its answer has to be.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) request: Bytes,
    pub(crate) answer: usize,
}

/// One connection for one RPC.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    connection: Grpc<Channel>,
    path: PathAndQuery,
}

impl Caller {
    /// Connects.
    pub(crate) async fn connect(address: SocketAddr, path: &'static str) -> Result<Self, Failure> {
        let endpoint = Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true);
        Ok(Self {
            connection: Grpc::new(endpoint.connect().await?),
            path: PathAndQuery::from_static(path),
        })
    }

    /// Asks once; returns how long the answer is.
    pub(crate) async fn call(&mut self, request: Bytes) -> Result<usize, Failure> {
        self.connection.ready().await?;
        let path = self.path.clone();
        let answer = self
            .connection
            .unary(Request::new(request), path, BytesCodec)
            .await?;
        Ok(answer.get_ref().len())
    }

    /// Asks once, and holds the answer against what is expected.
    pub(crate) async fn exchange(&mut self, exchange: &Exchange) -> Result<(), Failure> {
        let found = self.call(exchange.request.clone()).await?;
        if found == exchange.answer {
            return Ok(());
        }
        let (path, expected) = (&self.path, exchange.answer);
        Err(format!("{path} answered {found} bytes instead of {expected}").into())
    }
}
