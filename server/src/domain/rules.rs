//! Weights and thresholds of advice and of masking: data of an edition, never constants of the code.

use super::words::words;

/// Weights and thresholds of need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NeedRules {
    /// Weight of a factor the recommendation counters.
    pub countered_weight: f64,
    /// Weight of a factor it names as a signal.
    pub signals_weight: f64,
    /// Weight of a factor one mechanism step downstream of a countered one.
    pub downstream_weight: f64,
    /// Weight of an indicator whose figure is a proxy, against 1.
    pub proxy_weight: f64,
    /// Coverage below which no conclusion is drawn.
    pub minimum_coverage: f64,
    /// Least need of strong.
    pub strong: f64,
    /// Least need of moderate.
    pub moderate: f64,
    /// Least need of weak.
    pub weak: f64,
}

/// The constants of masking, from the rules of an edition or a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskingRules {
    /// The part of all weight that makes the threshold, above 0 and below 1.
    pub worst_share: f64,
    /// A district is masked while its share of weight in problem neighbourhoods is below this, above 0 and at most 1.
    pub masked_below: f64,
    /// The least weight of a problem neighbourhood, 0 or more.
    pub minimum_weight: f64,
}

/// A class that a trigger can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeastClass {
    /// Weak.
    Weak,
    /// Moderate.
    Moderate,
    /// Strong.
    Strong,
}

words!(LeastClass {
    Weak = "weak",
    Moderate = "moderate",
    Strong = "strong",
});

/// The rules of the masking trigger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MaskingTriggerRules {
    /// The class that it gives at least.
    pub least_class: LeastClass,
    /// The share of the neighbourhoods of a municipality that has to take part before none masked means that none is, above 0
    /// and at most 1.
    pub measured_from: f64,
    /// The share of the members of a group with figures from which the group fires, above 0 and at most 1.
    pub share_of_members: f64,
}

/// The rules of the breadth trigger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreadthRules {
    /// Mean severity from which a theme is unfavourable.
    pub theme_severity: f64,
    /// Judged indicators with figures a theme needs before it counts.
    pub minimum_indicators: usize,
    /// Unfavourable themes from which the class is at least moderate.
    pub moderate_from: usize,
    /// Unfavourable themes from which it is strong.
    pub strong_from: usize,
}
