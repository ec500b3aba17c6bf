//! Advice is for whom it is asked, as far as it is asked: filters drop no doubt, strengths are told beside it, and need is
//! measured against whom the caller names.

use groeikern_client::{
    Client, Code,
    v1::{self, RecommendationClass as Class, recommend_request::Subject},
};

use super::support::{self, Server, towns};

fn of(code: &str) -> v1::RecommendRequest {
    v1::RecommendRequest {
        subject: Some(Subject::RegionCode(code.into())),
        ..Default::default()
    }
}

async fn recommend(client: &Client, request: v1::RecommendRequest) -> v1::RecommendResponse {
    client.recommend(request).await.expect("advice")
}

fn ids(answer: &v1::RecommendResponse) -> Vec<&str> {
    let advice = answer.advice.iter();
    advice
        .filter_map(|advice| advice.recommendation.as_ref())
        .map(|recommendation| recommendation.id.as_str())
        .collect()
}

#[tokio::test]
async fn filters_leave_out_what_was_not_asked_for_and_count_it() {
    let client = Server::start().await.client().await;
    for code in ["GM0034", "GM0356", "GM0439", "GM1930"] {
        let all = recommend(&client, of(code)).await;
        assert_eq!((all.advice.len(), all.left_out), (11, 0));
        let to_state = recommend(
            &client,
            v1::RecommendRequest {
                addressee: v1::Addressee::NationalGovernment.into(),
                ..of(code)
            },
        )
        .await;
        assert_eq!((to_state.advice.len(), to_state.left_out), (4, 7));
        let youth = recommend(
            &client,
            v1::RecommendRequest {
                theme_id: "youth_opportunities".into(),
                ..of(code)
            },
        )
        .await;
        let of_youth = |advice: &&v1::Advice| {
            let recommendation = advice.recommendation.as_ref().expect("named");
            recommendation
                .theme_ids
                .iter()
                .any(|id| id == "youth_opportunities")
        };
        let expected: Vec<&v1::Advice> = all.advice.iter().filter(of_youth).collect();
        assert_eq!(youth.advice.iter().collect::<Vec<_>>(), expected);
        assert_eq!(youth.left_out as usize, 11 - expected.len());
        let in_theme = |strength: &v1::Strength| {
            let indicator = strength
                .ranking
                .as_ref()
                .and_then(|ranking| ranking.indicator.as_ref());
            indicator.is_some_and(|indicator| indicator.theme_id == "youth_opportunities")
        };
        assert!(youth.strengths.iter().all(in_theme));
        assert_eq!(
            youth.strengths.len(),
            all.strengths.iter().filter(|strength| in_theme(strength)).count()
        );
    }
}

#[tokio::test]
async fn a_minimum_class_never_drops_what_has_too_few_figures() {
    let client = Server::start().await.client().await;
    let rank = |class: Class| match class {
        Class::Strong => 3,
        Class::Moderate => 2,
        Class::Weak => 1,
        Class::NotIndicated => 0,
        Class::InsufficientData | Class::Unspecified => 9,
    };
    let mut without_data = 0;
    for code in ["GM0034", "GM0356", "GM0439", "GM0637"] {
        let all = recommend(&client, of(code)).await;
        for minimum in [Class::NotIndicated, Class::Weak, Class::Moderate, Class::Strong] {
            let answer = recommend(
                &client,
                v1::RecommendRequest {
                    minimum_class: minimum.into(),
                    ..of(code)
                },
            )
            .await;
            let passes = |advice: &&v1::Advice| rank(advice.recommendation_class()) >= rank(minimum);
            let expected: Vec<&v1::Advice> = all.advice.iter().filter(passes).collect();
            assert_eq!(
                answer.advice.iter().collect::<Vec<_>>(),
                expected,
                "{code} {minimum:?}"
            );
            assert_eq!(answer.left_out as usize, 11 - expected.len());
            let insufficient =
                |advice: &&v1::Advice| advice.recommendation_class() == Class::InsufficientData;
            without_data += answer.advice.iter().filter(insufficient).count();
        }
    }
    assert!(without_data > 0, "some town lacks figures");

    let request = v1::RecommendRequest {
        minimum_class: Class::InsufficientData.into(),
        ..of("GM0034")
    };
    let refused = support::refusal(client.recommend(request).await.expect_err("no minimum"));
    assert_eq!(refused.code, Code::InvalidArgument);
    assert!(refused.message.contains("always returned"), "{}", refused.message);
}

#[tokio::test]
async fn strengths_are_the_favourable_figures_that_could_count() {
    let client = Server::start().await.client().await;
    for code in ["GM0034", "GM0356", "GM0794"] {
        let answer = recommend(&client, of(code)).await;
        // Helmond: nearly everywhere unfavourable, nowhere favourable.
        assert_eq!(answer.strengths.is_empty(), code == "GM0794", "{code}");
        let profile = client
            .get_profile(v1::GetProfileRequest {
                region_code: code.into(),
                ..Default::default()
            })
            .await
            .expect("a profile");
        let mut expected = Vec::new();
        for row in &profile.rows {
            let (Some(standing), Some(ranking)) = (&row.standing, &row.ranking) else {
                continue;
            };
            let favourable =
                [v1::Verdict::Favourable, v1::Verdict::VeryFavourable].contains(&standing.verdict());
            let indicator = ranking.indicator.as_ref().expect("named");
            let known = client
                .get_indicator(v1::GetIndicatorRequest {
                    indicator_id: indicator.id.clone(),
                    ..Default::default()
                })
                .await
                .expect("known");
            if favourable && !known.indicator.expect("known").origin_category {
                expected.push((indicator.id.clone(), standing.place_share));
            }
        }
        expected.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
        let told: Vec<(String, f64)> = answer
            .strengths
            .iter()
            .map(|strength| {
                let ranking = strength.ranking.as_ref().expect("a ranking");
                let id = ranking.indicator.as_ref().expect("named").id.clone();
                (id, strength.standing.as_ref().expect("a standing").place_share)
            })
            .collect();
        assert_eq!(told, expected, "{code}");
    }
}

