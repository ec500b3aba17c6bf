//! The record beside an exported file: a dataset of DCAT-AP-NL 3.0 with one distribution, as JSON-LD.
//!
//! It says what is known, and reads no clock: `modified` is the day on which the latest of its tables was fetched. When an edition
//! was published is not known, so that there is no `issued`. Who publishes the file, and who answers questions about it, is known
//! when it is typed: the publishers of the sources did not make this file. Addresses are relative to the record: it holds wherever
//! both files are put.

use std::{collections::BTreeSet, path::Path};

use groeikern_client::v1::{LocalizedText, Source};
use serde_json::{Value, json};

use super::{draft::Content, received::Received};
use crate::cli::{
    arguments::{Export, Format, is_url},
    language::{Language, exports},
};

/// Where the authority tables of the Publications Office of the European Union are.
const AUTHORITY: &str = "http://publications.europa.eu/resource/authority/";
/// What the register of the Dutch government calls a licence that is not known.
const LICENCE_UNKNOWN: &str = "http://standaarden.overheid.nl/owms/terms/licentieonbekend";

/// The record, a JSON-LD document.
pub(crate) fn record(
    received: &Received,
    file: &Path,
    format: Format,
    content: &Content,
    language: Language,
    arguments: &Export,
) -> String {
    let sources = received.lists.sources();
    let (code, in_language) = match language {
        Language::Nl => ("nl", "language/NLD"),
        Language::En => ("en", "language/ENG"),
    };
    let publishers: BTreeSet<&str> = sources.iter().map(|source| source.publisher.as_str()).collect();
    let creators = publishers.into_iter().map(agent).collect::<Vec<Value>>();
    let edition = received.lists.edition.summary.clone().unwrap_or_default();
    let mut dataset = json!({
        "@id": "#dataset",
        "@type": "dcat:Dataset",
        "dct:title": both(&exports::title(&text(received.lists.edition.title.as_ref()))),
        "dct:description": both(&exports::description(received)),
        "dct:identifier": format!("groeikern/{}/{}/{}", edition.id, received.sha256, code),
        "dct:creator": creators,
        "dct:accessRights": authority("access-right/PUBLIC"),
        "dcat:theme": [authority("data-theme/REGI"), authority("data-theme/SOCI")],
        "dcat:keyword": both_lists(exports::KEYWORDS),
        "dct:spatial": authority("country/NLD"),
        "dct:temporal": temporal(received),
        "dct:language": authority(in_language),
        "dcat:version": edition.id,
        "dct:provenance": provenance(received, &sources),
        "prov:wasDerivedFrom": sources.iter().map(|source| derived_from(source)).collect::<Vec<Value>>(),
        "dcat:distribution": distribution(&sources, file, format, content),
    });
    let modified = received.lists.modified();
    if !modified.is_empty() {
        dataset["dct:modified"] = date(&modified);
    }
    if let Some(publisher) = &arguments.publisher {
        dataset["dct:publisher"] = if is_url(publisher) {
            iri(publisher)
        } else {
            agent(publisher)
        };
    }
    if let Some(address) = &arguments.contact {
        dataset["dcat:contactPoint"] = contact(address, arguments.publisher.as_deref());
    }
    let record = json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "prov": "http://www.w3.org/ns/prov#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "spdx": "http://spdx.org/rdf/terms#",
            "vcard": "http://www.w3.org/2006/vcard/ns#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@graph": [dataset],
    });
    format!("{record:#}\n")
}

fn distribution(sources: &[&Source], file: &Path, format: Format, content: &Content) -> Value {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default();
    let address = format!("./{}", escaped(&name));
    let mut distribution = json!({
        "@id": "#distribution",
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:accessURL": iri(&address),
        "dct:license": iri(licence(sources)),
        "dcat:byteSize": { "@type": "xsd:nonNegativeInteger", "@value": content.bytes.to_string() },
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
            "spdx:checksumValue": { "@type": "xsd:hexBinary", "@value": content.sha256 },
        },
    });
    let (file_type, media_type) = match format {
        Format::Csv => ("file-type/CSV", Some("text/csv")),
        // The list has nothing nearer, and no media type of its own is registered.
        Format::Ndjson => ("file-type/JSON", None),
        Format::JsonStat => {
            distribution["dct:conformsTo"] = iri("https://json-stat.org/full/");
            ("file-type/JSON", Some("application/json"))
        }
    };
    distribution["dct:format"] = authority(file_type);
    if let Some(media_type) = media_type {
        // The profile wants both or neither.
        distribution["dcat:downloadURL"] = iri(&address);
        distribution["dcat:mediaType"] = iri(&format!(
            "https://www.iana.org/assignments/media-types/{media_type}"
        ));
    }
    distribution
}

/// The licence of a source, of those that the register of the Dutch government knows too.
pub(crate) fn licence_of(source: &Source) -> Option<&'static str> {
    match source.licence.replace(['-', '_'], " ").to_uppercase().as_str() {
        "CC0" | "CC0 1.0" => Some("http://creativecommons.org/publicdomain/zero/1.0/"),
        "CC BY 4.0" => Some("http://creativecommons.org/licenses/by/4.0/"),
        _ => None,
    }
}

/// The licence of all figures: the one that asks most of those the sources name. One that is not known makes the whole unknown.
fn licence(sources: &[&Source]) -> &'static str {
    let each = sources.iter().map(|source| licence_of(source));
    let licences: Option<Vec<&'static str>> = each.collect();
    // By their addresses: /licenses/by/ comes before /publicdomain/, and asks more.
    let strictest = licences.and_then(|licences| licences.into_iter().min());
    strictest.unwrap_or(LICENCE_UNKNOWN)
}

