//! What `flows` and `surroundings` take, and how other questions ask for a region that follows from flows.

use clap::{Args, ValueEnum};
use groeikern_client::v1;

pub(super) const FLOWS_HELP: &str = "\
REGION is a municipality as in `profile`; without it the tables of flows are listed, with what can be asked of them.
A partner is a municipality at the other end, by in + out. What stays within the municipality is in no other figure. Where
the source divides its people, --breakdown tells which of them come and go: then -o tsv has a row per part, else per partner.
Examples:
  groeikern flows
  groeikern flows almere --kind migration --period 2018
  groeikern flows almere --breakdown mode_of_travel";

pub(super) const SURROUNDINGS_HELP: &str = "\
REGION is a municipality as in `profile`. Its relevant region is the shortest list of municipalities, by in + out, that reaches
the share. With the dominant municipality, the big city a New Town was built for, it is called gross, without it net.
`profile` and `recommend` compare with it by --surroundings, `compare` by --gross and --net.
Examples:
  groeikern surroundings almere
  groeikern surroundings zoetermeer --kind migration --share 0.6";

/// Kinds of flows as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FlowsOf {
    /// From home to work
    Commuting,
    /// To live elsewhere
    Migration,
    /// Any journey
    Trips,
}

impl From<FlowsOf> for v1::FlowKind {
    fn from(kind: FlowsOf) -> Self {
        match kind {
            FlowsOf::Commuting => Self::Commuting,
            FlowsOf::Migration => Self::Migration,
            FlowsOf::Trips => Self::Trips,
        }
    }
}

/// With or without the dominant municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// With the dominant municipality
    Gross,
    /// Without it
    Net,
}

impl From<Scope> for v1::RelevantRegionScope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Gross => Self::Gross,
            Scope::Net => Self::Net,
        }
    }
}

/// Arguments of `flows`.
#[derive(Debug, Args)]
pub(crate) struct Flows {
    /// Municipality; words need no quotes [default: list the tables]
    #[arg(value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// Which flows [default: commuting, else migration, else trips]
    #[arg(long, requires = "region")]
    kind: Option<FlowsOf>,
    /// Flows of this period, such as 2018 [default: the latest]
    #[arg(
        long,
        value_name = "YEAR",
        default_value = "",
        hide_default_value = true,
        requires = "region"
    )]
    pub(crate) period: String,
    /// Tell which parts come and go, by this breakdown; `flows` lists them
    #[arg(
        long,
        value_name = "ID",
        default_value = "",
        hide_default_value = true,
        requires = "region"
    )]
    pub(crate) breakdown: String,
    /// List the N largest partners
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=500), requires = "region")]
    pub(crate) partners: u16,
}

impl Flows {
    /// The kind for a request; unspecified when none was typed.
    pub(crate) fn kind(&self) -> v1::FlowKind {
        self.kind.map(v1::FlowKind::from).unwrap_or_default()
    }
}

/// Arguments of `surroundings`.
#[derive(Debug, Args)]
pub(crate) struct Surroundings {
    /// Municipality; words need no quotes
    #[arg(required = true, value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// Which flows [default: commuting, else migration, else trips]
    #[arg(long)]
    kind: Option<FlowsOf>,
    /// Flows of this period, such as 2018 [default: the latest]
    #[arg(long, value_name = "YEAR", default_value = "", hide_default_value = true)]
    pub(crate) period: String,
    /// Share of all in + out to reach, above 0 and at most 1 [default: 0.8]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    share: Option<f64>,
}

impl Surroundings {
    /// The kind for a request; unspecified when none was typed.
    pub(crate) fn kind(&self) -> v1::FlowKind {
        self.kind.map(v1::FlowKind::from).unwrap_or_default()
    }

    /// The region for a request, around the municipality with this code.
    pub(crate) fn around(&self, region_code: String) -> v1::RelevantRegion {
        v1::RelevantRegion {
            region_code,
            kind: self.kind().into(),
            period: self.period.clone(),
            share: self.share,
            ..Default::default()
        }
    }
}

/// From which flows a region follows, in a question that is not about flows. The arguments that ask for such a region are of the
/// group `by_flows`.
#[derive(Debug, Default, Args)]
pub(crate) struct ByFlows {
    /// The region follows from these flows [default: commuting, else migration, else trips]
    #[arg(long, value_name = "KIND", requires = "by_flows")]
    flows: Option<FlowsOf>,
    /// The region follows from the flows of this period [default: the latest]
    #[arg(
        long,
        value_name = "YEAR",
        default_value = "",
        hide_default_value = true,
        requires = "by_flows"
    )]
    flows_period: String,
    /// Share of all in + out that the region reaches, above 0 and at most 1 [default: 0.8]
    #[arg(long, value_name = "SHARE", value_parser = share, requires = "by_flows")]
    share: Option<f64>,
}

impl ByFlows {
    /// The kind for a request; unspecified when none was typed.
    pub(crate) fn kind(&self) -> v1::FlowKind {
        self.flows.map(v1::FlowKind::from).unwrap_or_default()
    }

    /// The period of the flows; empty for the latest.
    pub(crate) fn period(&self) -> &str {
        &self.flows_period
    }

    /// The region for a request, around the municipality with this code.
    pub(crate) fn around(&self, region_code: String, scope: Scope) -> v1::RelevantRegion {
        v1::RelevantRegion {
            region_code,
            kind: self.kind().into(),
            period: self.flows_period.clone(),
            share: self.share,
            scope: v1::RelevantRegionScope::from(scope).into(),
        }
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "not a number, such as 0.8".to_owned())?;
    if share > 0.0 && share <= 1.0 {
        Ok(share)
    } else {
        Err("must be above 0 and at most 1, such as 0.8 for 80%".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_above_nothing_and_at_most_everything() {
        assert_eq!(share("0.8"), Ok(0.8));
        assert_eq!(share("1"), Ok(1.0));
        for wrong in ["0", "-0.1", "80", "80%", "NaN", "much"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }
}
