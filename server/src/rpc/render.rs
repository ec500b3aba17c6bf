//! What the snapshot holds -> messages that several services send.

mod knowledge;

use groeikern::v1;

use super::borders;
pub(super) use knowledge::{
    citation, factor, factor_by_id, factor_ref, finding, mechanism, mechanism_path, phase, programme,
};

use crate::{
    advice::FactorRole,
    domain::{
        Addressee, Basis, ContextNote, Group, Indicator, IndicatorKind, KindBasis, Level, ObservationOrigin,
        ObservationStatus, Polarity, Recommendation, Region, Text, Universe, municipalities_of,
    },
    method::{Band, GradeMethod, count},
    snapshot::{GroupMeanStanding, PlacedUnit, RankedRow, RankingTable, Snapshot, Standing, VerdictScale},
};

/// Municipalities that change sides, named at most.
const MOST_PASSED: usize = 20;

pub(super) fn text(text: &Text) -> Option<v1::LocalizedText> {
    Some(v1::LocalizedText {
        nl: text.nl.clone(),
        en: text.en.clone(),
    })
}

pub(super) fn optional_text(optional: Option<&Text>) -> Option<v1::LocalizedText> {
    optional.and_then(text)
}

pub(super) fn region_ref(region: &Region) -> Option<v1::RegionRef> {
    Some(v1::RegionRef {
        code: region.code.clone(),
        name: region.name.clone(),
    })
}

pub(super) fn group_ref(group: &Group) -> Option<v1::GroupRef> {
    Some(v1::GroupRef {
        id: group.id.clone(),
        name: text(&group.name),
    })
}

pub(super) fn indicator_ref(indicator: &Indicator) -> Option<v1::IndicatorRef> {
    Some(v1::IndicatorRef {
        id: indicator.id.clone(),
        name: text(&indicator.name),
        kind: kind(indicator.kind).into(),
        theme_id: indicator.theme.clone(),
        block_id: indicator.block.clone().unwrap_or_default(),
    })
}

pub(super) fn kind(kind: IndicatorKind) -> v1::IndicatorKind {
    match kind {
        IndicatorKind::Judgement => v1::IndicatorKind::Judgement,
        IndicatorKind::Composite => v1::IndicatorKind::Composite,
        IndicatorKind::Neutral => v1::IndicatorKind::Neutral,
    }
}

pub(super) fn region_level(level: Level) -> v1::RegionLevel {
    match level {
        Level::Municipality => v1::RegionLevel::Municipality,
        Level::District => v1::RegionLevel::District,
        Level::Neighbourhood => v1::RegionLevel::Neighbourhood,
    }
}

pub(super) fn kind_basis(basis: KindBasis) -> v1::KindBasis {
    match basis {
        KindBasis::Stated => v1::KindBasis::Stated,
        KindBasis::Inferred => v1::KindBasis::Inferred,
        KindBasis::Unverified => v1::KindBasis::Unverified,
    }
}

pub(super) fn polarity(indicator: &Indicator) -> v1::Polarity {
    if indicator.kind_basis == KindBasis::Unverified {
        return v1::Polarity::Unspecified;
    }
    match (indicator.is_judged(), indicator.polarity) {
        (false, _) => v1::Polarity::None,
        (true, Some(Polarity::HigherIsFavourable)) => v1::Polarity::HigherIsFavourable,
        (true, Some(Polarity::LowerIsFavourable)) => v1::Polarity::LowerIsFavourable,
        (true, None) => v1::Polarity::ByPosition,
    }
}

pub(super) fn basis(basis: Basis) -> v1::Basis {
    match basis {
        Basis::Computed => v1::Basis::Computed,
        Basis::Proxy => v1::Basis::Proxy,
        Basis::Published => v1::Basis::Published,
    }
}

pub(super) fn observation_status(status: Option<ObservationStatus>) -> v1::ObservationStatus {
    match status {
        None => v1::ObservationStatus::Unspecified,
        Some(ObservationStatus::Final) => v1::ObservationStatus::Final,
        Some(ObservationStatus::Provisional) => v1::ObservationStatus::Provisional,
        Some(ObservationStatus::Estimated) => v1::ObservationStatus::Estimated,
        Some(ObservationStatus::Suppressed) => v1::ObservationStatus::Suppressed,
        Some(ObservationStatus::Missing) => v1::ObservationStatus::Missing,
        Some(ObservationStatus::NotApplicable) => v1::ObservationStatus::NotApplicable,
    }
}

