//! What can be typed: commands, options and their help.

mod admin;
mod advice;
mod composites;
mod editions;
mod export;
mod flows;
mod knowledge;
mod masking;
mod questions;
mod regions;
mod similar;
mod simulate;

use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::admin::{
    Admin, Change, DefineGroup, Import as AdminImport, Imports as AdminImports, Publish as AdminPublish,
    Rollback as AdminRollback, State as ImportStates,
};
use self::advice::{EXPLAIN_HELP, RECOMMEND_HELP};
pub(crate) use self::advice::{Explain, ForWhom, Recommend};
use self::composites::{COMPOSITE_HELP, SENSITIVITY_HELP};
pub(crate) use self::composites::{Composite, Sensitivity, Tree};
pub(crate) use self::editions::{Diff, Editions, EditionsQuestion, Show, Shown, Watch};
pub(crate) use self::export::{Export, Format, is_url};
pub(crate) use self::flows::{Flows, Scope, Surroundings};
pub(crate) use self::knowledge::{Bibliography, Coherence, Factors, Findings, Mechanisms};
pub(crate) use self::masking::Masking;
use self::questions::{
    COMPARE_HELP, COVERAGE_HELP, METHOD_HELP, PROFILE_HELP, RANK_HELP, TREND_HELP, UNIVERSES_HELP,
};
pub(crate) use self::questions::{
    Compare, Coverage, Indicators, Method, Profile, Rank, Rows, Trend, Universes,
};
pub(crate) use self::regions::{OneRegion, Regions};
pub(crate) use self::similar::Similar;
pub(crate) use self::simulate::{Outcome, Simulate};
use super::language::Language;

const EXAMPLES: &str = "\
Examples:
  groeikern profile zoetermeer
  groeikern profile GM0637 --against nta_new_towns
  groeikern rank low_theft --around zoetermeer
  groeikern compare nta_new_towns --indicator low_theft
  groeikern trend low_theft --region zoetermeer
  groeikern similar zoetermeer --theme residential_attractiveness
  groeikern simulate zoetermeer --want low_theft:position=50
  groeikern flows zoetermeer --kind migration
  groeikern recommend nieuwegein --lang en
  groeikern explain youth_facilities helmond -o md > memo.md
  groeikern mechanisms --from weak_image --to low_safety
  groeikern indicators -o tsv | cut -f1,2
  groeikern export figures.csv --indicator low_theft

Exit codes:
  0 answered   2 wrong usage   3 unknown name   4 denied   5 unreachable, busy or too slow
  6 no data    7 edition damaged or of another schema   1 anything else
  130 interrupted by Ctrl-C   143 told to end by SIGTERM";

/// How Dutch municipalities do, where they stand, and what could be done: asked of a groeikern server.
#[derive(Debug, Parser)]
#[command(name = "groeikern", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) options: Options,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Arguments {
    /// The arguments of this process; the error is clap's own, help and version included.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        Self::try_parse()
    }
}

/// What holds for every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "For every question")]
pub(crate) struct Options {
    /// Server to ask; host:port will do
    #[arg(
        long,
        global = true,
        env = "GROEIKERN_ENDPOINT",
        value_name = "URL",
        default_value = "http://127.0.0.1:50051"
    )]
    endpoint: String,
    /// Form of the answer [default: table on a terminal, otherwise tsv]
    #[arg(short, long, global = true, value_name = "FORM")]
    pub(crate) output: Option<Output>,
    /// Language of names and messages [default: from the locale, nl without one]
    #[arg(long, global = true, env = "GROEIKERN_LANG")]
    pub(crate) lang: Option<Language>,
    /// Edition to ask [default: the current one]
    #[arg(long, global = true, value_name = "ID|NAME")]
    pub(crate) edition: Option<String>,
    /// Longest time one call may take, such as 2.5 [default: 10; 300 for export, 900 for admin]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) deadline: Option<Duration>,
    /// Colours in tables; auto honours NO_COLOR and shows none in a file or pipe
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
}

impl Options {
    /// The endpoint as a URL: `host:port` becomes `http://host:port`.
    pub(crate) fn endpoint(&self) -> String {
        if self.endpoint.contains("://") {
            self.endpoint.clone()
        } else {
            format!("http://{}", self.endpoint)
        }
    }
}

/// The forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people: at most 100 columns wide, with sources and caveats on stderr
    Table,
    /// For memos: what a table shows as Markdown, with sources and caveats under it
    #[value(name = "md", alias = "markdown")]
    Markdown,
    /// For scripts: a header and one row per line, nothing rounded, empty where there is no figure
    Tsv,
    /// For programs: the whole response as proto3 JSON
    Json,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

