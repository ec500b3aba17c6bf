//! Whom a request is about: a municipality, a group, or municipalities chosen for it.

use groeikern::v1::{RegionSelection, analyse_coherence_request, recommend_request};

use super::advice::Subject;
use crate::{
    rpc::{Failure, lookup, request::Violations},
    snapshot::Snapshot,
};

/// The subject as a request names it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Named<'r> {
    Region(&'r str),
    Group(&'r str),
    Regions(&'r [String]),
}

/// A message's choice of a subject.
macro_rules! named {
    ($($subject:path),*) => {
        $(impl<'r> From<&'r $subject> for Named<'r> {
            fn from(subject: &'r $subject) -> Self {
                use $subject as Asked;
                match subject {
                    Asked::RegionCode(code) => Self::Region(code),
                    Asked::GroupId(id) => Self::Group(id),
                    Asked::Regions(RegionSelection { region_codes }) => Self::Regions(region_codes),
                }
            }
        })*
    };
}

named!(recommend_request::Subject, analyse_coherence_request::Subject);

impl<'r> Named<'r> {
    /// The subject of a request; what is wrong with it joins the other violations.
    pub(super) fn parse<T>(subject: Option<&'r T>, violations: &mut Violations) -> Option<Self>
    where
        Self: From<&'r T>,
    {
        let named = subject.map(Self::from);
        match &named {
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
        named
    }

    /// Who that is in an edition.
    pub(super) fn find(named: Option<Self>, edition: &Snapshot) -> Result<Subject<'_>, Failure> {
        Ok(match named {
            Some(Self::Group(id)) => Subject::Group(lookup::group(edition, id)?),
            Some(Self::Region(code)) => {
                let (place, region) = lookup::present_region(edition, code)?;
                Subject::Region(place, region)
            }
            Some(Self::Regions(codes)) => {
                let regions = codes.iter().map(|code| lookup::present_region(edition, code));
                Subject::Regions(regions.collect::<Result<_, _>>()?)
            }
            None => return Err(Failure::internal("a request without subject passed its check")),
        })
    }
}
