//! Values asked back, and municipalities, rankings and requests that are not as usual.

use super::*;

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
