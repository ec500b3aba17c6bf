//! The files of a table: found, uncompressed, bounded and hashed.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use sha2::{Digest, Sha256};

use crate::edition::{
    content_hash::hex,
    source::{Kind, fields},
};

use super::{
    super::{
        packed::unpacked,
        problems::{Problems, excerpt},
    },
    manifest::{FetchedFile, FolderManifest, MANIFEST},
    page::{Observation, PageEnd, first_visible, read_page},
};

/// A page of 100,000 observations has about 30 MB; a few bytes of gzip can pretend to be far more.
const MAX_FILE: u64 = if cfg!(test) { 4 << 20 } else { 256 << 20 };

/// More than a file of that size has, unless it has nothing in them.
pub(super) const MOST_ELEMENTS: usize = 3_000_000;

/// The name of a page of observations, counted from 1, without `.json`.
pub(crate) fn page_name(page: usize) -> String {
    format!("observations-page-{page}")
}

/// A folder that is being read.
pub(super) struct Folder<'a> {
    path: &'a Path,
    hasher: &'a mut Sha256,
    progress: &'a mut dyn FnMut(usize),
    /// How many pages of observations there are.
    pub(super) pages: usize,
    /// What was fetched into it, if that is known.
    pub(super) manifest: Option<FolderManifest>,
    read: Vec<FetchedFile>,
}

impl<'a> Folder<'a> {
    /// Looks what is there.
    pub(super) fn open(
        path: &'a Path,
        hasher: &'a mut Sha256,
        progress: &'a mut dyn FnMut(usize),
        problems: &mut Problems,
    ) -> Option<Self> {
        let label = path.display().to_string();
        let mut folder = Self {
            path,
            hasher,
            progress,
            pages: 0,
            manifest: None,
            read: Vec::new(),
        };
        match pages(path) {
            Ok(pages) => folder.pages = pages,
            Err(error) => {
                problems.in_file(&label, format!("cannot be read: {error}"));
                return None;
            }
        }
        if folder.pages == 0 {
            let message = "holds no observations-page-1.json: expected a folder with a table of CBS OData v4 (docs/recipes.md)";
            problems.in_file(&label, message);
            return None;
        }
        folder.manifest = folder.read_manifest(problems).ok()?;
        Some(folder)
    }

    /// What messages call a file.
    pub(super) fn label(&self, name: &str) -> String {
        self.path.join(format!("{name}.json")).display().to_string()
    }

    /// The manifest, if there is one; an error when it is none, which is reported.
    fn read_manifest(&self, problems: &mut Problems) -> Result<Option<FolderManifest>, ()> {
        let path = self.path.join(MANIFEST);
        let read = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => Err(error.to_string()),
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| error.to_string())
                .and_then(|manifest: FolderManifest| {
                    fields::from_text(Kind::Date, &manifest.retrieved).map(|_| manifest)
                }),
        };
        read.map(Some).map_err(|error| {
            let message = format!(
                "cannot be read: {}; fetch the table again, or remove this file",
                excerpt(&error)
            );
            problems.in_file(&path.display().to_string(), message);
        })
    }

    /// A small file as a whole.
    pub(super) fn whole(&mut self, name: &str, problems: &mut Problems) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.content(name).and_then(|mut content| {
            content.read_to_end(&mut bytes)?;
            Ok(content.facts(name))
        });
        match read {
            Ok(facts) => self.read.push(facts),
            Err(error) => {
                problems.in_file(&self.label(name), format!("cannot be read: {error}"));
                return None;
            }
        }
        Some(bytes)
    }

    /// The observations of a page, and what it says beside them.
    pub(super) fn observations(
        &mut self,
        page: usize,
        problems: &mut Problems,
        mut each: impl FnMut(Observation, &mut Problems),
    ) -> Option<PageEnd> {
        let name = page_name(page);
        let label = self.label(&name);
        let mut content = match self.content(&name) {
            Ok(content) => content,
            Err(error) => {
                problems.in_file(&label, format!("cannot be read: {error}"));
                return None;
            }
        };
        let read = read_page(&mut content, MOST_ELEMENTS, |observation| {
            each(observation, problems)
        });
        let (begins_with, facts) = (content.begins_with, content.facts(&name));
        self.read.push(facts);
        match read {
            Ok(end) => Some(end),
            Err(error) => {
                report_json(&label, begins_with, &error, problems);
                None
            }
        }
    }

    /// What messages call the manifest.
    pub(super) fn manifest_label(&self) -> String {
        self.path.join(MANIFEST).display().to_string()
    }

    /// What must hold when all was read, so many observations: the files and observations are those of the manifest.
    pub(super) fn finish(&mut self, observations: u64, problems: &mut Problems) {
        let Some(manifest) = self.manifest.as_ref().filter(|_| problems.is_empty()) else {
            return;
        };
        let label = self.manifest_label();
        if manifest.observations != observations {
            let message = format!(
                "says that {} observations were fetched, and {observations} are here: fetch the table again",
                manifest.observations
            );
            problems.in_file(&label, message);
        }
        for file in &manifest.files {
            let name = excerpt(&file.name);
            let message = match self.read.iter().find(|read| read.name == file.name) {
                Some(read) if read == file => continue,
                Some(_) => format!("`{name}` is not as it was fetched: fetch the table again"),
                None => format!("`{name}` was fetched and is no longer there: fetch the table again"),
            };
            problems.in_file(&label, message);
        }
        let is_fetched = |read: &&FetchedFile| manifest.files.iter().any(|file| file.name == read.name);
        for read in self.read.iter().filter(|read| !is_fetched(read)) {
            let message = format!(
                "`{}` was not fetched with the others: remove it, or fetch the table again",
                read.name
            );
            problems.in_file(&label, message);
        }
    }

    fn content(&mut self, name: &str) -> io::Result<Content<'_>> {
        let plain = self.path.join(format!("{name}.json"));
        let packed = self.path.join(format!("{name}.json.gz"));
        let path = match (plain.is_file(), packed.is_file()) {
            (true, true) => {
                let message = "it stands here compressed and not: remove one of the two";
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
            (false, true) => packed,
            _ => plain,
        };
        Content::open(&path, self.hasher, self.progress)
    }
}

