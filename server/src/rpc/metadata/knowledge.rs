//! What an answer from the knowledge of an edition must say of itself.

use groeikern::v1::CaveatCode;

use super::Metadata;
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
}
