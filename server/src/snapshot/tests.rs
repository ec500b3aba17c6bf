//! The built-in edition as requests see it.

use super::*;
use crate::edition::{self, source::SourceFolder};

/// A snapshot of a source, as if it were published.
pub(crate) fn snapshot_of(source: &SourceFolder) -> Snapshot {
    let file = edition::build(&source.draft().unwrap_or_else(|error| panic!("{error}"))).expect("an edition");
    snapshot_of_file(&file)
}

/// A snapshot of a built edition, as if it were published.
pub(crate) fn snapshot_of_file(file: &EditionFile) -> Snapshot {
    Snapshot::open(Manifest::of(file, 1, Some(1)), &file.location()).expect("a snapshot")
}

fn published<'a>(snapshot: &'a Snapshot, indicator: &str) -> &'a RankingTable {
    let (place, _) = snapshot.indicator(indicator).expect("an indicator");
    snapshot.ranking(place, None, None).expect("a ranking")
}

#[test]
fn published_positions_are_ranked_and_marked() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    let table = published(&snapshot, "low_other_domestic_violence");
    assert_eq!(
        (table.basis, table.n, table.rows.len(), table.column_inferred),
        (Basis::Published, 337, 7, true)
    );
    let (helmond, _) = snapshot.region("GM0794").expect("Helmond");
    let (place, row) = table.row(helmond).expect("a position");
    assert_eq!((place, row.standing.position, row.value), (6, 337, None));
    assert!(table.rows.is_sorted_by_key(|row| row.standing.position));
    let built_environment = published(&snapshot, "built_environment");
    assert_eq!(built_environment.means[0].standing.position, 311);
    assert!(built_environment.rows.is_empty());
}

#[test]
fn people_find_their_municipality_however_they_type_it() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    for (typed, code, by) in [
        ("GM0502", "GM0502", ResolvedBy::Code),
        ("0502", "GM0502", ResolvedBy::Code),
        ("gm502", "GM0502", ResolvedBy::Code),
        ("GM-0502", "GM0502", ResolvedBy::Code),
        ("gm 0502", "GM0502", ResolvedBy::Code),
        ("gemeente Helmond", "GM0794", ResolvedBy::Name),
        ("Helmond (gemeente)", "GM0794", ResolvedBy::Name),
        ("gem. Helmont", "GM0794", ResolvedBy::TypingCorrected),
        ("capelle ad ijssel", "GM0502", ResolvedBy::Alias),
        ("CAPELLE AAN DEN IJSSEL", "GM0502", ResolvedBy::Name),
        ("Den Haag", "GM0518", ResolvedBy::Alias),
        ("s gravenhage", "GM0518", ResolvedBy::Name),
        ("GM0370", "GM0439", ResolvedBy::FormerCode),
        ("Beemster", "GM0439", ResolvedBy::FormerName),
        ("Spijkenisse", "GM1930", ResolvedBy::FormerName),
        ("Helmont", "GM0794", ResolvedBy::TypingCorrected),
        ("Zoetemeer", "GM0637", ResolvedBy::TypingCorrected),
    ] {
        let found = snapshot
            .resolve_region(typed)
            .unwrap_or_else(|error| panic!("{typed}: {error:?}"));
        assert_eq!((found.region.code.as_str(), found.by), (code, by), "{typed}");
    }
    assert_eq!(
        snapshot.resolve_region("GM0003"),
        Err(Unresolved::NoData("GM0003".into()))
    );
    assert_eq!(
        snapshot.resolve_region("Alm"),
        Err(Unresolved::Unknown(vec!["Almere (GM0034)".into()]))
    );
    assert_eq!(
        snapshot.resolve_region("Timboektoe"),
        Err(Unresolved::Unknown(vec![]))
    );
    assert_eq!(snapshot.resolve_region(""), Err(Unresolved::Unknown(vec![])));
}

#[test]
fn a_search_puts_the_whole_name_before_its_parts() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    assert_eq!(snapshot.search("Weinig diefstal")[0].id, "low_theft");
    assert_eq!(snapshot.search("low_theft")[0].id, "low_theft");
    assert!(snapshot.search("unemployment").len() >= 7);
    assert!(snapshot.search("zzzz").is_empty());
    assert!(snapshot.search(" ").is_empty());
}

#[test]
fn values_are_ranked_graded_and_preferred_over_published_positions() {
    let source = SourceFolder::built_in();
    let indicators = source.file("indicators.toml").expect("a file").replacen(
        "id = \"low_theft\"\n",
        "id = \"low_theft\"\npolarity = \"lower_is_favourable\"\n",
        1,
    );
    let regions = snapshot_of(&source).regions;
    let existed = regions.iter().filter(|region| region.existed_in("2020"));
    let codes: Vec<&str> = existed.map(|region| region.code.as_str()).collect();
    let rows: String = codes
        .iter()
        .enumerate()
        .map(|(i, code)| match i {
            0 => format!("low_theft,{code},2020,,suppressed,loaded,bureau_louter_2024\n"),
            _ => format!("low_theft,{code},2020,{i},final,loaded,bureau_louter_2024\n"),
        })
        .collect();
    let observations = format!("indicator,region,period,value,status,origin,source\n{rows}");
    let snapshot = snapshot_of(
        &source
            .with_file("indicators.toml", indicators)
            .with_file("observations.csv", observations),
    );
    let table = published(&snapshot, "low_theft");
    assert_eq!((table.basis, table.period.as_str()), (Basis::Computed, "2020"));
    assert_eq!(table.rows[0].value, Some(1.0));
    assert_eq!(table.n as usize, codes.len() - 1);
    assert_eq!(table.missing, 1, "withheld, and nobody of another vintage");
    let grades: Vec<f64> = table.rows.iter().filter_map(|row| row.standing.grade).collect();
    assert!((grades.iter().sum::<f64>() / grades.len() as f64 - 6.5).abs() < 1e-9);
    let (place, _) = snapshot.indicator("low_theft").expect("an indicator");
    let other = snapshot
        .ranking(place, Some(Basis::Published), None)
        .expect("published");
    assert_eq!(other.n, 337);
    assert!(snapshot.ranking(place, None, Some("1999")).is_none());
}

#[test]
fn missing_counts_the_municipalities_of_the_period_and_not_those_of_today() {
    let source = SourceFolder::built_in();
    let indicators = source.file("indicators.toml").expect("a file").replacen(
        "id = \"low_theft\"\n",
        "id = \"low_theft\"\npolarity = \"lower_is_favourable\"\n",
        1,
    );
    let observations = "indicator,region,period,value,status,origin,source\n\
                        low_theft,GM0612,2014,1,final,loaded,bureau_louter_2024\n\
                        low_theft,GM0034,2014,2,final,loaded,bureau_louter_2024\n\
                        low_theft,GM1930,2024,3,final,loaded,bureau_louter_2024\n";
    let snapshot = snapshot_of(
        &source
            .with_file("indicators.toml", indicators)
            .with_file("observations.csv", observations),
    );
    let (place, _) = snapshot.indicator("low_theft").expect("an indicator");
    let missing = |period| {
        let table = snapshot.ranking(place, None, Some(period)).expect("a ranking");
        (table.n, table.missing)
    };
    // Of the 37 codes four ended in 2015, 2022, 2022 and 2023, and three began in those years.
    assert_eq!(missing("2014"), (2, 37 - 3 - 2));
    assert_eq!(missing("2024"), (1, 37 - 4 - 1));
}
