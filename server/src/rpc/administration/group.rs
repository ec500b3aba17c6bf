//! A group that is defined over the wire, as a recipe and a table: what `groeikern-server import` would read from files.

use std::fmt::Write;

use groeikern::v1;
use serde_json::Value;

use super::request;
use crate::{
    administration::{AnnouncedFile, ImportRequest},
    domain::{RegionCode, TakenByOthers, is_date},
    import::{Recipe, problem_of_text},
    rpc::{Failure, request::Violations},
    snapshot::Snapshot,
};

const MOST_MEMBERS: usize = 500;
const LONGEST_ID: usize = 50;
const LONGEST_NAME: usize = 100;
const LONGEST_SOURCE: usize = 200;
const LONGEST_NOTE: usize = 500;
/// What messages call the table of members.
const TABLE: &str = "members.csv";

/// The import that defines a group, and its table; the edition is the one that is served.
pub(super) fn definition(
    asked: &v1::DefineGroupRequest,
    edition: &Snapshot,
) -> Result<(ImportRequest, String), Failure> {
    let mut violations = Violations::new();
    let id = request::id(&mut violations, "request_id", &asked.request_id);
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_id =
        asked.group_id.starts_with(|c: char| c.is_ascii_lowercase()) && asked.group_id.chars().all(plain);
    if !is_id || asked.group_id.len() > LONGEST_ID {
        violations.add(
            "group_id",
            format!("must be lower case letters, digits and underscores, at most {LONGEST_ID}, such as `our_towns`"),
        );
    } else if let Some(problem) = taken_by_others(edition).problem_of(&asked.group_id) {
        violations.add("group_id", problem);
    }
    let name = asked.name.clone().unwrap_or_default();
    violations.required("name.nl", &name.nl, LONGEST_NAME, "Onze steden");
    violations.required("name.en", &name.en, LONGEST_NAME, "Our towns");
    violations.required(
        "source",
        &asked.source,
        LONGEST_SOURCE,
        "municipal council of Almere",
    );
    if let Some(note) = &asked.note {
        violations.required("note.nl", &note.nl, LONGEST_NOTE, "Door de raad gekozen.");
        violations.required("note.en", &note.en, LONGEST_NOTE, "Chosen by the council.");
    }
    let of_note = asked
        .note
        .iter()
        .flat_map(|note| [("note.nl", &note.nl), ("note.en", &note.en)]);
    let texts = [
        ("name.nl", &name.nl),
        ("name.en", &name.en),
        ("source", &asked.source),
    ];
    for (field, text) in texts.into_iter().chain(of_note) {
        if let Some(problem) = problem_of_text(text) {
            violations.add(field, problem);
        }
    }
    if !is_date(&asked.defined) {
        violations.add("defined", "must be a day as YYYY-MM-DD");
    }
    if !(1..=MOST_MEMBERS).contains(&asked.members.len()) {
        violations.add("members", format!("must be 1 to {MOST_MEMBERS} municipalities"));
    }
    for (place, member) in asked.members.iter().enumerate() {
        let field = |name: &str| format!("members[{place}].{name}");
        let is_municipality = RegionCode::parse(&member.region_code).is_ok_and(|code| code.is_municipality());
        if !is_municipality {
            violations.add(
                field("region_code"),
                "must be the code of a municipality, such as `GM0034`",
            );
        }
        let before = &asked.members[..place];
        if before.iter().any(|other| other.region_code == member.region_code) {
            violations.add(
                field("region_code"),
                "is named before: a municipality is a member once",
            );
        }
        for (name, day) in [("valid_from", &member.valid_from), ("valid_to", &member.valid_to)] {
            if !day.is_empty() && !is_date(day) {
                violations.add(field(name), "must be a day as YYYY-MM-DD, or empty");
            }
        }
        let (from, to) = (&member.valid_from, &member.valid_to);
        if !from.is_empty() && !to.is_empty() && from > to {
            violations.add(field("valid_to"), "must not be before valid_from");
        }
    }
    violations.finish()?;
    let recipe = Recipe::of_text(&recipe(asked, &name)).map_err(|error| Failure::import_refused(&error))?;
    let request = ImportRequest {
        id: id.ok_or_else(|| Failure::internal("a violation was lost"))?,
        recipe,
        files: vec![AnnouncedFile {
            name: TABLE.to_owned(),
            ..AnnouncedFile::default()
        }],
        region_names: None,
        retrieved: None,
        source_version: None,
        validate_only: false,
    };
    Ok((request, table(&asked.members)))
}

fn taken_by_others(edition: &Snapshot) -> TakenByOthers<'_> {
    let mut taken = TakenByOthers::default();
    for region in &edition.regions {
        for name in std::iter::once(&region.name).chain(&region.aliases) {
            taken.add_municipality(&region.code, name);
        }
    }
    let indicators = edition.indicators.iter();
    taken.add_ids("an indicator", indicators.map(|indicator| indicator.id.as_str()));
    for theme in &edition.themes {
        taken.add_ids("a theme", [theme.id.as_str()]);
        taken.add_ids("a block", theme.blocks.iter().map(|block| block.id.as_str()));
    }
    taken
}

fn recipe(asked: &v1::DefineGroupRequest, name: &v1::LocalizedText) -> String {
    let quoted = |text: &str| Value::from(text.trim()).to_string(); // TOML quotes as JSON does
    let year = asked.defined.get(..4).unwrap_or_default();
    let note = asked.note.as_ref().map_or_else(String::new, |note| {
        format!("note_nl = {}\nnote_en = {}\n", quoted(&note.nl), quoted(&note.en))
    });
    format!(
        "id = {}\ntitle_nl = {}\ntitle_en = {}\npublisher = {}\nlicence = \"not applicable\"\nattribution_nl = {}\n\
         attribution_en = {}\nretrieved = {}\nsource_version = {}\nperiod = {}\nholds = \"group\"\n\n[table]\n\n[group]\n\
         id = {}\nname_nl = {}\nname_en = {}\n{note}code_column = \"code\"\nvalid_from_column = \"valid_from\"\n\
         valid_to_column = \"valid_to\"\n",
        quoted(&format!("group_{}", asked.group_id)),
        quoted(&name.nl),
        quoted(&name.en),
        quoted(&asked.source),
        quoted(&format!("Groep: {}.", asked.source.trim())),
        quoted(&format!("Group: {}.", asked.source.trim())),
        quoted(&asked.defined),
        quoted(&asked.defined),
        quoted(year),
        quoted(&asked.group_id),
        quoted(&name.nl),
        quoted(&name.en),
    )
}

fn table(members: &[v1::GroupMemberDefinition]) -> String {
    let mut table = "code,valid_from,valid_to\n".to_owned();
    for member in members {
        let _ = writeln!(
            table,
            "{},{},{}",
            member.region_code, member.valid_from, member.valid_to
        );
    }
    table
}
