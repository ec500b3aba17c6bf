//! The columns of every row that stands in a ranking: the same names wherever they occur.

use groeikern_client::v1::{
    Basis, GroupRef, GroupStanding, IndicatorRef, ItemStatus, LocalizedText, RankingSummary, RegionRef,
    RelevantRegionRef, Standing,
};

use super::{
    language::{Language, headings, sentences, words::Word},
    sheet::{Cell, Column, Show},
};

/// A row that stands, or could stand, in a ranking.
pub(crate) trait Ranked {
    /// What it shares with the other rows of that ranking.
    fn ranking(&self) -> &RankingSummary;
    /// Where it stands; nothing without a figure.
    fn standing(&self) -> Option<&Standing>;
    /// Whether there is a figure.
    fn status(&self) -> ItemStatus;
    /// Whether others have the same position. A mean has one that a municipality may have too, but shares none.
    fn shares_position(&self) -> bool {
        self.standing().is_some_and(|standing| standing.ties > 1)
    }
    /// What a table says where the verdict would be, when there is no figure.
    fn otherwise(&self, language: Language) -> Cell {
        Cell::verdict(None, self.status(), language)
    }
}

/// A row about a municipality, or a unit of several.
pub(crate) trait OfRegion {
    /// Which.
    fn region(&self) -> Option<&RegionRef>;
}

/// Code and name.
pub(crate) fn region<Row: OfRegion>() -> [Column<Row>; 2] {
    [
        Column::new("region_code", headings::CODE, |row: &Row, _| {
            row.region()
                .map_or(Cell::Absent, |region| Cell::text(&region.code))
        }),
        Column::new("region", headings::MUNICIPALITY, |row, _| {
            row.region()
                .map_or(Cell::Absent, |region| Cell::text(&region.name))
        }),
    ]
}

/// Whose mean it is: a list of municipalities and a relevant region have a name and no id.
pub(crate) fn whose(standing: &GroupStanding) -> GroupRef {
    match (&standing.group, &standing.relevant_region) {
        (Some(group), _) => group.clone(),
        (None, Some(region)) => called(region),
        (None, None) => labelled(&standing.ad_hoc_label),
    }
}

/// A list of municipalities by its label.
pub(crate) fn labelled(label: &str) -> GroupRef {
    GroupRef {
        id: String::new(),
        name: Some(LocalizedText {
            nl: label.to_owned(),
            en: label.to_owned(),
        }),
    }
}

/// A relevant region by its name.
pub(crate) fn called(region: &RelevantRegionRef) -> GroupRef {
    GroupRef {
        id: String::new(),
        name: region.name.clone(),
    }
}

/// Position, verdict and grade.
pub(crate) fn standing<Row: Ranked>() -> [Column<Row>; 7] {
    [
        Column::new("position", headings::POSITION, |row, _| {
            Cell::place(row.standing(), row.ranking().n, row.shares_position())
        }),
        Column::tsv_only("n", |row, _| Cell::count(row.ranking().n)),
        Column::tsv_only("ties", |row, _| Cell::ties(row.standing())),
        Column::tsv_only("place_share", |row, _| Cell::place_share(row.standing())),
        Column::new("verdict", headings::VERDICT, |row, language| {
            match row.standing() {
                Some(_) => Cell::verdict(row.standing(), row.status(), language),
                None => row.otherwise(language),
            }
        }),
        Column::new("grade", headings::GRADE, |row, _| Cell::grade(row.standing())),
        Column::tsv_only("grade_method", |row, language| {
            Cell::word(row.ranking().grade_method(), language)
        }),
    ]
}

/// Which figures they are. Tables say it in titles and [notes](unshared): in columns it would leave no width for names.
pub(crate) fn origin<Row: Ranked>() -> [Column<Row>; 6] {
    [
        Column::tsv_only("basis", |row: &Row, language| {
            Cell::word(row.ranking().basis(), language)
        }),
        Column::tsv_only("period", |row: &Row, _| Cell::text(&row.ranking().period)),
        Column::tsv_only("known", |row, _| Cell::count(row.ranking().known)),
        Column::tsv_only("source_id", |row, _| Cell::text(&row.ranking().source_id)),
        Column::tsv_only("figure", |row, _| Cell::text(&row.ranking().figure)),
        column_proxy(),
    ]
}

/// On basis proxy, the indicator whose values stand in. Tables name it with the basis.
pub(crate) fn column_proxy<Row: Ranked>() -> Column<Row> {
    Column::tsv_only("proxy_indicator_id", |row: &Row, _| {
        stands_in(row.ranking()).map_or(Cell::Absent, |indicator| Cell::text(&indicator.id))
    })
}

