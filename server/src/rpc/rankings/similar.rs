//! The municipalities most like one, over indicators that a request names, those of themes, or all.

use std::collections::HashSet;

use groeikern::v1::{self, CaveatCode, UnusedReason};

use crate::{
    domain::{Basis, Group, Indicator, Region, Text, wholes_of},
    method::{IndicatorColumn, LeftOut, Neighbour, NoNeighbours, Similarity, drop_parts, most_similar},
    rpc::{
        Failure,
        lookup::{self, Figures},
        metadata::Metadata,
        render,
        request::Violations,
    },
    snapshot::{RankingTable, Snapshot},
};

/// Indicators that one request may name.
const MOST_INDICATORS: usize = 200;
/// Contributions in one answer at most: neighbours times indicators.
const MOST_CONTRIBUTIONS: usize = 30_000;

/// What a request asks.
pub(super) struct Asked<'a> {
    /// Indicators that it names, with weights.
    pub(super) indicators: &'a [v1::WeightedIndicator],
    /// Themes of which it wants every indicator.
    pub(super) themes: &'a [String],
    /// Which figures.
    pub(super) figures: Figures<'a>,
    /// How many neighbours to list.
    pub(super) limit: usize,
    /// Whose members to list.
    pub(super) group: Option<&'a Group>,
}

/// An indicator to compare by.
struct Chosen<'a> {
    place: usize,
    indicator: &'a Indicator,
    weight: f64,
    /// Whether the request names it, and not only its theme.
    named: bool,
    /// Its ranking, or why it says nothing.
    table: Result<&'a RankingTable, UnusedReason>,
}

/// Finds what is wrong with the indicators of a request and their weights.
pub(super) fn check_weights(violations: &mut Violations, request: &v1::FindSimilarRegionsRequest) {
    let named = &request.indicators;
    let ids: Vec<String> = named.iter().map(|of| of.indicator_id.clone()).collect();
    violations.ids("indicators", &ids, 0, MOST_INDICATORS, "low_theft");
    for (index, weight) in named.iter().map(|of| of.weight).enumerate().take(MOST_INDICATORS) {
        if weight.is_some_and(|weight| !(weight.is_finite() && weight >= 0.0)) {
            let description = "is not a weight: write a finite number of at least 0, or leave it out for 1";
            violations.add(format!("indicators[{index}].weight"), description);
        }
    }
    let none_counts = named.iter().all(|of| of.weight == Some(0.0));
    if !named.is_empty() && none_counts && request.theme_ids.is_empty() {
        violations.add(
            "indicators",
            "have weight 0, all of them: name one that counts, or a theme",
        );
    }
}

/// Finds the municipalities most like one.
pub(super) fn similar(
    edition: &Snapshot,
    (place, region): (usize, &Region),
    asked: &Asked<'_>,
) -> Result<v1::FindSimilarRegionsResponse, Failure> {
    let mut chosen = choose(edition, asked)?;
    use_figures_once(&mut chosen);
    leave_parts_to_their_totals(edition, &mut chosen);
    let columns = columns(edition, &chosen);
    let mut violations = Violations::new();
    violations.combinations("limit", asked.limit * columns.len(), MOST_CONTRIBUTIONS);
    violations.finish()?;
    let found = compare(edition, (place, region), &chosen, &columns)?
        .among(|unit| existed(&edition.regions[unit], asked.figures.period));
    for (id, reason) in &found.left_out {
        let reason = match reason {
            LeftOut::NoWeight => UnusedReason::NoWeight,
            LeftOut::NoFigures => UnusedReason::NoFigures,
            LeftOut::Constant => UnusedReason::NoVariation,
        };
        chosen
            .iter_mut()
            .filter(|of| of.indicator.id == *id)
            .for_each(|of| of.table = Err(reason));
    }
    Ok(answer(edition, (place, region), asked, &chosen, &found))
}

