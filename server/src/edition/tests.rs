//! An edition is a function of its content, and damage never goes unseen.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{source::SourceFolder, *};

fn built_in() -> EditionFile {
    build(&SourceFolder::built_in().draft().expect("a whole source")).expect("an edition")
}

/// A source with values for the report's seven towns and some others, so that there are grade scales.
fn source_with_values(order: impl Fn(&mut Vec<String>)) -> SourceFolder {
    let source = SourceFolder::built_in();
    let indicators = source.file("indicators.toml").expect("a file").replace(
        "id = \"property_value\"\n",
        "id = \"property_value\"\npolarity = \"higher_is_favourable\"\nunit_nl = \"euro\"\nunit_en = \"euros\"\ndecimals = 0\n",
    );
    let regions = source.file("regions.csv").expect("a file");
    let mut rows: Vec<String> = regions
        .lines()
        .skip(1)
        // Municipalities of 2020: those founded or dissolved later are left out by their dates.
        .filter(|line| !["GM0612", "GM1980", "GM1992"].contains(&&line[..6]))
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
    let edition = |source: SourceFolder| build(&source.draft().expect("a whole source")).expect("an edition");
    let forwards = edition(source_with_values(|_| {}));
    let backwards = edition(source_with_values(|rows| rows.reverse()));
    assert_eq!(forwards.content_hash, backwards.content_hash);
    let source = SourceFolder::built_in();
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
    let source = SourceFolder::built_in();
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
fn what_a_statement_cites_is_content() {
    let source = SourceFolder::built_in();
    let changed = |file: &str, from: &str, to: &str| {
        let text = source.file(file).expect("a file");
        assert!(text.contains(from), "{file}");
        let source = source.clone().with_file(file, text.replacen(from, to, 1));
        build(&source.draft().expect("whole"))
            .expect("built")
            .content_hash
    };
    let known = built_in().content_hash;
    assert_ne!(
        changed("findings.toml", "citations = [\"flevowijs_2024\"]\n", ""),
        known
    );
    assert_ne!(
        changed(
            "bibliography.toml",
            "sections = [\"6.2\"]",
            "sections = [\"6.1\"]"
        ),
        known
    );
    assert_ne!(changed("findings.toml", "group = \"nta_new_towns\"\n", ""), known);
}

#[test]
fn a_built_edition_verifies_from_memory_and_from_a_file() {
    for edition in [
        built_in(),
        build(&source_with_values(|_| {}).draft().expect("whole")).expect("built"),
    ] {
        let memory = edition.location();
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
    let location = edition.location();
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
        let mut flipped = edition.bytes.to_vec();
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

/// The bytes of the built-in edition after this change, under their own hash.
fn changed(change: &str) -> (Location, String) {
    let edition = built_in();
    let mut connection = rusqlite::Connection::open_in_memory().expect("memory");
    connection
        .deserialize_read_exact("main", &edition.bytes[..], edition.bytes.len(), false)
        .expect("an edition");
    connection.execute_batch(change).expect(change);
    let bytes = connection.serialize("main").expect("bytes").to_vec();
    let sha = content_hash::hex(&Sha256::digest(&bytes));
    (Location::Memory(bytes.into()), sha)
}

#[test]
fn an_edition_of_another_method_is_refused_by_name_and_not_called_damaged() {
    let (location, sha) = changed("UPDATE facts SET method_version = '0'");
    let hash = built_in().content_hash;
    for error in [
        open(&location, &sha).map(|_| ()).expect_err("another method"),
        verify(&location, &sha, &hash).expect_err("another method"),
    ] {
        assert!(
            matches!(&error, EditionError::Method { found } if found == "0"),
            "{error}"
        );
        assert!(
            error
                .to_string()
                .contains("publish the folder it was made from again"),
            "{error}"
        );
    }
}

#[test]
fn the_content_hash_is_that_of_the_method_the_edition_was_made_by() {
    let edition = built_in();
    let opened = open(&edition.location(), &edition.file_sha256).expect("open");
    let hash = |method: &str| content_hash::content_hash(&opened.connection, method).expect("hashed");
    assert_eq!(hash(&opened.method_version), edition.content_hash);
    assert_ne!(hash("another"), edition.content_hash);
}

#[test]
fn an_edition_opens_under_a_path_with_a_doubled_slash_or_relative_to_the_working_directory() {
    let edition = built_in();
    let folder = tempfile::Builder::new()
        .prefix("odd name?#%20 é")
        .tempdir()
        .expect("a folder");
    let path = folder.path().join("edition");
    std::fs::write(&path, &edition.bytes).expect("written");
    let up: std::path::PathBuf = std::env::current_dir()
        .expect("a directory")
        .components()
        .skip(1)
        .map(|_| "..")
        .collect();
    let relative = up.join(path.strip_prefix("/").expect("an absolute path"));
    let doubled = format!("/{}", path.display());
    assert!(doubled.starts_with("//"));
    for path in [relative, doubled.into()] {
        let opened = open(&Location::File(path.clone()), &edition.file_sha256);
        assert!(opened.is_ok(), "{}: {:?}", path.display(), opened.err());
    }
}

/// The built-in source with the rows of one TOML section in reverse order.
fn reversed(file: &str, section: &str) -> SourceFolder {
    let source = SourceFolder::built_in();
    let heading = format!("[[{section}]]\n");
    let text = source.file(file).expect("a file");
    let (before, rows) = text.split_once(&heading).expect("rows");
    // Sections stand one after the other: the last row ends where the next section begins.
    let end = rows
        .match_indices("\n[[")
        .find(|(at, _)| !rows[at + 1..].starts_with(&heading))
        .map_or(rows.len(), |(at, _)| at + 1);
    let (rows, after) = rows.split_at(end);
    let mut rows: Vec<String> = rows
        .split(&heading)
        .map(|row| format!("{}\n\n", row.trim_end()))
        .collect();
    rows.reverse();
    let rows: String = rows.iter().map(|row| format!("{heading}{row}")).collect();
    let reversed = format!("{before}{rows}{after}");
    assert_ne!(reversed, text, "{file} {section}");
    source.with_file(file, reversed)
}

#[test]
fn the_order_of_rows_is_content_only_where_people_are_shown_it() {
    let id = |source: SourceFolder| {
        let draft = source.draft().unwrap_or_else(|error| panic!("{error}"));
        build(&draft).expect("an edition").id().to_owned()
    };
    let before = id(SourceFolder::built_in());
    for (file, section) in [
        ("factors.toml", "factor"),
        ("mechanisms.toml", "mechanism"),
        ("programmes.toml", "programme"),
        ("context.toml", "question"),
        ("context.toml", "dilemma"),
        ("rules.toml", "trigger"),
        ("recommendations.toml", "actor"),
        ("caveats.toml", "caveat"),
    ] {
        assert_eq!(id(reversed(file, section)), before, "{section}: a set");
    }
    for (file, section) in [
        ("edition.toml", "source"),
        ("themes.toml", "theme"),
        ("themes.toml", "block"),
        ("indicators.toml", "indicator"),
        ("groups.toml", "group"),
        ("context.toml", "phase"),
        ("recommendations.toml", "recommendation"),
        ("findings.toml", "finding"),
    ] {
        assert_ne!(id(reversed(file, section)), before, "{section}: a list");
    }
}
