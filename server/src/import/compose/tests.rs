//! An edition is a function of its source and the set of its import units.

use std::sync::Arc;

use super::{
    super::{ImportFlags, ImportUnit, Recipe, fixtures::input},
    UnitSet, compose,
};
use crate::{
    domain::{Aggregation, Basis},
    edition::{self, EditionFile, source::SourceFolder},
    snapshot::{RankingTable, Resolved, Snapshot, tests::snapshot_of_file},
};

/// A recipe of our own for some year: thefts by name, and how people judge safety, which is close to it.
pub(super) fn recipe(id: &str, year: &str, more: &str) -> Arc<Recipe> {
    let text = include_str!("../../../../tests/support/survey.toml")
        .replace("{id}", id)
        .replace("{year}", year)
        .replace("\n[table]\n", &format!("{more}\n[table]\n"));
    Arc::new(Recipe::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}")))
}

/// Rows as code, name, thefts and felt safety.
fn read(recipe: &Arc<Recipe>, rows: &str) -> ImportUnit {
    let table = format!("code,name,thefts,felt\n{rows}");
    ImportUnit::from_inputs(recipe, vec![input("table.csv", table)], &ImportFlags::default())
        .unwrap_or_else(|error| panic!("{error}"))
        .0
}

const OF_2018: &str = "GM0034,Almere,5,80\nGM0637,Zoetermeer,4,70\nGM0009,Ten Boer,3,90\n";
const OF_2020: &str =
    "GM0034,Almere,6,81\nGM0637,Zoetermeer,,71\nGM0014,Groningen,9,60\nGM0794,Helmond,7,50\n";

pub(super) fn edition(units: &UnitSet) -> EditionFile {
    let base = SourceFolder::built_in().draft().expect("whole");
    let tables = compose(&base, units, Some("test")).unwrap_or_else(|error| panic!("{error}"));
    edition::build_tables(&tables).expect("built")
}

pub(super) fn snapshot(units: &UnitSet) -> Snapshot {
    snapshot_of_file(&edition(units))
}

pub(super) fn set(units: &[(&Arc<Recipe>, &str)]) -> UnitSet {
    let mut set = UnitSet::default();
    for (recipe, rows) in units {
        set.put(recipe, read(recipe, rows));
    }
    set
}

pub(super) fn ranking<'a>(snapshot: &'a Snapshot, id: &str, basis: Basis, period: &str) -> &'a RankingTable {
    let (place, _) = snapshot.indicator(id).expect("an indicator");
    snapshot
        .ranking(place, Some(basis), Some(period))
        .expect("a ranking")
}

fn value(snapshot: &Snapshot, table: &RankingTable, code: &str) -> Option<f64> {
    table.row(snapshot.region(code).expect("a region").0)?.1.value
}

#[test]
fn the_order_of_imports_does_not_change_the_id() {
    let (of_2018, of_2020) = (
        recipe("survey_2018", "2018", ""),
        recipe("survey_2020", "2020", ""),
    );
    let forwards = edition(&set(&[(&of_2018, OF_2018), (&of_2020, OF_2020)]));
    let backwards = edition(&set(&[(&of_2020, OF_2020), (&of_2018, OF_2018)]));
    assert_eq!(forwards, backwards);
    assert_ne!(forwards.id(), edition(&set(&[(&of_2018, OF_2018)])).id());
}

#[test]
fn a_newer_import_of_the_same_recipe_and_period_replaces_the_older_wholly() {
    let of_2020 = recipe("survey_2020", "2020", "");
    let mut units = set(&[(&of_2020, OF_2020)]);
    let replaced = units.put(&of_2020, read(&of_2020, "GM0034,Almere,1,1\n"));
    assert_eq!(replaced, ["2020"]);
    assert_eq!(
        edition(&units),
        edition(&set(&[(&of_2020, "GM0034,Almere,1,1\n")]))
    );
}

#[test]
fn what_was_imported_is_read_back_from_the_edition_as_it_was() {
    let (of_2018, of_2020) = (
        recipe("survey_2018", "2018", ""),
        recipe("survey_2020", "2020", ""),
    );
    let built = edition(&set(&[(&of_2018, OF_2018), (&of_2020, OF_2020)]));
    let opened = edition::open(&built.location(), &built.file_sha256).expect("open");
    let mut units = UnitSet::of_edition(&opened.connection).expect("read");
    assert_eq!(edition(&units), built);
    assert_eq!(units.leave_out("survey_2018"), ["2018"]);
    assert_eq!(edition(&units), edition(&set(&[(&of_2020, OF_2020)])));
}

