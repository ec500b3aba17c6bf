//! What if: other values of one municipality, and the values that what it wants would take.

use groeikern::v1::{self, CaveatCode, UnreachableReason, wanted_outcome::Target};

use crate::{
    domain::{Group, Indicator, Region, Text},
    method::{Unreachable, ValueRange, count},
    rpc::{
        Failure,
        composites::{Sent, Supposition},
        lookup::{self, Figures},
        metadata::Metadata,
        recommendations::{ChangedFigure, changes_of_advice},
        render,
        request::Violations,
    },
    snapshot::{Hypothesis, RankingTable, Snapshot, Supposed},
};

/// Changes, or wanted outcomes, that one request may hold.
const MOST: usize = 50;

/// Another value for an indicator.
pub(super) struct NewValue<'a> {
    indicator: &'a str,
    value: f64,
}

/// What a request asks.
pub(super) struct Asked<'a> {
    /// New values.
    pub(super) changes: &'a [NewValue<'a>],
    /// What is wanted.
    pub(super) wanted: &'a [(&'a v1::WantedOutcome, &'a Target)],
    /// Which figures.
    pub(super) figures: Figures<'a>,
    /// The group whose mean to show.
    pub(super) group: Option<&'a Group>,
    /// A composite, and what it becomes.
    pub(super) composite: Option<(Sent<'a>, Option<Sent<'a>>)>,
}

/// Reads the changes of a request.
pub(super) fn changes<'a>(violations: &mut Violations, changes: &'a [v1::ValueChange]) -> Vec<NewValue<'a>> {
    let ids: Vec<String> = changes.iter().map(|change| change.indicator_id.clone()).collect();
    violations.ids("changes", &ids, 0, MOST, "low_theft");
    let read = changes
        .iter()
        .take(MOST)
        .enumerate()
        .map(|(index, change)| NewValue {
            indicator: &change.indicator_id,
            value: violations.finite(format!("changes[{index}].value"), change.value),
        });
    read.collect()
}

/// Reads what a request wants.
pub(super) fn wanted<'a>(
    violations: &mut Violations,
    wanted: &'a [v1::WantedOutcome],
) -> Vec<(&'a v1::WantedOutcome, &'a Target)> {
    violations.combinations("wanted", wanted.len(), MOST);
    let mut read = Vec::new();
    for (index, of) in wanted.iter().take(MOST).enumerate() {
        let field = |name: &str| format!("wanted[{index}].{name}");
        violations.required(&field("indicator_id"), &of.indicator_id, 100, "low_theft");
        let Some(target) = &of.target else {
            violations.add(
                format!("wanted[{index}]"),
                "wants nothing: set a position, a grade, or the mean of a group",
            );
            continue;
        };
        match target {
            Target::Position(position) => at_least_1(violations, field("position"), *position),
            Target::Grade(grade) if !(3.0..=10.0).contains(grade) => {
                violations.add(field("grade"), format!("{grade} is not between 3 and 10"));
            }
            Target::Grade(_) => {}
            Target::GroupMean(id) => {
                violations.required(&field("group_mean"), id, 100, "nta_new_towns");
            }
            Target::GroupMeanPosition(of_mean) => {
                let field = |name: &str| format!("wanted[{index}].group_mean_position.{name}");
                violations.required(&field("group_id"), &of_mean.group_id, 100, "nta_new_towns");
                at_least_1(violations, field("position"), of_mean.position);
            }
        }
        read.push((of, target));
    }
    read
}

/// Reads the composite of a request, and what it becomes.
pub(super) fn composite<'a>(
    violations: &mut Violations,
    request: &'a v1::SimulateChangeRequest,
) -> Option<(Sent<'a>, Option<Sent<'a>>)> {
    let new = request.new_composite.as_ref();
    let Some(composite) = &request.composite else {
        if new.is_some() {
            violations.add(
                "composite",
                "is required beside new_composite: what it was before",
            );
        }
        return None;
    };
    if request.changes.is_empty() && new.is_none() {
        violations.add(
            "composite",
            "stays as it is: add `changes`, or `new_composite` for other weights",
        );
    }
    let old = Sent::of("composite", composite, violations);
    Some((old, new.map(|new| Sent::of("new_composite", new, violations))))
}

