//! Which figures a composite is made of: one basis and one period for all its leaves, and one ranking for each of them.

use std::collections::{BTreeSet, HashSet};

use super::tree::Tree;
use crate::{
    domain::{Basis, Group},
    method::GradeMethod,
    rpc::{Failure, lookup},
    snapshot::{Among, ComposedRanking, Composition, LeafTables, RankingTable, Snapshot},
};

/// Which figures a request wants.
#[derive(Debug, Clone, Copy)]
pub(in crate::rpc) struct Wanted<'r> {
    pub(in crate::rpc) basis: Option<Basis>,
    pub(in crate::rpc) period: Option<&'r str>,
    pub(in crate::rpc) universe: &'r str,
    pub(in crate::rpc) method: Option<GradeMethod>,
}

/// A composite with its figures.
#[derive(Debug)]
pub(in crate::rpc) struct Composed<'e> {
    pub(super) tree: Tree,
    pub(super) composition: Composition,
    pub(super) tables: LeafTables<'e>,
    pub(super) ranking: ComposedRanking,
    pub(super) method: Option<GradeMethod>,
}

impl<'e> Composed<'e> {
    /// The unit whose row is that of a municipality, by place; nothing for one that is not ranked.
    pub(super) fn unit_of(&self, region: usize) -> Option<usize> {
        self.ranking.table.row(region).map(|(_, row)| row.region)
    }

    /// The units of the members of a group that are ranked.
    pub(super) fn units_of(&self, edition: &Snapshot, group: &Group) -> HashSet<usize> {
        let members = edition.places_of(group, self.ranking.table.vintage());
        members
            .into_iter()
            .filter_map(|member| self.unit_of(member))
            .collect()
    }

    /// The grades of all units by this method, by unit and then by leaf.
    pub(super) fn grades(&self, method: Option<GradeMethod>) -> Vec<Vec<Option<f64>>> {
        let units = self.ranking.units.iter();
        units.map(|&unit| self.tables.grades(unit, method)).collect()
    }

    /// The tree by the first basis and the latest period by which any municipality has a score.
    pub(in crate::rpc) fn find(
        edition: &'e Snapshot,
        tree: Tree,
        wanted: Wanted<'_>,
    ) -> Result<Self, Failure> {
        let among = lookup::among(edition, wanted.universe)?;
        let composition = tree.composition()?;
        let every_basis = [Basis::Computed, Basis::Proxy, Basis::Published];
        for basis in every_basis
            .into_iter()
            .filter(|basis| wanted.basis.is_none_or(|asked| asked == *basis))
        {
            for period in periods(edition, composition.leaves(), basis, (wanted.period, among)) {
                let tables = tables(edition, composition.leaves(), basis, (period, among));
                if !composition.is_covered_by(&tables) {
                    continue;
                }
                // Of printed positions only those that are known can be ranked.
                let (others, units_of) = match basis {
                    Basis::Published => (Vec::new(), None),
                    Basis::Computed | Basis::Proxy => {
                        let Some(found) = edition.units_among(among, tables.borders().unwrap_or(period))
                        else {
                            continue;
                        };
                        found
                    }
                };
                let mut ranking = composition
                    .rank(&tables, tables.units(others), wanted.method, (basis, period))
                    .map_err(|unfit| {
                        Failure::internal(&format!("grades without place in a mean: {unfit:?}"))
                    })?;
                if let Some(units_of) = units_of {
                    ranking.table = units_of.placed(ranking.table);
                }
                if ranking.table.n > 0 {
                    return Ok(Self {
                        tree,
                        composition,
                        tables,
                        ranking,
                        method: wanted.method,
                    });
                }
            }
        }
        let narrowed = wanted.basis.is_some() || wanted.period.is_some() || among != Among::Own;
        Err(Failure::no_data_for_composite(&edition.manifest.name, narrowed))
    }
}

/// Whether a leaf may be taken from a ranking of its indicator.
fn fits(basis: Basis, table: &RankingTable) -> bool {
    table.basis == basis || (basis == Basis::Proxy && table.basis == Basis::Computed)
}

/// The periods of which a leaf has a ranking, latest first.
fn periods<'a>(
    edition: &'a Snapshot,
    leaves: &[usize],
    basis: Basis,
    (only, among): (Option<&str>, Among<'a>),
) -> Vec<&'a str> {
    let rankings = leaves
        .iter()
        .flat_map(|&leaf| edition.rankings_among(leaf, among));
    let fitting =
        rankings.filter(|table| fits(basis, table) && only.is_none_or(|period| table.period == period));
    let periods: BTreeSet<&str> = fitting.map(|table| table.period.as_str()).collect();
    periods.into_iter().rev().collect()
}

/// The ranking of every leaf: those of its own values come before those of a proxy.
fn tables<'a>(
    edition: &'a Snapshot,
    leaves: &[usize],
    basis: Basis,
    (period, among): (&str, Among<'_>),
) -> LeafTables<'a> {
    let table = |&leaf: &usize| {
        let of = |basis| edition.ranking_among(leaf, among, Some(basis), Some(period));
        match basis {
            Basis::Proxy => {
                let own = of(Basis::Computed);
                own.filter(|table| table.has_grades())
                    .or(of(Basis::Proxy))
                    .or(own)
            }
            Basis::Computed | Basis::Published => of(basis),
        }
    };
    LeafTables(leaves.iter().map(table).collect())
}
