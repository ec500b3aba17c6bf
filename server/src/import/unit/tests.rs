//! Recipe, tables and flags make one unit, or none.

use super::*;
use crate::{
    domain::{Level, ObservationStatus},
    import::{
        Reason,
        fixtures::{TIDY, TOWNS, WIDE, gzip, import, input, problems, recipe, unit},
    },
};

/// Rows as text, to be read at one glance.
fn shown(unit: &ImportUnit) -> Vec<String> {
    let row = |row: &UnitRow| {
        let value = row
            .value
            .map_or_else(|| "-".to_owned(), |value| value.to_string());
        format!(
            "{} {} {} {value} {:?} {:?}",
            row.indicator, row.region, row.period, row.status, row.origin
        )
    };
    unit.rows().iter().map(row).collect()
}

#[test]
fn a_wide_table_gives_a_row_for_every_indicator_and_municipality_in_key_order() {
    let (unit, report) = unit(WIDE, &[TOWNS]);
    assert_eq!(
        shown(&unit),
        [
            "recipients GM0034 2020 5 Final Derived",
            "recipients GM0050 2020 - Suppressed Derived",
            "recipients GM0303 2020 - NotApplicable Derived",
            "recipients GM0995 2020 - Missing Derived",
            "townsfolk GM0034 2020 200 Final Loaded",
            "townsfolk GM0050 2020 0 Final Loaded",
            "townsfolk GM0303 2020 40 Final Loaded",
            "townsfolk GM0995 2020 - Missing Loaded",
        ]
    );
    let regions: Vec<(&str, Option<&str>)> = unit
        .regions()
        .iter()
        .map(|region| (region.code.as_str(), region.name.as_deref()))
        .collect();
    assert_eq!(
        regions,
        [
            ("GM0034", Some("Almere")),
            ("GM0050", Some("Zeewolde")),
            ("GM0303", Some("Dronten")),
            ("GM0995", Some("Lelystad"))
        ]
    );
    assert_eq!(
        (unit.recipe_id.as_str(), unit.recipe_text.as_str()),
        ("town_figures", WIDE)
    );
    assert_eq!(
        (unit.source_version.as_str(), unit.retrieved.as_str()),
        ("2", "2024-05-01")
    );
    assert_eq!(unit.periods, ["2020"]);
    assert_eq!(
        (report.rows_read, report.rows_filtered_out, report.rows_used),
        (5, 1, 4)
    );
    assert_eq!(
        (report.values, &report.regions),
        (4, &BTreeMap::from([(Level::Municipality, 4)]))
    );
    assert_eq!(
        report.without_value,
        BTreeMap::from([
            (Reason::Missing, 1),
            (Reason::OperandMissing, 1),
            (Reason::OperandSuppressed, 1),
            (Reason::OperandNotApplicable, 1)
        ])
    );
}

#[test]
fn a_tidy_table_joins_the_measures_of_a_region_and_period() {
    let table = "RegioS;Perioden;Measure;Value\n\
        GM0034    ;2020JJ00;M1;     12\n\
        GM0034    ;2020JJ00;M2;   1200,0\n\
        GM0034    ;2021JJ00;M2;0\n\
        GM0995    ;2021MM03;M1;.\n\
        NL01      ;2020JJ00;M1;99\n\
        GM0034    ;2020JJ00;M9;what it does not use\n";
    let (unit, report) = unit(TIDY, &[table]);
    assert_eq!(
        shown(&unit),
        [
            "birth_rate GM0034 2020 10 Final Derived",
            "birth_rate GM0034 2021 - Missing Derived",
            "birth_rate GM0995 2021-03 - Missing Derived",
            "births GM0034 2020 12 Final Loaded",
            "births GM0034 2021 - Missing Loaded",
            "births GM0995 2021-03 - Missing Loaded",
        ]
    );
    assert_eq!(unit.periods, ["2020", "2021", "2021-03"]);
    assert_eq!(
        (
            report.rows_read,
            report.rows_of_other_levels,
            report.rows_of_other_measures,
            report.rows_used
        ),
        (6, 1, 1, 4)
    );
    assert_eq!(
        report.without_value,
        BTreeMap::from([
            (Reason::Missing, 1),
            (Reason::NoRow, 1),
            (Reason::OperandMissing, 2)
        ])
    );
}