fn at_least_1(violations: &mut Violations, field: String, position: u32) {
    if position == 0 {
        violations.add(field, "0 is no position: the first is 1");
    }
}

/// Whether a request asks for the mean of a group.
pub(super) fn asks_of_a_group(request: &v1::SimulateChangeRequest) -> bool {
    let of_group = |wanted: &v1::WantedOutcome| {
        matches!(
            wanted.target,
            Some(Target::GroupMean(_) | Target::GroupMeanPosition(_))
        )
    };
    !request.group_id.is_empty() || request.wanted.iter().any(of_group)
}

/// Answers what if.
pub(super) fn what_if(
    edition: &Snapshot,
    (place, region): (usize, &Region),
    asked: &Asked<'_>,
) -> Result<v1::SimulateChangeResponse, Failure> {
    let mut metadata = Metadata::of(edition);
    let supposition = match asked.composite {
        Some(composites) => Some(Supposition::find(edition, composites, &asked.figures)?),
        None => None,
    };
    let mut changes = Vec::with_capacity(asked.changes.len());
    let mut grades = Vec::with_capacity(asked.changes.len());
    let mut figures_changed = Vec::with_capacity(asked.changes.len());
    for change in asked.changes {
        let figures = (&asked.figures, supposition.as_ref());
        let ranking = Ranked::find(edition, (place, region), change.indicator, figures)?;
        ranking.caveats(&mut metadata, [change.value]);
        if let Some(group) = asked.group {
            metadata.former_members(ranking.indicator, ranking.table, &[group]);
        }
        let supposed = ranking.suppose(change.value)?;
        grades.push((ranking.indicator_place, supposed.standing.grade));
        changes.push(ranking.changed(change.value, &supposed, asked.group));
        figures_changed.push(ChangedFigure {
            measured: ranking.table.measured(ranking.indicator_place),
            period: &ranking.table.period,
            standing: supposed.standing,
        });
    }
    let composite = match &supposition {
        Some(supposition) => {
            supposition.caveats(&mut metadata, edition);
            Some(supposition.answer(edition, (place, region), &grades, asked.figures.universe)?)
        }
        None => None,
    };
    let mut wanted = Vec::with_capacity(asked.wanted.len());
    for (of, target) in asked.wanted {
        let ranking = Ranked::find(edition, (place, region), &of.indicator_id, (&asked.figures, None))?;
        let needed = ranking.needed(of, target, &mut metadata)?;
        let bounds = needed.values.iter().flat_map(|range| [range.from, range.to]);
        ranking.caveats(&mut metadata, bounds.flatten());
        wanted.push(needed);
    }
    let of_other_figures = asked.figures.period.is_some() || !asked.figures.universe.is_empty();
    let recommendation_changes = if of_other_figures || changes.is_empty() {
        Vec::new()
    } else {
        changes_of_advice(
            edition,
            (place, region),
            (asked.figures.basis, &mut metadata),
            &figures_changed,
        )?
    };
    metadata.caveat(
        CaveatCode::WhatIf,
        Text::new(
            "Wat als: alle andere gemeenten houden hun waarde en de cijfers hun schaal, zodat het gemiddelde cijfer van 6,5 kan \
             afwijken. Of en hoe een waarde te bereiken is, is hier niet bekend.",
            "What if: all other municipalities keep their values and grades their scale, so that the mean grade may differ from \
             6.5. Whether and how a value can be reached is not known here.",
        ),
    );
    Ok(v1::SimulateChangeResponse {
        metadata: metadata.finish(),
        region: render::region_ref(region),
        changes,
        wanted,
        composite,
        recommendation_changes,
    })
}

/// A ranking of values in which one municipality is asked about.
struct Ranked<'a> {
    edition: &'a Snapshot,
    place: usize,
    indicator_place: usize,
    indicator: &'a Indicator,
    table: &'a RankingTable,
    hypothesis: Hypothesis,
}

