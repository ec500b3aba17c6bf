//! The command line tool as a process, asking a whole server in this process.
#![cfg(feature = "cli")]

mod administering;
mod advising;
mod answers;
mod comparing;
mod composing;
mod editions;
mod endings;
mod export_files;
mod exporting;
mod flows;
mod forms;
mod imported;
mod knowledge;
mod masking;
mod method;
mod on_borders;
mod running;
mod some_rows;
mod suppositions;
mod through_time;
mod universes;
mod values;
