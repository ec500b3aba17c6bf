//! What is known of municipalities, and not of their flows.

use std::fmt::Write;

use groeikern::v1::ErrorReason;

use super::{Failure, short};
use crate::domain::{FlowKind, Region};

impl Failure {
    /// No flows of the kind and period asked for; `known` is what there is.
    pub(in crate::rpc) fn no_flows(
        edition: &str,
        kind: Option<FlowKind>,
        period: Option<&str>,
        known: &[(FlowKind, &str)],
    ) -> Self {
        let asked = kind.map_or("flows", FlowKind::word);
        let mut message = format!("edition {edition} holds no {asked}");
        if let Some(period) = period {
            let _ = write!(message, " of {}", short(period));
        }
        let of_kind = known
            .iter()
            .filter(|(other, _)| kind.is_none_or(|kind| *other == kind));
        let listed: Vec<String> = of_kind.map(|(kind, period)| of_period(*kind, period)).collect();
        match (&listed[..], known) {
            ([], []) => {
                message += ": import a table of flows with `groeikern-server import`, by a recipe such as \
                            cbs_migration_2018"
            }
            ([], _) => {
                let all: Vec<String> = known
                    .iter()
                    .map(|(kind, period)| of_period(*kind, period))
                    .collect();
                let _ = write!(message, ": it holds {}", all.join(", "));
            }
            (listed, _) => {
                let _ = write!(message, ": it holds {}", listed.join(", "));
            }
        }
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality that a table of flows does not list; `periods` are those of which one does, `instead` what it was then.
    pub(in crate::rpc) fn not_in_flows(
        region: &Region,
        (kind, period): (FlowKind, &str),
        periods: &[&str],
        instead: &[String],
    ) -> Self {
        let (name, code) = (&region.name, &region.code);
        let mut message = format!("the {} do not list {name} ({code})", of_period(kind, period));
        if !instead.is_empty() {
            let _ = write!(message, "; ask for what it was then: {}", instead.join(", "));
        }
        match periods {
            [] if instead.is_empty() => message += "; ListFlowTables says which flows there are",
            [] => {}
            periods => {
                let _ = write!(message, "; those of {} do: name that period", periods.join(", "));
            }
        }
        Self::new(ErrorReason::NoData, message)
    }

    /// A municipality that nobody comes to or leaves.
    pub(in crate::rpc) fn nobody_in_or_out(region: &Region, (kind, period): (FlowKind, &str)) -> Self {
        let message = format!(
            "by the {} nobody comes to {} ({}) or leaves it: it has no relevant region",
            of_period(kind, period),
            region.name,
            region.code
        );
        Self::new(ErrorReason::NoData, message)
    }

    /// A breakdown by which the flows asked for are not divided; `known` are those by which they are.
    pub(in crate::rpc) fn unknown_breakdown(
        asked: &str,
        (kind, period): (FlowKind, &str),
        known: &[&str],
        nearest: &[String],
    ) -> Self {
        let mut message = format!(
            "the {} are not divided by `{}`",
            of_period(kind, period),
            short(asked)
        );
        match known {
            [] => message += ": their source gives totals only; leave breakdown_id empty",
            known => {
                let _ = write!(message, ": ask for {}, or leave it empty", known.join(", "));
            }
        }
        Self::new(ErrorReason::UnknownBreakdown, message).with_nearest(nearest)
    }
}

fn of_period(kind: FlowKind, period: &str) -> String {
    let flows = match kind {
        FlowKind::Commuting => "flows of commuting",
        FlowKind::Migration => "flows of migration",
        FlowKind::Trips => "flows of trips",
    };
    format!("{flows} of {period}")
}
