//! Small recipes and tables of our own for the tests.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use super::{ImportError, ImportFlags, ImportReport, ImportUnit, Recipe, TableInput, table::NeededColumn};

/// A wide recipe with a loaded and a derived indicator.
pub(super) const WIDE: &str = r#"id = "town_figures"
title_nl = "Cijfers van steden"
title_en = "Figures of towns"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau"
attribution_en = "Source: Ons Bureau"
retrieved = "2024-05-01"
source_version = "2"
period = "2020"

[table]
shape = "wide"
region_column = "code"
region_name_column = "name"
missing = ["", ".", "-999"]
suppressed = ["x"]
not_applicable = ["n/a"]

[[table.filter]]
column = "water"
equals = ["NEE"]

[[indicator]]
id = "townsfolk"
name_nl = "Inwoners"
name_en = "Inhabitants"
theme = "population"
kind = "neutral"
kind_basis = "stated"
column = "people"
unit_nl = "personen"
unit_en = "persons"
decimals = 0

[[indicator]]
id = "recipients"
name_nl = "Uitkeringen"
name_en = "Recipients"
theme = "population"
kind = "judgement"
kind_basis = "inferred"
polarity = "lower_is_favourable"
polarity_reason_nl = "minder is beter"
polarity_reason_en = "fewer is better"
formula = "100 * benefits / people"
columns = { benefits = "benefits", people = "people" }
denominator = "townsfolk"
unit_nl = "%"
unit_en = "%"
decimals = 1
"#;

/// A tidy recipe with periods in a column.
pub(super) const TIDY: &str = r#"id = "tidy_figures"
title_nl = "Cijfers"
title_en = "Figures"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau"
attribution_en = "Source: Ons Bureau"
retrieved = "2024-05-01"
source_version = "2"
period_column = "Perioden"

[table]
shape = "tidy"
delimiter = ";"
decimal = ","
region_column = "RegioS"
measure_column = "Measure"
value_column = "Value"

[[indicator]]
id = "births"
measure = "M1"
unit_nl = "kinderen"
unit_en = "children"
decimals = 0

[[indicator]]
id = "birth_rate"
formula = "1000 * m1 / m2"
columns = { m1 = "M1", m2 = "M2" }
unit_nl = "per 1000"
unit_en = "per 1000"
decimals = 1
"#;

/// A recipe of a table of municipalities.
pub(super) const LIVES: &str = r#"id = "town_lives"
holds = "regions"
title_nl = "Gemeenten"
title_en = "Municipalities"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau"
attribution_en = "Source: Ons Bureau"
retrieved = "2024-05-01"
source_version = "2"
period = "2024"

[table]

[[table.filter]]
column = "group"
except = ["OVERIG"]

[regions]
code_column = "code"
name_column = "name"
valid_from_column = "begin"
valid_to_column = "end"
renamed_to_column = "new code"
date_format = "dd-mm-yyyy"
unknown_dates = ["", "voor 1830"]
province_column = "group"
corop_column = "area"
corop_name_column = "area name"
corop_prefix = "CR"
"#;

/// A recipe of a table of what moved between them.
pub(super) const MOVES: &str = r#"id = "town_moves"
holds = "boundary_changes"
title_nl = "Grenswijzigingen"
title_en = "Boundary changes"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau"
attribution_en = "Source: Ons Bureau"
retrieved = "2024-05-01"
source_version = "2"
period = "2024"

[table]

[boundary_changes]
region_column = "code"
other_region_column = "other"
date_column = "date"
date_format = "dd-mm-yyyy"
direction_column = "way"
received = ["from"]
gave = ["to"]
inhabitants_column = "people"
dwellings_column = "homes"
hectares_column = "area"
"#;

/// A recipe of flows between them, with names.
pub(super) const JOURNEYS: &str = r#"id = "town_journeys"
holds = "flows"
title_nl = "Reizen"
title_en = "Journeys"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau"
attribution_en = "Source: Ons Bureau"
retrieved = "2024-05-01"
source_version = "2"
period = "2020"

[table]

[flows]
kind = "trips"
origin_column = "from"
origin_name_column = "from name"
destination_column = "to"
destination_name_column = "to name"
persons_column = "people"
"#;

/// The same divided by how people go, without names.
pub(super) const DIVIDED_JOURNEYS: &str = r#"id = "divided_journeys"
holds = "flows"
title_nl = "Reizen naar vervoer"
title_en = "Journeys by transport"
publisher = "Ons Bureau"
licence = "CC-BY-4.0"
attribution_nl = "Bron: Ons Bureau"
attribution_en = "Source: Ons Bureau"
retrieved = "2024-05-01"
source_version = "2"
period = "2020"

[table]
decimal = ","
delimiter = ";"

[flows]
kind = "trips"
origin_column = "from"
destination_column = "to"
persons_column = "people"
whole_totals = true
breakdown_column = "how"
breakdown = "transport"
breakdown_nl = "vervoer"
breakdown_en = "transport"

[[flows.category]]
id = "boat"
cell = "by boat"
name_nl = "boot"
name_en = "boat"

[[flows.category]]
id = "sledge"
cell = "by sledge"
name_nl = "slee"
name_en = "sledge"
"#;

/// A table for the wide recipe: two kinds of rows of one town, and every kind of cell.
pub(super) const TOWNS: &str = "code,name,water,people,benefits\n\
    GM0034,Almere,NEE,200,10\n\
    GM0995,Lelystad,NEE,-999,5\n\
    GM0995,Lelystad,JA,.,.\n\
    GM0050,Zeewolde,NEE,0,x\n\
    GM0303,Dronten,NEE,40,n/a\n";

pub(super) fn recipe(text: &str) -> Recipe {
    let id = text
        .strip_prefix("id = \"")
        .and_then(|rest| rest.split('"').next());
    let id = id.unwrap_or("town_figures");
    Recipe::parse(&format!("{id}.toml"), text).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with the text of a wide recipe; nothing when it is sound.
pub(super) fn recipe_problems(text: &str) -> Vec<String> {
    match Recipe::parse("town_figures.toml", text) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems.iter().map(ToString::to_string).collect(),
    }
}

pub(super) fn input(name: &str, bytes: impl Into<Vec<u8>>) -> TableInput {
    TableInput::new(name, std::io::Cursor::new(bytes.into()))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

pub(super) fn import(recipe_text: &str, tables: &[&str]) -> Result<(ImportUnit, ImportReport), ImportError> {
    let inputs = tables
        .iter()
        .enumerate()
        .map(|(place, table)| input(&format!("{}.csv", place + 1), *table))
        .collect();
    ImportUnit::from_inputs(&recipe(recipe_text), inputs, &ImportFlags::default())
}

pub(super) fn unit(recipe_text: &str, tables: &[&str]) -> (ImportUnit, ImportReport) {
    import(recipe_text, tables).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn problems(recipe_text: &str, tables: &[&str]) -> Vec<String> {
    let error = import(recipe_text, tables).expect_err("a refused import");
    error.problems.iter().map(ToString::to_string).collect()
}

/// Columns that a test needs.
pub(super) fn needed(columns: &[&str]) -> Vec<NeededColumn> {
    let column = |name: &&str| NeededColumn {
        name: (*name).to_owned(),
        needed_by: "the test".to_owned(),
    };
    columns.iter().map(column).collect()
}
