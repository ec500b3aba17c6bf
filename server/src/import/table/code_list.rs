//! The list of regions that CBS gives with a table over OData: codes, titles, groups, and in words what became of each.
//!
//! Its rows have the columns of [`COLUMNS`]; the days stand in the words.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use ::csv::StringRecord;
use serde::Deserialize;
use sha2::Sha256;

use super::{
    super::{
        odata::read_page,
        problems::{Problems, excerpt, plain},
        region_names::list_in_folder,
    },
    NeededColumn, Row, Stored,
    content::Content,
    places,
};

/// What a row holds: three columns of the list itself, and what its words say. Days stand as CBS writes them: `31-12-2026`.
const COLUMNS: [&str; 6] = [
    "Identifier",
    "Title",
    "DimensionGroupId",
    "Begin",
    "End",
    "RenamedTo",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    identifier: String,
    title: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    dimension_group_id: Option<String>,
}

/// What the words about a region say.
#[derive(Debug, Default, PartialEq, Eq)]
struct Life<'a> {
    /// When it was founded, as far as the list says what it was made of.
    founded: Option<&'a str>,
    /// What it says of its beginning by itself: a day, or `voor 1830`.
    begin: Option<&'a str>,
    /// The first day it was no longer.
    end: Option<&'a str>,
    /// The code it goes on under.
    renamed_to: Option<&'a str>,
}

/// Reads a list as [`super::read`] has it; the line of a row is its number.
pub(super) fn read(
    name: &str,
    stored: Stored,
    needed: &[NeededColumn],
    hasher: &mut Sha256,
    problems: &mut Problems,
    mut take: impl FnMut(&Row<'_>, &mut Problems),
) {
    let names = COLUMNS.map(str::to_owned);
    let Some(places) = places(name, 0, &names, needed, problems) else {
        return;
    };
    let mut number = 0;
    let read = open(stored)
        .and_then(|reader| Content::open(reader, hasher))
        .map(|mut content| {
            let end = read_page(&mut content, usize::MAX, |listed: Listed| {
                number += 1;
                let words = listed.description.unwrap_or_default();
                let life = match Life::of(&words) {
                    Ok(life) => life,
                    Err(message) => {
                        let message = format!("{}: {message}", excerpt(listed.identifier.trim()));
                        return problems.at(name, number, message);
                    }
                };
                let record = StringRecord::from(vec![
                    listed.identifier.trim(),
                    &*plain(&listed.title),
                    listed.dimension_group_id.as_deref().unwrap_or_default().trim(),
                    life.founded.or(life.begin).unwrap_or_default(),
                    life.end.unwrap_or_default(),
                    life.renamed_to.unwrap_or_default(),
                ]);
                take(&Row::of(&record, &places, number, false), problems);
            });
            // What is behind the list is hashed too.
            end.and_then(|end| {
                io::copy(&mut content, &mut io::sink()).map_err(serde_json::Error::io)?;
                Ok(end)
            })
        });
    match read {
        Err(error) => problems.in_file(name, format!("cannot be read: {error}")),
        Ok(Err(error)) => {
            let message = format!("is no list of regions as CBS OData v4 gives it: {error}");
            problems.in_file(name, message);
        }
        Ok(Ok(end)) if end.next.is_some() => {
            problems.in_file(
                name,
                "has an @odata.nextLink, so it is not whole: fetch all of it",
            );
        }
        Ok(Ok(_)) => {}
    }
}

/// The list itself, or the one in the folder of a table.
fn open(stored: Stored) -> io::Result<Box<dyn Read + Send>> {
    match stored {
        Stored::File(reader) => Ok(reader),
        Stored::Folder { path, progress: _ } => {
            let list = list_in_folder(&path).ok_or_else(|| no_list(&path))?;
            Ok(Box::new(File::open(list)?))
        }
    }
}

fn no_list(folder: &Path) -> io::Error {
    io::Error::new(
        io::ErrorKind::NotFound,
        format!("{} holds no list of regions, codes-RegioS.json", folder.display()),
    )
}

impl<'a> Life<'a> {
    /// Reads the paragraphs in which CBS tells what became of a region. What moved on the way is not taken from here.
    fn of(words: &'a str) -> Result<Self, String> {
        let mut life = Self::default();
        let mut lines = words.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if let Some(begin) = line.strip_prefix("Begindatum ") {
                once(&mut life.begin, begin, "Begindatum")?;
            } else if let Some(rest) = line.strip_prefix("Ontstaan per ") {
                once(&mut life.founded, first_word(rest), "Ontstaan")?;
            } else if let Some(rest) = line.strip_prefix("Opgeheven per ") {
                once(&mut life.end, first_word(rest), "Opgeheven")?;
            } else if let Some(rest) = line.strip_prefix("Naamswijziging per ") {
                let name = lines.next().unwrap_or_default();
                if name.starts_with("nieuwe naam:") {
                    let code = name.rsplit_once('(').and_then(|(_, code)| code.split_once(')'));
                    let code = code
                        .map(|(code, _)| code)
                        .ok_or_else(|| format!("`{}` names no code between brackets", excerpt(name)))?;
                    once(&mut life.end, first_word(rest), "Naamswijziging")?;
                    life.renamed_to = Some(code);
                }
            }
        }
        Ok(life)
    }
}

/// The day at the beginning of a text: `01-01-2007, uit:`.
fn first_word(text: &str) -> &str {
    text.split([' ', ',', ':']).next().unwrap_or_default()
}

fn once<'a>(place: &mut Option<&'a str>, found: &'a str, what: &str) -> Result<(), String> {
    match place.replace(found) {
        None => Ok(()),
        Some(other) => Err(format!(
            "its description says `{what}` of {} and of {}: one of the two is too many",
            excerpt(other),
            excerpt(found)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_when_a_municipality_began_and_ended_and_what_it_is_called_since() {
        let renamed = "Naamswijziging per 01-07-1991,\r\nnieuwe naam: Nieuwe Stad (Z.) (GM7003),\r\n\r\n\
                       Wijziging per 01-01-1990, ontvangen van:\r\n- Dorp (GM7002),\r\n... 5 hectare\r\n\r\nBegindatum voor 1830\r\n";
        assert_eq!(
            Life::of(renamed),
            Ok(Life {
                founded: None,
                begin: Some("voor 1830"),
                end: Some("01-07-1991"),
                renamed_to: Some("GM7003"),
            })
        );
        let founded = "Opgeheven per 01-01-2012, overgegaan naar:\r\n- Stad (GM7001),\r\n\r\n\
                       Naamswijziging per 02-02-2009,\r\noude naam: Dorp (GM7002)\r\n\r\nOntstaan per 02-02-2009, uit:\r\n";
        assert_eq!(
            Life::of(founded),
            Ok(Life {
                founded: Some("02-02-2009"),
                begin: None,
                end: Some("01-01-2012"),
                renamed_to: None,
            })
        );
    }

    #[test]
    fn two_ends_and_a_name_without_a_code_are_refused() {
        let twice = "Opgeheven per 01-01-2012, overgegaan naar:\nNaamswijziging per 02-02-2009,\nnieuwe naam: Dorp (GM7002)";
        let message = Life::of(twice).expect_err("two ends");
        assert!(message.contains("01-01-2012 and of 02-02-2009"), "{message}");
        let message = Life::of("Naamswijziging per 02-02-2009,\nnieuwe naam: Dorp").expect_err("no code");
        assert!(message.contains("names no code"), "{message}");
    }
}
