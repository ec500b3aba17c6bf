//! Means of indicators that a caller chooses: what was asked becomes a [`tree`], the tree gets its [`figures`], and those
//! become a [`ranking`].

mod caveats;
mod figures;
mod ranking;
mod render;
mod tree;

pub(super) use ranking::{Asked, rank};
