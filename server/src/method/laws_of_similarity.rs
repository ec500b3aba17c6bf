//! Laws of likeness, over generated tables with gaps and constant columns; and a table worked out by hand.

use proptest::prelude::*;

use super::similarity::*;

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
type Table = Vec<Vec<Option<f64>>>;

/// Four indicators of the same units, in coarse steps so that some columns are constant and some units alike.
fn table() -> impl Strategy<Value = Table> {
    (2_usize..12).prop_flat_map(|units| {
        let value = prop_oneof![(-3_i32..4).prop_map(f64::from), -50.0..50.0_f64];
        prop::collection::vec(
            prop::collection::vec(prop::option::weighted(0.85, value), units),
            4,
        )
    })
}

fn weights() -> impl Strategy<Value = [f64; 4]> {
    prop::array::uniform4(prop_oneof![1 => Just(0.0), 6 => 0.125..8.0_f64])
}

fn columns(table: &Table) -> Vec<IndicatorColumn<'static>> {
    // Tests are short: what they leak goes with them.
    let column = |(id, values): (&&'static str, &Vec<Option<f64>>)| IndicatorColumn {
        id,
        values: values.clone().leak(),
    };
    NAMES.iter().zip(table).map(column).collect()
}

fn named(weights: [f64; 4]) -> Vec<(&'static str, f64)> {
    NAMES.into_iter().zip(weights).collect()
}

fn similar(subject: usize, table: &Table, weights: [f64; 4]) -> Option<Similarity<'static>> {
    most_similar(subject, &columns(table), &named(weights)).ok()
}

fn neighbour<'a>(found: &'a Similarity<'static>, unit: usize) -> Option<&'a Neighbour<'static>> {
    found.neighbours.iter().find(|neighbour| neighbour.unit == unit)
}

/// The same distances, whatever last bits do to the order.
fn assert_same(one: &Option<Similarity<'static>>, other: &Option<Similarity<'static>>) {
    let (Some(one), Some(other)) = (one, other) else {
        return assert_eq!(one, other);
    };
    assert_eq!(
        (one.neighbours.len(), &one.left_out),
        (other.neighbours.len(), &other.left_out)
    );
    for near in &one.neighbours {
        let same = neighbour(other, near.unit).expect("comparable in both");
        assert!((near.distance - same.distance).abs() < 1e-7, "{near:?} {same:?}");
    }
}

