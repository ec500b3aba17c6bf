//! The composite of a request -> a tree of the edition's indicators, with everything that is wrong with it.

use std::collections::HashMap;

use groeikern::v1::{
    self,
    composite_child::Node::{BlockId, Children, IndicatorId, ThemeId},
};

use super::form::{check, number_of_nodes, read_mean};
use crate::{
    domain::{Indicator, NeverCounts, Text, Theme, WeightedChild, wholes_of},
    method::{CompositeMean, CompositeNode, CompositePart, drop_parts},
    rpc::{Failure, lookup, request::Violations},
    snapshot::{Composition, Snapshot},
};

#[cfg(test)]
mod tests;

/// Leaves of one composite at most.
pub(in crate::rpc) const MOST_LEAVES: usize = 200;
/// Nodes of one composite at most, as it is sent.
const MOST_NODES: usize = 1000;
/// The field of a request that holds it, in most.
const FIELD: &str = "composite";

/// A composite as it was sent, in good form.
#[derive(Debug, Clone, Copy)]
pub(in crate::rpc) struct Sent<'r> {
    /// The field of the request that holds it.
    field: &'static str,
    children: &'r [v1::CompositeChild],
    pub(in crate::rpc) mean: CompositeMean,
}

/// A composite of an edition's indicators.
#[derive(Debug)]
pub(in crate::rpc) struct Tree {
    /// In pre-order, as those of [`Composite`](crate::method::Composite).
    pub(super) nodes: Vec<TreeNode>,
    /// The indicators of its leaves, by their place in the snapshot.
    pub(super) leaves: Vec<usize>,
    /// Indicators of its blocks and themes that do not count: their place, why, and the node of the block or theme.
    pub(super) left_out: Vec<(usize, LeftOut, usize)>,
    pub(super) mean: CompositeMean,
}

#[derive(Debug, Clone)]
pub(super) struct TreeNode {
    pub(super) parent: Option<usize>,
    pub(super) weight: f64,
    /// What the caller calls it.
    label: String,
    pub(super) part: Part,
}

/// What a node stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Children of the caller's own.
    Children,
    /// A block, by its id.
    Block(String, Text),
    /// A theme, by its id.
    Theme(String, Text),
    /// A composite of the edition with its children, by its place.
    Composite(usize),
    /// The leaf of this number.
    Leaf(usize),
}

/// Why an indicator of a block or theme is not in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeftOut {
    NeverCounts(NeverCounts),
    /// Its total or composite counts instead.
    PartOfAnother,
}

impl<'r> Sent<'r> {
    /// Reads the composite of a request; what is wrong with its form joins the other violations.
    pub(in crate::rpc) fn parse(composite: Option<&'r v1::Composite>, violations: &mut Violations) -> Self {
        let Some(composite) = composite else {
            let description = "is required: the indicators to take the mean of, such as `low_theft`";
            violations.add(FIELD, description);
            return Self {
                field: FIELD,
                children: &[],
                mean: CompositeMean::Arithmetic,
            };
        };
        Self::of(FIELD, composite, violations)
    }

    /// Reads the composite in a field of a request.
    pub(in crate::rpc) fn of(
        field: &'static str,
        composite: &'r v1::Composite,
        violations: &mut Violations,
    ) -> Self {
        let children = &composite.children;
        if number_of_nodes(children) > MOST_NODES {
            violations.too_large(field, format!("has more than {MOST_NODES} nodes: leave some out"));
        } else {
            check(children, field, 1, violations);
        }
        Self {
            field,
            children,
            mean: read_mean(field, composite.mean, violations),
        }
    }

    /// The tree of it over an edition.
    pub(in crate::rpc) fn resolve(self, edition: &Snapshot) -> Result<Tree, Failure> {
        let mut builder = Builder {
            edition,
            nodes: Vec::new(),
            leaves: Vec::new(),
            left_out: Vec::new(),
            met: HashMap::new(),
            violations: Violations::new(),
        };
        let root = builder.node(None, 1.0, "", Part::Children);
        builder.children(root, self.children, self.field);
        let leaves = builder.leaves.len();
        if leaves > MOST_LEAVES {
            builder.violations.too_large(
                self.field,
                format!("has {leaves} indicators, at most {MOST_LEAVES} fit in one: leave some out"),
            );
        }
        builder.violations.finish()?;
        let mut tree = Tree {
            nodes: builder.nodes,
            leaves: builder.leaves,
            left_out: builder.left_out,
            mean: self.mean,
        };
        tree.be_its_only_child();
        Ok(tree)
    }
}

struct Builder<'e> {
    edition: &'e Snapshot,
    nodes: Vec<TreeNode>,
    leaves: Vec<usize>,
    left_out: Vec<(usize, LeftOut, usize)>,
    /// Where everything in the tree was met first.
    met: HashMap<Met, String>,
    violations: Violations,
}

