//! What is wrong with a source, said so that the file can be mended.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Something wrong in a source file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    pub(crate) fn in_file(file: &str, message: impl Into<String>) -> Self {
        Self::at(file, 0, message)
    }

    pub(crate) fn at(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            message: message.into(),
        }
    }

    /// Where it is: the file, with the line if it is on one.
    #[must_use]
    pub fn place(&self) -> String {
        match self.line {
            0 => self.file.clone(),
            line => format!("{}:{line}", self.file),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.message)
    }
}

/// A source that cannot become an edition, with every problem found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    folder: Option<PathBuf>,
    /// What is wrong, by file and line.
    pub problems: Vec<Problem>,
}

impl SourceError {
    pub(super) fn unless_empty(folder: Option<&Path>, mut problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            return Ok(());
        }
        problems.sort();
        problems.dedup();
        Err(Self {
            folder: folder.map(Path::to_path_buf),
            problems,
        })
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.problems.len() == 1 {
            "problem"
        } else {
            "problems"
        };
        write!(f, "the source has {} {plural}", self.problems.len())?;
        if let Some(folder) = &self.folder {
            write!(f, " (in {})", folder.display())?;
        }
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for SourceError {}
