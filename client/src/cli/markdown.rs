//! Answers as Markdown, to paste into a memo: what a table shows, with sources and caveats under it, all in one text.

use super::{
    answer::{Answer, Part},
    footer,
    language::{Language, Phrase, headings},
    sheet::{Line, PartOf, Sheet},
};

/// The whole answer as text, one trailing newline.
pub(crate) fn write(answer: &Answer, language: Language) -> String {
    let mut blocks = Vec::new();
    if !answer.title.is_empty() {
        blocks.push(format!("## {}", escaped(&answer.title)));
    }
    sheet(&answer.sheet, language, &mut blocks);
    for part in &answer.below {
        match part {
            Part::Heading { text, word: "", .. } => blocks.push(format!("### {}", escaped(text))),
            Part::Heading { text, word, .. } => {
                blocks.push(format!("### {} – {}", escaped(text), escaped(word)));
            }
            Part::Sentence(text) => blocks.push(escaped(text).replace('\n', "\n\n")),
            Part::Sheet(inner) => sheet(inner, language, &mut blocks),
            Part::Inset(inner, more) => {
                sheet(inner, language, &mut blocks);
                blocks.push(escaped(more));
            }
            Part::Facts(list) => blocks.push(facts(list, language)),
        }
    }
    let footer = footer::lines(&answer.footer, language);
    blocks.push(
        footer
            .said
            .iter()
            .map(|line| escaped(line))
            .collect::<Vec<_>>()
            .join("\n\n"),
    );
    blocks.push(items(footer.caveats.iter().map(|caveat| escaped(caveat))));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// A table for every run of rows under the same titles: the tables of Markdown have no titles between rows.
fn sheet(sheet: &Sheet, language: Language, blocks: &mut Vec<String>) {
    let lines: Vec<&Line> = sheet
        .lines
        .iter()
        .filter(|line| line.part_of != PartOf::TsvOnly)
        .collect();
    if sheet.is_tsv_only() {
        return; // the parts below say it
    }
    let columns = sheet.shown_columns(&lines);
    if columns.is_empty() {
        blocks.push(language.say(headings::NOTHING_FOUND).to_owned());
        return;
    }
    let numeric: Vec<bool> = columns
        .iter()
        .map(|column| Sheet::is_numeric(&lines, *column))
        .collect();
    for run in lines.chunk_by(|one, other| one.titles == other.titles && one.headline == other.headline) {
        let titles = run
            .iter()
            .take(1)
            .flat_map(|line| line.titles.iter().chain([&line.headline]));
        let titles: Vec<String> = titles
            .filter(|title| !title.is_empty())
            .map(|title| escaped(title))
            .collect();
        if !titles.is_empty() {
            blocks.push(format!("**{}**", titles.join(" – ")));
        }
        let headings = columns
            .iter()
            .map(|column| escaped(language.say(sheet.columns[*column].heading)));
        let mut rows = vec![
            row(headings),
            row(numeric
                .iter()
                .map(|numeric| if *numeric { "---:" } else { "---" }.to_owned())),
        ];
        rows.extend(run.iter().map(|line| row(cells(line, &columns, language))));
        blocks.push(rows.join("\n"));
    }
}

/// The cells of a line; its notes stand in the first, and a line that was asked about is bold.
fn cells(line: &Line, columns: &[usize], language: Language) -> Vec<String> {
    let mut cells: Vec<String> = columns
        .iter()
        .map(|column| in_a_cell(&line.cells[*column].shown(language)))
        .map(|text| {
            if line.marked && !text.is_empty() {
                format!("**{text}**")
            } else {
                text
            }
        })
        .collect();
    if let Some(first) = cells.first_mut() {
        for note in &line.notes {
            *first = format!("{first}<br>*{}*", in_a_cell(note));
        }
    }
    cells
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    format!("| {} |", cells.into_iter().collect::<Vec<_>>().join(" | "))
}

fn in_a_cell(text: &str) -> String {
    escaped(text).replace('\n', "<br>")
}

/// Labels with what there is to say; what takes several lines is a list of its own.
fn facts(facts: &[(Phrase, String)], language: Language) -> String {
    let said = facts.iter().filter(|(_, text)| !text.is_empty());
    items(said.map(|(label, text)| {
        let label = escaped(language.say(*label));
        if text.contains('\n') {
            let lines: Vec<String> = text.lines().map(item_of_fact).collect();
            format!("**{label}**:\n{}", lines.join("\n"))
        } else {
            format!("**{label}**: {}", escaped(text))
        }
    }))
}

/// One of several lines of a fact; an effect stands under its cause.
fn item_of_fact(line: &str) -> String {
    let margin = if line.starts_with('→') { "    " } else { "  " };
    format!("{margin}- {}", escaped(line))
}

fn items(texts: impl Iterator<Item = String>) -> String {
    texts
        .map(|text| format!("- {text}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Text in which no character is read as markup.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let begins_line = |safe: &str| safe.is_empty() || safe.ends_with('\n');
    for character in text.chars() {
        let markup = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '|' | '~' => true,
            '#' | '+' | '-' | '>' => begins_line(&safe),
            _ => false,
        };
        if markup {
            safe.push('\\');
        }
        safe.push(character);
    }
    safe
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{LocalizedText, ResponseMetadata};

    use super::*;
    use crate::cli::{
        language::words::Tone,
        sheet::{Cell, Column},
    };

    const COLUMNS: [Column<(&str, u64)>; 3] = [
        Column::new("name", Phrase::new("naam", "name"), |row, _| Cell::text(row.0)),
        Column::new("count", Phrase::new("aantal", "count"), |row, _| {
            Cell::Integer(row.1)
        }),
        Column::tsv_only("again", |row, _| Cell::Integer(row.1)),
    ];

    fn answer() -> Answer {
        let rows = [("a|b", 1), ("low_theft", 20), ("*c*", 3)];
        let sheet = Sheet::of(&rows, &COLUMNS, Language::En)
            .titled(&rows, |row| {
                vec![if row.1 < 10 { "Few" } else { "Many" }.to_owned()]
            })
            .noted(&rows, |row| {
                vec![if row.1 == 3 { "Stands in." } else { "" }.to_owned()]
            })
            .marked(&rows, |row| row.1 == 20);
        let metadata = ResponseMetadata {
            citation: Some(LocalizedText {
                nl: "Bron.".to_owned(),
                en: "Source: A.".to_owned(),
            }),
            ..Default::default()
        };
        Answer::new("Any", &(), sheet)
            .titled("Title # 1")
            .below([
                Part::Heading {
                    text: "8.2.1 Course".to_owned(),
                    word: "strong",
                    tone: Tone::Plain,
                },
                Part::Facts(vec![
                    (headings::AGAINST, "One.".to_owned()),
                    (headings::CONTEXT, String::new()),
                    (headings::EVIDENCE, "A\n→ B".to_owned()),
                ]),
                Part::Sentence("- not a list".to_owned()),
            ])
            .quoting(Some(&metadata))
            .among([337])
    }

    #[test]
    fn an_answer_is_one_text_with_its_source() {
        assert_eq!(
            write(&answer(), Language::En),
            "## Title # 1

**Few**

| name | count |
| --- | ---: |
| a\\|b | 1 |

**Many**

| name | count |
| --- | ---: |
| **low\\_theft** | **20** |

**Few**

| name | count |
| --- | ---: |
| \\*c\\*<br>*Stands in.* | 3 |

### 8.2.1 Course – strong

- **against**: One.
- **in favour**:
  - A
    - → B

\\- not a list

Source: A.

n = 337 municipalities
"
        );
    }

    #[test]
    fn nothing_found_is_said() {
        let sheet = Sheet::of::<(&str, u64)>(&[], &COLUMNS, Language::Nl);
        assert_eq!(
            write(&Answer::new("Any", &(), sheet), Language::Nl),
            "Niets gevonden.\n"
        );
    }
}
