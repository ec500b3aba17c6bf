//! An edition of made-up values of the report's municipalities, with composites of its own.

use groeikern_client::Client;
use groeikern_server::edition::source::SourceFolder;

use super::Server;

/// The indicators with values; all count lower as more favourable.
pub(crate) const VALUED: [&str; 4] = [
    "low_theft",
    "low_vandalism",
    "low_drug_offences",
    "low_arms_trade",
];

/// Two composites, one in the other: `safe_streets` is the mean of theft (weight 1) and `sound_streets` (weight 2), which is
/// the mean of the other three.
const COMPOSITES: &str = r#"
[[indicator]]
id = "safe_streets"
name_nl = "Veilige straten"
name_en = "Safe streets"
theme = "liveability_safety"
kind = "composite"
kind_basis = "stated"
children = ["low_theft", "sound_streets"]
weights = [1, 2]

[[indicator]]
id = "sound_streets"
name_nl = "Gave straten"
name_en = "Sound streets"
theme = "liveability_safety"
kind = "composite"
kind_basis = "stated"
children = ["low_vandalism", "low_drug_offences", "low_arms_trade"]
"#;

/// How safe people feel, with the values of `low_theft`; it may stand in for serious crime, of which there are none.
const PROXY: &str = r#"
[[indicator]]
id = "felt_safety"
name_nl = "Gevoel van veiligheid"
name_en = "Felt safety"
theme = "liveability_safety"
kind = "judgement"
kind_basis = "stated"
polarity = "higher_is_favourable"
proxy_for = "low_serious_crime"
proxy_reason_nl = "Verwant."
proxy_reason_en = "Related."
"#;

/// Codes of the municipalities that exist, in order.
pub(crate) fn codes() -> Vec<String> {
    let source = SourceFolder::built_in();
    let regions = source.file("regions.csv").expect("a file").to_owned();
    let present = regions
        .lines()
        .skip(1)
        .filter(|line| line.split(',').nth(4).unwrap_or_default().is_empty());
    present.map(|line| line[..6].to_owned()).collect()
}

/// The value of an indicator for the municipality at this place of [`codes`]. Helmond (GM0794) lacks all but theft, Zoetermeer
/// (GM0637) lacks arms trade, Lelystad (GM0995) has nothing. In 2023 there are figures of theft only.
pub(crate) fn value(indicator: usize, place: usize, code: &str, period: &str) -> Option<f64> {
    let absent = match code {
        "GM0995" => true,
        "GM0794" => indicator > 0,
        "GM0637" => indicator == 3,
        _ => period == "2023" && indicator > 0,
    };
    let spread = (place * 7 + indicator * 11) % 31;
    let value = 1.0 + spread as f64 + (place * (indicator + 1)) as f64 / 8.0;
    (!absent).then_some(value)
}

/// The edition's files. The universe `twenty` is of the first twenty municipalities, in 2024.
pub(crate) fn source() -> SourceFolder {
    let source = SourceFolder::built_in();
    let mut indicators = source.file("indicators.toml").expect("a file").to_owned();
    for id in VALUED {
        let key = format!("id = \"{id}\"\n");
        assert!(indicators.contains(&key), "{id}");
        indicators = indicators.replacen(&key, &format!("{key}polarity = \"lower_is_favourable\"\n"), 1);
    }
    let mut observations = "indicator,region,period,value,status,origin,source\n".to_owned();
    for period in ["2023", "2024"] {
        for (number, id) in VALUED.iter().chain(&["felt_safety"]).enumerate() {
            let number = number % VALUED.len();
            for (place, code) in codes().iter().enumerate() {
                if let Some(value) = value(number, place, code, period) {
                    observations +=
                        &format!("{id},{code},{period},{value},provisional,loaded,bureau_louter_2024\n");
                }
            }
        }
    }
    let edition = source.file("edition.toml").expect("a file").to_owned()
        + "\n[[universe]]\nid = \"twenty\"\nname_nl = \"Twintig\"\nname_en = \"Twenty\"\n";
    let units = codes()
        .into_iter()
        .take(20)
        .map(|code| format!("twenty,2024,{code},\n"));
    let units: String = ["universe,year,region,unit\n".to_owned()]
        .into_iter()
        .chain(units)
        .collect();
    source
        .with_file("edition.toml", edition)
        .with_file("universe_units.csv", units)
        .with_file("indicators.toml", indicators + COMPOSITES + PROXY)
        .with_file("observations.csv", observations)
}

/// A client of a server with that edition.
pub(crate) async fn client() -> Client {
    Server::of(&source()).await.client().await
}
