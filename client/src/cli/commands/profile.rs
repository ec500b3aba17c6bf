//! `profile`: how one municipality does on every indicator, also against the mean of a group or a relevant region.

mod against;
mod outcome;
mod row;

use groeikern_client::v1::{
    Basis, CompareGroupsResponse, GetProfileRequest, GetProfileResponse, GroupRef, RankingSummary,
};

use self::{against::Whom, outcome::Outcome, row::Row};
use crate::cli::{
    answer::{Answer, Keyed, Part},
    arguments::Profile,
    exit::Failure,
    language::{Language, sentences},
    ranked,
    session::Session,
    sheet::Sheet,
    themes::Themes,
};

pub(super) async fn ask(session: &mut Session, arguments: &Profile) -> Result<Answer, Failure> {
    let period = arguments.figures.period();
    let typed = arguments.region.join(" ");
    let region = session.region_in(&typed, &period).await?;
    let whom = match (&arguments.against, arguments.surroundings) {
        (Some(typed), _) => Some(Whom::Group(session.group(typed).await?)),
        (None, Some(scope)) => {
            // Flows know the town as it was in their period.
            let by_flows = &arguments.by_flows;
            let town = session
                .region_of_flows(&typed, by_flows.kind(), by_flows.period())
                .await?;
            Some(Whom::Region(by_flows.around(town.code, scope)))
        }
        (None, None) => None,
    };
    let themes = session.themes().await?;
    let mut theme_ids = Vec::new();
    for typed in &arguments.themes {
        theme_ids.push(session.theme(typed, &themes).await?);
    }
    let request = GetProfileRequest {
        edition: session.edition(),
        region_code: region.code,
        theme_ids,
        basis: arguments.figures.basis().into(),
        period,
        universe_id: arguments.figures.universe.clone(),
        ..Default::default()
    };
    let profile = session.client.get_profile(request).await?;
    session.stay_with(profile.metadata.as_ref());
    let comparison = match whom {
        Some(whom) => {
            let response = against::ask(session, &profile, &whom, &arguments.figures.universe).await?;
            let group = whom.named(&response);
            Some(Comparison { group, response })
        }
        None => None,
    };
    Ok(answer(&profile, comparison.as_ref(), &themes, session.language))
}

/// The means of the group or region that a municipality is held against.
struct Comparison {
    group: GroupRef,
    response: CompareGroupsResponse,
}

fn answer(
    profile: &GetProfileResponse,
    comparison: Option<&Comparison>,
    themes: &Themes,
    language: Language,
) -> Answer {
    let means = comparison.map(|comparison| &comparison.response);
    let rows = row::rows(profile, means, themes, language);
    let shared = ranked::shared(rows.iter().filter(|row| row.has_figure()));
    let sheet = Sheet::of(&rows, &row::columns(), language)
        .titled(&rows, |row| row.place.titles(language))
        .noted(&rows, |row| vec![row.note(&shared, language)])
        .divided(&rows, Row::part_of);
    let of_profile = |key| Keyed::new(key, "GetProfileResponse", profile);
    let answer = match means {
        None => Answer::of([of_profile("")], sheet),
        Some(means) => {
            let means = Keyed::new("comparison", "CompareGroupsResponse", means);
            Answer::of([of_profile("profile"), means], sheet)
        }
    };
    let mut below = vec![ranked::legend(rows.iter(), language).to_owned()];
    if let Some(comparison) = comparison {
        below.extend(summary(&rows, &comparison.group, language));
    }
    let without = rows.iter().filter(|row| row.is_without_figure());
    let without: Vec<&str> = without.map(|row| row.name(language)).collect();
    below.push(sentences::without_figures(language, &without));
    answer
        .titled(title(profile, comparison, &shared, language))
        .below([Part::sentences(below)])
        .quoting(profile.metadata.as_ref())
        .also_quoting(means.and_then(|means| means.metadata.as_ref()))
        .among(
            rows.iter()
                .filter(|row| row.has_figure())
                .map(|row| ranked::Ranked::ranking(row).n),
        )
}

