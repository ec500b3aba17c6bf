//! The real tables, from the shared folder beside the project.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use super::*;

/// The folder of a real table, from the shared folder beside the project.
fn real(test: &str, table: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data/odata_v4_fixtures")
        .join(table);
    if path.is_dir() {
        return Some(path);
    }
    // Straight to the stream: what a passing test prints is swallowed.
    let _ = writeln!(
        io::stderr(),
        "skipped {test}: shared/data/odata_v4_fixtures/{table} is not beside the project"
    );
    None
}

#[test]
fn every_observation_of_the_real_tables_is_read() {
    for (table, observations, impossible, provisional, unit) in [
        ("83625NED", 8_195, 4_023, 0, ("M001534", "euro")),
        ("03759ned", 13_568, 8_165, 0, ("M000352", "aantal")),
        ("82235NED", 889, 0, 0, ("D002936", "x 1 000")),
        ("83932NED", 280, 0, 20, ("1050010", "x 1 000")),
    ] {
        let Some(path) = real("every_observation_of_the_real_tables_is_read", table) else {
            continue;
        };
        let outcome = read_with(
            &path,
            &["Measure", "Value", "Perioden", "Perioden/Title"],
            &[unit],
        );
        assert_eq!(outcome.problems, [""; 0], "{table}");
        assert_eq!(outcome.rows.len(), observations, "{table}");
        let count = |is_it: &dyn Fn(&ReadRow) -> bool| outcome.rows.iter().filter(|row| is_it(row)).count();
        assert_eq!(count(&|row| row.1[1] == "Impossible"), impossible, "{table}");
        assert_eq!(count(&|row| row.2), provisional, "{table}");
        assert_eq!(
            count(&|row| row.1[1] != "Impossible" && row.1[1].parse::<f64>().is_err()),
            0,
            "{table}"
        );
    }
}

#[test]
fn the_recipes_that_ship_give_the_figures_of_the_municipalities_and_the_population_of_the_country() {
    const TEST: &str =
        "the_recipes_that_ship_give_the_figures_of_the_municipalities_and_the_population_of_the_country";
    for (id, table, values, periods) in [
        ("cbs_sale_prices", "83625NED", 3_985, 11),
        ("cbs_population", "03759ned", 2_775, 8),
    ] {
        let Some(path) = real(TEST, table) else {
            continue;
        };
        let recipe = Recipe::find(id).unwrap_or_else(|error| panic!("{error}"));
        let (unit, report) = ImportUnit::read(&recipe, &[&path], &ImportFlags::default())
            .unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((report.values, unit.periods.len()), (values, periods), "{report}");
        assert!(unit.rows().iter().all(|row| row.value.is_some()), "{report}");
        if id == "cbs_population" {
            for country in read_with(&path, &["RegioS", "Measure", "Perioden/Title", "Value"], &[]).rows {
                let [region, measure, year, value] = country.1.as_slice() else {
                    panic!("{country:?}")
                };
                if region == "NL01" && measure == "M000352" {
                    let of_year = unit.rows().iter().filter(|row| row.period == *year);
                    let sum: f64 = of_year.filter_map(|row| row.value).sum();
                    assert_eq!(value.parse(), Ok(sum), "{year}");
                }
            }
        }
    }
}
