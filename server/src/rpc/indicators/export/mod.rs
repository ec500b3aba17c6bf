//! ExportObservations: what was asked -> a plan of series -> messages, one at a time as the client takes them.

mod messages;
mod plan;
mod rows;

use groeikern::v1;

use crate::{
    domain::{Basis, Level, RegionCode},
    rpc::request::{Span, Violations},
};

pub(super) use messages::Messages;
pub(super) use plan::Plan;

/// A request in good form.
pub(super) struct Form<'r> {
    request: &'r v1::ExportObservationsRequest,
    basis: Option<Basis>,
    span: Span<'r>,
    /// At least one, each once, the largest regions first.
    levels: Vec<Level>,
}

impl<'r> Form<'r> {
    /// Reads a request; what is wrong with it joins the other violations.
    pub(super) fn parse(request: &'r v1::ExportObservationsRequest, violations: &mut Violations) -> Self {
        violations.ids("indicator_ids", &request.indicator_ids, 0, 500, "low_theft");
        violations.ids("theme_ids", &request.theme_ids, 0, 100, "social_cohesion");
        violations.region_codes("region_codes", &request.region_codes, 0, 500);
        for (index, code) in request.region_codes.iter().enumerate().take(500) {
            if let Ok(found) = RegionCode::parse(code)
                && !found.is_municipality()
            {
                let town = found.municipality();
                violations.add(
                    format!("region_codes[{index}]"),
                    format!("{code} is no municipality: ask for {town} and, in levels, for what lies in it"),
                );
            }
        }
        violations.ids("group_ids", &request.group_ids, 0, 100, "nta_new_towns");
        let basis = violations.basis(request.basis);
        if basis == Some(Basis::Proxy) {
            violations.add(
                "basis",
                "PROXY has values of other indicators: export those by their own ids, on basis COMPUTED",
            );
        }
        Self {
            request,
            basis,
            span: violations.span(&request.from_period, &request.to_period),
            levels: levels(&request.levels, violations),
        }
    }
}

/// The levels asked for; municipalities for none.
fn levels(asked: &[i32], violations: &mut Violations) -> Vec<Level> {
    let mut levels = Vec::new();
    if violations.too_many("levels", asked.len(), 3) {
        return levels;
    }
    for (index, level) in asked.iter().enumerate() {
        let found = match v1::RegionLevel::try_from(*level) {
            Ok(v1::RegionLevel::Municipality) => Level::Municipality,
            Ok(v1::RegionLevel::District) => Level::District,
            Ok(v1::RegionLevel::Neighbourhood) => Level::Neighbourhood,
            Ok(v1::RegionLevel::Unspecified) | Err(_) => {
                violations.add(
                    format!("levels[{index}]"),
                    format!(
                        "{level} is not a level this contract knows; leave the list empty for municipalities"
                    ),
                );
                continue;
            }
        };
        if levels.contains(&found) {
            violations.add(format!("levels[{index}]"), "stands twice");
        }
        levels.push(found);
    }
    if asked.is_empty() {
        levels.push(Level::Municipality);
    }
    levels.sort_unstable();
    levels
}