/// The line of every source, and that of the edition.
fn provenance(received: &Received, sources: &[&Source]) -> Vec<Value> {
    let lines = sources
        .iter()
        .filter_map(|source| source.attribution.as_ref())
        .chain(received.lists.citation.as_ref());
    lines
        .map(|line| json!({ "@type": "dct:ProvenanceStatement", "rdfs:label": both(line) }))
        .collect()
}

/// A source as what the dataset was made of.
fn derived_from(source: &Source) -> Value {
    let mut entity = json!({
        "@type": "prov:Entity",
        "dct:identifier": source.id,
        "dct:title": both(&text(source.title.as_ref())),
        "dct:publisher": agent(&source.publisher),
    });
    if let Some(licence) = licence_of(source) {
        entity["dct:license"] = iri(licence);
    }
    entity
}

/// Where to ask, and whom, by name where one was typed.
fn contact(address: &str, publisher: Option<&str>) -> Value {
    let mail = address.strip_prefix("mailto:");
    let property = if mail.is_some() {
        "vcard:hasEmail"
    } else {
        "vcard:hasURL"
    };
    let name = publisher.filter(|publisher| !is_url(publisher));
    json!({
        "@type": "vcard:Kind",
        "vcard:fn": name.unwrap_or(mail.unwrap_or(address)),
        property: iri(address),
    })
}

/// From the first day of the earliest period to the last of the latest.
fn temporal(received: &Received) -> Value {
    let periods = received.lists.series.iter().map(|series| series.period.as_str());
    let first = periods.clone().map(first_day).min().unwrap_or_default();
    let last = periods.map(last_day).max().unwrap_or_default();
    json!({ "@type": "dct:PeriodOfTime", "dcat:startDate": date(&first), "dcat:endDate": date(&last) })
}

fn first_day(period: &str) -> String {
    match period.len() {
        4 => format!("{period}-01-01"),
        7 => format!("{period}-01"),
        _ => period.to_owned(),
    }
}

fn last_day(period: &str) -> String {
    let days = match (period.len(), period.get(5..)) {
        (4, _) => return format!("{period}-12-31"),
        (7, Some("04" | "06" | "09" | "11")) => 30,
        (7, Some("02")) if is_leap_year(period) => 29,
        (7, Some("02")) => 28,
        (7, _) => 31,
        _ => return period.to_owned(),
    };
    format!("{period}-{days}")
}

fn is_leap_year(period: &str) -> bool {
    let year: u32 = period.get(..4).and_then(|year| year.parse().ok()).unwrap_or(1);
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// A day or a year with its type.
fn date(text: &str) -> Value {
    let datatype = if text.len() == 4 { "xsd:gYear" } else { "xsd:date" };
    json!({ "@type": datatype, "@value": text })
}

fn agent(name: &str) -> Value {
    json!({ "@type": "foaf:Agent", "foaf:name": name })
}

fn authority(name: &str) -> Value {
    iri(&format!("{AUTHORITY}{name}"))
}

fn iri(address: &str) -> Value {
    json!({ "@id": address })
}

fn text(text: Option<&LocalizedText>) -> LocalizedText {
    text.cloned().unwrap_or_default()
}

fn both(text: &LocalizedText) -> Value {
    json!([
        { "@language": "nl", "@value": text.nl },
        { "@language": "en", "@value": text.en },
    ])
}

fn both_lists(words: [(&str, &str); 3]) -> Vec<Value> {
    let in_both = words.map(|(nl, en)| {
        [
            json!({ "@language": "nl", "@value": nl }),
            json!({ "@language": "en", "@value": en }),
        ]
    });
    in_both.into_iter().flatten().collect()
}

/// The name of a file as part of an address.
fn escaped(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().fold(String::new(), |mut address, byte| {
        if plain(byte) {
            address.push(char::from(byte));
        } else {
            address += &format!("%{byte:02X}");
        }
        address
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_a_first_and_a_last_day() {
        for (period, first, last) in [
            ("2020", "2020-01-01", "2020-12-31"),
            ("2020-02", "2020-02-01", "2020-02-29"),
            ("1900-02", "1900-02-01", "1900-02-28"),
            ("2021-11", "2021-11-01", "2021-11-30"),
            ("2021-12", "2021-12-01", "2021-12-31"),
            ("2021-03-04", "2021-03-04", "2021-03-04"),
        ] {
            assert_eq!(
                (first_day(period), last_day(period)),
                (first.to_owned(), last.to_owned())
            );
        }
    }

    #[test]
    fn the_strictest_licence_holds_for_all_and_an_unknown_one_makes_it_unknown() {
        let named = |licence: &str| Source {
            licence: licence.to_owned(),
            ..Default::default()
        };
        let (by, zero, none) = (named("CC-BY-4.0"), named("CC0-1.0"), named(""));
        assert_eq!(licence(&[&by]), licence(&[&zero, &by]));
        assert!(licence(&[&zero]).contains("zero"));
        assert_eq!(licence(&[&by, &none]), LICENCE_UNKNOWN);
        assert_eq!(licence(&[]), LICENCE_UNKNOWN);
    }

    #[test]
    fn a_name_of_a_file_is_an_address() {
        assert_eq!(escaped("cijfers 2020 é.csv"), "cijfers%202020%20%C3%A9.csv");
    }
}