/// `Helmond (GM0794) against the mean of Old towns: published, 2024`.
fn title(
    profile: &GetProfileResponse,
    comparison: Option<&Comparison>,
    shared: &RankingSummary,
    language: Language,
) -> String {
    let region = profile.region.clone().unwrap_or_default();
    let against = comparison
        .map(|comparison| sentences::against_mean_of(language, language.of(comparison.group.name.as_ref())))
        .unwrap_or_default();
    let subject = format!("{} ({}){against}", region.name, region.code);
    ranked::title(subject, shared, language)
}

/// How often the municipality is ahead of the group, and which of its figures could not be compared. A figure that stands in
/// for another is counted where it is itself, not twice.
fn summary(rows: &[Row], group: &GroupRef, language: Language) -> [String; 2] {
    let (proxies, own): (Vec<&Row>, Vec<&Row>) = rows
        .iter()
        .filter(|row| row.judged().is_some())
        .partition(|row| ranked::Ranked::ranking(*row).basis() == Basis::Proxy);
    let outcomes: Vec<Outcome> = own.iter().filter_map(|row| row.judged()).collect();
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let (ahead, behind) = (count(Outcome::Ahead), count(Outcome::Behind));
    let counted = sentences::ahead_of_group(language, ahead, behind, outcomes.len());
    let not_counted = if proxies.is_empty() {
        ""
    } else {
        sentences::proxies_not_counted(language)
    };
    let uncompared = rows
        .iter()
        .filter(|row| row.has_figure() && row.against.is_none());
    let uncompared: Vec<&str> = uncompared.map(|row| row.name(language)).collect();
    [
        format!("{counted} {not_counted}").trim().to_owned(),
        sentences::without_mean(language, language.of(group.name.as_ref()), &uncompared),
    ]
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{
        GradeMethod, GroupComparison, GroupStanding, IndicatorKind, IndicatorRef, ItemStatus, LocalizedText,
        ProfileRow, RegionRef, Standing, Verdict,
    };

    use super::*;
    use crate::cli::{table, tsv};

    fn row(id: &str, nl: &str, en: &str) -> ProfileRow {
        ProfileRow {
            ranking: Some(RankingSummary {
                indicator: Some(IndicatorRef {
                    id: id.to_owned(),
                    name: Some(LocalizedText {
                        nl: nl.to_owned(),
                        en: en.to_owned(),
                    }),
                    kind: IndicatorKind::Judgement.into(),
                    theme_id: "safety".to_owned(),
                    block_id: String::new(),
                }),
                ..Default::default()
            }),
            status: ItemStatus::NoData.into(),
            ..Default::default()
        }
    }

    fn response() -> GetProfileResponse {
        let mut last = row("low_violence", "Weinig geweld", "Little violence");
        last.status = ItemStatus::Ok.into();
        last.standing = Some(Standing {
            position: 337,
            ties: 1,
            place_share: 336.5 / 337.0,
            verdict: Verdict::VeryUnfavourable.into(),
            grade: Some(3.526_123_456_789),
        });
        if let Some(ranking) = &mut last.ranking {
            ranking.n = 337;
            ranking.known = 7;
            ranking.basis = Basis::Published.into();
            ranking.period = "2024".to_owned();
            ranking.grade_method = GradeMethod::NormalScore.into();
            ranking.column_inferred = true;
        }
        GetProfileResponse {
            region: Some(RegionRef {
                code: "GM0794".to_owned(),
                name: "Helmond".to_owned(),
            }),
            rows: vec![last, row("trust", "Vertrouwen", "Trust")],
            ..Default::default()
        }
    }

    #[test]
    fn tsv_has_every_indicator_and_rounds_nothing() {
        assert_eq!(
            tsv::write(&answer(&response(), None, &Themes::default(), Language::En).sheet),
            "region_code\tregion\ttheme_id\ttheme\tblock_id\tblock\tindicator_id\tindicator\tkind\tstatus\tposition\tn\t\
             ties\tplace_share\tverdict\tgrade\tgrade_method\tvalue\tunit\tobservation_status\tbasis\tperiod\tknown\t\
             source_id\tfigure\tproxy_indicator_id\tcolumn_inferred\tothers\tagainst_group\tgroup_id\tgroup\tgroup_position\tgroup_place_share\t\
             group_verdict\tgroup_grade\tgroup_grade_approximate\tgroup_mean\tgroup_mean_of_positions\t\
             group_contributed\tgroup_members\n\
             GM0794\tHelmond\tsafety\t\t\t\tlow_violence\tLittle violence\tjudgement\tok\t337\t337\t\
             1\t0.9985163204747775\tvery_unfavourable\t3.526123456789\tnormal_score\t\t\t\tpublished\t2024\t7\t\
             \t\t\ttrue\t\t\t\t\t\t\t\t\t\t\t\t\t\n\
             GM0794\tHelmond\tsafety\t\t\t\ttrust\tTrust\tjudgement\tno_data\t\t\t\
             \t\t\t\t\t\t\t\t\t\t\t\t\t\tfalse\t\t\t\t\t\t\t\t\t\t\t\t\t\n"
        );
    }

    #[test]
    fn a_table_shows_n_and_counts_what_it_leaves_out() {
        assert_eq!(
            table::plain(
                &answer(&response(), None, &Themes::default(), Language::Nl),
                Language::Nl
            ),
            "Helmond (GM0794): gepubliceerd, 2024\n\n\
             indicator        positie  oordeel         cijfer\n\
             ─────────────────────────────────────────────────\n\
             Weinig geweld  337 / 337  zeer ongunstig     3,5\n\
             \nZonder cijfers: Vertrouwen.\n"
        );
    }

    #[test]
    fn the_mean_of_a_group_stands_under_each_figure_and_in_columns_of_tsv() {
        let profile = response();
        let group = GroupRef {
            id: "old_towns".to_owned(),
            name: Some(LocalizedText {
                nl: "Oude steden".to_owned(),
                en: "Old towns".to_owned(),
            }),
        };
        let standing = GroupStanding {
            group: Some(group.clone()),
            status: ItemStatus::Ok.into(),
            standing: Some(Standing {
                position: 300,
                ties: 1,
                place_share: 299.5 / 337.0,
                verdict: Verdict::Unfavourable.into(),
                grade: Some(5.3),
            }),
            grade_approximate: true,
            ..Default::default()
        };
        let response = CompareGroupsResponse {
            comparisons: vec![GroupComparison {
                ranking: profile.rows[0].ranking.clone(),
                groups: vec![standing],
                ..Default::default()
            }],
            ..Default::default()
        };
        let comparison = Comparison { group, response };
        let answer = answer(&profile, Some(&comparison), &Themes::default(), Language::En);
        assert_eq!(
            table::plain(&answer, Language::En),
            "Helmond (GM0794) against the mean of Old towns: published, 2024\n\n\
             indicator         position  verdict            grade  against group\n\
             ────────────────────────────────────────────────────────────────────\n\
             Little violence  337 / 337  very unfavourable    3.5  behind\n\
             \u{20} Old towns      300 / 337  unfavourable         5.3\n\
             \nOf 1 judged indicator ahead on 0, behind on 1, equal on 0.\n\
             Without figures: Trust.\n"
        );
        let text = tsv::write(&answer.sheet);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(
            lines[1].ends_with(
                "\ttrue\t\tbehind\told_towns\tOld towns\t300\t0.8887240356083086\tunfavourable\t5.3\ttrue\t\t\t\t"
            ),
            "{}",
            lines[1]
        );
        let keys: Vec<&str> = answer.messages.iter().map(|message| message.key).collect();
        assert_eq!(keys, ["profile", "comparison"]);
    }
}
