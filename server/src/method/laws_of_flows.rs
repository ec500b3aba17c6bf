//! Flows: worked out by hand, and the laws that hold for any table of them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{
    flow::*,
    sum::{CompensatedSum, compensated_sum},
};

type Flows = BTreeMap<(u8, u8), f64>;

fn balance_of(town: u8, flows: &Flows) -> FlowBalance<u8> {
    let to = flows.iter().filter(|((_, destination), _)| *destination == town);
    let from = flows.iter().filter(|((origin, _), _)| *origin == town);
    FlowBalance::of(
        town,
        to.map(|((origin, _), persons)| (*origin, *persons)),
        from.map(|((_, destination), persons)| (*destination, *persons)),
    )
}

/// A town 0 with 40 that stay, a city 1, two villages and a place 4 that nobody goes to.
fn town_and_city() -> FlowBalance<u8> {
    let flows = Flows::from([
        ((0, 0), 40.0),
        ((0, 1), 60.0),
        ((1, 0), 10.0),
        ((0, 2), 20.0),
        ((3, 0), 5.0),
        ((0, 3), 5.0),
        ((0, 4), 0.0),
    ]);
    balance_of(0, &flows)
}

#[test]
fn a_balance_is_worked_out_by_hand() {
    let balance = town_and_city();
    assert_eq!((balance.incoming, balance.outgoing), (15.0, 85.0));
    assert_eq!((balance.net(), balance.within), (-70.0, Some(40.0)));
    let partners: Vec<(u8, Option<f64>, Option<f64>, f64)> = balance
        .partners
        .iter()
        .map(|partner| (partner.key, partner.incoming, partner.outgoing, partner.net()))
        .collect();
    assert_eq!(
        partners,
        [
            (1, Some(10.0), Some(60.0), -50.0),
            (2, None, Some(20.0), -20.0),
            (3, Some(5.0), Some(5.0), 0.0),
            (4, None, Some(0.0), 0.0),
        ]
    );
    assert_eq!(balance.active(), 3);
    let expected = (60.0 * 60.0 + 20.0 * 20.0 + 5.0 * 5.0) / (85.0 * 85.0);
    let found = balance.herfindahl_of_destinations().expect("somebody leaves");
    assert!((found - expected).abs() < 1e-15, "{found}");
}

#[test]
fn a_region_reaches_its_share_and_no_further() {
    let balance = town_and_city();
    let region = |share, dominants: &[u8]| RelevantRegion::of(&balance, share, dominants).expect("a region");
    for (share, reach) in [(0.01, 1), (0.7, 1), (0.701, 2), (0.9, 2), (0.901, 3), (1.0, 3)] {
        assert_eq!(region(share, &[]).reach, reach, "{share}");
    }
    let with_city = region(0.8, &[1, 3]);
    assert_eq!(with_city.dominant, Some(0), "the one with most of the two");
    assert_eq!(with_city.gross().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(with_city.net().collect::<Vec<_>>(), [1]);
}

#[test]
fn the_dominant_municipality_is_in_the_gross_region_wherever_it_stands() {
    let balance = town_and_city();
    let region = RelevantRegion::of(&balance, 0.7, &[3]).expect("a region");
    assert_eq!(region.gross().collect::<Vec<_>>(), [0, 2]);
    assert_eq!(region.net().collect::<Vec<_>>(), [0]);
}

#[test]
fn a_city_that_is_dominant_itself_has_no_other_above_it() {
    let balance = town_and_city();
    let region = RelevantRegion::of(&balance, 0.8, &[0, 1]).expect("a region");
    assert_eq!(region.dominant, None);
    assert!(region.gross().eq(region.net()));
    let without_flows = RelevantRegion::of(&balance, 0.8, &[4]).expect("a region");
    assert_eq!(without_flows.dominant, None, "nobody goes there");
}

#[test]
fn what_has_no_flows_or_no_share_has_no_region() {
    let nobody = balance_of(0, &Flows::from([((0, 0), 9.0), ((0, 1), 0.0)]));
    assert_eq!(
        RelevantRegion::of(&nobody, 0.8, &[]),
        Err(NoRelevantRegion::NoFlows)
    );
    assert_eq!(nobody.herfindahl_of_destinations(), None);
    for share in [0.0, -0.1, 1.000_001, f64::NAN, f64::INFINITY] {
        assert_eq!(
            RelevantRegion::of(&town_and_city(), share, &[]),
            Err(NoRelevantRegion::InvalidShare),
            "{share}"
        );
    }
}

/// Sizes of which many are equal, whole or not.
fn persons() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => (0_u32..6).prop_map(f64::from),
        2 => (0_u32..30_000).prop_map(f64::from),
        1 => (0_u32..30_000).prop_map(|thousandths| f64::from(thousandths) / 1000.0),
    ]
}

const TOWNS: u8 = 9;

