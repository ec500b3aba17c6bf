//! What an edition knows beside figures -> messages: factors, mechanisms, findings, cited works.

use groeikern::v1;

use super::{group_ref, indicator_ref, optional_text, region_ref, text};
use crate::{
    advice::{Direction, FactorRole, MechanismGraph, Path},
    domain::{
        Citation, Factor, Finding, Knowledge, Mechanism, MechanismCertainty, Phase, Programme, StatementBasis,
    },
    method::count,
    snapshot::Snapshot,
};

pub(in crate::rpc) fn factor_ref(factor: &Factor, role: Option<FactorRole>) -> v1::FactorRef {
    v1::FactorRef {
        id: factor.id.clone(),
        name: text(&factor.name),
        role: factor_role(role).into(),
        note: optional_text(factor.note.as_ref()),
    }
}

fn factor_role(role: Option<FactorRole>) -> v1::FactorRole {
    match role {
        None => v1::FactorRole::Unspecified,
        Some(FactorRole::Countered) => v1::FactorRole::Countered,
        Some(FactorRole::Signal) => v1::FactorRole::Signal,
        Some(FactorRole::Downstream) => v1::FactorRole::Downstream,
    }
}

/// A factor by its id, in no role.
pub(in crate::rpc) fn factor_by_id(knowledge: &Knowledge, id: &str) -> Option<v1::FactorRef> {
    Some(factor_ref(knowledge.factor(id)?, None))
}

pub(in crate::rpc) fn factor(snapshot: &Snapshot, graph: &MechanismGraph<'_>, factor: &Factor) -> v1::Factor {
    let programmes = snapshot.knowledge.programmes.iter();
    let bears_on_it = |programme: &&Programme| programme.factor.as_deref() == Some(factor.id.as_str());
    let mechanisms = |direction| count(graph.direct(&factor.id, direction).len());
    v1::Factor {
        id: factor.id.clone(),
        name: text(&factor.name),
        theme_id: factor.theme.clone(),
        indicators: indicators(snapshot, &factor.indicators),
        context_indicators: indicators(snapshot, &factor.context_indicators),
        caveat: optional_text(factor.caveat.as_ref()),
        note: optional_text(factor.note.as_ref()),
        programmes: programmes.filter(bears_on_it).map(programme).collect(),
        causes: mechanisms(Direction::Causes),
        effects: mechanisms(Direction::Effects),
    }
}

fn indicators(snapshot: &Snapshot, ids: &[String]) -> Vec<v1::IndicatorRef> {
    ids.iter()
        .filter_map(|id| indicator_ref(snapshot.indicator(id)?.1))
        .collect()
}

pub(in crate::rpc) fn programme(programme: &Programme) -> v1::Programme {
    v1::Programme {
        id: programme.id.clone(),
        name: text(&programme.name),
        note: optional_text(programme.note.as_ref()),
        section: programme.section.clone().unwrap_or_default(),
        factor_id: programme.factor.clone().unwrap_or_default(),
    }
}

/// A mechanism, with the role that each of its factors has in what is answered.
pub(in crate::rpc) fn mechanism(
    knowledge: &Knowledge,
    mechanism: &Mechanism,
    role: impl Fn(&str) -> Option<FactorRole>,
) -> v1::Mechanism {
    let end = |id: &str| Some(factor_ref(knowledge.factor(id)?, role(id)));
    v1::Mechanism {
        cause: end(&mechanism.from),
        effect: end(&mechanism.to),
        section: mechanism.section.clone(),
        basis: bases(&mechanism.basis),
        certainty: certainty(mechanism.certainty).into(),
        note: optional_text(mechanism.note.as_ref()),
        citations: citations(knowledge, &mechanism.citations),
    }
}

/// Mechanisms that lead into one another, with the role that each factor has in what is answered.
pub(in crate::rpc) fn mechanism_path(
    knowledge: &Knowledge,
    path: &Path<'_>,
    role: impl Fn(&str) -> Option<FactorRole>,
) -> v1::MechanismPath {
    let weakest = path.weakest().map(certainty).unwrap_or_default();
    v1::MechanismPath {
        steps: path
            .0
            .iter()
            .map(|step| mechanism(knowledge, step, &role))
            .collect(),
        weakest_certainty: weakest.into(),
        circle: path.is_circle(),
    }
}

fn bases(bases: &[StatementBasis]) -> Vec<i32> {
    let rendered = bases.iter().map(|basis| match basis {
        StatementBasis::Quantitative => v1::StatementBasis::Quantitative,
        StatementBasis::Literature => v1::StatementBasis::Literature,
        StatementBasis::Interviews => v1::StatementBasis::Interviews,
        StatementBasis::Authors => v1::StatementBasis::Authors,
        StatementBasis::NotGiven => v1::StatementBasis::NotGiven,
    });
    rendered.map(i32::from).collect()
}

fn certainty(certainty: MechanismCertainty) -> v1::MechanismCertainty {
    match certainty {
        MechanismCertainty::Stated => v1::MechanismCertainty::Stated,
        MechanismCertainty::Presumed => v1::MechanismCertainty::Presumed,
        MechanismCertainty::Risk => v1::MechanismCertainty::Risk,
    }
}

pub(in crate::rpc) fn finding(snapshot: &Snapshot, finding: &Finding) -> v1::Finding {
    let knowledge = &snapshot.knowledge;
    let regions = finding.regions.iter();
    let group = finding.group.as_deref().and_then(|id| snapshot.group(id));
    let factors = knowledge.factors_of_finding(finding).into_iter();
    v1::Finding {
        id: finding.id.clone(),
        theme_id: finding.theme.clone(),
        section: finding.section.clone(),
        basis: bases(&finding.basis),
        statement: text(&finding.statement),
        regions: regions
            .filter_map(|code| region_ref(snapshot.region(code)?.1))
            .collect(),
        group: group.and_then(group_ref),
        indicators: indicators(snapshot, &finding.indicators),
        factors: factors.map(|factor| factor_ref(factor, None)).collect(),
        citations: citations(knowledge, &finding.citations),
    }
}

fn citations(knowledge: &Knowledge, ids: &[String]) -> Vec<v1::Citation> {
    ids.iter()
        .filter_map(|id| Some(citation(knowledge.citation(id)?)))
        .collect()
}

pub(in crate::rpc) fn citation(citation: &Citation) -> v1::Citation {
    v1::Citation {
        id: citation.id.clone(),
        author: citation.author.clone(),
        year: citation.year,
        title: citation.title.clone(),
        sections: citation.sections.clone(),
        publisher: citation.publisher.clone().unwrap_or_default(),
    }
}

pub(in crate::rpc) fn phase(phase: &Phase) -> v1::Phase {
    v1::Phase {
        id: phase.id.clone(),
        section: phase.section.clone(),
        name: text(&phase.name),
        from_year: phase.from_year,
        to_year: phase.to_year,
    }
}