#[test]
fn an_indicator_of_the_report_gets_what_its_table_says_and_keeps_its_positions() {
    let snapshot = snapshot(&set(&[(&recipe("survey_2020", "2020", ""), OF_2020)]));
    let (place, indicator) = snapshot.indicator("low_theft").expect("an indicator");
    let reason = indicator
        .polarity_reason
        .as_ref()
        .map(|reason| reason.en.as_str());
    assert_eq!((indicator.decimals, reason), (1, Some("Less theft is better.")));
    let bases: Vec<Basis> = snapshot.rankings(place).iter().map(|table| table.basis).collect();
    assert_eq!(bases, [Basis::Computed, Basis::Published]);
    assert_eq!(
        snapshot.indicators.last().map(|new| new.id.as_str()),
        Some("felt_safety")
    );
}

#[test]
fn municipalities_without_a_figure_are_missing_and_those_of_other_years_are_not() {
    let units = set(&[
        (&recipe("survey_2018", "2018", ""), OF_2018),
        (&recipe("survey_2020", "2020", ""), OF_2020),
    ]);
    let snapshot = snapshot(&units);
    let table = ranking(&snapshot, "low_theft", Basis::Computed, "2020");
    assert_eq!((table.n, table.missing), (3, 1));
    let table = ranking(&snapshot, "low_theft", Basis::Computed, "2018");
    assert_eq!((table.n, table.missing), (3, 0));
    let (_, ten_boer) = snapshot.region("GM0009").expect("listed in 2018");
    assert_eq!(ten_boer.listed_periods, ["2018"]);
}

#[test]
fn an_indicator_that_is_close_stands_in_and_says_how_well() {
    let snapshot = snapshot(&set(&[(&recipe("survey_2020", "2020", ""), OF_2020)]));
    let (felt_safety, _) = snapshot.indicator("felt_safety").expect("an indicator");
    let table = ranking(&snapshot, "low_vandalism", Basis::Proxy, "2020");
    assert_eq!(table.rows.len(), 4);
    let proxy = table.proxy.expect("a proxy");
    // Published: Almere 105, Zoetermeer 241, Helmond 297; by felt safety: Almere, Zoetermeer, Helmond.
    let published = ranking(&snapshot, "low_vandalism", Basis::Published, "2024");
    let order = ["GM0034", "GM0637", "GM0794"].map(|code| {
        published
            .row(snapshot.region(code).expect("a town").0)
            .expect("a position")
            .1
            .standing
            .position
    });
    let agrees = order.is_sorted();
    assert_eq!((proxy.indicator, proxy.compared), (felt_safety, 3));
    assert_eq!(proxy.rank_agreement == Some(1.0), agrees, "{order:?} {proxy:?}");
    assert!(
        ranking(&snapshot, "felt_safety", Basis::Computed, "2020")
            .proxy
            .is_none()
    );
}

#[test]
fn two_recipes_that_fill_the_same_figure_are_refused() {
    let base = SourceFolder::built_in().draft().expect("whole");
    for (rows, more) in [
        ("GM0034,Almere,1,1\n", "1 more figure"),
        ("GM0034,Almere,1,1\nGM0637,Zoetermeer,2,2\n", "3 more figures"),
    ] {
        let units = set(&[
            (&recipe("survey_a", "2020", ""), OF_2020),
            (&recipe("survey_b", "2020", ""), rows),
        ]);
        let error = compose(&base, &units, None).expect_err("refused").to_string();
        let both = "`survey_a` and `survey_b` both fill `felt_safety` of GM0034 in 2020";
        let expected =
            format!("{both} and {more}: let the recipe that is to win name the other in `supersedes`");
        assert!(error.contains(&expected), "{error}");
    }
}

#[test]
fn a_recipe_that_supersedes_another_wins_figure_by_figure_and_gives_them_back() {
    let survey = recipe("survey", "2020", "");
    let correction = recipe("correction", "2020", "supersedes = [\"survey\"]");
    let mut units = set(&[(&correction, "GM0034,Almere,60,81\n"), (&survey, OF_2020)]);
    let corrected = snapshot(&units);
    let table = ranking(&corrected, "low_theft", Basis::Computed, "2020");
    let figures = ["GM0034", "GM0014", "GM0637"].map(|code| value(&corrected, table, code));
    assert_eq!(figures, [Some(60.0), Some(9.0), None]);
    assert_eq!(table.sources(), ["survey", "correction"]);
    let (almere, _) = corrected.region("GM0034").expect("Almere");
    assert_eq!(table.source_of(almere), "correction");
    units.leave_out("correction");
    assert_eq!(edition(&units), edition(&set(&[(&survey, OF_2020)])));
}

