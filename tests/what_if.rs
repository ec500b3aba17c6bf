//! What if: other values move places as an edition with those values would, on the old scale; and the values asked back reach
//! what was wanted, to the last bit.

use groeikern_client::{
    Client, v1,
    v1::{ErrorReason, UnreachableReason, wanted_outcome::Target},
};
use groeikern_server::method::RobustScale;

use crate::support::{
    Server,
    figures::{Figures, LOW, present},
    refusal, survey, towns,
};

const ALMERE: &str = "GM0034";
const HELMOND: &str = "GM0794";
const WORKING: &str = "share_working_in_own_municipality";
const NEW_TOWNS: [&str; 7] = [
    "GM0034", "GM0356", "GM0439", "GM0502", "GM0637", "GM0794", "GM1930",
];

/// Thefts of all but Helmond, of which many are equal; where people work is neutral; vandalism is known of three towns.
fn figures(thefts_of_almere: f64) -> Figures {
    let towns = present();
    let at = |place: usize| f64::from(u32::try_from(place).expect("few"));
    let all = || towns.iter().map(String::as_str).enumerate();
    let but_helmond = all().filter(|(_, code)| *code != HELMOND);
    let thefts = but_helmond.map(|(place, code)| match code {
        ALMERE => (code, thefts_of_almere),
        _ => (code, at(3 + place * 7 % 20)),
    });
    Figures::new()
        .with("low_theft", LOW, "2024", thefts.collect::<Vec<_>>())
        .with(WORKING, "", "2024", all().map(|(place, code)| (code, at(place))))
        .with(
            "low_vandalism",
            LOW,
            "2024",
            all().take(3).map(|(place, code)| (code, at(place))),
        )
}

async fn client() -> Client {
    Server::of(&figures(15.0).source()).await.client().await
}

fn changing(code: &str, changes: &[(&str, f64)]) -> v1::SimulateChangeRequest {
    let changes = changes.iter().map(|&(id, value)| v1::ValueChange {
        indicator_id: id.into(),
        value: Some(value),
    });
    v1::SimulateChangeRequest {
        region_code: code.into(),
        changes: changes.collect(),
        ..Default::default()
    }
}

fn wanting(code: &str, wanted: &[(&str, Target)]) -> v1::SimulateChangeRequest {
    let wanted = wanted.iter().map(|(id, target)| v1::WantedOutcome {
        indicator_id: (*id).into(),
        target: Some(target.clone()),
    });
    v1::SimulateChangeRequest {
        region_code: code.into(),
        wanted: wanted.collect(),
        ..Default::default()
    }
}

async fn ask(client: &Client, request: v1::SimulateChangeRequest) -> v1::SimulateChangeResponse {
    client.simulate_change(request).await.expect("an answer")
}

async fn change(client: &Client, code: &str, id: &str, value: f64) -> v1::SimulatedChange {
    let mut request = changing(code, &[(id, value)]);
    request.group_id = "nta_new_towns".into();
    ask(client, request).await.changes.remove(0)
}

async fn need(client: &Client, code: &str, id: &str, target: Target) -> v1::NeededValue {
    ask(client, wanting(code, &[(id, target)])).await.wanted.remove(0)
}

fn place(standing: Option<&v1::Standing>) -> (u32, u32) {
    let standing = standing.expect("a standing");
    (standing.position, standing.ties)
}

fn grade(standing: Option<&v1::Standing>) -> f64 {
    standing.and_then(|standing| standing.grade).expect("a grade")
}

async fn ranking(client: &Client, id: &str) -> v1::RankRegionsResponse {
    let request = v1::RankRegionsRequest {
        indicator_id: id.into(),
        ..Default::default()
    };
    client.rank_regions(request).await.expect("a ranking")
}

fn row<'a>(ranking: &'a v1::RankRegionsResponse, code: &str) -> &'a v1::RankedRegion {
    let of = |row: &&v1::RankedRegion| row.region.as_ref().is_some_and(|region| region.code == code);
    ranking.rows.iter().find(of).expect("listed")
}

fn has_caveat(answer: &v1::SimulateChangeResponse, code: v1::CaveatCode) -> bool {
    let caveats = answer.metadata.iter().flat_map(|metadata| &metadata.caveats);
    caveats.into_iter().any(|caveat| caveat.code() == code)
}

