//! Tables of municipalities and of changes between them become part of an edition, and agree with it and with each other.

use std::sync::Arc;

use super::super::{
    UnitSet, compose,
    tests::{edition, snapshot},
};
use crate::{
    domain::RegionEventKind,
    edition::{self, source::SourceFolder},
    import::{
        Recipe,
        fixtures::{LIVES, MOVES, unit},
    },
    snapshot::tests::snapshot_of_file,
};

const LIVES_TABLE: &str = "code,name,begin,end,new code,group,area,area name\n\
    GM0370,Beemster,,01-01-2022,,GMPV27,A7,Zaanstreek\n\
    GM0439,Purmerend,,,,GMPV27,A7,Zaanstreek\n\
    GM7001,Oud,01-01-1970,02-03-2001,GM7002,GMPV24,A1,Polder\n\
    GM7002,Nieuw,02-03-2001,,,GMPV24,,\n";

const MOVES_TABLE: &str = "code,date,way,other,people,homes,area\n\
    GM0439,01-01-2022,from,GM0370,900,400,10\n\
    GM0439,01-01-2022,from,GM0439,8100,2100,90\n";

fn recipe(text: &str) -> Arc<Recipe> {
    Arc::new(crate::import::fixtures::recipe(text))
}

fn set(units: &[(&str, &str)]) -> UnitSet {
    let mut set = UnitSet::default();
    for (text, table) in units {
        set.put(&recipe(text), unit(text, &[table]).0);
    }
    set
}

fn refused(units: &[(&str, &str)]) -> String {
    let base = SourceFolder::built_in().draft().expect("whole");
    let error = compose(&base, &set(units), None).expect_err("refused");
    error.to_string()
}

#[test]
fn what_tables_say_is_part_of_the_edition_and_read_back_whole() {
    let units = set(&[(LIVES, LIVES_TABLE), (MOVES, MOVES_TABLE)]);
    let file = edition(&units);
    let opened = edition::open(&file.location(), &file.file_sha256).expect("opened");
    let again = UnitSet::of_edition(&opened.connection).expect("units");
    assert_eq!(edition(&again), file);
    let backwards = set(&[(MOVES, MOVES_TABLE), (LIVES, LIVES_TABLE)]);
    assert_eq!(edition(&backwards), file, "the order of imports does not matter");
    assert_ne!(edition(&set(&[(LIVES, LIVES_TABLE)])).id(), file.id());
    let snapshot = snapshot_of_file(&file);
    assert!(snapshot.lives_are_known);
    assert_eq!(snapshot.boundary_changes.len(), 2);
    let (_, old) = snapshot.region("GM7001").expect("a region");
    assert_eq!(
        (old.name.as_str(), old.valid_to.as_deref()),
        ("Oud", Some("2001-03-02"))
    );
    assert_eq!(old.history[1].kind, RegionEventKind::Renamed);
    assert_eq!(old.province.map(|province| province.name), Some("Flevoland"));
    let (_, new) = snapshot.region("GM7002").expect("a region");
    assert_eq!(new.corop.as_ref().map(|corop| corop.is_inferred), Some(true));
    let (_, beemster) = snapshot.region("GM0370").expect("a region");
    let [to] = beemster.successors.as_slice() else {
        panic!("{:?}", beemster.successors)
    };
    assert_eq!((to.inhabitants, to.share), (Some(900), Some(1.0)));
    assert!(to.note.is_some(), "the remark of the source stays");
}

#[test]
fn of_two_new_names_that_of_the_latest_table_holds() {
    let later = LIVES
        .replace("town_lives", "later_lives")
        .replace("period = \"2024\"", "period = \"2025\"");
    let table = format!("{LIVES_TABLE}GM7003,Nieuwer,02-03-2001,,,GMPV24,,\n");
    let mended = table.replace("02-03-2001,GM7002", "02-03-2001,GM7003");
    let snapshot = snapshot(&set(&[(LIVES, &table), (&later, &mended)]));
    let (_, old) = snapshot.region("GM7001").expect("a region");
    let successors: Vec<&str> = old.successors.iter().map(|step| step.code.as_str()).collect();
    assert_eq!(successors, ["GM7003"]);
}

