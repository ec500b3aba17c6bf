//! The formulas of recipes: numbers, names, `+ - * /`, unary minus and parentheses.
//!
//! A formula becomes a list of steps for a stack, so that neither reading nor evaluating one can exhaust the stack of the
//! program, however it was written.

use std::fmt;

use super::cell::{Absence, Cell};

/// A formula that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    names: Vec<String>,
    steps: Vec<Step>,
}

/// What a formula gives for one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Outcome {
    /// A finite number, never negative zero.
    Value(f64),
    /// An operand has no value; the reason that says most: not applicable, else suppressed, else missing.
    Absent(Absence),
    /// Something is divided by zero.
    DivisionByZero,
    /// A number beyond what can be written, on the way or in the end.
    TooLarge,
}

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {message}")]
pub struct FormulaError {
    /// The character it goes wrong at, counted from 1.
    pub position: usize,
    /// What is wrong and what to write.
    pub message: String,
}

/// The longest formula, in characters.
const MAX_LENGTH: usize = 1_000;
/// The deepest nesting of parentheses and signs.
const MAX_DEPTH: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    /// Push a number.
    Number(f64),
    /// Push the value of a name, by its place in `names`.
    Name(usize),
    /// Turn the sign of the last.
    Negate,
    /// Combine the last two.
    Combine(Operator),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`FormulaError`] with the first character that does not fit.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let characters: Vec<char> = text.chars().collect();
        if characters.len() > MAX_LENGTH {
            let message = format!("a formula has at most {MAX_LENGTH} characters");
            return Err(FormulaError {
                position: MAX_LENGTH + 1,
                message,
            });
        }
        let mut parser = Parser {
            characters,
            next: 0,
            depth: 0,
            names: Vec::new(),
            steps: Vec::new(),
        };
        parser.sum()?;
        match parser.peek() {
            None => Ok(Self {
                names: parser.names,
                steps: parser.steps,
            }),
            Some(')') => Err(parser.error("this parenthesis closes nothing: remove it or open one before")),
            Some(other) => {
                Err(parser.error(format!("found `{}`, expected + - * / or the end", Shown(other))))
            }
        }
    }

    /// The names it uses, each once, in the order they first stand there.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Its outcome for one row; `operands` stand in the order of [`Formula::names`].
    #[must_use]
    pub fn evaluate(&self, operands: &[Cell]) -> Outcome {
        debug_assert_eq!(operands.len(), self.names.len());
        let absences = operands.iter().filter_map(|cell| match cell {
            Cell::Value(_) => None,
            Cell::Absent(absence) => Some(*absence),
        });
        if let Some(strongest) = absences.max() {
            return Outcome::Absent(strongest);
        }
        let mut stack: Vec<f64> = Vec::new();
        for step in &self.steps {
            let result = match *step {
                Step::Number(number) => number,
                Step::Name(place) => match operands.get(place) {
                    Some(Cell::Value(value)) => *value,
                    _ => return Outcome::Absent(Absence::Missing),
                },
                Step::Negate => -stack.pop().unwrap_or_default(),
                Step::Combine(operator) => {
                    let right = stack.pop().unwrap_or_default();
                    let left = stack.pop().unwrap_or_default();
                    if operator == Operator::Divide && right == 0.0 {
                        return Outcome::DivisionByZero;
                    }
                    operator.apply(left, right)
                }
            };
            // Not only in the end: one divided by infinity would be a finite nonsense.
            if !result.is_finite() {
                return Outcome::TooLarge;
            }
            stack.push(result);
        }
        Outcome::Value(stack.pop().unwrap_or_default() + 0.0)
    }
}

impl Operator {
    fn apply(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
        }
    }
}

/// Recursive descent; what it recognises it appends to `steps`.
struct Parser {
    characters: Vec<char>,
    next: usize,
    depth: usize,
    names: Vec<String>,
    steps: Vec<Step>,
}

