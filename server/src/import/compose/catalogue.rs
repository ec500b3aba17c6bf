//! What units add to the catalogue: sources, indicators, municipalities, and the title of the edition.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    super::{ImportError, Recipe, RecipeIndicator, UnitContent, problems::Problems},
    UnitSet,
};
use crate::{
    domain::{
        Aggregation, Block, ComposedOf, Indicator, IndicatorKind, KindBasis, Polarity, ProxyFor, Text, Theme,
        existed_in, plain_name, problems_of_children,
    },
    edition::{StoredTable, StoredTables, source::Value},
};

/// The indicators of a source, as far as recipes are held against them.
pub(super) fn indicators(tables: &StoredTables) -> Vec<Indicator> {
    let table = tables.table("indicator");
    let lists = |name: &str| {
        let mut lists: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for row in &tables.table(name).rows {
            lists.entry(row[0].to_string()).or_default().push(&row[2]);
        }
        lists
    };
    let (parts, children) = (lists("indicator_parts"), lists("indicator_children"));
    let weights = lists("indicator_weights");
    let read = |row: &Vec<Value>| {
        let text = |column| table.text(row, column).map(str::to_owned);
        let both = |nl, en| Some(Text::new(text(nl)?, text(en)?));
        let id = text("id").unwrap_or_default();
        let word = |column| table.text(row, column).unwrap_or_default();
        let texts = |list: &BTreeMap<String, Vec<&Value>>| -> Vec<String> {
            list.get(&id)
                .into_iter()
                .flatten()
                .map(ToString::to_string)
                .collect()
        };
        let weights = weights.get(&id).into_iter().flatten();
        let weights: Vec<f64> = weights.filter_map(|weight| weight.real()).collect();
        let (parts, children) = (texts(&parts), texts(&children));
        let mut indicator = Indicator {
            name: both("name_nl", "name_en").unwrap_or_default(),
            theme: text("theme").unwrap_or_default(),
            block: text("block"),
            kind: IndicatorKind::of_word(word("kind")).unwrap_or(IndicatorKind::Neutral),
            kind_basis: KindBasis::of_word(word("kind_basis")).unwrap_or(KindBasis::Unverified),
            section: text("section").unwrap_or_default(),
            figure: text("figure"),
            origin: *row.get(table.column("origin")).unwrap_or(&Value::Null) == Value::Integer(1),
            polarity: Polarity::of_word(word("polarity")),
            polarity_reason: both("polarity_reason_nl", "polarity_reason_en"),
            unit: both("unit_nl", "unit_en"),
            decimals: 0,
            denominator: text("denominator"),
            aggregation: Aggregation::of_word(word("aggregation")),
            proxy: text("proxy_for")
                .zip(both("proxy_reason_nl", "proxy_reason_en"))
                .map(|(indicator, reason)| ProxyFor { indicator, reason }),
            parts,
            children: Vec::new(),
            stated: None,
            note: None,
            id,
        };
        indicator.compute_from(children, &weights);
        indicator
    };
    table.rows.iter().map(read).collect()
}

/// The themes of a source with their blocks.
pub(super) fn themes(tables: &StoredTables) -> Vec<Theme> {
    let blocks = tables.table("block");
    let name = |table: &StoredTable, row: &Vec<Value>| {
        let text = |column| table.text(row, column).unwrap_or_default();
        Text::new(text("name_nl"), text("name_en"))
    };
    let table = tables.table("theme");
    let read = |row: &Vec<Value>| {
        let id = table.text(row, "id").unwrap_or_default();
        let own = blocks
            .rows
            .iter()
            .filter(|block| blocks.text(block, "theme") == Some(id));
        Theme {
            id: id.to_owned(),
            name: name(table, row),
            section: String::new(),
            blocks: own
                .map(|block| Block {
                    id: blocks.text(block, "id").unwrap_or_default().to_owned(),
                    name: name(blocks, block),
                    note: None,
                })
                .collect(),
        }
    };
    table.rows.iter().map(read).collect()
}

