//! `indicators`: what is measured, and for how many municipalities.

use groeikern_client::v1::{
    Availability, Basis, Indicator, IndicatorKind, ListIndicatorsRequest, ListIndicatorsResponse,
};

use crate::cli::{
    answer::Answer,
    arguments::Indicators,
    exit::Failure,
    language::{Language, headings},
    pages::{LARGEST_PAGE, whole},
    ranked,
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
    themes::{Place, Themes},
};

/// An indicator with the names of its place.
struct Row {
    indicator: Indicator,
    place: Place,
}

impl Row {
    /// The figures that answer when no basis is asked for.
    fn figures(&self) -> Option<&Availability> {
        self.indicator.availability.first()
    }
}

const COLUMNS: [Column<Row>; 20] = [
    Column::new("indicator_id", headings::ID, |row: &Row, _| {
        Cell::text(&row.indicator.id)
    })
    .unbroken(),
    Column::new("indicator", headings::INDICATOR, |row, language| {
        Cell::localized(row.indicator.name.as_ref(), language)
    }),
    Column::new("kind", headings::KIND, |row, language| {
        Cell::word(row.indicator.kind(), language)
    }),
    Column::tsv_only("kind_basis", |row, language| {
        Cell::word(row.indicator.kind_basis(), language)
    }),
    Column::tsv_only("polarity", |row, language| {
        Cell::word(row.indicator.polarity(), language)
    }),
    Column::tsv_only("theme_id", |row, _| Cell::text(&row.indicator.theme_id)),
    Column::tsv_only("theme", |row, language| {
        Cell::localized(row.place.theme.as_ref(), language)
    }),
    Column::tsv_only("block_id", |row, _| Cell::text(&row.indicator.block_id)),
    Column::tsv_only("block", |row, language| {
        Cell::localized(row.place.block.as_ref(), language)
    }),
    Column::tsv_only("unit", |row, language| {
        Cell::localized(row.indicator.unit.as_ref(), language)
    }),
    Column::tsv_only("section", |row, _| Cell::text(&row.indicator.section)),
    Column::tsv_only("figure", |row, _| Cell::text(&row.indicator.figure)),
    Column::tsv_only("origin_category", |row, _| {
        Cell::flag(row.indicator.origin_category)
    }),
    Column::new("basis", headings::BASIS, |row: &Row, language| {
        row.figures()
            .map_or(Cell::Absent, |figures| Cell::word(figures.basis(), language))
    })
    .shown(Show::Varied),
    Column::tsv_only("period", |row: &Row, _| {
        row.figures()
            .map_or(Cell::Absent, |figures| Cell::text(&figures.period))
    }),
    Column::new("known", headings::KNOWN, |row, _| {
        row.figures().map_or(Cell::Absent, |figures| Cell::Of {
            part: figures.known,
            whole: figures.n,
        })
    }),
    Column::tsv_only("n", |row, _| {
        Cell::count(row.figures().map_or(0, |figures| figures.n))
    }),
    Column::tsv_only("published_means", |row, _| {
        row.figures().map_or(Cell::Absent, |figures| {
            Cell::Integer(figures.published_means.into())
        })
    }),
    Column::tsv_only("source_id", |row, _| {
        row.figures()
            .map_or(Cell::Absent, |figures| Cell::text(&figures.source_id))
    }),
    Column::tsv_only("stated", |row, language| {
        Cell::localized(row.indicator.stated.as_ref(), language)
    }),
];

pub(super) async fn ask(session: &mut Session, arguments: &Indicators) -> Result<Answer, Failure> {
    let themes = session.themes().await?;
    let theme_id = match &arguments.theme {
        Some(typed) => session.theme(typed, &themes).await?,
        None => String::new(),
    };
    let request = ListIndicatorsRequest {
        edition: session.edition(),
        theme_id,
        kind: arguments
            .kind
            .map_or(IndicatorKind::Unspecified, IndicatorKind::from)
            .into(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.list_indicators_pages(request)).await?;
    Ok(answer(&response, &themes, session.language))
}

fn answer(response: &ListIndicatorsResponse, themes: &Themes, language: Language) -> Answer {
    let rows: Vec<Row> = response
        .indicators
        .iter()
        .map(|indicator| Row {
            indicator: indicator.clone(),
            place: themes.place(&indicator.theme_id, &indicator.block_id),
        })
        .collect();
    let sheet = Sheet::of(&rows, &COLUMNS, language)
        .titled(&rows, |row| row.place.titles(language))
        .noted(&rows, |row| vec![stands_in(row, &rows, language)]);
    Answer::new("ListIndicatorsResponse", response, sheet).quoting(response.metadata.as_ref())
}

/// The indicator behind figures that are a proxy, where the list has it.
fn stands_in(row: &Row, rows: &[Row], language: Language) -> String {
    let is_proxy = row
        .figures()
        .is_some_and(|figures| figures.basis() == Basis::Proxy);
    let other = rows
        .iter()
        .find(|other| is_proxy && other.indicator.proxy_for_id == row.indicator.id);
    other
        .map(|other| ranked::proxy_by(language.of(other.indicator.name.as_ref()), language))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{KindBasis, LocalizedText, Polarity};

    use super::*;
    use crate::cli::{table, tsv};

    fn response() -> ListIndicatorsResponse {
        let indicator = |id: &str, nl: &str, en: &str| Indicator {
            id: id.to_owned(),
            name: Some(LocalizedText {
                nl: nl.to_owned(),
                en: en.to_owned(),
            }),
            theme_id: "safety".to_owned(),
            kind: IndicatorKind::Judgement.into(),
            kind_basis: KindBasis::Inferred.into(),
            polarity: Polarity::ByPosition.into(),
            ..Default::default()
        };
        ListIndicatorsResponse {
            indicators: vec![
                Indicator {
                    figure: "5.2".to_owned(),
                    availability: vec![Availability {
                        basis: Basis::Published.into(),
                        period: "2024".to_owned(),
                        n: 337,
                        known: 7,
                        published_means: 2,
                        source_id: "bureau_louter_2024".to_owned(),
                    }],
                    ..indicator("low_theft", "Weinig diefstal", "Little theft")
                },
                indicator("trust", "Vertrouwen", "Trust"),
            ],
            ..Default::default()
        }
    }

    #[test]
    fn every_column_is_in_tsv_and_missing_figures_are_empty() {
        let text = tsv::write(&answer(&response(), &Themes::default(), Language::En).sheet);
        assert_eq!(
            text,
            "indicator_id\tindicator\tkind\tkind_basis\tpolarity\ttheme_id\ttheme\tblock_id\tblock\tunit\tsection\t\
             figure\torigin_category\tbasis\tperiod\tknown\tn\tpublished_means\tsource_id\tstated\n\
             low_theft\tLittle theft\tjudgement\tinferred\tby_position\tsafety\t\t\t\t\t\t5.2\tfalse\tpublished\t2024\t7\t\
             337\t2\tbureau_louter_2024\t\n\
             trust\tTrust\tjudgement\tinferred\tby_position\tsafety\t\t\t\t\t\t\tfalse\t\t\t\t\t\t\t\n"
        );
    }

    #[test]
    fn a_table_says_how_many_are_known() {
        let table = table::plain(
            &answer(&response(), &Themes::default(), Language::Nl),
            Language::Nl,
        );
        assert!(
            table.contains("low_theft  Weinig diefstal  oordeel  7 / 337\n"),
            "{table}"
        );
        assert!(table.contains("trust      Vertrouwen       oordeel\n"), "{table}");
    }
}
