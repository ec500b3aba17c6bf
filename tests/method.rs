//! The method is asked for like any answer, and quotes the rules of the edition that answers.

use crate::support::Server;
use groeikern_client::{Client, v1};
use groeikern_server::edition::source::SourceFolder;
use prost::Message;

async fn sections(client: &Client, ids: &[&str]) -> v1::GetMethodResponse {
    let request = v1::GetMethodRequest {
        section_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..Default::default()
    };
    client.get_method(request).await.expect("the method")
}

fn ids(response: &v1::GetMethodResponse) -> Vec<&str> {
    response
        .sections
        .iter()
        .map(|section| section.id.as_str())
        .collect()
}

#[tokio::test]
async fn every_section_has_both_languages_a_source_and_an_example_with_results() {
    let client = Server::start().await.client().await;
    let response = sections(&client, &[]).await;
    assert!(response.sections.len() >= 35, "{:?}", ids(&response));
    assert!(response.encoded_len() < 1 << 20, "far below the limit of 4 MiB");
    let both = |text: &Option<v1::LocalizedText>| {
        let text = text.as_ref().expect("a text");
        assert!(!text.nl.is_empty() && !text.en.is_empty(), "{text:?}");
    };
    both(&response.introduction);
    for section in &response.sections {
        for text in [
            &section.chapter_title,
            &section.title,
            &section.meaning,
            &section.formula,
            &section.source,
            &section.ours,
            &section.limits,
        ] {
            both(text);
        }
        assert!(!section.examples.is_empty(), "{}", section.id);
        for example in &section.examples {
            both(&example.given);
            both(&example.result);
            assert!(!example.steps.is_empty(), "{}", section.id);
            assert!(
                example.checks.iter().all(|check| !check.results.is_empty()),
                "{}",
                section.id
            );
        }
    }
}

#[tokio::test]
async fn the_version_is_that_of_the_answers_it_explains() {
    let client = Server::start().await.client().await;
    let request = v1::GetPositionRequest {
        indicator_id: "low_theft".into(),
        region_code: "GM0034".into(),
        ..Default::default()
    };
    let position = client.get_position(request).await.expect("a position");
    let version = position.metadata.expect("metadata").method_version;
    assert_eq!(sections(&client, &["position"]).await.method_version, version);
}

#[tokio::test]
async fn sections_come_in_the_order_of_the_method_whatever_the_order_asked() {
    let client = Server::start().await.client().await;
    let response = sections(&client, &["need", "position"]).await;
    assert_eq!(ids(&response), ["position", "need"]);
    assert_eq!(response.sections[0].chapter_id, "positions");
}

#[tokio::test]
async fn a_rule_of_the_advice_is_that_of_the_edition_asked_and_a_threshold_of_the_program_is_not() {
    let source = SourceFolder::built_in();
    let rules = source.file("rules.toml").expect("a file").to_owned();
    let other = rules.replacen("signals_weight = 0.5", "signals_weight = 0.25", 1);
    let source = source.with_file("rules.toml", other);
    let client = Server::of(&source).await.client().await;
    let value = |response: &v1::GetMethodResponse, id: &str| {
        let constants = response.sections.iter().flat_map(|section| &section.constants);
        let found = constants
            .clone()
            .find(|constant| constant.id == id)
            .expect("a constant");
        (found.value, found.of_edition)
    };
    let response = sections(&client, &["need", "robust_linear"]).await;
    assert_eq!(value(&response, "signals_weight"), (0.25, true));
    assert_eq!(value(&response, "minimum_units"), (10.0, false));
    let client = Server::start().await.client().await;
    let response = sections(&client, &["need"]).await;
    assert_eq!(value(&response, "signals_weight"), (0.5, true));
}

#[tokio::test]
async fn papers_come_with_author_year_and_title() {
    let client = Server::start().await.client().await;
    let response = sections(&client, &["slope"]).await;
    let references = &response.sections[0].references;
    let years: Vec<(&str, i32)> = references
        .iter()
        .map(|reference| (reference.authors.as_str(), reference.year))
        .collect();
    assert_eq!(years, [("H. Theil", 1950), ("P. K. Sen", 1968)]);
}
