//! The server as a process: how it starts, what it prints, how it ends, and what a killed one leaves behind.

mod all_tables;
mod full_disk;
mod imports;
mod kill_9;
mod recipes;
mod running;
mod shelf;
mod updates;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use groeikern_client::v1;
use running::Running;

fn server(arguments: &[&str]) -> Output {
    let mut command = Command::new(running::BINARY);
    command.args(arguments).env_clear().output().expect("started")
}

fn words(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// The data of the project, as a folder of its own.
fn copy_of_data(to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../data")).expect("the data") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            continue;
        }
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("copied");
    }
}

fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("a file");
    assert!(text.contains(from), "{from}");
    fs::write(file, text.replacen(from, to, 1)).expect("written");
}

async fn edition_name(server: &Running) -> String {
    let answer = server
        .client()
        .await
        .list_themes(v1::ListThemesRequest::default())
        .await
        .expect("themes");
    answer.metadata.expect("metadata").edition_name
}

#[tokio::test]
async fn the_first_line_is_the_address_and_sigterm_ends_it_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(folder.path(), &[]);
    assert_eq!(edition_name(&server).await, "new-towns-2024");
    let ended = server.signal("TERM");
    assert_eq!(ended.code(), Some(0), "{ended:?}");
    assert!(folder.path().join("manifests/0000000001.json").is_file());
}

#[tokio::test]
async fn a_second_start_serves_what_the_first_published() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let server = Running::start(folder.path(), &[]);
        edition_name(&server).await;
    }
    assert_eq!(
        fs::read_dir(folder.path().join("manifests"))
            .expect("listed")
            .count(),
        1
    );
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_leaves_the_edition_in_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "in the way").expect("written");
    let server = Running::start(&file.join("data"), &[]);
    assert_eq!(edition_name(&server).await, "new-towns-2024");
    assert!(
        server
            .log_until("kept in memory")
            .contains("cannot be used as a shelf")
    );
}

#[test]
fn an_address_of_the_network_needs_the_flag() {
    let refused = server(&["serve", "--listen", "0.0.0.0:0"]);
    let (_, errors) = words(&refused);
    assert_eq!(refused.status.code(), Some(2));
    assert!(errors.contains("--insecure-plaintext"), "{errors}");
    let folder = tempfile::tempdir().expect("a folder");
    Running::listening(folder.path(), "0.0.0.0:0", &["--insecure-plaintext"]);
}

#[test]
fn an_address_in_use_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Running::start(folder.path(), &[]);
    let directory = folder.path().to_str().expect("a path");
    let second = server(&[
        "serve",
        "--listen",
        &first.address.to_string(),
        "--data-dir",
        directory,
    ]);
    let (_, errors) = words(&second);
    assert_eq!(second.status.code(), Some(1));
    assert!(errors.contains("is in use"), "{errors}");
}

