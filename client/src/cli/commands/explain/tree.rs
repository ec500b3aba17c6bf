//! The rows of a derivation: all numbers for scripts, and for people those down to a figure, with its value on the same row.

use groeikern_client::v1::{DerivationKind, DerivationNode, Standing};

use crate::cli::{
    language::{Language, advice, headings, words::Word},
    sheet::{Cell, Column, PartOf, Sheet},
};

/// Decimals of needs, scores and severities: as many as it takes to see on which side of a class they are.
const DECIMALS: u32 = 3;

/// One number with its place in the tree.
pub(super) struct Row<'a> {
    pub(super) node: &'a DerivationNode,
    subject_id: &'a str,
    recommendation_id: &'a str,
    /// Such as `1.2.3`; that of the root is empty.
    place: String,
    depth: usize,
    /// It stands on its figure's row already.
    told: bool,
}

/// All nodes, each before its children.
pub(super) fn rows<'a>(
    root: Option<&'a DerivationNode>,
    subject_id: &'a str,
    recommendation_id: &'a str,
) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    if let Some(root) = root {
        add(
            &mut rows,
            (root, subject_id, recommendation_id),
            String::new(),
            (0, false),
        );
    }
    rows
}

fn add<'a>(
    rows: &mut Vec<Row<'a>>,
    (node, subject_id, recommendation_id): (&'a DerivationNode, &'a str, &'a str),
    place: String,
    (depth, told): (usize, bool),
) {
    let begin = if place.is_empty() {
        String::new()
    } else {
        format!("{place}.")
    };
    rows.push(Row {
        node,
        subject_id,
        recommendation_id,
        place,
        depth,
        told,
    });
    let told = told || node.kind() == DerivationKind::Figure;
    for (number, child) in node.children.iter().enumerate() {
        let place = format!("{begin}{}", number + 1);
        add(
            rows,
            (child, subject_id, recommendation_id),
            place,
            (depth + 1, told),
        );
    }
}

