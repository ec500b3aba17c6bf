//! What questions about mechanisms, findings and cited works take.

use clap::{Args, ValueEnum};
use groeikern_client::v1;

use super::{advice::ForWhom, questions::OnBasis};

pub(super) const FACTORS_HELP: &str = "\
With a FACTOR, an id or a name in either language: what leads to it and what it leads to, and the findings on it.
Examples:
  groeikern factors --theme social_cohesion
  groeikern factors weak_image";

pub(super) const MECHANISMS_HELP: &str = "\
Without options every mechanism is listed; --factor, --section, --basis and --certainty choose among them. --from and --to walk
them: with both the paths from one factor to the other, with one of them all that it leads to or that leads to it. --circles
lists vicious circles, all or those through --from. A factor is an id or a name in either language.
-o tsv gives one row per mechanism, of paths one per step.
Examples:
  groeikern mechanisms --factor selective_migration --side cause
  groeikern mechanisms --from rapid_uniform_construction --to low_safety --longest 5
  groeikern mechanisms --circles --certainty stated";

pub(super) const FINDINGS_HELP: &str = "\
With --region only findings that name the municipality; --groups adds those about a group that it is a member of, which need
not hold for it.
Examples:
  groeikern findings --theme livelihood_security
  groeikern findings --region almere --groups";

pub(super) const BIBLIOGRAPHY_HELP: &str = "\
Under every work stands what the report cites it for. A chapter stands for all its sections: --section 5.
Examples:
  groeikern bibliography --section 5.2
  groeikern bibliography --factor poverty_and_debt";

pub(super) const COHERENCE_HELP: &str = "\
REGION|GROUP is a group's id, or else a municipality as in `profile`, or else a group's name. Several --region are taken
together, by the means of their values.
-o tsv gives one row per pair of unfavourable themes; paths, factors and shared evidence are in the table and in -o json.
Examples:
  groeikern coherence zoetermeer
  groeikern coherence nta_new_towns --longest 3";

/// What statements rest on, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RestsOn {
    /// The quantitative analysis
    Quantitative,
    /// Literature
    Literature,
    /// Interviews
    Interviews,
    /// The authors' own conclusion
    Authors,
    /// The report does not say
    NotGiven,
}

impl From<RestsOn> for v1::StatementBasis {
    fn from(basis: RestsOn) -> Self {
        match basis {
            RestsOn::Quantitative => Self::Quantitative,
            RestsOn::Literature => Self::Literature,
            RestsOn::Interviews => Self::Interviews,
            RestsOn::Authors => Self::Authors,
            RestsOn::NotGiven => Self::NotGiven,
        }
    }
}

/// How certain mechanisms are, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Certainty {
    /// The report states it
    Stated,
    /// The report presumes it
    Presumed,
    /// The report names it as a risk
    Risk,
}

impl From<Certainty> for v1::MechanismCertainty {
    fn from(certainty: Certainty) -> Self {
        match certainty {
            Certainty::Stated => Self::Stated,
            Certainty::Presumed => Self::Presumed,
            Certainty::Risk => Self::Risk,
        }
    }
}

/// On which side of a mechanism a factor stands, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Side {
    /// It is the cause
    Cause,
    /// It is the effect
    Effect,
}

impl From<Side> for v1::FactorSide {
    fn from(side: Side) -> Self {
        match side {
            Side::Cause => Self::Cause,
            Side::Effect => Self::Effect,
        }
    }
}

/// What statements have to rest on.
#[derive(Debug, Default, Args)]
pub(crate) struct OfBasis {
    /// Only what rests on this; several with commas between them, of which one will do
    #[arg(long = "basis", value_name = "BASIS", value_delimiter = ',')]
    basis: Vec<RestsOn>,
}

impl OfBasis {
    /// The bases for a request; none for all.
    pub(crate) fn basis(&self) -> Vec<i32> {
        let bases = self.basis.iter().copied();
        bases
            .map(|basis| v1::StatementBasis::from(basis).into())
            .collect()
    }
}

