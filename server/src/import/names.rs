//! What stands where a table names its regions.

use crate::domain::RegionCode;

use super::problems::excerpt;

/// A name without what CBS adds where a province or district is called the same: the code tells them apart.
pub(super) fn name_of(region: &RegionCode, written: &str) -> String {
    let name = written.strip_suffix("(gemeente)").map(str::trim_end);
    name.filter(|name| region.is_municipality() && !name.is_empty())
        .unwrap_or(written)
        .to_owned()
}

/// A word such as `Totaal`: nothing that was meant to be a code.
pub(super) fn is_word(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
        && !text
            .chars()
            .any(|letter| letter.is_numeric() || is_unseen(letter))
}

/// What is wrong with a name that people will see on terminals and in tables.
pub(super) fn problem_of_name(name: &str) -> Option<String> {
    const LONGEST: usize = 200;
    if name.chars().count() > LONGEST {
        return Some(format!(
            "`{}` is longer than {LONGEST} letters: no region is called so",
            excerpt(name)
        ));
    }
    let unseen = problem_of_text(name)?;
    Some(format!("`{}` {unseen}", excerpt(name)))
}

/// Refuses a cell that is no name of a municipality.
pub(super) fn require_name(cell: &str) -> Result<(), String> {
    if cell.is_empty() {
        return Err("is empty, expected the name of the municipality".to_owned());
    }
    problem_of_name(cell).map_or(Ok(()), Err)
}

/// What is wrong with a text that people will see on one line: a break or a mark in it would forge what stands around it.
pub(crate) fn problem_of_text(text: &str) -> Option<String> {
    let unseen = text.chars().find(|letter| is_unseen(*letter))?;
    Some(format!(
        "holds the character U+{:04X}, which cannot be seen: remove it",
        u32::from(unseen)
    ))
}

/// Characters that act on what is around them and are not seen: controls, marks of direction, joiners of no width.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
