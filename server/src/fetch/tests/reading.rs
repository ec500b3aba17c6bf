//! Nothing takes the place of a folder before it was read, and nothing stands there for ever that cannot be.

use sha2::{Digest, Sha256};

use super::*;
use crate::edition::content_hash::hex;

const COUNT: &str = "Observations/$count";

fn unreadable(path: &Path) -> ImportError {
    ImportError {
        subject: path.display().to_string(),
        problems: Vec::new(),
        more: 1,
    }
}

/// Fetches, and reads a folder if its properties say a version that can be.
async fn fetch_readable(
    place: &Place,
    service: &Service,
    versions: &[&str],
) -> Result<Fetched<String>, FetchError> {
    let address = TableAddress::parse(&service.address).expect("an address");
    let read = |path: &Path| {
        let text = fs::read_to_string(path.join("properties.json")).expect("a file");
        assert!(path.join(MANIFEST).is_file() && path.join("observations-page-3.json").is_file());
        let properties: Value = serde_json::from_str(&text).expect("JSON");
        let version = properties["Version"].as_str().expect("a text").to_owned();
        if versions.contains(&version.as_str()) {
            Ok(version)
        } else {
            Err(unreadable(path))
        }
    };
    fetch_table(
        &address,
        &Wanted::default(),
        &place.table(),
        &limits(),
        &|_| {},
        &read,
    )
    .await
}

#[tokio::test]
async fn a_table_that_cannot_be_read_leaves_the_folder_and_is_fetched_anew_by_the_next_run() {
    let service = Service::honest(SmallTable::new("1"), 3).await;
    let place = Place::new();
    let first = fetch_readable(&place, &service, &["1"]).await.expect("fetched");
    assert_eq!((first.read.as_str(), first.stood), ("1", false));
    let files = place.files();
    service.change(|table| *table = SmallTable::new("2"));
    for _ in 0..2 {
        service.asked();
        let error = fetch_readable(&place, &service, &["1"])
            .await
            .expect_err("unreadable");
        let FetchError::Unreadable { folder, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(*folder, place.table());
        assert!(error.to_string().contains("the folder is as it was"), "{error}");
        assert_eq!(place.files(), files);
        assert_eq!(files_of(&place.folder.path().join("90001NED.part")).len(), 0);
        assert_eq!(times_asked(&service, COUNT), 1);
    }
    let fetched = fetch_readable(&place, &service, &["2"]).await.expect("fetched");
    assert_eq!((fetched.read.as_str(), fetched.stood), ("2", false));
    assert_eq!(files_of_parent(&place), ["90001NED", "90001NED.lock"]);
    assert!(!place.files().contains_key("fetching.json"));
}

fn times_asked(service: &Service, part: &str) -> usize {
    service.asked().iter().filter(|asked| *asked == part).count()
}

#[tokio::test]
async fn a_standing_folder_that_cannot_be_read_is_fetched_anew_once() {
    let service = Service::honest(SmallTable::new("1"), 3).await;
    let place = Place::new();
    place.fetch_all(&service).await.expect("fetched");
    let files = place.files();
    service.asked();
    let error = fetch_readable(&place, &service, &[])
        .await
        .expect_err("unreadable");
    assert!(matches!(error, FetchError::Unreadable { .. }), "{error}");
    assert_eq!(times_asked(&service, COUNT), 1);
    assert_eq!(place.files(), files);

    // It was the folder, and not the table at the source.
    let page = place.table().join("observations-page-1.json");
    fs::write(
        &page,
        fs::read_to_string(&page).expect("a page").replace("200", "201"),
    )
    .expect("written");
    let mut manifest: Value = serde_json::from_slice(&files[MANIFEST]).expect("JSON");
    let of_page = manifest["files"].as_array_mut().expect("a list");
    let of_page = of_page
        .iter_mut()
        .find(|file| file["name"] == "observations-page-1.json")
        .expect("a page");
    of_page["sha256"] = json!(hex(&Sha256::digest(fs::read(&page).expect("a page"))));
    fs::write(place.table().join(MANIFEST), manifest.to_string()).expect("written");
    let is_true = |path: &Path| {
        let page = fs::read_to_string(path.join("observations-page-1.json")).expect("a page");
        if page.contains("201") {
            Err(unreadable(path))
        } else {
            Ok(())
        }
    };
    let address = TableAddress::parse(&service.address).expect("an address");
    let fetched = fetch_table(
        &address,
        &Wanted::default(),
        &place.table(),
        &limits(),
        &|_| {},
        &is_true,
    )
    .await;
    assert!(!fetched.expect("fetched anew").stood);
    assert_eq!(place.files(), files);
}
