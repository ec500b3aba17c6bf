//! Means of a caller's own choice: their parts, means, figures, and what is refused.

use super::*;

#[tokio::test]
async fn geometric_and_harmonic_means_forgive_less() {
    let client = towns::client().await;
    let scores = async |mean: v1::CompositeMean| -> BTreeMap<String, f64> {
        let mut request = asking(VALUED.iter().map(|id| indicator(id)).collect());
        request.composite.as_mut().expect("one").mean = mean.into();
        let answer = client.rank_composite(request).await.expect("a ranking");
        assert_eq!(answer.summary.expect("a summary").mean(), mean);
        let rows = answer.rows.iter();
        rows.map(|row| (code(row.region.as_ref()), row.score)).collect()
    };
    let arithmetic = scores(v1::CompositeMean::Arithmetic).await;
    let geometric = scores(v1::CompositeMean::Geometric).await;
    let harmonic = scores(v1::CompositeMean::Harmonic).await;
    let almere: Vec<f64> = (0..4).map(|number| grades(number)["GM0034"]).collect();
    assert_close(geometric["GM0034"], almere.iter().product::<f64>().powf(0.25));
    assert_close(
        harmonic["GM0034"],
        4.0 / almere.iter().map(|grade| 1.0 / grade).sum::<f64>(),
    );
    for (code, score) in &arithmetic {
        assert!(
            *score >= geometric[code] - 1e-12 && geometric[code] >= harmonic[code] - 1e-12,
            "{code}"
        );
    }
}

#[tokio::test]
async fn pages_of_any_size_hold_the_same_rows_and_groups_keep_their_national_positions() {
    let client = towns::client().await;
    let whole = rank(&client, vec![indicator("safe_streets")]).await;
    for page_size in [1, 5, 16] {
        let request = v1::RankCompositeRequest {
            page_size,
            breakdown_region_codes: vec!["GM0034".into()],
            ..asking(vec![indicator("safe_streets")])
        };
        let mut pages = client.rank_composite_pages(request);
        let (mut rows, mut breakdowns) = (Vec::new(), 0);
        while let Some(page) = pages.next().await {
            let page = page.expect("a page");
            assert_eq!(page.summary, whole.summary);
            rows.extend(page.rows);
            breakdowns += page.breakdowns.len();
        }
        assert_eq!(rows, whole.rows);
        assert_eq!(breakdowns, 1, "on the first page only");
    }
    let request = v1::RankCompositeRequest {
        group_id: "nta_new_towns".into(),
        ..asking(vec![indicator("safe_streets")])
    };
    let members = client.rank_composite(request).await.expect("a ranking");
    assert!(!members.rows.is_empty() && members.rows.len() < whole.rows.len());
    assert!(members.rows.iter().all(|row| whole.rows.contains(row)));
}

#[tokio::test]
async fn blocks_and_themes_stand_for_what_may_count_and_say_what_they_leave_out() {
    let client = Server::start().await.client().await;
    let children = vec![
        child(Node::BlockId("safety_crime".into())),
        weighing(0.1, child(Node::ThemeId("livelihood_security".into()))),
    ];
    let answer = rank(&client, children).await;
    let summary = answer.summary.clone().expect("a summary");
    assert_eq!(
        (summary.basis(), summary.without_figures),
        (v1::Basis::Published, None)
    );
    assert_eq!(
        (summary.n, summary.grade_method()),
        (7, v1::GradeMethod::Unspecified),
        "too few for grades"
    );
    let place_of = |id: &str| {
        let of = |node: &v1::CompositeNode| node.indicator.as_ref().is_some_and(|found| found.id == id);
        answer.nodes.iter().position(of)
    };
    let left_out = |id: &str| {
        let of = |found: &&v1::LeftOutIndicator| found.indicator.as_ref().is_some_and(|found| found.id == id);
        let found = answer.left_out.iter().find(of);
        found.map(|found| {
            (
                found.reason(),
                answer.nodes[found.node as usize].block_id.as_str(),
            )
        })
    };
    let leaf = &answer.nodes[place_of("low_unemployment").expect("a leaf")];
    let block = &answer.nodes[leaf.parent.expect("a parent") as usize];
    let theme = &answer.nodes[block.parent.expect("a parent") as usize];
    assert_eq!(
        (block.block_id.as_str(), theme.theme_id.as_str(), theme.parent),
        ("unemployment_benefits", "livelihood_security", Some(0))
    );
    assert_eq!(place_of("low_unemployment_15_24"), None);
    let part = (v1::LeftOutReason::PartOfAnother, "unemployment_benefits");
    assert_eq!(left_out("low_unemployment_15_24"), Some(part));
    let origin = (v1::LeftOutReason::OriginCategory, "unemployment_benefits");
    assert_eq!(left_out("low_unemployment_western"), Some(origin));
    let loose = &answer.nodes[place_of("making_ends_meet").expect("a leaf")];
    assert_eq!(loose.leaf_status(), v1::LeafStatus::NoRanking);
    assert!(
        answer.nodes[loose.parent.expect("a parent") as usize]
            .block_id
            .is_empty()
    );
    let leaves = answer
        .nodes
        .iter()
        .filter(|node| node.leaf_status() != v1::LeafStatus::Unspecified);
    assert_close(leaves.map(|node| node.share).sum(), 1.0);
    let caveats = answer.metadata.expect("metadata").caveats;
    for code in [
        v1::CaveatCode::RankedAmongKnown,
        v1::CaveatCode::PublishedPositions,
        v1::CaveatCode::TooFewUnits,
    ] {
        assert!(caveats.iter().any(|caveat| caveat.code() == code), "{code:?}");
    }
}

