//! What the server does around every request: health, reflection, ids, limits, deadlines, and an end that drains.

use std::time::Duration;

use bytes::{Buf, BufMut};

use crate::support::{Server, refusal};
use groeikern_client::{AnswerError, Client, Code, ConnectOptions, RetryBudget, v1, v1::ErrorReason};
use groeikern_server::serve::{End, Limits};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_stream::StreamExt;
use tonic::{
    Request, Status, Streaming,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    codegen::http::uri::PathAndQuery,
    transport::Channel,
};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus,
    health_client::HealthClient,
};
use tonic_prost::ProstCodec;

const EVERY_SERVICE: [&str; 6] = [
    "groeikern.v1.CatalogueService",
    "groeikern.v1.EditionService",
    "groeikern.v1.IndicatorService",
    "groeikern.v1.NeighbourhoodService",
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

/// An answer of which the client has read the head and nothing more: its request is under way, and keeps its place.
async fn unread_answer(server: &Server) -> Streaming<v1::RecommendResponse> {
    let narrow = Channel::from_shared(server.url())
        .expect("a URL")
        .initial_stream_window_size(16);
    let mut grpc = Grpc::new(narrow.connect().await.expect("a connection"));
    grpc.ready().await.expect("a connection");
    let subject = Some(v1::recommend_request::Subject::RegionCode("GM0034".into()));
    let request = Request::new(v1::RecommendRequest {
        subject,
        ..Default::default()
    });
    let path = PathAndQuery::from_static("/groeikern.v1.RecommendationService/Recommend");
    let codec = ProstCodec::<v1::RecommendRequest, v1::RecommendResponse>::default();
    grpc.server_streaming(request, path, codec)
        .await
        .expect("the head of an answer")
        .into_inner()
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
    let unread = unread_answer(&server).await;
    let client = server.client().await;
    let error = refusal(
        client
            .list_themes(Default::default())
            .await
            .expect_err("the place is taken"),
    );
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

    drop(unread);
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
async fn requests_that_never_arrive_take_no_place_from_others() {
    let server = Server::with_limits(Limits {
        concurrent_requests: 1,
        silence: Duration::from_secs(1),
        ..Limits::default()
    })
    .await;
    let channel = server.channel().await;
    let endless: Vec<_> = (0..20)
        .map(|_| tokio::spawn(endless_call(channel.clone(), None)))
        .collect();
    let client = server.client().await;
    while endless.iter().any(|call| !call.is_finished()) {
        client.list_themes(Default::default()).await.expect("a place");
    }
    for call in endless {
        let status = call.await.expect("ended");
        assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
        assert!(status.message().contains("did not arrive"), "{status:?}");
    }
}

#[tokio::test]
async fn what_the_transport_refuses_has_a_reason_too() {
    let server = Server::start().await;
    let channel = server.channel().await;
    let refused = async |path: &'static str, bytes: &'static [u8]| {
        let mut grpc = Grpc::new(channel.clone());
        grpc.ready().await.expect("a connection");
        let request = Request::new(bytes.to_vec());
        let error = grpc
            .unary(request, PathAndQuery::from_static(path), RawCodec)
            .await
            .expect_err("refused");
        AnswerError::from(&error)
    };
    let error = refused("/groeikern.v1.RankingService/RankRegions", b"\xff\xff\xff").await;
    assert_eq!(
        (error.code, error.reason),
        (Code::InvalidArgument, Some(ErrorReason::InvalidRequest)),
        "{error:?}"
    );
    let error = refused("/groeikern.v1.RankingService/RankEverything", b"").await;
    assert_eq!(
        (error.code, error.reason),
        (Code::Unimplemented, Some(ErrorReason::UnknownRpc)),
        "{error:?}"
    );
    assert!(error.message.contains("RankEverything"), "{error:?}");
}

/// Sends bytes as they are.
struct RawCodec;

impl Codec for RawCodec {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for RawCodec {
    type Item = Vec<u8>;
    type Error = Status;

    fn encode(&mut self, bytes: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put_slice(&bytes);
        Ok(())
    }
}

impl Decoder for RawCodec {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining()).to_vec()))
    }
}

