//! A thin client for `groeikern.v1`: indicators, rankings and recommendations for Dutch municipalities.
//!
//! ```no_run
//! use groeikern_client::{Client, ConnectOptions, v1};
//!
//! # async fn example() -> Result<(), groeikern_client::Error> {
//! let client = Client::connect(ConnectOptions::new("http://127.0.0.1:50051")).await?;
//! let answer = client
//!     .get_position(v1::GetPositionRequest {
//!         indicator_id: "low_theft".into(),
//!         region_code: "GM0034".into(),
//!         neighbours: 2,
//!         ..Default::default()
//!     })
//!     .await?;
//! if let Some(ranking) = answer.ranking {
//!     println!("position among {} municipalities", ranking.n);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A [`Client`] has one method per RPC; it takes the request message and gives the response message, both as the
//! contract ([`v1`]) defines them. Lists come in pages: `list_regions` asks for one page, `list_regions_pages` is a
//! [`Stream`] of all of them; `detect_masking` and `export_observations`, whose answers are streams, give their messages as they
//! come, and `watch_editions` gives new editions for as long as it is read. Cloning a client is cheap, and clones share connections and retry budget.
//!
//! # Deadline and retries
//!
//! Every call has one deadline ([`ConnectOptions::deadline`]) for everything it does. Within it, and within a
//! [`RetryBudget`], a call that failed for a passing reason is tried again:
//!
//! - the server answered `UNAVAILABLE`, or the connection failed or broke off before a complete answer: after a random
//!   wait of at most 50 ms, then 100 ms, doubling up to 1 s;
//! - the server answered `RESOURCE_EXHAUSTED` with a `RetryInfo`: after the delay it asks for.
//!
//! Nothing else is tried again, and a call never waits past its deadline. All RPCs of [`Client`] are reads; the changes that an
//! [`AdminClient`] asks for have request ids, under which nothing is done twice.
//!
//! # Errors
//!
//! [`Error`] tells what the server answered apart from what happened on the way. An answer carries the contract's
//! [`ErrorReason`](v1::ErrorReason), every field violation and the id under which the server logged the request.

mod admin;
mod client;
mod endpoints;
mod error;
mod explain;
mod messages;
mod options;
mod pages;
mod retry;
mod watching;
mod whole;

pub use admin::{AdminClient, UploadContent};
pub use client::Client;
pub use error::{AnswerError, Error, Violation};
pub use groeikern::v1;
pub use options::{ConnectOptions, RetryBudget};
pub use tokio_stream::{Stream, StreamExt};
pub use tonic::Code;
