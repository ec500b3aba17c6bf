//! Where `export` writes, and what is left when it fails.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    path::Path,
    thread,
};

use serde_json::Value;

use crate::{
    exporting::{export, names},
    imported,
    running::{endpoint, run, tool},
};

#[test]
fn what_fails_leaves_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("f.csv"), "old").expect("written");
    for (line, code, said) in [
        ("f.csv --indicator low_thefft", 3, "low_theft"),
        ("f.csv --from 2030", 6, "groeikern coverage"),
        ("no/such/folder/f.csv", 1, "no/such/folder/f.csv"),
    ] {
        let ran = export(folder.path(), &endpoint(), line);
        assert_eq!(ran.code, Some(code), "{line}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{line}: {}", ran.stderr);
        assert_eq!(
            fs::read_to_string(folder.path().join("f.csv")).expect("read"),
            "old",
            "{line}"
        );
        assert_eq!(names(folder.path()), ["f.csv"], "{line}");
    }
}

/// A line to the server of these tests that is cut after so many bytes of answers.
fn cut_after(bytes: usize) -> SocketAddr {
    let server = endpoint().trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for near in listener.incoming() {
            let near = near.expect("a connection");
            let far = TcpStream::connect(&server).expect("the server");
            let (mut from_near, mut to_far) = (
                near.try_clone().expect("a handle"),
                far.try_clone().expect("a handle"),
            );
            thread::spawn(move || std::io::copy(&mut from_near, &mut to_far));
            pass_on(far, near, bytes);
        }
    });
    address
}