#[tokio::test]
async fn what_the_report_says_of_a_town_stands_with_the_advice_it_bears_on() {
    let client = Server::start().await.client().await;
    let named = client
        .list_findings(v1::ListFindingsRequest {
            region_code: "GM0034".into(),
            ..Default::default()
        })
        .await
        .expect("findings")
        .findings;
    let answer = recommend(&client, of("GM0034")).await;
    let mut told = 0;
    for advice in &answer.advice {
        let countered = advice
            .recommendation
            .iter()
            .flat_map(|recommendation| &recommendation.factors);
        let steps = advice.mechanism_paths.iter().flat_map(|path| &path.steps);
        let linked: Vec<&str> = countered
            .chain(steps.filter_map(|step| step.effect.as_ref()))
            .map(|factor| factor.id.as_str())
            .collect();
        let bears = |finding: &&v1::Finding| {
            finding
                .factors
                .iter()
                .any(|factor| linked.contains(&factor.id.as_str()))
        };
        let expected: Vec<&v1::Finding> = named.iter().filter(bears).collect();
        assert_eq!(advice.findings.iter().collect::<Vec<_>>(), expected);
        told += expected.len();
    }
    assert!(told > 2, "the teacher shortage of Almere, for one");

    // What is good of the New Towns is told to a member, not to a stranger; what is good of Nieuwegein to Nieuwegein alone.
    let strengths = async |code: &str| {
        let answer = recommend(&client, of(code)).await;
        answer
            .strength_findings
            .into_iter()
            .map(|finding| finding.id)
            .collect::<Vec<_>>()
    };
    let (almere, nieuwegein) = (strengths("GM0034").await, strengths("GM0356").await);
    assert!(almere.contains(&"positive_qualities".to_owned()));
    assert!(!almere.contains(&"facility_appreciation_nieuwegein".to_owned()));
    assert!(nieuwegein.contains(&"facility_appreciation_nieuwegein".to_owned()));
    let stranger = client.recommend(of("GM0363")).await;
    assert!(stranger.is_err(), "Amsterdam has no figures here");
}

#[tokio::test]
async fn need_against_surroundings_is_that_against_a_group_of_the_same() {
    let client = towns::client().await;
    let group = client
        .get_group(v1::GetGroupRequest {
            group_id: "nta_new_towns".into(),
            ..Default::default()
        })
        .await
        .expect("a group")
        .group
        .expect("a group");
    let members: Vec<String> = group
        .members
        .iter()
        .filter_map(|member| member.region.as_ref())
        .map(|region| region.code.clone())
        .collect();
    assert_eq!(members.len(), 7);
    let request = v1::RecommendRequest {
        peer_group_id: "nta_new_towns".into(),
        surroundings: Some(v1::RegionSelection {
            region_codes: members.clone(),
        }),
        ..of("GM0034")
    };
    let answer = recommend(&client, request).await;
    let mut compared = 0;
    for advice in &answer.advice {
        let peers = advice.peer_need.as_ref().expect("against the group");
        let around = advice
            .surroundings_need
            .as_ref()
            .expect("against the surroundings");
        assert_eq!(
            (around.need, around.coverage, around.recommendation_class),
            (peers.need, peers.coverage, peers.recommendation_class)
        );
        assert_eq!(around.regions.as_ref().expect("named").regions.len(), 7);
        compared += usize::from(around.need.is_some_and(|need| Some(need) != advice.need));
    }
    assert!(compared > 0, "among others a need is another");
    assert_eq!(
        ids(&answer),
        ids(&recommend(&client, of("GM0034")).await),
        "the order is that of the country"
    );

    // One neighbour is enough for a municipality; the town itself is among its surroundings whether named or not.
    let around = async |codes: &[&str]| {
        let request = v1::RecommendRequest {
            surroundings: Some(v1::RegionSelection {
                region_codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            }),
            ..of("GM0034")
        };
        let answer = recommend(&client, request).await;
        let needs = answer
            .advice
            .iter()
            .map(|advice| advice.surroundings_need.as_ref().expect("asked").need);
        needs.collect::<Vec<_>>()
    };
    assert_eq!(around(&["GM0637"]).await, around(&["GM0637", "GM0034"]).await);

    for (codes, what) in [
        (vec!["GM0034", "GM0034"], "stands twice"),
        (vec![], "at least 1"),
        (vec!["GM0034"], "no other municipality"),
        (vec!["GM0370"], "no longer exists"),
    ] {
        let request = v1::RecommendRequest {
            surroundings: Some(v1::RegionSelection {
                region_codes: codes.into_iter().map(str::to_owned).collect(),
            }),
            ..of("GM0034")
        };
        let error = client.recommend(request).await.expect_err(what).to_string();
        assert!(error.contains(what), "{error}");
    }
}
