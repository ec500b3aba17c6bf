//! Flows: what goes in and out of a town by partner, and the region that is relevant to it.
//!
//! Flows of a town to itself are reported and take part in nothing else. Partners come by in + out, those with equally much by
//! code. The relevant region is the shortest run of them that reaches a share of all in + out; with the dominant municipality it
//! is called gross, without it net.

use std::collections::BTreeMap;

use super::sum::CompensatedSum;

/// The share of in + out that a relevant region reaches, unless another is chosen. Ours: the report gives no rule.
pub const RELEVANT_SHARE: f64 = 0.8;

/// Rounding must not add a municipality to a region: a run this little below the share, as a part of all, has reached it.
const ROUNDING: f64 = 1e-12;

/// The other end of flows in and out of a town.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Partner<K> {
    /// Which municipality.
    pub key: K,
    /// People that come from it; `None` where the source does not list the pair.
    pub incoming: Option<f64>,
    /// People that go to it; `None` where the source does not list the pair.
    pub outgoing: Option<f64>,
}

impl<K> Partner<K> {
    /// In + out; a pair that is not listed adds nothing.
    #[must_use]
    pub fn volume(&self) -> f64 {
        self.incoming.unwrap_or(0.0) + self.outgoing.unwrap_or(0.0)
    }

    /// In less out.
    #[must_use]
    pub fn net(&self) -> f64 {
        self.incoming.unwrap_or(0.0) - self.outgoing.unwrap_or(0.0)
    }
}

/// What goes in and out of a town.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowBalance<K> {
    /// The town.
    pub town: K,
    /// People that come from elsewhere.
    pub incoming: f64,
    /// People that go elsewhere.
    pub outgoing: f64,
    /// People that stay within; `None` where the source does not list the pair. Part of nothing else here.
    pub within: Option<f64>,
    /// Every other end that the source lists, also with nobody: by in + out, then by key.
    pub partners: Vec<Partner<K>>,
}

impl<K: Ord + Copy> FlowBalance<K> {
    /// The balance of a town from the flows to it, by origin, and those from it, by destination; each once. Their order does
    /// not matter: sums run in the order of the keys.
    #[must_use]
    pub fn of(
        town: K,
        incoming: impl IntoIterator<Item = (K, f64)>,
        outgoing: impl IntoIterator<Item = (K, f64)>,
    ) -> Self {
        let mut within = None;
        let mut by_key: BTreeMap<K, Partner<K>> = BTreeMap::new();
        let unlisted = |key| Partner {
            key,
            incoming: None,
            outgoing: None,
        };
        for (key, persons) in incoming {
            if key == town {
                within = Some(persons);
            } else {
                by_key.entry(key).or_insert_with(|| unlisted(key)).incoming = Some(persons);
            }
        }
        for (key, persons) in outgoing {
            if key == town {
                within = Some(persons);
            } else {
                by_key.entry(key).or_insert_with(|| unlisted(key)).outgoing = Some(persons);
            }
        }
        let mut sums = [CompensatedSum::new(), CompensatedSum::new()];
        for partner in by_key.values() {
            sums[0].add(partner.incoming.unwrap_or(0.0));
            sums[1].add(partner.outgoing.unwrap_or(0.0));
        }
        let [incoming, outgoing] = sums.map(|sum| sum.value());
        let mut partners: Vec<Partner<K>> = by_key.into_values().collect();
        partners.sort_by(|one, other| other.volume().total_cmp(&one.volume())); // stable: equal ones stay by key
        Self {
            town,
            incoming,
            outgoing,
            within,
            partners,
        }
    }

    /// In less out.
    #[must_use]
    pub fn net(&self) -> f64 {
        self.incoming - self.outgoing
    }

    /// In + out of all partners together.
    #[must_use]
    pub fn volume(&self) -> f64 {
        self.incoming + self.outgoing
    }

    /// Partners with at least somebody in or out.
    #[must_use]
    pub fn active(&self) -> usize {
        self.partners.partition_point(|partner| partner.volume() > 0.0)
    }

    /// How few destinations the people who leave go to: the sum of the squared shares of the destinations, from 1 over their
    /// number, all alike, to 1, a single one. `None` when nobody leaves.
    #[must_use]
    pub fn herfindahl_of_destinations(&self) -> Option<f64> {
        if self.outgoing <= 0.0 {
            return None;
        }
        let mut by_key: Vec<&Partner<K>> = self.partners.iter().collect();
        by_key.sort_by_key(|partner| partner.key);
        let mut sum = CompensatedSum::new();
        for partner in by_key {
            let share = partner.outgoing.unwrap_or(0.0) / self.outgoing;
            sum.add(share * share);
        }
        Some(sum.value())
    }

    /// The share of all in + out that the partners up to each of them have together, in their order.
    pub fn cumulative_shares(&self) -> impl Iterator<Item = f64> {
        let mut sum = CompensatedSum::new();
        self.partners.iter().map(move |partner| {
            sum.add(partner.volume());
            // The last one may miss the total by its last bit.
            (sum.value() / self.volume()).min(1.0)
        })
    }
}

/// The municipalities around a town that its flows make relevant to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelevantRegion {
    /// How many of the partners, from the first, reach the share.
    pub reach: usize,
    /// The place of the dominant municipality among the partners; `None` when the town has none.
    pub dominant: Option<usize>,
}

/// Why a town has no relevant region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRelevantRegion {
    /// Nobody goes in or out.
    NoFlows,
    /// A share that is not above 0 and at most 1.
    InvalidShare,
}

impl RelevantRegion {
    /// The shortest run of partners that reaches this share of all in + out. The dominant municipality is the one of those given
    /// with the largest in + out, equal ones by key; a town that is one of them has none, and neither has one without flows to
    /// any of them.
    ///
    /// # Errors
    /// [`NoRelevantRegion`].
    pub fn of<K: Ord + Copy>(
        balance: &FlowBalance<K>,
        share: f64,
        dominant_municipalities: &[K],
    ) -> Result<Self, NoRelevantRegion> {
        if !(share > 0.0 && share <= 1.0) {
            return Err(NoRelevantRegion::InvalidShare);
        }
        if balance.volume() <= 0.0 {
            return Err(NoRelevantRegion::NoFlows);
        }
        let wanted = share * (1.0 - ROUNDING);
        let short = balance
            .cumulative_shares()
            .take_while(|reached| *reached < wanted);
        let reach = (short.count() + 1).min(balance.active());
        let of_its_own = dominant_municipalities.contains(&balance.town);
        let dominant = balance.partners[..balance.active()]
            .iter()
            .position(|partner| !of_its_own && dominant_municipalities.contains(&partner.key));
        Ok(Self { reach, dominant })
    }

    /// The places of its municipalities among the partners, in their order: with the dominant one, which is in it wherever it
    /// stands.
    pub fn gross(self) -> impl Iterator<Item = usize> {
        let beyond = self.dominant.filter(|dominant| *dominant >= self.reach);
        (0..self.reach).chain(beyond)
    }

    /// The same without the dominant one.
    pub fn net(self) -> impl Iterator<Item = usize> {
        (0..self.reach).filter(move |place| Some(*place) != self.dominant)
    }
}
