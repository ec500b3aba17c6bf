//! What must hold of every edition that can be made of what was read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

use groeikern_server::{
    domain::{BoundaryChange, Direction, Lifetime, Lives, Region, RegionEventKind, RegionRecord},
    edition::{
        self, EditionFile,
        shelf::Manifest,
        source::{Draft, SourceFolder},
    },
    import::{ImportUnit, Recipe, UnitContent, UnitSet, compose},
    method::{
        FlowBalance, NoRelevantRegion, RELEVANT_SHARE, RelevantRegion, compensated_sum,
        reorganisation::{Combine, Moved, Reorganisations},
    },
    snapshot::{FlowMatrix, Snapshot},
};

use crate::check_refusal;

/// Files of a source that can be empty.
const LISTS: [&str; 10] = [
    "caveats",
    "context",
    "factors",
    "findings",
    "groups",
    "indicators",
    "mechanisms",
    "programmes",
    "recommendations",
    "themes",
];

/// Files of a source that can be nothing but a header.
const TABLES: [&str; 4] = [
    "group_members",
    "published_positions",
    "region_names",
    "successions",
];

/// A source with four municipalities and no knowledge: an edition of it is made in a moment.
static BASE: LazyLock<Draft> = LazyLock::new(|| {
    let mut source = SourceFolder::built_in();
    for name in LISTS {
        source = source.with_file(&format!("{name}.toml"), "");
    }
    for name in TABLES {
        let header = source
            .file(&format!("{name}.csv"))
            .and_then(|text| text.lines().next())
            .unwrap_or_default()
            .to_owned();
        source = source.with_file(&format!("{name}.csv"), header);
    }
    let regions = "code,name,level,valid_from,valid_to,aliases\nGM7001,Aa,municipality,,,\nGM7002,Bee,municipality,,,\n\
                   GM7003,Cee,municipality,,,\nGM7009,Dee,municipality,1980-01-01,,\n";
    let source = source.with_file("regions.csv", regions);
    source.draft().unwrap_or_else(|error| panic!("{error}"))
});

/// Makes the edition of these units, if they can be in one, and checks that it reads back as it was and can be served.
///
/// # Panics
/// When what must hold does not.
pub fn check_edition_of(read: Vec<(Arc<Recipe>, ImportUnit)>) {
    let mut units = UnitSet::default();
    for (recipe, unit) in read {
        units.put(&recipe, unit);
    }
    let file = match compose(&BASE, &units, Some("fuzzed")) {
        Ok(tables) => {
            edition::build_tables(&tables).unwrap_or_else(|error| panic!("accepted and not built: {error}"))
        }
        Err(error) => {
            return check_refusal(&error);
        }
    };
    assert_eq!(read_back(&file, &units), file, "another edition of what it holds");
    let manifest = Manifest::of(&file, 1, None);
    let snapshot = Snapshot::open(manifest, &file.location())
        .unwrap_or_else(|error| panic!("built and not opened: {error}"));
    snapshot.regions.iter().for_each(check_region);
    snapshot.flows.iter().for_each(check_flows);
}

/// The same edition of what it says was imported.
fn read_back(file: &EditionFile, units: &UnitSet) -> EditionFile {
    let open = edition::open(&file.location(), &file.file_sha256).unwrap_or_else(|error| panic!("{error}"));
    let stored = UnitSet::of_edition(&open.connection).unwrap_or_else(|error| panic!("{error}"));
    let contents =
        |set: &UnitSet| -> Vec<UnitContent> { set.iter().map(|unit| unit.content.clone()).collect() };
    assert_eq!(contents(&stored), contents(units), "read back");
    let tables = compose(&BASE, &stored, Some("fuzzed")).unwrap_or_else(|error| panic!("{error}"));
    edition::build_tables(&tables).unwrap_or_else(|error| panic!("{error}"))
}

fn check_region(region: &Region) {
    if let (Some(from), Some(to)) = (&region.valid_from, &region.valid_to) {
        assert!(from < to, "{region:?}");
    }
    assert!(region.history.is_sorted_by_key(|event| &event.date), "{region:?}");
    let mut given: BTreeMap<&str, f64> = BTreeMap::new();
    for event in &region.history {
        let Some(share) = event.share else { continue };
        assert!((0.0..=1.0).contains(&share), "{region:?}");
        let gave = event
            .other
            .as_ref()
            .is_some_and(|other| other.direction != Direction::Received);
        if gave && event.kind != RegionEventKind::Renamed {
            *given.entry(&event.date).or_default() += share;
        }
    }
    assert!(
        given.values().all(|share| *share <= 1.0 + 1e-9),
        "more than everybody: {region:?}"
    );
}

fn check_flows(flows: &FlowMatrix) {
    let mut sums = [Vec::new(), Vec::new()];
    for &town in &flows.municipalities {
        let Some(balance) = flows.balance(town) else {
            panic!("no balance of a municipality that is listed")
        };
        check_balance(&balance);
        sums[0].push(balance.incoming);
        sums[1].push(balance.outgoing);
        for category in 0..flows.breakdown.as_ref().map_or(0, |found| found.categories.len()) {
            flows
                .balance_of_category(town, category)
                .iter()
                .for_each(check_balance);
        }
    }
    for sum in sums {
        let sum = compensated_sum(sum);
        assert!(
            near(sum, flows.totals.persons),
            "{sum} are not {:?}",
            flows.totals
        );
    }
}