impl Parser {
    fn sum(&mut self) -> Result<(), FormulaError> {
        self.chain(&[('+', Operator::Add), ('-', Operator::Subtract)], Self::product)
    }

    fn product(&mut self) -> Result<(), FormulaError> {
        self.chain(
            &[('*', Operator::Multiply), ('/', Operator::Divide)],
            Self::signed,
        )
    }

    /// Operands joined by operators of one rank, from left to right.
    fn chain(
        &mut self,
        operators: &[(char, Operator)],
        operand: fn(&mut Self) -> Result<(), FormulaError>,
    ) -> Result<(), FormulaError> {
        operand(self)?;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.peek() == Some(*sign)) {
            self.next += 1;
            operand(self)?;
            self.steps.push(Step::Combine(*operator));
        }
        Ok(())
    }

    fn signed(&mut self) -> Result<(), FormulaError> {
        if self.peek() == Some('-') {
            self.deeper()?;
            self.next += 1;
            self.signed()?;
            self.steps.push(Step::Negate);
            self.depth -= 1;
            return Ok(());
        }
        self.operand()
    }

    fn operand(&mut self) -> Result<(), FormulaError> {
        match self.peek() {
            None => Err(self.error("ends here, expected a number, a name or an opening parenthesis")),
            Some('(') => {
                self.deeper()?;
                let opened = self.next + 1;
                self.next += 1;
                self.sum()?;
                if self.peek() != Some(')') {
                    return Err(self.error(format!("expected the parenthesis that closes the one at character {opened}")));
                }
                self.next += 1;
                self.depth -= 1;
                Ok(())
            }
            Some(first) if first.is_ascii_digit() => self.number(),
            Some(first) if begins_name(first) => {
                self.name();
                Ok(())
            }
            Some('.' | ',') => Err(self.error("write numbers as 0.5: a digit first, and a decimal point")),
            Some(other) => Err(self.error(format!(
                "found `{}`, expected a number, a name (letters, digits and underscores) or an opening parenthesis",
                Shown(other)
            ))),
        }
    }

    fn number(&mut self) -> Result<(), FormulaError> {
        let start = self.next;
        let mut written = self.take_while(|c| c.is_ascii_digit());
        if self.characters.get(self.next) == Some(&'.') {
            self.next += 1;
            let fraction = self.take_while(|c| c.is_ascii_digit());
            if fraction.is_empty() {
                return Err(self.error("expected a digit after the decimal point"));
            }
            written = format!("{written}.{fraction}");
        }
        if self.characters.get(self.next).is_some_and(|&c| begins_name(c)) {
            return Err(self.error("a number ends here: write * between a number and a name"));
        }
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.steps.push(Step::Number(number));
                Ok(())
            }
            _ => {
                self.next = start;
                Err(self.error("this number is too large"))
            }
        }
    }

    fn name(&mut self) {
        let name = self.take_while(|c| begins_name(c) || c.is_ascii_digit());
        let place = self
            .names
            .iter()
            .position(|known| *known == name)
            .unwrap_or_else(|| {
                self.names.push(name);
                self.names.len() - 1
            });
        self.steps.push(Step::Name(place));
    }

    fn deeper(&mut self) -> Result<(), FormulaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(format!("parentheses and signs nest more than {MAX_DEPTH} deep")));
        }
        Ok(())
    }

    /// The next character that is no space, and moves to it.
    fn peek(&mut self) -> Option<char> {
        self.take_while(char::is_whitespace);
        self.characters.get(self.next).copied()
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let start = self.next;
        while self.characters.get(self.next).is_some_and(|&c| belongs(c)) {
            self.next += 1;
        }
        self.characters[start..self.next].iter().collect()
    }

    fn error(&self, message: impl Into<String>) -> FormulaError {
        FormulaError {
            position: self.next + 1,
            message: message.into(),
        }
    }
}

fn begins_name(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

/// A character as a terminal can show it.
struct Shown(char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_debug().fmt(f)
    }
}

#[cfg(test)]
mod tests;
