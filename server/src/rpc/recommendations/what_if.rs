//! What other values of a municipality make of the advice for it.

use std::collections::HashMap;

use groeikern::v1;

use super::{
    figures::{adviser, figures, standings},
    masking, rendering,
    subject::Subject,
};
use crate::{
    advice::Advice,
    domain::{Basis, Region},
    method::Figure,
    rpc::{Failure, metadata::Metadata, render},
    snapshot::{RankingTable, Snapshot, Standing},
};

/// A figure that another value was supposed for.
pub(in crate::rpc) struct ChangedFigure<'a> {
    /// The place of the indicator that was measured: of a proxy the one that stands in.
    pub(in crate::rpc) measured: usize,
    /// The period of the ranking.
    pub(in crate::rpc) period: &'a str,
    /// Where the new value stands, graded on the scale of the old ones.
    pub(in crate::rpc) standing: Standing,
}

/// The recommendations of which class or need changes, those that change class first.
pub(in crate::rpc) fn changes_of_advice<'a>(
    edition: &'a Snapshot,
    (place, region): (usize, &Region),
    (basis, metadata): (Option<Basis>, &mut Metadata<'a>),
    changed: &[ChangedFigure<'_>],
) -> Result<Vec<v1::RecommendationChange>, Failure> {
    let adviser = adviser(edition);
    let subject = Subject::Region(place, region);
    let found = standings(edition, &subject, basis);
    let before = figures(&found);
    let mut after = before.clone();
    for (id, figure) in supposed(edition, place, basis, changed)? {
        after.insert(id, figure);
    }
    // What neighbourhoods hide stays as it is, whatever a municipality's own figure would be.
    let hidden = masking::facts(edition, &subject.members());
    let (before, after) = (adviser.advise(&before, &hidden), adviser.advise(&after, &hidden));
    let after: HashMap<&str, &Advice<'_>> = after
        .advice
        .iter()
        .map(|advice| (advice.recommendation.id.as_str(), advice))
        .collect();
    let mut changes: Vec<(&Advice<'_>, &Advice<'_>)> = before
        .advice
        .iter()
        .filter_map(|old| Some((old, *after.get(old.recommendation.id.as_str())?)))
        .filter(|(old, new)| old.class != new.class || old.need.need != new.need.need)
        .collect();
    changes.sort_by_key(|(old, new)| {
        let of = old.recommendation;
        (old.class == new.class, of.addressee, of.number)
    });
    if !changes.is_empty() {
        let shown = changes.iter().flat_map(|(_, new)| rendering::shown_in(new));
        rendering::add_to(metadata, &subject, &found, shown);
        rendering::limits_of_triggers(metadata, changes.iter().map(|(_, new)| *new));
    }
    let change = |(old, new): (&Advice<'_>, &Advice<'_>)| v1::RecommendationChange {
        recommendation_id: old.recommendation.id.clone(),
        title: render::text(&old.recommendation.title),
        old_class: rendering::class(old.class).into(),
        new_class: rendering::class(new.class).into(),
        old_need: old.need.need,
        new_need: new.need.need,
    };
    Ok(changes.into_iter().map(change).collect())
}

/// The figures that follow from the changes, by indicator id: of every indicator whose ranking rests on a value that changes.
fn supposed<'a>(
    edition: &'a Snapshot,
    place: usize,
    basis: Option<Basis>,
    changed: &[ChangedFigure<'_>],
) -> Result<Vec<(&'a str, Figure)>, Failure> {
    let mut supposed = Vec::new();
    for (at, indicator) in edition.indicators.iter().enumerate() {
        let Some(table) = edition.ranking(at, basis, None) else {
            continue;
        };
        let measured = table.measured(at);
        let found = changed
            .iter()
            .find(|figure| figure.measured == measured && figure.period == table.period);
        let standing = match found {
            Some(figure) => Some(figure.standing),
            None => of_composite(edition, (measured, table), place, changed)?,
        };
        if let Some(standing) = standing {
            let figure = Figure {
                place_share: standing.place_share,
                proxy: table.basis == Basis::Proxy,
            };
            supposed.push((indicator.id.as_str(), figure));
        }
    }
    Ok(supposed)
}

/// Where a composite stands when grades that it is computed from change; nothing when none does, or no score is left.
fn of_composite(
    edition: &Snapshot,
    (composite, table): (usize, &RankingTable),
    place: usize,
    changed: &[ChangedFigure<'_>],
) -> Result<Option<Standing>, Failure> {
    let new_grade = |leaf: usize| {
        let figure = changed
            .iter()
            .find(|figure| figure.measured == leaf && figure.period == table.period)?;
        figure.standing.grade
    };
    if !table.leaves.iter().any(|&leaf| new_grade(leaf).is_some()) {
        return Ok(None);
    }
    let (composition, tables) = edition
        .composition(composite, &table.period)
        .map_err(|wrong| Failure::internal(&wrong))?;
    let mut grades = tables.grades(place, None);
    for (grade, &leaf) in grades.iter_mut().zip(composition.leaves()) {
        *grade = new_grade(leaf).or(*grade);
    }
    let nodes = composition
        .composite()
        .evaluate(&grades)
        .map_err(|unfit| Failure::internal(&format!("a grade of what if: {unfit:?}")))?;
    let score = nodes.first().and_then(|root| root.score);
    let supposed = score
        .zip(table.hypothesis(edition.regions.len()))
        .map(|(score, hypothesis)| hypothesis.suppose(place, score))
        .transpose()
        .map_err(|why| Failure::internal(&format!("what if of a composite: {why:?}")))?;
    Ok(supposed.map(|supposed| supposed.standing))
}
