//! Answers as tables for people, in at most 100 columns.

use std::collections::VecDeque;

use comfy_table::{
    Attribute, Cell as Drawn, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width,
    presets::NOTHING,
    {LineStyle, TableStyle},
};

use super::{
    answer::{Answer, Part},
    language::{Language, Phrase, headings, words::Tone},
    sheet::{Cell, Line, PartOf, Sheet},
};

const WIDEST: u16 = 100;
/// On a terminal that is narrower, lines run on: broken words would be harder to read.
const NARROWEST: u16 = 80;
/// How far facts, and sheets among them, are set in.
const INSET: u16 = 2;
/// The longest label of a fact: labels are as wide in every section, so that the texts beside them line up.
const LABEL: u16 = 15;
/// Before the row that was asked about; in bold where there are colours.
const MARK: &str = ">";
const RULED: TableStyle = NOTHING.header_separator(LineStyle::none().fill('─').junction('─'));

/// How tables are drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) language: Language,
    pub(crate) colour: bool,
}

/// The whole answer as text, one trailing newline.
pub(crate) fn write(answer: &Answer, style: Style) -> String {
    let mut pieces = Vec::new();
    let sheet = draw(&answer.sheet, style, 0);
    if !answer.title.is_empty() {
        let title = style.bold(&style.folded(&answer.title, 0));
        // What follows a sheet begins with an empty line of its own.
        pieces.push(if sheet.is_empty() {
            title
        } else {
            format!("{title}\n")
        });
    }
    pieces.push(sheet);
    for part in &answer.below {
        match part {
            Part::Heading { text, word, tone } => {
                let word = if word.is_empty() {
                    String::new()
                } else {
                    format!(" – {}", style.toned(word, *tone))
                };
                pieces.push(format!("\n{}{word}", style.bold(text)));
            }
            Part::Sentence(text) if text.is_empty() => {}
            Part::Sentence(text) => pieces.push(format!("\n{}", style.folded(text, 0))),
            Part::Sheet(sheet) => pieces.push(draw(sheet, style, 0)),
            Part::Inset(sheet, more) => {
                let margin = " ".repeat(INSET.into());
                let more = if more.is_empty() {
                    String::new()
                } else {
                    format!("{margin}{more}\n")
                };
                pieces.push(format!("\n{}\n{more}", draw(sheet, style, INSET)));
            }
            Part::Facts(facts) => pieces.push(draw_facts(facts, style)),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces.join("\n") + "\n"
}

/// The answer as a test reads it.
#[cfg(test)]
pub(crate) fn plain(answer: &Answer, language: Language) -> String {
    write(
        answer,
        Style {
            language,
            colour: false,
        },
    )
}

/// How wide tables and sentences get.
fn width(table: &Table) -> u16 {
    table.width().unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

fn draw(sheet: &Sheet, style: Style, inset: u16) -> String {
    let lines: Vec<&Line> = sheet
        .lines
        .iter()
        .filter(|line| line.part_of != PartOf::TsvOnly)
        .collect();
    if sheet.is_tsv_only() {
        return String::new(); // the parts below say it
    }
    let columns = sheet.shown_columns(&lines);
    if columns.is_empty() {
        return style.language.say(headings::NOTHING_FOUND).to_owned();
    }

    // A column for marks, where there are any.
    let marks = usize::from(lines.iter().any(|line| line.marked));
    let before = |mark: &'static str| std::iter::repeat_n(Drawn::new(mark), marks);
    let mut table = style.table(inset);
    table.load_style(RULED);
    let headings = columns.iter().map(|index| {
        let heading = style.language.say(sheet.columns[*index].heading);
        style.painted(Drawn::new(heading), Tone::Plain, true)
    });
    table.set_header(before("").chain(headings));
    let mut across = Across::default();
    let mut titles: &[String] = &[];
    let mut headline = "";
    for line in &lines {
        if line.titles != titles {
            headline = "";
            let same = line
                .titles
                .iter()
                .zip(titles)
                .take_while(|(new, old)| new == old)
                .count();
            if !titles.is_empty() {
                across.add(&mut table, String::new());
            }
            for title in &line.titles[same..] {
                across.add(&mut table, style.bold(&style.folded(title, inset)));
            }
            titles = &line.titles;
        }
        if line.headline != headline {
            across.add(&mut table, style.folded(&line.headline, inset));
            headline = &line.headline;
        }
        let cells = columns.iter().map(|index| {
            let cell = style.cell(&line.cells[*index]);
            if line.marked {
                cell.add_attribute(Attribute::Bold)
            } else {
                cell
            }
        });
        table.add_row(before(if line.marked { MARK } else { "" }).chain(cells));
        for note in &line.notes {
            across.add(&mut table, style.note(note, inset));
        }
    }
    arrange(&mut table, sheet, &lines, &columns, marks);
    let margin = " ".repeat(inset.into());
    let lines: Vec<String> = across
        .filled_in(&table)
        .lines()
        .map(|line| format!("{margin}{line}").trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// Sets paddings, numbers to the right, and widths.
fn arrange(table: &mut Table, sheet: &Sheet, lines: &[&Line], columns: &[usize], marks: usize) {
    if let Some(column) = table.column_mut(0).filter(|_| marks > 0) {
        column.set_padding((0, 0));
    }
    for (place, index) in columns.iter().enumerate() {
        let numeric = Sheet::is_numeric(lines, *index);
        if let Some(column) = table.column_mut(marks + place) {
            column.set_padding((0, 1));
            if numeric {
                column.set_cell_alignment(CellAlignment::Right);
            }
            if sheet.columns[*index].unbroken || numeric {
                column.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
}

/// Titles and notes, which go over the whole width. Each is drawn as a sign and takes its place afterwards, so that no
/// column gets wider or narrower by them.
#[derive(Default)]
struct Across(VecDeque<String>);

impl Across {
    /// A character of the private use area: no text has it.
    const SIGN: char = '\u{e000}';

    fn add(&mut self, table: &mut Table, text: String) {
        table.add_row([Self::SIGN]);
        self.0.push_back(text);
    }

    fn filled_in(mut self, table: &Table) -> String {
        let lines = table.lines().map(|line| {
            if line.contains(Self::SIGN) {
                self.0.pop_front().unwrap_or_default()
            } else {
                line
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

fn draw_facts(facts: &[(Phrase, String)], style: Style) -> String {
    let mut table = style.table(0);
    table.load_style(NOTHING);
    for (label, text) in facts.iter().filter(|(_, text)| !text.is_empty()) {
        let label = style.painted(Drawn::new(style.language.say(*label)), Tone::Faint, false);
        table.add_row([label, Drawn::new(text)]);
    }
    for column in table.column_iter_mut() {
        column.set_padding((INSET, 0));
    }
    if let Some(labels) = table.column_mut(0) {
        labels.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(INSET + LABEL)));
    }
    table.trim_fmt()
}

/// The text on lines of at most so many characters, broken between words.
fn folded(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        lines.push(String::new());
        for word in line.split(' ') {
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(word),
                Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
    }
    lines.join("\n")
}

impl Style {
    fn folded(self, text: &str, inset: u16) -> String {
        folded(text, (width(&Table::new()) - inset).into())
    }

    /// A note, set in under its row.
    fn note(self, text: &str, inset: u16) -> String {
        let margin = " ".repeat(INSET.into());
        let lines = self.folded(text, inset + INSET);
        let lines = lines
            .split('\n')
            .map(|line| format!("{margin}{}", self.toned(line, Tone::Faint)));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn table(self, inset: u16) -> Table {
        let mut table = Table::new();
        let width = width(&table);
        table.force_no_tty();
        if self.colour {
            table.enforce_styling();
        }
        table
            .set_width(width - inset)
            .set_content_arrangement(ContentArrangement::Dynamic);
        table
    }

    fn cell(self, cell: &Cell) -> Drawn {
        let drawn = Drawn::new(cell.shown(self.language));
        match cell {
            Cell::Word { tone, .. } => self.painted(drawn, *tone, false),
            _ => drawn,
        }
    }

    fn painted(self, cell: Drawn, tone: Tone, bold: bool) -> Drawn {
        let (colour, strong) = paint(tone);
        let cell = if bold || strong {
            cell.add_attribute(Attribute::Bold)
        } else {
            cell
        };
        match colour {
            Some(colour) => cell.fg(colour),
            None if tone == Tone::Faint => cell.add_attribute(Attribute::Dim),
            None => cell,
        }
    }

    fn bold(self, text: &str) -> String {
        self.wrapped(text, anstyle::Style::new().bold())
    }

    fn toned(self, text: &str, tone: Tone) -> String {
        use anstyle::AnsiColor::{Blue, Cyan, Green, Red};
        let plain = anstyle::Style::new();
        let style = match tone {
            Tone::Plain => plain,
            Tone::VeryGood => plain.fg_color(Some(Green.into())).bold(),
            Tone::Good => plain.fg_color(Some(Green.into())),
            Tone::Bad => plain.fg_color(Some(Red.into())),
            Tone::VeryBad => plain.fg_color(Some(Red.into())).bold(),
            Tone::Extreme => plain.fg_color(Some(Blue.into())).bold(),
            Tone::Notable => plain.fg_color(Some(Cyan.into())),
            Tone::Faint => plain.dimmed(),
        };
        self.wrapped(text, style)
    }

    fn wrapped(self, text: &str, style: anstyle::Style) -> String {
        if self.colour {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// The colour of a tone, and whether it is bold as well.
fn paint(tone: Tone) -> (Option<Color>, bool) {
    match tone {
        Tone::Plain | Tone::Faint => (None, false),
        Tone::VeryGood => (Some(Color::DarkGreen), true),
        Tone::Good => (Some(Color::DarkGreen), false),
        Tone::Bad => (Some(Color::DarkRed), false),
        Tone::VeryBad => (Some(Color::DarkRed), true),
        Tone::Extreme => (Some(Color::DarkBlue), true),
        Tone::Notable => (Some(Color::DarkCyan), false),
    }
}
