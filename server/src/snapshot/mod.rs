//! An edition as read-only columns in memory: ranked and graded once, when it is opened. No request touches SQL.

mod among;
mod areas;
mod composition;
mod difference;
mod flows;
mod load;
mod loaded;
mod name_index;
mod ranking_table;
mod recast;
mod search;
mod weights;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::{HashMap, HashSet};

pub use among::{Among, UnitsOf};
pub use areas::{
    AreaFigures, AreaTables, AreaWeights, ListedArea, MaskedDistricts, Measured, NeighbourhoodValues,
    ScoredAreas, Weighting, district_of, municipality_of,
};
pub use composition::{ComposedRanking, Composition, LeafTables};
pub use difference::{
    Change, ChangeType, ChangedVerdict, Counted, DefinitionChange, Difference, DifferenceCounts,
    FiguresChange, MoveCause, OneVerdict, PositionMove, RangeBasis, ScaleChange, StatedFigure, ValueChange,
    Verdicts,
};
pub use flows::{FlowMatrix, FlowPair, FlowTotals, Flows};
pub use loaded::{LoadError, LoadedEditions, NotLoaded, Prepared};
pub use name_index::{Resolved, ResolvedBy, Unresolved};
pub use ranking_table::{
    GradeCaveat, GroupMeanStanding, Hypothesis, PlacedUnit, ProxyStanding, PublishedMean, RankedRow,
    RankingTable, RecastValue, Recasting, Standing, Supposed, VerdictScale,
};
pub use search::{CatalogueKind, SearchHit};

use crate::{
    domain::{
        Basis, BoundaryChange, Group, GroupMember, INHABITANTS, ImportedUnit, Indicator, Knowledge, Region,
        Source, Succession, Text, Theme, Universe, existed_in, year_of,
    },
    edition::{EditionError, EditionFile, Location, edition_id, shelf::Manifest},
};
use among::RankingsAmong;
use name_index::NameIndex;

/// One edition, ready to answer.
#[derive(Debug)]
pub struct Snapshot {
    /// Its publication.
    pub manifest: Manifest,
    /// Title.
    pub title: Text,
    /// Sources.
    pub sources: Vec<Source>,
    /// Sets of units that can be ranked against each other, beside the municipalities of each year.
    pub universes: Vec<Universe>,
    /// Themes, in the order of the report.
    pub themes: Vec<Theme>,
    /// Indicators, in catalogue order.
    pub indicators: Vec<Indicator>,
    /// Regions by code, former ones included.
    pub regions: Vec<Region>,
    /// Groups, in the order of the report.
    pub groups: Vec<Group>,
    /// What the report explains and advises.
    pub knowledge: Knowledge,
    /// What was imported into it, by recipe and period.
    pub import_units: Vec<ImportedUnit>,
    /// What moved between municipalities, by day, where from and where to.
    pub boundary_changes: Vec<BoundaryChange>,
    years_of_borders: Option<(String, String)>,
    /// The sources of what is known of that, by id.
    pub boundary_sources: Vec<String>,
    /// Whether tables say when municipalities existed; without them only the few of the source have days.
    pub lives_are_known: bool,
    /// How many people move, commute or travel between municipalities.
    pub flows: Flows,
    /// Number of stored observations, missing ones included.
    pub observations: u64,
    /// Per indicator its rankings: best basis first, then latest period first.
    rankings: Vec<Vec<RankingTable>>,
    indicator_index: HashMap<String, usize>,
    region_index: HashMap<String, usize>,
    group_index: HashMap<String, usize>,
    names: NameIndex,
    /// The place of the universe that published positions are among.
    published_universe: usize,
    /// By source id, the licence that its recipe names.
    licences: HashMap<String, String>,
    among: RankingsAmong,
    recast: recast::RankingsRecast,
    areas: areas::Areas,
    masked_towns: areas::MaskedTowns,
}

impl Snapshot {
    /// Opens a published edition and ranks and grades everything in it.
    ///
    /// # Errors
    /// [`EditionError`] when the file is damaged, of another schema, or not the edition its manifest says.
    pub fn open(manifest: Manifest, location: &Location) -> Result<Self, EditionError> {
        let edition = crate::edition::open(location, &manifest.file_sha256)?;
        if edition.content_hash != manifest.content_hash {
            let message = format!(
                "its content hash is {}, the shelf says {}",
                edition.content_hash, manifest.content_hash
            );
            return Err(EditionError::Corrupt(message));
        }
        load::load(manifest, &edition)
    }

