//! `profile`: how one municipality does on every indicator.

use groeikern_client::v1::{
    GetProfileRequest, GetProfileResponse, IndicatorRef, ItemStatus, ProfileRow, RankingSummary, RegionRef,
    Standing,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Profile,
    exit::Failure,
    language::{Language, Phrase, headings, sentences},
    ranked::{self, Ranked},
    session::Session,
    sheet::{Cell, Column, Sheet},
    themes::{Place, Themes},
};

/// One indicator of the profile with what all rows share.
struct Row {
    region: RegionRef,
    ranking: RankingSummary,
    indicator: IndicatorRef,
    place: Place,
    row: ProfileRow,
}

impl Ranked for Row {
    fn ranking(&self) -> &RankingSummary {
        &self.ranking
    }

    fn standing(&self) -> Option<&Standing> {
        self.row.standing.as_ref()
    }

    fn status(&self) -> ItemStatus {
        self.row.status()
    }
}

fn columns() -> Vec<Column<Row>> {
    let mut columns = vec![
        Column::tsv_only("region_code", |row: &Row, _| Cell::text(&row.region.code)),
        Column::tsv_only("region", |row, _| Cell::text(&row.region.name)),
        Column::tsv_only("theme_id", |row, _| Cell::text(&row.indicator.theme_id)),
        Column::tsv_only("theme", |row, language| {
            Cell::localized(row.place.theme.as_ref(), language)
        }),
        Column::tsv_only("block_id", |row, _| Cell::text(&row.indicator.block_id)),
        Column::tsv_only("block", |row, language| {
            Cell::localized(row.place.block.as_ref(), language)
        }),
        Column::tsv_only("indicator_id", |row, _| Cell::text(&row.indicator.id)),
        Column::new("indicator", headings::INDICATOR, |row, language| {
            Cell::localized(row.indicator.name.as_ref(), language)
        }),
        Column::tsv_only("kind", |row, language| Cell::word(row.indicator.kind(), language)),
        Column::tsv_only("status", |row, language| Cell::word(row.row.status(), language)),
    ];
    columns.extend(ranked::standing());
    columns.extend([
        Column::new("value", headings::VALUE, |row: &Row, _| {
            Cell::number(row.row.value, row.ranking.decimals)
        }),
        Column::new("unit", Phrase::new("", ""), |row, language| {
            Cell::localized(row.ranking.unit.as_ref(), language)
        }),
        Column::new("observation_status", Phrase::new("", ""), |row, language| {
            Cell::word(row.row.observation_status(), language)
        }),
    ]);
    columns.extend(ranked::origin());
    columns.push(ranked::column_inferred());
    columns
}

pub(super) async fn ask(session: &mut Session, arguments: &Profile) -> Result<Answer, Failure> {
    let region = session.region(&arguments.region.join(" ")).await?;
    let themes = session.themes().await?;
    let mut theme_ids = Vec::new();
    for typed in &arguments.themes {
        theme_ids.push(session.theme(typed, &themes).await?);
    }
    let request = GetProfileRequest {
        edition: session.edition(),
        region_code: region.code,
        theme_ids,
        ..Default::default()
    };
    let response = session.client.get_profile(request).await?;
    Ok(answer(&response, &themes, session.language))
}

fn answer(response: &GetProfileResponse, themes: &Themes, language: Language) -> Answer {
    let region = response.region.clone().unwrap_or_default();
    let rows: Vec<Row> = response
        .rows
        .iter()
        .map(|row| {
            let ranking = row.ranking.clone().unwrap_or_default();
            let indicator = ranking.indicator.clone().unwrap_or_default();
            let place = themes.place(&indicator.theme_id, &indicator.block_id);
            Row {
                region: region.clone(),
                ranking,
                indicator,
                place,
                row: row.clone(),
            }
        })
        .collect();
    // A figure that is withheld has a row of its own: that is more than having none.
    let without = |row: &Row| row.row.standing.is_none() && row.row.status() != ItemStatus::Suppressed;
    let names: Vec<&str> = rows
        .iter()
        .filter(|row| without(row))
        .map(|row| language.of(row.indicator.name.as_ref()))
        .collect();
    let remark = sentences::without_figures(language, &names);
    let sheet = Sheet::of(&rows, &columns(), language)
        .titled(&rows, |row| row.place.titles(language))
        .without_in_table(&rows, without);
    Answer::new("GetProfileResponse", response, sheet)
        .titled(format!("{} ({})", region.name, region.code))
        .below([Part::Sentence(remark)])
        .quoting(response.metadata.as_ref())
        .among(
            rows.iter()
                .filter(|row| row.row.standing.is_some())
                .map(|row| row.ranking.n),
        )
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{Basis, GradeMethod, IndicatorKind, LocalizedText, Verdict};

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
            tsv::write(&answer(&response(), &Themes::default(), Language::En).sheet),
            "region_code\tregion\ttheme_id\ttheme\tblock_id\tblock\tindicator_id\tindicator\tkind\tstatus\tposition\tn\t\
             ties\tplace_share\tverdict\tgrade\tgrade_method\tvalue\tunit\tobservation_status\tbasis\tperiod\tknown\t\
             source_id\tfigure\tcolumn_inferred\n\
             GM0794\tHelmond\tsafety\t\t\t\tlow_violence\tLittle violence\tjudgement\tok\t337\t337\t\
             1\t0.9985163204747775\tvery_unfavourable\t3.526123456789\tnormal_score\t\t\t\tpublished\t2024\t7\t\
             \t\ttrue\n\
             GM0794\tHelmond\tsafety\t\t\t\ttrust\tTrust\tjudgement\tno_data\t\t\t\
             \t\t\t\t\t\t\t\t\t\t\t\t\tfalse\n"
        );
    }

    #[test]
    fn a_table_shows_n_and_counts_what_it_leaves_out() {
        assert_eq!(
            table::plain(
                &answer(&response(), &Themes::default(), Language::Nl),
                Language::Nl
            ),
            "Helmond (GM0794)\n\n\
             indicator        positie  oordeel         cijfer\n\
             ─────────────────────────────────────────────────\n\
             Weinig geweld  337 / 337  zeer ongunstig     3,5\n\
             \nZonder cijfers: Vertrouwen.\n"
        );
    }
}
