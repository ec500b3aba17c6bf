//! The codes of regions that a table writes by name.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::domain::nearest;

use super::{
    ImportError,
    odata::read_page,
    packed::unpacked,
    problems::{Problems, excerpt, plain},
};

/// No list of regions is longer.
const MAX_LIST: u64 = 64 << 20;

/// Codes by name, as CBS lists them for a table: the municipalities there are and were, provinces, the country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionNames {
    codes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Region {
    identifier: String,
    title: String,
}

impl RegionNames {
    /// Reads the codes of the regions of a table over CBS OData v4: the file `codes-RegioS.json`, compressed or not, or the
    /// folder that holds it.
    ///
    /// # Errors
    /// [`ImportError`] when it is none, or one name stands for two regions.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let list = if path.is_dir() {
            list_in_folder(path)
        } else {
            Some(path.to_path_buf())
        };
        let file = list.as_deref().unwrap_or(path).display().to_string();
        let opened = list
            .ok_or_else(|| {
                "holds no list of regions: expected codes-RegioS.json in it, or that file itself".to_owned()
            })
            .and_then(|path| File::open(path).map_err(|error| format!("cannot be read: {error}")));
        match opened {
            Ok(opened) => Self::from_reader(&file, opened),
            Err(message) => Err(refusal(&file, message)),
        }
    }

    /// Reads the bytes of such a file from anywhere; `name` is what messages call it.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub fn from_reader(name: &str, reader: impl Read) -> Result<Self, ImportError> {
        let read = bytes(reader).map_err(|error| format!("cannot be read: {error}"));
        read.and_then(|bytes| Self::of_json(&bytes))
            .map_err(|message| refusal(name, message))
    }

    fn of_json(bytes: &[u8]) -> Result<Self, String> {
        let mut regions: Vec<Region> = Vec::new();
        let end = read_page(bytes, usize::MAX, |region| regions.push(region))
            .map_err(|error| format!("is no list of regions as CBS OData v4 gives it: {error}"))?;
        if end.next.is_some() {
            return Err("has an @odata.nextLink, so it is not whole: fetch all of it".to_owned());
        }
        let mut codes: BTreeMap<String, String> = BTreeMap::new();
        for Region { identifier, title } in regions {
            let (name, code) = (plain(&title).into_owned(), identifier.trim().to_owned());
            if let Some(other) = codes.insert(name.clone(), code.clone())
                && other != code
            {
                return Err(format!(
                    "`{}` is {other} and {code}: a name must mean one region",
                    excerpt(&name)
                ));
            }
        }
        if codes.is_empty() {
            return Err("lists no region".to_owned());
        }
        Ok(Self { codes })
    }

    /// The code of a name.
    pub(super) fn code(&self, name: &str) -> Option<&str> {
        self.codes.get(&*plain(name)).map(String::as_str)
    }

    /// The name that is nearest to one that is not known.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.codes.keys().map(String::as_str))
    }
}

/// The list of regions in the folder of a table over OData.
pub(super) fn list_in_folder(folder: &Path) -> Option<PathBuf> {
    ["codes-RegioS.json", "codes-RegioS.json.gz"]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

fn refusal(file: &str, message: String) -> ImportError {
    let mut problems = Problems::all();
    problems.in_file(file, message);
    problems.refusal("the list of regions")
}

fn bytes(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    unpacked(reader)?.take(MAX_LIST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::import::fixtures::gzip;

    const LIST: &str = r#"{"value": [
        {"Identifier": "GM0014", "Title": "Groningen (gemeente)", "Description": ""},
        {"Identifier": "GM0344", "Title": "Utrecht (gemeente) "},
        {"Identifier": "PV20  ", "Title": "Groningen (PV)"}
    ]}"#;

    #[test]
    fn names_are_found_in_a_folder_or_a_file_compressed_or_not() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("codes-RegioS.json.gz"), gzip(LIST.as_bytes())).expect("written");
        let names = RegionNames::read(folder.path()).expect("a list");
        assert_eq!(names.code(" Utrecht (gemeente)"), Some("GM0344"));
        assert_eq!(names.code("Groningen (PV)"), Some("PV20"));
        assert_eq!(names.code("Groningen"), None);
        assert_eq!(names.nearest("Utrecht (gemente)"), Some("Utrecht (gemeente)"));
        let file = folder.path().join("list.json");
        fs::write(&file, LIST).expect("written");
        assert_eq!(RegionNames::read(&file), Ok(names));
    }

    #[test]
    fn what_is_no_list_is_refused_with_the_reason() {
        let folder = tempfile::tempdir().expect("a folder");
        let message = |text: &str| {
            let file = folder.path().join("list.json");
            fs::write(&file, text).expect("written");
            RegionNames::read(&file).expect_err("no list").to_string()
        };
        assert!(message("<html>").contains("is no list of regions"));
        assert!(message("{\"value\": []}").contains("lists no region"));
        let begun = LIST.replacen('{', "{\"@odata.nextLink\": \"https://x\", ", 1);
        assert!(message(&begun).contains("it is not whole"));
        let twice = LIST.replace("Utrecht (gemeente) ", "Groningen (gemeente)");
        assert!(message(&twice).contains("`Groningen (gemeente)` is GM0014 and GM0344"));
        let error = RegionNames::read(folder.path()).expect_err("no list here");
        assert!(error.to_string().contains("codes-RegioS.json"), "{error}");
        let error = RegionNames::read(&folder.path().join("none")).expect_err("absent");
        assert!(error.to_string().contains("cannot be read"), "{error}");
    }
}
