//! The contract of groeikern: messages, client stubs and server traits of `groeikern.v1`.
//!
//! The `.proto` files beside this one are the contract; everything here is made from them at build time. Messages are
//! plain [prost](https://docs.rs/prost) structs. With feature `client` there is a client stub per service, with feature
//! `server` a trait per service whose answers are [`Encoded`].

#[cfg(feature = "server")]
mod encoded;

#[cfg(feature = "server")]
pub use encoded::{Encoded, EncodedCodec, EncodedEncoder, RequestDecoder};

/// Messages, enums and client stubs of `groeikern.v1`; the comments of the `.proto` files are their documentation.
#[allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all)] // made by tonic-prost-build, which adds members of its own
pub mod v1 {
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.rs"));
}

/// Server traits of `groeikern.v1`, one module per service. A handler returns [`Encoded`] messages.
#[cfg(feature = "server")]
#[allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all)] // made by tonic-build
pub mod server {
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.AdminService.rs"));
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.CatalogueService.rs"));
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.EditionService.rs"));
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.FlowService.rs"));
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.IndicatorService.rs"));
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.NeighbourhoodService.rs"));
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.RankingService.rs"));
    include!(concat!(env!("OUT_DIR"), "/groeikern.v1.RecommendationService.rs"));
}

/// The descriptors of every file, encoded as a `google.protobuf.FileDescriptorSet` with comments: for reflection and
/// for proto3 JSON.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.binpb"));

/// The domain of every `google.rpc.ErrorInfo` this contract sends.
pub const ERROR_DOMAIN: &str = "groeikern";

impl v1::ErrorReason {
    /// The reason as `google.rpc.ErrorInfo` carries it: the enum value's name without its prefix, `UNKNOWN_REGION`.
    #[must_use]
    pub fn reason(self) -> &'static str {
        self.as_str_name().trim_start_matches("ERROR_REASON_")
    }

    /// The inverse of [`reason`](Self::reason); `None` for a reason newer than this contract.
    #[must_use]
    pub fn from_reason(reason: &str) -> Option<Self> {
        Self::from_str_name(&format!("ERROR_REASON_{reason}"))
    }
}
