//! The method as `docs/methodology.md`: the English text; a program asks for either language.

use std::fmt::{self, Write};

use super::{Example, Methodology, Section};
use crate::{domain::Knowledge, method::METHOD_VERSION};

/// The whole document, with the rules of this edition.
#[must_use]
pub fn markdown(method: &Methodology, knowledge: &Knowledge) -> String {
    let mut document = String::new();
    // Writing into a text cannot fail.
    let _ = write_document(&mut document, method, knowledge);
    document
}

fn write_document(document: &mut String, method: &Methodology, knowledge: &Knowledge) -> fmt::Result {
    writeln!(
        document,
        "<!-- Made from data/method by `groeikern-server method`: change the data, not this file. -->\n\n# The method\n"
    )?;
    writeln!(
        document,
        "Version {METHOD_VERSION}, the `method_version` of every answer that uses it. De Nederlandse tekst geeft \
         `groeikern method --lang nl`; programs ask for both with the RPC `GetMethod`.\n"
    )?;
    writeln!(document, "{}\n", method.introduction.en)?;
    for chapter in &method.chapters {
        let sections = chapter.sections.iter();
        let links = sections.map(|section| format!("[{}](#{})", section.title.en, section.id));
        writeln!(
            document,
            "- {}: {}",
            chapter.title.en,
            links.collect::<Vec<_>>().join(", ")
        )?;
    }
    for chapter in &method.chapters {
        writeln!(document, "\n## {}", chapter.title.en)?;
        for section in &chapter.sections {
            write_section(document, section, knowledge)?;
        }
    }
    Ok(())
}

fn write_section(document: &mut String, section: &Section, knowledge: &Knowledge) -> fmt::Result {
    let Section { id, title, .. } = section;
    writeln!(
        document,
        "\n<a id=\"{id}\"></a>\n\n### {}\n\n{}\n",
        title.en, section.meaning.en
    )?;
    writeln!(document, "```text\n{}\n```\n", section.formula.en)?;
    if !section.symbols.is_empty() {
        writeln!(document, "| symbol | meaning |\n|---|---|")?;
        for symbol in &section.symbols {
            let code = symbol.symbol.en.replace('|', "\\|");
            writeln!(document, "| `{code}` | {} |", symbol.meaning.en)?;
        }
        writeln!(document)?;
    }
    if !section.constants.is_empty() {
        writeln!(document, "| threshold or weight | value | of |\n|---|---|---|")?;
        for constant in &section.constants {
            let Some(found) = constant.value(knowledge) else {
                continue;
            };
            let of = if found.of_edition {
                "the built-in edition"
            } else {
                "the method"
            };
            writeln!(
                document,
                "| {} | {} | {of} |",
                constant.name.en,
                shown(found.value)
            )?;
        }
        writeln!(document)?;
    }
    for example in &section.examples {
        write_example(document, example)?;
    }
    writeln!(document, "**What it is not.** {}\n", section.limits.en)?;
    writeln!(document, "**Source.** {}\n", section.source.en)?;
    for reference in &section.references {
        let (authors, year, title, published) = (
            &reference.authors,
            reference.year,
            &reference.title,
            &reference.published,
        );
        writeln!(document, "- {authors} ({year}), *{title}*, {published}")?;
    }
    if !section.references.is_empty() {
        writeln!(document)?;
    }
    writeln!(document, "**Ours, not the report's.** {}", section.ours.en)
}

fn write_example(document: &mut String, example: &Example) -> fmt::Result {
    writeln!(document, "**Example.** {}\n", example.given.en)?;
    for (place, step) in example.steps.iter().enumerate() {
        writeln!(document, "{}. {}", place + 1, step.text.en)?;
        if !step.calculation.en.is_empty() {
            let lines = step.calculation.en.lines().map(|line| format!("   {line}\n"));
            writeln!(document, "\n   ```text\n{}   ```", lines.collect::<String>())?;
        }
    }
    writeln!(document, "\n{}\n", example.result.en)
}

/// A value as it is, or rounded where its decimals have no end: 2/3 as 0.6667.
fn shown(value: f64) -> String {
    let exact = value.to_string();
    match exact.split_once('.') {
        Some((_, decimals)) if decimals.len() > 9 => format!("{value:.4}"),
        _ => exact,
    }
}
