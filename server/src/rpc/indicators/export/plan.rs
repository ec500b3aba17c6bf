//! What an export holds: which series of which regions, and how many figures. Small beside the figures themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{Form, rows};
use crate::{
    domain::{Basis, Level},
    rpc::{Edition, Failure, lookup, request::Span},
    snapshot::{ListedArea, Snapshot, municipality_of},
};

/// No place in the list of regions.
const LEFT_OUT: u32 = u32::MAX;

/// The lists of an export, in the order of its messages.
#[derive(Debug)]
pub(in crate::rpc::indicators) struct Plan {
    /// Indicators with figures, by their place in the edition.
    pub(super) indicators: Vec<usize>,
    pub(super) regions: Regions,
    pub(super) series: Vec<Series>,
    /// Figures of all series.
    pub(super) figures: u64,
}

/// The regions of an export, municipalities first.
#[derive(Debug)]
pub(super) struct Regions {
    /// By their place in the edition.
    pub(super) towns: Vec<usize>,
    /// By code.
    pub(super) areas: Vec<ListedArea>,
    /// Per municipality of the edition, its place in the list.
    place_of_town: Vec<u32>,
}

/// Figures that one indicator, basis, period and level share.
#[derive(Debug)]
pub(super) struct Series {
    /// Its place among the indicators of the plan.
    pub(super) indicator: usize,
    pub(super) period: String,
    pub(super) level: Level,
    pub(super) of: Figures,
    pub(super) count: u32,
}

/// Where the figures of a series are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Figures {
    /// In this ranking of the indicator.
    Ranking(usize),
    /// Among the figures of districts and neighbourhoods.
    Areas,
}

impl Regions {
    fn of(towns: Vec<usize>, areas: Vec<ListedArea>, edition: &Snapshot) -> Self {
        let mut place_of_town = vec![LEFT_OUT; edition.regions.len()];
        for (place, &town) in (0..).zip(&towns) {
            place_of_town[town] = place;
        }
        Self {
            towns,
            areas,
            place_of_town,
        }
    }

    /// The place of a municipality in the list, unless it is left out.
    pub(super) fn place_of_town(&self, region: usize) -> Option<u32> {
        Some(self.place_of_town[region]).filter(|place| *place != LEFT_OUT)
    }

    pub(super) fn len(&self) -> usize {
        self.towns.len() + self.areas.len()
    }
}

impl Plan {
    /// What a request asks of this edition.
    pub(in crate::rpc::indicators) fn of(form: &Form<'_>, edition: &Edition) -> Result<Self, Failure> {
        let towns = towns(form, edition)?;
        let mut plan = Self {
            indicators: Vec::new(),
            regions: regions(form, towns.as_ref(), edition),
            series: Vec::new(),
            figures: 0,
        };
        for indicator in indicators(form, edition)? {
            plan.add(indicator, form, edition);
        }
        if plan.series.is_empty() {
            return Err(Failure::nothing_to_export(&edition.manifest.name));
        }
        Ok(plan)
    }

    /// Adds the series of an indicator that have figures.
    fn add(&mut self, indicator: usize, form: &Form<'_>, edition: &Snapshot) {
        let place = self.indicators.len();
        self.indicators.push(indicator);
        for basis in [Basis::Computed, Basis::Published] {
            if form.basis.is_some_and(|asked| asked != basis) {
                continue;
            }
            let mut found = ranked(indicator, basis, form.span, edition);
            if basis == Basis::Computed {
                let periods = edition.area_periods(indicator).into_iter();
                found.extend(
                    periods
                        .filter(|period| form.span.contains(period))
                        .map(|period| (period, Figures::Areas)),
                );
            }
            found.sort_by_key(|(period, _)| *period);
            for ((period, of), &level) in found
                .iter()
                .flat_map(|series| form.levels.iter().map(move |level| (series, level)))
            {
                let of_level = matches!(of, Figures::Ranking(_)) == (level == Level::Municipality);
                if !of_level {
                    continue;
                }
                let mut series = Series {
                    indicator: place,
                    period: (*period).to_owned(),
                    level,
                    of: *of,
                    count: 0,
                };
                series.count = rows::count_of(edition, self, &series);
                self.figures += u64::from(series.count);
                if series.count > 0 {
                    self.series.push(series);
                }
            }
        }
        if self.series.last().is_none_or(|series| series.indicator != place) {
            self.indicators.pop();
        }
    }
}

/// The rankings of an indicator on a basis, within a span of periods.
fn ranked<'e>(
    indicator: usize,
    basis: Basis,
    span: Span<'_>,
    edition: &'e Snapshot,
) -> Vec<(&'e str, Figures)> {
    let tables = edition.rankings(indicator).iter().enumerate();
    tables
        .filter(|(_, table)| table.basis == basis && span.contains(&table.period))
        .map(|(place, table)| (table.period.as_str(), Figures::Ranking(place)))
        .collect()
}

/// The places of the indicators asked for, in catalogue order.
fn indicators(form: &Form<'_>, edition: &Snapshot) -> Result<Vec<usize>, Failure> {
    let request = form.request;
    let mut places = BTreeSet::new();
    for id in &request.indicator_ids {
        places.insert(lookup::indicator(edition, id)?.0);
    }
    for id in &request.theme_ids {
        let theme = lookup::theme(edition, id)?;
        let of_theme = edition.indicators.iter().enumerate();
        places.extend(
            of_theme
                .filter(|(_, indicator)| indicator.theme == theme.id)
                .map(|(place, _)| place),
        );
    }
    if request.indicator_ids.is_empty() && request.theme_ids.is_empty() {
        return Ok((0..edition.indicators.len()).collect());
    }
    Ok(places.into_iter().collect())
}

/// The municipalities asked for, by place and code; `None` for all.
fn towns(form: &Form<'_>, edition: &Snapshot) -> Result<Option<BTreeMap<usize, String>>, Failure> {
    let request = form.request;
    if request.region_codes.is_empty() && request.group_ids.is_empty() {
        return Ok(None);
    }
    let mut towns = BTreeMap::new();
    for code in &request.region_codes {
        towns.insert(lookup::region(edition, code)?.0, code.clone());
    }
    for id in &request.group_ids {
        let members = lookup::group(edition, id)?.members.iter();
        let codes = members.flat_map(|member| member.former_code.iter().chain([&member.code]));
        towns.extend(codes.filter_map(|code| Some((edition.region(code)?.0, code.clone()))));
    }
    Ok(Some(towns))
}

/// The list of regions: of the municipalities asked for those of the levels asked for.
fn regions(form: &Form<'_>, towns: Option<&BTreeMap<usize, String>>, edition: &Snapshot) -> Regions {
    let listed = if form.levels.contains(&Level::Municipality) {
        match towns {
            Some(towns) => towns.keys().copied().collect(),
            None => (0..edition.regions.len()).collect(),
        }
    } else {
        Vec::new()
    };
    let within: Option<BTreeSet<&str>> =
        towns.map(|towns| towns.values().map(|code| municipality_of(&code[2..])).collect());
    let areas = edition.listed_areas(|code| {
        let of_town = within
            .as_ref()
            .is_none_or(|within| within.contains(municipality_of(&code[2..])));
        of_town && form.levels.contains(&rows::level_of_area(code))
    });
    Regions::of(listed, areas, edition)
}