/// What can stand in a tree only once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Met {
    /// By its place.
    Indicator(usize),
    Block(String),
    Theme(String),
}

impl Builder<'_> {
    /// Whether something is new to the tree; otherwise says where it was met.
    fn is_new(&mut self, met: Met, what: &str, path: &str) -> bool {
        if let Some(other) = self.met.get(&met) {
            let message = format!("{what} stands at {other} as well: it would count twice");
            self.violations.add(path, message);
            return false;
        }
        self.met.insert(met, path.to_owned());
        true
    }

    fn node(&mut self, parent: Option<usize>, weight: f64, label: &str, part: Part) -> usize {
        self.nodes.push(TreeNode {
            parent,
            weight,
            label: label.to_owned(),
            part,
        });
        self.nodes.len() - 1
    }

    fn children(&mut self, parent: usize, children: &[v1::CompositeChild], path: &str) {
        for (place, child) in children.iter().enumerate() {
            let path = format!("{path}.children[{place}]");
            let at = (Some(parent), child.weight.unwrap_or(1.0), child.label.as_str());
            match &child.node {
                Some(IndicatorId(id)) => self.named(at, id, &format!("{path}.indicator_id")),
                Some(BlockId(id)) => self.block(at, id, &format!("{path}.block_id")),
                Some(ThemeId(id)) => self.theme(at, id, &format!("{path}.theme_id")),
                Some(Children(inner)) => {
                    let node = self.node(at.0, at.1, at.2, Part::Children);
                    self.children(node, &inner.children, &format!("{path}.children"));
                }
                None => {} // refused when it was read
            }
        }
    }

    /// An indicator that the caller names.
    fn named(&mut self, at: (Option<usize>, f64, &str), id: &str, path: &str) {
        let (place, indicator) = match lookup::indicator(self.edition, id) {
            Ok(found) => found,
            Err(unknown) => return self.violations.failure(path, &unknown),
        };
        match indicator.never_counts() {
            Some(why) => {
                let message = format!(
                    "`{id}` {}; it never counts in a composite: leave it out",
                    why.reason()
                );
                self.violations.add(path, message);
            }
            None => self.indicator(at, place, path),
        }
    }

    /// An indicator that may count: a leaf, or a composite with all below it.
    fn indicator(&mut self, (parent, weight, label): (Option<usize>, f64, &str), place: usize, path: &str) {
        let edition = self.edition;
        let indicator = &edition.indicators[place];
        if !self.is_new(Met::Indicator(place), &format!("`{}`", indicator.id), path) {
            return;
        }
        if indicator.children.is_empty() {
            self.leaves.push(place);
            self.node(parent, weight, label, Part::Leaf(self.leaves.len() - 1));
            return;
        }
        let node = self.node(parent, weight, label, Part::Composite(place));
        for WeightedChild { indicator, weight } in &indicator.children {
            // Always there, and counting: editions with other composites are refused.
            if let Some((child, _)) = edition.indicator(indicator) {
                self.indicator((Some(node), *weight, ""), child, path);
            }
        }
    }

    fn block(&mut self, at: (Option<usize>, f64, &str), id: &str, path: &str) {
        let block = match lookup::block(self.edition, id) {
            Ok(block) => block,
            Err(unknown) => return self.violations.failure(path, &unknown),
        };
        if !self.is_new(Met::Block(id.to_owned()), &format!("block `{id}`"), path) {
            return;
        }
        let of_block = |indicator: &Indicator| indicator.block.as_deref() == Some(id);
        let (counting, left_out) = self.counting(&of_block);
        if counting.is_empty() {
            return self.nothing_counts(path, "block", id);
        }
        let node = self.node(at.0, at.1, at.2, Part::Block(id.to_owned(), block.name.clone()));
        self.left_out
            .extend(left_out.into_iter().map(|(place, why)| (place, why, node)));
        for place in counting {
            self.indicator((Some(node), 1.0, ""), place, path);
        }
    }

    fn theme(&mut self, at: (Option<usize>, f64, &str), id: &str, path: &str) {
        let edition = self.edition;
        let theme: &Theme = match lookup::theme(edition, id) {
            Ok(theme) => theme,
            Err(unknown) => return self.violations.failure(path, &unknown),
        };
        if !self.is_new(Met::Theme(id.to_owned()), &format!("theme `{id}`"), path) {
            return;
        }
        let of_theme = |indicator: &Indicator| indicator.theme == id;
        let (counting, left_out) = self.counting(&of_theme);
        if counting.is_empty() {
            return self.nothing_counts(path, "theme", id);
        }
        let root = self.node(at.0, at.1, at.2, Part::Theme(id.to_owned(), theme.name.clone()));
        let block_of = |place: usize| edition.indicators[place].block.as_deref();
        for block in &theme.blocks {
            let of_block = |place: &usize| block_of(*place) == Some(block.id.as_str());
            let counting: Vec<usize> = counting.iter().copied().filter(of_block).collect();
            let mut node = root;
            if !counting.is_empty() {
                if !self.is_new(
                    Met::Block(block.id.clone()),
                    &format!("block `{}`", block.id),
                    path,
                ) {
                    continue;
                }
                node = self.node(
                    Some(root),
                    1.0,
                    "",
                    Part::Block(block.id.clone(), block.name.clone()),
                );
            }
            let left_out = left_out.iter().filter(|(place, _)| of_block(place));
            self.left_out
                .extend(left_out.map(|&(place, why)| (place, why, node)));
            for place in counting {
                self.indicator((Some(node), 1.0, ""), place, path);
            }
        }
        let loose = |place: &usize| block_of(*place).is_none();
        let left_out = left_out.iter().filter(|(place, _)| loose(place));
        self.left_out
            .extend(left_out.map(|&(place, why)| (place, why, root)));
        for place in counting.into_iter().filter(loose) {
            self.indicator((Some(root), 1.0, ""), place, path);
        }
    }

    fn nothing_counts(&mut self, path: &str, what: &str, id: &str) {
        let message = format!("no indicator of {what} `{id}` may count in a composite: leave it out");
        self.violations.add(path, message);
    }

    /// The indicators of a kind that count, in catalogue order, and those that do not.
    fn counting(&self, wanted: &dyn Fn(&Indicator) -> bool) -> (Vec<usize>, Vec<(usize, LeftOut)>) {
        let indicators = &self.edition.indicators;
        let candidates: Vec<usize> = (0..indicators.len())
            .filter(|&place| wanted(&indicators[place]))
            .collect();
        let may_count = |place: &&usize| indicators[**place].never_counts().is_none();
        let ids: Vec<&str> = candidates
            .iter()
            .filter(may_count)
            .map(|&place| indicators[place].id.as_str())
            .collect();
        let kept = drop_parts(&ids, |part| wholes_of(indicators, part));
        let mut counting = Vec::new();
        let mut left_out = Vec::new();
        for place in candidates {
            match indicators[place].never_counts() {
                Some(why) => left_out.push((place, LeftOut::NeverCounts(why))),
                None if kept.contains(&indicators[place].id.as_str()) => counting.push(place),
                None => left_out.push((place, LeftOut::PartOfAnother)),
            }
        }
        (counting, left_out)
    }
}

