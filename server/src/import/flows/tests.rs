//! A table of flows is taken whole or refused: what it does not list is not zero, and nothing is counted twice.

use std::sync::Arc;

use crate::{
    domain::FlowTable,
    edition::{self, source::SourceFolder},
    import::{
        ImportFlags, ImportUnit, Recipe, TableFolder, UnitContent, UnitSet, compose,
        fixtures::{DIVIDED_JOURNEYS, JOURNEYS, LIVES, MOVES, problems, recipe, recipe_problems, unit},
    },
    snapshot::{FlowMatrix, FlowTotals, Snapshot, tests::snapshot_of_file},
};

const TABLE: &str = "from,from name,to,to name,people\n\
    GM0995,Lelystad,GM0034,Almere,7\n\
    GM0034,Almere,GM0995,Lelystad,0\n\
    GM0034,Almere,GM0034,Almere,40\n\
    GM0034,Almere,GM0050,Zeewolde,2.5\n\
    GM0050,Zeewolde,GM0995,Lelystad,.\n";

const DIVIDED: &str = "from;to;how;people\n\
    GM0034;GM0995;by boat;1,333\n\
    GM0034;GM0995;by sledge;2,668\n\
    GM0995;GM0034;by sledge;4\n\
    GM0995;GM0034;by boat;\n";

fn flows(recipe: &str, table: &str) -> FlowTable {
    let UnitContent::Flows(flows) = unit(recipe, &[table]).0.content else {
        panic!("no flows")
    };
    flows
}

/// Every pair as origin, destination and the people of each category.
fn listed(table: &FlowTable) -> Vec<String> {
    let code = |place: usize| table.municipalities[place].code.as_str();
    let mut listed = Vec::new();
    for (origin, from) in table.origins.iter().enumerate() {
        for (place, &destination) in from.destinations.iter().enumerate() {
            let persons: Vec<String> = from
                .persons
                .iter()
                .map(|part| part[place].map_or_else(|| "-".to_owned(), |persons| persons.to_string()))
                .collect();
            listed.push(format!(
                "{} {} {}",
                code(origin),
                code(destination as usize),
                persons.join(" ")
            ));
        }
    }
    listed
}

fn edition_of(recipes: &[(&str, &str)]) -> Result<Snapshot, String> {
    let mut units = UnitSet::default();
    for (text, table) in recipes {
        units.put(&Arc::new(recipe(text)), unit(text, &[table]).0);
    }
    let base = SourceFolder::built_in().draft().expect("whole");
    let tables = compose(&base, &units, Some("test")).map_err(|error| error.to_string())?;
    Ok(snapshot_of_file(&edition::build_tables(&tables).expect("built")))
}

fn matrix<'a>(edition: &'a Snapshot, breakdown: Option<&str>) -> &'a FlowMatrix {
    let mut tables = edition.flows.iter();
    tables
        .find(|table| table.breakdown_id() == breakdown)
        .expect("flows")
}

#[test]
fn a_pair_that_is_listed_with_nobody_is_zero_and_one_without_figure_is_not_listed() {
    let table = flows(JOURNEYS, TABLE);
    assert_eq!(
        listed(&table),
        [
            "GM0034 GM0034 40",
            "GM0034 GM0050 2.5",
            "GM0034 GM0995 0",
            "GM0995 GM0034 7"
        ]
    );
    let names: Vec<Option<&str>> = table
        .municipalities
        .iter()
        .map(|town| town.name.as_deref())
        .collect();
    assert_eq!(names, [Some("Almere"), Some("Zeewolde"), Some("Lelystad")]);
    let (_, report) = unit(JOURNEYS, &[TABLE]);
    let counts: Vec<(&str, u64)> = report
        .counts
        .iter()
        .map(|count| (count.key, count.count))
        .collect();
    assert_eq!(
        counts,
        [
            ("municipalities", 3),
            ("pairs", 3),
            ("persons", 10), // 9.5, to whole people
            ("pairs_within", 1),
            ("persons_within", 40),
            ("pairs_without_figure", 1),
        ]
    );
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let mut lines: Vec<&str> = TABLE.lines().collect();
    lines[1..].reverse();
    assert_eq!(flows(JOURNEYS, &lines.join("\n")), flows(JOURNEYS, TABLE));
}

