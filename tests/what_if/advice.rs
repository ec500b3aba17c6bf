//! Other values change advice exactly as an edition with those values would advise.

use groeikern_client::{
    Client,
    v1::{self, recommend_request::Subject},
};

use crate::support::{
    Server,
    figures::{Figures, LOW, present},
};

const TOWN: &str = "GM0637";

/// Indicators with values, of which those of the town can change; enough of them for conclusions.
const CHANGING: [&str; 4] = [
    "low_theft",
    "low_drug_offences",
    "low_arms_trade",
    "low_subversive_crime",
];
const OTHERS: [&str; 6] = [
    "low_vandalism",
    "low_serious_crime",
    "low_child_abuse",
    "low_high_risk_youth",
    "low_single_parent_households",
    "low_unemployment_15_24",
];

/// Figures of every municipality that exists; of the town this value of what can change, where there is one.
fn figures(new: Option<f64>) -> Figures {
    let codes = present();
    let mut figures = Figures::new();
    for (number, id) in CHANGING.into_iter().chain(OTHERS).enumerate() {
        let value = |(place, code): (usize, &String)| {
            let own = value(number, place);
            match new.filter(|_| code == TOWN && CHANGING.contains(&id)) {
                Some(new) => new,
                None => own,
            }
        };
        let values: Vec<f64> = codes.iter().enumerate().map(value).collect();
        figures = figures.with(id, LOW, "2024", codes.iter().map(String::as_str).zip(values));
    }
    figures
}

fn value(indicator: usize, place: usize) -> f64 {
    ((place * [7, 11, 5, 13, 3][indicator % 5] + indicator) % 37 + 1) as f64
}

async fn client(figures: Figures) -> Client {
    Server::of(&figures.source()).await.client().await
}

async fn advice(client: &Client) -> Vec<v1::Advice> {
    let request = v1::RecommendRequest {
        subject: Some(Subject::RegionCode(TOWN.into())),
        basis: v1::Basis::Computed.into(),
        ..Default::default()
    };
    client.recommend(request).await.expect("advice").advice
}

fn id(advice: &v1::Advice) -> &str {
    &advice.recommendation.as_ref().expect("named").id
}

fn simulation(values: &[(&str, f64)]) -> v1::SimulateChangeRequest {
    let change = |(id, value): &(&str, f64)| v1::ValueChange {
        indicator_id: (*id).to_owned(),
        value: Some(*value),
    };
    v1::SimulateChangeRequest {
        region_code: TOWN.into(),
        changes: values.iter().map(change).collect(),
        basis: v1::Basis::Computed.into(),
        ..Default::default()
    }
}

async fn changes(client: &Client, request: v1::SimulateChangeRequest) -> Vec<v1::RecommendationChange> {
    client
        .simulate_change(request)
        .await
        .expect("an answer")
        .recommendation_changes
}

#[tokio::test]
async fn advice_changes_as_an_edition_with_the_new_value_says() {
    let now = client(figures(None)).await;
    let old = advice(&now).await;
    let mut class_changes = 0;
    for value in [0.5, 12.0, 19.5, 99.0] {
        let answer = now
            .simulate_change(simulation(&CHANGING.map(|id| (id, value))))
            .await;
        let answer = answer.expect("an answer");
        let said = |code| crate::support::has_caveat(answer.metadata.as_ref(), code);
        assert!(said(v1::CaveatCode::RandomBaseline) && said(v1::CaveatCode::WhatIf));
        let changed = answer.recommendation_changes;
        let new = advice(&client(figures(Some(value))).await).await;
        let mut expected = 0;
        for before in &old {
            let after = new
                .iter()
                .find(|after| id(after) == id(before))
                .expect("the same eleven");
            let told = changed
                .iter()
                .find(|change| change.recommendation_id == id(before));
            let same = before.need == after.need && before.recommendation_class == after.recommendation_class;
            assert_eq!(told.is_none(), same, "{value}: {}", id(before));
            let Some(told) = told else { continue };
            expected += 1;
            assert_eq!(
                (told.old_need, told.new_need, told.old_class, told.new_class),
                (
                    before.need,
                    after.need,
                    before.recommendation_class,
                    after.recommendation_class
                ),
                "{value}: {}",
                id(before)
            );
        }
        assert_eq!(changed.len(), expected);
        let stays = |change: &v1::RecommendationChange| change.old_class == change.new_class;
        assert!(
            changed.is_sorted_by_key(stays),
            "those that change class come first"
        );
        class_changes += changed.iter().filter(|change| !stays(change)).count();
    }
    assert!(class_changes > 0);
}

