//! A report for programs.

use serde_json::{Map, Value, json};

use super::{ImportReport, Outlier, Reason, Tally};

impl Reason {
    fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Suppressed => "suppressed",
            Self::NotApplicable => "not_applicable",
            Self::NoRow => "no_row",
            Self::OperandMissing => "operand_missing",
            Self::OperandSuppressed => "operand_suppressed",
            Self::OperandNotApplicable => "operand_not_applicable",
            Self::DivisionByZero => "division_by_zero",
        }
    }
}

impl Tally {
    fn json(&self) -> Value {
        json!({ "total": self.total, "first": self.first, "of_others": self.of_others })
    }
}

impl ImportReport {
    /// The report as a JSON object: the fields of [`ImportReport`] under their own names. `outliers` lists all of them; `counts` is there
    /// when the table holds other things than figures.
    #[must_use]
    pub fn json(&self) -> Value {
        let regions: Map<String, Value> = self
            .regions
            .iter()
            .map(|(level, count)| (level.plural().to_owned(), json!(count)))
            .collect();
        let without_value: Map<String, Value> = self
            .without_value
            .iter()
            .map(|(reason, count)| (reason.key().to_owned(), json!(count)))
            .collect();
        let outlier = |outlier: &Outlier| {
            json!({
                "indicator": outlier.indicator,
                "region": outlier.region,
                "period": outlier.period,
                "value": outlier.value,
                "deviations": outlier.deviations,
            })
        };
        let outliers: Vec<Value> = self.outliers.iter().map(outlier).collect();
        let mut report = json!({
            "recipe": self.recipe,
            "files": self.files,
            "periods": self.periods,
            "rows_read": self.rows_read,
            "rows_filtered_out": self.rows_filtered_out,
            "rows_of_other_levels": self.rows_of_other_levels,
            "rows_of_other_measures": self.rows_of_other_measures,
            "rows_used": self.rows_used,
            "unmatched": self.unmatched.json(),
            "duplicates": self.duplicates.json(),
            "left_out_empty": self.left_out_empty,
            "regions": regions,
            "indicators": self.indicators,
            "values": self.values,
            "without_value": without_value,
            "outliers": outliers,
            "indicators_without_data": self.indicators_without_data,
        });
        if !self.counts.is_empty() {
            let counts = self.counts.iter();
            let counts: Map<String, Value> = counts
                .map(|count| (count.key.to_owned(), json!(count.count)))
                .collect();
            report["counts"] = Value::Object(counts);
        }
        report
    }
}
