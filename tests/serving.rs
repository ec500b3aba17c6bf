//! What the server does around every request: health, reflection, ids, limits, deadlines, and an end that drains.

use std::time::Duration;

use crate::support::{Server, refusal};
use groeikern_client::{Client, Code, ConnectOptions, RetryBudget, v1, v1::ErrorReason};
use groeikern_server::serve::{End, Limits};
use tokio::{io::AsyncReadExt, net::TcpStream};
use tokio_stream::StreamExt;
use tonic::{Request, Status, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_prost::ProstCodec;

const EVERY_SERVICE: [&str; 5] = [
    "groeikern.v1.CatalogueService",
    "groeikern.v1.EditionService",
    "groeikern.v1.IndicatorService",
    "groeikern.v1.RankingService",
    "groeikern.v1.RecommendationService",
];

/// A call whose request never comes to its end, with the deadline the caller sends along.
async fn endless_call(channel: Channel, deadline: Option<Duration>) -> Status {
    let mut request = Request::new(tokio_stream::pending::<v1::ListThemesRequest>());
    if let Some(deadline) = deadline {
        request.set_timeout(deadline);
    }
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.expect("a connection");
    let path = PathAndQuery::from_static("/groeikern.v1.CatalogueService/ListThemes");
    let codec = ProstCodec::<v1::ListThemesRequest, v1::ListThemesResponse>::default();
    grpc.client_streaming(request, path, codec)
        .await
        .expect_err("an endless request")
}

async fn health(channel: Channel, service: &str) -> Result<ServingStatus, Status> {
    let request = HealthCheckRequest {
        service: service.into(),
    };
    let answer = HealthClient::new(channel).check(request).await?;
    Ok(answer.into_inner().status())
}

#[tokio::test]
async fn every_service_is_healthy() {
    let server = Server::start().await;
    for service in EVERY_SERVICE.into_iter().chain([""]) {
        assert_eq!(
            health(server.channel().await, service).await.expect(service),
            ServingStatus::Serving
        );
    }
    let unknown = health(server.channel().await, "groeikern.v1.Nothing")
        .await
        .expect_err("unknown");
    assert_eq!(unknown.code(), Code::NotFound);
}

macro_rules! reflection_lists_every_service {
    ($test:ident, $version:ident) => {
        #[tokio::test]
        async fn $test() {
            use tonic_reflection::pb::$version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
            };
            let server = Server::start().await;
            let request = ServerReflectionRequest {
                host: String::new(),
                message_request: Some(MessageRequest::ListServices(String::new())),
            };
            let mut answers = ServerReflectionClient::new(server.channel().await)
                .server_reflection_info(tokio_stream::once(request))
                .await
                .expect("reflection")
                .into_inner();
            let answer = answers
                .next()
                .await
                .expect("an answer")
                .expect("an answer")
                .message_response;
            let Some(MessageResponse::ListServicesResponse(list)) = answer else {
                panic!("{answer:?}")
            };
            let names: Vec<&str> = list
                .service
                .iter()
                .map(|service| service.name.as_str())
                .collect();
            for service in EVERY_SERVICE.into_iter().chain(["grpc.health.v1.Health"]) {
                assert!(names.contains(&service), "{service} in {names:?}");
            }
        }
    };
}
reflection_lists_every_service!(reflection_v1_lists_every_service, v1);
reflection_lists_every_service!(reflection_v1alpha_lists_every_service, v1alpha);

#[tokio::test]
async fn every_answer_carries_the_request_id() {
    let server = Server::start().await;
    let mut client = v1::catalogue_service_client::CatalogueServiceClient::new(server.channel().await);
    let mut request = Request::new(v1::ListThemesRequest::default());
    request
        .metadata_mut()
        .insert("x-request-id", "of-the-caller".parse().expect("a value"));
    let answer = client.list_themes(request).await.expect("themes");
    assert_eq!(
        answer.metadata().get("x-request-id").expect("an id"),
        "of-the-caller"
    );
    let wrong = v1::ListThemesRequest {
        page_size: -1,
        ..Default::default()
    };
    let error = client.list_themes(wrong).await.expect_err("negative");
    assert_eq!(error.metadata().get("x-request-id").expect("an id").len(), 32);
}

