//! One file per question: which calls it takes, and which rows come of the answer.

mod bibliography;
mod coherence;
mod compare;
mod composite;
mod coverage;
mod cut;
pub(crate) mod editions;
mod explain;
mod factors;
mod findings;
mod flows;
mod groups;
mod indicators;
mod masking;
mod mechanisms;
mod method;
mod phases;
mod profile;
mod rank;
mod recommend;
mod region;
mod regions;
mod sensitivity;
mod similar;
mod simulate;
mod surroundings;
mod trend;
mod universes;

use super::{answer::Answer, arguments::Question, exit::Failure, session::Session};

/// Asks what was typed.
pub(crate) async fn ask(session: &mut Session, question: &Question) -> Result<Answer, Failure> {
    match question {
        Question::Indicators(arguments) => indicators::ask(session, arguments).await,
        Question::Regions(arguments) => regions::ask(session, arguments).await,
        Question::Region(arguments) => region::ask(session, arguments).await,
        Question::Groups => groups::ask(session).await,
        Question::Universes(arguments) => universes::ask(session, arguments).await,
        Question::Profile(arguments) => profile::ask(session, arguments).await,
        Question::Rank(arguments) => rank::ask(session, arguments).await,
        Question::Sensitivity(arguments) => sensitivity::ask(session, arguments).await,
        Question::Trend(arguments) => trend::ask(session, arguments).await,
        Question::Composite(arguments) => composite::ask(session, arguments).await,
        Question::Compare(arguments) => compare::ask(session, arguments).await,
        Question::Similar(arguments) => similar::ask(session, arguments).await,
        Question::Simulate(arguments) => simulate::ask(session, arguments).await,
        Question::Flows(arguments) => flows::ask(session, arguments).await,
        Question::Surroundings(arguments) => surroundings::ask(session, arguments).await,
        Question::Masking(arguments) => masking::ask(session, arguments).await,
        Question::Recommend(arguments) => recommend::ask(session, arguments).await,
        Question::Explain(arguments) => explain::ask(session, arguments).await,
        Question::Factors(arguments) => factors::ask(session, arguments).await,
        Question::Mechanisms(arguments) => mechanisms::ask(session, arguments).await,
        Question::Findings(arguments) => findings::ask(session, arguments).await,
        Question::Phases => phases::ask(session).await,
        Question::Coherence(arguments) => coherence::ask(session, arguments).await,
        Question::Bibliography(arguments) => bibliography::ask(session, arguments).await,
        Question::Coverage(arguments) => coverage::ask(session, arguments).await,
        Question::Editions(arguments) => editions::ask(session, arguments).await,
        Question::Method(arguments) => method::ask(session, arguments).await,
    }
}

/// Several names in one cell.
pub(crate) const BETWEEN_NAMES: &str = "; ";
