//! A service that is not well for a while is asked again; one that stays so is given up, and nothing has changed.

use super::*;

/// What passes and what lasts, at every kind of request.
const PARTS: [&str; 5] = [
    "Properties",
    "RegioSCodes",
    "Observations/$count",
    "Observations",
    "Observations?$skip=3",
];

/// Whoever waits for nothing waits less.
fn limits_for(lie: &Lie) -> FetchLimits {
    FetchLimits {
        request: match lie {
            Lie::Silence => Duration::from_millis(400),
            _ => limits().request,
        },
        ..limits()
    }
}

/// Lies that pass, words of their cause, and where they are told.
fn passing() -> Vec<(Lie, &'static str, &'static [&'static str])> {
    vec![
        (Lie::Silence, "no whole answer within", &PARTS),
        (Lie::Reset, "", &PARTS),
        (Lie::Status(503, "X-Nothing", "x".to_owned()), "503", &PARTS),
        (Lie::Status(500, "X-Nothing", "x".to_owned()), "500", &PARTS),
        (Lie::Status(429, "Retry-After", "0".to_owned()), "429", &PARTS),
        (
            Lie::Status(429, "Retry-After", "Thu, 02 May 2024 10:00:01 GMT".to_owned()),
            "429",
            &PARTS[3..4], // each waits for a second
        ),
    ]
}

#[tokio::test]
async fn a_request_that_fails_once_is_made_again_wherever_it_fails() {
    for (lie, words, parts) in passing() {
        let told = lie.clone();
        let script =
            move |asked: &str, before: usize| (before == 0 && parts.contains(&asked)).then(|| told.clone());
        let service = Service::start(SmallTable::new("1"), 3, script).await;
        let place = Place::new();
        let again = Mutex::new(Vec::new());
        let tell = |event: FetchEvent<'_>| {
            if let FetchEvent::Again { cause, wait, .. } = event {
                again.lock().expect("a lock").push((cause.to_owned(), wait));
            }
        };
        let address = TableAddress::parse(&service.address).expect("an address");
        let limits = limits_for(&lie);
        let fetched = fetch_table(
            &address,
            &Wanted::default(),
            &place.table(),
            &limits,
            &tell,
            &|_| Ok(()),
        )
        .await;
        assert!(fetched.is_ok(), "{lie:?}: {fetched:?}");
        let again = again.into_inner().expect("a lock");
        assert!(again.len() >= parts.len(), "{again:?}"); // a slow machine may be silent by itself
        assert!(again.iter().all(|(cause, _)| cause.contains(words)), "{again:?}");
        if let Lie::Status(_, "Retry-After", asked) = &lie {
            let wait = Duration::from_secs(u64::from(asked != "0"));
            assert!(again.iter().all(|(_, waited)| *waited == wait), "{again:?}");
        }
    }
}

#[tokio::test]
async fn a_request_that_fails_again_and_again_is_given_up_and_nothing_has_changed() {
    for (lie, words, _) in passing().into_iter().take(5) {
        let told = lie.clone();
        let script = move |asked: &str, _: usize| (asked == "Observations?$skip=3").then(|| told.clone());
        let service = Service::start(SmallTable::new("1"), 3, script).await;
        let place = Place::new();
        let before = place.files();
        let wanted = Wanted::default();
        let error = place
            .fetch(&service, &wanted, &limits_for(&lie))
            .await
            .expect_err("given up");
        assert!(
            matches!(error, FetchError::Unavailable { attempts: 3, .. }),
            "{lie:?}: {error}"
        );
        assert!(error.to_string().contains(words), "{error}");
        let asked = service.asked();
        assert_eq!(
            asked
                .iter()
                .filter(|asked| *asked == "Observations?$skip=3")
                .count(),
            3,
            "{asked:?}"
        );
        assert_eq!(place.files(), before);
    }
}

#[tokio::test]
async fn a_service_that_asks_for_more_patience_than_there_is_is_left_alone() {
    let script = |asked: &str, _: usize| {
        (asked == "Properties").then(|| Lie::Status(429, "Retry-After", "3600".to_owned()))
    };
    let service = Service::start(SmallTable::new("1"), 3, script).await;
    let place = Place::new();
    let error = place.fetch_all(&service).await.expect_err("left alone");
    assert!(
        error
            .to_string()
            .ends_with("asks to come back after 3600 seconds; run it again then"),
        "{error}"
    );
    assert_eq!(service.asked(), ["Properties"]);
}

#[tokio::test]
async fn nobody_there_is_said() {
    let mut nobody = Service::honest(SmallTable::new("1"), 3).await;
    let place = Place::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    nobody.address = format!("http://{}/v1/90001NED", closed.local_addr().expect("an address"));
    drop(closed);
    let error = place.fetch_all(&nobody).await.expect_err("nobody").to_string();
    assert!(
        error.contains("refused") && error.contains("3 times in a row"),
        "{error}"
    );
}

#[tokio::test]
async fn all_of_it_ends_in_time_though_every_request_does() {
    let script = |asked: &str, before: usize| (before < 2 && asked != "x").then_some(Lie::Silence);
    let service = Service::start(SmallTable::new("1"), 1, script).await;
    let place = Place::new();
    let before = place.files();
    let short = FetchLimits {
        request: Duration::from_millis(100),
        total: Duration::from_millis(700),
        ..limits()
    };
    let error = place
        .fetch(&service, &Wanted::default(), &short)
        .await
        .expect_err("too long");
    assert!(matches!(error, FetchError::TooLong { .. }), "{error}");
    assert_eq!(place.files(), before);
}