#[tokio::test]
async fn a_mean_of_one_block_is_that_block() {
    let client = Server::start().await.client().await;
    let answer = rank(
        &client,
        vec![of(vec![child(Node::BlockId("safety_crime".into()))])],
    )
    .await;
    let root = &answer.nodes[0];
    assert_eq!(
        (root.block_id.as_str(), root.parent, root.weight),
        ("safety_crime", None, 1.0)
    );
    assert!(
        answer.nodes[1..]
            .iter()
            .all(|node| node.parent == Some(0) && node.indicator.is_some())
    );
}

#[tokio::test]
async fn what_may_not_count_is_refused_by_name_and_everything_wrong_at_once() {
    let client = Server::start().await.client().await;
    let found = violations(
        &client,
        asking(vec![
            indicator("vet_students_care"),
            of(vec![
                indicator("low_theft"),
                indicator("low_unemployment_western"),
            ]),
            child(Node::BlockId("safety_crime".into())),
        ]),
    )
    .await;
    let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "composite.children[0].indicator_id",
            "composite.children[1].children.children[1].indicator_id",
            "composite.children[2].block_id"
        ]
    );
    assert!(found[0].1.contains("`vet_students_care` is neutral"), "{found:?}");
    assert!(found[1].1.contains("origin category"), "{found:?}");
    assert!(
        found[2]
            .1
            .contains("`low_theft` stands at composite.children[1].children.children[0].indicator_id"),
        "{found:?}"
    );
}

