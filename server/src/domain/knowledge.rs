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
    /// Findings, as the edition lists them.
    pub findings: Vec<Finding>,
    /// Programmes.
    pub programmes: Vec<Programme>,
    /// The phases of the history it tells, earliest first.
    pub phases: Vec<Phase>,
    /// The works it cites, by author, year and id.
    pub citations: Vec<Citation>,
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

    /// A cited work by id.
    #[must_use]
    pub fn citation(&self, id: &str) -> Option<&Citation> {
        self.citations.iter().find(|citation| citation.id == id)
    }

    /// Whether a finding bears on a factor.
    #[must_use]
    pub fn bears_on(&self, finding: &Finding, factor: &str) -> bool {
        self.factors_of_finding(finding).iter().any(|of| of.id == factor)
    }

    /// The factors that a finding bears on: those it names, then those that one of its indicators belongs to.
    #[must_use]
    pub fn factors_of_finding<'a>(&'a self, finding: &'a Finding) -> Vec<&'a Factor> {
        let named = finding.factors.iter().filter_map(|id| self.factor(id));
        let measured = self.factors.iter().filter(|factor| {
            let mut belonging = factor.indicators.iter().chain(&factor.context_indicators);
            belonging.any(|indicator| finding.indicators.contains(indicator))
        });
        let mut found: Vec<&Factor> = Vec::new();
        for factor in named.chain(measured) {
            if !found.iter().any(|known| known.id == factor.id) {
                found.push(factor);
            }
        }
        found
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
///
/// In order, the most certain first: of several steps the greatest is the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Ids of the works that the report cites where it states it.
    pub citations: Vec<String>,
}

/// A statement of fact that is no position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Id.
    pub id: String,
    /// Theme id.
    pub theme: String,
    /// Section of the report.
    pub section: String,
    /// What it rests on.
    pub basis: Vec<StatementBasis>,
    /// It names something good.
    pub strength: bool,
    /// The statement.
    pub statement: Text,
    /// Codes of the municipalities it is about.
    pub regions: Vec<String>,
    /// The group that it is about as a whole.
    pub group: Option<String>,
    /// Indicators it is about.
    pub indicators: Vec<String>,
    /// Factors it bears on, beside those of its indicators.
    pub factors: Vec<String>,
    /// Ids of the works that the report cites where it states it.
    pub citations: Vec<String>,
}

/// A work that the report cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// Id.
    pub id: String,
    /// Authors, as printed.
    pub author: String,
    /// Year of publication.
    pub year: u32,
    /// Title, in the language of the work.
    pub title: String,
    /// Who published it, where the report says so.
    pub publisher: Option<String>,
    /// Sections of the report that cite it.
    pub sections: Vec<String>,
}

/// A span of the history that the report tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Id.
    pub id: String,
    /// Section of the report.
    pub section: String,
    /// Name.
    pub name: Text,
    /// Its first year.
    pub from_year: u32,
    /// Its last year; `None` while it goes on.
    pub to_year: Option<u32>,
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
    /// Section of the report; `None` where only a recommendation names it.
    pub section: Option<String>,
    /// The factor it bears on.
    pub factor: Option<String>,
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
