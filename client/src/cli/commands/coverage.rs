//! `coverage`: which figures there are of each indicator, and what is missing.

use std::collections::HashMap;

use groeikern_client::v1::{
    Basis, CoverageRow, GetCoverageRequest, GetCoverageResponse, IndicatorRef, ItemStatus,
    ListIndicatorsRequest, LocalizedText, RankingCoverage, RegionRef,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Coverage,
    exit::Failure,
    language::{
        Language, Phrase, headings, sentences,
        words::{Tone, Word},
    },
    pages::{LARGEST_PAGE, whole},
    ranked,
    session::Session,
    sheet::{Cell, Column, PartOf, Sheet},
    themes::{Place, Themes},
};

/// One ranking of an indicator, or an indicator without any.
struct Row {
    indicator: IndicatorRef,
    place: Place,
    ranking: Option<RankingCoverage>,
    /// The indicators that stand in for it in its rankings.
    proxies: Vec<String>,
    region_code: String,
}

fn columns() -> Vec<Column<Row>> {
    vec![
        Column::tsv_only("theme_id", |row: &Row, _| Cell::text(&row.indicator.theme_id)),
        Column::tsv_only("theme", |row, language| {
            Cell::localized(row.place.theme.as_ref(), language)
        }),
        Column::tsv_only("indicator_id", |row, _| Cell::text(&row.indicator.id)),
        Column::tsv_only("indicator", |row, language| Cell::text(row.name(language))),
        Column::tsv_only("kind", |row, language| Cell::word(row.indicator.kind(), language)),
        Column::tsv_only("basis", |row, language| {
            row.cell(|ranking| Cell::word(ranking.basis(), language))
        }),
        // Under the headline that names the indicator.
        Column::table_only(headings::BASIS, |row, language| {
            row.cell(|ranking| Cell::text(format!("  {}", language.say(ranking.basis().shown()))))
        }),
        Column::new("period", headings::PERIOD, |row, _| {
            row.cell(|ranking| Cell::text(&ranking.period))
        }),
        Column::tsv_only("universe_id", |row, _| {
            row.cell(|ranking| Cell::text(&ranking.universe_id))
        }),
        Column::new("known", headings::KNOWN, |row, _| {
            row.cell(|ranking| Cell::Of {
                part: ranking.known,
                whole: ranking.n,
            })
        }),
        Column::tsv_only("n", |row, _| row.cell(|ranking| Cell::Integer(ranking.n.into()))),
        Column::tsv_only("missing", |row, _| missing(row, |ranking| ranking.missing())),
        Column::table_only(headings::MISSING, |row, language| {
            row.cell(|ranking| Cell::text(what_is_missing(ranking, language)))
        }),
        Column::tsv_only("suppressed", |row, _| missing(row, |ranking| ranking.suppressed)),
        Column::tsv_only("not_applicable", |row, _| {
            missing(row, |ranking| ranking.not_applicable)
        }),
        Column::tsv_only("without_figure", |row, _| {
            missing(row, |ranking| ranking.without_figure)
        }),
        Column::tsv_only("published_means", |row, _| {
            row.cell(|ranking| Cell::Integer(ranking.published_means.into()))
        }),
        Column::new("source_id", headings::SOURCE, |row: &Row, _| {
            row.cell(|ranking| Cell::text(&ranking.source_id))
        })
        .unbroken(),
        Column::tsv_only("proxy_indicator_id", |row, _| {
            row.cell(|ranking| Cell::text(&ranking.proxy_indicator_id))
        }),
        Column::tsv_only("region_code", |row, _| Cell::text(&row.region_code)),
        Column::new("region_status", headings::MUNICIPALITY, |row, language| {
            row.cell(|ranking| of_region(ranking.region_status(), language))
        }),
    ]
}

impl Row {
    fn name(&self, language: Language) -> &str {
        language.of(self.indicator.name.as_ref())
    }

    fn cell(&self, cell: impl Fn(&RankingCoverage) -> Cell) -> Cell {
        self.ranking.as_ref().map_or(Cell::Absent, cell)
    }
}

/// A number of units without a value: of printed positions it is not known, which is not zero.
fn missing(row: &Row, count: impl Fn(&RankingCoverage) -> u32) -> Cell {
    row.cell(|ranking| {
        if ranking.missing.is_some() {
            Cell::Integer(count(ranking).into())
        } else {
            Cell::Absent
        }
    })
}

/// `3 withheld, 1 n/a`.
fn what_is_missing(ranking: &RankingCoverage, language: Language) -> String {
    let counts = [
        (ranking.suppressed, Phrase::new("niet vrijgegeven", "withheld")),
        (ranking.not_applicable, Phrase::new("n.v.t.", "n/a")),
        (
            ranking.without_figure,
            Phrase::new("zonder cijfer", "without figure"),
        ),
    ];
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, why)| format!("{count} {}", language.say(why)))
        .collect();
    counts.join(", ")
}