#[test]
fn several_files_compressed_or_not_make_one_unit_in_their_order() {
    let (first, second) = (
        "code,name,water,people,benefits\nGM0034,Almere,NEE,200,10\n",
        "people,benefits,water,name,code\n40,4,NEE,Lelystad,GM0995\n",
    );
    let (plain, _) = unit(WIDE, &[first, second]);
    let inputs = vec![
        input("a", gzip(first.as_bytes())),
        input("b", gzip(second.as_bytes())),
    ];
    let (packed, report) =
        ImportUnit::from_inputs(&recipe(WIDE), inputs, &ImportFlags::default()).expect("a unit");
    assert_eq!(packed, plain);
    assert_eq!(report.files, ["a", "b"]);
    assert_eq!(
        plain.file_sha256,
        hex(&Sha256::digest(format!("{first}{second}")))
    );
    assert_eq!(plain.regions().len(), 2);
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut lines: Vec<&str> = TOWNS.lines().collect();
    lines[1..].reverse();
    let (turned, _) = unit(WIDE, &[&lines.join("\n")]);
    let (straight, _) = unit(WIDE, &[TOWNS]);
    assert_eq!(
        (turned.rows(), turned.regions()),
        (straight.rows(), straight.regions())
    );
}

#[test]
fn a_cell_that_is_no_number_is_named_with_file_line_column_value_and_what_was_expected() {
    let table = "code,name,water,people,benefits\nGM0034,Almere,NEE,200,NaN\nGM0995,Lelystad,NEE,2 00,inf\nGM0050,Zeewolde,JA,?,?\n";
    let expected = "is not a number, expected a number such as 12.5, or \"\", \"-999\", \".\", \"x\", \"n/a\" for no figure";
    assert_eq!(
        problems(WIDE, &[table]),
        [
            format!("1.csv:2: column `benefits`: `NaN` {expected}"),
            format!("1.csv:3: column `people`: `2 00` {expected}"),
            format!("1.csv:3: column `benefits`: `inf` {expected}"),
        ]
    );
    assert_eq!(
        problems(
            TIDY,
            &["RegioS;Perioden;Measure;Value\nGM0034;2020;M1;1.5\nGM0034;2020;M2;1,5\n"]
        ),
        [
            "1.csv:2: column `Value` of `M1`: `1.5` is not a number, expected a number such as 12,5, or \"\", \".\" for no figure"
        ]
    );
}

#[test]
fn the_first_twenty_problems_are_told_and_the_others_counted() {
    let rows: String = (0..30).map(|n| format!("GM{n:04},T{n},NEE,?,1\n")).collect();
    let error = import(WIDE, &[&format!("code,name,water,people,benefits\n{rows}")]).expect_err("no numbers");
    assert_eq!((error.problems.len(), error.more), (20, 10));
    let text = error.to_string();
    assert!(
        text.starts_with("the import by town_figures.toml has 30 problems\n  1.csv:2: "),
        "{text}"
    );
    assert!(text.ends_with("\n  and 10 more"), "{text}");
}

#[test]
fn a_region_twice_is_counted_when_equal_and_refused_when_not() {
    let twice =
        |second: &str| format!("code,name,water,people,benefits\nGM0034,Almere,NEE,200,10\n{second}\n");
    let (_, report) = unit(WIDE, &[&twice("GM0034 , Almere,NEE,200.0,10")]);
    assert_eq!((report.duplicates.total, report.rows_used), (1, 1));
    assert_eq!(
        problems(WIDE, &[&twice("GM0034,Almere,NEE,201,10")]),
        [
            "1.csv:3: GM0034 in 2020 stands here again, first on 1.csv:2, with another figure (`people`: 201 here, 200 there): \
          keep one of the two, or leave one out by a [[table.filter]]"
        ]
    );
    let other_file = "code,name,water,people,benefits\nGM0034,Almere,NEE,200,.\n";
    assert!(
        problems(WIDE, &[&twice(""), other_file])[0]
            .starts_with("2.csv:2: GM0034 in 2020 stands here again, first on 1.csv:2")
    );
    let named = problems(WIDE, &[&twice("GM0034,Almere Haven,NEE,200,10")]);
    assert_eq!(
        named,
        ["1.csv:3: GM0034 is called `Almere Haven` here and `Almere` on 1.csv:2: one name per period"]
    );
}

