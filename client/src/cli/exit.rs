//! How a run ends: what is said about a failure, and the code a script can act on.

use std::{error::Error as StdError, io, iter, process::ExitCode};

use groeikern_client::{AnswerError, Code, Error, v1::ErrorReason};

use super::{
    export::StandIn,
    language::{Language, changes, exports, failures},
    screen::beside,
};

const OTHER: u8 = 1;
const USAGE: u8 = 2;
const UNKNOWN_NAME: u8 = 3;
const DENIED: u8 = 4;
const UNREACHABLE: u8 = 5;
const NO_DATA: u8 = 6;
const INTEGRITY: u8 = 7;
/// As a shell has it for a program that SIGINT ended.
const INTERRUPTED: u8 = 130;
/// The same of SIGTERM.
const TERMINATED: u8 = 143;

/// Why there is no answer on the screen.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's: what the server answered, or what happened on the way.
    Service(Error),
    /// The catalogue has nothing, or nothing beyond doubt, by this name.
    UnknownName {
        sought: Sought,
        typed: String,
        nearest: Vec<String>,
    },
    /// None of what was asked for has a figure; the answer would be an empty table.
    NoFigures { about: String },
    /// The municipality to list neighbours of is not in the group to list.
    NotAMember { region: String, group: String },
    /// A relevant region around a group or several municipalities.
    NotOneMunicipality,
    /// The file with the tree of a composite holds none.
    BadTree { file: String, cause: String },
    /// The name of the file to export to does not say in which form.
    UnknownEnding { ending: String },
    /// `-o` with an export, which is none of its forms.
    NoForm,
    /// An export of nothing; what stands in for what was asked for.
    NothingToExport { stand_ins: Vec<StandIn> },
    /// What came of an export is not what was sent.
    Damaged { cause: String },
    /// More cells than a cube may have: figures, indicators, regions and periods, where they are known.
    CubeTooLarge { size: Option<[usize; 4]>, most: u64 },
    /// Two positions that were printed have one place in a cube.
    TwoInOneCell {
        indicator: String,
        region: String,
        period: String,
    },
    /// A file to send could not be read.
    Unreadable { file: String, error: io::Error },
    /// A file to send holds nothing.
    Empty { file: String },
    /// A change that the server did not make, and the import that it keeps all the same.
    Refused {
        error: Box<AnswerError>,
        kept: Option<String>,
    },
    /// No server takes changes there.
    NoSocket { endpoint: String, error: Error },
    /// A file could not be written.
    File { file: String, error: io::Error },
    /// The file to write is a device, a pipe or a socket.
    NoRegularFile { file: String },
    /// Such a thing is where the record of an export comes.
    NoPlaceForRecord { file: String },
    /// A record was described where none is written.
    NoRecord,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// stdout refused the answer.
    Output(io::Error),
    /// The answer could not be put into the form wanted.
    Unwritable(Box<dyn StdError>),
}

/// What a name was looked up as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    Factor,
    Group,
    Indicator,
    Recommendation,
    Region,
    Theme,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Service(error)
    }
}

/// The end of a run that was understood.
pub(crate) fn with(outcome: Result<(), Failure>, language: Language) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough: `groeikern rank low_theft | head`.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            beside(&format!(
                "{}\n",
                failures::error(language, &failure.explained(language))
            ));
            ExitCode::from(failure.code())
        }
    }
}

