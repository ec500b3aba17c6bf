//! What each question takes, and the help that stands under its options.

use clap::{Args, ValueEnum};
use groeikern_client::v1;

use super::flows::{ByFlows, Scope};

pub(super) const PROFILE_HELP: &str = "\
REGION is a code (GM0794, 0794) or a name, also an alias, a former name or one with a typing error.
Indicators without figures are counted below the table; -o tsv and -o json list them.
What other figures say of the same indicator stands under it, and in -o tsv in the column `others`.
With --against or --surroundings every figure is compared with the group's or region's on the same basis and period, or not at all. A judged
indicator is ahead or behind, a neutral one only higher or lower. -o json then holds two responses: `profile`
(GetProfileResponse) and `comparison` (CompareGroupsResponse).
Examples:
  groeikern profile capelle aan den ijssel --theme liveability_safety
  groeikern profile zoetermeer --against nta_new_towns
  groeikern profile zoetermeer --surroundings net";

pub(super) const RANK_HELP: &str = "\
INDICATOR is an id or a name in either language. Municipalities that share a position are marked with = before it.
--top, --bottom and --around choose rows of one list, of all municipalities or with --within of one group. They are the
rows of -o json as well, which stays a whole RankRegionsResponse. Positions are always those among all municipalities.
Published means of groups stand below the table and in -o json; -o tsv holds municipalities only.
With --borders figures are put on the borders of another year, by the inhabitants that moved: + marks values of whole
municipalities, ~ estimates from parts. Medians and positions cannot be.
Examples:
  groeikern rank low_theft --top 10
  groeikern rank low_theft --bottom 3 --within nta_new_towns
  groeikern rank low_theft --around capelle ad ijssel --neighbours 3";

pub(super) const TREND_HELP: &str = "\
One basis holds for all periods. A period without a figure is listed with the reason; positions are those among the
municipalities of that period, on the borders of that period, or with --borders all on those of one year. Of a group its
mean is followed.
Below the table stand change, slope and test of the values, and where the series breaks; -o json has them too, -o tsv only
the breaks, a row per period.
Examples:
  groeikern trend low_theft --region capelle ad ijssel
  groeikern trend low_theft --group nta_new_towns --from 2015";

pub(super) const COMPARE_HELP: &str = "\
A group is an id or a name. --list compares municipalities of your own choice as a group is: a label, and municipalities as
in `profile`, with commas between them.
The mean of the members' values stands beside that weighted by inhabitants, where the edition has inhabitants of the same
period, and beside its distance to the national mean: the mean of all municipalities on the list. -o tsv has all of them.
Examples:
  groeikern compare nta_new_towns --indicator low_theft
  groeikern compare old_towns --list \"Polder=almere,lelystad\"
  groeikern compare --gross almere --net almere";

pub(super) const COVERAGE_HELP: &str = "\
One row per indicator, basis and period. Indicators without figures are counted below the table; -o tsv and -o json list
them.
Examples:
  groeikern coverage --theme liveability_safety
  groeikern coverage --indicator low_theft --region zoetermeer";

pub(super) const METHOD_HELP: &str = "\
SECTION is an id or a title in either language. Formulas have a decimal comma in Dutch.
-o tsv gives one row per section with its texts; examples and their numbers for a program are in -o json.
Examples:
  groeikern method
  groeikern method place_share --lang en";

pub(super) const UNIVERSES_HELP: &str = "\
With an ID the units of that universe are listed; a unit may combine several municipalities, which then hold one place.
`rank`, `profile` and other questions rank among these units with --universe ID.
Examples:
  groeikern universes
  groeikern universes municipalities_2020 --year 2020";

/// Indicator kinds as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Judgement,
    Composite,
    Neutral,
}

impl From<Kind> for v1::IndicatorKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Judgement => Self::Judgement,
            Kind::Composite => Self::Composite,
            Kind::Neutral => Self::Neutral,
        }
    }
}

/// The bases as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FiguresOf {
    /// Positions computed from values of the indicator itself
    Computed,
    /// Positions computed from values of a closely related indicator
    Proxy,
    /// Positions that a report printed
    Published,
}

impl From<FiguresOf> for v1::Basis {
    fn from(basis: FiguresOf) -> Self {
        match basis {
            FiguresOf::Computed => Self::Computed,
            FiguresOf::Proxy => Self::Proxy,
            FiguresOf::Published => Self::Published,
        }
    }
}

/// On which basis a question is asked.
#[derive(Debug, Default, Args)]
pub(crate) struct OnBasis {
    /// Figures of this basis only [default: computed, else proxy, else published]
    #[arg(long, value_name = "BASIS")]
    basis: Option<FiguresOf>,
}

