//! Rows and typed columns: the one definition from which both the table and the tab separated rows are written.

use groeikern_client::v1::{LocalizedText, Standing};

use super::language::{
    Language, Phrase,
    words::{Tone, Word},
};

/// What stands in one place of a sheet. Absent is not zero and not an empty text: it is shown as nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Absent,
    Text(String),
    Integer(u64),
    /// A change, shown with its sign: `+3`, `-1`, `0`.
    Signed(i32),
    /// Shown rounded, written to tsv as it is.
    Number {
        value: f64,
        decimals: usize,
    },
    /// Shown as a percentage, written to tsv as a share.
    Share(f64),
    /// Shown as `7 / 337`; in tsv only the first, the second has a column of its own.
    Of {
        part: u32,
        whole: u32,
    },
    /// The same of a position that several units share, shown as `=7 / 337`.
    SharedOf {
        part: u32,
        whole: u32,
    },
    /// Shown as a word with a tone, written to tsv as the contract's own word.
    Word {
        stable: String,
        shown: &'static str,
        tone: Tone,
    },
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Absent
        } else {
            Self::Text(text)
        }
    }

    pub(crate) fn localized(text: Option<&LocalizedText>, language: Language) -> Self {
        Self::text(language.of(text))
    }

    pub(crate) fn number(value: Option<f64>, decimals: u32) -> Self {
        let decimals = usize::try_from(decimals.min(9)).unwrap_or_default();
        value.map_or(Self::Absent, |value| Self::Number { value, decimals })
    }

    /// A number that is absent when it is zero, for counts where the contract uses zero for "none".
    pub(crate) fn count(value: u32) -> Self {
        if value == 0 {
            Self::Absent
        } else {
            Self::Integer(value.into())
        }
    }

    pub(crate) fn word(word: impl Word, language: Language) -> Self {
        let stable = word.stable();
        if stable.is_empty() {
            return Self::Absent;
        }
        Self::Word {
            stable,
            shown: language.say(word.shown()),
            tone: word.tone(),
        }
    }

    pub(crate) fn flag(flag: bool) -> Self {
        let (stable, shown) = if flag { ("true", "*") } else { ("false", "") };
        Self::Word {
            stable: stable.to_owned(),
            shown,
            tone: Tone::Plain,
        }
    }

    pub(crate) fn position(standing: Option<&Standing>, n: u32) -> Self {
        standing.map_or(Self::Absent, |standing| Self::Of {
            part: standing.position,
            whole: n,
        })
    }

    /// A position with a sign before it when others have the same.
    pub(crate) fn place(standing: Option<&Standing>, n: u32, shared: bool) -> Self {
        match Self::position(standing, n) {
            Self::Of { part, whole } if shared => Self::SharedOf { part, whole },
            cell => cell,
        }
    }

    pub(crate) fn ties(standing: Option<&Standing>) -> Self {
        Self::count(standing.map_or(0, |standing| standing.ties))
    }

    pub(crate) fn place_share(standing: Option<&Standing>) -> Self {
        Self::number(standing.map(|standing| standing.place_share), 3)
    }

    pub(crate) fn grade(standing: Option<&Standing>) -> Self {
        Self::number(standing.and_then(|standing| standing.grade), 1)
    }

    /// The verdict, or in a table why there is none.
    pub(crate) fn verdict(standing: Option<&Standing>, otherwise: impl Word, language: Language) -> Self {
        match standing {
            Some(standing) => Self::word(standing.verdict(), language),
            None => Self::Word {
                stable: String::new(),
                shown: language.say(otherwise.shown()),
                tone: otherwise.tone(),
            },
        }
    }

    /// How many members of a group have a figure; of a published mean that is not known.
    pub(crate) fn contributed(contributed: u32, members: u32) -> Self {
        if members == 0 {
            Self::Absent
        } else {
            Self::Of {
                part: contributed,
                whole: members,
            }
        }
    }

    /// As people read it.
    pub(crate) fn shown(&self, language: Language) -> String {
        match self {
            Self::Absent => String::new(),
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Signed(0) => "0".to_owned(),
            Self::Signed(change) => format!("{change:+}"),
            Self::Number { value, decimals } => language.number(*value, *decimals),
            Self::Share(share) => format!("{}%", language.number(share * 100.0, 0)),
            Self::Of { part, whole } => format!("{part} / {whole}"),
            Self::SharedOf { part, whole } => format!("={part} / {whole}"),
            Self::Word { shown, .. } => (*shown).to_owned(),
        }
    }

    pub(crate) fn is_numeric(&self) -> bool {
        matches!(
            self,
            Self::Integer(_)
                | Self::Signed(_)
                | Self::Number { .. }
                | Self::Share(_)
                | Self::Of { .. }
                | Self::SharedOf { .. }
        )
    }

    /// Whether a table shows nothing for it.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Word { shown, .. } => shown.is_empty(),
            _ => false,
        }
    }
}

/// When a column is part of a table. In tsv nearly all always are, so that scripts can rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// Where at least one row has something in it.
    Filled,
    /// Where filled rows differ in it; what all share is said elsewhere.
    Varied,
    /// Never.
    TsvOnly,
    /// As `Filled`, and never in tsv, which has the same in columns of its own.
    TableOnly,
}

/// One column: its name in tsv, its heading in a table, and how a row fills it.
pub(crate) struct Column<Row> {
    name: &'static str,
    heading: Phrase,
    show: Show,
    unbroken: bool,
    cell: fn(&Row, Language) -> Cell,
}

impl<Row> Column<Row> {
    /// A column of tables and tsv; tables leave it out when it is blank in every row.
    pub(crate) const fn new(name: &'static str, heading: Phrase, cell: fn(&Row, Language) -> Cell) -> Self {
        Self {
            name,
            heading,
            show: Show::Filled,
            unbroken: false,
            cell,
        }
    }

