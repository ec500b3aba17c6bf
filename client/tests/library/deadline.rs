//! A call has one deadline, whatever it does.

use std::time::{Duration, Instant};

use crate::fake::{Answer, Fake, ask};
use groeikern_client::{Client, Code, Error};
use tonic::Status;

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    const DEADLINE: Duration = Duration::from_millis(50);
    let fake = Fake::start(|_| Answer::Silence).await;
    let client = Client::connect(fake.options().deadline(DEADLINE)).await.unwrap();
    // The server, tonic's own timer and ours all watch this deadline: whichever wakes first, the error is the same.
    for _ in 0..40 {
        let began = Instant::now();
        match ask(&client).await {
            Err(Error::DeadlineExceeded { deadline, last: None }) => assert_eq!(deadline, DEADLINE),
            other => panic!("{other:?}"),
        }
        assert!(began.elapsed() >= DEADLINE - Duration::from_millis(20));
    }
    assert!(fake.calls() > 0);
}

#[tokio::test]
async fn tries_share_the_deadline() {
    const DEADLINE: Duration = Duration::from_secs(2);
    let fake = Fake::start(|call| match call {
        0 => Answer::Fails(Status::unavailable("come back")),
        _ => Answer::Silence,
    })
    .await;
    let client = Client::connect(fake.options().deadline(DEADLINE)).await.unwrap();
    let began = Instant::now();
    match ask(&client).await {
        Err(Error::DeadlineExceeded { last: Some(last), .. }) => {
            assert!(matches!(&*last, Error::Answer(answer) if answer.code == Code::Unavailable));
        }
        other => panic!("{other:?}"),
    }
    assert!(began.elapsed() >= DEADLINE - Duration::from_millis(20));
    assert!(began.elapsed() < DEADLINE * 10);

    let micros: Vec<u64> = fake
        .timeouts()
        .into_iter()
        .map(|timeout| timeout.unwrap().strip_suffix('u').unwrap().parse().unwrap())
        .collect();
    assert!(micros[0] <= 2_000_000, "{micros:?}");
    assert!(
        micros[1] < micros[0],
        "the second try has what the first left: {micros:?}"
    );
}

#[tokio::test]
async fn a_limit_of_the_server_is_its_answer() {
    let fake = Fake::start(|_| Answer::Fails(Status::deadline_exceeded("took too long here"))).await;
    match ask(&fake.client().await).await {
        Err(Error::Answer(answer)) => assert_eq!(answer.code, Code::DeadlineExceeded),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_never_speaks_is_left_at_the_deadline() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = groeikern_client::ConnectOptions::new(crate::fake::url(listener.local_addr().unwrap()))
        .deadline(Duration::from_millis(200));
    let client = Client::connect_lazy(options).unwrap();
    assert!(matches!(ask(&client).await, Err(Error::DeadlineExceeded { .. })));
}
