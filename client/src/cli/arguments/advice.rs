//! What `recommend` and `explain` take.

use clap::{Args, ValueEnum};
use groeikern_client::v1;

use super::{
    flows::{ByFlows, Scope},
    questions::OnBasis,
};

pub(super) const RECOMMEND_HELP: &str = "\
REGION|GROUP is a group's id, or else a municipality as in `profile`, or else a group's name. Several --region are advised
together, by the means of their values.
Recommendations on which there are too few figures are always shown, whatever --minimum asks.
-o tsv gives one row per recommendation; evidence, mechanisms and triggers are in the table and in -o json.
Examples:
  groeikern recommend zoetermeer
  groeikern recommend helmond --addressee government --minimum moderate
  groeikern recommend almere --around lelystad --around zeewolde
  groeikern recommend almere --surroundings gross
  groeikern recommend --region almere --region lelystad -o md > memo.md";

pub(super) const EXPLAIN_HELP: &str = "\
RECOMMENDATION is an id, or the number of the report such as 8.2.6; `recommend` shows them. REGION|GROUP as in `recommend`.
First the outcome in plain words, then every number it follows from: what each is worth, how much it weighs, and what the
need would be without it. -o tsv has a row per number, down to single figures with their source; -o json is the whole tree.
Examples:
  groeikern explain youth_facilities helmond
  groeikern explain 8.2.6 nissewaard --without mean_school_advice -o md > memo.md";

/// Whom advice is for.
#[derive(Debug, Args)]
pub(crate) struct ForWhom {
    /// Municipality or group; words need no quotes
    #[arg(required_unless_present = "regions", value_name = "REGION|GROUP")]
    pub(crate) subject: Vec<String>,
    /// Municipality to advise together with others, repeated for each; quote a name of several words
    #[arg(long = "region", value_name = "REGION", conflicts_with = "subject")]
    pub(crate) regions: Vec<String>,
}

/// Arguments of `recommend`.
#[derive(Debug, Args)]
pub(crate) struct Recommend {
    #[command(flatten)]
    pub(crate) for_whom: ForWhom,
    /// Only recommendations for municipalities, or for the national government
    #[arg(long)]
    addressee: Option<Addressee>,
    /// Only recommendations of this theme
    #[arg(long, value_name = "ID|NAME")]
    pub(crate) theme: Option<String>,
    /// Only recommendations of this class or a stronger one
    #[arg(long, value_name = "CLASS")]
    minimum: Option<Class>,
    /// Measure the need within this group as well [default: the first group of the municipality]
    #[arg(long, value_name = "GROUP")]
    pub(crate) against: Option<String>,
    /// Measure the need among this municipality as well, repeated for each; quote a name of several words
    #[arg(long = "around", value_name = "REGION")]
    pub(crate) around: Vec<String>,
    /// Measure the need within the relevant region of the municipality as well, see `surroundings`
    #[arg(long, value_name = "SCOPE", conflicts_with = "around", group = "by_flows")]
    pub(crate) surroundings: Option<Scope>,
    #[command(flatten)]
    pub(crate) by_flows: ByFlows,
    #[command(flatten)]
    pub(crate) figures: OnBasis,
}

impl Recommend {
    /// The addressee for a request; unspecified for both.
    pub(crate) fn addressee(&self) -> v1::Addressee {
        match self.addressee {
            None => v1::Addressee::Unspecified,
            Some(Addressee::Municipality) => v1::Addressee::Municipality,
            Some(Addressee::Government) => v1::Addressee::NationalGovernment,
        }
    }

    /// The least class for a request; unspecified for all.
    pub(crate) fn minimum(&self) -> v1::RecommendationClass {
        match self.minimum {
            None => v1::RecommendationClass::Unspecified,
            Some(Class::Weak) => v1::RecommendationClass::Weak,
            Some(Class::Moderate) => v1::RecommendationClass::Moderate,
            Some(Class::Strong) => v1::RecommendationClass::Strong,
        }
    }
}

/// Whom recommendations address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Addressee {
    Municipality,
    Government,
}

/// Classes that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Class {
    Weak,
    Moderate,
    Strong,
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Recommendation, by id or number
    pub(crate) recommendation: String,
    #[command(flatten)]
    pub(crate) for_whom: ForWhom,
    /// Measure the need within this group as well [default: the first group of the municipality]
    #[arg(long, value_name = "GROUP")]
    pub(crate) against: Option<String>,
    /// Leave out the figure of this indicator, to see what rests on it; may be repeated
    #[arg(long = "without", value_name = "ID|NAME")]
    pub(crate) without: Vec<String>,
    #[command(flatten)]
    pub(crate) figures: OnBasis,
}
