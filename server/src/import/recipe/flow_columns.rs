//! `[flows]`: the columns of tables of people between municipalities.

use crate::{
    domain::{FlowBreakdown, FlowCategory, FlowKind, FlowTable},
    edition::source::Kind,
};

use super::{super::problems::plain, keys::Keys};

/// Where a table says how many people go from where to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowColumns {
    /// What makes them go.
    pub kind: FlowKind,
    /// The codes of where they come from.
    pub origin: String,
    /// The names of those.
    pub origin_name: Option<String>,
    /// The codes of where they go to.
    pub destination: String,
    /// The names of those.
    pub destination_name: Option<String>,
    /// How many.
    pub persons: String,
    /// The parts of a pair add up to a whole number of people, but for what the source rounded.
    pub whole_totals: bool,
    /// What they are divided by.
    pub breakdown: Option<BreakdownColumn>,
}

/// Where a table says which part of the people a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakdownColumn {
    /// The column.
    pub column: String,
    /// What it divides by.
    pub breakdown: FlowBreakdown,
    /// Beside the categories: the cell that means each.
    pub cells: Vec<String>,
}

impl FlowColumns {
    /// The flows of such a table, before any of it is read.
    pub(in crate::import) fn nothing(&self) -> FlowTable {
        FlowTable {
            kind: self.kind,
            breakdown: self.breakdown.as_ref().map(|found| found.breakdown.clone()),
            whole_totals: self.whole_totals,
            municipalities: Vec::new(),
            origins: Vec::new(),
        }
    }
}

const BREAKDOWN_KEYS: [&str; 3] = ["breakdown", "breakdown_nl", "breakdown_en"];

pub(super) fn flow_columns(keys: &Keys<'_>) -> Option<FlowColumns> {
    if !keys.has("kind") {
        let words: Vec<&str> = FlowKind::WORDS.iter().map(|(word, _)| *word).collect();
        keys.report(
            "kind",
            format!("key `kind` is missing: write one of {}", words.join(", ")),
        );
    }
    let kind = keys.word("kind", FlowKind::WORDS);
    let origin = keys.required("origin_column", Kind::Text);
    let origin_name = keys.text("origin_name_column", Kind::Text);
    let destination = keys.required("destination_column", Kind::Text);
    let destination_name = keys.text("destination_name_column", Kind::Text);
    let persons = keys.required("persons_column", Kind::Text);
    let whole_totals = keys.flag("whole_totals");
    let column = keys.text("breakdown_column", Kind::Text);
    let breakdown = column.map(|column| breakdown(keys, column));
    if breakdown.is_none() {
        keys.knows(&BREAKDOWN_KEYS);
        let categories = keys.tables("category", "flows.category");
        let without = BREAKDOWN_KEYS.iter().copied().filter(|key| keys.has(key));
        for key in without.chain((!categories.is_empty()).then_some("category")) {
            keys.report(key, format!("{key}: there is no `breakdown_column`: remove it"));
        }
    }
    keys.finish();
    Some(FlowColumns {
        kind: kind?,
        origin: origin?,
        origin_name,
        destination: destination?,
        destination_name,
        persons: persons?,
        whole_totals,
        breakdown: match breakdown {
            Some(found) => Some(found?),
            None => None,
        },
    })
}

fn breakdown(keys: &Keys<'_>, column: String) -> Option<BreakdownColumn> {
    let id = keys.required("breakdown", Kind::Id);
    let name = keys.required_both("breakdown_nl", "breakdown_en");
    let (mut categories, mut cells): (Vec<FlowCategory>, Vec<String>) = (Vec::new(), Vec::new());
    for keys in keys.tables("category", "flows.category") {
        let id = keys.required("id", Kind::Id);
        let cell = keys.required("cell", Kind::Text);
        let name = keys.required_both("name_nl", "name_en");
        keys.finish();
        let (Some(id), Some(cell), Some(name)) = (id, cell, name) else {
            continue;
        };
        let cell = plain(&cell).into_owned();
        if categories.iter().any(|known| known.id == id) {
            keys.report("id", format!("id: `{id}` is the id of another category too"));
        }
        if cells.contains(&cell) {
            keys.report("cell", format!("cell: `{cell}` means another category already"));
        }
        categories.push(FlowCategory { id, name });
        cells.push(cell);
    }
    if categories.len() < 2 {
        let message =
            "breakdown_column: needs two [[flows.category]] at least, with the `cell` that means each";
        keys.report("breakdown_column", message);
    }
    Some(BreakdownColumn {
        column,
        breakdown: FlowBreakdown {
            id: id?,
            name: name?,
            categories,
        },
        cells,
    })
}
