//! What the report states in words is there with whom it is about, and with the works that it cites for it.

use groeikern_client::{
    Client, Code,
    v1::{self, CaveatCode, ErrorReason, StatementBasis},
};

use crate::support::{Server, has_caveat, refusal};

async fn client() -> Client {
    Server::start().await.client().await
}

async fn findings(client: &Client, request: v1::ListFindingsRequest) -> v1::ListFindingsResponse {
    client.list_findings(request).await.expect("a list")
}

fn ids(answer: &v1::ListFindingsResponse) -> Vec<&str> {
    answer
        .findings
        .iter()
        .map(|finding| finding.id.as_str())
        .collect()
}

fn of_region(code: &str, include_groups: bool) -> v1::ListFindingsRequest {
    v1::ListFindingsRequest {
        region_code: code.into(),
        include_groups,
        ..Default::default()
    }
}

#[tokio::test]
async fn the_teacher_shortage_of_almere_cites_its_source() {
    let client = client().await;
    let answer = findings(&client, of_region("GM0034", false)).await;
    assert_eq!(
        ids(&answer),
        [
            "teacher_shortage_almere",
            "work_in_own_municipality_almere",
            "single_parent_households"
        ]
    );
    let shortage = &answer.findings[0];
    assert!(
        shortage
            .statement
            .as_ref()
            .is_some_and(|of| of.nl.contains("23,8%") && of.en.contains("23.8%"))
    );
    let cited: Vec<(&str, u32)> = shortage
        .citations
        .iter()
        .map(|of| (of.author.as_str(), of.year))
        .collect();
    assert_eq!(cited, [("Flevowijs", 2024)]);
    assert_eq!(shortage.factors[0].id, "school_quality_under_pressure");
    assert!(shortage.group.is_none());
    assert!(!has_caveat(answer.metadata.as_ref(), CaveatCode::FindingOfGroup));
}

#[tokio::test]
async fn findings_about_the_new_towns_are_added_for_members_alone_and_marked() {
    let client = client().await;
    let own = findings(&client, of_region("GM0637", false)).await;
    let with_groups = findings(&client, of_region("GM0637", true)).await;
    assert!(with_groups.findings.len() > own.findings.len());
    for finding in &with_groups.findings {
        let names_it = finding.regions.iter().any(|region| region.code == "GM0637");
        let group = finding.group.as_ref().map(|group| group.id.as_str());
        assert!(names_it || group == Some("nta_new_towns"), "{}", finding.id);
    }
    assert!(has_caveat(
        with_groups.metadata.as_ref(),
        CaveatCode::FindingOfGroup
    ));
    let nameless = "just_above_support_threshold"; // of one respondent in a town without a name
    assert!(!ids(&with_groups).contains(&nameless));
    assert!(ids(&findings(&client, Default::default()).await).contains(&nameless));
    for stranger in ["GM0505", "GM0995"] {
        // Dordrecht; Lelystad, which left
        assert!(
            findings(&client, of_region(stranger, true))
                .await
                .findings
                .is_empty()
        );
    }
}

#[tokio::test]
async fn findings_are_chosen_by_theme_factor_and_basis() {
    let client = client().await;
    assert_eq!(findings(&client, Default::default()).await.findings.len(), 17);
    let theme = v1::ListFindingsRequest {
        theme_id: "livelihood_security".into(),
        ..Default::default()
    };
    let theme = findings(&client, theme).await;
    assert!(!theme.findings.is_empty());
    assert!(
        theme
            .findings
            .iter()
            .all(|finding| finding.theme_id == "livelihood_security")
    );
    // Through an indicator of the factor, through a neutral one, and by name.
    for (factor, finding) in [
        ("low_property_values", "property_value_lowest"),
        ("labour_market_mismatch", "jobs_function"),
        ("competing_environments", "zoetermeer_movers"),
    ] {
        let request = v1::ListFindingsRequest {
            factor_id: factor.into(),
            ..Default::default()
        };
        let answer = findings(&client, request).await;
        assert!(ids(&answer).contains(&finding), "{factor}: {:?}", ids(&answer));
        assert!(
            answer
                .findings
                .iter()
                .all(|of| of.factors.iter().any(|of| of.id == factor))
        );
    }
    let interviews = v1::ListFindingsRequest {
        basis: vec![StatementBasis::Interviews.into()],
        ..Default::default()
    };
    assert_eq!(
        ids(&findings(&client, interviews).await),
        ["just_above_support_threshold", "port_dependence_nissewaard"]
    );
}

#[tokio::test]
async fn a_finding_on_a_category_of_origin_keeps_the_remarks_on_it() {
    let client = client().await;
    let request = v1::ListFindingsRequest {
        theme_id: "livelihood_security".into(),
        ..Default::default()
    };
    let answer = findings(&client, request).await;
    assert!(has_caveat(answer.metadata.as_ref(), CaveatCode::OriginCategory));
    assert!(
        has_caveat(answer.metadata.as_ref(), CaveatCode::Source),
        "the contradiction of the report"
    );
    let origin = answer
        .findings
        .iter()
        .find(|finding| finding.id == "non_western_unemployment");
    assert!(
        origin.expect("listed").factors.is_empty(),
        "origin bears on no factor"
    );
}

