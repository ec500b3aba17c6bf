//! A composite over the rankings of an edition: stored with it, or made for one request.

use std::{collections::HashMap, sync::Arc};

use super::{
    RankingTable,
    ranking_table::{ValueRow, count_sources},
};
use crate::{
    domain::{Basis, Indicator, ObservationOrigin, ObservationStatus},
    method::{
        Composite, CompositeMean, CompositeNode, GradeMethod, InvalidComposite, NodeScore, UnfitScore, count,
    },
};

/// A composite whose leaves are indicators of an edition.
#[derive(Debug, Clone)]
pub struct Composition {
    composite: Composite,
    /// The place of every leaf's indicator among those of the snapshot, by leaf number.
    leaves: Vec<usize>,
}

/// The tables that the leaves of a composition are taken from, by leaf number: each of one ranking for all its units. A leaf
/// without one is missing everywhere. A table without grades (too few units) counts as none.
#[derive(Debug, Clone)]
pub struct LeafTables<'a>(pub Vec<Option<&'a RankingTable>>);

/// A composition over the units of one basis and period.
#[derive(Debug)]
pub struct ComposedRanking {
    /// Score, position and grade of the units that have a score.
    pub table: RankingTable,
    /// The units it is over, their places among the snapshot's regions in order.
    pub units: Vec<usize>,
    /// What each of those has at the root.
    pub scores: Vec<NodeScore>,
    /// Units with some grade, but less than two thirds.
    pub below_coverage: u32,
    /// Units without any.
    pub without_grades: u32,
}

impl Composition {
    /// The composition of a tree whose leaves are these indicators.
    ///
    /// # Errors
    /// What is wrong with the tree, by node.
    pub fn new(
        root: &CompositeNode,
        leaves: Vec<usize>,
        mean: CompositeMean,
    ) -> Result<Self, Vec<InvalidComposite>> {
        Ok(Self {
            composite: Composite::new(root, leaves.len(), mean)?,
            leaves,
        })
    }

    /// A composite of an edition, down to the indicators that have figures of their own.
    ///
    /// # Errors
    /// What is wrong with the tree, by node.
    pub(super) fn of_indicator(
        indicators: &[Indicator],
        index: &HashMap<String, usize>,
        composite: usize,
    ) -> Result<Self, Vec<InvalidComposite>> {
        let mut leaves = Vec::new();
        let root = node((indicators, index), &indicators[composite], 1.0, &mut leaves);
        Self::new(&root, leaves, CompositeMean::Arithmetic)
    }

    /// The tree, to reckon with.
    #[must_use]
    pub fn composite(&self) -> &Composite {
        &self.composite
    }

    /// The place of every leaf's indicator among those of the snapshot.
    #[must_use]
    pub fn leaves(&self) -> &[usize] {
        &self.leaves
    }

    /// Whether a unit with all grades of these tables would have a score.
    #[must_use]
    pub fn is_covered_by(&self, tables: &LeafTables<'_>) -> bool {
        let present: Vec<Option<f64>> = tables
            .usable()
            .map(|table| table.map(|_| crate::method::MEAN_GRADE))
            .collect();
        self.composite
            .evaluate(&present)
            .is_ok_and(|nodes| nodes.first().is_some_and(|root| root.score.is_some()))
    }

    /// Ranks these units, which are in region order. Their scores are derived, and graded again as one ranking.
    ///
    /// # Errors
    /// A grade that has no place in the mean: a fault of ours, grades are from 3 to 10.
    pub fn rank(
        &self,
        tables: &LeafTables<'_>,
        units: Vec<usize>,
        method: Option<GradeMethod>,
        (basis, period): (Basis, &str),
    ) -> Result<ComposedRanking, UnfitScore> {
        let mut scores = Vec::with_capacity(units.len());
        let mut rows = Vec::new();
        let mut absent = HashMap::new();
        let (mut below_coverage, mut without_grades) = (0, 0);
        for (place, &unit) in units.iter().enumerate() {
            let grades = tables.grades(unit, method);
            let at_root = self
                .composite
                .evaluate(&grades)
                .map_err(|unfit| UnfitScore { unit: place, ..unfit })?[0];
            match at_root.score {
                Some(score) => rows.push(ValueRow {
                    region: unit,
                    value: score,
                    status: tables.status(unit),
                    origin: ObservationOrigin::Derived,
                }),
                None => {
                    absent.insert(unit, ObservationStatus::Missing);
                    if grades.iter().any(Option::is_some) {
                        below_coverage += 1;
                    } else {
                        without_grades += 1;
                    }
                }
            }
            scores.push(at_root);
        }
        let table = RankingTable::of_scores(
            &rows,
            absent,
            (basis, period.to_owned()),
            tables.sources(&rows),
            self.leaves.clone(),
        )
        .on_borders_of(tables.borders().map(str::to_owned));
        Ok(ComposedRanking {
            table,
            units,
            scores,
            below_coverage,
            without_grades,
        })
    }
}