impl<'a> Ranked<'a> {
    fn find(
        edition: &'a Snapshot,
        (place, region): (usize, &Region),
        id: &str,
        (figures, supposition): (&Figures<'_>, Option<&Supposition<'a>>),
    ) -> Result<Self, Failure> {
        let found = lookup::indicator(edition, id)?;
        if !found.1.children.is_empty() {
            return Err(Failure::follows_from_others(id));
        }
        let graded_by = match supposition {
            Some(supposition) => supposition.table_of(edition, found)?,
            None => None,
        };
        let table = match graded_by {
            Some(table) => table,
            None => figures.values(edition, found)?,
        };
        if !table.has_unit_of(place) {
            return Err(Failure::not_in_universe(region, figures.universe));
        }
        if table.row(place).is_none() && !region.existed_in(table.vintage()) {
            return Err(Failure::not_there_in(region, id, &table.period));
        }
        let hypothesis = table.hypothesis(edition.regions.len());
        Ok(Self {
            edition,
            place: table.first_of_unit(place),
            indicator_place: found.0,
            indicator: found.1,
            table,
            hypothesis: hypothesis
                .ok_or_else(|| Failure::no_values_of_indicator(id, &edition.manifest.name))?,
        })
    }

    fn value(&self) -> Option<f64> {
        self.table.row(self.place)?.1.value
    }

    fn standing(&self) -> Option<v1::Standing> {
        let (listed, _) = self.table.row(self.place)?;
        render::standing(&self.table.standing_of_row(listed, None), self.table.scale())
    }

    fn summary(&self) -> Option<v1::RankingSummary> {
        render::ranking_summary(self.edition, self.indicator, self.table, None)
    }

    /// The places of a group's members in the period of the ranking.
    fn members(&self, group: &Group) -> Vec<usize> {
        let mut members = self.edition.places_of(group, self.table.vintage());
        members.sort_unstable();
        members.dedup();
        members
    }

    /// The limits of the ranking, and of values that are named or needed in it.
    fn caveats(&self, metadata: &mut Metadata<'a>, values: impl IntoIterator<Item = f64>) {
        metadata.ranking(self.indicator, self.table);
        let id = &self.indicator.id;
        if values
            .into_iter()
            .any(|value| self.hypothesis.is_beyond_known(value))
        {
            let text = || {
                Text::new(
                    "Een genoemde of benodigde waarde ligt buiten alle bekende waarden: ga na of zij kan bestaan.",
                    "A value that was named or is needed lies outside all known ones: check that it is possible.",
                )
            };
            metadata.about(CaveatCode::ValueBeyondKnown, text, id);
        }
        if self.value().is_none() {
            let text = || {
                Text::new(
                    "De gemeente heeft hier geen waarde. Met een waarde erbij is er een gemeente meer op de lijst.",
                    "The municipality has no value here. With one, the list is one municipality longer.",
                )
            };
            metadata.about(CaveatCode::ValueAdded, text, id);
        }
    }

    /// The ranking with another value.
    fn suppose(&self, value: f64) -> Result<Supposed, Failure> {
        let supposed = self.hypothesis.suppose(self.place, value);
        supposed.map_err(|why| Failure::internal(&format!("what if: {why:?}"))) // unreachable: place and value were checked
    }

    /// What another value makes of the municipality's place.
    fn changed(&self, value: f64, supposed: &Supposed, group: Option<&Group>) -> v1::SimulatedChange {
        let before = group.map(|group| render::group_standing(self.edition, self.table, group, None));
        let after = group.map(|group| {
            let mean = self.hypothesis.mean_of(&self.members(group), supposed);
            v1::GroupStanding {
                group: render::group_ref(group),
                ..render::mean_standing(self.table, group.members.len(), &mean)
            }
        });
        v1::SimulatedChange {
            ranking: self.summary(),
            old_value: self.value(),
            new_value: value,
            old_standing: self.standing(),
            new_standing: render::standing(&supposed.standing, self.table.scale()),
            n_after: supposed.n,
            passed: render::passed(self.edition, self.table, &supposed.passing.passed),
            passed_by: render::passed(self.edition, self.table, &supposed.passing.passed_by),
            mean_grade_before: supposed.mean_grade.before,
            mean_grade_after: supposed.mean_grade.after,
            group_before: before,
            group_after: after,
        }
    }

