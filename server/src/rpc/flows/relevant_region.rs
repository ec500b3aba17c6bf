//! The region that flows make relevant to a town: asked for in one way by every RPC that takes one.

use groeikern::v1;

use super::{found, rendering};
use crate::{
    domain::{FlowKind, Region, Text},
    method::{FlowBalance, GradeMethod, NoRelevantRegion, RELEVANT_SHARE, RelevantRegion},
    rpc::{Failure, render, request::Violations},
    snapshot::{FlowMatrix, RankingTable, Snapshot},
};

/// The group whose members towns were built for.
const DOMINANT_MUNICIPALITIES: &str = "dominant_municipalities";

/// A region as a request asks for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::rpc) struct Asked<'a> {
    town: &'a str,
    kind: Option<FlowKind>,
    period: Option<&'a str>,
    share: f64,
    with_dominant: bool,
}

impl<'a> Asked<'a> {
    /// What a request asks for under `field`. Without a code it is around `own`, if that is there.
    pub(in crate::rpc) fn parse(
        wanted: &'a v1::RelevantRegion,
        field: &str,
        own: &'a str,
        violations: &mut Violations,
    ) -> Self {
        let of = |part: &str| format!("{field}.{part}");
        let town = if wanted.region_code.is_empty() {
            own
        } else {
            &wanted.region_code
        };
        violations.region_code(&of("region_code"), town);
        let kind = violations.flow_kind(&of("kind"), wanted.kind);
        let period = violations.period_in(&of("period"), &wanted.period);
        let share = wanted.share.unwrap_or(RELEVANT_SHARE);
        if !(share > 0.0 && share <= 1.0) {
            violations.add(
                of("share"),
                format!("{share} is not above 0 and at most 1: write 0.8 for 80%, or leave it out"),
            );
        }
        let with_dominant = match v1::RelevantRegionScope::try_from(wanted.scope) {
            Ok(v1::RelevantRegionScope::Unspecified | v1::RelevantRegionScope::Gross) => true,
            Ok(v1::RelevantRegionScope::Net) => false,
            Err(_) => {
                let description = format!("{} is not a scope this contract knows", wanted.scope);
                violations.add(of("scope"), description);
                true
            }
        };
        Self {
            town,
            kind,
            period,
            share,
            with_dominant,
        }
    }

    /// What a request asks for in a list of at most so many.
    pub(in crate::rpc) fn parse_all(
        wanted: &'a [v1::RelevantRegion],
        field: &str,
        own: &'a str,
        most: usize,
        violations: &mut Violations,
    ) -> Vec<Self> {
        if violations.too_many(field, wanted.len(), most) {
            return Vec::new();
        }
        let mut regions: Vec<Self> = Vec::new();
        for (place, wanted) in wanted.iter().enumerate() {
            let field = format!("{field}[{place}]");
            let region = Self::parse(wanted, &field, own, violations);
            if regions.contains(&region) {
                violations.add(field, "stands twice");
            }
            regions.push(region);
        }
        regions
    }

    /// The region in an edition.
    pub(in crate::rpc) fn find<'e>(&self, edition: &'e Snapshot) -> Result<Found<'e>, Failure> {
        let matrix = found::table(edition, self.kind, self.period)?;
        let (_, town, balance) = found::balance(edition, matrix, self.town)?;
        let dominant = edition.group(DOMINANT_MUNICIPALITIES);
        let dominant = dominant.map_or_else(Vec::new, |group| edition.places_of(group, &matrix.period));
        let region = RelevantRegion::of(&balance, self.share, &dominant).map_err(|reason| match reason {
            NoRelevantRegion::NoFlows => Failure::nobody_in_or_out(town, (matrix.kind, &matrix.period)),
            NoRelevantRegion::InvalidShare => Failure::internal("a share passed its check"),
        })?;
        Ok(Found {
            matrix,
            town,
            balance,
            region,
            share: self.share,
            with_dominant: self.with_dominant,
        })
    }
}

/// A region in an edition.
#[derive(Debug)]
pub(in crate::rpc) struct Found<'e> {
    /// The flows it follows from.
    pub(in crate::rpc) matrix: &'e FlowMatrix,
    /// The town it is around.
    pub(in crate::rpc) town: &'e Region,
    pub(super) balance: FlowBalance<usize>,
    pub(super) region: RelevantRegion,
    /// The share that was to be reached.
    pub(in crate::rpc) share: f64,
    /// Whether it is the gross region.
    pub(in crate::rpc) with_dominant: bool,
}

