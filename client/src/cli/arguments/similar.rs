//! What `similar` takes.

use std::str::FromStr;

use clap::Args;

use super::questions::OfPeriod;

pub(super) const HELP: &str = "\
REGION is a municipality as in `profile`. Without --indicator and --theme every indicator with values counts; of a theme,
or of all, parts do not count beside their total, and origin categories not at all. A weight follows an indicator: =2
makes it count twice, =0 leaves it out.
-o tsv gives one row per municipality; values and contributions of every indicator are in -o json.
Examples:
  groeikern similar zoetermeer
  groeikern similar zoetermeer --theme residential_attractiveness --indicator low_theft=2 --limit 5
  groeikern similar capelle aan den ijssel --within nta_new_towns";

/// Arguments of `similar`.
#[derive(Debug, Args)]
pub(crate) struct Similar {
    /// Municipality; words need no quotes
    #[arg(required = true, value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// Compare by this indicator, with a weight other than 1 after =; may be repeated
    #[arg(long = "indicator", value_name = "ID|NAME[=WEIGHT]")]
    pub(crate) indicators: Vec<Weighted>,
    /// Compare by every indicator of this theme; may be repeated
    #[arg(long = "theme", value_name = "ID|NAME")]
    pub(crate) themes: Vec<String>,
    /// List the N nearest
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) limit: u8,
    /// List only members of this group; positions stay those among all municipalities
    #[arg(long, value_name = "GROUP", alias = "group")]
    pub(crate) within: Option<String>,
    #[command(flatten)]
    pub(crate) figures: OfPeriod,
}

/// An indicator as typed, with its weight.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weighted {
    pub(crate) indicator: String,
    /// `None` for 1.
    pub(crate) weight: Option<f64>,
}

impl FromStr for Weighted {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let Some((indicator, weight)) = typed.rsplit_once('=') else {
            return Ok(Self {
                indicator: typed.to_owned(),
                weight: None,
            });
        };
        match weight.parse::<f64>() {
            Ok(weight) if weight.is_finite() && weight >= 0.0 => Ok(Self {
                indicator: indicator.to_owned(),
                weight: Some(weight),
            }),
            _ => Err(format!(
                "\"{weight}\" is no weight: write a number of at least 0, such as 2 or 0.5"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_follows_its_indicator() {
        let weighted = |typed: &str| typed.parse::<Weighted>().map(|of| (of.indicator, of.weight));
        assert_eq!(weighted("low_theft=0.5"), Ok(("low_theft".to_owned(), Some(0.5))));
        assert_eq!(
            weighted("weinig diefstal"),
            Ok(("weinig diefstal".to_owned(), None))
        );
        for wrong in [
            "low_theft=",
            "low_theft=-1",
            "low_theft=nan",
            "low_theft=inf",
            "low_theft=much",
        ] {
            assert!(weighted(wrong).is_err(), "{wrong}");
        }
    }
}
