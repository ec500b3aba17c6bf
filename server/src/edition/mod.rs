//! Editions: immutable SQLite files, each one state of all data and knowledge.

pub mod source;
