//! The municipalities most like one: by the formula, over indicators that are named with their reasons, and never by accident.

use groeikern_client::{Client, v1, v1::ErrorReason, v1::UnusedReason};

use crate::support::{
    Server,
    figures::{Figures, LOW, present},
    has_caveat, refusal, survey, towns,
};

const WORKING: &str = "share_working_in_own_municipality";

/// Theft and working at home spread the towns out, vandalism is the same everywhere, arms trade stands in for serious crime,
/// unemployment has a part and an origin category. Lelystad has theft only. Migration is of 2020, of two former towns too.
fn figures(towns: &[String]) -> Figures {
    let at = |place: usize| f64::from(u32::try_from(place).expect("few"));
    let all = || towns.iter().map(String::as_str).enumerate();
    let but_lelystad = || all().filter(|(_, code)| *code != "GM0995");
    let proxy =
        "proxy_for = \"low_serious_crime\"\nproxy_reason_nl = \"Verwant.\"\nproxy_reason_en = \"Related.\"\n";
    let before_2022 = all().filter(|(_, code)| !["GM1980", "GM1992"].contains(code));
    let migration = before_2022.map(|(place, code)| (code, at(place * 7 % 11)));
    Figures::new()
        .with(
            "low_theft",
            LOW,
            "2024",
            all().map(|(place, code)| (code, at(place * place % 17))),
        )
        .with(
            WORKING,
            "",
            "2024",
            but_lelystad().map(|(place, code)| (code, at(place * 5 % 13) / 10.0)),
        )
        .with(
            "low_vandalism",
            LOW,
            "2024",
            but_lelystad().map(|(_, code)| (code, 4.0)),
        )
        .with(
            "low_arms_trade",
            &format!("{LOW}{proxy}"),
            "2024",
            but_lelystad().map(|(place, code)| (code, at(place))),
        )
        .with(
            "low_unemployment",
            LOW,
            "2024",
            but_lelystad().map(|(place, code)| (code, at(place % 5))),
        )
        .with(
            "low_unemployment_15_24",
            LOW,
            "2024",
            but_lelystad().map(|(place, code)| (code, at(place % 7))),
        )
        .with(
            "low_unemployment_western",
            LOW,
            "2024",
            but_lelystad().map(|(place, code)| (code, at(place % 3))),
        )
        .with(
            "net_migration_17_21",
            "",
            "2020",
            migration.chain([("GM0370", 1.0), ("GM0398", 2.0)]),
        )
}

async fn client() -> Client {
    Server::of(&figures(&present()).source()).await.client().await
}

fn named(weights: &[(&str, Option<f64>)]) -> Vec<v1::WeightedIndicator> {
    let named = weights.iter().map(|&(id, weight)| v1::WeightedIndicator {
        indicator_id: id.into(),
        weight,
    });
    named.collect()
}

fn request(code: &str, indicators: &[(&str, Option<f64>)]) -> v1::FindSimilarRegionsRequest {
    v1::FindSimilarRegionsRequest {
        region_code: code.into(),
        indicators: named(indicators),
        ..Default::default()
    }
}

async fn ask(client: &Client, request: v1::FindSimilarRegionsRequest) -> v1::FindSimilarRegionsResponse {
    client.find_similar_regions(request).await.expect("neighbours")
}

fn codes(answer: &v1::FindSimilarRegionsResponse) -> Vec<&str> {
    let regions = answer.neighbours.iter().filter_map(|near| near.region.as_ref());
    regions.map(|region| region.code.as_str()).collect()
}

fn used(answer: &v1::FindSimilarRegionsResponse) -> Vec<&str> {
    let indicators = answer.indicators.iter();
    let indicators = indicators.filter_map(|of| of.ranking.as_ref()?.indicator.as_ref());
    indicators.map(|indicator| indicator.id.as_str()).collect()
}

fn unused(answer: &v1::FindSimilarRegionsResponse, id: &str) -> Option<UnusedReason> {
    let of = |unused: &&v1::UnusedIndicator| unused.indicator.as_ref().is_some_and(|found| found.id == id);
    answer.unused.iter().find(of).map(v1::UnusedIndicator::reason)
}

