//! A text means one municipality where it can, and says who else it might be.

use super::*;
use crate::{edition::source::SourceFolder, snapshot::tests::snapshot_of};

/// Places in the index of some of the built-in municipalities, changed for the test.
fn regions(change: impl Fn(&mut Vec<Region>)) -> (Vec<Region>, HashMap<String, usize>) {
    let mut regions = snapshot_of(&SourceFolder::built_in()).regions;
    change(&mut regions);
    let codes = regions
        .iter()
        .map(|region| region.code.clone())
        .zip(0..)
        .collect();
    (regions, codes)
}

fn place(regions: &[Region], code: &str) -> usize {
    let found = regions.iter().position(|region| region.code == code);
    found.unwrap_or_else(|| panic!("no {code}"))
}

/// Almere and Lelystad are both called Polder for short; Lelystad ended, split between Almere and Utrecht.
fn split(inhabitants: [Option<u64>; 2]) -> (Vec<Region>, HashMap<String, usize>) {
    regions(|regions| {
        let (almere, lelystad) = (place(regions, "GM0034"), place(regions, "GM0995"));
        regions[almere].name = "Polder (Fl.)".to_owned();
        regions[lelystad].name = "Polder (oud)".to_owned();
        regions[lelystad].valid_to = Some("2020-01-01".to_owned());
        let steps = ["GM0034", "GM0344"].into_iter().zip(inhabitants);
        regions[lelystad].successors = steps
            .map(|(code, inhabitants)| Succession {
                code: code.to_owned(),
                name: code.to_owned(),
                date: "2020-01-01".to_owned(),
                note: None,
                inhabitants,
                share: None,
            })
            .collect();
    })
}

fn resolved(inhabitants: [Option<u64>; 2], typed: &str) -> Result<(String, Vec<String>), Unresolved> {
    let (regions, codes) = split(inhabitants);
    let among = Among {
        regions: &regions,
        codes: &codes,
        on: None,
    };
    let found = NameIndex::of(&regions).resolve(among, typed)?;
    let others = found.others.iter().map(|region| region.code.clone());
    Ok((found.region.code.clone(), others.collect()))
}

#[test]
fn a_split_is_followed_to_where_most_went_and_ambiguous_when_nobody_knows() {
    let most = |inhabitants| resolved(inhabitants, "GM0995").map(|(code, _)| code);
    assert_eq!(most([Some(1), Some(2)]), Ok("GM0344".to_owned()));
    assert_eq!(most([Some(2), None]), Ok("GM0034".to_owned()));
    assert_eq!(
        most([Some(2), Some(2)]),
        Ok("GM0034".to_owned()),
        "the first by code"
    );
    let Err(Unresolved::Ambiguous(candidates)) = most([None, None]) else {
        panic!("not ambiguous")
    };
    assert_eq!(candidates, ["Polder (Fl.) (GM0034)", "Utrecht (GM0344)"]);
}

#[test]
fn a_short_name_is_that_of_the_one_that_exists_and_the_other_is_told() {
    let found = resolved([Some(1), Some(2)], "polder");
    assert_eq!(found, Ok(("GM0034".to_owned(), vec!["GM0995".to_owned()])));
}
