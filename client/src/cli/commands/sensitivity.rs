//! `sensitivity`: how firm the positions by a mean of one's own choice are.

use groeikern_client::v1::{
    AnalyseSensitivityRequest, AnalyseSensitivityResponse, CompositeMean, CompositeVariant, GradeMethod,
    ItemStatus, RegionRef, RegionSensitivity, composite_variant::Variant,
};

use super::composite::title;
use crate::cli::{
    answer::{Answer, Part},
    arguments::Sensitivity,
    exit::Failure,
    language::{
        Language, headings, sentences,
        words::{Tone, Word},
    },
    ranked::{self, OfRegion},
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

/// One municipality with what all rows share.
struct Row {
    n: u32,
    found: RegionSensitivity,
}

impl Row {
    /// A number of a municipality that is ranked.
    fn number(&self, value: f64, decimals: u32) -> Cell {
        Cell::number(self.is_ranked().then_some(value), decimals)
    }

    fn share(&self, share: f64) -> Cell {
        if self.is_ranked() {
            Cell::Share(share)
        } else {
            Cell::Absent
        }
    }

    fn is_ranked(&self) -> bool {
        self.found.status() == ItemStatus::Ok
    }
}

impl OfRegion for Row {
    fn region(&self) -> Option<&RegionRef> {
        self.found.region.as_ref()
    }
}

fn columns() -> Vec<Column<Row>> {
    let mut columns: Vec<Column<Row>> = ranked::region().into();
    columns.extend([
        Column::new("status", headings::FIGURES, |row: &Row, language| {
            Cell::word(row.found.status(), language)
        }),
        Column::new("position", headings::POSITION, |row, _| {
            match row.found.position {
                0 => Cell::Absent,
                part => Cell::Of { part, whole: row.n },
            }
        }),
        Column::tsv_only("n", |row, _| Cell::count(row.n)),
        Column::new("position_p05", headings::LOWER, |row, _| {
            row.number(row.found.position_p05, 1)
        }),
        Column::new("position_p50", headings::MEDIAN, |row, _| {
            row.number(row.found.position_p50, 1)
        }),
        Column::new("position_p95", headings::UPPER, |row, _| {
            row.number(row.found.position_p95, 1)
        }),
        Column::new("share_in_top", headings::IN_TOP, |row, _| {
            row.share(row.found.share_in_top)
        }),
        Column::new("share_in_bottom", headings::IN_BOTTOM, |row, _| {
            row.share(row.found.share_in_bottom)
        }),
        Column::new("mean_shift", headings::SHIFT, |row, _| {
            row.number(row.found.mean_shift, 1)
        }),
        Column::new("fragile", headings::FRAGILE, |row, _| {
            Cell::flag(row.found.fragile)
        }),
    ]);
    columns
}

/// A variant with what it is called.
struct Made {
    name: String,
    found: CompositeVariant,
}

fn columns_of_variants() -> Vec<Column<Made>> {
    vec![
        Column::new("variant", headings::VARIANT, |row: &Made, _| {
            Cell::text(&row.name)
        }),
        Column::new("mean_shift", headings::SHIFT, |row, _| {
            Cell::number(row.found.mean_shift, 1)
        }),
        Column::new("tau", headings::TAU, |row, _| Cell::number(row.found.tau, 2)),
        Column::new("compared", headings::COMPARED, |row: &Made, _| {
            Cell::count(row.found.compared)
        })
        .shown(Show::Varied),
        Column::new("largest_mover", headings::LARGEST_MOVER, |row, _| {
            let (before, after) = (row.found.largest_mover_before, row.found.largest_mover_after);
            row.found.largest_mover.as_ref().map_or(Cell::Absent, |region| {
                Cell::text(format!("{} {before} → {after}", region.name))
            })
        }),
    ]
}

pub(super) async fn ask(session: &mut Session, arguments: &Sensitivity) -> Result<Answer, Failure> {
    let composite = session.composite(&arguments.tree).await?;
    let group = match &arguments.within {
        Some(typed) => Some(session.group(typed).await?),
        None => None,
    };
    let period = arguments.figures.period();
    let mut region_codes = Vec::new();
    for typed in &arguments.regions {
        let code = session.region_in(typed, &period).await?.code;
        if !region_codes.contains(&code) {
            region_codes.push(code);
        }
    }
    let request = AnalyseSensitivityRequest {
        edition: session.edition(),
        composite: Some(composite),
        basis: arguments.figures.basis().into(),
        period,
        seed: arguments.seed,
        draws: arguments.draws.into(),
        weight_noise: arguments.noise,
        region_codes,
        group_id: group.as_ref().map(|group| group.id.clone()).unwrap_or_default(),
        universe_id: arguments.figures.universe.clone(),
        ..Default::default()
    };
    let response = session.client.analyse_sensitivity(request).await?;
    session.stay_with(response.metadata.as_ref());
    let language = session.language;
    if response
        .regions
        .iter()
        .all(|found| found.status() == ItemStatus::NoData)
    {
        let asked = group
            .as_ref()
            .map(|group| language.of(group.name.as_ref()).to_owned());
        let names = response
            .regions
            .iter()
            .filter_map(|found| Some(found.region.as_ref()?.name.clone()));
        return Err(Failure::NoFigures {
            about: asked.into_iter().chain(names).collect::<Vec<_>>().join(", "),
        });
    }
    let summary = response.summary.clone().unwrap_or_default();
    let title = title(&summary, group.as_ref(), language);
    Ok(answer(&response, title, language))
}

fn answer(response: &AnalyseSensitivityResponse, title: String, language: Language) -> Answer {
    let n = response.summary.as_ref().map_or(0, |summary| summary.n);
    let rows: Vec<Row> = response
        .regions
        .iter()
        .map(|found| Row {
            n,
            found: found.clone(),
        })
        .collect();
    let variants: Vec<Made> = response
        .variants
        .iter()
        .map(|found| Made {
            name: name(response, found, language),
            found: found.clone(),
        })
        .collect();
    let below = [
        Part::sentences([
            sentences::drawn(language, response.draws, response.weight_noise, response.seed),
            sentences::fragile(language, response.fragile, n),
        ]),
        Part::Heading {
            text: language.say(headings::VARIANTS).to_owned(),
            word: "",
            tone: Tone::Plain,
        },
        Part::Sheet(Sheet::of(&variants, &columns_of_variants(), language)),
    ];
    Answer::new(
        "AnalyseSensitivityResponse",
        response,
        Sheet::of(&rows, &columns(), language),
    )
    .titled(title)
    .below(below)
    .quoting(response.metadata.as_ref())
    .among([n])
}

/// What is otherwise in a variant: `without Little theft`, `geometric mean`.
fn name(response: &AnalyseSensitivityResponse, found: &CompositeVariant, language: Language) -> String {
    match &found.variant {
        Some(Variant::WithoutNode(node)) => {
            let node = response.nodes.get(*node as usize);
            let name = language.of(node.and_then(|node| node.name.as_ref()));
            let unnamed = language.say(headings::MEAN);
            sentences::without(language, if name.is_empty() { unnamed } else { name })
        }
        Some(Variant::EqualWeights(_)) => language.say(headings::EQUAL_WEIGHTS).to_owned(),
        Some(Variant::Mean(mean)) => {
            let mean = CompositeMean::try_from(*mean).unwrap_or_default();
            language.say(mean.shown()).to_owned()
        }
        Some(Variant::GradeMethod(method)) => {
            let method = GradeMethod::try_from(*method).unwrap_or_default();
            let method = language.say(method.shown());
            format!("{}: {method}", language.say(headings::GRADE))
        }
        None => String::new(),
    }
}
