//! Every answer says which edition it came from and how it may be read, and every RPC answers for a pinned edition.

use crate::support::{Server, has_caveat};
use groeikern_client::{StreamExt, v1};

fn quotable(metadata: Option<v1::ResponseMetadata>, edition: &str) -> v1::ResponseMetadata {
    let metadata = metadata.expect("metadata");
    assert_eq!(metadata.edition_id, edition);
    assert_eq!(metadata.edition_name, "new-towns-2024");
    let citation = metadata.citation.clone().expect("a citation");
    assert!(
        citation.nl.starts_with("Bron:") && citation.nl.contains(edition),
        "{citation:?}"
    );
    assert!(
        citation.en.starts_with("Source:") && citation.en.contains(edition),
        "{citation:?}"
    );
    for caveat in &metadata.caveats {
        let text = caveat.text.as_ref().expect("a text");
        assert!(
            !text.nl.is_empty() && !text.en.is_empty() && caveat.code() != v1::CaveatCode::Unspecified,
            "{caveat:?}"
        );
    }
    metadata
}

/// Also says that positions are relative, and by which method they were made.
fn figures(metadata: Option<v1::ResponseMetadata>, edition: &str) {
    let metadata = quotable(metadata, edition);
    assert!(!metadata.method_version.is_empty());
    assert!(
        metadata
            .caveats
            .iter()
            .any(|caveat| caveat.code() == v1::CaveatCode::RelativeNotCausal)
    );
}

/// Says by which method positions were made and how moves are told apart, and quotes nothing.
fn compares(metadata: Option<v1::ResponseMetadata>, edition: &str) {
    let metadata = metadata.expect("metadata");
    assert_eq!(
        (metadata.edition_id.as_str(), &metadata.citation),
        (edition, &None)
    );
    assert!(!metadata.method_version.is_empty());
    assert!(has_caveat(Some(&metadata), v1::CaveatCode::PartsInOrder));
    assert!(has_caveat(Some(&metadata), v1::CaveatCode::RelativeNotCausal));
}

