//! What is at work: the factors, and what leads to one and comes of it.

use groeikern::v1;

use crate::{
    advice::{Direction, MechanismGraph},
    domain::{Factor, Finding},
    method::count,
    rpc::{
        Answer, Answers, answer, lookup,
        metadata::Metadata,
        pages::{Page, paged},
        render,
        request::Violations,
    },
    snapshot::Snapshot,
};

paged!(v1::ListFactorsRequest, "ListFactors");

pub(super) async fn list(
    answers: &Answers,
    request: v1::ListFactorsRequest,
) -> Answer<v1::ListFactorsResponse> {
    let mut violations = Violations::new();
    let page = Page::parse(&request, &mut violations);
    let theme = violations.optional_id("theme_id", &request.theme_id);
    violations.finish()?;

    let edition = page.edition(answers).await?;
    let theme = lookup::optional_theme(&edition, theme)?;
    let of_themes = edition.themes.iter().flat_map(|of| {
        let factors = edition.knowledge.factors.iter();
        factors.filter(move |factor| factor.theme == of.id)
    });
    let found: Vec<&Factor> = of_themes
        .filter(|factor| theme.is_none_or(|theme| factor.theme == theme.id))
        .collect();
    let (factors, next_page_token) = page.cut(edition.id(), &found, |factor| factor.id.clone())?;
    let graph = MechanismGraph::of(&edition.knowledge.mechanisms);
    answer(v1::ListFactorsResponse {
        metadata: Metadata::catalogue(&edition),
        factors: factors
            .iter()
            .map(|factor| render::factor(&edition, &graph, factor))
            .collect(),
        next_page_token,
    })
}

pub(super) async fn get(answers: &Answers, request: v1::GetFactorRequest) -> Answer<v1::GetFactorResponse> {
    let mut violations = Violations::new();
    let id = violations.required("factor_id", &request.factor_id, 100, "weak_image");
    violations.finish()?;

    let edition = answers.edition(&request.edition).await?;
    let factor = lookup::factor(&edition, id)?;
    answer(one(&edition, factor))
}

fn one(edition: &Snapshot, factor: &Factor) -> v1::GetFactorResponse {
    let knowledge = &edition.knowledge;
    let graph = MechanismGraph::of(&knowledge.mechanisms);
    let direct = |direction| {
        let edges = graph.direct(&factor.id, direction).into_iter();
        let rendered = edges.map(|edge| render::mechanism(knowledge, edge, |_| None));
        rendered.collect::<Vec<_>>()
    };
    let reach = |direction| {
        let others = graph.reach(&factor.id, direction).into_iter();
        let rendered = others.map(|(id, steps)| v1::FactorAtDistance {
            factor: render::factor_by_id(knowledge, id),
            steps: count(steps),
        });
        rendered.collect::<Vec<_>>()
    };
    let on_it = |finding: &&Finding| knowledge.bears_on(finding, &factor.id);
    let findings: Vec<&Finding> = knowledge.findings.iter().filter(on_it).collect();
    let (upstream, downstream) = (reach(Direction::Causes), reach(Direction::Effects));
    let mut metadata = Metadata::of_knowledge(edition);
    if upstream.iter().chain(&downstream).any(|other| other.steps > 1) {
        metadata.joined_mechanisms();
    }
    metadata.findings(&findings);
    v1::GetFactorResponse {
        metadata: metadata.finish(),
        factor: Some(render::factor(edition, &graph, factor)),
        causes: direct(Direction::Causes),
        effects: direct(Direction::Effects),
        upstream,
        downstream,
        findings: findings
            .into_iter()
            .map(|finding| render::finding(edition, finding))
            .collect(),
    }
}
