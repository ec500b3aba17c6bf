//! Changes asked of a server whose disk is full: each is refused and said, the server goes on answering, and with room the same
//! request succeeds.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use groeikern_client::{
    AdminClient, Client, ConnectOptions, Error, RetryBudget, UploadContent,
    v1::{self, ErrorReason},
};

use crate::{recipes::RECIPE, running, words};

/// The server over a small disk of its own; `fill` and `free` in the folder `$CONTROL` say when it is to be full and when not.
const SCRIPT: &str = r#"
    mount -t tmpfs -o size=48m tmpfs "$SHELF" || exit 99
    "$0" serve --listen 127.0.0.1:0 --data-dir "$SHELF" --admin-socket "$CONTROL/admin.sock" &
    server=$!
    until [ -e "$CONTROL/fill" ]; do sleep 0.05; done
    dd if=/dev/zero of="$SHELF/filling" bs=64k 2>/dev/null
    dd if=/dev/zero of="$SHELF/filling-too" bs=1 count=4096 2>/dev/null
    mv "$CONTROL/fill" "$CONTROL/filled"
    until [ -e "$CONTROL/free" ]; do sleep 0.05; done
    rm "$SHELF/filling" "$SHELF/filling-too"
    mv "$CONTROL/free" "$CONTROL/freed"
    until [ -e "$CONTROL/end" ]; do sleep 0.05; done
    kill -TERM $server
    wait $server || exit 98
    find "$SHELF" -name '*#*' >"$CONTROL/leftovers"
    "$0" verify --data-dir "$SHELF"
"#;

fn options(endpoint: &str) -> ConnectOptions {
    ConnectOptions::new(endpoint)
        .deadline(Duration::from_secs(60))
        .retry_budget(RetryBudget::none())
}

async fn until(what: &Path) {
    let begun = Instant::now();
    while !what.exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{} never came",
            what.display()
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn import(admin: &AdminClient, id: &str) -> Result<v1::Import, Error> {
    let header = v1::ImportHeader {
        request_id: id.into(),
        recipe: Some(v1::import_header::Recipe::RecipeToml(RECIPE.into())),
        files: vec![v1::UploadedFile {
            name: "table.csv".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let table = b"code,thefts,inhabitants\nGM0034,500,200000\nGM0637,240,120000\n".to_vec();
    let answer = admin
        .import_source(header, vec![UploadContent::Bytes(table)])
        .await?;
    Ok(answer.import.expect("an import"))
}

async fn publish(admin: &AdminClient) -> Result<v1::Publication, Error> {
    let request = v1::PublishEditionRequest {
        request_id: "publish".into(),
        ..Default::default()
    };
    Ok(admin
        .publish_edition(request)
        .await?
        .publication
        .expect("a publication"))
}

async fn roll_back(admin: &AdminClient) -> Result<v1::Publication, Error> {
    let request = v1::RollbackEditionRequest {
        request_id: "back".into(),
        edition: "new-towns-2024".into(),
        ..Default::default()
    };
    Ok(admin
        .rollback_edition(request)
        .await?
        .publication
        .expect("a publication"))
}

#[tokio::test]
async fn a_full_disk_is_said_of_every_change_and_with_room_the_same_request_succeeds() {
    let test = "a_full_disk_is_said_of_every_change_and_with_room_the_same_request_succeeds";
    let allowed = Command::new("unshare").args(["-rm", "true"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        let skipped = format!("skipped {test}: name spaces of mounts are not allowed here\n");
        let _ = io::stderr().write_all(skipped.as_bytes()); // what a passing test prints is swallowed
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (shelf, control) = (folder.path().join("shelf"), folder.path().join("control"));
    fs::create_dir(&shelf).expect("made");
    fs::create_dir(&control).expect("made");
    let say = |word: &str| fs::write(control.join(word), "").expect(word);
    let mut serving = Command::new("unshare")
        .args(["-rm", "sh", "-c", SCRIPT, running::BINARY])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("SHELF", &shelf)
        .env("CONTROL", &control)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    let mut lines = io::BufRead::lines(io::BufReader::new(serving.stdout.take().expect("stdout")));
    let address = lines.next().expect("a line").expect("an address");
    let client = Client::connect(options(&format!("http://{address}")))
        .await
        .expect("a connection");
    until(&control.join("admin.sock")).await;
    let socket = format!("unix:{}", control.join("admin.sock").display());
    let admin = AdminClient::connect(options(&socket))
        .await
        .expect("a connection");

    let kept = import(&admin, "before").await.expect("there is room");
    say("fill");
    until(&control.join("filled")).await;
    let is_full = |refused: Error| assert_eq!(refused.reason(), Some(ErrorReason::ShelfFull), "{refused}");
    is_full(import(&admin, "full").await.expect_err("no room"));
    is_full(publish(&admin).await.expect_err("no room"));
    let listed = admin
        .list_imports(Default::default())
        .await
        .expect("listed")
        .imports;
    assert_eq!(listed.len(), 1, "what was acknowledged is there, and no more");
    let edition = client
        .list_themes(Default::default())
        .await
        .expect("it goes on answering");
    assert_eq!(edition.metadata.expect("metadata").edition_name, "new-towns-2024");

    say("free");
    until(&control.join("freed")).await;
    import(&admin, "full").await.expect("the same request succeeds");
    assert_eq!(import(&admin, "before").await.expect("kept"), kept);
    let published = publish(&admin).await.expect("the same request succeeds");
    assert_eq!((published.sequence, published.import_ids.len()), (2, 2));
    assert_eq!(roll_back(&admin).await.expect("there is room").sequence, 3);
    say("end");
    let said: Vec<String> = lines.map(|line| line.expect("text")).collect();
    let ended = serving.wait_with_output().expect("ended");
    let (_, errors) = words(&ended);
    assert_eq!(ended.status.code(), Some(0), "{errors}");
    assert_eq!(
        said.iter().filter(|line| line.contains("\twhole\t")).count(),
        3,
        "{said:?}"
    );
    assert_eq!(
        fs::read_to_string(control.join("leftovers")).expect("listed"),
        "",
        "nothing by half"
    );
    assert!(
        !shelf.join("manifests").exists(),
        "all of it was on the small disk"
    );
}