#[allow(clippy::needless_update)] // of some requests the macro names every field
#[tokio::test]
async fn every_rpc_says_which_edition_answered() {
    let server = Server::start().await;
    let client = server.client().await;
    let current = client
        .get_edition(Default::default())
        .await
        .expect("the current edition");
    let id = current
        .edition
        .expect("an edition")
        .summary
        .expect("a summary")
        .id;
    assert_eq!(id.len(), 16);
    for edition in ["", "new-towns-2024", &id] {
        let edition = edition.to_owned();
        macro_rules! metadata {
            ($rpc:ident, $request:ident { $($field:ident: $value:expr),* }) => {{
                let request = v1::$request { edition: edition.clone(), $($field: $value,)* ..Default::default() };
                client.$rpc(request).await.expect(stringify!($rpc)).metadata
            }};
        }
        quotable(metadata!(list_themes, ListThemesRequest {}), &id);
        quotable(metadata!(list_indicators, ListIndicatorsRequest {}), &id);
        quotable(
            metadata!(
                get_indicator,
                GetIndicatorRequest {
                    indicator_id: "low_theft".into()
                }
            ),
            &id,
        );
        quotable(metadata!(list_regions, ListRegionsRequest {}), &id);
        quotable(
            metadata!(
                get_region,
                GetRegionRequest {
                    region_code: "GM0034".into()
                }
            ),
            &id,
        );
        quotable(
            metadata!(
                resolve_region,
                ResolveRegionRequest {
                    text: "almere".into()
                }
            ),
            &id,
        );
        quotable(metadata!(list_groups, ListGroupsRequest {}), &id);
        quotable(
            metadata!(
                get_group,
                GetGroupRequest {
                    group_id: "old_towns".into()
                }
            ),
            &id,
        );
        quotable(
            metadata!(
                search_catalogue,
                SearchCatalogueRequest {
                    query: "theft".into()
                }
            ),
            &id,
        );
        quotable(metadata!(get_coverage, GetCoverageRequest {}), &id);
        quotable(metadata!(list_flow_tables, ListFlowTablesRequest {}), &id);
        quotable(metadata!(list_universes, ListUniversesRequest {}), &id);
        quotable(metadata!(get_method, GetMethodRequest {}), &id);
        quotable(
            metadata!(list_recommendations, ListRecommendationsRequest {}),
            &id,
        );
        quotable(metadata!(list_factors, ListFactorsRequest {}), &id);
        let weak_image = "weak_image".to_owned();
        quotable(
            metadata!(
                get_factor,
                GetFactorRequest {
                    factor_id: weak_image.clone()
                }
            ),
            &id,
        );
        quotable(metadata!(list_mechanisms, ListMechanismsRequest {}), &id);
        quotable(
            metadata!(
                find_mechanism_paths,
                FindMechanismPathsRequest {
                    from_factor_id: weak_image.clone()
                }
            ),
            &id,
        );
        quotable(metadata!(list_findings, ListFindingsRequest {}), &id);
        quotable(metadata!(list_phases, ListPhasesRequest {}), &id);
        quotable(metadata!(list_citations, ListCitationsRequest {}), &id);
        figures(
            metadata!(
                analyse_coherence,
                AnalyseCoherenceRequest {
                    subject: Some(v1::analyse_coherence_request::Subject::RegionCode(
                        "GM1930".into()
                    ))
                }
            ),
            &id,
        );
        let recommendation_id = "youth_facilities".to_owned();
        quotable(
            metadata!(
                get_recommendation,
                GetRecommendationRequest {
                    recommendation_id: recommendation_id
                }
            ),
            &id,
        );

        let (theft, almere) = ("low_theft".to_owned(), "GM0034".to_owned());
        figures(
            metadata!(
                get_profile,
                GetProfileRequest {
                    region_code: almere.clone()
                }
            ),
            &id,
        );
        let request = v1::ExportObservationsRequest {
            edition: edition.clone(),
            ..Default::default()
        };
        let mut export = client.export_observations(request).await.expect("an export");
        let first = export.next().await.expect("a message").expect("the first");
        figures(first.metadata, &id);
        figures(
            metadata!(
                rank_regions,
                RankRegionsRequest {
                    indicator_id: theft.clone()
                }
            ),
            &id,
        );
        let (indicator_id, region_code) = (theft.clone(), almere.clone());
        figures(
            metadata!(
                get_position,
                GetPositionRequest {
                    indicator_id: indicator_id,
                    region_code: region_code
                }
            ),
            &id,
        );
        let (indicator_id, region_code) = (theft.clone(), almere.clone());
        figures(
            metadata!(
                get_trend,
                GetTrendRequest {
                    indicator_id: indicator_id,
                    region_code: region_code
                }
            ),
            &id,
        );
        let (indicator_ids, region_codes) = (vec![theft.clone()], vec![almere.clone()]);
        let observations = metadata!(
            query_observations,
            QueryObservationsRequest {
                indicator_ids: indicator_ids,
                region_codes: region_codes
            }
        );
        figures(observations, &id);
        figures(
            metadata!(
                compare_groups,
                CompareGroupsRequest {
                    group_ids: vec!["nta_new_towns".into()]
                }
            ),
            &id,
        );
        let subject = Some(v1::recommend_request::Subject::RegionCode(almere));
        figures(metadata!(recommend, RecommendRequest { subject: subject }), &id);
        let subject = Some(v1::explain_recommendation_request::Subject::GroupId(
            "nta_new_towns".into(),
        ));
        figures(
            metadata!(
                explain_recommendation,
                ExplainRecommendationRequest {
                    subject: subject,
                    recommendation_id: "youth_facilities".into()
                }
            ),
            &id,
        );

        let about_editions = metadata!(get_edition, GetEditionRequest {}).expect("metadata");
        assert_eq!(
            (about_editions.edition_id.as_str(), about_editions.citation),
            (id.as_str(), None)
        );
        let changes = metadata!(
            diff_editions,
            DiffEditionsRequest {
                base_edition: id.clone()
            }
        );
        compares(changes, &id);
    }
    let mut events = client.watch_editions(Default::default()).await.expect("a stream");
    let first = events.next().await.expect("a message").expect("the first");
    compares(first.metadata, &id);
    let listed = client
        .list_editions(Default::default())
        .await
        .expect("editions")
        .metadata
        .expect("metadata");
    assert_eq!((listed.edition_id, listed.citation), (id, None));
}

