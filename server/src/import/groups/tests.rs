use std::io::Cursor;

use super::*;
use crate::{
    edition::{self, source::SourceFolder},
    import::{Holds, ImportError, ImportFlags, ImportUnit, UnitContent, UnitSet, compose},
};

fn recipe(id: &str, group: &str) -> Recipe {
    let text = format!(
        r#"
id = "{id}"
title_nl = "Onze steden"
title_en = "Our towns"
publisher = "Wij"
licence = "CC0-1.0"
attribution_nl = "Bron: de raad."
attribution_en = "Source: the council."
retrieved = "2026-11-29"
source_version = "1"
period = "2026"
holds = "group"

[table]

[group]
id = "{group}"
name_nl = "Onze steden"
name_en = "Our towns"
note_nl = "Door de raad gekozen."
note_en = "Chosen by the council."
code_column = "code"
valid_from_column = "from"
valid_to_column = "to"
"#
    );
    Recipe::parse(&format!("{id}.toml"), &text).expect("a recipe")
}

fn read(recipe: &Recipe, rows: &str) -> Result<(ImportUnit, ImportReport), ImportError> {
    let table = format!("code,from,to\n{rows}");
    let input = TableInput::new("members.csv", Cursor::new(table.into_bytes()));
    ImportUnit::from_inputs(recipe, vec![input], &ImportFlags::default())
}

fn units(read: Vec<(Recipe, ImportUnit)>) -> UnitSet {
    let mut units = UnitSet::default();
    for (recipe, unit) in read {
        units.put(&recipe.into(), unit);
    }
    units
}

#[test]
fn a_group_is_its_recipe_and_a_table_of_members() {
    let recipe = recipe("group_ours", "ours");
    assert!(matches!(&recipe.holds, Holds::Group(group) if group.id == "ours"));
    let (unit, report) = read(&recipe, "GM0637,,\nGM0034,2015-01-01,2020-12-31\n").expect("read");
    assert_eq!(
        report.counts.iter().map(|count| count.count).collect::<Vec<_>>(),
        [2]
    );
    let UnitContent::Group(members) = &unit.content else {
        panic!("no group")
    };
    let found: Vec<_> = members
        .iter()
        .map(|member| {
            (
                member.code.as_str(),
                member.valid_from.as_deref(),
                member.valid_to.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("GM0034", Some("2015-01-01"), Some("2020-12-31")),
            ("GM0637", None, None)
        ]
    );
}

#[test]
fn what_is_wrong_with_members_is_said_by_line() {
    let rows = "GM0034,,\nnowhere,,\nGM0034,,\nGM0637,2020-01-01,2019-12-31\nGM0794,soon,\n";
    let error = read(&recipe("group_ours", "ours"), rows)
        .expect_err("refused")
        .to_string();
    for part in [
        "members.csv:3: column `code`: `nowhere` is not the code",
        "members.csv:4: GM0034 stands on members.csv:2 as well",
        "members.csv:5: GM0637 belongs to it from 2020-01-01 to 2019-12-31",
        "members.csv:6: column `from`: `soon` is not a day",
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
}

#[test]
fn a_group_becomes_part_of_an_edition_and_is_read_back_from_it() {
    let recipe = recipe("group_ours", "ours");
    let (unit, _) = read(&recipe, "GM0637,,\nGM0034,2015-01-01,\n").expect("read");
    let source = SourceFolder::built_in().draft().expect("whole");
    let tables = compose(&source, &units(vec![(recipe, unit.clone())]), None).expect("composed");
    let file = edition::build_tables(&tables).expect("built");
    let opened = edition::open(&file.location(), &file.file_sha256).expect("opened");
    let stored = UnitSet::of_edition(&opened.connection).expect("read back");
    let stored: Vec<_> = stored.iter().map(|unit| unit.content.clone()).collect();
    assert_eq!(stored, [unit.content]);
    let members: Vec<String> = edition::all(
        &opened.connection,
        "SELECT region FROM group_member WHERE group_id = 'ours' ORDER BY region",
        |row| row.get(0),
    )
    .expect("members");
    assert_eq!(members, ["GM0034", "GM0637"]);
    assert_eq!(
        compose(
            &source,
            &UnitSet::of_edition(&opened.connection).expect("read"),
            None
        )
        .map(|tables| { edition::build_tables(&tables).expect("built").content_hash }),
        Ok(file.content_hash)
    );
}

#[test]
fn a_group_of_the_source_or_of_unknown_members_or_with_the_id_of_something_else_is_refused() {
    let source = SourceFolder::built_in().draft().expect("whole");
    let refused = |group: &str, rows: &str| {
        let recipe = recipe("group_ours", group);
        let (unit, _) = read(&recipe, rows).expect("read");
        compose(&source, &units(vec![(recipe, unit)]), None)
            .expect_err("refused")
            .to_string()
    };
    let taken = refused("old_towns", "GM0034,,\n");
    assert!(
        taken.contains("`old_towns` is defined by the source of the edition already"),
        "{taken}"
    );
    let unknown = refused("ours", "GM0034,,\nGM9999,,\n");
    assert!(unknown.contains("does not know GM9999"), "{unknown}");
    for (group, words) in [
        ("gm0034", "reads as GM0034, the code of a municipality"),
        ("almere", "reads as the municipality Almere (GM0034)"),
        ("den_haag", "reads as the municipality Den Haag (GM0518)"),
        ("low_theft", "is the id of an indicator"),
        ("liveability_safety", "is the id of a theme"),
        ("traffic_safety", "is the id of a block"),
    ] {
        let other = refused(group, "GM0034,,\n");
        let expected =
            format!("the id `{group}` of a group {words}: choose another, such as `{group}_group`");
        assert!(other.contains(&expected), "{other}");
    }
}
