//! The mean of a group or a relevant region beside the figures of one municipality.
//!
//! A figure and a mean are compared only where both come from the same ranking: the means are asked for with the basis and
//! period that the profile answered with, and what comes back otherwise is left out.

use groeikern_client::v1::{
    CompareGroupsRequest, CompareGroupsResponse, GetProfileResponse, GroupComparison, GroupRef,
    GroupStanding, ProfileRow, RankingSummary, RelevantRegion,
};

use super::outcome::{Outcome, is_judged, outcome};
use crate::cli::{exit::Failure, ranked, session::Session};

/// Indicators of one request at most.
const MOST_INDICATORS: usize = 500;

/// Whose means are set beside the figures.
pub(super) enum Whom {
    Group(GroupRef),
    Region(RelevantRegion),
}

impl Whom {
    fn group_ids(&self) -> Vec<String> {
        match self {
            Self::Group(group) => vec![group.id.clone()],
            Self::Region(_) => Vec::new(),
        }
    }

    fn relevant_regions(&self) -> Vec<RelevantRegion> {
        match self {
            Self::Group(_) => Vec::new(),
            Self::Region(region) => vec![region.clone()],
        }
    }

    /// By name, as an answer has it.
    pub(super) fn named(self, response: &CompareGroupsResponse) -> GroupRef {
        match self {
            Self::Group(group) => group,
            Self::Region(_) => {
                let found = response.relevant_regions.first();
                let found = found.and_then(|found| found.relevant_region.as_ref());
                found.map(ranked::called).unwrap_or_default()
            }
        }
    }
}

/// The mean of a group in the ranking of one row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Against {
    pub(super) group: GroupRef,
    pub(super) standing: GroupStanding,
    /// Absent where one of the two has no figure, and where it is not known which side is favourable.
    pub(super) outcome: Option<Outcome>,
}

impl Against {
    /// The outcome where the indicator has a favourable side.
    pub(super) fn judged(&self) -> Option<Outcome> {
        let standing = self.standing.standing.as_ref()?;
        self.outcome.filter(|_| is_judged(standing.verdict()))
    }
}

/// The means of whom it is held against in the rankings of the profile, which are among the units of this universe, as one response in the
/// profile's order.
pub(super) async fn ask(
    session: &mut Session,
    profile: &GetProfileResponse,
    whom: &Whom,
    universe: &str,
) -> Result<CompareGroupsResponse, Failure> {
    let mut whole = CompareGroupsResponse::default();
    for (basis, period, ids) in by_ranking(profile) {
        for indicator_ids in ids.chunks(MOST_INDICATORS) {
            let request = CompareGroupsRequest {
                edition: session.edition(),
                group_ids: whom.group_ids(),
                relevant_regions: whom.relevant_regions(),
                indicator_ids: indicator_ids.to_vec(),
                basis,
                period: period.clone(),
                universe_id: universe.to_owned(),
                ..Default::default()
            };
            let response = session.client.compare_groups(request).await?;
            add(&mut whole, response);
        }
    }
    whole.comparisons.sort_by_key(|comparison| {
        let ranking = comparison.ranking.as_ref();
        profile
            .rows
            .iter()
            .position(|row| id(row.ranking.as_ref()) == id(ranking))
    });
    Ok(whole)
}

/// The indicators of a profile by the basis and period of their ranking; those without any ranking are left out.
fn by_ranking(profile: &GetProfileResponse) -> Vec<(i32, String, Vec<String>)> {
    let mut asked: Vec<(i32, String, Vec<String>)> = Vec::new();
    for ranking in profile.rows.iter().filter_map(|row| row.ranking.as_ref()) {
        let id = id(Some(ranking)).to_owned();
        let same = asked
            .iter_mut()
            .find(|(basis, period, _)| *basis == ranking.basis && *period == ranking.period);
        match same {
            _ if ranking.period.is_empty() => {}
            Some((_, _, ids)) => ids.push(id),
            None => asked.push((ranking.basis, ranking.period.clone(), vec![id])),
        }
    }
    asked
}

/// Adds an answer: its comparisons, and its caveats where they say something new.
fn add(whole: &mut CompareGroupsResponse, mut next: CompareGroupsResponse) {
    whole.comparisons.append(&mut next.comparisons);
    if whole.relevant_regions.is_empty() {
        whole.relevant_regions.append(&mut next.relevant_regions); // of every answer the same
    }
    let (Some(known), Some(other)) = (&mut whole.metadata, &mut next.metadata) else {
        whole.metadata = whole.metadata.take().or(next.metadata);
        return;
    };
    for caveat in other.caveats.drain(..) {
        match known.caveats.iter_mut().find(|said| said.text == caveat.text) {
            Some(said) => said.indicator_ids.extend(caveat.indicator_ids),
            None => known.caveats.push(caveat),
        }
    }
}

