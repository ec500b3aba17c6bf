//! What a folder says of its table: properties, measures, dimensions and the codes of each.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};

use crate::domain::nearest;

use super::{
    super::{
        problems::{Problems, excerpt, plain},
        recipe::TableSource,
    },
    folder::{Folder, MOST_ELEMENTS, report_json},
    page::{first_visible, read_page, without_bom},
};

/// The status of a period whose figures will not change.
const FINAL: &str = "Definitief";

/// The properties of a table that matter here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Properties {
    /// Its id.
    pub(crate) identifier: String,
    /// The source's version of it.
    pub(crate) version: String,
    /// When its observations changed last.
    #[serde(default)]
    pub(crate) observations_modified: Option<String>,
    /// How many there are, without any filter.
    #[serde(default)]
    pub(crate) observation_count: Option<u64>,
}

impl Properties {
    /// What is wrong with them, whoever reads them: both texts are shown to people, and kept.
    pub(crate) fn check(&self) -> Result<(), String> {
        const LONGEST: usize = 100;
        if !is_identifier(&self.identifier) {
            return Err(format!(
                "Identifier: `{}` is no id of a table",
                excerpt(&self.identifier)
            ));
        }
        let version = plain(&self.version);
        if version.is_empty() {
            return Err("Version is empty: expected the source's version of the table".to_owned());
        }
        if version.chars().count() > LONGEST || !version.chars().all(is_visible) {
            return Err(format!(
                "Version: `{}` is no version of a table: expected at most {LONGEST} characters that can be shown",
                excerpt(&version)
            ));
        }
        Ok(())
    }
}

/// Whether a character is shown as itself: it is no sign that a terminal obeys, turns the text around or takes no room.
fn is_visible(c: char) -> bool {
    matches!(c, '"' | '\'' | '\\') || c.escape_debug().len() == 1
}