#[tokio::test]
async fn a_composite_that_is_computed_from_the_value_changes_with_it() {
    let composed = figures(None).source();
    let indicators = composed.file("indicators.toml").expect("a file");
    let children = "id = \"safety\"\nchildren = [\"low_theft\", \"low_vandalism\"]\n";
    let indicators = indicators.replacen("id = \"safety\"\n", children, 1);
    let client = Server::of(&composed.with_file("indicators.toml", indicators))
        .await
        .client()
        .await;
    let old = advice(&client).await;

    let leaf = |id: &str| v1::CompositeChild {
        node: Some(v1::composite_child::Node::IndicatorId(id.into())),
        ..Default::default()
    };
    let request = v1::SimulateChangeRequest {
        composite: Some(v1::Composite {
            children: vec![leaf("low_theft"), leaf("low_vandalism")],
            ..Default::default()
        }),
        ..simulation(&[("low_theft", 99.0)])
    };
    let answer = client.simulate_change(request).await.expect("an answer");
    let composite = answer.composite.expect("a composite");
    let severity =
        |standing: Option<v1::Standing>| (2.0 * standing.expect("a place").place_share - 1.0).max(0.0);
    let (before, after) = (severity(composite.old_standing), severity(composite.new_standing));
    assert!(after > before);

    let mut followed = 0;
    for change in &answer.recommendation_changes {
        let advice = old
            .iter()
            .find(|advice| id(advice) == change.recommendation_id)
            .expect("advice");
        let counted = advice.evidence.iter().chain(&advice.counter_evidence);
        let mut expected = advice.need.expect("a need");
        for evidence in counted {
            let ranking = evidence
                .ranking
                .as_ref()
                .and_then(|ranking| ranking.indicator.as_ref());
            let indicator = ranking.expect("named").id.as_str();
            assert_ne!(indicator, "low_theft", "the composite counts in its place");
            if indicator == "safety" {
                expected += evidence.share * (after - before);
                followed += 1;
            }
        }
        let need = change.new_need.expect("a need");
        assert!(
            (need - expected).abs() < 1e-12,
            "{}: {need} {expected}",
            change.recommendation_id
        );
    }
    assert!(followed > 0);
}

#[tokio::test]
async fn advice_is_left_alone_where_other_figures_are_chosen_or_nothing_changes() {
    let client = client(figures(None)).await;
    let of_period = v1::SimulateChangeRequest {
        period: "2024".into(),
        ..simulation(&[("low_theft", 99.0)])
    };
    assert!(changes(&client, of_period).await.is_empty());
    let place = present().iter().position(|code| code == TOWN).expect("there");
    let same = value(0, place);
    assert!(
        changes(&client, simulation(&[("low_theft", same)]))
            .await
            .is_empty()
    );
    assert!(
        !changes(&client, simulation(&[("low_theft", 99.0)]))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_value_that_stands_in_for_another_indicator_changes_advice_there_too() {
    let client = crate::support::towns::client().await;
    let request = v1::SimulateChangeRequest {
        basis: v1::Basis::Unspecified.into(),
        ..simulation(&[("felt_safety", 0.0)])
    };
    let of_itself = changes(&client, request).await;
    let request = v1::SimulateChangeRequest {
        basis: v1::Basis::Proxy.into(),
        ..simulation(&[("low_serious_crime", 0.0)])
    };
    assert!(
        !of_itself.is_empty(),
        "serious crime counts by the values of felt safety"
    );
    let of_the_other = client.simulate_change(request).await.expect("an answer");
    assert!(!of_the_other.recommendation_changes.is_empty());
}
