//! What `export` takes.

use clap::{Args, ValueEnum};
use groeikern_client::v1;

use super::Output;

pub(super) const HELP: &str = "\
Without options all figures of municipalities, of all periods: values and, on basis published,
positions that a report printed. Figures that are withheld or missing are rows without a value;
missing is not zero. Values that stand in for another indicator (proxies) are exported under the
id of the indicator that was measured.
  csv        RFC 4180: a header and a row per figure, nothing rounded
  ndjson     a JSON object per line, with the same names; null where there is nothing
  json-stat  JSON-stat 2.0: a cube of figure, indicator, region and period, at most 10 million cells
FILE is written under another name beside it, read again, and only then put in place of what had
its name. Beside it comes FILE.dcat.jsonld, a DCAT-AP-NL 3.0 record for a data catalogue, with the
publisher and contact point that you name.
Examples:
  groeikern export figures.csv --basis computed
  groeikern export almere.ndjson --region almere --from 2015 --level neighbourhood
  groeikern export safety.json --theme liveability_safety --group nta_new_towns
  groeikern export figures.csv --publisher \"Gemeente Almere\" --contact data@example.nl";

/// Arguments of `export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// File to write; - for stdout [default: stdout]
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<std::path::PathBuf>,
    /// Form of the figures [default: by the ending of FILE, .csv, .ndjson or .json; else csv]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Only this indicator; may be repeated
    #[arg(long = "indicator", value_name = "ID|NAME")]
    pub(crate) indicators: Vec<String>,
    /// Only indicators of this theme; may be repeated
    #[arg(long = "theme", value_name = "ID|NAME")]
    pub(crate) themes: Vec<String>,
    /// Only this municipality, by a code that it has or had; may be repeated
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
    /// Only members of this group, also by their former codes; may be repeated
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// First period, such as 2015 [default: the earliest]
    #[arg(long, value_name = "YEAR", default_value = "", hide_default_value = true)]
    pub(crate) from: String,
    /// Last period [default: the latest]
    #[arg(long, value_name = "YEAR", default_value = "", hide_default_value = true)]
    pub(crate) to: String,
    /// Figures of this basis only [default: both]
    #[arg(long)]
    pub(crate) basis: Option<Exported>,
    /// Regions of this level; may be repeated [default: municipality]
    #[arg(long = "level", value_name = "LEVEL")]
    pub(crate) levels: Vec<Level>,
    /// Who publishes the file, for the record: a URI of the lists TOOI or ROR, or a name
    #[arg(long, value_name = "URI|NAME", requires = "file", value_parser = publisher)]
    pub(crate) publisher: Option<String>,
    /// Mail address or URL for questions about the file, for the record beside it
    #[arg(long, value_name = "MAIL|URL", requires = "file", value_parser = contact)]
    pub(crate) contact: Option<String>,
    /// In place of that of all questions, to say what to type instead
    #[arg(short, long, hide = true)]
    pub(crate) output: Option<Output>,
}

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Csv,
    #[value(alias = "jsonl")]
    Ndjson,
    JsonStat,
}

/// The bases that are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Exported {
    /// Values
    Computed,
    /// Positions that a report printed
    Published,
}

/// The levels of regions as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Municipality,
    District,
    Neighbourhood,
}

impl From<Exported> for v1::Basis {
    fn from(basis: Exported) -> Self {
        match basis {
            Exported::Computed => Self::Computed,
            Exported::Published => Self::Published,
        }
    }
}

impl From<Level> for v1::RegionLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Municipality => Self::Municipality,
            Level::District => Self::District,
            Level::Neighbourhood => Self::Neighbourhood,
        }
    }
}

impl Export {
    /// The file to write; none for stdout.
    pub(crate) fn file(&self) -> Option<&std::path::Path> {
        self.file.as_deref().filter(|file| file.as_os_str() != "-")
    }

    /// The form: as typed, else as the ending of the file says. The error is the ending that says nothing.
    pub(crate) fn format(&self) -> Result<Format, String> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let Some(file) = self.file() else {
            return Ok(Format::Csv);
        };
        let ending = file
            .extension()
            .map(|ending| ending.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("csv") => Ok(Format::Csv),
            Some("ndjson" | "jsonl") => Ok(Format::Ndjson),
            Some("json") => Ok(Format::JsonStat),
            _ => Err(ending.unwrap_or_default()),
        }
    }
}

/// Whether a text has no character that an IRI cannot have.
fn is_plain(text: &str) -> bool {
    !text.chars().any(|character| {
        character.is_whitespace() || character.is_control() || "<>\"{}|\\^`".contains(character)
    })
}

/// Whether a text is an address on the web.
pub(crate) fn is_url(text: &str) -> bool {
    let after = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    is_plain(text) && after.is_some_and(|host| !host.is_empty())
}

/// A URI, or a name that cannot be taken for one.
fn publisher(text: &str) -> Result<String, String> {
    let name = text.trim();
    if is_url(name) || !name.is_empty() && !name.contains("://") {
        Ok(name.to_owned())
    } else {
        Err("write a name, or a URI that begins with https://".to_owned())
    }
}

/// A mail address or a URL as an IRI.
fn contact(text: &str) -> Result<String, String> {
    match text.split_once('@') {
        _ if is_url(text) => Ok(text.to_owned()),
        Some((name, host))
            if is_plain(text) && !name.is_empty() && host.contains('.') && !host.contains('@') =>
        {
            Ok(format!("mailto:{text}"))
        }
        _ => Err("write a mail address, or a URL that begins with https://".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_is_a_uri_or_a_name() {
        let uri = "https://identifier.overheid.nl/tooi/id/gemeente/gm0034";
        assert_eq!(publisher(uri).as_deref(), Ok(uri));
        assert_eq!(publisher(" Gemeente Almere ").as_deref(), Ok("Gemeente Almere"));
        for wrong in ["", " ", "https://", "https://a b", "ftp://example.nl"] {
            assert!(publisher(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_contact_is_a_mail_address_or_a_url() {
        assert_eq!(
            contact("data@example.nl").as_deref(),
            Ok("mailto:data@example.nl")
        );
        assert_eq!(
            contact("https://example.nl/vragen").as_deref(),
            Ok("https://example.nl/vragen")
        );
        for wrong in [
            "",
            "data",
            "@example.nl",
            "a b@example.nl",
            "a@b@c.nl",
            "ftp://example.nl",
            "https://<x>",
        ] {
            assert!(contact(wrong).is_err(), "{wrong}");
        }
    }
}
