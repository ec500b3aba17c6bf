//! `recommend`: what the report advises, and how far the figures of a municipality or group point to it.

mod sections;

use groeikern_client::v1::{
    Advice, GroupRef, RecommendRequest, RecommendResponse, RegionRef, RegionSelection, RegionSet,
    RelevantRegion, ThemeSeverity, recommend_request, recommend_response::Subject as Advised,
};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::Answer,
    arguments::{Recommend, Scope},
    exit::Failure,
    language::{Language, headings, sentences},
    names::ForWhom,
    session::Session,
    sheet::{Cell, Column, Sheet},
};

/// Decimals of severities in tables.
const DECIMALS: u32 = 2;
/// Decimals of needs: as many as it takes to see on which side of a class they are.
const NEED_DECIMALS: u32 = 3;

/// One recommendation with whom it is for.
struct Row {
    subject_id: String,
    advice: Advice,
}

const COLUMNS: [Column<Row>; 22] = [
    Column::tsv_only("subject_id", |row, _| Cell::text(&row.subject_id)),
    Column::tsv_only("recommendation_id", |row, _| {
        row.advice
            .recommendation
            .as_ref()
            .map_or(Cell::Absent, |recommendation| Cell::text(&recommendation.id))
    }),
    Column::new("number", headings::NUMBER, |row, _| {
        Cell::text(sections::number(&row.advice))
    }),
    Column::new("recommendation", headings::RECOMMENDATION, |row, language| {
        Cell::text(sections::title(&row.advice, language))
    }),
    Column::new("addressee", headings::ADDRESSEE, |row, language| {
        row.advice
            .recommendation
            .as_ref()
            .map_or(Cell::Absent, |recommendation| {
                Cell::word(recommendation.addressee(), language)
            })
    }),
    Column::new("class", headings::CLASS, |row, language| {
        Cell::word(row.advice.recommendation_class(), language)
    }),
    Column::tsv_only("class_by_need", |row, language| {
        Cell::word(row.advice.recommendation_class_by_need(), language)
    }),
    Column::new("need", headings::NEED, |row, _| {
        Cell::number(row.advice.need, NEED_DECIMALS)
    }),
    Column::new("coverage", headings::COVERAGE, |row, _| {
        Cell::Share(row.advice.coverage)
    }),
    Column::tsv_only("evidence", |row, _| count(&row.advice.evidence)),
    Column::tsv_only("counter_evidence", |row, _| count(&row.advice.counter_evidence)),
    Column::tsv_only("indicators_without_data", |row, _| {
        count(&row.advice.indicators_without_data)
    }),
    Column::tsv_only("unmeasured_factors", |row, _| {
        count(&row.advice.unmeasured_factors)
    }),
    Column::tsv_only("trigger_id", |row, _| {
        row.advice
            .triggers
            .first()
            .map_or(Cell::Absent, |trigger| Cell::text(&trigger.id))
    }),
    Column::tsv_only("trigger_state", |row, language| {
        row.advice
            .triggers
            .first()
            .map_or(Cell::Absent, |trigger| Cell::word(trigger.state(), language))
    }),
    Column::tsv_only("peer_group_id", |row, _| {
        let group = row.advice.peer_need.as_ref().and_then(|peer| peer.group.as_ref());
        group.map_or(Cell::Absent, |group| Cell::text(&group.id))
    }),
    Column::tsv_only("peer_class", |row, language| {
        row.advice.peer_need.as_ref().map_or(Cell::Absent, |peer| {
            Cell::word(peer.recommendation_class(), language)
        })
    }),
    Column::new("peer_need", headings::PEER_NEED, |row, _| {
        Cell::number(
            row.advice.peer_need.as_ref().and_then(|peer| peer.need),
            NEED_DECIMALS,
        )
    }),
    Column::tsv_only("peer_coverage", |row, _| {
        row.advice
            .peer_need
            .as_ref()
            .map_or(Cell::Absent, |peer| Cell::Share(peer.coverage))
    }),
    Column::tsv_only("surroundings_class", |row, language| {
        row.advice
            .surroundings_need
            .as_ref()
            .map_or(Cell::Absent, |around| {
                Cell::word(around.recommendation_class(), language)
            })
    }),
    Column::new("surroundings_need", headings::SURROUNDINGS_NEED, |row, _| {
        let around = row.advice.surroundings_need.as_ref();
        Cell::number(around.and_then(|around| around.need), NEED_DECIMALS)
    }),
    Column::tsv_only("surroundings_coverage", |row, _| {
        row.advice
            .surroundings_need
            .as_ref()
            .map_or(Cell::Absent, |around| Cell::Share(around.coverage))
    }),
];