#[tokio::test]
async fn another_value_stands_where_it_would_in_an_edition_that_has_it_and_grades_keep_their_scale() {
    let now = client().await;
    for value in [3.0, 7.0, 9.5, 15.0, 22.0, 40.0] {
        let then = Server::of(&figures(value).source()).await.client().await;
        let (before, after) = (
            ranking(&now, "low_theft").await,
            ranking(&then, "low_theft").await,
        );
        let found = change(&now, ALMERE, "low_theft", value).await;
        let (old, new) = (row(&before, ALMERE), row(&after, ALMERE));
        assert_eq!((found.old_value, found.new_value), (Some(15.0), value));
        assert_eq!(found.old_standing, old.standing);
        let (new_standing, expected) = (
            found.new_standing.expect("a standing"),
            new.standing.expect("a standing"),
        );
        assert_eq!(
            (new_standing.position, new_standing.ties),
            (expected.position, expected.ties)
        );
        assert_eq!(
            (new_standing.place_share, new_standing.verdict),
            (expected.place_share, expected.verdict)
        );
        assert_eq!(found.n_after, before.ranking.as_ref().expect("a summary").n);
        // Whoever had this value before had the grade that it now gives.
        let twin = before.rows.iter().find(|row| row.value == Some(value));
        if let Some(twin) = twin {
            assert_eq!(
                new_standing.grade,
                twin.standing.as_ref().and_then(|standing| standing.grade)
            );
        }
        // The mean grade moves by what the one grade does.
        let n = f64::from(found.n_after);
        let moved = found.mean_grade_after.expect("a mean") - found.mean_grade_before.expect("a mean");
        let by = new_standing.grade.expect("a grade") - grade(old.standing.as_ref());
        assert!(
            (moved - by / n).abs() < 1e-9 && (found.mean_grade_before.expect("a mean") - 6.5).abs() < 1e-9
        );
        // Passed are those who were better, by the two rankings.
        let crossed = |was: fn(&f64, &f64) -> bool| {
            let others = before
                .rows
                .iter()
                .filter(|row| row.region.as_ref().expect("a region").code != ALMERE);
            let theirs = others.filter_map(|row| row.value);
            u32::try_from(
                theirs
                    .filter(|theirs| was(theirs, &15.0) != was(theirs, &value))
                    .count(),
            )
            .expect("few")
        };
        let (passed, passed_by) = (found.passed.expect("passed"), found.passed_by.expect("passed by"));
        assert_eq!(
            passed.count + passed_by.count,
            crossed(|theirs, own| theirs < own),
            "{value}"
        );
        assert_eq!(
            old.standing.as_ref().expect("a standing").position + passed_by.count - passed.count,
            expected.position
        );
        assert!(passed.regions.len() == passed.count.min(20) as usize);
        assert!(passed.regions.is_sorted_by(|a, b| a.code < b.code));
        // The group's mean, by the other edition.
        let request = v1::CompareGroupsRequest {
            group_ids: vec!["nta_new_towns".into()],
            indicator_ids: vec!["low_theft".into()],
            ..Default::default()
        };
        let compared = then
            .compare_groups(request.clone())
            .await
            .expect("means")
            .comparisons
            .remove(0);
        let (expected, mean) = (&compared.groups[0], found.group_after.expect("a mean"));
        assert_eq!((mean.mean, mean.contributed, mean.members), (expected.mean, 6, 7));
        assert_eq!(place(mean.standing.as_ref()), place(expected.standing.as_ref()));
        assert_eq!(mean.mean_of_positions, expected.mean_of_positions);
        let compared = now
            .compare_groups(request)
            .await
            .expect("means")
            .comparisons
            .remove(0);
        let standing = compared
            .groups
            .into_iter()
            .next()
            .map(|standing| v1::GroupStanding {
                gap: None, // of comparisons only, as is the weighted mean
                weighted_mean: None,
                ..standing
            });
        assert_eq!(found.group_before, standing);
    }
}

#[tokio::test]
async fn an_answer_quotes_the_method_it_rests_on_and_the_edition_that_was_pinned() {
    let client = client().await;
    let mut asked = changing(ALMERE, &[("low_theft", 3.0)]);
    asked.edition = "new-towns-2024".into();
    let metadata = ask(&client, asked.clone()).await.metadata.expect("metadata");
    assert!(!metadata.method_version.is_empty());
    assert!(
        metadata
            .citation
            .expect("a citation")
            .en
            .contains(&metadata.edition_id)
    );
    asked.edition = "no-such-edition".into();
    let error = client.simulate_change(asked).await.expect_err("unknown");
    assert_eq!(error.reason(), Some(ErrorReason::UnknownEdition));
}