impl<'e> Found<'e> {
    /// Its municipalities as the flows have them, by their places among the regions.
    pub(in crate::rpc) fn members(&self) -> Vec<usize> {
        let region = self.region;
        let places: Vec<usize> = if self.with_dominant {
            region.gross().collect()
        } else {
            region.net().collect()
        };
        let partners = &self.balance.partners;
        places.into_iter().map(|place| partners[place].key).collect()
    }

    /// What its municipalities are in figures of this vintage: themselves, or their successors; each once. The town is in no case
    /// among them, nor in the net region the dominant one, also where a member became part of it.
    pub(in crate::rpc) fn members_in(&self, edition: &Snapshot, vintage: &str) -> Vec<usize> {
        let mut outside = edition.in_vintage(self.balance.town, vintage);
        if let Some(dominant) = self.region.dominant.filter(|_| !self.with_dominant) {
            outside.extend(edition.in_vintage(self.balance.partners[dominant].key, vintage));
        }
        let members = self.members().into_iter();
        let mut found: Vec<usize> = members
            .flat_map(|member| edition.in_vintage(member, vintage))
            .filter(|place| !outside.contains(place))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Whether successors stand for some of its municipalities in figures of this vintage.
    pub(in crate::rpc) fn has_successors_in(&self, edition: &Snapshot, vintage: &str) -> bool {
        let mut members = self.members().into_iter();
        members.any(|member| edition.in_vintage(member, vintage) != [member])
    }

    /// The dominant municipality, in the region or left out of it.
    pub(in crate::rpc) fn dominant<'s>(&self, edition: &'s Snapshot) -> Option<&'s Region> {
        let place = self.region.dominant?;
        Some(&edition.regions[self.balance.partners[place].key])
    }

    /// The share of all in + out that is reached.
    pub(in crate::rpc) fn reached_share(&self) -> f64 {
        let last = self.region.reach.saturating_sub(1);
        self.balance.cumulative_shares().nth(last).unwrap_or_default()
    }

    /// What to call it.
    pub(in crate::rpc) fn name(&self) -> Text {
        let (nl, en) = if self.with_dominant {
            ("bruto", "gross")
        } else {
            ("netto", "net")
        };
        let town = &self.town.name;
        Text::new(
            format!("{nl} relevante regio van {town}"),
            format!("{en} relevant region of {town}"),
        )
    }

    /// In full and by name.
    pub(in crate::rpc) fn reference(&self) -> v1::RelevantRegionRef {
        let scope = if self.with_dominant {
            v1::RelevantRegionScope::Gross
        } else {
            v1::RelevantRegionScope::Net
        };
        v1::RelevantRegionRef {
            region: render::region_ref(self.town),
            scope: scope.into(),
            kind: rendering::kind(self.matrix.kind).into(),
            period: self.matrix.period.clone(),
            share: self.share,
            name: render::text(&self.name()),
        }
    }

    /// Its municipalities as a message.
    pub(in crate::rpc) fn municipalities(&self, edition: &Snapshot) -> v1::RelevantMunicipalities {
        let members = self.members().into_iter();
        v1::RelevantMunicipalities {
            relevant_region: Some(self.reference()),
            members: members
                .filter_map(|place| render::region_ref(&edition.regions[place]))
                .collect(),
            dominant: self.dominant(edition).and_then(render::region_ref),
            reached_share: self.reached_share(),
            source_id: self.matrix.source.clone(),
        }
    }

    /// Where the unweighted mean of its municipalities stands in a ranking, and their places.
    pub(in crate::rpc) fn standing_in(
        &self,
        edition: &Snapshot,
        table: &RankingTable,
        method: Option<GradeMethod>,
    ) -> (v1::GroupStanding, Vec<usize>) {
        let members = self.members_in(edition, table.vintage());
        let mean = table.mean_of(members.iter().copied(), method);
        let standing = v1::GroupStanding {
            relevant_region: Some(self.reference()),
            ..render::mean_standing(table, members.len(), &mean)
        };
        (standing, members)
    }
}
