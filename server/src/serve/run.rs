//! One server, from its first connection to its last.

use std::sync::Arc;

use groeikern::{
    FILE_DESCRIPTOR_SET,
    server::{
        admin_service_server::{AdminServiceServer, SERVICE_NAME as ADMINISTRATION},
        catalogue_service_server::CatalogueServiceServer,
        edition_service_server::EditionServiceServer,
        flow_service_server::FlowServiceServer,
        indicator_service_server::IndicatorServiceServer,
        neighbourhood_service_server::NeighbourhoodServiceServer,
        ranking_service_server::RankingServiceServer,
        recommendation_service_server::RecommendationServiceServer,
    },
};
use tokio::{net::TcpListener, sync::Notify};
use tonic::{
    service::{Routes, RoutesBuilder},
    transport::Server,
};
use tonic_health::pb::health_server as pb_health;
use tonic_reflection::server::Builder as Reflection;

use super::{Limits, admin_socket::AdminSocket, arrival, health, listen, stack::Stack, under_way::UnderWay};
use crate::rpc::{Answers, Changes};

/// The largest answer: what clients accept by default. Pages and batches are bounded far below it.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;
/// The largest part of an upload: a chunk of a mebibyte, or a header with a recipe, and what is around it.
const LARGEST_PART: usize = 1024 * 1024 + 64 * 1024;
/// The RPC whose request is a stream.
const STREAMED: &str = "/groeikern.v1.AdminService/ImportSource";
const HEALTH: &str = "grpc.health.v1.Health";
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

/// The changes that a server takes, beside the questions it answers.
#[derive(Debug)]
pub struct Administration {
    /// Where they come in.
    pub socket: AdminSocket,
    /// What makes them.
    pub changes: Changes,
    /// Bounds of their own: see [`Limits::of_administration`].
    pub limits: Limits,
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
    run_with(listener, answers, limits, None, stop).await
}

/// The same, and takes changes on a listener of their own.
///
/// # Errors
/// [`ServeError`].
pub async fn run_with(
    listener: TcpListener,
    answers: Answers,
    limits: &Limits,
    administration: Option<Administration>,
    stop: impl Future<Output = ()>,
) -> Result<End, ServeError> {
    let (mut reporter, health_service) = tonic_health::server::health_reporter();
    health::serving(&reporter).await;
    let answers = Arc::new(answers.with_watches(limits.watches, limits.connection_age));
    let stack = Stack::new(limits);
    let mut under_way = vec![stack.under_way()];
    let (stopping, stopping_administration) = (Notify::new(), Notify::new());
    let questions = transport(limits)
        .layer(stack)
        .add_routes(questions(&answers, health_service)?)
        .serve_with_incoming_shutdown(listen::connections(listener, limits), stopping.notified());
    let mut administered = None;
    let mut own_socket = None;
    if let Some(Administration {
        socket,
        changes,
        limits,
    }) = administration
    {
        let (own_reporter, own_health) = tonic_health::server::health_reporter();
        health::serving_administration(&own_reporter).await;
        let stack = Stack::with_streamed(&limits, STREAMED);
        under_way.push(stack.under_way());
        let (connections, own) = socket.connections(&limits);
        own_socket = Some((own, own_reporter));
        administered = Some(
            transport(&limits)
                .layer(stack)
                .add_routes(changes_routes(changes, own_health)?)
                .serve_with_incoming_shutdown(connections, stopping_administration.notified()),
        );
    }
    let mut serving = std::pin::pin!(async {
        let administered = async {
            match administered {
                Some(administered) => administered.await,
                None => Ok(()),
            }
        };
        tokio::try_join!(questions, administered)
    });
    tokio::select! {
        failed = &mut serving => {
            failed?;
            return Ok(End::Drained);
        }
        () = stop => {}
    }
    health::stopping(&mut reporter).await;
    // A new server can take the socket's place at once.
    if let Some((own, mut reporter)) = own_socket {
        health::stopping_administration(&mut reporter).await;
        drop(own);
    }
    stopping.notify_one();
    answers.end_watches();
    stopping_administration.notify_one();
    // tonic waits without bound for connections that say nothing: when the requests are answered we do not, and the hard end
    // is ours too.
    tokio::select! {
        ended = &mut serving => ended.map(|_| End::Drained).map_err(ServeError::from),
        () = all_answered(&under_way) => Ok(End::Drained),
        () = tokio::time::sleep(limits.drain) => Ok(End::CutOff),
    }
}

/// The transport within these limits.
fn transport(limits: &Limits) -> Server {
    Server::builder()
        .http2_adaptive_window(Some(true))
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(SIGN_OF_LIFE))
        .max_concurrent_streams(limits.streams_per_connection)
        .max_connection_age(limits.connection_age)
        .max_connection_age_grace(limits.deadline)
}

/// Everything that can be asked.
fn questions<H: pb_health::Health>(
    answers: &Arc<Answers>,
    health_service: pb_health::HealthServer<H>,
) -> Result<Routes, ServeError> {
    let mut routes = Routes::builder();
    macro_rules! add {
        ($($service:ident),*) => {
            $(routes.add_service(
                $service::from_arc(Arc::clone(answers))
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
    add_reflection(&mut routes, &health::NAMES)?;
    Ok(routes.routes())
}

/// Everything that can be changed.
fn changes_routes<H: pb_health::Health>(
    changes: Changes,
    health_service: pb_health::HealthServer<H>,
) -> Result<Routes, ServeError> {
    let mut routes = Routes::builder();
    routes.add_service(
        AdminServiceServer::new(changes)
            .max_decoding_message_size(LARGEST_PART)
            .max_encoding_message_size(LARGEST_ANSWER),
    );
    routes.add_service(health_service);
    add_reflection(&mut routes, &[ADMINISTRATION])?;
    Ok(routes.routes())
}

/// Reflection that lists the services of one listener.
fn add_reflection(routes: &mut RoutesBuilder, services: &[&'static str]) -> Result<(), ServeError> {
    let reflection = || {
        let listed = Reflection::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .with_service_name(HEALTH);
        let named = services.iter().filter(|name| !name.is_empty());
        named.fold(listed, |listed, name| listed.with_service_name(*name))
    };
    routes.add_service(reflection().build_v1()?);
    routes.add_service(reflection().build_v1alpha()?);
    Ok(())
}

/// Ready when no request is under way any more, and connections have had the time to send their answers.
async fn all_answered(under_way: &[UnderWay]) {
    loop {
        tokio::time::sleep(LAST_WORDS).await;
        if under_way.iter().all(UnderWay::is_none) {
            return;
        }
    }
}