#[test]
fn wrong_options_end_with_2() {
    for wrong in [
        ["--listen", "nowhere"],
        ["--deadline", "0"],
        ["--log-format", "xml"],
    ] {
        assert_eq!(server(&wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[tokio::test]
async fn a_server_killed_while_it_publishes_leaves_a_shelf_that_works() {
    for milliseconds in [0, 1, 2, 4, 8, 16] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut started = running::command(folder.path(), "127.0.0.1:0", &[])
            .spawn()
            .expect("started");
        while !folder.path().join("blobs").exists() {
            assert!(
                started.try_wait().expect("running").is_none(),
                "it ended by itself"
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(milliseconds));
        started.kill().expect("killed"); // SIGKILL
        started.wait().expect("ended");
        let server = Running::start(folder.path(), &[]);
        assert_eq!(edition_name(&server).await, "new-towns-2024");
        let checked = self::server(&["verify", "--data-dir", folder.path().to_str().expect("a path")]);
        assert_eq!(checked.status.code(), Some(0), "{:?}", words(&checked));
    }
}

#[tokio::test]
async fn an_edition_published_from_a_folder_is_served_without_a_restart() {
    let (folder, shelf) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let server = Running::start(shelf.path(), &[]);
    assert_eq!(edition_name(&server).await, "new-towns-2024");
    copy_of_data(folder.path());
    change(
        &folder.path().join("edition.toml"),
        "\"new-towns-2024\"",
        "\"of-the-operator\"",
    );
    let (source, directory) = (
        folder.path().to_str().expect("a path"),
        shelf.path().to_str().expect("a path"),
    );
    let published = self::server(&["publish", source, "--data-dir", directory]);
    let (said, errors) = words(&published);
    assert_eq!(published.status.code(), Some(0), "{errors}");
    assert!(said.starts_with("published of-the-operator ("), "{said}");
    let mut tries = 0;
    while edition_name(&server).await != "of-the-operator" {
        tries += 1;
        assert!(tries < 300, "never served");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(server);
    let again = Running::start(shelf.path(), &[]);
    assert_eq!(
        edition_name(&again).await,
        "of-the-operator",
        "the built-in edition does not replace it"
    );
}

#[test]
fn a_source_with_faults_is_refused_whole_with_file_line_and_name() {
    let (folder, shelf) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    copy_of_data(folder.path());
    change(
        &folder.path().join("published_positions.csv"),
        "low_theft,region,GM0034",
        "low_thefft,region,GM0034",
    );
    change(
        &folder.path().join("mechanisms.toml"),
        "from = \"",
        "from = \"no_such_",
    );
    let (source, directory) = (
        folder.path().to_str().expect("a path"),
        shelf.path().to_str().expect("a path"),
    );
    let refused = server(&["publish", source, "--data-dir", directory]);
    let (_, errors) = words(&refused);
    assert_eq!(refused.status.code(), Some(1));
    for part in [
        "mechanisms.toml:",
        "published_positions.csv:",
        "low_thefft",
        "no_such_",
    ] {
        assert!(errors.contains(part), "{part} in {errors}");
    }
    assert!(!shelf.path().join("manifests").exists(), "nothing is published");
}

#[tokio::test]
async fn damage_is_named_by_verify_and_never_served() {
    let (folder, shelf) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    copy_of_data(folder.path());
    let (source, directory) = (
        folder.path().to_str().expect("a path"),
        shelf.path().to_str().expect("a path"),
    );
    assert_eq!(
        server(&["publish", source, "--data-dir", directory])
            .status
            .code(),
        Some(0)
    );
    let blob = fs::read_dir(shelf.path().join("blobs"))
        .expect("listed")
        .next()
        .expect("a file")
        .expect("one")
        .path();
    let whole = fs::read(&blob).expect("read");
    let mut flipped = whole.clone();
    flipped[whole.len() / 3] ^= 4;
    for damaged in [flipped.as_slice(), &whole[..whole.len() / 2], &[]] {
        fs::write(&blob, damaged).expect("damaged");
        let checked = server(&["verify", "--data-dir", directory]);
        let (said, _) = words(&checked);
        assert_eq!(checked.status.code(), Some(7), "{said}");
        assert!(said.starts_with("1\tDAMAGED\tnew-towns-2024 ("), "{said}");
        let served = server(&["serve", "--listen", "127.0.0.1:0", "--data-dir", directory]);
        let (said, errors) = words(&served);
        assert_eq!((served.status.code(), said.as_str()), (Some(7), ""), "{errors}");
        assert!(errors.contains("is damaged"), "{errors}");
    }
    assert_eq!(
        server(&["publish", source, "--data-dir", directory])
            .status
            .code(),
        Some(0),
        "a rerun mends it"
    );
    assert_eq!(
        server(&["verify", "--data-dir", directory]).status.code(),
        Some(0)
    );
    edition_name(&Running::start(shelf.path(), &[])).await;
}
