//! What if of a composite: other grades of one municipality, other weights for all, on the scale of the old scores.

use std::collections::BTreeMap;

use groeikern::v1;

use super::{
    caveats,
    figures::{Composed, Wanted},
    render::summary,
    tree::Sent,
};
use crate::{
    domain::{Basis, Indicator, Region},
    method::{NodeScore, Ranking, RobustScale, count, mean},
    rpc::{Failure, lookup::Figures, metadata::Metadata, render},
    snapshot::{RankingTable, Snapshot, Standing},
};

/// A composite, and what it becomes.
#[derive(Debug)]
pub(in crate::rpc) struct Supposition<'e> {
    old: Composed<'e>,
    /// Another tree over figures of the same basis and period; `None` for the same tree.
    new: Option<Composed<'e>>,
}

/// The indicators of which a municipality has another grade, by their places.
type NewGrades<'a> = &'a [(usize, Option<f64>)];

/// Units by a composite: their scores and positions by place among the regions.
struct Places(BTreeMap<usize, Place>);

#[derive(Debug, Clone, Copy)]
struct Place {
    score: f64,
    position: u32,
    ties: u32,
}

impl<'e> Supposition<'e> {
    /// The composites of a request over figures with values.
    pub(in crate::rpc) fn find(
        edition: &'e Snapshot,
        (old, new): (Sent<'_>, Option<Sent<'_>>),
        figures: &Figures<'_>,
    ) -> Result<Self, Failure> {
        let wanted = Wanted {
            basis: figures.basis,
            period: figures.period,
            universe: figures.universe,
            method: None,
        };
        let old = Composed::find(edition, old.resolve(edition)?, wanted)?;
        let table = &old.ranking.table;
        if table.basis == Basis::Published {
            return Err(Failure::no_values_of_composite(&edition.manifest.name));
        }
        let same_figures = Wanted {
            basis: Some(table.basis),
            period: Some(&table.period),
            ..wanted
        };
        let new = match new {
            Some(new) => Some(Composed::find(edition, new.resolve(edition)?, same_figures)?),
            None => None,
        };
        Ok(Self { old, new })
    }

    fn both(&self) -> impl Iterator<Item = &Composed<'e>> {
        std::iter::once(&self.old).chain(&self.new)
    }

    /// The ranking by which a leaf is graded; nothing for an indicator that is no leaf.
    pub(in crate::rpc) fn table_of(
        &self,
        edition: &Snapshot,
        (place, indicator): (usize, &Indicator),
    ) -> Result<Option<&'e RankingTable>, Failure> {
        for composed in self.both() {
            let leaves = composed.composition.leaves();
            if let Some(leaf) = leaves.iter().position(|&of| of == place) {
                let table = composed.tables.0[leaf];
                let missing = || Failure::no_data_for_indicator(&indicator.id, &edition.manifest.name, true);
                return table.ok_or_else(missing).map(Some);
            }
        }
        Ok(None)
    }

    pub(in crate::rpc) fn caveats(&self, metadata: &mut Metadata<'e>, edition: &'e Snapshot) {
        self.both()
            .for_each(|composed| caveats::add(metadata, edition, composed));
    }

    /// What new grades and the new tree make of a municipality's place.
    pub(in crate::rpc) fn answer(
        &self,
        edition: &Snapshot,
        (place, region): (usize, &Region),
        grades: NewGrades<'_>,
        universe: &str,
    ) -> Result<v1::SimulatedComposite, Failure> {
        let new = self.new.as_ref().unwrap_or(&self.old);
        let table = &self.old.ranking.table;
        if !table.has_unit_of(place) {
            return Err(Failure::not_in_universe(region, universe));
        }
        let place = table.first_of_unit(place);
        if self.old.ranking.at_root(place).is_none() && !region.existed_in(table.vintage()) {
            return Err(Failure::not_there_in(region, "composite", &table.period));
        }
        let (before, after) = (places(&self.old, None)?, places(new, Some((place, grades)))?);
        let scale = table.grade_scale();
        let standing = |places: &Places| {
            let own = places.0.get(&place)?;
            let n = count(places.0.len());
            let grade = scale.map(|scale| scale.grade(own.score));
            let standing = Standing::of(own.position, own.ties, n, grade);
            render::standing(&standing, table.scale())
        };
        let (passed, passed_by) = before.passing(&after, place);
        let coverage = |composed, grades| Ok::<_, Failure>(at_root(composed, place, grades)?.coverage);
        Ok(v1::SimulatedComposite {
            summary: Some(summary(edition, &self.old)),
            old_score: before.0.get(&place).map(|own| own.score),
            new_score: after.0.get(&place).map(|own| own.score),
            old_coverage: coverage(&self.old, &[])?,
            new_coverage: coverage(new, grades)?,
            old_standing: standing(&before),
            new_standing: standing(&after),
            n_after: count(after.0.len()),
            passed: render::passed(edition, table, &passed),
            passed_by: render::passed(edition, table, &passed_by),
            mean_grade_before: before.mean_grade(scale),
            mean_grade_after: after.mean_grade(scale),
        })
    }
}

