//! Rankings on the borders of another year: made from those of the edition when asked for, and the last ones kept.

use std::{
    collections::HashSet,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use lru::LruCache;

use super::{
    Composition, LeafTables, RankingTable, RecastValue, Recasting, Snapshot,
    ranking_table::{RecastRows, ValueRow},
    weights::Weights,
};
use crate::{
    domain::{
        Aggregation, Basis, BoundaryChange, Direction, INHABITANTS, ImportedUnit, Lives, ObservationOrigin,
        ObservationStatus, Region, RegionEvent, RegionEventKind, year_of,
    },
    method::{
        count,
        reorganisation::{Combine, Moved, NEAREST_INHABITANTS, NotRecast, Recast, Reorganisations, Transfer},
    },
};

/// How many rankings are kept: the trends of several indicators, or one of them on many borders.
const KEPT: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// The rankings on other borders that were asked for last, by ordinal and year.
#[derive(Debug)]
pub(super) struct RankingsRecast(Mutex<LruCache<(usize, String), Arc<RankingTable>>>);

impl Default for RankingsRecast {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl RankingsRecast {
    fn kept(&self, key: &(usize, String)) -> Option<Arc<RankingTable>> {
        // Held for look-ups and stores only: a panic leaves no half of one behind.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).cloned()
    }

    fn keep(&self, key: (usize, String), table: &Arc<RankingTable>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(key, Arc::clone(table));
    }
}

/// The first and the last year whose borders are known by these changes, municipalities and imports.
pub(super) fn years_of_borders(
    changes: &[BoundaryChange],
    regions: &[Region],
    units: &[ImportedUnit],
) -> Option<(String, String)> {
    let changes = changes.iter().map(|change| year_of(&change.date));
    let (first, last) = (changes.clone().min()?, changes.max()?);
    // Tables of later years say that nothing is missing up to them.
    let vintages = regions.iter().flat_map(|region| &region.vintages);
    let listed = vintages.map(|vintage| year_of(vintage));
    let units = units.iter().map(|unit| year_of(&unit.period));
    let last = listed.chain(units).fold(last, Ord::max);
    Some((first.to_owned(), last.to_owned()))
}

impl Snapshot {
    /// The first and the last year whose borders the edition knows; `None` when it knows of no changes of borders.
    #[must_use]
    pub fn years_of_borders(&self) -> Option<(&str, &str)> {
        let (first, last) = self.years_of_borders.as_ref()?;
        Some((first, last))
    }

    /// A ranking of the edition with values, on the borders of 1 January of a year; `None` of a composite that cannot be
    /// composed of its parts.
    #[must_use]
    pub fn on_borders_of(
        &self,
        indicator: usize,
        table: &RankingTable,
        year: &str,
    ) -> Option<Arc<RankingTable>> {
        let key = (table.ordinal, year.to_owned());
        if let Some(kept) = self.recast.kept(&key) {
            return Some(kept);
        }
        let measured = table.measured(indicator);
        let made = if table.leaves.is_empty() {
            self.recast_values(measured, table, year)
        } else {
            self.recompose(measured, table, year)?
        };
        let made = Arc::new(match table.proxy {
            None => made,
            Some(proxy) => {
                let mut published = self.rankings[indicator].iter();
                let published = published.find(|table| table.basis == Basis::Published);
                made.standing_in(proxy.indicator, published)
            }
        });
        self.recast.keep(key, &made);
        Some(made)
    }

    /// What moved between municipalities, as the edition tells it.
    fn reorganisations(&self) -> Reorganisations<'_> {
        self.reorganisations_of(|code, date| Some(self.inhabitants_about(code, date)?.1))
    }

    /// The same with other inhabitants about a day.
    pub(crate) fn reorganisations_of(
        &self,
        inhabitants: impl Fn(&str, &str) -> Option<f64>,
    ) -> Reorganisations<'_> {
        let mut told: HashSet<(&str, &str)> = HashSet::new();
        let mut moved: Vec<Moved<'_>> = Vec::with_capacity(self.boundary_changes.len());
        for change in &self.boundary_changes {
            told.insert((change.from.as_str(), &change.date));
            moved.push(Moved {
                date: &change.date,
                from: change.from.as_str(),
                to: change.to.as_str(),
                inhabitants: change.inhabitants,
            });
        }
        let mut lives = Lives::default();
        for region in &self.regions {
            let lifetime = region.lifetime();
            lives.lifetimes.insert(&region.code, lifetime);
            let gave = |event: &&RegionEvent| {
                let direction = event.other.as_ref().map(|other| other.direction);
                event.kind == RegionEventKind::Renamed && direction == Some(Direction::Gave)
            };
            if let Some(new) = region
                .history
                .iter()
                .find(gave)
                .and_then(|event| event.other.as_ref())
            {
                lives.renamed.insert(&region.code, &new.code);
                continue;
            }
            // What the source of the edition says became of it, where no table of changes does.
            let steps = region.successors.iter();
            let untold = steps.filter(|step| {
                lifetime.to == Some(step.date.as_str())
                    && !told.contains(&(region.code.as_str(), &*step.date))
            });
            moved.extend(untold.map(|step| Moved {
                date: &step.date,
                from: &region.code,
                to: &step.code,
                inhabitants: None,
            }));
        }
        Reorganisations::of(&moved, lives, inhabitants)
    }

    /// The year nearest to a day of which the inhabitants of a municipality are known, the earlier one of two as near, with those. On borders of the day or
    /// later it is another municipality: such a year counts as one further off.
    fn inhabitants_about(&self, code: &str, date: &str) -> Option<(i32, f64)> {
        let (region, _) = self.region(code)?;
        let (indicator, _) = self.indicator(INHABITANTS)?;
        let day: i32 = year_of(date).parse().ok()?;
        let tables = self.rankings[indicator].iter();
        let known = tables.filter(|table| table.basis == Basis::Computed);
        let known = known.filter_map(|table| {
            let vintage = year_of(table.vintage());
            let year: i32 = vintage.parse().ok()?;
            let is_before = format!("{vintage}-01-01").as_str() < date;
            let distance = if is_before { day - year } else { year - day + 1 };
            let people = table.row(region)?.1.value?;
            (distance <= NEAREST_INHABITANTS).then_some((distance, year, people))
        });
        let nearest = known.min_by_key(|(distance, year, _)| (*distance, *year));
        nearest.map(|(_, year, people)| (year, people))
    }

    fn recast_values(&self, indicator: usize, table: &RankingTable, year: &str) -> RankingTable {
        let reorganisations = self.reorganisations();
        let transfer = reorganisations.transfer(year_of(table.vintage()), year);
        let targets = reorganisations.municipalities(year);
        let weights = Weights::of(self, indicator, table);
        let combine = match self.indicators[indicator].aggregation() {
            Aggregation::Sum => Combine::Sum,
            Aggregation::WeightedMean => Combine::Mean(|code: &str| weights.of_region(self.region(code)?.0)),
            Aggregation::NotPossible => Combine::NotPossible,
        };
        let is_about_land = self.is_about_land(indicator);
        let mut found = RecastRows::default();
        for code in &targets {
            let Some((region, _)) = self.region(code) else {
                continue; // unreachable: the codes are those of the regions
            };
            let is_divided = || transfer.pieces(code).iter().any(|piece| !piece.is_whole());
            if is_about_land && transfer.gaps(code).next().is_none() && is_divided() {
                self.add_absence(&mut found, region, NotRecast::NoWeight);
                continue;
            }
            let value = |source: &str| {
                let (place, _) = self.region(source).ok_or(ObservationStatus::Missing)?;
                let value = table.row(place).and_then(|(_, row)| row.value);
                value.ok_or_else(|| {
                    let absent = table.absent.get(&place).copied();
                    absent.unwrap_or(ObservationStatus::Missing)
                })
            };
            match transfer.value(code, value, &combine) {
                Ok(recast) => self.add_value(&mut found, table, region, recast, weights.approximate),
                Err(why) => self.add_absence(&mut found, region, why),
            }
        }
        self.add_lost(&mut found.recasting, table, &transfer, &reorganisations);
        let supposed = reorganisations.by_inhabitants(year_of(table.vintage()), year);
        let years = supposed.filter_map(|(date, code)| Some(self.inhabitants_about(code, date)?.0));
        found.recasting.inhabitants_of.extend(years);
        table.recast(year, targets.len(), found)
    }

    /// Whether its figures are of land, or per land: that does not go where people go, whose numbers are all that is known of parts.
    fn is_about_land(&self, indicator: usize) -> bool {
        let denominator = self.denominator_of(indicator);
        self.indicators[indicator].is_land()
            || denominator.is_some_and(|(_, denominator)| denominator.is_land())
    }

    fn add_value(
        &self,
        found: &mut RecastRows,
        table: &RankingTable,
        region: usize,
        recast: Recast<'_>,
        approximate: bool,
    ) {
        let made_of = recast.made_of.iter();
        let made_of: Vec<usize> = made_of.filter_map(|code| Some(self.region(code)?.0)).collect();
        let rows = made_of.iter().filter_map(|&place| Some(table.row(place)?.1));
        let (states, origins): (Vec<_>, Vec<_>) = rows.map(|row| (row.status, row.origin)).unzip();
        let is_combined = made_of.len() > 1 || recast.is_estimated;
        let is_estimated = recast.is_estimated || (approximate && made_of.len() > 1);
        let has = |status| states.contains(&Some(status));
        let status = if is_estimated || has(ObservationStatus::Estimated) {
            ObservationStatus::Estimated
        } else if has(ObservationStatus::Provisional) {
            ObservationStatus::Provisional
        } else {
            ObservationStatus::Final
        };
        let origin = match origins.first() {
            Some(Some(origin)) if !is_combined => *origin,
            _ => ObservationOrigin::Aggregated,
        };
        if let Some(&first) = made_of.first() {
            found.sources.push((region, table.source_of(first).into()));
        }
        found.rows.push(ValueRow {
            region,
            value: recast.value,
            status,
            origin,
        });
        if recast.is_recast {
            let value = RecastValue {
                is_estimated,
                share_moved: recast.share_moved,
                made_of,
            };
            found.recasting.values.insert(region, value);
        }
    }

    fn add_absence(&self, found: &mut RecastRows, region: usize, why: NotRecast<'_>) {
        let status = match why {
            NotRecast::Absent(status) => status,
            NotRecast::NoWeight => {
                found.recasting.without_weights.insert(region);
                ObservationStatus::Missing
            }
            NotRecast::NotPossible => {
                found.recasting.not_possible.insert(region);
                ObservationStatus::NotApplicable
            }
            NotRecast::Gaps(gaps) => {
                let gaps = gaps.into_iter();
                let moves =
                    gaps.filter_map(|gap| Some((gap.date.to_owned(), self.region(gap.municipality)?.0)));
                found.recasting.unknown_moves.insert(region, moves.collect());
                ObservationStatus::Missing
            }
        };
        found.absent.insert(region, status);
    }

    /// Figures of municipalities that did not exist on the borders they are said to be of, or that nobody says what became of.
    fn add_lost(
        &self,
        recasting: &mut Recasting,
        table: &RankingTable,
        transfer: &Transfer<'_>,
        reorganisations: &Reorganisations<'_>,
    ) {
        let known = reorganisations.municipalities(year_of(table.vintage()));
        let known: HashSet<&str> = known.into_iter().collect();
        let unknown = table.rows.iter().map(|row| row.region);
        let unknown = unknown.filter(|&place| !known.contains(self.regions[place].code.as_str()));
        let lost = transfer
            .lost()
            .filter_map(|gap| Some(self.region(gap.municipality)?.0));
        recasting.lost.extend(unknown.chain(lost));
    }

    /// A composite on other borders: its parts on those borders, graded there and composed again.
    fn recompose(&self, indicator: usize, table: &RankingTable, year: &str) -> Option<RankingTable> {
        let composition =
            Composition::of_indicator(&self.indicators, &self.indicator_index, indicator).ok()?;
        let of_leaf = |&leaf: &usize| {
            let own = self.rankings[leaf].iter();
            let mut own = own.filter(|own| own.basis == Basis::Computed && own.leaves.is_empty());
            let own = own.find(|own| own.period == table.period)?;
            Some((leaf, self.on_borders_of(leaf, own, year)?))
        };
        let leaves: Vec<Option<(usize, Arc<RankingTable>)>> =
            composition.leaves().iter().map(of_leaf).collect();
        let tables = LeafTables(
            leaves
                .iter()
                .map(|leaf| Some(leaf.as_ref()?.1.as_ref()))
                .collect(),
        );
        let regions = 0..self.regions.len();
        let units: Vec<usize> = regions
            .filter(|&region| self.regions[region].existed_on(year))
            .collect();
        let municipalities = units.len();
        let ranked = composition
            .rank(&tables, units, None, (Basis::Computed, &table.period))
            .ok()?;
        let mut recasting = Recasting::default();
        for (leaf, of_leaf) in leaves.iter().flatten() {
            if let Some(own) = of_leaf.recasting() {
                recasting.add_part(*leaf, own);
            }
        }
        recasting
            .values
            .retain(|region, _| ranked.table.row(*region).is_some());
        let mut made = ranked.table.with_recasting(table.ordinal, year, recasting);
        made.missing = count(municipalities).saturating_sub(made.n);
        Some(made)
    }
}

impl Recasting {
    /// Adds what one part of a composite says of its own figures.
    fn add_part(&mut self, leaf: usize, part: &Self) {
        for (&region, value) in &part.values {
            let known = self.values.entry(region).or_insert_with(|| value.clone());
            known.is_estimated |= value.is_estimated;
            known.share_moved = known.share_moved.max(value.share_moved);
            known.made_of.extend(&value.made_of);
            known.made_of.sort_unstable();
            known.made_of.dedup();
        }
        if !part.not_possible.is_empty() {
            self.not_possible_part.get_or_insert(leaf);
        }
        self.not_possible.extend(&part.not_possible);
        self.without_weights.extend(&part.without_weights);
        self.lost.extend(&part.lost);
        self.inhabitants_of.extend(&part.inhabitants_of);
        for (region, moves) in &part.unknown_moves {
            self.unknown_moves.entry(*region).or_insert_with(|| moves.clone());
        }
    }
}