/// A source for every recipe. The year is that of its latest figures.
pub(super) fn add_sources(tables: &mut StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let table = tables.table_mut("source");
    let known: BTreeSet<String> = table.texts("id").map(str::to_owned).collect();
    let mut latest: BTreeMap<&str, (&Recipe, &str)> = BTreeMap::new();
    for unit in units.iter() {
        latest.insert(&unit.recipe.id, (&unit.recipe, &unit.period)); // periods of a recipe come in order
    }
    let mut problems = Problems::all();
    for (id, (recipe, period)) in latest {
        if known.contains(id) {
            let message =
                format!("id: the edition has a source `{id}` of its own: give the recipe another id");
            problems.in_file(&recipe.file, message);
            continue;
        }
        let ordinal = integer(table.rows.len());
        table.push([
            ("id", id.into()),
            ("title_nl", recipe.title.nl.as_str().into()),
            ("title_en", recipe.title.en.as_str().into()),
            ("publisher", recipe.publisher.as_str().into()),
            ("year", period.get(..4).unwrap_or(period).into()),
            ("attribution_nl", recipe.attribution.nl.as_str().into()),
            ("attribution_en", recipe.attribution.en.as_str().into()),
            ("ordinal", ordinal),
        ]);
    }
    problems.refuse("the set of recipes")
}

/// What recipes say of indicators: those of the source get what it leaves open, new ones follow them by recipe.
pub(super) fn add_indicators(tables: &mut StoredTables, recipes: &[Arc<Recipe>]) {
    add_children(tables, recipes);
    let table = tables.table_mut("indicator");
    let mut places: BTreeMap<String, usize> = table.texts("id").map(str::to_owned).zip(0..).collect();
    let mut parts: Vec<(&str, &str, usize)> = Vec::new();
    for indicator in recipes.iter().flat_map(|recipe| &recipe.indicators) {
        let place = *places.entry(indicator.id.clone()).or_insert_with(|| {
            let ordinal = integer(table.rows.len());
            table.push([
                ("id", indicator.id.as_str().into()),
                ("origin", Value::Integer(0)),
                ("ordinal", ordinal),
            ]);
            let owned = indicator.parts.iter().enumerate();
            parts.extend(owned.map(|(place, part)| (indicator.id.as_str(), part.as_str(), place)));
            table.rows.len() - 1
        });
        describe(table, place, indicator);
    }
    // What weighs an indicator may come with another recipe. Until that one is imported nothing does.
    let denominator = table.column("denominator");
    for row in &mut table.rows {
        if matches!(&row[denominator], Value::Text(id) if !places.contains_key(id.as_str())) {
            row[denominator] = Value::Null;
        }
    }
    let table = tables.table_mut("indicator_parts");
    for (owner, part, place) in parts {
        table.push([
            ("owner", owner.into()),
            ("ordinal", integer(place)),
            ("value", part.into()),
        ]);
    }
}

/// What recipes compute composites from, where the source does not say it.
fn add_children(tables: &mut StoredTables, recipes: &[Arc<Recipe>]) {
    let mut known: BTreeSet<String> = tables
        .table("indicator_children")
        .texts("owner")
        .map(str::to_owned)
        .collect();
    for indicator in recipes.iter().flat_map(|recipe| &recipe.indicators) {
        let Some((children, weights)) = indicator.figure.children() else {
            continue;
        };
        if !known.insert(indicator.id.clone()) {
            continue;
        }
        let children = children.iter().map(|child| child.as_str().into()).collect();
        let weights = weights.iter().map(|weight| Value::Real(*weight)).collect();
        let lists: [(&str, Vec<Value>); 2] =
            [("indicator_children", children), ("indicator_weights", weights)];
        for (name, values) in lists {
            let table = tables.table_mut(name);
            for (place, value) in values.into_iter().enumerate() {
                table.push([
                    ("owner", indicator.id.as_str().into()),
                    ("ordinal", integer(place)),
                    ("value", value),
                ]);
            }
        }
    }
}

