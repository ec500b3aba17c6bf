//! What can be typed after `groeikern-server`, or set in the environment.

use std::{
    env,
    net::{Ipv4Addr, SocketAddr, ToSocketAddrs},
    num::NonZeroUsize,
    path::PathBuf,
    time::Duration,
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use groeikern_server::{administration::MOST_UPLOADED, edition::check_label, serve::Limits};

const EXIT_CODES: &str = "\
Without a command it serves.

Exit codes:
  0 done   1 failed   2 wrong usage   7 an edition is damaged or of another version";

const IMPORT_USAGE: &str = "\
groeikern-server import [OPTIONS] --recipe <NAME|FILE> <FILE>...
       groeikern-server import [OPTIONS] --all <DIR>
       groeikern-server import [OPTIONS] --without <NAME>";

const IMPORT_EXAMPLES: &str = "\
Examples:
  groeikern-server import --recipe cbs_kwb_municipality_2020 key_figures_2020.csv.gz
  groeikern-server import --all tables
  groeikern-server import --recipe own_table.toml --name our-town-2026 table.csv
  groeikern-server import --without own_table

`groeikern-server recipes` lists the recipes that ship, each with the table it is for.";

const UPDATE_EXAMPLES: &str = "\
Examples:
  groeikern-server update --dry-run
  groeikern-server update --recipe cbs_population";

/// Answers groeikern.v1: indicators, rankings and recommendations for Dutch municipalities.
#[derive(Debug, Parser)]
#[command(name = "groeikern-server", version, about, after_help = EXIT_CODES, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Config {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

impl Config {
    /// The command; `serve` when none is named.
    pub(crate) fn into_command(self) -> Command {
        self.command.unwrap_or(Command::Serve(self.serve))
    }
}

/// What a run does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the current edition until SIGTERM or Ctrl-C; the first line on stdout is the address
    Serve(Serve),
    /// Build an edition from a folder of data and publish it
    #[command(after_help = "The folder has the form of the project's data/; docs/editions.md describes it.")]
    Publish(Publish),
    /// Check every published edition: bytes, structure, references, content hash and grade scales
    Verify(Verify),
    /// List what was published: number, id, name, size, when, and which is current
    Editions(Editions),
    /// Make an edition current again that was published before
    ///
    /// Its file is checked first. It gets a new number; what was published since stays on the shelf. A running server takes it by
    /// itself.
    #[command(
        after_help = "Example: groeikern-server rollback 2f0c8e51b7d4a963\n\n`groeikern-server editions` lists them."
    )]
    Rollback(Rollback),
    /// Take away editions that need not stay, and what killed writers left behind
    ///
    /// The current edition always stays. Servers that have an edition in memory go on with it.
    #[command(after_help = "Example: groeikern-server retain --keep 5 --also our-town-2026 --dry-run")]
    Retain(Retain),
    /// List the recipes that ship, or show one
    Recipes(Recipes),
    /// Print the method, with its formulas and examples, as Markdown
    Method(Method),
    /// Read a table by a recipe and report what is in it; nothing is published
    #[command(
        after_help = "Example: groeikern-server inspect --recipe cbs_kwb_municipality_2020 table.csv.gz"
    )]
    Inspect(Inspect),
    /// Read tables by a recipe, add them to the current edition, and publish that as the next one
    ///
    /// An earlier import by the same recipe of the same period is replaced. Imports by other recipes stay. A running server takes
    /// the new edition by itself.
    #[command(after_help = IMPORT_EXAMPLES, override_usage = IMPORT_USAGE)]
    Import(Import),
    /// Fetch the tables that are newer at their source than in the current edition, and publish the edition with them
    ///
    /// Asked are the sources that recipes give an address over OData, and nobody else. What is fetched is kept in the folder
    /// `sources` of the data directory; a run that is broken off goes on there. Either all tables become part of the edition, or
    /// none.
    #[command(after_help = UPDATE_EXAMPLES)]
    Update(Update),
}

