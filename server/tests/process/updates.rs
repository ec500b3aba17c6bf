//! The edition is kept current from sources over OData, all of it or not at all.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::{running, server, words};

const RECIPE: &str = r#"
id = "ID"
title_nl = "Eigen tabel"
title_en = "A table of our own"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: wij."
attribution_en = "Source: us."
period_column = "Perioden"

[source]
odata = "https://example.org/v1/TABLE"

[table]
format = "odata"
region_column = "RegioS"
region_name_column = "RegioS/Title"

[[indicator]]
id = "ID"
name_nl = "Dieren"
name_en = "Animals"
theme = "social_cohesion"
kind = "neutral"
kind_basis = "inferred"
measure = "M1"
unit_nl = "dieren"
unit_en = "animals"
decimals = 0
"#;

type Answers = BTreeMap<String, Option<String>>;

/// A source with answers by path; where it has none for a path it knows, it says nothing at all.
struct Source {
    mirror: String,
    answers: Arc<Mutex<Answers>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Source {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let source = Self {
            mirror: format!("http://{}", listener.local_addr().expect("an address")),
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let (answers, asked) = (Arc::clone(&source.answers), Arc::clone(&source.asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, asked) = (Arc::clone(&answers), Arc::clone(&asked));
                thread::spawn(move || answer(stream, &answers, &asked));
            }
        });
        source
    }

    fn set(&self, path: &str, answer: Option<&str>) {
        let answer = answer.map(str::to_owned);
        self.answers
            .lock()
            .expect("a lock")
            .insert(format!("/v1/{path}"), answer);
    }

    /// It does not know this path any more.
    fn forget(&self, path: &str) {
        self.answers
            .lock()
            .expect("a lock")
            .remove(&format!("/v1/{path}"));
    }

    /// The answers about a table with a figure of Almere for each of some years, each on a page of its own.
    fn table(&self, table: &str, version: &str, years: &[(&str, u32)]) {
        let list = |elements: &[String]| format!("{{\"value\":[{}]}}", elements.join(","));
        let count = years.len();
        let properties =
            format!("{{\"Identifier\":\"{table}\",\"Version\":\"{version}\",\"ObservationCount\":{count}}}");
        let dimension = |name: &str, kind: &str| format!("{{\"Identifier\":\"{name}\",\"Kind\":\"{kind}\"}}");
        let code = |code: &str, title: &str| {
            format!("{{\"Identifier\":\"{code}\",\"Title\":\"{title}\",\"Status\":\"Definitief\"}}")
        };
        let periods: Vec<String> = years
            .iter()
            .map(|(year, _)| code(&format!("{year}JJ00"), year))
            .collect();
        let filter = "$filter=Measure%20eq%20%27M1%27";
        for (part, answer) in [
            ("Properties".to_owned(), properties),
            (
                "Dimensions".to_owned(),
                list(&[
                    dimension("RegioS", "GeoDimension"),
                    dimension("Perioden", "TimeDimension"),
                ]),
            ),
            (
                "MeasureCodes".to_owned(),
                list(&["{\"Identifier\":\"M1\"}".to_owned()]),
            ),
            ("RegioSCodes".to_owned(), list(&[code("GM0034", "Almere")])),
            ("PeriodenCodes".to_owned(), list(&periods)),
            (format!("Observations/$count?{filter}"), count.to_string()),
        ] {
            self.set(&format!("{table}/{part}"), Some(&answer));
        }
        for (page, (year, value)) in years.iter().enumerate() {
            let observation = format!(
                "{{\"Id\":{page},\"Measure\":\"M1\",\"ValueAttribute\":\"None\",\"Value\":{value},\"RegioS\":\"GM0034\",\"Perioden\":\"{year}JJ00\"}}"
            );
            let next = if page + 1 == count {
                String::new()
            } else {
                format!(",\"@odata.nextLink\":\"Observations?page={}\"", page + 1)
            };
            let query = if page == 0 {
                filter.to_owned()
            } else {
                format!("page={page}")
            };
            let answer = format!("{{\"value\":[{observation}]{next}}}");
            self.set(&format!("{table}/Observations?{query}"), Some(&answer));
        }
    }

    /// The parts of tables that were asked for since the last look.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("a lock"))
    }
}

