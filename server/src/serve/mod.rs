//! From a listener to answers: limits, the layers around every request, health, and an end that drains.
//!
//! Reading order: [`listen`] (who may connect), [`stack`] (what happens around every request), [`health`], [`run`](mod@run) (all of it,
//! until a signal), [`follow`] (new editions while running).

pub mod admin_socket;
mod arrival;
mod deadline;
pub mod follow;
mod health;
mod limits;
pub mod listen;
mod panic_guard;
mod request_id;
mod run;
mod shed;
mod sparingly;
pub mod stack;
mod trace;
mod under_way;

pub use limits::Limits;
pub use run::{Administration, End, ServeError, run, run_with};
