//! `[source]`: where a table comes from.

use std::collections::BTreeMap;

use toml::de::DeTable;

use crate::edition::source::Kind;

use super::{
    format::TableKind,
    keys::{Keys, Source},
};

/// Where a table comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableSource {
    /// What its file is called, without `.gz`; of a table over OData the folder. An import of all tables looks for it.
    pub file: Option<String>,
    /// Where a person finds it.
    pub url: Option<String>,
    /// Its address over CBS OData v4, the only one that may be asked for it: scheme, host and path, without a slash at the end.
    pub odata: Option<String>,
    /// The unit that the source must state of a measure.
    pub units: BTreeMap<String, String>,
}

pub(super) fn table_source(
    source: &Source<'_>,
    table: &DeTable<'_>,
    line: usize,
    kind: Option<&TableKind>,
) -> TableSource {
    let keys = Keys::new(source, table, line);
    let file = keys.text("file", Kind::Text);
    if let Some(file) = file.as_deref() {
        if file.contains(['/', '\\']) || file == "." || file == ".." {
            keys.report("file", format!("file: `{file}` is not the name of a file"));
        }
        if file.ends_with(".gz") {
            let message = "file: is found compressed or not: leave out `.gz`";
            keys.report("file", message);
        }
    }
    let address = |key| {
        let address = keys.text(key, Kind::Text)?;
        if is_address(&address) {
            return Some(address);
        }
        keys.report(
            key,
            format!("{key}: `{address}` is not an address such as https://host/path"),
        );
        None
    };
    let url = address("url");
    let odata = address("odata").map(|address| address.trim_end_matches('/').to_owned());
    let units: BTreeMap<String, String> = keys
        .texts_by_name("units")
        .unwrap_or_default()
        .into_iter()
        .collect();
    for key in ["odata", "units"] {
        if keys.has(key) && kind.is_some_and(|kind| *kind != TableKind::OData) {
            let message = format!("{key}: only a table with format = \"odata\" has it");
            keys.report(key, message);
        }
    }
    keys.finish();
    TableSource {
        file,
        url,
        odata,
        units,
    }
}

/// An address with a host, without what a table has no use for.
fn is_address(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else {
        return false;
    };
    let host = rest.split('/').next().unwrap_or_default();
    !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        && !text.contains(['#', '"', '\\', ' '])
}
