//! `surroundings`: the region that flows make relevant to a municipality.

use groeikern_client::v1::{
    FlowPartner, GetRelevantRegionRequest, GetRelevantRegionResponse, RegionRef, RelevantMember,
};

use super::flows::{OfPartner, columns as columns_of_partners};
use crate::cli::{
    answer::{Answer, Part},
    arguments::Surroundings,
    exit::Failure,
    language::{Language, flows},
    ranked,
    session::Session,
    sheet::{Cell, Column, Sheet},
};

pub(super) async fn ask(session: &mut Session, arguments: &Surroundings) -> Result<Answer, Failure> {
    let region = session
        .region_of_flows(&arguments.region.join(" "), arguments.kind(), &arguments.period)
        .await?;
    let request = GetRelevantRegionRequest {
        edition: session.edition(),
        relevant_region: Some(arguments.around(region.code)),
    };
    let response = session.client.get_relevant_region(request).await?;
    Ok(answer(&response, session.language))
}

fn answer(response: &GetRelevantRegionResponse, language: Language) -> Answer {
    let town = response.region.clone().unwrap_or_default();
    let table = response.table.clone().unwrap_or_default();
    let rows: Vec<Row> = response
        .members
        .iter()
        .map(|member| Row {
            asked: town.code.clone(),
            partner: member.partner.clone().unwrap_or_default(),
            member: member.clone(),
        })
        .collect();
    let gross = rows.len();
    let net = gross - usize::from(response.dominant.is_some());
    let shares = (response.share, response.reached_share);
    let reach = flows::reach(language, shares, (gross, net), response.dominant.as_ref());
    Answer::new(
        "GetRelevantRegionResponse",
        response,
        Sheet::of(&rows, &columns(), language),
    )
    .titled(flows::relevant_region(language, &town, &table))
    .below([
        Part::Sentence(reach),
        Part::Facts(flows::facts(language, &response.balance.unwrap_or_default())),
    ])
    .quoting(response.metadata.as_ref())
}

/// A municipality of the region.
struct Row {
    asked: String,
    partner: FlowPartner,
    member: RelevantMember,
}

impl ranked::OfRegion for Row {
    fn region(&self) -> Option<&RegionRef> {
        self.partner.region.as_ref()
    }
}

impl OfPartner for Row {
    fn asked(&self) -> &str {
        &self.asked
    }

    fn partner(&self) -> &FlowPartner {
        &self.partner
    }

    fn cumulates(&self) -> bool {
        !self.member.beyond_share
    }
}

fn columns() -> Vec<Column<Row>> {
    let mut columns = columns_of_partners();
    columns.extend([
        Column::new("is_dominant", flows::DOMINANT, |row: &Row, _| {
            Cell::flag(row.member.is_dominant)
        }),
        Column::new("beyond_share", flows::BEYOND, |row: &Row, _| {
            Cell::flag(row.member.beyond_share)
        }),
    ]);
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::tsv;

    #[test]
    fn a_dominant_municipality_beyond_the_share_adds_up_with_nothing() {
        let member = |code: &str, cumulative_share, beyond_share| RelevantMember {
            partner: Some(FlowPartner {
                region: Some(RegionRef {
                    code: code.to_owned(),
                    name: code.to_owned(),
                }),
                share: 0.125,
                cumulative_share,
                ..Default::default()
            }),
            is_dominant: beyond_share,
            beyond_share,
        };
        let response = GetRelevantRegionResponse {
            members: vec![member("GM7001", 0.625, false), member("GM7002", 0.875, true)],
            ..Default::default()
        };
        let text = tsv::write(&answer(&response, Language::En).sheet);
        let column = |name: &str| -> Vec<&str> {
            let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
            let head = lines.next().expect("a head");
            let place = head.iter().position(|found| *found == name).expect("the column");
            lines.map(|row| row[place]).collect()
        };
        assert_eq!(column("cumulative_share"), ["0.625", ""], "{text}");
        assert_eq!(column("share"), ["0.125", "0.125"]);
    }
}