#[tokio::test]
async fn a_servers_own_deadline_ends_what_its_client_would_wait_for() {
    let server = Server::with_limits(Limits {
        deadline: Duration::from_millis(300),
        ..Limits::default()
    })
    .await;
    for deadline in [None, Some(Duration::from_secs(3600))] {
        let status = endless_call(server.channel().await, deadline).await;
        assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
        assert!(status.message().contains("not ready within 300 ms"), "{status:?}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused() {
    let client = Server::start().await.client().await;
    let request = v1::SearchCatalogueRequest {
        query: "x".repeat(2 << 20),
        ..Default::default()
    };
    let error = refusal(client.search_catalogue(request).await.expect_err("too large"));
    assert_eq!(
        (error.code, error.reason),
        (Code::InvalidArgument, Some(ErrorReason::BatchTooLarge)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_drained_server_answers_what_is_under_way_and_says_it_stops() {
    let server = Server::start().await;
    let mut watch = HealthClient::new(server.channel().await)
        .watch(HealthCheckRequest {
            service: String::new(),
        })
        .await
        .expect("a watch")
        .into_inner();
    let state = async |watch: &mut Streaming<HealthCheckResponse>| {
        watch.next().await.map(|state| state.expect("a state").status())
    };
    assert_eq!(state(&mut watch).await, Some(ServingStatus::Serving));
    let mut under_way = unread_answer(&server).await;
    let address = server.address;
    let stopping = server.stop();
    assert_eq!(state(&mut watch).await, Some(ServingStatus::NotServing));
    let answer = under_way
        .message()
        .await
        .expect("answered, not cut")
        .expect("an answer");
    assert_eq!(answer.advice.len(), 11);
    assert!(under_way.message().await.expect("a status").is_none());
    assert_eq!(state(&mut watch).await, None, "a watch does not hold up the end");
    assert_eq!(stopping.ended().await, End::Drained);
    assert!(TcpStream::connect(address).await.is_err(), "no longer listening");
}

#[tokio::test]
async fn an_answer_that_nobody_reads_does_not_hold_up_the_end_for_longer_than_agreed() {
    let server = Server::with_limits(Limits {
        drain: Duration::from_millis(700),
        ..Limits::default()
    })
    .await;
    let _unread = unread_answer(&server).await;
    assert_eq!(server.stop().ended().await, End::CutOff);
}

/// Connects once more: the server has accepted all that came before when it has accepted, or closed, this one.
async fn refused(server: &Server) -> Vec<u8> {
    let mut connection = TcpStream::connect(server.address).await.expect("a connection");
    let mut received = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(30), connection.read_to_end(&mut received)).await;
    assert!(closed.is_ok(), "still open");
    received
}

#[tokio::test]
async fn a_silent_connection_does_not_hold_up_the_end() {
    let server = Server::with_limits(Limits {
        connections: 1,
        drain: Duration::from_secs(3600),
        ..Limits::default()
    })
    .await;
    let _silent = TcpStream::connect(server.address).await.expect("a connection");
    refused(&server).await;
    let ended = tokio::time::timeout(Duration::from_secs(30), server.stop().ended()).await;
    assert_eq!(ended.expect("an end long before the drain time"), End::Drained);
}

#[tokio::test]
async fn a_connection_that_never_says_it_speaks_http2_is_closed() {
    let server = Server::with_limits(Limits {
        silence: Duration::from_millis(100),
        ..Limits::default()
    })
    .await;
    for words in ["", "P", "PRI * HTTP/2.0\r\n"] {
        let mut connection = TcpStream::connect(server.address).await.expect("a connection");
        connection.write_all(words.as_bytes()).await.expect("written");
        let mut received = Vec::new();
        let closed =
            tokio::time::timeout(Duration::from_secs(30), connection.read_to_end(&mut received)).await;
        assert!(closed.is_ok(), "still open after {words:?}");
    }
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
    assert!(refused(&server).await.is_empty(), "closed without a word");
    client
        .list_themes(Default::default())
        .await
        .expect("still served");
}