/// The indicator that stands in, on basis proxy.
pub(crate) fn stands_in(ranking: &RankingSummary) -> Option<&IndicatorRef> {
    ranking.proxy.as_ref()?.indicator.as_ref()
}

/// The indicator, where a title names it and scripts need it on every row.
pub(crate) fn indicator<Row: Ranked>() -> [Column<Row>; 2] {
    [
        Column::tsv_only("indicator_id", |row: &Row, _| {
            let indicator = row.ranking().indicator.as_ref();
            indicator.map_or(Cell::Absent, |indicator| Cell::text(&indicator.id))
        }),
        Column::tsv_only("indicator", |row, language| {
            let indicator = row.ranking().indicator.as_ref();
            Cell::localized(indicator.and_then(|indicator| indicator.name.as_ref()), language)
        }),
    ]
}

/// Whether the municipality of a printed column was inferred, marked in a table where only some are; the footer says what
/// it means.
pub(crate) fn column_inferred<Row: Ranked>() -> Column<Row> {
    Column::new("column_inferred", headings::INFERRED, |row: &Row, _| {
        Cell::flag(row.ranking().column_inferred)
    })
    .shown(Show::Varied)
}

/// What a title says of the figures: `computed, 2020, per 1,000 inhabitants`.
pub(crate) fn figures(ranking: &RankingSummary, language: Language) -> String {
    let basis = basis(ranking, language);
    let parts = [&basis, &ranking.period, language.of(ranking.unit.as_ref())];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// `computed`, or with the indicator that stands in `proxy (Recorded theft)`; empty when it is not set.
pub(crate) fn basis(ranking: &RankingSummary, language: Language) -> String {
    match stands_in(ranking) {
        Some(indicator) => proxy_by(language.of(indicator.name.as_ref()), language),
        None => language.say(ranking.basis().shown()).to_owned(),
    }
}

/// `proxy (Recorded theft)`.
pub(crate) fn proxy_by(name: &str, language: Language) -> String {
    format!("{} ({name})", language.say(Basis::Proxy.shown()))
}

/// Why another indicator may stand in, and how far its order agrees with the positions that were printed.
pub(crate) fn agreement(ranking: &RankingSummary, language: Language) -> String {
    let Some(proxy) = &ranking.proxy else {
        return String::new();
    };
    let reason = language.of(proxy.reason.as_ref());
    let agreement = proxy
        .rank_agreement
        .map(|agreement| sentences::rank_agreement(language, agreement, proxy.compared))
        .unwrap_or_default();
    let parts = [reason, &agreement].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

/// A title with what it says of the figures: `Helmond (GM0794): published, 2024`.
pub(crate) fn title(text: String, ranking: &RankingSummary, language: Language) -> String {
    let figures = figures(ranking, language);
    if figures.is_empty() {
        text
    } else {
        format!("{text}: {figures}")
    }
}

/// What all rows share of basis and period, for the title; the rest is unset.
pub(crate) fn shared<'a, Row: Ranked + 'a>(rows: impl Iterator<Item = &'a Row>) -> RankingSummary {
    let rankings: Vec<&RankingSummary> = rows.map(Ranked::ranking).collect();
    let mut shared = RankingSummary::default();
    if let Some(first) = rankings.first() {
        // Of a proxy every row names the indicator that stands in.
        let same = |ranking: &&RankingSummary| ranking.basis == first.basis && ranking.proxy.is_none();
        if rankings.iter().all(same) {
            shared.basis = first.basis;
        }
        if rankings.iter().all(|ranking| ranking.period == first.period) {
            shared.period.clone_from(&first.period);
        }
    }
    shared
}

/// What one row has beside what all share, for titles and notes of its own.
pub(crate) fn unshared(ranking: &RankingSummary, shared: &RankingSummary) -> RankingSummary {
    let mut rest = ranking.clone();
    if rest.basis == shared.basis {
        rest.basis = 0;
    }
    if rest.period == shared.period {
        rest.period.clear();
    }
    rest
}

/// What the sign before shared positions means; empty where no row has it.
pub(crate) fn legend<'a, Row: Ranked + 'a>(
    mut rows: impl Iterator<Item = &'a Row>,
    language: Language,
) -> &'static str {
    if rows.any(Ranked::shares_position) {
        sentences::shared_position(language)
    } else {
        ""
    }
}
