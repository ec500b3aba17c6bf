//! Changes from the command line, over the socket of a server.

use std::{
    fs,
    sync::{Arc, mpsc},
    thread,
};

use groeikern_server::{
    administration::{Administrator, MOST_UPLOADED},
    edition::{built_in, shelf::Shelf},
    rpc::{Answers, Changes},
    serve::{
        self, Administration, Limits,
        admin_socket::{AdminSocket, FILE_NAME},
    },
    snapshot::LoadedEditions,
};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::running::{Ran, rows, run, tool};

const RECIPE: &str = r#"
id = "own_table"
title_nl = "Eigen tabel"
title_en = "A table of our own"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: wij."
attribution_en = "Source: us."
retrieved = "2026-11-24"
source_version = "1"
period = "2024"

[table]
shape = "wide"
region_column = "code"

[[indicator]]
id = "low_theft"
column = "thefts"
kind = "judgement"
polarity = "lower_is_favourable"
polarity_reason_nl = "Minder diefstal is beter."
polarity_reason_en = "Less theft is better."
unit_nl = "per 1.000 inwoners"
unit_en = "per 1,000 inhabitants"
decimals = 1
"#;

/// The folder of a server that takes changes, which goes on as long as the tests run.
fn server() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("own_table.toml", RECIPE);
    write("table.csv", "code,thefts\nGM0034,10\nGM0637,20\n");
    write("bad.csv", "code,thefts\nGM0034,many\n");
    let (started, ready) = mpsc::channel();
    let of_server = folder.path().to_owned();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let data = of_server.join("data");
            let shelf = Shelf::in_directory(data.clone()).expect("a shelf");
            built_in::ensure(&shelf).await.expect("published");
            let editions = Arc::new(LoadedEditions::open(shelf.clone()).await.expect("loaded"));
            let limits = Limits::of_administration();
            let administrator = Administrator::new(shelf, data, MOST_UPLOADED);
            let administration = Administration {
                socket: AdminSocket::bind(&of_server.join(FILE_NAME)).expect("a socket"),
                changes: Changes::new(administrator, Arc::clone(&editions), limits.silence),
                limits,
            };
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            started.send(()).expect("waited for");
            let (answers, never) = (Answers::new(editions), std::future::pending());
            serve::run_with(listener, answers, &Limits::default(), Some(administration), never)
                .await
                .expect("served");
        });
    });
    ready.recv().expect("started");
    folder
}

/// Runs `groeikern admin` in the folder. Words are separated by spaces.
fn admin_in(folder: &TempDir, line: &str) -> Ran {
    let mut command = tool("http://127.0.0.1:1");
    let socket = folder.path().join(FILE_NAME);
    command
        .current_dir(folder.path())
        .env("GROEIKERN_ADMIN_SOCKET", socket);
    run(command.arg("admin").args(line.split(' ')))
}

#[test]
fn a_table_is_sent_published_and_taken_back_from_the_command_line() {
    let folder = server();
    let admin = |line: &str| admin_in(&folder, line);
    let sent = admin("import --recipe own_table.toml table.csv --request-id first --lang en -o table");
    assert_eq!(sent.code, Some(0), "{sent:?}");
    assert!(sent.stdout.contains("first  pending  own_table"), "{sent:?}");
    assert!(
        sent.stdout.contains("own_table, 2024: table.csv"),
        "the report of the command: {sent:?}"
    );
    let again = admin("import --recipe own_table.toml table.csv --request-id first --lang en -o table");
    assert_eq!(again.stdout, sent.stdout, "the same request, the same answer");

    let checked = admin("publish --validate-only --lang en -o table");
    assert!(checked.stdout.contains("nothing was published"), "{checked:?}");
    assert!(
        checked.stderr.contains("--request-id"),
        "an id of its own is shown: {checked:?}"
    );
    let published = admin("publish --request-id second");
    assert_eq!(published.code, Some(0), "{published:?}");
    let row = &rows(&published.stdout)[0];
    assert_eq!(
        (row["sequence"], row["edition"], row["import_ids"]),
        ("2", "national-2024", "first")
    );
    let listed = admin("imports --state published");
    assert_eq!(rows(&listed.stdout)[0]["import_id"], "first");

    let defined = admin(
        "define-group our_towns --name-nl Wij --name-en Us --source us --defined 2026-11-29 --member GM0034:2015-01-01",
    );
    assert_eq!(defined.code, Some(0), "{defined:?}");
    assert_eq!(rows(&defined.stdout)[0]["recipe_id"], "group_our_towns");
    let late = admin("rollback new-towns-2024 --expect 1");
    assert_eq!(late.code, Some(1), "{late:?}");
    assert!(late.stderr.contains("iemand anders was eerder"), "{late:?}");
    let back = admin("rollback new-towns-2024 -o json");
    assert!(back.stdout.contains("\"sequence\": \"3\""), "{back:?}");
    let at_once = admin("import --recipe own_table.toml table.csv --request-id third --publish");
    let row = &rows(&at_once.stdout)[0];
    assert_eq!((row["sequence"], row["published"]), ("4", "true"));
}

