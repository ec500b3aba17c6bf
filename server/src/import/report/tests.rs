//! A report says what an operator must judge.

use super::*;

#[test]
fn values_beyond_ten_deviations_are_named_and_ten_are_not() {
    let mut values: Vec<(&str, f64)> = vec![("GM0001", 0.0); 400];
    values.push(("GM0034", 50.0));
    let far = far_from_the_others(&values);
    assert_eq!(far.len(), 1);
    // One of n + 1 values that are otherwise equal lies sqrt(n) deviations away.
    assert!(far[0].0 == "GM0034" && (far[0].2 - 20.0).abs() < 1e-9, "{far:?}");
    let hundred: Vec<(&str, f64)> = std::iter::repeat_n(("GM0001", 1.0), 100)
        .chain([("GM0034", 9.0)])
        .collect();
    assert!(far_from_the_others(&hundred).is_empty());
}

#[test]
fn tiny_huge_equal_and_no_values_are_measured_as_well() {
    for scale in [1e-300, 1e300] {
        let mut values: Vec<(&str, f64)> = vec![("GM0001", scale); 400];
        values.push(("GM0034", 2.0 * scale));
        assert_eq!(far_from_the_others(&values).len(), 1, "{scale}");
    }
    assert!(far_from_the_others(&[("GM0001", 3.0); 200]).is_empty());
    assert!(far_from_the_others(&[]).is_empty());
}

#[test]
fn a_tally_names_the_first_and_counts_the_others() {
    let mut tally = Tally::default();
    for n in 0..25 {
        tally.count(&format!("c{n:02}"));
    }
    tally.count("c00");
    tally.count("");
    assert_eq!((tally.total, tally.first.len(), tally.of_others), (27, 20, 6));
    let text = tally.to_string();
    assert!(
        text.starts_with("c00 x 2, c01, ") && text.ends_with("c19, others x 6"),
        "{text}"
    );
}

#[test]
fn the_text_holds_every_count() {
    let mut unmatched = Tally::default();
    unmatched.count("Almere");
    unmatched.count("");
    let report = ImportReport {
        recipe: "town_figures".to_owned(),
        files: vec!["a.csv".to_owned(), "b.csv.gz".to_owned()],
        periods: vec!["2020".to_owned()],
        rows_read: 10,
        rows_filtered_out: 3,
        rows_of_other_levels: 2,
        rows_used: 3,
        unmatched,
        regions: BTreeMap::from([(Level::Municipality, 3)]),
        indicators: 2,
        values: 4,
        without_value: BTreeMap::from([(Reason::Missing, 1), (Reason::DivisionByZero, 1)]),
        outliers: vec![Outlier {
            indicator: "townsfolk".to_owned(),
            region: "GM0034".to_owned(),
            period: "2020".to_owned(),
            value: 214_715.0,
            deviations: 12.345,
        }],
        indicators_without_data: vec!["births".to_owned()],
        ..ImportReport::default()
    };
    assert_eq!(
        report.to_string(),
        "\
town_figures, 2020: a.csv, b.csv.gz
  rows read                                          10
    left out by the filters                           3
    of other levels                                   2
    without a region code                             2  (empty), Almere
    used                                              3
  municipalities                                      3
  indicators                                          2
  values                                              4
  without a value                                     2
    the source has no figure                          1
    the formula divides by zero                       1
  indicators without data                             1  births
  values beyond 10 standard deviations                1
    townsfolk GM0034 2020: 214715 (12.3 sd)"
    );
}
