//! `masking`: neighbourhoods that the figure of their district hides.

use groeikern_client::{
    StreamExt,
    v1::{
        DetectMaskingRequest, DetectMaskingResponse, DistrictMasking, MaskingSummary, NeighbourhoodFigure,
        NeighbourhoodState, RegionRef,
    },
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Masking,
    exit::Failure,
    language::{
        Language, headings,
        neighbourhoods::{self, Hides},
    },
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

/// A neighbourhood with its district.
struct Row {
    district: DistrictMasking,
    figure: NeighbourhoodFigure,
    decimals: u32,
}

const COLUMNS: [Column<Row>; 15] = [
    Column::tsv_only("municipality_code", |row: &Row, _| {
        code(row.district.municipality.as_ref())
    }),
    Column::new("municipality", headings::MUNICIPALITY, |row: &Row, _| {
        name(row.district.municipality.as_ref())
    })
    .shown(Show::Varied),
    Column::tsv_only("district_code", |row, _| code(row.district.district.as_ref())),
    Column::tsv_only("district", |row, _| name(row.district.district.as_ref())),
    Column::table_only(neighbourhoods::DISTRICT, |row, _| {
        name_or_code(row.district.district.as_ref())
    }),
    Column::tsv_only("neighbourhood_code", |row, _| {
        code(row.figure.neighbourhood.as_ref())
    }),
    Column::tsv_only("neighbourhood", |row, _| name(row.figure.neighbourhood.as_ref())),
    Column::table_only(neighbourhoods::NEIGHBOURHOOD, |row, _| {
        name_or_code(row.figure.neighbourhood.as_ref())
    }),
    Column::new("value", headings::VALUE, |row, _| {
        Cell::number(row.figure.value, row.decimals)
    }),
    Column::new("district_mean", neighbourhoods::DISTRICT_MEAN, |row, _| {
        Cell::number(row.district.mean, row.decimals)
    }),
    Column::tsv_only("district_value", |row, _| {
        Cell::number(row.district.published_value, row.decimals)
    }),
    Column::new("weight", neighbourhoods::WEIGHT, |row, _| {
        Cell::number(row.figure.weight, 0)
    }),
    Column::new("problem_share", neighbourhoods::PROBLEM_SHARE, |row, _| {
        Cell::Share(row.district.problem_share)
    }),
    Column::new("state", neighbourhoods::STATE, |row: &Row, language| {
        Cell::word(row.figure.state(), language)
    })
    .shown(Show::Varied),
    Column::new("hidden", neighbourhoods::HIDDEN, |row, language| {
        Cell::word(
            match (row.district.masked, row.district.strictly_masked) {
                (_, true) => Hides::Strictly,
                (true, false) => Hides::Masked,
                (false, false) => Hides::Not,
            },
            language,
        )
    }),
];

fn code(region: Option<&RegionRef>) -> Cell {
    region.map_or(Cell::Absent, |region| Cell::text(&region.code))
}

fn name(region: Option<&RegionRef>) -> Cell {
    region.map_or(Cell::Absent, |region| Cell::text(&region.name))
}

/// What tables show of a place: its name, or else its code.
fn name_or_code(region: Option<&RegionRef>) -> Cell {
    match name(region) {
        Cell::Absent => code(region),
        name => name,
    }
}

pub(super) async fn ask(session: &mut Session, arguments: &Masking) -> Result<Answer, Failure> {
    let indicator_id = session.indicator(&arguments.indicator.join(" ")).await?;
    let region = match &arguments.region {
        Some(typed) => session.region_in(typed, &arguments.period).await?,
        None => RegionRef::default(),
    };
    let weight_indicator_id = match &arguments.weight {
        Some(typed) => session.indicator(typed).await?,
        None => String::new(),
    };
    let request = DetectMaskingRequest {
        edition: session.edition(),
        indicator_id,
        period: arguments.period.clone(),
        region_code: region.code,
        weight_indicator_id,
        equal_weights: arguments.equal_weights,
        minimum_weight: arguments.minimum_weight,
        worst_share: arguments.worst_share,
        masked_only: arguments.hidden,
        ..Default::default()
    };
    let mut messages = session.client.detect_masking(request).await?;
    let mut whole = DetectMaskingResponse::default();
    while let Some(message) = messages.next().await {
        let message = message?;
        whole.metadata = whole.metadata.or(message.metadata);
        whole.summary = whole.summary.or(message.summary);
        whole.districts.extend(message.districts);
    }
    Ok(answer(&whole, arguments.all, session.language))
}

fn answer(whole: &DetectMaskingResponse, all: bool, language: Language) -> Answer {
    let summary = whole.summary.clone().unwrap_or_default();
    let rows = whole.districts.iter().flat_map(|district| {
        let wanted = district
            .neighbourhoods
            .iter()
            .filter(|figure| all || figure.state() == NeighbourhoodState::Problem);
        wanted.map(|figure| Row {
            district: DistrictMasking {
                neighbourhoods: Vec::new(),
                ..district.clone()
            },
            figure: figure.clone(),
            decimals: summary.decimals,
        })
    });
    let rows: Vec<Row> = rows.collect();
    let sheet = Sheet::of(&rows, &COLUMNS, language);
    Answer::new("DetectMaskingResponse", whole, sheet)
        .titled(title(&summary, language))
        .below([Part::sentences(remarks(&summary, language))])
        .quoting(whole.metadata.as_ref())
}

fn title(summary: &MaskingSummary, language: Language) -> String {
    let indicator = summary
        .indicator
        .as_ref()
        .and_then(|indicator| indicator.name.as_ref());
    let municipality = summary
        .municipality
        .as_ref()
        .and_then(|found| found.region.as_ref());
    let place = municipality.map_or("", |region| &region.name);
    neighbourhoods::title(language, language.of(indicator), place, &summary.period)
}

fn remarks(summary: &MaskingSummary, language: Language) -> Vec<String> {
    let mut remarks = vec![neighbourhoods::threshold(language, summary)];
    if let Some(found) = &summary.municipality {
        let name = found.region.as_ref().map_or("", |region| &region.name);
        remarks.extend(neighbourhoods::found(language, name, found));
    }
    if let Some(found) = &summary.country {
        remarks.extend(neighbourhoods::found(
            language,
            neighbourhoods::country(language),
            found,
        ));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{IndicatorRef, LocalizedText, MaskingFigures};

    use super::*;
    use crate::cli::{table, tsv};

    fn region(code: &str, name: &str) -> Option<RegionRef> {
        Some(RegionRef {
            code: code.to_owned(),
            name: name.to_owned(),
        })
    }

    fn figure(code: &str, name: &str, value: Option<f64>, state: NeighbourhoodState) -> NeighbourhoodFigure {
        NeighbourhoodFigure {
            neighbourhood: region(code, name),
            value,
            weight: Some(750.0),
            state: state.into(),
            ..Default::default()
        }
    }

    fn whole() -> DetectMaskingResponse {
        let found = MaskingFigures {
            neighbourhoods: 3,
            with_value: 2,
            suppressed: 1,
            taking_part: 2,
            districts: 1,
            problem_neighbourhoods: 1,
            problem_weight: 750.0,
            masked_districts: 1,
            miss_rate: Some(1.0),
            ..Default::default()
        };
        DetectMaskingResponse {
            summary: Some(MaskingSummary {
                indicator: Some(IndicatorRef {
                    name: Some(LocalizedText {
                        nl: "Weinig eenzaamheid".to_owned(),
                        en: "Little loneliness".to_owned(),
                    }),
                    ..Default::default()
                }),
                period: "2020".to_owned(),
                decimals: 1,
                worst_share: 0.1,
                minimum_weight: 500.0,
                threshold: 56.5,
                national_mean: 47.0,
                country: Some(found),
                ..Default::default()
            }),
            districts: vec![DistrictMasking {
                district: region("WK003401", ""),
                municipality: region("GM0034", "Almere"),
                mean: Some(41.5),
                problem_share: 0.25,
                masked: true,
                neighbourhoods: vec![
                    figure("BU00340101", "Centrum", Some(60.0), NeighbourhoodState::Problem),
                    figure("BU00340102", "Werven", Some(35.0), NeighbourhoodState::Better),
                    figure("BU00340103", "Grienden", None, NeighbourhoodState::WithoutValue),
                ],
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    #[test]
    fn a_table_sets_the_district_beside_its_problem_neighbourhoods() {
        let shown = table::plain(&answer(&whole(), false, Language::En), Language::En);
        for part in [
            "Hidden behind the figure of the district: Little loneliness, 2020",
            "WK003401  Centrum         60.0         41.5",
            "The worst 10% of the country begins at 56.5; the mean of the country is 47.0.",
            "Netherlands: 1 problem neighbourhoods with weight 750, and 0 too small; 1 of 1 districts masked",
            "misses 100% of the weight",
            "1 have no figure (1 withheld)",
        ] {
            assert!(shown.replace("\n", " ").contains(part), "{part}: {shown}");
        }
        assert!(!shown.contains("Werven"), "{shown}");
    }

    #[test]
    fn tsv_rounds_nothing_and_lists_all_when_asked() {
        let text = tsv::write(&answer(&whole(), true, Language::Nl).sheet);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "municipality_code\tmunicipality\tdistrict_code\tdistrict\tneighbourhood_code\tneighbourhood\tvalue\tdistrict_mean\t\
             district_value\tweight\tproblem_share\tstate\thidden"
        );
        assert_eq!(
            lines[1],
            "GM0034\tAlmere\tWK003401\t\tBU00340101\tCentrum\t60\t41.5\t\t750\t0.25\tproblem\tmasked"
        );
        assert_eq!(lines.len(), 4);
    }
}