#[test]
fn what_is_wrong_with_a_change_is_said_with_a_code() {
    let folder = server();
    for (line, code, words) in [
        (
            "import --recipe own_table.toml bad.csv",
            2,
            "bad.csv:2: column `thefts`: `many`",
        ),
        ("import --recipe own_table.toml /dev/null", 2, "/dev/null is leeg"),
        (
            "import --recipe own_table.toml none.csv",
            2,
            "none.csv is niet te lezen",
        ),
        (
            "import --recipe cbs_populaton table.csv",
            2,
            "did you mean `cbs_population`?",
        ),
        (
            "import --recipe own_table.toml table.csv --request-id a/b",
            2,
            "header.request_id",
        ),
        ("publish no-such-import", 3, "onbekende import"),
        ("rollback no-such-edition", 3, "onbekende editie"),
        (
            "imports --socket none.sock",
            5,
            "geen server neemt wijzigingen aan op none.sock",
        ),
        ("imports --state none", 2, "invalid value"),
    ] {
        let ran = admin_in(&folder, line);
        assert_eq!(ran.code, Some(code), "{line}: {ran:?}");
        assert!(ran.stderr.contains(words), "{line}: {ran:?}");
    }
}

#[test]
fn the_id_of_a_change_that_was_refused_is_shown_with_the_reason_by_the_contract() {
    let folder = server();
    let refused = admin_in(&folder, "publish --expect 9 --lang en -o json");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    let id = refused.stderr.split_once("request id ").expect("an id").1;
    let (id, _) = id.split_once(' ').expect("a remark");
    assert_eq!(id.len(), 32, "{refused:?}");
    assert!(refused.stderr.contains("(PUBLISH_CONFLICT)"), "{refused:?}");
}

#[test]
fn an_import_that_could_not_be_published_is_told_to_be_kept() {
    let folder = server();
    let line =
        "define-group others --name-nl Zij --name-en They --source us --defined 2026-11-29 --member GM9999";
    for (language, words) in [
        (
            "nl",
            "leg hem terzijde met groeikern admin publish --set-aside kept-nl",
        ),
        (
            "en",
            "set it aside with groeikern admin publish --set-aside kept-en",
        ),
    ] {
        let refused = admin_in(
            &folder,
            &format!("{line} --publish --request-id kept-{language} --lang {language}"),
        );
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains(words), "{refused:?}");
        assert!(refused.stderr.contains("(IMPORT_REFUSED)"), "{refused:?}");
        let listed = admin_in(&folder, "imports --state pending");
        assert_eq!(rows(&listed.stdout)[0]["import_id"], format!("kept-{language}"));
        let set_aside = admin_in(&folder, &format!("publish --set-aside kept-{language}"));
        assert_eq!(set_aside.code, Some(0), "{set_aside:?}");
        let listed = admin_in(&folder, "imports --state pending");
        assert!(rows(&listed.stdout).is_empty(), "{listed:?}");
    }
}
