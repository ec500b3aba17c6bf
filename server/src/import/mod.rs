//! Import by recipe: a table of a public source, and a recipe that says what its columns mean -> an import unit.
//!
//! Nothing here knows gRPC, and nothing reads a clock. In the order to read it: a [`Recipe`] is a TOML file (`recipe`), its
//! formulas are a small language of their own (`formula`), tables are streamed (`table`), rows are gathered by region, period
//! and measure (`gather`), and the outcome is an [`ImportUnit`] with an [`ImportReport`] (`unit`, `report`). A unit is whole or
//! there is none: every step names all that is wrong in an [`ImportError`]. The units of an edition and its source make the
//! next edition ([`compose()`]), as [`NextEdition`].

mod boundary_changes;
mod cell;
mod codes;
mod compose;
mod flows;
mod folder;
mod formula;
mod gather;
mod groups;
mod held;
mod names;
mod next_edition;
pub(crate) mod odata;
mod packed;
mod problems;
mod recipe;
mod region_names;
mod regions;
mod report;
mod table;
mod unit;
mod wanted_rows;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod real_borders;
#[cfg(test)]
mod real_regions;
#[cfg(test)]
mod real_tables;

pub use cell::{Absence, Cell, DecimalSign};
pub use compose::{ListedByUnit, PeriodUnit, StoredUnitsError, UnitSet, compose};
pub use folder::TableFolder;
pub use formula::{Formula, FormulaError, Outcome};
pub use held::HeldVersions;
pub(crate) use names::problem_of_text;
pub use next_edition::{ImportChange, NextEdition, NextEditionError, NoLongerListed};
pub use odata::{FetchedFile, FolderManifest, MANIFEST};
pub use problems::ImportError;
pub(crate) use problems::plain;
pub use recipe::{
    BoundaryColumns, BreakdownColumn, DateCells, DateFormat, Encoding, Figure, FigureTable, Filter,
    FlowColumns, GroupTable, Header, Holds, PeriodFrom, Proxy, Quotes, Recipe, RecipeIndicator,
    RegionColumns, TableFormat, TableKind, TableShape, TableSource, check_together,
};
pub use region_names::RegionNames;
pub use report::{Count, ImportReport, Outlier, Reason, Tally};
pub use table::TableInput;
pub use unit::{ImportFlags, ImportUnit, UnitContent, UnitFigures, UnitMember, UnitRegion, UnitRow};
