//! `editions`: what the server holds, what one of them is made of, and what changes from one to another.

mod difference;
mod names;
mod shown;
pub(crate) mod watch;

use groeikern_client::v1::{EditionSummary, ListEditionsRequest, ListEditionsResponse};

use crate::cli::{
    answer::Answer,
    arguments::{Editions, EditionsQuestion},
    exit::Failure,
    language::{Language, headings},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

const COLUMNS: [Column<EditionSummary>; 10] = [
    Column::new("edition_id", headings::ID, |edition, _| Cell::text(&edition.id)),
    Column::new("edition", headings::EDITION, |edition, _| {
        Cell::text(&edition.name)
    }),
    Column::new("current", headings::CURRENT, |edition, _| {
        Cell::flag(edition.current)
    }),
    Column::new("sequence", headings::NUMBER, |edition, _| {
        Cell::Integer(edition.sequence)
    }),
    Column::new("restores", headings::RESTORES, |edition, _| {
        edition.restores.map_or(Cell::Absent, Cell::Integer)
    }),
    Column::new("method_version", headings::METHOD, |edition, _| {
        Cell::text(&edition.method_version)
    }),
    Column::tsv_only("schema_version", |edition, _| {
        Cell::Integer(edition.schema_version.into())
    }),
    Column::new("size_bytes", headings::BYTES, |edition, _| {
        Cell::Integer(edition.size_bytes)
    }),
    Column::tsv_only("content_hash", |edition, _| Cell::text(&edition.content_hash)),
    Column::tsv_only("file_sha256", |edition, _| Cell::text(&edition.file_sha256)),
];

/// Asks what is answered at once; `watch` goes on, and has its own way.
pub(super) async fn ask(session: &mut Session, arguments: &Editions) -> Result<Answer, Failure> {
    match &arguments.asked {
        Some(EditionsQuestion::Show(arguments)) => shown::ask(session, arguments).await,
        Some(EditionsQuestion::Diff(arguments)) => difference::ask(session, arguments).await,
        Some(EditionsQuestion::Watch(_)) | None => all(session).await,
    }
}

async fn all(session: &mut Session) -> Result<Answer, Failure> {
    let request = ListEditionsRequest {
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.list_editions_pages(request)).await?;
    Ok(answer(&response, session.language))
}

fn answer(response: &ListEditionsResponse, language: Language) -> Answer {
    let sheet = Sheet::of(&response.editions, &COLUMNS, language);
    // The metadata names the current edition, which the rows mark: no footer.
    Answer::new("ListEditionsResponse", response, sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{table, tsv};

    #[test]
    fn the_current_edition_is_marked() {
        let edition = |id: &str, sequence, current| EditionSummary {
            id: id.to_owned(),
            name: "new-towns-2024".to_owned(),
            content_hash: "c0".to_owned(),
            file_sha256: "f0".to_owned(),
            schema_version: 1,
            method_version: "1.0".to_owned(),
            sequence,
            size_bytes: 4096,
            current,
            restores: None,
        };
        let response = ListEditionsResponse {
            editions: vec![edition("b1", 2, true), edition("a1", 1, false)],
            ..Default::default()
        };
        assert_eq!(
            tsv::write(&answer(&response, Language::Nl).sheet),
            "edition_id\tedition\tcurrent\tsequence\trestores\tmethod_version\tschema_version\tsize_bytes\tcontent_hash\tfile_sha256\n\
             b1\tnew-towns-2024\ttrue\t2\t\t1.0\t1\t4096\tc0\tf0\n\
             a1\tnew-towns-2024\tfalse\t1\t\t1.0\t1\t4096\tc0\tf0\n"
        );
        let table = table::plain(&answer(&response, Language::En), Language::En);
        assert!(
            table.starts_with("id  edition         current  no  method  bytes\n"),
            "{table}"
        );
        assert!(
            table.contains("b1  new-towns-2024  *         2  1.0      4096\n"),
            "{table}"
        );
    }
}
