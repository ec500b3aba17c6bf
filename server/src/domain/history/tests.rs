//! Histories are told from both sides, and shares only where they are known.

use super::*;
use crate::domain::Corop;

fn region(code: &str, from: Option<&str>, to: Option<&str>) -> Region {
    Region {
        code: code.to_owned(),
        name: format!("Town {code}"),
        valid_from: from.map(str::to_owned),
        valid_to: to.map(str::to_owned),
        aliases: Vec::new(),
        province: None,
        corop: None,
        successors: Vec::new(),
        predecessors: Vec::new(),
        history: Vec::new(),
        groups: Vec::new(),
        listed_periods: Vec::new(),
        vintages: Vec::new(),
    }
}

fn change(date: &str, from: &str, to: &str, inhabitants: Option<u64>) -> BoundaryChange {
    BoundaryChange {
        date: date.to_owned(),
        from: RegionCode::parse(from).expect("a code"),
        to: RegionCode::parse(to).expect("a code"),
        inhabitants,
        dwellings: None,
        hectares: Some(1),
    }
}

fn told(region: &Region) -> Vec<String> {
    let event = |event: &RegionEvent| {
        let other = event.other.as_ref();
        let other = other.map(|other| format!("{:?} {}", other.direction, other.code));
        format!(
            "{} {:?} {} {:?}",
            event.date,
            event.kind,
            other.unwrap_or_default(),
            event.share
        )
    };
    region.history.iter().map(event).collect()
}

const DAY: &str = "2002-01-01";

#[test]
fn a_split_is_told_with_the_share_of_each_and_who_got_nobody_is_no_successor() {
    let mut regions = vec![
        region("GM7001", None, Some(DAY)),
        region("GM7002", Some(DAY), None),
        region("GM7003", None, None),
        region("GM7004", None, None),
    ];
    let changes = [
        change(DAY, "GM7001", "GM7002", Some(250)),
        change(DAY, "GM7001", "GM7003", Some(750)),
        change(DAY, "GM7001", "GM7004", Some(0)),
    ];
    tell_histories(&mut regions, &changes, &BTreeMap::new());
    assert_eq!(
        told(&regions[0]),
        [
            "2002-01-01 Abolished Gave GM7002 Some(0.25)",
            "2002-01-01 Abolished Gave GM7003 Some(0.75)",
            "2002-01-01 Abolished Gave GM7004 Some(0.0)",
        ]
    );
    assert_eq!(
        told(&regions[1]),
        ["2002-01-01 Founded Received GM7001 Some(0.25)"]
    );
    assert_eq!(
        told(&regions[2]),
        ["2002-01-01 BoundaryChange Received GM7001 Some(0.75)"]
    );
    let successors: Vec<&str> = regions[0]
        .successors
        .iter()
        .map(|step| step.code.as_str())
        .collect();
    assert_eq!(successors, ["GM7003", "GM7002"], "most inhabitants first");
    assert_eq!(regions[2].predecessors.len(), 1);
    assert!(regions[3].predecessors.is_empty());
}

#[test]
fn the_share_of_a_part_is_known_where_it_is_said_how_many_stayed() {
    let mut regions = vec![region("GM7001", None, None), region("GM7002", None, None)];
    let part = change(DAY, "GM7001", "GM7002", Some(100));
    tell_histories(&mut regions, std::slice::from_ref(&part), &BTreeMap::new());
    assert_eq!(told(&regions[0]), ["2002-01-01 BoundaryChange Gave GM7002 None"]);
    let mut regions = vec![region("GM7001", None, None), region("GM7002", None, None)];
    let stayed = change(DAY, "GM7001", "GM7001", Some(300));
    tell_histories(&mut regions, &[stayed, part], &BTreeMap::new());
    assert_eq!(
        told(&regions[0]),
        [
            "2002-01-01 BoundaryChange Gave GM7002 Some(0.25)",
            "2002-01-01 BoundaryChange Stayed GM7001 Some(0.75)",
        ]
    );
    assert!(regions[0].successors.is_empty(), "it exists");
}

#[test]
fn a_new_name_is_a_succession_and_no_abolition() {
    let mut regions = vec![
        region("GM7001", Some("1990-01-01"), Some("1995-07-04")),
        region("GM7002", Some("1995-07-04"), None),
    ];
    regions[0].corop = Some(RegionCorop {
        area: Corop {
            code: "NL999".to_owned(),
            name: "Polder".to_owned(),
        },
        is_inferred: false,
    });
    let code = |text| RegionCode::parse(text).expect("a code");
    let renamed = BTreeMap::from([(code("GM7001"), code("GM7002"))]);
    tell_histories(&mut regions, &[], &renamed);
    assert_eq!(
        told(&regions[0]),
        [
            "1990-01-01 Founded  None",
            "1995-07-04 Renamed Gave GM7002 Some(1.0)"
        ]
    );
    assert_eq!(
        told(&regions[1]),
        ["1995-07-04 Renamed Received GM7001 Some(1.0)"]
    );
    assert_eq!(regions[0].successors[0].code, "GM7002");
    let inferred = regions[1].corop.as_ref().expect("an area");
    assert!(inferred.is_inferred && inferred.area.name == "Polder");
}

