//! The command line tool as a process, asking a whole server in this process.
#![cfg(feature = "cli")]

mod answers;
mod endings;
mod forms;
mod running;
