//! A derivation in plain words: Dutch at level B1, and English as plain. Short sentences from templates; no number in them
//! is another than in the tree.

mod words;

use groeikern::v1::{self, PlainTopic};

use super::{Rendering, Subject};
use crate::{
    advice::{Derivation, FactorRole, TriggerState, Weighed},
    domain::{Basis, Factor, Group, Mechanism, MechanismCertainty, Text, TriggerCondition},
    method::{FactorNeed, NEED_OF_RANDOM_POSITIONS, Need},
    rpc::{recommendations::figures::Found, render},
};
use words::{beside, class_in_words, listed, outcome, stands, two_decimals, verdict};

/// Factors told of, those that weigh most.
const MOST_FACTORS: usize = 5;
/// Figures told of a factor, or against the recommendation.
const MOST_FIGURES: usize = 3;
/// Mechanisms told of.
const MOST_MECHANISMS: usize = 5;

/// Tells a derivation.
pub(super) struct Plain<'a> {
    pub(super) rendering: &'a Rendering<'a>,
    pub(super) derivation: &'a Derivation<'a>,
    pub(super) peers: Option<&'a (&'a Group, Need<'a>)>,
}

/// Sentences in both languages.
#[derive(Default)]
struct Sentences {
    nl: Vec<String>,
    en: Vec<String>,
}

impl Sentences {
    fn say(&mut self, nl: impl Into<String>, en: impl Into<String>) {
        self.nl.push(nl.into());
        self.en.push(en.into());
    }

    /// A paragraph, unless nothing was said.
    fn paragraph(self, topic: PlainTopic) -> Option<v1::PlainParagraph> {
        let text = Text::new(self.nl.join(" "), self.en.join(" "));
        (!self.nl.is_empty()).then(|| v1::PlainParagraph {
            topic: topic.into(),
            text: render::text(&text),
        })
    }
}