impl Places {
    /// Who was ahead of a unit and is no longer, and who is now and was not, of those that have a place before and after.
    fn passing(&self, after: &Self, unit: usize) -> (Vec<usize>, Vec<usize>) {
        let mut passing = (Vec::new(), Vec::new());
        let (Some(own_before), Some(own_after)) = (self.0.get(&unit), after.0.get(&unit)) else {
            return passing;
        };
        for (&other, was) in &self.0 {
            let Some(is) = after.0.get(&other) else { continue };
            match (
                was.position < own_before.position,
                is.position < own_after.position,
            ) {
                (true, false) => passing.0.push(other),
                (false, true) => passing.1.push(other),
                _ => {}
            }
        }
        passing
    }

    fn mean_grade(&self, scale: Option<RobustScale>) -> Option<f64> {
        let grades: Vec<f64> = self
            .0
            .values()
            .map(|unit| scale.map(|scale| scale.grade(unit.score)))
            .collect::<Option<_>>()?;
        mean(&grades)
    }
}

/// All units by a composite, one of them with other grades.
fn places(composed: &Composed<'_>, other: Option<(usize, NewGrades<'_>)>) -> Result<Places, Failure> {
    let mut scores: BTreeMap<usize, f64> = BTreeMap::new();
    let asked = other.map(|(unit, _)| unit);
    for unit in composed.ranking.units.iter().copied().chain(asked) {
        let grades = match other {
            Some((changed, grades)) if changed == unit => grades,
            _ => &[],
        };
        if let Some(score) = at_root(composed, unit, grades)?.score {
            scores.insert(unit, score);
        }
    }
    let (units, scores): (Vec<usize>, Vec<f64>) = scores.into_iter().unzip();
    let ranking = Ranking::of_scores(&scores);
    let placed = units.into_iter().enumerate().map(|(place, unit)| {
        let found = Place {
            score: scores[place],
            position: ranking.positions[place],
            ties: ranking.ties[place],
        };
        (unit, found)
    });
    Ok(Places(placed.collect()))
}

/// What a unit has at the root of a composite, with these grades in the place of its own.
fn at_root(composed: &Composed<'_>, unit: usize, other: NewGrades<'_>) -> Result<NodeScore, Failure> {
    let mut grades = composed.tables.grades(unit, None);
    for (grade, leaf) in grades.iter_mut().zip(composed.composition.leaves()) {
        if let Some((_, other)) = other.iter().find(|(indicator, _)| indicator == leaf) {
            *grade = *other;
        }
    }
    let nodes = composed
        .composition
        .composite()
        .evaluate(&grades)
        .map_err(|unfit| Failure::internal(&format!("grades without place in a mean: {unfit:?}")))?;
    Ok(nodes[0])
}
