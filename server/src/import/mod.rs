//! Import by recipe: a table of a public source, and a recipe that says what its columns mean -> an import unit.
//!
//! Pure reading: nothing here knows SQLite or gRPC, and nothing reads a clock. In the order to read it: a [`Recipe`] is a
//! TOML file (`recipe`), its formulas are a small language of their own (`formula`), tables are streamed (`table`), rows are
//! gathered by region, period and measure (`gather`), and the outcome is an [`ImportUnit`] with an [`ImportReport`]
//! (`unit`, `report`). A unit is whole or there is none: every step names all that is wrong in an [`ImportError`].

mod cell;
mod codes;
mod formula;
mod gather;
mod problems;
mod recipe;
mod report;
mod table;
mod unit;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod real_tables;

pub use cell::{Absence, Cell, DecimalSign};
pub use formula::{Formula, FormulaError, Outcome};
pub use problems::ImportError;
pub use recipe::{
    Figure, Filter, PeriodFrom, Proxy, Recipe, RecipeIndicator, TableFormat, TableShape, check_together,
};
pub use report::{ImportReport, Outlier, Reason, Tally};
pub use table::TableInput;
pub use unit::{ImportFlags, ImportUnit, UnitRegion, UnitRow};
