//! The bare echo: a tonic service that answers as many bytes as its request says, and does nothing else.
//!
//! It is what any answer of this size costs at least: the connection, HTTP/2, gRPC framing, and one copy of the bytes.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use tonic::{
    Request, Response, Status,
    body::Body,
    codegen::{Service, http},
    server::{Grpc, NamedService, UnaryService},
};

use crate::bytes_codec::BytesCodec;

/// The one path of the echo.
pub(crate) const PATH: &str = "/groeikern.load.Echo/Answer";
/// The largest answer; those of the contract are far below it.
const LARGEST: usize = 4 * 1024 * 1024;
/// The bytes of a request that hold the size of its answer.
const SIZE: usize = size_of::<u32>();

/// A request that is as long as this one and is answered by so many bytes. Nothing when it is too short to say so.
pub(crate) fn request_like(request: &[u8], answer: usize) -> Option<Bytes> {
    let size = u32::try_from(answer).ok().filter(|_| answer <= LARGEST)?;
    let mut message = vec![0; request.len()];
    message.get_mut(..SIZE)?.copy_from_slice(&size.to_le_bytes());
    Some(message.into())
}

/// Answers from bytes that are there already.
#[derive(Debug, Clone)]
pub(crate) struct Echo {
    bytes: Bytes,
}

impl Echo {
    pub(crate) fn new() -> Self {
        Self {
            bytes: vec![0x5a; LARGEST].into(),
        }
    }
}

impl UnaryService<Bytes> for Echo {
    type Response = Bytes;
    type Future = Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let request = request.into_inner();
        let size = request.first_chunk::<SIZE>();
        let size = size.and_then(|size| usize::try_from(u32::from_le_bytes(*size)).ok());
        ready(match size {
            Some(size) if size <= LARGEST => Ok(Response::new(self.bytes.slice(..size))),
            _ => Err(Status::invalid_argument("the request names no size")),
        })
    }
}

impl Service<http::Request<Body>> for Echo {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let echo = self.clone();
        Box::pin(async move { Ok(Grpc::new(BytesCodec).unary(echo, request).await) })
    }
}

impl NamedService for Echo {
    const NAME: &'static str = "groeikern.load.Echo";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_request_is_as_long_as_the_real_one_and_names_the_size_of_its_answer() {
        let request = request_like(b"0123456789", 70_000).expect("long enough");
        assert_eq!(request.len(), 10);
        let answer = UnaryService::call(&mut Echo::new(), Request::new(request)).into_inner();
        let answer = answer.expect("answered");
        assert_eq!(answer.into_inner().len(), 70_000);
        assert_eq!(request_like(b"012", 1), None);
    }
}
