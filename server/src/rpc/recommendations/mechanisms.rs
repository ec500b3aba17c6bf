//! Why: the mechanisms, and how they join into paths and circles.

use groeikern::v1;

use super::in_section;
use crate::{
    advice::{Bounds, MechanismGraph},
    domain::{Factor, Mechanism},
    method::count,
    rpc::{
        Answer, Answers, answer, lookup,
        metadata::Metadata,
        pages::{Page, paged},
        render,
        request::Violations,
    },
};

/// Steps of the longest path when a request does not say.
const DEFAULT_LONGEST: usize = 4;
/// Steps of the longest circle then, and of the longest that a request may ask for.
const MOST_LONGEST: usize = 8;
/// Paths in one answer at most.
const MOST_PATHS: usize = 200;

paged!(v1::ListMechanismsRequest, "ListMechanisms");

pub(super) async fn list(
    answers: &Answers,
    request: v1::ListMechanismsRequest,
) -> Answer<v1::ListMechanismsResponse> {
    let mut violations = Violations::new();
    let page = Page::parse(&request, &mut violations);
    let factor = violations.optional_id("factor_id", &request.factor_id);
    let section = violations.optional_id("section", &request.section);
    let filter = violations.mechanism_filter(&request.basis, &request.certainty);
    let side = v1::FactorSide::try_from(request.side);
    match side {
        Err(_) => {
            let description = format!("{} is not a side this contract knows", request.side);
            violations.add("side", description);
        }
        Ok(side) if side != v1::FactorSide::Unspecified && factor.is_empty() => {
            violations.add("factor_id", "is required with side, such as `weak_image`");
        }
        Ok(_) => {}
    }
    violations.finish()?;

    let edition = page.edition(answers).await?;
    let factor = lookup::optional_factor(&edition, factor)?;
    let (as_cause, as_effect) = match side.unwrap_or_default() {
        v1::FactorSide::Unspecified => (true, true),
        v1::FactorSide::Cause => (true, false),
        v1::FactorSide::Effect => (false, true),
    };
    let of_factor = |mechanism: &Mechanism, factor: &Factor| {
        as_cause && mechanism.from == factor.id || as_effect && mechanism.to == factor.id
    };
    let wanted = |mechanism: &&Mechanism| {
        factor.is_none_or(|factor| of_factor(mechanism, factor))
            && filter.allows(mechanism)
            && in_section(&mechanism.section, section)
    };
    let found: Vec<&Mechanism> = edition.knowledge.mechanisms.iter().filter(wanted).collect();
    let key = |mechanism: &&Mechanism| format!("{}->{}", mechanism.from, mechanism.to);
    let (mechanisms, next_page_token) = page.cut(edition.id(), &found, key)?;
    answer(v1::ListMechanismsResponse {
        metadata: Metadata::catalogue(&edition),
        mechanisms: mechanisms
            .iter()
            .map(|mechanism| render::mechanism(&edition.knowledge, mechanism, |_| None))
            .collect(),
        next_page_token,
    })
}

pub(super) async fn find_paths(
    answers: &Answers,
    request: v1::FindMechanismPathsRequest,
) -> Answer<v1::FindMechanismPathsResponse> {
    let mut violations = Violations::new();
    let from = violations.optional_id("from_factor_id", &request.from_factor_id);
    let to = violations.optional_id("to_factor_id", &request.to_factor_id);
    let circles = request.circles_only || !from.is_empty() && from == to;
    let default = if circles { MOST_LONGEST } else { DEFAULT_LONGEST };
    let longest = violations.steps("longest", request.longest, default, MOST_LONGEST);
    let filter = violations.mechanism_filter(&request.basis, &request.certainty);
    match (from, to) {
        ("", "") if !request.circles_only => violations.add(
            "from_factor_id",
            "is required, such as `weak_image`, or else to_factor_id, or circles_only for all vicious circles",
        ),
        (from, to) if request.circles_only && from != to && !from.is_empty() && !to.is_empty() => violations.add(
            "to_factor_id",
            "leave either this or from_factor_id empty with circles_only: a circle ends where it begins",
        ),
        _ => {}
    }
    violations.finish()?;

    let edition = answers.edition(&request.edition).await?;
    let mut violations = Violations::new();
    let mut known = |field: &str, id| {
        let found = lookup::optional_factor(&edition, id);
        found.unwrap_or_else(|failure| {
            violations.failure(field, &failure);
            None
        })
    };
    let (from, to) = (known("from_factor_id", from), known("to_factor_id", to));
    violations.finish()?;
    let mechanisms = &edition.knowledge.mechanisms;
    let graph = MechanismGraph::of(mechanisms.iter().filter(|mechanism| filter.allows(mechanism)));
    let bounds = Bounds {
        longest,
        most: MOST_PATHS,
    };
    let is = |factor: Option<&Factor>, id: &str| factor.is_none_or(|factor| factor.id == id);
    let found = if circles {
        graph.circles(from.or(to).map(|factor| factor.id.as_str()), bounds)
    } else {
        graph.paths(|id| is(from, id), |id| is(to, id), bounds)
    };
    let mut metadata = Metadata::of_knowledge(&edition);
    if found.paths.iter().any(|path| path.0.len() > 1) {
        metadata.joined_mechanisms();
    }
    answer(v1::FindMechanismPathsResponse {
        metadata: metadata.finish(),
        paths: found
            .paths
            .iter()
            .map(|path| render::mechanism_path(&edition.knowledge, path, |_| None))
            .collect(),
        truncated: found.truncated,
        longest: count(longest),
    })
}
