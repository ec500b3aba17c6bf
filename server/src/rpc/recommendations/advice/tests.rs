//! What an answer of Recommend shows beside the numbers.

use groeikern::v1::CaveatCode;

use super::*;
use crate::{edition::source::SourceFolder, snapshot::tests::snapshot_of};

fn recommend(edition: &Snapshot, subject: &str) -> v1::RecommendResponse {
    let subject = match edition.group(subject) {
        Some(group) => Subject::Group(group),
        None => {
            let (place, region) = edition.region(subject).expect("a region");
            Subject::Region(place, region)
        }
    };
    advise(edition, &subject, &Asked::default()).expect("advice")
}

fn advice<'a>(response: &'a v1::RecommendResponse, recommendation: &str) -> &'a v1::Advice {
    let is_asked = |advice: &&v1::Advice| {
        let found = advice.recommendation.as_ref();
        found.is_some_and(|found| found.id == recommendation)
    };
    response.advice.iter().find(is_asked).expect("listed")
}

fn has_caveat(advice: &v1::Advice, code: CaveatCode) -> bool {
    let caveat = advice.caveats.iter().find(|caveat| caveat.code() == code);
    caveat.is_some_and(|caveat| {
        let text = caveat.text.as_ref().expect("a text");
        !text.nl.is_empty() && !text.en.is_empty()
    })
}

#[test]
fn an_advice_whose_countered_factors_have_no_figures_says_so() {
    let edition = snapshot_of(&SourceFolder::built_in());
    let code = CaveatCode::CounteredFactorsUnmeasured;
    let town = recommend(&edition, "GM1930");
    assert!(has_caveat(advice(&town, "share_knowledge"), code));
    assert!(!has_caveat(advice(&town, "youth_facilities"), code));
    let mean = recommend(&edition, "nta_new_towns");
    assert!(!mean.advice.iter().any(|advice| has_caveat(advice, code)));
}

#[test]
fn context_is_shown_as_high_or_low_and_counts_nowhere() {
    let edition = snapshot_of(&SourceFolder::built_in());
    let response = recommend(&edition, "GM1930");
    let labour = advice(&response, "balance_labour_supply_demand");
    let ids: Vec<(&str, &str)> = labour
        .context
        .iter()
        .map(|context| {
            let ranking = context
                .ranking
                .as_ref()
                .and_then(|ranking| ranking.indicator.as_ref());
            (
                context.factor_id.as_str(),
                ranking.expect("an indicator").id.as_str(),
            )
        })
        .collect();
    // The edition has no positions of jobs per inhabitant: nothing is shown of it.
    assert_eq!(
        ids,
        [
            ("commuter_dependence", "share_working_in_own_municipality"),
            ("commuter_dependence", "unique_commuting_orientation"),
            ("commuter_dependence", "outbound_commuting_distance"),
            ("labour_market_mismatch", "share_working_in_own_municipality"),
        ]
    );
    for context in &labour.context {
        let standing = context.standing.as_ref().expect("a standing");
        assert!(standing.verdict() >= v1::Verdict::VeryHigh, "{standing:?}");
        assert_eq!(standing.grade, None);
    }
    let factors = labour.unmeasured_factors.iter();
    assert!(factors.clone().any(|factor| factor.id == "commuter_dependence"));
}

#[test]
fn the_note_of_a_factor_is_shown_measured_or_not() {
    let edition = snapshot_of(&SourceFolder::built_in());
    let note_of = |factor: &v1::FactorRef| factor.note.as_ref().map(|note| note.en.clone());
    let response = recommend(&edition, "GM1930");
    let programme = advice(&response, "explore_investment_programme");
    let scored = programme
        .factors
        .iter()
        .filter_map(|scored| scored.factor.as_ref());
    let masked = scored.filter(|factor| factor.id == "problems_masked_by_scale");
    let notes: Vec<Option<String>> = masked.map(note_of).collect();
    assert!(
        matches!(&notes[..], [Some(note)] if note.ends_with("Linking it to this factor is our reading.")),
        "{notes:?}"
    );

    let source = SourceFolder::built_in();
    let factors = source.file("factors.toml").expect("a file").replacen(
        "id = \"commuter_dependence\"\n",
        "id = \"commuter_dependence\"\nnote_nl = \"Niets meet dit.\"\nnote_en = \"Nothing measures this.\"\n",
        1,
    );
    let edition = snapshot_of(&source.with_file("factors.toml", factors));
    let response = recommend(&edition, "GM1930");
    let labour = advice(&response, "balance_labour_supply_demand");
    let unmeasured = labour.unmeasured_factors.iter();
    let note = unmeasured
        .filter(|factor| factor.id == "commuter_dependence")
        .find_map(note_of);
    assert_eq!(note.as_deref(), Some("Nothing measures this."));
}

#[test]
fn mechanisms_between_two_countered_factors_reach_the_answer() {
    let edition = snapshot_of(&SourceFolder::built_in());
    let response = recommend(&edition, "GM1930");
    let youth = advice(&response, "youth_facilities");
    let countered = v1::FactorRole::Countered;
    let between_countered = youth
        .mechanism_paths
        .iter()
        .flat_map(|path| &path.steps)
        .filter(|step| {
            let role = |factor: &Option<v1::FactorRef>| factor.as_ref().map(v1::FactorRef::role);
            role(&step.cause) == Some(countered) && role(&step.effect) == Some(countered)
        });
    assert_eq!(between_countered.count(), 4);
}

#[test]
fn evidence_comes_by_its_contribution_to_the_need() {
    let edition = snapshot_of(&SourceFolder::built_in());
    for advice in recommend(&edition, "GM0794").advice {
        let contributions = advice
            .evidence
            .iter()
            .map(|evidence| -evidence.share * evidence.severity);
        assert!(contributions.is_sorted(), "{:?}", advice.recommendation);
    }
}
