//! `export`: figures as they come from the server, written in a form that other programs read.
//!
//! Reading order: [`stand_ins`] (what was asked for in vain), [`received`] (what came, checked), [`columns`] (a figure as named
//! cells), [`csv`], [`ndjson`] and [`json_stat`] with [`extension`] (the forms), [`target`] and [`draft`] (a file that is there whole
//! or not at all), [`dcat`] (the record beside it).

mod columns;
mod csv;
mod dcat;
mod draft;
mod extension;
mod json_stat;
mod ndjson;
mod received;
mod stand_ins;
mod target;

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use groeikern_client::{
    Error, StreamExt,
    v1::{Basis, ErrorReason, ExportObservationsRequest, RegionLevel},
};

use self::{columns::Figure, draft::Draft, json_stat::Cube, received::Lists, target::Target};
pub(crate) use self::{draft::content_of, received::Received, stand_ins::StandIn};
use super::{
    answer::Footer,
    arguments::{Export, Format, Options},
    exit::Failure,
    footer,
    language::{Language, exports},
    screen::beside,
    session::Session,
};

/// The deadline of an export where none is typed: what a server takes minutes to send is not given up after seconds.
const PATIENCE: Duration = Duration::from_secs(300);

/// Asks for the figures and writes them to the file named, or to stdout.
pub(crate) async fn run(options: &Options, language: Language, arguments: &Export) -> Result<(), Failure> {
    if options.output.or(arguments.output).is_some() {
        return Err(Failure::NoForm);
    }
    if arguments.file().is_none() && (arguments.publisher.is_some() || arguments.contact.is_some()) {
        return Err(Failure::NoRecord);
    }
    let format = arguments
        .format()
        .map_err(|ending| Failure::UnknownEnding { ending })?;
    let session = &mut Session::connect(options, language, Some(PATIENCE)).await?;
    let asked = asked(session, arguments).await?;
    let Some(file) = arguments.file() else {
        let stdout = Output::new(BufWriter::new(io::stdout().lock()), format, session.language);
        let (received, _) = receive(session, &asked, stdout).await?;
        say(session, &received, &asked, None);
        return Ok(());
    };
    // Signals are listened for before there is anything to clean up.
    tokio::select! {
        biased;
        Ok(()) = tokio::signal::ctrl_c() => Err(Failure::Interrupted),
        () = terminated() => Err(Failure::Terminated),
        written = to_file(session, &asked, file, format, arguments) => written,
    }
}

/// Waits until the program is told to end.
#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    if let Ok(mut told) = signal(SignalKind::terminate()) {
        told.recv().await;
    } else {
        std::future::pending().await // it ends as without a listener
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// What is asked for, and what stands in for some of it.
struct Asked {
    request: ExportObservationsRequest,
    stand_ins: Vec<StandIn>,
}

async fn asked(session: &mut Session, arguments: &Export) -> Result<Asked, Failure> {
    let indicator_ids = session.indicators(&arguments.indicators).await?;
    let mut theme_ids = Vec::new();
    if !arguments.themes.is_empty() {
        let themes = session.themes().await?;
        for typed in &arguments.themes {
            push_once(&mut theme_ids, session.theme(typed, &themes).await?);
        }
    }
    let mut region_codes = Vec::new();
    for typed in &arguments.regions {
        // A code is meant as it is: figures of a former municipality are under the code that it had.
        let code = typed.to_uppercase();
        let is_code = code
            .strip_prefix("GM")
            .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit()));
        push_once(
            &mut region_codes,
            if is_code {
                code
            } else {
                session.region(typed).await?.code
            },
        );
    }
    let mut group_ids = Vec::new();
    for typed in &arguments.groups {
        push_once(&mut group_ids, session.group(typed).await?.id);
    }
    let mut levels = Vec::new();
    for level in &arguments.levels {
        push_once(&mut levels, RegionLevel::from(*level).into());
    }
    let request = ExportObservationsRequest {
        edition: session.edition(),
        indicator_ids,
        theme_ids,
        region_codes,
        group_ids,
        basis: arguments.basis.map(Basis::from).unwrap_or_default().into(),
        from_period: arguments.from.clone(),
        to_period: arguments.to.clone(),
        levels,
    };
    let stand_ins = stand_ins::of_request(session, &request).await?;
    Ok(Asked { request, stand_ins })
}

fn push_once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Receives all figures and hands each to the output as it comes.
async fn receive<W: Write>(
    session: &Session,
    asked: &Asked,
    mut output: Output<W>,
) -> Result<(Received, W), Failure> {
    let mut messages = session
        .client
        .export_observations(asked.request.clone())
        .await
        .map_err(|error| asked.in_vain(error))?;
    let mut received = Received::default();
    while let Some(message) = messages.next().await {
        let figures = received
            .take(message?)
            .map_err(|cause| Failure::Damaged { cause })?;
        for figure in figures.iter() {
            let figure = received
                .lists
                .figure(figure)
                .map_err(|cause| Failure::Damaged { cause })?;
            output.write(&received.lists, &figure)?;
        }
    }
    received.check().map_err(|cause| Failure::Damaged { cause })?;
    let sink = output.finish(&received.lists)?;
    Ok((received, sink))
}

