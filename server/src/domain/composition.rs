//! What a composite may be made of: the rules for `children` and `weights`, wherever they are written.

use super::{IndicatorKind, NeverCounts, Text};

/// How many levels of composites may lie over each other.
pub const MOST_LEVELS: usize = 50;

/// The unit of a composite's values: they are means of grades.
#[must_use]
pub fn unit_of_composites() -> Text {
    Text::new("rapportcijfer", "grade")
}

/// Decimals to show of a composite's values.
pub const DECIMALS_OF_COMPOSITES: u32 = 2;

/// An indicator as far as composites are concerned.
#[derive(Debug, Clone)]
pub struct ComposedOf<'a> {
    /// What may be concluded from it.
    pub kind: IndicatorKind,
    /// Why it never counts, if so.
    pub never_counts: Option<NeverCounts>,
    /// Ids of its children.
    pub children: Vec<&'a str>,
}

/// Something wrong with the children of a composite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildProblem {
    /// The place of the child, counted from 0; nothing when it is the composite itself.
    pub child: Option<usize>,
    /// What is wrong, and what to do.
    pub message: String,
}

/// Everything wrong with what an indicator is composed of. Children that `find` does not know are passed over: others say so.
pub fn problems_of_children<'a>(
    id: &'a str,
    find: &impl Fn(&str) -> Option<ComposedOf<'a>>,
) -> Vec<ChildProblem> {
    let Some(own) = find(id).filter(|own| !own.children.is_empty()) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    let about_itself = match own.never_counts {
        _ if own.kind != IndicatorKind::Composite => Some(format!(
            "`{id}` is no composite: change its kind, or remove its children"
        )),
        Some(why) => Some(format!(
            "`{id}` {}: it cannot be computed from children",
            why.reason()
        )),
        None => None,
    };
    problems.extend(about_itself.map(|message| ChildProblem { child: None, message }));
    let mut walk = Walk {
        find,
        above: vec![id],
        met: Vec::new(),
        problem: None,
    };
    for (place, child) in own.children.iter().enumerate() {
        walk.visit(child);
        problems.extend(walk.problem.take().map(|message| ChildProblem {
            child: Some(place),
            message,
        }));
    }
    problems
}

/// One walk through the tree below a composite.
struct Walk<'a, 'f, F> {
    find: &'f F,
    /// From the composite down to where the walk is.
    above: Vec<&'a str>,
    /// Everything below the composite so far, each with what it stands right below.
    met: Vec<(&'a str, &'a str)>,
    /// The first thing wrong below the child at hand.
    problem: Option<String>,
}

impl<'a, F: Fn(&str) -> Option<ComposedOf<'a>>> Walk<'a, '_, F> {
    fn visit(&mut self, id: &'a str) {
        let parent = self.above.last().copied().unwrap_or_default();
        if self.above.contains(&id) {
            self.report(format!(
                "children: `{id}` would be made of itself: remove it from `{parent}`"
            ));
            return;
        }
        if let Some((_, other)) = self.met.iter().find(|(known, _)| *known == id) {
            let message = format!(
                "children: `{id}` stands below `{other}` and below `{parent}`: it would count twice, remove one of the two"
            );
            self.report(message);
            return; // what is below it was seen
        }
        self.met.push((id, parent));
        let Some(found) = (self.find)(id) else { return };
        if let Some(why) = found.never_counts {
            self.report(format!(
                "children: `{id}` {}: it never counts, remove it",
                why.reason()
            ));
        }
        if self.above.len() >= MOST_LEVELS && !found.children.is_empty() {
            self.report(format!(
                "children: `{id}` is more than {MOST_LEVELS} levels deep: make it a child of one higher up"
            ));
            return;
        }
        self.above.push(id);
        for child in found.children {
            self.visit(child);
        }
        self.above.pop();
    }

    fn report(&mut self, message: String) {
        self.problem.get_or_insert(message);
    }
}

/// Whether a number can be a weight: 0, or from 1e-100 to 1e100, so that no sum of products overflows or vanishes.
#[must_use]
pub fn is_weight(weight: f64) -> bool {
    weight == 0.0 || (1e-100..=1e100).contains(&weight)
}

/// What is wrong with the weights of so many children; none at all means that they are equal.
#[must_use]
pub fn problem_of_weights(children: usize, weights: &[f64]) -> Option<String> {
    if weights.is_empty() {
        return None;
    }
    if weights.len() != children {
        let given = weights.len();
        return Some(format!(
            "weights: there are {given} for {children} children: write one for each, or none for equal ones"
        ));
    }
    if let Some(wrong) = weights.iter().find(|weight| !is_weight(**weight)) {
        return Some(format!(
            "weights: {wrong} is no weight: write 0, or a number from 1e-100 to 1e100"
        ));
    }
    weights
        .iter()
        .all(|weight| *weight == 0.0)
        .then(|| "weights: all are 0: at least one child must count".to_owned())
}
