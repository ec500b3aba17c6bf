//! One server, from its first connection to its last.

use std::sync::Arc;

use groeikern::{
    FILE_DESCRIPTOR_SET,
    server::{
        catalogue_service_server::CatalogueServiceServer, edition_service_server::EditionServiceServer,
        flow_service_server::FlowServiceServer, indicator_service_server::IndicatorServiceServer,
        neighbourhood_service_server::NeighbourhoodServiceServer,
        ranking_service_server::RankingServiceServer,
        recommendation_service_server::RecommendationServiceServer,
    },
};
use tokio::{net::TcpListener, sync::Notify};
use tonic::{service::Routes, transport::Server};
use tonic_reflection::server::Builder as Reflection;

use super::{Limits, arrival, health, listen, stack::Stack, under_way::UnderWay};
use crate::rpc::Answers;

/// The largest answer: what clients accept by default. Pages and batches are bounded far below it.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;
/// The time for connections to send what was answered last.
const LAST_WORDS: std::time::Duration = std::time::Duration::from_millis(500);
/// How often a quiet connection is asked for a sign of life, and how long it may take.
const KEEPALIVE: std::time::Duration = std::time::Duration::from_secs(30);
const SIGN_OF_LIFE: std::time::Duration = std::time::Duration::from_secs(10);

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every request was answered.
    Drained,
    /// Time ran out with connections still open.
    CutOff,
}

/// Why a server could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The transport failed.
    #[error("the server failed: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// The contract's own descriptors could not be read.
    #[error("the contract's descriptors cannot be read: {0}")]
    Descriptors(#[from] tonic_reflection::server::Error),
}

/// Serves until `stop` is ready, then says so to health checks, takes no more connections, and lets requests finish, for at
/// most [`Limits::drain`].
///
/// # Errors
/// [`ServeError`].
pub async fn run(
    listener: TcpListener,
    answers: Answers,
    limits: &Limits,
    stop: impl Future<Output = ()>,
) -> Result<End, ServeError> {
    let (mut reporter, health_service) = tonic_health::server::health_reporter();
    health::serving(&reporter).await;
    let mut routes = Routes::builder();
    let answers = Arc::new(answers);
    macro_rules! add {
        ($($service:ident),*) => {
            $(routes.add_service(
                $service::from_arc(Arc::clone(&answers))
                    .max_decoding_message_size(arrival::LARGEST)
                    .max_encoding_message_size(LARGEST_ANSWER),
            );)*
        };
    }
    add!(
        CatalogueServiceServer,
        IndicatorServiceServer,
        RankingServiceServer,
        RecommendationServiceServer,
        NeighbourhoodServiceServer,
        FlowServiceServer,
        EditionServiceServer
    );
    routes.add_service(health_service);
    let reflection = || {
        Reflection::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    routes.add_service(reflection().build_v1()?);
    routes.add_service(reflection().build_v1alpha()?);

    let stack = Stack::new(limits);
    let under_way = stack.under_way();
    let stopping = Notify::new();
    let serving = Server::builder()
        .layer(stack)
        .http2_adaptive_window(Some(true))
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(SIGN_OF_LIFE))
        .max_concurrent_streams(limits.streams_per_connection)
        .max_connection_age(limits.connection_age)
        .max_connection_age_grace(limits.deadline)
        .add_routes(routes.routes())
        .serve_with_incoming_shutdown(listen::connections(listener, limits), stopping.notified());
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        failed = &mut serving => {
            failed?;
            return Ok(End::Drained);
        }
        () = stop => {}
    }
    health::stopping(&mut reporter).await;
    stopping.notify_one();
    // tonic waits without bound for connections that say nothing: when the requests are answered we do not, and the hard end
    // is ours too.
    tokio::select! {
        ended = &mut serving => ended.map(|()| End::Drained).map_err(ServeError::from),
        () = all_answered(&under_way) => Ok(End::Drained),
        () = tokio::time::sleep(limits.drain) => Ok(End::CutOff),
    }
}

/// Ready when no request is under way any more, and connections have had the time to send their answers.
async fn all_answered(under_way: &UnderWay) {
    loop {
        tokio::time::sleep(LAST_WORDS).await;
        if under_way.is_none() {
            return;
        }
    }
}
