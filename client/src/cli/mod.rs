//! How a question typed by a person or a script becomes a call, and its answer a table, tab separated rows or JSON.
//!
//! Reading order: [`arguments`] (what can be asked), [`session`] and [`names`] (who is meant), [`commands`] (one file
//! per question), [`answer`] and [`sheet`] (what every command hands over: the message and, from one list of columns,
//! its rows; [`ranked`], [`recast`], [`statements`] and [`themes`] hold what several have in common), [`screen`] (which of [`table`],
//! [`markdown`], [`tsv`] and [`json`] writes it, with [`footer`] beside it), [`export`] (the one question whose answer goes
//! its own way), [`admin`] (no questions but changes, over another listener), [`exit`].

pub(crate) mod admin;
pub(crate) mod answer;
pub(crate) mod arguments;
pub(crate) mod commands;
pub(crate) mod exit;
pub(crate) mod export;
pub(crate) mod footer;
pub(crate) mod json;
pub(crate) mod language;
pub(crate) mod markdown;
pub(crate) mod names;
pub(crate) mod pages;
pub(crate) mod ranked;
pub(crate) mod recast;
pub(crate) mod screen;
pub(crate) mod session;
pub(crate) mod sheet;
pub(crate) mod statements;
pub(crate) mod table;
pub(crate) mod themes;
pub(crate) mod tree;
pub(crate) mod tsv;
