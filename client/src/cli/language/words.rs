//! The enums of the contract as words: stable lower-case ones for scripts, and ones for people with a tone.

use groeikern_client::v1::{
    Addressee, Basis, CompositeMean, GapDirection, GradeMethod, IndicatorKind, ItemStatus, KindBasis,
    LeafStatus, LeftOutReason, MechanismCertainty, MembershipBasis, ObservationStatus, Polarity,
    RecommendationClass, RegionLevel, StatementBasis, TrendBreakKind, TrendDirection, TriggerState, Verdict,
};

use super::Phrase;

/// How a word feels; tables turn it into a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Tone {
    #[default]
    Plain,
    VeryGood,
    Good,
    Bad,
    VeryBad,
    /// Far from the middle of a scale that is neither good nor bad.
    Extreme,
    /// Off the middle of such a scale.
    Notable,
    /// Less important than what is around it.
    Faint,
}

/// An enum of the contract that is shown as a word.
pub(crate) trait Word: Copy {
    /// The enum value's name without its prefix, in lower case; empty when it is not set.
    fn stable(self) -> String;
    /// The word for people; empty when it is not set or not shown.
    fn shown(self) -> Phrase;
    /// How it feels.
    fn tone(self) -> Tone {
        Tone::Plain
    }
}

pub(super) const NOTHING: Phrase = Phrase::new("", "");

pub(super) fn without_prefix(name: &str, prefix: &str) -> String {
    let word = name.strip_prefix(prefix).unwrap_or(name).to_ascii_lowercase();
    if word == "unspecified" {
        String::new()
    } else {
        word
    }
}

impl Word for Verdict {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "VERDICT_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::VeryFavourable => Phrase::new("zeer gunstig", "very favourable"),
            Self::Favourable => Phrase::new("gunstig", "favourable"),
            Self::Middle => Phrase::new("midden", "middle"),
            Self::Unfavourable => Phrase::new("ongunstig", "unfavourable"),
            Self::VeryUnfavourable => Phrase::new("zeer ongunstig", "very unfavourable"),
            Self::VeryHigh => Phrase::new("zeer hoog", "very high"),
            Self::High => Phrase::new("hoog", "high"),
            Self::Average => Phrase::new("gemiddeld", "average"),
            Self::Low => Phrase::new("laag", "low"),
            Self::VeryLow => Phrase::new("zeer laag", "very low"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::VeryFavourable => Tone::VeryGood,
            Self::Favourable => Tone::Good,
            Self::Unfavourable => Tone::Bad,
            Self::VeryUnfavourable => Tone::VeryBad,
            Self::VeryHigh | Self::VeryLow => Tone::Extreme,
            Self::High | Self::Low => Tone::Notable,
            Self::Unspecified | Self::Middle | Self::Average => Tone::Plain,
        }
    }
}

impl Word for RecommendationClass {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "RECOMMENDATION_CLASS_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Strong => Phrase::new("sterk", "strong"),
            Self::Moderate => Phrase::new("matig", "moderate"),
            Self::Weak => Phrase::new("zwak", "weak"),
            Self::NotIndicated => Phrase::new("niet aangewezen", "not indicated"),
            Self::InsufficientData => Phrase::new("te weinig gegevens", "insufficient data"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Strong => Tone::VeryBad,
            Self::Moderate => Tone::Bad,
            Self::NotIndicated | Self::InsufficientData => Tone::Faint,
            Self::Unspecified | Self::Weak => Tone::Plain,
        }
    }
}

impl Word for IndicatorKind {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "INDICATOR_KIND_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Judgement => Phrase::new("oordeel", "judged"),
            Self::Composite => Phrase::new("samengesteld", "composite"),
            Self::Neutral => Phrase::new("neutraal", "neutral"),
        }
    }

    fn tone(self) -> Tone {
        if self == Self::Neutral {
            Tone::Notable
        } else {
            Tone::Plain
        }
    }
}

impl Word for KindBasis {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "KIND_BASIS_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Stated => Phrase::new("vermeld", "stated"),
            Self::Inferred => Phrase::new("afgeleid", "inferred"),
            Self::Unverified => Phrase::new("ongeverifieerd", "unverified"),
        }
    }
}

impl Word for Basis {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "BASIS_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Computed => Phrase::new("berekend", "computed"),
            Self::Proxy => Phrase::new("benadering", "proxy"),
            Self::Published => Phrase::new("gepubliceerd", "published"),
        }
    }
}

impl Word for ItemStatus {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "ITEM_STATUS_")
    }

    /// Only why there is no figure; a figure speaks for itself.
    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified | Self::Ok => NOTHING,
            Self::Unknown => Phrase::new("onbekend", "unknown"),
            Self::Retired => Phrase::new("vervallen", "retired"),
            Self::NoData => Phrase::new("geen cijfers", "no figures"),
            Self::Suppressed => Phrase::new("niet vrijgegeven", "withheld"),
            Self::NotRecastable => Phrase::new("niet om te rekenen", "not recastable"),
            Self::NotYetFounded => Phrase::new("bestond nog niet", "not yet founded"),
        }
    }

    fn tone(self) -> Tone {
        Tone::Faint
    }
}

impl Word for ObservationStatus {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "OBSERVATION_STATUS_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified | Self::Final => NOTHING,
            Self::Provisional => Phrase::new("voorlopig", "provisional"),
            Self::Estimated => Phrase::new("geschat", "estimated"),
            Self::Suppressed => Phrase::new("niet vrijgegeven", "withheld"),
            Self::Missing => Phrase::new("ontbreekt", "missing"),
            Self::NotApplicable => Phrase::new("n.v.t.", "n/a"),
        }
    }
}

