//! What follows the table: the themes, then per recommendation why the figures point to it, or why not.

use groeikern_client::v1::{
    Advice, Basis, ContextFigure, Evidence, Finding, ItemStatus, MechanismPath, RankingSummary,
    RecommendResponse, RecommendationClass, Standing, Strength, ThemeSeverity, TriggerOutcome,
};

use super::DECIMALS;
use crate::cli::{
    answer::Part,
    commands::BETWEEN_NAMES,
    language::{
        Language, Phrase,
        advice::{left_out, need_around},
        headings, neighbourhoods, sentences,
        words::{Tone, Word},
    },
    ranked,
    sheet::{Cell, Column, Sheet, Show},
    statements::{factor, grounds},
};

/// Rows of evidence in a section: those that contribute most to the need. The rest is counted.
const MOST_FIGURES: usize = 8;
/// Figures named with a recommendation that is not indicated, or on which there is too little to say.
const FEW: usize = 3;

/// What was left out, the themes as the breadth trigger sees them, what is good, then a section per recommendation in the order
/// of the table.
pub(super) fn of(response: &RecommendResponse, language: Language) -> Vec<Part> {
    let mut parts = vec![Part::Sentence(left_out(language, response.left_out))];
    if !response.themes.is_empty() {
        let text = sentences::themes_on_average(language).to_owned();
        parts.push(Part::Heading {
            text,
            word: "",
            tone: Tone::Plain,
        });
        parts.push(Part::Sheet(Sheet::of(&response.themes, &THEMES, language)));
    }
    strengths(&mut parts, response, language);
    for advice in &response.advice {
        section(&mut parts, advice, language);
    }
    parts
}

/// What the report calls good, and the most favourable figures; the rest is counted.
fn strengths(parts: &mut Vec<Part>, response: &RecommendResponse, language: Language) {
    let strengths = &response.strengths;
    let (shown, rest) = strengths.split_at(strengths.len().min(MOST_FIGURES));
    if shown.is_empty() && response.strength_findings.is_empty() {
        return;
    }
    parts.push(Part::Heading {
        text: language.say(headings::STRENGTHS).to_owned(),
        word: "",
        tone: Tone::Plain,
    });
    if !shown.is_empty() {
        parts.push(Part::Sheet(Sheet::of(shown, &STRENGTHS, language)));
    }
    if !rest.is_empty() {
        parts.push(Part::Sentence(sentences::and_more(language, rest.len())));
    }
    parts.push(Part::Sentence(findings(&response.strength_findings, language)));
}

/// Findings of the report, a line each, with their section.
fn findings(findings: &[Finding], language: Language) -> String {
    lines(findings, |finding| {
        let section = sentences::section(language, &finding.section);
        format!("{} ({section})", language.of(finding.statement.as_ref()))
    })
}

const STRENGTHS: [Column<Strength>; 4] = [
    Column::new(
        "indicator",
        headings::INDICATOR,
        |strength: &Strength, language| Cell::text(name(strength.ranking.as_ref(), language)),
    ),
    Column::new("position", headings::POSITION, |strength, _| {
        place(strength.ranking.as_ref(), strength.standing.as_ref())
    }),
    Column::new("verdict", headings::VERDICT, |strength, language| {
        let standing = strength.standing.as_ref();
        standing.map_or(Cell::Absent, |standing| Cell::word(standing.verdict(), language))
    }),
    Column::new("basis", headings::BASIS, |strength, language| {
        let ranking = strength.ranking.as_ref();
        ranking.map_or(Cell::Absent, |ranking| {
            Cell::text(ranked::basis(ranking, language))
        })
    }),
];

/// `8.2.6`: the section of the report and the number within it.
pub(super) fn number(advice: &Advice) -> String {
    let recommendation = advice.recommendation.as_ref();
    recommendation
        .map(|recommendation| format!("{}.{}", recommendation.section, recommendation.number))
        .unwrap_or_default()
}

pub(super) fn title(advice: &Advice, language: Language) -> &str {
    language.of(advice
        .recommendation
        .as_ref()
        .and_then(|recommendation| recommendation.title.as_ref()))
}

pub(super) const THEMES: [Column<ThemeSeverity>; 4] = [
    Column::new("theme", headings::THEME, |theme, language| {
        Cell::localized(theme.name.as_ref(), language)
    }),
    Column::new("severity", headings::SEVERITY, |theme, _| {
        Cell::number(theme.severity, DECIMALS)
    }),
    Column::new("indicators", headings::INDICATORS, |theme, _| {
        Cell::Integer(theme.indicators.into())
    }),
    Column::new("outcome", headings::VERDICT, |theme, language| {
        let (phrase, tone) = match theme {
            ThemeSeverity { indicators: 0, .. } => (ItemStatus::NoData.shown(), Tone::Faint),
            ThemeSeverity {
                unfavourable: true, ..
            } => (Phrase::new("ongunstig", "unfavourable"), Tone::Bad),
            ThemeSeverity { thin: true, .. } => (
                Phrase::new("te weinig indicatoren", "too few indicators"),
                Tone::Faint,
            ),
            _ => (Phrase::new("niet ongunstig", "not unfavourable"), Tone::Plain),
        };
        Cell::Word {
            stable: String::new(),
            shown: language.say(phrase),
            tone,
        }
    }),
];