/// Passes on this many bytes, then ends both connections.
fn pass_on(mut from: TcpStream, mut to: TcpStream, mut left: usize) {
    let mut buffer = [0; 512];
    while left > 0 {
        let most = buffer.len().min(left);
        match from.read(&mut buffer[..most]) {
            Ok(read) if read > 0 && to.write_all(&buffer[..read]).is_ok() => left -= read,
            _ => break,
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

#[test]
fn a_server_that_is_lost_half_way_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for bytes in [3_000, 9_000, 15_000] {
        for name in ["f.csv", "f.json"] {
            let ran = export(folder.path(), &cut_after(bytes).to_string(), name);
            assert_eq!(ran.code, Some(5), "{bytes} {name}: {}", ran.stderr);
            assert!(
                names(folder.path()).is_empty(),
                "{bytes} {name}: {:?}",
                names(folder.path())
            );
        }
    }
    let whole = export(folder.path(), &cut_after(10_000_000).to_string(), "f.csv");
    assert_eq!(whole.code, Some(0), "{}", whole.stderr);
}

/// What is left, and how the tool ends, when a signal comes while it waits for figures.
#[cfg(unix)]
fn told_to_end(signal: &str, code: i32) {
    let folder = tempfile::tempdir().expect("a folder");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port"); // accepts, and never answers
    let address = silent.local_addr().expect("an address").to_string();
    let child = tool(&address)
        .current_dir(folder.path())
        .args(["export", "f.csv", "--lang", "en"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("started");
    let (_connection, _) = silent.accept().expect("a connection");
    for _ in 0..600 {
        if names(folder.path()).len() == 2 {
            break;
        }
        thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(names(folder.path()).len(), 2, "the drafts");
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill").args([signal, &id]).status();
    assert!(sent.expect("sent").success());
    let ended = child.wait_with_output().expect("ended");
    assert_eq!(ended.status.code(), Some(code), "{signal}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("interrupted"));
    assert!(names(folder.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_an_order_to_end_leave_no_file() {
    told_to_end("-INT", 130);
    told_to_end("-TERM", 143);
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_never_replaced() {
    use std::os::unix::{fs::FileTypeExt, net::UnixListener};
    let folder = tempfile::tempdir().expect("a folder");
    // A socket stands for devices and pipes too: none of them is a regular file.
    for (name, advice) in [("f.csv", "leave it out"), ("g.csv.dcat.jsonld", "remove it")] {
        let _socket = UnixListener::bind(folder.path().join(name)).expect("a socket");
        let file = name.trim_end_matches(".dcat.jsonld");
        let ran = export(folder.path(), &endpoint(), file);
        assert_eq!(ran.code, Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(advice), "{}", ran.stderr);
        let there = fs::symlink_metadata(folder.path().join(name)).expect("there");
        assert!(there.file_type().is_socket(), "{name}");
    }
    assert_eq!(names(folder.path()), ["f.csv", "g.csv.dcat.jsonld"]);
}

#[cfg(unix)]
#[test]
fn a_file_behind_a_link_is_written_and_keeps_its_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let place = |name: &str| folder.path().join(name);
    fs::create_dir(place("data")).expect("created");
    fs::write(place("data/f.csv"), "old").expect("written");
    fs::set_permissions(place("data/f.csv"), fs::Permissions::from_mode(0o600)).expect("set");
    symlink("data/f.csv", place("f.csv")).expect("linked");
    let ran = export(folder.path(), &endpoint(), "f.csv --indicator low_theft");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(fs::symlink_metadata(place("f.csv")).expect("there").is_symlink());
    let written = fs::read_to_string(place("data/f.csv")).expect("read");
    assert!(written.starts_with("edition_id,"), "{written}");
    let mode = fs::metadata(place("data/f.csv"))
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(names(&place("data")), ["f.csv"]);
    assert_eq!(names(folder.path()), ["data", "f.csv", "f.csv.dcat.jsonld"]);
}

#[test]
fn a_dash_is_stdout_where_no_record_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let ran = export(folder.path(), &endpoint(), "- --indicator low_theft");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("edition_id,"), "{}", ran.stdout);
    let ran = export(folder.path(), &endpoint(), "- --publisher Wij");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("name a file"), "{}", ran.stderr);
    assert!(names(folder.path()).is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_not_a_short_file() {
    use std::process::Stdio;
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("opened");
    let child = tool(&endpoint())
        .args(["export", "--lang", "en"])
        .stdout(Stdio::from(full))
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let ended = child.wait_with_output().expect("ended");
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).expect("UTF-8");
    assert!(said.contains("cannot be written"), "{said}");
}

/// The dataset in the record of `f.csv`, and what was said beside it.
fn described(folder: &Path, line: &str) -> (Value, String) {
    let ran = export(folder, &imported::address(), line);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let record = fs::read(folder.join("f.csv.dcat.jsonld")).expect("read");
    let record: Value = serde_json::from_slice(&record).expect("JSON");
    (record["@graph"][0].clone(), ran.stderr)
}

#[test]
fn a_source_without_a_licence_is_named_and_how_to_do_without() {
    let folder = tempfile::tempdir().expect("a folder");
    let licence = |line: &str| {
        let (dataset, said) = described(folder.path(), line);
        (
            dataset["dcat:distribution"]["dct:license"]["@id"].to_string(),
            said,
        )
    };
    let (unknown, said) = licence("f.csv");
    assert!(unknown.contains("licentieonbekend"), "{unknown}");
    assert!(
        said.contains("that of bureau_louter_2024 is not") && said.contains("--basis computed"),
        "{said}"
    );
    let (known, said) = licence("f.csv --basis computed");
    assert!(
        known.contains("licenses/by/4.0") && !said.contains("licence"),
        "{known} {said}"
    );
    let (_, said) = licence("f.csv --basis published");
    assert!(
        said.contains("bureau_louter_2024") && !said.contains("--basis"),
        "nothing would be left: {said}"
    );
}

#[test]
fn whoever_publishes_the_file_is_typed_and_not_taken_from_its_sources() {
    let folder = tempfile::tempdir().expect("a folder");
    let (dataset, said) = described(folder.path(), "f.csv --basis computed");
    assert!(
        dataset["dct:publisher"].is_null() && dataset["dcat:contactPoint"].is_null(),
        "{dataset}"
    );
    assert!(
        said.contains("--publisher") && said.contains("--contact"),
        "{said}"
    );
    let derived_from = dataset["prov:wasDerivedFrom"].as_array().expect("sources");
    let sources: Vec<[&str; 2]> = derived_from
        .iter()
        .map(|source| [&source["dct:identifier"], &source["dct:publisher"]["foaf:name"]])
        .map(|texts| texts.map(|text| text.as_str().expect("a text")))
        .collect();
    assert_eq!(
        sources,
        [["thefts_2023", "Bureau A"], ["vandals_2023", "Bureau B"]]
    );
    let uri = "https://identifier.overheid.nl/tooi/id/gemeente/gm0034";
    let line = format!("f.csv --publisher {uri} --contact https://example.nl/vragen");
    let (dataset, said) = described(folder.path(), &line);
    assert_eq!(dataset["dct:publisher"], serde_json::json!({ "@id": uri }));
    assert_eq!(
        dataset["dcat:contactPoint"]["vcard:fn"],
        "https://example.nl/vragen"
    );
    assert!(
        !said.contains("--publisher") && !said.contains("--contact"),
        "{said}"
    );
}

#[test]
fn records_in_two_languages_have_two_identifiers() {
    let folder = tempfile::tempdir().expect("a folder");
    let identifier = |language: &str| {
        let ran = run(tool(&endpoint()).current_dir(folder.path()).args([
            "export",
            "f.csv",
            "--indicator",
            "low_theft",
            "--lang",
            language,
        ]));
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let record = fs::read(folder.path().join("f.csv.dcat.jsonld")).expect("read");
        let record: Value = serde_json::from_slice(&record).expect("JSON");
        record["@graph"][0]["dct:identifier"]
            .as_str()
            .expect("an identifier")
            .to_owned()
    };
    let (dutch, english) = (identifier("nl"), identifier("en"));
    assert!(
        dutch.ends_with("/nl") && english.ends_with("/en"),
        "{dutch} {english}"
    );
    assert_eq!(dutch.strip_suffix("nl"), english.strip_suffix("en"));
}
