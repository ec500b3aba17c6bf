//! Whatever a service does, a folder is there whole and true, or is what it was.

mod failing;
mod lying;
mod reading;
mod resuming;
mod service;

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{client::shown, *};
use crate::import::{
    Filter, ImportError, ImportFlags, ImportUnit, MANIFEST, Recipe, odata::fixtures::SmallTable,
};
use service::{Lie, Service};

fn limits() -> FetchLimits {
    FetchLimits {
        request: Duration::from_secs(10),
        total: Duration::from_secs(60),
        page_bytes: 256 << 10,
        page_observations: 10_000,
        list_bytes: 128 << 10,
        list_elements: 1_000,
        properties_bytes: 64 << 10,
        total_bytes: 1 << 20,
        pages: 20,
        attempts: 3,
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(1_500),
        ..FetchLimits::default()
    }
}

/// A place to fetch into, where an older folder stands.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        fs::create_dir(place.table()).expect("a folder");
        fs::write(place.table().join("older.json"), "older").expect("written");
        place
    }

    fn table(&self) -> PathBuf {
        self.folder.path().join("90001NED")
    }

    /// The files of the folder that stands.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files_of(&self.table())
    }

    async fn fetch(
        &self,
        service: &Service,
        wanted: &Wanted,
        limits: &FetchLimits,
    ) -> Result<Fetched<()>, FetchError> {
        let address = TableAddress::parse(&service.address).expect("an address");
        fetch_table(&address, wanted, &self.table(), limits, &|_| {}, &|_| Ok(())).await
    }

    async fn fetch_all(&self, service: &Service) -> Result<Fetched<()>, FetchError> {
        self.fetch(service, &Wanted::default(), &limits()).await
    }
}

fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder");
    let file = |entry: io::Result<fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        (
            shown(&path.file_name().expect("a name").to_string_lossy()),
            fs::read(&path).expect("a file"),
        )
    };
    entries.map(file).collect()
}

fn observations(files: &BTreeMap<String, Vec<u8>>) -> Vec<Value> {
    let mut pages: Vec<_> = files
        .iter()
        .filter(|(name, _)| name.starts_with("observations-page-"))
        .collect();
    pages.sort_by_key(|(name, _)| (name.len(), name.as_str()));
    let elements = pages.into_iter().flat_map(|(_, bytes)| {
        let page: Value = serde_json::from_slice(bytes).expect("JSON");
        page["value"].as_array().expect("a list").clone()
    });
    elements.collect()
}

#[tokio::test]
async fn a_table_in_pages_is_fetched_whole_in_place_of_the_older_one() {
    let table = SmallTable::new("7");
    let service = Service::honest(table.clone(), 3).await;
    let place = Place::new();
    let fetched = place.fetch_all(&service).await.expect("fetched");
    let files = place.files();
    assert_eq!(observations(&files), table.observations);
    assert_eq!(files.len(), 5 + 3 + 1, "{:?}", files.keys());
    let manifest = &fetched.manifest;
    assert_eq!(
        (
            manifest.version.as_str(),
            manifest.retrieved.as_str(),
            manifest.observations
        ),
        ("7", "2024-05-02", 8)
    );
    assert_eq!(
        (manifest.source.as_str(), manifest.filters.len(), fetched.stood),
        (service.address.as_str(), 0, false)
    );
    assert_eq!(
        serde_json::from_slice(&files[MANIFEST]).ok().as_ref(),
        Some(manifest)
    );
    let beside = files_of_parent(&place);
    assert_eq!(beside, ["90001NED", "90001NED.lock"]);
}

