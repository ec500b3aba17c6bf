//! `similar`: the municipalities most like one.

use groeikern_client::v1::{
    FindSimilarRegionsRequest, FindSimilarRegionsResponse, GroupRef, IndicatorRef, RegionRef, SimilarRegion,
    UnusedReason, WeightedIndicator,
};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::{Answer, Part},
    arguments::Similar,
    exit::Failure,
    language::{Language, headings, sentences, suppositions, words::Word},
    session::Session,
    sheet::{Cell, Column, Sheet, Show},
};

/// Indicators that a table names beside a neighbour.
const NAMED: usize = 2;

/// One neighbour.
struct Row {
    asked: RegionRef,
    compared: u32,
    near: SimilarRegion,
    /// What parts the two most, in words.
    apart: String,
}

fn columns() -> Vec<Column<Row>> {
    vec![
        Column::tsv_only("asked_region_code", |row: &Row, _| Cell::text(&row.asked.code)),
        Column::new("position", headings::POSITION, |row, _| Cell::Of {
            part: row.near.position,
            whole: row.compared,
        }),
        Column::tsv_only("compared", |row, _| Cell::Integer(row.compared.into())),
        Column::new("region_code", headings::CODE, |row, _| {
            let region = row.near.region.as_ref();
            region.map_or(Cell::Absent, |region| Cell::text(&region.code))
        }),
        Column::new("region", headings::MUNICIPALITY, |row, _| {
            let region = row.near.region.as_ref();
            region.map_or(Cell::Absent, |region| Cell::text(&region.name))
        }),
        Column::new("distance", headings::DISTANCE, |row, _| {
            Cell::number(Some(row.near.distance), 2)
        }),
        Column::new("shared_weight", headings::SHARED_WEIGHT, |row: &Row, _| {
            Cell::Share(row.near.shared_weight)
        })
        .shown(Show::Varied),
        Column::table_only(headings::DIFFERS_IN, |row, _| Cell::text(&row.apart)),
        // Not rounded, for scripts: every indicator with its share of the squared distance.
        Column::tsv_only("shares", |row, _| {
            let shares = row.near.contributions.iter();
            let shares = shares.map(|part| format!("{}={}", part.indicator_id, part.share));
            Cell::text(shares.collect::<Vec<_>>().join(BETWEEN_NAMES))
        }),
    ]
}

pub(super) async fn ask(session: &mut Session, arguments: &Similar) -> Result<Answer, Failure> {
    let period = arguments.figures.period();
    let region = session.region_in(&arguments.region.join(" "), &period).await?;
    let mut indicators = Vec::new();
    for typed in &arguments.indicators {
        indicators.push(WeightedIndicator {
            indicator_id: session.indicator(&typed.indicator).await?,
            weight: typed.weight,
        });
    }
    let mut theme_ids = Vec::new();
    if !arguments.themes.is_empty() {
        let themes = session.themes().await?;
        for typed in &arguments.themes {
            let id = session.theme(typed, &themes).await?;
            if !theme_ids.contains(&id) {
                theme_ids.push(id);
            }
        }
    }
    let group = match &arguments.within {
        Some(typed) => Some(session.group(typed).await?),
        None => None,
    };
    let request = FindSimilarRegionsRequest {
        edition: session.edition(),
        region_code: region.code,
        indicators,
        theme_ids,
        basis: arguments.figures.basis().into(),
        period,
        limit: arguments.limit.into(),
        group_id: group.as_ref().map(|group| group.id.clone()).unwrap_or_default(),
    };
    let response = session.client.find_similar_regions(request).await?;
    Ok(answer(&response, group.as_ref(), session.language))
}

fn answer(response: &FindSimilarRegionsResponse, group: Option<&GroupRef>, language: Language) -> Answer {
    let asked = response.region.clone().unwrap_or_default();
    let rows: Vec<Row> = response
        .neighbours
        .iter()
        .map(|near| Row {
            asked: asked.clone(),
            compared: response.compared,
            apart: apart(response, near, language),
            near: near.clone(),
        })
        .collect();
    let within = group.map(|group| sentences::members_of(language, language.of(group.name.as_ref())));
    let title = suppositions::most_like(language, &asked) + &within.unwrap_or_default();
    let mut remarks = vec![
        suppositions::compared_by(language, response.indicators.len(), response.compared),
        suppositions::not_comparable(language, response.not_comparable),
    ];
    remarks.extend(without(response, language));
    Answer::new(
        "FindSimilarRegionsResponse",
        response,
        Sheet::of(&rows, &columns(), language),
    )
    .titled(title)
    .below([Part::sentences(remarks)])
    .quoting(response.metadata.as_ref())
}

