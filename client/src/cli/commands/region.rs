//! `region`: one municipality, where it lies and what happened to it.

use groeikern_client::v1::{
    GetRegionRequest, GetRegionResponse, Region, RegionEvent, RegionMatch, RegionRef, ResolveRegionResponse,
};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::{Answer, Keyed, Part},
    arguments::OneRegion,
    exit::Failure,
    language::{Language, headings, regions},
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

const COLUMNS: [Column<RegionEvent>; 9] = [
    Column::new("date", regions::DAY, |event: &RegionEvent, _| {
        Cell::text(&event.date)
    })
    .unbroken(),
    Column::new("event", regions::EVENT, |event, language| {
        Cell::word(event.kind(), language)
    }),
    Column::new("direction", regions::WAY, |event, language| {
        Cell::word(event.direction(), language)
    }),
    Column::tsv_only("other_code", |event, _| other(event, |region| &region.code)),
    Column::new("other", regions::OTHER, |event, _| {
        other(event, |region| &region.name)
    }),
    Column::new("inhabitants", regions::INHABITANTS, |event, _| {
        whole(event.inhabitants)
    }),
    Column::new("share", regions::SHARE_OF_SOURCE, |event, _| {
        event.share.map_or(Cell::Absent, Cell::Share)
    }),
    Column::new("dwellings", regions::DWELLINGS, |event, _| whole(event.dwellings)),
    Column::new("hectares", regions::HECTARES, |event, _| whole(event.hectares)),
];

fn other(event: &RegionEvent, part: fn(&RegionRef) -> &str) -> Cell {
    event
        .other
        .as_ref()
        .map_or(Cell::Absent, |region| Cell::text(part(region)))
}

fn whole(number: Option<u64>) -> Cell {
    number.map_or(Cell::Absent, Cell::Integer)
}

pub(super) async fn ask(session: &mut Session, arguments: &OneRegion) -> Result<Answer, Failure> {
    let resolved = session
        .resolve(&arguments.region.join(" "), &arguments.at)
        .await?;
    let code = resolved.region.as_ref().map(|region| region.code.clone());
    let request = GetRegionRequest {
        edition: session.edition(),
        region_code: code.unwrap_or_default(),
    };
    let response = session.client.get_region(request).await?;
    Ok(answer(&resolved, &response, session.language))
}

fn answer(resolved: &ResolveRegionResponse, response: &GetRegionResponse, language: Language) -> Answer {
    let region = response.region.clone().unwrap_or_default();
    let history = Sheet::of(&response.history, &COLUMNS, language);
    let mut rows = history.clone();
    rows.columns
        .iter_mut()
        .for_each(|column| column.show = Show::TsvOnly); // a table shows them under the facts
    let facts = Part::Facts(vec![
        (
            regions::PROVINCE,
            region.province.clone().unwrap_or_default().name,
        ),
        (regions::COROP, corop(&region, language)),
        (regions::SINCE, region.valid_from.clone()),
        (headings::UNTIL, region.valid_to.clone()),
        (headings::ALIASES, region.aliases.join(BETWEEN_NAMES)),
        (headings::SUCCESSORS, successors(&region)),
        (regions::GROUPS, region.group_ids.join(BETWEEN_NAMES)),
        (regions::OTHERS, others(resolved, language)),
    ]);
    let mut below = vec![facts];
    if !resolved.steps.is_empty() {
        let came_later = matches!(
            resolved.r#match(),
            RegionMatch::LaterCode | RegionMatch::LaterName
        );
        let steps = resolved.steps.iter();
        below.push(Part::sentences(
            steps.map(|step| regions::step(language, step, came_later)),
        ));
    }
    if !response.history.is_empty() {
        below.push(Part::Inset(history, String::new()));
    }
    let messages = [
        Keyed::new("resolution", "ResolveRegionResponse", resolved),
        Keyed::new("region", "GetRegionResponse", response),
    ];
    Answer::of(messages, rows)
        .titled(format!("{} ({})", region.name, region.code))
        .below(below)
        .quoting(resolved.metadata.as_ref())
        .also_quoting(response.metadata.as_ref())
}

fn corop(region: &Region, language: Language) -> String {
    let area = region.corop.as_ref();
    area.map_or_else(String::new, |area| {
        regions::corop(language, &area.name, area.inferred)
    })
}

fn successors(region: &Region) -> String {
    let names = region.successors.iter().filter_map(|step| step.region.as_ref());
    let names: Vec<String> = names
        .map(|region| format!("{} ({})", region.name, region.code))
        .collect();
    names.join(BETWEEN_NAMES)
}

fn others(resolved: &ResolveRegionResponse, language: Language) -> String {
    let others = resolved.others.iter();
    let others: Vec<String> = others.map(|other| regions::candidate(language, other)).collect();
    others.join(BETWEEN_NAMES)
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{
        CoropArea, MoveDirection, Province, RegionCandidate, RegionEventKind, ResolutionStep,
    };

    use super::*;
    use crate::cli::{table, tsv};

    fn region_ref(code: &str, name: &str) -> Option<RegionRef> {
        Some(RegionRef {
            code: code.to_owned(),
            name: name.to_owned(),
        })
    }

    fn example(language: Language) -> Answer {
        let resolved = ResolveRegionResponse {
            steps: vec![ResolutionStep {
                from: region_ref("GM7001", "Oudstad"),
                to: region_ref("GM7002", "Nieuwkerk"),
                date: "2002-01-01".to_owned(),
                share: Some(0.75),
                ..Default::default()
            }],
            others: vec![RegionCandidate {
                region: region_ref("GM7003", "Middelveen"),
                valid_to: "2010-01-01".to_owned(),
                province: Some(Province {
                    code: "PV24".to_owned(),
                    name: "Flevoland".to_owned(),
                }),
                ..Default::default()
            }],
            ..Default::default()
        };
        let response = GetRegionResponse {
            region: Some(Region {
                code: "GM7002".to_owned(),
                name: "Nieuwkerk".to_owned(),
                corop: Some(CoropArea {
                    code: "NL230".to_owned(),
                    name: "Flevoland".to_owned(),
                    inferred: true,
                }),
                ..Default::default()
            }),
            history: vec![RegionEvent {
                date: "2002-01-01".to_owned(),
                kind: RegionEventKind::BoundaryChange.into(),
                other: region_ref("GM7001", "Oudstad"),
                direction: MoveDirection::Received.into(),
                inhabitants: Some(750),
                share: Some(0.75),
                ..Default::default()
            }],
            ..Default::default()
        };
        answer(&resolved, &response, language)
    }

    #[test]
    fn a_table_tells_where_it_lies_how_it_was_found_and_what_happened() {
        let shown = table::plain(&example(Language::En), Language::En);
        for expected in [
            "Nieuwkerk (GM7002)",
            "Flevoland (inferred)",
            "Middelveen (GM7003), Flevoland, until 2010-01-01",
            "2002-01-01: Oudstad (GM7001) \u{2192} Nieuwkerk (GM7002), with 75% of the inhabitants",
            "boundary change",
        ] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
        assert_eq!(shown.matches("boundary change").count(), 1, "{shown}");
    }

    #[test]
    fn every_event_is_a_row_of_tsv_and_what_is_not_known_is_empty() {
        assert_eq!(
            tsv::write(&example(Language::Nl).sheet),
            "date\tevent\tdirection\tother_code\tother\tinhabitants\tshare\tdwellings\thectares\n\
             2002-01-01\tboundary_change\treceived\tGM7001\tOudstad\t750\t0.75\t\t\n"
        );
    }
}
