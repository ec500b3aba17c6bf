//! Indicators: they fit their block, their figures and the factors that use them; totals run in no circle.

use std::collections::BTreeMap;

use super::super::{DraftTable, Problem, Row, layout::Section};
use super::rows_of;

pub(super) fn check(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    totals_run_in_no_circle(tables, problems);
    let indicators: Indicators<'_> = rows_of(tables, "indicator")
        .map(|(section, row)| (row.id(section), (section, row)))
        .collect();
    blocks_belong_to_their_theme(tables, &indicators, problems);
    judged_values_have_a_polarity(tables, &indicators, problems);
    factors_use_each_kind_as_it_counts(tables, &indicators, problems);
}

type Indicators<'a> = BTreeMap<String, (&'a Section, &'a Row)>;

fn blocks_belong_to_their_theme(
    tables: &[DraftTable],
    indicators: &Indicators<'_>,
    problems: &mut Vec<Problem>,
) {
    let themes: BTreeMap<String, &str> = rows_of(tables, "block")
        .filter_map(|(section, row)| Some((row.id(section), row.text(section, "theme")?)))
        .collect();
    for (section, row) in indicators.values() {
        let (theme, block) = (row.text(section, "theme"), row.text(section, "block"));
        if let (Some(theme), Some(block)) = (theme, block)
            && let Some(of_block) = themes.get(block).filter(|of_block| **of_block != theme)
        {
            let message = format!(
                "block `{block}` belongs to theme `{of_block}`, not to `{theme}`: change one of the two"
            );
            problems.push(Problem::at(section.file, row.line_of(section, "block"), message));
        }
    }
}

/// Without polarity nobody can say who of two municipalities is better, and guessing would be silent.
fn judged_values_have_a_polarity(
    tables: &[DraftTable],
    indicators: &Indicators<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut first_line: BTreeMap<&str, usize> = BTreeMap::new();
    for (section, row) in rows_of(tables, "observation") {
        if let Some(indicator) = row.text(section, "indicator") {
            first_line.entry(indicator).or_insert(row.line);
        }
    }
    for (id, line) in first_line {
        let Some((section, row)) = indicators.get(id) else {
            continue; // reported as a dangling reference
        };
        // Those of a composite with children have no business there: `composites` says so.
        let is_judged = row.text(section, "kind") != Some("neutral");
        if is_judged && row.text(section, "polarity").is_none() && row.list(section, "children").is_empty() {
            let message = format!(
                "`{id}` is judged and has values (observations.csv:{line}), but no polarity: write \
                 higher_is_favourable or lower_is_favourable"
            );
            problems.push(Problem::at(section.file, row.line, message));
        }
    }
}

/// Judged indicators measure a factor, neutral ones are shown beside it.
fn factors_use_each_kind_as_it_counts(
    tables: &[DraftTable],
    indicators: &Indicators<'_>,
    problems: &mut Vec<Problem>,
) {
    for (section, row) in rows_of(tables, "factor") {
        for (list, wants_neutral) in [("indicators", false), ("context_indicators", true)] {
            for (indicator, line) in row.list(section, list) {
                let Some((of, found)) = indicators.get(&indicator.to_string()) else {
                    continue; // reported as a dangling reference
                };
                let is_neutral = found.text(of, "kind") == Some("neutral");
                if is_neutral != wants_neutral {
                    let (kind, other) = if is_neutral {
                        ("neutral and never counts", "context_indicators")
                    } else {
                        ("judged", "indicators")
                    };
                    let message = format!("{list}: `{indicator}` is {kind}: list it under {other}");
                    problems.push(Problem::at(section.file, *line, message));
                }
            }
        }
    }
}

/// A part has one total, and no total is part of itself.
fn totals_run_in_no_circle(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let mut whole_of: BTreeMap<String, String> = BTreeMap::new();
    for (section, row) in rows_of(tables, "indicator") {
        let whole = row.id(section);
        for (part, line) in row.list(section, "parts") {
            if let Some(other) = whole_of.insert(part.to_string(), whole.clone()) {
                problems.push(Problem::at(
                    section.file,
                    *line,
                    format!("`{part}` is already part of `{other}`"),
                ));
            }
            let mut above = Some(&whole);
            while let Some(id) = above {
                if *id == part.to_string() {
                    problems.push(Problem::at(
                        section.file,
                        *line,
                        format!("`{part}` would be part of itself"),
                    ));
                    return;
                }
                above = whole_of.get(id);
            }
        }
    }
}
