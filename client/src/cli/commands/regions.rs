//! `regions`: the municipalities, or those of one group.

use groeikern_client::v1::{
    CoropArea, ListRegionsRequest, ListRegionsResponse, Province, Region, Succession,
};

use super::BETWEEN_NAMES;
use crate::cli::{
    answer::Answer,
    arguments::Regions,
    exit::Failure,
    language::{Language, headings, regions},
    pages::{LARGEST_PAGE, whole},
    session::Session,
    sheet::{Cell, Column, Sheet},
};

const COLUMNS: [Column<Region>; 15] = [
    Column::new("region_code", headings::CODE, |region: &Region, _| {
        Cell::text(&region.code)
    })
    .unbroken(),
    Column::new("region", headings::MUNICIPALITY, |region, _| {
        Cell::text(&region.name)
    }),
    Column::tsv_only("level", |region, language| Cell::word(region.level(), language)),
    Column::tsv_only("valid_from", |region, _| Cell::text(&region.valid_from)),
    Column::new("valid_to", headings::UNTIL, |region, _| {
        Cell::text(&region.valid_to)
    }),
    Column::tsv_only("successor_codes", |region, _| codes(&region.successors)),
    Column::new("successors", headings::SUCCESSORS, |region, _| {
        names(&region.successors)
    }),
    Column::tsv_only("predecessor_codes", |region, _| codes(&region.predecessors)),
    Column::tsv_only("predecessors", |region, _| names(&region.predecessors)),
    Column::new("aliases", headings::ALIASES, |region, _| {
        Cell::text(region.aliases.join(BETWEEN_NAMES))
    }),
    Column::tsv_only("group_ids", |region, _| {
        Cell::text(region.group_ids.join(BETWEEN_NAMES))
    }),
    Column::tsv_only("province_code", |region, _| {
        province(region, |province| &province.code)
    }),
    Column::new("province", regions::PROVINCE, |region, _| {
        province(region, |province| &province.name)
    }),
    Column::tsv_only("corop_code", |region, _| corop(region, |area| &area.code)),
    Column::tsv_only("corop", |region, _| corop(region, |area| &area.name)),
];

fn province(region: &Region, part: fn(&Province) -> &str) -> Cell {
    region
        .province
        .as_ref()
        .map_or(Cell::Absent, |province| Cell::text(part(province)))
}

fn corop(region: &Region, part: fn(&CoropArea) -> &str) -> Cell {
    region
        .corop
        .as_ref()
        .map_or(Cell::Absent, |area| Cell::text(part(area)))
}

fn codes(steps: &[Succession]) -> Cell {
    joined(steps, |region| &region.code)
}

fn names(steps: &[Succession]) -> Cell {
    joined(steps, |region| &region.name)
}

fn joined(steps: &[Succession], part: fn(&groeikern_client::v1::RegionRef) -> &str) -> Cell {
    let parts: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.region.as_ref())
        .map(part)
        .collect();
    Cell::text(parts.join(BETWEEN_NAMES))
}

pub(super) async fn ask(session: &mut Session, arguments: &Regions) -> Result<Answer, Failure> {
    let group_id = match &arguments.group {
        Some(typed) => session.group(typed).await?.id,
        None => String::new(),
    };
    let request = ListRegionsRequest {
        edition: session.edition(),
        group_id,
        include_former: arguments.all,
        province: arguments.province.clone().unwrap_or_default(),
        corop: arguments.corop.clone().unwrap_or_default(),
        borders: arguments.borders.clone().unwrap_or_default(),
        page_size: LARGEST_PAGE,
        ..Default::default()
    };
    let response = whole(session.client.list_regions_pages(request)).await?;
    Ok(answer(&response, session.language))
}

fn answer(response: &ListRegionsResponse, language: Language) -> Answer {
    let sheet = Sheet::of(&response.regions, &COLUMNS, language);
    Answer::new("ListRegionsResponse", response, sheet).quoting(response.metadata.as_ref())
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{RegionLevel, RegionRef};

    use super::*;
    use crate::cli::{table, tsv};

    fn response() -> ListRegionsResponse {
        let region = |code: &str, name: &str| Region {
            code: code.to_owned(),
            name: name.to_owned(),
            level: RegionLevel::Municipality.into(),
            ..Default::default()
        };
        ListRegionsResponse {
            regions: vec![
                Region {
                    valid_to: "2015-01-01".to_owned(),
                    successors: vec![Succession {
                        region: Some(RegionRef {
                            code: "GM1930".to_owned(),
                            name: "Nissewaard".to_owned(),
                        }),
                        ..Default::default()
                    }],
                    ..region("GM0612", "Spijkenisse")
                },
                Region {
                    aliases: vec!["Den Haag".to_owned(), "The Hague".to_owned()],
                    group_ids: vec!["dominant_municipalities".to_owned()],
                    province: Some(Province {
                        code: "PV28".to_owned(),
                        name: "Zuid-Holland".to_owned(),
                    }),
                    corop: Some(CoropArea {
                        code: "NL332".to_owned(),
                        name: "Den Haag en omgeving".to_owned(),
                        inferred: false,
                    }),
                    ..region("GM0518", "'s-Gravenhage")
                },
            ],
            ..Default::default()
        }
    }

    #[test]
    fn every_column_is_in_tsv() {
        assert_eq!(
            tsv::write(&answer(&response(), Language::Nl).sheet),
            "region_code\tregion\tlevel\tvalid_from\tvalid_to\tsuccessor_codes\tsuccessors\tpredecessor_codes\t\
             predecessors\taliases\tgroup_ids\tprovince_code\tprovince\tcorop_code\tcorop\n\
             GM0612\tSpijkenisse\tmunicipality\t\t2015-01-01\tGM1930\tNissewaard\t\t\t\t\t\t\t\t\n\
             GM0518\t's-Gravenhage\tmunicipality\t\t\t\t\t\t\tDen Haag; The Hague\tdominant_municipalities\tPV28\t\
             Zuid-Holland\tNL332\tDen Haag en omgeving\n"
        );
    }

    #[test]
    fn a_table_leaves_out_what_no_row_has() {
        let mut response = response();
        response.regions.remove(0);
        let table = table::plain(&answer(&response, Language::Nl), Language::Nl);
        assert!(
            table.starts_with("code    gemeente       ook genoemd          provincie\n"),
            "{table}"
        );
    }
}
