//! Editions that differ in one figure, for tests of what is published.

use crate::edition::{self, EditionFile, source::SourceFolder};

/// The built-in edition, called so, with Almere's position on theft.
pub(crate) fn edition_with(name: &str, position: u32) -> EditionFile {
    let source = SourceFolder::built_in();
    let positions = source.file("published_positions.csv").expect("a file").replacen(
        "low_theft,region,GM0034,277,",
        &format!("low_theft,region,GM0034,{position},"),
        1,
    );
    let label = source
        .file("edition.toml")
        .expect("a file")
        .replacen("new-towns-2024", name, 1);
    let source = source
        .with_file("published_positions.csv", positions)
        .with_file("edition.toml", label);
    edition::build(&source.draft().expect("whole")).expect("built")
}
