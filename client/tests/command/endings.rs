//! How a run ends: a code for scripts, and words that say what to do.

use std::net::TcpListener;

use crate::running::{groeikern, run, tool};

#[test]
fn wrong_usage_ends_with_2() {
    for line in [
        "",
        "profile",
        "rank low_theft -o xml",
        "profile Almere --deadline 0",
        "nonsense",
    ] {
        assert_eq!(groeikern(line).code, Some(2), "{line}");
    }
    let ran = run(tool("nonsense://").args(["groups"]));
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

#[test]
fn help_and_version_are_no_failure() {
    for line in ["--help", "--version", "rank --help"] {
        let ran = groeikern(line);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{line}");
    }
}

#[test]
fn an_unknown_name_ends_with_3_and_the_nearest() {
    for (line, nearest) in [
        ("profile Alm", "Almere (GM0034)"),
        ("rank low_thefft", "low_theft"),
        ("compare old", "old_towns"),
        ("groups --edition new-town-2024", "new-towns-2024"),
        ("indicators --theme liveabilty_safety", "liveability_safety"),
    ] {
        let ran = groeikern(line);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(3), ""),
            "{line}: {}",
            ran.stderr
        );
        assert!(ran.stderr.contains(nearest), "{line}: {}", ran.stderr);
    }
    assert_eq!(groeikern("profile Timboektoe").code, Some(3));
}

#[test]
fn no_server_or_a_slow_one_ends_with_5() {
    let nobody = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let ran = run(tool(&nobody.to_string()).args(["groups", "--lang", "en"]));
    assert_eq!(ran.code, Some(5), "{ran:?}");
    assert!(
        ran.stderr.contains("groeikern-server"),
        "what to do: {}",
        ran.stderr
    );
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    let ran = run(tool(&address).args(["groups", "--deadline", "0.3"]));
    assert_eq!(ran.code, Some(5), "{ran:?}");
}

#[test]
fn no_figures_end_with_6() {
    for line in [
        "profile GM0003",
        "profile Lelystad",
        "rank attachment_to_neighbourhood",
        "recommend Lelystad",
    ] {
        let ran = groeikern(line);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(6), ""),
            "{line}: {}",
            ran.stderr
        );
    }
}