#[test]
fn parts_keep_their_figures_and_what_has_none_is_not_zero() {
    assert_eq!(
        listed(&flows(DIVIDED_JOURNEYS, DIVIDED)),
        ["GM0034 GM0995 1.333 2.668", "GM0995 GM0034 - 4"]
    );
}

#[test]
fn a_pair_that_stands_twice_is_refused_with_both_lines() {
    let twice = format!("{TABLE}GM0995,Lelystad,GM0034,Almere,7\n");
    let found = problems(JOURNEYS, &[&twice]);
    assert!(
        found[0].contains("1.csv:7") && found[0].contains("first on 1.csv:2"),
        "{found:?}"
    );
    let other_part = format!("{DIVIDED}GM0034;GM0995;by boat;1\n");
    let found = problems(DIVIDED_JOURNEYS, &[&other_part]);
    assert!(
        found
            .iter()
            .any(|problem| problem.contains("of boat stand here again")),
        "{found:?}"
    );
}

#[test]
fn cells_that_cannot_be_are_refused_by_column() {
    for (row, said) in [
        ("GM0034,Almere,GM0001,Elders,-1", "`people`: -1 is below zero"),
        (
            "GM0034,Almere,GM0001,Elders,1e308",
            "`people`: `1e308` is more than 100000000000",
        ),
        (
            "GM0034,Almere,GM0001,Elders,many",
            "`people`: `many` is not a number",
        ),
        (
            "GM34,Almere,GM0001,Elders,1",
            "`from`: `GM34` is not the code of a municipality",
        ),
        (
            "GM0034,Almere,WK003401,Elders,1",
            "`to`: `WK003401` is not the code",
        ),
        ("GM0034,Almere,GM0001,,1", "`to name`: is empty"),
        (
            "GM0034,Elders,GM0001,Elders,1",
            "`from name`: GM0034 is called `Elders` here and `Almere` on 1.csv:2",
        ),
    ] {
        let found = problems(JOURNEYS, &[&format!("{TABLE}{row}\n")]);
        assert!(
            found.iter().any(|problem| problem.contains(said)),
            "{row}: {found:?}"
        );
    }
}

#[test]
fn a_part_that_the_recipe_does_not_know_is_refused_with_the_nearest() {
    let found = problems(
        DIVIDED_JOURNEYS,
        &[&format!("{DIVIDED}GM0034;GM0050;by baot;1\n")],
    );
    assert!(
        found[0].contains("`by baot`") && found[0].contains("the nearest is `by boat`"),
        "{found:?}"
    );
}

#[test]
fn parts_that_add_up_to_half_a_person_are_refused() {
    let found = problems(
        DIVIDED_JOURNEYS,
        &["from;to;how;people\nGM0034;GM0995;by boat;1,5\n"],
    );
    assert!(
        found[0].contains("add up to 1.5, which is no whole number"),
        "{found:?}"
    );
}

#[test]
fn a_recipe_of_flows_says_what_it_lacks() {
    for (removed, put, said) in [
        (
            "kind = \"trips\"",
            "",
            "key `kind` is missing: write one of commuting, migration, trips",
        ),
        ("kind = \"trips\"", "kind = \"trip\"", "trips"),
        ("persons_column = \"people\"", "", "persons_column"),
        (
            "breakdown_column = \"how\"\n",
            "",
            "breakdown: there is no `breakdown_column`: remove it",
        ),
        (
            "cell = \"by sledge\"",
            "cell = \"by boat\"",
            "`by boat` means another category already",
        ),
        (
            "id = \"sledge\"",
            "id = \"boat\"",
            "`boat` is the id of another category too",
        ),
        ("breakdown_en = \"transport\"", "", "breakdown_en"),
        ("whole_totals = true", "whole_total = true", "whole_totals"),
        (
            "[table]",
            "borders = \"2021\"\n[table]",
            "borders: only a table of figures has it",
        ),
    ] {
        let text = DIVIDED_JOURNEYS.replacen(removed, put, 1);
        assert_ne!(text, DIVIDED_JOURNEYS, "{removed}");
        let found = recipe_problems(&text);
        assert!(
            found.iter().any(|problem| problem.contains(said)),
            "{removed}: {found:?}"
        );
    }
}