impl OnBasis {
    /// The basis for a request; unspecified when none was typed.
    pub(crate) fn basis(&self) -> v1::Basis {
        self.basis.map(v1::Basis::from).unwrap_or_default()
    }
}

/// On which basis and of which period a question is asked.
#[derive(Debug, Default, Args)]
pub(crate) struct OfPeriod {
    #[command(flatten)]
    on: OnBasis,
    /// Figures of this period only, such as 2020 [default: the latest]
    #[arg(long, value_name = "YEAR")]
    period: Option<String>,
}

impl OfPeriod {
    /// The basis for a request; unspecified when none was typed.
    pub(crate) fn basis(&self) -> v1::Basis {
        self.on.basis()
    }

    /// The period for a request; empty when none was typed.
    pub(crate) fn period(&self) -> String {
        self.period.clone().unwrap_or_default()
    }
}

/// Which figures a question is about.
#[derive(Debug, Default, Args)]
pub(crate) struct Figures {
    #[command(flatten)]
    of: OfPeriod,
    /// Rank among the units of this universe, see `universes` [default: the municipalities of the year]
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub(crate) universe: String,
}

impl Figures {
    /// The basis for a request; unspecified when none was typed.
    pub(crate) fn basis(&self) -> v1::Basis {
        self.of.basis()
    }

    /// The period for a request; empty when none was typed.
    pub(crate) fn period(&self) -> String {
        self.of.period()
    }
}

/// Arguments of `indicators`.
#[derive(Debug, Args)]
pub(crate) struct Indicators {
    /// Only indicators of this theme
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) theme: Option<String>,
    /// Only indicators of this kind
    #[arg(long)]
    pub(crate) kind: Option<Kind>,
}

/// Arguments of `universes`.
#[derive(Debug, Args)]
pub(crate) struct Universes {
    /// List the units of this one
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
    /// Units of this year [default: the latest]
    #[arg(
        long,
        value_name = "YEAR",
        default_value = "",
        hide_default_value = true,
        requires = "id"
    )]
    pub(crate) year: String,
}

/// Arguments of `profile`.
#[derive(Debug, Args)]
pub(crate) struct Profile {
    /// Municipality; words need no quotes
    #[arg(required = true, value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// Only indicators of this theme; may be repeated
    #[arg(long = "theme", value_name = "ID|NAME")]
    pub(crate) themes: Vec<String>,
    /// Set the mean of this group beside every figure
    #[arg(long, value_name = "GROUP")]
    pub(crate) against: Option<String>,
    /// Set the mean of the relevant region of the municipality beside every figure, see `surroundings`
    #[arg(long, value_name = "SCOPE", conflicts_with = "against", group = "by_flows")]
    pub(crate) surroundings: Option<Scope>,
    #[command(flatten)]
    pub(crate) by_flows: ByFlows,
    #[command(flatten)]
    pub(crate) figures: Figures,
}

/// Arguments of `rank`.
#[derive(Debug, Args)]
pub(crate) struct Rank {
    /// Indicator; words need no quotes
    #[arg(required = true, value_name = "INDICATOR")]
    pub(crate) indicator: Vec<String>,
    #[command(flatten)]
    pub(crate) rows: Rows,
    /// List only members of this group; positions stay those among all municipalities
    #[arg(long, value_name = "GROUP", alias = "group")]
    pub(crate) within: Option<String>,
    #[command(flatten)]
    pub(crate) figures: Figures,
    /// Put the figures on the borders of 1 January of this year [default: as published]
    #[arg(
        long,
        value_name = "YEAR",
        default_value = "",
        hide_default_value = true,
        conflicts_with = "universe"
    )]
    pub(crate) borders: String,
}

/// Which rows of a ranking to list; all when nothing is typed.
#[derive(Debug, Default, Args)]
pub(crate) struct Rows {
    /// List only the first N
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) top: Option<u16>,
    /// List only the last N, still in order
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), conflicts_with = "top")]
    pub(crate) bottom: Option<u16>,
    /// List only this municipality, marked, and its neighbours; after the indicator, words need no quotes
    #[arg(long, value_name = "REGION", num_args = 1.., conflicts_with_all = ["top", "bottom"])]
    pub(crate) around: Option<Vec<String>>,
    /// Neighbours on each side
    #[arg(long, value_name = "N", default_value_t = 5, requires = "around")]
    pub(crate) neighbours: u16,
}

