//! Every answer in every form: a table for people, rows for scripts, JSON for programs.

use serde_json::Value;

use crate::running::{endpoint, groeikern, rows, run, tool};

const QUESTIONS: [&str; 14] = [
    "indicators",
    "regions",
    "groups",
    "profile Almere",
    "rank low_theft",
    "rank low_theft --around Almere --neighbours 2 --within nta_new_towns",
    "compare nta_new_towns old_towns --indicator low_theft",
    "compare nta_new_towns",
    "trend low_theft --region Almere",
    "coverage --region Almere",
    "recommend Almere",
    "editions",
    "method",
    "method place_share",
];

#[test]
fn a_pipe_gets_tab_separated_rows_with_the_same_header_in_every_language() {
    for question in QUESTIONS {
        let ran = groeikern(question);
        assert_eq!(ran.code, Some(0), "{question}");
        assert!(!rows(&ran.stdout).is_empty(), "{question}");
        let in_dutch = groeikern(&format!("{question} --lang nl"));
        let header = |text: &str| text.lines().next().map(str::to_owned);
        assert_eq!(
            header(&ran.stdout),
            header(&in_dutch.stdout),
            "stable in every language: {question}"
        );
    }
}

#[test]
fn json_is_the_response_as_the_contract_defines_it() {
    for question in QUESTIONS {
        let ran = groeikern(&format!("{question} -o json"));
        let json: Value =
            serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{question}: {error}"));
        assert_eq!(json["metadata"]["editionName"], "new-towns-2024", "{question}");
        assert_eq!(ran.stderr, "", "{question}");
    }
}

#[test]
fn tables_fit_the_page_and_say_what_to_know_on_stderr() {
    for language in ["nl", "en"] {
        for question in QUESTIONS {
            let ran = groeikern(&format!("{question} -o table --lang {language}"));
            assert_eq!(ran.code, Some(0), "{question}");
            let widest = ran
                .stdout
                .lines()
                .map(|line| line.chars().count())
                .max()
                .unwrap_or_default();
            assert!(widest <= 100, "{question}: {widest}");
            let says_which = ran.stderr.contains("new-towns-2024") || question == "editions";
            assert!(says_which, "{question}: {}", ran.stderr);
            assert!(!ran.stdout.contains('\u{1b}'), "no colours in a pipe: {question}");
        }
    }
}

#[test]
fn colours_come_on_request_and_no_color_is_honoured() {
    let coloured = |arguments: &[&str], no_color: &str| {
        let mut command = tool(&endpoint());
        command.args(["rank", "low_theft", "-o", "table"]).args(arguments);
        if !no_color.is_empty() {
            command.env("NO_COLOR", no_color);
        }
        run(&mut command).stdout.contains('\u{1b}')
    };
    assert!(coloured(&["--color", "always"], ""));
    assert!(!coloured(&[], "1"));
    assert!(!coloured(&["--color", "never"], ""));
}

#[test]
fn the_language_follows_the_locale_and_the_option_wins() {
    let said = |locale: &str, arguments: &[&str]| {
        let mut command = tool(&endpoint());
        command
            .env("LANG", locale)
            .args(["rank", "low_theft", "-o", "table"])
            .args(arguments);
        run(&mut command).stdout
    };
    assert!(said("nl_NL.UTF-8", &[]).contains("Weinig diefstal"));
    assert!(said("en_GB.UTF-8", &[]).contains("Little theft"));
    assert!(said("nl_NL.UTF-8", &["--lang", "en"]).contains("Little theft"));
}