#[test]
fn flows_are_read_back_from_an_edition_as_they_were() {
    let mut units = UnitSet::default();
    for (text, table) in [(JOURNEYS, TABLE), (DIVIDED_JOURNEYS, DIVIDED)] {
        units.put(&Arc::new(recipe(text)), unit(text, &[table]).0);
    }
    let base = SourceFolder::built_in().draft().expect("whole");
    let tables = compose(&base, &units, Some("test")).expect("an edition");
    let built = edition::build_tables(&tables).expect("built");
    let open = edition::open(&built.location(), &built.file_sha256).expect("open");
    let read = UnitSet::of_edition(&open.connection).expect("units");
    let contents =
        |set: &UnitSet| -> Vec<UnitContent> { set.iter().map(|unit| unit.content.clone()).collect() };
    assert_eq!(contents(&read), contents(&units));
    let again = compose(&base, &read, Some("test")).expect("an edition");
    assert_eq!(edition::build_tables(&again).expect("built"), built);
}

#[test]
fn an_edition_holds_flows_both_ways_beside_what_else_it_has() {
    let edition = edition_of(&[(JOURNEYS, TABLE), (DIVIDED_JOURNEYS, DIVIDED)]).expect("an edition");
    let place = |code: &str| edition.region(code).expect("a region").0;
    let (almere, lelystad) = (place("GM0034"), place("GM0995"));
    let undivided = matrix(&edition, None);
    assert_eq!(
        undivided.totals,
        FlowTotals {
            pairs: 3,
            persons: 9.5,
            within: Some(40.0)
        }
    );
    assert!(!undivided.is_complete());
    let balance = undivided.balance(almere).expect("listed");
    assert_eq!(
        (balance.incoming, balance.outgoing, balance.within),
        (7.0, 2.5, Some(40.0))
    );
    let divided = matrix(&edition, Some("transport"));
    assert!(divided.is_complete());
    assert_eq!(
        divided.balance(almere).expect("listed").outgoing,
        4.0,
        "rounded to whole people"
    );
    let by_boat = divided.balance_of_category(almere, 0).expect("a category");
    assert_eq!((by_boat.incoming, by_boat.outgoing), (0.0, 1.333));
    assert_eq!(by_boat.partners[0].incoming, None, "not known, and not zero");
    assert_eq!(divided.balance(place("GM0050")), None, "not listed here");
    assert_eq!(divided.balance(lelystad).expect("listed").within, None);
    assert_eq!(
        edition
            .flows
            .found(None, None)
            .map(FlowMatrix::breakdown_id)
            .collect::<Vec<_>>(),
        [None, Some("transport")]
    );
    assert_eq!(
        edition.regions[place("GM0050")].name,
        "Zeewolde",
        "a name that only the flows have"
    );
}

#[test]
fn two_tables_of_the_same_flows_are_refused_by_name() {
    let other = JOURNEYS.replacen("town_journeys", "other_journeys", 1);
    let error = edition_of(&[(JOURNEYS, TABLE), (&other, TABLE)]).expect_err("twice");
    assert!(
        error.contains("`other_journeys` and `town_journeys` both hold the flows of trips in 2020"),
        "{error}"
    );
}