fn flows() -> impl Strategy<Value = Flows> {
    prop::collection::btree_map((0..TOWNS, 0..TOWNS), persons(), 0..70)
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(1.0)
}

proptest! {
    #[test]
    fn all_that_leaves_somewhere_arrives_somewhere(flows in flows()) {
        let balances: Vec<_> = (0..TOWNS).map(|town| balance_of(town, &flows)).collect();
        let between = flows.iter().filter(|((origin, destination), _)| origin != destination);
        let total = compensated_sum(between.map(|(_, persons)| *persons));
        let volumes = compensated_sum(balances.iter().map(FlowBalance::volume));
        prop_assert!(close(volumes, 2.0 * total), "{volumes} of {total}");
        let nets = compensated_sum(balances.iter().map(FlowBalance::net));
        prop_assert!(nets.abs() <= 1e-9 * total.max(1.0), "{nets}");
        for balance in &balances {
            for partner in &balance.partners {
                let seen_from_there = balances[usize::from(partner.key)].partners.iter();
                let seen = seen_from_there.clone().find(|other| other.key == balance.town).expect("both list it");
                prop_assert_eq!((seen.incoming, seen.outgoing), (partner.outgoing, partner.incoming));
            }
        }
    }

    #[test]
    fn the_order_of_flows_changes_nothing(flows in flows(), town in 0..TOWNS, shuffled in any::<u64>()) {
        let sorted = balance_of(town, &flows);
        let mix = |key: u8| u64::from(key).wrapping_mul(shuffled | 1) ^ shuffled;
        let mut incoming: Vec<(u8, f64)> =
            flows.iter().filter(|((_, to), _)| *to == town).map(|((from, _), persons)| (*from, *persons)).collect();
        let mut outgoing: Vec<(u8, f64)> =
            flows.iter().filter(|((from, _), _)| *from == town).map(|((_, to), persons)| (*to, *persons)).collect();
        incoming.sort_by_key(|(key, _)| mix(*key));
        outgoing.sort_by_key(|(key, _)| mix(*key));
        prop_assert_eq!(FlowBalance::of(town, incoming, outgoing), sorted);
    }

    #[test]
    fn partners_come_by_volume_and_then_by_key(flows in flows(), town in 0..TOWNS) {
        let balance = balance_of(town, &flows);
        for pair in balance.partners.windows(2) {
            let (one, other) = (pair[0].volume(), pair[1].volume());
            prop_assert!(one > other || (one == other && pair[0].key < pair[1].key));
        }
        if let Some(found) = balance.herfindahl_of_destinations() {
            let destinations = balance.partners.iter().filter(|partner| partner.outgoing.unwrap_or(0.0) > 0.0);
            let least = 1.0 / destinations.count() as f64;
            prop_assert!((least - 1e-9..=1.0 + 1e-9).contains(&found), "{found} of {least}");
        }
    }

    #[test]
    fn a_region_is_the_shortest_run_and_grows_with_its_share(
        flows in flows(),
        town in 0..TOWNS,
        mut shares in [1_u32..=1000, 1_u32..=1000],
        dominants in prop::collection::vec(0..TOWNS, 0..4),
    ) {
        let balance = balance_of(town, &flows);
        shares.sort_unstable();
        let [small, large] = shares.map(|thousandths| f64::from(thousandths) / 1000.0);
        let (Ok(smaller), Ok(larger)) =
            (RelevantRegion::of(&balance, small, &dominants), RelevantRegion::of(&balance, large, &dominants))
        else {
            prop_assert!(balance.volume() == 0.0);
            return Ok(());
        };
        prop_assert!(smaller.reach <= larger.reach);
        prop_assert_eq!(smaller.dominant, larger.dominant);
        let sum_of = |count: usize| {
            let mut sum = CompensatedSum::new();
            balance.partners[..count].iter().for_each(|partner| sum.add(partner.volume()));
            sum.value()
        };
        let all = balance.volume();
        prop_assert!(sum_of(larger.reach) >= large * all * (1.0 - 1e-9), "reaches it");
        prop_assert!(sum_of(larger.reach - 1) < large * all, "and one fewer does not");
        let (gross, net): (Vec<usize>, Vec<usize>) = (larger.gross().collect(), larger.net().collect());
        prop_assert!(net.iter().all(|place| gross.contains(place)));
        prop_assert_eq!(gross.len() - net.len(), usize::from(larger.dominant.is_some()));
        prop_assert!(gross.iter().all(|place| balance.partners[*place].key != town));
        match larger.dominant {
            Some(place) => prop_assert!(dominants.contains(&balance.partners[place].key) && gross.contains(&place)),
            None => prop_assert!(
                dominants.contains(&town)
                    || balance.partners[..balance.active()].iter().all(|partner| !dominants.contains(&partner.key))
            ),
        }
    }
}
