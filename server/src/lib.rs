//! The groeikern server: see `main.rs` for the story, and the module docs for the parts.

pub mod administration;
pub mod advice;
pub mod domain;
pub mod edition;
pub mod fetch;
pub mod import;
pub mod method;
pub mod methodology;
pub mod rpc;
pub mod serve;
pub mod snapshot;
