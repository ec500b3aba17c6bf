//! Whom advice is for: a municipality, a group, or municipalities chosen for one request.

use groeikern::v1;

use crate::{
    domain::{Finding, Group, Region},
    method::count,
    rpc::{Failure, flows::relevant_region, lookup, render, request::Violations},
    snapshot::{RankingTable, Snapshot, Standing},
};

/// Whom a request names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'r> {
    Region(&'r str),
    Group(&'r str),
    Regions(&'r [String]),
}

impl Asked<'_> {
    /// Checks the municipalities around it: of a municipality another one at least.
    pub(super) fn check_surroundings(asked: Option<Self>, codes: &[String], violations: &mut Violations) {
        const FIELD: &str = "surroundings.region_codes";
        let own = match asked {
            Some(Self::Region(own)) => own,
            _ => "",
        };
        violations.region_codes(FIELD, codes, if own.is_empty() { 2 } else { 1 }, 500);
        if !codes.is_empty() && codes.iter().all(|code| code == own) {
            violations.add(
                FIELD,
                "name no other municipality than the one advised: add those around it",
            );
        }
    }

    /// A region that follows from flows: without a code of its own around the municipality that is advised.
    pub(super) fn relevant_region<'w>(
        asked: Option<Self>,
        wanted: &'w v1::RelevantRegion,
        violations: &mut Violations,
    ) -> relevant_region::Asked<'w>
    where
        Self: 'w,
    {
        let own = match asked {
            Some(Self::Region(own)) => own,
            _ => "",
        };
        relevant_region::Asked::parse(wanted, "relevant_region", own, violations)
    }

    /// Checks what can be checked without an edition.
    pub(super) fn check(asked: Option<Self>, violations: &mut Violations) {
        match asked {
            None => violations.add(
                "subject",
                "is required: set region_code, such as `GM0034`, or group_id, or regions",
            ),
            Some(Self::Region(code)) => violations.region_code("region_code", code),
            Some(Self::Group(id)) => {
                violations.required("group_id", id, 100, "nta_new_towns");
            }
            Some(Self::Regions(codes)) => violations.region_codes("regions.region_codes", codes, 2, 500),
        }
    }
}