#[test]
fn such_a_unit_is_no_year_of_figures() {
    let units = set(&[(LIVES, LIVES_TABLE)]);
    assert!(units.years().is_empty());
    let title = snapshot(&units).title;
    assert!(!title.en.contains("imported figures"), "{title:?}");
}

#[test]
fn days_that_differ_from_those_of_the_source_are_refused() {
    let later = LIVES_TABLE.replace("01-01-2022,,", "01-01-2023,,");
    let message = refused(&[(LIVES, &later)]);
    assert!(
        message.contains(
            "town_lives.toml: valid_to of GM0370 is 2023-01-01 here, and 2022-01-01 in regions.csv"
        ),
        "{message}"
    );
    let other = LIVES.replace("town_lives", "other_lives");
    let moved = LIVES_TABLE.replace("01-01-1970", "01-01-1971");
    let other_recipe = Arc::new(Recipe::parse("other_lives.toml", &other).expect("a recipe"));
    let mut units = set(&[(LIVES, LIVES_TABLE)]);
    let input = crate::import::fixtures::input("t", moved);
    let read = crate::import::ImportUnit::from_inputs(&other_recipe, vec![input], &Default::default());
    units.put(&other_recipe, read.expect("a unit").0);
    let base = SourceFolder::built_in().draft().expect("whole");
    let message = compose(&base, &units, None).expect_err("refused").to_string();
    assert!(
        message.contains("valid_from of GM7001 is 1970-01-01 here, and 1971-01-01 in other_lives.toml"),
        "{message}"
    );
}

#[test]
fn a_life_that_ends_by_one_table_before_it_began_by_another_is_refused() {
    let began = "code,name,begin,end,new code,group,area,area name\nGM7001,Oud,01-01-1970,,,,,\n";
    let ended = began.replace("01-01-1970,", ",01-01-1970");
    let other = LIVES.replace("town_lives", "other_lives");
    let message = refused(&[(LIVES, began), (&other, &ended)]);
    assert_eq!(
        message,
        "other_lives.toml: valid_to of GM7001 is 1970-01-01 here, and valid_from 1970-01-01 in town_lives.toml, so that it would \
         end before it began: correct one of the two"
    );
    let of_source = ended.replace("GM7001,Oud", "GM0034,Almere");
    let message = refused(&[(LIVES, &of_source)]);
    assert!(
        message.contains("and valid_from 1984-01-01 in regions.csv of the edition's source, so"),
        "{message}"
    );
    let of_source = began.replace("GM7001,Oud,01-01-1970", "GM0370,Beemster,01-01-2023");
    let message = refused(&[(LIVES, &of_source)]);
    assert!(
        message.contains("valid_from of GM0370 is 2023-01-01 here, and valid_to 2022-01-01 in regions.csv"),
        "{message}"
    );
}

#[test]
fn a_change_of_a_municipality_that_nobody_knows_is_refused() {
    let message = refused(&[
        (LIVES, LIVES_TABLE),
        (MOVES, &MOVES_TABLE.replace("GM0370", "GM7009")),
    ]);
    assert!(
        message.contains("town_moves.toml: GM7009 is no municipality that the edition knows: import a table of municipalities too"),
        "{message}"
    );
    let message = refused(&[(LIVES, &LIVES_TABLE.replace("GM7002,GMPV24", "GM7008,GMPV24"))]);
    assert!(
        message.contains("town_lives.toml: GM7008 is no municipality"),
        "{message}"
    );
}

#[test]
fn a_table_of_figures_that_lists_a_municipality_before_it_began_is_refused_once_its_days_are_known() {
    let survey = crate::import::compose::tests::recipe("survey_2000", "2000", "");
    let table = crate::import::fixtures::input("t", "code,name,thefts,felt\nGM7002,Nieuw,5,80\n");
    let read = crate::import::ImportUnit::from_inputs(&survey, vec![table], &Default::default());
    let mut units = set(&[(LIVES, LIVES_TABLE)]);
    units.put(&survey, read.expect("a unit").0);
    let base = SourceFolder::built_in().draft().expect("whole");
    let message = compose(&base, &units, None).expect_err("refused").to_string();
    assert!(message.contains("GM7002 did not exist in 2000"), "{message}");
}
