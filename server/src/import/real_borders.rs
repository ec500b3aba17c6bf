//! Figures on other borders, from the real tables where they are beside the project: see `real_tables`.

use std::collections::{BTreeMap, BTreeSet};

use super::real_regions::snapshot_with;
use crate::{
    domain::{Basis, INHABITANTS},
    method::{compensated_sum, reorganisation::Transfer},
    snapshot::Snapshot,
};

const YEARS: std::ops::RangeInclusive<u32> = 1988..=2026;

/// A count of each municipality: its number, so that no two are alike.
fn count_of(code: &str) -> f64 {
    code[2..].parse().expect("a number")
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}

/// The sources and targets that nothing unknown touches, nor anything that shares a piece with what it touches.
fn untouched<'a>(
    transfer: &Transfer<'a>,
    sources: &[&'a str],
    targets: &[&'a str],
) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
    let mut known: BTreeSet<&str> = targets.iter().copied().collect();
    known.retain(|target| transfer.gaps(target).next().is_none());
    let mut whole: BTreeMap<&str, f64> = sources.iter().map(|source| (*source, 0.0)).collect();
    for target in targets {
        for piece in transfer.pieces(target) {
            assert!((0.0..=1.0).contains(&piece.share), "{piece:?}");
            *whole.entry(piece.source).or_default() += piece.share;
        }
    }
    let mut left: BTreeSet<&str> = sources.iter().copied().collect();
    left.retain(|source| (whole[source] - 1.0).abs() < 1e-12);
    loop {
        let before = (left.len(), known.len());
        known.retain(|target| {
            transfer
                .pieces(target)
                .iter()
                .all(|piece| left.contains(piece.source))
        });
        for target in targets.iter().filter(|target| !known.contains(*target)) {
            for piece in transfer.pieces(target) {
                left.remove(piece.source);
            }
        }
        if before == (left.len(), known.len()) {
            return (left, known);
        }
    }
}

#[test]
fn counts_are_conserved_between_every_pair_of_years() {
    let Some(snapshot) = snapshot_with("counts_are_conserved_between_every_pair_of_years", &[]) else {
        return;
    };
    // As many people everywhere: only what the table leaves open is not known then.
    let all = snapshot.reorganisations_of(|_, _| Some(1e6));
    for from in YEARS {
        let sources = all.municipalities(&from.to_string());
        for to in YEARS {
            let targets = all.municipalities(&to.to_string());
            let transfer = all.transfer(&from.to_string(), &to.to_string());
            assert_eq!(transfer.lost().count(), 0, "{from} to {to}");
            let (left, known) = untouched(&transfer, &sources, &targets);
            let before = compensated_sum(left.iter().map(|code| count_of(code)));
            let after = known.iter().flat_map(|target| transfer.pieces(target));
            let after = compensated_sum(after.map(|piece| piece.share * count_of(piece.source)));
            assert!(near(before, after), "{from} to {to}: {before} {after}");
        }
    }
    // Since 2007 the table tells of every move how many people it was; of what came together in 2007 only that.
    for (from, to) in [("2006", "2026"), ("2026", "2007"), ("2015", "2022")] {
        let transfer = all.transfer(from, to);
        let targets = all.municipalities(to);
        assert!(
            targets
                .iter()
                .all(|target| transfer.gaps(target).next().is_none()),
            "{from} {to}"
        );
    }
}

/// The inhabitants of a period on the borders of a year, by code.
fn inhabitants_on<'a>(snapshot: &'a Snapshot, period: &str, year: &str) -> BTreeMap<&'a str, f64> {
    let (place, _) = snapshot.indicator(INHABITANTS).expect("inhabitants");
    let published = snapshot.ranking(place, Some(Basis::Computed), Some(period));
    let published = published.unwrap_or_else(|| panic!("no inhabitants of {period}"));
    let table = snapshot.on_borders_of(place, published, year).expect("a ranking");
    let recasting = table.recasting().expect("recast");
    assert!(
        recasting.lost.is_empty(),
        "{period} on {year}: {:?}",
        recasting.lost
    );
    let rows = table.rows.iter();
    rows.filter_map(|row| Some((snapshot.regions[row.region].code.as_str(), row.value?)))
        .collect()
}

#[test]
fn inhabitants_on_other_borders_are_as_many() {
    let figures = [
        "cbs_kwb_municipality_2015",
        "cbs_kwb_municipality_2018",
        "cbs_kwb_population_2019",
        "cbs_kwb_municipality_2020",
        "cbs_kwb_population_2024",
    ];
    let Some(snapshot) = snapshot_with("inhabitants_on_other_borders_are_as_many", &figures) else {
        return;
    };
    let total = |people: &BTreeMap<&str, f64>| compensated_sum(people.values().copied());
    let of_2019 = inhabitants_on(&snapshot, "2019", "2019");
    for (year, municipalities) in [
        ("2015", 393),
        ("2018", 380),
        ("2021", 352),
        ("2022", 345),
        ("2024", 342),
    ] {
        let recast = inhabitants_on(&snapshot, "2019", year);
        assert_eq!(recast.len(), municipalities, "{year}");
        assert!(near(total(&recast), total(&of_2019)), "{year}");
    }
    // Purmerend with Beemster; Amsterdam with Weesp, but not before March 2022.
    let before = inhabitants_on(&snapshot, "2020", "2020");
    let of_2022 = inhabitants_on(&snapshot, "2020", "2022");
    assert_eq!(of_2022["GM0439"], before["GM0439"] + before["GM0370"]);
    assert_eq!(of_2022["GM0363"], before["GM0363"]);
    let of_2023 = inhabitants_on(&snapshot, "2020", "2023");
    assert_eq!(of_2023["GM0363"], before["GM0363"] + before["GM0457"]);
    // Nissewaard parted into Bernisse and Spijkenisse again.
    let (of_2015, of_2014) = (
        inhabitants_on(&snapshot, "2015", "2015"),
        inhabitants_on(&snapshot, "2015", "2014"),
    );
    assert!(near(of_2014["GM0568"] + of_2014["GM0612"], of_2015["GM1930"]));
    // Haaren went to four others in 2021, all of it.
    let of_2021 = inhabitants_on(&snapshot, "2020", "2021");
    let around = ["GM0757", "GM0824", "GM0855", "GM0865"];
    let of = |people: &BTreeMap<&str, f64>| around.iter().map(|code| people[code]).sum::<f64>();
    assert!(near(of(&of_2021), of(&before) + before["GM0788"]));
}
