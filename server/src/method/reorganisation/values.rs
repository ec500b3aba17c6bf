//! Figures on other borders.

use super::{Gap, Piece, Transfer};
use crate::{
    domain::ObservationStatus,
    method::{compensated_sum, weighted_group_mean},
};

/// How the figures of pieces become that of a municipality.
#[derive(Debug, Clone, Copy)]
pub enum Combine<W> {
    /// Counts: a piece has its share of them, and they add up.
    Sum,
    /// Shares and means: a piece has that of its municipality, and weighs its share of this.
    Mean(W),
    /// Medians, spreads, indices, ranks: a figure holds for the municipality that it is of, and for no part or sum of any.
    NotPossible,
}

/// A figure on other borders.
#[derive(Debug, Clone, PartialEq)]
pub struct Recast<'a> {
    /// The figure.
    pub value: f64,
    /// Codes of the municipalities it is made of.
    pub made_of: Vec<&'a str>,
    /// It is another figure than the municipality of this code had, or that had none.
    pub is_recast: bool,
    /// A municipality that it is made of was divided: its parts were assumed to be like the whole.
    pub is_estimated: bool,
    /// The part of its weight that came with parts of other municipalities, 0 to 1; of counts, of itself.
    pub share_moved: f64,
}

/// Why a municipality has no figure on other borders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRecast<'a> {
    /// A municipality that it is made of has none.
    Absent(ObservationStatus),
    /// What weighs the figures of the municipalities that it is made of is not known, or is nothing.
    NoWeight,
    /// How many people moved is not known.
    Gaps(Vec<Gap<'a>>),
    /// Its borders changed, and the figure cannot be divided or added up.
    NotPossible,
}

impl<'a> Transfer<'a> {
    /// The figure of a municipality on the new borders, from those on the old ones.
    ///
    /// # Errors
    /// Why it has none.
    pub fn value<W>(
        &self,
        target: &str,
        value: impl Fn(&str) -> Result<f64, ObservationStatus>,
        combine: &Combine<W>,
    ) -> Result<Recast<'a>, NotRecast<'a>>
    where
        W: Fn(&str) -> Option<f64>,
    {
        let gaps: Vec<Gap<'a>> = self.gaps(target).collect();
        if !gaps.is_empty() {
            return Err(NotRecast::Gaps(gaps));
        }
        let pieces = self.pieces(target);
        if let ([only], true) = (pieces, self.is_unchanged(target)) {
            return Ok(Recast {
                value: value(only.source).map_err(NotRecast::Absent)?,
                made_of: vec![only.source],
                is_recast: only.source != target,
                is_estimated: false,
                share_moved: 0.0,
            });
        }
        if matches!(combine, Combine::NotPossible) && !pieces.is_empty() {
            return Err(NotRecast::NotPossible);
        }
        let values = values_of(pieces, &value)?;
        let (value, weights) = combined(pieces, &values, combine)?;
        let moved = pieces.iter().zip(&weights);
        let moved = moved.filter(|(piece, _)| piece.source != target && !piece.is_whole());
        let moved = compensated_sum(moved.map(|(_, weight)| *weight));
        let all = compensated_sum(weights.iter().copied());
        Ok(Recast {
            value,
            made_of: pieces.iter().map(|piece| piece.source).collect(),
            is_recast: true,
            is_estimated: pieces.iter().any(|piece| piece.is_estimated),
            share_moved: if all > 0.0 { (moved / all).min(1.0) } else { 0.0 },
        })
    }
}

/// The figure of every piece's municipality. Of several reasons for none, the one that no later edition of the source will mend.
fn values_of<'a>(
    pieces: &[Piece<'_>],
    value: impl Fn(&str) -> Result<f64, ObservationStatus>,
) -> Result<Vec<f64>, NotRecast<'a>> {
    use ObservationStatus::{Missing, NotApplicable, Suppressed};
    let mut values = Vec::with_capacity(pieces.len());
    let mut absent = Vec::new();
    for piece in pieces {
        match value(piece.source) {
            Ok(found) => values.push(found),
            Err(status) => absent.push(status),
        }
    }
    if absent.is_empty() && !pieces.is_empty() {
        return Ok(values);
    }
    let reasons = [NotApplicable, Suppressed].into_iter();
    let reason = reasons.into_iter().find(|reason| absent.contains(reason));
    Err(NotRecast::Absent(reason.unwrap_or(Missing)))
}

/// The figure, and the weight of each piece in it.
fn combined<'a, W>(
    pieces: &[Piece<'_>],
    values: &[f64],
    combine: &Combine<W>,
) -> Result<(f64, Vec<f64>), NotRecast<'a>>
where
    W: Fn(&str) -> Option<f64>,
{
    let with_values = pieces.iter().zip(values);
    let (value, weights): (f64, Vec<f64>) = match combine {
        Combine::Sum => {
            let parts: Vec<f64> = with_values.map(|(piece, value)| piece.share * value).collect();
            (
                compensated_sum(parts.iter().copied()),
                parts.into_iter().map(f64::abs).collect(),
            )
        }
        Combine::Mean(_) if pieces.len() == 1 => (values[0], vec![1.0]), // whatever weighs it
        Combine::Mean(weight) => {
            let weighted =
                with_values.map(|(piece, value)| Some((*value, piece.share * weight(piece.source)?)));
            let weighted: Option<Vec<(f64, f64)>> = weighted.collect();
            let weighted = weighted.ok_or(NotRecast::NoWeight)?;
            let mean = weighted_group_mean(&weighted).map_err(|_| NotRecast::NoWeight)?;
            (
                mean.mean,
                weighted.into_iter().map(|(_, weight)| weight).collect(),
            )
        }
        Combine::NotPossible => return Err(NotRecast::NotPossible),
    };
    if value.is_finite() {
        Ok((value, weights))
    } else {
        Err(NotRecast::Absent(ObservationStatus::NotApplicable)) // beyond all numbers
    }
}
