//! Composites: a tree of scores becomes one score.
//!
//! Leaves are the grades of judged indicators, `None` where a unit has none. A node's score is the weighted mean of its
//! children's scores; nothing is graded again on the way up. The caller does that once, on the scores of the root, with
//! [`Ranking::of_scores`](super::Ranking::of_scores) and [`RobustScale::fit`](super::RobustScale::fit), which stretches the
//! scale: a mean of grades spreads less than its parts.
//!
//! Nodes are told apart by their place in pre-order: the root is 0, its first child 1, then that child's children.

use super::{
    ranking::tolerance,
    sum::{CompensatedSum, compensated_sum},
};
use crate::domain::is_weight;

/// Less coverage than this, and a node has no score. A coverage is derived: it is only less when it lies further below
/// than `1e-9`, so that two of three parts of weight 0.1 are enough, whatever their sum rounds to.
pub const MINIMUM_COVERAGE: f64 = 2.0 / 3.0;
/// As [weights](is_weight) above 0, the size of scores lies between this and its inverse: no sum of products overflows or
/// vanishes.
const LEAST_SIZE: f64 = 1e-100;

/// How the children's scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompositeMean {
    /// `sum(w x) / sum(w)`: a high score makes up for a low one.
    Arithmetic,
    /// `exp(sum(w ln x) / sum(w))`: it does so less the lower the low one is. Positive scores only.
    Geometric,
    /// `sum(w) / sum(w / x)`: even less. Positive scores only.
    Harmonic,
}

impl CompositeMean {
    /// All three are `f^-1(sum(w f(x)) / sum(w))`, with f the identity, the logarithm and the inverse. A tree applies the
    /// same f at every node, so that f is taken once at the leaves and undone where a score is read.
    fn bend(self, score: f64) -> f64 {
        match self {
            Self::Arithmetic => score,
            Self::Geometric => libm::log(score),
            Self::Harmonic => 1.0 / score,
        }
    }

    pub(super) fn unbend(self, bent: f64) -> f64 {
        match self {
            Self::Arithmetic => bent,
            Self::Geometric => libm::exp(bent),
            Self::Harmonic => 1.0 / bent,
        }
    }

    fn takes(self, score: f64) -> bool {
        match self {
            Self::Arithmetic => score.abs() <= LEAST_SIZE.recip(),
            Self::Geometric | Self::Harmonic => (LEAST_SIZE..=LEAST_SIZE.recip()).contains(&score),
        }
    }
}

/// A composite as it is asked for: a tree of any depth.
#[derive(Debug, Clone, PartialEq)]
pub struct CompositeNode {
    /// Weight among its siblings, 0 or more; that of the root means nothing.
    pub weight: f64,
    /// What it scores.
    pub part: CompositePart,
}

/// What a node of a composite scores.
#[derive(Debug, Clone, PartialEq)]
pub enum CompositePart {
    /// The score at this place in a unit's list.
    Leaf(usize),
    /// The mean of these.
    Children(Vec<CompositeNode>),
}

impl CompositeNode {
    /// A leaf: the score at this place in a unit's list.
    #[must_use]
    pub fn leaf(weight: f64, leaf: usize) -> Self {
        Self {
            weight,
            part: CompositePart::Leaf(leaf),
        }
    }

    /// A mean of children.
    #[must_use]
    pub fn of(weight: f64, children: Vec<Self>) -> Self {
        Self {
            weight,
            part: CompositePart::Children(children),
        }
    }
}

/// What is wrong with a composite; nodes by place in pre-order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidComposite {
    /// The node's weight is negative, not finite, or too large or small to reckon with: over 1e100 or, but for 0, under
    /// 1e-100.
    InvalidWeight(usize),
    /// All children of the node have weight 0.
    NoWeight(usize),
    /// The node is neither leaf nor has children.
    NoChildren(usize),
    /// The node is a leaf of a score that the units do not have.
    UnknownLeaf(usize),
    /// The node is a leaf of the same score as an earlier node: its weight would be more than it seems.
    RepeatedLeaf(usize),
    /// There are not as many weights as nodes, but so many.
    WrongNumberOfWeights(usize),
}

/// A score that has no place in the mean that was asked for: not finite, of a size beyond 1e100, or, in a geometric or
/// harmonic mean, not positive (at least 1e-100). It is refused and never skipped, moved or taken for missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnfitScore {
    /// Place of the unit in the list of units; 0 where only one was asked for.
    pub unit: usize,
    /// Place of the score in the unit's list.
    pub leaf: usize,
}

/// What one unit gets at one node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NodeScore {
    /// Mean of the children present, or the leaf's score; `None` where missing or below coverage.
    pub score: Option<f64>,
    /// `sum(w cov(child)) / sum(w)`, 0 to 1, a child without score counting 0; of a leaf 1 or 0.
    pub coverage: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) weight: f64,
    pub(super) parent: Option<usize>,
    /// How many steps below the root.
    pub(super) depth: usize,
    pub(super) leaf: Option<usize>,
    pub(super) children: Vec<usize>,
}