impl Asked {
    /// Nothing of all that was asked for has a figure; of a region that has none at all the server says why.
    fn in_vain(&self, error: Error) -> Failure {
        let is_empty = error.reason() == Some(ErrorReason::NoData);
        if is_empty && (self.request.region_codes.is_empty() || !self.stand_ins.is_empty()) {
            Failure::NothingToExport {
                stand_ins: self.stand_ins.clone(),
            }
        } else {
            error.into()
        }
    }
}

async fn to_file(
    session: &Session,
    asked: &Asked,
    file: &Path,
    format: Format,
    arguments: &Export,
) -> Result<(), Failure> {
    let cannot = |path: &Path| {
        let file = path.display().to_string();
        move |error: io::Error| Failure::File { file, error }
    };
    // Both places are tried before anything is received for them.
    let record_file = record_of(file);
    let draft = Draft::beside(Target::of(file)?).map_err(cannot(file))?;
    let record_target = Target::of(&record_file).map_err(|failure| match failure {
        Failure::NoRegularFile { file } => Failure::NoPlaceForRecord { file },
        other => other,
    })?;
    let mut record_draft = Draft::beside(record_target).map_err(cannot(&record_file))?;
    let output = Output::new(draft, format, session.language);
    let (received, draft) = receive(session, asked, output)
        .await
        .map_err(|failure| match failure {
            Failure::Output(error) => cannot(file)(error),
            other => other,
        })?;
    let figures = draft.verified().map_err(cannot(file))?;
    let record = dcat::record(
        &received,
        file,
        format,
        &figures.content,
        session.language,
        arguments,
    );
    record_draft
        .write_all(record.as_bytes())
        .map_err(cannot(&record_file))?;
    let record = record_draft.verified().map_err(cannot(&record_file))?;
    figures.publish().map_err(cannot(file))?;
    record.publish().map_err(cannot(&record_file))?;
    say(session, &received, asked, Some(file));
    for (typed, missing) in [
        (&arguments.publisher, exports::NO_PUBLISHER),
        (&arguments.contact, exports::NO_CONTACT),
    ] {
        if typed.is_none() {
            beside(&format!("{}\n", session.language.say(missing)));
        }
    }
    Ok(())
}

/// The name of the record beside a file.
fn record_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".dcat.jsonld");
    name.into()
}

/// How names were read, what was exported, and what to know before quoting it.
fn say(session: &Session, received: &Received, asked: &Asked, file: Option<&Path>) {
    for remark in session.remarks() {
        beside(&format!("{remark}\n"));
    }
    let footer = Footer {
        metadata: received.metadata.clone(),
        ..Default::default()
    };
    let language = session.language;
    let said = exports::exported(language, received.figures, file);
    beside(&format!("{said}\n{}", footer::write(&footer, language)));
    for stand_in in &asked.stand_ins {
        beside(&format!("{}\n", exports::stands_in(language, stand_in)));
    }
    let (without, avoidable) = received.lists.without_licence();
    if !without.is_empty() {
        beside(&format!(
            "{}\n",
            exports::without_licence(language, &without, avoidable)
        ));
    }
}

/// Figures on their way into one of the forms.
struct Output<W> {
    sink: W,
    form: Form,
    language: Language,
}

enum Form {
    /// Whether the header is written.
    Csv(bool),
    Ndjson,
    JsonStat(Box<Cube>),
}

impl<W: Write> Output<W> {
    fn new(sink: W, format: Format, language: Language) -> Self {
        let form = match format {
            Format::Csv => Form::Csv(false),
            Format::Ndjson => Form::Ndjson,
            Format::JsonStat => Form::JsonStat(Box::default()),
        };
        Self { sink, form, language }
    }

    fn write(&mut self, lists: &Lists, figure: &Figure<'_>) -> Result<(), Failure> {
        let written = match &mut self.form {
            Form::Csv(begun) => {
                let header = if *begun {
                    Ok(())
                } else {
                    csv::header(&mut self.sink)
                };
                *begun = true;
                header.and_then(|()| csv::row(&mut self.sink, lists, figure, self.language))
            }
            Form::Ndjson => ndjson::line(&mut self.sink, lists, figure, self.language),
            Form::JsonStat(cube) => return cube.add(figure),
        };
        written.map_err(Failure::Output)
    }

    /// What stands after the last figure, and all of it out of the program's own hands.
    fn finish(mut self, lists: &Lists) -> Result<W, Failure> {
        if let Form::JsonStat(cube) = self.form {
            cube.write(&mut self.sink, lists, self.language)?;
        }
        self.sink.flush().map_err(Failure::Output)?;
        Ok(self.sink)
    }
}