/// The mean of the group beside one row; nothing where the group has none in the same ranking.
pub(super) fn beside(row: &ProfileRow, comparison: &CompareGroupsResponse) -> Option<Against> {
    let ranking = row.ranking.as_ref()?;
    let same = |comparison: &&GroupComparison| {
        comparison
            .ranking
            .as_ref()
            .is_some_and(|other| same_ranking(ranking, other))
    };
    let standing = comparison.comparisons.iter().find(same)?.groups.first()?;
    standing.standing.as_ref()?;
    Some(Against {
        group: ranked::whose(standing),
        standing: standing.clone(),
        outcome: outcome(row, ranking, standing),
    })
}

/// Whether two figures may be held against each other.
fn same_ranking(one: &RankingSummary, other: &RankingSummary) -> bool {
    let key = |ranking: &RankingSummary| {
        (
            id(Some(ranking)).to_owned(),
            ranking.basis,
            ranking.period.clone(),
            ranking.source_id.clone(),
            ranking.universe_id.clone(),
            ranked::stands_in(ranking).map(|indicator| indicator.id.clone()),
        )
    };
    key(one) == key(other)
}

fn id(ranking: Option<&RankingSummary>) -> &str {
    ranking
        .and_then(|ranking| ranking.indicator.as_ref())
        .map_or("", |indicator| &indicator.id)
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{Basis, Caveat, IndicatorRef, LocalizedText, ResponseMetadata, Standing};

    use super::*;

    fn ranking(id: &str, basis: Basis, period: &str) -> RankingSummary {
        RankingSummary {
            indicator: Some(IndicatorRef {
                id: id.to_owned(),
                ..Default::default()
            }),
            basis: basis.into(),
            period: period.to_owned(),
            ..Default::default()
        }
    }

    fn row(ranking: RankingSummary) -> ProfileRow {
        ProfileRow {
            ranking: Some(ranking),
            ..Default::default()
        }
    }

    fn mean() -> GroupStanding {
        GroupStanding {
            standing: Some(Standing::default()),
            ..Default::default()
        }
    }

    #[test]
    fn means_are_asked_for_on_the_basis_and_period_of_each_row() {
        let rows = [
            ranking("a", Basis::Computed, "2020"),
            ranking("b", Basis::Published, "2024"),
            ranking("c", Basis::Computed, "2020"),
            ranking("without_figures", Basis::Unspecified, ""),
        ];
        let profile = GetProfileResponse {
            rows: rows.map(row).to_vec(),
            ..Default::default()
        };
        let asked = by_ranking(&profile);
        let ids: Vec<(&str, &[String])> = asked
            .iter()
            .map(|(_, period, ids)| (period.as_str(), ids.as_slice()))
            .collect();
        assert_eq!(
            ids,
            [
                ("2020", &["a".to_owned(), "c".to_owned()][..]),
                ("2024", &["b".to_owned()][..])
            ]
        );
    }

    #[test]
    fn a_mean_of_another_ranking_is_not_set_beside_a_figure() {
        let answered = |ranking| CompareGroupsResponse {
            comparisons: vec![GroupComparison {
                ranking: Some(ranking),
                groups: vec![mean()],
                ..Default::default()
            }],
            ..Default::default()
        };
        let row = row(ranking("a", Basis::Published, "2024"));
        assert!(beside(&row, &answered(ranking("a", Basis::Published, "2024"))).is_some());
        for other in [
            ranking("a", Basis::Computed, "2024"),
            ranking("a", Basis::Published, "2023"),
            ranking("b", Basis::Published, "2024"),
        ] {
            assert_eq!(beside(&row, &answered(other)), None);
        }
    }

    #[test]
    fn a_caveat_of_several_answers_is_said_once_with_all_its_indicators() {
        let answered = |words: &str, id: &str| CompareGroupsResponse {
            metadata: Some(ResponseMetadata {
                caveats: vec![Caveat {
                    text: Some(LocalizedText {
                        nl: words.to_owned(),
                        en: words.to_owned(),
                    }),
                    indicator_ids: vec![id.to_owned()],
                    ..Default::default()
                }],
                ..Default::default()
            }),
            ..Default::default()
        };
        let mut whole = CompareGroupsResponse::default();
        for next in [
            answered("One.", "a"),
            answered("One.", "b"),
            answered("Two.", "c"),
        ] {
            add(&mut whole, next);
        }
        let caveats = whole.metadata.expect("metadata").caveats;
        assert_eq!(caveats.len(), 2);
        assert_eq!(caveats[0].indicator_ids, ["a", "b"]);
    }
}
