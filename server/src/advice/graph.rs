//! The mechanisms as a graph: how factors lead to one another, and where they come back to themselves.
//!
//! Whatever the order in which mechanisms are given, the answers are the same: factors by id, paths shortest first and then
//! by the ids along them. A path visits no factor twice; a circle comes back to where it began, and no sooner.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::{Mechanism, MechanismCertainty, StatementBasis};

/// Steps of a search at most. Far more than any report's mechanisms take; a denser graph is cut off and says so.
const MOST_STEPS: usize = 2_000_000;

/// Which mechanisms to follow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MechanismFilter {
    /// Those that rest on one of these at least; empty for all.
    pub basis: Vec<StatementBasis>,
    /// Those of one of these certainties; empty for all.
    pub certainty: Vec<MechanismCertainty>,
}

impl MechanismFilter {
    /// Whether a mechanism may be followed.
    #[must_use]
    pub fn allows(&self, mechanism: &Mechanism) -> bool {
        let rests = |basis: &StatementBasis| mechanism.basis.contains(basis);
        (self.basis.is_empty() || self.basis.iter().any(rests))
            && (self.certainty.is_empty() || self.certainty.contains(&mechanism.certainty))
    }
}

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Steps of the longest path.
    pub longest: usize,
    /// Paths at most.
    pub most: usize,
}

/// Mechanisms that lead into one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path<'a>(pub Vec<&'a Mechanism>);

impl<'a> Path<'a> {
    /// The factors along it: one more than it has steps. A circle ends with the factor it begins with.
    #[must_use]
    pub fn factors(&self) -> Vec<&'a str> {
        let first = self.0.first().map(|step| step.from.as_str());
        first
            .into_iter()
            .chain(self.0.iter().map(|step| step.to.as_str()))
            .collect()
    }

    /// Whether it ends where it began.
    #[must_use]
    pub fn is_circle(&self) -> bool {
        let ends = self.0.first().zip(self.0.last());
        ends.is_some_and(|(first, last)| first.from == last.to)
    }

    /// The certainty of its least certain step.
    #[must_use]
    pub fn weakest(&self) -> Option<MechanismCertainty> {
        self.0.iter().map(|step| step.certainty).max()
    }
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundPaths<'a> {
    /// The paths: shortest first, then by the ids along them.
    pub paths: Vec<Path<'a>>,
    /// Whether there may be more than were asked for.
    pub truncated: bool,
}

/// Puts paths in their order: shortest first, then by the ids along them.
pub(super) fn in_order(paths: &mut [Path<'_>]) {
    paths.sort_by_cached_key(|path| (path.0.len(), path.factors()));
}

/// In which direction to follow mechanisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To what a factor comes of.
    Causes,
    /// To what comes of it.
    Effects,
}