/// A composite that can be reckoned with.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// In pre-order: parents before their children.
    pub(super) nodes: Vec<Node>,
    pub(super) mean: CompositeMean,
    minimum_coverage: f64,
    leaf_scores: usize,
}

impl Composite {
    /// The composite of a tree over units that have so many leaf scores each.
    ///
    /// # Errors
    /// All that is wrong with it, by node.
    pub fn new(
        root: &CompositeNode,
        leaf_scores: usize,
        mean: CompositeMean,
    ) -> Result<Self, Vec<InvalidComposite>> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut waiting = vec![(root, None)];
        while let Some((node, parent)) = waiting.pop() {
            let place = nodes.len();
            let mut depth = 0;
            if let Some(parent) = parent {
                let above: &mut Node = &mut nodes[parent];
                above.children.push(place);
                depth = above.depth + 1;
            }
            let leaf = match &node.part {
                CompositePart::Leaf(leaf) => Some(*leaf),
                CompositePart::Children(children) => {
                    waiting.extend(children.iter().rev().map(|child| (child, Some(place))));
                    None
                }
            };
            nodes.push(Node {
                weight: node.weight,
                parent,
                depth,
                leaf,
                children: Vec::new(),
            });
        }
        Self {
            nodes,
            mean,
            minimum_coverage: MINIMUM_COVERAGE,
            leaf_scores,
        }
        .checked()
    }

    fn checked(self) -> Result<Self, Vec<InvalidComposite>> {
        let mut seen = vec![false; self.leaf_scores];
        let mut wrong = Vec::new();
        for (place, node) in self.nodes.iter().enumerate() {
            if !is_weight(node.weight) {
                wrong.push(InvalidComposite::InvalidWeight(place));
            }
            match node.leaf.map(|leaf| seen.get_mut(leaf)) {
                Some(None) => wrong.push(InvalidComposite::UnknownLeaf(place)),
                Some(Some(seen)) if *seen => wrong.push(InvalidComposite::RepeatedLeaf(place)),
                Some(Some(seen)) => *seen = true,
                None if node.children.is_empty() => wrong.push(InvalidComposite::NoChildren(place)),
                None if node.children.iter().all(|&child| self.nodes[child].weight == 0.0) => {
                    wrong.push(InvalidComposite::NoWeight(place));
                }
                None => {}
            }
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }

    /// The same composite with another least coverage than [`MINIMUM_COVERAGE`]. With 0 every node with any child present
    /// has a score, as in COINr.
    #[must_use]
    pub fn with_minimum_coverage(self, minimum_coverage: f64) -> Self {
        Self {
            minimum_coverage,
            ..self
        }
    }

    /// The same composite with another mean at every node.
    #[must_use]
    pub fn with_mean(&self, mean: CompositeMean) -> Self {
        Self { mean, ..self.clone() }
    }

    /// The same composite with these weights, one per node.
    ///
    /// # Errors
    /// All that is wrong with the weights.
    pub fn with_weights(&self, weights: &[f64]) -> Result<Self, Vec<InvalidComposite>> {
        if weights.len() != self.nodes.len() {
            return Err(vec![InvalidComposite::WrongNumberOfWeights(weights.len())]);
        }
        let mut other = self.clone();
        for (node, &weight) in other.nodes.iter_mut().zip(weights) {
            node.weight = weight;
        }
        other.checked()
    }

    /// The composite without this node and all below it: as if it had been built so, coverage included. Nodes keep their
    /// places, with weight 0. A parent left with nothing goes with it; `None` when nothing remains.
    #[must_use]
    pub fn without(&self, node: usize) -> Option<Self> {
        let mut other = self.clone();
        let mut gone = node;
        loop {
            let parent = other.nodes.get(gone)?.parent?;
            other.nodes[gone].weight = 0.0;
            if other.nodes[parent]
                .children
                .iter()
                .any(|&child| other.nodes[child].weight > 0.0)
            {
                return Some(other);
            }
            gone = parent;
        }
    }

    /// The weight of every node.
    #[must_use]
    pub fn weights(&self) -> Vec<f64> {
        self.nodes.iter().map(|node| node.weight).collect()
    }

    /// The nodes right below one; nothing below a leaf or a node that is not there.
    #[must_use]
    pub fn children(&self, node: usize) -> &[usize] {
        self.nodes.get(node).map_or(&[], |node| &node.children)
    }

    /// The node of a leaf score; `None` when the composite does not use it.
    #[must_use]
    pub fn node_of_leaf(&self, leaf: usize) -> Option<usize> {
        self.nodes.iter().position(|node| node.leaf == Some(leaf))
    }

    /// What a unit with these leaf scores gets at every node.
    ///
    /// # Errors
    /// A score that has no place in the mean.
    pub fn evaluate(&self, leaf_scores: &[Option<f64>]) -> Result<Vec<NodeScore>, UnfitScore> {
        let mut bent = self.bent_leaves(leaf_scores)?;
        let presence = self.presence(leaf_scores);
        self.climb(&self.weights(), &presence.present, &mut bent);
        let nodes = presence
            .present
            .iter()
            .zip(presence.coverage)
            .zip(bent)
            .zip(&self.nodes);
        let node_scores = nodes.map(|(((&present, coverage), bent), node)| {
            // A leaf's score is its own, not what is left of it after a logarithm and back.
            let own = node
                .leaf
                .and_then(|leaf| leaf_scores.get(leaf).copied().flatten());
            let score = present.then(|| own.unwrap_or_else(|| self.mean.unbend(bent)));
            NodeScore { score, coverage }
        });
        Ok(node_scores.collect())
    }

    /// The score of every unit at the root.
    ///
    /// # Errors
    /// The first score that has no place in the mean.
    pub fn scores(&self, units: &[impl AsRef<[Option<f64>]>]) -> Result<Vec<Option<f64>>, UnfitScore> {
        let at_root = |(unit, scores): (usize, &[Option<f64>])| {
            let nodes = self
                .evaluate(scores)
                .map_err(|unfit| UnfitScore { unit, ..unfit })?;
            Ok(nodes[0].score)
        };
        units.iter().map(AsRef::as_ref).enumerate().map(at_root).collect()
    }

    /// What share every node has in the score of a unit with these leaf scores: the product of `w / sum(w)` over the
    /// siblings present, from the root down; 0 where missing. Those of the leaves add up to 1. `None` when the unit has no
    /// score; with every score present, the shares the weights promise.
    #[must_use]
    pub fn effective_weights(&self, leaf_scores: &[Option<f64>]) -> Option<Vec<f64>> {
        let Presence { present, .. } = self.presence(leaf_scores);
        let mut shares = vec![0.0; self.nodes.len()];
        shares[0] = present[0].then_some(1.0)?;
        for (place, node) in self.nodes.iter().enumerate() {
            let own = shares[place];
            let here = node.children.iter().filter(|&&child| own > 0.0 && present[child]);
            let weight = compensated_sum(here.clone().map(|&child| self.nodes[child].weight));
            for &child in here {
                shares[child] = own * (self.nodes[child].weight / weight);
            }
        }
        Some(shares)
    }

    /// The leaves' scores as the mean takes them, by node; 0 elsewhere.
    pub(super) fn bent_leaves(&self, leaf_scores: &[Option<f64>]) -> Result<Vec<f64>, UnfitScore> {
        debug_assert_eq!(leaf_scores.len(), self.leaf_scores, "a score per leaf");
        let own = |leaf: usize| Some((leaf, leaf_scores.get(leaf).copied()??));
        let of_node = |node: &Node| match node.leaf.and_then(own) {
            Some((_, score)) if self.mean.takes(score) => Ok(self.mean.bend(score)),
            Some((leaf, _)) => Err(UnfitScore { unit: 0, leaf }),
            None => Ok(0.0),
        };
        self.nodes.iter().map(of_node).collect()
    }

    pub(super) fn presence(&self, leaf_scores: &[Option<f64>]) -> Presence {
        let mut present = vec![false; self.nodes.len()];
        let mut coverage = vec![0.0; self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate().rev() {
            if let Some(leaf) = node.leaf {
                present[place] = leaf_scores.get(leaf).is_some_and(Option::is_some);
                coverage[place] = f64::from(u8::from(present[place]));
                continue;
            }
            let weight = |child: &usize| self.nodes[*child].weight;
            let here = node.children.iter().filter(|&&child| present[child]);
            let covered = compensated_sum(here.clone().map(|child| weight(child) * coverage[*child]));
            let all = compensated_sum(node.children.iter().map(weight));
            // Nothing weighs in a parent that went with its only child.
            coverage[place] = if all > 0.0 { (covered / all).min(1.0) } else { 0.0 };
            let enough = self.minimum_coverage - coverage[place] <= tolerance(self.minimum_coverage);
            present[place] = enough && here.into_iter().any(|child| weight(child) > 0.0);
        }
        Presence { present, coverage }
    }

    /// Fills in the means of nodes that are present, from the leaves up. Every such node has a child present with a weight
    /// above 0.
    pub(super) fn climb(&self, weights: &[f64], present: &[bool], bent: &mut [f64]) {
        for (place, node) in self.nodes.iter().enumerate().rev() {
            if node.leaf.is_some() || !present[place] {
                continue;
            }
            let (mut sum, mut products) = (CompensatedSum::new(), CompensatedSum::new());
            for &child in node.children.iter().filter(|&&child| present[child]) {
                sum.add(weights[child]);
                products.add(weights[child] * bent[child]);
            }
            bent[place] = products.value() / sum.value();
        }
    }
}

/// Which nodes of a composite have a score, and the coverage of each.
pub(super) struct Presence {
    pub(super) present: Vec<bool>,
    coverage: Vec<f64>,
}