/// What a ranking says of every municipality, by code.
async fn values(client: &Client, id: &str) -> Vec<(String, f64)> {
    let request = v1::RankRegionsRequest {
        indicator_id: id.into(),
        ..Default::default()
    };
    let rows = client.rank_regions(request).await.expect("a ranking").rows;
    let rows = rows.into_iter();
    rows.map(|row| (row.region.expect("a region").code, row.value.expect("a value")))
        .collect()
}

fn of(values: &[(String, f64)], code: &str) -> f64 {
    values.iter().find(|(known, _)| known == code).expect("listed").1
}

#[tokio::test]
async fn distances_and_shares_are_those_of_the_values_that_rankings_give() {
    let client = client().await;
    let mut asked = request("GM0034", &[("low_theft", Some(2.0)), (WORKING, None)]);
    asked.limit = 100;
    let answer = ask(&client, asked).await;
    let columns = [
        (values(&client, "low_theft").await, 2.0),
        (values(&client, WORKING).await, 1.0),
    ];
    let deviations = columns.each_ref().map(|(values, _)| {
        let n = values.len() as f64;
        let mean = values.iter().map(|(_, value)| value).sum::<f64>() / n;
        let squares = values.iter().map(|(_, value)| (value - mean) * (value - mean));
        (mean, (squares.sum::<f64>() / n).sqrt())
    });
    for (indicator, (mean, deviation)) in answer.indicators.iter().zip(deviations) {
        assert!((indicator.mean - mean).abs() < 1e-9 && (indicator.deviation - deviation).abs() < 1e-9);
    }
    assert_eq!(
        answer.indicators.iter().map(|of| of.weight).collect::<Vec<_>>(),
        [2.0, 1.0]
    );
    let others = present().len() - 1;
    // Lelystad shares exactly two thirds of the weight.
    assert_eq!(
        (
            answer.neighbours.len(),
            answer.compared as usize,
            answer.not_comparable
        ),
        (others, others, 0)
    );
    for near in &answer.neighbours {
        let code = &near.region.as_ref().expect("a region").code;
        let shared = if code == "GM0995" {
            &columns[..1]
        } else {
            &columns[..]
        };
        let parts: Vec<f64> = shared
            .iter()
            .zip(deviations)
            .map(|((values, weight), (_, deviation))| {
                weight * ((of(values, code) - of(values, "GM0034")) / deviation).powi(2)
            })
            .collect();
        let weight: f64 = shared.iter().map(|(_, weight)| weight).sum();
        let squares: f64 = parts.iter().sum();
        assert!(
            (near.distance - (squares / weight).sqrt()).abs() < 1e-9,
            "{near:?}"
        );
        assert!((near.shared_weight - weight / 3.0).abs() < 1e-9);
        assert_eq!(near.contributions.len(), parts.len());
        for ((found, part), (values, _)) in near.contributions.iter().zip(&parts).zip(shared) {
            assert!((found.share * squares - part).abs() < 1e-9);
            assert_eq!(found.value, Some(of(values, code)));
        }
    }
    let order: Vec<(u32, &str)> = answer
        .neighbours
        .iter()
        .map(|near| near.position)
        .zip(codes(&answer))
        .collect();
    assert!(order.is_sorted(), "by position, then by code: {order:?}");
    assert!(
        answer
            .neighbours
            .windows(2)
            .all(|pair| pair[0].distance <= pair[1].distance + 1e-9)
    );
}