#[tokio::test]
async fn unknown_names_are_not_found_with_their_place_and_what_is_near() {
    let client = Server::start().await.client().await;
    let request = asking(vec![
        indicator("low_thefd"),
        child(Node::BlockId("safety_crimes".into())),
    ]);
    let error = refusal(client.rank_composite(request.clone()).await.expect_err("unknown"));
    assert_eq!(
        error.reason,
        Some(v1::ErrorReason::InvalidRequest),
        "they differ in kind"
    );
    assert_eq!(error.violations.len(), 2);
    let one = asking(vec![indicator("low_theft"), indicator("low_thefd")]);
    let error = refusal(client.rank_composite(one).await.expect_err("unknown"));
    assert_eq!(error.reason, Some(v1::ErrorReason::UnknownIndicator));
    assert_eq!(error.violations[0].field, "composite.children[1].indicator_id");
    assert!(
        error.violations[0].description.contains("did you mean low_theft"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_composite_in_bad_form_is_refused_before_anything_is_looked_up() {
    let client = Server::start().await.client().await;
    let request = v1::RankCompositeRequest {
        breakdown_region_codes: vec!["Almere".into()],
        basis: 9,
        ..asking(vec![
            v1::CompositeChild::default(),
            weighing(-1.0, indicator("low_theft")),
            weighing(f64::NAN, indicator("low_vandalism")),
            weighing(f64::INFINITY, indicator("")),
            of(vec![]),
            of(vec![weighing(0.0, indicator("low_arms_trade"))]),
        ])
    };
    let fields: Vec<String> = violations(&client, request)
        .await
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    for field in [
        "breakdown_region_codes[0]",
        "composite.children[0]",
        "composite.children[1].weight",
        "composite.children[2].weight",
        "composite.children[3].weight",
        "composite.children[3].indicator_id",
        "composite.children[4].children.children",
        "composite.children[5].children.children",
        "basis",
    ] {
        assert!(
            fields.iter().any(|found| found == field),
            "{field} is not in {fields:?}"
        );
    }
    assert_eq!(
        violations(&client, v1::RankCompositeRequest::default()).await[0].0,
        "composite"
    );
    let mut deep = indicator("low_theft");
    for _ in 0..10 {
        deep = of(vec![deep]);
    }
    assert!(
        violations(&client, asking(vec![deep])).await[0]
            .1
            .contains("10 levels")
    );
    let many = (0..201)
        .map(|_| of(vec![of(vec![indicator("low_theft"); 5])]))
        .collect();
    assert!(
        violations(&client, asking(many)).await[0]
            .1
            .contains("1000 nodes")
    );
}

#[tokio::test]
async fn no_basis_or_period_with_enough_figures_is_no_data() {
    let client = towns::client().await;
    let request = v1::RankCompositeRequest {
        period: "2023".into(),
        ..asking(vec![indicator("safe_streets")])
    };
    let error = refusal(client.rank_composite(request).await.expect_err("theft only"));
    assert_eq!(error.reason, Some(v1::ErrorReason::NoData));
    let request = v1::RankCompositeRequest {
        period: "2023".into(),
        ..asking(vec![indicator("low_theft")])
    };
    let answer = client.rank_composite(request).await.expect("theft has figures");
    assert_eq!(answer.summary.expect("a summary").period, "2023");
}

#[tokio::test]
async fn a_leaf_is_taken_from_a_proxy_only_where_the_basis_allows_it_and_then_says_so() {
    let client = towns::client().await;
    let half = || vec![indicator("low_theft"), indicator("low_serious_crime")];
    let answer = rank(&client, half()).await;
    assert_eq!(
        answer.summary.as_ref().expect("a summary").basis(),
        v1::Basis::Proxy,
        "half has values of its own"
    );
    let leaf = |node: usize| answer.nodes[node].ranking.clone().unwrap_or_default();
    assert_eq!((leaf(1).basis(), leaf(1).proxy), (v1::Basis::Computed, None));
    let proxy = leaf(2)
        .proxy
        .and_then(|proxy| proxy.indicator)
        .unwrap_or_default();
    assert_eq!(
        (leaf(2).basis(), proxy.id.as_str()),
        (v1::Basis::Proxy, "felt_safety")
    );
    let caveats = answer.metadata.expect("metadata").caveats;
    let caveat = caveats
        .iter()
        .find(|caveat| caveat.code() == v1::CaveatCode::Proxy)
        .expect("said");
    assert_eq!(caveat.indicator_ids, ["low_serious_crime"]);

    let computed = |children| v1::RankCompositeRequest {
        basis: v1::Basis::Computed.into(),
        ..asking(children)
    };
    let error = refusal(
        client
            .rank_composite(computed(half()))
            .await
            .expect_err("half is too little"),
    );
    assert_eq!(error.reason, Some(v1::ErrorReason::NoData));
    let two_thirds = vec![
        indicator("low_theft"),
        indicator("low_vandalism"),
        indicator("low_serious_crime"),
    ];
    let answer = rank(&client, two_thirds).await;
    assert_eq!(
        answer.summary.expect("a summary").basis(),
        v1::Basis::Computed,
        "two thirds are enough"
    );
    assert_eq!(answer.nodes[3].leaf_status(), v1::LeafStatus::NoRanking);
}

#[tokio::test]
async fn among_other_units_a_composite_is_the_mean_of_the_grades_that_its_parts_have_there() {
    let client = towns::client().await;
    let request = v1::RankRegionsRequest {
        indicator_id: "sound_streets".into(),
        universe_id: "twenty".into(),
        ..Default::default()
    };
    let answer = client.rank_regions(request).await.expect("a ranking");
    let grades: Vec<BTreeMap<String, f64>> = (1..4).map(|number| grades_among(number, 20)).collect();
    let mut codes = towns::codes();
    codes.truncate(20);
    let expected: BTreeMap<&str, f64> = codes
        .iter()
        .filter_map(|code| {
            let present: Vec<f64> = grades
                .iter()
                .filter_map(|grades| grades.get(code).copied())
                .collect();
            let mean = present.iter().sum::<f64>() / present.len() as f64;
            (present.len() >= 2).then_some((code.as_str(), mean))
        })
        .collect();
    assert_eq!(answer.rows.len(), expected.len());
    for row in &answer.rows {
        let code = code(row.region.as_ref());
        assert_close(row.value.expect("a score"), expected[code.as_str()]);
    }
    let summary = answer.ranking.expect("a summary");
    assert_eq!(summary.missing, Some(20 - summary.n));
}
