//! From a position to a share of the list, and to a word.

/// Place share: the middle of the places a unit shares, as a share of the list, `(position + (ties - 1)/2 - 0.5) / n`.
/// Between 0 (most favourable) and 1. `ties` counts the unit itself; 0 is read as 1, for means and published positions.
/// A derived value worse than every unit has position n + 1, and the place share of the last.
#[must_use]
pub fn place_share(position: u32, ties: u32, n: u32) -> f64 {
    let n = n.max(1);
    (f64::from(position.min(n)) + (f64::from(ties.max(1)) - 1.0) / 2.0 - 0.5) / f64::from(n)
}

/// The place shares at which one word gives way to the next: the first two belong to the better word, the others to the worse.
pub const EDGES: [f64; 4] = [0.10, 0.30, 0.70, 0.90];

/// Where a place share lies: the verdict of a judged indicator, from very favourable to very unfavourable, or of a neutral
/// one, from very high to very low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Band {
    /// Up to and including 0.10.
    Best,
    /// Up to and including 0.30.
    Good,
    /// Below 0.70.
    Middle,
    /// Below 0.90.
    Poor,
    /// 0.90 and more.
    Worst,
}

impl Band {
    /// The band of a place share.
    #[must_use]
    pub fn of(place_share: f64) -> Self {
        let [best, good, poor, worst] = EDGES;
        match place_share {
            p if p <= best => Self::Best,
            p if p <= good => Self::Good,
            p if p < poor => Self::Middle,
            p if p < worst => Self::Poor,
            _ => Self::Worst,
        }
    }
}

/// How far a place share lies in the worse half: `max(0, 2p - 1)`, 0 at the middle and above, 1 at the very bottom.
#[must_use]
pub fn severity(place_share: f64) -> f64 {
    (2.0 * place_share - 1.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_keep_their_edges() {
        let bands = [
            0.10,
            0.100_000_1,
            0.30,
            0.300_000_1,
            0.699_999_9,
            0.70,
            0.899_999_9,
            0.90,
        ]
        .map(Band::of);
        use Band::{Best, Good, Middle, Poor, Worst};
        assert_eq!(bands, [Best, Good, Good, Middle, Middle, Poor, Poor, Worst]);
    }

    #[test]
    fn the_last_of_337_is_very_unfavourable() {
        let share = place_share(337, 1, 337);
        assert!((share - 336.5 / 337.0).abs() < 1e-15);
        assert_eq!(Band::of(share), Band::Worst);
    }

    #[test]
    fn a_value_worse_than_every_unit_has_the_share_of_the_last_so_that_severity_stays_within_one() {
        assert_eq!(place_share(4, 0, 3), place_share(3, 1, 3));
        assert!(severity(place_share(4, 0, 3)) <= 1.0);
    }

    #[test]
    fn ties_take_the_middle_of_the_places_they_share() {
        assert_eq!(place_share(1, 4, 4), 0.5);
    }

    #[test]
    fn severity_starts_at_the_middle() {
        assert_eq!([0.2, 0.5, 0.75, 1.0].map(severity), [0.0, 0.0, 0.5, 1.0]);
    }
}