#[tokio::test]
async fn an_answer_quotes_the_sources_and_method_it_rests_on_and_the_edition_that_was_pinned() {
    let client = client().await;
    let mut asked = request("GM0034", &[("low_theft", None)]);
    asked.edition = "new-towns-2024".into();
    let metadata = ask(&client, asked.clone()).await.metadata.expect("metadata");
    assert!(!metadata.method_version.is_empty());
    let citation = metadata.citation.expect("a citation");
    assert!(citation.nl.starts_with("Bron:") && citation.en.contains(&metadata.edition_id));
    asked.edition = metadata.edition_id.clone();
    let pinned = ask(&client, asked.clone()).await.metadata.expect("metadata");
    assert_eq!(pinned.edition_id, metadata.edition_id);
    asked.edition = "no-such-edition".into();
    let error = client.find_similar_regions(asked).await.expect_err("unknown");
    assert_eq!(error.reason(), Some(ErrorReason::UnknownEdition));
}

#[tokio::test]
async fn without_a_choice_every_indicator_counts_once_and_those_that_do_not_say_why() {
    let client = client().await;
    let answer = ask(&client, request("GM0034", &[])).await;
    let mut expected = [
        "low_theft",
        "low_arms_trade",
        WORKING,
        "low_unemployment",
        "net_migration_17_21",
    ];
    let mut found = used(&answer);
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "judged and neutral alike");
    for (id, reason) in [
        ("low_vandalism", UnusedReason::NoVariation),
        ("low_serious_crime", UnusedReason::NoFigures),
        ("low_unemployment_15_24", UnusedReason::PartOfTotal),
        ("low_unemployment_western", UnusedReason::OriginCategory),
        ("political_trust", UnusedReason::NoFigures),
        ("low_unemployment_25_44", UnusedReason::PublishedOnly),
    ] {
        assert_eq!(unused(&answer, id), Some(reason), "{id}");
    }
    assert_eq!(answer.neighbours.len(), 10, "the default");
    assert!(has_caveat(answer.metadata.as_ref(), v1::CaveatCode::Likeness));
    assert!(has_caveat(
        answer.metadata.as_ref(),
        v1::CaveatCode::UnbalancedIndicators
    ));
    let all = [
        "low_unemployment",
        "low_unemployment_15_24",
        "low_unemployment_western",
    ];
    let chosen = ask(&client, request("GM0034", &all.map(|id| (id, None)))).await;
    assert_eq!(used(&chosen), all, "who names a part wants it");
    assert!(!has_caveat(
        chosen.metadata.as_ref(),
        v1::CaveatCode::UnbalancedIndicators
    ));
}

#[tokio::test]
async fn a_theme_stands_for_its_indicators_and_a_weight_beside_it_for_one_of_them() {
    let client = client().await;
    let mut asked = request("GM0034", &[("low_theft", Some(0.0)), (WORKING, Some(3.0))]);
    asked.theme_ids = vec!["liveability_safety".into()];
    let answer = ask(&client, asked).await;
    assert_eq!(
        used(&answer),
        [WORKING, "low_arms_trade"],
        "those named come first"
    );
    assert_eq!(unused(&answer, "low_theft"), Some(UnusedReason::NoWeight));
    assert_eq!(unused(&answer, "low_unemployment"), None, "of another theme");
}

#[tokio::test]
async fn figures_count_once_under_whatever_name() {
    let client = client().await;
    let proxy = ask(&client, request("GM0034", &[("low_serious_crime", None)])).await;
    assert_eq!(used(&proxy), ["low_serious_crime"]);
    let ranking = proxy.indicators[0].ranking.as_ref().expect("a ranking");
    assert_eq!(ranking.basis(), v1::Basis::Proxy);
    assert!(has_caveat(proxy.metadata.as_ref(), v1::CaveatCode::Proxy));
    for both in [
        ["low_serious_crime", "low_arms_trade"],
        ["low_arms_trade", "low_serious_crime"],
    ] {
        let answer = ask(&client, request("GM0034", &both.map(|id| (id, None)))).await;
        assert_eq!(used(&answer), ["low_arms_trade"]);
        assert_eq!(
            unused(&answer, "low_serious_crime"),
            Some(UnusedReason::SameFigures)
        );
        assert_eq!(codes(&answer), codes(&proxy), "the same figures");
    }
    let mut only_proxies = request("GM0034", &[]);
    only_proxies.basis = v1::Basis::Proxy.into();
    assert_eq!(used(&ask(&client, only_proxies).await), ["low_serious_crime"]);
}