/// Checks what composites are made of, now that all indicators are there: some trees only come together here.
pub(super) fn check_composites(tables: &StoredTables, recipes: &[Arc<Recipe>]) -> Result<(), ImportError> {
    let indicators = indicators(tables);
    let by_id: BTreeMap<&str, &Indicator> = indicators
        .iter()
        .map(|found| (found.id.as_str(), found))
        .collect();
    let find = |id: &str| {
        let found = by_id.get(id)?;
        Some(ComposedOf {
            kind: found.kind,
            never_counts: found.never_counts(),
            children: found
                .children
                .iter()
                .map(|child| child.indicator.as_str())
                .collect(),
        })
    };
    let mut problems = Problems::all();
    let mut report = |id: &str, message: String| {
        let own = recipes.iter().find_map(|recipe| {
            let composed = |other: &&RecipeIndicator| other.id == id && other.figure.children().is_some();
            Some((recipe, recipe.indicators.iter().find(composed)?))
        });
        match own {
            Some((recipe, indicator)) => problems.at(&recipe.file, indicator.line, message),
            None => problems.in_file("indicators.toml", format!("`{id}`: {message}")),
        }
    };
    for composite in indicators.iter().filter(|found| !found.children.is_empty()) {
        for found in problems_of_children(&composite.id, &find) {
            report(&composite.id, found.message);
        }
        if tables
            .table("observation")
            .texts("indicator")
            .any(|id| id == composite.id)
        {
            let message = format!(
                "`{}` has values of its own: remove them, or its children",
                composite.id
            );
            report(&composite.id, message);
        }
    }
    problems.refuse("the set of recipes")
}

fn describe(table: &mut StoredTable, place: usize, indicator: &RecipeIndicator) {
    let mut both = |nl, en, text: Option<&Text>| {
        table.fill(place, nl, text.map(|text| text.nl.as_str()).into());
        table.fill(place, en, text.map(|text| text.en.as_str()).into());
    };
    both("name_nl", "name_en", indicator.name.as_ref());
    both(
        "polarity_reason_nl",
        "polarity_reason_en",
        indicator.polarity_reason.as_ref(),
    );
    both("unit_nl", "unit_en", Some(&indicator.unit));
    let proxy = indicator.proxy.as_ref();
    // A source's own proxy stays whole: a reason belongs to what it is a reason for.
    let proxy = proxy.filter(|_| table.text(&table.rows[place], "proxy_for").is_none());
    table.fill(
        place,
        "proxy_for",
        proxy.map(|proxy| proxy.indicator.as_str()).into(),
    );
    table.fill(
        place,
        "proxy_reason_nl",
        proxy.map(|proxy| proxy.reason.nl.as_str()).into(),
    );
    table.fill(
        place,
        "proxy_reason_en",
        proxy.map(|proxy| proxy.reason.en.as_str()).into(),
    );
    table.fill(place, "theme", indicator.theme.as_deref().into());
    table.fill(place, "block", indicator.block.as_deref().into());
    table.fill(place, "kind", indicator.kind.map(IndicatorKind::word).into());
    table.fill(
        place,
        "kind_basis",
        indicator.kind_basis.map(KindBasis::word).into(),
    );
    table.fill(place, "section", indicator.section.as_deref().into());
    table.fill(place, "polarity", indicator.polarity.map(Polarity::word).into());
    table.fill(place, "decimals", Value::Integer(i64::from(indicator.decimals)));
    table.fill(place, "denominator", indicator.denominator.as_deref().into());
    table.fill(
        place,
        "aggregation",
        indicator.aggregation.map(Aggregation::word).into(),
    );
}

