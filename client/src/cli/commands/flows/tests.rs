use groeikern_client::v1::{FlowBalance, FlowBreakdown, FlowKind, LocalizedText, RegionRef};

use super::*;
use crate::cli::{table, tsv};

fn text(nl: &str, en: &str) -> Option<LocalizedText> {
    Some(LocalizedText {
        nl: nl.to_owned(),
        en: en.to_owned(),
    })
}

fn region(code: &str, name: &str) -> Option<RegionRef> {
    Some(RegionRef {
        code: code.to_owned(),
        name: name.to_owned(),
    })
}

fn commuting() -> FlowTable {
    FlowTable {
        kind: FlowKind::Commuting.into(),
        period: "2016".to_owned(),
        source_id: "survey".to_owned(),
        municipalities: 3,
        pairs: 4,
        persons: 130.0,
        persons_within: Some(40.0),
        breakdown: Some(FlowBreakdown {
            id: "mode".to_owned(),
            name: text("vervoer", "transport"),
            categories: vec![
                FlowCategory {
                    id: "car".to_owned(),
                    name: text("auto", "car"),
                },
                FlowCategory {
                    id: "train".to_owned(),
                    name: text("trein", "train"),
                },
            ],
        }),
    }
}

fn response() -> GetFlowBalanceResponse {
    let partner = |region, incoming, outgoing, share, cumulative_share| FlowPartner {
        region,
        incoming,
        outgoing,
        net: incoming.unwrap_or(0.0) - outgoing.unwrap_or(0.0),
        share,
        cumulative_share,
        ..Default::default()
    };
    GetFlowBalanceResponse {
        table: Some(commuting()),
        region: region("GM0034", "Almere"),
        balance: Some(FlowBalance {
            incoming: 10.0,
            outgoing: 70.0,
            net: -60.0,
            within: Some(40.0),
            partners: 3,
            herfindahl_of_destinations: Some(0.6125),
        }),
        partners: vec![
            partner(region("GM0363", "Amsterdam"), Some(10.0), Some(50.0), 0.75, 0.75),
            partner(region("GM0995", "Lelystad"), None, Some(20.0), 0.25, 1.0),
        ],
        ..Default::default()
    }
}

#[test]
fn a_table_shows_partners_and_below_them_the_balance() {
    assert_eq!(
        table::plain(&balance(&response(), Language::En), Language::En),
        "In and out of Almere (GM0034): commuting, 2016\n\n\
         code    municipality  in  out  net  share  together\n\
         ────────────────────────────────────────────────────\n\
         GM0363  Amsterdam     10   50  -40    75%       75%\n\
         GM0995  Lelystad           20  -20    25%      100%\n\
         \nIn all\n\
         \u{20} in                          10\n\
         \u{20} out                         70\n\
         \u{20} net                         -60\n\
         \u{20} within                      40\n\
         \u{20} partners                    3\n\
         \u{20} Herfindahl of destinations  0.613\n"
    );
}

#[test]
fn what_is_not_listed_is_empty_in_tsv_and_nothing_is_rounded() {
    let text = tsv::write(&balance(&response(), Language::Nl).sheet);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "asked_region_code\tregion_code\tregion\tincoming\toutgoing\tnet\tshare\tcumulative_share\tshare_of_incoming\t\
         share_of_outgoing"
    );
    assert_eq!(lines[2], "GM0034\tGM0995\tLelystad\t\t20\t-20\t0.25\t1\t\t");
}

#[test]
fn parts_take_the_place_of_partners_which_follow_below() {
    let part = |id: &str, name, incoming, outgoing| CategoryBalance {
        category: Some(FlowCategory {
            id: id.to_owned(),
            name,
        }),
        balance: Some(FlowBalance {
            incoming,
            outgoing,
            net: incoming - outgoing,
            ..Default::default()
        }),
        share_of_incoming: Some(incoming / 10.0),
        share_of_outgoing: Some(outgoing / 70.0),
    };
    let divided = GetFlowBalanceResponse {
        categories: vec![
            part("car", text("auto", "car"), 9.5, 42.0),
            part("train", text("trein", "train"), 0.5, 28.0),
        ],
        ..response()
    };
    let answer = balance(&divided, Language::En);
    let lines: Vec<String> = tsv::write(&answer.sheet).lines().map(str::to_owned).collect();
    assert_eq!(lines[1], "GM0034\tcar\tcar\t9.5\t42\t-32.5\t0.95\t0.6\t");
    let shown = table::plain(&answer, Language::En);
    assert!(shown.contains("The largest 2 of 3 partners\n"), "{shown}");
    assert!(shown.contains("Amsterdam"), "{shown}");
}

#[test]
fn the_list_of_tables_names_what_they_are_divided_by() {
    let listed = ListFlowTablesResponse {
        tables: vec![commuting()],
        ..Default::default()
    };
    let shown = table::plain(&tables(&listed, Language::Nl), Language::Nl);
    assert!(
        shown.contains("pendel") && shown.contains("vervoer: auto, trein"),
        "{shown}"
    );
    let nothing = tables(&ListFlowTablesResponse::default(), Language::En);
    let shown = table::plain(&nothing, Language::En);
    assert!(shown.contains("This edition holds no flows."), "{shown}");
}