#[test]
fn precedence_runs_through_others_and_never_in_a_circle() {
    let a = recipe("a", "2020", "");
    let b = recipe("b", "2020", "supersedes = [\"a\"]");
    let c = recipe("c", "2020", "supersedes = [\"b\"]");
    let row = |thefts| format!("GM0034,Almere,{thefts},1\n");
    let (one, two, three) = (row(1), row(2), row(3));
    let chain = snapshot(&set(&[(&a, &one), (&b, &two), (&c, &three)]));
    let table = ranking(&chain, "low_theft", Basis::Computed, "2020");
    assert_eq!(value(&chain, table, "GM0034"), Some(3.0));

    let circle = recipe("a", "2020", "supersedes = [\"c\"]");
    let units = set(&[(&circle, &one), (&b, &two), (&c, &three)]);
    let base = SourceFolder::built_in().draft().expect("whole");
    let error = compose(&base, &units, None).expect_err("refused").to_string();
    assert!(error.contains("wins from a recipe that wins from it"), "{error}");
}

#[test]
fn a_recipe_cannot_take_the_name_of_a_source_of_the_edition() {
    let own = recipe("bureau_louter_2024", "2020", "");
    let base = SourceFolder::built_in().draft().expect("whole");
    let error = compose(&base, &set(&[(&own, OF_2020)]), None)
        .expect_err("refused")
        .to_string();
    assert!(error.contains("give the recipe another id"), "{error}");
}

#[test]
fn a_municipality_is_called_as_in_its_latest_table_and_found_by_its_older_names() {
    let units = set(&[
        (
            &recipe("survey_2018", "2018", ""),
            "GM1940,De Friese Meren,1,1\nGM0344,Utrecht (gemeente),1,1\n",
        ),
        (
            &recipe("survey_2020", "2020", ""),
            "GM1940,De Fryske Marren,1,1\nGM0796,'s-Hertogenbosch,1,1\n",
        ),
    ]);
    let snapshot = snapshot(&units);
    let found = |typed: &str| -> String {
        let Resolved { region, .. } = snapshot
            .resolve_region(typed)
            .unwrap_or_else(|error| panic!("{typed}: {error:?}"));
        format!("{} {}", region.code, region.name)
    };
    assert_eq!(found("de friese meren"), "GM1940 De Fryske Marren");
    assert_eq!(found("Utrecht"), "GM0344 Utrecht");
    assert_eq!(found("Den Bosch"), "GM0796 's-Hertogenbosch");
}

/// Nissewaard exists since 2015, Spijkenisse until then; the source of these figures of 2012 counts by the map of 2020.
const ON_LATER_BORDERS: &str = "GM1930,Nissewaard,2,70\nGM0034,Almere,5,80\nGM0321,Houten,4,90\n";

#[test]
fn figures_on_later_borders_are_those_of_the_municipalities_of_that_year() {
    let of_2012 = recipe("survey_2012", "2012", "borders = \"2020\"\n");
    let of_2020 = recipe("survey_2020", "2020", "borders = \"2020\"\n");
    let snapshot = snapshot(&set(&[(&of_2012, ON_LATER_BORDERS), (&of_2020, OF_2020)]));
    let table = ranking(&snapshot, "low_theft", Basis::Computed, "2012");
    assert_eq!((table.period.as_str(), table.vintage()), ("2012", "2020"));
    // The municipalities of 2020 are those that any table on the borders of 2020 lists: six, of which three have a figure of 2012.
    assert_eq!((table.n, table.missing), (3, 3));
    let group = snapshot.group("nta_new_towns").expect("a group");
    assert_eq!(snapshot.former_codes_of(group, table.vintage()), [""; 0]);
    let mean = table.mean_of(snapshot.places_of(group, table.vintage()), None);
    assert_eq!(
        (mean.contributed, mean.mean),
        (2, Some(3.5)),
        "Almere and Nissewaard"
    );
    let stands_in = ranking(&snapshot, "low_vandalism", Basis::Proxy, "2012");
    assert_eq!(stands_in.vintage(), "2020");
    assert_eq!(
        ranking(&snapshot, "low_theft", Basis::Computed, "2020").borders,
        None,
        "its own year"
    );
    assert_eq!(
        (snapshot.vintage_of("2012"), snapshot.vintage_of("2020")),
        ("2020", "2020")
    );
}

#[test]
fn a_municipality_that_did_not_exist_is_refused_with_what_the_recipe_can_say() {
    let units = set(&[(&recipe("survey_2012", "2012", ""), ON_LATER_BORDERS)]);
    let base = SourceFolder::built_in().draft().expect("whole");
    let error = compose(&base, &units, None)
        .expect_err("no Nissewaard in 2012")
        .to_string();
    assert!(
        error.contains("GM1930 did not exist in 2012") && error.contains("borders"),
        "{error}"
    );
}

