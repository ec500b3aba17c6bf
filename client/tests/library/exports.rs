//! An export that is not whole never passes for one, however its stream ends.

use std::{net::SocketAddr, pin::Pin, sync::Arc};

use groeikern::{
    Encoded,
    server::indicator_service_server::{IndicatorService, IndicatorServiceServer},
    v1,
};
use groeikern_client::{Client, ConnectOptions, Error, Stream, StreamExt};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status, transport::Server};

type Message = v1::ExportObservationsResponse;

/// A server whose exports are these messages.
struct Sends(Arc<Vec<Message>>);

#[tonic::async_trait]
impl IndicatorService for Sends {
    type ExportObservationsStream = Pin<Box<dyn Stream<Item = Result<Encoded<Message>, Status>> + Send>>;

    async fn export_observations(
        &self,
        _: Request<v1::ExportObservationsRequest>,
    ) -> Result<Response<Self::ExportObservationsStream>, Status> {
        let messages: Vec<Result<Encoded<Message>, Status>> =
            self.0.iter().map(|message| Ok(message.clone().into())).collect();
        Ok(Response::new(Box::pin(tokio_stream::iter(messages))))
    }

    async fn query_observations(
        &self,
        _: Request<v1::QueryObservationsRequest>,
    ) -> Result<Response<Encoded<v1::QueryObservationsResponse>>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn get_profile(
        &self,
        _: Request<v1::GetProfileRequest>,
    ) -> Result<Response<Encoded<v1::GetProfileResponse>>, Status> {
        Err(Status::unimplemented("not asked"))
    }

    async fn get_trend(
        &self,
        _: Request<v1::GetTrendRequest>,
    ) -> Result<Response<Encoded<v1::GetTrendResponse>>, Status> {
        Err(Status::unimplemented("not asked"))
    }
}

async fn serve(messages: Vec<Message>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(
        Server::builder()
            .add_service(IndicatorServiceServer::new(Sends(Arc::new(messages))))
            .serve_with_incoming(TcpListenerStream::new(listener)),
    );
    address
}

/// What comes of an export of these messages.
async fn received(messages: &[Message]) -> Vec<Result<Message, Error>> {
    let address = serve(messages.to_vec()).await;
    let client = Client::connect(ConnectOptions::new(format!("http://{address}")))
        .await
        .unwrap();
    let export = client.export_observations(Default::default()).await.unwrap();
    export.collect().await
}

fn beginning(figures: u64) -> Message {
    Message {
        summary: Some(v1::ExportSummary {
            figures,
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn figures(number: usize) -> Message {
    Message {
        figures: Some(v1::ExportedFigures {
            values: vec![1.5; number],
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn end(figures: u64) -> Message {
    Message {
        end: Some(v1::ExportEnd {
            figures,
            ..Default::default()
        }),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_whole_export_ends_without_a_word() {
    let sent = [beginning(5), figures(3), figures(2), end(5)];
    let received: Result<Vec<Message>, Error> = received(&sent).await.into_iter().collect();
    assert_eq!(received.unwrap(), sent);
}

#[tokio::test]
async fn an_export_that_lacks_something_ends_with_an_error() {
    for (sent, came) in [
        (vec![], (0, 0)),
        (vec![beginning(5), figures(3)], (3, 5)),
        (vec![beginning(5), figures(3), figures(2)], (5, 5)),
        (vec![beginning(5), figures(3), end(5)], (3, 5)),
        (vec![beginning(5), figures(3), end(3)], (3, 5)),
    ] {
        let received = received(&sent).await;
        let Some((last, messages)) = received.split_last() else {
            panic!("nothing: {sent:?}")
        };
        assert_eq!(messages.len(), sent.len());
        match last {
            Err(Error::Incomplete { received, announced }) => {
                assert_eq!((*received, *announced), came, "{sent:?}")
            }
            other => panic!("{sent:?}: {other:?}"),
        }
    }
}
