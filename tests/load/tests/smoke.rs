//! The program runs as a whole, over a small edition: every query is answered by all three servers, and every table has its
//! rows. It asserts nothing about speed.

use std::process::Command;

/// Queries that the report has rows for.
const QUERIES: [&str; 4] = ["Q1", "Q2", "Q3", "Q5"];

#[test]
fn a_small_run_fills_both_tables() {
    let output = Command::new(env!("CARGO_BIN_EXE_groeikern-load"))
        .args(["--municipalities", "12", "--indicators", "11", "--years", "3"])
        .args(["--rounds", "2", "--requests", "60"])
        .output()
        .expect("run");
    // An answer of another length than the one learnt ends the run with an error.
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let report = String::from_utf8(output.stdout).expect("text");
    let (costs, half_speed) = report.split_once("| at half speed |").expect("two tables");
    for query in QUERIES {
        let row = format!("| {query} ");
        assert_eq!(costs.matches(&row).count(), 1, "{report}");
        assert_eq!(half_speed.matches(&row).count(), 2, "{report}");
        assert!(report.contains(&format!("- {query} handler: ")), "{report}");
        assert!(report.contains(&format!("- {query} default: ")), "{report}");
    }
    for line in costs.lines().filter(|line| line.starts_with("| Q")) {
        assert_eq!(line.matches('|').count(), 13, "{line}");
        assert!(!line.contains("NaN") && !line.contains("inf"), "{line}");
    }
    assert!(report.contains("start to first answer"), "{report}");
}

#[test]
fn wrong_usage_is_refused() {
    for wrong in [
        ["--rounds", "0"],
        ["--queries", "Q9"],
        ["--municipalities", "343"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_groeikern-load"))
            .args(wrong)
            .output()
            .expect("run");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
