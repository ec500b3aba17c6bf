//! The lives of all municipalities, from the real tables where they are beside the project: see `real_tables`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    path::PathBuf,
    sync::Arc,
};

use super::{ImportFlags, ImportUnit, Recipe, TableFolder, UnitSet, compose};
use crate::{
    domain::{Region, RegionEventKind},
    edition::{self, source::SourceFolder},
    snapshot::{Snapshot, tests::snapshot_of_file},
};

/// The edition of the source with all tables of municipalities and of changes between them; nothing where they are absent, which is
/// said on the standard error.
fn snapshot(test: &str) -> Option<Snapshot> {
    snapshot_with(test, &[])
}

/// The same with the figures of these recipes.
pub(super) fn snapshot_with(test: &str, figures: &[&str]) -> Option<Snapshot> {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let mut units = UnitSet::default();
    if let Ok(folder) = TableFolder::read(&shared) {
        let recipes = Recipe::built_in().unwrap_or_else(|error| panic!("{error}"));
        for recipe in recipes
            .into_iter()
            .filter(|recipe| recipe.figure_table().is_none() || figures.contains(&&*recipe.id))
        {
            let recipe = Arc::new(recipe);
            if let Some(path) = folder.table_of(&recipe).unwrap_or_else(|error| panic!("{error}")) {
                let read = ImportUnit::read(&recipe, &[path], &ImportFlags::default());
                units.put(&recipe, read.unwrap_or_else(|error| panic!("{error}")).0);
            }
        }
    }
    let holds = |id: &str| units.recipe_ids().contains(&id);
    let lives = ["cbs_municipalities", "cbs_boundary_changes", "cbs_corop_2016"];
    if !lives.iter().chain(figures).all(|id| holds(id)) {
        let _ = writeln!(
            io::stderr(),
            "skipped {test}: tables of municipalities are not in shared/data beside the project"
        );
        return None;
    }
    let base = SourceFolder::built_in().draft().expect("whole");
    let tables = compose(&base, &units, None).unwrap_or_else(|error| panic!("{error}"));
    Some(snapshot_of_file(&edition::build_tables(&tables).expect("built")))
}

fn region<'a>(snapshot: &'a Snapshot, code: &str) -> &'a Region {
    snapshot.region(code).unwrap_or_else(|| panic!("no {code}")).1
}

/// Municipalities of the Netherlands on 1 January, as CBS publishes them.
const MUNICIPALITIES: [(&str, usize); 39] = [
    ("1988", 714),
    ("1989", 702),
    ("1990", 672),
    ("1991", 647),
    ("1992", 647),
    ("1993", 646),
    ("1994", 636),
    ("1995", 633),
    ("1996", 625),
    ("1997", 572),
    ("1998", 548),
    ("1999", 538),
    ("2000", 537),
    ("2001", 504),
    ("2002", 496),
    ("2003", 489),
    ("2004", 483),
    ("2005", 467),
    ("2006", 458),
    ("2007", 443),
    ("2008", 443),
    ("2009", 441),
    ("2010", 431),
    ("2011", 418),
    ("2012", 415),
    ("2013", 408),
    ("2014", 403),
    ("2015", 393),
    ("2016", 390),
    ("2017", 388),
    ("2018", 380),
    ("2019", 355),
    ("2020", 355),
    ("2021", 352),
    ("2022", 345),
    ("2023", 342),
    ("2024", 342),
    ("2025", 342),
    ("2026", 342),
];

#[test]
fn every_year_has_the_municipalities_that_are_known_of_it() {
    let Some(snapshot) = snapshot("every_year_has_the_municipalities_that_are_known_of_it") else {
        return;
    };
    let counted = |year: &str| {
        let all = snapshot.regions.iter();
        all.filter(|region| region.existed_on(year)).count()
    };
    assert_eq!(
        MUNICIPALITIES.map(|(year, _)| (year, counted(year))),
        MUNICIPALITIES
    );
}

