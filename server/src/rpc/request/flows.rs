//! What requests about flows name.

use groeikern::v1;

use super::Violations;
use crate::domain::FlowKind;

impl Violations {
    /// A kind of flows; unspecified for the first that there is.
    pub(in crate::rpc) fn flow_kind(&mut self, field: &str, kind: i32) -> Option<FlowKind> {
        match v1::FlowKind::try_from(kind) {
            Ok(v1::FlowKind::Unspecified) => None,
            Ok(v1::FlowKind::Commuting) => Some(FlowKind::Commuting),
            Ok(v1::FlowKind::Migration) => Some(FlowKind::Migration),
            Ok(v1::FlowKind::Trips) => Some(FlowKind::Trips),
            Err(_) => {
                self.add(
                    field,
                    format!("{kind} is not a kind of flows this contract knows"),
                );
                None
            }
        }
    }
}
