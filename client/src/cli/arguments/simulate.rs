//! What `simulate` takes.

use std::{path::PathBuf, str::FromStr};

use clap::Args;

use super::questions::Figures;

pub(super) const HELP: &str = "\
REGION is a municipality as in `profile`, and INDICATOR an id or a name. Numbers have a point, whatever the language.
OUTCOME is position=N, grade=G, mean=GROUP for the value that equals a group's mean, or mean-position=GROUP/N for the place
of the mean of a group that it is a member of. All other municipalities keep their values and grades their scale.
Bounds are shown rounded so that they are still enough; -o tsv and -o json have them exactly.
Examples:
  groeikern simulate zoetermeer --set low_theft=3.1 --group nta_new_towns
  groeikern simulate zoetermeer --want low_theft:position=50 --want low_theft:grade=7
  groeikern simulate zoetermeer --want low_theft:mean=nta_new_towns
  groeikern simulate zoetermeer --set low_theft=3.1 --composite tree.toml";

/// Arguments of `simulate`.
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("asked").args(["changes", "wanted", "new_composite"]).multiple(true).required(true)))]
pub(crate) struct Simulate {
    /// Municipality; words need no quotes
    #[arg(required = true, value_name = "REGION")]
    pub(crate) region: Vec<String>,
    /// Another value for an indicator; may be repeated
    #[arg(long = "set", value_name = "INDICATOR=VALUE")]
    pub(crate) changes: Vec<Supposed>,
    /// Say which value an outcome would take; may be repeated
    #[arg(long = "want", value_name = "INDICATOR:OUTCOME")]
    pub(crate) wanted: Vec<Wanted>,
    /// Show the mean of this group before and after every change
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// Show the composite in this file, written as for `composite`, before and after
    #[arg(long, value_name = "FILE")]
    pub(crate) composite: Option<PathBuf>,
    /// What that composite becomes: other weights, other indicators or another mean
    #[arg(long, value_name = "FILE", requires = "composite")]
    pub(crate) new_composite: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) figures: Figures,
}

/// Another value of an indicator, as typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Supposed {
    pub(crate) indicator: String,
    pub(crate) value: f64,
}

/// What is wanted of an indicator, as typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) indicator: String,
    pub(crate) outcome: Outcome,
}

/// An outcome as typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    Position(u32),
    Grade(f64),
    Mean(String),
    MeanPosition(String, u32),
}

impl FromStr for Supposed {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let (indicator, value) = typed
            .rsplit_once('=')
            .ok_or("write INDICATOR=VALUE, such as low_theft=3.1")?;
        Ok(Self {
            indicator: indicator.to_owned(),
            value: number(value)?,
        })
    }
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let how = "write INDICATOR:position=N, :grade=G, :mean=GROUP or :mean-position=GROUP/N";
        let (indicator, outcome) = typed.split_once(':').ok_or(how)?;
        let (kind, of) = outcome.split_once('=').ok_or(how)?;
        let outcome = match kind {
            "position" => Outcome::Position(position(of)?),
            "grade" => match number(of)? {
                grade if (3.0..=10.0).contains(&grade) => Outcome::Grade(grade),
                _ => return Err(format!("{of} is no grade: they run from 3 to 10")),
            },
            "mean" => Outcome::Mean(of.to_owned()),
            "mean-position" => {
                let (group, of) = of.rsplit_once('/').ok_or(how)?;
                Outcome::MeanPosition(group.to_owned(), position(of)?)
            }
            _ => return Err(how.to_owned()),
        };
        Ok(Self {
            indicator: indicator.to_owned(),
            outcome,
        })
    }
}

fn number(typed: &str) -> Result<f64, String> {
    match typed.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!(
            "\"{typed}\" is no number; write it with a point, such as 3.1"
        )),
    }
}

fn position(typed: &str) -> Result<u32, String> {
    match typed.parse() {
        Ok(position) if position > 0 => Ok(position),
        _ => Err(format!("\"{typed}\" is no position: they run from 1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_read_as_the_help_writes_them() {
        let outcome = |typed: &str| typed.parse::<Wanted>().map(|wanted| wanted.outcome);
        assert_eq!(outcome("low_theft:position=50"), Ok(Outcome::Position(50)));
        assert_eq!(outcome("low_theft:grade=7.5"), Ok(Outcome::Grade(7.5)));
        assert_eq!(
            outcome("weinig diefstal:mean=old towns"),
            Ok(Outcome::Mean("old towns".into()))
        );
        assert_eq!(
            outcome("low_theft:mean-position=old_towns/9"),
            Ok(Outcome::MeanPosition("old_towns".into(), 9))
        );
        for wrong in [
            "",
            "position=1",
            "a:position",
            "a:position=0",
            "a:position=-1",
            "a:grade=2",
            "a:grade=nan",
            "a:grade=11",
            "a:rank=1",
            "a:mean-position=b",
        ] {
            assert!(outcome(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_is_a_number_with_a_point() {
        let supposed = |typed: &str| typed.parse::<Supposed>().map(|of| of.value);
        assert_eq!(supposed("low_theft=-3.5"), Ok(-3.5));
        for wrong in [
            "low_theft",
            "low_theft=",
            "low_theft=3,1",
            "low_theft=inf",
            "low_theft=NaN",
        ] {
            assert!(supposed(wrong).is_err(), "{wrong}");
        }
    }
}
