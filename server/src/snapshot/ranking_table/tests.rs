//! What rankings promise, on tables small enough to check by eye.

use super::*;
use crate::domain::Aggregation;

fn values(column: &[f64], polarity: Option<Polarity>) -> RankingTable {
    let rows: Vec<ValueRow> = column
        .iter()
        .enumerate()
        .map(|(region, &value)| ValueRow {
            region,
            value,
            status: ObservationStatus::Final,
            origin: ObservationOrigin::Loaded,
        })
        .collect();
    RankingTable::of_values(
        &rows,
        HashMap::new(),
        0,
        polarity,
        (
            "2020".into(),
            rows.iter().map(|row| (row.region, "source".into())).collect(),
        ),
    )
}

#[test]
fn a_mean_stands_on_the_list_without_making_it_longer() {
    let table = values(&[10.0, 20.0, 30.0, 40.0], Some(Polarity::LowerIsFavourable));
    let group = table.mean_of([0, 3, 9], None);
    assert_eq!(
        (group.contributed, group.mean, group.mean_of_positions),
        (2, Some(25.0), Some(2.5))
    );
    assert_eq!(group.standing.map(|standing| standing.position), Some(3));
    assert_eq!(table.n, 4);
}

#[test]
fn neutral_rankings_have_positions_and_no_grades() {
    let table = values(&[1.0; 12].map(|v| v), None);
    assert!(
        table
            .rows
            .iter()
            .all(|row| row.standing.grade.is_none() && row.standing.position == 1)
    );
    assert!(!table.has_grades());
}

#[test]
fn small_rankings_have_positions_and_no_grades() {
    let table = values(&[1.0, 2.0], Some(Polarity::HigherIsFavourable));
    assert_eq!(table.grade_caveat, Some(GradeCaveat::TooFewUnits));
    assert!(table.rows.iter().all(|row| row.standing.grade.is_none()));
}

#[test]
fn peers_are_compared_by_their_positions_only() {
    let rows = vec![(0, 300), (1, 100), (2, 300)];
    let published = RankingTable::of_published(
        rows,
        vec![],
        VerdictScale::Favourable,
        337,
        ("2024".into(), "s".into()),
        (None, true),
    );
    assert_eq!(published.place_share_among(1, [0, 2]), Some(0.5 / 3.0));
    assert_eq!(published.place_share_among(0, [0, 1, 2]), Some(2.0 / 3.0));
    assert_eq!(
        published.place_share_among(0, [0, 7]),
        None,
        "alone among peers with figures"
    );
}

#[test]
fn an_aggregate_equal_to_a_loaded_value_but_for_its_last_bits_takes_no_place_from_it() {
    let row = |region, value, origin| ValueRow {
        region,
        value,
        status: ObservationStatus::Final,
        origin,
    };
    let rows = [
        row(0, 1.0, ObservationOrigin::Loaded),
        row(1, 1.0 + 1e-13, ObservationOrigin::Aggregated),
        row(2, 0.0, ObservationOrigin::Loaded),
        row(3, 1.0 - 1e-13, ObservationOrigin::Derived),
    ];
    let table = RankingTable::of_values(
        &rows,
        HashMap::new(),
        0,
        Some(Polarity::LowerIsFavourable),
        (
            "2020".into(),
            rows.iter().map(|row| (row.region, "source".into())).collect(),
        ),
    );
    let listed: Vec<(usize, u32, u32)> = table
        .rows
        .iter()
        .map(|row| (row.region, row.standing.position, row.standing.ties))
        .collect();
    assert_eq!(listed, [(2, 1, 1), (0, 2, 3), (1, 2, 3), (3, 2, 3)]);
}

/// A ranking among two units: regions 0 and 1 together, 2 by itself.
fn among_units(table: &RankingTable, aggregation: Aggregation, weights: [Option<f64>; 3]) -> RankingTable {
    let units = [
        PlacedUnit {
            id: Some("together".into()),
            members: vec![0, 1],
            complete: true,
        },
        PlacedUnit {
            id: None,
            members: vec![2],
            complete: true,
        },
    ];
    let combining = Combining {
        aggregation,
        weight: |region: usize| weights[region],
        approximate: false,
    };
    table.among(0, &units, &combining)
}

#[test]
fn a_unit_has_a_value_only_when_all_its_municipalities_and_their_weights_are_known() {
    use ObservationStatus::{Missing, NotApplicable, Suppressed};
    let whole = values(&[10.0, 40.0, 20.0], Some(Polarity::HigherIsFavourable));
    let known = [Some(2.0), Some(1.0), None];
    let table = among_units(&whole, Aggregation::WeightedMean, known);
    assert_eq!(table.row(1).map(|(_, row)| row.value), Some(Some(20.0)));
    assert_eq!(table.row(0), table.row(1));
    assert_eq!(
        table.row(2).map(|(_, row)| row.standing.position),
        Some(1),
        "equal to the unit"
    );
    for weights in [[Some(2.0), None, None], [Some(0.0), Some(0.0), None]] {
        let table = among_units(&whole, Aggregation::WeightedMean, weights);
        assert_eq!((table.n, table.missing), (1, 1));
        assert_eq!(table.absent.get(&1), Some(&Missing), "{weights:?}");
    }
    let table = among_units(&whole, Aggregation::NotPossible, known);
    assert_eq!(table.absent.get(&0), Some(&NotApplicable));

    let mut withheld = values(&[10.0], Some(Polarity::HigherIsFavourable));
    withheld.absent.insert(1, Suppressed);
    let table = among_units(&withheld, Aggregation::Sum, known);
    assert_eq!((table.n, table.missing), (0, 2));
    let reasons = [0, 1, 2].map(|region| table.absent[&region]);
    assert_eq!(reasons, [Suppressed, Suppressed, Missing]);
}

#[test]
fn a_municipality_keeps_its_own_value_beside_that_of_its_unit() {
    let whole = values(&[10.0, 40.0, 20.0, 70.0], Some(Polarity::HigherIsFavourable));
    let table = among_units(&whole, Aggregation::Sum, [None; 3]);
    let own: Vec<Option<f64>> = (0..5).map(|region| table.own_value(region)).collect();
    assert_eq!(own, [Some(10.0), Some(40.0), Some(20.0), Some(70.0), None]);
    let has_unit = [0, 1, 2, 3].map(|region| table.has_unit_of(region));
    assert_eq!(has_unit, [true, true, true, false]);
    assert_eq!(table.n, 2);
    let group = table.mean_of([0, 2, 3], None);
    assert_eq!((group.contributed, group.mean), (3, Some(100.0 / 3.0)));
    assert_eq!(
        group.standing.map(|standing| standing.position),
        Some(2),
        "between the unit and region 2"
    );
    assert_eq!(
        group.mean_of_positions,
        Some(1.5),
        "of those that have a position"
    );
}