const FIGURES: [Column<Evidence>; 6] = [
    Column::new("indicator", headings::EVIDENCE, |evidence, language| {
        Cell::text(name(evidence.ranking.as_ref(), language))
    }),
    Column::new("position", headings::POSITION, |evidence, _| {
        place(evidence.ranking.as_ref(), evidence.standing.as_ref())
    }),
    Column::new("verdict", headings::VERDICT, |evidence, language| {
        evidence
            .standing
            .as_ref()
            .map_or(Cell::Absent, |standing| Cell::word(standing.verdict(), language))
    }),
    Column::new("severity", headings::SEVERITY, |evidence, _| {
        Cell::number(Some(evidence.severity), DECIMALS)
    }),
    Column::new("share", headings::SHARE_OF_NEED, |evidence, _| {
        Cell::Share(evidence.share)
    }),
    Column::new("basis", headings::BASIS, |evidence: &Evidence, language| {
        evidence
            .ranking
            .as_ref()
            .map_or(Cell::Absent, |ranking| Cell::word(ranking.basis(), language))
    })
    .shown(Show::Varied),
];

fn place(ranking: Option<&RankingSummary>, standing: Option<&Standing>) -> Cell {
    let shared = standing.is_some_and(|standing| standing.ties > 1);
    Cell::place(standing, ranking.map_or(0, |ranking| ranking.n), shared)
}

fn name(ranking: Option<&RankingSummary>, language: Language) -> &str {
    let indicator = ranking.and_then(|ranking| ranking.indicator.as_ref());
    language.of(indicator.and_then(|indicator| indicator.name.as_ref()))
}

fn section(parts: &mut Vec<Part>, advice: &Advice, language: Language) {
    let class = advice.recommendation_class();
    parts.push(Part::Heading {
        text: format!("{} {}", number(advice), title(advice, language)),
        word: language.say(class.shown()),
        tone: class.tone(),
    });
    let indicated = !matches!(
        class,
        RecommendationClass::NotIndicated | RecommendationClass::InsufficientData
    );
    parts.push(Part::Facts(if indicated {
        what(advice, language)
    } else {
        in_short(advice, language)
    }));
    if indicated {
        let (shown, rest) = advice.evidence.split_at(advice.evidence.len().min(MOST_FIGURES));
        if !shown.is_empty() {
            parts.push(Part::Inset(
                Sheet::of(shown, &FIGURES, language)
                    .noted(shown, |evidence| vec![stands_in(evidence, language)]),
                more_evidence(rest, language),
            ));
        }
        parts.push(Part::Facts(why(advice, language)));
    }
}

/// The indicator behind evidence that is a proxy.
fn stands_in(evidence: &Evidence, language: Language) -> String {
    let ranking = evidence.ranking.as_ref();
    ranking
        .filter(|ranking| ranking.basis() == Basis::Proxy)
        .map(|ranking| ranked::basis(ranking, language))
        .unwrap_or_default()
}

fn more_evidence(rest: &[Evidence], language: Language) -> String {
    match rest {
        [] => String::new(),
        rest => {
            let share = rest.iter().map(|evidence| evidence.share).sum();
            sentences::and_more_evidence(language, rest.len(), share)
        }
    }
}

fn what(advice: &Advice, language: Language) -> Vec<(Phrase, String)> {
    let summary = advice
        .recommendation
        .as_ref()
        .and_then(|recommendation| recommendation.summary.as_ref());
    vec![(headings::SUMMARY, language.of(summary).to_owned())]
}

/// What the figures do not say, what they say against it, and how the report argues.
fn why(advice: &Advice, language: Language) -> Vec<(Phrase, String)> {
    vec![
        (
            headings::AGAINST,
            figures(&advice.counter_evidence, usize::MAX, language),
        ),
        (headings::CONTEXT, context(&advice.context, language)),
        (headings::FINDINGS, findings(&advice.findings, language)),
        (headings::WITHOUT_DATA, without_data(advice, language)),
        (headings::UNMEASURED, unmeasured(advice, language)),
        (
            headings::MECHANISMS,
            mechanisms(&advice.mechanism_paths, language),
        ),
        (
            headings::TRIGGERS,
            lines(&advice.triggers, |trigger| outcome(trigger, language)),
        ),
        (headings::PEERS, peers(advice, language)),
        (headings::AROUND, around(advice, language)),
        (headings::REMARKS, remarks(advice, language)),
    ]
}

/// Of a recommendation that is not indicated, or on which there is too little to say.
fn in_short(advice: &Advice, language: Language) -> Vec<(Phrase, String)> {
    vec![
        (headings::EVIDENCE, figures(&advice.evidence, FEW, language)),
        (
            headings::AGAINST,
            figures(&advice.counter_evidence, FEW, language),
        ),
        (headings::WITHOUT_DATA, without_data(advice, language)),
        (headings::UNMEASURED, unmeasured(advice, language)),
        (
            headings::TRIGGERS,
            lines(&advice.triggers, |trigger| outcome(trigger, language)),
        ),
    ]
}