/// Factors and the mechanisms between them.
#[derive(Debug, Clone)]
pub struct MechanismGraph<'a> {
    /// Factors that have a mechanism, by id.
    factors: Vec<&'a str>,
    /// Per factor what it leads to, by the id of the effect.
    effects: Vec<Vec<(usize, &'a Mechanism)>>,
    /// Per factor what leads to it, by the id of the cause.
    causes: Vec<Vec<(usize, &'a Mechanism)>>,
}

impl<'a> MechanismGraph<'a> {
    /// The graph of these mechanisms. Of two with the same cause and effect, only one is kept.
    #[must_use]
    pub fn of(mechanisms: impl IntoIterator<Item = &'a Mechanism>) -> Self {
        let edges: BTreeMap<(&str, &str), &Mechanism> = mechanisms
            .into_iter()
            .map(|edge| ((edge.from.as_str(), edge.to.as_str()), edge))
            .collect();
        let ends = edges.keys().flat_map(|(from, to)| [*from, *to]);
        let factors: Vec<&str> = ends.collect::<BTreeSet<_>>().into_iter().collect();
        let mut graph = Self {
            effects: vec![Vec::new(); factors.len()],
            causes: vec![Vec::new(); factors.len()],
            factors,
        };
        for ((from, to), edge) in edges {
            if let (Some(from), Some(to)) = (graph.place(from), graph.place(to)) {
                graph.effects[from].push((to, edge));
                graph.causes[to].push((from, edge));
            }
        }
        graph
    }

    fn place(&self, factor: &str) -> Option<usize> {
        self.factors.binary_search(&factor).ok()
    }

    fn edges(&self, factor: usize, direction: Direction) -> &[(usize, &'a Mechanism)] {
        match direction {
            Direction::Causes => &self.causes[factor],
            Direction::Effects => &self.effects[factor],
        }
    }

    /// The mechanisms of a factor in one direction, by the id at their other end.
    #[must_use]
    pub fn direct(&self, factor: &str, direction: Direction) -> Vec<&'a Mechanism> {
        let place = self.place(factor);
        let edges = place.map_or(&[][..], |place| self.edges(place, direction));
        edges.iter().map(|(_, edge)| *edge).collect()
    }

    /// Every other factor that can be reached in one direction, with the fewest steps it takes: nearest first, then by id.
    #[must_use]
    pub fn reach(&self, factor: &str, direction: Direction) -> Vec<(&'a str, usize)> {
        let Some(place) = self.place(factor) else {
            return Vec::new();
        };
        let distances = self.distances([place], direction, |_| true);
        let others = distances.iter().enumerate().filter(|(other, _)| *other != place);
        let mut found: Vec<(&str, usize)> = others
            .filter_map(|(other, distance)| Some((self.factors[other], (*distance)?)))
            .collect();
        found.sort_by_key(|(id, distance)| (*distance, *id));
        found
    }

    /// The paths from the factors that `starts` picks to others that `ends` picks.
    #[must_use]
    pub fn paths(
        &self,
        starts: impl Fn(&str) -> bool,
        ends: impl Fn(&str) -> bool,
        bounds: Bounds,
    ) -> FoundPaths<'a> {
        let picked = |picks: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..self.factors.len())
                .filter(|place| picks(self.factors[*place]))
                .collect()
        };
        let (starts, ends) = (picked(&starts), picked(&ends));
        let to_end = self.distances(ends.iter().copied(), Direction::Causes, |_| true);
        let mut search = Search::new(self, bounds, &to_end);
        let is_end = |place: usize| ends.binary_search(&place).is_ok();
        for length in 1..=bounds.longest {
            for &start in &starts {
                // The factor where a path begins is visited, so that it is never its end.
                search.walk(start, length, &is_end, &|place, visited| {
                    !visited.contains(&place)
                });
            }
        }
        search.found
    }

    /// The circles: each once, told from its smallest id on; only those through a factor where one is given.
    #[must_use]
    pub fn circles(&self, through: Option<&str>, bounds: Bounds) -> FoundPaths<'a> {
        let mut found = FoundPaths::default();
        let through = match through.map(|factor| self.place(factor)) {
            Some(None) => return found,
            place => place.flatten(),
        };
        // A circle that begins with its smallest id visits none that is smaller, and so begins at or before `through`.
        let last = through.unwrap_or(self.factors.len().saturating_sub(1));
        let back: Vec<Vec<Option<usize>>> = (0..self.factors.len())
            .take(last + 1)
            .map(|start| self.distances([start], Direction::Causes, |place| place >= start))
            .collect();
        let mut steps = MOST_STEPS;
        for length in 1..=bounds.longest {
            for (start, to_start) in back.iter().enumerate() {
                let mut search = Search::new(self, bounds, to_start);
                (search.found, search.steps) = (found, steps);
                let may_visit = |place: usize, visited: &[usize]| {
                    place > start && !visited.contains(&place) || place == start && visited.len() == length
                };
                search.through = through;
                search.walk(start, length, &|place| place == start, &may_visit);
                (found, steps) = (search.found, search.steps);
            }
        }
        found
    }

    /// The fewest steps between any of these factors and every other, over factors that may be visited.
    fn distances(
        &self,
        from: impl IntoIterator<Item = usize>,
        direction: Direction,
        may_visit: impl Fn(usize) -> bool,
    ) -> Vec<Option<usize>> {
        let mut distances = vec![None; self.factors.len()];
        let mut next: VecDeque<(usize, usize)> = from.into_iter().map(|place| (place, 0)).collect();
        while let Some((place, distance)) = next.pop_front() {
            if distances[place].is_some() {
                continue;
            }
            distances[place] = Some(distance);
            let further = self.edges(place, direction).iter();
            let further = further.filter(|(other, _)| distances[*other].is_none() && may_visit(*other));
            next.extend(further.map(|(other, _)| (*other, distance + 1)));
        }
        distances
    }
}

/// A walk through the graph, in the order of ids, for paths of one length.
struct Search<'g, 'a> {
    graph: &'g MechanismGraph<'a>,
    most: usize,
    /// Per factor the fewest steps to an end: what cannot end in time is not walked.
    to_end: &'g [Option<usize>],
    /// A factor that every path must visit.
    through: Option<usize>,
    steps: usize,
    visited: Vec<usize>,
    path: Vec<&'a Mechanism>,
    found: FoundPaths<'a>,
}

impl<'g, 'a> Search<'g, 'a> {
    fn new(graph: &'g MechanismGraph<'a>, bounds: Bounds, to_end: &'g [Option<usize>]) -> Self {
        Self {
            graph,
            most: bounds.most,
            to_end,
            through: None,
            steps: MOST_STEPS,
            visited: Vec::new(),
            path: Vec::new(),
            found: FoundPaths::default(),
        }
    }

    /// Goes on from a factor with so many steps left.
    fn walk(
        &mut self,
        place: usize,
        left: usize,
        is_end: &dyn Fn(usize) -> bool,
        may_visit: &dyn Fn(usize, &[usize]) -> bool,
    ) {
        if self.found.truncated {
            return;
        }
        if left == 0 {
            if is_end(place) && self.through.is_none_or(|through| self.visited.contains(&through)) {
                if self.found.paths.len() == self.most {
                    self.found.truncated = true;
                } else {
                    self.found.paths.push(Path(self.path.clone()));
                }
            }
            return;
        }
        self.visited.push(place);
        let graph = self.graph;
        for (next, edge) in &graph.effects[place] {
            let in_time = self.to_end[*next].is_some_and(|distance| distance < left);
            if !in_time || !may_visit(*next, &self.visited) {
                continue;
            }
            if self.steps == 0 {
                self.found.truncated = true;
                break;
            }
            self.steps -= 1;
            self.path.push(edge);
            self.walk(*next, left - 1, is_end, may_visit);
            self.path.pop();
        }
        self.visited.pop();
    }
}