/// Arguments of `factors`.
#[derive(Debug, Args)]
pub(crate) struct Factors {
    /// Factor to show; words need no quotes [default: a list of all]
    #[arg(value_name = "FACTOR")]
    pub(crate) factor: Vec<String>,
    /// Only factors of this theme
    #[arg(long, value_name = "ID|NAME", conflicts_with = "factor")]
    pub(crate) theme: Option<String>,
}

/// Arguments of `mechanisms`.
#[derive(Debug, Args)]
pub(crate) struct Mechanisms {
    /// Only mechanisms of this factor; words need no quotes
    #[arg(long, value_name = "FACTOR", num_args = 1.., conflicts_with_all = ["from", "to", "circles"])]
    pub(crate) factor: Vec<String>,
    /// Only those in which the factor is on this side
    #[arg(long, requires = "factor")]
    side: Option<Side>,
    /// Only those that this section or chapter of the report states, such as 5.2
    #[arg(
        long,
        value_name = "SECTION",
        default_value = "",
        hide_default_value = true,
        conflicts_with_all = ["from", "to", "circles"]
    )]
    pub(crate) section: String,
    /// Walk from this factor; words need no quotes
    #[arg(long, value_name = "FACTOR", num_args = 1..)]
    pub(crate) from: Vec<String>,
    /// Walk to this factor; words need no quotes
    #[arg(long, value_name = "FACTOR", num_args = 1..)]
    pub(crate) to: Vec<String>,
    /// Only vicious circles
    #[arg(long)]
    pub(crate) circles: bool,
    /// Steps of the longest path [default: 4, of circles 8]
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u8).range(1..=8),
        conflicts_with_all = ["factor", "section"]
    )]
    longest: Option<u8>,
    #[command(flatten)]
    pub(crate) of: OfBasis,
    /// Only those of this certainty; several with commas between them
    #[arg(long, value_name = "CERTAINTY", value_delimiter = ',')]
    certainty: Vec<Certainty>,
}

impl Mechanisms {
    /// Whether paths are asked for, and not a list.
    pub(crate) fn walks(&self) -> bool {
        self.circles || !self.from.is_empty() || !self.to.is_empty()
    }

    /// The side for a request; unspecified when none was typed.
    pub(crate) fn side(&self) -> v1::FactorSide {
        self.side.map(v1::FactorSide::from).unwrap_or_default()
    }

    /// The certainties for a request; none for all.
    pub(crate) fn certainty(&self) -> Vec<i32> {
        let certainties = self.certainty.iter().copied();
        certainties
            .map(|certainty| v1::MechanismCertainty::from(certainty).into())
            .collect()
    }

    /// The length for a request; 0 when none was typed.
    pub(crate) fn longest(&self) -> i32 {
        self.longest.unwrap_or_default().into()
    }
}

/// Arguments of `findings`.
#[derive(Debug, Args)]
pub(crate) struct Findings {
    /// Only findings of this theme
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) theme: Option<String>,
    /// Only findings that name this municipality; words need no quotes
    #[arg(long, value_name = "REGION", num_args = 1..)]
    pub(crate) region: Vec<String>,
    /// Also findings about a group that the municipality is a member of
    #[arg(long, requires = "region")]
    pub(crate) groups: bool,
    /// Only findings on this factor; words need no quotes
    #[arg(long, value_name = "FACTOR", num_args = 1..)]
    pub(crate) factor: Vec<String>,
    #[command(flatten)]
    pub(crate) of: OfBasis,
}

/// Arguments of `bibliography`.
#[derive(Debug, Args)]
pub(crate) struct Bibliography {
    /// Only works that this section or chapter of the report cites, such as 5.2
    #[arg(long, value_name = "SECTION", default_value = "", hide_default_value = true)]
    pub(crate) section: String,
    /// Only works cited for a mechanism of this factor or a finding on it; words need no quotes
    #[arg(long, value_name = "FACTOR", num_args = 1..)]
    pub(crate) factor: Vec<String>,
    /// Only works cited for this finding, by its id
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub(crate) finding: String,
}

/// Arguments of `coherence`.
#[derive(Debug, Args)]
pub(crate) struct Coherence {
    #[command(flatten)]
    pub(crate) for_whom: ForWhom,
    /// Steps of the longest path between two themes
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=6))]
    pub(crate) longest: u8,
    #[command(flatten)]
    pub(crate) figures: OnBasis,
}
