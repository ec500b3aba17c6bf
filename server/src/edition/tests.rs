//! An edition is a function of its content, and damage never goes unseen.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{source::Source, *};

fn built_in() -> EditionFile {
    build(&Source::built_in().draft().expect("a whole source")).expect("an edition")
}

/// A source with values for the report's seven towns and some others, so that there are grade scales.
fn source_with_values(order: impl Fn(&mut Vec<String>)) -> Source {
    let source = Source::built_in();
    let indicators = source.file("indicators.toml").expect("a file").replace(
        "id = \"property_value\"\n",
        "id = \"property_value\"\npolarity = \"higher_is_favourable\"\nunit = \"euro\"\ndecimals = 0\n",
    );
    let regions = source.file("regions.csv").expect("a file");
    let mut rows: Vec<String> = regions
        .lines()
        .skip(1)
        .enumerate()
        .map(|(i, line)| {
            format!(
                "property_value,{},2020,{}.5,final,loaded,bureau_louter_2024\n",
                &line[..6],
                i * 10
            )
        })
        .collect();
    order(&mut rows);
    let header = "indicator,region,period,value,status,origin,source\n";
    source
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", header.to_owned() + &rows.concat())
}

#[test]
fn the_same_content_gives_the_same_id_and_the_same_bytes() {
    let (first, second) = (built_in(), built_in());
    assert_eq!(first, second);
    assert_eq!(first.id().len(), 16);
    assert!(first.content_hash.starts_with(first.id()));
}

#[test]
fn the_order_of_rows_and_the_label_do_not_change_the_id() {
    let edition = |source: Source| build(&source.draft().expect("a whole source")).expect("an edition");
    let forwards = edition(source_with_values(|_| {}));
    let backwards = edition(source_with_values(|rows| rows.reverse()));
    assert_eq!(forwards.content_hash, backwards.content_hash);
    let source = Source::built_in();
    let renamed = source
        .file("edition.toml")
        .expect("a file")
        .replace("\"new-towns-2024\"", "\"another-name\"");
    let renamed = edition(source.with_file("edition.toml", renamed));
    assert_eq!(
        (renamed.name.as_str(), renamed.id()),
        ("another-name", built_in().id())
    );
}

#[test]
fn one_figure_more_or_less_is_another_edition() {
    let source = Source::built_in();
    let changed = source
        .file("published_positions.csv")
        .expect("a file")
        .replacen(",255,337", ",254,337", 1);
    let changed = build(
        &source
            .with_file("published_positions.csv", changed)
            .draft()
            .expect("whole"),
    )
    .expect("built");
    assert_ne!(changed.id(), built_in().id());
}

#[test]
fn a_built_edition_verifies_from_memory_and_from_a_file() {
    for edition in [
        built_in(),
        build(&source_with_values(|_| {}).draft().expect("whole")).expect("built"),
    ] {
        let memory = Location::Memory(Bytes::from(edition.bytes.clone()));
        verify(&memory, &edition.file_sha256, &edition.content_hash).expect("whole in memory");
        let folder = tempfile::Builder::new()
            .prefix("odd name?#%20")
            .tempdir()
            .expect("a folder");
        let path = folder.path().join("edition");
        std::fs::write(&path, &edition.bytes).expect("written");
        verify(&Location::File(path), &edition.file_sha256, &edition.content_hash).expect("whole on disk");
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(left.len(), 1, "nothing is written beside an edition");
    }
}

#[test]
fn an_open_edition_cannot_be_written() {
    let edition = built_in();
    let location = Location::Memory(Bytes::from(edition.bytes));
    let open = open(&location, &edition.file_sha256).expect("open");
    assert!(open.connection.execute("DELETE FROM theme", []).is_err());
}

#[test]
fn truncated_and_flipped_files_are_refused() {
    let edition = built_in();
    let refused = |bytes: Vec<u8>| {
        let error = verify(
            &Location::Memory(Bytes::from(bytes)),
            &edition.file_sha256,
            &edition.content_hash,
        );
        matches!(error, Err(EditionError::Corrupt(_)))
    };
    assert!(refused(edition.bytes[..edition.bytes.len() / 2].to_vec()));
    assert!(refused(Vec::new()));
    for place in [0, 100, edition.bytes.len() / 2, edition.bytes.len() - 1] {
        let mut flipped = edition.bytes.clone();
        flipped[place] ^= 1;
        assert!(refused(flipped), "a bit at {place}");
    }
}

#[test]
fn a_changed_row_is_found_even_under_a_new_file_hash() {
    let edition = build(&source_with_values(|_| {}).draft().expect("whole")).expect("built");
    for (change, complaint) in [
        (
            "UPDATE observation SET value = value + 1 WHERE region = 'GM0034'",
            "its rows hash to",
        ),
        ("UPDATE grade_scale SET shift = shift + 1e-15", "its grade scales"),
        (
            "PRAGMA foreign_keys = off; DELETE FROM theme WHERE ordinal = 0",
            "refer to rows that do not exist",
        ),
        (
            "UPDATE facts SET content_hash = 'f00'",
            "it says its content hash is f00",
        ),
    ] {
        let mut connection = rusqlite::Connection::open_in_memory().expect("memory");
        connection
            .deserialize_read_exact("main", &edition.bytes[..], edition.bytes.len(), false)
            .expect("an edition");
        connection.execute_batch(change).expect(change);
        let bytes = connection.serialize("main").expect("bytes").to_vec();
        let sha = content_hash::hex(&Sha256::digest(&bytes));
        let error = verify(&Location::Memory(bytes.into()), &sha, &edition.content_hash).expect_err(change);
        assert!(error.to_string().contains(complaint), "{change}: {error}");
    }
}

#[test]
fn a_file_of_another_schema_version_says_so() {
    let connection = rusqlite::Connection::open_in_memory().expect("memory");
    connection
        .execute_batch("PRAGMA application_id = 0x47524f45; PRAGMA user_version = 99; CREATE TABLE t (x)")
        .expect("made");
    let mut connection = connection;
    let bytes = connection.serialize("main").expect("bytes").to_vec();
    let sha = content_hash::hex(&Sha256::digest(&bytes));
    let error = open(&Location::Memory(bytes.into()), &sha).expect_err("another version");
    assert!(matches!(error, EditionError::Schema { found: 99 }), "{error}");
}
