//! Laws of composites and their sensitivity, over generated trees and towns.

use proptest::prelude::*;

use super::*;

/// A tree with leaves numbered in pre-order, and how many there are. No node is without weight.
fn tree() -> impl Strategy<Value = (CompositeNode, usize)> {
    let weight = prop_oneof![4 => 0.1..10.0_f64, 2 => (1_u32..5).prop_map(f64::from), 1 => Just(0.0)];
    let leaf = weight.clone().prop_map(|weight| CompositeNode::leaf(weight, 0));
    let children = move |inner| {
        (weight.clone(), prop::collection::vec(inner, 1..5)).prop_map(|(weight, mut children)| {
            let first: &mut CompositeNode = &mut children[0];
            first.weight = first.weight.max(0.1);
            CompositeNode::of(weight, children)
        })
    };
    leaf.prop_recursive(3, 40, 5, children).prop_map(|mut root| {
        let leaves = number_leaves(&mut root, 0);
        (root, leaves)
    })
}

fn number_leaves(node: &mut CompositeNode, next: usize) -> usize {
    match &mut node.part {
        CompositePart::Leaf(leaf) => {
            *leaf = next;
            next + 1
        }
        CompositePart::Children(children) => children
            .iter_mut()
            .fold(next, |next, child| number_leaves(child, next)),
    }
}

fn change_all(node: &mut CompositeNode, change: &impl Fn(&mut CompositeNode)) {
    change(node);
    if let CompositePart::Children(children) = &mut node.part {
        children.iter_mut().for_each(|child| change_all(child, change));
    }
}

/// A tree, how many leaves it has, and towns with grades of which some are missing.
fn case() -> impl Strategy<Value = (CompositeNode, usize, Vec<Vec<Option<f64>>>)> {
    tree().prop_flat_map(|(root, leaves)| {
        let score = prop::option::weighted(
            0.85,
            prop_oneof![3.0..=10.0_f64, (3_u32..=10).prop_map(f64::from)],
        );
        let towns = prop::collection::vec(prop::collection::vec(score, leaves), 1..25);
        (Just(root), Just(leaves), towns)
    })
}

fn mean() -> impl Strategy<Value = CompositeMean> {
    prop::sample::select(vec![
        CompositeMean::Arithmetic,
        CompositeMean::Geometric,
        CompositeMean::Harmonic,
    ])
}

fn noise(seed: u64, spread: f64) -> WeightNoise {
    WeightNoise {
        seed,
        spread,
        levels: Levels::All,
    }
}

fn assert_same(found: &[Option<f64>], expected: &[Option<f64>]) -> Result<(), TestCaseError> {
    for (found, expected) in found.iter().zip(expected) {
        match (found, expected) {
            (Some(found), Some(expected)) => {
                prop_assert!(
                    (found - expected).abs() < 1e-12 * expected.abs(),
                    "{} {}",
                    found,
                    expected
                );
            }
            _ => prop_assert_eq!(found, expected),
        }
    }
    Ok(())
}

/// DESIGN 4, read word by word: score and coverage of a node.
fn plainly(
    node: &CompositeNode,
    town: &[Option<f64>],
    mean: CompositeMean,
    least_coverage: f64,
) -> (Option<f64>, f64) {
    let children = match &node.part {
        CompositePart::Leaf(leaf) => return (town[*leaf], if town[*leaf].is_some() { 1.0 } else { 0.0 }),
        CompositePart::Children(children) => children,
    };
    let (mut all, mut covered, mut weight, mut sum) = (0.0, 0.0, 0.0, 0.0);
    for child in children {
        all += child.weight;
        if let (Some(score), coverage) = plainly(child, town, mean, least_coverage) {
            covered += child.weight * coverage;
            weight += child.weight;
            sum += child.weight
                * match mean {
                    CompositeMean::Arithmetic => score,
                    CompositeMean::Geometric => libm::log(score),
                    CompositeMean::Harmonic => 1.0 / score,
                };
        }
    }
    let coverage: f64 = covered / all;
    let score = match mean {
        CompositeMean::Arithmetic => sum / weight,
        CompositeMean::Geometric => libm::exp(sum / weight),
        CompositeMean::Harmonic => weight / sum,
    };
    let enough = weight > 0.0 && coverage > least_coverage - 1e-9;
    (enough.then_some(score), coverage)
}

