//! What the fuzz targets share: small recipes, and what must hold of every table that is accepted.

pub mod edition;
pub mod kinds;
pub mod simple;

use std::{
    collections::BTreeSet,
    io::{Cursor, Write},
};

use flate2::{Compression, write::GzEncoder};
use groeikern_server::{
    domain::ObservationStatus,
    import::{ImportError, ImportFlags, ImportReport, ImportUnit, Recipe, TableInput},
};

/// A recipe whose `[table]` begins with these lines, with a loaded and a derived indicator over the columns or measures `a` and
/// `b`.
///
/// # Panics
/// When it is none: a fault of the target.
#[must_use]
pub fn recipe(table: &str, key: &str) -> Recipe {
    let indicator = |id: &str, figure: &str| {
        format!(
            "[[indicator]]\nid = \"{id}\"\nname_nl = \"N\"\nname_en = \"N\"\ntheme = \"population\"\nkind = \"neutral\"\n\
             kind_basis = \"stated\"\nunit_nl = \"n\"\nunit_en = \"n\"\ndecimals = 0\n{figure}\n"
        )
    };
    parsed(
        "fuzzed",
        &format!(
            "period_column = \"Perioden\"\n[table]\n{table}\n{}{}",
            indicator("loaded", &format!("{key} = \"a\"")),
            indicator("derived", "formula = \"100 * x / y\"\ncolumns = { x = \"a\", y = \"b\" }"),
        ),
    )
}

/// The recipe of this id, with the keys of its source before the others.
fn parsed(id: &str, keys: &str) -> Recipe {
    let text = format!(
        "id = \"{id}\"\ntitle_nl = \"T\"\ntitle_en = \"T\"\npublisher = \"P\"\nlicence = \"CC0\"\nattribution_nl = \"A\"\n\
         attribution_en = \"A\"\nretrieved = \"2024-05-01\"\nsource_version = \"1\"\n{keys}"
    );
    Recipe::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads one table and checks what must hold of any that is accepted.
///
/// # Errors
/// When it is refused.
///
/// # Panics
/// When what must hold does not.
pub fn import(
    recipe: &Recipe,
    input: TableInput,
    flags: &ImportFlags,
) -> Result<(ImportUnit, ImportReport), ImportError> {
    let read = ImportUnit::from_inputs(recipe, vec![input], flags);
    match &read {
        Ok((unit, report)) => check(recipe, unit, report),
        Err(error) => check_refusal(error),
    }
    read
}

/// What must hold of everything that is refused.
fn check_refusal(error: &ImportError) {
    assert!(!error.problems.is_empty(), "refused without a reason");
    assert!(
        error.to_string().chars().all(|c| c == '\n' || !c.is_control()),
        "a message that a terminal would obey: {error:?}"
    );
}

/// The bytes of a table.
#[must_use]
pub fn bytes(name: &str, bytes: &[u8]) -> TableInput {
    TableInput::new(name, Cursor::new(bytes.to_vec()))
}

/// The same bytes compressed.
///
/// # Panics
/// Never: they go to memory.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

/// Whether bytes are read as something packed, and not as the text of a table.
#[must_use]
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b]) || bytes.starts_with(b"PK\x03\x04")
}

fn check(recipe: &Recipe, unit: &ImportUnit, report: &ImportReport) {
    let accounted = report.rows_filtered_out
        + report.rows_of_other_levels
        + report.rows_of_other_measures
        + report.unmatched.total
        + report.duplicates.total
        + report.rows_used;
    assert_eq!(accounted, report.rows_read, "rows are counted once");
    kinds::check(unit, report);
    assert!(
        unit.rows().is_sorted_by_key(|row| (&row.indicator, &row.region, &row.period)),
        "rows in order"
    );
    let keys: BTreeSet<_> = unit.rows().iter().map(|row| (&row.indicator, &row.region, &row.period)).collect();
    assert_eq!(keys.len(), unit.rows().len(), "a key twice");
    let own = recipe.indicators.iter().filter(|indicator| indicator.figure.children().is_none());
    assert_eq!(unit.rows().len() % own.count().max(1), 0, "a row for every indicator");
    for row in unit.rows() {
        let is_number = |value: f64| value.is_finite() && !(value == 0.0 && value.is_sign_negative());
        assert!(row.value.is_none_or(is_number), "{row:?}");
        let has_value = matches!(row.status, ObservationStatus::Final | ObservationStatus::Provisional);
        assert_eq!(row.value.is_some(), has_value, "{row:?}");
    }
}
