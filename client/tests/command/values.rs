//! An edition with values, beside the positions that the report printed.

use std::{net::SocketAddr, sync::LazyLock};

use groeikern_server::edition::{self, shelf::Shelf, source::SourceFolder};

use crate::running::{Ran, run, serve, tool};

/// Runs the tool against the server with values. Words are separated by spaces.
pub(crate) fn with_values(line: &str) -> Ran {
    run(tool(&address()).args(line.split(' ')))
}

/// The address of the server with values.
pub(crate) fn address() -> String {
    format!("http://{}", *SERVER)
}

static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    serve(async {
        let edition = edition::build(&source().draft().expect("whole")).expect("built");
        let shelf = Shelf::in_memory();
        shelf.publish(&edition, 0, None).await.expect("published");
        shelf
    })
});

/// Little theft has values in 2020 and 2024: in 2024 Purmerend and Zoetermeer share the lowest, that of Helmond is withheld,
/// and Lelystad has none. Little vandalism has some of 2024, and stands in for little serious crime. The share of people who
/// work where they live is neutral.
fn source() -> SourceFolder {
    let source = SourceFolder::built_in();
    let text = |file: &str| source.file(file).expect("a file").to_owned();
    let lower =
        "polarity = \"lower_is_favourable\"\nunit_nl = \"per 1.000\"\nunit_en = \"per 1,000\"\ndecimals = 1";
    let indicators = [
        ("low_theft", format!("{lower}\naggregation = \"sum\"")),
        (
            "low_vandalism",
            format!(
                "{lower}\nproxy_for = \"low_serious_crime\"\nproxy_reason_nl = \"Ook geweld.\"\n\
                 proxy_reason_en = \"Violence too.\""
            ),
        ),
        (
            "share_working_in_own_municipality",
            "unit_nl = \"%\"\nunit_en = \"%\"\ndecimals = 1".to_owned(),
        ),
    ]
    .into_iter()
    .fold(text("indicators.toml"), |toml, (id, keys)| {
        toml.replacen(
            &format!("id = \"{id}\"\n"),
            &format!("id = \"{id}\"\n{keys}\n"),
            1,
        )
    });
    let regions = text("regions.csv");
    let present = regions.lines().skip(1).filter(|line| {
        let valid_to = line.split(',').nth(4).unwrap_or_default();
        valid_to.is_empty() && !line.starts_with("GM0995")
    });
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    let mut add = |indicator: &str, code: &str, period: &str, value: String, status: &str| {
        observations += &format!("{indicator},{code},{period},{value},{status},loaded,bureau_louter_2024\n");
    };
    for (place, line) in present.enumerate() {
        let code = &line[..6];
        let (value, status) = match code {
            "GM0439" | "GM0637" => ("2.5".to_owned(), "final"),
            "GM0794" => (String::new(), "suppressed"),
            _ => ((10 + place * place).to_string(), "provisional"),
        };
        add("low_theft", code, "2024", value, status);
        let since = line.split(',').nth(3).unwrap_or_default();
        if since < "2020-01-02" {
            add("low_theft", code, "2020", (5 + place).to_string(), "final");
        }
        add("low_vandalism", code, "2024", (90 - place).to_string(), "final");
        add(
            "share_working_in_own_municipality",
            code,
            "2024",
            format!("{}.5", 20 + place),
            "final",
        );
    }
    // It became Dijk en Waard in 2022.
    add("low_theft", "GM0398", "2020", "99".to_owned(), "final");
    // Ranked against each other in one universe: three towns, of which two count as one.
    let edition = text("edition.toml")
        + "\n[[universe]]\nid = \"three_towns\"\nname_nl = \"Drie steden\"\nname_en = \"Three towns\"\n";
    let units = "universe,year,region,unit\nthree_towns,2024,GM0034,\nthree_towns,2024,GM0439,purmerend_zoetermeer\n\
                 three_towns,2024,GM0637,purmerend_zoetermeer\n";
    source
        .with_file("edition.toml", edition)
        .with_file("universe_units.csv", units)
        .with_file("indicators.toml", indicators)
        .with_file("observations.csv", observations)
}