#[tokio::test]
async fn a_server_at_its_limit_says_when_to_come_back_and_stays_healthy() {
    let server = Server::with_limits(Limits {
        concurrent_requests: 1,
        ..Limits::default()
    })
    .await;
    let hanging = tokio::spawn(endless_call(server.channel().await, None));
    let client = server.client().await;
    let error = loop {
        match client.list_themes(Default::default()).await {
            Err(error) => break refusal(error),
            Ok(_) => tokio::time::sleep(Duration::from_millis(5)).await, // the other has not arrived yet
        }
    };
    assert_eq!(
        (error.code, error.reason),
        (Code::ResourceExhausted, Some(ErrorReason::Overloaded))
    );
    assert!(
        error.retry_after.is_some_and(|delay| !delay.is_zero()),
        "{error:?}"
    );
    assert_eq!(
        health(server.channel().await, "").await.expect("health"),
        ServingStatus::Serving
    );

    hanging.abort();
    let patient = ConnectOptions::new(server.url())
        .deadline(Duration::from_secs(60))
        .retry_budget(RetryBudget {
            attempts_per_call: 100,
            ratio: 1.0,
            reserve: 100,
        });
    let patient = Client::connect(patient).await.expect("a connection");
    patient
        .list_themes(Default::default())
        .await
        .expect("a place after a while");
}

#[tokio::test]
async fn a_callers_deadline_and_the_servers_own_end_as_deadline_exceeded() {
    let server = Server::with_limits(Limits {
        deadline: Duration::from_millis(300),
        ..Limits::default()
    })
    .await;
    for deadline in [
        None,
        Some(Duration::from_millis(50)),
        Some(Duration::from_secs(3600)),
    ] {
        let started = std::time::Instant::now();
        let mut channel = Grpc::new(server.channel().await);
        channel.ready().await.expect("ready");
        let status = endless_call(server.channel().await, deadline).await;
        assert!(started.elapsed() < Duration::from_secs(30));
        // The caller's own timer may be first, by a hair: then the answer is not the server's.
        let ours = status.message().contains("not ready within");
        assert!(
            deadline == Some(Duration::from_millis(50)) || ours,
            "{deadline:?}: {status:?}"
        );
        if ours {
            assert_eq!(status.code(), Code::DeadlineExceeded);
        }
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused() {
    let server = Server::start().await;
    let mut client = v1::catalogue_service_client::CatalogueServiceClient::new(server.channel().await);
    let request = v1::SearchCatalogueRequest {
        query: "x".repeat(2 << 20),
        ..Default::default()
    };
    let error = client.search_catalogue(request).await.expect_err("too large");
    assert_eq!(error.code(), Code::OutOfRange, "{error:?}");
}

#[tokio::test]
async fn a_drained_server_answers_what_is_under_way_and_says_it_stops() {
    let server = Server::with_limits(Limits {
        deadline: Duration::from_secs(1),
        ..Limits::default()
    })
    .await;
    let health_channel = server.channel().await;
    let mut watch = HealthClient::new(health_channel)
        .watch(HealthCheckRequest {
            service: String::new(),
        })
        .await
        .expect("a watch")
        .into_inner();
    assert_eq!(
        watch.next().await.expect("a state").expect("a state").status(),
        ServingStatus::Serving
    );
    let under_way = tokio::spawn(endless_call(server.channel().await, None));
    tokio::time::sleep(Duration::from_millis(100)).await;
    let address = server.address;
    let stopping = server.stop();
    assert_eq!(
        watch.next().await.expect("a state").expect("a state").status(),
        ServingStatus::NotServing
    );
    drop(watch);
    let status = under_way.await.expect("ended");
    assert_eq!(
        status.code(),
        Code::DeadlineExceeded,
        "answered, not cut: {status:?}"
    );
    assert_eq!(stopping.ended().await, End::Drained);
    assert!(TcpStream::connect(address).await.is_err(), "no longer listening");
}

#[tokio::test]
async fn a_silent_connection_does_not_hold_up_the_end() {
    let limits = Limits {
        drain: Duration::from_millis(200),
        ..Limits::default()
    };
    let server = Server::with_limits(limits).await;
    let _silent = TcpStream::connect(server.address).await.expect("a connection");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let ended = tokio::time::timeout(Duration::from_secs(30), server.stop().ended())
        .await
        .expect("an end");
    assert_eq!(ended, End::CutOff);
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let server = Server::with_limits(Limits {
        silence: Duration::from_millis(100),
        ..Limits::default()
    })
    .await;
    let mut silent = TcpStream::connect(server.address).await.expect("a connection");
    let mut received = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(30), silent.read_to_end(&mut received)).await;
    assert!(closed.is_ok(), "still open");
}

#[tokio::test]
async fn one_connection_too_many_is_closed_and_the_others_go_on() {
    let server = Server::with_limits(Limits {
        connections: 1,
        ..Limits::default()
    })
    .await;
    let client = server.client().await;
    client
        .list_themes(Default::default())
        .await
        .expect("the first connection");
    let mut second = TcpStream::connect(server.address).await.expect("accepted");
    let mut received = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(30), second.read_to_end(&mut received)).await;
    assert!(closed.is_ok() && received.is_empty(), "closed without a word");
    client
        .list_themes(Default::default())
        .await
        .expect("still served");
}