fn count<T>(items: &[T]) -> Cell {
    Cell::Integer(u64::try_from(items.len()).unwrap_or(u64::MAX))
}

pub(super) async fn ask(session: &mut Session, arguments: &Recommend) -> Result<Answer, Failure> {
    let subject = match session.for_whom(&arguments.for_whom).await? {
        ForWhom::Region(code) => recommend_request::Subject::RegionCode(code),
        ForWhom::Group(id) => recommend_request::Subject::GroupId(id),
        ForWhom::Regions(region_codes) => {
            recommend_request::Subject::Regions(RegionSelection { region_codes })
        }
    };
    let theme_id = match &arguments.theme {
        Some(typed) => {
            let themes = session.themes().await?;
            session.theme(typed, &themes).await?
        }
        None => String::new(),
    };
    let peer_group_id = match &arguments.against {
        Some(typed) => session.group(typed).await?.id,
        None => String::new(),
    };
    let region_codes = session.codes(&arguments.around).await?;
    let relevant_region = match arguments.surroundings {
        Some(scope) => Some(around(session, arguments, &subject, scope).await?),
        None => None,
    };
    let request = RecommendRequest {
        edition: session.edition(),
        subject: Some(subject),
        basis: arguments.figures.basis().into(),
        peer_group_id,
        addressee: arguments.addressee().into(),
        theme_id,
        minimum_class: arguments.minimum().into(),
        surroundings: (!region_codes.is_empty()).then_some(RegionSelection { region_codes }),
        relevant_region,
    };
    let response = session.client.recommend(request).await?;
    Ok(answer(&response, session.language))
}

/// The region around the subject, which has to be a municipality, as flows know it in their period.
async fn around(
    session: &mut Session,
    arguments: &Recommend,
    subject: &recommend_request::Subject,
    scope: Scope,
) -> Result<RelevantRegion, Failure> {
    if !matches!(subject, recommend_request::Subject::RegionCode(_)) {
        return Err(Failure::NotOneMunicipality);
    }
    let (typed, by_flows) = (&arguments.for_whom, &arguments.by_flows);
    let name = match typed.regions.first() {
        Some(first) => first.clone(),
        None => typed.subject.join(" "),
    };
    let town = session
        .region_of_flows(&name, by_flows.kind(), by_flows.period())
        .await?;
    Ok(by_flows.around(town.code, scope))
}

fn answer(response: &RecommendResponse, language: Language) -> Answer {
    let (subject_id, subject) = subject(response, language);
    let rows: Vec<Row> = response
        .advice
        .iter()
        .map(|advice| Row {
            subject_id: subject_id.clone(),
            advice: advice.clone(),
        })
        .collect();
    let figures = response
        .advice
        .iter()
        .flat_map(|advice| advice.evidence.iter().chain(&advice.counter_evidence));
    let sheet = Sheet::of(&rows, &COLUMNS, language);
    let mut answer = Answer::new("RecommendResponse", response, sheet)
        .titled(sentences::recommendations_for(language, &subject))
        .below(sections::of(response, language))
        .quoting(response.metadata.as_ref())
        .among(
            figures
                .filter_map(|evidence| evidence.ranking.as_ref())
                .map(|ranking| ranking.n),
        );
    for advice in &response.advice {
        for caveat in &advice.caveats {
            answer = answer.with_caveat(caveat, &sections::number(advice));
        }
    }
    answer
}

/// The id of whom the advice is for, and how a title calls them.
fn subject(response: &RecommendResponse, language: Language) -> (String, String) {
    match &response.subject {
        Some(Advised::Region(region)) => of_region(region),
        Some(Advised::Group(group)) => of_group(group, language),
        Some(Advised::Regions(set)) => of_regions(set, language),
        None => Default::default(),
    }
}

