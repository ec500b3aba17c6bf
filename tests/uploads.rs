//! Uploads as no good client sends them: each is refused with what is wrong, and nothing of it stays.

use std::{io::Write, time::Duration};

use crate::support::{
    administered::{Administered, MOST_UPLOADED, header, import, recipe, table},
    refusal,
};
use groeikern_client::{
    AnswerError, Code, UploadContent,
    v1::{self, ErrorReason, import_source_request::Part},
};
use groeikern_server::serve::Limits;
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream};
use tonic::Status;

fn messages(parts: Vec<Part>) -> Vec<v1::ImportSourceRequest> {
    let message = |part| v1::ImportSourceRequest { part: Some(part) };
    parts.into_iter().map(message).collect()
}

fn chunk(file_index: u32, data: impl Into<Vec<u8>>) -> Part {
    Part::Chunk(v1::ImportChunk {
        file_index,
        data: data.into(),
    })
}

fn good_header(id: &str) -> v1::ImportHeader {
    header(id, &recipe("own_table", "2024"))
}

const ROWS: &str = "code,thefts\nGM0034,10\nGM0637,20\n";

/// What a server answers to messages, sent as they are.
async fn sent(
    server: &Administered,
    messages: impl Stream<Item = v1::ImportSourceRequest> + Send + 'static,
) -> Result<v1::Import, Status> {
    let mut service = v1::admin_service_client::AdminServiceClient::new(server.channel().await);
    let answer = service.import_source(messages).await?;
    Ok(answer.into_inner().import.expect("an import"))
}

async fn refused(server: &Administered, parts: Vec<Part>) -> AnswerError {
    let status = sent(server, tokio_stream::iter(messages(parts)))
        .await
        .expect_err("refused");
    AnswerError::from(&status)
}

#[tokio::test]
async fn an_upload_that_is_not_as_announced_is_refused_with_the_field() {
    let server = Administered::start().await;
    let before = server.files();
    let whole = || Part::Header(good_header("one"));
    let with = |change: fn(&mut v1::ImportHeader)| {
        let mut header = good_header("one");
        change(&mut header);
        Part::Header(header)
    };
    let large = vec![b'x'; 1 << 20];
    let too_many = std::iter::once(whole())
        .chain((0..5).map(|_| chunk(0, large.clone())))
        .collect();
    for (parts, reason, field) in [
        (vec![], ErrorReason::UploadRefused, "header"),
        (vec![chunk(0, ROWS)], ErrorReason::UploadRefused, "header"),
        (vec![whole()], ErrorReason::UploadRefused, "chunk"),
        (vec![whole(), whole()], ErrorReason::UploadRefused, "header"),
        (
            vec![whole(), chunk(1, ROWS)],
            ErrorReason::UploadRefused,
            "chunk.file_index",
        ),
        (
            vec![whole(), chunk(u32::MAX, ROWS)],
            ErrorReason::UploadRefused,
            "chunk.file_index",
        ),
        (too_many, ErrorReason::UploadRefused, "chunk.data"),
        (
            vec![
                with(|header| header.files[0].size_bytes = Some(MOST_UPLOADED + 1)),
                chunk(0, ROWS),
            ],
            ErrorReason::UploadRefused,
            "header.files",
        ),
        (
            vec![
                with(|header| header.files[0].size_bytes = Some(7)),
                chunk(0, ROWS),
            ],
            ErrorReason::UploadRefused,
            "header.files[0].size_bytes",
        ),
        (
            vec![
                with(|header| header.files[0].sha256 = "0".repeat(64)),
                chunk(0, ROWS),
            ],
            ErrorReason::UploadRefused,
            "header.files[0].sha256",
        ),
        (
            vec![with(|header| header.request_id = "../../etc".into())],
            ErrorReason::InvalidRequest,
            "header.request_id",
        ),
        (
            vec![with(|header| header.files.clear())],
            ErrorReason::InvalidRequest,
            "header.files",
        ),
        (
            vec![with(|header| header.files[0].name = "../x.csv".into())],
            ErrorReason::InvalidRequest,
            "header.files[0].name",
        ),
        (
            vec![with(|header| header.files[0].name = "gm\u{202e}vsc.exe".into())],
            ErrorReason::InvalidRequest,
            "header.files[0].name",
        ),
        (
            vec![with(|header| header.files[0].name = "table\u{1b}[2J.csv".into())],
            ErrorReason::InvalidRequest,
            "header.files[0].name",
        ),
        (
            vec![with(|header| {
                header.region_names = Some(v1::UploadedFile {
                    name: "codes\u{200b}.json".into(),
                    ..Default::default()
                });
            })],
            ErrorReason::InvalidRequest,
            "header.region_names.name",
        ),
        (
            vec![with(|header| header.recipe = None)],
            ErrorReason::InvalidRequest,
            "header.recipe",
        ),
        (
            vec![with(|header| header.retrieved = "yesterday".into())],
            ErrorReason::InvalidRequest,
            "header.retrieved",
        ),
        (
            vec![with(|header| {
                header.source_version = "1\nNote: all is certain".into()
            })],
            ErrorReason::InvalidRequest,
            "header.source_version",
        ),
        (
            vec![with(|header| {
                header.recipe = Some(v1::import_header::Recipe::RecipeId("cbs_populaton".into()))
            })],
            ErrorReason::ImportRefused,
            "cbs_populaton",
        ),
    ] {
        let error = refused(&server, parts).await;
        assert_eq!(
            (error.code, error.reason),
            (Code::InvalidArgument, Some(reason)),
            "{field}: {error:?}"
        );
        assert_eq!(error.violations[0].field, field, "{error:?}");
    }
    assert_eq!(server.files(), before, "nothing stays");
    import(&server.admin().await, "one", "2024", 10)
        .await
        .expect("and the server goes on");
}

