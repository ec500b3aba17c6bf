//! An edition of national size, made up: every figure follows from its place, so that every run measures the same.

use std::fmt::{self, Write};

use clap::Args;
use groeikern_server::edition::{self, shelf::Shelf, source::SourceFolder};
use tempfile::TempDir;

use crate::Failure;

/// Names of municipalities are a beginning and an end: all of these together give 342.
const BEGINNINGS: [&str; 18] = [
    "Noord", "Zuid", "Ooster", "Wester", "Midden", "Nieuw", "Oud", "Groen", "Zand", "Berg", "Maas", "Rijn",
    "Wald", "Heer", "Konings", "Eiken", "Linden", "Molen",
];
const ENDS: [&str; 19] = [
    "dam",
    "veen",
    "burg",
    "stad",
    "wijk",
    "hoven",
    "meer",
    "dijk",
    "broek",
    "horst",
    "kerk",
    "woude",
    "zijl",
    "muiden",
    "drecht",
    "kapelle",
    "lage",
    "rade",
    "bergen op Zoom",
];
/// Names of indicators are what is counted and where: all of these together give 150.
const COUNTED: [(&str, &str); 15] = [
    ("Huishoudens met een laag inkomen", "Households with a low income"),
    ("Werkzame beroepsbevolking", "Employed labour force"),
    ("Geregistreerde diefstallen", "Recorded thefts"),
    (
        "Jongeren met een startkwalificatie",
        "Young people with a basic qualification",
    ),
    (
        "Huurwoningen van corporaties",
        "Dwellings let by housing associations",
    ),
    ("Afstand tot de huisarts", "Distance to the general practitioner"),
    (
        "Voorzieningen binnen drie kilometer",
        "Facilities within three kilometres",
    ),
    ("Ervaren gezondheid", "Self-reported health"),
    ("Vertrek naar andere gemeenten", "Moves to other municipalities"),
    ("Gemiddelde woningwaarde", "Average value of dwellings"),
    ("Langdurige bijstand", "Long-term social assistance"),
    ("Vrijwilligers", "Volunteers"),
    ("Jeugdhulp met verblijf", "Residential youth care"),
    ("Groen in de buurt", "Greenery in the neighbourhood"),
    (
        "Schooladvies havo of hoger",
        "School advice of higher secondary or above",
    ),
];
const WHERE: [(&str, &str); 10] = [
    ("in het stadshart", "in the town centre"),
    ("in vroeg-naoorlogse wijken", "in early post-war districts"),
    ("in groeikernwijken", "in growth town districts"),
    ("in nieuwe wijken", "in new districts"),
    ("in het buitengebied", "in the countryside"),
    ("onder jongeren", "among young people"),
    ("onder ouderen", "among older people"),
    ("onder gezinnen", "among families"),
    ("onder eenpersoonshuishoudens", "among one-person households"),
    ("in de hele gemeente", "in the whole municipality"),
];
const LAST_YEAR: usize = 2023;
/// A caveat as editions carry them: every profile quotes it.
const CAVEATS: &str = r#"[[caveat]]
id = "relative"
section = "1"
statement_nl = "Posities vergelijken gemeenten met elkaar en zeggen niets over het niveau zelf."
statement_en = "Positions compare municipalities with each other and say nothing about the level itself."
"#;
const HEAD: &str = r#"name = "load"
title_nl = "Editie van de belastingproef"
title_en = "Edition of the load program"
publication_year = "2024"

[[source]]
id = "made_up"
title_nl = "Verzonnen cijfers"
title_en = "Made-up figures"
publisher = "groeikern"
year = "2024"
attribution_nl = "Bron: verzonnen cijfers van de belastingproef van groeikern (2024), niet bedoeld om te lezen."
attribution_en = "Source: made-up figures of groeikern's load program (2024), not meant to be read."
"#;

/// How large the edition is.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Scale {
    /// Municipalities of the edition
    #[arg(long, value_name = "NUMBER", default_value_t = 342, value_parser = clap::value_parser!(u16).range(1..=342))]
    municipalities: u16,
    /// Judged indicators of the edition
    #[arg(long, value_name = "NUMBER", default_value_t = 150, value_parser = clap::value_parser!(u16).range(1..=150))]
    indicators: u16,
    /// Years of the edition
    #[arg(long, value_name = "NUMBER", default_value_t = 18, value_parser = clap::value_parser!(u16).range(1..=100))]
    years: u16,
}

impl Scale {
    pub(crate) fn municipalities(self) -> usize {
        self.municipalities.into()
    }

    pub(crate) fn indicators(self) -> usize {
        self.indicators.into()
    }

    /// Pairs of an indicator and a municipality.
    pub(crate) fn pairs(self) -> usize {
        self.indicators() * self.municipalities()
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self {
            municipalities: 342,
            indicators: 150,
            years: 18,
        }
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            municipalities,
            indicators,
            years,
        } = self;
        write!(
            f,
            "{municipalities} municipalities x {indicators} indicators x {years} years"
        )
    }
}

/// The code of a municipality by its number.
pub(crate) fn region_code(number: usize) -> String {
    format!("GM{:04}", number + 1)
}

