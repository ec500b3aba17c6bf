//! The indicators of a recipe.

use crate::{
    domain::{
        Aggregation, DECIMALS_OF_COMPOSITES, IndicatorKind, KindBasis, Polarity, nearest, problem_of_weights,
        unit_of_composites,
    },
    edition::source::{Kind, fields},
};

use super::{
    super::{Formula, problems::plain},
    Figure, Proxy, RecipeIndicator, TableShape,
    keys::Keys,
};

/// Reads every `[[indicator]]`; what they may say depends on the shape of the table.
pub(super) fn indicators(keys: &Keys<'_>, shape: Option<&TableShape>) -> Vec<RecipeIndicator> {
    let mut indicators: Vec<RecipeIndicator> = Vec::new();
    let tables = keys.tables("indicator", "indicator");
    if tables.is_empty() && !keys.has("indicator") {
        keys.report(
            "indicator",
            "there is no [[indicator]]: say what the columns mean",
        );
    }
    for keys in &tables {
        let Some(indicator) = indicator(keys, shape) else {
            continue;
        };
        if let Some(first) = indicators.iter().find(|other| other.id == indicator.id) {
            keys.report(
                "id",
                format!(
                    "indicator `{}` stands twice, first on line {}",
                    indicator.id, first.line
                ),
            );
        }
        indicators.push(indicator);
    }
    if !indicators.is_empty()
        && indicators
            .iter()
            .all(|indicator| indicator.figure.children().is_some())
    {
        let message =
            "no [[indicator]] takes figures from the table: composites alone have nothing to import";
        keys.report("indicator", message);
    }
    indicators
}

fn indicator(keys: &Keys<'_>, shape: Option<&TableShape>) -> Option<RecipeIndicator> {
    let id = keys.required("id", Kind::Id);
    let name = keys.both("name_nl", "name_en");
    let theme = keys.text("theme", Kind::Id);
    let block = keys.text("block", Kind::Id);
    let kind = keys.word("kind", IndicatorKind::WORDS);
    let kind_basis = keys.word("kind_basis", KindBasis::WORDS);
    let section = keys.shown("section");
    let polarity = keys.word("polarity", Polarity::WORDS);
    let polarity_reason = keys.both("polarity_reason_nl", "polarity_reason_en");
    let composed = keys.has("children").then(|| children(keys, id.as_deref(), kind));
    let (polarity, unit, decimals) = if composed.is_some() {
        nothing_else(keys);
        let unit = Some(unit_of_composites());
        (
            Some(Polarity::HigherIsFavourable),
            unit,
            Some(DECIMALS_OF_COMPOSITES),
        )
    } else {
        // Of an indicator that is to be found in the edition, the kind is only known there.
        if kind.is_some() {
            polarity_fits_kind(keys, kind == Some(IndicatorKind::Neutral));
        }
        let decimals = keys.whole("decimals", 0, 12);
        let decimals = decimals.and_then(|decimals| u32::try_from(decimals).ok());
        (polarity, keys.required_both("unit_nl", "unit_en"), decimals)
    };
    let denominator = keys.text("denominator", Kind::Id);
    let aggregation = keys.word("aggregation", Aggregation::WORDS);
    let missing = keys.texts("missing").unwrap_or_default();
    let parts = parts(keys, id.as_deref());
    let proxy = proxy(keys, id.as_deref());
    let figure = match composed {
        Some(composed) => composed,
        None => figure(keys, shape),
    };
    keys.finish();
    Some(RecipeIndicator {
        line: keys.line,
        id: id?,
        name,
        theme,
        block,
        kind,
        kind_basis,
        section,
        polarity,
        polarity_reason,
        unit: unit?,
        decimals: decimals?,
        denominator,
        aggregation,
        missing: missing.iter().map(|text| plain(text).into_owned()).collect(),
        parts,
        proxy,
        figure: figure?,
    })
}

/// The ids of the indicators it is the total of.
fn parts(keys: &Keys<'_>, id: Option<&str>) -> Vec<String> {
    let parts = keys.texts("parts").unwrap_or_default();
    for part in &parts {
        if let Err(message) = fields::from_text(Kind::Id, part) {
            keys.report("parts", format!("parts: {message}"));
        }
        if Some(part.as_str()) == id {
            keys.report("parts", "parts: an indicator is no part of itself: remove it");
        }
    }
    parts
}