    /// A column that tables leave out.
    pub(crate) const fn tsv_only(name: &'static str, cell: fn(&Row, Language) -> Cell) -> Self {
        Self {
            name,
            heading: Phrase::new("", ""),
            show: Show::TsvOnly,
            unbroken: false,
            cell,
        }
    }

    /// A column that tsv leaves out.
    pub(crate) const fn table_only(heading: Phrase, cell: fn(&Row, Language) -> Cell) -> Self {
        Self {
            name: "",
            heading,
            show: Show::TableOnly,
            unbroken: false,
            cell,
        }
    }

    pub(crate) const fn shown(mut self, show: Show) -> Self {
        self.show = show;
        self
    }

    /// Never over two lines of a table: for ids, which people copy.
    pub(crate) const fn unbroken(mut self) -> Self {
        self.unbroken = true;
        self
    }
}

/// A column without its rows' type: what the writers need to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heading {
    pub(crate) name: &'static str,
    pub(crate) heading: Phrase,
    pub(crate) show: Show,
    pub(crate) unbroken: bool,
}

/// One row of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) cells: Vec<Cell>,
    /// The titles it stands under in a table, outermost first.
    pub(crate) titles: Vec<String>,
    /// What a table says right above it and the rows after it that have the same, over the whole width.
    pub(crate) headline: String,
    /// What a table says right under it, over the whole width.
    pub(crate) notes: Vec<String>,
    pub(crate) part_of: PartOf,
    /// The one that was asked about: a table sets a sign before it.
    pub(crate) marked: bool,
}

/// The forms of which a row is part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum PartOf {
    #[default]
    Both,
    /// Left out of tables, where it is counted or named below.
    TsvOnly,
    /// Left out of tsv, where the row above has it in columns of its own.
    TableOnly,
}

/// Rows and columns, ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) columns: Vec<Heading>,
    pub(crate) lines: Vec<Line>,
}

impl Sheet {
    /// One line per row.
    pub(crate) fn of<Row>(rows: &[Row], columns: &[Column<Row>], language: Language) -> Self {
        let line = |row: &Row| Line {
            cells: columns
                .iter()
                .map(|column| (column.cell)(row, language))
                .collect(),
            titles: Vec::new(),
            headline: String::new(),
            notes: Vec::new(),
            part_of: PartOf::Both,
            marked: false,
        };
        Self {
            columns: columns
                .iter()
                .map(|column| Heading {
                    name: column.name,
                    heading: column.heading,
                    show: column.show,
                    unbroken: column.unbroken,
                })
                .collect(),
            lines: rows.iter().map(line).collect(),
        }
    }

    /// Whether people are shown none of it.
    pub(crate) fn is_tsv_only(&self) -> bool {
        self.columns.iter().all(|column| column.show == Show::TsvOnly)
    }

    /// The places of the columns that have something to show to people.
    pub(crate) fn shown_columns(&self, lines: &[&Line]) -> Vec<usize> {
        let shown = |(index, heading): (usize, &Heading)| match heading.show {
            Show::TsvOnly => false,
            Show::Filled | Show::TableOnly => lines.iter().any(|line| !line.cells[index].is_blank()),
            Show::Varied => {
                let mut filled = lines
                    .iter()
                    .map(|line| &line.cells[index])
                    .filter(|cell| !cell.is_blank());
                filled
                    .next()
                    .is_some_and(|first| filled.any(|other| other != first))
            }
        };
        let columns = self.columns.iter().enumerate();
        columns
            .filter(|column| shown(*column))
            .map(|(index, _)| index)
            .collect()
    }

    /// Whether a column holds numbers and nothing else.
    pub(crate) fn is_numeric(lines: &[&Line], column: usize) -> bool {
        lines.iter().all(|line| {
            let cell = &line.cells[column];
            cell.is_numeric() || *cell == Cell::Absent
        })
    }

    /// With titles above the rows in tables; `rows` are those the sheet was made of.
    pub(crate) fn titled<Row>(mut self, rows: &[Row], titles: impl Fn(&Row) -> Vec<String>) -> Self {
        for (line, row) in self.lines.iter_mut().zip(rows) {
            line.titles = titles(row);
        }
        self
    }

    /// With headlines above rows that belong together, in tables; `rows` are those the sheet was made of.
    pub(crate) fn headed<Row>(mut self, rows: &[Row], headline: impl Fn(&Row) -> String) -> Self {
        for (line, row) in self.lines.iter_mut().zip(rows) {
            line.headline = headline(row);
        }
        self
    }

    /// With notes under the rows in tables, empty ones left out; `rows` are those the sheet was made of.
    pub(crate) fn noted<Row>(mut self, rows: &[Row], notes: impl Fn(&Row) -> Vec<String>) -> Self {
        for (line, row) in self.lines.iter_mut().zip(rows) {
            line.notes = notes(row);
            line.notes.retain(|note| !note.is_empty());
        }
        self
    }

    /// With some rows in one form only; `rows` are those the sheet was made of.
    pub(crate) fn divided<Row>(mut self, rows: &[Row], part_of: impl Fn(&Row) -> PartOf) -> Self {
        for (line, row) in self.lines.iter_mut().zip(rows) {
            line.part_of = part_of(row);
        }
        self
    }

    /// With a mark on the rows that were asked about; `rows` are those the sheet was made of.
    pub(crate) fn marked<Row>(mut self, rows: &[Row], marked: impl Fn(&Row) -> bool) -> Self {
        for (line, row) in self.lines.iter_mut().zip(rows) {
            line.marked = marked(row);
        }
        self
    }
}
