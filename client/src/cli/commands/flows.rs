//! `flows`: who comes to a municipality and who leaves it; without one, which flows there are.

use groeikern_client::v1::{
    CategoryBalance, FlowCategory, FlowPartner, FlowTable, GetFlowBalanceRequest, GetFlowBalanceResponse,
    ListFlowTablesRequest, ListFlowTablesResponse, RegionRef,
};

use crate::cli::{
    answer::{Answer, Part},
    arguments::Flows,
    exit::Failure,
    language::{Language, flows, headings},
    ranked,
    session::Session,
    sheet::{Cell, Column, Sheet},
};

pub(super) async fn ask(session: &mut Session, arguments: &Flows) -> Result<Answer, Failure> {
    if arguments.region.is_empty() {
        let request = ListFlowTablesRequest {
            edition: session.edition(),
        };
        let response = session.client.list_flow_tables(request).await?;
        return Ok(tables(&response, session.language));
    }
    let region = session
        .region_of_flows(&arguments.region.join(" "), arguments.kind(), &arguments.period)
        .await?;
    let request = GetFlowBalanceRequest {
        edition: session.edition(),
        region_code: region.code,
        kind: arguments.kind().into(),
        period: arguments.period.clone(),
        breakdown_id: arguments.breakdown.clone(),
        partners: arguments.partners.into(),
    };
    let response = session.client.get_flow_balance(request).await?;
    Ok(balance(&response, session.language))
}

/// Which flows there are.
fn tables(response: &ListFlowTablesResponse, language: Language) -> Answer {
    let breakdown = |table: &FlowTable| table.breakdown.clone().unwrap_or_default();
    let columns: Vec<Column<FlowTable>> = vec![
        Column::new("kind", flows::KIND, |table, language| {
            Cell::word(table.kind(), language)
        }),
        Column::new("period", headings::PERIOD, |table, _| Cell::text(&table.period)),
        Column::new("municipalities", headings::MUNICIPALITIES, |table, _| {
            Cell::Integer(table.municipalities.into())
        }),
        Column::new("pairs", flows::PAIRS, |table, _| {
            Cell::Integer(table.pairs.into())
        }),
        Column::new("persons", flows::PERSONS, |table, _| {
            Cell::number(Some(table.persons), 0)
        }),
        Column::new("persons_within", flows::WITHIN, |table, _| {
            Cell::number(table.persons_within, 0)
        }),
        Column::new("breakdown_id", flows::BREAKDOWN_ID, |table: &FlowTable, _| {
            Cell::text(table.breakdown.as_ref().map_or("", |found| &found.id))
        })
        .unbroken(),
        Column::new("source_id", headings::SOURCE, |table: &FlowTable, _| {
            Cell::text(&table.source_id)
        })
        .unbroken(),
    ];
    let sheet = Sheet::of(&response.tables, &columns, language);
    let parts = response.tables.iter().map(|table| {
        let categories = breakdown(table).categories;
        let names: Vec<&str> = categories
            .iter()
            .map(|category| language.of(category.name.as_ref()))
            .collect();
        if names.is_empty() {
            String::new()
        } else {
            format!(
                "{}: {}",
                language.of(breakdown(table).name.as_ref()),
                names.join(", ")
            )
        }
    });
    let none = response
        .tables
        .is_empty()
        .then(|| flows::none(language).to_owned());
    Answer::new("ListFlowTablesResponse", response, sheet)
        .below([Part::sentences(parts.chain(none))])
        .quoting(response.metadata.as_ref())
}

/// A row about a partner of the municipality that was asked about.
pub(super) trait OfPartner: ranked::OfRegion {
    /// The code of that municipality.
    fn asked(&self) -> &str;
    /// The partner.
    fn partner(&self) -> &FlowPartner;
    /// Whether its share and those above it add up to what it says: not where rows between them are left out.
    fn cumulates(&self) -> bool {
        true
    }
}