/// What a composite is computed from.
fn children(keys: &Keys<'_>, id: Option<&str>, kind: Option<IndicatorKind>) -> Option<Figure> {
    let children = keys.texts("children")?;
    let weights = keys.numbers("weights").unwrap_or_default();
    if children.is_empty() {
        keys.report(
            "children",
            "children: is empty: name the indicators it is computed from",
        );
    }
    for child in &children {
        if let Err(message) = fields::from_text(Kind::Id, child) {
            keys.report("children", format!("children: {message}"));
        }
        if Some(child.as_str()) == id {
            keys.report(
                "children",
                "children: an indicator is not made of itself: remove it",
            );
        }
    }
    if kind.is_some_and(|kind| kind != IndicatorKind::Composite) {
        keys.report(
            "kind",
            "kind: only a composite has children: write \"composite\", or remove them",
        );
    }
    if let Some(message) = problem_of_weights(children.len(), &weights) {
        keys.report("weights", message);
    }
    Some(Figure::Children { children, weights })
}

/// The keys of figures, which a composite with children has none of, and those that follow from its children.
fn nothing_else(keys: &Keys<'_>) {
    const OF_FIGURES: [&str; 5] = ["column", "measure", "formula", "columns", "missing"];
    const FOLLOW: [&str; 7] = [
        "aggregation",
        "polarity",
        "polarity_reason_nl",
        "polarity_reason_en",
        "unit_nl",
        "unit_en",
        "decimals",
    ];
    keys.knows(&OF_FIGURES);
    keys.knows(&FOLLOW);
    for key in OF_FIGURES.into_iter().filter(|key| keys.has(key)) {
        keys.report(
            key,
            format!("{key}: `children` stand here as well: remove one of the two"),
        );
    }
    for key in FOLLOW.into_iter().filter(|key| keys.has(key)) {
        keys.report(key, format!("{key}: follows from the children: remove it"));
    }
}

fn polarity_fits_kind(keys: &Keys<'_>, is_neutral: bool) {
    const KEYS: [&str; 3] = ["polarity", "polarity_reason_nl", "polarity_reason_en"];
    for key in KEYS {
        if is_neutral && keys.has(key) {
            keys.report(
                key,
                format!("{key}: a neutral indicator has no favourable side: remove it or change kind"),
            );
        } else if !is_neutral && !keys.has(key) {
            keys.report(
                key,
                format!("key `{key}` is missing: a judged indicator says which side is favourable, and why"),
            );
        }
    }
}

fn proxy(keys: &Keys<'_>, id: Option<&str>) -> Option<Proxy> {
    let indicator = keys.text("proxy_for", Kind::Id);
    let reason = keys.both("proxy_reason_nl", "proxy_reason_en");
    let has_reason = keys.has("proxy_reason_nl") || keys.has("proxy_reason_en");
    match (keys.has("proxy_for"), has_reason) {
        (true, false) => keys.report(
            "proxy_for",
            "`proxy_reason_nl` and `proxy_reason_en` are missing: say why it may stand in",
        ),
        (false, true) => keys.report(
            "proxy_reason_nl",
            "a reason without `proxy_for`: name the indicator it stands in for, or remove the reason",
        ),
        _ => {}
    }
    if indicator.is_some() && indicator.as_deref() == id {
        let message = "an indicator cannot stand in for itself: the same concept needs no proxy_for, another one its \
                       own id";
        keys.report("proxy_for", message);
    }
    Some(Proxy {
        indicator: indicator?,
        reason: reason?,
    })
}