#[test]
fn measures_of_a_tidy_table_are_told_apart_when_regions_stand_twice() {
    let table = "RegioS;Perioden;Measure;Value\nGM0034;2020;M1;1\nGM0034;2020;M2;2\nGM0034;2020;M1;1\nGM0034;2020;M2;3\n";
    let found = problems(TIDY, &[table]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("1.csv:5: GM0034 in 2020 stands here again, first on 1.csv:3, with another figure (`M2`: 3 here, 2 there)"), "{found:?}");
}

#[test]
fn words_that_are_no_codes_are_counted_and_alone_they_are_no_import() {
    let table = "code,name,water,people,benefits\nGM0034,Almere,NEE,200,10\nTotaal,Alle,NEE,1,1\nNL01,Nederland,NEE,1,1\nWK003401,Wijk,NEE,?,1\n";
    let (unit, report) = unit(WIDE, &[table]);
    assert_eq!(unit.regions().len(), 1);
    assert_eq!(report.unmatched.first, BTreeMap::from([("Totaal".to_owned(), 1)]));
    assert_eq!(report.rows_of_other_levels, 2);
    let found = problems(
        WIDE,
        &["code,name,water,people,benefits\nTotaal,Alle,NEE,1,1\nGM0034,Almere,JA,1,1\n"],
    );
    assert_eq!(
        found,
        [
            "1.csv: no row is left to import: of 2 rows 1 do not pass the filters, 1 have no region code, 0 are of other levels, 0 \
          of other measures"
        ]
    );
}

#[test]
fn a_broken_code_is_refused_with_its_line_because_its_figures_would_be_lost() {
    for code in [
        "34",
        "0034",
        "GM34",
        "GMOO34",
        "gm0034",
        "GM 0034",
        "",
        "GM0034\u{200b}",
        "\u{feff}x",
    ] {
        let table =
            format!("code,name,water,people,benefits\nGM0995,Lelystad,NEE,1,1\n{code},Almere,NEE,1,1\n");
        let found = problems(WIDE, &[&table]);
        assert!(
            matches!(found.as_slice(), [one] if one.starts_with("1.csv:3: column `code`: ") && one.contains("is not a code")),
            "{code:?}: {found:?}"
        );
    }
    let twice = "code,name,water,people,benefits\nGM0995,Lelystad,NEE,1,1\ncode,name,NEE,benefits,people\n";
    assert_eq!(
        problems(WIDE, &[twice]),
        ["1.csv:3: column `code`: the header stands here again"]
    );
    let except = WIDE.replace(
        "equals = [\"NEE\"]",
        "equals = [\"NEE\"]\n\n[[table.filter]]\ncolumn = \"code\"\nexcept = [\"0\"]",
    );
    let (unit, report) = unit(
        &except,
        &["code,name,water,people,benefits\nGM0995,Lelystad,NEE,1,1\n0,Alle,NEE,1,1\n"],
    );
    assert_eq!((unit.regions().len(), report.rows_filtered_out), (1, 1));
}

#[test]
fn a_name_that_terminals_would_obey_or_nobody_could_read_is_refused() {
    for name in ["Al\u{1b}[31mmere", "Al\u{202e}mere", &"x".repeat(201)] {
        let found = problems(WIDE, &[&TOWNS.replace("Almere", name)]);
        assert!(
            matches!(found.as_slice(), [one] if one.starts_with("1.csv:2: column `name`: ")),
            "{found:?}"
        );
    }
}

#[test]
fn a_number_of_things_has_no_fraction() {
    let counted = WIDE.replacen("decimals = 0", "decimals = 0\naggregation = \"sum\"", 1);
    assert_eq!(
        problems(&counted, &[&TOWNS.replace("200", "211.893")]),
        [
            "1.csv:2: `townsfolk` for GM0034 in 2020: 211.893 is no number of things: is `decimal` in the recipe right, or a sign of \
          thousands in the table?"
        ]
    );
    unit(WIDE, &[&TOWNS.replace("200", "211.893")]);
}

