//! What `docs/data.md` says of the recipes that ship is what they say.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

const DATA: &str = include_str!("../../../../docs/data.md");

fn shipped() -> Vec<Recipe> {
    Recipe::built_in().unwrap_or_else(|error| panic!("{error}"))
}

/// The part of the page under a heading, up to the next of its rank.
fn part(heading: &str) -> &'static str {
    let (_, rest) = DATA
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no part `{heading}`"));
    rest.split("\n## ").next().unwrap_or(rest)
}

/// The rows of the tables of a part, by their first cell, which is an id between backticks.
fn rows(part: &str) -> Vec<(&str, Vec<&str>)> {
    let cells = |line: &'static str| -> Option<(&'static str, Vec<&'static str>)> {
        let mut cells = line.strip_prefix("| `")?.strip_suffix(" |")?.split(" | ");
        Some((cells.next()?.strip_suffix('`')?, cells.collect()))
    };
    // The page is a constant: what is cut from it lives as long.
    let start = DATA.find(part).unwrap_or_default();
    DATA[start..start + part.len()]
        .lines()
        .filter_map(cells)
        .collect()
}

#[test]
fn every_side_that_a_recipe_calls_favourable_stands_in_the_page_with_its_reason() {
    let recipes = shipped();
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for indicator in recipes.iter().flat_map(|recipe| &recipe.indicators) {
        let Some(reason) = indicator.polarity_reason.as_ref() else {
            continue;
        };
        let side = match indicator.polarity {
            Some(Polarity::HigherIsFavourable) => "high",
            _ => "low",
        };
        expected.insert(&indicator.id, vec![side, &reason.en]);
    }
    let found = rows(part("Which side is favourable"));
    assert_eq!(
        found.len(),
        expected.len(),
        "an indicator stands there twice, or is missing"
    );
    assert_eq!(found.into_iter().collect::<BTreeMap<_, _>>(), expected);
}

#[test]
fn every_table_stands_in_the_page_with_its_name_address_licence_and_attribution() {
    let (recipes, part) = (shipped(), part("The tables"));
    let listed = rows(part);
    let ids: BTreeSet<&str> = recipes.iter().map(|recipe| recipe.id.as_str()).collect();
    assert_eq!(listed.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>(), ids);
    assert_eq!(listed.len(), ids.len());
    for recipe in &recipes {
        let file = recipe.source.file.as_ref().map(|file| format!("`{file}`"));
        let row = listed.iter().find(|(id, _)| *id == recipe.id);
        let named = row.and_then(|(_, cells)| cells.last().copied());
        assert_eq!(named, file.as_deref(), "{}", recipe.id);
        let line = part
            .lines()
            .find(|line| line.starts_with(&format!("- `{}`:", recipe.id)));
        let line = line.unwrap_or_else(|| panic!("no line of {}", recipe.id));
        let address = recipe.source.url.as_ref().or(recipe.source.odata.as_ref());
        let address = address.unwrap_or_else(|| panic!("no address of {}", recipe.id));
        for said in [&format!("<{address}>"), &recipe.licence, &recipe.attribution.en] {
            assert!(line.contains(said.as_str()), "{line} lacks {said}");
        }
    }
}

#[test]
fn every_stand_in_stands_in_the_page_with_what_it_stands_in_for() {
    let known: BTreeSet<(&str, String)> = [
        part("Stand-ins, and how well they agree"),
        part("The eleven categories"),
    ]
    .into_iter()
    .flat_map(rows)
    .filter_map(|(target, cells)| Some((target, (*cells.first()?).to_owned())))
    .collect();
    for indicator in shipped().iter().flat_map(|recipe| &recipe.indicators) {
        if let Some(proxy) = &indicator.proxy {
            let pair = (proxy.indicator.as_str(), format!("`{}`", indicator.id));
            assert!(known.contains(&pair), "{pair:?}");
        }
    }
}
