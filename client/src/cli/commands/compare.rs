//! `compare`: where the means of groups and of chosen municipalities would stand.

use groeikern_client::v1::{
    AdHocGroup, CompareGroupsRequest, CompareGroupsResponse, GroupRef, GroupStanding, IndicatorRef,
    ItemStatus, NationalGap, RankingSummary, Standing,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::{Compare, Scope},
    exit::Failure,
    language::{Language, headings, sentences},
    ranked::{self, Ranked},
    session::Session,
    sheet::{Cell, Column, PartOf, Sheet, Show},
    themes::{Place, Themes},
};

/// One group on one indicator.
struct Row {
    ranking: RankingSummary,
    indicator: IndicatorRef,
    place: Place,
    /// A list of chosen municipalities has a name and no id, and so has a relevant region.
    group: GroupRef,
    standing: GroupStanding,
    national_mean: Option<f64>,
    national_weighted_mean: Option<f64>,
    /// No group has a figure on this indicator.
    empty: bool,
}

impl Ranked for Row {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.standing.standing.as_ref()
    }

    fn status(&self) -> ItemStatus {
        self.standing.status()
    }

    fn shares_position(&self) -> bool {
        false
    }
}

/// Of one group, a table has a row per indicator; of several, a row per group under the name of each indicator.
fn columns(one_group: bool) -> Vec<Column<Row>> {
    let (indicator, group) = if one_group {
        (Show::Filled, Show::TsvOnly)
    } else {
        (Show::TsvOnly, Show::Filled)
    };
    let mut columns = vec![
        Column::tsv_only("theme_id", |row: &Row, _| Cell::text(&row.indicator.theme_id)),
        Column::tsv_only("theme", |row, language| {
            Cell::localized(row.place.theme.as_ref(), language)
        }),
        Column::tsv_only("indicator_id", |row, _| Cell::text(&row.indicator.id)),
        Column::new("indicator", headings::INDICATOR, |row: &Row, language| {
            Cell::localized(row.indicator.name.as_ref(), language)
        })
        .shown(indicator),
        Column::tsv_only("kind", |row, language| Cell::word(row.indicator.kind(), language)),
        Column::tsv_only("group_id", |row, _| Cell::text(&row.group.id)),
        Column::new("group", headings::GROUP, |row: &Row, language| {
            Cell::localized(row.group.name.as_ref(), language)
        })
        .shown(group),
        Column::tsv_only("status", |row, language| {
            Cell::word(row.standing.status(), language)
        }),
    ];
    columns.extend(ranked::standing());
    columns.extend([
        Column::tsv_only("grade_approximate", |row: &Row, _| {
            Cell::flag(row.standing.grade_approximate)
        }),
        Column::new("mean", headings::MEAN, |row, _| {
            Cell::number(row.standing.mean, row.ranking.decimals)
        }),
        Column::tsv_only("unit", |row, language| {
            Cell::localized(row.ranking.unit.as_ref(), language)
        }),
        Column::new("contributed", headings::MEMBERS_KNOWN, |row, _| {
            Cell::contributed(row.standing.contributed, row.standing.members)
        }),
        Column::tsv_only("members", |row, _| Cell::count(row.standing.members)),
        Column::new("mean_of_positions", headings::MEAN_OF_POSITIONS, |row, _| {
            Cell::number(row.standing.mean_of_positions, 1)
        }),
    ]);
    columns.extend(ranked::origin());
    // Of members, not of the published means that most rows show.
    columns.push(ranked::column_inferred().shown(Show::TsvOnly));
    columns.extend(against_all());
    columns
}

