//! Laws of the mechanism graph, held against the plainest search there is: try every order of every choice of factors.

use proptest::{collection::vec, prelude::*, sample::subsequence};

use super::graph::{Bounds, Direction, MechanismFilter, MechanismGraph, Path};
use crate::domain::{Mechanism, MechanismCertainty, StatementBasis};

const FACTORS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const EVERYTHING: usize = 1_000_000;

fn any_mechanism() -> impl Strategy<Value = Mechanism> {
    let basis = vec![
        StatementBasis::Quantitative,
        StatementBasis::Literature,
        StatementBasis::Interviews,
    ];
    let certainty = prop::sample::select(vec![
        MechanismCertainty::Stated,
        MechanismCertainty::Presumed,
        MechanismCertainty::Risk,
    ]);
    let ends = (0..FACTORS.len(), 1..FACTORS.len());
    (ends, subsequence(basis, 1..=3), certainty).prop_map(|((from, step), basis, certainty)| Mechanism {
        from: FACTORS[from].to_owned(),
        to: FACTORS[(from + step) % FACTORS.len()].to_owned(),
        section: "1".to_owned(),
        basis,
        certainty,
        note: None,
        citations: Vec::new(),
    })
}

fn any_mechanisms() -> impl Strategy<Value = Vec<Mechanism>> {
    vec(any_mechanism(), 0..24).prop_map(|mut mechanisms| {
        mechanisms.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        mechanisms.dedup_by(|a, b| (&a.from, &a.to) == (&b.from, &b.to));
        mechanisms
    })
}

fn all(longest: usize) -> Bounds {
    Bounds {
        longest,
        most: EVERYTHING,
    }
}

fn leads(mechanisms: &[Mechanism], from: &str, to: &str) -> bool {
    mechanisms.iter().any(|edge| edge.from == from && edge.to == to)
}

/// Every way to walk along mechanisms from a factor without coming anywhere twice, up to so many factors.
fn walks(
    mechanisms: &[Mechanism],
    walk: &mut Vec<&'static str>,
    most: usize,
    found: &mut Vec<Vec<&'static str>>,
) {
    found.push(walk.clone());
    if walk.len() == most {
        return;
    }
    for next in FACTORS {
        if !walk.contains(&next) && leads(mechanisms, walk[walk.len() - 1], next) {
            walk.push(next);
            walks(mechanisms, walk, most, found);
            walk.pop();
        }
    }
}

fn walks_from(mechanisms: &[Mechanism], start: &'static str, most: usize) -> Vec<Vec<&'static str>> {
    let mut found = Vec::new();
    walks(mechanisms, &mut vec![start], most, &mut found);
    found
}

fn in_order(mut walks: Vec<Vec<&str>>) -> Vec<Vec<&str>> {
    walks.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    walks
}

fn factors<'a>(paths: &[Path<'a>]) -> Vec<Vec<&'a str>> {
    paths.iter().map(Path::factors).collect()
}

fn brute_circles(mechanisms: &[Mechanism], longest: usize) -> Vec<Vec<&'static str>> {
    let mut circles = Vec::new();
    for start in FACTORS {
        for mut walk in walks_from(mechanisms, start, longest) {
            let smallest = walk.iter().all(|factor| *factor >= start);
            if smallest && leads(mechanisms, walk[walk.len() - 1], start) {
                walk.push(start);
                circles.push(walk);
            }
        }
    }
    in_order(circles)
}

