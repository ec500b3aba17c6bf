//! One written value -> one stored value, or what is wrong with it.

use unicode_normalization::UnicodeNormalization;

use super::{Value, layout::Kind};
use crate::domain::{RegionCode, is_date, is_period};

/// Reads what a CSV cell or a TOML string holds as a value of this kind.
pub(crate) fn from_text(kind: Kind, text: &str) -> Result<Value, String> {
    let plain = || Value::Text(text.trim().nfc().collect());
    match kind {
        Kind::Id if !is_id(text) => Err(format!(
            "`{text}` is not an id: use lower case letters, digits and underscores"
        )),
        Kind::Text if text.trim().is_empty() => Err("is empty".to_owned()),
        Kind::Word(words) if !words.contains(&text) => {
            Err(format!("`{text}` is not one of {}", words.join(", ")))
        }
        Kind::RegionCode => RegionCode::parse(text)
            .map(|_| plain())
            .map_err(|error| error.to_string()),
        Kind::Date if !is_date(text) => Err(format!("`{text}` is not a date: write YYYY-MM-DD")),
        Kind::Period if !is_period(text) => Err(format!(
            "`{text}` is not a period: write a year, YYYY-MM or YYYY-MM-DD"
        )),
        Kind::Whole(least, most) => match text.trim().parse::<i64>() {
            Ok(number) => whole(number, least, most),
            Err(_) => Err(format!("`{text}` is not a whole number")),
        },
        Kind::Real => match text.trim().parse::<f64>() {
            Ok(number) => real(number),
            Err(_) => Err(format!("`{text}` is not a number: write it with a decimal point")),
        },
        Kind::Flag => match text {
            "true" => Ok(Value::Integer(1)),
            "false" => Ok(Value::Integer(0)),
            _ => Err(format!("`{text}` is not true or false")),
        },
        Kind::Id
        | Kind::Reference(_)
        | Kind::Text
        | Kind::Word(_)
        | Kind::Date
        | Kind::Period
        | Kind::Texts => Ok(plain()),
    }
}

/// Reads a written whole number as a value of this kind.
pub(crate) fn from_integer(kind: Kind, number: i64) -> Result<Value, String> {
    match kind {
        Kind::Whole(least, most) => whole(number, least, most),
        // Exact: small constants of rules
        Kind::Real => real(number as f64),
        _ => Err(format!("is the number {number}, expected {}", expected(kind))),
    }
}

/// Reads a written number with decimals as a value of this kind.
pub(super) fn from_real(kind: Kind, number: f64) -> Result<Value, String> {
    match kind {
        Kind::Real => real(number),
        _ => Err(format!("is the number {number}, expected {}", expected(kind))),
    }
}

/// What a kind looks like, for messages.
pub(crate) fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Id => "an id in quotes",
        Kind::Reference(_) => "the id of another row in quotes",
        Kind::Text | Kind::Texts => "a text in quotes",
        Kind::Word(_) => "a word in quotes",
        Kind::RegionCode => "a region code in quotes",
        Kind::Date => "a date in quotes",
        Kind::Period => "a period in quotes",
        Kind::Whole(..) => "a whole number",
        Kind::Real => "a number",
        Kind::Flag => "true or false",
    }
}

fn whole(number: i64, least: i64, most: i64) -> Result<Value, String> {
    if (least..=most).contains(&number) {
        Ok(Value::Integer(number))
    } else {
        Err(format!("{number} is not between {least} and {most}"))
    }
}

fn real(number: f64) -> Result<Value, String> {
    if number.is_finite() {
        Ok(Value::Real(number + 0.0))
    } else {
        Err(format!(
            "{number} is not a finite number; leave a missing value empty"
        ))
    }
}

fn is_id(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
