//! Means of indicators that a caller chooses: what was asked becomes a [`tree`], the tree gets its [`figures`], and those
//! become a [`ranking`], or an analysis of how firm it is ([`sensitivity`]).

mod caveats;
mod figures;
mod ranking;
mod render;
pub(super) mod sensitivity;
mod tree;
mod variants;

pub(super) use ranking::{Asked, rank};
