//! Imports and publications as rows.

use groeikern_client::v1::{Import, ImportReport, Publication, PublishedUnit};

use crate::cli::{
    answer::Part,
    commands::BETWEEN_NAMES,
    language::{Language, changes, headings},
    sheet::{Cell, Column},
};

/// A row per import.
pub(super) const IMPORT: [Column<Import>; 14] = [
    Column::new("import_id", headings::ID, |import: &Import, _| {
        Cell::text(&import.id)
    })
    .unbroken(),
    Column::new("state", changes::STATE, |import, language| {
        Cell::word(import.state(), language)
    }),
    Column::new("recipe_id", headings::RECIPE, |import: &Import, _| {
        Cell::text(&import.recipe_id)
    })
    .unbroken(),
    Column::new("periods", headings::PERIOD, |import, _| {
        Cell::text(import.periods.join(BETWEEN_NAMES))
    }),
    Column::new("rows_read", changes::ROWS, |import, _| {
        count(import, |report| report.rows_read)
    }),
    Column::new("values", changes::VALUES, |import, _| {
        count(import, |report| report.values)
    }),
    Column::new("without_value", headings::WITHOUT_DATA, |import, _| {
        count(import, |report| report.without_value)
    }),
    Column::table_only(changes::ACCEPTED, |import, _| {
        // To the minute, without the T that only programs like.
        let minute = import.accepted.get(..16).unwrap_or(&import.accepted);
        Cell::text(minute.replace('T', " "))
    }),
    Column::tsv_only("accepted", |import, _| Cell::text(&import.accepted)),
    Column::new("sequence", headings::NUMBER, |import, _| match import.sequence {
        0 => Cell::Absent,
        sequence => Cell::Integer(sequence),
    }),
    Column::tsv_only("source_version", |import, _| Cell::text(&import.source_version)),
    Column::tsv_only("retrieved", |import, _| Cell::text(&import.retrieved)),
    Column::tsv_only("file_sha256", |import, _| Cell::text(&import.file_sha256)),
    Column::tsv_only("recipe_sha256", |import, _| Cell::text(&import.recipe_sha256)),
];

/// A row per publication.
pub(super) const PUBLICATION: [Column<Publication>; 7] = [
    Column::new("sequence", headings::NUMBER, |publication: &Publication, _| {
        Cell::Integer(publication.sequence)
    }),
    Column::new("edition_id", headings::ID, |publication, _| {
        Cell::text(&publication.edition_id)
    }),
    Column::new("edition", headings::EDITION, |publication, _| {
        Cell::text(&publication.edition_name)
    }),
    Column::new("published", changes::PUBLISHED, |publication, _| {
        Cell::flag(publication.published)
    }),
    Column::new("import_ids", changes::IMPORTS, |publication, _| {
        Cell::text(publication.import_ids.join(BETWEEN_NAMES))
    }),
    Column::new("replaced", changes::REPLACED, |publication, _| {
        units(&publication.replaced)
    }),
    Column::new("left_out", changes::LEFT_OUT, |publication, _| {
        units(&publication.left_out)
    }),
];

fn count(import: &Import, of: fn(&ImportReport) -> u64) -> Cell {
    import
        .report
        .as_ref()
        .map_or(Cell::Absent, |report| Cell::Integer(of(report)))
}

fn units(units: &[PublishedUnit]) -> Cell {
    let named: Vec<String> = units
        .iter()
        .map(|unit| format!("{} {}", unit.recipe_id, unit.period))
        .collect();
    Cell::text(named.join(BETWEEN_NAMES))
}

/// Why nothing was published, where nothing was.
pub(super) fn said(publication: Option<&Publication>, validated: bool, language: Language) -> Option<Part> {
    let nothing = publication.is_some_and(|publication| !publication.published);
    nothing.then(|| {
        let why = if validated {
            changes::ONLY_CHECKED
        } else {
            changes::ALREADY_SO
        };
        Part::Sentence(language.say(why).to_owned())
    })
}