fn answer(mut stream: TcpStream, answers: &Mutex<Answers>, asked: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
    let Some(Ok(first)) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    lines
        .take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
        .for_each(drop);
    asked
        .lock()
        .expect("a lock")
        .push(path.trim_start_matches("/v1/").to_owned());
    let answer = answers.lock().expect("a lock").get(&path).cloned();
    let (status, body) = match answer {
        Some(Some(body)) => (200, body),
        Some(None) => return thread::sleep(Duration::from_secs(60)),
        None => (404, "{}".to_owned()),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} It\r\nDate: Thu, 02 May 2024 10:00:00 GMT\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let _ = stream.write_all((head + &body).as_bytes());
}

/// A data directory with the recipes of two tables, and their source.
struct Updated {
    folder: TempDir,
    source: Source,
}

impl Updated {
    fn new() -> Self {
        let updated = Self {
            folder: tempfile::tempdir().expect("a folder"),
            source: Source::start(),
        };
        for (id, table) in [("animals", "T1"), ("plants", "T2")] {
            let recipe = RECIPE.replace("ID", id).replace("TABLE", table);
            fs::write(updated.path(&format!("{id}.toml")), recipe).expect("written");
            updated.source.table(table, "1", &[("2023", 10), ("2024", 20)]);
        }
        updated
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("data")
    }

    fn arguments(&self, recipes: &[&str]) -> Vec<String> {
        let data = self.data().to_str().expect("a path").to_owned();
        let first = [
            "update",
            "--data-dir",
            data.as_str(),
            "--base-url",
            &self.source.mirror,
        ]
        .map(str::to_owned);
        let recipe = |id: &&str| {
            let path = self.path(&format!("{id}.toml"));
            ["--recipe".to_owned(), path.to_str().expect("a path").to_owned()]
        };
        first.into_iter().chain(recipes.iter().flat_map(recipe)).collect()
    }

    fn run(&self, recipes: &[&str], more: &[&str]) -> Output {
        let arguments = self.arguments(recipes);
        let arguments: Vec<&str> = arguments
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied())
            .collect();
        server(&arguments)
    }

    /// What is published and what was fetched, by path.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        for part in ["blobs", "manifests", "sources/animals/T1", "sources/plants/T2"] {
            let Ok(entries) = fs::read_dir(self.data().join(part)) else {
                continue;
            };
            let paths = entries.map(|entry| entry.expect("an entry").path());
            files.extend(paths.filter(|path| path.is_file()).map(|path| {
                let bytes = fs::read(&path).expect("a file");
                (path, bytes)
            }));
        }
        files
    }
}

#[test]
fn a_table_is_fetched_and_published_once_per_version() {
    let updated = Updated::new();
    let first = updated.run(&["animals"], &[]);
    let (said, errors) = words(&first);
    assert!(first.status.success(), "{errors}");
    assert!(
        said.contains("holds animals: version 1, which was not imported before"),
        "{said}"
    );
    assert!(
        !said.contains("replaced") && !said.contains("no longer"),
        "{said}"
    );
    assert!(said.contains("published national-2024"), "{said}");
    let files = updated.files();
    assert!(files.contains_key(&updated.data().join("sources/animals/T1/manifest.json")));
    updated.source.asked();

    let (said, errors) = words(&updated.run(&["animals"], &[]));
    assert!(said.starts_with("nothing to do"), "{said}{errors}");
    assert_eq!(updated.source.asked(), ["T1/Properties"]);
    assert_eq!(updated.files(), files);

    // A figure changed, and a year is no longer given.
    updated.source.table("T1", "2", &[("2024", 21)]);
    let (said, errors) = words(&updated.run(&["animals"], &[]));
    assert!(
        said.contains("holds animals: version 2 in place of 1"),
        "{said}{errors}"
    );
    assert!(
        said.contains("replaced animals, period 2024\n")
            && said.contains("no longer holds animals, period 2023: "),
        "{said}"
    );
    let manifest = fs::read_to_string(updated.data().join("manifests/0000000002.json")).expect("a manifest");
    assert!(
        manifest.contains("\"period\": \"2024\"") && !manifest.contains("\"period\": \"2023\""),
        "{manifest}"
    );
    let verified = server(&["verify", "--data-dir", updated.data().to_str().expect("a path")]);
    assert!(verified.status.success(), "{verified:?}");
}