/// The end of a run that was not: clap's message, or the help or version that was asked for.
pub(crate) fn with_usage(usage: &clap::Error) -> ExitCode {
    // A reader that left early is no reason to fail.
    let _ = usage.print();
    if usage.use_stderr() {
        ExitCode::from(USAGE)
    } else {
        ExitCode::SUCCESS
    }
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::UnknownName { .. } => UNKNOWN_NAME,
            Self::NoFigures { .. } | Self::NothingToExport { .. } => NO_DATA,
            Self::Output(_) | Self::Unwritable(_) | Self::File { .. } => OTHER,
            Self::Unreadable { .. } | Self::Empty { .. } => USAGE,
            Self::Refused { error, .. } => code_of_answer(error),
            Self::NoSocket { .. } => UNREACHABLE,
            Self::Interrupted => INTERRUPTED,
            Self::Terminated => TERMINATED,
            Self::Damaged { .. } => INTEGRITY,
            Self::BadTree { .. }
            | Self::NotAMember { .. }
            | Self::NotOneMunicipality
            | Self::UnknownEnding { .. }
            | Self::NoForm
            | Self::NoRecord
            | Self::NoRegularFile { .. }
            | Self::NoPlaceForRecord { .. }
            | Self::CubeTooLarge { .. }
            | Self::TwoInOneCell { .. }
            | Self::Service(Error::InvalidEndpoint { .. }) => USAGE,
            Self::Service(
                Error::Unreachable { .. }
                | Error::ConnectionLost { .. }
                | Error::DeadlineExceeded { .. }
                | Error::Incomplete { .. },
            ) => UNREACHABLE,
            Self::Service(Error::Answer(answer)) => code_of_answer(answer),
            Self::Service(_) => OTHER,
        }
    }

    /// What is said of it, in lines.
    pub(crate) fn explained(&self, language: Language) -> String {
        match self {
            Self::UnknownName {
                sought,
                typed,
                nearest,
            } => {
                let unknown = match sought {
                    Sought::Factor => failures::unknown_factor(language, typed),
                    Sought::Group => failures::unknown_group(language, typed),
                    Sought::Indicator => failures::unknown_indicator(language, typed),
                    Sought::Recommendation => failures::unknown_recommendation(language, typed),
                    Sought::Region => failures::unknown_region(language, typed),
                    Sought::Theme => failures::unknown_theme(language, typed),
                };
                on_lines([unknown, failures::did_you_mean(language, nearest)])
            }
            Self::NoFigures { about } => failures::no_figures(language, about),
            Self::NothingToExport { stand_ins } => {
                let lines = stand_ins
                    .iter()
                    .map(|stand_in| exports::stands_in(language, stand_in));
                let nothing = language.say(exports::NOTHING_TO_EXPORT).to_owned();
                iter::once(nothing).chain(lines).collect::<Vec<_>>().join("\n")
            }
            Self::NotAMember { region, group } => failures::not_a_member(language, region, group),
            Self::BadTree { file, cause } => failures::bad_tree(language, file, cause),
            Self::UnknownEnding { ending } => failures::unknown_ending(language, ending),
            Self::NoForm => language.say(failures::NO_FORM).to_owned(),
            Self::Damaged { cause } => failures::damaged(language, cause),
            Self::CubeTooLarge { size, most } => failures::cube_too_large(language, *size, *most),
            Self::TwoInOneCell {
                indicator,
                region,
                period,
            } => failures::two_in_one_cell(language, indicator, region, period),
            Self::File { file, error } => failures::unwritable_file(language, file, &error.to_string()),
            Self::Unreadable { file, error } => changes::unreadable(language, file, &error.to_string()),
            Self::Empty { file } => changes::empty(language, file),
            Self::Refused { error, kept } => {
                let text = explained_answer(error, &self.nearest(), language);
                let kept = kept.as_deref().map(|id| changes::kept(language, id));
                on_lines([with_reason(&text, error.reason), kept.unwrap_or_default()])
            }
            Self::NoSocket { endpoint, error } => {
                let cause = match error {
                    Error::Unreachable { cause, .. } | Error::InvalidEndpoint { cause, .. } => cause.clone(),
                    other => other.to_string(),
                };
                changes::no_socket(language, endpoint.trim_start_matches("unix:"), &cause)
            }
            Self::NoRegularFile { file } => failures::no_regular_file(language, file),
            Self::NoPlaceForRecord { file } => failures::no_place_for_record(language, file),
            Self::NotOneMunicipality => language.say(failures::NOT_ONE_MUNICIPALITY).to_owned(),
            Self::NoRecord => language.say(failures::NO_RECORD).to_owned(),
            Self::Interrupted | Self::Terminated => language.say(failures::INTERRUPTED).to_owned(),
            Self::Output(error) => failures::unwritable(language, &error.to_string()),
            Self::Unwritable(error) => failures::unwritable(language, &error.to_string()),
            Self::Service(Error::InvalidEndpoint { endpoint, cause }) => {
                failures::invalid_endpoint(language, endpoint, cause)
            }
            Self::Service(Error::Unreachable { endpoint, cause }) => {
                failures::unreachable(language, endpoint, cause)
            }
            Self::Service(Error::ConnectionLost { endpoint, cause }) => {
                failures::connection_lost(language, endpoint, cause)
            }
            Self::Service(Error::DeadlineExceeded { deadline, .. }) => {
                failures::too_slow(language, *deadline)
            }
            Self::Service(Error::Incomplete { received, announced }) => {
                failures::incomplete(language, *received, *announced)
            }
            Self::Service(Error::Answer(answer)) => explained_answer(answer, &self.nearest(), language),
            Self::Service(other) => other.to_string(),
        }
    }

    /// What is called nearly as what is not known.
    pub(crate) fn nearest(&self) -> Vec<String> {
        match self {
            Self::UnknownName { nearest, .. } => nearest.clone(),
            Self::Service(error) => error.nearest(),
            Self::Refused { error, .. } => Error::Answer(error.clone()).nearest(),
            _ => Vec::new(),
        }
    }
}

/// By the contract's reason; by the canonical code where there is none, as from a proxy.
fn code_of_answer(answer: &AnswerError) -> u8 {
    match answer.reason {
        Some(
            ErrorReason::UnknownRegion
            | ErrorReason::UnknownIndicator
            | ErrorReason::UnknownGroup
            | ErrorReason::UnknownTheme
            | ErrorReason::UnknownBlock
            | ErrorReason::UnknownUniverse
            | ErrorReason::UnknownRecommendation
            | ErrorReason::UnknownMethodSection
            | ErrorReason::UnknownFactor
            | ErrorReason::UnknownFinding
            | ErrorReason::UnknownArea
            | ErrorReason::UnknownBreakdown
            | ErrorReason::UnknownEdition
            | ErrorReason::UnknownImport
            | ErrorReason::AmbiguousName
            | ErrorReason::RetiredRegion,
        ) => return UNKNOWN_NAME,
        Some(ErrorReason::NoData | ErrorReason::NotInUniverse | ErrorReason::NotRecastable) => {
            return NO_DATA;
        }
        Some(ErrorReason::EditionCorrupt | ErrorReason::EditionGone | ErrorReason::EditionSchema) => {
            return INTEGRITY;
        }
        _ => {}
    }
    match answer.code {
        Code::InvalidArgument => USAGE,
        Code::PermissionDenied | Code::Unauthenticated => DENIED,
        Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded => UNREACHABLE,
        Code::DataLoss => INTEGRITY,
        _ => OTHER,
    }
}

