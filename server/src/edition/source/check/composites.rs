//! Composites: they are made of indicators that count, each once, and get their values from nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{DraftTable, Problem, Row, Value, layout::Section},
    rows_of,
};
use crate::domain::{
    ComposedOf, IndicatorKind, KindBasis, NeverCounts, problem_of_weights, problems_of_children,
};

/// What follows from the children: it is not written again.
const FOLLOWS: [&str; 7] = [
    "aggregation",
    "polarity",
    "polarity_reason_nl",
    "polarity_reason_en",
    "unit_nl",
    "unit_en",
    "decimals",
];

pub(super) fn check(tables: &[DraftTable], problems: &mut Vec<Problem>) {
    let indicators: BTreeMap<&str, (&Section, &Row)> = rows_of(tables, "indicator")
        .filter_map(|(section, row)| Some((row.text(section, "id")?, (section, row))))
        .collect();
    let find = |id: &str| indicators.get(id).map(|(section, row)| composed_of(section, row));
    for (id, (section, row)) in &indicators {
        for found in problems_of_children(id, &find) {
            let children = row.list(section, "children");
            let line = found
                .child
                .and_then(|child| children.get(child))
                .map(|(_, line)| *line);
            problems.push(Problem::at(section.file, line.unwrap_or(row.line), found.message));
        }
        weights(section, row, problems);
        nothing_else(section, row, problems);
    }
    let mut said: BTreeSet<&str> = BTreeSet::new();
    for (section, row) in rows_of(tables, "observation") {
        let Some(id) = row.text(section, "indicator") else {
            continue;
        };
        let is_computed = indicators
            .get(id)
            .is_some_and(|(of, composite)| !composite.list(of, "children").is_empty());
        if is_computed && said.insert(id) {
            let message =
                format!("indicator: `{id}` is computed from its children: remove its values or its children");
            problems.push(Problem::at(section.file, row.line, message));
        }
    }
}

fn composed_of<'a>(section: &Section, row: &'a Row) -> ComposedOf<'a> {
    let word = |key| row.text(section, key).unwrap_or_default();
    let kind = IndicatorKind::of_word(word("kind")).unwrap_or(IndicatorKind::Judgement);
    let basis = KindBasis::of_word(word("kind_basis")).unwrap_or(KindBasis::Stated);
    let children = row.list(section, "children").iter();
    ComposedOf {
        kind,
        never_counts: NeverCounts::of(kind, basis, row.whole(section, "origin") == Some(1)),
        children: children.filter_map(|(child, _)| child.text()).collect(),
    }
}

fn weights(section: &Section, row: &Row, problems: &mut Vec<Problem>) {
    let written = row.list(section, "weights");
    let weights: Vec<f64> = written.iter().filter_map(|(weight, _)| weight.real()).collect();
    if let Some(message) = problem_of_weights(row.list(section, "children").len(), &weights) {
        let line = written.first().map_or(row.line, |(_, line)| *line);
        problems.push(Problem::at(section.file, line, message));
    }
}

