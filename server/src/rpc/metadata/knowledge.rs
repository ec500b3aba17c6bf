//! What an answer from the knowledge of an edition must say of itself.

use groeikern::v1::CaveatCode;

use super::{Metadata, push_once};
use crate::{
    domain::{Finding, Text},
    snapshot::Snapshot,
};

impl<'a> Metadata<'a> {
    /// The metadata of an answer in which nothing is calculated, to be added to: every source is quoted.
    pub(in crate::rpc) fn of_knowledge(snapshot: &'a Snapshot) -> Self {
        let mut metadata = Self::of(snapshot);
        metadata.quote_all();
        metadata
    }

    /// A path of several steps: each of them is the report's, the whole is not.
    pub(in crate::rpc) fn joined_mechanisms(&mut self) {
        self.caveat(
            CaveatCode::JoinedMechanisms,
            Text::new(
                "Een pad knoopt mechanismen aaneen die het rapport elk apart noemt. Het rapport zegt niet dat ze samen werken, en \
                 ook niet in welke gemeente.",
                "A path joins mechanisms that the report states one by one. It does not say that they work together, nor in which \
                 municipality.",
            ),
        );
    }

    /// Findings that the answer shows, with what the source says of the indicators they are about.
    pub(in crate::rpc) fn findings(&mut self, findings: &[&Finding]) {
        if findings.iter().any(|finding| finding.group.is_some()) {
            self.caveat(
                CaveatCode::FindingOfGroup,
                Text::new(
                    "Een bevinding over een groep als geheel hoeft niet voor elk lid te gelden.",
                    "A finding about a group as a whole need not hold for each of its members.",
                ),
            );
        }
        for id in findings.iter().flat_map(|finding| &finding.indicators) {
            if let Some((_, indicator)) = self.snapshot.indicator(id) {
                self.origin_category(indicator);
                self.source_caveats(id);
            }
        }
    }

    /// The caveats that the source itself gives of an indicator.
    pub(super) fn source_caveats(&mut self, indicator: &str) {
        for caveat in &self.snapshot.knowledge.caveats {
            if !caveat.indicators.iter().any(|id| id == indicator) {
                continue;
            }
            match self.caveats.iter_mut().find(|(_, id, ..)| *id == caveat.id) {
                Some((_, _, _, indicators, _)) => push_once(indicators, indicator),
                None => self.caveats.push((
                    CaveatCode::Source,
                    caveat.id.clone(),
                    caveat.text.clone(),
                    vec![indicator.to_owned()],
                    caveat.section.clone(),
                )),
            }
        }
    }

    /// The caveats that the source gives of all its figures.
    pub(in crate::rpc) fn general_source_caveats(&mut self) {
        for caveat in self
            .snapshot
            .knowledge
            .caveats
            .iter()
            .filter(|caveat| caveat.indicators.is_empty())
        {
            if !self.caveats.iter().any(|(_, id, ..)| *id == caveat.id) {
                let general = (
                    CaveatCode::Source,
                    caveat.id.clone(),
                    caveat.text.clone(),
                    Vec::new(),
                    caveat.section.clone(),
                );
                self.caveats.push(general);
            }
        }
    }
}
