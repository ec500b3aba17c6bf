//! What `masking` takes.

use clap::Args;

pub(super) const HELP: &str = "\
INDICATOR is an id or a name in either language, of a judged indicator with figures of neighbourhoods. A neighbourhood is a
problem when it is among the worst tenth of the country (--worst-share) by the people who live there, and large enough
(--minimum-weight); that is always decided over the whole country. A district is masked when its own figure is better than
that and less than half of its people live in such neighbourhoods; strictly when it is even as good as the country.
Rows are the problem neighbourhoods, with the figure of their district beside them; --hidden leaves only those in masked
districts, --all lists every neighbourhood. -o json is one DetectMaskingResponse with all messages of the stream together.
Examples:
  groeikern masking low_loneliness --region almere
  groeikern masking low_loneliness --hidden -o tsv";

/// Arguments of `masking`.
#[derive(Debug, Args)]
pub(crate) struct Masking {
    /// Indicator; words need no quotes
    #[arg(required = true, value_name = "INDICATOR")]
    pub(crate) indicator: Vec<String>,
    /// Only the districts of this municipality
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Figures of this period [default: the latest]
    #[arg(long, value_name = "PERIOD", default_value = "", hide_default_value = true)]
    pub(crate) period: String,
    /// Weigh neighbourhoods by this indicator [default: inhabitants]
    #[arg(long, value_name = "ID|NAME", conflicts_with = "equal_weights")]
    pub(crate) weight: Option<String>,
    /// Weigh all neighbourhoods the same
    #[arg(long)]
    pub(crate) equal_weights: bool,
    /// Least weight of a problem neighbourhood [default: 500; 0 with --equal-weights]
    #[arg(long, value_name = "WEIGHT", alias = "min-weight")]
    pub(crate) minimum_weight: Option<f64>,
    /// Part of all weight that is the worst [default: 0.1]
    #[arg(long, value_name = "SHARE")]
    pub(crate) worst_share: Option<f64>,
    /// Only problem neighbourhoods in masked districts
    #[arg(long, conflicts_with = "all")]
    pub(crate) hidden: bool,
    /// Every neighbourhood
    #[arg(long)]
    pub(crate) all: bool,
}