/// The indicators asked for, each with its ranking or the reason it has none.
fn choose<'a>(edition: &'a Snapshot, asked: &Asked<'_>) -> Result<Vec<Chosen<'a>>, Failure> {
    let mut chosen = Vec::new();
    for named in asked.indicators {
        let (place, indicator) = lookup::indicator(edition, &named.indicator_id)?;
        chosen.push((place, indicator, named.weight.unwrap_or(1.0), true));
    }
    for id in asked.themes {
        lookup::theme(edition, id)?;
    }
    let everything = asked.indicators.is_empty() && asked.themes.is_empty();
    let of_themes = |indicator: &Indicator| everything || asked.themes.contains(&indicator.theme);
    for (place, indicator) in edition.indicators.iter().enumerate() {
        let named = chosen.iter().any(|&(known, ..)| known == place);
        if of_themes(indicator) && !named {
            chosen.push((place, indicator, 1.0, false));
        }
    }
    let chosen = chosen.into_iter().map(|(place, indicator, weight, named)| {
        let table = if weight == 0.0 {
            Err(UnusedReason::NoWeight)
        } else if indicator.origin && !named {
            Err(UnusedReason::OriginCategory)
        } else if !indicator.children.is_empty() && !named {
            Err(UnusedReason::Composite)
        } else {
            // The figures of a stand-in are in the choice themselves when it was not made one by one.
            let basis = asked.figures.basis;
            let figures = Figures {
                basis: if named {
                    basis
                } else {
                    basis.or(Some(Basis::Computed))
                },
                ..asked.figures
            };
            values(edition, place, &figures)
        };
        Chosen {
            place,
            indicator,
            weight,
            named,
            table,
        }
    });
    Ok(chosen.collect())
}

/// The ranking of an indicator's values, or why there is none.
fn values<'a>(
    edition: &'a Snapshot,
    indicator: usize,
    figures: &Figures<'_>,
) -> Result<&'a RankingTable, UnusedReason> {
    let found = figures.find(edition, indicator);
    found.filter(|table| table.has_values()).ok_or_else(|| {
        let all = edition.rankings(indicator);
        if !all.is_empty() && all.iter().all(|table| table.basis == Basis::Published) {
            UnusedReason::PublishedOnly
        } else {
            UnusedReason::NoFigures
        }
    })
}

/// Of indicators that rest on the same figures only one counts: that of which they are, else the first.
fn use_figures_once(chosen: &mut [Chosen<'_>]) {
    let measured = |of: &Chosen<'_>, table: &RankingTable| {
        let indicator = table.measured(of.place);
        (indicator, table.period.clone())
    };
    let mut seen: HashSet<(usize, String)> = chosen
        .iter()
        .filter_map(|of| {
            let own = of.table.ok().filter(|table| table.proxy.is_none())?;
            Some(measured(of, own))
        })
        .collect();
    for of in chosen {
        if let Ok(table) = of.table
            && table.proxy.is_some()
            && !seen.insert(measured(of, table))
        {
            of.table = Err(UnusedReason::SameFigures);
        }
    }
}

/// Parts that were not named do not count beside their total.
fn leave_parts_to_their_totals(edition: &Snapshot, chosen: &mut [Chosen<'_>]) {
    let ids: Vec<&str> = chosen
        .iter()
        .filter(|of| of.table.is_ok())
        .map(|of| of.indicator.id.as_str())
        .collect();
    let kept = drop_parts(&ids, |part| wholes_of(&edition.indicators, part));
    for of in chosen {
        if of.table.is_ok() && !of.named && !kept.contains(&of.indicator.id.as_str()) {
            of.table = Err(UnusedReason::PartOfTotal);
        }
    }
}

/// Whether a municipality can be like another: it exists, or existed in the period asked for.
fn existed(region: &Region, period: Option<&str>) -> bool {
    period.map_or(!region.is_former(), |period| region.has_figures_of(period))
}

/// The values of usable indicators by the places of regions, in the order chosen.
fn columns<'a>(edition: &Snapshot, chosen: &[Chosen<'a>]) -> Vec<(&'a Indicator, f64, Vec<Option<f64>>)> {
    let usable = chosen.iter().filter_map(|of| Some((of, of.table.ok()?)));
    usable
        .map(|(of, table)| {
            let mut values = vec![None; edition.regions.len()];
            for row in &table.rows {
                values[row.region] = row.value;
            }
            (of.indicator, of.weight, values)
        })
        .collect()
}

fn compare<'a>(
    edition: &Snapshot,
    (place, region): (usize, &Region),
    chosen: &[Chosen<'_>],
    columns: &'a [(&'a Indicator, f64, Vec<Option<f64>>)],
) -> Result<Similarity<'a>, Failure> {
    let weights: Vec<(&str, f64)> = columns
        .iter()
        .map(|(indicator, weight, _)| (indicator.id.as_str(), *weight))
        .collect();
    let columns: Vec<IndicatorColumn<'_>> = columns
        .iter()
        .map(|(indicator, _, values)| IndicatorColumn {
            id: &indicator.id,
            values,
        })
        .collect();
    most_similar(place, &columns, &weights).map_err(|why| match why {
        NoNeighbours::NoUsableIndicator => {
            let only_published = |of: &Chosen<'_>| of.table.err() == Some(UnusedReason::PublishedOnly);
            let published = chosen.iter().filter(|of| only_published(of)).count();
            Failure::nothing_to_compare_by(&edition.manifest.name, published)
        }
        NoNeighbours::SubjectWithoutFigures => Failure::no_values_of_region(region, &edition.manifest.name),
        // Indicators are in the catalogue once, and weights were checked with the request.
        other => Failure::internal(&format!("likeness: {other:?}")),
    })
}