/// Whom advice is for.
pub(in crate::rpc) enum Subject<'a> {
    /// A municipality and its place among the regions.
    Region(usize, &'a Region),
    /// The mean of a group.
    Group(&'a Group),
    /// The mean of municipalities chosen for one request, each with its place among the regions.
    Regions(Vec<(usize, &'a Region)>),
}

impl<'a> Subject<'a> {
    /// The subject that a checked request names.
    pub(super) fn find(edition: &'a Snapshot, asked: Option<Asked<'_>>) -> Result<Self, Failure> {
        match asked {
            Some(Asked::Group(id)) => Ok(Self::Group(lookup::group(edition, id)?)),
            Some(Asked::Region(code)) => {
                let (place, region) = lookup::present_region(edition, code)?;
                Ok(Self::Region(place, region))
            }
            Some(Asked::Regions(codes)) => lookup::present_regions(edition, codes).map(Self::Regions),
            None => Err(Failure::internal("a request without subject passed its check")),
        }
    }

    /// Where it stands in a ranking.
    pub(in crate::rpc) fn standing_in(&self, edition: &Snapshot, table: &RankingTable) -> Option<Standing> {
        match self {
            Self::Region(place, _) => table.row(*place).map(|(_, row)| row.standing),
            Self::Group(group) => {
                let members = edition.places_of(group, table.vintage());
                table.standing_of_group(&group.id, members, None).standing
            }
            Self::Regions(_) => table.mean_of(self.places_in(edition, table), None).standing,
        }
    }

    /// The places of the municipalities that it is the mean of in a ranking, or of the only one.
    pub(super) fn places_in(&self, edition: &Snapshot, table: &RankingTable) -> Vec<usize> {
        match self {
            Self::Region(place, _) => vec![*place],
            Self::Group(group) => edition.places_of(group, table.vintage()),
            Self::Regions(regions) => regions.iter().map(|(place, _)| *place).collect(),
        }
    }

    /// The group that need is measured within as well: the one asked for, or the first group of a municipality.
    pub(super) fn peers(&self, edition: &'a Snapshot, asked: &str) -> Result<Option<&'a Group>, Failure> {
        match (asked, self) {
            ("", Self::Region(_, region)) => {
                let first = region.groups.first();
                first.map(|id| lookup::group(edition, id)).transpose()
            }
            ("", Self::Group(_) | Self::Regions(_)) => Ok(None),
            (id, _) => lookup::group(edition, id).map(Some),
        }
    }

    /// How many municipalities a mean of values rests on, and of how many it is asked; nothing of a municipality, nor of a
    /// printed mean.
    pub(super) fn contributed(&self, edition: &Snapshot, table: &RankingTable) -> Option<(u32, u32)> {
        let members = match self {
            Self::Region(..) => return None,
            Self::Group(group) => group.members.len(),
            Self::Regions(regions) => regions.len(),
        };
        let places = self.places_in(edition, table);
        let known = places.iter().filter(|place| table.row(**place).is_some());
        table.has_values().then(|| (count(known.count()), count(members)))
    }

    /// Whether a finding names it: the municipality or one of several, or the group as a whole.
    pub(super) fn is_named_by(&self, finding: &Finding) -> bool {
        let named = |region: &Region| finding.regions.contains(&region.code);
        match self {
            Self::Region(_, region) => named(region),
            Self::Group(group) => finding.group.as_ref() == Some(&group.id),
            Self::Regions(regions) => regions.iter().any(|(_, region)| named(region)),
        }
    }

    /// Whether a finding is about a group that it belongs to.
    pub(super) fn belongs_to_group_of(&self, finding: &Finding) -> bool {
        let belongs = |region: &Region| {
            finding
                .group
                .as_ref()
                .is_some_and(|id| region.groups.contains(id))
        };
        match self {
            Self::Region(_, region) => belongs(region),
            Self::Group(_) => false,
            Self::Regions(regions) => regions.iter().all(|(_, region)| belongs(region)),
        }
    }

    /// The municipalities it is, or is the mean of, each by its present code and the one before that.
    pub(super) fn members(&self) -> Vec<Vec<&str>> {
        match self {
            Self::Region(_, region) => vec![vec![&region.code]],
            Self::Group(group) => {
                let members = group.members.iter();
                members
                    .map(|member| {
                        std::iter::once(&*member.code)
                            .chain(member.former_code.as_deref())
                            .collect()
                    })
                    .collect()
            }
            Self::Regions(regions) => regions.iter().map(|(_, region)| vec![&*region.code]).collect(),
        }
    }

    /// That nothing is known of it.
    pub(super) fn without_figures(&self, edition: &Snapshot, narrowed: bool) -> Failure {
        let name = &edition.manifest.name;
        match self {
            Self::Region(_, region) if narrowed => Failure::no_data_on_basis(&region.code, name),
            Self::Group(group) if narrowed => Failure::no_data_on_basis(&group.id, name),
            Self::Region(_, region) => Failure::no_data_for_subject(&region.code, name, false),
            Self::Group(group) => Failure::no_data_for_subject(&group.id, name, false),
            Self::Regions(_) => Failure::no_mean_of_regions(name),
        }
    }

    /// As the response to a request says it.
    pub(super) fn answered<S: From<Named>>(&self) -> Option<S> {
        let named = match self {
            Self::Region(_, region) => render::region_ref(region).map(Named::Region),
            Self::Group(group) => render::group_ref(group).map(Named::Group),
            Self::Regions(regions) => Some(Named::Regions(region_set(regions))),
        };
        named.map(S::from)
    }
}

/// The municipalities around a subject, against which need is measured as well.
pub(super) enum Surroundings<'a> {
    /// As the request names them, each with its place among the regions.
    Chosen(Vec<(usize, &'a Region)>),
    /// As they follow from flows.
    Relevant(relevant_region::Found<'a>),
}

impl Surroundings<'_> {
    /// The places of the municipalities in figures of this vintage.
    pub(super) fn places_in(&self, edition: &Snapshot, vintage: &str) -> Vec<usize> {
        match self {
            Self::Chosen(regions) => regions.iter().map(|(place, _)| *place).collect(),
            Self::Relevant(found) => found.members_in(edition, vintage),
        }
    }

    /// The municipalities as they are now.
    pub(super) fn regions(&self, edition: &Snapshot) -> v1::RegionSet {
        match self {
            Self::Chosen(regions) => region_set(regions),
            Self::Relevant(found) => {
                let places = found.members_in(edition, LATEST).into_iter();
                let regions: Vec<(usize, &Region)> =
                    places.map(|place| (place, &edition.regions[place])).collect();
                region_set(&regions)
            }
        }
    }
}

/// A vintage after every known one.
const LATEST: &str = "9999";

/// A subject as it is sent.
pub(super) enum Named {
    Region(v1::RegionRef),
    Group(v1::GroupRef),
    Regions(v1::RegionSet),
}

/// Every message has a type of its own for its subject; they say the same.
macro_rules! subjects {
    ($($request:ident => $response:ident),*) => {$(
        impl<'r> From<&'r v1::$request::Subject> for Asked<'r> {
            fn from(subject: &'r v1::$request::Subject) -> Self {
                use v1::$request::Subject;
                match subject {
                    Subject::RegionCode(code) => Self::Region(code),
                    Subject::GroupId(id) => Self::Group(id),
                    Subject::Regions(chosen) => Self::Regions(&chosen.region_codes),
                }
            }
        }

        impl From<Named> for v1::$response::Subject {
            fn from(named: Named) -> Self {
                match named {
                    Named::Region(region) => Self::Region(region),
                    Named::Group(group) => Self::Group(group),
                    Named::Regions(regions) => Self::Regions(regions),
                }
            }
        }
    )*};
}

subjects! {
    recommend_request => recommend_response,
    explain_recommendation_request => explain_recommendation_response,
    analyse_coherence_request => analyse_coherence_response
}

/// Municipalities chosen for a request, in its order.
fn region_set(regions: &[(usize, &Region)]) -> v1::RegionSet {
    let regions = regions.iter();
    v1::RegionSet {
        regions: regions
            .filter_map(|(_, region)| render::region_ref(region))
            .collect(),
    }
}
