//! Arguments of `editions`.

use clap::{Args, Subcommand, ValueEnum};

pub(crate) const HELP: &str = "\
Examples:
  groeikern editions
  groeikern editions show
  groeikern editions diff 2f0c8e51b7d4a963
  groeikern editions diff 2f0c8e51b7d4a963 national-2024 --region almere
  groeikern editions watch --region almere --indicator low_theft";

const DIFF_HELP: &str = "\
Examples:
  groeikern editions diff 2f0c8e51b7d4a963
  groeikern editions diff 2f0c8e51b7d4a963 national-2024 --region almere --indicator low_theft
  groeikern editions diff new-towns-2024 --show contents

A move above 0 is down the list. Its parts add up to it: what its own value moves a municipality among the others as they were,
then what the values of the others move it, then who came and went. Where figures cannot be compared the whole move has one cause.";

const WATCH_HELP: &str = "\
Examples:
  groeikern editions watch --region almere --indicator low_theft
  groeikern editions watch --after 12 --once

Changes of verdict within the range in which the earlier position was uncertain are counted and not listed: rounding of the
values, or for composites other weights (5% to 95%).";

/// Arguments of `editions`.
#[derive(Debug, Args)]
pub(crate) struct Editions {
    #[command(subcommand)]
    pub(crate) asked: Option<EditionsQuestion>,
}

/// What can be asked of editions beside which there are.
#[derive(Debug, Subcommand)]
pub(crate) enum EditionsQuestion {
    /// Show one edition: its sources, imports and counts
    Show(Show),
    /// Show what changed from one edition to another, and why municipalities moved
    #[command(after_help = DIFF_HELP)]
    Diff(Diff),
    /// Wait for new editions, and show which verdicts they change
    #[command(after_help = WATCH_HELP)]
    Watch(Watch),
}

/// Arguments of `editions show`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Edition by id or name [default: the current one, or that of --edition]
    #[arg(value_name = "EDITION")]
    pub(crate) id: Option<String>,
}

/// Arguments of `editions diff`.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// Edition to compare with, by id or name
    #[arg(value_name = "BASE")]
    pub(crate) base: String,
    /// Edition whose changes to show [default: the current one, or that of --edition]
    #[arg(value_name = "EDITION")]
    pub(crate) with: Option<String>,
    /// Only this indicator; may be repeated
    #[arg(long = "indicator", value_name = "ID|NAME")]
    pub(crate) indicators: Vec<String>,
    /// Only this municipality; may be repeated
    #[arg(long = "region", value_name = "CODE|NAME")]
    pub(crate) regions: Vec<String>,
    /// What to list
    #[arg(long, value_name = "WHAT", default_value = "moves")]
    pub(crate) show: Shown,
}

/// Which changes are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shown {
    /// Municipalities that stand elsewhere, and why
    Moves,
    /// Single figures that differ
    Values,
    /// Indicators, municipalities, imports, whole columns of figures, and grade scales
    Contents,
}

/// Arguments of `editions watch`.
#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Only verdicts on this indicator; may be repeated
    #[arg(long = "indicator", value_name = "ID|NAME")]
    pub(crate) indicators: Vec<String>,
    /// Only verdicts of this municipality; may be repeated
    #[arg(long = "region", value_name = "CODE|NAME")]
    pub(crate) regions: Vec<String>,
    /// Begin with what changed since the edition of this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    pub(crate) after: u64,
    /// End after the first new edition
    #[arg(long)]
    pub(crate) once: bool,
}
