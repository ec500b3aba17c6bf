//! The tree of a composite, from what was typed or from a file.

use std::{fs, path::Path};

use groeikern_client::v1::{
    Composite, CompositeChild, CompositeChildren, CompositeMean,
    composite_child::Node::{self, BlockId, Children, IndicatorId, ThemeId},
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{arguments::Tree, exit::Failure, session::Session};

/// Means as a file names them.
const MEANS: [(&str, CompositeMean); 3] = [
    ("arithmetic", CompositeMean::Arithmetic),
    ("geometric", CompositeMean::Geometric),
    ("harmonic", CompositeMean::Harmonic),
];

impl Session {
    /// The composite meant, names of indicators and themes looked up.
    pub(crate) async fn composite(&mut self, typed: &Tree) -> Result<Composite, Failure> {
        let parts = &typed.parts;
        let mut composite = match &parts.file {
            Some(file) => of_file(file)?,
            None => Composite::default(),
        };
        let child = |node: Node, weight| CompositeChild {
            node: Some(node),
            weight,
            ..Default::default()
        };
        for part in &parts.indicators {
            let id = self.indicator(&part.name).await?;
            composite.children.push(child(IndicatorId(id), part.weight));
        }
        for part in &parts.blocks {
            composite
                .children
                .push(child(BlockId(part.name.clone()), part.weight));
        }
        if !parts.themes.is_empty() {
            let themes = self.themes().await?;
            for part in &parts.themes {
                let id = self.theme(&part.name, &themes).await?;
                composite.children.push(child(ThemeId(id), part.weight));
            }
        }
        if let Some(mean) = typed.mean {
            composite.mean = CompositeMean::from(mean).into();
        }
        Ok(composite)
    }
}

/// The composite in a file.
pub(crate) fn of_file(file: &Path) -> Result<Composite, Failure> {
    let unreadable = |cause: String| Failure::BadTree {
        file: file.display().to_string(),
        cause,
    };
    let text = fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    read(&text).map_err(unreadable)
}

/// The tree that a text holds, or what is wrong with it first.
fn read(text: &str) -> Result<Composite, String> {
    let line = |offset: usize| 1 + text[..offset.min(text.len())].matches('\n').count();
    let root = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| line(span.start));
        format!("line {at}: {}", error.message())
    })?;
    let at = |entry: &Entry<'_>, message: String| format!("line {}: {message}", line(entry.span().start));
    let mut composite = Composite::default();
    for (key, entry) in root.get_ref() {
        match key.get_ref().as_ref() {
            "mean" => {
                let word = entry.get_ref().as_str();
                let known = MEANS.iter().find(|(known, _)| word == Some(*known));
                let (_, mean) = known
                    .ok_or_else(|| at(entry, "mean: write arithmetic, geometric or harmonic".to_owned()))?;
                composite.mean = (*mean).into();
            }
            "child" => composite.children = children(entry, &at)?,
            other => {
                return Err(at(
                    entry,
                    format!("`{other}` is not known; write `mean` or [[child]]"),
                ));
            }
        }
    }
    if composite.children.is_empty() {
        return Err("holds no [[child]]".to_owned());
    }
    Ok(composite)
}

type Entry<'a> = Spanned<DeValue<'a>>;

fn children(
    entry: &Entry<'_>,
    at: &impl Fn(&Entry<'_>, String) -> String,
) -> Result<Vec<CompositeChild>, String> {
    let tables = entry.get_ref().as_array();
    let tables = tables.ok_or_else(|| at(entry, "child: write [[child]], once for each".to_owned()))?;
    tables.iter().map(|table| child(table, at)).collect()
}

fn child(entry: &Entry<'_>, at: &impl Fn(&Entry<'_>, String) -> String) -> Result<CompositeChild, String> {
    let table = entry.get_ref().as_table();
    let table = table.ok_or_else(|| at(entry, "child: write [[child]], once for each".to_owned()))?;
    let mut found = CompositeChild::default();
    for (key, entry) in table {
        let text = || {
            let text = entry.get_ref().as_str().map(str::to_owned);
            text.ok_or_else(|| at(entry, format!("{}: write a text in quotes", key.get_ref())))
        };
        let node = match key.get_ref().as_ref() {
            "indicator" => IndicatorId(text()?),
            "block" => BlockId(text()?),
            "theme" => ThemeId(text()?),
            "child" => Children(CompositeChildren {
                children: children(entry, at)?,
            }),
            "label" => {
                found.label = text()?;
                continue;
            }
            "weight" => {
                let number = match entry.get_ref() {
                    DeValue::Integer(number) => number.as_str().parse().ok(),
                    DeValue::Float(number) => number.as_str().parse().ok(),
                    _ => None,
                };
                found.weight = Some(
                    number.ok_or_else(|| at(entry, "weight: write a number such as 2 or 0.5".to_owned()))?,
                );
                continue;
            }
            other => {
                let message =
                    format!("`{other}` is not known; keys are indicator, block, theme, child, weight, label");
                return Err(at(entry, message));
            }
        };
        if found.node.replace(node).is_some() {
            let message =
                "a child is one of indicator, block, theme and [[child.child]]: split it".to_owned();
            return Err(at(entry, message));
        }
    }
    if found.node.is_none() {
        return Err(at(
            entry,
            "a child names an indicator, block or theme, or has children".to_owned(),
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_a_tree_of_any_form() {
        let text = "mean = \"harmonic\"\n[[child]]\nindicator = \"a\"\nweight = 2\n[[child]]\nlabel = \"L\"\n\
                    [[child.child]]\nblock = \"b\"\nweight = 0.5\n[[child.child]]\ntheme = \"t\"\n";
        let composite = read(text).expect("a tree");
        assert_eq!(composite.mean(), CompositeMean::Harmonic);
        let [one, other] = composite.children.as_slice() else {
            panic!("{composite:?}")
        };
        assert_eq!(
            (&one.node, one.weight),
            (&Some(IndicatorId("a".to_owned())), Some(2.0))
        );
        let Some(Children(inner)) = &other.node else {
            panic!("{other:?}")
        };
        assert_eq!((other.label.as_str(), inner.children[0].weight), ("L", Some(0.5)));
        assert_eq!(inner.children[1].node, Some(ThemeId("t".to_owned())));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_line() {
        for (text, message) in [
            ("", "holds no [[child]]"),
            ("mean = \"odd\"", "line 1: mean: write arithmetic"),
            ("[[child]]\nweight = 1\n", "names an indicator"),
            ("[[child]]\nindicator = \"a\"\nblock = \"b\"\n", "split it"),
            ("[[child]]\nindicator = \"a\"\nweight = \"2\"\n", "line 3: weight"),
            ("[[child]]\nindicatr = \"a\"\n", "line 2: `indicatr` is not known"),
            ("child = 1", "line 1: child: write [[child]]"),
            ("[[child", "line 1"),
        ] {
            let found = read(text).expect_err(text);
            assert!(found.contains(message), "{text:?}: {found}");
        }
    }
}