fn check_balance(balance: &FlowBalance<usize>) {
    let numbers = [
        balance.incoming,
        balance.outgoing,
        balance.volume(),
        balance.within.unwrap_or(0.0),
    ];
    assert!(
        numbers.iter().all(|number| number.is_finite() && *number >= 0.0),
        "{balance:?}"
    );
    assert!(balance.net().is_finite());
    let concentration = balance.herfindahl_of_destinations();
    assert!(
        concentration.is_none_or(|found| found > 0.0 && found <= 1.0 + 1e-9),
        "{balance:?}"
    );
    let region = match RelevantRegion::of(balance, RELEVANT_SHARE, &[0]) {
        Ok(region) => region,
        Err(why) => {
            assert_eq!(why, NoRelevantRegion::NoFlows);
            assert!(balance.volume() <= 0.0);
            return;
        }
    };
    let shares: Vec<f64> = balance.cumulative_shares().collect();
    assert!(
        shares.is_sorted() && shares.iter().all(|share| (0.0..=1.0).contains(share)),
        "{balance:?}"
    );
    assert!(shares.last().is_some_and(|last| near(*last, 1.0)), "{balance:?}");
    assert!(
        (1..=balance.active()).contains(&region.reach),
        "{region:?} of {balance:?}"
    );
    assert!(
        region
            .gross()
            .chain(region.net())
            .all(|place| place < balance.active()),
        "{region:?}"
    );
}

/// Checks what must hold when counts and shares are put on the borders of other years.
///
/// # Panics
/// When it does not.
pub fn check_recasting(records: &[RegionRecord], changes: &[BoundaryChange]) {
    let renamed = records
        .iter()
        .filter_map(|record| Some((record.code.as_str(), record.renamed_to.as_ref()?.as_str())));
    let lives = Lives {
        lifetimes: records
            .iter()
            .map(|record| (record.code.as_str(), lifetime_of(record)))
            .collect(),
        renamed: renamed.collect(),
    };
    let moved: Vec<Moved<'_>> = changes
        .iter()
        .map(|change| Moved {
            date: &change.date,
            from: change.from.as_str(),
            to: change.to.as_str(),
            inhabitants: change.inhabitants,
        })
        .collect();
    let people = |code: &str, _: &str| Some(count_of(code)).filter(|count| *count > 0.0);
    let reorganisations = Reorganisations::of(&moved, lives, people);
    let years = years_of(records, changes);
    for from in &years {
        for to in &years {
            check_transfer(&reorganisations, from, to);
        }
    }
}

fn lifetime_of(record: &RegionRecord) -> Lifetime<'_> {
    Lifetime {
        from: record.valid_from.as_deref(),
        to: record.valid_to.as_deref(),
    }
}

/// The first of the years in which something happened, and the years after them. Borders are known from the first change on.
fn years_of(records: &[RegionRecord], changes: &[BoundaryChange]) -> Vec<String> {
    const MOST: usize = 6;
    let days = records
        .iter()
        .flat_map(|record| [&record.valid_from, &record.valid_to])
        .flatten();
    let days = days.chain(changes.iter().map(|change| &change.date));
    let year = |day: &String| day.get(..4)?.parse::<u32>().ok();
    let first = changes.first().and_then(|change| year(&change.date));
    let years = days
        .filter_map(year)
        .filter(|year| first.is_some_and(|first| *year >= first));
    let years: BTreeSet<u32> = years.flat_map(|year| [year, (year + 1).min(9999)]).collect();
    years
        .into_iter()
        .take(MOST)
        .map(|year| format!("{year:04}"))
        .collect()
}

fn check_transfer(reorganisations: &Reorganisations<'_>, from: &str, to: &str) {
    let transfer = reorganisations.transfer(from, to);
    let (sources, targets) = (
        reorganisations.municipalities(from),
        reorganisations.municipalities(to),
    );
    let mut shares: BTreeMap<&str, f64> = sources.iter().map(|source| (*source, 0.0)).collect();
    let mut counts = Vec::new();
    let mut is_whole = transfer.lost().next().is_none();
    for target in targets {
        for piece in transfer.pieces(target) {
            assert!(piece.share > 0.0 && piece.share <= 1.0, "{piece:?}");
            *shares
                .get_mut(piece.source)
                .unwrap_or_else(|| panic!("{piece:?} of nowhere")) += piece.share;
        }
        is_whole &= transfer.gaps(target).next().is_none();
        if let Ok(recast) = transfer.value(target, |code| Ok(count_of(code)), &SUM) {
            assert!((0.0..=1.0).contains(&recast.share_moved), "{recast:?}");
            assert!(
                from != to || (!recast.is_recast && recast.value == count_of(target)),
                "{recast:?}"
            );
            counts.push(recast.value);
        }
        let weigh = Combine::Mean(|code: &str| Some(1.0 + count_of(code)));
        if let Ok(recast) = transfer.value(target, |_| Ok(40.0), &weigh) {
            assert!(
                near(recast.value, 40.0),
                "a share that is the same everywhere: {recast:?}"
            );
        }
    }
    assert!(
        shares.values().all(|share| *share <= 1.0 + 1e-9),
        "{from} {to}: {shares:?}"
    );
    if is_whole {
        assert!(
            shares.values().all(|share| near(*share, 1.0)),
            "{from} {to}: {shares:?}"
        );
        let before = compensated_sum(sources.into_iter().map(count_of));
        assert!(
            near(before, compensated_sum(counts.iter().copied())),
            "{from} {to}: {before} became {counts:?}"
        );
    }
}

const SUM: Combine<fn(&str) -> Option<f64>> = Combine::Sum;

/// A count of each municipality, by its code; of some it is zero.
fn count_of(code: &str) -> f64 {
    let number: u32 = code[2..]
        .parse()
        .unwrap_or_else(|error| panic!("{code}: {error}"));
    f64::from(number * 37 % 101)
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0)
}