/// What it is about in our words, the server's words, every violation, and what to do.
fn explained_answer(answer: &AnswerError, nearest: &[String], language: Language) -> String {
    let about = language.say(failures::reason(answer.reason.unwrap_or_default()));
    let message = answer.message.trim_end_matches('.');
    let first = match (about, message) {
        ("", "") => answer.code.description().to_owned(),
        (text, "") | ("", text) => text.to_owned(),
        // The server's message repeats the violations and the names that follow here.
        (about, _) if !nearest.is_empty() || !answer.violations.is_empty() => about.to_owned(),
        (about, message) => failures::in_the_servers_words(language, about, message),
    };
    let violations = answer
        .violations
        .iter()
        .map(|violation| format!("- {}: {}", violation.field, violation.description))
        .collect::<Vec<_>>()
        .join("\n");
    let nearest = failures::did_you_mean(language, nearest);
    let advice = if nearest.is_empty() {
        advice(answer, language)
    } else {
        nearest
    };
    on_lines([first, violations, advice])
}

/// What is said of an answer, with the contract's word for it in the first line: the documents look it up by that.
fn with_reason(text: &str, reason: Option<ErrorReason>) -> String {
    let Some(reason) = reason else {
        return text.to_owned();
    };
    let (first, rest) = text.split_at(text.find('\n').unwrap_or(text.len()));
    let word = reason.as_str_name().trim_start_matches("ERROR_REASON_");
    format!("{first} ({word}){rest}")
}

fn advice(answer: &AnswerError, language: Language) -> String {
    match (answer.reason, answer.code) {
        (Some(ErrorReason::UnknownEdition | ErrorReason::EditionGone), _) => {
            language.say(failures::SEE_EDITIONS).to_owned()
        }
        (Some(ErrorReason::EditionCorrupt | ErrorReason::EditionSchema), _) | (_, Code::DataLoss) => {
            language.say(failures::OPERATOR_MUST_REBUILD).to_owned()
        }
        (_, Code::PermissionDenied | Code::Unauthenticated) => language.say(failures::DENIED).to_owned(),
        (_, Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded) => {
            failures::try_again(language, answer.retry_after)
        }
        (_, Code::Unimplemented) => language.say(failures::OLDER_SERVER).to_owned(),
        (_, Code::Internal | Code::Unknown) => answer
            .request_id
            .as_deref()
            .map(|id| failures::report_it(language, id))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn on_lines<const N: usize>(mut lines: [String; N]) -> String {
    lines
        .iter_mut()
        .for_each(|line| line.truncate(line.trim_end().len()));
    lines
        .iter()
        .filter(|line| !line.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_comes_with_the_nearest() {
        let failure = Failure::UnknownName {
            sought: Sought::Group,
            typed: "old".to_owned(),
            nearest: vec![
                "Old towns (old_towns)".to_owned(),
                "Old suburbs (old_suburbs)".to_owned(),
            ],
        };
        assert_eq!(failure.code(), UNKNOWN_NAME);
        assert_eq!(
            failure.explained(Language::Nl),
            "geen groep heet \"old\"; alle groepen: groeikern groups\n\
             bedoelde u Old towns (old_towns) of Old suburbs (old_suburbs)?"
        );
    }

    #[test]
    fn nothing_nearby_leaves_no_question() {
        let nearest = Vec::new();
        let failure = Failure::UnknownName {
            sought: Sought::Region,
            typed: "zzz".to_owned(),
            nearest,
        };
        assert_eq!(
            failure.explained(Language::En),
            "no municipality is called \"zzz\"; for all municipalities: groeikern regions"
        );
    }

    #[test]
    fn what_happens_on_the_way_has_its_code() {
        let (endpoint, cause) = (String::new, String::new);
        for (error, code) in [
            (
                Error::InvalidEndpoint {
                    endpoint: endpoint(),
                    cause: cause(),
                },
                USAGE,
            ),
            (
                Error::Unreachable {
                    endpoint: endpoint(),
                    cause: cause(),
                },
                UNREACHABLE,
            ),
            (
                Error::ConnectionLost {
                    endpoint: endpoint(),
                    cause: cause(),
                },
                UNREACHABLE,
            ),
            (Error::RepeatedPageToken { token: String::new() }, OTHER),
        ] {
            assert_eq!(Failure::from(error.clone()).code(), code, "{error}");
        }
        assert_eq!(Failure::NoFigures { about: String::new() }.code(), NO_DATA);
    }
}
