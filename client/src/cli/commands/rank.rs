//! `rank`: the municipalities on one indicator.

use groeikern_client::v1::{
    GetPositionRequest, GroupRef, GroupStanding, ItemStatus, RankRegionsRequest, RankRegionsResponse,
    RankedRegion, RankingSummary, Recast, RegionRef, Standing,
};

use super::{
    BETWEEN_NAMES,
    cut::{self, Cut},
};
use crate::cli::{
    answer::{Answer, Part},
    arguments::Rank,
    exit::Failure,
    language::{Language, Phrase, headings, sentences, words::Tone},
    pages::{LARGEST_PAGE, whole},
    ranked::{self, Ranked},
    recast::{self, OnBorders},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

type Row = cut::Row<RankedRegion>;

impl OnBorders for Row {
    fn recast(&self) -> Option<&Recast> {
        self.row.recast.as_ref()
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

    fn shares_position(&self) -> bool {
        false
    }
}

fn columns() -> Vec<Column<Row>> {
    let mut columns: Vec<Column<Row>> = ranked::indicator().into();
    columns.extend(ranked::region());
    columns.push(Column::tsv_only("member_codes", |row: &Row, _| {
        let codes: Vec<&str> = row
            .row
            .members
            .iter()
            .map(|member| member.code.as_str())
            .collect();
        Cell::text(codes.join(BETWEEN_NAMES))
    }));
    columns.extend(ranked::standing());
    columns.extend([
        Column::new("value", headings::VALUE, |row: &Row, _| {
            Cell::number(row.row.value, row.ranking.decimals)
        }),
        // The title says it.
        Column::tsv_only("unit", |row, language| {
            Cell::localized(row.ranking.unit.as_ref(), language)
        }),
        Column::new("observation_status", Phrase::new("", ""), |row, language| {
            Cell::word(row.row.observation_status(), language)
        }),
    ]);
    columns.extend(ranked::origin());
    columns.push(ranked::column_inferred());
    columns.push(Column::tsv_only("asked", |row, _| Cell::flag(row.asked)));
    columns.extend(recast::columns());
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
    let group = match &arguments.within {
        Some(typed) => Some(session.group(typed).await?),
        None => None,
    };
    let request = RankRegionsRequest {
        edition: session.edition(),
        indicator_id,
        group_id: group.as_ref().map(|group| group.id.clone()).unwrap_or_default(),
        basis: arguments.figures.basis().into(),
        period: arguments.figures.period(),
        universe_id: arguments.figures.universe.clone(),
        borders: arguments.borders.clone(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let mut response = whole(session.client.rank_regions_pages(request)).await?;
    session.stay_with(response.metadata.as_ref());
    let around = match &arguments.rows.around {
        Some(words) => {
            // Who is meant is one of the municipalities that are listed.
            let period = match (arguments.borders.as_str(), &response.ranking) {
                ("", Some(ranking)) => ranking.period.clone(),
                (year, _) => year.to_owned(),
            };
            let typed = words.join(" ");
            let meant = session.region_in(&typed, &period).await?;
            let mut listed = response.rows.iter().filter_map(|row| row.region.as_ref());
            // Figures of a period may be on later borders.
            if arguments.borders.is_empty() && listed.all(|region| region.code != meant.code) {
                Some(session.region_in(&typed, &arguments.figures.period()).await?)
            } else {
                Some(meant)
            }
        }
        None => None,
    };
    // Means alone are an answer, but not to the question how certain municipalities do.
    let chosen = group.is_some() || around.is_some();
    if response.rows.is_empty() && (chosen || response.published_means.is_empty()) {
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
    let Some(kept) = Cut::of(&arguments.rows, around.as_ref()).keep(&response.rows) else {
        let around = around.unwrap_or_default();
        return Err(not_listed(session, &response, around, group.as_ref(), &arguments.borders).await);
    };
    response.rows = kept.rows;
    let listed = Listed {
        universe: &arguments.figures.universe,
        borders: &arguments.borders,
        within: group.as_ref(),
        around: around.as_ref().map(|region| region.code.as_str()),
        shared: &kept.shared,
    };
    Ok(answer(&response, &listed, session.language))
}

/// Why a municipality is not on the list: the server's reason, or that it is no member of the group.
async fn not_listed(
    session: &mut Session,
    response: &RankRegionsResponse,
    region: RegionRef,
    group: Option<&GroupRef>,
    borders: &str,
) -> Failure {
    let ranking = response.ranking.clone().unwrap_or_default();
    let indicator = ranking.indicator.clone().unwrap_or_default();
    let request = GetPositionRequest {
        edition: session.edition(),
        indicator_id: indicator.id,
        region_code: region.code,
        basis: ranking.basis,
        period: ranking.period,
        // On other borders the universe is that of the borders.
        universe_id: if borders.is_empty() {
            ranking.universe_id
        } else {
            String::new()
        },
        borders: borders.to_owned(),
        ..Default::default()
    };
    match (session.client.get_position(request).await, group) {
        (Err(error), _) => error.into(),
        (Ok(_), Some(group)) => Failure::NotAMember {
            region: region.name,
            group: session.language.of(group.name.as_ref()).to_owned(),
        },
        (Ok(_), None) => Failure::NoFigures { about: region.name },
    }
}

/// Which part of a ranking an answer lists.
#[derive(Debug, Default)]
struct Listed<'a> {
    /// The universe that was asked for; empty for the ranking's own.
    universe: &'a str,
    /// The year of the borders that were asked for; empty for figures as published.
    borders: &'a str,
    within: Option<&'a GroupRef>,
    /// The code of the municipality that was asked about.
    around: Option<&'a str>,
    /// See [`Kept::shared`](cut::Kept::shared).
    shared: &'a [(u32, usize)],
}

fn answer(response: &RankRegionsResponse, listed: &Listed<'_>, language: Language) -> Answer {
    let ranking = response.ranking.clone().unwrap_or_default();
    let rows = Row::all(&response.rows, &ranking, listed.around);
    let sheet = Sheet::of(&rows, &columns(), language).marked(&rows, |row| row.asked);
    let mut remarks: Vec<String> = listed
        .shared
        .iter()
        .map(|(position, count)| sentences::share_position(language, *position, *count))
        .collect();
    remarks.extend([
        ranked::legend(rows.iter(), language).to_owned(),
        sentences::known(language, ranking.known, ranking.n),
        sentences::not_ranked(language, ranking.missing()),
        ranked::agreement(&ranking, language),
    ]);
    remarks.extend(recast::legend(rows.iter(), language));
    let mut below = vec![Part::sentences(remarks)];
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
        .titled(title(&ranking, listed, language))
        .below(below)
        .quoting(response.metadata.as_ref())
        .among([ranking.n])
}

/// `Little theft (low_theft): published, 2024 – members of Old towns`.
fn title(ranking: &RankingSummary, listed: &Listed<'_>, language: Language) -> String {
    let indicator = ranking.indicator.clone().unwrap_or_default();
    let among = match listed.universe {
        "" => String::new(),
        universe => sentences::among_units_of(language, universe),
    };
    let on_borders = match listed.borders {
        "" => String::new(),
        year => sentences::on_borders_of(language, year),
    };
    let members = listed
        .within
        .map(|group| sentences::members_of(language, language.of(group.name.as_ref())))
        .unwrap_or_default();
    let name = language.of(indicator.name.as_ref());
    ranked::title(format!("{name} ({})", indicator.id), ranking, language) + &among + &on_borders + &members
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{Basis, IndicatorRef, LocalizedText, Verdict};

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
        let text = tsv::write(&answer(&response(), &Listed::default(), Language::En).sheet);
        assert_eq!(
            text,
            "indicator_id\tindicator\tregion_code\tregion\tmember_codes\tposition\tn\tties\tplace_share\tverdict\tgrade\t\
             grade_method\tvalue\tunit\tobservation_status\tbasis\tperiod\tknown\tsource_id\tfigure\t\
             proxy_indicator_id\tcolumn_inferred\tasked\trecast\tshare_moved\trecast_from\n\
             low_theft\tLittle theft\tGM0637\tZoetermeer\t\t238\t337\t1\t0.7047477744807121\tunfavourable\t\t\
             \t\t\t\tpublished\t2024\t2\tbureau_louter_2024\t\t\tfalse\tfalse\t\t\t\n\
             low_theft\tLittle theft\tGM0034\tAlmere\t\t337\t337\t1\t0.9985163204747775\tvery_unfavourable\t\t\
             \t\t\t\tpublished\t2024\t2\tbureau_louter_2024\t\t\tfalse\tfalse\t\t\t\n"
        );
    }

    #[test]
    fn a_table_says_how_many_are_known_and_sets_means_apart() {
        assert_eq!(
            table::plain(
                &answer(&response(), &Listed::default(), Language::En),
                Language::En
            ),
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
        let table = table::plain(&answer(&response, &Listed::default(), Language::Nl), Language::Nl);
        assert!(
            table.starts_with("Weinig diefstal (low_theft): gepubliceerd, 2024\n"),
            "{table}"
        );
        assert!(table.ends_with("zeer ongunstig\n"), "{table}");
    }
}
