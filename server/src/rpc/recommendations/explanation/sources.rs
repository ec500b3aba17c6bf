//! What a figure rests on: observations, or positions as a report printed them.

use groeikern::v1::{self, DerivationKind, DerivationNode};

use super::node;
use crate::{
    domain::{Basis, Indicator, Text},
    rpc::{
        recommendations::{figures::Found, subject::Subject},
        render,
    },
    snapshot::{RankingTable, Snapshot},
};

/// Finds what figures of a subject rest on.
pub(super) struct Sources<'a> {
    pub(super) edition: &'a Snapshot,
    pub(super) subject: &'a Subject<'a>,
}

impl Sources<'_> {
    /// What a figure of the subject was ranked by.
    pub(super) fn of(&self, found: &Found<'_>) -> Vec<DerivationNode> {
        if !found.table.has_values() {
            return vec![self.published(found)];
        }
        let measured = render::measured(self.edition, found.indicator, found.table);
        let mut places = self.subject.places_in(self.edition, found.table);
        places.sort_unstable();
        places.dedup();
        places.retain(|place| found.table.row(*place).is_some());
        match self.subject {
            Subject::Region(..) => places
                .iter()
                .map(|place| self.value(measured, found.table, *place))
                .collect(),
            Subject::Group(_) | Subject::Regions(_) => {
                let members = places.iter().map(|place| DerivationNode {
                    weight: Some(1.0),
                    ..self.value(measured, found.table, *place)
                });
                vec![DerivationNode {
                    id: measured.id.clone(),
                    name: render::text(&measured.name),
                    value: found.table.mean_of(places.iter().copied(), None).mean,
                    children: members.collect(),
                    ..node(DerivationKind::Mean)
                }]
            }
        }
    }

    /// The value of a municipality: as the edition holds it, or the score that its grades give.
    fn value(&self, indicator: &Indicator, table: &RankingTable, place: usize) -> DerivationNode {
        if indicator.children.is_empty() {
            self.observation(indicator, table, place)
        } else {
            self.score(indicator, table, place)
        }
    }

    /// A score of a composite: the weighted mean of what its children have, if that is enough.
    fn score(&self, composite: &Indicator, table: &RankingTable, place: usize) -> DerivationNode {
        let children = composite.children.iter().filter_map(|child| {
            let (at, indicator) = self.edition.indicator(&child.indicator)?;
            let own = if indicator.children.is_empty() {
                self.grade(at, indicator, &table.period, place)
            } else {
                self.score(indicator, table, place)
            };
            Some(DerivationNode {
                weight: own.value.map(|_| child.weight),
                ..own
            })
        });
        let children: Vec<DerivationNode> = children.collect();
        // The root's is what was ranked; of a composite within it the ranking says nothing.
        let ranked = self.edition.indicator(&composite.id).and_then(|(at, _)| {
            let own = self
                .edition
                .ranking(at, Some(Basis::Computed), Some(&table.period))?;
            own.row(place)?.1.value
        });
        DerivationNode {
            id: composite.id.clone(),
            name: render::text(&composite.name),
            value: ranked,
            children,
            ..node(DerivationKind::Score)
        }
    }

    fn grade(&self, at: usize, indicator: &Indicator, period: &str, place: usize) -> DerivationNode {
        let table = self.edition.ranking(at, Some(Basis::Computed), Some(period));
        let table = table.filter(|table| table.has_grades());
        let row = table.and_then(|table| Some((table, table.row(place)?.1)));
        DerivationNode {
            id: indicator.id.clone(),
            name: render::text(&indicator.name),
            value: row.and_then(|(_, row)| row.standing.grade),
            ranking: table.and_then(|table| render::ranking_summary(self.edition, indicator, table, None)),
            standing: row.and_then(|(table, row)| render::standing(&row.standing, table.scale())),
            children: row
                .map(|(table, _)| self.observation(indicator, table, place))
                .into_iter()
                .collect(),
            ..node(DerivationKind::Grade)
        }
    }

    fn observation(&self, indicator: &Indicator, table: &RankingTable, place: usize) -> DerivationNode {
        let region = &self.edition.regions[place];
        let row = table.row(place).map(|(_, row)| row);
        let source = table.source_of(place);
        DerivationNode {
            id: region.code.clone(),
            name: render::text(&Text::new(&region.name, &region.name)),
            value: row.and_then(|row| row.value),
            observation: Some(v1::ObservationRef {
                indicator_id: indicator.id.clone(),
                region_code: region.code.clone(),
                period: table.period.clone(),
                observation_status: render::observation_status(row.and_then(|row| row.status)).into(),
                origin: render::observation_origin(row.and_then(|row| row.origin)).into(),
                source_id: source.to_owned(),
                unit: render::optional_text(indicator.unit.as_ref()),
                decimals: indicator.decimals,
            }),
            citation: self.citation(source),
            ..node(DerivationKind::Observation)
        }
    }

    fn published(&self, found: &Found<'_>) -> DerivationNode {
        let table = found.table;
        let (id, name) = match self.subject {
            Subject::Region(_, region) => {
                let name = Text::new(&region.name, &region.name);
                (region.code.clone(), render::text(&name))
            }
            Subject::Group(group) => (group.id.clone(), render::text(&group.name)),
            Subject::Regions(_) => Default::default(), // no report publishes a mean of them
        };
        DerivationNode {
            published_position: Some(v1::PublishedPositionRef {
                indicator_id: found.indicator.id.clone(),
                subject_id: id.clone(),
                period: table.period.clone(),
                n: table.n,
                source_id: table.source.clone(),
                figure: table.figure.clone().unwrap_or_default(),
                column_inferred: table.column_inferred && matches!(self.subject, Subject::Region(..)),
            }),
            id,
            name,
            standing: render::standing(&found.standing, table.scale()),
            citation: self.citation(&table.source),
            ..node(DerivationKind::PublishedPosition)
        }
    }

    /// What the neighbourhoods of the subject hide on an indicator.
    pub(super) fn masked_districts(&self, on: &v1::MaskedIndicator) -> DerivationNode {
        let measured = on.measured.as_ref().or(on.indicator.as_ref());
        let id = measured.map_or("", |indicator| indicator.id.as_str());
        let of_towns = self
            .edition
            .indicator(id)
            .and_then(|(place, _)| self.edition.ranking(place, Some(Basis::Computed), None));
        DerivationNode {
            id: id.to_owned(),
            name: measured.and_then(|indicator| indicator.name.clone()),
            value: Some(f64::from(on.masked_districts)),
            citation: of_towns.and_then(|table| self.citation(&table.source)),
            ..node(DerivationKind::MaskedDistricts)
        }
    }

    fn citation(&self, source: &str) -> Option<v1::LocalizedText> {
        self.edition
            .source(source)
            .and_then(|source| render::text(&source.attribution))
    }
}