/// `Little theft 12 / 337; Greenery 8 / 337; and 2 more`.
fn figures(evidence: &[Evidence], most: usize, language: Language) -> String {
    let shown = evidence.iter().take(most);
    let mut named: Vec<String> = shown
        .map(|evidence| figure(evidence.ranking.as_ref(), evidence.standing.as_ref(), language))
        .collect();
    if let Some(more) = evidence.len().checked_sub(most).filter(|more| *more > 0) {
        named.push(sentences::and_more(language, more));
    }
    named.join(BETWEEN_NAMES)
}

/// Neutral figures: `Commuting distance 32 / 337 (very high)`.
fn context(figures: &[ContextFigure], language: Language) -> String {
    let named = figures.iter().map(|context| {
        let verdict = context
            .standing
            .as_ref()
            .map(Standing::verdict)
            .unwrap_or_default();
        let figure = figure(context.ranking.as_ref(), context.standing.as_ref(), language);
        format!("{figure} ({})", language.say(verdict.shown()))
    });
    let mut named: Vec<String> = named.collect();
    // One that belongs to several factors is said once.
    let mut said = std::collections::HashSet::new();
    named.retain(|figure| said.insert(figure.clone()));
    named.join(BETWEEN_NAMES)
}

fn figure(ranking: Option<&RankingSummary>, standing: Option<&Standing>, language: Language) -> String {
    let position = standing.map_or(0, |standing| standing.position);
    let n = ranking.map_or(0, |ranking| ranking.n);
    // A figure that stands in is marked as one wherever it is quoted.
    let proxy = ranking
        .filter(|ranking| ranking.basis() == Basis::Proxy)
        .map(|ranking| format!(", {}", ranked::basis(ranking, language)))
        .unwrap_or_default();
    format!("{} {position} / {n}{proxy}", name(ranking, language))
}

/// What to say whenever one of these factors is used.
fn remarks(advice: &Advice, language: Language) -> String {
    let with_remark = advice.factors.iter().filter(|score| score.caveat.is_some());
    let remarks = with_remark.map(|score| {
        format!(
            "{}: {}",
            factor(score.factor.as_ref(), language),
            language.of(score.caveat.as_ref())
        )
    });
    remarks.collect::<Vec<_>>().join("\n")
}

fn without_data(advice: &Advice, language: Language) -> String {
    let names = advice
        .indicators_without_data
        .iter()
        .map(|indicator| language.of(indicator.name.as_ref()));
    names.collect::<Vec<_>>().join(BETWEEN_NAMES)
}

fn unmeasured(advice: &Advice, language: Language) -> String {
    let names = advice
        .unmeasured_factors
        .iter()
        .map(|factor| language.of(factor.name.as_ref()));
    names.collect::<Vec<_>>().join(BETWEEN_NAMES)
}

fn lines<T>(items: &[T], line: impl Fn(&T) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Under every cause its effects: `→ B (section 2.2; literature, interviews; stated)`. A path of several steps goes on on
/// its line.
fn mechanisms(paths: &[MechanismPath], language: Language) -> String {
    let mut causes: Vec<(&str, Vec<String>)> = Vec::new();
    for path in paths {
        let Some(first) = path.steps.first() else { continue };
        let cause = factor(first.cause.as_ref(), language);
        let steps: Vec<String> = path
            .steps
            .iter()
            .map(|step| {
                format!(
                    "→ {} ({})",
                    factor(step.effect.as_ref(), language),
                    grounds(step, language)
                )
            })
            .collect();
        match causes.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, effects)) => effects.push(steps.join(" ")),
            None => causes.push((cause, vec![steps.join(" ")])),
        }
    }
    lines(&causes, |(cause, effects)| {
        format!("{cause}\n{}", effects.join("\n"))
    })
}

fn outcome(trigger: &TriggerOutcome, language: Language) -> String {
    let name = language.of(trigger.name.as_ref());
    let mut text = format!("{name}: {}", language.say(trigger.state().shown()));
    if let Some(found) = &trigger.masking {
        let masked = found
            .indicators
            .iter()
            .map(|of| neighbourhoods::masked_on(language, of));
        text += &format!(" ({})", masked.collect::<Vec<_>>().join("; "));
    }
    let least = language.say(trigger.least_class().shown());
    if !least.is_empty() {
        text = format!("{text}, {}", sentences::raises_to(language, least));
    }
    text
}

fn peers(advice: &Advice, language: Language) -> String {
    let Some(peers) = &advice.peer_need else {
        return String::new();
    };
    let group = language.of(peers.group.as_ref().and_then(|group| group.name.as_ref()));
    sentences::need_among_peers(
        language,
        language.say(peers.recommendation_class().shown()),
        peers.need,
        group,
    )
}

fn around(advice: &Advice, language: Language) -> String {
    let Some(around) = &advice.surroundings_need else {
        return String::new();
    };
    let municipalities = around.regions.as_ref().map_or(0, |set| set.regions.len());
    need_around(
        language,
        (language.say(around.recommendation_class().shown()), around.need),
        municipalities,
    )
}
