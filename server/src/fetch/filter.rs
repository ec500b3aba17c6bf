//! What is asked of the observations: filters of a recipe -> expressions of OData, none larger than the service takes.

use std::collections::BTreeMap;

use crate::{
    domain::nearest,
    import::{Filter, Recipe},
};

/// What is wanted of a table; nothing said is all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Codes of measures.
    pub measures: Vec<String>,
    /// The filters of a recipe. The import applies them again, so that those a service cannot apply do no harm.
    pub filters: Vec<Filter>,
}

impl Wanted {
    /// What a recipe reads.
    #[must_use]
    pub fn of_recipe(recipe: &Recipe) -> Self {
        let measures = recipe
            .indicators
            .iter()
            .flat_map(|indicator| indicator.figure.measures());
        let mut measures: Vec<String> = measures.cloned().collect();
        measures.sort_unstable();
        measures.dedup();
        Self {
            measures,
            filters: recipe.table.filters.clone(),
        }
    }
}

/// The nodes that one test costs in an expression: `or`, `eq`, the field, what it is a field of, the text, and a conversion. A
/// service of CBS takes 100: OData libraries of its kind refuse 20 tests beside another one, and some already 17.
const NODES_OF_TEST: usize = 6;

/// A code without spaces around it -> as the source writes it.
pub(super) type CodeList = BTreeMap<String, String>;

/// The expressions that together give what is wanted, each observation by one of them; `None` for all of a table. `codes` are
/// those of every column that can be asked for.
///
/// A list that is too long is asked for in batches; a second one is left to the import.
///
/// # Errors
/// What is asked for and does not exist.
pub(super) fn expressions(
    wanted: &Wanted,
    codes: &BTreeMap<String, CodeList>,
    most_nodes: usize,
) -> Result<Vec<Option<String>>, String> {
    let mut one: Vec<String> = Vec::new();
    let mut lists: Vec<(&str, Vec<&str>)> = Vec::new();
    let measures = Filter {
        column: "Measure".to_owned(),
        equals: wanted.measures.clone(),
        at_least: None,
        except: Vec::new(),
    };
    for filter in std::iter::once(&measures).chain(&wanted.filters) {
        let Some(known) = codes.get(&filter.column) else {
            continue; // of titles, say
        };
        let column = filter.column.as_str();
        let written: Vec<&str> = filter
            .equals
            .iter()
            .map(|code| written(column, code, known))
            .collect::<Result<_, _>>()?;
        match written.as_slice() {
            [] => {}
            [only] => one.push(format!("{column} eq {}", quoted(only))),
            _ => lists.push((column, written)),
        }
        one.extend(
            filter
                .at_least
                .as_ref()
                .map(|least| format!("{column} ge {}", quoted(least))),
        );
    }
    let mut left = (most_nodes / NODES_OF_TEST).max(1);
    one.truncate(left);
    left -= one.len();
    // Short lists are asked for whole, and the first that is too long in batches.
    lists.sort_by_key(|(_, codes)| codes.len());
    let mut batches = vec![None];
    for (column, codes) in lists {
        if codes.len() <= left {
            left -= codes.len();
            one.push(any_of(column, &codes));
        } else if left > 0 {
            batches = codes
                .chunks(left)
                .map(|batch| Some(any_of(column, batch)))
                .collect();
            left = 0;
        }
    }
    let whole = |batch: Option<String>| {
        let all: Vec<String> = one.iter().cloned().chain(batch).collect();
        (!all.is_empty()).then(|| all.join(" and "))
    };
    Ok(batches.into_iter().map(whole).collect())
}

fn written<'a>(column: &str, code: &str, known: &'a CodeList) -> Result<&'a str, String> {
    known.get(code).map(String::as_str).ok_or_else(|| {
        let hint = nearest(code, known.keys().map(String::as_str))
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        format!("the recipe asks for `{code}` in `{column}`, and the table has no such code{hint}")
    })
}

fn any_of(column: &str, codes: &[&str]) -> String {
    let tests: Vec<String> = codes
        .iter()
        .map(|code| format!("{column} eq {}", quoted(code)))
        .collect();
    format!("({})", tests.join(" or "))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes() -> BTreeMap<String, CodeList> {
        let list = |codes: &[&str]| {
            codes
                .iter()
                .map(|code| (code.trim().to_owned(), (*code).to_owned()))
                .collect()
        };
        let regions: Vec<String> = (0..40).map(|number| format!("GM{number:04}")).collect();
        let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
        BTreeMap::from([
            ("Measure".to_owned(), list(&["M1", "M2"])),
            ("RegioS".to_owned(), list(&regions)),
            ("Soort".to_owned(), list(&["A ", "it's"])),
            ("Perioden".to_owned(), list(&["2020JJ00"])),
        ])
    }

    fn asked(
        measures: &[&str],
        filters: &[(&str, &[&str], Option<&str>)],
        nodes: usize,
    ) -> Result<Vec<Option<String>>, String> {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let filters = filters.iter().map(|(column, equals, at_least)| Filter {
            column: (*column).to_owned(),
            equals: texts(equals),
            at_least: at_least.map(str::to_owned),
            except: Vec::new(),
        });
        let wanted = Wanted {
            measures: texts(measures),
            filters: filters.collect(),
        };
        expressions(&wanted, &codes(), nodes)
    }

    #[test]
    fn what_is_wanted_becomes_one_expression() {
        assert_eq!(asked(&[], &[], 100), Ok(vec![None]));
        let all: [(&str, &[&str], Option<&str>); 3] = [
            ("Soort", &["A"], None),
            ("Perioden", &[], Some("2015JJ00")),
            ("Perioden/Title", &["2020"], None),
        ];
        assert_eq!(
            asked(&["M1", "M2"], &all, 100),
            Ok(vec![Some(
                "Soort eq 'A ' and Perioden ge '2015JJ00' and (Measure eq 'M1' or Measure eq 'M2')"
                    .to_owned()
            )])
        );
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(
            asked(&[], &[("Soort", &["it's"], None)], 100),
            Ok(vec![Some("Soort eq 'it''s'".to_owned())])
        );
    }

    #[test]
    fn a_code_that_the_table_lacks_is_named_with_the_nearest() {
        let error = asked(&["M3"], &[], 100).expect_err("unknown");
        assert_eq!(
            error,
            "the recipe asks for `M3` in `Measure`, and the table has no such code; did you mean `M1`?"
        );
    }

    #[test]
    fn a_long_list_is_asked_for_in_batches_under_the_limit_each_code_once() {
        let regions: Vec<String> = (0..40).map(|number| format!("GM{number:04}")).collect();
        let regions: Vec<&str> = regions.iter().map(String::as_str).collect();
        for nodes in [1, 12, 50, 100, 1_000] {
            let filters: [(&str, &[&str], Option<&str>); 1] = [("RegioS", &regions, None)];
            let batches = asked(&["M1"], &filters, nodes).expect("expressions");
            let batches: Vec<String> = batches.into_iter().flatten().collect();
            let tests = |batch: &String| batch.matches(" eq ").count();
            assert!(
                batches
                    .iter()
                    .all(|batch| tests(batch) * NODES_OF_TEST <= nodes.max(6)),
                "{batches:?}"
            );
            let found: Vec<&str> = batches
                .iter()
                .flat_map(|batch| batch.split('\''))
                .filter(|text| text.starts_with("GM"))
                .collect();
            // Where not even one code fits beside the measure, the import filters them.
            assert!(
                found == regions || (nodes == 1 && found.is_empty()),
                "{nodes}: {found:?}"
            );
        }
    }
}
