//! The rows of a profile: one per indicator, and in tables the lines that belong under it.

use groeikern_client::v1::{
    CompareGroupsResponse, GetProfileResponse, IndicatorRef, ItemStatus, ObservationStatus, ProfileFigure,
    ProfileRow, RankingSummary, RegionRef, Standing,
};

use super::{
    against::{self, Against},
    outcome::Outcome,
};
use crate::cli::{
    commands::BETWEEN_NAMES,
    language::{Language, headings, sentences, words::Word},
    ranked::{self, Ranked},
    sheet::{Cell, Column, PartOf},
    themes::{Place, Themes},
};

/// How far a line under an indicator is set in.
const INSET: &str = "  ";

/// One figure: of the municipality on an indicator, or, under it, what is set beside it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    region: RegionRef,
    ranking: RankingSummary,
    indicator: IndicatorRef,
    pub(super) place: Place,
    status: ItemStatus,
    standing: Option<Standing>,
    value: Option<f64>,
    observation_status: ObservationStatus,
    pub(super) against: Option<Against>,
    /// What the other bases say of the same municipality.
    others: Vec<ProfileFigure>,
    /// What a line under an indicator is called; absent for the indicator itself.
    under: Option<String>,
    /// What the note below describes: on the last line of an indicator, its first.
    described: Option<Box<Self>>,
}

impl Ranked for Row {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }

    fn status(&self) -> ItemStatus {
        self.status
    }

    fn shares_position(&self) -> bool {
        self.under.is_none() && self.standing().is_some_and(|standing| standing.ties > 1)
    }
}

impl Row {
    fn of(row: &ProfileRow, region: &RegionRef, themes: &Themes) -> Self {
        let ranking = row.ranking.clone().unwrap_or_default();
        let indicator = ranking.indicator.clone().unwrap_or_default();
        Self {
            region: region.clone(),
            place: themes.place(&indicator.theme_id, &indicator.block_id),
            ranking,
            indicator,
            status: row.status(),
            standing: row.standing,
            value: row.value,
            observation_status: row.observation_status(),
            against: None,
            others: row.others.clone(),
            under: None,
            described: None,
        }
    }

    /// The line with the mean of the group under this row.
    fn of_group(&self, against: &Against, language: Language) -> Self {
        let mean = &against.standing;
        let label = language.of(against.group.name.as_ref()).to_owned();
        Self {
            // Basis, period and unit are those of the row above, or there would be no mean here.
            ranking: RankingSummary {
                n: self.ranking.n,
                decimals: self.ranking.decimals,
                ..Default::default()
            },
            status: mean.status(),
            standing: mean.standing,
            value: mean.mean,
            observation_status: ObservationStatus::Unspecified,
            against: None,
            others: Vec::new(),
            under: Some(label),
            described: None,
            ..self.clone()
        }
    }

    /// The line with what another basis says, under this row.
    fn of_other(&self, other: &ProfileFigure, language: Language) -> Self {
        let ranking = other.ranking.clone().unwrap_or_default();
        let label = sentences::also(language, &ranked::figures(&ranking, language));
        Self {
            ranking,
            status: ItemStatus::Ok,
            standing: other.standing,
            value: other.value,
            observation_status: other.observation_status(),
            against: None,
            others: Vec::new(),
            under: Some(label),
            described: None,
            ..self.clone()
        }
    }

    /// What the columns and the title of a table do not say of this figure: `computed, 2020, % of adults, provisional`.
    pub(super) fn note(&self, shared: &RankingSummary, language: Language) -> String {
        let Some(described) = &self.described else {
            return String::new();
        };
        let ranking = ranked::unshared(&described.ranking, shared);
        let mut parts = vec![ranked::figures(&ranking, language)];
        // What is withheld says so where the verdict would be.
        if described.has_figure() {
            parts.push(language.say(described.observation_status.shown()).to_owned());
        }
        if let Some(mean) = described.against.as_ref().map(|against| &against.standing)
            && mean.mean.is_some()
            && mean.contributed < mean.members
        {
            parts.push(sentences::members_known(language, mean.contributed, mean.members));
        }
        parts.retain(|part| !part.is_empty());
        parts.join(", ")
    }

    /// The forms this row is part of.
    pub(super) fn part_of(&self) -> PartOf {
        if self.under.is_some() {
            PartOf::TableOnly
        } else if self.is_without_figure() {
            PartOf::TsvOnly
        } else {
            PartOf::Both
        }
    }

    /// Whether it is an indicator of which there is nothing to show. A figure that is withheld has a row of its own: that
    /// is more than having none.
    pub(super) fn is_without_figure(&self) -> bool {
        self.under.is_none() && self.standing.is_none() && self.status != ItemStatus::Suppressed
    }

    /// Whether it is an indicator with a figure of the municipality.
    pub(super) fn has_figure(&self) -> bool {
        self.under.is_none() && self.standing.is_some()
    }

    /// How a judged figure compares with the group.
    pub(super) fn judged(&self) -> Option<Outcome> {
        self.against.as_ref()?.judged()
    }

    pub(super) fn name(&self, language: Language) -> &str {
        language.of(self.indicator.name.as_ref())
    }
}