fn figure(keys: &Keys<'_>, shape: Option<&TableShape>) -> Option<Figure> {
    let (column, measure) = (keys.text("column", Kind::Text), keys.text("measure", Kind::Text));
    let text = keys.text("formula", Kind::Text);
    let columns = keys.texts_by_name("columns");
    keys.knows(&["children", "weights"]);
    let (right, wrong, kind) = match shape {
        Some(TableShape::Wide) => ("column", "measure", "wide"),
        Some(TableShape::Tidy { .. }) => ("measure", "column", "tidy"),
        None => return None, // reported with the table
    };
    if keys.has(wrong) {
        keys.report(wrong, format!("{wrong}: the table is {kind}: write `{right}`"));
    }
    let has_own = keys.has(right) || keys.has(wrong);
    match (has_own, keys.has("formula")) {
        (true, true) => keys.report(
            "formula",
            format!("`{right}` stands here as well as `formula`: remove one of the two"),
        ),
        (false, false) => keys.report(
            right,
            format!("key `{right}` is missing; or write `formula` and `columns`"),
        ),
        _ => {}
    }
    if keys.has("weights") {
        keys.report(
            "weights",
            "`weights` without `children`: name the children, or remove them",
        );
    }
    if keys.has("columns") && !keys.has("formula") {
        keys.report(
            "columns",
            "`columns` without `formula`: write the formula, or remove them",
        );
    }
    match text {
        Some(text) => formula(keys, &text, &columns.unwrap_or_default()),
        None => column.or(measure).map(Figure::Measure),
    }
}

fn formula(keys: &Keys<'_>, text: &str, columns: &[(String, String)]) -> Option<Figure> {
    let formula = match Formula::parse(text) {
        Ok(formula) => formula,
        Err(error) => {
            keys.report("formula", format!("formula: {error}"));
            return None;
        }
    };
    if formula.names().is_empty() {
        keys.report(
            "formula",
            "formula: names no column: the same number everywhere is no indicator",
        );
    }
    for (name, _) in columns {
        if !formula.names().contains(name) {
            keys.report(
                "columns",
                format!("columns: the formula does not use `{name}`: remove it"),
            );
        }
    }
    let mut measures = Vec::new();
    for name in formula.names() {
        match columns.iter().find(|(known, _)| known == name) {
            Some((_, measure)) => measures.push(measure.clone()),
            None => {
                let hint = nearest(name, columns.iter().map(|(known, _)| known.as_str()))
                    .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                keys.report(
                    "formula",
                    format!("formula: `columns` does not say what `{name}` is{hint}"),
                );
            }
        }
    }
    (measures.len() == formula.names().len()).then_some(Figure::Formula { formula, measures })
}

#[cfg(test)]
mod tests {
    use crate::import::fixtures::{WIDE, recipe_problems};

    /// The problems of the wide recipe with a composite of its own.
    fn problems(keys: &str) -> Vec<String> {
        let composite = format!(
            "\n[[indicator]]\nid = \"x\"\nname_nl = \"N\"\nname_en = \"N\"\ntheme = \"population\"\nkind = \"composite\"\n\
             kind_basis = \"stated\"\n{keys}\n"
        );
        recipe_problems(&format!("{WIDE}{composite}"))
    }

    #[test]
    fn a_composite_has_children_in_place_of_a_column_and_what_follows_from_them() {
        assert_eq!(problems("children = [\"recipients\"]\nweights = [2.5]"), [""; 0]);
        for (keys, message) in [
            (
                "children = [\"recipients\"]\ncolumn = \"people\"",
                "column: `children` stand here as well",
            ),
            (
                "children = [\"recipients\"]\nunit_nl = \"%\"\nunit_en = \"%\"",
                "unit_nl: follows from the children",
            ),
            (
                "children = [\"recipients\"]\npolarity = \"lower_is_favourable\"",
                "polarity: follows from the children",
            ),
            ("children = []", "children: is empty"),
            ("children = [\"x\"]", "an indicator is not made of itself"),
            ("children = [\"No Id\"]", "is not an id"),
            (
                "children = [\"recipients\"]\nweights = [1, 2]",
                "there are 2 for 1",
            ),
            (
                "children = [\"recipients\"]\nweights = [\"1\"]",
                "expected a list of numbers",
            ),
            (
                "column = \"people\"\nweights = [1]",
                "`weights` without `children`",
            ),
        ] {
            let found = problems(keys);
            assert!(
                found.iter().any(|found| found.contains(message)),
                "{keys}: {found:?}"
            );
        }
    }

    #[test]
    fn composites_alone_have_nothing_to_import() {
        let (head, _) = WIDE.split_once("[[indicator]]").expect("indicators");
        let composite = "[[indicator]]\nid = \"x\"\nkind = \"composite\"\nchildren = [\"recipients\"]\n";
        let found = recipe_problems(&format!("{head}{composite}"));
        assert!(
            found
                .iter()
                .any(|found| found.contains("composites alone have nothing to import")),
            "{found:?}"
        );
    }
}