impl Word for Addressee {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "ADDRESSEE_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Municipality => Phrase::new("gemeente", "municipality"),
            Self::NationalGovernment => Phrase::new("Rijk", "national government"),
        }
    }
}

impl Word for MembershipBasis {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "MEMBERSHIP_BASIS_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Stated => Phrase::new("vermeld", "stated"),
            Self::Unverified => Phrase::new("ongeverifieerd", "unverified"),
        }
    }
}

impl Word for TriggerState {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "TRIGGER_STATE_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Fired => Phrase::new("gehaald", "fired"),
            Self::NotFired => Phrase::new("niet gehaald", "not fired"),
            Self::NotMeasured => Phrase::new("niet te meten", "not measured"),
        }
    }
}

impl Word for MechanismCertainty {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "MECHANISM_CERTAINTY_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Stated => Phrase::new("vermeld", "stated"),
            Self::Presumed => Phrase::new("vermoed", "presumed"),
            Self::Risk => Phrase::new("als risico", "as a risk"),
        }
    }
}

impl Word for StatementBasis {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "STATEMENT_BASIS_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Quantitative => Phrase::new("cijfers", "figures"),
            Self::Literature => Phrase::new("literatuur", "literature"),
            Self::Interviews => Phrase::new("interviews", "interviews"),
            Self::Authors => Phrase::new("de auteurs", "the authors"),
            Self::NotGiven => Phrase::new("grond niet vermeld", "basis not given"),
        }
    }
}

impl Word for Polarity {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "POLARITY_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified | Self::ByPosition => NOTHING,
            Self::HigherIsFavourable => Phrase::new("hoog is gunstig", "high is favourable"),
            Self::LowerIsFavourable => Phrase::new("laag is gunstig", "low is favourable"),
            Self::None => Phrase::new("geen kant is gunstig", "neither side is favourable"),
        }
    }
}

impl Word for GradeMethod {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "GRADE_METHOD_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::RobustLinear => Phrase::new("lineair, robuust", "linear, robust"),
            Self::Percentile => Phrase::new("percentiel", "percentile"),
            Self::NormalScore => Phrase::new("normaalscore", "normal score"),
            Self::Linear => Phrase::new("lineair", "linear"),
        }
    }
}

impl Word for RegionLevel {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "REGION_LEVEL_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Municipality => Phrase::new("gemeente", "municipality"),
            Self::District => Phrase::new("wijk", "district"),
            Self::Neighbourhood => Phrase::new("buurt", "neighbourhood"),
        }
    }
}

impl Word for GapDirection {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "GAP_DIRECTION_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Ahead => Phrase::new("ervoor", "ahead"),
            Self::Behind => Phrase::new("erachter", "behind"),
            Self::Higher => Phrase::new("hoger", "higher"),
            Self::Lower => Phrase::new("lager", "lower"),
            Self::Equal => Phrase::new("gelijk", "equal"),
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Ahead => Tone::Good,
            Self::Behind => Tone::Bad,
            Self::Higher | Self::Lower => Tone::Notable,
            Self::Unspecified | Self::Equal => Tone::Plain,
        }
    }
}

impl Word for TrendDirection {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "TREND_DIRECTION_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Improving => Phrase::new("wordt gunstiger", "improving"),
            Self::Worsening => Phrase::new("wordt ongunstiger", "worsening"),
            Self::Rising => Phrase::new("stijgt", "rising"),
            Self::Falling => Phrase::new("daalt", "falling"),
            Self::NoClearChange => Phrase::new("geen duidelijke verandering", "no clear change"),
            Self::TooFewPoints => Phrase::new("te weinig perioden", "too few periods"),
        }
    }
}

impl Word for TrendBreakKind {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "TREND_BREAK_KIND_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Source => Phrase::new("bron", "source"),
            Self::Borders => Phrase::new("grenzen", "borders"),
            Self::Members => Phrase::new("leden", "members"),
            Self::Status => Phrase::new("status", "status"),
            Self::PeriodLength => Phrase::new("lengte van de periode", "length of the period"),
        }
    }
}

impl Word for CompositeMean {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "COMPOSITE_MEAN_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Arithmetic => Phrase::new("rekenkundig gemiddelde", "arithmetic mean"),
            Self::Geometric => Phrase::new("meetkundig gemiddelde", "geometric mean"),
            Self::Harmonic => Phrase::new("harmonisch gemiddelde", "harmonic mean"),
        }
    }
}

impl Word for LeafStatus {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "LEAF_STATUS_")
    }

    /// Only why it takes no part.
    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified | Self::Ranked => NOTHING,
            Self::NoRanking => Phrase::new("geen cijfers", "no figures"),
            Self::TooFewUnits => Phrase::new("te weinig gemeenten", "too few municipalities"),
        }
    }

    fn tone(self) -> Tone {
        Tone::Faint
    }
}

impl Word for LeftOutReason {
    fn stable(self) -> String {
        without_prefix(self.as_str_name(), "LEFT_OUT_REASON_")
    }

    fn shown(self) -> Phrase {
        match self {
            Self::Unspecified => NOTHING,
            Self::Neutral => Phrase::new("neutraal", "neutral"),
            Self::Unverified => Phrase::new("ongeverifieerd", "unverified"),
            Self::OriginCategory => Phrase::new("herkomstindeling", "origin category"),
            Self::PartOfAnother => Phrase::new("deel van een ander", "part of another"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stable_words_have_no_prefix_and_unset_is_empty() {
        assert_eq!(Verdict::VeryUnfavourable.stable(), "very_unfavourable");
        assert_eq!(RecommendationClass::NotIndicated.stable(), "not_indicated");
        assert_eq!(Basis::Unspecified.stable(), "");
        assert_eq!(KindBasis::Stated.stable(), "stated");
    }
}