impl Plain<'_> {
    pub(super) fn paragraphs(&self) -> Vec<v1::PlainParagraph> {
        let mut paragraphs = vec![self.conclusion().paragraph(PlainTopic::Conclusion)];
        let factors = self.heaviest_factors().into_iter();
        paragraphs.extend(factors.map(|factor| self.factor(factor).paragraph(PlainTopic::Factor)));
        paragraphs.extend([
            self.findings().paragraph(PlainTopic::Finding),
            self.against().paragraph(PlainTopic::Against),
            self.unknown().paragraph(PlainTopic::Unknown),
            self.trigger().paragraph(PlainTopic::Trigger),
            self.mechanisms().paragraph(PlainTopic::Mechanism),
            limits().paragraph(PlainTopic::Limits),
        ]);
        paragraphs.into_iter().flatten().collect()
    }

    fn conclusion(&self) -> Sentences {
        let advice = &self.derivation.advice;
        let mut said = Sentences::default();
        let name = self.name();
        said.say(
            format!("Deze uitleg gaat over {}.", name.nl),
            format!("This explanation is about {}.", name.en),
        );
        let title = &advice.recommendation.title;
        said.say(
            format!("De aanbeveling is: {}.", title.nl),
            format!("The recommendation is: {}.", title.en),
        );
        let outcome = outcome(advice.class);
        said.say(outcome.nl, outcome.en);
        let rules = &self.rendering.edition.knowledge.need_rules;
        if let Some(need) = advice.need.need {
            let classes = [rules.weak, rules.moderate, rules.strong];
            let (need, random) = (beside(need, &classes), two_decimals(NEED_OF_RANDOM_POSITIONS));
            said.say(
                format!("De noodzaak is {}, op een schaal van 0 tot 1.", need.nl),
                format!("The need is {}, on a scale from 0 to 1.", need.en),
            );
            said.say(
                format!(
                    "Een willekeurige plek op alle lijsten geeft al ongeveer {}.",
                    random.nl
                ),
                format!("A random place on every list already gives about {}.", random.en),
            );
        }
        if let Some((group, need)) = self.peers
            && let Some(among) = need.need
        {
            let among = beside(among, &[rules.weak, rules.moderate, rules.strong]);
            said.say(
                format!("Binnen de groep ‘{}’ is de noodzaak {}.", group.name.nl, among.nl),
                format!("Within the group “{}” the need is {}.", group.name.en, among.en),
            );
        }
        let coverage = format!("{:.0}%", advice.need.coverage * 100.0);
        said.say(
            format!("Van de cijfers die meetellen, is {coverage} bekend."),
            format!("Of the figures that count, {coverage} are known."),
        );
        said
    }

    /// Measured factors that speak for the recommendation, those that contribute most first.
    fn heaviest_factors(&self) -> Vec<&FactorNeed<'_>> {
        let contribution = |factor: &FactorNeed<'_>| factor.weight * factor.score.unwrap_or(0.0);
        let mut factors: Vec<&FactorNeed<'_>> = self
            .derivation
            .advice
            .measured()
            .filter(|factor| contribution(factor) > 0.0)
            .collect();
        factors.sort_by(|one, other| {
            contribution(other)
                .total_cmp(&contribution(one))
                .then(one.id.cmp(other.id))
        });
        factors.truncate(MOST_FACTORS);
        factors
    }

    fn factor(&self, factor: &FactorNeed<'_>) -> Sentences {
        let advice = &self.derivation.advice;
        let mut said = Sentences::default();
        let name = self.factor_name(factor.id);
        let (nl, en) = match advice.roles.get(factor.id) {
            Some(FactorRole::Signal) => (
                "De aanbeveling let op dit signaal",
                "The recommendation watches this signal",
            ),
            Some(FactorRole::Downstream) => (
                "Dit is een gevolg van wat de aanbeveling aanpakt",
                "This follows from what the recommendation works on",
            ),
            _ => ("De aanbeveling pakt dit aan", "The recommendation works on this"),
        };
        said.say(format!("{nl}: {}.", name.nl), format!("{en}: {}.", name.en));
        let score = two_decimals(factor.score.unwrap_or(0.0));
        said.say(
            format!("De ernst is hier {}, op een schaal van 0 tot 1.", score.nl),
            format!("The severity here is {}, on a scale from 0 to 1.", score.en),
        );
        let evidence = advice.evidence();
        let own: Vec<&Weighed<'_>> = evidence
            .iter()
            .filter(|weighed| weighed.factor == factor.id)
            .collect();
        for weighed in own.iter().take(MOST_FIGURES) {
            self.figure(weighed.indicator, &mut said);
        }
        match own.len().saturating_sub(MOST_FIGURES) {
            0 => {}
            1 => said.say(
                "Nog 1 cijfer onder het midden telt mee.",
                "1 more figure below the middle counts.",
            ),
            more => said.say(
                format!("Nog {more} cijfers onder het midden tellen mee."),
                format!("{more} more figures below the middle count."),
            ),
        }
        self.caveat(factor.id, &mut said);
        said
    }

    /// Where the subject stands, and what that means.
    fn figure(&self, indicator: &str, said: &mut Sentences) {
        let Some(found) = self.rendering.found.get(indicator) else {
            return;
        };
        let (nl, en) = match self.rendering.subject {
            Subject::Region(_, region) => stands(&region.name, found),
            Subject::Group(_) | Subject::Regions(_) => self.would_stand(found),
        };
        said.say(nl, en);
        let verdict = verdict(found.standing.band);
        said.say(verdict.0, verdict.1);
        if found.table.basis == Basis::Proxy {
            let measured = &render::measured(self.rendering.edition, found.indicator, found.table).name;
            said.say(
                format!("Hiervoor is een ander cijfer gebruikt: ‘{}’.", measured.nl),
                format!("Another figure was used for this: “{}”.", measured.en),
            );
        }
    }

    /// Where a mean would be, and how many it rests on where some have no figure.
    fn would_stand(&self, found: &Found<'_>) -> (String, String) {
        let (indicator, name) = (&found.indicator.name, self.name());
        let (position, n) = (found.standing.position, found.table.n);
        let (mut nl, mut en) = (
            format!(
                "Bij ‘{}’ zou {} op plaats {position} van {n} staan.",
                indicator.nl, name.nl
            ),
            format!(
                "On “{}”, {} would be at place {position} of {n}.",
                indicator.en, name.en
            ),
        );
        if let Some((known, members)) = self
            .rendering
            .subject
            .contributed(self.rendering.edition, found.table)
            && known < members
        {
            nl += &format!(" Van de {members} hebben er {known} een cijfer.");
            en += &format!(" Of the {members}, {known} have a figure.");
        }
        (nl, en)
    }

    /// What to say whenever a factor is used.
    fn caveat(&self, factor: &str, said: &mut Sentences) {
        let known = self.rendering.edition.knowledge.factor(factor);
        if let Some(caveat) = known.and_then(|factor| factor.caveat.as_ref()) {
            said.say(&caveat.nl, &caveat.en);
        }
    }

    fn against(&self) -> Sentences {
        let mut said = Sentences::default();
        let against = self.derivation.advice.counter_evidence();
        if against.is_empty() {
            return said;
        }
        said.say(
            "Er zijn ook cijfers die tegen de aanbeveling pleiten.",
            "There are also figures that speak against the recommendation.",
        );
        for weighed in against.iter().take(MOST_FIGURES) {
            self.figure(weighed.indicator, &mut said);
        }
        let mut factors: Vec<&str> = against.iter().map(|weighed| weighed.factor).collect();
        factors.sort_unstable();
        factors.dedup();
        factors.iter().for_each(|factor| self.caveat(factor, &mut said));
        match against.len().saturating_sub(MOST_FIGURES) {
            0 => {}
            1 => said.say("Nog 1 cijfer pleit ertegen.", "1 more figure speaks against it."),
            more => said.say(
                format!("Nog {more} cijfers pleiten ertegen."),
                format!("{more} more figures speak against it."),
            ),
        }
        said
    }

    fn findings(&self) -> Sentences {
        let mut said = Sentences::default();
        let findings = self.rendering.findings(&self.derivation.advice);
        if !findings.is_empty() {
            said.say(
                "Het rapport zegt hierover ook iets in woorden.",
                "The report also says something of this in words.",
            );
        }
        for finding in findings {
            let section = &finding.section;
            said.say(
                format!("{} Dat staat in paragraaf {section}.", finding.statement.nl),
                format!("{} That is in section {section}.", finding.statement.en),
            );
        }
        said
    }

    fn unknown(&self) -> Sentences {
        let need = &self.derivation.advice.need;
        let mut said = Sentences::default();
        let factors: Vec<Text> = need.unmeasured.iter().map(|id| self.factor_name(id)).collect();
        if let Some((nl, en)) = listed(&factors) {
            said.say(
                format!("Hierover zijn helemaal geen cijfers: {nl}."),
                format!("There are no figures at all on: {en}."),
            );
        }
        let indicators = need
            .without_figure
            .iter()
            .filter_map(|id| self.rendering.edition.indicator(id));
        let indicators: Vec<Text> = indicators.map(|(_, indicator)| indicator.name.clone()).collect();
        if let Some((nl, en)) = listed(&indicators) {
            said.say(
                format!("Deze cijfers ontbreken hier: {nl}."),
                format!("These figures are missing here: {en}."),
            );
        }
        if self.derivation.advice.counters_nothing_measured() {
            said.say(
                "Over wat de aanbeveling zelf aanpakt, zijn geen cijfers. De noodzaak rust dus op signalen en gevolgen.",
                "There are no figures on what the recommendation itself works on. So the need rests on signals and \
                 consequences.",
            );
        }
        said
    }

    fn trigger(&self) -> Sentences {
        let mut said = Sentences::default();
        let advice = &self.derivation.advice;
        let Some(outcome) = &advice.trigger else {
            return said;
        };
        let name = &outcome.trigger.name;
        match outcome.state {
            TriggerState::Fired(least) => {
                said.say(
                    format!("Er is een extra signaal: {}.", name.nl),
                    format!("There is an extra signal: {}.", name.en),
                );
                let (least, by_need) = (class_in_words(least), class_in_words(advice.need.class));
                said.say(
                    format!("Daarom is de uitkomst minstens ‘{}’.", least.0),
                    format!("That is why the outcome is at least “{}”.", least.1),
                );
                if advice.class != advice.need.class {
                    said.say(
                        format!("Zonder dit signaal was de uitkomst ‘{}’.", by_need.0),
                        format!("Without this signal the outcome would be “{}”.", by_need.1),
                    );
                }
            }
            TriggerState::NotFired => said.say(
                format!("Dit extra signaal is er niet: {}.", name.nl),
                format!("This extra signal is not there: {}.", name.en),
            ),
            TriggerState::NotMeasured => {
                said.say(
                    format!("Of dit extra signaal er is, is niet bekend: {}.", name.nl),
                    format!("Whether this extra signal is there is not known: {}.", name.en),
                );
                said.say(
                    "Daarvoor zijn te weinig cijfers.",
                    "There are too few figures for it.",
                );
            }
        }
        if let (Some(found), TriggerCondition::Masking(rules)) = (&outcome.masking, outcome.trigger.condition)
            && !matches!(self.rendering.subject, Subject::Region(..))
        {
            let (masked, measured) = (found.members_masked, found.members_measured);
            let share = format!("{:.0}%", rules.share_of_members * 100.0);
            said.say(
                format!("In {masked} van de {measured} gemeenten met cijfers verbergt een wijk zo’n probleem. Het telt vanaf {share}."),
                format!("In {masked} of the {measured} municipalities with figures a district hides such a problem. It counts from {share} on."),
            );
        }
        let hidden = outcome.masking.iter().flat_map(|found| &found.indicators);
        for (indicator, _, districts) in hidden.filter(|(.., districts)| *districts > 0) {
            let named = self.rendering.edition.indicator(indicator);
            let name = named
                .map(|(_, indicator)| indicator.name.clone())
                .unwrap_or_default();
            let (nl, en) = match districts {
                1 => ("1 wijk verbergt".to_owned(), "1 district hides".to_owned()),
                _ => (
                    format!("{districts} wijken verbergen"),
                    format!("{districts} districts hide"),
                ),
            };
            said.say(
                format!("Bij ‘{}’: {nl} een probleem in een buurt.", name.nl),
                format!("On “{}”: {en} a problem in a neighbourhood.", name.en),
            );
        }
        let unfavourable = self
            .derivation
            .themes
            .iter()
            .filter(|theme| theme.fare.unfavourable);
        let themes: Vec<Text> = unfavourable.map(|theme| theme.theme.name.clone()).collect();
        if let Some((nl, en)) = listed(&themes) {
            said.say(
                format!("Deze thema’s zijn ongunstig: {nl}."),
                format!("These themes are unfavourable: {en}."),
            );
        }
        said
    }

    fn mechanisms(&self) -> Sentences {
        let mut said = Sentences::default();
        let mechanisms = &self.derivation.advice.mechanisms;
        if mechanisms.is_empty() {
            return said;
        }
        said.say(
            "Het rapport legt uit hoe dit samenhangt.",
            "The report explains how this hangs together.",
        );
        for mechanism in mechanisms.iter().take(MOST_MECHANISMS) {
            self.mechanism(mechanism, &mut said);
        }
        match mechanisms.len().saturating_sub(MOST_MECHANISMS) {
            0 => {}
            1 => said.say("Het noemt nog 1 verband.", "It names 1 more connection."),
            more => said.say(
                format!("Het noemt nog {more} verbanden."),
                format!("It names {more} more connections."),
            ),
        }
        said
    }

    fn mechanism(&self, mechanism: &Mechanism, said: &mut Sentences) {
        let (cause, effect) = (self.factor_name(&mechanism.from), self.factor_name(&mechanism.to));
        let (nl, en) = match mechanism.certainty {
            MechanismCertainty::Stated => ("leidt tot", "leads to"),
            MechanismCertainty::Presumed => ("leidt vermoedelijk tot", "presumably leads to"),
            MechanismCertainty::Risk => ("kan leiden tot", "may lead to"),
        };
        let section = &mechanism.section;
        said.say(
            format!("‘{}’ {nl} ‘{}’ (paragraaf {section}).", cause.nl, effect.nl),
            format!("“{}” {en} “{}” (section {section}).", cause.en, effect.en),
        );
    }

    fn factor_name(&self, id: &str) -> Text {
        let factor = self.rendering.edition.knowledge.factor(id);
        factor
            .map(|factor: &Factor| factor.name.clone())
            .unwrap_or_default()
    }

    fn name(&self) -> Text {
        match self.rendering.subject {
            Subject::Region(_, region) => Text::new(&region.name, &region.name),
            Subject::Group(group) => Text::new(
                format!("het gemiddelde van {}", group.name.nl),
                format!("the mean of {}", group.name.en),
            ),
            Subject::Regions(regions) => {
                let count = regions.len();
                Text::new(
                    format!("het gemiddelde van {count} gemeenten"),
                    format!("the mean of {count} municipalities"),
                )
            }
        }
    }
}

fn limits() -> Sentences {
    let mut said = Sentences::default();
    said.say(
        "Een plaats op een lijst vergelijkt met andere gemeenten.",
        "A place on a list compares with other municipalities.",
    );
    said.say(
        "Het is een signaal, geen bewijs van een oorzaak.",
        "It is a signal, not proof of a cause.",
    );
    said.say(
        "Praat er dus over met mensen die de gemeente kennen, voordat u iets besluit.",
        "So talk about it with people who know the municipality before you decide anything.",
    );
    said
}