/// The means by inhabitants, and how far the means are from those of all municipalities.
fn against_all() -> [Column<Row>; 10] {
    [
        Column::tsv_only("weighted_mean", |row, _| weighted_mean(row)),
        Column::tsv_only("weighted_contributed", |row, _| {
            let mean = row.standing.weighted_mean;
            Cell::count(mean.map_or(0, |mean| mean.contributed))
        }),
        Column::tsv_only("weighted_position", |row, _| {
            let mean = row.standing.weighted_mean;
            Cell::count(
                mean.and_then(|mean| mean.standing)
                    .map_or(0, |found| found.position),
            )
        }),
        Column::tsv_only("weighted_grade", |row, _| {
            Cell::grade(row.standing.weighted_mean.and_then(|mean| mean.standing).as_ref())
        }),
        Column::tsv_only("national_mean", |row, _| {
            Cell::number(row.national_mean, row.ranking.decimals)
        }),
        Column::tsv_only("national_weighted_mean", |row, _| {
            Cell::number(row.national_weighted_mean, row.ranking.decimals)
        }),
        Column::tsv_only("gap", |row, _| difference(row.standing.gap, row)),
        Column::tsv_only("gap_direction", |row, language| {
            direction(row.standing.gap, language)
        }),
        Column::tsv_only("weighted_gap", |row, _| difference(row.weighted_gap(), row)),
        Column::tsv_only("weighted_gap_direction", |row, language| {
            direction(row.weighted_gap(), language)
        }),
    ]
}

impl Row {
    fn weighted_gap(&self) -> Option<NationalGap> {
        self.standing.weighted_mean.and_then(|mean| mean.gap)
    }
}

fn weighted_mean(row: &Row) -> Cell {
    let mean = row.standing.weighted_mean.as_ref();
    Cell::number(mean.map(|mean| mean.mean), row.ranking.decimals)
}

fn difference(gap: Option<NationalGap>, row: &Row) -> Cell {
    Cell::number(gap.and_then(|gap| gap.difference), row.ranking.decimals)
}

fn direction(gap: Option<NationalGap>, language: Language) -> Cell {
    gap.map_or(Cell::Absent, |gap| Cell::word(gap.direction(), language))
}

/// What a table says under a row: the mean by inhabitants, and how far the unweighted one is from the national mean.
fn beside(row: &Row, language: Language) -> String {
    let decimals = usize::try_from(row.ranking.decimals.min(9)).unwrap_or_default();
    let weighted = row.standing.weighted_mean.map(|mean| {
        let position = mean.standing.map_or(0, |standing| standing.position);
        sentences::by_inhabitants(language, mean.mean, decimals, position)
    });
    let national = row.standing.gap.zip(row.national_mean).map(|(gap, national)| {
        let difference = gap.difference.unwrap_or_default().abs();
        sentences::against_national(language, gap.direction(), (difference, national), decimals)
    });
    let parts: Vec<String> = [weighted, national].into_iter().flatten().collect();
    parts.join("; ")
}

pub(super) async fn ask(session: &mut Session, arguments: &Compare) -> Result<Answer, Failure> {
    let mut groups: Vec<GroupRef> = Vec::new();
    for typed in &arguments.groups {
        let group = session.group(typed).await?;
        if groups.iter().all(|known| known.id != group.id) {
            groups.push(group);
        }
    }
    let mut lists = Vec::new();
    for typed in &arguments.lists {
        let mut region_codes = Vec::new();
        for region in &typed.regions {
            let region = session.region_in(region, &arguments.figures.period()).await?;
            region_codes.push(region.code);
        }
        lists.push(AdHocGroup {
            label: typed.label.clone(),
            region_codes,
        });
    }
    let mut relevant_regions = Vec::new();
    for (typed, scope) in [(&arguments.gross, Scope::Gross), (&arguments.net, Scope::Net)] {
        for typed in typed {
            let region = session
                .region_of_flows(typed, arguments.by_flows.kind(), arguments.by_flows.period())
                .await?;
            let region = arguments.by_flows.around(region.code, scope);
            if !relevant_regions.contains(&region) {
                relevant_regions.push(region);
            }
        }
    }
    let indicator_ids = session.indicators(&arguments.indicators).await?;
    let themes = session.themes().await?;
    let request = CompareGroupsRequest {
        edition: session.edition(),
        group_ids: groups.iter().map(|group| group.id.clone()).collect(),
        indicator_ids,
        basis: arguments.figures.basis().into(),
        period: arguments.figures.period(),
        universe_id: arguments.figures.universe.clone(),
        ad_hoc_groups: lists,
        relevant_regions,
        ..Default::default()
    };
    let response = session.client.compare_groups(request).await?;
    groups.extend(arguments.lists.iter().map(|list| ranked::labelled(&list.label)));
    let regions = response.relevant_regions.iter();
    groups.extend(regions.filter_map(|region| Some(ranked::called(region.relevant_region.as_ref()?))));
    let mut standings = response
        .comparisons
        .iter()
        .flat_map(|comparison| &comparison.groups);
    if standings.all(|group| group.standing.is_none() && group.mean_of_positions.is_none()) {
        let names: Vec<&str> = groups
            .iter()
            .map(|group| session.language.of(group.name.as_ref()))
            .collect();
        return Err(Failure::NoFigures {
            about: sentences::all_of(session.language, &names),
        });
    }
    Ok(answer(&response, &groups, &themes, session.language))
}

