//! The means of groups, of chosen municipalities and of relevant regions, side by side and against the national mean.

use std::{cmp::Ordering, collections::HashSet};

use groeikern::v1::{self, CaveatCode, GapDirection};

use crate::rpc::{
    Failure,
    flows::relevant_region,
    lookup::{self, Figures},
    metadata::Metadata,
    render,
    request::Violations,
};
use crate::{
    domain::{Aggregation, Basis, Group, Indicator, Text},
    method::{GradeMethod, GroupMean, compare_derived},
    snapshot::{RankingTable, Snapshot, VerdictScale},
};

/// Group standings of one answer at most.
const MOST_COMBINATIONS: usize = 5000;
/// Groups of one request at most, and lists.
const MOST_GROUPS: usize = 500;
/// Codes of one list at most.
const MOST_CODES: usize = 500;
/// Codes of all lists at most.
const MOST_CODES_OF_ALL: usize = 5000;

/// What a request chooses of the figures.
pub(super) struct Chosen<'a> {
    basis: Option<Basis>,
    period: Option<&'a str>,
    method: Option<GradeMethod>,
    regions: Vec<relevant_region::Asked<'a>>,
}

impl<'a> Chosen<'a> {
    pub(super) fn parse(request: &'a v1::CompareGroupsRequest) -> Result<Self, Failure> {
        let mut violations = Violations::new();
        let (groups, lists) = (&request.group_ids, &request.ad_hoc_groups);
        let regions = &request.relevant_regions;
        if groups.is_empty() && lists.is_empty() && regions.is_empty() {
            violations.add(
                "group_ids",
                "needs at least 1, such as `nta_new_towns`, or else ad_hoc_groups or relevant_regions",
            );
        }
        violations.ids("group_ids", groups, 0, MOST_GROUPS, "nta_new_towns");
        violations.ids("indicator_ids", &request.indicator_ids, 0, 500, "low_theft");
        let combinations = (groups.len() + lists.len() + regions.len()) * request.indicator_ids.len();
        violations.combinations("indicator_ids", combinations, MOST_COMBINATIONS);
        let basis = violations.basis(request.basis);
        let period = violations.period(&request.period);
        let method = violations.grade_method(request.grade_method);
        violations.universe(&request.universe_id);
        check_lists(lists, &mut violations);
        let regions =
            relevant_region::Asked::parse_all(regions, "relevant_regions", "", MOST_GROUPS, &mut violations);
        violations.finish()?;
        Ok(Self {
            basis,
            period,
            method,
            regions,
        })
    }
}

fn check_lists(lists: &[v1::AdHocGroup], violations: &mut Violations) {
    let field = "ad_hoc_groups";
    if violations.too_many(field, lists.len(), MOST_GROUPS) {
        return;
    }
    let codes: usize = lists.iter().map(|list| list.region_codes.len()).sum();
    if violations.too_many("ad_hoc_groups.region_codes", codes, MOST_CODES_OF_ALL) {
        return;
    }
    let mut labels = HashSet::new();
    for (place, list) in lists.iter().enumerate() {
        let of_label = format!("{field}[{place}].label");
        let label = violations.required(&of_label, &list.label, 100, "north");
        if !label.is_empty() && !labels.insert(label) {
            violations.add(of_label, format!("`{label}` is the label of another list too"));
        }
        let of_codes = format!("{field}[{place}].region_codes");
        violations.region_codes(&of_codes, &list.region_codes, 1, MOST_CODES);
    }
}

