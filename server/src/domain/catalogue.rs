//! Themes, indicators, groups and sources.

use super::{DECIMALS_OF_COMPOSITES, Text, unit_of_composites, words::words};

/// Where figures or knowledge come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Id.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Publisher.
    pub publisher: String,
    /// Year of publication.
    pub year: String,
    /// The line to quote it with.
    pub attribution: Text,
}

/// The figures of one table and period, as imported by a recipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedUnit {
    /// Id of the recipe; also that of the source of its figures.
    pub recipe: String,
    /// The period, ISO 8601.
    pub period: String,
    /// The source's version of the table.
    pub source_version: String,
    /// The day it was fetched, ISO 8601.
    pub retrieved: String,
    /// The year of whose municipalities its figures are, where that is another than the period's own.
    pub borders: Option<String>,
    /// SHA-256 over the uncompressed bytes of its tables, 64 hex digits.
    pub file_sha256: String,
    /// SHA-256 over the text of the recipe, 64 hex digits.
    pub recipe_sha256: String,
    /// Figures with a value.
    pub values: u64,
    /// Figures without one.
    pub without_value: u64,
}

/// A theme with its blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Section of the report.
    pub section: String,
    /// Blocks, in the order of the report.
    pub blocks: Vec<Block>,
}

/// A block of indicators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// A remark.
    pub note: Option<Text>,
}

/// What may be concluded from an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndicatorKind {
    /// Has a favourable direction.
    Judgement,
    /// Built from judgement indicators, and judged.
    Composite,
    /// High or low, never good or bad.
    Neutral,
}

/// What the kind of an indicator rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindBasis {
    /// The source judges it.
    Stated,
    /// Its name.
    Inferred,
    /// Nothing that could be verified: shown, never counted.
    Unverified,
}

/// Which direction of the value is favourable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polarity {
    /// Higher.
    HigherIsFavourable,
    /// Lower.
    LowerIsFavourable,
}

/// A measured aspect of a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Theme id.
    pub theme: String,
    /// Block id.
    pub block: Option<String>,
    /// What may be concluded from it.
    pub kind: IndicatorKind,
    /// What that rests on.
    pub kind_basis: KindBasis,
    /// Section of the report; empty when it does not treat it.
    pub section: String,
    /// Figure of the report.
    pub figure: Option<String>,
    /// An origin category of its source: shown, never counted.
    pub origin: bool,
    /// Direction of its values; `None` while the edition holds positions only, and for neutral ones.
    pub polarity: Option<Polarity>,
    /// Why that direction is favourable.
    pub polarity_reason: Option<Text>,
    /// Unit of its values.
    pub unit: Option<Text>,
    /// Decimals to show.
    pub decimals: u32,
    /// The indicator whose values weigh this one.
    pub denominator: Option<String>,
    /// How the values of several municipalities become that of one unit, where that is said.
    pub aggregation: Option<Aggregation>,
    /// The indicator that it may stand in for.
    pub proxy: Option<ProxyFor>,
    /// The indicators it is the total of.
    pub parts: Vec<String>,
    /// What it is computed from; of composites only, and empty where a source gives its figures.
    pub children: Vec<WeightedChild>,
    /// What the report says of it in words.
    pub stated: Option<Text>,
    /// A remark.
    pub note: Option<Text>,
}

/// How the values of several municipalities become that of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// They add up: counts.
    Sum,
    /// The mean, weighted by the denominator, else by inhabitants: shares and means.
    WeightedMean,
    /// It cannot be known from them: medians, densities of surroundings, indices.
    NotPossible,
}

/// One of the indicators that a composite is the mean of.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedChild {
    /// Its id.
    pub indicator: String,
    /// Its weight among its siblings, 0 or more.
    pub weight: f64,
}

/// The indicator that another one may stand in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyFor {
    /// Its id.
    pub indicator: String,
    /// Why.
    pub reason: Text,
}

words!(Aggregation {
    Sum = "sum",
    WeightedMean = "weighted_mean",
    NotPossible = "not_possible",
});

/// Why an indicator never counts, in advice or in a composite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeverCounts {
    /// No side of it is favourable.
    Neutral,
    /// It could not be verified which side is.
    Unverified,
    /// It is an origin category of its source.
    Origin,
}

