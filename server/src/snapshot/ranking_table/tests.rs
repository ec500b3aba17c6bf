//! What rankings promise, on tables small enough to check by eye.

use super::*;

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
