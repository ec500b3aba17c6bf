//! Composites on 24 invented towns, against figures calculated in Python from DESIGN 4 alone, with exact fractions. They pin
//! in every clone what `oracles_of_composites` compares with COINr.

use super::*;

/// Towns 6 and 17 are below coverage.
pub(super) const TOWNS: usize = 24;
const LEAVES: usize = 7;

/// The grade of a town on a leaf; missing in one of eleven.
fn grade(town: usize, leaf: usize) -> Option<f64> {
    let present = !(town * 5 + leaf * 3).is_multiple_of(11);
    let hundredths = 300 + 7 * ((town * 37 + leaf * 61 + town * town * 13 + 11) % 101);
    present.then(|| f64::from(u32::try_from(hundredths).expect("up to 1000")) / 100.0)
}

pub(super) fn towns() -> Vec<Vec<Option<f64>>> {
    (0..TOWNS)
        .map(|town| (0..LEAVES).map(|leaf| grade(town, leaf)).collect())
        .collect()
}

/// In pre-order: 0 the root, 1 a mean of the leaves 2, 3 and 4, 5 one of the mean 6 (of 7 and 8) and the leaf 9, 10 a leaf.
fn tree() -> CompositeNode {
    let leaf = CompositeNode::leaf;
    let first = CompositeNode::of(2.0, vec![leaf(1.0, 0), leaf(2.0, 1), leaf(1.0, 2)]);
    let inner = CompositeNode::of(3.0, vec![leaf(1.0, 3), leaf(1.0, 4)]);
    let second = CompositeNode::of(1.0, vec![inner, leaf(1.0, 5)]);
    CompositeNode::of(1.0, vec![first, second, leaf(0.5, 6)])
}

pub(super) fn composite(mean: CompositeMean) -> Composite {
    Composite::new(&tree(), LEAVES, mean).expect("a composite")
}

fn assert_close(found: &[Option<f64>], expected: &[(usize, f64)]) {
    for &(town, expected) in expected {
        let found = found[town].expect("a score");
        assert!(
            (found - expected).abs() < 1e-12,
            "town {town}: {found} is not {expected}"
        );
    }
}

#[test]
fn scores_of_the_three_means() {
    let scores = |mean| composite(mean).scores(&towns()).expect("grades are positive");
    let arithmetic = scores(CompositeMean::Arithmetic);
    assert_close(
        &arithmetic,
        &[
            (0, 7.246_666_666_666_667),
            (1, 5.248_333_333_333_333),
            (2, 8.404),
            (3, 7.471_25),
            (4, 5.935),
            (14, 5.814_583_333_333_333),
            (23, 5.388_333_333_333_334),
        ],
    );
    assert_close(
        &scores(CompositeMean::Geometric),
        &[
            (0, 7.046_104_300_148_472),
            (2, 8.184_387_381_506_916),
            (14, 5.461_310_557_131_993),
        ],
    );
    assert_close(
        &scores(CompositeMean::Harmonic),
        &[
            (0, 6.816_683_450_768_527),
            (2, 7.946_397_250_410_155),
            (14, 5.123_207_415_865_131),
        ],
    );
    let of_another = composite(CompositeMean::Arithmetic).with_mean(CompositeMean::Harmonic);
    assert_eq!(of_another, composite(CompositeMean::Harmonic));
    let missing: Vec<usize> = (0..TOWNS).filter(|&town| arithmetic[town].is_none()).collect();
    assert_eq!(missing, [6, 17]);
}

#[test]
fn coverage_counts_parts_below_two_thirds_as_nothing() {
    let composite = composite(CompositeMean::Arithmetic);
    let at = |town: usize, node: usize| composite.evaluate(&towns()[town]).expect("grades")[node];
    for (town, coverage) in [
        (0, 6.0 / 7.0),
        (2, 5.0 / 7.0),
        (4, 1.0),
        (6, 3.0 / 7.0),
        (8, 13.0 / 14.0),
        (17, 3.0 / 7.0),
    ] {
        assert!((at(town, 0).coverage - coverage).abs() < 1e-15, "town {town}");
    }
    // Town 2 lacks a half of the inner mean, which takes three quarters of the second part with it.
    assert_eq!((at(2, 6).score, at(2, 6).coverage), (None, 0.5));
    assert_eq!((at(2, 5).score, at(2, 5).coverage), (None, 0.25));
    assert_eq!((at(2, 9).score, at(2, 9).coverage), (grade(2, 5), 1.0));
}

#[test]
fn effective_weights_are_rescaled_over_what_is_present() {
    let composite = composite(CompositeMean::Arithmetic);
    let assert_shares = |town: usize, expected: [f64; 11]| {
        let found = composite.effective_weights(&towns()[town]).expect("a score");
        for (node, (found, expected)) in found.iter().zip(expected).enumerate() {
            assert!(
                (found - expected).abs() < 1e-15,
                "town {town}, node {node}: {found}"
            );
        }
    };
    let sevenths = 1.0 / 7.0;
    let second = [
        2.0 * sevenths,
        1.5 * sevenths,
        0.75 * sevenths,
        0.75 * sevenths,
        0.5 * sevenths,
    ];
    let [b, c, d, e, f] = second;
    assert_shares(
        4,
        [
            1.0,
            4.0 * sevenths,
            sevenths,
            2.0 * sevenths,
            sevenths,
            b,
            c,
            d,
            e,
            f,
            sevenths,
        ],
    );
    assert_shares(
        0,
        [
            1.0,
            4.0 * sevenths,
            0.0,
            8.0 / 21.0,
            4.0 / 21.0,
            b,
            c,
            d,
            e,
            f,
            sevenths,
        ],
    );
    assert_shares(2, [1.0, 0.8, 0.2, 0.4, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2]);
    assert_eq!(composite.effective_weights(&towns()[6]), None);
}