#[test]
fn a_recipe_that_changed_reads_what_was_fetched_again() {
    let updated = Updated::new();
    assert!(updated.run(&["animals"], &[]).status.success());
    let recipe = updated.path("animals.toml");
    let text = fs::read_to_string(&recipe)
        .expect("a recipe")
        .replace("decimals = 0", "decimals = 1");
    fs::write(&recipe, text).expect("written");
    updated.source.asked();
    let (said, errors) = words(&updated.run(&["animals"], &[]));
    assert!(
        said.contains("holds animals: version 1, by a recipe that has changed"),
        "{said}{errors}"
    );
    assert!(
        updated
            .source
            .asked()
            .iter()
            .all(|asked| !asked.contains("Observations"))
    );
}

#[test]
fn a_table_that_fails_is_named_and_leaves_everything_as_it_was() {
    let updated = Updated::new();
    assert!(updated.run(&["animals", "plants"], &[]).status.success());
    let files = updated.files();
    for (version, broken, said) in [
        ("2", "Observations?page=1", "HTML or XML, not JSON"),
        ("3", "Properties", "HTML or XML, not JSON"),
    ] {
        updated.source.table("T2", version, &[("2023", 11), ("2024", 22)]);
        updated
            .source
            .set(&format!("T2/{broken}"), Some("<html>onderhoud</html>"));
        let failed = updated.run(&["animals", "plants"], &[]);
        let (_, errors) = words(&failed);
        assert_eq!(failed.status.code(), Some(1), "{errors}");
        assert!(
            errors.contains("error: plants: ") && errors.contains(said),
            "{errors}"
        );
        assert!(errors.contains("nothing was published"), "{errors}");
        assert_eq!(updated.files(), files);
    }
    // The one that is well can be taken without it.
    updated.source.table("T1", "2", &[("2023", 12), ("2024", 23)]);
    assert_eq!(updated.run(&["animals", "plants"], &[]).status.code(), Some(1));
    let (said, errors) = words(&updated.run(&["animals"], &[]));
    assert!(said.contains("published"), "{said}{errors}");
}

#[test]
fn a_table_that_cannot_be_imported_takes_no_place_and_its_version_is_not_passed_over_later() {
    let updated = Updated::new();
    assert!(updated.run(&["animals"], &[]).status.success());
    let files = updated.files();
    let years = [("2023", 11), ("2024", 21)];
    updated.source.table("T1", "2", &years);
    let broken = "{\"value\":[{\"Id\":1,\"Measure\":\"M1\",\"ValueAttribute\":\"Estimated\",\"Value\":21,\"RegioS\":\"GM0034\",\"Perioden\":\"2024JJ00\"}]}";
    updated.source.set("T1/Observations?page=1", Some(broken));
    for _ in 0..2 {
        let failed = updated.run(&["animals"], &[]);
        let (_, errors) = words(&failed);
        assert_eq!(failed.status.code(), Some(1), "{errors}");
        assert!(
            errors.contains("ValueAttribute: `Estimated` is not known") && errors.contains("thrown away"),
            "{errors}"
        );
        assert_eq!(updated.files(), files);
    }
    // The source mends it, and calls it the same version.
    updated.source.table("T1", "2", &years);
    let (said, errors) = words(&updated.run(&["animals"], &[]));
    assert!(
        said.contains("holds animals: version 2 in place of 1"),
        "{said}{errors}"
    );
    assert!(
        said.contains("sources/animals/T1") && !said.contains(".part"),
        "{said}"
    );
}

