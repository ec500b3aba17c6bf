//! One file per question: which calls it takes, and which rows come of the answer.

mod bibliography;
mod coherence;
mod compare;
mod composite;
mod coverage;
mod cut;
mod editions;
mod explain;
mod factors;
mod findings;
mod groups;
mod indicators;
mod mechanisms;
mod method;
mod phases;
mod profile;
mod rank;
mod recommend;
mod regions;
mod sensitivity;
mod similar;
mod simulate;
mod trend;
mod universes;

use super::{answer::Answer, arguments::Command, exit::Failure, session::Session};

/// Asks what was typed.
pub(crate) async fn ask(session: &mut Session, command: &Command) -> Result<Answer, Failure> {
    match command {
        Command::Indicators(arguments) => indicators::ask(session, arguments).await,
        Command::Regions(arguments) => regions::ask(session, arguments).await,
        Command::Groups => groups::ask(session).await,
        Command::Universes(arguments) => universes::ask(session, arguments).await,
        Command::Profile(arguments) => profile::ask(session, arguments).await,
        Command::Rank(arguments) => rank::ask(session, arguments).await,
        Command::Sensitivity(arguments) => sensitivity::ask(session, arguments).await,
        Command::Trend(arguments) => trend::ask(session, arguments).await,
        Command::Composite(arguments) => composite::ask(session, arguments).await,
        Command::Compare(arguments) => compare::ask(session, arguments).await,
        Command::Similar(arguments) => similar::ask(session, arguments).await,
        Command::Simulate(arguments) => simulate::ask(session, arguments).await,
        Command::Recommend(arguments) => recommend::ask(session, arguments).await,
        Command::Explain(arguments) => explain::ask(session, arguments).await,
        Command::Factors(arguments) => factors::ask(session, arguments).await,
        Command::Mechanisms(arguments) => mechanisms::ask(session, arguments).await,
        Command::Findings(arguments) => findings::ask(session, arguments).await,
        Command::Phases => phases::ask(session).await,
        Command::Coherence(arguments) => coherence::ask(session, arguments).await,
        Command::Bibliography(arguments) => bibliography::ask(session, arguments).await,
        Command::Coverage(arguments) => coverage::ask(session, arguments).await,
        Command::Editions => editions::ask(session).await,
        Command::Method(arguments) => method::ask(session, arguments).await,
    }
}

/// Several names in one cell.
pub(super) const BETWEEN_NAMES: &str = "; ";
