//! Failures of transport are told apart from answers, and tried again.

use std::{sync::Arc, time::Duration};

use crate::fake::{Answer, Fake, ask, cuttable, nobody, url};
use groeikern_client::{Client, ConnectOptions, Error, RetryBudget};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::Notify,
};

fn options(address: std::net::SocketAddr) -> ConnectOptions {
    ConnectOptions::new(url(address)).deadline(Duration::from_secs(60))
}

/// A server whose first calls find their connection cut, behind the line that is cut.
async fn cut_line(cuts: usize) -> (Fake, std::net::SocketAddr) {
    let cut = Arc::new(Notify::new());
    let fake = {
        let cut = cut.clone();
        Fake::start(move |call| match call {
            call if call < cuts => Answer::CutsTheLine(cut.clone()),
            _ => Answer::Edition,
        })
        .await
    };
    let line = cuttable(fake.address, cut).await;
    (fake, line)
}

#[tokio::test]
async fn a_connection_that_dies_mid_call_is_made_anew() {
    let (fake, line) = cut_line(2).await;
    ask(&Client::connect(options(line)).await.unwrap()).await.unwrap();
    assert_eq!(fake.calls(), 3);
}

#[tokio::test]
async fn a_lost_connection_is_named_when_there_is_no_budget() {
    let (fake, line) = cut_line(1).await;
    let client = Client::connect(options(line).retry_budget(RetryBudget::none()))
        .await
        .unwrap();
    match ask(&client).await {
        Err(Error::ConnectionLost { endpoint, .. }) => assert_eq!(endpoint, url(line)),
        other => panic!("{other:?}"),
    }
    // The client is still good.
    ask(&client).await.unwrap();
    assert_eq!(fake.calls(), 2);
}

/// An HTTP/2 server that ends every stream with status 200 and no grpc-status, as a proxy that gives up does.
#[tokio::test]
async fn a_stream_that_ends_without_a_status_is_a_lost_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        connection.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap(); // empty SETTINGS
        let mut received = Vec::new();
        // The request is complete with its DATA frame (type 0) on stream 1 with END_STREAM (flag 1).
        while !received.windows(6).any(|frame| frame == [0, 1, 0, 0, 0, 1]) {
            assert_ne!(connection.read_buf(&mut received).await.unwrap(), 0);
        }
        // HEADERS with END_STREAM and END_HEADERS on stream 1: `:status: 200`, entry 8 of HPACK's static table.
        connection
            .write_all(&[0, 0, 1, 1, 5, 0, 0, 0, 1, 0x88])
            .await
            .unwrap();
        std::future::pending::<()>().await;
    });
    let client = Client::connect(options(address).retry_budget(RetryBudget::none()))
        .await
        .unwrap();
    match ask(&client).await {
        Err(Error::ConnectionLost { cause, .. }) => assert!(cause.contains("grpc-status"), "{cause}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let address = nobody().await;
    for error in [
        Client::connect(options(address)).await.map(|_| ()).unwrap_err(),
        ask(&Client::connect_lazy(options(address)).unwrap())
            .await
            .unwrap_err(),
    ] {
        match &error {
            Error::Unreachable { endpoint, cause } => {
                assert_eq!(*endpoint, url(address));
                assert!(cause.contains("refused"), "{cause}");
            }
            other => panic!("{other:?}"),
        }
        assert!(error.to_string().contains("check the address"), "{error}");
    }
}