proptest! {
    #[test]
    fn scores_and_coverage_are_what_the_design_says_with_any_least_coverage((root, leaves, towns) in case(), mean in mean()) {
        let composite = Composite::new(&root, leaves, mean).expect("a composite");
        let of_any_part = composite.clone().with_minimum_coverage(0.0);
        for (composite, least_coverage) in [(composite, 2.0 / 3.0), (of_any_part, 0.0)] {
            for town in &towns {
                let found = composite.evaluate(town).expect("grades");
                let (score, coverage) = plainly(&root, town, mean, least_coverage);
                assert_same(&[found[0].score], &[score])?;
                prop_assert!((found[0].coverage - coverage).abs() < 1e-12);
                for node in &found {
                    prop_assert!((0.0..=1.0).contains(&node.coverage));
                    prop_assert!(node.score.is_none_or(|score| (3.0 - 1e-12..10.0 + 1e-11).contains(&score)));
                    let enough = node.coverage > (least_coverage - 1e-9).max(0.0);
                    prop_assert_eq!(node.score.is_some(), enough);
                }
            }
        }
    }

    #[test]
    fn the_three_means_are_in_order((root, leaves, towns) in case()) {
        let scores = |mean| Composite::new(&root, leaves, mean).expect("a composite").scores(&towns).expect("grades");
        let arithmetic = scores(CompositeMean::Arithmetic);
        let pairs = arithmetic.iter().zip(scores(CompositeMean::Geometric)).zip(scores(CompositeMean::Harmonic));
        for ((arithmetic, geometric), harmonic) in pairs {
            prop_assert!(*arithmetic >= geometric.map(|score| score - 1e-12));
            prop_assert!(geometric >= harmonic.map(|score| score - 1e-12));
        }
    }

    #[test]
    fn only_the_ratio_of_weights_counts((root, leaves, towns) in case(), mean in mean(), factor in 1e-3..1e3_f64) {
        let mut scaled = root.clone();
        change_all(&mut scaled, &|node| node.weight *= factor);
        let scores = |root| Composite::new(root, leaves, mean).expect("a composite").scores(&towns).expect("grades");
        assert_same(&scores(&scaled), &scores(&root))?;
    }

    #[test]
    fn a_missing_leaf_without_weight_changes_nothing((root, leaves, towns) in case(), mean in mean()) {
        let mut wider = root.clone();
        if let CompositePart::Children(children) = &mut wider.part {
            children.push(CompositeNode::leaf(0.0, leaves));
        }
        let of_root = Composite::new(&root, leaves, mean).expect("a composite");
        let of_wider = Composite::new(&wider, leaves + 1, mean).expect("a composite");
        for town in &towns {
            let town_and_more: Vec<_> = town.iter().copied().chain([None]).collect();
            let expected = of_root.evaluate(town).expect("grades")[0];
            prop_assert_eq!(of_wider.evaluate(&town_and_more).expect("grades")[0], expected);
        }
    }

    #[test]
    fn the_order_of_children_does_not_matter((root, leaves, towns) in case(), mean in mean(), by in 0..4_usize) {
        let mut turned = root.clone();
        change_all(&mut turned, &|node| {
            if let CompositePart::Children(children) = &mut node.part {
                let length = children.len();
                children.rotate_left(by % length);
                children.reverse();
            }
        });
        let scores = |root| Composite::new(root, leaves, mean).expect("a composite").scores(&towns).expect("grades");
        assert_same(&scores(&turned), &scores(&root))?;
    }

    #[test]
    fn effective_weights_give_the_score((root, leaves, towns) in case()) {
        let composite = Composite::new(&root, leaves, CompositeMean::Arithmetic).expect("a composite");
        for town in &towns {
            let score = composite.evaluate(town).expect("grades")[0].score;
            let Some(shares) = composite.effective_weights(town) else {
                prop_assert_eq!(score, None);
                continue;
            };
            let of_leaves: Vec<(f64, Option<f64>)> = (0..leaves)
                .map(|leaf| (shares[composite.node_of_leaf(leaf).expect("used")], town[leaf]))
                .collect();
            let total: f64 = of_leaves.iter().map(|(share, _)| share).sum();
            prop_assert!((total - 1.0).abs() < 1e-12);
            prop_assert!(of_leaves.iter().all(|(share, grade)| *share == 0.0 || grade.is_some()));
            let sum: f64 = of_leaves.iter().map(|(share, grade)| share * grade.unwrap_or(0.0)).sum();
            prop_assert!((sum - score.expect("a score")).abs() < 1e-11);
        }
    }

    #[test]
    fn without_a_node_means_with_none_of_its_weight((root, leaves, towns) in case(), which in any::<prop::sample::Index>()) {
        let composite = Composite::new(&root, leaves, CompositeMean::Arithmetic).expect("a composite");
        let node = which.index(composite.weights().len());
        let mut weights = composite.weights();
        weights[node] = 0.0;
        if let (Ok(by_weight), Some(without)) = (composite.with_weights(&weights), composite.without(node)) {
            prop_assert_eq!(without.scores(&towns), by_weight.scores(&towns));
        }
    }

    #[test]
    fn draws_in_any_order_and_on_any_number_of_threads_give_the_same_counts(
        (root, leaves, towns) in case(), seed in any::<u64>(), mean in mean(), spread in 0.0..0.999_f64,
        (order, parts) in (Just((0..30_u64).collect::<Vec<_>>()).prop_shuffle(), 1..4_usize),
    ) {
        let composite = Composite::new(&root, leaves, mean).expect("a composite");
        let sensitivity = Sensitivity::new(&composite, &towns, noise(seed, spread)).expect("ready");
        let count_all = |draws: &[u64]| {
            let mut counts = PositionCounts::of_units(sensitivity.units().len());
            draws.iter().for_each(|&draw| counts.add(&sensitivity.ranking_of_draw(draw)));
            counts
        };
        let in_order = count_all(&(0..30).collect::<Vec<_>>());
        let mut merged = PositionCounts::of_units(sensitivity.units().len());
        std::thread::scope(|threads| {
            let counting = order.chunks(30 / parts).map(|draws| threads.spawn(|| count_all(draws)));
            let counting: Vec<_> = counting.collect();
            counting.into_iter().for_each(|part| merged.merge(&part.join().expect("counted")));
        });
        prop_assert_eq!(&merged, &in_order);
        for unit in 0..sensitivity.units().len() {
            prop_assert_eq!(in_order.of_unit(unit).iter().sum::<u32>(), 30);
        }
        for found in in_order.summary(sensitivity.nominal()).expect("draws") {
            prop_assert!(1.0 <= found.lower && found.lower <= found.median && found.median <= found.upper);
            prop_assert!(found.share_in_top + found.share_in_bottom <= 1.0);
        }
    }

    #[test]
    fn a_town_without_grades_changes_nothing_for_the_others(
        (root, leaves, towns) in case(), seed in any::<u64>(), mean in mean(), place in any::<prop::sample::Index>(),
    ) {
        let composite = Composite::new(&root, leaves, mean).expect("a composite");
        let mut with_one_more = towns.clone();
        let place = place.index(towns.len() + 1);
        with_one_more.insert(place, vec![None; leaves]);
        let ready = |towns| Sensitivity::new(&composite, towns, noise(seed, 0.25)).expect("ready");
        let (found, expected) = (ready(&with_one_more), ready(&towns));
        let moved: Vec<usize> = expected.units().iter().map(|&town| town + usize::from(place <= town)).collect();
        prop_assert_eq!(found.units(), moved);
        prop_assert_eq!(found.nominal(), expected.nominal());
        prop_assert_eq!(found.ranking_of_draw(seed), expected.ranking_of_draw(seed));
    }

    #[test]
    fn noise_of_nothing_moves_nobody((root, leaves, towns) in case(), seed in any::<u64>(), mean in mean()) {
        let composite = Composite::new(&root, leaves, mean).expect("a composite");
        let sensitivity = Sensitivity::new(&composite, &towns, noise(seed, 0.0)).expect("ready");
        let scores: Vec<f64> = composite.scores(&towns).expect("grades").into_iter().flatten().collect();
        prop_assert_eq!(sensitivity.nominal(), &Ranking::of_scores(&scores));
        let mut counts = PositionCounts::of_units(scores.len());
        for draw in 0..5 {
            prop_assert_eq!(sensitivity.weights_of_draw(draw), composite.weights());
            prop_assert_eq!(&sensitivity.ranking_of_draw(draw), sensitivity.nominal());
            counts.add(&sensitivity.ranking_of_draw(draw));
        }
        for found in counts.summary(sensitivity.nominal()).expect("draws") {
            prop_assert_eq!((found.mean_shift, found.upper - found.lower, found.fragile), (0.0, 0.0, false));
        }
    }

    #[test]
    fn drawn_weights_stay_within_the_spread_at_the_levels_named_and_are_as_themselves_elsewhere(
        (root, leaves, towns) in case(), seed in any::<u64>(), draw in any::<u64>(), spread in 0.0..0.999_f64,
    ) {
        let composite = Composite::new(&root, leaves, CompositeMean::Arithmetic).expect("a composite");
        let levels = Levels::At(vec![1]);
        let noise = WeightNoise { seed, spread, levels };
        let sensitivity = Sensitivity::new(&composite, &towns, noise).expect("ready");
        let drawn = sensitivity.weights_of_draw(draw);
        for (node, (drawn, own)) in drawn.iter().zip(composite.weights()).enumerate() {
            if composite.children(0).contains(&node) {
                prop_assert!((drawn / own - 1.0).abs() <= spread + 1e-12 || own == 0.0 && *drawn == 0.0);
            } else {
                prop_assert_eq!(*drawn, own);
            }
        }
        let scores = sensitivity.scores_with(&drawn).expect("weights");
        prop_assert_eq!(Ranking::of_scores(&scores), sensitivity.ranking_of_draw(draw));
    }

    #[test]
    fn tau_is_symmetric_and_turns_with_a_list(pairs in prop::collection::vec((0_u32..20, 0_u32..20), 2..40)) {
        let (one, other): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
        let turned: Vec<u32> = one.iter().map(|position| 100 - position).collect();
        let tau = kendall_tau_b(&one, &other);
        prop_assert_eq!(tau, kendall_tau_b(&other, &one));
        prop_assert_eq!(tau.map(|tau| -tau), kendall_tau_b(&turned, &other));
        prop_assert!(kendall_tau_b(&one, &one).is_none_or(|tau| tau == 1.0));
    }
}