proptest! {
    #[test]
    fn every_path_is_found_once_shortest_first(mechanisms in any_mechanisms(), from in 0..6_usize, to in 0..6_usize, longest in 1..=7_usize) {
        let (from, to) = (FACTORS[from], FACTORS[to]);
        let graph = MechanismGraph::of(&mechanisms);
        let found = graph.paths(|id| id == from, |id| id == to, all(longest));
        let expected = walks_from(&mechanisms, from, longest + 1)
            .into_iter()
            .filter(|walk| walk.len() > 1 && walk[walk.len() - 1] == to);
        prop_assert_eq!(factors(&found.paths), in_order(expected.collect()));
        prop_assert!(!found.truncated);
    }

    #[test]
    fn paths_between_sets_are_those_between_their_members(mechanisms in any_mechanisms(), starts in subsequence(FACTORS.to_vec(), 0..=6), ends in subsequence(FACTORS.to_vec(), 0..=6), longest in 1..=5_usize) {
        let graph = MechanismGraph::of(&mechanisms);
        let found = graph.paths(|id| starts.contains(&id), |id| ends.contains(&id), all(longest));
        let mut one_by_one = Vec::new();
        for start in &starts {
            for end in &ends {
                one_by_one.extend(factors(&graph.paths(|id| id == *start, |id| id == *end, all(longest)).paths));
            }
        }
        prop_assert_eq!(factors(&found.paths), in_order(one_by_one));
    }

    #[test]
    fn a_path_follows_mechanisms_and_comes_nowhere_twice(mechanisms in any_mechanisms(), longest in 1..=8_usize) {
        let graph = MechanismGraph::of(&mechanisms);
        for path in graph.paths(|_| true, |_| true, all(longest)).paths {
            let along = path.factors();
            prop_assert!((1..=longest).contains(&path.0.len()));
            prop_assert!(along.iter().enumerate().all(|(place, id)| !along[..place].contains(id)));
            prop_assert!(path.0.windows(2).all(|steps| steps[0].to == steps[1].from));
            prop_assert!(!path.is_circle());
            prop_assert_eq!(path.weakest(), path.0.iter().map(|step| step.certainty).max());
        }
    }

    #[test]
    fn every_circle_is_found_once_from_its_smallest_id_on(mechanisms in any_mechanisms(), longest in 1..=8_usize) {
        let graph = MechanismGraph::of(&mechanisms);
        let found = graph.circles(None, all(longest));
        prop_assert_eq!(factors(&found.paths), brute_circles(&mechanisms, longest));
        prop_assert!(found.paths.iter().all(Path::is_circle));
        for factor in FACTORS {
            let through = graph.circles(Some(factor), all(longest));
            let expected = brute_circles(&mechanisms, longest).into_iter().filter(|circle| circle.contains(&factor));
            prop_assert_eq!(factors(&through.paths), expected.collect::<Vec<_>>(), "through {}", factor);
        }
    }

    #[test]
    fn fewer_are_the_first_of_all_and_say_that_there_are_more(mechanisms in any_mechanisms(), most in 0..8_usize) {
        let graph = MechanismGraph::of(&mechanisms);
        let few = Bounds { longest: 4, most };
        let whole = graph.paths(|_| true, |_| true, all(4)).paths;
        let found = graph.paths(|_| true, |_| true, few);
        prop_assert_eq!(&found.paths[..], &whole[..whole.len().min(most)]);
        prop_assert_eq!(found.truncated, whole.len() > most);
        let circles = graph.circles(None, all(4)).paths;
        let found = graph.circles(None, few);
        prop_assert_eq!(&found.paths[..], &circles[..circles.len().min(most)]);
        prop_assert_eq!(found.truncated, circles.len() > most);
    }

    #[test]
    fn a_filter_never_adds_a_path(mechanisms in any_mechanisms(), basis in subsequence(vec![StatementBasis::Literature, StatementBasis::Interviews], 0..=2), certainty in subsequence(vec![MechanismCertainty::Stated, MechanismCertainty::Risk], 0..=2)) {
        let filter = MechanismFilter { basis, certainty };
        let allowed = |path: &Path<'_>| path.0.iter().all(|step| filter.allows(step));
        let whole = MechanismGraph::of(&mechanisms);
        let filtered = MechanismGraph::of(mechanisms.iter().filter(|edge| filter.allows(edge)));
        for (found, of_whole) in [
            (filtered.paths(|_| true, |_| true, all(5)), whole.paths(|_| true, |_| true, all(5))),
            (filtered.circles(None, all(5)), whole.circles(None, all(5))),
        ] {
            let expected: Vec<Path<'_>> = of_whole.paths.into_iter().filter(allowed).collect();
            prop_assert_eq!(found.paths, expected);
        }
    }

    #[test]
    fn reach_is_the_length_of_the_shortest_path(mechanisms in any_mechanisms(), start in 0..6_usize) {
        let start = FACTORS[start];
        let graph = MechanismGraph::of(&mechanisms);
        let shortest = |from: &'static str, to: &'static str| {
            let walks = walks_from(&mechanisms, from, 6).into_iter();
            walks.filter(|walk| walk.len() > 1 && walk[walk.len() - 1] == to).map(|walk| walk.len() - 1).min()
        };
        let others = || FACTORS.into_iter().filter(|other| *other != start);
        for direction in [Direction::Effects, Direction::Causes] {
            let distance = |other| match direction {
                Direction::Effects => shortest(start, other),
                Direction::Causes => shortest(other, start),
            };
            let mut expected: Vec<(&str, usize)> =
                others().filter_map(|other| Some((other, distance(other)?))).collect();
            expected.sort_by_key(|(id, distance)| (*distance, *id));
            let direct: Vec<&str> = expected.iter().filter(|(_, steps)| *steps == 1).map(|(id, _)| *id).collect();
            prop_assert_eq!(graph.reach(start, direction), expected);
            let found = graph.direct(start, direction);
            let other_end = |edge: &&Mechanism| match direction {
                Direction::Effects => edge.to.clone(),
                Direction::Causes => edge.from.clone(),
            };
            prop_assert_eq!(found.iter().map(other_end).collect::<Vec<_>>(), direct);
        }
    }

    #[test]
    fn the_order_in_which_mechanisms_are_given_means_nothing(mechanisms in any_mechanisms()) {
        let forwards = MechanismGraph::of(&mechanisms);
        let backwards = MechanismGraph::of(mechanisms.iter().rev());
        prop_assert_eq!(
            forwards.paths(|_| true, |_| true, all(4)),
            backwards.paths(|_| true, |_| true, all(4))
        );
    }
}