#[test]
fn figures_of_one_year_on_two_maps_are_not_ranked_against_each_other() {
    let units = set(&[
        (
            &recipe("survey_2012", "2012", "borders = \"2020\"\n"),
            "GM0034,Almere,1,1\n",
        ),
        (
            &recipe("other_2012", "2012", "supersedes = [\"survey_2012\"]\n"),
            "GM0321,Houten,1,1\n",
        ),
    ]);
    let base = SourceFolder::built_in().draft().expect("whole");
    let error = compose(&base, &units, None).expect_err("two maps").to_string();
    assert!(
        error.contains("on the borders of 2012, `survey_2012` on those of 2020"),
        "{error}"
    );
}

#[test]
fn a_group_of_an_older_year_has_its_members_of_then() {
    let rows = "GM0398,Heerhugowaard,2,2\nGM0321,Houten,4,4\n";
    let snapshot = snapshot(&set(&[(&recipe("survey_2018", "2018", ""), rows)]));
    let group = snapshot.group("other_new_towns").expect("a group");
    assert_eq!(snapshot.former_codes_of(group, "2018"), ["GM0398", "GM0530"]);
    assert_eq!(snapshot.former_codes_of(group, "2023"), [""; 0]);
    let table = ranking(&snapshot, "low_theft", Basis::Computed, "2018");
    let mean = table.mean_of(snapshot.places_of(group, "2018"), None);
    assert_eq!((mean.contributed, mean.mean), (2, Some(3.0)));
}

const COMPOSITE: &str = r#"
[[indicator]]
id = "town_safety"
name_nl = "Veiligheid"
name_en = "Safety"
theme = "liveability_safety"
kind = "composite"
kind_basis = "stated"
children = ["low_theft", "felt_safety"]
weights = [3, 1]
"#;

/// The survey with a composite of its own.
fn recipe_with(id: &str, year: &str, composite: &str) -> Arc<Recipe> {
    let text = format!("{}{composite}", recipe(id, year, "").text);
    Arc::new(Recipe::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}")))
}

/// Twelve municipalities: enough for grades.
fn twelve() -> String {
    let row = |number: u32| {
        let (thefts, felt) = (number * number % 23, 60 + number * 5 % 31);
        format!("GM{:04},Town {number},{thefts},{felt}\n", 2000 + number)
    };
    (1..=12).map(row).collect()
}

