//! What `regions` and `region` take.

use clap::Args;

pub(super) const REGIONS_HELP: &str = "\
--borders lists the municipalities of 1 January of a year, or of a day, whether or not they exist now; the edition must know when
municipalities existed, from an imported table of them.
Examples:
  groeikern regions --group old_towns
  groeikern regions --province flevoland
  groeikern regions --borders 2018 --corop zaanstreek";

pub(super) const REGION_HELP: &str = "\
REGION is a code or a name, also a former one: it is followed to what most of its inhabitants came to. --at asks who that was on
1 January of a year, or on a day. -o tsv gives one row per event.
Examples:
  groeikern region purmerend
  groeikern region GM0370
  groeikern region spijkenisse --at 2014";

/// Arguments of `regions`.
#[derive(Debug, Args)]
pub(crate) struct Regions {
    /// Only members of this group
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) group: Option<String>,
    /// Only municipalities of this province
    #[arg(long, value_name = "CODE|NAME")]
    pub(crate) province: Option<String>,
    /// Only municipalities of this COROP area
    #[arg(long, value_name = "CODE|NAME")]
    pub(crate) corop: Option<String>,
    /// Those that existed on 1 January of this year, or on this day
    #[arg(long, value_name = "YEAR|DAY", conflicts_with = "all")]
    pub(crate) borders: Option<String>,
    /// Also municipalities that no longer exist
    #[arg(long)]
    pub(crate) all: bool,
}

/// Arguments of `region`.
#[derive(Debug, Args)]
pub(crate) struct OneRegion {
    /// Municipality, present or former; words need no quotes
    #[arg(required = true, value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// As it was on 1 January of this year, or on this day
    #[arg(long, value_name = "YEAR|DAY", default_value = "", hide_default_value = true)]
    pub(crate) at: String,
}