#[test]
fn a_graph_without_mechanisms_or_a_factor_without_any_leads_nowhere() {
    let graph = MechanismGraph::of(&[]);
    assert!(graph.paths(|_| true, |_| true, all(8)).paths.is_empty());
    assert!(graph.circles(None, all(8)).paths.is_empty());
    assert!(graph.circles(Some("a"), all(8)).paths.is_empty());
    assert!(graph.reach("a", Direction::Effects).is_empty());
    assert!(graph.direct("a", Direction::Causes).is_empty());
}

#[test]
fn a_graph_in_which_everything_leads_to_everything_is_cut_off_and_says_so() {
    let ids: Vec<String> = (0..60).map(|number| format!("f{number:02}")).collect();
    let pairs = ids.iter().flat_map(|from| ids.iter().map(move |to| (from, to)));
    let mechanisms: Vec<Mechanism> = pairs
        .filter(|(from, to)| from != to)
        .map(|(from, to)| Mechanism {
            from: from.clone(),
            to: to.clone(),
            section: "1".to_owned(),
            basis: vec![StatementBasis::Authors],
            certainty: MechanismCertainty::Stated,
            note: None,
            citations: Vec::new(),
        })
        .collect();
    let graph = MechanismGraph::of(&mechanisms);
    let found = graph.paths(
        |id| id == "f00",
        |id| id == "f01",
        Bounds {
            longest: 8,
            most: 200,
        },
    );
    assert_eq!((found.paths.len(), found.truncated), (200, true));
    let counted = graph.paths(|_| true, |_| true, all(8));
    assert!(counted.truncated && counted.paths.len() > 200);
    assert!(graph.circles(None, all(8)).truncated);
}
