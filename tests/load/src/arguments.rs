//! What can be typed after `groeikern-load`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{
    edition::Scale,
    queries::{QUERIES, Query},
};

/// Measures what groeikern's answers cost, against a bare echo of the same size.
#[derive(Debug, Parser)]
#[command(name = "groeikern-load", version, about, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) load: Load,
}

/// The servers that a run starts, each in a process of its own: it prints its address and ends with its stdin.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A bare tonic service that answers as many bytes as its request says
    #[command(name = "serve-echo", hide = true)]
    Echo,
    /// Groeikern's handlers, nothing around them
    #[command(name = "serve-handler", hide = true)]
    Handler {
        /// Directory of the edition
        shelf: PathBuf,
    },
    /// What `groeikern-server` serves by default
    #[command(name = "serve-default", hide = true)]
    Default {
        /// Directory of the edition
        shelf: PathBuf,
    },
}

/// Options of a run.
#[derive(Debug, Args)]
pub(crate) struct Load {
    /// Times that every query is asked of every server, in turns; figures are medians over them
    #[arg(long, value_name = "NUMBER", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rounds: u32,
    /// Requests of one query to one server in one round
    #[arg(long, value_name = "NUMBER", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) requests: u32,
    /// Exit with 1 when an efficiency is below its target
    #[arg(long)]
    pub(crate) check: bool,
    /// Ask only these queries, such as Q1,Q3 [default: all]
    #[arg(long, value_name = "IDS", value_delimiter = ',', value_parser = QUERIES.iter().map(|query| query.id).collect::<Vec<_>>())]
    queries: Vec<String>,
    /// Connections to each server
    #[arg(long, value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connections: u32,
    /// Requests under way on each connection at the same time, where the caller goes as fast as it can
    #[arg(long, value_name = "NUMBER", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) in_flight: u32,
    #[command(flatten)]
    pub(crate) scale: Scale,
}

impl Load {
    /// The queries to ask, in their own order.
    pub(crate) fn asked(&self) -> impl Iterator<Item = &'static Query> {
        let all = self.queries.is_empty();
        QUERIES
            .iter()
            .filter(move |query| all || self.queries.iter().any(|id| id == query.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn queries_are_asked_once_and_in_their_own_order() {
        let asked = |line: &[&str]| -> Vec<&str> {
            let arguments = Arguments::try_parse_from(line).expect("read");
            arguments.load.asked().map(|query| query.id).collect()
        };
        assert_eq!(asked(&["groeikern-load"]).len(), QUERIES.len());
        assert_eq!(asked(&["groeikern-load", "--queries", "Q3,Q1,Q3"]), ["Q1", "Q3"]);
        assert!(Arguments::try_parse_from(["groeikern-load", "--queries", "Q9"]).is_err());
    }
}