/// The indicators in which a neighbour differs most, with their share of the squared distance.
fn apart(response: &FindSimilarRegionsResponse, near: &SimilarRegion, language: Language) -> String {
    let mut parts: Vec<_> = near
        .contributions
        .iter()
        .filter(|part| part.share > 0.0)
        .collect();
    parts.sort_by(|a, b| b.share.total_cmp(&a.share)); // equal shares stay in the order of the indicators
    let indicators = || {
        response
            .indicators
            .iter()
            .filter_map(|of| of.ranking.as_ref()?.indicator.as_ref())
    };
    let named = parts.iter().take(NAMED).map(|part| {
        let indicator = indicators().find(|indicator| indicator.id == part.indicator_id);
        let name = indicator.map_or(part.indicator_id.as_str(), |indicator| {
            language.of(indicator.name.as_ref())
        });
        format!("{name} {}%", language.number(part.share * 100.0, 0))
    });
    named.collect::<Vec<_>>().join(", ")
}

/// A sentence for every reason why indicators were not compared by.
fn without(response: &FindSimilarRegionsResponse, language: Language) -> Vec<String> {
    let mut by_reason: Vec<(UnusedReason, Vec<&IndicatorRef>)> = Vec::new();
    for unused in &response.unused {
        let indicator = unused.indicator.iter();
        match by_reason
            .iter_mut()
            .find(|(reason, _)| *reason == unused.reason())
        {
            Some((_, indicators)) => indicators.extend(indicator),
            None => by_reason.push((unused.reason(), indicator.collect())),
        }
    }
    let sentence = |(reason, indicators): (UnusedReason, Vec<&IndicatorRef>)| {
        let names: Vec<&str> = indicators
            .iter()
            .map(|indicator| language.of(indicator.name.as_ref()))
            .collect();
        suppositions::left_out(language, language.say(reason.shown()), &names)
    };
    by_reason.into_iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{
        LocalizedText, RankingSummary, SimilarityContribution, SimilarityIndicator, UnusedIndicator,
    };

    use super::*;
    use crate::cli::{table, tsv};

    fn indicator(id: &str, nl: &str, en: &str) -> Option<IndicatorRef> {
        Some(IndicatorRef {
            id: id.to_owned(),
            name: Some(LocalizedText {
                nl: nl.to_owned(),
                en: en.to_owned(),
            }),
            ..Default::default()
        })
    }

    fn region(code: &str, name: &str) -> Option<RegionRef> {
        Some(RegionRef {
            code: code.to_owned(),
            name: name.to_owned(),
        })
    }

    fn response() -> FindSimilarRegionsResponse {
        let used = |indicator| SimilarityIndicator {
            ranking: Some(RankingSummary {
                indicator,
                ..Default::default()
            }),
            ..Default::default()
        };
        let part = |id: &str, share| SimilarityContribution {
            indicator_id: id.to_owned(),
            share,
            ..Default::default()
        };
        let near = |region, position, distance, parts: &[(&str, f64)]| SimilarRegion {
            region,
            position,
            distance,
            shared_weight: 1.0,
            contributions: parts.iter().map(|(id, share)| part(id, *share)).collect(),
        };
        let unused = |indicator, reason: UnusedReason| UnusedIndicator {
            indicator,
            reason: reason.into(),
        };
        FindSimilarRegionsResponse {
            region: region("GM0637", "Zoetermeer"),
            neighbours: vec![
                near(
                    region("GM0034", "Almere"),
                    1,
                    0.0,
                    &[("theft", 0.0), ("trust", 0.0)],
                ),
                near(
                    region("GM0794", "Helmond"),
                    2,
                    1.25,
                    &[("theft", 0.25), ("trust", 0.75)],
                ),
            ],
            indicators: vec![
                used(indicator("theft", "Diefstal", "Theft")),
                used(indicator("trust", "Vertrouwen", "Trust")),
            ],
            unused: vec![
                unused(indicator("a", "A", "A"), UnusedReason::PublishedOnly),
                unused(indicator("b", "B", "B"), UnusedReason::NoVariation),
                unused(indicator("c", "C", "C"), UnusedReason::PublishedOnly),
            ],
            compared: 30,
            not_comparable: 1,
            listable: 30,
            ..Default::default()
        }
    }

    #[test]
    fn a_table_says_what_parts_them_and_what_was_left_out() {
        assert_eq!(
            table::plain(&answer(&response(), None, Language::En), Language::En),
            "Most like Zoetermeer (GM0637)\n\n\
             position  code    municipality  distance  differs most in\n\
             ───────────────────────────────────────────────────────────────\n\
             \u{20} 1 / 30  GM0034  Almere            0.00\n\
             \u{20} 2 / 30  GM0794  Helmond           1.25  Trust 75%, Theft 25%\n\
             \nCompared by 2 indicators with 30 municipalities.\n\
             1 municipality shares less than two thirds of the weight and is not compared.\n\
             Left out, published positions only: A, C.\n\
             Left out, the same everywhere: B.\n"
        );
    }

    #[test]
    fn tsv_rounds_nothing() {
        let text = tsv::write(&answer(&response(), None, Language::Nl).sheet);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "asked_region_code\tposition\tcompared\tregion_code\tregion\tdistance\tshared_weight\tshares"
        );
        assert_eq!(
            lines[2],
            "GM0637\t2\t30\tGM0794\tHelmond\t1.25\t1\ttheft=0.25; trust=0.75"
        );
    }
}