#[test]
fn a_parent_that_went_with_its_only_child_has_neither_score_nor_coverage() {
    let only_child = CompositeNode::of(1.0, vec![CompositeNode::leaf(1.0, 0)]);
    let root = CompositeNode::of(1.0, vec![only_child, CompositeNode::leaf(1.0, 1)]);
    let composite = Composite::new(&root, 2, CompositeMean::Arithmetic).expect("a composite");
    let left = composite.without(2).expect("the other leaf remains");
    let found = left.evaluate(&[Some(4.0), Some(8.0)]).expect("grades");
    let nothing = NodeScore {
        score: None,
        coverage: 0.0,
    };
    assert_eq!((found[0].score, found[1]), (Some(8.0), nothing));
}

#[test]
fn exactly_two_thirds_is_enough_whatever_the_weights_round_to() {
    for weight in [1.0, 0.1, 0.7, 1.0 / 3.0, 1e-7, 123_456.7] {
        for parts in [3_u32, 6, 9, 30] {
            let node = |leaf: u32| CompositeNode::leaf(weight, leaf as usize);
            let root = CompositeNode::of(1.0, (0..parts).map(node).collect());
            let composite = Composite::new(&root, parts as usize, CompositeMean::Arithmetic).expect("valid");
            let root_score = |present: u32| {
                let scores: Vec<_> = (0..parts).map(|leaf| (leaf < present).then_some(7.0)).collect();
                composite.evaluate(&scores).expect("grades")[0].score
            };
            assert!(root_score(2 * parts / 3).is_some(), "{weight} {parts}");
            assert_eq!(root_score(2 * parts / 3 - 1), None, "{weight} {parts}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_composite_is_named_all_at_once() {
    use InvalidComposite::*;
    let leaf = CompositeNode::leaf;
    let root = CompositeNode::of(
        1.0,
        vec![
            leaf(-1.0, 0),
            leaf(f64::NAN, 1),
            leaf(1e-300, 2),
            leaf(f64::INFINITY, 0),
            leaf(1.0, 4),
            CompositeNode::of(1.0, vec![]),
            CompositeNode::of(1.0, vec![leaf(0.0, 3)]),
        ],
    );
    assert_eq!(
        Composite::new(&root, 4, CompositeMean::Arithmetic),
        Err(vec![
            InvalidWeight(1),
            InvalidWeight(2),
            InvalidWeight(3),
            InvalidWeight(4),
            RepeatedLeaf(4),
            UnknownLeaf(5),
            NoChildren(6),
            NoWeight(7),
        ])
    );
    let composite = composite(CompositeMean::Arithmetic);
    assert_eq!(
        composite.with_weights(&[1.0; 10]),
        Err(vec![WrongNumberOfWeights(10)])
    );
    assert_eq!(
        composite.with_weights(&composite.weights()).as_ref(),
        Ok(&composite)
    );
}

#[test]
fn scores_that_are_not_positive_are_refused_by_the_means_that_need_positive_ones() {
    let mut units = towns();
    for (score, taken) in [
        (-1.0, true),
        (0.0, true),
        (1e-300, true),
        (f64::NAN, false),
        (1e200, false),
    ] {
        units[3][5] = Some(score);
        let unfit = Err(UnfitScore { unit: 3, leaf: 5 });
        let arithmetic = composite(CompositeMean::Arithmetic).scores(&units);
        assert_eq!(arithmetic.is_ok(), taken, "{score}");
        assert!(taken || arithmetic == unfit);
        for mean in [CompositeMean::Geometric, CompositeMean::Harmonic] {
            assert_eq!(composite(mean).scores(&units), unfit, "{score}");
        }
    }
}

#[test]
fn a_composite_may_be_a_single_leaf_or_a_long_chain() {
    let alone = Composite::new(&CompositeNode::leaf(0.0, 0), 1, CompositeMean::Geometric).expect("a leaf");
    assert_eq!(alone.scores(&[[Some(7.1)], [None]]), Ok(vec![Some(7.1), None]));
    let mut chain = CompositeNode::leaf(0.3, 0);
    for _ in 0..1000 {
        chain = CompositeNode::of(0.3, vec![chain]);
    }
    let chain = Composite::new(&chain, 1, CompositeMean::Harmonic).expect("a chain");
    let score = chain.scores(&[[Some(7.1)]]).expect("positive")[0].expect("present");
    assert!((score - 7.1).abs() < 1e-11, "{score}");
    assert_eq!(chain.without(700), None, "nothing remains");
}
