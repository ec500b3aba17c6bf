//! A recipe fits the edition it adds to, and the recipes beside it.

use super::*;
use crate::{
    domain::{Block, IndicatorKind, KindBasis, Polarity},
    import::fixtures::{WIDE, recipe},
};

fn text(name: &str) -> Text {
    Text::new(name, name)
}

fn known(id: &str, kind: IndicatorKind) -> Indicator {
    Indicator {
        id: id.to_owned(),
        name: text(id),
        theme: "population".to_owned(),
        block: None,
        kind,
        kind_basis: KindBasis::Stated,
        section: "2.1".to_owned(),
        figure: None,
        origin: false,
        polarity: None,
        polarity_reason: None,
        denominator: None,
        aggregation: None,
        proxy: None,
        unit: None,
        decimals: 0,
        parts: Vec::new(),
        children: Vec::new(),
        stated: None,
        note: None,
    }
}

fn themes() -> Vec<Theme> {
    let block = Block {
        id: "people".to_owned(),
        name: text("people"),
        note: None,
    };
    vec![Theme {
        id: "population".to_owned(),
        name: text("population"),
        section: "2".to_owned(),
        blocks: vec![block],
    }]
}

/// The problems of the wide recipe, with one part changed, against a base with these indicators.
fn problems(from: &str, to: &str, base: &[Indicator]) -> Vec<String> {
    assert!(WIDE.contains(from), "{from}");
    match recipe(&WIDE.replacen(from, to, 1)).check_against(base, &themes()) {
        Ok(()) => Vec::new(),
        Err(error) => error.problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn new_indicators_must_be_complete_and_refer_to_what_is_there() {
    assert_eq!(problems("", "", &[]), [""; 0]);
    for (from, to, part) in [
        (
            "theme = \"population\"",
            "",
            "town_figures.toml:24: `townsfolk` is new: it needs theme",
        ),
        (
            "name_nl = \"Inwoners\"\nname_en = \"Inhabitants\"",
            "",
            "it needs name_nl, name_en",
        ),
        (
            "theme = \"population\"",
            "theme = \"populaton\"",
            "no theme is called `populaton`; did you mean `population`?",
        ),
        (
            "theme = \"population\"",
            "theme = \"population\"\nblock = \"poeple\"",
            "has no block `poeple`; did you mean `people`?",
        ),
        (
            "denominator = \"townsfolk\"",
            "denominator = \"townfolk\"",
            "denominator: no indicator of this recipe or the edition is called `townfolk`; did you mean `townsfolk`?",
        ),
    ] {
        let found = problems(from, to, &[]);
        assert!(found.len() == 1 && found[0].contains(part), "{to}: {found:?}");
    }
}

#[test]
fn what_weighs_an_indicator_may_be_of_a_recipe_that_ships() {
    let own = "denominator = \"townsfolk\"";
    assert_eq!(problems(own, "denominator = \"dwellings\"", &[]), [""; 0]);
}

#[test]
fn an_indicator_of_the_edition_may_be_left_to_it_and_must_not_differ() {
    let base = [known("townsfolk", IndicatorKind::Neutral)];
    let short = "name_nl = \"Inwoners\"\nname_en = \"Inhabitants\"\ntheme = \"population\"\nkind = \"neutral\"\nkind_basis = \"stated\"\n";
    assert_eq!(problems(short, "", &base), [""; 0]);
    let found = problems("", "", &base);
    assert_eq!(
        found,
        [
            "town_figures.toml:24: name_nl/name_en: differs from what the edition says of `townsfolk`: leave it out there, or give \
          another concept its own id"
        ]
    );
    let judged = [known("townsfolk", IndicatorKind::Judgement)];
    let found = problems(short, "", &judged);
    assert!(
        found[0].contains("`townsfolk` is judged: `polarity`, `polarity_reason_nl`"),
        "{found:?}"
    );
    let reasons =
        "polarity = \"higher_is_favourable\"\npolarity_reason_nl = \"a\"\npolarity_reason_en = \"b\"\n";
    assert_eq!(problems(short, reasons, &judged), [""; 0]);
    assert!(problems(short, reasons, &base)[0].contains("is neutral in the edition"));
    let settled = [Indicator {
        polarity: Some(Polarity::LowerIsFavourable),
        ..judged[0].clone()
    }];
    assert!(problems(short, reasons, &settled)[0].contains("polarity: differs"));
}

#[test]
fn a_proxy_stands_in_for_an_indicator_of_the_edition_that_is_judged_alike() {
    let proxy = "column = \"people\"\nproxy_for = \"population_size\"\nproxy_reason_nl = \"a\"\nproxy_reason_en = \"b\"";
    let with = |kind| problems("column = \"people\"", proxy, &[known("population_size", kind)]);
    assert_eq!(with(IndicatorKind::Neutral), [""; 0]);
    assert!(with(IndicatorKind::Judgement)[0].contains("they cannot stand in for each other"));
    let found = problems(
        "column = \"people\"",
        proxy,
        &[known("population_sizes", IndicatorKind::Neutral)],
    );
    assert!(
        found[0].ends_with(
            "no indicator of the edition is called `population_size`; did you mean `population_sizes`?"
        ),
        "{found:?}"
    );
}

#[test]
fn recipes_that_fill_the_same_indicator_say_the_same_of_it() {
    let one = recipe(WIDE);
    check_together([&one, &one]).unwrap_or_else(|error| panic!("{error}"));
    let other = recipe(
        &WIDE
            .replace("decimals = 1", "decimals = 2")
            .replace("column = \"people\"", "column = \"folk\""),
    );
    let error = check_together([&one, &other]).expect_err("other decimals");
    assert_eq!(
        error.to_string(),
        "town_figures.toml:36: decimals: differs from what town_figures.toml:36 says of \
         `recipients`: make the two equal"
    );
}
