//! Files by a recipe -> an import on the shelf, which is then acknowledged.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Cursor, Read},
    sync::Arc,
    time::SystemTime,
};

use super::{
    AdministrationError, Administrator, AnnouncedFile, ImportRecord, ImportState, ReportRecord, Stopped,
    Upload, WhileWanted, records, upload::Arrived,
};
use crate::{
    domain::RequestId,
    edition::Location,
    import::{ImportFlags, ImportReport, ImportUnit, Recipe, RegionNames, TableInput},
};

/// What is to be imported.
#[derive(Debug)]
pub struct ImportRequest {
    /// Id of the request.
    pub id: RequestId,
    /// The recipe to read by.
    pub recipe: Recipe,
    /// The tables, in order.
    pub files: Vec<AnnouncedFile>,
    /// The list of regions that they need; it comes after them.
    pub region_names: Option<AnnouncedFile>,
    /// The day they were fetched; nothing for what the recipe says.
    pub retrieved: Option<String>,
    /// The source's version of them; nothing for what the recipe says.
    pub source_version: Option<String>,
    /// Nothing is kept.
    pub validate_only: bool,
}

impl Administrator {
    /// Begins to take the files of an import.
    ///
    /// # Errors
    /// [`AdministrationError::InMemory`] and [`AdministrationError::ReadOnly`] before anything is sent in vain.
    pub fn begin_upload(&self, request: &ImportRequest) -> Result<Upload, AdministrationError> {
        if !request.validate_only {
            self.require_lasting()?;
        }
        let files = request.files.iter().chain(&request.region_names).cloned();
        Upload::begin(&self.folder, files.collect(), self.most_uploaded)
    }

    /// Reads the files that came and keeps them as an import. Once this is answered, the import survives the end of the machine.
    /// An import that is kept under the same request id and of the same files is given back as it is.
    ///
    /// # Errors
    /// [`AdministrationError`]; then nothing is kept but perhaps tables that no import names.
    pub async fn import(
        &self,
        request: ImportRequest,
        upload: Upload,
    ) -> Result<(ImportRecord, ImportState), AdministrationError> {
        let mut arrived = upload.finish().await?;
        let fingerprint = fingerprint(&request, &arrived);
        if !request.validate_only
            && let Some(kept) = self.records.import(&request.id).await?
        {
            return self.same(&request.id, kept, &fingerprint).await;
        }
        let place = self.place().await?;
        let ImportRequest {
            id,
            recipe,
            region_names,
            retrieved,
            source_version,
            validate_only,
            ..
        } = request;
        let names = region_names.and_then(|_| arrived.pop());
        let (recipe_id, recipe_file, recipe_text) =
            (recipe.id.clone(), recipe.file.clone(), recipe.text.clone());
        let (unit, report, arrived, names) = place
            .work(move |stopped| {
                let tables = arrived
                    .iter()
                    .map(|file| Ok((file.stored.name.clone(), Content::File(file.at_start()?))))
                    .collect::<Result<_, std::io::Error>>()?;
                let list = match &names {
                    Some(file) => Some((file.stored.name.clone(), Content::File(file.at_start()?))),
                    None => None,
                };
                let (unit, report) = read(&recipe, tables, list, retrieved, source_version, stopped)?;
                Ok((unit, report, arrived, names))
            })
            .await?;
        let record = ImportRecord::new(
            &id,
            fingerprint.clone(),
            (recipe_id, recipe_file, recipe_text),
            &arrived,
            names.as_ref(),
            (&unit, ReportRecord::from(&report)),
        );
        if validate_only {
            return Ok((record, ImportState::Pending));
        }
        for file in arrived.iter().chain(&names) {
            self.shelf
                .keep_table(&file.stored.sha256, file.at_start()?)
                .await?;
        }
        let kept = self.records.keep_import(&id, record).await?;
        self.same(&id, kept, &fingerprint).await
    }

    /// What is kept under a request id, if it is what was asked for.
    async fn same(
        &self,
        id: &RequestId,
        kept: ImportRecord,
        fingerprint: &str,
    ) -> Result<(ImportRecord, ImportState), AdministrationError> {
        if kept.fingerprint != fingerprint {
            return Err(AdministrationError::Reused(id.clone()));
        }
        let state = self.records.outcomes().await?.of(&kept.id);
        Ok((kept, state))
    }

    /// Where the tables of a kept import are.
    pub(super) async fn kept(&self, record: ImportRecord) -> Result<Kept, AdministrationError> {
        let mut tables = Vec::new();
        for file in &record.files {
            tables.push((file.name.clone(), self.location(&record, &file.sha256).await?));
        }
        let region_names = match &record.region_names {
            Some(file) => Some((file.name.clone(), self.location(&record, &file.sha256).await?)),
            None => None,
        };
        Ok(Kept {
            record,
            tables,
            region_names,
        })
    }

