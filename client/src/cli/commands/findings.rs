//! `findings`: what the report states in words.

use groeikern_client::v1::{Finding, ListFindingsRequest, ListFindingsResponse};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::Answer,
    arguments::Findings,
    exit::Failure,
    language::{Language, headings, knowledge},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet},
    statements::{citation_ids, cited, rests_on, stable_basis},
    themes::Themes,
};

const COLUMNS: [Column<Finding>; 13] = [
    Column::tsv_only("finding_id", |finding: &Finding, _| Cell::text(&finding.id)),
    Column::tsv_only("theme_id", |finding, _| Cell::text(&finding.theme_id)),
    Column::new("finding", knowledge::FINDING, |finding, language| {
        Cell::localized(finding.statement.as_ref(), language)
    }),
    Column::tsv_only("region_codes", |finding, _| {
        let codes: Vec<&str> = finding
            .regions
            .iter()
            .map(|region| region.code.as_str())
            .collect();
        Cell::text(codes.join(BETWEEN_NAMES))
    }),
    Column::tsv_only("group_id", |finding, _| {
        Cell::text(finding.group.as_ref().map_or("", |group| group.id.as_str()))
    }),
    Column::new("about", knowledge::ABOUT, |finding, language| {
        let group = finding.group.as_ref();
        let regions = finding.regions.iter().map(|region| region.name.as_str());
        let group = group.map(|group| language.of(group.name.as_ref()));
        Cell::text(regions.chain(group).collect::<Vec<_>>().join(BETWEEN_NAMES))
    }),
    Column::tsv_only("indicator_ids", |finding, _| {
        let ids = finding.indicators.iter().map(|indicator| indicator.id.as_str());
        Cell::text(ids.collect::<Vec<_>>().join(BETWEEN_NAMES))
    }),
    Column::tsv_only("factor_ids", |finding, _| {
        let ids = finding.factors.iter().map(|factor| factor.id.as_str());
        Cell::text(ids.collect::<Vec<_>>().join(BETWEEN_NAMES))
    }),
    Column::new("section", headings::SECTION, |finding, _| {
        Cell::text(&finding.section)
    }),
    Column::tsv_only("basis", |finding, _| stable_basis(finding.basis())),
    Column::table_only(knowledge::RESTS_ON, |finding, language| {
        Cell::text(rests_on(finding.basis(), language))
    }),
    Column::tsv_only("citation_ids", |finding, _| citation_ids(&finding.citations)),
    Column::new("cites", knowledge::CITES, |finding, _| {
        Cell::text(cited(&finding.citations))
    }),
];

/// Findings as rows.
pub(super) fn sheet(findings: &[Finding], language: Language) -> Sheet {
    Sheet::of(findings, &COLUMNS, language)
}

pub(super) async fn ask(session: &mut Session, arguments: &Findings) -> Result<Answer, Failure> {
    let themes = session.themes().await?;
    let theme_id = match &arguments.theme {
        None => String::new(),
        Some(typed) => session.theme(typed, &themes).await?,
    };
    let region_code = match arguments.region.join(" ").as_str() {
        "" => String::new(),
        typed => session.region(typed).await?.code,
    };
    let request = ListFindingsRequest {
        theme_id,
        region_code,
        include_groups: arguments.groups,
        factor_id: session.optional_factor(&arguments.factor).await?,
        basis: arguments.of.basis(),
        page_size: LARGEST_PAGE,
        edition: session.edition(),
        ..Default::default()
    };
    let response = whole(session.client.list_findings_pages(request)).await?;
    Ok(answer(&response, &themes, session.language))
}

/// Findings stand under their theme, within it as the edition lists them.
fn answer(response: &ListFindingsResponse, themes: &Themes, language: Language) -> Answer {
    let mut findings: Vec<Finding> = response.findings.clone();
    let order: Vec<&str> = themes.ids().collect();
    findings.sort_by_key(|finding| order.iter().position(|id| *id == finding.theme_id));
    let titles = |finding: &Finding| themes.place(&finding.theme_id, "").titles(language);
    let sheet = sheet(&findings, language).titled(&findings, titles);
    Answer::new("ListFindingsResponse", response, sheet).quoting(response.metadata.as_ref())
}