#[tokio::test]
async fn a_group_chooses_who_is_listed_and_changes_nothing_else() {
    let client = client().await;
    let mut asked = request("GM0034", &[("low_theft", None), (WORKING, None)]);
    asked.limit = 100;
    let all = ask(&client, asked.clone()).await;
    asked.group_id = "nta_new_towns".into();
    let group = ask(&client, asked.clone()).await;
    assert_eq!(
        (group.neighbours.len(), group.listable, group.compared),
        (6, 6, all.compared)
    );
    assert_eq!(group.indicators, all.indicators);
    for near in &group.neighbours {
        assert!(all.neighbours.contains(near), "{near:?}");
    }
    asked.limit = 2;
    let two = ask(&client, asked).await;
    assert_eq!((&two.neighbours[..], two.listable), (&group.neighbours[..2], 6));
}

#[tokio::test]
async fn who_lacks_too_much_is_counted_and_not_guessed() {
    let client = client().await;
    let three = [("low_theft", None), (WORKING, None), ("low_unemployment", None)];
    let answer = ask(&client, request("GM0034", &three)).await;
    assert_eq!(
        (answer.compared as usize, answer.not_comparable),
        (present().len() - 2, 1)
    );
    // Lelystad lacks two of three: nobody shares two thirds with it.
    let lelystad = ask(&client, request("GM0995", &three)).await;
    assert!(lelystad.neighbours.is_empty());
    assert_eq!(
        (lelystad.compared, lelystad.not_comparable as usize),
        (0, present().len() - 1)
    );
    assert_eq!(
        unused(&lelystad, WORKING),
        Some(UnusedReason::RegionWithoutFigure)
    );
    assert_eq!(lelystad.indicators[1].value, None);
    let error = client
        .find_similar_regions(request("GM0995", &three[1..]))
        .await
        .expect_err("no value");
    assert_eq!(error.reason(), Some(ErrorReason::NoData));
    assert!(error.to_string().contains("Lelystad (GM0995)"), "{error}");
}

#[tokio::test]
async fn nobody_is_like_a_municipality_that_no_longer_exists() {
    let client = client().await;
    let mut asked = request("GM0034", &[("net_migration_17_21", None)]);
    asked.limit = 100;
    let now = ask(&client, asked.clone()).await;
    assert!(
        !codes(&now).contains(&"GM0370") && !codes(&now).contains(&"GM0398"),
        "{:?}",
        codes(&now)
    );
    assert_eq!(
        (now.compared as usize, now.not_comparable),
        (present().len() - 3, 2),
        "two came later and have no figure of 2020"
    );
    let ranking = now.indicators[0].ranking.as_ref().expect("a ranking");
    assert_eq!(
        ranking.n as usize,
        present().len(),
        "they count in mean and deviation"
    );
    asked.period = "2020".into();
    let then = ask(&client, asked).await;
    assert!(codes(&then).contains(&"GM0370") && codes(&then).contains(&"GM0398"));
    assert!(!codes(&then).contains(&"GM1980"), "Dijk en Waard is of 2022");
}

#[tokio::test]
async fn a_former_municipality_has_its_like_in_a_period_in_which_it_existed() {
    let client = survey::client().await;
    let asked = |period: &str| v1::FindSimilarRegionsRequest {
        period: period.into(),
        ..request("GM0370", &[("low_theft", None), ("felt_safety", None)])
    };
    let answer = ask(&client, asked("2018")).await;
    assert_eq!(
        (answer.compared, codes(&answer)[0]),
        (6, "GM0321"),
        "Houten had the fewest thefts but Beemster"
    );
    let error = client.find_similar_regions(asked("")).await.expect_err("retired");
    assert_eq!(error.reason(), Some(ErrorReason::RetiredRegion));
}

