//! Which units can be ranked against each other.

use groeikern::v1;

use super::super::{Failure, lookup, render};
use crate::{
    domain::{Text, Vintage, municipalities_of},
    method::count,
    snapshot::{Among, Snapshot},
};

/// Every universe: those that the edition names, then the municipalities of each year with values, latest first.
pub(super) fn all(edition: &Snapshot) -> Vec<v1::Universe> {
    let years: Vec<&str> = edition.years().collect();
    let of_years = years.iter().rev().map(|year| of_year(edition, year));
    edition
        .universes
        .iter()
        .map(render::universe)
        .chain(of_years)
        .collect()
}

/// One universe with its units in a year; the latest of which they are known when none is asked for.
pub(super) fn one(
    edition: &Snapshot,
    request: &v1::GetUniverseRequest,
) -> Result<v1::GetUniverseResponse, Failure> {
    let asked = request.year.as_str();
    match lookup::among(edition, &request.universe_id)? {
        Among::Universe(place) => {
            let found = &edition.universes[place];
            let vintage = match asked {
                "" => found.vintages.last(),
                year => Some(
                    found
                        .vintage(year)
                        .ok_or_else(|| Failure::no_units_of(&found.id, year))?,
                ),
            };
            Ok(v1::GetUniverseResponse {
                metadata: None,
                universe: Some(render::universe(found)),
                year: vintage.map(|vintage| vintage.year.clone()).unwrap_or_default(),
                units: vintage.map(|vintage| units(edition, vintage)).unwrap_or_default(),
            })
        }
        Among::MunicipalitiesOf(year) if asked.is_empty() || asked == year => {
            let regions = edition.municipalities_of_year(year).into_iter();
            Ok(v1::GetUniverseResponse {
                metadata: None,
                universe: Some(of_year(edition, year)),
                year: year.to_owned(),
                units: regions
                    .map(|place| v1::UniverseUnit {
                        unit: render::region_ref(&edition.regions[place]),
                        members: Vec::new(),
                    })
                    .collect(),
            })
        }
        Among::MunicipalitiesOf(_) | Among::Own => Err(Failure::no_units_of(&request.universe_id, asked)),
    }
}

fn of_year(edition: &Snapshot, year: &str) -> v1::Universe {
    let units = count(edition.municipalities_of_year(year).len());
    v1::Universe {
        id: municipalities_of(year),
        name: render::text(&Text::new(
            format!("Gemeenten van {year}"),
            format!("Municipalities of {year}"),
        )),
        size: units,
        note: None,
        vintages: vec![v1::UniverseVintage {
            year: year.to_owned(),
            units,
            combined: 0,
        }],
    }
}

fn units(edition: &Snapshot, vintage: &Vintage) -> Vec<v1::UniverseUnit> {
    // A municipality that the edition knows by its code alone has no other name.
    let reference = |code: &String| match edition.region(code) {
        Some((_, region)) => render::region_ref(region).unwrap_or_default(),
        None => v1::RegionRef {
            code: code.clone(),
            name: code.clone(),
        },
    };
    let units = vintage.units.iter().map(|unit| {
        let members: Vec<v1::RegionRef> = unit.members.iter().map(reference).collect();
        match &unit.id {
            None => v1::UniverseUnit {
                unit: members.into_iter().next(),
                members: Vec::new(),
            },
            Some(id) => v1::UniverseUnit {
                unit: Some(render::combined_ref(
                    id,
                    members.iter().map(|member| member.name.as_str()),
                )),
                members,
            },
        }
    });
    units.collect()
}
