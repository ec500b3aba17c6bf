//! What JSON-stat has no place for, under `extension`: the edition, the sources with their licences, and what the cells of one
//! indicator and period share.

use groeikern_client::v1::{ExportSeries, Source};
use serde_json::{Value, json};

use super::{json_stat::Kind, received::Lists};
use crate::cli::language::{Language, words::Word};

pub(crate) fn of(lists: &Lists, language: Language) -> Value {
    let edition = lists.edition.summary.clone().unwrap_or_default();
    let sources = lists.sources().into_iter();
    let series = lists.series.iter();
    json!({
        "edition": { "id": edition.id, "name": edition.name, "content_hash": edition.content_hash },
        "sources": sources.map(|one| source(one, language)).collect::<Vec<Value>>(),
        "series": series.map(|one| series_of(one, lists)).collect::<Vec<Value>>(),
    })
}

fn source(source: &Source, language: Language) -> Value {
    json!({
        "id": source.id,
        "title": language.of(source.title.as_ref()),
        "publisher": source.publisher,
        "year": source.year,
        "licence": known(&source.licence),
        "attribution": known(language.of(source.attribution.as_ref())),
    })
}

/// The categories a series is of, the borders that its source has, and how it was read.
fn series_of(series: &ExportSeries, lists: &Lists) -> Value {
    let sources = series.sources.iter();
    let ids = sources.filter_map(|place| lists.edition.sources.get(*place as usize));
    json!({
        "figure": Kind::of(series).id(),
        "indicator": lists.id_of(series.indicator),
        "period": series.period,
        "level": series.level().stable(),
        "borders": known(&series.borders),
        "n": Some(series.n).filter(|n| *n > 0),
        "column_inferred": series.column_inferred,
        "sources": ids.map(|source| source.id.as_str()).collect::<Vec<&str>>(),
    })
}

/// A text, or null where nothing is known.
fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
