//! Who looks after a shelf: what is on it, going back, and clearing it, also when that is broken off.

use std::{fs, path::Path, process::Stdio, time::Duration};

use crate::{
    change, copy_of_data, edition_name,
    running::{self, Running},
    server, words,
};

/// Publishes editions of these names, which differ in nothing else of weight, and gives back their ids.
fn publish(shelf: &str, names: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    copy_of_data(folder.path());
    let label = folder.path().join("edition.toml");
    let mut before = "new-towns-2024";
    let mut ids = Vec::new();
    for (place, name) in names.iter().enumerate() {
        change(&label, &format!("\"{before}\""), &format!("\"{name}\""));
        let positions = folder.path().join("published_positions.csv");
        let theft = |position: usize| format!("low_theft,region,GM0034,{position},");
        change(&positions, &theft(277 - place), &theft(276 - place));
        let source = folder.path().to_str().expect("a path");
        let published = server(&["publish", source, "--data-dir", shelf]);
        let (said, errors) = words(&published);
        assert_eq!(published.status.code(), Some(0), "{errors}");
        let id = said.split(['(', ')']).nth(1).expect("an id");
        ids.push(id.to_owned());
        before = name;
    }
    ids
}

/// The lines that a command says, which ends well.
fn lines(arguments: &[&str]) -> Vec<String> {
    let output = server(arguments);
    let (said, errors) = words(&output);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
    said.lines().map(str::to_owned).collect()
}

async fn serves(server: &Running, name: &str) {
    for _ in 0..300 {
        if edition_name(server).await == name {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{name} is never served");
}

#[tokio::test]
async fn a_running_server_follows_a_rollback_and_a_restart_keeps_it() {
    let shelf = tempfile::tempdir().expect("a folder");
    let directory = shelf.path().to_str().expect("a path");
    let server = Running::start(shelf.path(), &[]);
    let ids = publish(directory, &["better", "worse"]);
    serves(&server, "worse").await;
    let said = lines(&["rollback", &ids[0], "--data-dir", directory]);
    assert_eq!(said, [format!("published better ({}) as number 4", ids[0])]);
    serves(&server, "better").await;
    let said = lines(&["rollback", "better", "--data-dir", directory]);
    assert!(
        said[0].starts_with("nothing was published: better (")
            && said[0].ends_with("is the current edition already"),
        "{said:?}"
    );
    let said = lines(&["rollback", "new-towns-2024", "--data-dir", directory]);
    assert!(said[0].ends_with("as number 5"), "{said:?}");
    serves(&server, "new-towns-2024").await;
    drop(server);
    let again = Running::start(shelf.path(), &[]);
    assert_eq!(edition_name(&again).await, "new-towns-2024");
    let listed = lines(&["editions", "--data-dir", directory]);
    assert_eq!(listed[0], "number\tid\tname\tbytes\tpublished\tstate");
    let states: Vec<(&str, &str)> = listed[1..]
        .iter()
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            (cells[2], cells[5])
        })
        .collect();
    assert_eq!(
        states,
        [
            ("new-towns-2024", "current, restores 1"),
            ("better", "restores 2"),
            ("worse", ""),
            ("better", ""),
            ("new-towns-2024", ""),
        ]
    );
}

#[test]
fn a_rollback_to_a_damaged_or_unknown_edition_changes_nothing() {
    let shelf = tempfile::tempdir().expect("a folder");
    let directory = shelf.path().to_str().expect("a path");
    publish(directory, &["first", "second"]);
    let unknown = server(&["rollback", "frist", "--data-dir", directory]);
    let (_, errors) = words(&unknown);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(errors.contains("near are first"), "{errors}");
    let manifest = fs::read_to_string(shelf.path().join("manifests/0000000001.json")).expect("a manifest");
    let (_, after) = manifest.split_once("\"file_sha256\": \"").expect("a hash");
    fs::write(shelf.path().join("blobs").join(&after[..64]), "half").expect("damaged");
    let damaged = server(&["rollback", "first", "--data-dir", directory]);
    assert_eq!(damaged.status.code(), Some(7), "{:?}", words(&damaged));
    assert_eq!(count(shelf.path(), "manifests"), 2);
}

#[tokio::test]
async fn a_server_goes_on_with_what_retention_took_away_and_names_it_no_more() {
    let shelf = tempfile::tempdir().expect("a folder");
    let directory = shelf.path().to_str().expect("a path");
    let ids = publish(directory, &["first", "second", "third"]);
    let server = Running::start(shelf.path(), &[]);
    let planned = lines(&[
        "retain",
        "--keep",
        "1",
        "--also",
        "first",
        "--dry-run",
        "--data-dir",
        directory,
    ]);
    assert_eq!(count(shelf.path(), "blobs"), 3);
    assert_eq!(planned[0], format!("would remove\tnumber 2\tsecond ({})", ids[1]));
    let done = lines(&[
        "retain",
        "--keep",
        "1",
        "--also",
        "first",
        "--data-dir",
        directory,
    ]);
    assert_eq!(done[0], planned[0].replace("would remove", "removed"));
    assert_eq!(done[2..], planned[2..], "what stays");
    assert_eq!(
        (count(shelf.path(), "blobs"), count(shelf.path(), "manifests")),
        (2, 2)
    );
    let client = server.client().await;
    for _ in 0..300 {
        let listed = client
            .list_editions(groeikern_client::v1::ListEditionsRequest::default())
            .await
            .expect("listed");
        let names: Vec<&str> = listed
            .editions
            .iter()
            .map(|edition| edition.name.as_str())
            .collect();
        if names == ["third", "first"] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the list still names what is gone");
}

#[test]
fn retention_killed_at_any_moment_leaves_every_publication_with_its_file() {
    let shelf = tempfile::tempdir().expect("a folder");
    let directory = shelf.path().to_str().expect("a path");
    publish(directory, &["a", "b", "c", "d"]);
    let keep = tempfile::tempdir().expect("a folder");
    copy(shelf.path(), keep.path());
    for microseconds in (0..40).map(|step| 1500 * step) {
        copy(keep.path(), shelf.path());
        let mut command = std::process::Command::new(running::BINARY);
        command
            .args(["retain", "--keep", "1", "--data-dir", directory])
            .env_clear();
        let mut started = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        std::thread::sleep(Duration::from_micros(microseconds));
        started.kill().expect("killed"); // SIGKILL
        started.wait().expect("ended");
        let verified = lines(&["verify", "--data-dir", directory]);
        assert!(
            verified
                .last()
                .is_some_and(|line| line.starts_with("4\twhole\td (")),
            "after {microseconds} microseconds: {verified:?}"
        );
        lines(&["retain", "--keep", "1", "--data-dir", directory]);
        assert_eq!(count(shelf.path(), "manifests"), 1);
    }
}

/// Puts the files of one shelf in the place of those of another.
fn copy(from: &Path, to: &Path) {
    for folder in ["blobs", "manifests"] {
        let _ = fs::remove_dir_all(to.join(folder));
        fs::create_dir_all(to.join(folder)).expect("a folder");
        for entry in fs::read_dir(from.join(folder)).expect("listed") {
            let entry = entry.expect("an entry");
            fs::copy(entry.path(), to.join(folder).join(entry.file_name())).expect("copied");
        }
    }
}

fn count(shelf: &Path, folder: &str) -> usize {
    fs::read_dir(shelf.join(folder)).expect("listed").count()
}