fn node(
    (indicators, index): (&[Indicator], &HashMap<String, usize>),
    composite: &Indicator,
    weight: f64,
    leaves: &mut Vec<usize>,
) -> CompositeNode {
    let children = composite.children.iter().filter_map(|child| {
        let place = *index.get(&child.indicator)?; // always there: a foreign key
        let indicator = &indicators[place];
        if !indicator.children.is_empty() {
            return Some(node((indicators, index), indicator, child.weight, leaves));
        }
        leaves.push(place);
        Some(CompositeNode::leaf(child.weight, leaves.len() - 1))
    });
    let children = children.collect();
    CompositeNode::of(weight, children)
}

impl<'a> LeafTables<'a> {
    /// The tables that have grades of some unit.
    pub fn usable(&self) -> impl Iterator<Item = Option<&'a RankingTable>> {
        let is_usable = |table: &&RankingTable| table.has_grades() && !table.rows.is_empty();
        self.0.iter().map(move |table| table.filter(is_usable))
    }

    /// The year of the borders that all these tables are on, where that is another than the period's own. Tables that do not
    /// agree are taken by their codes, and each says for itself on which borders it is.
    #[must_use]
    pub fn borders(&self) -> Option<&'a str> {
        let mut borders = self.usable().flatten().map(|table| table.borders.as_deref());
        let first = borders.next()?;
        borders.all(|other| other == first).then_some(first)?
    }

    /// The grades of a unit, by leaf.
    #[must_use]
    pub fn grades(&self, unit: usize, method: Option<GradeMethod>) -> Vec<Option<f64>> {
        let grade = |table: &RankingTable| table.standing_of_row(table.row(unit)?.0, method).grade;
        self.usable().map(|table| table.and_then(grade)).collect()
    }

    /// The units of these tables and of `others`, in region order.
    #[must_use]
    pub fn units(&self, others: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let rows = self.usable().flatten().flat_map(|table| &table.rows);
        let mut units: Vec<usize> = rows.map(|row| row.region).chain(others).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// The least certain state of a unit's values.
    fn status(&self, unit: usize) -> ObservationStatus {
        let states = self
            .usable()
            .flatten()
            .filter_map(|table| table.row(unit)?.1.status);
        let certainty = |status: &ObservationStatus| match status {
            ObservationStatus::Estimated => 2,
            ObservationStatus::Provisional => 1,
            _ => 0,
        };
        states.max_by_key(certainty).unwrap_or(ObservationStatus::Final)
    }

    /// The sources of the grades that these units are scored by, that of the most first.
    fn sources(&self, scored: &[ValueRow]) -> Vec<Arc<str>> {
        let used = self.usable().flatten().flat_map(|table| {
            let rows = scored.iter().filter(|row| table.row(row.region).is_some());
            rows.map(|row| table.source_of(row.region))
        });
        count_sources(used)
    }
}

impl ComposedRanking {
    /// How many units have no score.
    #[must_use]
    pub fn missing(&self) -> u32 {
        count(self.units.len()) - self.table.n
    }

    /// What a unit has at the root; nothing for one that it is not over.
    #[must_use]
    pub fn at_root(&self, unit: usize) -> Option<NodeScore> {
        let place = self.units.binary_search(&unit).ok()?;
        self.scores.get(place).copied()
    }
}
