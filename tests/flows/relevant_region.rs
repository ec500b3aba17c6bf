//! The region that follows from flows, and that it is compared as any other group is.

use super::{code, refused};
use crate::support::{flows, has_caveat};
use groeikern_client::{Client, Code, Error, v1, v1::CaveatCode, v1::ErrorReason};

fn region(code: &str, share: f64, scope: v1::RelevantRegionScope) -> v1::RelevantRegion {
    v1::RelevantRegion {
        region_code: code.into(),
        kind: v1::FlowKind::Commuting.into(),
        share: Some(share),
        scope: scope.into(),
        ..Default::default()
    }
}

async fn relevant(
    client: &Client,
    wanted: v1::RelevantRegion,
) -> Result<v1::GetRelevantRegionResponse, Error> {
    let request = v1::GetRelevantRegionRequest {
        relevant_region: Some(wanted),
        ..Default::default()
    };
    client.get_relevant_region(request).await
}

#[tokio::test]
async fn a_region_holds_the_largest_partners_up_to_its_share_with_and_without_the_dominant_one() {
    let client = flows::client().await;
    let members = |answer: &v1::GetRelevantRegionResponse| -> Vec<(String, bool, bool)> {
        let members = answer.members.iter();
        members
            .map(|member| {
                let partner = member.partner.as_ref().expect("a partner");
                (
                    code(&partner.region).to_owned(),
                    member.is_dominant,
                    member.beyond_share,
                )
            })
            .collect()
    };
    let gross = v1::RelevantRegionScope::Gross;
    let answer = relevant(&client, region("GM0034", 0.8, gross))
        .await
        .expect("a region");
    assert_eq!(
        members(&answer),
        [
            ("GM0363".to_owned(), true, false),
            ("GM0995".to_owned(), false, false)
        ]
    );
    assert_eq!(code(&answer.dominant), "GM0363");
    assert!((answer.reached_share - 90.0 / 110.0).abs() < 1e-12);
    assert!(has_caveat(answer.metadata.as_ref(), CaveatCode::RelevantRegion));
    let unasked = v1::RelevantRegion {
        region_code: "GM0034".into(),
        ..Default::default()
    };
    let by_default = relevant(&client, unasked).await.expect("a region");
    assert_eq!(by_default, answer, "commuting and 80% unless asked otherwise");

    let of_lelystad = relevant(&client, region("GM0995", 0.8, gross))
        .await
        .expect("a region");
    assert_eq!(
        members(&of_lelystad),
        [
            ("GM0034".to_owned(), false, false),
            ("GM0363".to_owned(), true, true)
        ],
        "the dominant one belongs to the gross region wherever it stands"
    );
    assert!((of_lelystad.reached_share - 20.0 / 21.0).abs() < 1e-12);
    let of_amsterdam = relevant(&client, region("GM0363", 1.0, gross))
        .await
        .expect("a region");
    assert_eq!(of_amsterdam.dominant, None, "it is one itself");
    assert_eq!(of_amsterdam.members.len(), 5);

    for share in [0.0, 1.1, f64::NAN] {
        let error = relevant(&client, region("GM0034", share, gross))
            .await
            .expect_err("no share");
        let answer = refused(error, Code::InvalidArgument, ErrorReason::InvalidRequest);
        assert_eq!(answer.violations[0].field, "relevant_region.share");
    }
    let error = relevant(&client, Default::default()).await.expect_err("no town");
    let answer = refused(error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(answer.violations[0].field, "relevant_region.region_code");
}

/// Of one group or list on one indicator, all that is calculated.
fn figures(standing: &v1::GroupStanding) -> v1::GroupStanding {
    v1::GroupStanding {
        ad_hoc_label: String::new(),
        relevant_region: None,
        ..standing.clone()
    }
}

/// Almere's gross and net region beside lists of Amsterdam and Lelystad, and of Lelystad: the same is calculated of both.
async fn compared_with_lists(client: &Client) -> v1::CompareGroupsResponse {
    let (gross, net) = (v1::RelevantRegionScope::Gross, v1::RelevantRegionScope::Net);
    let list = |label: &str, codes: &[&str]| v1::AdHocGroup {
        label: label.into(),
        region_codes: codes.iter().map(|code| (*code).to_owned()).collect(),
    };
    let request = v1::CompareGroupsRequest {
        indicator_ids: vec!["low_theft".into()],
        ad_hoc_groups: vec![list("gross", &["GM0363", "GM0995"]), list("net", &["GM0995"])],
        relevant_regions: vec![region("GM0034", 0.8, gross), region("GM0034", 0.8, net)],
        ..Default::default()
    };
    let answer = client.compare_groups(request).await.expect("a comparison");
    let [gross_list, net_list, gross_region, net_region] = &answer.comparisons[0].groups[..] else {
        panic!("{:?}", answer.comparisons[0].groups)
    };
    assert_eq!(figures(gross_region), figures(gross_list));
    assert_eq!(figures(net_region), figures(net_list));
    answer
}

#[tokio::test]
async fn a_region_is_compared_as_a_list_of_the_same_municipalities() {
    let client = flows::client().await;
    let answer = compared_with_lists(&client).await;
    let [_, _, gross_region, net_region] = &answer.comparisons[0].groups[..] else {
        panic!("{:?}", answer.comparisons[0].groups)
    };
    assert_eq!(
        (gross_region.members, gross_region.contributed),
        (2, 1),
        "Lelystad has no figure"
    );
    assert_eq!(
        (net_region.members, net_region.status()),
        (1, v1::ItemStatus::NoData)
    );
    let named = gross_region.relevant_region.as_ref().expect("which region");
    assert_eq!(
        named.name.as_ref().expect("a name").en,
        "gross relevant region of Almere"
    );
    assert_eq!(
        (named.scope(), named.period.as_str(), named.share),
        (v1::RelevantRegionScope::Gross, "2020", 0.8)
    );
    let members: Vec<Vec<&str>> = answer
        .relevant_regions
        .iter()
        .map(|region| region.members.iter().map(|member| member.code.as_str()).collect())
        .collect();
    assert_eq!(members, [vec!["GM0363", "GM0995"], vec!["GM0995"]]);
    let said = |answer: Option<&v1::ResponseMetadata>| -> usize {
        let caveats = answer.expect("metadata").caveats.iter();
        caveats
            .filter(|caveat| caveat.code() == CaveatCode::RelevantRegion)
            .count()
    };
    assert_eq!(said(answer.metadata.as_ref()), 2, "one for each region");

    let gross = v1::RelevantRegionScope::Gross;
    let request = v1::GetProfileRequest {
        region_code: "GM0034".into(),
        relevant_regions: vec![region("", 0.8, gross), region("GM0794", 0.9, gross)],
        ..Default::default()
    };
    let profile = client.get_profile(request).await.expect("a profile");
    let theft = profile
        .rows
        .iter()
        .find(|row| {
            row.ranking
                .as_ref()
                .is_some_and(|of| of.indicator.as_ref().is_some_and(|of| of.id == "low_theft"))
        })
        .expect("theft");
    let [own, of_helmond] = &theft.relevant_regions[..] else {
        panic!("{:?}", theft.relevant_regions)
    };
    assert_eq!(
        (own.mean, own.standing, own.members),
        (gross_region.mean, gross_region.standing, 2)
    );
    assert_eq!(
        of_helmond.relevant_region.as_ref().map(|of| code(&of.region)),
        Some("GM0794")
    );
    assert_eq!(profile.relevant_regions.len(), 2);
    assert_eq!(code(&profile.relevant_regions[1].dominant), "GM0772");
    let kept = v1::GetProfileRequest {
        region_code: "GM0034".into(),
        ..Default::default()
    };
    let plain = client.get_profile(kept).await.expect("a profile");
    assert!(plain.rows.iter().all(|row| row.relevant_regions.is_empty()));
}

#[tokio::test]
async fn need_against_a_region_is_that_against_the_same_surroundings() {
    let client = flows::client().await;
    let about = |surroundings, relevant_region| v1::RecommendRequest {
        subject: Some(v1::recommend_request::Subject::RegionCode("GM0034".into())),
        surroundings,
        relevant_region,
        ..Default::default()
    };
    let named = v1::RegionSelection {
        region_codes: vec!["GM0363".into(), "GM0995".into()],
    };
    let wanted = region("", 0.8, v1::RelevantRegionScope::Gross);
    let by_name = client
        .recommend(about(Some(named.clone()), None))
        .await
        .expect("advice");
    let by_flows = client
        .recommend(about(None, Some(wanted.clone())))
        .await
        .expect("advice");
    let needs = |answer: &v1::RecommendResponse| -> Vec<Option<v1::SurroundingsNeed>> {
        answer
            .advice
            .iter()
            .map(|advice| advice.surroundings_need.clone())
            .collect()
    };
    assert!(needs(&by_flows).iter().flatten().any(|need| need.need.is_some()));
    assert_eq!(needs(&by_flows), needs(&by_name));
    let used = by_flows.relevant_region.expect("which municipalities");
    let members: Vec<&str> = used.members.iter().map(|member| member.code.as_str()).collect();
    assert_eq!(members, ["GM0363", "GM0995"]);
    assert!(has_caveat(by_flows.metadata.as_ref(), CaveatCode::RelevantRegion));

    let error = client
        .recommend(about(Some(named), Some(wanted.clone())))
        .await
        .expect_err("both");
    let answer = refused(error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(answer.violations[0].field, "relevant_region");
    let of_group = v1::RecommendRequest {
        subject: Some(v1::recommend_request::Subject::GroupId("nta_new_towns".into())),
        relevant_region: Some(wanted),
        ..Default::default()
    };
    let error = client.recommend(of_group).await.expect_err("around whom");
    let answer = refused(error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(answer.violations[0].field, "relevant_region.region_code");
}

/// Beemster was a municipality in the year of the flows, and is part of Purmerend in that of the figures.
#[tokio::test]
async fn successors_stand_for_municipalities_that_ended_before_the_figures() {
    let client = flows::client().await;
    let gross = v1::RelevantRegionScope::Gross;
    let request = v1::CompareGroupsRequest {
        indicator_ids: vec!["low_theft".into()],
        ad_hoc_groups: vec![v1::AdHocGroup {
            label: "now".into(),
            region_codes: ["GM0363", "GM0439", "GM0995"].map(str::to_owned).into(),
        }],
        relevant_regions: vec![
            region("GM0034", 0.9, gross),
            region("GM0439", 0.9, v1::RelevantRegionScope::Net),
        ],
        ..Default::default()
    };
    let answer = client.compare_groups(request).await.expect("a comparison");
    let [now, of_almere, of_purmerend] = &answer.comparisons[0].groups[..] else {
        panic!("{:?}", answer.comparisons[0].groups)
    };
    assert_eq!(figures(of_almere), figures(now));
    assert_eq!(
        answer.relevant_regions[0].members[2].name, "Beemster",
        "as the flows have it"
    );
    assert_eq!(of_purmerend.members, 0, "Beemster is now part of the town itself");
    assert!(has_caveat(
        answer.metadata.as_ref(),
        CaveatCode::RegionBySuccessors
    ));
}

/// Weesp was a partner of Almere in 2016 and is part of Amsterdam since 2022.
#[tokio::test]
async fn the_net_region_leaves_the_dominant_municipality_out_also_where_a_member_became_part_of_it() {
    let answer = compared_with_lists(&flows::with_annexed().await).await;
    let members: Vec<usize> = answer
        .relevant_regions
        .iter()
        .map(|region| region.members.len())
        .collect();
    assert_eq!(members, [3, 2], "as the flows have them");
}

#[tokio::test]
async fn the_same_region_twice_is_refused() {
    let client = flows::client().await;
    let gross = || region("GM0034", 0.8, v1::RelevantRegionScope::Gross);
    let request = v1::CompareGroupsRequest {
        relevant_regions: vec![gross(), gross()],
        ..Default::default()
    };
    let error = client.compare_groups(request).await.expect_err("one is enough");
    let answer = refused(error, Code::InvalidArgument, ErrorReason::InvalidRequest);
    assert_eq!(answer.violations[0].field, "relevant_regions[1]", "{answer:?}");
}