/// Checks that the municipalities that tables list existed in the period of their figures, or in the year on whose borders
/// these are, as far as the source knows dates.
pub(super) fn check_regions(tables: &StoredTables, units: &UnitSet) -> Result<(), ImportError> {
    let table = tables.table("region");
    let known: BTreeMap<&str, &Vec<Value>> = table
        .rows
        .iter()
        .filter_map(|row| Some((table.text(row, "code")?, row)))
        .collect();
    let mut problems = Problems::all();
    for unit in units.iter() {
        let when = unit.borders().unwrap_or(&unit.period);
        let listed = unit.content.listed();
        let absent = listed.into_iter().find_map(|(code, _)| {
            let row = known.get(code.as_str())?;
            let day = |column| table.text(row, column);
            (!existed_in(day("valid_from"), day("valid_to"), when)).then_some(code)
        });
        if let Some(code) = absent {
            let remedy = match unit.content {
                UnitContent::Figures(_) => {
                    "is the table on the borders of another year? Then the recipe says `borders = \"YEAR\"`"
                }
                _ => "is `period` of the recipe that of the table?",
            };
            let message = format!("{code} did not exist in {when}: {remedy}");
            problems.in_file(&unit.recipe.file, message);
        }
    }
    problems.refuse("the import units")
}

/// The municipalities that tables list. One that the source does not know is called by its latest name; other names that
/// tables give a municipality become aliases, unless they are another's.
pub(super) fn add_regions(tables: &mut StoredTables, units: &UnitSet) {
    let mut latest_first: Vec<_> = units.iter().collect();
    latest_first.sort_by(|one, other| {
        let periods = other.period.cmp(&one.period);
        periods.then_with(|| one.recipe.id.cmp(&other.recipe.id))
    });
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (code, name) in latest_first.iter().flat_map(|unit| unit.content.listed()) {
        names.entry(code.as_str()).or_default().extend(name);
    }
    let table = tables.table_mut("region");
    let known: BTreeSet<String> = table.texts("code").map(str::to_owned).collect();
    for (code, names) in names.iter().filter(|(code, _)| !known.contains(**code)) {
        table.push([
            ("code", (*code).into()),
            ("name", names.first().copied().unwrap_or(code).into()),
            ("level", "municipality".into()),
        ]);
    }
    let names = names
        .iter()
        .flat_map(|(code, names)| names.iter().map(move |name| (*code, *name)));
    add_aliases(tables, names);
}

/// Names become aliases of their municipality, unless they are another's: first come, first served.
pub(super) fn add_aliases<'n>(
    tables: &mut StoredTables,
    names: impl IntoIterator<Item = (&'n str, &'n str)>,
) {
    let mut taken: BTreeSet<String> = tables.table("region").texts("name").map(plain_name).collect();
    let table = tables.table_mut("region_aliases");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for row in &table.rows {
        taken.insert(plain_name(&row[2].to_string()));
        *counts.entry(row[0].to_string()).or_default() += 1;
    }
    for (code, name) in names {
        if taken.insert(plain_name(name)) {
            let place = counts.entry(code.to_owned()).or_default();
            table.push([
                ("owner", code.into()),
                ("ordinal", integer(*place)),
                ("value", name.into()),
            ]);
            *place += 1;
        }
    }
}

/// Years in order, with those that follow each other as a span: `2012, 2015-2018`.
pub(super) fn spans(years: &[&str]) -> String {
    let number = |year: &str| year.parse::<u32>().ok();
    let follows = |one: &&str, next: &&str| number(next) == number(one).map(|year| year + 1);
    let span = |years: &[&str]| match years {
        [first, .., last] => format!("{first}-{last}"),
        _ => years.concat(),
    };
    let spans: Vec<String> = years.chunk_by(follows).map(span).collect();
    spans.join(", ")
}

/// The name and title of the edition.
pub(super) fn entitle(tables: &mut StoredTables, units: &UnitSet, name: Option<&str>) {
    let table = tables.table_mut("edition");
    let columns = ["name", "title_nl", "title_en"].map(|column| table.column(column));
    let Some(row) = table.rows.first_mut() else { return };
    let years = spans(&units.years());
    if !years.is_empty() {
        row[columns[1]] = format!("{}, met ingelezen cijfers ({years})", row[columns[1]])
            .as_str()
            .into();
        row[columns[2]] = format!("{}, with imported figures ({years})", row[columns[2]])
            .as_str()
            .into();
    }
    if let Some(name) = name {
        row[columns[0]] = name.into();
    }
}

fn integer(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
