//! What the numbers of an example are to the method.

use super::{
    Check,
    functions::{built_in_knowledge, place},
};
use crate::{
    domain::Polarity,
    method::{
        Composite, CompositeMean, CompositeNode, Figure, FlowBalance, Levels, LinkedFactor, LinkedIndicator,
        Masking, Need, Neighbourhood, PositionCounts, Ranking, RobustScale, Sensitivity, Trend,
        UnitSensitivity, UnitValue, WeightNoise, WhatIf, detect_masking, need,
    },
};

/// The numbers of an example, by name.
pub(super) struct Inputs<'a>(pub(super) &'a Check);

impl Inputs<'_> {
    pub(super) fn list(&self, name: &str) -> &[f64] {
        let (check, found) = (self.0, self.0.inputs.get(name));
        found.unwrap_or_else(|| panic!("{} needs `{name}`", check.function))
    }

    /// Something of what is masked among neighbourhoods, by the rules of the built-in edition.
    pub(super) fn masking<T>(&self, of: impl Fn(&Masking<'_>) -> T) -> T {
        let codes: Vec<String> = (0..self.list("oriented").len())
            .map(|place| format!("BU{place:08}"))
            .collect();
        let districts: Vec<String> = self
            .list("districts")
            .iter()
            .map(|number| format!("WK{number:06}"))
            .collect();
        let values = self.list("oriented").iter().zip(self.list("weights"));
        let neighbourhoods: Vec<Neighbourhood<'_>> = values
            .zip(codes.iter().zip(&districts))
            .map(|((&oriented, &weight), (code, district))| Neighbourhood {
                code,
                district,
                oriented: Some(oriented),
                weight: Some(weight),
            })
            .collect();
        let found = detect_masking(&neighbourhoods, &built_in_knowledge().masking_rules);
        of(&found.expect("values and weights"))
    }

    /// In and out of a town by partner, which are numbered from 1; NaN where it is not known.
    pub(super) fn flows(&self) -> FlowBalance<usize> {
        let known = |name| {
            let persons = self.optional(name).into_iter();
            (1..)
                .zip(persons)
                .filter_map(|(partner, persons)| Some((partner, persons?)))
        };
        FlowBalance::of(0, known("incoming"), known("outgoing"))
    }

    pub(super) fn one(&self, name: &str) -> f64 {
        self.list(name)[0]
    }

    pub(super) fn place(&self, name: &str) -> usize {
        place(self.one(name))
    }

    pub(super) fn count(&self, name: &str) -> u32 {
        self.counts(name)[0]
    }

    pub(super) fn counts(&self, name: &str) -> Vec<u32> {
        let numbers = self.list(name).iter();
        numbers
            .map(|&number| u32::try_from(place(number)).expect("small"))
            .collect()
    }

    pub(super) fn optional(&self, name: &str) -> Vec<Option<f64>> {
        let numbers = self.list(name).iter();
        numbers
            .map(|number| Some(*number).filter(|number| !number.is_nan()))
            .collect()
    }

    pub(super) fn pairs(&self, one: &str, other: &str) -> Vec<(f64, f64)> {
        self.list(one)
            .iter()
            .copied()
            .zip(self.list(other).iter().copied())
            .collect()
    }

    pub(super) fn oriented(&self, name: &str, polarity: Polarity) -> Vec<f64> {
        self.list(name)
            .iter()
            .map(|&value| polarity.orient(value))
            .collect()
    }

    /// What belongs to the numbers of `of` in a list.
    pub(super) fn chosen(&self, list: &str, results: &[f64]) -> Vec<f64> {
        let at = |wanted: &f64| self.list(list).iter().position(|value| value == wanted);
        self.list("of")
            .iter()
            .map(|wanted| results[at(wanted).expect("in the list")])
            .collect()
    }

    /// Nodes in pre-order with the place of their parent, 0 for the root; those without children are leaves.
    pub(super) fn tree(&self, node: usize, leaf: &mut usize) -> CompositeNode {
        let parents = self.list("parents");
        let weight = self.list("weights")[node];
        let children: Vec<usize> = (0..parents.len())
            .filter(|&child| place(parents[child]) == node + 1)
            .collect();
        if children.is_empty() {
            *leaf += 1;
            return CompositeNode::leaf(weight, *leaf - 1);
        }
        let children = children.into_iter().map(|child| self.tree(child, leaf)).collect();
        CompositeNode::of(weight, children)
    }

    pub(super) fn composite(&self, mean: CompositeMean) -> Composite {
        let mut leaves = 0;
        let tree = self.tree(0, &mut leaves);
        Composite::new(&tree, leaves, mean).expect("a composite")
    }

    pub(super) fn grades(&self) -> Vec<Option<f64>> {
        self.optional("grades")
    }

    pub(super) fn sensitivity(&self, units: &[Vec<Option<f64>>]) -> Sensitivity {
        let noise = WeightNoise {
            seed: self.count("seed").into(),
            spread: self.one("spread"),
            levels: Levels::All,
        };
        Sensitivity::new(&self.composite(CompositeMean::Arithmetic), units, noise).expect("sensitivity")
    }

    /// What draws say of the first of n units that stands at these positions, the others around it.
    pub(super) fn position_counts(&self) -> UnitSensitivity {
        let n = self.count("n");
        let ranking = |position: u32| {
            let others = (1..=n).filter(|&other| other != position);
            let positions: Vec<u32> = std::iter::once(position).chain(others).collect();
            Ranking {
                ties: vec![1; positions.len()],
                order: Vec::new(),
                positions,
            }
        };
        let mut counts = PositionCounts::of_units(self.place("n"));
        self.counts("positions")
            .into_iter()
            .for_each(|position| counts.add(&ranking(position)));
        counts.summary(&ranking(self.count("nominal"))).expect("draws")[0]
    }

    pub(super) fn trend(&self) -> Trend {
        Trend::of(&self.pairs("times", "values")).expect("a trend")
    }

    pub(super) fn polarity(&self) -> (&str, Polarity) {
        let low = "values_lower_is_favourable";
        if self.0.inputs.contains_key(low) {
            (low, Polarity::LowerIsFavourable)
        } else {
            ("values", Polarity::HigherIsFavourable)
        }
    }

    pub(super) fn units(&self) -> Vec<Option<UnitValue>> {
        let (name, polarity) = self.polarity();
        let unit = |oriented| {
            Some(UnitValue {
                oriented,
                derived: false,
            })
        };
        self.oriented(name, polarity).into_iter().map(unit).collect()
    }

    /// Examples are short: the scale is that of fewer than ten units.
    pub(super) fn what_if<'a>(&self, units: &'a [Option<UnitValue>]) -> WhatIf<'a> {
        let (name, polarity) = self.polarity();
        let scale = RobustScale::fit_without_minimum(&self.oriented(name, polarity));
        WhatIf::new(units, polarity, Some(scale))
    }

    pub(super) fn members(&self) -> Vec<(usize, f64)> {
        self.list("members")
            .iter()
            .map(|&member| (place(member) - 1, 1.0))
            .collect()
    }

    pub(super) fn figures(&self) -> Vec<Option<Figure>> {
        let pairs = self.pairs("place_shares", "proxies").into_iter();
        let figure = |(place_share, proxy): (f64, f64)| Figure {
            place_share,
            proxy: proxy > 0.0,
        };
        pairs
            .map(|pair| Some(figure(pair)).filter(|_| !pair.0.is_nan()))
            .collect()
    }

    /// The need of factors with these indicators, by the rules of the built-in edition.
    pub(super) fn need(&self, of: impl Fn(&Need<'_>) -> f64) -> f64 {
        let figures = self.figures();
        let ids: Vec<String> = (0..figures.len())
            .map(|place| format!("indicator_{place}"))
            .collect();
        let names: Vec<String> = (0..self.list("factor_weights").len())
            .map(|factor| format!("factor_{factor}"))
            .collect();
        let factors: Vec<LinkedFactor<'_>> = names
            .iter()
            .zip(self.list("factor_weights"))
            .enumerate()
            .map(|(factor, (id, &weight))| LinkedFactor {
                id,
                weight,
                indicators: (0..figures.len())
                    .filter(|&indicator| place(self.list("factor")[indicator]) == factor + 1)
                    .map(|indicator| LinkedIndicator {
                        id: &ids[indicator],
                        figure: figures[indicator],
                    })
                    .collect(),
            })
            .collect();
        of(&need(&factors, &built_in_knowledge().need_rules))
    }

    pub(super) fn factor_score(&self) -> f64 {
        let figures = self.figures();
        let ids: Vec<String> = (0..figures.len())
            .map(|place| format!("indicator_{place}"))
            .collect();
        let indicators = ids
            .iter()
            .zip(&figures)
            .map(|(id, &figure)| LinkedIndicator { id, figure });
        let factor = LinkedFactor {
            id: "factor",
            weight: 1.0,
            indicators: indicators.collect(),
        };
        need(&[factor], &built_in_knowledge().need_rules).factors[0]
            .score
            .expect("figures")
    }
}
