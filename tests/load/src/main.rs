//! The load program: what an answer costs, against a bare echo of the same size in the same run.
//!
//! One run: build an edition of national size, start three servers as processes of their own, learn the size of every
//! answer, ask all three in turns, and print tables. The servers are this program again, under hidden commands: a bare tonic
//! echo, groeikern's handlers with nothing around them, and what `groeikern-server` serves by default. `docs/performance.md`
//! says what the figures mean.
//!
//! Reading order: [`queries`] (what is asked), [`edition`] (of what), [`serve`] and [`echo`] (who answers), [`child`] (what
//! that costs), [`caller`] and [`mod@load`] (who asks), [`measure`] (in which order), [`report`].

mod arguments;
mod bytes_codec;
mod caller;
mod child;
mod echo;
mod edition;
mod load;
mod machine;
mod measure;
mod queries;
mod report;
mod serve;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clap::Parser;

use arguments::{Arguments, Command, Load};
use child::{Child, SetUp};

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let done = tokio::runtime::Builder::new_multi_thread() // as many threads as cores, for all servers and the caller
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(Arguments::parse())));
    done.unwrap_or_else(|failure| {
        let _ = writeln!(io::stderr().lock(), "error: {failure}");
        ExitCode::FAILURE
    })
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        None => load(&arguments.load).await,
        Some(Command::Echo) => serve::echo().await,
        Some(Command::Handler { shelf }) => serve::handler(shelf).await,
        Some(Command::Default { shelf }) => serve::default_build(shelf).await,
    }
}

/// One run of the program.
async fn load(options: &Load) -> Result<ExitCode, Failure> {
    progress(&format!("build an edition of {}", options.scale));
    let shelf = edition::publish(options.scale).await?;
    progress("start three servers");
    // The default build first, alone: the time to its first answer is one of the figures.
    let default = Child::start(SetUp::Default, shelf.path())?;
    let first_answer = measure::first_answer(&default, options.scale).await?;
    let servers = [
        Child::start(SetUp::Echo, shelf.path())?,
        Child::start(SetUp::Handler, shelf.path())?,
        default,
    ];
    let mut measured = Vec::new();
    for query in options.asked() {
        progress(&format!("{}: {}", query.id, query.what));
        measured.push(measure::query(query, options, &servers).await?);
    }
    let text = report::Report {
        options,
        measured: &measured,
        first_answer,
        peak_memory: servers[2].peak_memory()?,
    };
    write!(io::stdout().lock(), "{text}")?;
    let missed = measured.iter().any(measure::Measured::misses_a_target);
    Ok(ExitCode::from(u8::from(options.check && missed)))
}

/// What happens, on stderr: the tables are for stdout.
fn progress(line: &str) {
    let _ = writeln!(io::stderr().lock(), "groeikern-load: {line}");
}