    /// Checks that an edition can be opened and ranked, before anybody depends on it.
    ///
    /// # Errors
    /// [`EditionError`] as a server would meet it.
    pub fn check(edition: &EditionFile) -> Result<(), EditionError> {
        Self::open(Manifest::of(edition, 0, None), &edition.location()).map(drop)
    }

    /// The edition's id.
    #[must_use]
    pub fn id(&self) -> &str {
        edition_id(&self.manifest.content_hash)
    }

    /// An indicator and its place in catalogue order.
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<(usize, &Indicator)> {
        self.indicator_index
            .get(id)
            .map(|&index| (index, &self.indicators[index]))
    }

    /// A region by present or former code, and its place.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<(usize, &Region)> {
        self.region_index
            .get(code)
            .map(|&index| (index, &self.regions[index]))
    }

    /// A source by id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// The licence of a source's figures, as its recipe names it.
    #[must_use]
    pub fn licence_of(&self, source: &str) -> Option<&str> {
        self.licences.get(source).map(String::as_str)
    }

    /// A group by id.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.group_index.get(id).map(|&index| &self.groups[index])
    }

    /// The places of a group's members among the regions, by the codes of this period: a member that did not exist yet is
    /// there by its former code. For the figures of a ranking that is its [vintage](RankingTable::vintage).
    #[must_use]
    pub fn places_of(&self, group: &Group, period: &str) -> Vec<usize> {
        let members = group.members.iter();
        members
            .filter_map(|member| self.place_of(member, period))
            .collect()
    }

    /// The places of a group's members among the regions, by their present codes.
    #[must_use]
    pub fn present_places_of(&self, group: &Group) -> Vec<usize> {
        let members = group.members.iter();
        members
            .filter_map(|member| Some(self.region(&member.code)?.0))
            .collect()
    }

    /// The place of a member among the regions, by its code of this period.
    #[must_use]
    pub fn place_of(&self, member: &GroupMember, period: &str) -> Option<usize> {
        Some(self.region(self.code_in(member, period))?.0)
    }

    /// The former codes among those of a group's members in this period.
    #[must_use]
    pub fn former_codes_of<'a>(&'a self, group: &'a Group, period: &str) -> Vec<&'a str> {
        let members = group.members.iter();
        members
            .filter_map(|member| Some(self.code_in(member, period)).filter(|code| *code != member.code))
            .collect()
    }

    /// The code of a member in this period.
    fn code_in<'a>(&self, member: &'a GroupMember, period: &str) -> &'a str {
        let existed = |code: &str| {
            self.region(code)
                .is_some_and(|(_, region)| region.existed_in(period))
        };
        match &member.former_code {
            Some(former) if !existed(&member.code) && existed(former) => former,
            _ => &member.code,
        }
    }

    /// What a municipality is in figures of a vintage: itself, unless it had ended by then; else the successor that most of its
    /// inhabitants went to, or all of them where that is not known. Itself also where the edition knows no successor.
    #[must_use]
    pub fn in_vintage(&self, place: usize, vintage: &str) -> Vec<usize> {
        let (mut found, mut open) = (Vec::new(), vec![place]);
        let mut seen = HashSet::new();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            let region = &self.regions[next];
            let goes_on = existed_in(None, region.valid_to.as_deref(), vintage);
            let followed = match Succession::largest(&region.successors) {
                Some(largest) => std::slice::from_ref(largest),
                None => &region.successors[..],
            };
            if goes_on || followed.is_empty() {
                found.push(next);
            } else {
                open.extend(
                    followed
                        .iter()
                        .filter_map(|successor| Some(self.region(&successor.code)?.0)),
                );
            }
        }
        found.sort_unstable();
        found
    }

    /// The vintage of the figures of a period: the year of their borders, when all of them are on those of another year.
    #[must_use]
    pub fn vintage_of<'a>(&'a self, period: &'a str) -> &'a str {
        let mut units = self.import_units.iter().filter(|unit| unit.period == period);
        let borders = units.next().and_then(|unit| unit.borders.as_deref());
        match borders {
            Some(year) if units.all(|unit| unit.borders.as_deref() == borders) => year,
            _ => period,
        }
    }

    /// The municipalities of a vintage, in the order of the regions: see [`municipalities_in`].
    #[must_use]
    pub fn municipalities_of(&self, vintage: &str) -> Vec<usize> {
        municipalities_in(&self.regions, vintage)
    }

    /// The municipalities of a year, of whatever part of it tables list them.
    #[must_use]
    pub fn municipalities_of_year(&self, year: &str) -> Vec<usize> {
        listed_or_existing(&self.regions, year, |listed| year_of(listed) == year)
    }

    /// Every ranking of an indicator: best basis first, then latest period first.
    #[must_use]
    pub fn rankings(&self, indicator: usize) -> &[RankingTable] {
        &self.rankings[indicator]
    }

    /// The ranking an answer uses: among its own units, of the basis and period asked for, or else the best basis and its latest
    /// period.
    #[must_use]
    pub fn ranking(
        &self,
        indicator: usize,
        basis: Option<Basis>,
        period: Option<&str>,
    ) -> Option<&RankingTable> {
        self.ranking_among(indicator, Among::Own, basis, period)
    }

    /// The same among the units asked for.
    #[must_use]
    pub fn ranking_among(
        &self,
        indicator: usize,
        among: Among<'_>,
        basis: Option<Basis>,
        period: Option<&str>,
    ) -> Option<&RankingTable> {
        self.rankings[indicator]
            .iter()
            .filter(|table| {
                basis.is_none_or(|b| table.basis == b) && period.is_none_or(|p| table.period == p)
            })
            .find_map(|table| self.table_among(indicator, table, among))
    }

    /// What a composite with children is computed from: the tree, and the rankings of a period that its grades are taken from.
    ///
    /// # Errors
    /// As [`composition_of`](Self::composition_of).
    pub fn composition(
        &self,
        composite: usize,
        period: &str,
    ) -> Result<(Composition, LeafTables<'_>), String> {
        let composition = self.composition_of(composite)?;
        let own = |&leaf: &usize| self.ranking(leaf, Some(Basis::Computed), Some(period));
        let tables = LeafTables(composition.leaves().iter().map(own).collect());
        Ok((composition, tables))
    }

    /// The inhabitants of the municipalities in a period.
    #[must_use]
    pub fn inhabitants(&self, period: &str) -> Option<&RankingTable> {
        let (place, _) = self.indicator(INHABITANTS)?;
        self.ranking(place, Some(Basis::Computed), Some(period))
    }

    /// The region a person means by what they typed.
    ///
    /// # Errors
    /// [`Unresolved`] with the nearest names.
    pub fn resolve_region(&self, typed: &str) -> Result<Resolved<'_>, Unresolved> {
        self.resolve(typed, None)
    }

    /// The region that a person means by what they typed, as it was on a day, or on the first of a year.
    ///
    /// # Errors
    /// [`Unresolved`] with the nearest names, or when it is not known what was there then.
    pub fn resolve_region_on<'a>(&'a self, typed: &str, day: &'a str) -> Result<Resolved<'a>, Unresolved> {
        self.resolve(typed, Some(day))
    }

    fn resolve<'a>(&'a self, typed: &str, on: Option<&'a str>) -> Result<Resolved<'a>, Unresolved> {
        let among = name_index::Among {
            regions: &self.regions,
            codes: &self.region_index,
            on,
        };
        self.names.resolve(among, typed)
    }

    /// What in the catalogue fits the words typed, best first.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<SearchHit<'_>> {
        search::search(self, query)
    }
}

/// The municipalities of a vintage, by their places: those that imported tables of it list, or else those that existed.
pub(crate) fn municipalities_in(regions: &[Region], vintage: &str) -> Vec<usize> {
    listed_or_existing(regions, vintage, |listed| listed == vintage)
}

/// The municipalities that tables of the wanted vintages list, or else those that existed in this one.
fn listed_or_existing(regions: &[Region], vintage: &str, wanted: impl Fn(&str) -> bool) -> Vec<usize> {
    let places = |fits: &dyn Fn(&Region) -> bool| -> Vec<usize> {
        let found = regions.iter().enumerate().filter(|(_, region)| fits(region));
        found.map(|(place, _)| place).collect()
    };
    let listed = places(&|region| region.vintages.iter().any(|listed| wanted(listed)));
    if listed.is_empty() {
        places(&|region| region.existed_in(vintage))
    } else {
        listed
    }
}
