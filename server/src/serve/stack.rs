//! What happens around every request, outermost first.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};
use tracing::Instrument;

use super::{Limits, deadline, panic_guard, request_id, shed::Places, trace};

/// Health checks have to be answered when the server is busy, and when it is told to stop.
const HEALTH: &str = "/grpc.health.v1.Health/";

/// The layers of one server. Its places are shared by all connections.
#[derive(Debug, Clone)]
pub struct Stack {
    places: Places,
    deadline: Duration,
}

impl Stack {
    /// The layers with these limits.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            places: Places::new(limits.concurrent_requests),
            deadline: limits.deadline,
        }
    }
}

impl<Inner> Layer<Inner> for Stack {
    type Service = Stacked<Inner>;

    fn layer(&self, inner: Inner) -> Stacked<Inner> {
        Stacked {
            stack: self.clone(),
            inner,
        }
    }
}

/// A service with the layers around it.
#[derive(Debug, Clone)]
pub struct Stacked<Inner> {
    stack: Stack,
    inner: Inner,
}

impl<Inner> Service<Request<Body>> for Stacked<Inner>
where
    Inner: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    Inner::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let stack = self.stack.clone();
        // The service that was made ready is the one to call; its clone waits for the next request.
        let ready_inner = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, ready_inner);
        Box::pin(stack.around(request, inner))
    }
}

impl Stack {
    async fn around<Inner>(
        self,
        request: Request<Body>,
        mut inner: Inner,
    ) -> Result<Response<Body>, Infallible>
    where
        Inner: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    {
        // 1. Request id: first, so that every answer and every log line below carries it.
        let id = request_id::of(request.headers());
        // 2. Trace: around all that can go wrong.
        let span = trace::span(&request, &id);
        let mut response = async {
            let since = Instant::now();
            // 3. Panic guard: a panic further in becomes an answer.
            let response = panic_guard::guard(async {
                if request.uri().path().starts_with(HEALTH) {
                    return call(&mut inner, request).await;
                }
                // 4. Load shedding: before any work is done, and before time is counted.
                let place = match self.places.take() {
                    Ok(place) => place,
                    Err(overloaded) => return overloaded.into_response(),
                };
                // 5. Deadline: around reading the request and answering it.
                let limit = deadline::of(request.headers(), self.deadline);
                place.until_sent(deadline::within(limit, call(&mut inner, request)).await)
            })
            .await;
            trace::answered(&response, since);
            response
        }
        .instrument(span)
        .await;
        response.headers_mut().insert(request_id::HEADER, id);
        Ok(response)
    }
}

async fn call<Inner>(inner: &mut Inner, request: Request<Body>) -> Response<Body>
where
    Inner: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    match inner.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}
