//! Whatever stands in a folder, it is read or refused with a reason that can be shown.

use proptest::prelude::*;

use super::{units::unit, *};

/// Texts to put somewhere in a file.
const PIECES: [&str; 12] = [
    "",
    "\"",
    "}",
    "]",
    ",",
    "null",
    "-0",
    "1e400",
    "\\u001b",
    "\u{1b}[2J",
    "GM0034",
    "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_folder_makes_an_import_panic_or_a_message_that_a_terminal_would_obey(
        file in 0_usize..7,
        at in any::<prop::sample::Index>(),
        length in 0_usize..12,
        piece in proptest::sample::select(PIECES.as_slice()),
    ) {
        let table = SmallTable::new("1");
        let folder = written(&table, 5);
        let mut files = table.files(5);
        let (name, text) = files.swap_remove(file);
        let mut chars: Vec<char> = text.chars().collect();
        let from = at.index(chars.len());
        chars.splice(from..(from + length).min(chars.len()), piece.chars());
        fs::write(folder.path().join(name), chars.into_iter().collect::<String>()).expect("written");
        match unit(folder.path(), &ImportFlags::default()) {
            Ok(unit) => prop_assert!(unit.rows().iter().all(|row| row.value.is_none_or(f64::is_finite))),
            Err(error) => {
                prop_assert!(!error.problems.is_empty());
                prop_assert!(error.to_string().chars().all(|c| c == '\n' || !c.is_control()), "{error:?}");
            }
        }
    }
}
