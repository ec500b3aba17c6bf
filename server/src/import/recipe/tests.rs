//! A recipe says everything that is wrong with it at once, and where.

use proptest::prelude::*;

use super::*;
use crate::import::cell::DecimalSign;
use crate::import::fixtures::{LIVES, MOVES, TIDY, WIDE};

fn problems(text: &str) -> Vec<String> {
    let error = Recipe::parse("town_figures.toml", text).expect_err("a broken recipe");
    error.problems.iter().map(ToString::to_string).collect()
}

/// The problems after one change, and the line it was made on.
fn changed(from: &str, to: &str) -> Vec<String> {
    assert_eq!(WIDE.matches(from).count(), 1, "{from}");
    problems(&WIDE.replace(from, to))
}

fn line_of(part: &str) -> usize {
    let offset = WIDE.find(part).unwrap_or_else(|| panic!("no {part}"));
    1 + WIDE[..offset].matches('\n').count()
}

#[test]
fn a_recipe_is_read_into_types() {
    let recipe = Recipe::parse("town_figures.toml", WIDE).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(recipe.title, Text::new("Cijfers van steden", "Figures of towns"));
    assert_eq!(recipe.period, PeriodFrom::Fixed("2020".to_owned()));
    assert_eq!(
        (recipe.table.kind.clone(), recipe.table.decimal),
        (
            TableKind::Csv {
                delimiter: b',',
                encoding: Encoding::Utf8,
                quotes: Quotes::Plain,
                header: Header::FIRST_LINE,
            },
            DecimalSign::Point
        )
    );
    assert_eq!(
        recipe.table.filters,
        [Filter {
            column: "water".to_owned(),
            equals: vec!["NEE".to_owned()],
            at_least: None,
            except: Vec::new(),
        }]
    );
    assert_eq!(recipe.figure_table().expect("figures").missing, ["", ".", "-999"]);
    let [people, share] = recipe.indicators.as_slice() else {
        panic!("not two")
    };
    assert_eq!(
        (people.kind, people.polarity),
        (Some(IndicatorKind::Neutral), None)
    );
    assert_eq!(people.figure, Figure::Measure("people".to_owned()));
    assert_eq!(share.polarity, Some(Polarity::LowerIsFavourable));
    assert_eq!(share.figure.measures(), ["benefits", "people"]);
    assert_eq!(share.denominator.as_deref(), Some("townsfolk"));
    let tidy = Recipe::parse("tidy_figures.toml", TIDY).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(tidy.figure_table().expect("figures").missing, ["", "."]);
    assert_eq!(tidy.period, PeriodFrom::Column("Perioden".to_owned()));
}

#[test]
fn every_problem_is_reported_at_once_with_its_line() {
    let text = WIDE
        .replace("publisher = \"Ons Bureau\"\n", "")
        .replace("retrieved = \"2024-05-01\"", "retrieved = \"2024-02-30\"")
        .replace("decimals = 0", "decimals = 99")
        .replace("unit_en = \"persons\"\n", "");
    let found = problems(&text);
    assert_eq!(
        found,
        [
            "town_figures.toml:1: key `publisher` is missing",
            "town_figures.toml:7: retrieved: `2024-02-30` is not a date: write YYYY-MM-DD",
            "town_figures.toml:31: `unit_en` is missing: texts are given in Dutch and in English",
            "town_figures.toml:32: decimals: 99 is not between 0 and 12",
        ]
    );
}

#[test]
fn a_key_that_is_not_known_gets_the_nearest_in_every_section() {
    for (from, to, near) in [
        ("licence =", "licens =", "licence"),
        (
            "region_name_column =",
            "region_name_colum =",
            "region_name_column",
        ),
        ("equals =", "equal =", "equals"),
        ("denominator =", "denominater =", "denominator"),
    ] {
        let found = changed(from, to);
        let line = line_of(from);
        let name = to.trim_end_matches(" =");
        let expected = format!("town_figures.toml:{line}: key `{name}` is not known; did you mean `{near}`?");
        assert!(found.contains(&expected), "{found:?}");
    }
}

