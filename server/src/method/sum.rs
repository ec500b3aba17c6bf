//! Sums that do not lose small terms.

/// A running sum with the rounding errors kept beside it (Neumaier 1974).
#[derive(Debug, Clone, Copy, Default)]
pub struct CompensatedSum {
    sum: f64,
    correction: f64,
}

impl CompensatedSum {
    /// Nothing added yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one term.
    pub fn add(&mut self, term: f64) {
        let next = self.sum + term;
        self.correction += if self.sum.abs() >= term.abs() {
            (self.sum - next) + term
        } else {
            (term - next) + self.sum
        };
        self.sum = next;
    }

    /// The sum so far.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.sum + self.correction
    }
}

/// The sum of `values`, added in the order given.
#[must_use]
pub fn compensated_sum(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sum = CompensatedSum::new();
    values.into_iter().for_each(|value| sum.add(value));
    sum.value()
}

/// The unweighted mean; `None` of nothing. Also the mean of a group over the members that have a figure.
#[must_use]
// Exact: counts of municipalities, far below 2^53
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len() as f64;
    let mean = compensated_sum(values.iter().copied()) / count;
    // Where the sum overflows, the parts are divided first; the halving leaves room for rounding.
    Some(if mean.is_finite() {
        mean
    } else {
        2.0 * compensated_sum(values.iter().map(|value| value / 2.0 / count))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_term_survives_between_large_ones() {
        assert_eq!(compensated_sum([1e100, 1.0, -1e100]), 1.0);
    }

    #[test]
    fn the_mean_of_nothing_is_nothing() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[1.0, 2.0]), Some(1.5));
    }

    #[test]
    fn the_mean_of_huge_values_is_finite() {
        assert_eq!(mean(&[f64::MAX, f64::MAX]), Some(f64::MAX));
    }
}
