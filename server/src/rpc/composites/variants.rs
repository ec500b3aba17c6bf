//! The same composite made otherwise.

use std::sync::Arc;

use super::figures::Composed;
use crate::{
    domain::Basis,
    method::{Composite, CompositeMean, GradeMethod, UnfitScore, VariantShift},
};

/// Grades by unit, then by leaf.
pub(super) type Grades = Vec<Vec<Option<f64>>>;

/// What is otherwise.
#[derive(Debug, Clone)]
pub(super) enum Variant {
    /// A node is left out, with all below it.
    WithoutNode(usize),
    /// Every weight above 0 is 1.
    EqualWeights,
    /// Another mean.
    Mean(CompositeMean),
    /// Grades of the leaves made by another method.
    GradeMethod(GradeMethod, Arc<Grades>),
}

/// The variants of a composite.
pub(super) fn of(composed: &Composed<'_>) -> Vec<Variant> {
    let (tree, composite) = (&composed.tree, composed.composition.composite());
    let weights = composite.weights();
    let may_go = |node: &usize| {
        let is_part = composite.children(0).contains(node) || composite.children(*node).is_empty();
        is_part && weights[*node] > 0.0 && composite.without(*node).is_some()
    };
    let mut variants: Vec<Variant> = (1..tree.nodes.len())
        .filter(may_go)
        .map(Variant::WithoutNode)
        .collect();
    if (0..weights.len()).any(|node| are_unequal(composite, &weights, node)) {
        variants.push(Variant::EqualWeights);
    }
    let means = [
        CompositeMean::Arithmetic,
        CompositeMean::Geometric,
        CompositeMean::Harmonic,
    ];
    variants.extend(
        means
            .into_iter()
            .filter(|mean| *mean != tree.mean)
            .map(Variant::Mean),
    );
    if composed.ranking.table.basis != Basis::Published {
        let own = composed.method.unwrap_or(GradeMethod::RobustLinear);
        let methods = [
            GradeMethod::RobustLinear,
            GradeMethod::Percentile,
            GradeMethod::NormalScore,
            GradeMethod::Linear,
        ];
        for method in methods.into_iter().filter(|method| *method != own) {
            let grades = composed.grades(Some(method));
            variants.push(Variant::GradeMethod(method, Arc::new(grades)));
        }
    }
    variants
}

/// Whether the children of a node that count differ in weight.
fn are_unequal(composite: &Composite, weights: &[f64], node: usize) -> bool {
    let mut counting = composite
        .children(node)
        .iter()
        .map(|&child| weights[child])
        .filter(|weight| *weight > 0.0);
    let first = counting.next();
    counting.any(|weight| Some(weight) != first)
}

fn equal(weights: &[f64]) -> Vec<f64> {
    weights
        .iter()
        .map(|weight| f64::from(u8::from(*weight > 0.0)))
        .collect()
}

/// How positions by a variant differ from those by the composite as it is.
pub(super) fn compare(
    variant: &Variant,
    composite: &Composite,
    (grades, nominal): (&Grades, &[Option<f64>]),
) -> Result<VariantShift, UnfitScore> {
    let other = match variant {
        Variant::WithoutNode(node) => composite.without(*node),
        // The weights of a composite that can be reckoned with stay so when each becomes 1 or stays 0.
        Variant::EqualWeights => composite.with_weights(&equal(&composite.weights())).ok(),
        Variant::Mean(mean) => Some(composite.with_mean(*mean)),
        Variant::GradeMethod(..) => None,
    };
    let own_grades = match variant {
        Variant::GradeMethod(_, grades) => grades,
        _ => grades,
    };
    let scores = other.as_ref().unwrap_or(composite).scores(own_grades)?;
    Ok(VariantShift::of(nominal, &scores))
}
