//! What a trend is made of: a point per ranking, where the series breaks, and what its figures tell together.

mod breaks;
mod statistics;

use groeikern::v1;

use super::{borders, render};
use crate::{
    domain::{Group, Indicator, ObservationStatus, Region},
    method::{GradeMethod, count},
    snapshot::{RankingTable, Snapshot, Standing},
};

/// Whose figures are followed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Followed<'a> {
    /// A municipality and its place among the regions.
    Region(usize, &'a Region),
    /// The mean of a group.
    Group(&'a Group),
}

/// Figures through time.
#[derive(Debug, Default)]
pub(super) struct Series {
    /// One per ranking, with the fields that it does not have from the ranking.
    pub(super) points: Vec<v1::TrendPoint>,
    /// What the values tell together.
    pub(super) statistics: Option<v1::TrendStatistics>,
    /// How far the position moved.
    pub(super) position_change: Option<v1::TrendPositionChange>,
}

/// A figure that is there.
struct Figure<'a> {
    table: &'a RankingTable,
    value: Option<f64>,
    /// Of a mean that of its least certain value.
    status: Option<ObservationStatus>,
    standing: Standing,
    /// Whose figures it is made of: which member of the group, and its place among the regions. Of a printed mean nobody
    /// knows.
    made_of: Vec<(usize, usize)>,
}

impl Series {
    /// The series over these rankings of one basis, earliest first.
    pub(super) fn of(
        edition: &Snapshot,
        indicator: &Indicator,
        followed: Followed<'_>,
        tables: &[&RankingTable],
        method: Option<GradeMethod>,
    ) -> Self {
        let mut points = Vec::with_capacity(tables.len());
        let mut figures: Vec<Figure<'_>> = Vec::with_capacity(tables.len());
        for &table in tables {
            let (mut point, figure) = match followed {
                Followed::Region(place, region) => of_region(edition, table, (place, region), method),
                Followed::Group(group) => of_group(edition, table, group, method),
            };
            if let Some(figure) = figure {
                if let Some(before) = figures.last() {
                    point.breaks = breaks::between(edition, before, &figure);
                }
                figures.push(figure);
            }
            points.push(point);
        }
        Self {
            points,
            statistics: statistics::of_values(edition, indicator, &figures),
            position_change: statistics::of_positions(&figures),
        }
    }

    /// Whether no period has a figure.
    pub(super) fn is_empty(&self) -> bool {
        self.points.iter().all(|point| point.standing.is_none())
    }

    /// Whether figures may not be comparable with those before them.
    pub(super) fn has_breaks(&self) -> bool {
        self.points.iter().any(|point| !point.breaks.is_empty())
    }
}

fn of_region<'a>(
    edition: &Snapshot,
    table: &'a RankingTable,
    (place, region): (usize, &Region),
    method: Option<GradeMethod>,
) -> (v1::TrendPoint, Option<Figure<'a>>) {
    let placed = table.row(place).filter(|_| borders::has_places(table));
    let Some((listed, row)) = placed else {
        let point = v1::TrendPoint {
            status: if table.row(place).is_some() || borders::is_not_recastable(table, place) {
                v1::ItemStatus::NotRecastable
            } else {
                render::absence_in(table, (place, region))
            }
            .into(),
            observation_status: render::observation_status(table.absent.get(&place).copied()).into(),
            ..Default::default()
        };
        return (point, None);
    };
    let figure = Figure {
        table,
        value: row.value,
        status: row.status,
        standing: table.standing_of_row(listed, method),
        made_of: vec![(0, place)],
    };
    // Of two values of a field the last counts: this one replaces that of the ranking.
    let source_id = table.other_source_of(place).unwrap_or_default().to_owned();
    let point = v1::TrendPoint {
        source_id,
        recast: borders::recast(edition, table, place),
        ..figure.point()
    };
    (point, Some(figure))
}

fn of_group<'a>(
    edition: &Snapshot,
    table: &'a RankingTable,
    group: &Group,
    method: Option<GradeMethod>,
) -> (v1::TrendPoint, Option<Figure<'a>>) {
    if !borders::has_places(table) {
        let point = v1::TrendPoint {
            status: v1::ItemStatus::NotRecastable.into(),
            members: count(group.members.len()),
            ..Default::default()
        };
        return (point, None);
    }
    let members = group.members.iter().enumerate();
    let known = members.filter_map(|(member, of_group)| {
        let place = edition.place_of(of_group, table.vintage())?;
        table.row(place).map(|(_, row)| ((member, place), row.status))
    });
    let (made_of, states): (Vec<(usize, usize)>, Vec<Option<ObservationStatus>>) = known.unzip();
    let places = made_of.iter().map(|(_, place)| *place);
    let mean = table.standing_of_group(&group.id, places, method);
    let figure = mean.standing.map(|standing| Figure {
        table,
        value: mean.mean,
        status: least_certain(&states),
        standing,
        made_of: if table.has_values() { made_of } else { Vec::new() },
    });
    let point = v1::TrendPoint {
        members: count(group.members.len()),
        contributed: mean.contributed,
        mean_of_positions: mean.mean_of_positions,
        ..figure.as_ref().map(Figure::point).unwrap_or_else(nothing)
    };
    (point, figure)
}

/// Of estimated, provisional and final values the first that is among these.
fn least_certain(states: &[Option<ObservationStatus>]) -> Option<ObservationStatus> {
    use ObservationStatus::{Estimated, Final, Provisional};
    let by_certainty = [Estimated, Provisional, Final].into_iter();
    by_certainty
        .map(Some)
        .find(|status| states.contains(status))
        .flatten()
}

impl Figure<'_> {
    fn point(&self) -> v1::TrendPoint {
        v1::TrendPoint {
            status: v1::ItemStatus::Ok.into(),
            value: self.value,
            observation_status: render::observation_status(self.status).into(),
            standing: render::standing(&self.standing, self.table.scale()),
            ..Default::default()
        }
    }
}

fn nothing() -> v1::TrendPoint {
    v1::TrendPoint {
        status: v1::ItemStatus::NoData.into(),
        ..Default::default()
    }
}
