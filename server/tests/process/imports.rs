//! Figures of a table become part of the next edition, whole or not at all.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use groeikern_client::v1;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    recipes::RECIPE,
    running::{self, Running},
    server, words,
};

/// A shelf, and a table with its recipe.
struct Import {
    folder: TempDir,
}

impl Import {
    fn new() -> Self {
        let import = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        fs::write(import.path("own_table.toml"), RECIPE).expect("written");
        import.table("GM0034,500,200000\nGM0637,240,120000\nGM0014,900,230000\n");
        import
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn shelf(&self) -> PathBuf {
        self.path("shelf")
    }

    fn table(&self, rows: &str) {
        fs::write(self.path("table.csv"), format!("code,thefts,inhabitants\n{rows}")).expect("written");
    }

    fn arguments(&self) -> Vec<String> {
        let text = |path: &Path| path.to_str().expect("a path").to_owned();
        let (shelf, recipe, table) = (self.shelf(), self.path("own_table.toml"), self.path("table.csv"));
        let options = [
            "import".to_owned(),
            "--data-dir".to_owned(),
            text(&shelf),
            "--recipe".to_owned(),
        ];
        options.into_iter().chain([text(&recipe), text(&table)]).collect()
    }

    fn run(&self) -> Output {
        let arguments = self.arguments();
        server(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn verify(&self) -> Output {
        server(&["verify", "--data-dir", self.shelf().to_str().expect("a path")])
    }

    fn manifests(&self) -> usize {
        fs::read_dir(self.shelf().join("manifests")).map_or(0, |listed| listed.count())
    }

    /// The file of the publication with this number.
    fn blob(&self, sequence: u64) -> PathBuf {
        let manifest = self.shelf().join(format!("manifests/{sequence:010}.json"));
        let text = fs::read_to_string(manifest).expect("a manifest");
        let after = text.split("\"file_sha256\": \"").nth(1).expect("a hash");
        self.shelf().join("blobs").join(&after[..64])
    }
}

fn succeeds(output: &Output) -> String {
    let (said, errors) = words(output);
    assert_eq!(output.status.code(), Some(0), "{said}\n{errors}");
    said
}

async fn position(server: &Running, code: &str) -> Result<(u32, u32), String> {
    let request = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: code.into(),
        basis: v1::Basis::Computed.into(),
        ..Default::default()
    };
    let answer = server
        .client()
        .await
        .get_position(request)
        .await
        .map_err(|error| error.to_string())?;
    let standing = answer
        .region
        .and_then(|region| region.standing)
        .expect("a standing");
    Ok((standing.position, answer.ranking.expect("a ranking").n))
}

#[tokio::test]
async fn one_command_makes_a_table_part_of_what_a_running_server_answers() {
    let import = Import::new();
    let server = Running::start(&import.shelf(), &[]);
    position(&server, "GM0637").await.expect_err("no values yet");
    let said = succeeds(&import.run());
    assert!(said.contains("published national-2024 ("), "{said}");
    let start = Instant::now();
    loop {
        match position(&server, "GM0637").await {
            Ok(found) => break assert_eq!(found, (1, 3)),
            Err(error) => assert!(start.elapsed() < Duration::from_secs(30), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(
        position(&server, "GM0014").await,
        Ok((3, 3)),
        "a municipality of the table alone"
    );
    let again = succeeds(&import.run());
    assert!(again.contains("nothing was published"), "{again}");
    import.table("GM0034,100,200000\nGM0637,240,120000\n");
    let said = succeeds(&import.run());
    assert!(
        said.contains("holds own_table, period 2024, in place of an earlier import"),
        "{said}"
    );
    assert!(
        said.contains(
            "own_table, period 2024, no longer lists 1 of the 3 municipalities of the earlier import: GM0014;"
        ),
        "{said}"
    );
    import.table("GM0637,240,120000\nGM0014,100,200000\n");
    let arguments = import.arguments();
    let arguments = arguments.iter().map(String::as_str).chain(["--report", "json"]);
    let said = succeeds(&crate::server(&arguments.collect::<Vec<_>>()));
    let report: Value = serde_json::from_str(&said).expect("one JSON object");
    assert_eq!(
        report["fewer_municipalities"],
        json!([{
            "recipe": "own_table", "period": "2024", "municipalities_before": 2, "no_longer_listed": ["GM0034"],
        }])
    );
    let left = succeeds(&crate::server(&[
        "import",
        "--data-dir",
        import.shelf().to_str().expect("a path"),
        "--without",
        "own_table",
    ]));
    assert!(
        left.contains("left out own_table, period 2024") && left.contains("published new-towns-2024 ("),
        "{left}"
    );
}

#[test]
fn a_bad_line_publishes_nothing() {
    let import = Import::new();
    import.table("GM0034,500,200000\nGM0637,many,120000\n");
    let refused = import.run();
    let (_, errors) = words(&refused);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        errors.contains("table.csv:3: column `thefts`: ") && errors.contains("many"),
        "{errors}"
    );
    assert_eq!(import.manifests(), 0);
}

#[test]
fn wrong_options_of_an_import_are_said() {
    for wrong in [
        &["import"][..],
        &["import", "--recipe", "cbs_kwb_municipality_2020"],
        &["import", "table.csv"],
        &["import", "--without", "x", "--name", "Not A Label"],
        &["import", "--without", "x", "--name", "0123456789abcdef"],
    ] {
        assert_eq!(server(wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn an_import_that_is_killed_at_any_time_leaves_the_shelf_whole() {
    let import = Import::new();
    let start = Instant::now();
    succeeds(&import.run());
    let whole = start.elapsed();
    for tenth in 0..=10 {
        import.table(&format!("GM0034,{},200000\nGM0637,240,120000\n", 100 + tenth));
        let mut started = Command::new(running::BINARY)
            .args(import.arguments())
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        std::thread::sleep(whole * tenth / 10);
        started.kill().expect("killed"); // SIGKILL, or it was done
        started.wait().expect("ended");
        let checked = import.verify();
        assert_eq!(checked.status.code(), Some(0), "{:?}", words(&checked));
        let said = succeeds(&import.run());
        assert!(said.contains("published"), "{said}");
    }
}

#[test]
fn a_damaged_edition_is_named_and_the_same_import_mends_it() {
    let import = Import::new();
    succeeds(&import.run());
    let blob = import.blob(1);
    let whole = fs::read(&blob).expect("read");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (times, damaged) in [flipped.as_slice(), &whole[..whole.len() / 2]]
        .into_iter()
        .enumerate()
    {
        fs::write(&blob, damaged).expect("damaged");
        let checked = import.verify();
        let (said, _) = words(&checked);
        assert_eq!(checked.status.code(), Some(7), "{said}");
        assert!(said.contains("1\tDAMAGED\tnational-2024 ("), "{said}");
        let said = succeeds(&import.run());
        assert!(said.contains(&format!("as number {}", times + 2)), "{said}");
        assert_eq!(fs::read(&blob).expect("read"), whole, "the file is mended");
        succeeds(&import.verify());
    }
}

#[test]
fn an_import_over_a_damaged_edition_never_loses_another_import() {
    let import = Import::new();
    succeeds(&import.run());
    let recipe = RECIPE
        .replace("id = \"own_table\"", "id = \"other_table\"")
        .replace("\"2024\"", "\"2023\"");
    fs::write(import.path("other_table.toml"), recipe).expect("written");
    let mut arguments = import.arguments();
    arguments[4] = import
        .path("other_table.toml")
        .to_str()
        .expect("a path")
        .to_owned();
    let other = || server(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    succeeds(&other());
    for sequence in [1, 2] {
        fs::write(import.blob(sequence), b"damaged").expect("damaged");
    }
    let refused = import.run();
    let (_, errors) = words(&refused);
    assert_eq!(refused.status.code(), Some(7));
    assert!(
        errors.contains("would lack what it held: other_table 2023"),
        "{errors}"
    );
    assert_eq!(import.manifests(), 2);
    let mut accepting = import.arguments();
    accepting.extend(["--without".to_owned(), "other_table".to_owned()]);
    succeeds(&server(&accepting.iter().map(String::as_str).collect::<Vec<_>>()));
    succeeds(&other());
}

/// Runs a shell script in a mount name space of its own; in it `$0` is the server, `$SHELF` the shelf and `$@` the arguments of the
/// import. `None` where the system does not allow that; it is said on the standard error.
fn in_own_mounts(test: &str, script: &str, import: &Import) -> Option<Output> {
    let allowed = Command::new("unshare").args(["-rm", "true"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        let skipped = format!("skipped {test}: name spaces of mounts are not allowed here\n");
        // Straight to the stream: what a passing test prints is swallowed.
        let _ = io::stderr().write_all(skipped.as_bytes());
        return None;
    }
    fs::create_dir_all(import.shelf()).expect("made");
    let mut command = Command::new("unshare");
    command
        .args(["-rm", "sh", "-c", script, running::BINARY])
        .args(import.arguments())
        .env("SHELF", import.shelf());
    Some(command.output().expect("started"))
}

#[test]
fn a_full_disk_is_said_and_once_there_is_room_the_import_succeeds() {
    let test = "a_full_disk_is_said_and_once_there_is_room_the_import_succeeds";
    let script = r#"
        mount -t tmpfs -o size=256k tmpfs "$SHELF" || exit 99
        "$0" "$@"
        echo "full: $?, manifests: $(ls "$SHELF/manifests" 2>/dev/null | wc -l)"
        mount -o remount,size=64m "$SHELF" || exit 99
        "$0" "$@" && "$0" verify --data-dir "$SHELF"
    "#;
    let import = Import::new();
    let Some(output) = in_own_mounts(test, script, &import) else {
        return;
    };
    let (said, errors) = words(&output);
    assert_eq!(output.status.code(), Some(0), "{said}{errors}");
    assert!(errors.contains("No space left on device"), "{errors}");
    assert!(said.contains("full: 1, manifests: 0"), "{said}");
    assert!(said.contains("1\twhole\tnational-2024 ("), "{said}");
}

#[test]
fn a_directory_that_is_only_read_is_said_before_the_table_is_read() {
    let test = "a_directory_that_is_only_read_is_said_before_the_table_is_read";
    let script = r#"mount -t tmpfs -o ro tmpfs "$SHELF" && "$0" "$@""#;
    let import = Import::new();
    let Some(output) = in_own_mounts(test, script, &import) else {
        return;
    };
    let (said, errors) = words(&output);
    assert_eq!((output.status.code(), said.as_str()), (Some(1), ""), "{errors}");
    assert!(
        errors.contains("cannot be used as a shelf: Read-only file system"),
        "{errors}"
    );
}