/// Whose mean is compared.
enum Compared<'a> {
    Group(&'a Group),
    /// Municipalities chosen for the request: their label, and their places among the regions.
    List(&'a str, Vec<usize>),
    Region(relevant_region::Found<'a>),
}

impl<'a> Compared<'a> {
    fn region(&self) -> Option<&relevant_region::Found<'a>> {
        match self {
            Self::Region(region) => Some(region),
            Self::Group(_) | Self::List(..) => None,
        }
    }
}

/// Every comparison that was asked for.
pub(super) fn compare(
    edition: &Snapshot,
    request: &v1::CompareGroupsRequest,
    chosen: &Chosen<'_>,
) -> Result<v1::CompareGroupsResponse, Failure> {
    let groups = request.group_ids.iter().map(|id| lookup::group(edition, id));
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    let mut all: Vec<Compared<'_>> = groups.iter().map(|group| Compared::Group(group)).collect();
    for list in &request.ad_hoc_groups {
        let codes = list.region_codes.iter();
        let places = codes.map(|code| Ok(lookup::region_of(edition, code, chosen.period)?.0));
        all.push(Compared::List(
            &list.label,
            places.collect::<Result<_, Failure>>()?,
        ));
    }
    for region in &chosen.regions {
        all.push(Compared::Region(region.find(edition)?));
    }
    let figures = Figures::new(edition, chosen.basis, chosen.period, &request.universe_id)?;
    let mut metadata = Metadata::of(edition);
    metadata.quote_all();
    metadata.general_source_caveats();
    let everything = request.indicator_ids.is_empty();
    let asked: Vec<&str> = if everything {
        let indicators = edition.indicators.iter();
        indicators.map(|indicator| indicator.id.as_str()).collect()
    } else {
        request.indicator_ids.iter().map(String::as_str).collect()
    };
    let (mut comparisons, mut vintages) = (Vec::new(), Vec::new());
    for id in asked {
        let Some((place, indicator)) = edition.indicator(id) else {
            comparisons.push(unknown_indicator(id));
            continue;
        };
        let Some(table) = figures.find(edition, place) else {
            if !everything {
                comparisons.push(without_ranking(indicator));
            }
            continue;
        };
        let compared = comparison(edition, (indicator, table), &all, chosen.method, &mut metadata);
        let has_means = compared.status() == v1::ItemStatus::Ok;
        let of_lists = |standing: &v1::GroupStanding| standing.group.is_none() && standing.contributed > 0;
        let has_figures = has_means || compared.groups.iter().any(of_lists);
        if has_figures {
            vintages.push(table.vintage());
            metadata.ranking(indicator, table);
            metadata.means(table, &compared.groups);
            metadata.former_members(indicator, table, &groups);
        }
        if has_figures || !everything {
            comparisons.push(compared);
            // Of all indicators it is not known before how many there will be.
            let mut violations = Violations::new();
            violations.combinations("group_ids", comparisons.len() * all.len(), MOST_COMBINATIONS);
            violations.finish()?;
        }
    }
    let regions = all.iter().filter_map(Compared::region);
    regions
        .clone()
        .for_each(|region| metadata.relevant_region(region, &vintages));
    let relevant_regions = regions.map(|region| region.municipalities(edition)).collect();
    Ok(v1::CompareGroupsResponse {
        metadata: metadata.finish(),
        comparisons,
        relevant_regions,
    })
}

/// The groups and lists on one indicator.
fn comparison(
    edition: &Snapshot,
    (indicator, table): (&Indicator, &RankingTable),
    all: &[Compared<'_>],
    method: Option<GradeMethod>,
    metadata: &mut Metadata<'_>,
) -> v1::GroupComparison {
    let is_count = render::measured(edition, indicator, table).aggregation() == Aggregation::Sum;
    let inhabitants = edition.inhabitants(&table.period).filter(|_| !is_count);
    let national = table.mean_of_all();
    let weighted_national = inhabitants.and_then(|weights| table.weighted_mean_of_all(weights));
    let mut without_weights = false;
    let standings: Vec<v1::GroupStanding> = all
        .iter()
        .map(|compared| {
            let (mut standing, places) = standing(edition, table, compared, method);
            standing.gap = standing.mean.and_then(|mean| gap(table, mean, national?));
            let weighted = inhabitants.and_then(|weights| table.weighted_mean_of(places, weights));
            without_weights |= weighted.is_none() && standing.mean.is_some();
            standing.weighted_mean = weighted.map(|weighted| v1::GroupMean {
                mean: weighted.mean,
                contributed: weighted.contributed,
                standing: table
                    .standing_of_mean(weighted.mean, method)
                    .and_then(|standing| render::standing(&standing, table.scale())),
                gap: weighted_national.and_then(|national| gap(table, weighted.mean, national)),
            });
            standing
        })
        .collect();
    match (without_weights, is_count) {
        (true, true) => metadata.about(CaveatCode::CountNotWeighted, count_not_weighted, &indicator.id),
        (true, false) => metadata.about(CaveatCode::InhabitantsUnknown, inhabitants_unknown, &indicator.id),
        (false, _) => {}
    }
    let any = standings
        .iter()
        .any(|standing| standing.status() == v1::ItemStatus::Ok);
    v1::GroupComparison {
        ranking: render::ranking_summary(edition, indicator, table, method),
        groups: standings,
        status: if any {
            v1::ItemStatus::Ok
        } else {
            v1::ItemStatus::NoData
        }
        .into(),
        national_mean: national.map(national_mean),
        national_weighted_mean: weighted_national.map(national_mean),
    }
}

/// Where the unweighted mean stands, and the places of those it may rest on.
fn standing(
    edition: &Snapshot,
    table: &RankingTable,
    compared: &Compared<'_>,
    method: Option<GradeMethod>,
) -> (v1::GroupStanding, Vec<usize>) {
    match compared {
        Compared::Group(group) => {
            let standing = render::group_standing(edition, table, group, method);
            (standing, edition.places_of(group, table.vintage()))
        }
        Compared::List(label, places) => {
            let mean = table.mean_of(places.iter().copied(), method);
            let standing = v1::GroupStanding {
                ad_hoc_label: (*label).to_owned(),
                ..render::mean_standing(table, places.len(), &mean)
            };
            (standing, places.clone())
        }
        Compared::Region(region) => region.standing_in(edition, table, method),
    }
}

/// How far a mean is from that of all units; `None` where only positions are known.
fn gap(table: &RankingTable, mean: f64, national: GroupMean) -> Option<v1::NationalGap> {
    let orientation = table.orientation()?;
    let difference = mean - national.mean;
    let better = compare_derived(orientation.orient(mean), orientation.orient(national.mean));
    // Without a judgement the orientation is that of the values: higher comes first.
    let direction = match (better, table.scale()) {
        (Ordering::Equal, _) => GapDirection::Equal,
        (Ordering::Greater, VerdictScale::Favourable) => GapDirection::Ahead,
        (Ordering::Less, VerdictScale::Favourable) => GapDirection::Behind,
        _ if difference > 0.0 => GapDirection::Higher,
        _ => GapDirection::Lower,
    };
    Some(v1::NationalGap {
        difference: difference.is_finite().then_some(difference),
        direction: direction.into(),
    })
}

fn national_mean(found: GroupMean) -> v1::NationalMean {
    v1::NationalMean {
        mean: found.mean,
        contributed: found.contributed,
    }
}

fn inhabitants_unknown() -> Text {
    Text::new(
        "De editie heeft van de periode van de cijfers geen inwonertallen van de leden: het gemiddelde naar inwoners ontbreekt.",
        "The edition has no inhabitants of the members in the period of the figures: the mean by inhabitants is absent.",
    )
}

fn count_not_weighted() -> Text {
    Text::new(
        "De indicator is een aantal. Een gemiddelde naar inwoners zegt dan niets en is weggelaten.",
        "The indicator is a number of people or things. A mean by inhabitants would say nothing and is left out.",
    )
}

fn without_ranking(indicator: &Indicator) -> v1::GroupComparison {
    v1::GroupComparison {
        ranking: render::indicator_only(indicator),
        status: v1::ItemStatus::NoData.into(),
        ..Default::default()
    }
}

fn unknown_indicator(id: &str) -> v1::GroupComparison {
    let indicator = v1::IndicatorRef {
        id: id.to_owned(),
        ..Default::default()
    };
    v1::GroupComparison {
        ranking: Some(v1::RankingSummary {
            indicator: Some(indicator),
            ..Default::default()
        }),
        status: v1::ItemStatus::Unknown.into(),
        ..Default::default()
    }
}