#[test]
fn every_code_that_ended_leads_to_municipalities_that_exist() {
    let Some(snapshot) = snapshot("every_code_that_ended_leads_to_municipalities_that_exist") else {
        return;
    };
    let codes: BTreeMap<&str, &Region> = snapshot
        .regions
        .iter()
        .map(|region| (region.code.as_str(), region))
        .collect();
    let mut followed = 0;
    for start in snapshot.regions.iter().filter(|region| region.is_former()) {
        let mut left: BTreeSet<&str> = [start.code.as_str()].into();
        let mut reached = 0;
        for _ in 0..20 {
            let former: Vec<&str> = left
                .iter()
                .copied()
                .filter(|code| codes[code].is_former())
                .collect();
            reached = left.len() - former.len();
            if former.is_empty() {
                break;
            }
            for code in former {
                left.remove(code);
                assert!(
                    !codes[code].successors.is_empty(),
                    "{code} leads nowhere, from {}",
                    start.code
                );
                left.extend(codes[code].successors.iter().map(|step| step.code.as_str()));
            }
        }
        assert!(reached > 0 && reached == left.len(), "{}", start.code);
        followed += 1;
    }
    assert_eq!(followed, 833 - 342);
}

#[test]
fn known_reorganisations_are_told_as_they_were() {
    let Some(snapshot) = snapshot("known_reorganisations_are_told_as_they_were") else {
        return;
    };
    let moved = |old: &str, new: &str| {
        let steps = &region(&snapshot, old).successors;
        let step = steps.iter().find(|step| step.code == new);
        let step = step.unwrap_or_else(|| panic!("{old} did not become {new}: {steps:?}"));
        (step.date.clone(), step.inhabitants, step.share)
    };
    // Beemster to Purmerend, whose own inhabitants stayed.
    assert_eq!(
        moved("GM0370", "GM0439"),
        ("2022-01-01".to_owned(), Some(10_703), Some(1.0))
    );
    let stayed = snapshot
        .boundary_changes
        .iter()
        .find(|change| change.from == change.to && change.from.as_str() == "GM0439");
    assert_eq!(stayed.and_then(|change| change.inhabitants), Some(81_537));
    // Spijkenisse and Bernisse to Nissewaard.
    assert_eq!(region(&snapshot, "GM1930").predecessors.len(), 2);
    assert_eq!(moved("GM0612", "GM1930").0, "2015-01-01");
    // Weesp to Amsterdam, in the middle of a year.
    let (date, _, share) = moved("GM0457", "GM0363");
    assert_eq!((date.as_str(), share), ("2022-03-24", Some(1.0)));
    let ended = |year: &str| {
        let ended = snapshot
            .regions
            .iter()
            .filter(|region| region.valid_to.as_deref() == Some(year));
        ended.count()
    };
    assert_eq!(ended("2019-01-01"), 34);
    let founded = |year: &str| {
        let all = snapshot
            .regions
            .iter()
            .filter(|region| region.valid_from.as_deref() == Some(year));
        all.count()
    };
    assert_eq!(founded("2019-01-01"), 9);
}

#[test]
fn every_municipality_has_a_province_and_those_of_later_years_the_area_of_what_they_were_made_of() {
    let Some(snapshot) = snapshot(
        "every_municipality_has_a_province_and_those_of_later_years_the_area_of_what_they_were_made_of",
    ) else {
        return;
    };
    assert!(snapshot.regions.iter().all(|region| region.province.is_some()));
    let of_2016 = snapshot.regions.iter().filter(|region| region.existed_on("2016"));
    let stated = |region: &&Region| region.corop.as_ref().is_some_and(|corop| !corop.is_inferred);
    assert_eq!(of_2016.filter(stated).count(), 390);
    let areas: BTreeSet<&str> = snapshot
        .regions
        .iter()
        .filter_map(|region| Some(region.corop.as_ref()?.area.code.as_str()))
        .collect();
    assert_eq!(areas.len(), 40);
    let corop = region(&snapshot, "GM1980").corop.as_ref().expect("an area"); // Dijk en Waard
    assert!(
        corop.is_inferred
            && Some(&corop.area)
                == region(&snapshot, "GM0398")
                    .corop
                    .as_ref()
                    .map(|corop| &corop.area)
    );
    let renamed = snapshot.regions.iter().flat_map(|region| &region.history);
    assert_eq!(
        renamed
            .filter(|event| event.kind == RegionEventKind::Renamed)
            .count(),
        64
    );
}
