//! `[group]`: what a set of municipalities is called, and the columns of its table.

use crate::{domain::Text, edition::source::Kind};

use super::{
    columns::{DateCells, dates},
    keys::Keys,
};

/// A group of municipalities: the recipe says what it is, its table who belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTable {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// A remark.
    pub note: Option<Text>,
    /// The column with the codes of its members.
    pub code: String,
    /// The column with the first day of membership.
    pub valid_from: Option<String>,
    /// The column with the last day of membership.
    pub valid_to: Option<String>,
    /// How days are written.
    pub dates: DateCells,
}

pub(super) fn group_table(keys: &Keys<'_>) -> Option<GroupTable> {
    let id = keys.required("id", Kind::Id);
    let name = keys.required_both("name_nl", "name_en");
    let note = keys.both("note_nl", "note_en");
    let code = keys.required("code_column", Kind::Text);
    let valid_from = keys.text("valid_from_column", Kind::Text);
    let valid_to = keys.text("valid_to_column", Kind::Text);
    let dates = dates(keys);
    keys.finish();
    Some(GroupTable {
        id: id?,
        name: name?,
        note,
        code: code?,
        valid_from,
        valid_to,
        dates,
    })
}
