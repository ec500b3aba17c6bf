//! `simulate`: where a municipality would stand with other values, and which values an outcome would take.

mod advice;
mod row;

use std::{collections::BTreeMap, path::PathBuf};

use groeikern_client::v1::{
    PassedRegions, RankingSummary, SimulateChangeRequest, SimulateChangeResponse, SimulatedChange,
    SimulatedComposite, ValueChange, WantedMeanPosition, WantedOutcome, wanted_outcome::Target,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::{Outcome, Simulate},
    exit::Failure,
    language::{Language, headings, suppositions},
    ranked,
    session::Session,
    sheet::Sheet,
    tree,
};
use row::{Row, columns};

/// The names of groups that the answer speaks of, by id.
type GroupNames = BTreeMap<String, String>;

pub(super) async fn ask(session: &mut Session, arguments: &Simulate) -> Result<Answer, Failure> {
    let period = arguments.figures.period();
    let region = session.region_in(&arguments.region.join(" "), &period).await?;
    let mut changes = Vec::new();
    for typed in &arguments.changes {
        changes.push(ValueChange {
            indicator_id: session.indicator(&typed.indicator).await?,
            value: Some(typed.value),
        });
    }
    let mut groups = GroupNames::new();
    let mut wanted = Vec::new();
    for typed in &arguments.wanted {
        let target = match &typed.outcome {
            Outcome::Position(position) => Target::Position(*position),
            Outcome::Grade(grade) => Target::Grade(*grade),
            Outcome::Mean(group) => Target::GroupMean(group_id(session, group, &mut groups).await?),
            Outcome::MeanPosition(group, position) => Target::GroupMeanPosition(WantedMeanPosition {
                group_id: group_id(session, group, &mut groups).await?,
                position: *position,
            }),
        };
        wanted.push(WantedOutcome {
            indicator_id: session.indicator(&typed.indicator).await?,
            target: Some(target),
        });
    }
    let group_id = match &arguments.group {
        Some(typed) => group_id(session, typed, &mut groups).await?,
        None => String::new(),
    };
    let of_file = |file: &Option<PathBuf>| file.as_deref().map(tree::of_file).transpose();
    let request = SimulateChangeRequest {
        composite: of_file(&arguments.composite)?,
        new_composite: of_file(&arguments.new_composite)?,
        edition: session.edition(),
        region_code: region.code,
        changes,
        wanted,
        basis: arguments.figures.basis().into(),
        period,
        group_id,
        universe_id: arguments.figures.universe.clone(),
    };
    let response = session.client.simulate_change(request).await?;
    Ok(answer(&response, &groups, session.language))
}

/// The id of the group meant; keeps its name.
async fn group_id(session: &mut Session, typed: &str, names: &mut GroupNames) -> Result<String, Failure> {
    let group = session.group(typed).await?;
    let name = session.language.of(group.name.as_ref()).to_owned();
    names.insert(group.id.clone(), name);
    Ok(group.id)
}

fn answer(response: &SimulateChangeResponse, groups: &GroupNames, language: Language) -> Answer {
    let region = response.region.clone().unwrap_or_default();
    let changes = response.changes.iter();
    let mut rows: Vec<Row> = changes
        .flat_map(|change| of_change(change, &region.name, language))
        .collect();
    let composite = response.composite.iter();
    rows.extend(composite.flat_map(|composite| of_composite(composite, &region.name, language)));
    let wanted = response.wanted.iter();
    rows.extend(wanted.flat_map(|needed| Row::needed(needed, groups, language)));
    let title = |row: &Row| {
        let Some(indicator) = &row.ranking.indicator else {
            let name = language.say(headings::COMPOSITE).to_owned();
            return vec![ranked::title(name, &row.ranking, language)];
        };
        let name = format!("{} ({})", language.of(indicator.name.as_ref()), indicator.id);
        vec![ranked::title(name, &row.ranking, language)]
    };
    let sheet = Sheet::of(&rows, &columns(), language)
        .titled(&rows, title)
        .noted(&rows, |row| row.notes.clone());
    let mut agreements: Vec<String> = rows
        .iter()
        .map(|row| ranked::agreement(&row.ranking, language))
        .collect();
    agreements.dedup();
    let legend = ranked::legend(rows.iter(), language).to_owned();
    Answer::new("SimulateChangeResponse", response, sheet)
        .titled(suppositions::what_if(language, &region))
        .below([Part::sentences(std::iter::once(legend).chain(agreements))])
        .below(advice::parts(response, language))
        .quoting(response.metadata.as_ref())
        .among(rows.iter().map(|row| row.ranking.n))
}

