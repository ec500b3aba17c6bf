//! The field's words as types. No I/O, and nothing of SQLite or gRPC.

mod names;
mod region_code;

pub use names::{nearest, nearest_several, plain_name};
pub use region_code::{InvalidRegionCode, RegionCode};