/// Whether the municipality has the figure.
fn of_region(status: ItemStatus, language: Language) -> Cell {
    let (shown, tone) = match status {
        ItemStatus::Ok => (Phrase::new("bekend", "known"), Tone::Plain),
        other => (other.shown(), other.tone()),
    };
    Cell::Word {
        stable: status.stable(),
        shown: language.say(shown),
        tone,
    }
}

pub(super) async fn ask(session: &mut Session, arguments: &Coverage) -> Result<Answer, Failure> {
    let indicator_ids = session.indicators(&arguments.indicators).await?;
    let region = match &arguments.region {
        Some(words) => Some(session.region(&words.join(" ")).await?),
        None => None,
    };
    let themes = session.themes().await?;
    let mut theme_ids = Vec::new();
    for typed in &arguments.themes {
        let id = session.theme(typed, &themes).await?;
        if !theme_ids.contains(&id) {
            theme_ids.push(id);
        }
    }
    let request = GetCoverageRequest {
        edition: session.edition(),
        indicator_ids,
        theme_ids,
        basis: arguments.basis().into(),
        period: arguments.period.clone(),
        region_code: region
            .as_ref()
            .map(|region| region.code.clone())
            .unwrap_or_default(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.get_coverage_pages(request)).await?;
    session.stay_with(response.metadata.as_ref());
    let names = names(session, &response).await?;
    Ok(answer(
        &response,
        region.as_ref(),
        &themes,
        &names,
        session.language,
    ))
}

/// The names of the indicators that stand in. Where the answer itself has not all of them, the catalogue does.
async fn names(session: &mut Session, response: &GetCoverageResponse) -> Result<Names, Failure> {
    let listed = response.rows.iter().filter_map(|row| row.indicator.as_ref());
    let mut names: Names = listed
        .map(|indicator| (indicator.id.clone(), indicator.name.clone().unwrap_or_default()))
        .collect();
    let rankings = response.rows.iter().flat_map(|row| &row.rankings);
    let mut proxies = rankings.filter(|ranking| ranking.basis() == Basis::Proxy);
    if proxies.any(|ranking| !names.contains_key(&ranking.proxy_indicator_id)) {
        let request = ListIndicatorsRequest {
            edition: session.edition(),
            page_size: LARGEST_PAGE,
            ..Default::default()
        };
        let all = whole(session.client.list_indicators_pages(request)).await?;
        let all = all.indicators.into_iter();
        names.extend(all.map(|indicator| (indicator.id, indicator.name.unwrap_or_default())));
    }
    Ok(names)
}

/// Names of indicators by id.
type Names = HashMap<String, LocalizedText>;

fn answer(
    response: &GetCoverageResponse,
    region: Option<&RegionRef>,
    themes: &Themes,
    names: &Names,
    language: Language,
) -> Answer {
    let code = region.map(|region| region.code.clone()).unwrap_or_default();
    let rows: Vec<Row> = response
        .rows
        .iter()
        .flat_map(|row| rows(row, &code, themes))
        .collect();
    let without = rows.iter().filter(|row| row.ranking.is_none());
    let without: Vec<&str> = without.map(|row| row.name(language)).collect();
    let sheet = Sheet::of(&rows, &columns(), language)
        .titled(&rows, |row| row.place.titles(language))
        .headed(&rows, |row| headline(row, names, language))
        .divided(&rows, |row| {
            if row.ranking.is_none() {
                PartOf::TsvOnly
            } else {
                PartOf::Both
            }
        });
    let remark = sentences::without_figures(language, &without);
    Answer::new("GetCoverageResponse", response, sheet)
        .titled(sentences::how_complete(language, region))
        .below([Part::sentences([remark])])
        .quoting(response.metadata.as_ref())
}

/// The rows of one indicator.
fn rows(row: &CoverageRow, region_code: &str, themes: &Themes) -> Vec<Row> {
    let indicator = row.indicator.clone().unwrap_or_default();
    let place = themes.place(&indicator.theme_id, &indicator.block_id);
    let mut proxies: Vec<String> = row
        .rankings
        .iter()
        .filter(|ranking| ranking.basis() == Basis::Proxy)
        .map(|ranking| ranking.proxy_indicator_id.clone())
        .collect();
    proxies.dedup();
    let rankings = row.rankings.iter().cloned().map(Some);
    let rankings: Vec<Option<RankingCoverage>> = rankings.collect();
    let or_none = if rankings.is_empty() { vec![None] } else { rankings };
    let rows = or_none.into_iter().map(|ranking| Row {
        indicator: indicator.clone(),
        place: place.clone(),
        ranking,
        proxies: proxies.clone(),
        region_code: region_code.to_owned(),
    });
    rows.collect()
}

/// `Little theft – proxy (Recorded theft)`.
fn headline(row: &Row, names: &Names, language: Language) -> String {
    let parts = row.proxies.iter().map(|id| {
        let name = names.get(id).map_or(id.as_str(), |name| language.of(Some(name)));
        ranked::proxy_by(name, language)
    });
    let parts: Vec<String> = std::iter::once(row.name(language).to_owned())
        .chain(parts)
        .collect();
    parts.join(" – ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{table, tsv};

    fn indicator(id: &str, nl: &str, en: &str) -> Option<IndicatorRef> {
        Some(IndicatorRef {
            id: id.to_owned(),
            name: Some(LocalizedText {
                nl: nl.to_owned(),
                en: en.to_owned(),
            }),
            theme_id: "safety".to_owned(),
            ..Default::default()
        })
    }

    fn response() -> GetCoverageResponse {
        let proxy = RankingCoverage {
            basis: Basis::Proxy.into(),
            period: "2020".to_owned(),
            universe_id: "municipalities_2020".to_owned(),
            n: 352,
            known: 352,
            missing: Some(3),
            suppressed: 2,
            without_figure: 1,
            source_id: "cbs_2020".to_owned(),
            proxy_indicator_id: "recorded_theft".to_owned(),
            region_status: ItemStatus::Suppressed.into(),
            ..Default::default()
        };
        let published = RankingCoverage {
            basis: Basis::Published.into(),
            period: "2024".to_owned(),
            n: 337,
            known: 7,
            published_means: 1,
            source_id: "report".to_owned(),
            region_status: ItemStatus::Ok.into(),
            ..Default::default()
        };
        GetCoverageResponse {
            rows: vec![
                CoverageRow {
                    indicator: indicator("low_theft", "Weinig diefstal", "Little theft"),
                    rankings: vec![proxy, published],
                },
                CoverageRow {
                    indicator: indicator("trust", "Vertrouwen", "Trust"),
                    rankings: Vec::new(),
                },
            ],
            ..Default::default()
        }
    }

    fn names() -> Names {
        let name = LocalizedText {
            nl: "Aangiften".to_owned(),
            en: "Reports".to_owned(),
        };
        HashMap::from([("recorded_theft".to_owned(), name)])
    }

    fn almere() -> RegionRef {
        RegionRef {
            code: "GM0034".to_owned(),
            name: "Almere".to_owned(),
        }
    }

    #[test]
    fn tsv_tells_none_missing_from_not_known_and_lists_indicators_without_figures() {
        let answer = answer(
            &response(),
            Some(&almere()),
            &Themes::default(),
            &names(),
            Language::Nl,
        );
        assert_eq!(
            tsv::write(&answer.sheet),
            "theme_id\ttheme\tindicator_id\tindicator\tkind\tbasis\tperiod\tuniverse_id\tknown\tn\tmissing\tsuppressed\t\
             not_applicable\twithout_figure\tpublished_means\tsource_id\tproxy_indicator_id\tregion_code\tregion_status\n\
             safety\t\tlow_theft\tWeinig diefstal\t\tproxy\t2020\tmunicipalities_2020\t352\t352\t3\t2\t0\t1\t0\tcbs_2020\t\
             recorded_theft\tGM0034\tsuppressed\n\
             safety\t\tlow_theft\tWeinig diefstal\t\tpublished\t2024\t\t7\t337\t\t\t\t\t1\treport\t\tGM0034\tok\n\
             safety\t\ttrust\tVertrouwen\t\t\t\t\t\t\t\t\t\t\t\t\t\tGM0034\t\n"
        );
    }

    #[test]
    fn a_table_says_why_figures_are_missing_and_what_stands_in() {
        assert_eq!(
            table::plain(
                &answer(
                    &response(),
                    Some(&almere()),
                    &Themes::default(),
                    &names(),
                    Language::En
                ),
                Language::En
            ),
            "How complete the figures are, and those of Almere (GM0034)\n\n\
             figures      period      known  missing                       source    municipality\n\
             ─────────────────────────────────────────────────────────────────────────────────────\n\
             Little theft – proxy (Reports)\n\
             \u{20} proxy      2020    352 / 352  2 withheld, 1 without figure  cbs_2020  withheld\n\
             \u{20} published  2024      7 / 337                                report    known\n\
             \nWithout figures: Trust.\n"
        );
    }
}
