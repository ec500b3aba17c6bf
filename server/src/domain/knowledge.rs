//! What the report explains and advises, and the rules that hold figures against it.

use super::{BreadthRules, MaskingRules, MaskingTriggerRules, NeedRules, Text, words::words};

/// The knowledge of an edition: recommendations in the order of the report, everything else by id.
#[derive(Debug, Clone, PartialEq)]
pub struct Knowledge {
    /// Factors.
    pub factors: Vec<Factor>,
    /// Mechanisms between them.
    pub mechanisms: Vec<Mechanism>,
    /// Recommendations.
    pub recommendations: Vec<Recommendation>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Caveats of the report itself.
    pub caveats: Vec<Caveat>,
    /// Weights and thresholds of need.
    pub need_rules: NeedRules,
    /// The constants of masking.
    pub masking_rules: MaskingRules,
}

impl Knowledge {
    /// A factor by id.
    #[must_use]
    pub fn factor(&self, id: &str) -> Option<&Factor> {
        self.factors.iter().find(|factor| factor.id == id)
    }
}

/// A cause, problem or consequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Theme id.
    pub theme: String,
    /// Indicators that measure it.
    pub indicators: Vec<String>,
    /// Neutral indicators to show beside it: high or low, never counted.
    pub context_indicators: Vec<String>,
    /// A limit on how its indicators bear on it.
    pub caveat: Option<Text>,
    /// A remark on what measures it.
    pub note: Option<Text>,
}

/// What a statement rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementBasis {
    /// The quantitative analysis.
    Quantitative,
    /// Literature.
    Literature,
    /// Interviews.
    Interviews,
    /// The authors' own conclusion.
    Authors,
    /// Not given.
    NotGiven,
}

/// How certain the report is of a mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MechanismCertainty {
    /// Stated.
    Stated,
    /// Presumed.
    Presumed,
    /// Named as a risk.
    Risk,
}

/// A directed, cited edge between factors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mechanism {
    /// Cause.
    pub from: String,
    /// Effect.
    pub to: String,
    /// Section of the report.
    pub section: String,
    /// What it rests on.
    pub basis: Vec<StatementBasis>,
    /// How certain.
    pub certainty: MechanismCertainty,
    /// A remark.
    pub note: Option<Text>,
}

/// Whom a recommendation addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Addressee {
    /// Municipalities.
    Municipality,
    /// The national government.
    NationalGovernment,
}

/// A recommendation of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// Id.
    pub id: String,
    /// Whom it addresses.
    pub addressee: Addressee,
    /// Section of the report.
    pub section: String,
    /// Number within the section.
    pub number: u32,
    /// Title.
    pub title: Text,
    /// What should be done.
    pub summary: Text,
    /// Theme ids.
    pub themes: Vec<String>,
    /// Factors it works against.
    pub counters: Vec<String>,
    /// Factors it watches.
    pub signals: Vec<String>,
    /// A remark on those.
    pub signals_note: Option<Text>,
    /// Programmes named with it.
    pub programmes: Vec<Programme>,
    /// Who has to act.
    pub actors: Vec<Text>,
    /// Years it looks ahead, least and most.
    pub horizon: Option<(u32, u32)>,
    /// Open questions.
    pub questions: Vec<ContextNote>,
    /// Dilemmas.
    pub dilemmas: Vec<ContextNote>,
    /// Trigger id.
    pub trigger: Option<String>,
}

/// A policy programme or law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// A remark.
    pub note: Option<Text>,
}

/// An open question or a dilemma.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextNote {
    /// Id.
    pub id: String,
    /// Section of the report.
    pub section: String,
    /// Text.
    pub text: Text,
}

/// What can raise the class of a recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// What it looks at.
    pub description: Text,
    /// When it fires.
    pub condition: TriggerCondition,
}

/// When a trigger fires.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TriggerCondition {
    /// Several themes are unfavourable.
    Breadth(BreadthRules),
    /// Districts hide problem neighbourhoods; needs neighbourhood figures.
    Masking(MaskingTriggerRules),
}

/// A limit or contradiction of the report itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caveat {
    /// Id.
    pub id: String,
    /// Section of the report.
    pub section: String,
    /// Text.
    pub text: Text,
    /// The indicators it is about; empty when it is about everything.
    pub indicators: Vec<String>,
}

words!(StatementBasis {
    Quantitative = "quantitative",
    Literature = "literature",
    Interviews = "interviews",
    Authors = "authors",
    NotGiven = "not_given",
});

words!(MechanismCertainty {
    Stated = "stated",
    Presumed = "presumed",
    Risk = "risk",
});

words!(Addressee {
    Municipality = "municipality",
    NationalGovernment = "national_government",
});
