//! What cannot be true is refused, whatever it costs the service to say it, and nothing has changed.

use super::*;

const SECOND: &str = "Observations?$skip=3";

fn page(value: &Value) -> Lie {
    Lie::Body("application/json", value.to_string())
}

/// A lie about one part, and words of the refusal.
fn lies(table: &SmallTable) -> Vec<(&'static str, Lie, &'static str)> {
    let first = json!({ "value": table.observations[..3], "@odata.nextLink": "Observations?$skip=6" });
    let to = |link: &str| page(&json!({ "value": table.observations[3..6], "@odata.nextLink": link }));
    let second = json!({ "value": table.observations[3..6] }).to_string();
    let html = "<!DOCTYPE html><html>Onderhoud</html>".to_owned();
    let moved = Lie::Status(302, "Location", "https://elsewhere.example/login".to_owned());
    let plain = |body: &str| Lie::Body("application/json", body.to_owned());
    vec![
        (
            "Properties",
            Lie::Instead("90001NED", "90002NED".to_owned()),
            "about the table `90002NED`",
        ),
        (
            "Properties",
            Lie::Instead("\"Version\":\"1\"", "\"Version\":\"\u{202e}1\"".to_owned()),
            "Version: `\\u{202e}1` is no version of a table",
        ),
        (
            "Properties",
            Lie::Instead(
                "\"Version\":\"1\"",
                format!("\"Version\":\"{}\"", "1".repeat(101)),
            ),
            "expected at most 100 characters",
        ),
        ("Properties", Lie::Undated, "has no date"),
        ("Properties", plain("[]"), "not the JSON that was expected"),
        (
            "Dimensions",
            Lie::Instead("RegioS", "../RegioS".to_owned()),
            "cannot be a dimension",
        ),
        (
            "RegioSCodes",
            page(&json!({ "value": [], "@odata.nextLink": "RegioSCodes" })),
            "gave already",
        ),
        (
            "RegioSCodes",
            page(&json!({ "value": [], "@odata.nextLink": "Observations" })),
            "only http://127.0.0.1",
        ),
        (
            "Observations/$count",
            plain("eight"),
            "expected a number, found `eight`",
        ),
        (
            "Observations/$count",
            plain("9"),
            "8 observations arrived, and the service counts 9",
        ),
        (
            "Observations/$count",
            plain("4"),
            "6 observations arrived, and the service counts 4",
        ),
        (
            SECOND,
            page(&first),
            "the observation 10 arrived before: the service gave a page twice",
        ),
        (SECOND, to(SECOND), "gave already"),
        (SECOND, to("Observations"), "gave already"),
        (
            SECOND,
            to("https://elsewhere.example/v1/90001NED/Observations?$skip=6"),
            "said to be at `https://elsewhere.example",
        ),
        (
            SECOND,
            to("../90002NED/Observations?$skip=6"),
            "only http://127.0.0.1",
        ),
        (
            SECOND,
            Lie::Body("application/json", second.clone()),
            "6 observations arrived, and the service counts 8",
        ),
        (
            SECOND,
            Lie::Body("application/json", format!("{second} and more")),
            "trailing characters",
        ),
        (
            SECOND,
            Lie::Body("application/json", second[..second.len() - 5].to_owned()),
            "EOF",
        ),
        (
            SECOND,
            plain(r#"{"error":{"message":"not well"}}"#),
            "the service answered an error",
        ),
        (
            SECOND,
            Lie::Body("text/html; charset=utf-8", html.clone()),
            "a page for people (HTML)",
        ),
        (
            SECOND,
            Lie::Body("application/json", html),
            "HTML or XML, not JSON",
        ),
        (SECOND, moved, "sends on to `https://elsewhere.example/login`"),
        (
            SECOND,
            Lie::Status(404, "X-Nothing", "x".to_owned()),
            "the service answered 404",
        ),
        (SECOND, Lie::Bomb, "the answer is larger than 262144 bytes"),
    ]
}

#[tokio::test]
async fn every_lie_is_refused_in_words_and_nothing_has_changed() {
    let table = SmallTable::new("1");
    for (part, lie, words) in lies(&table) {
        let told = lie.clone();
        let script = move |asked: &str, _: usize| (asked == part).then(|| told.clone());
        let service = Service::start(table.clone(), 3, script).await;
        let place = Place::new();
        let before = place.files();
        let error = place.fetch_all(&service).await.expect_err("a lie").to_string();
        assert!(error.contains(words), "{part}, {lie:?}: {error}");
        assert_eq!(place.files(), before, "{part}, {lie:?}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_left_at_the_limit() {
    for (part, most) in [
        ("Properties", 64 << 10),
        ("Dimensions", 128 << 10),
        ("Observations/$count", 1 << 10),
        (SECOND, 256 << 10),
    ] {
        let script = move |asked: &str, _: usize| (asked == part).then_some(Lie::Endless);
        let service = Service::start(SmallTable::new("1"), 3, script).await;
        let place = Place::new();
        let before = place.files();
        let error = place.fetch_all(&service).await.expect_err("endless").to_string();
        assert!(
            error.contains(&format!("the answer is larger than {most} bytes")),
            "{error}"
        );
        // What lay between the two when the client went.
        assert!(service.sent() < 64 << 20, "{}", service.sent());
        assert_eq!(place.files(), before);
    }
}

#[tokio::test]
async fn a_table_without_end_is_left_at_the_limits() {
    // One observation per page, of which there is always a next one.
    let script = |asked: &str, _: usize| {
        let skip: u64 = asked
            .strip_prefix("Observations")?
            .trim_start_matches("?$skip=")
            .parse()
            .unwrap_or(0);
        (!asked.contains("count")).then(|| {
            let next = format!("Observations?$skip={}", skip + 1);
            page(&json!({ "value": [{ "Id": skip, "more": "x".repeat(1_000) }], "@odata.nextLink": next }))
        })
    };
    let mut table = SmallTable::new("1");
    let one = table.observations[0].clone();
    table.observations.resize(1_000, one);
    let service = Service::start(table, 3, script).await;
    let place = Place::new();
    let error = place.fetch_all(&service).await.expect_err("pages").to_string();
    assert!(error.contains("it has more than 20 pages"), "{error}");
    let small = FetchLimits {
        total_bytes: 10_000,
        ..limits()
    };
    let error = place
        .fetch(&service, &Wanted::default(), &small)
        .await
        .expect_err("bytes")
        .to_string();
    assert!(
        error.contains("the whole table is larger than 10000 bytes"),
        "{error}"
    );
}

/// What is said of the small table, with one regional code per page of the list if that is so, under limits.
async fn refusal(is_list_in_pages: bool, limits: &FetchLimits) -> String {
    let mut table = SmallTable::new("1");
    let codes = table.regions["value"].as_array().expect("a list").clone();
    if is_list_in_pages {
        table.regions = json!({ "value": codes[..1], "@odata.nextLink": "RegioSCodes?$skip=1" });
    }
    let script = move |asked: &str, _: usize| {
        let skip: usize = asked.strip_prefix("RegioSCodes?$skip=")?.parse().ok()?;
        let next = format!("RegioSCodes?$skip={}", skip + 1);
        let here = codes.get(skip..skip + 1).unwrap_or_default();
        Some(page(&json!({ "value": here, "@odata.nextLink": next })))
    };
    let service = Service::start(table, 3, script).await;
    let place = Place::new();
    let before = place.files();
    let error = place.fetch(&service, &Wanted::default(), limits).await;
    assert_eq!(place.files(), before);
    error.expect_err("too much").to_string()
}

#[tokio::test]
async fn what_is_remembered_of_a_table_has_limits_of_its_own() {
    for (limits, words, is_list_in_pages) in [
        (
            FetchLimits {
                list_elements: 3,
                ..limits()
            },
            "there are more than 3 elements",
            false,
        ),
        (
            FetchLimits {
                list_elements: 3,
                ..limits()
            },
            "this list has more than 3 elements",
            true,
        ),
        (
            FetchLimits {
                list_bytes: 160,
                ..limits()
            },
            "the answer is larger than 160 bytes",
            false,
        ),
        (
            FetchLimits {
                list_bytes: 160,
                ..limits()
            },
            "the answer is larger than",
            true,
        ),
        (
            FetchLimits { pages: 9, ..limits() },
            "this list has more than 9 pages",
            true,
        ),
        (
            FetchLimits {
                page_observations: 2,
                ..limits()
            },
            "there are more than 2 elements",
            false,
        ),
        (
            FetchLimits {
                observations: 7,
                ..limits()
            },
            "it has more than 7 observations",
            false,
        ),
    ] {
        let error = refusal(is_list_in_pages, &limits).await;
        assert!(error.contains(words), "{words}: {error}");
    }
}

#[tokio::test]
async fn a_table_that_is_not_counted_is_left_at_the_most_observations() {
    let script = |asked: &str, _: usize| {
        asked
            .starts_with("Observations/$count")
            .then(|| Lie::Status(404, "X-Nothing", "x".to_owned()))
    };
    let mut table = SmallTable::new("1");
    table.properties["ObservationCount"] = json!(null);
    let service = Service::start(table, 3, script).await;
    let few = FetchLimits {
        observations: 5,
        ..limits()
    };
    let error = Place::new().fetch(&service, &Wanted::default(), &few).await;
    let error = error.expect_err("too many").to_string();
    assert!(error.contains("it has more than 5 observations"), "{error}");
    let last = service.asked().pop();
    assert_eq!(last.as_deref(), Some("Properties")); // after the second page, whether the table changed
}

#[tokio::test]
async fn a_table_that_changes_on_the_way_is_fetched_anew_once() {
    let changed =
        |version: &'static str| Lie::Instead("\"Version\":\"1\"", format!("\"Version\":\"{version}\""));
    let once = move |asked: &str, before: usize| (asked == "Properties" && before > 0).then(|| changed("2"));
    let service = Service::start(SmallTable::new("1"), 3, once).await;
    let place = Place::new();
    let fetched = place.fetch_all(&service).await.expect("fetched anew");
    assert_eq!(fetched.manifest.version, "2");
    assert_eq!(service.asked().iter().filter(|asked| *asked == SECOND).count(), 2);

    // Also when the new version makes the second page begin with what was on the first.
    let shifted = move |asked: &str, before: usize| match (asked, before) {
        (SECOND, 0) => Some(page(&json!({ "value": [{ "Id": 10 }] }))),
        ("Properties", 1..) => Some(changed("2")),
        _ => None,
    };
    let service = Service::start(SmallTable::new("1"), 3, shifted).await;
    let fetched = Place::new().fetch_all(&service).await.expect("fetched anew");
    assert_eq!(fetched.manifest.version, "2");

    let always = |asked: &str, before: usize| {
        (asked == "Properties").then(|| Lie::Instead("2024-05-01", format!("2024-05-{:02}", before + 2)))
    };
    let service = Service::start(SmallTable::new("3"), 3, always).await;
    let before = place.files();
    let error = place.fetch_all(&service).await.expect_err("changing");
    assert!(matches!(error, FetchError::Changing { .. }), "{error}");
    assert_eq!(place.files(), before);
}