/// Every number on a row.
pub(super) fn for_scripts(rows: &[Row<'_>], language: Language) -> Sheet {
    let columns: [Column<Row<'_>>; 27] = [
        Column::tsv_only("subject_id", |row, _| Cell::text(row.subject_id)),
        Column::tsv_only("recommendation_id", |row, _| Cell::text(row.recommendation_id)),
        Column::tsv_only("place", |row, _| Cell::text(&row.place)),
        Column::tsv_only("kind", |row, language| Cell::word(row.node.kind(), language)),
        Column::tsv_only("id", |row, _| Cell::text(&row.node.id)),
        Column::tsv_only("name", |row, language| {
            Cell::localized(row.node.name.as_ref(), language)
        }),
        Column::tsv_only("value", |row, _| Cell::number(row.node.value, DECIMALS)),
        Column::tsv_only("weight", |row, _| Cell::number(row.node.weight, DECIMALS)),
        Column::tsv_only("coverage_weight", |row, _| {
            Cell::number(row.node.coverage_weight, DECIMALS)
        }),
        Column::tsv_only("class", |row, language| {
            Cell::word(row.node.recommendation_class(), language)
        }),
        Column::tsv_only("role", |row, language| Cell::word(row.node.role(), language)),
        Column::tsv_only("trigger_state", |row, language| {
            Cell::word(row.node.trigger_state(), language)
        }),
        Column::tsv_only("position", |row, _| {
            Cell::count(row.standing().map_or(0, |standing| standing.position))
        }),
        Column::tsv_only("n", |row, _| Cell::count(row.n())),
        Column::tsv_only("ties", |row, _| Cell::ties(row.standing())),
        Column::tsv_only("place_share", |row, _| Cell::place_share(row.standing())),
        Column::tsv_only("basis", |row, language| {
            row.node
                .ranking
                .as_ref()
                .map_or(Cell::Absent, |ranking| Cell::word(ranking.basis(), language))
        }),
        Column::tsv_only("need_without", |row, _| {
            Cell::number(row.node.without.as_ref().and_then(|left| left.need), DECIMALS)
        }),
        Column::tsv_only("coverage_without", |row, _| {
            row.node
                .without
                .as_ref()
                .map_or(Cell::Absent, |left| Cell::Share(left.coverage))
        }),
        Column::tsv_only("class_without", |row, language| {
            let left = row.node.without.as_ref();
            left.map_or(Cell::Absent, |left| {
                Cell::word(left.recommendation_class(), language)
            })
        }),
        Column::tsv_only("observation_status", |row, language| {
            let observation = row.node.observation.as_ref();
            observation.map_or(Cell::Absent, |of| Cell::word(of.observation_status(), language))
        }),
        Column::tsv_only("indicator_id", |row, _| Cell::text(row.leaf().0)),
        Column::tsv_only("period", |row, _| Cell::text(row.leaf().1)),
        Column::tsv_only("source_id", |row, _| Cell::text(row.leaf().2)),
        Column::tsv_only("figure", |row, _| {
            let printed = row.node.published_position.as_ref();
            printed.map_or(Cell::Absent, |printed| Cell::text(&printed.figure))
        }),
        Column::tsv_only("column_inferred", |row, _| {
            let printed = row.node.published_position.as_ref();
            printed.map_or(Cell::Absent, |printed| Cell::flag(printed.column_inferred))
        }),
        Column::tsv_only("citation", |row, language| {
            Cell::localized(row.node.citation.as_ref(), language)
        }),
    ];
    Sheet::of(rows, &columns, language)
}

/// The numbers down to figures, indented.
pub(super) fn for_people(rows: &[Row<'_>], language: Language) -> Sheet {
    let columns: [Column<Row<'_>>; 7] = [
        Column::table_only(headings::WHAT, |row, language| Cell::text(row.indented(language))),
        Column::table_only(headings::VALUE, |row, language| match row.node.kind() {
            DerivationKind::Class => Cell::word(row.node.recommendation_class(), language),
            DerivationKind::Trigger => Cell::word(row.node.trigger_state(), language),
            DerivationKind::Coverage => row.node.value.map_or(Cell::Absent, Cell::Share),
            DerivationKind::MaskedDistricts => Cell::number(row.node.value, 0),
            _ => Cell::number(row.node.value, DECIMALS),
        }),
        Column::table_only(headings::WEIGHT, |row, _| Cell::number(row.node.weight, 1)),
        Column::table_only(headings::POSITION, |row, _| {
            Cell::place(row.standing(), row.n(), row.shares_place())
        }),
        Column::table_only(headings::FIGURES, |row, language| {
            Cell::text(row.figure(language))
        }),
        Column::table_only(headings::NEED_WITHOUT, |row, _| {
            Cell::number(row.node.without.as_ref().and_then(|left| left.need), DECIMALS)
        }),
        Column::table_only(headings::CLASS, |row, language| {
            let left = row.node.without.as_ref();
            left.map_or(Cell::Absent, |left| {
                Cell::word(left.recommendation_class(), language)
            })
        }),
    ];
    Sheet::of(rows, &columns, language).divided(
        rows,
        |row| {
            if row.told { PartOf::TsvOnly } else { PartOf::Both }
        },
    )
}

impl Row<'_> {
    fn standing(&self) -> Option<&Standing> {
        self.node.standing.as_ref()
    }

    fn shares_place(&self) -> bool {
        self.standing().is_some_and(|standing| standing.ties > 1)
    }

    fn n(&self) -> u32 {
        let printed = self
            .node
            .published_position
            .as_ref()
            .map_or(0, |printed| printed.n);
        self.node.ranking.as_ref().map_or(printed, |ranking| ranking.n)
    }

    /// Indicator, period and source of a leaf.
    fn leaf(&self) -> (&str, &str, &str) {
        let observation = self.node.observation.as_ref();
        let printed = self.node.published_position.as_ref();
        match (observation, printed) {
            (Some(of), _) => (&of.indicator_id, &of.period, &of.source_id),
            (None, Some(of)) => (&of.indicator_id, &of.period, &of.source_id),
            (None, None) => ("", "", ""),
        }
    }

    /// What it is, as far to the right as it is deep. Blanks that do not break: a table keeps them.
    fn indented(&self, language: Language) -> String {
        let kind = language.say(self.node.kind().shown());
        let name = language.of(self.node.name.as_ref());
        let text = match self.node.kind() {
            DerivationKind::Figure => name.to_owned(),
            DerivationKind::WithoutFigure => format!("{name} ({kind})"),
            _ if name.is_empty() => kind.to_owned(),
            _ => format!("{kind}: {name}"),
        };
        format!("{}{text}", "\u{a0}".repeat(2 * self.depth))
    }

    /// What a figure was ranked by: the basis, or the value with its period.
    fn figure(&self, language: Language) -> String {
        let Some(ranking) = &self.node.ranking else {
            return String::new();
        };
        let basis = language.say(ranking.basis().shown());
        let below = self
            .node
            .children
            .first()
            .filter(|child| child.kind() != DerivationKind::PublishedPosition);
        match below.and_then(|child| child.value) {
            None => basis.to_owned(),
            Some(value) => {
                let decimals = usize::try_from(ranking.decimals.min(9)).unwrap_or_default();
                let value = language.number(value, decimals);
                advice::value_of_period(&value, &ranking.period, basis)
            }
        }
    }
}
