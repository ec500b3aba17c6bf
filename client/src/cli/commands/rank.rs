//! `rank`: the municipalities on one indicator.

use groeikern_client::v1::{
    GroupStanding, ItemStatus, RankRegionsRequest, RankRegionsResponse, RankedRegion, RankingSummary,
    Standing,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Rank,
    exit::Failure,
    language::{
        Language, Phrase, headings, sentences,
        words::{Tone, Word},
    },
    pages::{LARGEST_PAGE, whole},
    ranked::{self, Ranked},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

/// One municipality with what all rows share.
struct Row {
    ranking: RankingSummary,
    row: RankedRegion,
}

impl Ranked for Row {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.row.standing.as_ref()
    }

    fn status(&self) -> ItemStatus {
        ItemStatus::Ok
    }
}

/// The published mean of a group, beside the ranking.
struct Mean {
    ranking: RankingSummary,
    group: GroupStanding,
}

impl Ranked for Mean {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.group.standing.as_ref()
    }

    fn status(&self) -> ItemStatus {
        self.group.status()
    }
}

fn columns() -> Vec<Column<Row>> {
    let mut columns = vec![
        Column::tsv_only("indicator_id", |row: &Row, _| {
            row.ranking
                .indicator
                .as_ref()
                .map_or(Cell::Absent, |indicator| Cell::text(&indicator.id))
        }),
        Column::tsv_only("indicator", |row, language| {
            Cell::localized(
                row.ranking
                    .indicator
                    .as_ref()
                    .and_then(|indicator| indicator.name.as_ref()),
                language,
            )
        }),
        Column::new("region_code", headings::CODE, |row, _| {
            row.row
                .region
                .as_ref()
                .map_or(Cell::Absent, |region| Cell::text(&region.code))
        }),
        Column::new("region", headings::MUNICIPALITY, |row, _| {
            row.row
                .region
                .as_ref()
                .map_or(Cell::Absent, |region| Cell::text(&region.name))
        }),
    ];
    columns.extend(ranked::standing());
    columns.extend([
        Column::new("value", headings::VALUE, |row: &Row, _| {
            Cell::number(row.row.value, row.ranking.decimals)
        }),
        Column::new("unit", Phrase::new("", ""), |row, language| {
            Cell::localized(row.ranking.unit.as_ref(), language)
        }),
        Column::new("observation_status", Phrase::new("", ""), |row, language| {
            Cell::word(row.row.observation_status(), language)
        }),
    ]);
    columns.extend(ranked::origin());
    columns.push(ranked::column_inferred());
    columns
}

fn columns_of_means() -> Vec<Column<Mean>> {
    let mut columns = vec![Column::new("group", headings::GROUP, |row: &Mean, language| {
        Cell::localized(
            row.group.group.as_ref().and_then(|group| group.name.as_ref()),
            language,
        )
    })];
    columns.extend(ranked::standing());
    columns
}