pub(super) fn observation_origin(origin: Option<ObservationOrigin>) -> v1::ObservationOrigin {
    match origin {
        None => v1::ObservationOrigin::Unspecified,
        Some(ObservationOrigin::Loaded) => v1::ObservationOrigin::Loaded,
        Some(ObservationOrigin::Aggregated) => v1::ObservationOrigin::Aggregated,
        Some(ObservationOrigin::Derived) => v1::ObservationOrigin::Derived,
    }
}

/// Whether a figure that is not there is withheld or simply absent.
pub(super) fn absence(status: Option<&ObservationStatus>) -> v1::ItemStatus {
    match status {
        Some(ObservationStatus::Suppressed) => v1::ItemStatus::Suppressed,
        _ => v1::ItemStatus::NoData,
    }
}

/// Why a ranking has no row of a region: its figure is withheld or absent, or it did not exist in that period.
pub(super) fn absence_in(table: &RankingTable, (place, region): (usize, &Region)) -> v1::ItemStatus {
    match table.absent.get(&place) {
        None if !region.existed_in(table.vintage()) => not_existing(region, table.vintage()),
        status => absence(status),
    }
}

/// Whether a region that did not exist on a day or in a period had ended or was yet to begin.
pub(super) fn not_existing(region: &Region, period: &str) -> v1::ItemStatus {
    if region.ended_by(period) {
        v1::ItemStatus::Retired
    } else {
        v1::ItemStatus::NotYetFounded
    }
}

fn verdict(band: Band, scale: VerdictScale) -> v1::Verdict {
    use VerdictScale::{Favourable, HighLow};
    match (band, scale) {
        (_, VerdictScale::None) => v1::Verdict::Unspecified,
        (Band::Best, Favourable) => v1::Verdict::VeryFavourable,
        (Band::Good, Favourable) => v1::Verdict::Favourable,
        (Band::Middle, Favourable) => v1::Verdict::Middle,
        (Band::Poor, Favourable) => v1::Verdict::Unfavourable,
        (Band::Worst, Favourable) => v1::Verdict::VeryUnfavourable,
        (Band::Best, HighLow) => v1::Verdict::VeryHigh,
        (Band::Good, HighLow) => v1::Verdict::High,
        (Band::Middle, HighLow) => v1::Verdict::Average,
        (Band::Poor, HighLow) => v1::Verdict::Low,
        (Band::Worst, HighLow) => v1::Verdict::VeryLow,
    }
}

/// How the grades of a ranking are made when this method is asked for; unspecified when it has none.
pub(super) fn grade_method_of(table: &RankingTable, asked: Option<GradeMethod>) -> v1::GradeMethod {
    if !table.has_grades() {
        return v1::GradeMethod::Unspecified;
    }
    grade_method(table.grade_method(asked))
}

pub(super) fn grade_method(method: GradeMethod) -> v1::GradeMethod {
    match method {
        GradeMethod::RobustLinear => v1::GradeMethod::RobustLinear,
        GradeMethod::Percentile => v1::GradeMethod::Percentile,
        GradeMethod::NormalScore => v1::GradeMethod::NormalScore,
        GradeMethod::Linear => v1::GradeMethod::Linear,
    }
}

/// The summary of a row without figures: only its indicator is known.
pub(super) fn indicator_only(indicator: &Indicator) -> Option<v1::RankingSummary> {
    Some(v1::RankingSummary {
        indicator: indicator_ref(indicator),
        ..Default::default()
    })
}

pub(super) fn ranking_summary(
    snapshot: &Snapshot,
    indicator: &Indicator,
    table: &RankingTable,
    asked: Option<GradeMethod>,
) -> Option<v1::RankingSummary> {
    let measured = measured(snapshot, indicator, table);
    let (unit, decimals) = if table.has_values() {
        (optional_text(measured.unit.as_ref()), measured.decimals)
    } else {
        (None, 0)
    };
    Some(v1::RankingSummary {
        indicator: indicator_ref(indicator),
        basis: basis(table.basis).into(),
        period: table.period.clone(),
        universe_id: universe_id(snapshot, table),
        n: table.n,
        known: count(table.rows.len()),
        missing: table.has_values().then_some(table.missing),
        grade_method: grade_method_of(table, asked).into(),
        grade_from_position: table.has_grades() && !table.has_values(),
        source_id: table.source.clone(),
        figure: table.figure.clone().unwrap_or_default(),
        column_inferred: table.column_inferred,
        unit,
        decimals,
        polarity: match (table.scale(), table.has_values()) {
            (VerdictScale::Favourable, false) => v1::Polarity::ByPosition,
            _ => polarity(measured),
        }
        .into(),
        proxy: proxy_source(snapshot, table),
    })
}