/// How the themes fare, as rows.
pub(super) fn themes(themes: &[ThemeSeverity], language: Language) -> Sheet {
    Sheet::of(themes, &sections::THEMES, language)
}

/// The id of a municipality, and how a title calls it.
pub(super) fn of_region(region: &RegionRef) -> (String, String) {
    (region.code.clone(), format!("{} ({})", region.name, region.code))
}

/// The id of a group, and how a title calls its mean.
pub(super) fn of_group(group: &GroupRef, language: Language) -> (String, String) {
    let name = sentences::mean_of(language, language.of(group.name.as_ref()));
    (group.id.clone(), name)
}

/// The codes of municipalities, and how a title calls their mean.
pub(super) fn of_regions(set: &RegionSet, language: Language) -> (String, String) {
    let codes: Vec<&str> = set.regions.iter().map(|region| region.code.as_str()).collect();
    let names: Vec<&str> = set.regions.iter().map(|region| region.name.as_str()).collect();
    let name = sentences::mean_of(language, &sentences::all_of(language, &names));
    (codes.join(BETWEEN_NAMES), name)
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{
        Addressee, ContextFigure, Evidence, FactorRef, FactorScore, IndicatorRef, LocalizedText, Mechanism,
        MechanismCertainty, MechanismPath, RankingSummary, Recommendation, RecommendationClass, RegionRef,
        Standing, StatementBasis, TriggerOutcome, TriggerState, Verdict,
    };

    use super::*;
    use crate::cli::{table, tsv};

    fn name(nl: &str, en: &str) -> Option<LocalizedText> {
        Some(LocalizedText {
            nl: nl.to_owned(),
            en: en.to_owned(),
        })
    }

    fn evidence(nl: &str, en: &str, position: u32, verdict: Verdict, severity: f64) -> Evidence {
        Evidence {
            ranking: Some(RankingSummary {
                indicator: Some(IndicatorRef {
                    name: name(nl, en),
                    ..Default::default()
                }),
                n: 337,
                ..Default::default()
            }),
            standing: Some(Standing {
                position,
                ties: 1,
                verdict: verdict.into(),
                ..Default::default()
            }),
            severity,
            share: 0.5,
            ..Default::default()
        }
    }

    fn strong() -> Advice {
        let factor = |nl: &str, en: &str| {
            Some(FactorRef {
                name: name(nl, en),
                ..Default::default()
            })
        };
        let neutral = evidence("Reistijd", "Travel time", 32, Verdict::VeryHigh, 0.0);
        Advice {
            recommendation: Some(Recommendation {
                id: "youth_facilities".to_owned(),
                addressee: Addressee::Municipality.into(),
                section: "8.2".to_owned(),
                number: 6,
                title: name("Geef jongeren plekken", "Give youth places"),
                summary: name("Maak plekken.", "Make places."),
                ..Default::default()
            }),
            recommendation_class: RecommendationClass::Strong.into(),
            recommendation_class_by_need: RecommendationClass::Moderate.into(),
            need: Some(0.591_234_5),
            coverage: 0.75,
            evidence: vec![evidence(
                "Schoolverlaters",
                "Dropouts",
                330,
                Verdict::VeryUnfavourable,
                0.9644,
            )],
            counter_evidence: vec![evidence("Sport", "Sports", 12, Verdict::VeryFavourable, 0.0)],
            context: vec![ContextFigure {
                ranking: neutral.ranking,
                standing: neutral.standing,
                factor_id: String::new(),
            }],
            factors: vec![FactorScore {
                factor: factor("Weinig plekken", "Few places"),
                caveat: name("Alleen grote.", "Large ones only."),
                ..Default::default()
            }],
            unmeasured_factors: factor("Weinig jongerenwerk", "Little youth work")
                .into_iter()
                .collect(),
            mechanism_paths: vec![MechanismPath {
                steps: vec![Mechanism {
                    cause: factor("Weinig plekken", "Few places"),
                    effect: factor("Overlast", "Nuisance"),
                    section: "6.1".to_owned(),
                    basis: vec![
                        StatementBasis::Literature.into(),
                        StatementBasis::Interviews.into(),
                    ],
                    certainty: MechanismCertainty::Presumed.into(),
                    ..Default::default()
                }],
                ..Default::default()
            }],
            triggers: vec![TriggerOutcome {
                id: "breadth".to_owned(),
                name: name("Breed ongunstig beeld", "Unfavourable across the board"),
                state: TriggerState::Fired.into(),
                least_class: RecommendationClass::Strong.into(),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    fn not_indicated() -> Advice {
        let many = |count| {
            (1..=count).map(|position| evidence("Groen", "Green", position, Verdict::VeryFavourable, 0.0))
        };
        Advice {
            recommendation: Some(Recommendation {
                id: "funding".to_owned(),
                addressee: Addressee::NationalGovernment.into(),
                section: "8.3".to_owned(),
                number: 2,
                title: name("Draag bij", "Contribute"),
                ..Default::default()
            }),
            recommendation_class: RecommendationClass::NotIndicated.into(),
            recommendation_class_by_need: RecommendationClass::NotIndicated.into(),
            need: Some(0.0),
            coverage: 1.0,
            counter_evidence: many(5).collect(),
            ..Default::default()
        }
    }

    fn response() -> RecommendResponse {
        RecommendResponse {
            subject: Some(Advised::Region(RegionRef {
                code: "GM1930".to_owned(),
                name: "Nissewaard".to_owned(),
            })),
            advice: vec![strong(), not_indicated()],
            ..Default::default()
        }
    }

    #[test]
    fn tsv_has_a_row_per_recommendation_and_rounds_nothing() {
        assert_eq!(
            tsv::write(&answer(&response(), Language::En).sheet),
            "subject_id\trecommendation_id\tnumber\trecommendation\taddressee\tclass\tclass_by_need\tneed\tcoverage\t\
             evidence\tcounter_evidence\tindicators_without_data\tunmeasured_factors\ttrigger_id\ttrigger_state\t\
             peer_group_id\tpeer_class\tpeer_need\tpeer_coverage\tsurroundings_class\tsurroundings_need\tsurroundings_coverage\n\
             GM1930\tyouth_facilities\t8.2.6\tGive youth places\tmunicipality\tstrong\tmoderate\t0.5912345\t0.75\t\
             1\t1\t0\t1\tbreadth\tfired\t\t\t\t\t\t\t\n\
             GM1930\tfunding\t8.3.2\tContribute\tnational_government\tnot_indicated\tnot_indicated\t0\t1\t\
             0\t5\t0\t0\t\t\t\t\t\t\t\t\t\n"
        );
    }

    #[test]
    fn what_is_indicated_is_argued_and_the_rest_is_short() {
        assert_eq!(
            table::plain(&answer(&response(), Language::En), Language::En),
            "Recommendations for Nissewaard (GM1930)

no     recommendation     for                  class           need  coverage
──────────────────────────────────────────────────────────────────────────────
8.2.6  Give youth places  municipality         strong         0.591       75%
8.3.2  Contribute         national government  not indicated  0.000      100%

8.2.6 Give youth places – strong
  what             Make places.

  in favour   position  verdict            severity  share
  ─────────────────────────────────────────────────────────
  Dropouts   330 / 337  very unfavourable      0.96    50%

  against          Sports 12 / 337
  not counted      Travel time 32 / 337 (very high)
  not measured     Little youth work
  works through    Few places
                   → Nuisance (section 6.1; literature, interviews; presumed)
  triggers         Unfavourable across the board: fired, gives at least strong
  bear in mind     Few places: Large ones only.

8.3.2 Contribute – not indicated
  against          Green 1 / 337; Green 2 / 337; Green 3 / 337; and 2 more
"
        );
    }

    #[test]
    fn the_same_in_dutch() {
        let table = table::plain(&answer(&response(), Language::Nl), Language::Nl);
        for line in [
            "Aanbevelingen voor Nissewaard (GM1930)",
            "8.2.6  Geef jongeren plekken  gemeente  sterk               0,591      75%",
            "  Schoolverlaters  330 / 337  zeer ongunstig   0,96      50%",
            "                   → Overlast (paragraaf 6.1; literatuur, interviews; vermoed)",
            "  pleit ertegen    Groen 1 / 337; Groen 2 / 337; Groen 3 / 337; en nog 2",
        ] {
            assert!(table.lines().any(|shown| shown == line), "{line}\n{table}");
        }
    }
}
