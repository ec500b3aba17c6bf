//! The command line tool `groeikern`: asks a groeikern server from a terminal or a script.
//!
//! One run is one question: read the arguments, connect, ask, show the answer, end with a code a script can act on.

mod cli;

use std::process::ExitCode;

use cli::{
    admin,
    arguments::{Arguments, Command, Editions, EditionsQuestion, Question},
    commands, exit, export,
    screen::Screen,
    session::Session,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(usage) => return exit::with_usage(&usage),
    };
    let screen = Screen::of(&arguments.options);
    let shown = async {
        let question = match &arguments.command {
            Command::Export(asked) => {
                return export::run(&arguments.options, screen.language, asked).await;
            }
            Command::Question(Question::Editions(Editions {
                asked: Some(EditionsQuestion::Watch(asked)),
            })) => return commands::editions::watch::run(&arguments.options, screen, asked).await,
            Command::Admin(asked) => return admin::run(&arguments.options, screen, asked).await,
            Command::Question(question) => question,
        };
        let mut session = Session::connect(&arguments.options, screen.language, None).await?;
        let answer = commands::ask(&mut session, question).await?;
        screen.show(&answer, session.remarks())
    };
    exit::with(shown.await, screen.language)
}