/// A table without its observations.
pub(super) struct Description {
    pub(super) properties: Properties,
    /// By code.
    pub(super) measures: BTreeMap<String, Measure>,
    pub(super) dimensions: Vec<Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Measure {
    identifier: String,
    #[serde(default)]
    unit: Option<String>,
}

/// A dimension with its codes.
pub(super) struct Dimension {
    pub(super) identifier: String,
    pub(super) codes: BTreeMap<String, Code>,
}

pub(super) struct Code {
    pub(super) title: String,
    /// Of a period whose figures may still change.
    pub(super) is_provisional: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenDimension {
    identifier: String,
    kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct WrittenCode {
    identifier: String,
    title: String,
    #[serde(default)]
    status: Option<String>,
}

/// Whether this is how CBS writes a period, of any kind: `2024JJ00`, `2024KW01`, `2024X000`.
fn is_period(code: &str) -> bool {
    let code = code.trim().as_bytes();
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    code.len() == 8
        && code[..4].iter().all(is_digit)
        && code[4].is_ascii_uppercase()
        && (code[5].is_ascii_uppercase() || is_digit(&code[5]))
        && code[6..].iter().all(is_digit)
}

/// Whether this can be the identifier of a dimension, of which files are called.
pub(crate) fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 100
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

impl Description {
    /// Reads it, in the order in which its files are hashed.
    pub(super) fn read(folder: &mut Folder<'_>, problems: &mut Problems) -> Option<Self> {
        let properties = properties(folder, problems);
        let written: Option<Vec<WrittenDimension>> = list(folder, "dimensions", problems);
        let measures = measures(folder, problems);
        let mut dimensions = Vec::new();
        let mut is_whole = written.is_some();
        for dimension in written.unwrap_or_default() {
            match dimension.read(folder, problems) {
                Some(dimension) => dimensions.push(dimension),
                None => is_whole = false,
            }
        }
        if let Some(twice) = twice(dimensions.iter().map(|dimension| dimension.identifier.as_str())) {
            let message = format!("the dimension `{twice}` stands twice");
            problems.in_file(&folder.label("dimensions"), message);
            return None;
        }
        let (properties, measures) = (properties?, measures?);
        is_whole.then_some(Self {
            properties,
            measures,
            dimensions,
        })
    }

    /// Whether it is the table of a source, if the source says which, and that of the manifest beside it.
    pub(super) fn is_of_source(
        &self,
        source: &TableSource,
        folder: &Folder<'_>,
        problems: &mut Problems,
    ) -> bool {
        let identifier = &self.properties.identifier;
        let wanted = source
            .odata
            .as_deref()
            .and_then(|address| address.rsplit('/').next());
        if let Some(wanted) = wanted.filter(|wanted| !wanted.eq_ignore_ascii_case(identifier)) {
            let message = format!(
                "is about the table `{identifier}`, and the recipe reads `{wanted}`: name the folder of that table"
            );
            problems.in_file(&folder.label("properties"), message);
            return false;
        }
        let version = plain(&self.properties.version);
        if let Some(manifest) = &folder.manifest
            && plain(&manifest.version) != version
        {
            let message = format!(
                "says that version {} was fetched, and properties.json is of {version}: fetch the table again",
                excerpt(&manifest.version)
            );
            problems.in_file(&folder.manifest_label(), message);
            return false;
        }
        true
    }

    /// The measures have the units that they should have.
    pub(super) fn check_units(&self, units: &BTreeMap<String, String>, file: &str, problems: &mut Problems) {
        for (measure, unit) in units {
            let message = match self.measures.get(measure) {
                Some(known) => {
                    let found = plain(known.unit.as_deref().unwrap_or_default());
                    if found == plain(unit) {
                        continue;
                    }
                    format!(
                        "the unit of `{}` is `{}`, and the recipe expects `{}`: its figures mean something else now; adapt the \
                         recipe once you know what",
                        excerpt(measure),
                        excerpt(&found),
                        excerpt(unit)
                    )
                }
                None => {
                    let hint = nearest(measure, self.measures.keys().map(String::as_str))
                        .map_or_else(String::new, |near| format!("; did you mean `{}`?", excerpt(near)));
                    format!(
                        "there is no measure `{}`, of which the recipe states the unit{hint}",
                        excerpt(measure)
                    )
                }
            };
            problems.in_file(file, message);
        }
    }
}

impl WrittenDimension {
    fn read(self, folder: &mut Folder<'_>, problems: &mut Problems) -> Option<Dimension> {
        if !is_identifier(&self.identifier) {
            let message = format!(
                "`{}` cannot be a dimension: expected letters, digits and underscores",
                excerpt(&self.identifier)
            );
            problems.in_file(&folder.label("dimensions"), message);
            return None;
        }
        let file = format!("codes-{}", self.identifier);
        let written: Vec<WrittenCode> = list(folder, &file, problems)?;
        let label = folder.label(&file);
        let is_of_periods = self.kind.trim().ends_with("TimeDimension");
        if !is_of_periods && !written.is_empty() && written.iter().all(|code| is_period(&code.identifier)) {
            let message = format!(
                "all codes of `{}` are periods, and its Kind is `{}`, not TimeDimension: it cannot be told whether its \
                 figures are final",
                self.identifier,
                excerpt(&self.kind)
            );
            problems.in_file(&label, message);
            return None;
        }
        let mut dimension = Dimension {
            identifier: self.identifier,
            codes: BTreeMap::new(),
        };
        for code in written {
            let identifier = code.identifier.trim().to_owned();
            if is_of_periods && code.status.is_none() {
                let message = format!(
                    "the period `{}` has no Status: it cannot be told whether its figures are final",
                    excerpt(&identifier)
                );
                problems.in_file(&label, message);
                return None;
            }
            let read = Code {
                title: plain(&code.title).into_owned(),
                is_provisional: is_of_periods && code.status.is_some_and(|status| status.trim() != FINAL),
            };
            if identifier.is_empty() || dimension.codes.insert(identifier.clone(), read).is_some() {
                let message = format!("the code `{}` stands twice, or is empty", excerpt(&identifier));
                problems.in_file(&label, message);
                return None;
            }
        }
        Some(dimension)
    }
}

pub(super) fn properties(folder: &mut Folder<'_>, problems: &mut Problems) -> Option<Properties> {
    let bytes = folder.whole("properties", problems)?;
    let label = folder.label("properties");
    let properties: Properties = match serde_json::from_slice(without_bom(&bytes)) {
        Ok(properties) => properties,
        Err(error) => {
            report_json(&label, first_visible(&bytes), &error, problems);
            return None;
        }
    };
    match properties.check() {
        Ok(()) => Some(properties),
        Err(message) => {
            problems.in_file(&label, message);
            None
        }
    }
}

fn measures(folder: &mut Folder<'_>, problems: &mut Problems) -> Option<BTreeMap<String, Measure>> {
    let mut measures = BTreeMap::new();
    for measure in list::<Measure>(folder, "measure-codes", problems)? {
        let code = measure.identifier.trim().to_owned();
        if measures.insert(code.clone(), measure).is_some() {
            let message = format!("the measure `{}` stands twice", excerpt(&code));
            problems.in_file(&folder.label("measure-codes"), message);
            return None;
        }
    }
    Some(measures)
}

/// The elements of a small file.
fn list<E: DeserializeOwned>(folder: &mut Folder<'_>, name: &str, problems: &mut Problems) -> Option<Vec<E>> {
    let bytes = folder.whole(name, problems)?;
    let mut elements = Vec::new();
    let label = folder.label(name);
    match read_page(bytes.as_slice(), MOST_ELEMENTS, |element| elements.push(element)) {
        Ok(end) if end.next.is_some() => {
            let message = "has an @odata.nextLink, so it is not whole: fetch the table again";
            problems.in_file(&label, message);
            None
        }
        Ok(_) => Some(elements),
        Err(error) => {
            report_json(&label, first_visible(&bytes), &error, problems);
            None
        }
    }
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut known: Vec<&str> = Vec::new();
    for name in names {
        if known.contains(&name) {
            return Some(name.to_owned());
        }
        known.push(name);
    }
    None
}