#[test]
fn each_rule_of_the_format_has_its_message() {
    for (from, to, part) in [
        (
            "id = \"town_figures\"",
            "id = \"other\"",
            "the file is called town_figures.toml: make the two equal",
        ),
        ("id = \"town_figures\"", "id = \"Town\"", "`Town` is not an id"),
        (
            "period = \"2020\"",
            "",
            "key `period` is missing; or write `period_column`",
        ),
        (
            "period = \"2020\"",
            "period = \"2020\"\nperiod_column = \"p\"",
            "`period` stands here as well as `period_column`",
        ),
        ("period = \"2020\"", "period = \"2020JJ00\"", "is not a period"),
        (
            "period = \"2020\"",
            "period = 2020",
            "is a integer, expected a period in quotes",
        ),
        (
            "period = \"2020\"",
            "period = \"2020\"\nsupersedes = [\"town_figures\"]",
            "is this recipe",
        ),
        (
            "period = \"2020\"",
            "period = \"2020\"\nsupersedes = [\"Kwb 2\"]",
            "is not the id of a recipe",
        ),
        (
            "shape = \"wide\"",
            "shape = \"long\"",
            "is \"long\", expected \"wide\" or \"tidy\"",
        ),
        ("shape = \"wide\"", "", "write \"wide\" for a column per measure"),
        (
            "shape = \"wide\"",
            "shape = \"wide\"\nvalue_column = \"v\"",
            "only a tidy table has it",
        ),
        (
            "shape = \"wide\"",
            "shape = \"tidy\"",
            "key `measure_column` is missing",
        ),
        (
            "shape = \"wide\"",
            "shape = \"wide\"\ndelimiter = \"|\"",
            "expected \",\" or \";\" or \"\\t\"",
        ),
        (
            "shape = \"wide\"",
            "shape = \"wide\"\nlevel = \"district\"",
            "expected \"municipality\"",
        ),
        (
            "shape = \"wide\"",
            "shape = \"wide\"\nlevels = [\"municipality\", \"distrct\"]",
            "did you mean `district`?",
        ),
        (
            "shape = \"wide\"",
            "shape = \"wide\"\nlevels = []",
            "needs at least one",
        ),
        (
            "shape = \"wide\"",
            "shape = \"wide\"\nlevel = \"municipality\"\nlevels = [\"district\"]",
            "remove one of the two",
        ),
        (
            "shape = \"wide\"",
            "shape = \"wide\"\narea_name_column = \"name\"",
            "`levels` has neither",
        ),
        (
            "period = \"2020\"",
            "period = \"2020\"\nborders = \"2020-05\"",
            "is not a year",
        ),
        (
            "suppressed = [\"x\"]",
            "suppressed = [\".\"]",
            "\".\" already means `missing`",
        ),
        (
            "suppressed = [\"x\"]",
            "suppressed = [\"x\", \" x\"]",
            "\"x\" stands twice",
        ),
        (
            "suppressed = [\"x\"]",
            "suppressed = \"x\"",
            "expected a list of texts",
        ),
        (
            "suppressed = [\"x\"]",
            "suppressed = [1]",
            "holds a integer, expected texts in quotes",
        ),
        (
            "equals = [\"NEE\"]",
            "equals = []",
            "`equals` needs at least one text",
        ),
        (
            "[[table.filter]]",
            "[table.filter]",
            "must be written as [[table.filter]]",
        ),
        (
            "column = \"people\"",
            "",
            "key `column` is missing; or write `formula` and `columns`",
        ),
        (
            "column = \"people\"",
            "measure = \"people\"",
            "the table is wide: write `column`",
        ),
        (
            "column = \"people\"",
            "column = \"people\"\nformula = \"people\"",
            "stands here as well as `formula`",
        ),
        (
            "column = \"people\"",
            "column = \"people\"\ncolumns = { a = \"b\" }",
            "`columns` without `formula`",
        ),
        (
            "column = \"people\"",
            "column = \"people\"\npolarity = \"higher_is_favourable\"",
            "a neutral indicator has no favourable side",
        ),
        (
            "column = \"people\"",
            "column = \"people\"\nproxy_for = \"townsfolk\"",
            "an indicator cannot stand in for itself",
        ),
        (
            "column = \"people\"",
            "column = \"people\"\nproxy_for = \"births\"",
            "say why it may stand in",
        ),
        (
            "column = \"people\"",
            "column = \"people\"\nproxy_reason_nl = \"a\"\nproxy_reason_en = \"b\"",
            "a reason without `proxy_for`",
        ),
        (
            "kind = \"neutral\"",
            "kind = \"neutraal\"",
            "expected \"judgement\" or \"composite\" or \"neutral\"",
        ),
        (
            "polarity = \"lower_is_favourable\"\n",
            "",
            "key `polarity` is missing: a judged indicator",
        ),
        (
            "polarity_reason_en = \"fewer is better\"\n",
            "",
            "key `polarity_reason_en` is missing",
        ),
        (
            "100 * benefits / people",
            "100 * benefits / peeple",
            "`columns` does not say what `peeple` is; did you mean `people`?",
        ),
        (
            "100 * benefits / people",
            "100 * benefits",
            "the formula does not use `people`",
        ),
        (
            "100 * benefits / people",
            "100 * benefits /",
            "formula: at character 17: ends here",
        ),
        (
            "people = \"people\"",
            "people = 3",
            "columns.people: expected the name of a column in quotes",
        ),
        (
            "id = \"recipients\"",
            "id = \"townsfolk\"",
            "indicator `townsfolk` stands twice, first on line 24",
        ),
        (
            "decimals = 1",
            "decimals = \"1\"",
            "is a string, expected a whole number",
        ),
        ("decimals = 1", "decimals =", "town_figures.toml:51: "),
    ] {
        let found = changed(from, to);
        assert!(
            found.iter().any(|problem| problem.contains(part)),
            "{to}: {found:?}"
        );
        assert!(
            found
                .iter()
                .all(|problem| problem.starts_with("town_figures.toml:")),
            "{to}: {found:?}"
        );
    }
}