/// The rows of a profile, each followed by what tables set under it.
pub(super) fn rows(
    profile: &GetProfileResponse,
    comparison: Option<&CompareGroupsResponse>,
    themes: &Themes,
    language: Language,
) -> Vec<Row> {
    let region = profile.region.clone().unwrap_or_default();
    let mut rows = Vec::new();
    for of_profile in &profile.rows {
        let mut row = Row::of(of_profile, &region, themes);
        row.against = comparison.and_then(|comparison| against::beside(of_profile, comparison));
        let described = Some(Box::new(row.clone()));
        let mut of_indicator = vec![row];
        let row = &of_indicator[0];
        if let Some(against) = row.against.as_ref().filter(|_| !row.is_without_figure()) {
            let mean = row.of_group(against, language);
            of_indicator.push(mean);
        }
        if let Some(last) = of_indicator.last_mut() {
            last.described = described;
        }
        let row = &of_indicator[0];
        let others = of_profile
            .others
            .iter()
            .filter(|_| !row.is_without_figure())
            .map(|other| row.of_other(other, language));
        let others: Vec<Row> = others.collect();
        rows.append(&mut of_indicator);
        rows.extend(others);
    }
    rows
}

pub(super) fn columns() -> Vec<Column<Row>> {
    let mut columns = vec![
        Column::tsv_only("region_code", |row: &Row, _| Cell::text(&row.region.code)),
        Column::tsv_only("region", |row, _| Cell::text(&row.region.name)),
        Column::tsv_only("theme_id", |row, _| Cell::text(&row.indicator.theme_id)),
        Column::tsv_only("theme", |row, language| {
            Cell::localized(row.place.theme.as_ref(), language)
        }),
        Column::tsv_only("block_id", |row, _| Cell::text(&row.indicator.block_id)),
        Column::tsv_only("block", |row, language| {
            Cell::localized(row.place.block.as_ref(), language)
        }),
        Column::tsv_only("indicator_id", |row, _| Cell::text(&row.indicator.id)),
        Column::new("indicator", headings::INDICATOR, |row, language| {
            match &row.under {
                Some(label) => Cell::text(format!("{INSET}{label}")),
                None => Cell::text(row.name(language)),
            }
        }),
        Column::tsv_only("kind", |row, language| Cell::word(row.indicator.kind(), language)),
        Column::tsv_only("status", |row, language| Cell::word(row.status, language)),
    ];
    columns.extend(ranked::standing());
    columns.extend([
        Column::new("value", headings::VALUE, |row: &Row, _| {
            Cell::number(row.value, row.ranking.decimals)
        }),
        Column::tsv_only("unit", |row, language| {
            Cell::localized(row.ranking.unit.as_ref(), language)
        }),
        Column::tsv_only("observation_status", |row, language| {
            Cell::word(row.observation_status, language)
        }),
    ]);
    columns.extend(ranked::origin());
    columns.push(ranked::column_inferred());
    columns.push(Column::tsv_only("others", |row: &Row, _| {
        let others: Vec<String> = row.others.iter().map(stable).collect();
        Cell::text(others.join(BETWEEN_NAMES))
    }));
    columns.extend(of_group());
    columns
}

/// What another basis says, for scripts: `published 2024 210/337`.
fn stable(other: &ProfileFigure) -> String {
    let ranking = other.ranking.clone().unwrap_or_default();
    let position = other.standing.as_ref().map_or(0, |standing| standing.position);
    format!(
        "{} {} {position}/{}",
        ranking.basis().stable(),
        ranking.period,
        ranking.n
    )
}

/// The mean that the municipality is held against: a table has it on a line of its own, tsv in these columns.
fn of_group() -> [Column<Row>; 12] {
    [
        Column::new("against_group", headings::AGAINST_GROUP, |row: &Row, language| {
            mean(row, |against| {
                against
                    .outcome
                    .map_or(Cell::Absent, |outcome| Cell::word(outcome, language))
            })
        }),
        Column::tsv_only("group_id", |row, _| {
            mean(row, |against| Cell::text(&against.group.id))
        }),
        Column::tsv_only("group", |row, language| {
            mean(row, |against| {
                Cell::localized(against.group.name.as_ref(), language)
            })
        }),
        Column::tsv_only("group_position", |row, _| {
            mean(row, |against| {
                Cell::position(against.standing.standing.as_ref(), row.ranking.n)
            })
        }),
        Column::tsv_only("group_place_share", |row, _| {
            mean(row, |against| {
                Cell::place_share(against.standing.standing.as_ref())
            })
        }),
        Column::tsv_only("group_verdict", |row, language| {
            mean(row, |against| {
                let standing = against.standing.standing.as_ref();
                standing.map_or(Cell::Absent, |standing| Cell::word(standing.verdict(), language))
            })
        }),
        Column::tsv_only("group_grade", |row, _| {
            mean(row, |against| Cell::grade(against.standing.standing.as_ref()))
        }),
        Column::tsv_only("group_grade_approximate", |row, _| {
            mean(row, |against| Cell::flag(against.standing.grade_approximate))
        }),
        Column::tsv_only("group_mean", |row, _| {
            mean(row, |against| {
                Cell::number(against.standing.mean, row.ranking.decimals)
            })
        }),
        Column::tsv_only("group_mean_of_positions", |row, _| {
            mean(row, |against| Cell::number(against.standing.mean_of_positions, 1))
        }),
        Column::tsv_only("group_contributed", |row, _| {
            mean(row, |against| {
                Cell::contributed(against.standing.contributed, against.standing.members)
            })
        }),
        Column::tsv_only("group_members", |row, _| {
            mean(row, |against| Cell::count(against.standing.members))
        }),
    ]
}

fn mean(row: &Row, cell: impl Fn(&Against) -> Cell) -> Cell {
    row.against.as_ref().map_or(Cell::Absent, cell)
}
