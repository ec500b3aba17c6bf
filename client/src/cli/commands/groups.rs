//! `groups`: the groups of municipalities with their members.

use groeikern_client::v1::{Group, ListGroupsRequest, ListGroupsResponse, RegionRef};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::Answer,
    exit::Failure,
    language::{Language, headings},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

const COLUMNS: [Column<Group>; 8] = [
    Column::new("group_id", headings::ID, |group: &Group, _| Cell::text(&group.id)).unbroken(),
    Column::new("group", headings::GROUP, |group, language| {
        Cell::localized(group.name.as_ref(), language)
    }),
    Column::tsv_only("membership_basis", |group, language| {
        Cell::word(group.membership_basis(), language)
    }),
    Column::tsv_only("section", |group, _| Cell::text(&group.section)),
    Column::new("members", headings::MEMBERS, |group, _| {
        Cell::Integer(u64::try_from(group.members.len()).unwrap_or_default())
    }),
    Column::tsv_only("region_codes", |group, _| members(group, |region| &region.code)),
    Column::new("regions", headings::MUNICIPALITIES, |group, _| {
        members(group, |region| &region.name)
    }),
    Column::tsv_only("note", |group, language| {
        Cell::localized(group.note.as_ref(), language)
    }),
];

fn members(group: &Group, part: fn(&RegionRef) -> &str) -> Cell {
    let parts: Vec<&str> = group
        .members
        .iter()
        .filter_map(|member| member.region.as_ref())
        .map(part)
        .collect();
    Cell::text(parts.join(BETWEEN_NAMES))
}

pub(super) async fn ask(session: &mut Session) -> Result<Answer, Failure> {
    let request = ListGroupsRequest {
        edition: session.edition(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.list_groups_pages(request)).await?;
    Ok(answer(&response, session.language))
}

fn answer(response: &ListGroupsResponse, language: Language) -> Answer {
    let sheet = Sheet::of(&response.groups, &COLUMNS, language);
    Answer::new("ListGroupsResponse", response, sheet).quoting(response.metadata.as_ref())
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{GroupMember, LocalizedText, MembershipBasis};

    use super::*;
    use crate::cli::{table, tsv};

    #[test]
    fn members_are_counted_and_named() {
        let member = |code: &str, name: &str| GroupMember {
            region: Some(RegionRef {
                code: code.to_owned(),
                name: name.to_owned(),
            }),
            ..Default::default()
        };
        let response = ListGroupsResponse {
            groups: vec![Group {
                id: "old_suburbs".to_owned(),
                name: Some(LocalizedText {
                    nl: "Oude suburbs".to_owned(),
                    en: "Old suburbs".to_owned(),
                }),
                membership_basis: MembershipBasis::Stated.into(),
                section: "annex 1B".to_owned(),
                note: None,
                members: vec![member("GM0355", "Zeist"), member("GM0362", "Amstelveen")],
            }],
            ..Default::default()
        };
        assert_eq!(
            tsv::write(&answer(&response, Language::En).sheet),
            "group_id\tgroup\tmembership_basis\tsection\tmembers\tregion_codes\tregions\tnote\n\
             old_suburbs\tOld suburbs\tstated\tannex 1B\t2\tGM0355; GM0362\tZeist; Amstelveen\t\n"
        );
        let table = table::plain(&answer(&response, Language::Nl), Language::Nl);
        assert!(
            table.ends_with("old_suburbs  Oude suburbs      2  Zeist; Amstelveen\n"),
            "{table}"
        );
    }
}
