//! `composite`: the municipalities by a mean of one's own choice.

use groeikern_client::v1::{
    CompositeBreakdown, CompositeNode, CompositeNodeScore, CompositeRow, CompositeSummary, GroupRef,
    LeafStatus, RankCompositeRequest, RankCompositeResponse, RankingSummary,
};

use super::cut::{self, Cut};
use crate::cli::{
    answer::{Answer, Part},
    arguments::Composite,
    exit::Failure,
    language::{
        Language, Phrase, headings, sentences,
        words::{Tone, Word},
    },
    pages::{LARGEST_PAGE, whole},
    ranked,
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

type Row = cut::Row<CompositeRow>;

/// One node of the tree, perhaps with what a municipality has there.
struct Node {
    node: CompositeNode,
    /// How many steps below the root.
    depth: usize,
    found: Option<CompositeNodeScore>,
}

fn columns() -> Vec<Column<Row>> {
    let mut columns: Vec<Column<Row>> = ranked::region().into();
    columns.extend(ranked::standing());
    columns.extend([
        Column::new("score", headings::SCORE, |row: &Row, _| {
            Cell::number(Some(row.row.score), row.ranking.decimals)
        }),
        Column::new("coverage", headings::COVERAGE, |row, _| {
            Cell::Share(row.row.coverage)
        }),
        Column::tsv_only("basis", |row, language| Cell::word(row.ranking.basis(), language)),
        Column::tsv_only("period", |row, _| Cell::text(&row.ranking.period)),
        Column::tsv_only("asked", |row, _| Cell::flag(row.asked)),
    ]);
    columns
}

fn name(node: &Node, language: Language) -> &str {
    let name = language.of(node.node.name.as_ref());
    match name {
        "" if node.depth == 0 => language.say(headings::WHOLE),
        "" => language.say(headings::MEAN),
        name => name,
    }
}

fn columns_of_nodes() -> Vec<Column<Node>> {
    vec![
        Column::new("node", headings::PART, |node: &Node, language| {
            Cell::text(format!("{}{}", "· ".repeat(node.depth), name(node, language)))
        }),
        Column::new("share", headings::SHARE_OF_WEIGHT, |node, _| match &node.found {
            None => Cell::Share(node.node.share),
            Some(found) => found.share.map_or(Cell::Absent, Cell::Share),
        }),
        Column::new("score", headings::SCORE, |node, _| {
            Cell::number(node.found.and_then(|found| found.score), 2)
        }),
        Column::new("coverage", headings::COVERAGE, |node, _| {
            node.found
                .map_or(Cell::Absent, |found| Cell::Share(found.coverage))
        }),
        Column::new(
            "leaf_status",
            headings::FIGURES,
            |node: &Node, language| match node.node.leaf_status() {
                LeafStatus::Ranked => Cell::text(ranked::figures(&without_unit(&node.node), language)),
                status => Cell::word(status, language),
            },
        )
        .shown(Show::Filled),
    ]
}

/// A unit says nothing of a grade.
fn without_unit(node: &CompositeNode) -> RankingSummary {
    RankingSummary {
        unit: None,
        ..node.ranking.clone().unwrap_or_default()
    }
}

pub(super) async fn ask(session: &mut Session, arguments: &Composite) -> Result<Answer, Failure> {
    let composite = session.composite(&arguments.tree).await?;
    let group = match &arguments.within {
        Some(typed) => Some(session.group(typed).await?),
        None => None,
    };
    let period = arguments.figures.period();
    let around = match &arguments.rows.around {
        Some(words) => Some(session.region_in(&words.join(" "), &period).await?),
        None => None,
    };
    let mut breakdown_region_codes = Vec::new();
    for typed in &arguments.breakdowns {
        breakdown_region_codes.push(session.region_in(typed, &period).await?.code);
    }
    let request = RankCompositeRequest {
        edition: session.edition(),
        composite: Some(composite),
        basis: arguments.figures.basis().into(),
        period,
        group_id: group.as_ref().map(|group| group.id.clone()).unwrap_or_default(),
        breakdown_region_codes,
        universe_id: arguments.figures.universe.clone(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let mut response = whole(session.client.rank_composite_pages(request)).await?;
    session.stay_with(response.metadata.as_ref());
    let language = session.language;
    let no_figures = |about: &str| Failure::NoFigures {
        about: about.to_owned(),
    };
    if response.rows.is_empty() {
        let group = group.and_then(|group| group.name);
        return Err(no_figures(language.of(group.as_ref())));
    }
    let Some(kept) = Cut::of(&arguments.rows, around.as_ref()).keep(&response.rows) else {
        return Err(no_figures(&around.unwrap_or_default().name));
    };
    response.rows = kept.rows;
    let around = around.as_ref().map(|region| region.code.as_str());
    Ok(answer(
        &response,
        (group.as_ref(), around),
        &kept.shared,
        language,
    ))
}

fn answer(
    response: &RankCompositeResponse,
    (within, around): (Option<&GroupRef>, Option<&str>),
    shared: &[(u32, usize)],
    language: Language,
) -> Answer {
    let summary = response.summary.clone().unwrap_or_default();
    let ranking = ranking_of(&summary);
    let rows = Row::all(&response.rows, &ranking, around);
    let sheet = Sheet::of(&rows, &columns(), language).marked(&rows, |row| row.asked);
    let shared = shared.iter();
    let mut remarks: Vec<String> = shared
        .map(|(position, count)| sentences::share_position(language, *position, *count))
        .collect();
    let missing = summary.below_coverage + summary.without_figures();
    remarks.extend([
        ranked::legend(rows.iter(), language).to_owned(),
        sentences::not_ranked(language, missing),
    ]);
    let mut below = vec![Part::sentences(remarks)];
    below.extend(tree(response, None, language));
    for found in &response.breakdowns {
        below.extend(tree(response, Some(found), language));
    }
    below.push(Part::sentences([left_out(response, language)]));
    Answer::new("RankCompositeResponse", response, sheet)
        .titled(title(&summary, within, language))
        .below(below)
        .quoting(response.metadata.as_ref())
        .among([summary.n])
}

/// What a row's columns are filled from.
pub(super) fn ranking_of(summary: &CompositeSummary) -> RankingSummary {
    RankingSummary {
        basis: summary.basis,
        period: summary.period.clone(),
        n: summary.n,
        known: summary.n,
        grade_method: summary.grade_method,
        decimals: summary.decimals,
        ..Default::default()
    }
}

/// The nodes of the tree, or what a municipality has at each of them.
fn tree(response: &RankCompositeResponse, of: Option<&CompositeBreakdown>, language: Language) -> [Part; 2] {
    let mut depths: Vec<usize> = Vec::new();
    for node in &response.nodes {
        let above = node.parent.and_then(|parent| depths.get(parent as usize));
        depths.push(above.map_or(0, |depth| depth + 1));
    }
    let nodes = response.nodes.iter().zip(depths).enumerate();
    let nodes: Vec<Node> = nodes
        .map(|(place, (node, depth))| Node {
            node: match of {
                None => node.clone(),
                // Which figures they are is said with the tree.
                Some(_) => CompositeNode {
                    leaf_status: 0,
                    ranking: None,
                    ..node.clone()
                },
            },
            depth,
            found: of.and_then(|of| of.scores.get(place).copied()),
        })
        .collect();
    let (text, word, tone) = match of {
        None => (language.say(headings::TREE).to_owned(), "", Tone::Plain),
        Some(of) => {
            let region = of.region.clone().unwrap_or_default();
            let name = [region.name, region.code]
                .into_iter()
                .find(|name| !name.is_empty());
            let status = of.status();
            (
                name.unwrap_or_default(),
                language.say(status.shown()),
                status.tone(),
            )
        }
    };
    let heading = Part::Heading { text, word, tone };
    let nodes = if of.is_some_and(|of| of.scores.is_empty()) {
        Vec::new()
    } else {
        nodes
    };
    [
        heading,
        Part::Sheet(Sheet::of(&nodes, &columns_of_nodes(), language)),
    ]
}

/// The indicators of blocks and themes that do not count, each with the reason; empty for none.
fn left_out(response: &RankCompositeResponse, language: Language) -> String {
    let named = response.left_out.iter().map(|found| {
        let indicator = found.indicator.clone().unwrap_or_default();
        let name = language.of(indicator.name.as_ref());
        format!("{name} ({})", language.say(found.reason().shown()))
    });
    sentences::not_counted(language, &named.collect::<Vec<_>>())
}

/// `Mean of your own choice: computed, 2022, arithmetic – members of Old towns`.
pub(super) fn title(summary: &CompositeSummary, within: Option<&GroupRef>, language: Language) -> String {
    let members = within
        .map(|group| sentences::members_of(language, language.of(group.name.as_ref())))
        .unwrap_or_default();
    let title = language.say(Phrase::new("Eigen samenstelling", "Mean of your own choice"));
    let title = ranked::title(title.to_owned(), &ranking_of(summary), language);
    let among = match summary.universe_id.as_str() {
        // Those of the year, or of the report, need no mention.
        universe if universe.starts_with("municipalities_") => String::new(),
        universe => sentences::among_units_of(language, universe),
    };
    format!(
        "{title}, {}{among}{members}",
        language.say(summary.mean().shown())
    )
}