/// The municipality, and the group asked for, before and after a change.
fn of_change(change: &SimulatedChange, region: &str, language: Language) -> Vec<Row> {
    let ranking = change.ranking.clone().unwrap_or_default();
    let mut after = ranking.clone();
    after.n = change.n_after;
    let means = (change.mean_grade_before, change.mean_grade_after);
    let notes = notes((&change.passed, &change.passed_by), means, language);
    let mut rows = vec![
        Row::of_region(&ranking, region, (change.old_value, change.old_standing)),
        Row::of_region(&after, region, (Some(change.new_value), change.new_standing)).then(),
    ];
    rows.extend(
        change
            .group_before
            .iter()
            .map(|group| Row::of_group(&ranking, group, language)),
    );
    rows.extend(
        change
            .group_after
            .iter()
            .map(|group| Row::of_group(&after, group, language).then()),
    );
    if let Some(last) = rows.last_mut() {
        last.notes = notes;
    }
    rows
}

/// The municipality by a composite before and after.
fn of_composite(composite: &SimulatedComposite, region: &str, language: Language) -> Vec<Row> {
    let summary = composite.summary.clone().unwrap_or_default();
    let ranking = super::composite::ranking_of(&summary);
    let after = RankingSummary {
        n: composite.n_after,
        ..ranking.clone()
    };
    let means = (composite.mean_grade_before, composite.mean_grade_after);
    let old = (composite.old_score, composite.old_standing);
    let mut then = Row::of_region(&after, region, (composite.new_score, composite.new_standing)).then();
    then.notes = notes((&composite.passed, &composite.passed_by), means, language);
    vec![Row::of_region(&ranking, region, old), then]
}