/// GM7001 was split over GM7002, which got most, and GM7003; GM7004 was split too, and nobody knows how.
#[test]
fn what_was_split_goes_on_as_its_largest_part() {
    let lives = "code,name,begin,end,new code,group,area,area name\n\
        GM7001,Een,01-01-1990,01-01-2002,,GMPV24,,\n\
        GM7002,Twee,01-01-1990,,,GMPV24,,\n\
        GM7003,Drie,01-01-1990,,,GMPV24,,\n\
        GM7004,Vier,01-01-1990,01-01-2002,,GMPV24,,\n";
    let moves = "code,date,way,other,people,homes,area\n\
        GM7001,01-01-2002,to,GM7002,900,400,10\n\
        GM7001,01-01-2002,to,GM7003,100,40,10\n\
        GM7004,01-01-2002,to,GM7002,.,.,.\n\
        GM7004,01-01-2002,to,GM7003,.,.,.\n";
    let edition = edition_of(&[(LIVES, lives), (MOVES, moves)]).expect("an edition");
    let place = |code: &str| edition.region(code).expect("a region").0;
    let [one, two, three, four] = ["GM7001", "GM7002", "GM7003", "GM7004"].map(place);
    assert_eq!(edition.in_vintage(one, "2001"), [one]);
    assert_eq!(edition.in_vintage(one, "2002"), [two]);
    assert_eq!(edition.in_vintage(four, "2002"), [two, three]);
    assert_eq!(
        edition.in_vintage(two, "1980"),
        [two],
        "what had not begun has no other to stand for it"
    );
}

/// As CBS publishes them: Almere's workers, and who moved.
#[test]
fn the_flows_of_almere_are_those_that_cbs_publishes() {
    let shared = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let Ok(folder) = TableFolder::read(&shared) else {
        use std::io::Write;
        let said = "skipped the_flows_of_almere_are_those_that_cbs_publishes: no table in shared/data beside the project";
        let _ = writeln!(std::io::stderr(), "{said}");
        return;
    };
    let mut units = UnitSet::default();
    for id in ["cbs_commuting_2016", "cbs_migration_2015", "cbs_migration_2018"] {
        let recipes = Recipe::built_in().expect("recipes");
        let recipe = recipes
            .into_iter()
            .find(|recipe| recipe.id == id)
            .expect("a recipe");
        let path = folder.table_of(&recipe).expect("one table").expect("a table");
        let (unit, report) = ImportUnit::read(&recipe, &[path], &ImportFlags::default())
            .unwrap_or_else(|error| panic!("{error}"));
        let count = |key| {
            report
                .counts
                .iter()
                .find(|count| count.key == key)
                .expect("a count")
                .count
        };
        let expected = match id {
            "cbs_commuting_2016" => [390, 18_492, 390, 0],
            "cbs_migration_2015" => [393, 154_056, 0, 0],
            _ => [380, 144_020, 0, 0],
        };
        let found = ["municipalities", "pairs", "pairs_within", "pairs_without_figure"].map(count);
        assert_eq!(found, expected, "{id}");
        units.put(&Arc::new(recipe), unit);
    }
    let base = SourceFolder::built_in().draft().expect("whole");
    let tables = compose(&base, &units, Some("test")).unwrap_or_else(|error| panic!("{error}"));
    let file = edition::build_tables(&tables).expect("built");
    assert!(file.bytes.len() < 12_000_000, "{} bytes", file.bytes.len());
    let edition = snapshot_of_file(&file);
    let place = |code: &str| edition.region(code).expect("a region").0;
    let [commuting, migration, earlier] = edition.flows.iter().collect::<Vec<_>>()[..] else {
        panic!("three tables")
    };
    let almere = commuting.balance(place("GM0034")).expect("listed");
    let to_amsterdam = almere
        .partners
        .iter()
        .find(|partner| partner.key == place("GM0363"));
    assert_eq!(almere.within, Some(24_175.0));
    assert_eq!(almere.outgoing + 24_175.0, 67_558.0);
    assert_eq!(to_amsterdam.and_then(|partner| partner.outgoing), Some(13_484.0));
    let all = commuting.totals;
    assert_eq!(all.persons + all.within.expect("within"), 5_386_736.0);
    assert_eq!(migration.period, "2018");
    let almere = migration.balance(place("GM0034")).expect("listed");
    assert_eq!((almere.incoming, almere.outgoing), (9_095.0, 7_489.0));
    assert_eq!(migration.totals.persons, 758_285.0);
    assert_eq!(earlier.totals.persons, 697_605.0);
    assert!(migration.is_complete() && earlier.is_complete() && !commuting.is_complete());
}
