//! Tables over the network: CBS OData v4 -> a folder that `crate::import` reads.
//!
//! The folder stands between the two: nothing that arrives is imported before all of it is there, is as much as the service
//! counts itself, and is of one version. In the order to read it: what may be asked, and of whom (`address`, `filter`), one
//! request that does not give up at once nor goes on for ever (`client`), and a table in pages (`table`, `lists`, `pages`), which are kept
//! beside the folder until the last one came and all can be read, and take its place in one step (`folder`). Files are written between two pieces of
//! an answer: this is for commands, not for a server that answers others meanwhile.

mod address;
mod answer;
mod client;
mod error;
mod filter;
mod folder;
mod limits;
mod lists;
mod pages;
mod table;

#[cfg(test)]
mod tests;

pub use address::{AddressError, TableAddress};
pub use error::FetchError;
pub use filter::Wanted;
pub use limits::FetchLimits;
pub use table::{FetchEvent, Fetched, current_version, fetch_table};