proptest! {
    #[test]
    fn distances_are_those_of_the_formula_and_everyone_is_in_one_list(table in table(), weights in weights()) {
        let Some(found) = similar(0, &table, weights) else { return Ok(()) };
        let units = table[0].len();
        let mut seen: Vec<usize> = found.neighbours.iter().map(|near| near.unit).collect();
        seen.extend(found.incomparable.iter().map(|far| far.unit));
        seen.sort_unstable();
        prop_assert_eq!(seen, (1..units).collect::<Vec<_>>());
        prop_assert!(found.incomparable.iter().all(|far| far.shared_weight < MINIMUM_SHARED_WEIGHT));
        prop_assert!(found.incomparable.is_sorted_by_key(|far| far.unit));
        prop_assert!(found.neighbours.is_sorted_by_key(|near| (near.position, near.unit)));
        prop_assert!(found.neighbours.windows(2).all(|pair| pair[0].distance <= pair[1].distance + 1e-9 * 12.0));
        for near in &found.neighbours {
            let (mut squares, mut shared, mut all) = (0.0, 0.0, 0.0);
            for (column, weight) in table.iter().zip(weights) {
                let figures: Vec<f64> = column.iter().copied().flatten().collect();
                let n = f64::from(u32::try_from(figures.len()).expect("few"));
                let mean = figures.iter().sum::<f64>() / n;
                let variance = figures.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
                if figures.iter().all(|x| *x == figures[0]) || weight == 0.0 {
                    continue;
                }
                all += weight;
                if let (Some(own), Some(other)) = (column[0], column[near.unit]) {
                    shared += weight;
                    squares += weight * (other - own) * (other - own) / variance;
                }
            }
            prop_assert!((near.shared_weight - shared / all).abs() < 1e-12);
            prop_assert!((near.distance * near.distance - squares / shared).abs() < 1e-9 * (1.0 + squares));
            let shares: f64 = near.contributions.iter().map(|part| part.share).sum();
            let whole = f64::from(u8::from(near.distance > 0.0));
            prop_assert!((shares - whole).abs() < 1e-12);
            prop_assert!(near.shared_weight >= MINIMUM_SHARED_WEIGHT - 1e-12);
        }
    }

    #[test]
    fn the_way_there_is_as_far_as_the_way_back(table in table(), weights in weights()) {
        let units = table[0].len();
        let found: Vec<_> = (0..units).map(|unit| similar(unit, &table, weights)).collect();
        for one in 0..units {
            for other in 0..one {
                let (Some(there), Some(back)) = (&found[one], &found[other]) else { continue };
                match (neighbour(there, other), neighbour(back, one)) {
                    (Some(there), Some(back)) => {
                        prop_assert_eq!(there.distance, back.distance);
                        for (there, back) in there.contributions.iter().zip(&back.contributions) {
                            prop_assert_eq!(there.share, back.share);
                            prop_assert_eq!(there.difference, -back.difference);
                        }
                    }
                    (there, back) => prop_assert!(there.is_none() && back.is_none()),
                }
            }
        }
    }

    #[test]
    fn a_twin_is_at_no_distance_and_nobody_is_nearer(table in table(), weights in weights()) {
        let mut twins = table.clone();
        for column in &mut twins {
            column.push(column[0]);
        }
        let Some(found) = similar(0, &twins, weights) else { return Ok(()) };
        let twin = table[0].len();
        if let Some(near) = neighbour(&found, twin) {
            prop_assert_eq!((near.position, near.distance), (1, 0.0));
            prop_assert!(near.contributions.iter().all(|part| part.share == 0.0 && part.difference == 0.0));
        } else {
            // Then the subject lacks so much that nobody can be compared.
            prop_assert!(found.neighbours.is_empty());
        }
    }

    #[test]
    fn a_unit_without_figures_is_incomparable_and_changes_nothing_for_the_others(
        table in table(),
        weights in weights(),
    ) {
        let mut with_one_more = table.clone();
        with_one_more.iter_mut().for_each(|column| column.push(None));
        let mut found = similar(0, &with_one_more, weights);
        if let Some(found) = &mut found {
            let unit = table[0].len();
            prop_assert_eq!(found.incomparable.pop(), Some(Incomparable { unit, shared_weight: 0.0 }));
        }
        prop_assert_eq!(found, similar(0, &table, weights));
    }

    #[test]
    fn neither_unit_nor_zero_nor_direction_of_an_indicator_matters_nor_the_scale_of_the_weights(
        table in table(),
        weights in weights(),
        (factor, shift) in (prop_oneof![-1000.0..-0.001_f64, 0.001..1000.0_f64], -100.0..100.0_f64),
        which in 0_usize..4,
    ) {
        let before = similar(0, &table, weights);
        let mut moved = table.clone();
        for value in moved[which].iter_mut().flatten() {
            *value = (*value + shift) * factor;
        }
        assert_same(&before, &similar(0, &moved, weights));
        assert_same(&before, &similar(0, &table, weights.map(|weight| weight * factor.abs())));
    }

    #[test]
    fn more_weight_never_makes_a_contribution_smaller_nor_those_of_others_larger(
        table in table(),
        weights in prop::array::uniform4(0.125..8.0_f64),
        more in 1.0..20.0_f64,
        which in 0_usize..4,
    ) {
        let mut heavier = weights;
        heavier[which] *= more;
        let (Some(before), Some(after)) = (similar(0, &table, weights), similar(0, &table, heavier)) else {
            return Ok(());
        };
        for near in &before.neighbours {
            let Some(same) = neighbour(&after, near.unit) else { continue };
            for (before, after) in near.contributions.iter().zip(&same.contributions) {
                let rises = after.share - before.share;
                let sign = if before.id == NAMES[which] { 1.0 } else { -1.0 };
                prop_assert!(sign * rises >= -1e-12);
            }
            // The distance moves towards that of the indicator itself.
            if let Some(part) = near.contributions.iter().find(|part| part.id == NAMES[which]) {
                let own = part.difference.abs();
                let (low, high) = (near.distance.min(own), near.distance.max(own));
                prop_assert!((low - 1e-9..=high + 1e-9).contains(&same.distance));
            }
        }
    }

    #[test]
    fn an_indicator_in_which_two_agree_never_parts_them(table in table(), weights in weights()) {
        let mut agreed = table.clone();
        agreed[3] = vec![Some(1.0); table[0].len()];
        let apart = similar(0, &agreed, weights);
        let outsider = agreed[3].len();
        for column in &mut agreed {
            column.push(None); // one more unit, so that the last indicator is not constant
        }
        agreed[3][outsider] = Some(2.0);
        let together = similar(0, &agreed, weights);
        if let (Some(apart), Some(together)) = (apart, together) {
            for near in &apart.neighbours {
                let same = neighbour(&together, near.unit).expect("they share the last as well");
                prop_assert!(same.distance <= near.distance + 1e-9);
            }
        }
    }
}

