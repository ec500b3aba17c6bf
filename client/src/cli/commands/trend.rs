//! `trend`: one indicator of one municipality or group through time.

use groeikern_client::v1::{
    GetTrendRequest, GetTrendResponse, GroupRef, ItemStatus, ObservationStatus, RankingSummary, Recast,
    RegionRef, Standing, TrendPoint,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Trend,
    exit::Failure,
    language::{
        Language, Phrase, headings, sentences, trends,
        words::{Tone, Word},
    },
    ranked::{self, Ranked},
    recast::{self, OnBorders},
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

/// One period with what all share.
struct Row {
    region: RegionRef,
    group: GroupRef,
    ranking: RankingSummary,
    point: TrendPoint,
}

impl Ranked for Row {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.point.standing.as_ref()
    }

    fn status(&self) -> ItemStatus {
        self.point.status()
    }

    /// A mean has a position that municipalities may have too, but shares none.
    fn shares_position(&self) -> bool {
        self.group.id.is_empty() && self.standing().is_some_and(|standing| standing.ties > 1)
    }

    fn otherwise(&self, language: Language) -> Cell {
        let (shown, tone) = match (self.point.status(), self.point.observation_status()) {
            (ItemStatus::Retired, _) => (Phrase::new("bestond niet meer", "no longer existed"), Tone::Faint),
            // Said to be missing for want of what would put it on other borders.
            (status @ ItemStatus::NotRecastable, _) => (status.shown(), status.tone()),
            (_, why @ (ObservationStatus::Missing | ObservationStatus::NotApplicable)) => {
                (why.shown(), Tone::Faint)
            }
            (status, _) => (status.shown(), status.tone()),
        };
        Cell::Word {
            stable: String::new(),
            shown: language.say(shown),
            tone,
        }
    }
}

impl OnBorders for Row {
    fn recast(&self) -> Option<&Recast> {
        self.point.recast.as_ref()
    }
}

fn columns() -> Vec<Column<Row>> {
    let mut columns: Vec<Column<Row>> = ranked::indicator().into();
    columns.extend([
        Column::tsv_only("region_code", |row: &Row, _| Cell::text(&row.region.code)),
        Column::tsv_only("region", |row, _| Cell::text(&row.region.name)),
        Column::new("period", headings::PERIOD, |row, _| Cell::text(&row.point.period)),
        Column::tsv_only("status", |row, language| Cell::word(row.point.status(), language)),
    ]);
    columns.extend(ranked::standing());
    columns.extend([
        Column::new("value", headings::VALUE, |row: &Row, _| {
            Cell::number(row.point.value, row.ranking.decimals)
        }),
        // The title says it.
        Column::tsv_only("unit", |row, language| {
            Cell::localized(row.ranking.unit.as_ref(), language)
        }),
        Column::tsv_only("observation_status", |row, language| {
            Cell::word(row.point.observation_status(), language)
        }),
        // Without a value the verdict's place says why.
        Column::table_only(Phrase::new("", ""), |row, language| {
            if row.point.value.is_some() {
                Cell::word(row.point.observation_status(), language)
            } else {
                Cell::Absent
            }
        }),
        Column::tsv_only("basis", |row, language| Cell::word(row.ranking.basis(), language)),
        Column::tsv_only("missing", |row, _| {
            let missing = row.point.missing;
            missing.map_or(Cell::Absent, |missing| Cell::Integer(missing.into()))
        }),
        Column::new("source_id", headings::SOURCE, |row: &Row, _| {
            Cell::text(&row.point.source_id)
        })
        .shown(Show::Varied)
        .unbroken(),
        ranked::column_proxy(),
        Column::tsv_only("group_id", |row: &Row, _| Cell::text(&row.group.id)),
        Column::tsv_only("group", |row, language| {
            Cell::localized(row.group.name.as_ref(), language)
        }),
        Column::new("contributed", headings::MEMBERS_KNOWN, |row: &Row, _| {
            Cell::contributed(row.point.contributed, row.point.members)
        }),
        Column::tsv_only("members", |row, _| Cell::count(row.point.members)),
        Column::new(
            "mean_of_positions",
            headings::MEAN_OF_POSITIONS,
            |row: &Row, _| Cell::number(row.point.mean_of_positions, 1),
        ),
        // Below the table they are told in words.
        Column::tsv_only("breaks", |row: &Row, _| {
            let kinds = row.point.breaks.iter().map(|found| found.kind().stable());
            Cell::text(kinds.collect::<Vec<_>>().join("; "))
        }),
    ]);
    columns.extend(recast::columns());
    columns
}

