//! What the report states in words, and the works it cites.

use groeikern::v1;

use super::in_section;
use crate::{
    domain::{Citation, Factor, Finding, Mechanism, Region},
    rpc::{
        Answer, Answers, answer, lookup,
        metadata::Metadata,
        pages::{Page, paged},
        render,
        request::Violations,
    },
    snapshot::Snapshot,
};

paged!(v1::ListFindingsRequest, "ListFindings");
paged!(v1::ListCitationsRequest, "ListCitations");

pub(super) async fn list(
    answers: &Answers,
    request: v1::ListFindingsRequest,
) -> Answer<v1::ListFindingsResponse> {
    let mut violations = Violations::new();
    let page = Page::parse(&request, &mut violations);
    let theme = violations.optional_id("theme_id", &request.theme_id);
    let factor = violations.optional_id("factor_id", &request.factor_id);
    let basis = violations.statement_bases(&request.basis);
    let region = request.region_code.as_str();
    if !region.is_empty() {
        violations.region_code("region_code", region);
    } else if request.include_groups {
        let description =
            "is required with include_groups, such as `GM0034`; without both, all findings are listed";
        violations.add("region_code", description);
    }
    violations.finish()?;

    let edition = page.edition(answers).await?;
    let theme = lookup::optional_theme(&edition, theme)?;
    let factor = lookup::optional_factor(&edition, factor)?;
    let region = match region {
        "" => None,
        code => Some(lookup::present_region(&edition, code)?.1),
    };
    let about = |finding: &Finding, region: &Region| {
        let of_its_group = |group: &String| request.include_groups && region.groups.contains(group);
        finding.regions.contains(&region.code) || finding.group.as_ref().is_some_and(of_its_group)
    };
    let wanted = |finding: &&Finding| {
        theme.is_none_or(|theme| finding.theme == theme.id)
            && region.is_none_or(|region| about(finding, region))
            && factor.is_none_or(|factor| edition.knowledge.bears_on(finding, &factor.id))
            && (basis.is_empty() || basis.iter().any(|basis| finding.basis.contains(basis)))
    };
    let found: Vec<&Finding> = edition.knowledge.findings.iter().filter(wanted).collect();
    let (findings, next_page_token) = page.cut(edition.id(), &found, |finding| finding.id.clone())?;
    let mut metadata = Metadata::of_knowledge(&edition);
    metadata.findings(findings);
    answer(v1::ListFindingsResponse {
        metadata: metadata.finish(),
        findings: findings
            .iter()
            .map(|finding| render::finding(&edition, finding))
            .collect(),
        next_page_token,
    })
}

pub(super) async fn list_citations(
    answers: &Answers,
    request: v1::ListCitationsRequest,
) -> Answer<v1::ListCitationsResponse> {
    let mut violations = Violations::new();
    let page = Page::parse(&request, &mut violations);
    let section = violations.optional_id("section", &request.section);
    let factor = violations.optional_id("factor_id", &request.factor_id);
    let finding = violations.optional_id("finding_id", &request.finding_id);
    violations.finish()?;

    let edition = page.edition(answers).await?;
    let factor = lookup::optional_factor(&edition, factor)?;
    let finding = lookup::optional_finding(&edition, finding)?;
    let knowledge = &edition.knowledge;
    let at_factor = |citation: &Citation, factor: &Factor| {
        let of_factor = |mechanism: &&Mechanism| mechanism.from == factor.id || mechanism.to == factor.id;
        mechanisms_citing(&edition, citation).any(|mechanism| of_factor(&mechanism))
            || findings_citing(&edition, citation)
                .any(|finding| edition.knowledge.bears_on(finding, &factor.id))
    };
    let wanted = |citation: &&Citation| {
        citation.sections.iter().any(|of| in_section(of, section))
            && factor.is_none_or(|factor| at_factor(citation, factor))
            && finding.is_none_or(|finding| finding.citations.contains(&citation.id))
    };
    let found: Vec<&Citation> = knowledge.citations.iter().filter(wanted).collect();
    let (works, next_page_token) = page.cut(edition.id(), &found, |citation| citation.id.clone())?;
    answer(v1::ListCitationsResponse {
        metadata: Metadata::catalogue(&edition),
        works: works.iter().map(|citation| cited(&edition, citation)).collect(),
        next_page_token,
    })
}

/// The mechanisms where the report cites a work, by cause and effect.
fn mechanisms_citing<'a>(
    edition: &'a Snapshot,
    citation: &'a Citation,
) -> impl Iterator<Item = &'a Mechanism> {
    let all = edition.knowledge.mechanisms.iter();
    all.filter(|mechanism| mechanism.citations.contains(&citation.id))
}

/// The findings where it does.
fn findings_citing<'a>(edition: &'a Snapshot, citation: &'a Citation) -> impl Iterator<Item = &'a Finding> {
    let all = edition.knowledge.findings.iter();
    all.filter(|finding| finding.citations.contains(&citation.id))
}

fn cited(edition: &Snapshot, citation: &Citation) -> v1::CitedWork {
    let ends = mechanisms_citing(edition, citation).map(|mechanism| v1::MechanismEnds {
        cause_id: mechanism.from.clone(),
        effect_id: mechanism.to.clone(),
    });
    v1::CitedWork {
        citation: Some(render::citation(citation)),
        mechanisms: ends.collect(),
        finding_ids: findings_citing(edition, citation)
            .map(|finding| finding.id.clone())
            .collect(),
    }
}