#[test]
fn distances_and_contributions_worked_out_by_hand() {
    // a: mean 4, sd sqrt(2), z -sqrt(2) 0 0 sqrt(2). b: mean 20, sd 10, z -1 -1 1 1. Squared differences from the first:
    // to the second 2 and 0, to the third 2 and 4, to the fourth 8 and 4.
    let a = [2.0, 4.0, 4.0, 6.0].map(Some);
    let b = [10.0, 10.0, 30.0, 30.0].map(Some);
    let columns = [
        IndicatorColumn { id: "a", values: &a },
        IndicatorColumn { id: "b", values: &b },
    ];
    let assert_found = |weights: &[(&'static str, f64)], expected: [(f64, f64); 3]| {
        let found = most_similar(0, &columns, weights).expect("neighbours");
        for (place, (near, (square, share))) in found.neighbours.iter().zip(expected).enumerate() {
            assert_eq!((near.unit, near.position as usize), (place + 1, place + 1));
            assert!((near.distance * near.distance - square).abs() < 1e-12, "{near:?}");
            let [one, other] = near.contributions[..] else {
                panic!("{near:?}")
            };
            assert!((one.share - share).abs() < 1e-12 && (one.share + other.share - 1.0).abs() < 1e-12);
            assert_eq!((one.id, other.id, near.shared_weight), ("a", "b", 1.0));
        }
    };
    // Equal weights: (2 + 0) / 2 = 1, (2 + 4) / 2 = 3, (8 + 4) / 2 = 6; shares of a 1, 1/3, 2/3.
    assert_found(&[], [(1.0, 1.0), (3.0, 1.0 / 3.0), (6.0, 2.0 / 3.0)]);
    // a three times: (6 + 0) / 4 = 1.5, (6 + 4) / 4 = 2.5, (24 + 4) / 4 = 7; shares of a 1, 0.6, 6/7.
    assert_found(&[("a", 3.0)], [(1.5, 1.0), (2.5, 0.6), (7.0, 6.0 / 7.0)]);
    let difference =
        most_similar(0, &columns, &[]).expect("neighbours").neighbours[2].contributions[1].difference;
    assert!(
        (difference - 2.0).abs() < 1e-12,
        "the fourth lies two deviations above the first"
    );
}

#[test]
fn an_indicator_says_how_it_is_standardised_and_a_choice_of_units_changes_places_only() {
    let a = [2.0, 4.0, 4.0, 6.0].map(Some);
    let columns = [IndicatorColumn { id: "a", values: &a }];
    let found = most_similar(0, &columns, &[]).expect("neighbours");
    let [standard] = found.used[..] else {
        panic!("{found:?}")
    };
    assert_eq!((standard.id, standard.mean), ("a", 4.0));
    assert!((standard.deviation - 2.0_f64.sqrt()).abs() < 1e-15);
    let places = |found: &Similarity<'_>| -> Vec<(usize, u32)> {
        found
            .neighbours
            .iter()
            .map(|near| (near.unit, near.position))
            .collect()
    };
    assert_eq!(places(&found), [(1, 1), (2, 1), (3, 3)]);
    let far = found.neighbours[2].distance;
    let some = found.among(|unit| unit != 1);
    assert_eq!(places(&some), [(2, 1), (3, 2)]);
    assert_eq!(some.neighbours[1].distance, far);
    assert!(some.among(|_| false).neighbours.is_empty());
}

#[test]
fn two_thirds_of_the_weight_are_just_enough() {
    let whole = [1.0, 2.0, 3.0, 4.0].map(Some);
    let gap = [Some(1.0), None, None, Some(4.0)];
    let gaps = [Some(1.0), Some(2.0), None, Some(4.0)];
    let columns =
        [("a", &whole), ("b", &gap), ("c", &gaps)].map(|(id, values)| IndicatorColumn { id, values });
    // The second lacks b, the third b and c.
    for weight in [1.0, 0.1, 3e300, 7e-300] {
        let weights = ["a", "b", "c"].map(|id| (id, weight));
        let found = most_similar(0, &columns, &weights).expect("neighbours");
        let near: Vec<usize> = found.neighbours.iter().map(|near| near.unit).collect();
        assert_eq!(near, [1, 3], "{weight}");
        let [far] = found.incomparable[..] else {
            panic!("{found:?}")
        };
        assert!(far.unit == 2 && (far.shared_weight - 1.0 / 3.0).abs() < 1e-12);
    }
}