pub(super) async fn ask(session: &mut Session, arguments: &Trend) -> Result<Answer, Failure> {
    let indicator_id = session.indicator(&arguments.indicator.join(" ")).await?;
    let (mut region, mut group) = (RegionRef::default(), GroupRef::default());
    let typed = arguments.region.join(" ");
    if arguments.group.is_empty() {
        region = if arguments.borders.is_empty() {
            let (basis, to) = (arguments.figures.basis(), arguments.to.as_str());
            session.region_of_series(&typed, &indicator_id, basis, to).await?
        } else {
            session.region_in(&typed, &arguments.borders).await?
        };
    } else {
        group = session.group(&arguments.group.join(" ")).await?;
    }
    let language = session.language;
    let name = format!("{}{}", region.name, language.of(group.name.as_ref()));
    let request = GetTrendRequest {
        edition: session.edition(),
        indicator_id,
        region_code: region.code,
        group_id: group.id,
        basis: arguments.figures.basis().into(),
        from_period: arguments.from.clone(),
        to_period: arguments.to.clone(),
        universe_id: arguments.universe.clone(),
        borders: arguments.borders.clone(),
        ..Default::default()
    };
    let mut response = session.client.get_trend(request.clone()).await;
    let has_figure =
        |answer: &GetTrendResponse| answer.points.iter().any(|point| point.status() == ItemStatus::Ok);
    if arguments.group.is_empty() && arguments.borders.is_empty() && !response.as_ref().is_ok_and(has_figure)
    {
        // Figures of a period may be on later borders.
        let later = session.region(&typed).await?;
        if later.code != request.region_code {
            let request = GetTrendRequest {
                region_code: later.code,
                ..request
            };
            response = session.client.get_trend(request).await;
        }
    }
    let response = response?;
    // What is withheld, or of another code, is an answer; nothing at all is none.
    if response
        .points
        .iter()
        .all(|point| point.status() == ItemStatus::NoData)
    {
        let indicator = response.indicator.unwrap_or_default();
        return Err(Failure::NoFigures {
            about: format!("{}, {name}", language.of(indicator.name.as_ref())),
        });
    }
    Ok(answer(&response, &arguments.borders, language))
}

fn answer(response: &GetTrendResponse, borders: &str, language: Language) -> Answer {
    let region = response.region.clone().unwrap_or_default();
    let group = response.group.clone().unwrap_or_default();
    let ranking = RankingSummary {
        indicator: response.indicator.clone(),
        basis: response.basis,
        unit: response.unit.clone(),
        decimals: response.decimals,
        polarity: response.polarity,
        grade_method: response.grade_method,
        proxy: response.proxy.clone(),
        ..Default::default()
    };
    let rows: Vec<Row> = response
        .points
        .iter()
        .map(|point| Row {
            region: region.clone(),
            group: group.clone(),
            ranking: RankingSummary {
                n: point.n,
                ..ranking.clone()
            },
            point: point.clone(),
        })
        .collect();
    let indicator = response.indicator.clone().unwrap_or_default();
    let name = (language.of(indicator.name.as_ref()), indicator.id.as_str());
    let followed = if group.id.is_empty() {
        (region.name.as_str(), region.code.as_str())
    } else {
        (language.of(group.name.as_ref()), group.id.as_str())
    };
    let title = trends::through_time(language, name, followed);
    let on_borders = match borders {
        "" => String::new(),
        year => sentences::on_borders_of(language, year),
    };
    let [exact, estimated] = recast::legend(rows.iter(), language);
    let remarks = [
        ranked::legend(rows.iter(), language).to_owned(),
        ranked::agreement(&ranking, language),
        exact,
        estimated,
    ];
    Answer::new(
        "GetTrendResponse",
        response,
        Sheet::of(&rows, &columns(), language),
    )
    .titled(ranked::title(title, &ranking, language) + &on_borders)
    .below([
        Part::sentences(remarks),
        Part::sentences(statistics(response, language)),
        Part::sentences(breaks(response, language)),
    ])
    .quoting(response.metadata.as_ref())
    .among(rows.iter().map(|row| row.ranking.n))
}

