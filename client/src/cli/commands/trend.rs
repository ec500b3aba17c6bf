//! `trend`: one indicator of one municipality through time.

use groeikern_client::v1::{
    GetTrendRequest, GetTrendResponse, ItemStatus, ObservationStatus, RankingSummary, Standing, TrendPoint,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Trend,
    exit::Failure,
    language::{
        Language, Phrase, headings, sentences,
        words::{Tone, Word},
    },
    ranked::{self, Ranked},
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

/// One period with what all share.
struct Row {
    region_code: String,
    region: String,
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

    fn otherwise(&self, language: Language) -> Cell {
        let (shown, tone) = match (self.point.status(), self.point.observation_status()) {
            (ItemStatus::Retired, _) => (
                Phrase::new("gemeentecode niet in gebruik", "code not in use"),
                Tone::Faint,
            ),
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

fn columns() -> Vec<Column<Row>> {
    let mut columns: Vec<Column<Row>> = ranked::indicator().into();
    columns.extend([
        Column::tsv_only("region_code", |row: &Row, _| Cell::text(&row.region_code)),
        Column::tsv_only("region", |row, _| Cell::text(&row.region)),
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
    ]);
    columns
}

pub(super) async fn ask(session: &mut Session, arguments: &Trend) -> Result<Answer, Failure> {
    let indicator_id = session.indicator(&arguments.indicator.join(" ")).await?;
    let region = session.region(&arguments.region.join(" ")).await?;
    let request = GetTrendRequest {
        edition: session.edition(),
        indicator_id,
        region_code: region.code,
        basis: arguments.figures.basis().into(),
        from_period: arguments.from.clone(),
        to_period: arguments.to.clone(),
        ..Default::default()
    };
    let response = session.client.get_trend(request).await?;
    let language = session.language;
    // What is withheld, or of another code, is an answer; nothing at all is none.
    if response
        .points
        .iter()
        .all(|point| point.status() == ItemStatus::NoData)
    {
        let indicator = response.indicator.unwrap_or_default();
        return Err(Failure::NoFigures {
            about: format!("{}, {}", language.of(indicator.name.as_ref()), region.name),
        });
    }
    Ok(answer(&response, language))
}

fn answer(response: &GetTrendResponse, language: Language) -> Answer {
    let region = response.region.clone().unwrap_or_default();
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
            region_code: region.code.clone(),
            region: region.name.clone(),
            ranking: RankingSummary {
                n: point.n,
                ..ranking.clone()
            },
            point: point.clone(),
        })
        .collect();
    let indicator = response.indicator.clone().unwrap_or_default();
    let name = language.of(indicator.name.as_ref());
    let title = sentences::through_time(language, name, &indicator.id, &region);
    let remarks = [
        ranked::legend(rows.iter(), language).to_owned(),
        ranked::agreement(&ranking, language),
    ];
    Answer::new(
        "GetTrendResponse",
        response,
        Sheet::of(&rows, &columns(), language),
    )
    .titled(ranked::title(title, &ranking, language))
    .below([Part::sentences(remarks)])
    .quoting(response.metadata.as_ref())
    .among(rows.iter().map(|row| row.ranking.n))
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
                without("2014", ItemStatus::Retired, ObservationStatus::Unspecified),
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
            table::plain(&answer(&response(), Language::En), Language::En),
            "Little theft (low_theft) of Nissewaard (GM1930) through time: computed, per 1,000\n\n\
             period   position  verdict          grade  value\n\
             ──────────────────────────────────────────────────────────────\n\
             2014               code not in use\n\
             2016               withheld\n\
             2018               missing\n\
             2019               no figures\n\
             2020    =12 / 355  very favourable    7.8    2.2  provisional\n\
             \n=: other municipalities have the same position.\n"
        );
    }

    #[test]
    fn tsv_has_a_row_per_period_and_leaves_empty_what_is_not_known() {
        let text = tsv::write(&answer(&response(), Language::Nl).sheet);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "indicator_id\tindicator\tregion_code\tregion\tperiod\tstatus\tposition\tn\tties\tplace_share\tverdict\tgrade\t\
             grade_method\tvalue\tunit\tobservation_status\tbasis\tmissing\tsource_id\tproxy_indicator_id"
        );
        assert_eq!(
            lines[2],
            "low_theft\tWeinig diefstal\tGM1930\tNissewaard\t2016\tsuppressed\t\t380\t\t\t\t\t\t\tper 1.000\tsuppressed\t\
             computed\t2\tcbs\t"
        );
        assert!(
            lines[5].contains("\t2020\tok\t12\t355\t3\t0.04\tvery_favourable\t7.75\t\t2.25\t"),
            "{}",
            lines[5]
        );
    }
}
