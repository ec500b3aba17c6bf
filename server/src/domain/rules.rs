//! Weights and thresholds of advice: data of an edition, never constants of the code.

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
