//! `editions watch`: new editions as they come, each with the verdicts that it changes.

use groeikern_client::{
    StreamExt,
    v1::{EditionComparison, VerdictChange, WatchEditionsRequest, WatchEditionsResponse},
};

use super::{
    difference::{part, whole_cause},
    names,
};
use crate::cli::{
    answer::Answer,
    arguments::{Options, Watch},
    exit::Failure,
    language::{Language, editions as words, headings},
    screen::Screen,
    session::Session,
    sheet::{Cell, Column, Sheet},
};

/// A change with the numbers of the editions it is between.
struct Row {
    sequence: u64,
    previous: u64,
    change: VerdictChange,
}

const COLUMNS: [Column<Row>; 23] = [
    Column::tsv_only("previous", |row: &Row, _| Cell::Integer(row.previous)),
    Column::tsv_only("sequence", |row, _| Cell::Integer(row.sequence)),
    Column::tsv_only("indicator_id", |row, _| {
        names::indicator_id(row.change.indicator.as_ref())
    }),
    Column::new("indicator", headings::INDICATOR, |row, language| {
        names::indicator(row.change.indicator.as_ref(), language)
    }),
    Column::tsv_only("region_code", |row, _| names::code(row.change.region.as_ref())),
    Column::new("region", headings::MUNICIPALITY, |row, _| {
        names::region(row.change.region.as_ref())
    }),
    Column::table_only(headings::VERDICT, |row, language| {
        let of = |standing| match names::verdict(standing, language).shown(language) {
            none if none.is_empty() => language.say(words::NO_VERDICT).to_owned(),
            verdict => verdict,
        };
        names::from_to(
            of(row.change.base_standing.as_ref()),
            of(row.change.standing.as_ref()),
        )
    }),
    Column::table_only(headings::POSITION, |row, language| {
        let change = &row.change;
        let of = |standing, n| Cell::position(standing, n).shown(language);
        let base = of(change.base_standing.as_ref(), change.base_n);
        let now = of(change.standing.as_ref(), change.n);
        // Of one that only one of the editions ranks, the one place.
        match (base.is_empty(), now.is_empty()) {
            (true, _) => Cell::text(now),
            (_, true) => Cell::text(base),
            _ => names::from_to(base, now),
        }
    }),
    Column::table_only(headings::PERIOD, |row, _| {
        let (base, now) = (&row.change.base_period, &row.change.period);
        if base == now {
            Cell::text(now.clone())
        } else {
            names::from_to(base.clone(), now.clone())
        }
    }),
    Column::tsv_only("base_verdict", |row, language| {
        names::verdict(row.change.base_standing.as_ref(), language)
    }),
    Column::tsv_only("verdict", |row, language| {
        names::verdict(row.change.standing.as_ref(), language)
    }),
    Column::tsv_only("base_position", |row, _| {
        Cell::position(row.change.base_standing.as_ref(), row.change.base_n)
    }),
    Column::tsv_only("position", |row, _| {
        Cell::position(row.change.standing.as_ref(), row.change.n)
    }),
    Column::new("range", words::RANGE, |row, _| {
        match (row.change.range_from, row.change.range_to) {
            (0, _) => Cell::Absent,
            (from, to) if from == to => Cell::text(from.to_string()),
            (from, to) => Cell::text(format!("{from}-{to}")),
        }
    }),
    Column::tsv_only("range_by", |row, language| {
        Cell::word(row.change.range(), language)
    }),
    Column::tsv_only("own_value", |row, _| {
        part(row.change.parts.as_ref(), |parts| parts.own_value)
    }),
    Column::tsv_only("other_values", |row, _| {
        part(row.change.parts.as_ref(), |parts| parts.other_values)
    }),
    Column::tsv_only("units", |row, _| {
        part(row.change.parts.as_ref(), |parts| parts.units)
    }),
    Column::tsv_only("whole_cause", |row, language| {
        whole_cause(row.change.parts.as_ref(), language)
    }),
    Column::tsv_only("base_period", |row, _| Cell::text(row.change.base_period.clone())),
    Column::tsv_only("period", |row, _| Cell::text(row.change.period.clone())),
    Column::tsv_only("base_n", |row, _| Cell::count(row.change.base_n)),
    Column::tsv_only("n", |row, _| Cell::count(row.change.n)),
];

/// Shows events until the stream ends, or the first new edition was shown.
pub(crate) async fn run(options: &Options, screen: Screen, arguments: &Watch) -> Result<(), Failure> {
    let mut session = Session::connect(options, screen.language, None).await?;
    let request = WatchEditionsRequest {
        indicator_ids: session.indicators(&arguments.indicators).await?,
        region_codes: session.codes(&arguments.regions).await?,
        after_sequence: arguments.after,
        most_events: 0,
    };
    let mut events = session.client.watch_editions(request).await?;
    let mut remarks = session.remarks();
    let mut is_first = true;
    while let Some(event) = events.next().await {
        let event = event?;
        screen.show_next(&answer(&event, screen.language), remarks, is_first)?;
        remarks = &[];
        is_first = false;
        let is_news = !matches!(
            event.comparison(),
            EditionComparison::None | EditionComparison::Same
        );
        if arguments.once && is_news {
            break;
        }
    }
    Ok(())
}

fn answer(event: &WatchEditionsResponse, language: Language) -> Answer {
    let number = |edition: &Option<groeikern_client::v1::EditionSummary>| {
        edition.as_ref().map_or(0, |edition| edition.sequence)
    };
    let rows = event.changes.iter().map(|change| Row {
        sequence: number(&event.edition),
        previous: number(&event.previous),
        change: change.clone(),
    });
    let sheet = Sheet::of(&rows.collect::<Vec<_>>(), &COLUMNS, language);
    Answer::new("WatchEditionsResponse", event, sheet).titled(words::event(language, event))
}