fn files_of_parent(place: &Place) -> Vec<String> {
    let entries = fs::read_dir(place.folder.path()).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_version_that_stands_is_not_fetched_again_unless_it_was_damaged() {
    let service = Service::honest(SmallTable::new("1"), 3).await;
    let place = Place::new();
    place.fetch_all(&service).await.expect("fetched");
    let files = place.files();
    service.asked();
    assert!(place.fetch_all(&service).await.expect("fetched").stood);
    assert!(
        service
            .asked()
            .iter()
            .all(|asked| !asked.starts_with("Observations"))
    );
    fs::write(place.table().join("observations-page-2.json"), "{}").expect("written");
    assert!(!place.fetch_all(&service).await.expect("fetched").stood);
    assert_eq!(place.files(), files);
}

#[tokio::test]
async fn what_is_wanted_is_asked_for_in_batches_and_counted() {
    let table = SmallTable::new("1");
    let service = Service::honest(table.clone(), 1).await;
    let place = Place::new();
    let filter = |column: &str, equals: &[&str], at_least: Option<&str>| Filter {
        column: column.to_owned(),
        equals: equals.iter().map(|text| (*text).to_owned()).collect(),
        at_least: at_least.map(str::to_owned),
        except: Vec::new(),
    };
    let wanted = Wanted {
        measures: vec!["M1".to_owned()],
        filters: vec![
            filter("RegioS", &["GM0034", "GM0995", "GM9001"], None),
            filter("Perioden", &[], Some("2024JJ00")),
        ],
    };
    let narrow = FetchLimits {
        filter_nodes: 24,
        ..limits()
    };
    let fetched = place.fetch(&service, &wanted, &narrow).await.expect("fetched");
    assert_eq!(
        fetched.manifest.filters,
        [
            "Measure eq 'M1' and Perioden ge '2024JJ00' and (RegioS eq 'GM0034' or RegioS eq 'GM0995')",
            "Measure eq 'M1' and Perioden ge '2024JJ00' and (RegioS eq 'GM9001')",
        ]
    );
    let found = observations(&place.files());
    let expected = [3, 5, 7].map(|place| table.observations[place].clone());
    assert_eq!(found, expected);
    let unknown = Wanted {
        measures: vec!["M2".to_owned()],
        ..Wanted::default()
    };
    let error = place
        .fetch(&service, &unknown, &limits())
        .await
        .expect_err("unknown")
        .to_string();
    assert!(
        error.contains("`M2` in `Measure`") && error.contains("`M1`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_list_of_codes_in_pages_is_kept_as_one() {
    let mut table = SmallTable::new("1");
    let all = table.regions["value"].as_array().expect("a list").clone();
    table.regions = json!({ "value": all[..2], "@odata.nextLink": "RegioSCodes?$skip=2" });
    let rest = json!({ "value": all[2..] }).to_string();
    let service = Service::start(table, 9, move |asked, _| {
        (asked == "RegioSCodes?$skip=2").then(|| Lie::Body("application/json", rest.clone()))
    })
    .await;
    let place = Place::new();
    place.fetch_all(&service).await.expect("fetched");
    let kept: Value = serde_json::from_slice(&place.files()["codes-RegioS.json"]).expect("JSON");
    assert_eq!(kept, json!({ "value": all }));
}

#[tokio::test]
async fn a_service_that_counts_only_whole_tables_is_believed_as_far_as_it_counts() {
    let script = |asked: &str, _: usize| {
        asked
            .starts_with("Observations/$count")
            .then(|| Lie::Status(404, "X-Nothing", "x".to_owned()))
    };
    let service = Service::start(SmallTable::new("1"), 3, script).await;
    let place = Place::new();
    place
        .fetch_all(&service)
        .await
        .expect("by the count of the properties");
    service.change(|table| table.properties["ObservationCount"] = json!(9));
    service.change(|table| table.properties["Version"] = json!("2"));
    let error = place.fetch_all(&service).await.expect_err("not 9").to_string();
    assert!(
        error.contains("8 observations arrived, and the service counts 9"),
        "{error}"
    );
    let wanted = Wanted {
        measures: vec!["M1".to_owned()],
        ..Wanted::default()
    };
    place
        .fetch(&service, &wanted, &limits())
        .await
        .expect("uncounted");
}

/// The fixtures of a real table, which the service then gives in pages.
fn real(test: &str, table: &str) -> Option<(SmallTable, PathBuf)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data/odata_v4_fixtures")
        .join(table);
    if !path.is_dir() {
        // Straight to the stream: what a passing test prints is swallowed.
        let _ = writeln!(
            io::stderr(),
            "skipped {test}: shared/data/odata_v4_fixtures/{table} is not beside the project"
        );
        return None;
    }
    let answer = |name: &str| -> Value {
        let file = fs::File::open(path.join(format!("{name}.json.gz"))).expect("a file");
        serde_json::from_reader(io::BufReader::new(flate2::read::GzDecoder::new(file))).expect("JSON")
    };
    let mut page = answer("observations-page-1");
    let table = SmallTable {
        properties: answer("properties"),
        dimensions: answer("dimensions"),
        measures: answer("measure-codes"),
        regions: answer("codes-RegioS"),
        periods: answer("codes-Perioden"),
        observations: std::mem::take(page["value"].as_array_mut().expect("a list")),
    };
    Some((table, path))
}

#[tokio::test]
async fn a_real_table_in_pages_gives_the_figures_of_the_whole_one() {
    const TEST: &str = "a_real_table_in_pages_gives_the_figures_of_the_whole_one";
    let Some((table, whole)) = real(TEST, "83625NED") else {
        return;
    };
    let service = Service::honest(table, 1_000).await;
    let recipe = Recipe::find("cbs_sale_prices").unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("83625NED");
    let address = TableAddress::parse(&service.address).expect("an address");
    let pages = Mutex::new(0);
    let tell = |event: FetchEvent<'_>| {
        if let FetchEvent::Page {
            page,
            observations,
            of,
            ..
        } = event
        {
            assert_eq!(of, Some(8_195));
            assert_eq!(observations, (page as u64 * 1_000).min(8_195));
            *pages.lock().expect("a lock") += 1;
        }
    };
    let roomy = FetchLimits {
        total_bytes: 8 << 20,
        ..limits()
    };
    let unit = |path: &Path| Ok(ImportUnit::read(&recipe, &[path], &ImportFlags::default())?.0);
    let fetched = fetch_table(&address, &Wanted::of_recipe(&recipe), &path, &roomy, &tell, &unit)
        .await
        .expect("fetched");
    assert_eq!(*pages.lock().expect("a lock"), 9);
    assert_eq!(
        fetched.manifest.filters,
        ["Measure eq 'M001534' and Perioden ge '2015JJ00'"]
    );
    let whole = unit(&whole).unwrap_or_else(|error| panic!("{error}"));
    let fetched = fetched.read;
    assert_eq!(fetched.rows(), whole.rows());
    assert_eq!(
        (fetched.source_version.as_str(), fetched.retrieved.as_str()),
        ("202602170000", "2024-05-02")
    );
}
