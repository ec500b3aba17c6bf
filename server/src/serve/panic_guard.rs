//! A handler that panics answers INTERNAL and harms no other request.

use std::{
    any::Any,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use http::Response;
use tonic::body::Body;

use crate::rpc::Failure;

/// The answer of `handler`, or INTERNAL when it panics.
pub(super) async fn guard(handler: impl Future<Output = Response<Body>>) -> Response<Body> {
    let mut handler = pin!(handler);
    poll_fn(|context| {
        // Safe to go on: the handler is dropped, and what it shares with others is never left half changed.
        catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context)))
            .unwrap_or_else(|panic| Poll::Ready(Failure::internal(message(&*panic)).into_response()))
    })
    .await
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_internal_error_without_its_words() {
        let answer = guard(async { panic!("secret") }).await;
        let status = tonic::Status::from_header_map(answer.headers()).expect("a status");
        assert_eq!(status.code(), tonic::Code::Internal);
        assert!(!status.message().contains("secret"), "{status:?}");
    }

    #[tokio::test]
    async fn an_answer_passes_unchanged() {
        let answer = guard(async {
            Response::builder()
                .status(204)
                .body(Body::empty())
                .expect("a response")
        })
        .await;
        assert_eq!(answer.status(), 204);
    }
}