fn answer(
    response: &CompareGroupsResponse,
    groups: &[GroupRef],
    themes: &Themes,
    language: Language,
) -> Answer {
    let rows = rows(response, themes);
    let one_group = groups.len() == 1;
    let mut without: Vec<&str> = rows
        .iter()
        .filter(|row| row.empty)
        .map(|row| language.of(row.indicator.name.as_ref()))
        .collect();
    without.dedup();
    let remark = sentences::without_figures(language, &without);
    let shared = ranked::shared(rows.iter().filter(|row| !row.empty));
    let note = |row: &Row| ranked::figures(&ranked::unshared(&row.ranking, &shared), language);
    let titles = |row: &Row| {
        let mut titles = row.place.titles(language);
        if !one_group {
            let name = language.of(row.indicator.name.as_ref());
            titles.push(ranked::title(
                name.to_owned(),
                &ranked::unshared(&row.ranking, &shared),
                language,
            ));
        }
        titles
    };
    let sheet = Sheet::of(&rows, &columns(one_group), language)
        .titled(&rows, titles)
        .noted(&rows, |row| {
            let figures = if one_group { note(row) } else { String::new() };
            vec![figures, beside(row, language)]
        })
        .divided(
            &rows,
            |row| {
                if row.empty { PartOf::TsvOnly } else { PartOf::Both }
            },
        );
    let names: Vec<&str> = groups
        .iter()
        .map(|group| language.of(group.name.as_ref()))
        .collect();
    Answer::new("CompareGroupsResponse", response, sheet)
        .titled(ranked::title(
            sentences::where_means_stand(language, &names),
            &shared,
            language,
        ))
        .below([Part::Sentence(remark)])
        .quoting(response.metadata.as_ref())
        .among(rows.iter().map(|row| row.ranking.n))
}

