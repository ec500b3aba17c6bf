//! Indicators, municipalities and imports that differ.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, ChangeType, DefinitionChange, Difference};
use crate::{
    domain::{ImportedUnit, Indicator, Region},
    snapshot::Snapshot,
};

impl Difference {
    pub(super) fn indicators(&mut self, base: &Snapshot, now: &Snapshot) {
        let gone = base
            .indicators
            .iter()
            .filter(|indicator| now.indicator(&indicator.id).is_none());
        for indicator in now.indicators.iter().chain(gone) {
            let id = &indicator.id;
            let known = (base.indicator(id), now.indicator(id));
            let fields =
                |(base, now): ((usize, &Indicator), (usize, &Indicator))| indicator_fields(base.1, now.1);
            if let Some(change) = definition(id, known, fields) {
                self.counts.indicators.add(change.change);
                self.changes.push(Change::Indicator(change));
            }
        }
    }

    pub(super) fn regions(&mut self, base: &Snapshot, now: &Snapshot) {
        let codes = |snapshot: &Snapshot| -> BTreeSet<String> {
            let regions = snapshot.regions.iter();
            regions.map(|region| region.code.clone()).collect()
        };
        for code in codes(base).union(&codes(now)) {
            let known = (base.region(code), now.region(code));
            let fields = |(base, now): ((usize, &Region), (usize, &Region))| region_fields(base.1, now.1);
            if let Some(change) = definition(code, known, fields) {
                self.counts.regions.add(change.change);
                self.changes.push(Change::Region(change));
            }
        }
    }

    pub(super) fn import_units(&mut self, base: &Snapshot, now: &Snapshot) {
        let (old, new) = (units_of(base), units_of(now));
        let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        for key in keys {
            let (before, after) = (old.get(key).copied(), new.get(key).copied());
            let change = match (before, after) {
                (Some(before), Some(after)) if before == after => continue,
                (Some(_), Some(_)) => ChangeType::Changed,
                (None, _) => ChangeType::Added,
                (_, None) => ChangeType::Removed,
            };
            self.counts.import_units.add(change);
            self.changes
                .push(Change::ImportUnit(Box::new((before.cloned(), after.cloned()))));
        }
    }
}

/// How what an id stands for changed; nothing when it did not.
fn definition<T>(
    id: &str,
    known: (Option<T>, Option<T>),
    fields: impl Fn((T, T)) -> Vec<&'static str>,
) -> Option<DefinitionChange> {
    let (change, fields) = match known {
        (Some(base), Some(now)) => (ChangeType::Changed, fields((base, now))),
        (None, Some(_)) => (ChangeType::Added, Vec::new()),
        (Some(_), None) => (ChangeType::Removed, Vec::new()),
        (None, None) => return None,
    };
    (change != ChangeType::Changed || !fields.is_empty()).then(|| DefinitionChange {
        id: id.to_owned(),
        change,
        fields,
    })
}

fn units_of(snapshot: &Snapshot) -> BTreeMap<(&str, &str), &ImportedUnit> {
    let units = snapshot.import_units.iter();
    units
        .map(|unit| ((unit.recipe.as_str(), unit.period.as_str()), unit))
        .collect()
}

/// The fields that differ, by their names in the contract.
fn indicator_fields(base: &Indicator, now: &Indicator) -> Vec<&'static str> {
    let proxy_of = |indicator: &Indicator| {
        let proxy = indicator.proxy.as_ref();
        proxy.map(|proxy| proxy.indicator.clone())
    };
    let reason_of = |indicator: &Indicator| {
        let proxy = indicator.proxy.as_ref();
        proxy.map(|proxy| proxy.reason.clone())
    };
    differing([
        ("name", base.name != now.name),
        ("theme_id", base.theme != now.theme),
        ("block_id", base.block != now.block),
        ("kind", base.kind != now.kind),
        ("kind_basis", base.kind_basis != now.kind_basis),
        ("polarity", base.polarity != now.polarity),
        ("unit", base.unit != now.unit),
        ("decimals", base.decimals != now.decimals),
        ("section", base.section != now.section),
        ("figure", base.figure != now.figure),
        ("origin_category", base.origin != now.origin),
        ("part_ids", base.parts != now.parts),
        ("stated", base.stated != now.stated),
        ("note", base.note != now.note),
        ("polarity_reason", base.polarity_reason != now.polarity_reason),
        ("denominator_id", base.denominator != now.denominator),
        ("proxy_for_id", proxy_of(base) != proxy_of(now)),
        ("proxy_reason", reason_of(base) != reason_of(now)),
        ("children", base.children != now.children),
        ("aggregation", base.aggregation != now.aggregation),
    ])
}

/// The same of a municipality. The periods of which tables list it go with the imports.
fn region_fields(base: &Region, now: &Region) -> Vec<&'static str> {
    differing([
        ("name", base.name != now.name),
        ("valid_from", base.valid_from != now.valid_from),
        ("valid_to", base.valid_to != now.valid_to),
        ("aliases", base.aliases != now.aliases),
        ("successors", base.successors != now.successors),
        ("predecessors", base.predecessors != now.predecessors),
        ("group_ids", base.groups != now.groups),
    ])
}

fn differing<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<&'static str> {
    let differing = fields.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(field, _)| field).collect()
}