fn nothing_else(section: &Section, row: &Row, problems: &mut Vec<Problem>) {
    if row.list(section, "children").is_empty() {
        return;
    }
    for key in FOLLOWS
        .into_iter()
        .filter(|key| *row.value(section, key) != Value::Null)
    {
        let message = format!("{key}: follows from the children: remove it");
        problems.push(Problem::at(section.file, row.line_of(section, key), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::edition::source::SourceFolder;

    /// The problems of the built-in source with more indicators, without file and line of each.
    fn problems(more: &str, observations: &str) -> Vec<String> {
        let source = SourceFolder::built_in();
        let indicators = source.file("indicators.toml").expect("a file").to_owned();
        let first_line = indicators.lines().count();
        let header = "indicator,region,period,value,status,origin,source\n";
        let source = source
            .with_file("indicators.toml", indicators + more)
            .with_file("observations.csv", format!("{header}{observations}"));
        let Err(error) = source.draft() else {
            return Vec::new();
        };
        let said = error.problems.into_iter().map(|problem| {
            let line = if problem.file == "indicators.toml" {
                assert!(problem.line > first_line, "{problem}");
                problem.line - first_line
            } else {
                problem.line
            };
            format!("{line}: {}", problem.message)
        });
        said.collect()
    }

    /// A composite of nine lines, an empty one first; `keys` are the ninth and on.
    fn composite(id: &str, keys: &str) -> String {
        format!(
            "\n[[indicator]]\nid = \"{id}\"\nname_nl = \"N\"\nname_en = \"N\"\ntheme = \"social_cohesion\"\nkind = \"composite\"\n\
             kind_basis = \"stated\"\n{keys}\n"
        )
    }

    #[test]
    fn a_sound_tree_of_two_levels_is_taken() {
        let inner = composite(
            "inner",
            "children = [\"low_theft\", \"low_vandalism\"]\nweights = [1, 1]",
        );
        let outer = composite("outer", "children = [\"inner\", \"safety\"]\nweights = [0, 2.5]");
        assert_eq!(problems(&(outer + &inner), ""), [""; 0]);
    }

    #[test]
    fn children_count_and_stand_once() {
        for (keys, message) in [
            (
                "children = [\"vet_students_care\"]",
                "9: children: `vet_students_care` is neutral: no side of it is favourable",
            ),
            (
                "children = [\"low_unemployment_western\"]",
                "9: children: `low_unemployment_western` is an origin category",
            ),
            (
                "children = [\"no_such\"]",
                "9: children: no indicator is called `no_such`",
            ),
            (
                "children = [\"x\"]",
                "9: children: `x` would be made of itself: remove it from `x`",
            ),
            (
                "children = [\"low_theft\", \"low_theft\"]",
                "9: children: `low_theft` stands twice",
            ),
        ] {
            let found = problems(&composite("x", keys), "");
            assert!(
                found.iter().any(|found| found.starts_with(message)),
                "{keys}: {found:?}"
            );
        }
    }

    #[test]
    fn a_leaf_that_comes_twice_by_another_way_and_a_circle_are_found() {
        let inner = composite("inner", "children = [\"low_theft\"]");
        let outer = composite("outer", "children = [\"low_theft\", \"inner\"]");
        assert_eq!(
            problems(&(inner + &outer), ""),
            [
                "18: children: `low_theft` stands below `outer` and below `inner`: it would count twice, remove one of the two"
            ]
        );
        let one = composite("one", "children = [\"other\"]");
        let other = composite("other", "children = [\"one\"]");
        let found = problems(&(one + &other), "");
        assert_eq!(found.len(), 2, "each is told: {found:?}");
        assert!(
            found
                .iter()
                .all(|found| found.contains("would be made of itself")),
            "{found:?}"
        );
    }

    #[test]
    fn weights_are_as_many_as_children_and_some_of_them_count() {
        for (weights, message) in [
            ("[1]", "there is 1 for 2"),
            ("[0, 0]", "all are 0"),
            ("[1, -1]", "-1 is no weight"),
            ("[1, 1e300]", "is no weight"),
            ("[1, \"2\"]", "must be a number"),
        ] {
            let keys = format!("children = [\"low_theft\", \"low_vandalism\"]\nweights = {weights}");
            let found = problems(&composite("x", &keys), "");
            let message = message.replace("there is 1 for 2", "there are 1 for 2");
            assert!(
                found
                    .iter()
                    .any(|found| found.starts_with("10: weights") && found.contains(&message)),
                "{weights}: {found:?}"
            );
        }
        let found = problems(&composite("x", "weights = [1]"), "");
        assert_eq!(
            found,
            ["9: weights: there are 1 for 0 children: write one for each, or none for equal ones"]
        );
    }

    #[test]
    fn only_composites_have_children_and_nothing_else_gives_them_values() {
        let keys = "children = [\"low_theft\"]\npolarity = \"higher_is_favourable\"\ndecimals = 1";
        assert_eq!(
            problems(
                &composite("x", keys),
                "x,GM0034,2020,1,final,loaded,bureau_louter_2024\n"
            ),
            [
                "10: polarity: follows from the children: remove it",
                "11: decimals: follows from the children: remove it",
                "2: indicator: `x` is computed from its children: remove its values or its children"
            ]
        );
        let judgement =
            composite("x", "children = [\"low_theft\"]").replace("\"composite\"", "\"judgement\"");
        assert_eq!(
            problems(&judgement, ""),
            ["2: `x` is no composite: change its kind, or remove its children"]
        );
        let unverified = composite("x", "children = [\"low_theft\"]").replace("\"stated\"", "\"unverified\"");
        assert!(problems(&unverified, "")[0].contains("cannot be computed from children"));
    }

    #[test]
    fn a_tree_has_a_limit_of_levels() {
        let levels = |number: usize| -> String {
            let of = |level| {
                composite(
                    &format!("level{level}"),
                    &format!("children = [\"level{}\"]", level + 1),
                )
            };
            let last = composite(&format!("level{number}"), "children = [\"low_theft\"]");
            (0..number).map(of).collect::<String>() + &last
        };
        assert_eq!(problems(&levels(49), ""), [""; 0]);
        assert!(problems(&levels(50), "")[0].contains("more than 50 levels deep"));
    }
}
