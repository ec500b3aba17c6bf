//! What `admin` takes.

use std::{env, path::PathBuf};

use clap::{Args, Subcommand};

pub(super) const HELP: &str = "\
Changes go over the Unix socket of a server on this machine, which only its own user and root can open. Every change has a
request id: the same id again gets the same answer, and nothing is done twice. Without --request-id one is chosen and shown.
Examples:
  groeikern admin import --recipe cbs_kwb_municipality_2020 key_figures_2020.csv.gz --publish
  groeikern admin imports --state pending
  groeikern admin publish --name our-town-2026
  groeikern admin rollback new-towns-2024
  groeikern admin define-group our_towns --name-nl \"Onze steden\" --name-en \"Our towns\" --source \"our council\" \\
      --defined 2026-11-29 --member GM0034 --member GM0637:2015-01-01";

/// Arguments of `admin`.
#[derive(Debug, Args)]
pub(crate) struct Admin {
    /// Socket of the server [default: admin.sock in the user's data directory of groeikern]
    #[arg(long, global = true, env = "GROEIKERN_ADMIN_SOCKET", value_name = "PATH")]
    socket: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) change: Change,
}

impl Admin {
    /// The socket as an endpoint.
    pub(crate) fn endpoint(&self) -> String {
        let absolute = |name: &str| {
            env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let usual = || {
            let of_user = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")));
            of_user.unwrap_or_default().join("groeikern/admin.sock")
        };
        format!("unix:{}", self.socket.clone().unwrap_or_else(usual).display())
    }
}

/// The changes, and what there is to see of them.
#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// Send tables, to be read by a recipe and kept for the next publication
    Import(Import),
    /// List what was sent, latest first
    Imports(Imports),
    /// Publish the current edition with what waits
    Publish(Publish),
    /// Make an earlier edition current again
    Rollback(Rollback),
    /// Define a group of municipalities, as an import that the next publication takes
    DefineGroup(DefineGroup),
}

/// The request id of a change.
#[derive(Debug, Args)]
pub(crate) struct Request {
    /// Id under which this is asked; the same again gets the same answer [default: a new one]
    #[arg(long, value_name = "ID")]
    pub(crate) request_id: Option<String>,
}

/// Arguments of `admin import`.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Recipe to read by: the name of one that ships with the server, or a file
    #[arg(long, value_name = "NAME|FILE")]
    pub(crate) recipe: String,
    /// Table, plain or gzipped; several make one import
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// List of regions in which names have codes, for tables without codes: codes-RegioS.json of CBS
    #[arg(long, value_name = "FILE")]
    pub(crate) region_names: Option<PathBuf>,
    /// Day the tables were fetched, where the recipe does not say [YYYY-MM-DD]
    #[arg(long, value_name = "DATE", default_value = "", hide_default_value = true)]
    pub(crate) retrieved: String,
    /// Version of the source, where the recipe does not say
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) source_version: String,
    /// Publish it at once, alone; what waits goes on waiting
    #[arg(long, conflicts_with = "validate_only")]
    pub(crate) publish: bool,
    /// Read and report, and keep nothing
    #[arg(long)]
    pub(crate) validate_only: bool,
    #[command(flatten)]
    pub(crate) request: Request,
}

/// Arguments of `admin imports`.
#[derive(Debug, Args)]
pub(crate) struct Imports {
    /// Only those in this state
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<State>,
}

/// The states of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum State {
    /// It waits
    Pending,
    /// A publication took it
    Published,
    /// No publication is to take it
    SetAside,
}

/// Arguments of `admin publish`.
#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// Imports to take, in this order [default: all that wait]
    #[arg(value_name = "IMPORT")]
    pub(crate) imports: Vec<String>,
    /// An import that no publication is to take
    #[arg(long, value_name = "IMPORT")]
    pub(crate) set_aside: Vec<String>,
    /// Leave out the figures by this recipe
    #[arg(long, value_name = "RECIPE")]
    pub(crate) without: Vec<String>,
    /// Label of the edition [default: that of the current one, or national- and the latest year]
    #[arg(long, value_name = "LABEL", default_value = "", hide_default_value = true)]
    pub(crate) name: String,
    /// Only if the publication of this number is current
    #[arg(long, value_name = "NUMBER")]
    pub(crate) expect: Option<u64>,
    /// Make and check the edition, and publish nothing
    #[arg(long)]
    pub(crate) validate_only: bool,
    #[command(flatten)]
    pub(crate) request: Request,
}

/// Arguments of `admin rollback`.
#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// Edition to make current again, by id or name
    #[arg(value_name = "ID|NAME")]
    pub(crate) edition: String,
    /// Only if the publication of this number is current
    #[arg(long, value_name = "NUMBER")]
    pub(crate) expect: Option<u64>,
    #[command(flatten)]
    pub(crate) request: Request,
}

/// Arguments of `admin define-group`.
#[derive(Debug, Args)]
pub(crate) struct DefineGroup {
    /// Id of the group: lower case letters, digits and underscores
    #[arg(value_name = "GROUP")]
    pub(crate) group: String,
    /// Name in Dutch
    #[arg(long, value_name = "TEXT")]
    pub(crate) name_nl: String,
    /// Name in English
    #[arg(long, value_name = "TEXT")]
    pub(crate) name_en: String,
    /// Member, by code; a first and a last day of membership may follow, which are told and choose no figures
    #[arg(long = "member", required = true, value_name = "CODE[:FROM[:TO]]")]
    pub(crate) members: Vec<String>,
    /// Who defined it
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: String,
    /// Day it was defined [YYYY-MM-DD]
    #[arg(long, value_name = "DATE")]
    pub(crate) defined: String,
    /// Remark in Dutch
    #[arg(long, value_name = "TEXT", requires = "note_en")]
    pub(crate) note_nl: Option<String>,
    /// Remark in English
    #[arg(long, value_name = "TEXT", requires = "note_nl")]
    pub(crate) note_en: Option<String>,
    /// Publish it at once, alone; what waits goes on waiting
    #[arg(long)]
    pub(crate) publish: bool,
    #[command(flatten)]
    pub(crate) request: Request,
}
