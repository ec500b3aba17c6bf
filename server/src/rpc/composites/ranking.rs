//! RankComposite: municipalities by a mean of the caller's choice.

use groeikern::v1;

use super::{
    caveats,
    figures::{Composed, Wanted},
    render,
    sensitivity::unknown_region,
    tree::Sent,
};
use crate::{
    rpc::{Edition, Failure, lookup, metadata::Metadata, pages::Page, request::Violations},
    snapshot::Snapshot,
};

/// Municipalities that one answer shows at every node, at most.
const MOST_BREAKDOWNS: usize = 10;

/// What a request asks, in good form.
pub(in crate::rpc) struct Asked<'r> {
    sent: Sent<'r>,
    wanted: Wanted<'r>,
    group: &'r str,
    breakdowns: &'r [String],
}

impl<'r> Asked<'r> {
    /// Reads a request; what is wrong with it joins the other violations.
    pub(in crate::rpc) fn parse(request: &'r v1::RankCompositeRequest, violations: &mut Violations) -> Self {
        let codes = &request.breakdown_region_codes;
        violations.region_codes("breakdown_region_codes", codes, 0, MOST_BREAKDOWNS);
        Self {
            sent: Sent::parse(request.composite.as_ref(), violations),
            wanted: Wanted {
                basis: violations.basis(request.basis),
                period: violations.period(&request.period),
                universe: violations.universe(&request.universe_id),
                method: violations.grade_method(request.grade_method),
            },
            group: &request.group_id,
            breakdowns: codes,
        }
    }
}

/// The answer to a request.
pub(in crate::rpc) fn rank(
    edition: &Edition,
    asked: &Asked<'_>,
    page: &Page<'_, v1::RankCompositeRequest>,
) -> Result<v1::RankCompositeResponse, Failure> {
    let group = lookup::optional_group(edition, asked.group)?;
    let composed = Composed::find(edition, asked.sent.resolve(edition)?, asked.wanted)?;
    let table = &composed.ranking.table;
    let members = group.map(|group| composed.units_of(edition, group));
    let listed: Vec<usize> = (0..table.rows.len())
        .filter(|&place| {
            let region = table.rows[place].region;
            members.as_ref().is_none_or(|members| members.contains(&region))
        })
        .collect();
    let code = |place: &usize| edition.regions[table.rows[*place].region].code.clone();
    let (places, next_page_token) = page.cut(edition.id(), &listed, code)?;
    let mut metadata = Metadata::of(edition);
    caveats::add(&mut metadata, edition, &composed);
    let breakdowns = if page.is_first() { asked.breakdowns } else { &[] };
    Ok(v1::RankCompositeResponse {
        metadata: metadata.finish(),
        summary: Some(render::summary(edition, &composed)),
        nodes: render::nodes(edition, &composed),
        left_out: render::left_out(edition, &composed.tree),
        rows: places
            .iter()
            .map(|&place| render::row(edition, &composed, place))
            .collect(),
        breakdowns: breakdowns
            .iter()
            .map(|code| breakdown(edition, &composed, code))
            .collect::<Result<_, _>>()?,
        next_page_token,
    })
}

/// One municipality at every node.
fn breakdown(
    edition: &Snapshot,
    composed: &Composed<'_>,
    code: &str,
) -> Result<v1::CompositeBreakdown, Failure> {
    let Some((place, region)) = edition.region(code) else {
        return Ok(v1::CompositeBreakdown {
            region: Some(v1::RegionRef {
                code: code.to_owned(),
                name: String::new(),
            }),
            status: unknown_region(code).into(),
            ..Default::default()
        });
    };
    let table = &composed.ranking.table;
    let grades = composed.tables.grades(place, composed.method);
    let composite = composed.composition.composite();
    let scores = composite
        .evaluate(&grades)
        .map_err(|unfit| Failure::internal(&format!("grades without place in a mean: {unfit:?}")))?;
    let shares = composite.effective_weights(&grades);
    let listed = table.row(place).map(|(listed, _)| listed);
    let status = match listed {
        Some(_) => v1::ItemStatus::Ok,
        None => super::super::render::absence_in(table, (place, region)),
    };
    Ok(v1::CompositeBreakdown {
        region: super::super::render::region_ref(region),
        status: status.into(),
        standing: listed.and_then(|listed| render::standing(composed, listed)),
        scores: render::node_scores(&scores, shares.as_deref()),
    })
}