#[test]
fn a_table_that_its_source_does_not_count_is_said_to_rest_on_its_pages() {
    let updated = Updated::new();
    let (_, errors) = words(&updated.run(&["animals"], &[]));
    assert!(!errors.contains("could not count"), "{errors}");
    let count = "T2/Observations/$count?$filter=Measure%20eq%20%27M1%27";
    updated.source.forget(count);
    let (said, errors) = words(&updated.run(&["plants"], &[]));
    assert!(said.contains("published"), "{said}{errors}");
    assert!(
        errors.contains("could not count the observations; completeness rests on the pages alone"),
        "{errors}"
    );
}

#[test]
fn a_dry_run_says_what_would_be_fetched_and_fetches_nothing() {
    let updated = Updated::new();
    assert!(updated.run(&["animals"], &[]).status.success());
    let files = updated.files();
    updated.source.table("T1", "2", &[("2024", 21)]);
    updated.source.asked();
    let (said, errors) = words(&updated.run(&["animals", "plants"], &["--dry-run"]));
    assert_eq!(
        said,
        "would fetch animals: version 2 in place of 1\nwould fetch plants: version 1, which was not imported before\n",
        "{errors}"
    );
    assert_eq!(updated.source.asked(), ["T1/Properties", "T2/Properties"]);
    assert_eq!(updated.files(), files);
}

#[test]
fn a_killed_run_leaves_the_edition_and_the_next_goes_on_where_it_was() {
    let updated = Updated::new();
    assert!(updated.run(&["animals"], &[]).status.success());
    let files = updated.files();
    updated
        .source
        .table("T1", "2", &[("2022", 1), ("2023", 11), ("2024", 21)]);
    updated.source.set("T1/Observations?page=2", None);
    updated.source.asked();
    let mut command = Command::new(running::BINARY);
    command.args(updated.arguments(&["animals"])).env_clear();
    let mut process = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let is_there = || {
        updated
            .source
            .asked
            .lock()
            .expect("a lock")
            .iter()
            .any(|asked| asked == "T1/Observations?page=2")
    };
    while !is_there() {
        thread::sleep(Duration::from_millis(20));
    }
    process.kill().expect("killed");
    process.wait().expect("ended");
    assert_eq!(updated.files(), files);

    updated
        .source
        .table("T1", "2", &[("2022", 1), ("2023", 11), ("2024", 21)]);
    updated.source.asked();
    let (said, errors) = words(&updated.run(&["animals"], &[]));
    assert!(
        said.contains("holds animals: version 2 in place of 1"),
        "{said}{errors}"
    );
    let asked = updated.source.asked();
    let pages: Vec<&String> = asked
        .iter()
        .filter(|asked| asked.contains("Observations?"))
        .collect();
    assert_eq!(pages, ["T1/Observations?page=2"]);
}

#[test]
fn what_cannot_be_asked_for_is_said() {
    let updated = Updated::new();
    let without = server(&[
        "update",
        "--data-dir",
        updated.data().to_str().expect("a path"),
        "--recipe",
        "rivm_health_2020",
    ]);
    let (_, errors) = words(&without);
    assert_eq!(without.status.code(), Some(1));
    assert!(
        errors.contains("rivm_health_2020.toml: says no address over OData"),
        "{errors}"
    );
    let mut arguments = updated.arguments(&["animals"]);
    arguments[4] = "http://example.org".to_owned();
    let plain = server(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let (_, errors) = words(&plain);
    assert_eq!(plain.status.code(), Some(1));
    assert!(errors.contains("write https://"), "{errors}");
}