    async fn location(&self, record: &ImportRecord, sha256: &str) -> Result<Location, AdministrationError> {
        let found = self.shelf.table(sha256).await?;
        found.ok_or_else(|| match RequestId::parse(&record.id) {
            Ok(id) => AdministrationError::TablesGone(id),
            Err(error) => AdministrationError::Record {
                path: format!("the record of import {}", record.id),
                cause: error.to_string(),
            },
        })
    }
}

/// An import with the places of its tables.
pub(super) struct Kept {
    record: ImportRecord,
    tables: Vec<(String, Location)>,
    region_names: Option<(String, Location)>,
}

impl Kept {
    /// Reads it again, by the recipe as it was then.
    pub(super) fn read(self, stopped: &Stopped) -> Result<(Recipe, ImportUnit), AdministrationError> {
        let recipe = Recipe::parse(&self.record.recipe_file, &self.record.recipe_text)?;
        let open = |(name, location)| Ok::<_, std::io::Error>((name, Content::at(location)?));
        let tables = self.tables.into_iter().map(open).collect::<Result<_, _>>()?;
        let list = self.region_names.map(open).transpose()?;
        let (retrieved, version) = (self.record.retrieved, self.record.source_version);
        let (unit, _) = read(&recipe, tables, list, Some(retrieved), Some(version), stopped)?;
        if unit.file_sha256 != self.record.file_sha256 {
            return Err(AdministrationError::Record {
                path: format!("a table of import {}", self.record.id),
                cause: format!(
                    "they hash to {}, not to {}",
                    unit.file_sha256, self.record.file_sha256
                ),
            });
        }
        Ok((recipe, unit))
    }
}

/// Where the bytes of a file are.
enum Content {
    File(File),
    Memory(Cursor<bytes::Bytes>),
}

impl Content {
    fn at(location: Location) -> std::io::Result<Self> {
        Ok(match location {
            Location::File(path) => Self::File(File::open(path)?),
            Location::Memory(bytes) => Self::Memory(Cursor::new(bytes)),
        })
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

fn read(
    recipe: &Recipe,
    tables: Vec<(String, Content)>,
    region_names: Option<(String, Content)>,
    retrieved: Option<String>,
    source_version: Option<String>,
    stopped: &Stopped,
) -> Result<(ImportUnit, ImportReport), AdministrationError> {
    let wanted = |inner| WhileWanted {
        inner,
        stopped: stopped.clone(),
    };
    let names = region_names.map(|(name, content)| RegionNames::from_reader(&name, wanted(content)));
    let flags = ImportFlags {
        retrieved,
        source_version,
        region_names: names.transpose()?.map(Arc::new),
    };
    let inputs = tables
        .into_iter()
        .map(|(name, content)| TableInput::new(name, wanted(content)));
    Ok(ImportUnit::from_inputs(recipe, inputs.collect(), &flags)?)
}

impl ImportRecord {
    fn new(
        id: &RequestId,
        fingerprint: String,
        (recipe_id, recipe_file, recipe_text): (String, String, String),
        arrived: &[Arrived],
        names: Option<&Arrived>,
        (unit, report): (&ImportUnit, ReportRecord),
    ) -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            format: records::FORMAT,
            id: id.as_str().to_owned(),
            fingerprint,
            accepted: since.map_or(0, |since| u64::try_from(since.as_micros()).unwrap_or(u64::MAX)),
            recipe_id,
            recipe_file,
            recipe_text,
            files: arrived.iter().map(|file| file.stored.clone()).collect(),
            region_names: names.map(|file| file.stored.clone()),
            retrieved: unit.retrieved.clone(),
            source_version: unit.source_version.clone(),
            periods: unit.periods.clone(),
            file_sha256: unit.file_sha256.clone(),
            report,
        }
    }
}

fn fingerprint(request: &ImportRequest, arrived: &[Arrived]) -> String {
    let files = arrived.iter().map(|file| &file.stored);
    records::fingerprint(&BTreeMap::from([
        ("recipe", vec![request.recipe.text.clone()]),
        ("names", files.clone().map(|file| file.name.clone()).collect()),
        ("hashes", files.map(|file| file.sha256.clone()).collect()),
        (
            "region_names",
            request
                .region_names
                .iter()
                .map(|file| file.name.clone())
                .collect(),
        ),
        ("retrieved", request.retrieved.iter().cloned().collect()),
        ("source_version", request.source_version.iter().cloned().collect()),
    ]))
}