fn rows(response: &CompareGroupsResponse, themes: &Themes) -> Vec<Row> {
    let mut rows = Vec::new();
    for comparison in &response.comparisons {
        let ranking = comparison.ranking.clone().unwrap_or_default();
        let indicator = ranking.indicator.clone().unwrap_or_default();
        let place = themes.place(&indicator.theme_id, &indicator.block_id);
        let nothing = |group: &GroupStanding| group.standing.is_none() && group.mean_of_positions.is_none();
        let empty = comparison.groups.iter().all(nothing);
        let national = [comparison.national_mean, comparison.national_weighted_mean];
        let [national_mean, national_weighted_mean] = national.map(|mean| mean.map(|mean| mean.mean));
        rows.extend(comparison.groups.iter().map(|standing| Row {
            ranking: ranking.clone(),
            indicator: indicator.clone(),
            place: place.clone(),
            group: ranked::whose(standing),
            standing: standing.clone(),
            national_mean,
            national_weighted_mean,
            empty,
        }));
    }
    rows
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{Basis, GroupComparison, LocalizedText, Verdict};

    use super::*;
    use crate::cli::{table, tsv};

    fn group(id: &str, nl: &str, en: &str) -> GroupRef {
        let name = Some(LocalizedText {
            nl: nl.to_owned(),
            en: en.to_owned(),
        });
        GroupRef {
            id: id.to_owned(),
            name,
        }
    }

    fn groups() -> [GroupRef; 2] {
        [
            group("old_towns", "Oude steden", "Old towns"),
            group("old_suburbs", "Oude suburbs", "Old suburbs"),
        ]
    }

    fn response(groups: &[GroupRef]) -> CompareGroupsResponse {
        let mut standings: Vec<GroupStanding> = groups
            .iter()
            .map(|group| GroupStanding {
                group: Some(group.clone()),
                status: ItemStatus::NoData.into(),
                ..Default::default()
            })
            .collect();
        let nothing = standings.clone();
        standings[0].status = ItemStatus::Ok.into();
        standings[0].standing = Some(Standing {
            position: 311,
            ties: 1,
            place_share: 310.5 / 337.0,
            verdict: Verdict::VeryUnfavourable.into(),
            grade: Some(5.1),
        });
        standings[0].grade_approximate = true;
        let ranking = |id: &str, nl: &str, en: &str, n| RankingSummary {
            indicator: Some(IndicatorRef {
                id: id.to_owned(),
                name: Some(LocalizedText {
                    nl: nl.to_owned(),
                    en: en.to_owned(),
                }),
                theme_id: "housing".to_owned(),
                ..Default::default()
            }),
            n,
            ..Default::default()
        };
        let built = RankingSummary {
            basis: Basis::Published.into(),
            ..ranking("built_environment", "Gebouwde omgeving", "Built environment", 337)
        };
        CompareGroupsResponse {
            comparisons: vec![
                GroupComparison {
                    ranking: Some(built),
                    groups: standings,
                    status: ItemStatus::Ok.into(),
                    ..Default::default()
                },
                GroupComparison {
                    ranking: Some(ranking("trust", "Vertrouwen", "Trust", 0)),
                    groups: nothing,
                    status: ItemStatus::NoData.into(),
                    ..Default::default()
                },
            ],
            ..Default::default()
        }
    }

    #[test]
    fn tsv_has_a_row_per_indicator_and_group() {
        let groups = groups();
        let text = tsv::write(&answer(&response(&groups), &groups, &Themes::default(), Language::Nl).sheet);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "theme_id\ttheme\tindicator_id\tindicator\tkind\tgroup_id\tgroup\tstatus\tposition\tn\tties\tplace_share\t\
             verdict\tgrade\tgrade_method\tgrade_approximate\tmean\tunit\tcontributed\tmembers\tmean_of_positions\t\
             basis\tperiod\tknown\tsource_id\tfigure\tproxy_indicator_id\tcolumn_inferred\tweighted_mean\t\
             weighted_contributed\tweighted_position\tweighted_grade\tnational_mean\tnational_weighted_mean\tgap\t\
             gap_direction\tweighted_gap\tweighted_gap_direction"
        );
        assert_eq!(
            lines[1],
            "housing\t\tbuilt_environment\tGebouwde omgeving\t\told_towns\tOude steden\tok\t311\t337\t1\t\
             0.9213649851632048\tvery_unfavourable\t5.1\t\ttrue\t\t\t\t\t\tpublished\t\t\t\t\t\tfalse\t\
             \t\t\t\t\t\t\t\t\t"
        );
        assert!(
            lines[2].contains("\told_suburbs\tOude suburbs\tno_data\t\t337\t"),
            "{}",
            lines[2]
        );
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn several_groups_stand_under_each_indicator() {
        let groups = groups();
        assert_eq!(
            table::plain(
                &answer(&response(&groups), &groups, &Themes::default(), Language::En),
                Language::En
            ),
            "Where the means of Old towns and Old suburbs would stand: published\n\n\
             group         position  verdict            grade\n\
             ─────────────────────────────────────────────────\n\
             Built environment\n\
             Old towns    311 / 337  very unfavourable    5.1\n\
             Old suburbs             no figures\n\
             \nWithout figures: Trust.\n"
        );
    }

    #[test]
    fn one_group_needs_no_column_of_its_own() {
        let groups = &groups()[..1];
        let table = table::plain(
            &answer(&response(groups), groups, &Themes::default(), Language::Nl),
            Language::Nl,
        );
        assert!(
            table.starts_with("Waar het gemiddelde van Oude steden zou staan: gepubliceerd\n"),
            "{table}"
        );
        assert!(
            table.contains("Gebouwde omgeving  311 / 337  zeer ongunstig     5,1\n"),
            "{table}"
        );
        assert!(!table.contains("Vertrouwen  "), "{table}");
    }
}