/// Who changes sides, and how far the mean grade moves.
fn notes(
    (passed, passed_by): (&Option<PassedRegions>, &Option<PassedRegions>),
    mean_grades: (Option<f64>, Option<f64>),
    language: Language,
) -> Vec<String> {
    let passing = [(true, passed), (false, passed_by)].map(|(passes, passed)| {
        let passed = passed.clone().unwrap_or_default();
        let regions = passed.regions.iter();
        let names: Vec<&str> = regions.map(|region| region.name.as_str()).collect();
        suppositions::passing(language, passes, passed.count, &names)
    });
    let moves = match mean_grades {
        (Some(before), Some(after)) => suppositions::mean_grade_moves(language, before, after),
        _ => String::new(),
    };
    passing.into_iter().chain([moves]).collect()
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{
        Basis, IndicatorRef, LocalizedText, NeededValue, RegionRef, Standing, UnreachableReason, ValueRange,
        Verdict,
    };

    use super::*;
    use crate::cli::{table, tsv};

    fn response() -> SimulateChangeResponse {
        let text = |nl: &str, en: &str| {
            Some(LocalizedText {
                nl: nl.to_owned(),
                en: en.to_owned(),
            })
        };
        let ranking = RankingSummary {
            indicator: Some(IndicatorRef {
                id: "low_theft".to_owned(),
                name: text("Weinig diefstal", "Little theft"),
                ..Default::default()
            }),
            basis: Basis::Computed.into(),
            period: "2024".to_owned(),
            unit: text("per 1.000", "per 1,000"),
            decimals: 1,
            n: 30,
            ..Default::default()
        };
        let standing = |position, ties, verdict: Verdict, grade| {
            Some(Standing {
                position,
                ties,
                place_share: 0.5,
                verdict: verdict.into(),
                grade: Some(grade),
            })
        };
        let wanted = |target, values: &[ValueRange], unreachable: UnreachableReason| NeededValue {
            ranking: Some(ranking.clone()),
            wanted: Some(WantedOutcome {
                indicator_id: "low_theft".to_owned(),
                target: Some(target),
            }),
            value: Some(9.0),
            values: values.to_vec(),
            unreachable: unreachable.into(),
            ..Default::default()
        };
        let up_to = |to| ValueRange {
            from: None,
            to: Some(to),
        };
        let mean = Target::GroupMeanPosition(WantedMeanPosition {
            group_id: "old_towns".to_owned(),
            position: 1,
        });
        let reached = NeededValue {
            reached_position: Some(3),
            change: Some(-5.96),
            ..wanted(
                Target::Position(4),
                &[up_to(3.04)],
                UnreachableReason::Unspecified,
            )
        };
        let beyond = NeededValue {
            best_position: Some(7),
            ..wanted(mean, &[], UnreachableReason::BeyondOneMember)
        };
        SimulateChangeResponse {
            region: Some(RegionRef {
                code: "GM0637".to_owned(),
                name: "Zoetermeer".to_owned(),
            }),
            changes: vec![SimulatedChange {
                ranking: Some(ranking.clone()),
                old_value: Some(9.0),
                new_value: 4.25,
                old_standing: standing(20, 1, Verdict::Middle, 6.0),
                new_standing: standing(5, 2, Verdict::Favourable, 7.5),
                n_after: 30,
                passed: Some(PassedRegions {
                    count: 15,
                    regions: vec![RegionRef {
                        code: "GM0034".to_owned(),
                        name: "Almere".to_owned(),
                    }],
                }),
                mean_grade_before: Some(6.5),
                mean_grade_after: Some(6.55),
                ..Default::default()
            }],
            wanted: vec![
                reached,
                wanted(
                    Target::Grade(3.0),
                    &[ValueRange::default()],
                    UnreachableReason::Unspecified,
                ),
                beyond,
            ],
            ..Default::default()
        }
    }

    fn shown() -> Answer {
        let groups = GroupNames::from([("old_towns".to_owned(), "Old towns".to_owned())]);
        answer(&response(), &groups, Language::En)
    }

    #[test]
    fn a_table_sets_then_under_now_and_rounds_bounds_so_that_they_are_enough() {
        assert_eq!(
            table::plain(&shown(), Language::En),
            "What if in Zoetermeer (GM0637)\n\n\
             when                                     value        position  verdict                  grade\n\
             ───────────────────────────────────────────────────────────────────────────────────────────────\n\
             Little theft (low_theft): computed, 2024, per 1,000\n\
             now   Zoetermeer                         9.0           20 / 30  middle                     6.0\n\
             then  Zoetermeer                         4.25          =5 / 30  favourable                 7.5\n\
             \u{20} no longer better (15): Almere and 14 more\n\
             \u{20} mean of all grades: 6.50 becomes 6.55\n\
             \u{20}     for position 4                     at most 3.0\n\
             \u{20} gives position 3: others tie\n\
             \u{20}     for grade 3.0                      any value\n\
             \u{20}     for position 1 of the mean of Old                         not by one member alone\n\
             \u{20}     towns\n\
             \u{20} position 7 is the best the mean can come to this way\n\
             \n=: other municipalities have the same position.\n"
        );
    }

    #[test]
    fn tsv_has_exact_bounds_and_leaves_empty_what_does_not_apply() {
        let text = tsv::write(&shown().sheet);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "indicator_id\tindicator\twhen\tsubject\tgroup_id\ttarget\ttarget_value\tvalue\tfrom\tto\tchange\t\
             reached_position\tbest_position\tunreachable\tposition\tn\tties\tplace_share\tverdict\tgrade\tgrade_method\t\
             unit\tbasis\tperiod\tknown\tsource_id\tfigure\tproxy_indicator_id"
        );
        assert!(
            lines[2].starts_with("low_theft\tLittle theft\tthen\tZoetermeer\t\t\t\t4.25\t\t"),
            "{}",
            lines[2]
        );
        let position =
            "low_theft\tLittle theft\twanted\tfor position 4\t\tposition\t4\t\t\t3.04\t-5.96\t3\t\t\t";
        assert!(lines[3].starts_with(position), "{}", lines[3]);
        assert!(
            lines[5].contains("\told_towns\tmean_position\t1\t\t\t\t\t\t7\tbeyond_one_member\t"),
            "{}",
            lines[5]
        );
    }
}