#[test]
fn texts_that_people_read_cannot_forge_lines_around_them() {
    for (from, key) in [
        ("title_nl = \"", "title_nl"),
        ("publisher = \"", "publisher"),
        ("licence = \"", "licence"),
        ("attribution_en = \"", "attribution_en"),
        ("source_version = \"", "source_version"),
    ] {
        let forged = changed(from, &format!("{from}All is certain.\\n"));
        assert!(
            forged[0].contains(&format!("{key}: holds the character U+000A")),
            "{forged:?}"
        );
    }
}

#[test]
fn a_recipe_without_table_or_indicators_says_so() {
    let head = &WIDE[..WIDE.find("[table]").expect("a table")];
    let found = problems(head);
    assert!(found[0].contains("section [table] is missing"), "{found:?}");
    assert!(found[1].contains("there is no [[indicator]]"), "{found:?}");
}

#[test]
fn an_unknown_recipe_is_named_and_a_file_is_read_wherever_it_is() {
    let error = Recipe::find("no_such_recipe_anywhere").expect_err("unknown");
    assert!(
        error
            .to_string()
            .contains("no_such_recipe_anywhere: no recipe that ships is called this"),
        "{error}"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("town_figures.toml");
    fs::write(&path, WIDE).expect("written");
    let recipe = Recipe::find(path.to_str().expect("text")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((recipe.id.as_str(), recipe.text.as_str()), ("town_figures", WIDE));
    let error = Recipe::find(folder.path().join("none.toml").to_str().expect("text")).expect_err("absent");
    assert!(error.to_string().contains("cannot be read"), "{error}");
    fs::write(&path, b"id = \"\xff\"").expect("written");
    assert!(
        Recipe::read(&path)
            .expect_err("no text")
            .to_string()
            .contains("cannot be read")
    );
}

#[test]
fn the_nearest_built_in_recipe_is_offered() {
    let Some((file, _)) = built_in::FILES.first() else {
        return;
    };
    let id = file.trim_end_matches(".toml");
    let error = Recipe::find(&id[..id.len() - 1])
        .expect_err("a typing error")
        .to_string();
    assert!(error.contains("did you mean `"), "{error}");
}

#[test]
fn every_file_of_the_folder_is_compiled_in_and_read_without_a_problem() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/recipes");
    let mut files: Vec<String> = fs::read_dir(folder)
        .map(|entries| {
            entries
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .collect()
        })
        .unwrap_or_default();
    files.retain(|file| file.ends_with(".toml"));
    files.sort();
    let compiled_in: Vec<&str> = built_in::FILES.iter().map(|(file, _)| *file).collect();
    assert_eq!(compiled_in, files);
    let recipes = Recipe::built_in().unwrap_or_else(|error| panic!("{error}"));
    check_together(&recipes).unwrap_or_else(|error| panic!("{error}"));
}

proptest! {
    #[test]
    fn a_recipe_with_any_line_lost_doubled_or_changed_is_read_or_refused_and_never_panics(
        changes in prop::collection::vec((0_usize..60, 0_usize..60, "[a-z_]{0,8}( = )?[\"\\[{}0-9.a-zé,]{0,8}"), 1..4),
        shape in any::<bool>(),
    ) {
        let mut lines: Vec<String> = if shape { WIDE } else { TIDY }.lines().map(str::to_owned).collect();
        for (from, to, text) in changes {
            let (from, to) = (from % lines.len(), to % lines.len());
            match text.len() % 3 {
                0 => lines[from] = lines[to].clone(),
                1 => lines[from] = text,
                _ => lines.swap(from, to),
            }
        }
        let text = lines.join("\n");
        let count = text.lines().count();
        if let Err(error) = Recipe::parse("town_figures.toml", &text) {
            prop_assert!(!error.problems.is_empty());
            prop_assert!(error.problems.iter().all(|problem| problem.line <= count + 1));
        }
    }
}

#[test]
fn a_recipe_says_what_its_table_holds_and_where_that_stands() {
    let lives = Recipe::parse("town_lives.toml", LIVES).unwrap_or_else(|error| panic!("{error}"));
    let Holds::Regions(columns) = &lives.holds else {
        panic!("{:?}", lives.holds)
    };
    assert_eq!(columns.dates.format, DateFormat::DayMonthYear);
    assert_eq!(columns.dates.unknown, ["", "voor 1830"]);
    assert_eq!(columns.corop, Some(("area".to_owned(), "area name".to_owned())));
    assert!(lives.indicators.is_empty() && lives.figure_table().is_none());
    let moves = Recipe::parse("town_moves.toml", MOVES).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(moves.holds.word(), "boundary_changes");
    let figures = Recipe::parse("town_figures.toml", &format!("holds = \"figures\"\n{WIDE}"));
    assert_eq!(figures.expect("a recipe").holds.word(), "figures");
}

#[test]
fn a_table_without_figures_has_no_key_of_figures() {
    for (from, to, expected) in [
        (
            "\"regions\"",
            "\"region\"",
            "holds: is \"region\", expected \"figures\" or \"regions\" or \"boundary_changes\"",
        ),
        (
            "[regions]",
            "[region]",
            "section [regions] is missing: it names the columns",
        ),
        (
            "[regions]",
            "[region]",
            "key `region` is not known; did you mean `regions`?",
        ),
        (
            "[table]\n",
            "[table]\nshape = \"wide\"\n",
            "key `shape` is not known",
        ),
        (
            "period = \"2024\"",
            "period_column = \"year\"",
            "period_column: only a table of figures has it",
        ),
        (
            "[table]\n",
            "[table]\nformat = \"odata\"\n",
            "holds: a table over OData holds figures",
        ),
        (
            "[table]\n",
            "[table]\nformat = \"code_list\"\ndelimiter = \";\"\n",
            "delimiter: CBS OData has none",
        ),
        ("code_column", "codes_column", "key `code_column` is missing"),
        (
            "code_column",
            "codes_column",
            "key `codes_column` is not known; did you mean `code_column`?",
        ),
        (
            "valid_to_column = \"end\"\n",
            "",
            "renamed_to_column: `valid_to_column` is missing",
        ),
        (
            "corop_name_column = \"area name\"\n",
            "",
            "`corop_name_column` is missing",
        ),
        (
            "corop_prefix = \"CR\"",
            "corop_prefix = \"C\\u001bR\"",
            "corop_prefix: holds the character U+001B",
        ),
        (
            "[regions]",
            "[[indicator]]\nid = \"people\"\n[regions]",
            "key `indicator` is not known",
        ),
    ] {
        assert_eq!(LIVES.matches(from).count(), 1, "{from}");
        let error = Recipe::parse("town_lives.toml", &LIVES.replace(from, to)).expect_err(to);
        assert!(error.to_string().contains(expected), "{to}: {error}");
    }
    for (from, to, expected) in [
        (
            "received = [\"from\"]",
            "received = []",
            "`received` needs at least one text",
        ),
        (
            "gave = [\"to\"]",
            "gave = [\"from\"]",
            "gave: \"from\" already means `received`",
        ),
    ] {
        let error = Recipe::parse("town_moves.toml", &MOVES.replace(from, to)).expect_err(to);
        assert!(error.to_string().contains(expected), "{to}: {error}");
    }
}