    /// The values that something wanted takes.
    fn needed(
        &self,
        wanted: &v1::WantedOutcome,
        target: &Target,
        metadata: &mut Metadata<'a>,
    ) -> Result<v1::NeededValue, Failure> {
        let what_if = self.hypothesis.what_if();
        let own = self.value();
        let n = self.table.n + u32::from(own.is_none());
        let mut needed = v1::NeededValue {
            ranking: self.summary(),
            wanted: Some(wanted.clone()),
            value: own,
            standing: self.standing(),
            n,
            ..Default::default()
        };
        let mut members_of = |id: &str| {
            let group = lookup::group(self.edition, id)?;
            metadata.former_members(self.indicator, self.table, &[group]);
            let members = self.members(group).into_iter();
            Ok::<_, Failure>(members.map(|member| (member, 1.0)).collect::<Vec<_>>())
        };
        let outcome = match target {
            Target::Position(position) => {
                let found = what_if.value_for_position(self.place, *position, false);
                found.map(|found| {
                    needed.reached_position = Some(found.reached);
                    (vec![found.values], change_into(found.values, own))
                })
            }
            Target::Grade(grade) => what_if.value_for_grade(*grade).map(|found| {
                needed.exactly = Some(range(found.exactly));
                (vec![found.values], change_into(found.values, own))
            }),
            Target::GroupMean(id) => {
                let found = what_if.value_for_mean(self.place, &members_of(id)?);
                found.map(|found| {
                    needed.contributed = Some(found.contributed);
                    let [from, to] = [Some(found.value); 2];
                    let values = ValueRange { from, to };
                    (vec![values], change_into(values, own))
                })
            }
            Target::GroupMeanPosition(of_mean) => {
                let members = members_of(&of_mean.group_id)?;
                let others = members.iter().filter(|&&(member, _)| member != self.place);
                let valued = others.filter(|&&(member, _)| self.table.row(member).is_some());
                let contributed = count(valued.count());
                let found = what_if.value_for_mean_position(self.place, &members, of_mean.position);
                found.map(|found| {
                    needed.reached_position = Some(found.reached);
                    needed.contributed = Some(contributed);
                    (found.values, found.change)
                })
            }
        };
        match outcome {
            Ok((values, change)) => {
                needed.values = values.into_iter().map(range).collect();
                needed.change = change;
            }
            Err(why) => {
                let (reason, best) = unreachable(why)?;
                needed.unreachable = reason.into();
                needed.best_position = best;
            }
        }
        Ok(needed)
    }
}

/// The least change of a value that brings it into a range.
fn change_into(values: ValueRange, own: Option<f64>) -> Option<f64> {
    own.map(|own| {
        let lowest = values.from.unwrap_or(f64::NEG_INFINITY);
        let highest = values.to.unwrap_or(f64::INFINITY);
        own.clamp(lowest, highest) - own
    })
}

fn range(values: ValueRange) -> v1::ValueRange {
    v1::ValueRange {
        from: values.from,
        to: values.to,
    }
}

/// Why no value is enough, and the best position that can be had where it is a mean's.
fn unreachable(why: Unreachable) -> Result<(UnreachableReason, Option<u32>), Failure> {
    let reason = match why {
        Unreachable::NoSuchPosition { .. } => UnreachableReason::NoSuchPosition,
        Unreachable::NoScale => UnreachableReason::NoGrades,
        Unreachable::NoVariation => UnreachableReason::NoVariation,
        Unreachable::NoMean(_) => UnreachableReason::NoMean,
        Unreachable::NotAMember(_) => UnreachableReason::NotAMember,
        Unreachable::BestOfMember(best) => return Ok((UnreachableReason::BeyondOneMember, Some(best))),
        Unreachable::BeyondNumbers => UnreachableReason::BeyondNumbers,
        // The request was checked for these.
        Unreachable::UnknownUnit(_) | Unreachable::RepeatedUnit(_) | Unreachable::NoSuchGrade => {
            return Err(Failure::internal(&format!("what if: {why:?}")));
        }
    };
    Ok((reason, None))
}