#[tokio::test]
async fn all_that_is_wrong_with_a_request_is_said_at_once() {
    let client = client().await;
    let asked = v1::FindSimilarRegionsRequest {
        region_code: "Almere".into(),
        indicators: named(&[
            ("low_theft", Some(f64::NAN)),
            ("low_theft", Some(-1.0)),
            ("low_vandalism", Some(f64::INFINITY)),
            ("", None),
        ]),
        theme_ids: vec!["housing".into(), "housing".into()],
        basis: v1::Basis::Published.into(),
        period: "last year".into(),
        limit: 101,
        ..Default::default()
    };
    let error = refusal(client.find_similar_regions(asked).await.expect_err("wrong"));
    let mut fields: Vec<&str> = error
        .violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    fields.sort_unstable();
    let mut expected = [
        "region_code",
        "indicators[0].weight",
        "indicators[1].weight",
        "indicators[1]",
        "indicators[2].weight",
        "indicators[3]",
        "theme_ids[1]",
        "basis",
        "period",
        "limit",
    ];
    expected.sort_unstable();
    assert_eq!(fields, expected);
    let nothing = request("GM0034", &[("low_theft", Some(0.0)), (WORKING, Some(0.0))]);
    let error = refusal(client.find_similar_regions(nothing).await.expect_err("no weight"));
    assert_eq!(error.violations[0].field, "indicators");
    let ids: Vec<String> = (0..201).map(|number| format!("number_{number}")).collect();
    let many: Vec<(&str, Option<f64>)> = ids.iter().map(|id| (id.as_str(), None)).collect();
    let error = refusal(
        client
            .find_similar_regions(request("GM0034", &many))
            .await
            .expect_err("too many"),
    );
    assert_eq!(error.reason, Some(ErrorReason::BatchTooLarge));
}

#[tokio::test]
async fn what_is_not_known_is_named_and_an_edition_without_values_says_what_would_help() {
    let client = client().await;
    let refused = async |asked: v1::FindSimilarRegionsRequest| {
        let error = refusal(client.find_similar_regions(asked).await.expect_err("refused"));
        (error.reason.expect("a reason"), error.message)
    };
    let unknown = refused(request("GM0034", &[("low_thefft", None)])).await;
    assert_eq!(unknown.0, ErrorReason::UnknownIndicator);
    assert!(unknown.1.contains("low_theft"), "{}", unknown.1);
    let theme = v1::FindSimilarRegionsRequest {
        theme_ids: vec!["hausing".into()],
        ..request("GM0034", &[])
    };
    assert_eq!(refused(theme).await.0, ErrorReason::UnknownTheme);
    let group = v1::FindSimilarRegionsRequest {
        group_id: "old_twons".into(),
        ..request("GM0034", &[])
    };
    assert_eq!(refused(group).await.0, ErrorReason::UnknownGroup);
    let built_in = Server::start().await.client().await;
    let error = built_in
        .find_similar_regions(request("GM0034", &[]))
        .await
        .expect_err("no values");
    assert_eq!(error.reason(), Some(ErrorReason::NoData));
    assert!(error.to_string().contains("groeikern-server import"), "{error}");
}

#[tokio::test]
async fn a_composite_does_not_count_beside_what_it_is_computed_from_unless_it_is_named() {
    let client = towns::client().await;
    let answer = ask(&client, request("GM0034", &[])).await;
    let counted = used(&answer);
    assert!(towns::VALUED.iter().all(|id| counted.contains(id)), "{counted:?}");
    for id in ["safe_streets", "sound_streets"] {
        assert_eq!(unused(&answer, id), Some(UnusedReason::Composite), "{id}");
    }
    let mut asked = request("GM0034", &[("safe_streets", None)]);
    asked.theme_ids = vec!["liveability_safety".into()];
    let named = ask(&client, asked).await;
    let counted = used(&named);
    assert_eq!(counted.first(), Some(&"safe_streets"));
    assert!(
        towns::VALUED.iter().all(|id| !counted.contains(id)),
        "{counted:?}"
    );
    assert_eq!(unused(&named, "low_theft"), Some(UnusedReason::PartOfTotal));
}