/// Arguments of `trend`.
#[derive(Debug, Args)]
pub(crate) struct Trend {
    /// Indicator; words need no quotes
    #[arg(required = true, value_name = "INDICATOR")]
    pub(crate) indicator: Vec<String>,
    /// Municipality; after the indicator, words need no quotes
    #[arg(long, required_unless_present = "group", value_name = "REGION", num_args = 1..)]
    pub(crate) region: Vec<String>,
    /// Group whose mean to follow, instead of a municipality; words need no quotes
    #[arg(long, value_name = "GROUP", num_args = 1.., conflicts_with = "region")]
    pub(crate) group: Vec<String>,
    /// First period to show, such as 2015 [default: the earliest]
    #[arg(long, value_name = "YEAR", default_value = "", hide_default_value = true)]
    pub(crate) from: String,
    /// Last period to show [default: the latest]
    #[arg(long, value_name = "YEAR", default_value = "", hide_default_value = true)]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) figures: OnBasis,
    /// Rank among the units of this universe, see `universes` [default: the municipalities of each year]
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub(crate) universe: String,
    /// Put the figures of all periods on the borders of 1 January of this year [default: as published]
    #[arg(
        long,
        value_name = "YEAR",
        default_value = "",
        hide_default_value = true,
        conflicts_with = "universe"
    )]
    pub(crate) borders: String,
}

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("by_flows").args(["gross", "net"]).multiple(true)))]
pub(crate) struct Compare {
    /// Groups; quote a name of several words
    #[arg(required_unless_present_any = ["lists", "gross", "net"], value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// Municipalities to compare as a group, under a label; may be repeated
    #[arg(long = "list", value_name = "LABEL=REGION,...", value_parser = chosen_list)]
    pub(crate) lists: Vec<ChosenList>,
    /// Gross relevant region of this municipality, see `surroundings`; may be repeated
    #[arg(long, value_name = "REGION")]
    pub(crate) gross: Vec<String>,
    /// The same without the dominant municipality; may be repeated
    #[arg(long, value_name = "REGION")]
    pub(crate) net: Vec<String>,
    #[command(flatten)]
    pub(crate) by_flows: ByFlows,
    /// Only this indicator; may be repeated
    #[arg(long = "indicator", value_name = "ID|NAME")]
    pub(crate) indicators: Vec<String>,
    #[command(flatten)]
    pub(crate) figures: Figures,
}

/// Municipalities of one's own choice, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChosenList {
    pub(crate) label: String,
    pub(crate) regions: Vec<String>,
}

fn chosen_list(text: &str) -> Result<ChosenList, String> {
    let (label, regions) = text.split_once('=').unwrap_or_default();
    let regions: Vec<String> = regions
        .split(',')
        .map(|region| region.trim().to_owned())
        .collect();
    if label.trim().is_empty() || regions.iter().any(String::is_empty) {
        return Err("write a label and municipalities, such as \"Polder=almere,lelystad\"".to_owned());
    }
    Ok(ChosenList {
        label: label.trim().to_owned(),
        regions,
    })
}

/// Arguments of `method`.
#[derive(Debug, Args)]
pub(crate) struct Method {
    /// Section to explain; words need no quotes [default: a list of all]
    #[arg(value_name = "SECTION")]
    pub(crate) section: Vec<String>,
}

/// Arguments of `coverage`.
#[derive(Debug, Args)]
pub(crate) struct Coverage {
    /// Only this indicator; may be repeated
    #[arg(long = "indicator", value_name = "ID|NAME")]
    pub(crate) indicators: Vec<String>,
    /// Only indicators of this theme; may be repeated
    #[arg(long = "theme", value_name = "ID|NAME")]
    pub(crate) themes: Vec<String>,
    /// Say of this municipality whether it has each figure; words need no quotes
    #[arg(long, value_name = "REGION", num_args = 1..)]
    pub(crate) region: Option<Vec<String>>,
    /// Only figures of this basis
    #[arg(long)]
    basis: Option<FiguresOf>,
    /// Only figures of this period, such as 2020
    #[arg(long, value_name = "YEAR", default_value = "", hide_default_value = true)]
    pub(crate) period: String,
}

impl Coverage {
    /// The basis for a request; unspecified when none was typed.
    pub(crate) fn basis(&self) -> v1::Basis {
        self.basis.map(v1::Basis::from).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_a_label_and_municipalities() {
        let expected = ChosenList {
            label: "Polder".to_owned(),
            regions: vec!["almere".to_owned(), "capelle ad ijssel".to_owned()],
        };
        assert_eq!(chosen_list("Polder = almere, capelle ad ijssel"), Ok(expected));
        for wrong in [
            "",
            "almere",
            "=almere",
            "Polder=",
            "Polder=almere,,lelystad",
            " = ",
        ] {
            assert!(chosen_list(wrong).is_err(), "{wrong}");
        }
    }
}