fn refused(units: &UnitSet) -> Vec<String> {
    let base = SourceFolder::built_in().draft().expect("whole");
    let error = compose(&base, units, None).expect_err("refused");
    error.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_composite_of_a_recipe_is_computed_from_what_all_recipes_fill() {
    let with = recipe_with("survey_a", "2020", COMPOSITE);
    let units = set(&[(&with, &twelve())]);
    let snapshot = snapshot(&units);
    let table = ranking(&snapshot, "town_safety", Basis::Computed, "2020");
    assert_eq!((table.n, table.source.as_str()), (12, "survey_a"));
    let of_child = |id| ranking(&snapshot, id, Basis::Computed, "2020");
    for row in &table.rows {
        let grade = |id| {
            of_child(id)
                .row(row.region)
                .and_then(|(_, row)| row.standing.grade)
                .expect("a grade")
        };
        let expected = (3.0 * grade("low_theft") + grade("felt_safety")) / 4.0;
        assert!((row.value.expect("a score") - expected).abs() < 1e-12);
    }
    let (_, composite) = snapshot.indicator("town_safety").expect("an indicator");
    assert!(
        composite.is_whole_of("low_theft") && !composite.is_whole_of("low_vandalism"),
        "never counted beside it"
    );
    let without = edition(&set(&[(&recipe("survey_a", "2020", ""), &twelve())]));
    assert_ne!(edition(&units).content_hash, without.content_hash);
    let heavier = recipe_with("survey_a", "2020", &COMPOSITE.replace("[3, 1]", "[3, 2]"));
    assert_ne!(
        edition(&units).content_hash,
        edition(&set(&[(&heavier, &twelve())])).content_hash,
        "weights are content"
    );
}

#[test]
fn recipes_that_compute_the_same_composite_must_agree_and_none_may_fill_it() {
    let a = recipe_with("survey_a", "2020", COMPOSITE);
    let b = recipe_with("survey_b", "2021", &COMPOSITE.replace("[3, 1]", "[1, 3]"));
    let found = refused(&set(&[(&a, &twelve()), (&b, &twelve())]));
    assert!(
        found
            .iter()
            .any(|found| found.contains("children, weights: differs from what survey_a.toml")),
        "{found:?}"
    );
    let filled = COMPOSITE.replace(
        "children = [\"low_theft\", \"felt_safety\"]\nweights = [3, 1]",
        "column = \"felt\"\npolarity = \"higher_is_favourable\"\npolarity_reason_nl = \"N\"\npolarity_reason_en = \"N\"\n\
         unit_nl = \"%\"\nunit_en = \"%\"\ndecimals = 0",
    );
    let c = recipe_with("survey_c", "2021", &filled);
    let found = refused(&set(&[(&a, &twelve()), (&c, &twelve())]));
    assert!(
        found
            .iter()
            .any(|found| found.contains("children, weights: differs")),
        "{found:?}"
    );
}

#[test]
fn trees_that_only_come_together_in_the_edition_are_checked_there() {
    let inner = COMPOSITE
        .replace("town_safety", "inner")
        .replace("weights = [3, 1]\n", "");
    let twice = COMPOSITE.replace("\"felt_safety\"", "\"inner\"");
    let a = recipe_with("survey_a", "2020", &format!("{inner}{twice}"));
    let found = refused(&set(&[(&a, &twelve())]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("survey_a.toml:") && found[0].contains("`low_theft` stands below"),
        "{found:?}"
    );
    for (child, message) in [
        ("vet_students_care", "is neutral"),
        ("no_such", "no indicator of this recipe or the edition"),
    ] {
        let wrong = COMPOSITE.replace("\"felt_safety\"", &format!("\"{child}\""));
        let found = refused(&set(&[(&recipe_with("survey_a", "2020", &wrong), &twelve())]));
        assert!(found.iter().any(|found| found.contains(message)), "{found:?}");
    }
    let published = COMPOSITE.replace("id = \"town_safety\"", "id = \"safety\"");
    let published = published
        .lines()
        .filter(|line| !line.starts_with("name_") && !line.starts_with("theme"));
    let published = published.collect::<Vec<_>>().join("\n") + "\n";
    let snapshot = snapshot(&set(&[(&recipe_with("survey_a", "2020", &published), &twelve())]));
    assert_eq!(
        ranking(&snapshot, "safety", Basis::Computed, "2020").n,
        12,
        "a composite of the report gets children"
    );
    let judged = published
        .replace("\"safety\"", "\"low_vandalism\"")
        .replace("kind = \"composite\"\n", "");
    let found = refused(&set(&[(&recipe_with("survey_a", "2020", &judged), &twelve())]));
    assert!(
        found.iter().any(|found| found.contains("is no composite")),
        "{found:?}"
    );
}

#[test]
fn what_weighs_an_indicator_may_come_with_another_recipe() {
    let parse = |id: &str, text: String| {
        Arc::new(Recipe::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}")))
    };
    let survey = |id: &str| {
        include_str!("../../../../tests/support/survey.toml")
            .replace("{id}", id)
            .replace("{year}", "2018")
    };
    let shares = parse(
        "shares",
        survey("shares").replace("decimals = 0", "decimals = 0\ndenominator = \"inhabitants\""),
    );
    let numbers = parse(
        "numbers",
        survey("numbers")
            .replace("felt_safety", "inhabitants")
            .replace("low_theft", "low_vandalism")
            .replace("proxy_for = \"low_vandalism\"", "proxy_for = \"low_theft\""),
    );
    let weighed_by = |recipes: &[&Arc<Recipe>]| {
        let units: Vec<(&Arc<Recipe>, &str)> = recipes.iter().map(|recipe| (*recipe, OF_2018)).collect();
        let snapshot = snapshot(&set(&units));
        let (_, found) = snapshot.indicator("felt_safety").expect("an indicator");
        (found.denominator.clone(), found.aggregation())
    };
    assert_eq!(weighed_by(&[&shares]), (None, Aggregation::NotPossible));
    let both = (Some("inhabitants".to_owned()), Aggregation::WeightedMean);
    assert_eq!(weighed_by(&[&shares, &numbers]), both);
    assert_eq!(weighed_by(&[&numbers, &shares]), both);
}

#[test]
fn years_that_follow_each_other_are_written_as_a_span() {
    for (years, written) in [
        (&["2020"][..], "2020"),
        (&["2015", "2018", "2020"], "2015, 2018, 2020"),
        (
            &["2012", "2015", "2016", "2017", "2020", "2021"],
            "2012, 2015-2017, 2020-2021",
        ),
        (&[], ""),
    ] {
        assert_eq!(super::catalogue::spans(years), written);
    }
}
