//! Names as people type them.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A name with everything people leave out or vary taken away: case, diacritics, punctuation, double spaces.
/// `'s-Gravenhage` becomes `s gravenhage`.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let letters: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a text may stand for when it is read as the name of a municipality, each in its plain form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameForms {
    /// The text itself.
    pub plain: String,
    /// Without what people put around a name: `gemeente Helmond`, `Helmond (gemeente)`.
    pub bare: String,
    /// With what people abbreviate in it: `capelle ad ijssel` is Capelle aan den IJssel.
    pub written_out: String,
    /// Without what sets apart municipalities of one name, where there is such a thing.
    pub unqualified: Option<String>,
}

impl NameForms {
    /// The forms of what was typed.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        let plain = plain_name(typed);
        let bare = bare_name(&plain).to_owned();
        Self {
            written_out: written_out(&bare),
            unqualified: name_without_qualifier(typed).map(plain_name),
            plain,
            bare,
        }
    }

    /// All of them, the nearest to what was typed first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        [&self.plain, &self.bare, &self.written_out]
            .into_iter()
            .chain(&self.unqualified)
            .map(String::as_str)
    }
}

/// A municipality code in any way people write it: `GM0502`, `gm 502`, `GM-0502`, `0502`, `502`.
#[must_use]
pub fn municipality_code(typed: &str) -> Option<String> {
    let plain = plain_name(typed).replace(' ', "");
    let digits = plain.strip_prefix("gm").unwrap_or(&plain);
    let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("GM{digits:0>4}"))
}

/// A name without what CBS adds to set apart places of one name: `Bergen (NH.)` is Bergen.
#[must_use]
pub fn name_without_qualifier(name: &str) -> Option<&str> {
    let (bare, qualifier) = name.trim().strip_suffix(')')?.rsplit_once('(')?;
    let short = qualifier.chars().filter(|c| c.is_alphabetic()).count() <= 3;
    (short && !bare.trim().is_empty()).then(|| bare.trim())
}

fn bare_name(plain: &str) -> &str {
    const BEFORE: [&str; 3] = ["gemeente ", "gem ", "municipality of "];
    const AFTER: [&str; 2] = [" gemeente", " municipality"];
    let bare = BEFORE
        .iter()
        .find_map(|word| plain.strip_prefix(word))
        .unwrap_or(plain);
    AFTER
        .iter()
        .find_map(|word| bare.strip_suffix(word))
        .unwrap_or(bare)
}

fn written_out(plain: &str) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut rest = plain.split(' ').peekable();
    while let Some(word) = rest.next() {
        match word {
            "ad" => words.extend(["aan", "den"]),
            "a" if rest.next_if_eq(&"d").is_some() => words.extend(["aan", "den"]),
            word => words.push(word),
        }
    }
    words.join(" ")
}

/// The candidate nearest to what was typed, if any is near enough to be meant.
#[must_use]
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_several(typed, candidates, 1).pop()
}

/// Up to `most` candidates near enough to be meant, nearest first, then alphabetical.
#[must_use]
pub fn nearest_several<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    // Longer texts are never a typing error of a name, and would only cost time.
    if typed.chars().count() > 100 {
        return Vec::new();
    }
    let plain = plain_name(typed);
    let mut scored: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = plain_name(candidate);
            let distance = strsim::osa_distance(&plain, &other);
            let near = distance <= 1 + plain.chars().count().min(other.chars().count()) / 4;
            let begins = plain.chars().count() >= 3 && other.starts_with(&plain);
            (near || begins).then_some((if begins { 1 } else { distance }, candidate))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored
        .into_iter()
        .take(most)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// How many typing errors lie between two names, if so few that one may have been meant for the other: up to one per four
/// letters, at least one.
#[must_use]
pub fn typing_distance(typed: &str, name: &str) -> Option<usize> {
    let (typed, name) = (plain_name(typed), plain_name(name));
    let letters = typed.chars().count();
    // Shorter texts are one letter from too many names.
    if !(4..=100).contains(&letters) {
        return None;
    }
    let distance = strsim::osa_distance(&typed, &name);
    (distance <= (letters / 4).max(1)).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_diacritics_and_punctuation_do_not_matter() {
        assert_eq!(plain_name("'s-Gravenhage (gemeente)"), "s gravenhage gemeente");
        assert_eq!(plain_name("SÚDWEST-Fryslân"), "sudwest fryslan");
    }

    #[test]
    fn the_nearest_name_is_found_and_strangers_are_not() {
        let towns = ["Almere", "Almelo", "Helmond", "Purmerend"];
        assert_eq!(nearest("Helmont", towns), Some("Helmond"));
        assert_eq!(nearest("Groningen", towns), None);
        assert_eq!(nearest_several("Alme", towns, 3), ["Almelo", "Almere"]);
    }
}