#[tokio::test]
async fn the_same_value_changes_nothing() {
    let client = client().await;
    let found = change(&client, ALMERE, "low_theft", 15.0).await;
    assert_eq!(found.old_standing, found.new_standing);
    assert_eq!(found.group_before, found.group_after);
    assert_eq!(found.mean_grade_before, found.mean_grade_after);
    assert_eq!(
        (
            found.passed.expect("nobody").count,
            found.passed_by.expect("nobody").count
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn the_value_asked_back_is_enough_and_the_next_worse_number_is_not() {
    let client = client().await;
    let n = ranking(&client, "low_theft").await.ranking.expect("a summary").n;
    for position in [1, 2, 5, 12, n - 1] {
        let needed = need(&client, ALMERE, "low_theft", Target::Position(position)).await;
        let [range] = needed.values[..] else {
            panic!("{needed:?}")
        };
        assert_eq!((range.from, needed.n), (None, n), "little is favourable");
        let bound = range.to.expect("a bound");
        let reached = place(
            change(&client, ALMERE, "low_theft", bound)
                .await
                .new_standing
                .as_ref(),
        )
        .0;
        assert!(reached <= position && Some(reached) == needed.reached_position);
        let worse = place(
            change(&client, ALMERE, "low_theft", bound.next_up())
                .await
                .new_standing
                .as_ref(),
        )
        .0;
        assert!(worse > position, "{worse} for {position}");
        let own = needed.value.expect("a value");
        assert_eq!(needed.change, Some(own.min(bound) - own));
    }
    let last = need(&client, ALMERE, "low_theft", Target::Position(n)).await;
    assert_eq!(
        last.values,
        [v1::ValueRange { from: None, to: None }],
        "any value"
    );
    let beyond = need(&client, ALMERE, "low_theft", Target::Position(n + 1)).await;
    assert_eq!(
        (beyond.unreachable(), beyond.n, beyond.change),
        (UnreachableReason::NoSuchPosition, n, None)
    );
    assert!(beyond.values.is_empty());

    for wanted in [4.0, 6.5, 7.25, 9.0] {
        let needed = need(&client, ALMERE, "low_theft", Target::Grade(wanted)).await;
        let bound = needed.values[0].to.expect("a bound");
        let of = async |value| {
            grade(
                change(&client, ALMERE, "low_theft", value)
                    .await
                    .new_standing
                    .as_ref(),
            )
        };
        assert!(of(bound).await >= wanted && of(bound.next_up()).await < wanted);
        let exactly = needed.exactly.expect("one value");
        assert!((of(exactly.from.expect("an end")).await - wanted).abs() < 1e-9 && exactly.to == Some(bound));
    }
    let lowest = need(&client, ALMERE, "low_theft", Target::Grade(3.0)).await;
    assert_eq!(lowest.values, [v1::ValueRange { from: None, to: None }]);
    assert_eq!(
        lowest.exactly.and_then(|range| range.to),
        None,
        "3 is kept however bad"
    );
}

#[tokio::test]
async fn the_mean_of_a_group_and_a_place_for_it_can_be_asked_for() {
    let client = client().await;
    let mean = |group: &str| Target::GroupMean(group.into());
    let needed = need(&client, ALMERE, "low_theft", mean("nta_new_towns")).await;
    let value = needed.values[0].from.expect("one value");
    assert_eq!((needed.values[0].to, needed.contributed), (Some(value), Some(5)));
    let found = change(&client, ALMERE, "low_theft", value).await;
    assert!((found.group_after.and_then(|group| group.mean).expect("a mean") - value).abs() < 1e-9);

    let place_of = |position: u32| {
        Target::GroupMeanPosition(v1::WantedMeanPosition {
            group_id: "nta_new_towns".into(),
            position,
        })
    };
    let mean_place = async |value: f64| {
        let found = change(&client, ALMERE, "low_theft", value).await;
        place(found.group_after.expect("a mean").standing.as_ref()).0
    };
    let now = mean_place(15.0).await;
    let mut reached = 0;
    for position in (2..now).rev() {
        let needed = need(&client, ALMERE, "low_theft", place_of(position)).await;
        for range in &needed.values {
            reached += 1;
            let worst = range.to.expect("a bound");
            assert!(mean_place(worst).await <= position && mean_place(worst.next_up()).await > position);
        }
        if needed.values.is_empty() {
            assert_eq!(needed.unreachable(), UnreachableReason::BeyondOneMember);
            assert!(needed.best_position.is_some_and(|best| best > position));
        }
    }
    assert!(reached > 0, "{now}");
    let first = need(&client, ALMERE, "low_theft", place_of(1)).await;
    assert_eq!(
        first.unreachable(),
        UnreachableReason::BeyondOneMember,
        "others are better than their mean"
    );
    let outsider = present()
        .into_iter()
        .find(|code| !NEW_TOWNS.contains(&code.as_str()))
        .expect("a town");
    let outside = need(&client, &outsider, "low_theft", place_of(5)).await;
    assert_eq!(outside.unreachable(), UnreachableReason::NotAMember);
    let unknown = wanting(ALMERE, &[("low_theft", mean("nta_new_twons"))]);
    let error = client.simulate_change(unknown).await.expect_err("no such group");
    assert_eq!(error.reason(), Some(ErrorReason::UnknownGroup));
}

#[tokio::test]
async fn who_has_no_value_gets_one_and_the_list_gets_longer() {
    let client = client().await;
    let n = ranking(&client, "low_theft").await.ranking.expect("a summary").n;
    let answer = ask(&client, changing(HELMOND, &[("low_theft", 3.0)])).await;
    let found = &answer.changes[0];
    assert_eq!(
        (found.old_value, found.old_standing, found.n_after),
        (None, None, n + 1)
    );
    assert_eq!(place(found.new_standing.as_ref()).0, 1);
    assert_eq!(
        found.passed.as_ref().map(|passed| passed.count),
        Some(0),
        "it stood nowhere"
    );
    assert!(has_caveat(&answer, v1::CaveatCode::ValueAdded) && has_caveat(&answer, v1::CaveatCode::WhatIf));
    let needed = need(&client, HELMOND, "low_theft", Target::Position(n + 1)).await;
    assert_eq!(
        (needed.n, needed.value, needed.change, needed.values.len()),
        (n + 1, None, None, 1)
    );
    let known = ask(&client, changing(ALMERE, &[("low_theft", 3.0)])).await;
    assert!(!has_caveat(&known, v1::CaveatCode::ValueAdded));
}

#[tokio::test]
async fn neutral_and_small_rankings_have_places_and_no_grades() {
    let client = client().await;
    let answer = ask(
        &client,
        changing(ALMERE, &[(WORKING, 1000.0), ("low_vandalism", 9.0)]),
    )
    .await;
    let [working, vandalism] = &answer.changes[..] else {
        panic!("{answer:?}")
    };
    let highest = working.new_standing.as_ref().expect("a standing");
    assert_eq!(
        (highest.position, highest.verdict(), highest.grade),
        (1, v1::Verdict::VeryHigh, None)
    );
    assert_eq!(
        (place(vandalism.new_standing.as_ref()), vandalism.n_after),
        ((3, 1), 3)
    );
    for found in [working, vandalism] {
        assert_eq!((found.mean_grade_before, found.mean_grade_after), (None, None));
        assert_eq!(found.group_before, None, "none was asked for");
    }
    for id in [WORKING, "low_vandalism"] {
        let needed = need(&client, ALMERE, id, Target::Grade(7.0)).await;
        assert_eq!(needed.unreachable(), UnreachableReason::NoGrades, "{id}");
    }
    let highest = need(&client, ALMERE, WORKING, Target::Position(1)).await;
    assert!(
        highest.values[0].from.is_some() && highest.values[0].to.is_none(),
        "the highest is first"
    );
}

#[tokio::test]
async fn a_value_that_nobody_has_is_answered_with_a_warning() {
    let client = client().await;
    let warned = async |request| has_caveat(&ask(&client, request).await, v1::CaveatCode::ValueBeyondKnown);
    for (value, beyond) in [
        (-0.5, true),
        (2.9, true),
        (3.0, false),
        (22.0, false),
        (22.5, true),
    ] {
        assert_eq!(
            warned(changing(ALMERE, &[("low_theft", value)])).await,
            beyond,
            "{value}"
        );
    }
    assert!(
        warned(wanting(ALMERE, &[("low_theft", Target::Grade(10.0))])).await,
        "less than none has"
    );
    assert!(!warned(wanting(ALMERE, &[("low_theft", Target::Position(1))])).await);
}

#[tokio::test]
async fn values_of_a_proxy_are_changed_as_those_of_the_proxy() {
    let client = survey::client().await;
    let answer = ask(&client, changing(ALMERE, &[("low_vandalism", 95.0)])).await;
    let found = &answer.changes[0];
    let ranking = found.ranking.as_ref().expect("a summary");
    let proxy = ranking.proxy.as_ref().and_then(|proxy| proxy.indicator.as_ref());
    assert_eq!(proxy.map(|indicator| indicator.id.as_str()), Some("felt_safety"));
    assert_eq!(
        (
            ranking.unit.as_ref().expect("a unit").en.as_str(),
            found.old_value
        ),
        ("%", Some(72.0))
    );
    assert_eq!(place(found.new_standing.as_ref()).0, 1);
    assert!(has_caveat(&answer, v1::CaveatCode::Proxy) && has_caveat(&answer, v1::CaveatCode::TooFewUnits));
}

#[tokio::test]
async fn a_municipality_changes_only_figures_of_a_period_in_which_it_was_there() {
    let client = survey::client().await;
    let asked = |code: &str, period: &str| v1::SimulateChangeRequest {
        period: period.into(),
        ..changing(code, &[("low_theft", 4.0)])
    };
    let answer = ask(&client, asked("GM0370", "2018")).await;
    assert_eq!(answer.changes[0].old_value, Some(1.0), "Beemster in 2018");
    let refused = async |code, period| {
        let error = refusal(
            client
                .simulate_change(asked(code, period))
                .await
                .expect_err("refused"),
        );
        (error.reason.expect("a reason"), error.message)
    };
    assert_eq!(refused("GM0370", "").await.0, ErrorReason::RetiredRegion);
    let (reason, message) = refused("GM1980", "2018").await;
    assert_eq!(reason, ErrorReason::NoData);
    assert!(message.contains("did not exist in 2018"), "{message}");
}

#[tokio::test]
async fn positions_without_values_are_refused_with_what_to_do() {
    let client = client().await;
    let error = client
        .simulate_change(changing(ALMERE, &[("low_theft", 3.0), ("low_arms_trade", 3.0)]))
        .await;
    let error = refusal(error.expect_err("published only"));
    assert_eq!(error.reason, Some(ErrorReason::NoData));
    assert!(
        error.message.contains("`low_arms_trade`") && error.message.contains("import"),
        "{}",
        error.message
    );
    let published = v1::SimulateChangeRequest {
        basis: v1::Basis::Published.into(),
        ..changing(ALMERE, &[("low_theft", 3.0)])
    };
    let error = refusal(client.simulate_change(published).await.expect_err("published"));
    assert_eq!(
        (error.reason, error.violations[0].field.as_str()),
        (Some(ErrorReason::InvalidRequest), "basis")
    );
}

#[tokio::test]
async fn all_that_is_wrong_with_a_request_is_said_at_once() {
    let client = client().await;
    let mut wrong = changing(
        "Almere",
        &[("low_theft", f64::NAN), ("low_theft", f64::INFINITY), ("", 1.0)],
    );
    wrong.changes.push(v1::ValueChange {
        indicator_id: WORKING.into(),
        value: None,
    });
    let mean = |group_id: &str| {
        Target::GroupMeanPosition(v1::WantedMeanPosition {
            group_id: group_id.into(),
            position: 0,
        })
    };
    wrong.wanted = wanting(
        "",
        &[
            ("low_theft", Target::Position(0)),
            ("low_theft", Target::Grade(2.9)),
            ("", Target::Grade(f64::NAN)),
            ("low_theft", Target::GroupMean(String::new())),
            ("low_theft", mean("")),
        ],
    )
    .wanted;
    wrong.wanted.push(v1::WantedOutcome {
        indicator_id: "low_theft".into(),
        target: None,
    });
    let error = refusal(client.simulate_change(wrong).await.expect_err("wrong"));
    let mut fields: Vec<&str> = error
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    fields.sort_unstable();
    let mut expected = [
        "region_code",
        "changes[0].value",
        "changes[1]",
        "changes[1].value",
        "changes[2]",
        "changes[3].value",
        "wanted[0].position",
        "wanted[1].grade",
        "wanted[2].indicator_id",
        "wanted[2].grade",
        "wanted[3].group_mean",
        "wanted[4].group_mean_position.group_id",
        "wanted[4].group_mean_position.position",
        "wanted[5]",
    ];
    expected.sort_unstable();
    assert_eq!(fields, expected);
    let nothing = refusal(
        client
            .simulate_change(changing(ALMERE, &[]))
            .await
            .expect_err("nothing"),
    );
    assert_eq!(nothing.violations[0].field, "changes");
    let many = wanting(ALMERE, &vec![("low_theft", Target::Grade(7.0)); 51]);
    let error = refusal(client.simulate_change(many).await.expect_err("too many"));
    assert_eq!(error.reason, Some(ErrorReason::BatchTooLarge));
}

/// Theft twice, vandalism once.
fn two(theft: f64) -> v1::Composite {
    let child = |id: &str, weight| v1::CompositeChild {
        node: Some(v1::composite_child::Node::IndicatorId(id.into())),
        weight: Some(weight),
        ..Default::default()
    };
    v1::Composite {
        children: vec![child("low_theft", theft), child("low_vandalism", 1.0)],
        ..Default::default()
    }
}

/// Score and position by code.
async fn by(client: &Client, composite: v1::Composite) -> Vec<(String, f64, u32)> {
    let request = v1::RankCompositeRequest {
        composite: Some(composite),
        ..Default::default()
    };
    let rows = client.rank_composite(request).await.expect("a ranking").rows;
    let row = |row: v1::CompositeRow| {
        let position = row.standing.expect("a standing").position;
        (row.region.expect("a region").code, row.score, position)
    };
    rows.into_iter().map(row).collect()
}

fn scale_of(scores: &[(String, f64, u32)]) -> RobustScale {
    let mut by_code: Vec<_> = scores.to_vec();
    by_code.sort_by(|a, b| a.0.cmp(&b.0));
    let scores: Vec<f64> = by_code.iter().map(|(_, score, _)| *score).collect();
    RobustScale::fit(&scores).expect("enough")
}

#[tokio::test]
async fn a_new_value_moves_a_composite_by_its_grade_on_the_old_scale() {
    let client = towns::client().await;
    let scores = by(&client, two(2.0)).await;
    let scale = scale_of(&scores);
    let own = scores
        .iter()
        .find(|(code, ..)| code == ALMERE)
        .expect("ranked")
        .clone();
    for value in [1.0, 12.0, 30.0] {
        let mut asked = changing(ALMERE, &[("low_theft", value)]);
        asked.composite = Some(two(2.0));
        let answer = ask(&client, asked).await;
        let found = answer.composite.as_ref().expect("a composite");
        let vandalism = client
            .get_position(v1::GetPositionRequest {
                indicator_id: "low_vandalism".into(),
                region_code: ALMERE.into(),
                ..Default::default()
            })
            .await
            .expect("a position");
        let theft = grade(answer.changes[0].new_standing.as_ref());
        let vandalism = grade(vandalism.region.expect("Almere").standing.as_ref());
        let score = found.new_score.expect("a score");
        assert!((score - (2.0 * theft + vandalism) / 3.0).abs() < 1e-12);
        assert_eq!(
            (found.old_score, found.old_standing.expect("a standing").position),
            (Some(own.1), own.2)
        );
        let others = || scores.iter().filter(|(code, ..)| code != ALMERE);
        let better = others().filter(|(_, other, _)| other - score > 1e-9).count();
        let new = found.new_standing.expect("a standing");
        assert_eq!(new.position as usize, 1 + better);
        assert!((new.grade.expect("a grade") - scale.grade(score)).abs() < 1e-9);
        let (passed, passed_by) = (
            found.passed.as_ref().expect("passed"),
            found.passed_by.as_ref().expect("passed"),
        );
        assert_eq!(own.2 + passed_by.count - passed.count, new.position);
        assert_eq!(found.n_after as usize, scores.len());
        let moved = found.mean_grade_after.expect("a mean") - found.mean_grade_before.expect("a mean");
        let by = scale.grade(score) - scale.grade(own.1);
        assert!((moved - by / f64::from(found.n_after)).abs() < 1e-9);
        assert_eq!((found.old_coverage, found.new_coverage), (1.0, 1.0));
        assert!(has_caveat(&answer, v1::CaveatCode::Regraded));
    }
}

#[tokio::test]
async fn other_weights_score_everybody_anew_and_grades_keep_the_old_scale() {
    let client = towns::client().await;
    let (old, new) = (by(&client, two(2.0)).await, by(&client, two(0.25)).await);
    let scale = scale_of(&old);
    let mut moved = 0;
    for code in [ALMERE, "GM0356", "GM1930", "GM0502"] {
        let asked = v1::SimulateChangeRequest {
            region_code: code.into(),
            composite: Some(two(2.0)),
            new_composite: Some(two(0.25)),
            ..Default::default()
        };
        let found = ask(&client, asked).await.composite.expect("a composite");
        let of = |scores: &[(String, f64, u32)]| {
            scores.iter().find(|(of, ..)| of == code).expect("ranked").clone()
        };
        let (before, after) = (of(&old), of(&new));
        assert_eq!(
            (found.old_score, found.new_score),
            (Some(before.1), Some(after.1))
        );
        let (old_standing, new_standing) =
            (found.old_standing.expect("one"), found.new_standing.expect("one"));
        assert_eq!(
            (old_standing.position, new_standing.position),
            (before.2, after.2)
        );
        assert!((new_standing.grade.expect("a grade") - scale.grade(after.1)).abs() < 1e-9);
        moved += u32::from(before.2 != after.2);
        let same = v1::SimulateChangeRequest {
            region_code: code.into(),
            composite: Some(two(2.0)),
            new_composite: Some(two(4.0 / 2.0)),
            ..Default::default()
        };
        let same = ask(&client, same).await.composite.expect("a composite");
        assert_eq!(
            (same.old_standing, same.old_score),
            (same.new_standing, same.new_score)
        );
    }
    assert!(moved > 0, "weights that matter");
}

#[tokio::test]
async fn who_lacks_too_much_for_a_composite_enters_it_with_the_values_it_gets() {
    let client = towns::client().await;
    let n = u32::try_from(by(&client, two(1.0)).await.len()).expect("few");
    let mut asked = changing(HELMOND, &[("low_vandalism", 9.0), ("low_arms_trade", 4.0)]);
    asked.composite = Some(two(1.0));
    let answer = ask(&client, asked).await;
    let found = answer.composite.as_ref().expect("a composite");
    assert_eq!(
        (found.old_score, found.old_standing, found.old_coverage),
        (None, None, 0.5)
    );
    assert_eq!(
        (found.new_score.is_some(), found.new_coverage, found.n_after),
        (true, 1.0, n + 1)
    );
    assert_eq!(
        found.passed.as_ref().map(|passed| passed.count),
        Some(0),
        "it stood nowhere"
    );
    assert_eq!(
        answer.changes.len(),
        2,
        "arms trade is no leaf, and changed all the same"
    );
}

#[tokio::test]
async fn changes_of_leaves_are_made_where_the_composite_has_its_figures() {
    let towns = present();
    let existed = || {
        let codes = towns.iter().map(String::as_str);
        codes.filter(|code| !["GM1980", "GM1992"].contains(code)).zip(0..)
    };
    let values = |step: u32| existed().map(move |(code, place)| (code, f64::from(place * step % 13)));
    let figures = Figures::new()
        .with("low_theft", LOW, "2020", values(3))
        .with("low_vandalism", LOW, "2020", values(5))
        .and("low_theft", "2024", values(7));
    let client = Server::of(&figures.source()).await.client().await;
    let asked = changing(ALMERE, &[("low_theft", 3.0)]);
    let period = |answer: &v1::SimulateChangeResponse| {
        let ranking = answer.changes[0].ranking.as_ref();
        ranking.expect("a ranking").period.clone()
    };
    assert_eq!(
        period(&ask(&client, asked.clone()).await),
        "2024",
        "the latest of its own"
    );
    let beside = v1::SimulateChangeRequest {
        composite: Some(two(1.0)),
        ..asked
    };
    let answer = ask(&client, beside.clone()).await;
    let of_composite = answer.composite.as_ref().and_then(|found| found.summary.as_ref());
    assert_eq!(
        of_composite.expect("a summary").period,
        "2020",
        "the latest of both"
    );
    assert_eq!(period(&answer), "2020");
    let too_late = v1::SimulateChangeRequest {
        period: "2024".into(),
        ..beside
    };
    let error = client
        .simulate_change(too_late)
        .await
        .expect_err("half the weight");
    assert_eq!(error.reason(), Some(ErrorReason::NoData));
}

#[tokio::test]
async fn a_composite_that_cannot_be_supposed_is_refused_by_its_field() {
    let client = towns::client().await;
    let fields = async |asked: v1::SimulateChangeRequest| -> Vec<String> {
        let error = refusal(client.simulate_change(asked).await.expect_err("refused"));
        error
            .violations
            .into_iter()
            .map(|violation| violation.field)
            .collect()
    };
    let mut asked = changing(ALMERE, &[("low_theft", 3.0)]);
    asked.new_composite = Some(two(1.0));
    assert_eq!(fields(asked.clone()).await, ["composite"]);
    asked.composite = Some(two(1.0));
    asked.new_composite = Some(two(-1.0));
    assert_eq!(fields(asked).await, ["new_composite.children[0].weight"]);
    let mut asked = wanting(ALMERE, &[("low_theft", Target::Grade(7.0))]);
    asked.composite = Some(two(1.0));
    assert_eq!(fields(asked).await, ["composite"], "nothing changes");
    for asked in [
        changing(ALMERE, &[("safe_streets", 7.0)]),
        wanting(ALMERE, &[("safe_streets", Target::Position(1))]),
    ] {
        let error = refusal(client.simulate_change(asked).await.expect_err("computed"));
        assert_eq!(error.reason, Some(ErrorReason::InvalidRequest));
        assert!(
            error.message.contains("follows from other indicators"),
            "{}",
            error.message
        );
    }
    let published = Server::start().await.client().await;
    let asked = v1::SimulateChangeRequest {
        region_code: ALMERE.into(),
        composite: Some(two(1.0)),
        new_composite: Some(two(2.0)),
        ..Default::default()
    };
    let error = refusal(
        published
            .simulate_change(asked)
            .await
            .expect_err("positions only"),
    );
    assert_eq!(error.reason, Some(ErrorReason::NoData));
    assert!(error.message.contains("import"), "{}", error.message);
}

#[tokio::test]
async fn a_composite_among_units_moves_with_the_value_of_the_unit() {
    // Nieuwegein and Capelle are one.
    let built_in = towns::source();
    let text = |file: &str| built_in.file(file).expect("a file").to_owned();
    let edition =
        text("edition.toml") + "\n[[universe]]\nid = \"joined\"\nname_nl = \"Samen\"\nname_en = \"Joined\"\n";
    let indicators = towns::VALUED
        .into_iter()
        .fold(text("indicators.toml"), |toml, id| {
            let key = format!("id = \"{id}\"\n");
            toml.replacen(&key, &format!("{key}aggregation = \"sum\"\n"), 1)
        });
    let pair = ["GM0356", "GM0502"];
    let mut units = "universe,year,region,unit\n".to_owned();
    for code in towns::codes() {
        let unit = if pair.contains(&code.as_str()) {
            "nieuwegein_capelle"
        } else {
            ""
        };
        units += &format!("joined,2024,{code},{unit}\n");
    }
    let source = built_in
        .with_file("edition.toml", edition)
        .with_file("indicators.toml", indicators)
        .with_file("universe_units.csv", units);
    let client = Server::of(&source).await.client().await;
    let asked = |code: &str, universe: &str| v1::SimulateChangeRequest {
        universe_id: universe.into(),
        composite: Some(two(1.0)),
        ..changing(code, &[("low_theft", 2.0)])
    };
    let [one, other] = pair.map(|code| asked(code, "joined"));
    let (one, other) = (ask(&client, one).await, ask(&client, other).await);
    assert_eq!((&one.changes, &one.composite), (&other.changes, &other.composite));
    let found = one.composite.expect("a composite");
    let alone = ask(&client, asked(pair[0], ""))
        .await
        .composite
        .expect("a composite");
    assert_eq!(found.n_after + 1, alone.n_after);
    assert_eq!(found.summary.expect("a summary").universe_id, "joined");
    assert!(
        found.old_score < alone.old_score,
        "a sum of thefts is more of them"
    );
    let passed = found.passed.expect("passed");
    let (old, new) = (found.old_standing.expect("one"), found.new_standing.expect("one"));
    assert_eq!(old.position - passed.count, new.position);
    assert!(passed.count > 0);
    let almere = ask(
        &client,
        v1::SimulateChangeRequest {
            new_composite: Some(two(50.0)),
            ..asked(ALMERE, "joined")
        },
    )
    .await;
    let both = almere.composite.expect("a composite");
    let named = [both.passed, both.passed_by]
        .into_iter()
        .flatten()
        .flat_map(|passed| passed.regions);
    assert!(
        named
            .into_iter()
            .all(|region| !pair.contains(&region.code.as_str())),
        "by the name of the unit"
    );
}