fn answer(
    edition: &Snapshot,
    (place, region): (usize, &Region),
    asked: &Asked<'_>,
    chosen: &[Chosen<'_>],
    found: &Similarity<'_>,
) -> v1::FindSimilarRegionsResponse {
    let mut metadata = Metadata::of(edition);
    let (mut indicators, mut unused) = (Vec::new(), Vec::new());
    for of in chosen {
        let mut leave_out = |reason: UnusedReason| {
            unused.push(v1::UnusedIndicator {
                indicator: render::indicator_ref(of.indicator),
                reason: reason.into(),
            });
        };
        let standard = found.used.iter().find(|used| used.id == of.indicator.id);
        let (table, standard) = match (of.table, standard) {
            (Ok(table), Some(standard)) => (table, standard),
            (table, _) => {
                leave_out(table.err().unwrap_or_default());
                continue;
            }
        };
        metadata.ranking(of.indicator, table);
        let value = table.row(place).and_then(|(_, row)| row.value);
        if value.is_none() {
            leave_out(UnusedReason::RegionWithoutFigure);
        }
        indicators.push(v1::SimilarityIndicator {
            ranking: render::ranking_summary(edition, of.indicator, table, None),
            weight: of.weight,
            value,
            mean: standard.mean,
            deviation: standard.deviation,
        });
    }
    caveats(&mut metadata, chosen);
    let members = asked.group.map(|group| match asked.figures.period {
        Some(period) => edition.places_of(group, edition.vintage_of(period)),
        None => edition.present_places_of(group),
    });
    let listed = |near: &&Neighbour<'_>| {
        members
            .as_ref()
            .is_none_or(|members| members.contains(&near.unit))
    };
    let listable: Vec<&Neighbour<'_>> = found.neighbours.iter().filter(listed).collect();
    let shown = listable.iter().take(asked.limit);
    v1::FindSimilarRegionsResponse {
        metadata: metadata.finish(),
        region: render::region_ref(region),
        neighbours: shown.map(|near| neighbour(edition, chosen, near)).collect(),
        indicators,
        unused,
        compared: crate::method::count(found.neighbours.len()),
        not_comparable: crate::method::count(found.incomparable.len()),
        listable: crate::method::count(listable.len()),
    }
}

fn neighbour(edition: &Snapshot, chosen: &[Chosen<'_>], near: &Neighbour<'_>) -> v1::SimilarRegion {
    let contributions = near.contributions.iter().map(|part| {
        let of = chosen.iter().find(|of| of.indicator.id == part.id);
        let table = of.and_then(|of| of.table.ok());
        v1::SimilarityContribution {
            indicator_id: part.id.to_owned(),
            value: table.and_then(|table| table.row(near.unit)?.1.value),
            difference: part.difference,
            share: part.share,
        }
    });
    v1::SimilarRegion {
        region: render::region_ref(&edition.regions[near.unit]),
        position: near.position,
        distance: near.distance,
        shared_weight: near.shared_weight,
        contributions: contributions.collect(),
    }
}

fn caveats(metadata: &mut Metadata<'_>, chosen: &[Chosen<'_>]) {
    metadata.caveat(
        CaveatCode::Likeness,
        Text::new(
            "De gelijkenis geldt voor de gebruikte indicatoren en hun gewichten. Het is geen vergelijkingsgroep uit een onderzoek.",
            "Likeness is over the indicators used and their weights. It is no comparison group of a study.",
        ),
    );
    if chosen.iter().any(|of| !of.named && of.table.is_ok()) {
        metadata.caveat(
            CaveatCode::UnbalancedIndicators,
            Text::new(
                "De indicatoren zijn niet een voor een gekozen: thema's met veel indicatoren wegen zwaarder, en indicatoren die \
                 samengaan tellen meer dan eens.",
                "Indicators were not chosen one by one: themes with many of them weigh more, and those that move together count \
                 more than once.",
            ),
        );
    }
}
