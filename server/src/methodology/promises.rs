//! What the text of the method promises: the same in both languages, no symbol unexplained, and the document is what the data
//! makes.

use std::{fs, path::Path};

use super::{
    Methodology, Section,
    examples::{in_english, numbers},
    markdown, read,
};
use crate::{domain::Text, edition::source::SourceFolder, snapshot::tests::snapshot_of};

fn method() -> &'static Methodology {
    Methodology::built_in().expect("the method can be read")
}

/// The texts with figures in them. Sources count sections, such as 4.1, which are no decimals.
fn texts(section: &Section) -> Vec<&Text> {
    let mut all = vec![
        &section.title,
        &section.meaning,
        &section.ours,
        &section.limits,
        &section.formula,
    ];
    all.extend(
        section
            .symbols
            .iter()
            .flat_map(|symbol| [&symbol.symbol, &symbol.meaning]),
    );
    all.extend(section.constants.iter().map(|constant| &constant.name));
    for example in &section.examples {
        all.extend([&example.given, &example.result]);
        all.extend(
            example
                .steps
                .iter()
                .flat_map(|step| [&step.text, &step.calculation]),
        );
    }
    all
}

#[test]
fn dutch_and_english_have_the_same_numbers() {
    let mut wrong = Vec::new();
    for (_, section) in method().sections() {
        for text in texts(section) {
            let mut dutch: Vec<String> = numbers(&text.nl)
                .iter()
                .map(|number| in_english(number))
                .collect();
            let mut english = numbers(&text.en);
            dutch.sort();
            english.sort();
            if dutch != english {
                wrong.push(format!("{}: {}\n   {}", section.id, text.nl, text.en));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_that_lacks_a_language_or_a_reference_is_refused_by_name() {
    let introduction = (
        "introduction.toml",
        include_str!("../../../data/method/introduction.toml"),
    );
    let chapter = include_str!("../../../data/method/positions.toml");
    let refused = |text: String| {
        let error = read::read(&introduction, &[("positions.toml", &text)]).expect_err("not whole");
        assert!(!error.is_empty());
        error
    };
    let dutch = "title_nl = \"Positie\"";
    assert!(
        refused(chapter.replacen(dutch, "title_nl = \"\"", 1)).contains("position has a text that is empty")
    );
    assert!(refused(chapter.replacen(dutch, "", 1)).contains("missing field `title_nl`"));
    let twice = chapter.replacen("id = \"orientation\"", "id = \"position\"", 1);
    assert!(refused(twice).contains("section position stands twice"));
    let unknown = chapter.replacen(dutch, "references = [\"nobody\"]\ntitle_nl = \"Positie\"", 1);
    assert!(refused(unknown).contains("position refers to `nobody`"));
    let constant = chapter.replacen("id = \"tolerance\"", "id = \"tolerence\"", 1);
    assert!(refused(constant).contains("the constant `tolerence`, which has no value"));
}

#[test]
fn every_constant_has_a_value_in_the_built_in_edition() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    for (_, section) in method().sections() {
        for constant in &section.constants {
            assert!(
                constant.value(&snapshot.knowledge).is_some(),
                "{} of {}",
                constant.id,
                section.id
            );
        }
    }
}

/// The bounds that formulas of the advice write out, because a reader wants to see them, are those of the built-in edition.
#[test]
fn bounds_in_the_formulas_are_those_that_hold() {
    let snapshot = snapshot_of(&SourceFolder::built_in());
    for id in [
        "verdict",
        "class",
        "breadth",
        "masking",
        "masking_trigger",
        "position_interval",
        "trend_direction",
        "robust_linear",
    ] {
        let (_, section) = method()
            .sections()
            .find(|(_, section)| section.id == id)
            .expect("a section");
        let written = numbers(&section.formula.en);
        for constant in section.constants.iter().filter(|constant| {
            !matches!(
                constant.id.as_str(),
                "least_need_coverage" | "proxy_weight" | "minimum_units" | "measured_from"
            )
        }) {
            let value = constant.value(&snapshot.knowledge).expect("a value").value;
            let stands = |number: &String| number.parse::<f64>().is_ok_and(|number| number == value);
            assert!(
                written.iter().any(stands),
                "{id}: {} is {value}, the formula says {written:?}",
                constant.id
            );
        }
    }
}

#[test]
fn the_document_is_what_the_data_makes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/methodology.md");
    let document = fs::read_to_string(path).unwrap_or_default();
    let made = markdown(method(), &snapshot_of(&SourceFolder::built_in()).knowledge);
    assert!(
        document == made,
        "docs/methodology.md is not what data/method makes: write it anew with\n\
         cargo run --package groeikern-server -- method > docs/methodology.md"
    );
}
