//! What happens around every request, outermost first.

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Request, Response};
use tonic::{Code, Status, body::Body};
use tower::{Layer, Service};
use tracing::Instrument;

use super::{
    Limits,
    arrival::Arrivals,
    deadline, panic_guard, request_id,
    shed::Places,
    trace::{self, Asked},
    under_way::UnderWay,
};
use crate::rpc::Failure;

/// What the layers from the fourth on are for. Health and reflection pass by them: health has to be answered by a busy server
/// and by one that stops, and both may go on for as long as their clients like.
const OURS: &str = "/groeikern.v1.";

/// Its answer waits for new editions, within a limit of its own.
const WATCH: &str = "/groeikern.v1.EditionService/WatchEditions";

/// The layers of one server. What they count is shared by all connections.
#[derive(Debug, Clone)]
pub struct Stack(Arc<Layers>);

#[derive(Debug)]
struct Layers {
    arrivals: Arrivals,
    /// The RPC whose request is a stream, and is read by its handler as it comes.
    streamed: Option<&'static str>,
    places: Places,
    deadline: Duration,
    under_way: UnderWay,
}

impl Stack {
    /// The layers with these limits.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self::reading(limits, None)
    }

    /// The layers with these limits, around handlers of which the one at this path reads a stream.
    #[must_use]
    pub fn with_streamed(limits: &Limits, path: &'static str) -> Self {
        Self::reading(limits, Some(path))
    }

    fn reading(limits: &Limits, streamed: Option<&'static str>) -> Self {
        Self(Arc::new(Layers {
            arrivals: Arrivals::new(limits.silence),
            streamed,
            places: Places::new(limits.concurrent_requests),
            deadline: limits.deadline,
            under_way: UnderWay::default(),
        }))
    }

    /// The requests that have begun and are not yet answered.
    pub(super) fn under_way(&self) -> UnderWay {
        self.0.under_way.clone()
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
        let layers = Arc::clone(&self.stack.0);
        // The service that was made ready is the one to call; its clone waits for the next request.
        let ready_inner = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, ready_inner);
        Box::pin(layers.around(request, inner))
    }
}

impl Layers {
    // Every layer pins the ones inside it where they are: handed on by value, each would hold them twice, and a request of a
    // few bytes would move kilobytes.
    async fn around<Inner>(
        self: Arc<Self>,
        request: Request<Body>,
        mut inner: Inner,
    ) -> Result<Response<Body>, Infallible>
    where
        Inner: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    {
        // 1. Request id: first, so that every answer and every log line below carries it.
        let id = request_id::of(request.headers());
        // 2. Trace: around all that can go wrong.
        let asked = Asked::now(&request);
        let span = trace::span(&request, &id);
        let handled = pin!(async {
            // 3. Panic guard: a panic further in becomes an answer.
            let guarded = pin!(async {
                if !asked.path().starts_with(OURS) {
                    return call(&mut inner, request).await;
                }
                let counted = self.under_way.begin();
                // 4. Deadline: around all that takes time, the request's own arrival included.
                let limit = deadline::of(request.headers(), self.deadline);
                let timely = pin!(async {
                    // 5. Arrival: a request that is not all there takes no place from those that are. A stream takes its place
                    // first: its handler reads it, and bounds how long it may be silent.
                    let request = if self.streamed == Some(asked.path()) {
                        request
                    } else {
                        match self.arrivals.whole(request).await {
                            Ok(request) => request,
                            Err(incomplete) => return incomplete.into_response(),
                        }
                    };
                    // 6. Load shedding: before any work is done.
                    match self.places.take(counted) {
                        Ok(place) => {
                            let answer = answer(&mut inner, request, &asked).await;
                            let waits = asked.path() == WATCH;
                            let place = if waits { place.given_up() } else { place };
                            place.until_sent(answer)
                        }
                        Err(overloaded) => overloaded.into_response(),
                    }
                });
                deadline::within(limit, timely).await
            });
            panic_guard::guard(guarded).await
        });
        let mut response = handled.instrument(span).await;
        asked.answered(&id, &response);
        response.headers_mut().insert(request_id::HEADER, id);
        Ok(response)
    }
}

/// The answer of a handler. What the transport refuses before a handler sees it gets the form of our other failures.
async fn answer<Inner>(inner: &mut Inner, request: Request<Body>, asked: &Asked) -> Response<Body>
where
    Inner: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let answer = call(inner, request).await;
    match Status::from_header_map(answer.headers()) {
        Some(status) if status.code() != Code::Ok && status.details().is_empty() => {
            Failure::of_transport(&status, asked.path()).into_response()
        }
        _ => answer,
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

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use tower::{ServiceExt, service_fn};

    use super::*;

    /// What a request with this header, or none, is answered by a handler that never answers.
    async fn of_a_silent_handler(path: &str, timeout: Option<&str>) -> Option<Status> {
        let stack = Stack::new(&Limits::default());
        let silent =
            service_fn(|_: Request<Body>| std::future::pending::<Result<Response<Body>, Infallible>>());
        let mut request = Request::builder().uri(path);
        if let Some(timeout) = timeout {
            request = request.header("grpc-timeout", timeout);
        }
        let answered = stack
            .layer(silent)
            .oneshot(request.body(Body::empty()).expect("a request"));
        let answer = tokio::time::timeout(Duration::from_secs(60), answered)
            .await
            .ok()?;
        let Ok(answer) = answer;
        assert!(answer.headers().contains_key(request_id::HEADER));
        Status::from_header_map(answer.headers())
    }

    #[tokio::test(start_paused = true)]
    async fn a_callers_deadline_is_kept_and_the_servers_own_where_it_names_none() {
        for timeout in [Some("50m"), None, Some("nonsense")] {
            let status = of_a_silent_handler("/groeikern.v1.CatalogueService/ListThemes", timeout).await;
            assert_eq!(
                status.map(|status| status.code()),
                Some(Code::DeadlineExceeded),
                "{timeout:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_health_check_has_no_deadline_but_its_callers() {
        assert!(
            of_a_silent_handler("/grpc.health.v1.Health/Watch", None)
                .await
                .is_none()
        );
    }
}
