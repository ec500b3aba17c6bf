//! Reading requests about what an edition knows beside figures.

use groeikern::v1;

use super::Violations;
use crate::{
    advice::MechanismFilter,
    domain::{MechanismCertainty, StatementBasis},
};

impl Violations {
    /// Which mechanisms to follow; none named for all.
    pub(in crate::rpc) fn mechanism_filter(&mut self, basis: &[i32], certainty: &[i32]) -> MechanismFilter {
        let basis = self.statement_bases(basis);
        let mut filter = MechanismFilter {
            basis,
            ..Default::default()
        };
        for (index, certainty) in certainty.iter().enumerate() {
            filter
                .certainty
                .push(match v1::MechanismCertainty::try_from(*certainty) {
                    Ok(v1::MechanismCertainty::Stated) => MechanismCertainty::Stated,
                    Ok(v1::MechanismCertainty::Presumed) => MechanismCertainty::Presumed,
                    Ok(v1::MechanismCertainty::Risk) => MechanismCertainty::Risk,
                    Ok(v1::MechanismCertainty::Unspecified) | Err(_) => {
                        self.not_known(&format!("certainty[{index}]"), *certainty, "certainty");
                        continue;
                    }
                });
        }
        filter
    }

    /// What statements have to rest on; none for anything.
    pub(in crate::rpc) fn statement_bases(&mut self, bases: &[i32]) -> Vec<StatementBasis> {
        let mut found = Vec::new();
        for (index, basis) in bases.iter().enumerate() {
            found.push(match v1::StatementBasis::try_from(*basis) {
                Ok(v1::StatementBasis::Quantitative) => StatementBasis::Quantitative,
                Ok(v1::StatementBasis::Literature) => StatementBasis::Literature,
                Ok(v1::StatementBasis::Interviews) => StatementBasis::Interviews,
                Ok(v1::StatementBasis::Authors) => StatementBasis::Authors,
                Ok(v1::StatementBasis::NotGiven) => StatementBasis::NotGiven,
                Ok(v1::StatementBasis::Unspecified) | Err(_) => {
                    self.not_known(&format!("basis[{index}]"), *basis, "basis of a statement");
                    continue;
                }
            });
        }
        found
    }

    /// A value in a list that the contract does not have.
    fn not_known(&mut self, field: &str, value: i32, what: &str) {
        let description =
            format!("{value} is not a {what} this contract knows; leave the list empty for all");
        self.add(field, description);
    }

    /// An id that may be left out.
    pub(in crate::rpc) fn optional_id<'a>(&mut self, field: &str, id: &'a str) -> &'a str {
        if id.chars().count() > 100 {
            self.add(field, "is longer than 100 characters");
        }
        id
    }

    /// A number of steps: 0 for the default.
    pub(in crate::rpc) fn steps(&mut self, field: &str, steps: i32, default: usize, most: usize) -> usize {
        match self.rows(field, steps, most) {
            0 => default,
            steps => steps,
        }
    }
}