#[test]
fn an_area_is_inferred_along_chains_and_only_where_all_parts_agree() {
    let corop = |code: &str| {
        Some(RegionCorop {
            area: Corop {
                code: code.to_owned(),
                name: code.to_owned(),
            },
            is_inferred: false,
        })
    };
    let mut regions = vec![
        region("GM7001", None, Some("2018-01-01")),
        region("GM7002", None, Some("2018-01-01")),
        region("GM7003", Some("2018-01-01"), Some("2022-01-01")),
        region("GM7004", Some("2022-01-01"), None),
        region("GM7005", None, Some("2022-01-01")),
    ];
    regions[0].corop = corop("NL001");
    regions[1].corop = corop("NL001");
    regions[4].corop = corop("NL002");
    let mut changes = vec![
        change("2018-01-01", "GM7001", "GM7003", Some(5)),
        change("2018-01-01", "GM7002", "GM7003", Some(5)),
        change("2022-01-01", "GM7003", "GM7004", Some(10)),
    ];
    let mut apart = regions.clone();
    tell_histories(&mut regions, &changes, &BTreeMap::new());
    assert_eq!(
        regions[3].corop.as_ref().map(|corop| corop.area.code.as_str()),
        Some("NL001")
    );
    changes.push(change("2022-01-01", "GM7005", "GM7004", Some(1)));
    tell_histories(&mut apart, &changes, &BTreeMap::new());
    assert_eq!(apart[3].corop, None);
}

#[test]
fn what_only_a_succession_tells_is_told_to_both() {
    let mut regions = vec![
        region("GM7001", None, Some(DAY)),
        region("GM7002", None, None),
        region("GM7003", Some(DAY), None),
    ];
    let step = |code: &str| Succession {
        code: code.to_owned(),
        name: code.to_owned(),
        date: DAY.to_owned(),
        note: None,
        inhabitants: None,
        share: None,
    };
    regions[0].successors = vec![step("GM7002"), step("GM7003")];
    regions[1].predecessors = vec![step("GM7001")];
    regions[2].predecessors = vec![step("GM7001")];
    tell_histories(&mut regions, &[], &BTreeMap::new());
    assert_eq!(
        told(&regions[0]),
        [
            "2002-01-01 Abolished Gave GM7002 None",
            "2002-01-01 Abolished Gave GM7003 None",
        ]
    );
    assert_eq!(
        told(&regions[1]),
        ["2002-01-01 BoundaryChange Received GM7001 None"]
    );
    assert_eq!(told(&regions[2]), ["2002-01-01 Founded Received GM7001 None"]);
}

#[test]
fn what_cannot_have_moved_is_not_told() {
    let code = |text| RegionCode::parse(text).expect("a code");
    let mut regions = vec![
        region("GM7001", None, Some("2007-01-01")),
        region("GM7002", Some("2007-01-01"), None),
        region("GM7003", None, None),
        region("GM7004", Some("2030-01-01"), None),
        region("GM7005", None, Some("2020-01-01")),
        region("GM7006", Some("2020-01-01"), None),
    ];
    let changes = [
        change("2007-01-01", "GM7001", "GM7002", Some(10)),
        change("2020-01-01", "GM7001", "GM7002", Some(10)), // ended long before
        change("2020-01-01", "GM7003", "GM7004", Some(10)), // is yet to begin
        change("2020-01-01", "GM7006", "GM7003", Some(10)), // a new name of that day
    ];
    let renamed = BTreeMap::from([(code("GM7005"), code("GM7006"))]);
    tell_histories(&mut regions, &changes, &renamed);
    assert_eq!(told(&regions[0]), ["2007-01-01 Abolished Gave GM7002 Some(1.0)"]);
    assert_eq!(
        told(&regions[1]),
        ["2007-01-01 Founded Received GM7001 Some(1.0)"]
    );
    assert_eq!(
        told(&regions[2]),
        ["2020-01-01 BoundaryChange Received GM7006 None"]
    );
    assert_eq!(told(&regions[3]), ["2030-01-01 Founded  None"]);
}

#[test]
fn a_new_name_that_nobody_had_on_that_day_or_two_were_given_is_not_told() {
    let code = |text| RegionCode::parse(text).expect("a code");
    let mut regions = vec![
        region("GM7001", None, Some("2007-01-01")),
        region("GM7002", None, Some("2001-01-01")), // ended long before
        region("GM7003", None, Some("2007-01-01")),
        region("GM7004", None, Some("2007-01-01")),
        region("GM7005", Some("2007-01-01"), None),
    ];
    let renamed = BTreeMap::from([
        (code("GM7001"), code("GM7002")),
        (code("GM7003"), code("GM7005")),
        (code("GM7004"), code("GM7005")),
    ]);
    tell_histories(&mut regions, &[], &renamed);
    for place in [0, 2, 3] {
        assert_eq!(told(&regions[place]), ["2007-01-01 Abolished  None"]);
        assert!(regions[place].successors.is_empty());
    }
    assert_eq!(told(&regions[4]), ["2007-01-01 Founded  None"]);
}