/// The id of an indicator by its number.
pub(crate) fn indicator_id(number: usize) -> String {
    let (counted, place) = (number % COUNTED.len(), number / COUNTED.len());
    let words = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    format!("{}_{}", words(COUNTED[counted].1), words(WHERE[place].1))
}

/// Builds the edition and publishes it on a shelf that goes with its directory.
pub(crate) async fn publish(scale: Scale) -> Result<TempDir, Failure> {
    let directory = tempfile::tempdir()?;
    let built = edition::build(&source(scale)?.draft()?)?;
    Shelf::in_directory(directory.path().to_owned())?
        .publish(&built, 0, None)
        .await?;
    Ok(directory)
}

/// The source: the catalogue, themes and rules have the form of the project's own data, knowledge is left out.
fn source(scale: Scale) -> Result<SourceFolder, fmt::Error> {
    let universe = format!(
        "published_universe = \"municipalities_{n}\"\n{HEAD}\n[[universe]]\nid = \"municipalities_{n}\"\nsize = {n}\nname_nl = \"Ranglijst van {n} gemeenten\"\n\
         name_en = \"Ranking of {n} municipalities\"\n",
        n = scale.municipalities
    );
    let mut source = SourceFolder::built_in()
        .with_file("edition.toml", universe)
        .with_file("caveats.toml", CAVEATS)
        .with_file("indicators.toml", indicators(scale)?)
        .with_file("regions.csv", regions(scale)?)
        .with_file("observations.csv", observations(scale)?);
    for (file, header) in [
        ("context.toml", ""),
        ("factors.toml", ""),
        ("findings.toml", ""),
        ("groups.toml", ""),
        ("mechanisms.toml", ""),
        ("programmes.toml", ""),
        ("recommendations.toml", ""),
        (
            "group_members.csv",
            "group,region,valid_from,valid_to,former_code,note_nl,note_en\n",
        ),
        (
            "published_positions.csv",
            "indicator,subject_kind,subject,position,n,source,figure,column_inferred\n",
        ),
        ("successions.csv", "code,successor,date,note_nl,note_en\n"),
    ] {
        source = source.with_file(file, header);
    }
    Ok(source)
}

fn indicators(scale: Scale) -> Result<String, fmt::Error> {
    let mut text = String::new();
    for number in 0..scale.indicators() {
        let id = indicator_id(number);
        let (counted, place) = (COUNTED[number % COUNTED.len()], WHERE[number / COUNTED.len()]);
        let polarity = if number.is_multiple_of(2) {
            "lower"
        } else {
            "higher"
        };
        writeln!(
            text,
            "[[indicator]]\nid = \"{id}\"\nname_nl = \"{} {}\"\nname_en = \"{} {}\"\ntheme = \"social_cohesion\"\n\
             block = \"social_cohesion\"\nkind = \"judgement\"\nkind_basis = \"stated\"\nsection = \"1\"\n\
             polarity = \"{polarity}_is_favourable\"\nunit_nl = \"per 1.000 inwoners\"\n\
             unit_en = \"per 1,000 inhabitants\"\ndecimals = 1",
            counted.0, place.0, counted.1, place.1
        )?;
    }
    Ok(text)
}

fn regions(scale: Scale) -> Result<String, fmt::Error> {
    let mut text = String::from("code,name,level,valid_from,valid_to,aliases\n");
    for number in 0..scale.municipalities() {
        let (beginning, end) = (
            BEGINNINGS[number % BEGINNINGS.len()],
            ENDS[number / BEGINNINGS.len()],
        );
        writeln!(text, "{},{beginning}{end},municipality,,,", region_code(number))?;
    }
    Ok(text)
}

fn observations(scale: Scale) -> Result<String, fmt::Error> {
    let mut text = String::from("indicator,region,period,value,status,origin,source\n");
    let years = usize::from(scale.years);
    for indicator in 0..scale.indicators() {
        let id = indicator_id(indicator);
        for municipality in 0..scale.municipalities() {
            let code = region_code(municipality);
            for year in 0..years {
                let value = value(indicator, municipality, year);
                let period = LAST_YEAR + 1 + year - years;
                writeln!(text, "{id},{code},{period},{value:.1},final,loaded,made_up")?;
            }
        }
    }
    Ok(text)
}

/// A figure around a hundred: municipalities differ, years move on, and some share a value.
// Exact: numbers far below 2^52
fn value(indicator: usize, municipality: usize, year: usize) -> f64 {
    let of_municipality = scattered(indicator * 1000 + municipality);
    let of_year = scattered((indicator * 1000 + municipality) * 100 + year);
    100.0 + 30.0 * (of_municipality - 0.5) + 3.0 * (of_year - 0.5) + 0.4 * year as f64
}

/// A number between 0 and 1 that looks like chance and is none: the finaliser of splitmix64.
// Exact: 53 bits
fn scattered(seed: usize) -> f64 {
    let mut bits = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_catalogue_is_whole() {
        let scale = Scale {
            years: 1,
            ..Scale::default()
        };
        let source = source(scale).expect("written");
        source.draft().expect("names and ids are unique");
    }
}
