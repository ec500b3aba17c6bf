//! `editions diff`: what changed from one edition to another.

use groeikern_client::v1::{
    ChangeType, DiffEditionsRequest, DiffEditionsResponse, EditionChange, EditionChangeKind, FigureChange,
    MoveParts, PositionMove, edition_change::Change,
};

use super::names;
use crate::cli::{
    answer::{Answer, Part},
    arguments::{Diff, Shown},
    exit::Failure,
    language::{Language, editions as words, headings},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

const MOVES: [Column<PositionMove>; 19] = [
    Column::tsv_only("indicator_id", |moved: &PositionMove, _| {
        names::indicator_id(moved.indicator.as_ref())
    }),
    Column::new(
        "indicator",
        headings::INDICATOR,
        |moved: &PositionMove, language| names::indicator(moved.indicator.as_ref(), language),
    )
    .shown(Show::Varied),
    Column::tsv_only("region_code", |moved, _| names::code(moved.region.as_ref())),
    Column::new("region", headings::MUNICIPALITY, |moved: &PositionMove, _| {
        names::region(moved.region.as_ref())
    })
    .shown(Show::Varied),
    Column::tsv_only("base_period", |moved, _| Cell::text(&moved.base_period)),
    Column::tsv_only("period", |moved, _| Cell::text(&moved.period)),
    Column::new("base_position", words::WAS, |moved, _| {
        Cell::position(moved.base_standing.as_ref(), moved.base_n)
    }),
    Column::new("position", words::IS, |moved, _| {
        Cell::position(moved.standing.as_ref(), moved.n)
    }),
    Column::new("move", words::MOVE, |moved, _| Cell::Signed(moved.r#move)),
    Column::new("own_value", words::OWN_VALUE, |moved, _| {
        part(moved.parts.as_ref(), |parts| parts.own_value)
    }),
    Column::new("other_values", words::OTHER_VALUES, |moved, _| {
        part(moved.parts.as_ref(), |parts| parts.other_values)
    }),
    Column::new("units", words::UNITS, |moved, _| {
        part(moved.parts.as_ref(), |parts| parts.units)
    }),
    Column::new("whole_cause", words::WHOLE_CAUSE, |moved, language| {
        whole_cause(moved.parts.as_ref(), language)
    }),
    Column::tsv_only("base_verdict", |moved, language| {
        names::verdict(moved.base_standing.as_ref(), language)
    }),
    Column::tsv_only("verdict", |moved, language| {
        names::verdict(moved.standing.as_ref(), language)
    }),
    Column::table_only(headings::VERDICT, |moved, language| {
        let of = |standing| names::verdict(standing, language).shown(language);
        let (base, now) = (of(moved.base_standing.as_ref()), of(moved.standing.as_ref()));
        if base == now {
            Cell::Absent
        } else {
            names::from_to(base, now)
        }
    }),
    Column::tsv_only("base_n", |moved, _| Cell::count(moved.base_n)),
    Column::tsv_only("n", |moved, _| Cell::count(moved.n)),
    Column::tsv_only("basis", |moved, language| Cell::word(moved.basis(), language)),
];

const VALUES: [Column<FigureChange>; 8] = [
    Column::new("indicator_id", headings::INDICATOR, |value: &FigureChange, _| {
        Cell::text(&value.indicator_id)
    }),
    Column::new("region_code", headings::CODE, |value: &FigureChange, _| {
        Cell::text(&value.region_code)
    })
    .unbroken(),
    Column::new("period", headings::PERIOD, |value, _| Cell::text(&value.period)),
    Column::new("type", words::TYPE, |value, language| {
        Cell::word(value.r#type(), language)
    }),
    Column::new("base_value", words::WAS, |value, language| {
        exact(value.base_value, language)
    }),
    Column::new("value", words::IS, |value, language| exact(value.value, language)),
    Column::tsv_only("base_status", |value, language| {
        Cell::word(value.base_status(), language)
    }),
    Column::tsv_only("status", |value, language| Cell::word(value.status(), language)),
];

/// A change that is neither a move nor a value.
struct Content {
    kind: EditionChangeKind,
    change: ChangeType,
    id: String,
    period: String,
    about: String,
}

const CONTENTS: [Column<Content>; 5] = [
    Column::new("kind", words::CHANGE, |content: &Content, language| {
        Cell::word(content.kind, language)
    }),
    Column::new("id", headings::ID, |content: &Content, _| Cell::text(&content.id)).unbroken(),
    Column::new("period", headings::PERIOD, |content, _| {
        Cell::text(&content.period)
    }),
    Column::new("type", words::TYPE, |content, language| {
        Cell::word(content.change, language)
    }),
    Column::new("about", words::ABOUT, |content, _| Cell::text(&content.about)),
];

pub(super) async fn ask(session: &mut Session, arguments: &Diff) -> Result<Answer, Failure> {
    if let Some(edition) = &arguments.with {
        session.ask_of(edition);
    }
    let indicator_ids = session.indicators(&arguments.indicators).await?;
    let region_codes = session.codes(&arguments.regions).await?;
    let request = DiffEditionsRequest {
        base_edition: arguments.base.clone(),
        edition: session.edition(),
        kinds: kinds(arguments.show).into_iter().map(Into::into).collect(),
        indicator_ids,
        region_codes,
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.diff_editions_pages(request)).await?;
    Ok(answer(&response, arguments.show, session.language))
}

fn kinds(shown: Shown) -> Vec<EditionChangeKind> {
    match shown {
        Shown::Moves => vec![EditionChangeKind::Position],
        Shown::Values => vec![EditionChangeKind::Value],
        Shown::Contents => vec![
            EditionChangeKind::Indicator,
            EditionChangeKind::Region,
            EditionChangeKind::ImportUnit,
            EditionChangeKind::Figures,
            EditionChangeKind::GradeScale,
        ],
    }
}

fn answer(response: &DiffEditionsResponse, shown: Shown, language: Language) -> Answer {
    let changes = response.changes.iter();
    let sheet = match shown {
        Shown::Moves => {
            let moves = changes.filter_map(|change| match &change.change {
                Some(Change::Position(moved)) => Some(moved.clone()),
                _ => None,
            });
            Sheet::of(&moves.collect::<Vec<_>>(), &MOVES, language)
        }
        Shown::Values => {
            let values = changes.filter_map(|change| match &change.change {
                Some(Change::Value(value)) => Some(value.clone()),
                _ => None,
            });
            Sheet::of(&values.collect::<Vec<_>>(), &VALUES, language)
        }
        Shown::Contents => {
            let contents = changes.filter_map(|change| content(change, language));
            Sheet::of(&contents.collect::<Vec<_>>(), &CONTENTS, language)
        }
    };
    let difference = response.difference.unwrap_or_default();
    Answer::new("DiffEditionsResponse", response, sheet)
        .titled(title(response, language))
        .below([Part::sentences(words::how_much(language, &difference))])
        .quoting(response.metadata.as_ref())
}

/// Between which editions; and of what, where all moves are of one municipality or indicator, which then has no column.
fn title(response: &DiffEditionsResponse, language: Language) -> String {
    let moves = response.changes.iter().filter_map(|change| match &change.change {
        Some(Change::Position(moved)) => Some(moved),
        _ => None,
    });
    let only = |name: &dyn Fn(&PositionMove) -> String| {
        let mut names: Vec<String> = moves.clone().map(name).collect();
        names.dedup();
        (names.len() == 1).then(|| names.remove(0))
    };
    let region = only(&|moved| moved.region.clone().unwrap_or_default().name);
    let indicator = only(&|moved| {
        let indicator = moved.indicator.clone().unwrap_or_default();
        language.of(indicator.name.as_ref()).to_owned()
    });
    let editions = words::from_to(language, response.base.as_ref(), response.edition.as_ref());
    let about = region.into_iter().chain(indicator);
    [editions].into_iter().chain(about).collect::<Vec<_>>().join(": ")
}

fn content(change: &EditionChange, language: Language) -> Option<Content> {
    let row = |kind, change, id: &str, period: &str, about: String| {
        Some(Content {
            kind,
            change,
            id: id.to_owned(),
            period: period.to_owned(),
            about,
        })
    };
    match change.change.as_ref()? {
        Change::Indicator(changed) => {
            let id = changed.indicator.as_ref().map_or("", |indicator| &indicator.id);
            row(
                EditionChangeKind::Indicator,
                changed.r#type(),
                id,
                "",
                changed.fields.join(", "),
            )
        }
        Change::Region(changed) => {
            let code = changed.region.as_ref().map_or("", |region| &region.code);
            row(
                EditionChangeKind::Region,
                changed.r#type(),
                code,
                "",
                changed.fields.join(", "),
            )
        }
        Change::ImportUnit(changed) => {
            let versions = [&changed.base_source_version, &changed.source_version];
            let versions: Vec<&str> = versions
                .into_iter()
                .map(String::as_str)
                .filter(|version| !version.is_empty())
                .collect();
            let (id, period) = (&changed.recipe_id, &changed.period);
            row(
                EditionChangeKind::ImportUnit,
                changed.r#type(),
                id,
                period,
                versions.join(" > "),
            )
        }
        Change::Figures(changed) => {
            let areas = if changed.areas {
                language.say(words::OF_AREAS)
            } else {
                ""
            };
            let (id, period) = (&changed.indicator_id, &changed.period);
            let about = format!("{} {areas}", changed.values);
            row(
                EditionChangeKind::Figures,
                changed.r#type(),
                id,
                period,
                about.trim_end().to_owned(),
            )
        }
        Change::GradeScale(changed) => {
            let (base, now) = (
                changed.base.unwrap_or_default(),
                changed.scale.unwrap_or_default(),
            );
            let number = |value: f64| language.number(value, 3);
            let about = format!(
                "m {} > {}, s {} > {}, c {} > {}",
                number(base.mean),
                number(now.mean),
                number(base.deviation),
                number(now.deviation),
                number(base.shift),
                number(now.shift)
            );
            let (id, period) = (&changed.indicator_id, &changed.period);
            row(
                EditionChangeKind::GradeScale,
                ChangeType::Changed,
                id,
                period,
                about,
            )
        }
        Change::Position(_) | Change::Value(_) => None,
    }
}

/// One part of a move; absent where the whole move has one cause.
pub(super) fn part(parts: Option<&MoveParts>, part: fn(&MoveParts) -> i32) -> Cell {
    match parts {
        Some(parts) if parts.definition == 0 && parts.basis == 0 && parts.published == 0 => {
            Cell::Signed(part(parts))
        }
        _ => Cell::Absent,
    }
}

/// What the whole move is by, where its parts cannot be told apart.
pub(super) fn whole_cause(parts: Option<&MoveParts>, language: Language) -> Cell {
    let Some(parts) = parts else {
        return Cell::Absent;
    };
    let (stable, shown) = if parts.definition != 0 {
        ("definition", words::BY_DEFINITION)
    } else if parts.basis != 0 {
        ("basis", words::BY_BASIS)
    } else if parts.published != 0 {
        ("published", words::BY_PRINT)
    } else {
        return Cell::Absent;
    };
    names::fixed(stable, language.say(shown))
}

/// A value with all its digits, in tables too.
fn exact(value: Option<f64>, language: Language) -> Cell {
    let Some(value) = value else {
        return Cell::Absent;
    };
    let shown = language.exact(value);
    let decimals = shown
        .split_once([',', '.'])
        .map_or(0, |(_, decimals)| decimals.len());
    Cell::Number { value, decimals }
}
