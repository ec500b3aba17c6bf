//! How one municipality does on every indicator.

use groeikern::{Encoded, v1};

use crate::rpc::{Edition, Failure, flows::relevant_region, lookup::Figures, metadata::Metadata, render};
use crate::{
    domain::{Basis, Indicator, Region},
    method::GradeMethod,
    snapshot::{RankingTable, Snapshot},
};

/// What a request wants of a profile.
pub(super) struct Wanted<'a> {
    /// Only indicators of these themes; empty for all.
    pub(super) themes: &'a [String],
    /// Which figures.
    pub(super) figures: Figures<'a>,
    /// How grades are to be made.
    pub(super) method: Option<GradeMethod>,
    /// Regions whose means stand beside the figures.
    pub(super) regions: Vec<relevant_region::Found<'a>>,
}

impl Wanted<'_> {
    /// Whether nothing was chosen: what most requests ask, and what is kept encoded.
    pub(super) fn is_default(&self) -> bool {
        self.themes.is_empty()
            && self.figures.is_default()
            && self.method.is_none()
            && self.regions.is_empty()
    }

    fn wants(&self, indicator: &Indicator) -> bool {
        self.themes.is_empty() || self.themes.contains(&indicator.theme)
    }
}

/// The profile of a municipality.
pub(super) fn profile(
    edition: &Edition,
    (place, region): (usize, &Region),
    wanted: &Wanted<'_>,
) -> Result<Encoded<v1::GetProfileResponse>, Failure> {
    let mut metadata = Metadata::of(edition);
    metadata.quote_all();
    metadata.general_source_caveats();
    let (mut rows, mut known) = (Vec::new(), false);
    let mut vintages = Vec::new();
    for (of_indicator, indicator) in edition.indicators.iter().enumerate() {
        if !wanted.wants(indicator) {
            continue;
        }
        let Some(table) = wanted.figures.find(edition, of_indicator) else {
            Edition::profile_row_without_figures(indicator, &mut rows);
            continue;
        };
        let mut own = row(edition, table, place, wanted.method);
        if wanted.figures.basis.is_none() {
            own.others = others(
                edition,
                (of_indicator, indicator),
                table,
                place,
                wanted,
                &mut metadata,
            );
        }
        let of_regions = wanted.regions.iter();
        own.relevant_regions = of_regions
            .map(|region| region.standing_in(edition, table, wanted.method).0)
            .collect();
        let has_means = own.relevant_regions.iter().any(|mean| mean.contributed > 0);
        if own.status() == v1::ItemStatus::Ok || has_means {
            metadata.ranking(indicator, table);
            vintages.push(table.vintage());
        }
        known |= table.row(place).is_some() || table.absent.contains_key(&place) || !own.others.is_empty();
        edition.profile_row(indicator, table, &own, wanted.method, &mut rows);
    }
    if !known && (wanted.themes.is_empty() || !is_known(edition, place, wanted)) {
        if edition.is_outside(wanted.figures.among, place) {
            return Err(Failure::not_in_universe(region, wanted.figures.universe));
        }
        let narrowed = !wanted.figures.is_default();
        return Err(Failure::no_data_for_subject(
            &region.code,
            &edition.manifest.name,
            narrowed,
        ));
    }
    let regions = wanted.regions.iter();
    regions
        .clone()
        .for_each(|region| metadata.relevant_region(region, &vintages));
    let head = v1::GetProfileResponse {
        metadata: metadata.finish(),
        region: render::region_ref(region),
        rows: Vec::new(),
        relevant_regions: regions.map(|region| region.municipalities(edition)).collect(),
    };
    Ok(Encoded::with_fields(&head, [rows.as_slice()]))
}

/// Whether any ranking knows the region, of any theme: then a theme without figures is an answer.
fn is_known(edition: &Snapshot, region: usize, wanted: &Wanted<'_>) -> bool {
    (0..edition.indicators.len())
        .flat_map(|indicator| edition.rankings_among(indicator, wanted.figures.among))
        .filter(|table| wanted.figures.basis.is_none_or(|basis| table.basis == basis))
        .filter(|table| wanted.figures.period.is_none_or(|period| table.period == period))
        .any(|table| table.row(region).is_some() || table.absent.contains_key(&region))
}

/// The fields of a row that are the municipality's own.
fn row(
    edition: &Snapshot,
    table: &RankingTable,
    region: usize,
    method: Option<GradeMethod>,
) -> v1::ProfileRow {
    match table.row(region) {
        Some((place, row)) => v1::ProfileRow {
            status: v1::ItemStatus::Ok.into(),
            standing: render::standing(&table.standing_of_row(place, method), table.scale()),
            value: row.value,
            observation_status: render::observation_status(row.status).into(),
            unit_members: render::unit_members(edition, table.combined_unit(row.region)),
            ..Default::default()
        },
        None => {
            let absent = table.absent.get(&region);
            v1::ProfileRow {
                status: render::absence_in(table, (region, &edition.regions[region])).into(),
                observation_status: render::observation_status(absent.copied()).into(),
                ..Default::default()
            }
        }
    }
}

/// What the other bases say, each by its first ranking that the request leaves open.
fn others<'a>(
    edition: &'a Snapshot,
    (place, indicator): (usize, &'a Indicator),
    chosen: &RankingTable,
    region: usize,
    wanted: &Wanted<'_>,
    metadata: &mut Metadata<'a>,
) -> Vec<v1::ProfileFigure> {
    let bases = [Basis::Computed, Basis::Proxy, Basis::Published].into_iter();
    let others = bases.filter(|basis| *basis != chosen.basis).filter_map(|basis| {
        let of_basis = Figures {
            basis: Some(basis),
            ..wanted.figures
        };
        of_basis.find(edition, place)
    });
    let figures = others.filter_map(|table| {
        let (listed, row) = table.row(region)?;
        metadata.ranking(indicator, table);
        Some(v1::ProfileFigure {
            ranking: render::ranking_summary(edition, indicator, table, wanted.method),
            standing: render::standing(&table.standing_of_row(listed, wanted.method), table.scale()),
            value: row.value,
            observation_status: render::observation_status(row.status).into(),
        })
    });
    figures.collect()
}