impl Command {
    pub(crate) fn logging(&self) -> &Logging {
        match self {
            Self::Serve(serve) => &serve.logging,
            Self::Publish(publish) => &publish.logging,
            Self::Verify(verify) => &verify.logging,
            Self::Editions(editions) => &editions.logging,
            Self::Rollback(rollback) => &rollback.logging,
            Self::Retain(retain) => &retain.logging,
            Self::Recipes(recipes) => &recipes.logging,
            Self::Method(method) => &method.logging,
            Self::Inspect(inspect) => &inspect.reading.logging,
            Self::Import(import) => &import.reading.logging,
            Self::Update(update) => &update.logging,
        }
    }
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, env = "GROEIKERN_LISTEN", value_name = "ADDRESS", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 50051)), value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Listen on an address that other machines can reach, without TLS
    #[arg(long, env = "GROEIKERN_INSECURE_PLAINTEXT")]
    pub(crate) insecure_plaintext: bool,
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    #[command(flatten)]
    pub(crate) admin: Admin,
    /// Requests answered at the same time; more are told to come back
    #[arg(long, env = "GROEIKERN_MAX_REQUESTS", value_name = "NUMBER", default_value_t = Limits::default().concurrent_requests, value_parser = at_least_one)]
    max_requests: usize,
    /// Connections open at the same time; more are closed. Above about 900 allow more open files as well
    #[arg(long, env = "GROEIKERN_MAX_CONNECTIONS", value_name = "NUMBER", default_value_t = Limits::default().connections, value_parser = at_least_one)]
    max_connections: usize,
    /// Streams that watch for new editions at the same time; more are told to come back
    #[arg(long, env = "GROEIKERN_MAX_WATCHES", value_name = "NUMBER", default_value_t = Limits::default().watches, value_parser = at_least_one)]
    max_watches: usize,
    /// The longest a request may take, also when its client allows more
    #[arg(long, env = "GROEIKERN_DEADLINE", value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    deadline: Duration,
    /// How long requests may take to finish after SIGTERM
    #[arg(long, env = "GROEIKERN_DRAIN", value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    drain: Duration,
    #[command(flatten)]
    logging: Logging,
}

impl Serve {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            concurrent_requests: self.max_requests,
            connections: self.max_connections,
            watches: self.max_watches,
            deadline: self.deadline,
            drain: self.drain,
            ..Limits::default()
        }
    }
}

/// How a server is administered while it runs.
#[derive(Debug, Args)]
pub(crate) struct Admin {
    /// Unix socket for changes, which the user of the server alone can open [default: admin.sock in the data directory]
    #[arg(long, env = "GROEIKERN_ADMIN_SOCKET", value_name = "PATH")]
    pub(crate) admin_socket: Option<PathBuf>,
    /// Take no changes
    #[arg(long, env = "GROEIKERN_NO_ADMIN", conflicts_with = "admin_socket")]
    pub(crate) no_admin: bool,
    /// The longest a change may take, its upload included
    #[arg(long, env = "GROEIKERN_ADMIN_DEADLINE", value_name = "SECONDS", default_value = "900", value_parser = seconds)]
    admin_deadline: Duration,
    /// Bytes that the tables of one import may be together, as they are sent
    #[arg(long, env = "GROEIKERN_MAX_UPLOAD", value_name = "BYTES", default_value_t = MOST_UPLOADED, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) max_upload: u64,
}

impl Admin {
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            deadline: self.admin_deadline,
            connection_age: self.admin_deadline,
            ..Limits::of_administration()
        }
    }
}

/// Options of `publish`.
#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// Folder to read
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    #[command(flatten)]
    logging: Logging,
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    #[command(flatten)]
    logging: Logging,
}

/// Options of `editions`.
#[derive(Debug, Args)]
pub(crate) struct Editions {
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    #[command(flatten)]
    logging: Logging,
}

/// Options of `rollback`.
#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// Edition to go back to, by id or name; of several with one name, the one published last
    #[arg(value_name = "EDITION")]
    pub(crate) edition: String,
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    #[command(flatten)]
    logging: Logging,
}

/// Options of `retain`.
#[derive(Debug, Args)]
pub(crate) struct Retain {
    /// Editions that stay: so many of those published last
    #[arg(long, value_name = "NUMBER", default_value = "10")]
    pub(crate) keep: NonZeroUsize,
    /// Edition that stays as well, by id or name; may be repeated
    #[arg(long, value_name = "EDITION")]
    pub(crate) also: Vec<String>,
    /// Say what would go, and take nothing away
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    #[command(flatten)]
    logging: Logging,
}

/// Options of `recipes`.
#[derive(Debug, Args)]
pub(crate) struct Recipes {
    /// Recipe to show, by name or file [default: a list of all]
    #[arg(value_name = "NAME|FILE")]
    pub(crate) recipe: Option<String>,
    #[command(flatten)]
    logging: Logging,
}

/// Options of `method`.
#[derive(Debug, Args)]
pub(crate) struct Method {
    #[command(flatten)]
    logging: Logging,
}