#[test]
fn what_the_subject_lacks_counts_against_everyone() {
    let (whole, gap) = ([1.0, 2.0, 3.0].map(Some), [None, Some(2.0), Some(3.0)]);
    let columns = [("a", &whole), ("b", &gap)].map(|(id, values)| IndicatorColumn { id, values });
    let found = most_similar(0, &columns, &[]).expect("an answer, though an empty one");
    assert!(found.neighbours.is_empty());
    assert_eq!(
        found.incomparable,
        [1, 2].map(|unit| Incomparable {
            unit,
            shared_weight: 0.5
        })
    );
}

#[test]
fn distances_that_differ_in_their_last_bits_leave_the_order_to_the_units() {
    // 0.3 - 0.2 is less than 0.2 - 0.1 by a bit: the middle is as far from both ends all the same.
    let values = [0.1, 0.3, 0.2].map(Some);
    let found = most_similar(
        2,
        &[IndicatorColumn {
            id: "a",
            values: &values,
        }],
        &[],
    )
    .expect("neighbours");
    let places: Vec<_> = found
        .neighbours
        .iter()
        .map(|near| (near.unit, near.position))
        .collect();
    assert_eq!(places, [(0, 1), (1, 1)]);
}

#[test]
fn indicators_that_say_nothing_are_left_out_and_named() {
    let (whole, flat, empty) = ([1.0, 2.0].map(Some), [0.1, 0.1].map(Some), [None, None]);
    let columns = [("a", &whole), ("b", &flat), ("c", &empty), ("d", &whole)]
        .map(|(id, values)| IndicatorColumn { id, values });
    let found = most_similar(0, &columns, &[("d", 0.0)]).expect("one is left");
    let expected = [
        ("b", LeftOut::Constant),
        ("c", LeftOut::NoFigures),
        ("d", LeftOut::NoWeight),
    ];
    assert_eq!(found.left_out, expected);
    // Nor does their weight take anything from that of the others.
    let heavy = most_similar(
        0,
        &columns,
        &[("a", 1e-300), ("b", 1e300), ("c", 1e300), ("d", 0.0)],
    );
    assert_eq!(heavy.as_ref(), Ok(&found));
    // a: mean 1.5, sd 0.5, so the two lie two deviations apart.
    assert_eq!(
        (
            found.neighbours[0].distance,
            found.neighbours[0].contributions.len()
        ),
        (2.0, 1)
    );
}

#[test]
fn what_cannot_be_compared_is_said() {
    let (whole, flat, gap) = (
        [1.0, 2.0, 4.0].map(Some),
        [1.0; 3].map(Some),
        [None, Some(2.0), Some(3.0)],
    );
    let column = |id, values: &'static [Option<f64>]| IndicatorColumn { id, values };
    let [whole, flat, gap] = [whole, flat, gap].map(|values| &*Vec::from(values).leak());
    let two = [column("a", whole), column("b", flat)];
    let refused = |subject, columns: &[IndicatorColumn<'static>], weights: &[(&'static str, f64)]| {
        most_similar(subject, columns, weights).expect_err("nothing to compare")
    };
    assert_eq!(
        refused(0, &two, &[("x", 1.0)]),
        NoNeighbours::UnknownIndicator("x")
    );
    for weight in [-0.5, f64::NAN, f64::INFINITY] {
        assert_eq!(
            refused(0, &two, &[("b", weight)]),
            NoNeighbours::InvalidWeight("b")
        );
    }
    assert_eq!(
        refused(0, &two, &[("a", 1.0), ("a", 1.0)]),
        NoNeighbours::RepeatedIndicator("a")
    );
    assert_eq!(
        refused(0, &[two[0], two[0]], &[]),
        NoNeighbours::RepeatedIndicator("a")
    );
    assert_eq!(
        refused(0, &two, &[("a", 0.0), ("b", 0.0)]),
        NoNeighbours::NoWeight
    );
    assert_eq!(refused(0, &two, &[("a", 0.0)]), NoNeighbours::NoUsableIndicator);
    assert_eq!(refused(0, &[], &[]), NoNeighbours::NoUsableIndicator);
    assert_eq!(
        refused(0, &[column("a", gap)], &[]),
        NoNeighbours::SubjectWithoutFigures
    );
    assert_eq!(refused(3, &two, &[]), NoNeighbours::UnknownUnit(3));
    assert_eq!(
        refused(0, &[two[0], column("c", &whole[1..])], &[]),
        NoNeighbours::UnevenColumn("c")
    );
}