/// What a row says of a partner.
pub(super) fn columns<Row: OfPartner>() -> Vec<Column<Row>> {
    let mut columns = vec![Column::tsv_only("asked_region_code", |row: &Row, _| {
        Cell::text(row.asked())
    })];
    columns.extend(ranked::region());
    columns.extend([
        Column::new("incoming", flows::INCOMING, |row: &Row, _| {
            Cell::number(row.partner().incoming, 0)
        }),
        Column::new("outgoing", flows::OUTGOING, |row, _| {
            Cell::number(row.partner().outgoing, 0)
        }),
        Column::new("net", flows::NET, |row, _| {
            Cell::number(Some(row.partner().net), 0)
        }),
        Column::new("share", flows::SHARE, |row, _| Cell::Share(row.partner().share)),
        Column::new("cumulative_share", flows::CUMULATIVE, |row, _| {
            if row.cumulates() {
                Cell::Share(row.partner().cumulative_share)
            } else {
                Cell::Absent
            }
        }),
        Column::tsv_only("share_of_incoming", |row, _| {
            row.partner().share_of_incoming.map_or(Cell::Absent, Cell::Share)
        }),
        Column::tsv_only("share_of_outgoing", |row, _| {
            row.partner().share_of_outgoing.map_or(Cell::Absent, Cell::Share)
        }),
    ]);
    columns
}

/// A partner.
struct Row {
    asked: String,
    partner: FlowPartner,
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
}

/// A part of the people, of the municipality that was asked about.
struct PartRow {
    asked: String,
    part: CategoryBalance,
}

fn category(row: &PartRow) -> FlowCategory {
    row.part.category.clone().unwrap_or_default()
}

fn columns_of_parts() -> Vec<Column<PartRow>> {
    vec![
        Column::tsv_only("asked_region_code", |row: &PartRow, _| Cell::text(&row.asked)),
        Column::tsv_only("category_id", |row, _| Cell::text(category(row).id)),
        Column::new("category", headings::PART, |row, language| {
            Cell::localized(category(row).name.as_ref(), language)
        }),
        Column::new("incoming", flows::INCOMING, |row, _| {
            Cell::number(row.part.balance.map(|balance| balance.incoming), 0)
        }),
        Column::new("outgoing", flows::OUTGOING, |row, _| {
            Cell::number(row.part.balance.map(|balance| balance.outgoing), 0)
        }),
        Column::new("net", flows::NET, |row, _| {
            Cell::number(row.part.balance.map(|balance| balance.net), 0)
        }),
        Column::new("share_of_incoming", flows::SHARE_OF_INCOMING, |row, _| {
            row.part.share_of_incoming.map_or(Cell::Absent, Cell::Share)
        }),
        Column::new("share_of_outgoing", flows::SHARE_OF_OUTGOING, |row, _| {
            row.part.share_of_outgoing.map_or(Cell::Absent, Cell::Share)
        }),
        Column::new("within", flows::WITHIN, |row, _| {
            Cell::number(row.part.balance.and_then(|balance| balance.within), 0)
        }),
    ]
}

/// Who comes and who leaves.
fn balance(response: &GetFlowBalanceResponse, language: Language) -> Answer {
    let region = response.region.clone().unwrap_or_default();
    let table = response.table.clone().unwrap_or_default();
    let found = response.balance.unwrap_or_default();
    let partners: Vec<Row> = response
        .partners
        .iter()
        .map(|partner| Row {
            asked: region.code.clone(),
            partner: partner.clone(),
        })
        .collect();
    let of_partners = Sheet::of(&partners, &columns(), language);
    let in_all = Part::Sentence(language.say(flows::IN_ALL).to_owned());
    let facts = Part::Facts(flows::facts(language, &found));
    let (sheet, below) = if response.categories.is_empty() {
        (of_partners, vec![in_all, facts])
    } else {
        let parts: Vec<PartRow> = response
            .categories
            .iter()
            .map(|part| PartRow {
                asked: region.code.clone(),
                part: part.clone(),
            })
            .collect();
        let listed = flows::largest_partners(language, partners.len(), found.partners);
        let mut below = vec![in_all, facts];
        if !partners.is_empty() {
            below.extend([Part::Sentence(listed), Part::Sheet(of_partners)]);
        }
        (Sheet::of(&parts, &columns_of_parts(), language), below)
    };
    Answer::new("GetFlowBalanceResponse", response, sheet)
        .titled(flows::in_and_out(language, &region, &table))
        .below(below)
        .quoting(response.metadata.as_ref())
}

#[cfg(test)]
mod tests;