#[tokio::test]
async fn what_was_inferred_or_could_not_be_verified_is_said() {
    let client = Server::start().await.client().await;
    let request = v1::ListIndicatorsRequest {
        page_size: 1000,
        ..Default::default()
    };
    let indicators = client.list_indicators(request).await.expect("a list").indicators;
    let mut seen = [false; 2];
    for indicator in indicators {
        let request = v1::GetIndicatorRequest {
            indicator_id: indicator.id.clone(),
            ..Default::default()
        };
        let caveats = client
            .get_indicator(request)
            .await
            .expect("an indicator")
            .metadata
            .expect("metadata")
            .caveats;
        let says = |code| {
            caveats
                .iter()
                .any(|caveat| caveat.code() == code && caveat.indicator_ids == [indicator.id.as_str()])
        };
        let basis = indicator.kind_basis();
        assert_eq!(
            says(v1::CaveatCode::KindInferred),
            basis == v1::KindBasis::Inferred,
            "{}",
            indicator.id
        );
        assert_eq!(
            says(v1::CaveatCode::KindUnverified),
            basis == v1::KindBasis::Unverified,
            "{}",
            indicator.id
        );
        assert_eq!(
            says(v1::CaveatCode::OriginCategory),
            indicator.origin_category,
            "{}",
            indicator.id
        );
        seen[0] |= basis == v1::KindBasis::Inferred;
        seen[1] |= indicator.origin_category;
    }
    assert_eq!(seen, [true; 2], "the edition has examples of both");
}

#[tokio::test]
async fn a_name_that_was_followed_or_corrected_is_said() {
    let client = Server::start().await.client().await;
    let resolve = async |text: &str| {
        let request = v1::ResolveRegionRequest {
            text: text.into(),
            ..Default::default()
        };
        client.resolve_region(request).await.expect(text)
    };
    let codes = |answer: &v1::ResolveRegionResponse| -> Vec<v1::CaveatCode> {
        answer
            .metadata
            .iter()
            .flat_map(|metadata| &metadata.caveats)
            .map(v1::Caveat::code)
            .collect()
    };
    let former = resolve("GM0370").await;
    assert_eq!(
        former.region.as_ref().map(|region| region.code.as_str()),
        Some("GM0439")
    );
    assert_eq!(
        former.followed_from.as_ref().map(|region| region.code.as_str()),
        Some("GM0370")
    );
    assert_eq!(
        (former.r#match(), codes(&former)),
        (v1::RegionMatch::FormerCode, vec![v1::CaveatCode::FormerCode])
    );
    let corrected = resolve("Helmont").await;
    assert_eq!(codes(&corrected), [v1::CaveatCode::NameCorrected]);
    let plain = resolve("capelle ad ijssel").await;
    assert_eq!((plain.r#match(), codes(&plain)), (v1::RegionMatch::Alias, vec![]));
}

#[tokio::test]
async fn rows_encoded_once_are_those_made_on_request() {
    let client = Server::start().await.client().await;
    let rank = async |method: v1::GradeMethod| {
        let request = v1::RankRegionsRequest {
            indicator_id: "low_theft".into(),
            grade_method: method.into(),
            ..Default::default()
        };
        client.rank_regions(request).await.expect("a ranking")
    };
    assert_eq!(
        rank(v1::GradeMethod::Unspecified).await,
        rank(v1::GradeMethod::NormalScore).await
    );
    let profile = async |method: v1::GradeMethod| {
        let request = v1::GetProfileRequest {
            region_code: "GM0034".into(),
            grade_method: method.into(),
            ..Default::default()
        };
        client.get_profile(request).await.expect("a profile")
    };
    assert_eq!(
        profile(v1::GradeMethod::Unspecified).await,
        profile(v1::GradeMethod::NormalScore).await
    );
}