#[tokio::test]
async fn who_is_not_there_is_not_answered_with_nothing() {
    let client = client().await;
    let refused = async |request| refusal(client.list_findings(request).await.expect_err("refused"));
    let error = refused(of_region("GM0370", false)).await;
    assert_eq!(error.reason, Some(ErrorReason::RetiredRegion));
    let error = refused(of_region("Almere", false)).await;
    assert_eq!(
        (error.code, error.violations[0].field.as_str()),
        (Code::InvalidArgument, "region_code")
    );
    let error = refused(of_region("", true)).await;
    assert_eq!(error.violations[0].field, "region_code");
    let unknown_factor = v1::ListFindingsRequest {
        factor_id: "weak_imago".into(),
        ..Default::default()
    };
    assert_eq!(
        refused(unknown_factor).await.reason,
        Some(ErrorReason::UnknownFactor)
    );
    let long = v1::ListFindingsRequest {
        factor_id: "x".repeat(101),
        theme_id: "y".repeat(101),
        ..Default::default()
    };
    assert_eq!(refused(long).await.violations.len(), 2);
}

async fn works(client: &Client, request: v1::ListCitationsRequest) -> Vec<v1::CitedWork> {
    client.list_citations(request).await.expect("a list").works
}

fn work_ids(works: &[v1::CitedWork]) -> Vec<&str> {
    works
        .iter()
        .map(|work| work.citation.as_ref().expect("a work").id.as_str())
        .collect()
}

#[tokio::test]
async fn every_work_is_there_once_with_the_sections_that_cite_it() {
    let client = client().await;
    let all = works(&client, Default::default()).await;
    assert_eq!(all.len(), 39);
    let key = |work: &v1::CitedWork| {
        let of = work.citation.as_ref().expect("a work");
        (of.author.clone(), of.year, of.title.clone())
    };
    let keys: Vec<_> = all.iter().map(key).collect();
    assert!(
        keys.windows(2).all(|pair| pair[0] < pair[1]),
        "in order, none twice"
    );
    let of_section = async |section: &str| {
        let request = v1::ListCitationsRequest {
            section: section.into(),
            ..Default::default()
        };
        works(&client, request).await
    };
    assert_eq!(
        work_ids(&of_section("5.2").await),
        [
            "dijken_ghaurali_2019",
            "leijdelmeijer_frissen_2023",
            "noordanus_2021",
            "ubink_steeg_2011",
            "verloo_ferrier_2021",
            "wrr_2020",
        ]
    );
    assert_eq!(of_section("5").await.len(), 7, "with the opening of the chapter");
    assert!(of_section("9").await.is_empty());
}

#[tokio::test]
async fn a_work_says_what_rests_on_it_and_a_statement_what_it_rests_on() {
    let client = client().await;
    let all = works(&client, Default::default()).await;
    let mechanisms = client
        .list_mechanisms(Default::default())
        .await
        .expect("a list")
        .mechanisms;
    let mut cited = 0;
    for mechanism in &mechanisms {
        let (cause, effect) = (mechanism.cause.as_ref(), mechanism.effect.as_ref());
        let (cause, effect) = (&cause.expect("a cause").id, &effect.expect("an effect").id);
        for citation in &mechanism.citations {
            let work = all
                .iter()
                .find(|work| work.citation.as_ref() == Some(citation))
                .expect("listed");
            assert!(
                work.mechanisms
                    .iter()
                    .any(|ends| (&ends.cause_id, &ends.effect_id) == (cause, effect))
            );
            assert!(
                citation.sections.contains(&mechanism.section),
                "{cause} -> {effect}: {}",
                citation.id
            );
            cited += 1;
        }
    }
    let back: usize = all.iter().map(|work| work.mechanisms.len()).sum();
    assert_eq!((cited, back), (32, 32));
    for finding in findings(&client, Default::default()).await.findings {
        for citation in &finding.citations {
            assert!(
                citation.sections.contains(&finding.section),
                "{}: {}",
                finding.id,
                citation.id
            );
        }
    }
    let at_factor = v1::ListCitationsRequest {
        factor_id: "school_quality_under_pressure".into(),
        ..Default::default()
    };
    assert_eq!(
        work_ids(&works(&client, at_factor).await),
        ["flevowijs_2024", "verloo_ferrier_2021"]
    );
    let at_finding = v1::ListCitationsRequest {
        finding_id: "woonerf_share".into(),
        ..Default::default()
    };
    assert_eq!(
        work_ids(&works(&client, at_finding).await),
        ["wassenberg_lupi_2011"]
    );
    let unknown = v1::ListCitationsRequest {
        finding_id: "woonerf_shares".into(),
        ..Default::default()
    };
    let error = refusal(client.list_citations(unknown).await.expect_err("unknown"));
    assert_eq!(
        (error.code, error.reason),
        (Code::NotFound, Some(ErrorReason::UnknownFinding))
    );
    assert!(error.message.contains("woonerf_share?"), "{}", error.message);
}
