//! A run that was broken off is gone on with, by what is known to be whole and of the same version.

use super::*;

const ABOUT: [&str; 6] = [
    "Properties",
    "Dimensions",
    "MeasureCodes",
    "RegioSCodes",
    "PeriodenCodes",
    "Observations/$count",
];

/// A service that never gives the third page the first time, and a run that was ended there.
async fn broken_off() -> (Service, Place) {
    let script =
        |asked: &str, before: usize| (asked == "Observations?$skip=4" && before == 0).then_some(Lie::Silence);
    let service = Service::start(SmallTable::new("1"), 2, script).await;
    let place = Place::new();
    let patient = FetchLimits {
        request: Duration::from_secs(60),
        ..limits()
    };
    // Dropped where it stands, as by a signal.
    let ended = tokio::time::timeout(
        Duration::from_secs(1),
        place.fetch(&service, &Wanted::default(), &patient),
    )
    .await;
    assert!(ended.is_err(), "{ended:?}");
    let asked = service.asked();
    assert_eq!(
        asked[asked.len() - 3..],
        ["Observations", "Observations?$skip=2", "Observations?$skip=4"]
    );
    (service, place)
}

/// What a run asks for when these pages are not there yet.
fn expected(pages: &[&str]) -> Vec<String> {
    let all = ABOUT.iter().chain(pages).chain(&["Properties"]);
    all.map(|part| (*part).to_owned()).collect()
}

#[tokio::test]
async fn only_what_is_missing_is_fetched() {
    let (service, place) = broken_off().await;
    assert_eq!(place.files().len(), 1);
    place.fetch_all(&service).await.expect("fetched");
    assert_eq!(
        service.asked(),
        expected(&["Observations?$skip=4", "Observations?$skip=6"])
    );
    assert_eq!(observations(&place.files()), SmallTable::new("1").observations);
}

#[tokio::test]
async fn a_page_that_is_not_what_it_was_is_fetched_again() {
    let (service, place) = broken_off().await;
    let beside = place.folder.path().join("90001NED.part");
    assert!(beside.join("observations-page-1.json").is_file());
    let second = beside.join("observations-page-2.json");
    let text = fs::read_to_string(&second).expect("a page");
    fs::write(&second, text.replace("200", "201")).expect("written");
    place.fetch_all(&service).await.expect("fetched");
    assert_eq!(
        service.asked(),
        expected(&[
            "Observations?$skip=2",
            "Observations?$skip=4",
            "Observations?$skip=6"
        ])
    );
    assert_eq!(observations(&place.files()), SmallTable::new("1").observations);
}

#[tokio::test]
async fn pages_of_another_version_are_not_taken() {
    let (service, place) = broken_off().await;
    service.change(|table| *table = SmallTable::new("2"));
    place.fetch_all(&service).await.expect("fetched");
    let all = [
        "Observations",
        "Observations?$skip=2",
        "Observations?$skip=4",
        "Observations?$skip=6",
    ];
    assert_eq!(service.asked(), expected(&all));
}

#[tokio::test]
async fn a_second_run_into_the_same_folder_is_turned_away() {
    let script = |asked: &str, _: usize| (asked == "Observations").then_some(Lie::Silence);
    let service = Service::start(SmallTable::new("1"), 2, script).await;
    let place = Place::new();
    let patient = FetchLimits {
        request: Duration::from_secs(2),
        attempts: 1,
        ..limits()
    };
    let wanted = Wanted::default();
    let first = place.fetch(&service, &wanted, &patient);
    let second = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        place.fetch_all(&service).await
    };
    let (first, second) = tokio::join!(first, second);
    assert!(matches!(second, Err(FetchError::Busy { .. })), "{second:?}");
    assert!(matches!(first, Err(FetchError::Unavailable { .. })), "{first:?}");
}