/// Where the series goes, in sentences.
fn statistics(response: &GetTrendResponse, language: Language) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(found) = &response.statistics {
        let unit = language.of(response.unit.as_ref());
        let decimals = usize::try_from(response.decimals.min(9)).unwrap_or_default();
        sentences.push(trends::change(language, found, decimals, unit));
        sentences.push(trends::slope(language, found, decimals, unit));
        sentences.push(trends::direction(language, found));
    }
    if let Some(change) = &response.position_change {
        sentences.push(trends::position_change(language, change));
    }
    sentences
}

/// Where the series breaks, a sentence per period.
fn breaks(response: &GetTrendResponse, language: Language) -> Vec<String> {
    let broken = response.points.iter().filter(|point| !point.breaks.is_empty());
    broken
        .map(|point| {
            let reasons = point.breaks.iter().map(|found| language.of(found.text.as_ref()));
            trends::breaks(language, &point.period, &reasons.collect::<Vec<_>>())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{Basis, IndicatorRef, LocalizedText, RegionRef, Verdict};

    use super::*;
    use crate::cli::{table, tsv};

    fn name(nl: &str, en: &str) -> Option<LocalizedText> {
        Some(LocalizedText {
            nl: nl.to_owned(),
            en: en.to_owned(),
        })
    }

    fn response() -> GetTrendResponse {
        let without = |period: &str, status: ItemStatus, why: ObservationStatus| TrendPoint {
            period: period.to_owned(),
            status: status.into(),
            observation_status: why.into(),
            n: 380,
            missing: Some(2),
            source_id: "cbs".to_owned(),
            ..Default::default()
        };
        let standing = Standing {
            position: 12,
            ties: 3,
            place_share: 0.04,
            verdict: Verdict::VeryFavourable.into(),
            grade: Some(7.75),
        };
        let known = TrendPoint {
            value: Some(2.25),
            standing: Some(standing),
            n: 355,
            missing: Some(0),
            ..without("2020", ItemStatus::Ok, ObservationStatus::Provisional)
        };
        GetTrendResponse {
            indicator: Some(IndicatorRef {
                id: "low_theft".to_owned(),
                name: name("Weinig diefstal", "Little theft"),
                ..Default::default()
            }),
            region: Some(RegionRef {
                code: "GM1930".to_owned(),
                name: "Nissewaard".to_owned(),
            }),
            basis: Basis::Computed.into(),
            unit: name("per 1.000", "per 1,000"),
            decimals: 1,
            points: vec![
                without("2014", ItemStatus::NotYetFounded, ObservationStatus::Unspecified),
                without("2015", ItemStatus::NotRecastable, ObservationStatus::Missing),
                without("2016", ItemStatus::Suppressed, ObservationStatus::Suppressed),
                without("2018", ItemStatus::NoData, ObservationStatus::Missing),
                without("2019", ItemStatus::NoData, ObservationStatus::Unspecified),
                known,
            ],
            ..Default::default()
        }
    }

    #[test]
    fn a_table_says_why_there_is_no_figure() {
        assert_eq!(
            table::plain(&answer(&response(), "", Language::En), Language::En),
            "Little theft (low_theft) of Nissewaard (GM1930) through time: computed, per 1,000\n\n\
             period   position  verdict          grade  value\n\
             ──────────────────────────────────────────────────────────────\n\
             2014               not yet founded\n\
             2015               not recastable\n\
             2016               withheld\n\
             2018               missing\n\
             2019               no figures\n\
             2020    =12 / 355  very favourable    7.8    2.2  provisional\n\
             \n=: other municipalities have the same position.\n"
        );
    }

    #[test]
    fn tsv_has_a_row_per_period_and_leaves_empty_what_is_not_known() {
        let text = tsv::write(&answer(&response(), "", Language::Nl).sheet);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "indicator_id\tindicator\tregion_code\tregion\tperiod\tstatus\tposition\tn\tties\tplace_share\tverdict\tgrade\t\
             grade_method\tvalue\tunit\tobservation_status\tbasis\tmissing\tsource_id\tproxy_indicator_id\tgroup_id\tgroup\t\
             contributed\tmembers\tmean_of_positions\tbreaks\trecast\tshare_moved\trecast_from"
        );
        assert_eq!(
            lines[3],
            "low_theft\tWeinig diefstal\tGM1930\tNissewaard\t2016\tsuppressed\t\t380\t\t\t\t\t\t\tper 1.000\tsuppressed\t\
             computed\t2\tcbs\t\t\t\t\t\t\t\t\t\t"
        );
        assert!(
            lines[6].contains("\t2020\tok\t12\t355\t3\t0.04\tvery_favourable\t7.75\t\t2.25\t"),
            "{}",
            lines[6]
        );
    }
}