impl Tree {
    /// It as a composition to reckon with, over units of any kind.
    pub(in crate::rpc) fn composition(&self) -> Result<Composition, Failure> {
        Composition::new(&self.root(), self.leaves.clone(), self.mean)
            .map_err(|wrong| Failure::internal(&format!("a composite that was checked: {wrong:?}")))
    }

    /// A mean of one mean is that mean: its place is that of the root, and so on down.
    fn be_its_only_child(&mut self) {
        while let [root, child, ..] = self.nodes.as_slice()
            && !matches!(child.part, Part::Leaf(_))
            && self.nodes.iter().filter(|node| node.parent == Some(0)).count() == 1
        {
            let mut only = child.clone();
            only.parent = None;
            only.weight = root.weight;
            self.nodes[1] = only;
            self.nodes.remove(0);
            for node in &mut self.nodes[1..] {
                node.parent = node.parent.map(|parent| parent - 1);
            }
            for (_, _, node) in &mut self.left_out {
                *node = node.saturating_sub(1); // what was left out of the root is left out of the new one
            }
        }
    }

    /// What the caller, or else the edition calls a node.
    pub(super) fn name(&self, edition: &Snapshot, node: usize) -> Option<Text> {
        let node = &self.nodes[node];
        if !node.label.is_empty() {
            return Some(Text::new(node.label.as_str(), node.label.as_str()));
        }
        match &node.part {
            Part::Children => None,
            Part::Block(_, name) | Part::Theme(_, name) => Some(name.clone()),
            Part::Composite(place) => Some(edition.indicators[*place].name.clone()),
            Part::Leaf(leaf) => Some(edition.indicators[self.leaves[*leaf]].name.clone()),
        }
    }

    /// The tree to reckon with, its nodes in the same order.
    pub(super) fn root(&self) -> CompositeNode {
        let mut below: Vec<Vec<CompositeNode>> = self.nodes.iter().map(|_| Vec::new()).collect();
        let mut root = CompositeNode::of(1.0, Vec::new());
        for (place, node) in self.nodes.iter().enumerate().rev() {
            let part = match node.part {
                Part::Leaf(leaf) => CompositePart::Leaf(leaf),
                _ => {
                    let mut children = std::mem::take(&mut below[place]);
                    children.reverse();
                    CompositePart::Children(children)
                }
            };
            let made = CompositeNode {
                weight: node.weight,
                part,
            };
            match node.parent {
                Some(parent) => below[parent].push(made),
                None => root = made,
            }
        }
        root
    }
}