/// What can be typed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Question(Question),
    /// Write figures of the whole edition, or a selection, as CSV, NDJSON or JSON-stat
    #[command(after_help = export::HELP)]
    Export(Export),
    /// Change what a server on this machine serves: import tables, publish, go back
    #[command(after_help = admin::HELP)]
    Admin(Admin),
}

/// The questions, whose answer is shown.
#[derive(Debug, Subcommand)]
pub(crate) enum Question {
    /// List the indicators
    #[command(after_help = "Example: groeikern indicators --theme social_cohesion --kind judgement")]
    Indicators(Indicators),
    /// List the municipalities
    #[command(after_help = regions::REGIONS_HELP)]
    Regions(Regions),
    /// Show one municipality: where it lies, and what happened to it
    #[command(after_help = regions::REGION_HELP)]
    Region(OneRegion),
    /// List the groups with their members
    Groups,
    /// List the sets of units that can be ranked against each other, or the units of one
    #[command(after_help = UNIVERSES_HELP)]
    Universes(Universes),
    /// Show how one municipality does on every indicator
    #[command(after_help = PROFILE_HELP)]
    Profile(Profile),
    /// List the municipalities on one indicator, most favourable first
    #[command(after_help = RANK_HELP)]
    Rank(Rank),
    /// Show how one municipality does on one indicator through time
    #[command(after_help = TREND_HELP)]
    Trend(Trend),
    /// List the municipalities by a mean of indicators of your own choice
    #[command(after_help = COMPOSITE_HELP)]
    Composite(Composite),
    /// Show how firm the positions by such a mean are
    #[command(after_help = SENSITIVITY_HELP)]
    Sensitivity(Sensitivity),
    /// Compare where the means of groups would stand
    #[command(after_help = COMPARE_HELP)]
    Compare(Compare),
    /// List the municipalities most like one
    #[command(after_help = similar::HELP)]
    Similar(Similar),
    /// Show where a municipality would stand with other values, and which values an outcome would take
    #[command(after_help = simulate::HELP)]
    Simulate(Simulate),
    /// Show who comes to a municipality and who leaves it, or list which flows there are
    #[command(after_help = flows::FLOWS_HELP)]
    Flows(Flows),
    /// List the municipalities around one that its flows make relevant
    #[command(after_help = flows::SURROUNDINGS_HELP)]
    Surroundings(Surroundings),
    /// List neighbourhoods among the worst of the country that the figure of their district hides
    #[command(after_help = masking::HELP)]
    Masking(Masking),
    /// Show what the report advises, and how far the figures point to it
    #[command(after_help = RECOMMEND_HELP)]
    Recommend(Recommend),
    /// Show why one recommendation came out as it did, in plain words and number by number
    #[command(after_help = EXPLAIN_HELP)]
    Explain(Explain),
    /// List the factors that the report names, or show what leads to one and comes of it
    #[command(after_help = knowledge::FACTORS_HELP)]
    Factors(Factors),
    /// List the mechanisms between factors, or walk them along paths and vicious circles
    #[command(after_help = knowledge::MECHANISMS_HELP)]
    Mechanisms(Mechanisms),
    /// List what the report states of the towns in words
    #[command(after_help = knowledge::FINDINGS_HELP)]
    Findings(Findings),
    /// List the phases of the history that the report tells
    Phases,
    /// Show how the problems of a municipality or group hang together
    #[command(after_help = knowledge::COHERENCE_HELP)]
    Coherence(Coherence),
    /// List the works that the report cites, and what for
    #[command(after_help = knowledge::BIBLIOGRAPHY_HELP)]
    Bibliography(Bibliography),
    /// Show which figures there are of each indicator, and what is missing
    #[command(after_help = COVERAGE_HELP)]
    Coverage(Coverage),
    /// List the editions the server holds, show one, compare two, or wait for new ones
    #[command(after_help = editions::HELP)]
    Editions(Editions),
    /// List the sections of the method, or explain one with its formula and an example
    #[command(after_help = METHOD_HELP)]
    Method(Method),
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(deadline) if !deadline.is_zero() => Ok(deadline),
        _ => Err("must be more than 0, and a time that can pass".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn an_endpoint_needs_no_scheme() {
        let typed = |endpoint| {
            Arguments::try_parse_from(["groeikern", "groups", "--endpoint", endpoint])
                .unwrap()
                .options
                .endpoint()
        };
        assert_eq!(typed("data.example.nl:443"), "http://data.example.nl:443");
        assert_eq!(typed("https://data.example.nl"), "https://data.example.nl");
    }

    #[test]
    fn a_deadline_is_a_positive_number_of_seconds() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        for wrong in ["0", "-1", "soon", "NaN", "inf"] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