#[test]
fn periods_measures_and_names_that_are_wrong_are_named() {
    let found = problems(TIDY, &["RegioS;Perioden;Measure;Value\nGM0034;2020KW01;M1;1\n"]);
    assert!(
        found[0].starts_with("1.csv:2: column `Perioden`: `2020KW01` is not a period, expected a year"),
        "{found:?}"
    );
    let found = problems(
        TIDY,
        &["RegioS;Perioden;Measure;Value\nGM0034;2020;M1;1\nGM0034;2020;M20;1\n"],
    );
    assert_eq!(
        found,
        ["tidy_figures.toml:27: `birth_rate`: no row that is kept has the measure `M2`; did you mean `M1`?"]
    );
    let found = problems(TIDY, &["RegioS;Period;Measure;Value\nGM0034;2020;M1;1\n"]);
    assert_eq!(
        found,
        [
            "1.csv:1: there is no column `Perioden`, which `period_column` of tidy_figures.toml needs; did you mean `Period`?"
        ]
    );
    let found = problems(WIDE, &["code,name,water,people,benefits\nGM0034, ,NEE,1,1\n"]);
    assert_eq!(
        found,
        ["1.csv:2: column `name`: is empty, expected the name of GM0034"]
    );
}

#[test]
fn the_name_of_a_region_is_that_of_its_latest_period() {
    let named = TIDY.replace("measure_column", "region_name_column = \"Name\"\nmeasure_column");
    let header = "RegioS;Name;Perioden;Measure;Value\n";
    let rows = [
        "GM0034;Oud;2019;M1;1\n",
        "GM0034;Nieuw;2021;M1;1\n",
        "GM0034;Midden;2020;M2;1\n",
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let table: String = std::iter::once(header)
            .chain(order.map(|place| rows[place]))
            .collect();
        assert_eq!(
            unit(&named, &[&table]).0.regions()[0].name.as_deref(),
            Some("Nieuw"),
            "{order:?}"
        );
    }
}

#[test]
fn a_result_that_no_number_holds_is_refused_with_its_operands() {
    let table = "code,name,water,people,benefits\nGM0034,Almere,NEE,0.1,1e308\n";
    let found = problems(WIDE, &[table]);
    assert!(
        found[0].starts_with("1.csv:2: formula of `recipients` for GM0034 in 2020: the result is beyond"),
        "{found:?}"
    );
}

#[test]
fn day_and_version_come_from_the_flags_or_the_recipe_and_never_from_the_clock() {
    let without = WIDE.replace("retrieved = \"2024-05-01\"\nsource_version = \"2\"\n", "");
    assert_eq!(
        problems(&without, &[TOWNS]),
        [
            "town_figures.toml: key `retrieved` is missing: write the day the table was fetched, or give --retrieved YYYY-MM-DD",
            "town_figures.toml: key `source_version` is missing: write the source's version of the table, or give --source-version TEXT",
        ]
    );
    let with = |retrieved: &str, version: &str| {
        let flags = ImportFlags {
            retrieved: Some(retrieved.to_owned()),
            source_version: Some(version.to_owned()),
            ..ImportFlags::default()
        };
        ImportUnit::from_inputs(&recipe(WIDE), vec![input("t", TOWNS)], &flags)
    };
    let (unit, _) = with("2025-01-02", "3").expect("a unit");
    assert_eq!(
        (unit.retrieved.as_str(), unit.source_version.as_str()),
        ("2025-01-02", "3")
    );
    let error = with("2025-02-30", " ")
        .expect_err("no day, no version")
        .to_string();
    assert!(
        error.contains("--retrieved: `2025-02-30` is not a date")
            && error.contains("--source-version: is empty"),
        "{error}"
    );
}

#[test]
fn an_import_of_nothing_is_refused() {
    let none: [&str; 0] = [];
    let error = ImportUnit::read(&recipe(WIDE), &none, &ImportFlags::default()).expect_err("no tables");
    assert!(error.to_string().contains("no table is given"), "{error}");
}

#[test]
fn markers_of_one_indicator_do_not_count_for_another_that_uses_the_same_column() {
    let marked = WIDE.replace("column = \"people\"", "column = \"people\"\nmissing = [\"0\"]");
    let (unit, report) = unit(
        &marked,
        &["code,name,water,people,benefits\nGM0034,Almere,NEE,0,1\n"],
    );
    assert_eq!(unit.rows()[1].status, ObservationStatus::Missing);
    assert_eq!(
        report.without_value,
        BTreeMap::from([(Reason::Missing, 1), (Reason::DivisionByZero, 1)])
    );
    assert_eq!(report.indicators_without_data, ["recipients", "townsfolk"]);
}