#[tokio::test]
async fn a_table_that_cannot_be_read_is_refused_with_file_and_line() {
    let server = Administered::start().await;
    let before = server.files();
    let rows = "code,thefts\nGM0034,many\nGM0637,20\nGM0794,more\n";
    let error = refused(&server, vec![Part::Header(good_header("one")), chunk(0, rows)]).await;
    assert_eq!(
        (error.code, error.reason),
        (Code::InvalidArgument, Some(ErrorReason::ImportRefused))
    );
    let fields: Vec<&str> = error
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(fields, ["table.csv:2", "table.csv:4"], "{error:?}");
    assert!(
        error.violations[0].description.contains("column `thefts`"),
        "{error:?}"
    );
    assert!(
        error.message.len() <= 500 && !error.message.contains("/tmp"),
        "{error:?}"
    );
    assert_eq!(server.files(), before, "nothing stays");
}

#[tokio::test]
async fn ten_thousand_chunks_of_a_byte_are_a_table_like_any_other() {
    let server = Administered::start().await;
    let mut rows = String::from("code,thefts\n");
    for code in 0..900 {
        rows.push_str(&format!("GM{:04},{}\n", code + 1, code % 97));
    }
    rows.truncate(10_000);
    rows.truncate(rows.rfind('\n').expect("a line") + 1);
    let parts = rows.bytes().map(|byte| chunk(0, [byte]));
    let parts = std::iter::once(Part::Header(good_header("bytes")))
        .chain(parts)
        .collect();
    let imported = sent(&server, tokio_stream::iter(messages(parts)))
        .await
        .expect("imported");
    assert_eq!(imported.files[0].size_bytes, Some(rows.len() as u64));
    let report = imported.report.expect("a report");
    assert_eq!(report.rows_read, rows.lines().skip(1).count() as u64);
}

#[tokio::test]
async fn a_few_bytes_that_unpack_to_no_table_are_refused() {
    let server = Administered::start().await;
    let before = server.files();
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..64 {
        bomb.write_all(&zeros).expect("packed");
    }
    let content = vec![UploadContent::Bytes(bomb.finish().expect("packed"))];
    let error = server
        .admin()
        .await
        .import_source(good_header("bomb"), content)
        .await;
    let error = refusal(error.expect_err("refused"));
    assert_eq!(error.reason, Some(ErrorReason::ImportRefused), "{error:?}");
    assert!(
        error.violations[0].description.contains("a line is longer"),
        "{error:?}"
    );
    assert_eq!(server.files(), before, "nothing stays");
}

#[tokio::test]
async fn an_upload_that_falls_silent_or_never_ends_is_given_up_and_takes_no_place_for_long() {
    let server = Administered::with_limits(Limits {
        silence: Duration::from_millis(300),
        deadline: Duration::from_secs(2),
        concurrent_requests: 1,
        ..Limits::of_administration()
    })
    .await;
    let before = server.files();
    let silent = tokio_stream::iter(messages(vec![Part::Header(good_header("silent"))]))
        .chain(tokio_stream::pending());
    let error = AnswerError::from(&sent(&server, silent).await.expect_err("given up"));
    assert_eq!(
        (error.code, error.reason),
        (Code::DeadlineExceeded, Some(ErrorReason::DeadlineExceeded))
    );

    let (sender, endless) = tokio::sync::mpsc::channel(1);
    let feeding = tokio::spawn(async move {
        let mut next = messages(vec![Part::Header(good_header("endless"))]).remove(0);
        while sender.send(next).await.is_ok() {
            next = messages(vec![chunk(0, "x")]).remove(0);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let error = AnswerError::from(
        &sent(&server, ReceiverStream::new(endless))
            .await
            .expect_err("given up"),
    );
    assert_eq!(
        (error.code, error.reason),
        (Code::DeadlineExceeded, Some(ErrorReason::DeadlineExceeded))
    );
    feeding.await.expect("ended");
    assert_eq!(server.files(), before, "nothing stays");
    import(&server.admin().await, "good", "2024", 10)
        .await
        .expect("the place is free");
}

#[tokio::test]
async fn an_upload_that_is_broken_off_leaves_nothing() {
    let server = Administered::start().await;
    let before = server.files();
    for bytes in [0, 1, 3 << 20] {
        let parts = std::iter::once(Part::Header(good_header("broken")))
            .chain(vec![b'x'; bytes].chunks(1 << 20).map(|data| chunk(0, data)))
            .collect();
        let begun = tokio_stream::iter(messages(parts)).chain(tokio_stream::pending());
        let patience = tokio::time::timeout(Duration::from_millis(200), sent(&server, begun)).await;
        patience.expect_err("it waits for more, and its caller goes");
    }
    assert_eq!(server.files(), before, "nothing stays");
    let admin = server.admin().await;
    admin
        .import_source(good_header("broken"), table(10))
        .await
        .expect("the same id is free");
}
