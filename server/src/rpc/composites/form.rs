//! The form of a composite as it is sent: what can be seen without knowing the edition.

use groeikern::v1::{
    self,
    composite_child::Node::{BlockId, Children, IndicatorId, ThemeId},
};

use crate::{domain::is_weight, method::CompositeMean, rpc::request::Violations};

/// Levels of one composite at most, as it is sent.
const MOST_LEVELS: usize = 10;

pub(super) fn read_mean(field: &str, mean: i32, violations: &mut Violations) -> CompositeMean {
    match v1::CompositeMean::try_from(mean) {
        Ok(v1::CompositeMean::Unspecified | v1::CompositeMean::Arithmetic) => CompositeMean::Arithmetic,
        Ok(v1::CompositeMean::Geometric) => CompositeMean::Geometric,
        Ok(v1::CompositeMean::Harmonic) => CompositeMean::Harmonic,
        Err(_) => {
            violations.add(
                format!("{field}.mean"),
                format!("{mean} is not a mean this contract knows"),
            );
            CompositeMean::Arithmetic
        }
    }
}

pub(super) fn number_of_nodes(children: &[v1::CompositeChild]) -> usize {
    let below = |child: &v1::CompositeChild| match &child.node {
        Some(Children(inner)) => number_of_nodes(&inner.children),
        _ => 0,
    };
    children.len() + children.iter().map(below).sum::<usize>()
}

/// What can be seen of children without knowing the edition.
pub(super) fn check(children: &[v1::CompositeChild], path: &str, level: usize, violations: &mut Violations) {
    if children.is_empty() {
        violations.add(
            format!("{path}.children"),
            "is empty: name at least one indicator, block or theme",
        );
    }
    let mut all_weightless = !children.is_empty();
    for (place, child) in children.iter().enumerate() {
        let path = format!("{path}.children[{place}]");
        let weight = child.weight.unwrap_or(1.0);
        all_weightless &= weight == 0.0;
        if !is_weight(weight) {
            violations.add(
                format!("{path}.weight"),
                format!("{weight} is no weight: write 0, or a number from 1e-100 to 1e100"),
            );
        }
        if child.label.chars().count() > 100 {
            violations.add(format!("{path}.label"), "is longer than 100 characters");
        }
        let mut id = |field, id: &str, example| {
            violations.required(&format!("{path}.{field}"), id, 100, example);
        };
        match &child.node {
            Some(IndicatorId(indicator)) => id("indicator_id", indicator, "low_theft"),
            Some(BlockId(block)) => id("block_id", block, "safety_crime"),
            Some(ThemeId(theme)) => id("theme_id", theme, "liveability_safety"),
            Some(Children(_)) if level == MOST_LEVELS => {
                violations.add(
                    format!("{path}.children"),
                    format!("is more than {MOST_LEVELS} levels deep: move it up"),
                );
            }
            Some(Children(inner)) => check(
                &inner.children,
                &format!("{path}.children"),
                level + 1,
                violations,
            ),
            None => violations.add(path, "is empty: set indicator_id, block_id, theme_id or children"),
        }
    }
    if all_weightless {
        violations.add(
            format!("{path}.children"),
            "all have weight 0: at least one must count",
        );
    }
}