/// Options of `inspect`.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// Recipe to read by, by name or file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) recipe: String,
    /// Table, plain or gzipped; several make one unit
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Options of `import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    /// Recipe to read by, by name or file
    #[arg(
        long,
        value_name = "NAME|FILE",
        required_unless_present_any = ["without", "all"],
        requires = "files"
    )]
    pub(crate) recipe: Option<String>,
    /// Read every table that a shipped recipe is for, from this folder and those within it; each is found by the name that its
    /// recipe gives, compressed or not. Either all that are there become part of the edition, or none
    #[arg(long, value_name = "DIR", conflicts_with_all = ["recipe", "files", "retrieved", "source_version"])]
    pub(crate) all: Option<PathBuf>,
    /// Table, plain or gzipped; several make one unit
    #[arg(value_name = "FILE", requires = "recipe")]
    pub(crate) files: Vec<PathBuf>,
    /// Leave out what was imported before by this recipe; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) without: Vec<String>,
    /// Label of the new edition [default: the one given to an earlier import, or national-YEAR of the latest figures]
    #[arg(long, value_name = "LABEL", value_parser = label)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Options of `update`.
#[derive(Debug, Args)]
pub(crate) struct Update {
    #[command(flatten)]
    pub(crate) data: DataDirectory,
    /// Recipe whose table to look for, by name or file; may be repeated [default: all that ship]
    #[arg(long = "recipe", value_name = "NAME|FILE")]
    pub(crate) recipes: Vec<String>,
    /// Say what would be fetched, and fetch nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Mirror to ask in place of the sources: it takes the place of scheme and host in their addresses
    #[arg(long, env = "GROEIKERN_BASE_URL", value_name = "URL")]
    pub(crate) base_url: Option<String>,
    #[command(flatten)]
    logging: Logging,
}

/// How tables are read, for `inspect` and `import`.
#[derive(Debug, Args)]
pub(crate) struct Reading {
    /// Day the table was retrieved, where the recipe does not say [YYYY-MM-DD]
    #[arg(long, value_name = "DATE")]
    pub(crate) retrieved: Option<String>,
    /// Version of the source, where the recipe does not say
    #[arg(long, value_name = "TEXT")]
    pub(crate) source_version: Option<String>,
    /// List of regions in which names have codes, for tables without codes: codes-RegioS.json of a CBS table over OData, or its
    /// folder
    #[arg(long, value_name = "PATH")]
    pub(crate) region_names: Option<PathBuf>,
    /// Form of the report on stdout
    #[arg(long, value_name = "FORM", default_value = "text")]
    pub(crate) report: ReportForm,
    #[command(flatten)]
    logging: Logging,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// Where editions are kept.
#[derive(Debug, Args)]
pub(crate) struct DataDirectory {
    /// Directory of the published editions [default: groeikern in the user's data directory]
    #[arg(long = "data-dir", env = "GROEIKERN_DATA_DIR", value_name = "DIR")]
    given: Option<PathBuf>,
}

impl DataDirectory {
    /// The directory given, or the user's own; nothing where the system knows no user.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let absolute = |name: &str| {
            env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        self.given.clone().or_else(|| {
            let of_user =
                absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")))?;
            Some(of_user.join("groeikern"))
        })
    }
}

/// What is logged, on stderr.
#[derive(Debug, Args)]
pub(crate) struct Logging {
    /// What to log, such as warn or groeikern_server=debug
    #[arg(
        long = "log",
        env = "GROEIKERN_LOG",
        value_name = "FILTER",
        default_value = "info",
        global = true
    )]
    pub(crate) filter: String,
    /// Form of the log
    #[arg(
        long = "log-format",
        env = "GROEIKERN_LOG_FORMAT",
        value_name = "FORM",
        default_value = "text",
        global = true
    )]
    pub(crate) format: LogFormat,
}

/// The forms of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// One JSON object per line
    Json,
}

/// An address by number or by name.
fn address(text: &str) -> Result<SocketAddr, String> {
    let found = text
        .to_socket_addrs()
        .map_err(|_| "write it as 127.0.0.1:50051, [::1]:50051 or localhost:50051".to_owned())?;
    // A name may stand for both kinds of address; who means the other one writes its number.
    let mut found: Vec<SocketAddr> = found.collect();
    found.sort_by_key(SocketAddr::is_ipv6);
    found
        .first()
        .copied()
        .ok_or_else(|| "it has no address".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() && duration <= Duration::from_secs(86_400) => Ok(duration),
        _ => Err("must be more than 0 and at most 86400".to_owned()),
    }
}

/// A label of an edition.
fn label(text: &str) -> Result<String, String> {
    check_label(text)?;
    Ok(text.to_owned())
}

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("must be a whole number of 1 or more".to_owned()),
        Ok(number) => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Config::command().debug_assert();
    }

    #[test]
    fn without_a_command_it_serves_on_loopback() {
        let config = Config::try_parse_from(["groeikern-server"]).expect("read");
        let Command::Serve(serve) = config.into_command() else {
            panic!("not serve")
        };
        assert_eq!(serve.listen.to_string(), "127.0.0.1:50051");
        assert!(!serve.insecure_plaintext);
    }

    #[test]
    fn serve_options_need_no_command() {
        for line in [
            ["groeikern-server", "--listen", "[::1]:1"].as_slice(),
            &["groeikern-server", "serve", "--listen", "[::1]:1"],
        ] {
            let Command::Serve(serve) = Config::try_parse_from(line).expect("read").into_command() else {
                panic!("not serve")
            };
            assert_eq!(serve.listen.port(), 1);
        }
    }

    #[test]
    fn limits_are_positive() {
        for (option, value) in [
            ("--deadline", "0"),
            ("--drain", "-1"),
            ("--max-requests", "0"),
            ("--max-connections", "x"),
        ] {
            assert!(
                Config::try_parse_from(["groeikern-server", "serve", option, value]).is_err(),
                "{option} {value}"
            );
        }
    }
}