/// Reports JSON that cannot be read, by its line; or that it is none.
pub(super) fn report_json(
    label: &str,
    begins_with: Option<u8>,
    error: &serde_json::Error,
    problems: &mut Problems,
) {
    if begins_with == Some(b'<') {
        let message =
            "is HTML or XML, not JSON: the service answered with a page for people; fetch the table again";
        return problems.in_file(label, message);
    }
    let what = if error.is_eof() {
        "ends too early, so it is not whole: fetch the table again"
    } else if error.is_io() {
        "cannot be read"
    } else {
        "is not the JSON that was expected"
    };
    problems.at(
        label,
        error.line(),
        format!("{what} ({})", excerpt(&error.to_string())),
    );
}

/// Whether a folder holds observations, and not only something about them.
pub(in crate::import) fn has_observations(path: &Path) -> bool {
    // What is wrong with the pages is said when they are read.
    pages(path).map_or(true, |pages| pages > 0)
}

/// How many pages there are; each but the last is followed by the next.
fn pages(path: &Path) -> io::Result<usize> {
    let mut numbers = BTreeSet::new();
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let number = name
            .strip_prefix("observations-page-")
            .and_then(|rest| rest.strip_suffix(".json"));
        numbers.extend(number.and_then(|number| number.parse::<usize>().ok()));
    }
    match (1..=numbers.len()).find(|page| !numbers.contains(page)) {
        Some(missing) => {
            let message = format!(
                "{}.json is missing, and later pages are there",
                page_name(missing)
            );
            Err(io::Error::new(io::ErrorKind::NotFound, message))
        }
        None => Ok(numbers.len()),
    }
}

/// The uncompressed bytes of a file, hashed as they pass.
struct Content<'a> {
    inner: Box<dyn Read + 'a>,
    of_all: &'a mut Sha256,
    of_file: Sha256,
    bytes: u64,
    /// The first byte that is no space.
    begins_with: Option<u8>,
}

impl<'a> Content<'a> {
    fn open(path: &Path, of_all: &'a mut Sha256, progress: &'a mut dyn FnMut(usize)) -> io::Result<Self> {
        let stored = Watched {
            file: File::open(path)?,
            progress,
        };
        Ok(Self {
            inner: unpacked(stored)?,
            of_all,
            of_file: Sha256::new(),
            bytes: 0,
            begins_with: None,
        })
    }

    fn facts(self, name: &str) -> FetchedFile {
        FetchedFile {
            name: format!("{name}.json"),
            bytes: self.bytes,
            sha256: hex(&self.of_file.finalize()),
        }
    }
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.inner.read(buffer)?;
        let bytes = &buffer[..taken];
        self.of_all.update(bytes);
        self.of_file.update(bytes);
        self.bytes += taken as u64;
        self.begins_with = self.begins_with.or_else(|| first_visible(bytes));
        if self.bytes > MAX_FILE {
            let message = format!("it is larger than {MAX_FILE} bytes: this is no page of a table");
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        Ok(taken)
    }
}

/// Tells how many bytes were taken of a file as it is stored.
struct Watched<'a> {
    file: File,
    progress: &'a mut dyn FnMut(usize),
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.file.read(buffer)?;
        (self.progress)(taken);
        Ok(taken)
    }
}
