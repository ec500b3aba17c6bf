//! What if: other values move places as an edition with those values would, on the old scale; and the values asked back reach
//! what was wanted, to the last bit.

use groeikern_client::{
    Client, v1,
    v1::{ErrorReason, UnreachableReason, wanted_outcome::Target},
};
use groeikern_server::method::RobustScale;

use crate::support::{
    self, Server,
    figures::{Figures, LOW, present},
    refusal, survey, towns,
};

mod advice;
mod composites;
mod wanted;

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
    support::has_caveat(answer.metadata.as_ref(), code)
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
