//! Means of indicators of one's own choice: what is typed for them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use groeikern_client::v1;

use super::questions::{Figures, Rows};

pub(super) const COMPOSITE_HELP: &str = "\
Everything named has weight 1 unless another is written behind it. A block or theme stands for its judged indicators. Scores
are weighted means of grades; who lacks more than a third of the weight is not ranked.
FILE holds a tree of any form:
  mean = \"geometric\"            # or arithmetic (the default), harmonic
  [[child]]
  indicator = \"low_theft\"       # or block = ..., theme = ..., or [[child.child]]
  weight = 2
  [[child]]
  label = \"Crime\"
  [[child.child]]
  block = \"safety_crime\"
-o tsv holds municipalities only; -o json the tree and the breakdown as well.
Examples:
  groeikern composite --indicator low_theft=2 --indicator low_vandalism --top 10
  groeikern composite --theme livelihood_security --mean geometric --breakdown zoetermeer
  groeikern composite --file tree.toml --around capelle ad ijssel";

pub(super) const SENSITIVITY_HELP: &str = "\
What is composed is typed as for `composite`. All weights are drawn anew many times; 5%, median and 95% are those of the
positions. The same seed gives the same answer. -o tsv holds municipalities only, -o json the variants as well.
Examples:
  groeikern sensitivity --indicator low_theft=2 --indicator low_vandalism --seed 7
  groeikern sensitivity --file tree.toml --draws 5000 --noise 0.5 --region zoetermeer";

/// The means as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mean {
    /// A high grade makes up for a low one
    Arithmetic,
    /// It does so less, the lower the low one is
    Geometric,
    /// Even less
    Harmonic,
}

impl From<Mean> for v1::CompositeMean {
    fn from(mean: Mean) -> Self {
        match mean {
            Mean::Arithmetic => Self::Arithmetic,
            Mean::Geometric => Self::Geometric,
            Mean::Harmonic => Self::Harmonic,
        }
    }
}

/// A name with a weight behind it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighted {
    pub(crate) name: String,
    pub(crate) weight: Option<f64>,
}

fn weighted(text: &str) -> Result<Weighted, String> {
    let Some((name, weight)) = text.rsplit_once('=') else {
        return Ok(Weighted {
            name: text.to_owned(),
            weight: None,
        });
    };
    let weight = weight
        .trim()
        .parse()
        .map_err(|_| format!("`{weight}` is no weight, write a number such as 2 or 0.5"))?;
    Ok(Weighted {
        name: name.trim().to_owned(),
        weight: Some(weight),
    })
}

/// What a mean is taken of.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Parts {
    /// An indicator, with its weight; may be repeated
    #[arg(long = "indicator", value_name = "ID|NAME[=WEIGHT]", value_parser = weighted)]
    pub(crate) indicators: Vec<Weighted>,
    /// The indicators of a block, with its weight; may be repeated
    #[arg(long = "block", value_name = "ID[=WEIGHT]", value_parser = weighted)]
    pub(crate) blocks: Vec<Weighted>,
    /// The indicators of a theme, with its weight; may be repeated
    #[arg(long = "theme", value_name = "ID|NAME[=WEIGHT]", value_parser = weighted)]
    pub(crate) themes: Vec<Weighted>,
    /// The tree in this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["indicators", "blocks", "themes"])]
    pub(crate) file: Option<PathBuf>,
}

/// The tree of a composite, and how its children become one.
#[derive(Debug, Args)]
pub(crate) struct Tree {
    #[command(flatten)]
    pub(crate) parts: Parts,
    /// Kind of mean [default: arithmetic, or that of the file]
    #[arg(long, value_name = "MEAN")]
    pub(crate) mean: Option<Mean>,
}

/// Arguments of `composite`.
#[derive(Debug, Args)]
pub(crate) struct Composite {
    #[command(flatten)]
    pub(crate) tree: Tree,
    #[command(flatten)]
    pub(crate) rows: Rows,
    /// List only members of this group; positions stay those among all municipalities
    #[arg(long, value_name = "GROUP")]
    pub(crate) within: Option<String>,
    /// Show this municipality at every node of the tree; may be repeated, quote a name of several words
    #[arg(long = "breakdown", value_name = "REGION")]
    pub(crate) breakdowns: Vec<String>,
    #[command(flatten)]
    pub(crate) figures: Figures,
}

/// Arguments of `sensitivity`.
#[derive(Debug, Args)]
pub(crate) struct Sensitivity {
    #[command(flatten)]
    pub(crate) tree: Tree,
    /// What the draws begin from
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// How often weights are drawn
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) draws: u16,
    /// How far they are drawn apart, as a share of each weight [default: 0.25]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(crate) noise: Option<f64>,
    /// Only this municipality; may be repeated, quote a name of several words
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
    /// Only members of this group; positions stay those among all municipalities
    #[arg(long, value_name = "GROUP", conflicts_with = "regions")]
    pub(crate) within: Option<String>,
    #[command(flatten)]
    pub(crate) figures: Figures,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_stands_behind_the_last_sign() {
        let read = |text| weighted(text).map(|found| (found.name, found.weight));
        assert_eq!(read("low_theft"), Ok(("low_theft".to_owned(), None)));
        assert_eq!(
            read("Weinig diefstal = 0.5"),
            Ok(("Weinig diefstal".to_owned(), Some(0.5)))
        );
        assert!(read("low_theft=").is_err());
        assert!(read("low_theft=much").is_err());
    }
}
