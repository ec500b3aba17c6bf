//! What other values and weights make of a composite.

use super::*;

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