/// The indicator whose values a ranking is of: those of a proxy are in the unit of the one they were measured for.
pub(super) fn measured<'a>(
    snapshot: &'a Snapshot,
    indicator: &'a Indicator,
    table: &RankingTable,
) -> &'a Indicator {
    let proxy = table.proxy;
    proxy.map_or(indicator, |proxy| &snapshot.indicators[proxy.indicator])
}

/// The indicator that stands in, where one does.
pub(super) fn proxy_source(snapshot: &Snapshot, table: &RankingTable) -> Option<v1::ProxySource> {
    let proxy = table.proxy?;
    let indicator = &snapshot.indicators[proxy.indicator];
    Some(v1::ProxySource {
        indicator: indicator_ref(indicator),
        reason: optional_text(indicator.proxy.as_ref().map(|proxy| &proxy.reason)),
        rank_agreement: proxy.rank_agreement,
        compared: proxy.compared,
    })
}

/// The units that a ranking is among.
pub(super) fn universe_id(snapshot: &Snapshot, table: &RankingTable) -> String {
    match table.universe() {
        Some(place) => snapshot.universes[place].id.clone(),
        None if table.basis == Basis::Published => snapshot.published_universe().id.clone(),
        None => municipalities_of(table.vintage()),
    }
}

pub(super) fn standing(standing: &Standing, scale: VerdictScale) -> Option<v1::Standing> {
    Some(v1::Standing {
        position: standing.position,
        ties: standing.ties,
        place_share: standing.place_share,
        verdict: verdict(standing.band, scale).into(),
        grade: standing.grade,
    })
}

/// A universe that the edition names.
pub(super) fn universe(universe: &Universe) -> v1::Universe {
    let vintages = universe.vintages.iter().map(|vintage| v1::UniverseVintage {
        year: vintage.year.clone(),
        units: count(vintage.units.len()),
        combined: count(vintage.units.iter().filter(|unit| unit.id.is_some()).count()),
    });
    v1::Universe {
        id: universe.id.clone(),
        name: text(&universe.name),
        size: universe.size.unwrap_or_default(),
        note: optional_text(universe.note.as_ref()),
        vintages: vintages.collect(),
    }
}

/// A unit that combines municipalities: its id, and their names.
fn unit_ref(snapshot: &Snapshot, unit: &PlacedUnit) -> Option<v1::RegionRef> {
    let names = unit
        .members
        .iter()
        .map(|&member| snapshot.regions[member].name.as_str());
    Some(combined_ref(unit.id.as_deref().unwrap_or_default(), names))
}

/// A unit by its id and the names of the municipalities that it combines.
pub(super) fn combined_ref<'a>(id: &str, names: impl Iterator<Item = &'a str>) -> v1::RegionRef {
    v1::RegionRef {
        code: id.to_owned(),
        name: names.collect::<Vec<_>>().join(" + "),
    }
}

/// Whose row of a ranking this is: a municipality, or a unit that combines several.
pub(super) fn row_ref(
    snapshot: &Snapshot,
    table: &RankingTable,
    region_of_row: usize,
) -> Option<v1::RegionRef> {
    match table.combined_unit(region_of_row) {
        Some(unit) => unit_ref(snapshot, unit),
        None => region_ref(&snapshot.regions[region_of_row]),
    }
}

/// The municipalities of a unit that combines several; none of a municipality.
pub(super) fn unit_members(snapshot: &Snapshot, unit: Option<&PlacedUnit>) -> Vec<v1::RegionRef> {
    let members = unit.into_iter().flat_map(|unit| &unit.members);
    members
        .filter_map(|&member| region_ref(&snapshot.regions[member]))
        .collect()
}

/// The row at a place of a ranking's listing.
pub(super) fn ranked_region(
    snapshot: &Snapshot,
    table: &RankingTable,
    place: usize,
    method: Option<GradeMethod>,
) -> v1::RankedRegion {
    let row: &RankedRow = &table.rows[place];
    v1::RankedRegion {
        region: row_ref(snapshot, table, row.region),
        members: unit_members(snapshot, table.combined_unit(row.region)),
        standing: standing(&table.standing_of_row(place, method), table.scale()),
        value: row.value,
        observation_status: observation_status(row.status).into(),
        recast: borders::recast(snapshot, table, row.region),
    }
}