impl NeverCounts {
    /// Why an indicator with these marks never counts; nothing when it may.
    #[must_use]
    pub fn of(kind: IndicatorKind, basis: KindBasis, origin: bool) -> Option<Self> {
        match (kind, basis) {
            (IndicatorKind::Neutral, _) => Some(Self::Neutral),
            (_, KindBasis::Unverified) => Some(Self::Unverified),
            _ => origin.then_some(Self::Origin),
        }
    }

    /// In words, after its name.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Neutral => "is neutral: no side of it is favourable",
            Self::Unverified => "is unverified: it is not known which side of it is favourable",
            Self::Origin => "is an origin category of its source",
        }
    }
}

words!(IndicatorKind {
    Judgement = "judgement",
    Composite = "composite",
    Neutral = "neutral",
});

words!(KindBasis {
    Stated = "stated",
    Inferred = "inferred",
    Unverified = "unverified",
});

words!(MembershipBasis {
    Stated = "stated",
    Unverified = "unverified",
});

words!(Polarity {
    HigherIsFavourable = "higher_is_favourable",
    LowerIsFavourable = "lower_is_favourable",
});

impl Indicator {
    /// Whether it has a favourable side.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        self.kind != IndicatorKind::Neutral
    }

    /// How values of several municipalities become one. Where nobody said, a denominator tells what weighs them; without one
    /// a share cannot be told from a count, and nothing is guessed.
    #[must_use]
    pub fn aggregation(&self) -> Aggregation {
        self.aggregation.unwrap_or(match self.denominator {
            Some(_) => Aggregation::WeightedMean,
            None => Aggregation::NotPossible,
        })
    }

    /// Whether it measures land, by its unit.
    #[must_use]
    pub fn is_land(&self) -> bool {
        let unit = self.unit.as_ref().map(|unit| unit.en.as_str());
        matches!(unit, Some("hectares" | "ha" | "km²" | "m²"))
    }

    /// Whether advice and composites may rest on it: judged, verified, and not an origin category.
    #[must_use]
    pub fn counts_in_advice(&self) -> bool {
        self.never_counts().is_none()
    }

    /// Why advice and composites never rest on it; nothing when they may.
    #[must_use]
    pub fn never_counts(&self) -> Option<NeverCounts> {
        NeverCounts::of(self.kind, self.kind_basis, self.origin)
    }

    /// Makes it a composite of these children: with these weights, equal ones where there are none. What follows from that
    /// for its values is set; without children nothing changes.
    pub fn compute_from(&mut self, children: Vec<String>, weights: &[f64]) {
        let weights = weights.iter().copied().chain(std::iter::repeat(1.0));
        let weighted = children.into_iter().zip(weights);
        self.children = weighted
            .map(|(indicator, weight)| WeightedChild { indicator, weight })
            .collect();
        if !self.children.is_empty() {
            self.polarity = Some(Polarity::HigherIsFavourable);
            self.unit = Some(unit_of_composites());
            self.decimals = DECIMALS_OF_COMPOSITES;
        }
    }

    /// Whether it is the whole of another one: its total, or a composite computed from it. The two never count together.
    #[must_use]
    pub fn is_whole_of(&self, part: &str) -> bool {
        self.parts.iter().any(|id| id == part) || self.children.iter().any(|child| child.indicator == part)
    }
}

/// The totals and composites that an indicator is part of: they never count together.
pub fn wholes_of<'a>(indicators: &'a [Indicator], part: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let part = part.to_owned();
    let wholes = indicators.iter().filter(move |whole| whole.is_whole_of(&part));
    wholes.map(|whole| whole.id.as_str())
}

/// What the membership of a published group mean rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipBasis {
    /// The source lists the members.
    Stated,
    /// The source leaves it open.
    Unverified,
}

/// A named set of municipalities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// What its membership rests on.
    pub membership: MembershipBasis,
    /// Section of the report.
    pub section: String,
    /// A remark.
    pub note: Option<Text>,
    /// Members by code.
    pub members: Vec<GroupMember>,
}

/// The membership of one municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// CBS code.
    pub code: String,
    /// Name.
    pub name: String,
    /// First day of membership.
    pub valid_from: Option<String>,
    /// Last day of membership.
    pub valid_to: Option<String>,
    /// Code used in older vintages.
    pub former_code: Option<String>,
    /// A remark.
    pub note: Option<Text>,
}
