//! Means of indicators that a caller chooses: what was asked becomes a [`tree`], the tree gets its [`figures`], and those
//! become a [`ranking`], an analysis of how firm it is ([`sensitivity`]), or
//! what it would be ([`what_if`]).

mod caveats;
mod figures;
mod form;
mod ranking;
mod render;
pub(super) mod sensitivity;
mod tree;
mod variants;
mod what_if;

pub(super) use ranking::{Asked, rank};
pub(super) use tree::Sent;
pub(super) use what_if::Supposition;