/// Where a group's mean stands: published where the ranking is, calculated where there are values.
pub(super) fn group_standing(
    snapshot: &Snapshot,
    table: &RankingTable,
    group: &Group,
    method: Option<GradeMethod>,
) -> v1::GroupStanding {
    let of_group = table.standing_of_group(&group.id, snapshot.places_of(group, table.vintage()), method);
    v1::GroupStanding {
        group: group_ref(group),
        ..mean_standing(table, group.members.len(), &of_group)
    }
}

/// Where the mean of so many members stands; whose mean it is, is left out.
pub(super) fn mean_standing(
    table: &RankingTable,
    members: usize,
    mean: &GroupMeanStanding,
) -> v1::GroupStanding {
    let found = mean.standing;
    v1::GroupStanding {
        status: if found.is_some() {
            v1::ItemStatus::Ok
        } else {
            v1::ItemStatus::NoData
        }
        .into(),
        members: count(members),
        contributed: mean.contributed,
        mean: mean.mean,
        standing: found.and_then(|found| standing(&found, table.scale())),
        mean_of_positions: mean.mean_of_positions,
        grade_approximate: !table.has_values() && found.is_some_and(|found| found.grade.is_some()),
        ..Default::default()
    }
}

/// Units of a ranking that change sides with another one, by their places.
pub(super) fn passed(
    snapshot: &Snapshot,
    table: &RankingTable,
    places: &[usize],
) -> Option<v1::PassedRegions> {
    let named = places.iter().take(MOST_PASSED);
    Some(v1::PassedRegions {
        count: count(places.len()),
        regions: named
            .filter_map(|&place| row_ref(snapshot, table, place))
            .collect(),
    })
}

pub(super) fn recommendation(snapshot: &Snapshot, found: &Recommendation) -> v1::Recommendation {
    let countered = found.counters.iter().map(|id| (id, FactorRole::Countered));
    let signals = found.signals.iter().map(|id| (id, FactorRole::Signal));
    let factors = countered
        .chain(signals)
        .filter_map(|(id, role)| Some(factor_ref(snapshot.knowledge.factor(id)?, Some(role))));
    let addressee = match found.addressee {
        Addressee::Municipality => v1::Addressee::Municipality,
        Addressee::NationalGovernment => v1::Addressee::NationalGovernment,
    };
    v1::Recommendation {
        id: found.id.clone(),
        addressee: addressee.into(),
        section: found.section.clone(),
        number: found.number,
        title: text(&found.title),
        summary: text(&found.summary),
        theme_ids: found.themes.clone(),
        factors: factors.collect(),
        signals_note: optional_text(found.signals_note.as_ref()),
        programmes: found.programmes.iter().map(programme).collect(),
        actors: found.actors.iter().filter_map(text).collect(),
        horizon: found
            .horizon
            .map(|(from_years, to_years)| v1::Horizon { from_years, to_years }),
        open_questions: found.questions.iter().map(context_note).collect(),
        dilemmas: found.dilemmas.iter().map(context_note).collect(),
        trigger_id: found.trigger.clone().unwrap_or_default(),
    }
}

fn context_note(note: &ContextNote) -> v1::ContextNote {
    v1::ContextNote {
        id: note.id.clone(),
        section: note.section.clone(),
        text: text(&note.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{edition::source::SourceFolder, snapshot::tests::snapshot_of};

    #[test]
    fn the_unit_of_values_is_given_in_both_languages_and_absent_beside_positions() {
        let source = SourceFolder::built_in();
        let indicators = source.file("indicators.toml").expect("a file").replacen(
            "id = \"wealth_per_inhabitant\"\n",
            "id = \"wealth_per_inhabitant\"\npolarity = \"higher_is_favourable\"\n\
             unit_nl = \"euro per inwoner\"\nunit_en = \"euros per inhabitant\"\n",
            1,
        );
        let observations = "indicator,region,period,value,status,origin,source\n\
                            wealth_per_inhabitant,GM0034,2020,1,final,loaded,bureau_louter_2024\n";
        let source = source
            .with_file("indicators.toml", indicators)
            .with_file("observations.csv", observations);
        let snapshot = snapshot_of(&source);
        let (place, indicator) = snapshot.indicator("wealth_per_inhabitant").expect("an indicator");
        let unit = |basis| {
            let table = snapshot.ranking(place, Some(basis), None).expect("a ranking");
            ranking_summary(&snapshot, indicator, table, None).and_then(|summary| summary.unit)
        };
        let both = v1::LocalizedText {
            nl: "euro per inwoner".into(),
            en: "euros per inhabitant".into(),
        };
        assert_eq!(unit(Basis::Computed), Some(both));
        assert_eq!(unit(Basis::Published), None);
    }
}