pub(super) async fn ask(session: &mut Session, arguments: &Rank) -> Result<Answer, Failure> {
    let indicator_id = session.indicator(&arguments.indicator.join(" ")).await?;
    let group = match &arguments.group {
        Some(typed) => Some(session.group(typed).await?),
        None => None,
    };
    let request = RankRegionsRequest {
        edition: session.edition(),
        indicator_id,
        group_id: group.as_ref().map(|group| group.id.clone()).unwrap_or_default(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.rank_regions_pages(request)).await?;
    // Means alone are an answer, but not to the question how the members of one group do.
    if response.rows.is_empty() && (group.is_some() || response.published_means.is_empty()) {
        let indicator = response
            .ranking
            .and_then(|ranking| ranking.indicator)
            .unwrap_or_default();
        let names = [Some(indicator.name), group.map(|group| group.name)]
            .into_iter()
            .flatten();
        let names: Vec<String> = names
            .map(|name| session.language.of(name.as_ref()).to_owned())
            .collect();
        return Err(Failure::NoFigures {
            about: names.join(", "),
        });
    }
    Ok(answer(&response, session.language))
}

fn answer(response: &RankRegionsResponse, language: Language) -> Answer {
    let ranking = response.ranking.clone().unwrap_or_default();
    let rows: Vec<Row> = response
        .rows
        .iter()
        .map(|row| Row {
            ranking: ranking.clone(),
            row: row.clone(),
        })
        .collect();
    let sheet = Sheet::of(&rows, &columns(), language);
    let mut below = vec![Part::Sentence(sentences::known(
        language,
        ranking.known,
        ranking.n,
    ))];
    if !response.published_means.is_empty() {
        let means: Vec<Mean> = response
            .published_means
            .iter()
            .map(|group| Mean {
                ranking: ranking.clone(),
                group: group.clone(),
            })
            .collect();
        below.push(Part::Heading {
            text: sentences::published_means(language).to_owned(),
            word: "",
            tone: Tone::Plain,
        });
        below.push(Part::Sheet(Sheet::of(&means, &columns_of_means(), language)));
    }
    Answer::new("RankRegionsResponse", response, sheet)
        .titled(title(&ranking, language))
        .below(below)
        .quoting(response.metadata.as_ref())
        .among([ranking.n])
}

/// `Little theft (low_theft): published, 2024`.
fn title(ranking: &RankingSummary, language: Language) -> String {
    let indicator = ranking.indicator.clone().unwrap_or_default();
    let basis = language.say(ranking.basis().shown());
    let figures: Vec<&str> = [basis, &ranking.period]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    format!(
        "{} ({}): {}",
        language.of(indicator.name.as_ref()),
        indicator.id,
        figures.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{Basis, GroupRef, IndicatorRef, LocalizedText, RegionRef, Verdict};

    use super::*;
    use crate::cli::{table, tsv};

    fn standing(position: u32, verdict: Verdict) -> Option<Standing> {
        let place_share = (f64::from(position) - 0.5) / 337.0;
        Some(Standing {
            position,
            ties: 1,
            place_share,
            verdict: verdict.into(),
            grade: None,
        })
    }

    fn response() -> RankRegionsResponse {
        let name = |nl: &str, en: &str| {
            Some(LocalizedText {
                nl: nl.to_owned(),
                en: en.to_owned(),
            })
        };
        let row = |code: &str, name: &str, standing| RankedRegion {
            region: Some(RegionRef {
                code: code.to_owned(),
                name: name.to_owned(),
            }),
            standing,
            ..Default::default()
        };
        RankRegionsResponse {
            ranking: Some(RankingSummary {
                indicator: Some(IndicatorRef {
                    id: "low_theft".to_owned(),
                    name: name("Weinig diefstal", "Little theft"),
                    ..Default::default()
                }),
                basis: Basis::Published.into(),
                period: "2024".to_owned(),
                n: 337,
                known: 2,
                source_id: "bureau_louter_2024".to_owned(),
                ..Default::default()
            }),
            rows: vec![
                row("GM0637", "Zoetermeer", standing(238, Verdict::Unfavourable)),
                row("GM0034", "Almere", standing(337, Verdict::VeryUnfavourable)),
            ],
            published_means: vec![GroupStanding {
                group: Some(GroupRef {
                    id: "old_towns".to_owned(),
                    name: name("Oude steden", "Old towns"),
                }),
                status: ItemStatus::Ok.into(),
                standing: standing(300, Verdict::Unfavourable),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn tsv_holds_municipalities_only() {
        let text = tsv::write(&answer(&response(), Language::En).sheet);
        assert_eq!(
            text,
            "indicator_id\tindicator\tregion_code\tregion\tposition\tn\tties\tplace_share\tverdict\tgrade\t\
             grade_method\tvalue\tunit\tobservation_status\tbasis\tperiod\tknown\tsource_id\tfigure\t\
             column_inferred\n\
             low_theft\tLittle theft\tGM0637\tZoetermeer\t238\t337\t1\t0.7047477744807121\tunfavourable\t\t\
             \t\t\t\tpublished\t2024\t2\tbureau_louter_2024\t\tfalse\n\
             low_theft\tLittle theft\tGM0034\tAlmere\t337\t337\t1\t0.9985163204747775\tvery_unfavourable\t\t\
             \t\t\t\tpublished\t2024\t2\tbureau_louter_2024\t\tfalse\n"
        );
    }

    #[test]
    fn a_table_says_how_many_are_known_and_sets_means_apart() {
        assert_eq!(
            table::plain(&answer(&response(), Language::En), Language::En),
            "Little theft (low_theft): published, 2024\n\n\
             code    municipality   position  verdict\n\
             ───────────────────────────────────────────────────\n\
             GM0637  Zoetermeer    238 / 337  unfavourable\n\
             GM0034  Almere        337 / 337  very unfavourable\n\
             \n2 of 337 municipalities known.\n\
             \nPublished means of groups; not part of the ranking\n\
             group       position  verdict\n\
             ───────────────────────────────────\n\
             Old towns  300 / 337  unfavourable\n"
        );
    }

    #[test]
    fn a_full_ranking_needs_no_remark_in_dutch() {
        let mut response = response();
        response.published_means.clear();
        if let Some(ranking) = &mut response.ranking {
            ranking.known = 337;
        }
        let table = table::plain(&answer(&response, Language::Nl), Language::Nl);
        assert!(
            table.starts_with("Weinig diefstal (low_theft): gepubliceerd, 2024\n"),
            "{table}"
        );
        assert!(table.ends_with("zeer ongunstig\n"), "{table}");
    }
}
