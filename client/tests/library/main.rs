//! What the library promises, held against a fake server: one file per promise.

#![allow(clippy::unwrap_used)] // helpers of tests may panic as tests do

mod broken_connections;
mod deadline;
mod exports;
mod failover;
mod fake;
mod final_errors;
mod pages;
mod retries;
mod typed_errors;
mod watching;
