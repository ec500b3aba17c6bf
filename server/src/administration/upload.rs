//! The bytes of files as they come in, kept in files without a name: whatever happens to the server, nothing of them stays.

use std::{
    fs::File,
    io::{self, Seek, Write},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use super::{AdministrationError, StoredFile};
use crate::edition::content_hash::hex;

/// So much is in memory before it is written.
const PIECE: usize = 1 << 20;
/// The largest chunk.
const LARGEST_CHUNK: usize = 1 << 20;

/// A file that is announced.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnouncedFile {
    /// Its name in messages.
    pub name: String,
    /// Its size in bytes, when it is announced.
    pub bytes: Option<u64>,
    /// SHA-256 of its bytes, 64 hex digits, when it is announced.
    pub sha256: Option<String>,
}

/// Something that an upload does not keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadProblem {
    /// The field that says otherwise.
    pub field: String,
    /// What is wrong, and what to do.
    pub description: String,
}

/// A file that has arrived.
#[derive(Debug)]
pub(super) struct Arrived {
    pub(super) stored: StoredFile,
    pub(super) content: File,
}

impl Arrived {
    /// Another handle to its content, at the beginning. Handles share one place in the file: one at a time.
    pub(super) fn at_start(&self) -> io::Result<File> {
        let mut content = self.content.try_clone()?;
        content.rewind()?;
        Ok(content)
    }
}

/// Files that are arriving, in order.
#[derive(Debug)]
pub struct Upload {
    folder: PathBuf,
    announced: Vec<AnnouncedFile>,
    arrived: Vec<Arrived>,
    current: Option<Arriving>,
    most: u64,
    total: u64,
}

#[derive(Debug)]
struct Arriving {
    content: File,
    hasher: Sha256,
    bytes: u64,
    unwritten: Vec<u8>,
}

impl Upload {
    /// Nothing yet of these files, of at most so many bytes together; they are kept on the disk of `folder`.
    ///
    /// # Errors
    /// [`AdministrationError::Upload`] when more is announced than may come.
    pub fn begin(
        folder: &Path,
        announced: Vec<AnnouncedFile>,
        most: u64,
    ) -> Result<Self, AdministrationError> {
        let sum = announced
            .iter()
            .filter_map(|file| file.bytes)
            .fold(0, u64::saturating_add);
        if sum > most {
            return Err(too_large("header.files", most));
        }
        Ok(Self {
            folder: folder.to_owned(),
            announced,
            arrived: Vec::new(),
            current: None,
            most,
            total: 0,
        })
    }

    /// Takes the next bytes of a file.
    ///
    /// # Errors
    /// [`AdministrationError::Upload`] when they do not belong there, [`AdministrationError::Io`] when they cannot be kept.
    pub async fn take(&mut self, file: u32, data: Bytes) -> Result<(), AdministrationError> {
        let file = file as usize;
        if file >= self.announced.len() {
            let files = match self.announced.len() {
                1 => "1 file".to_owned(),
                several => format!("{several} files"),
            };
            return Err(refused(
                "chunk.file_index",
                format!("is {file}, and the header announces {files}: count from 0"),
            ));
        }
        if data.len() > LARGEST_CHUNK {
            return Err(refused(
                "chunk.data",
                format!("is {} bytes: send at most {LARGEST_CHUNK} at a time", data.len()),
            ));
        }
        let current = self.arrived.len();
        if file < current {
            return Err(refused(
                "chunk.file_index",
                format!("is {file} after {current}: send the files in order, each whole"),
            ));
        }
        while self.arrived.len() < file {
            self.end_current().await?;
        }
        self.total += data.len() as u64;
        if self.total > self.most {
            return Err(too_large("chunk.data", self.most));
        }
        let mut arriving = match self.current.take() {
            Some(arriving) => arriving,
            None => self.open().await?,
        };
        arriving.unwritten.extend_from_slice(&data);
        if arriving.unwritten.len() >= PIECE {
            arriving = arriving.written().await?;
        }
        self.current = Some(arriving);
        Ok(())
    }

    /// All files, whole and as they were announced.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(super) async fn finish(mut self) -> Result<Vec<Arrived>, AdministrationError> {
        if self.total == 0 {
            return Err(refused(
                "chunk",
                "is missing: after the header the bytes of its files follow, in chunks".to_owned(),
            ));
        }
        while self.arrived.len() < self.announced.len() {
            self.end_current().await?;
        }
        Ok(self.arrived)
    }

    async fn open(&self) -> Result<Arriving, AdministrationError> {
        let folder = self.folder.clone();
        let content = spawn_blocking(move || tempfile::tempfile_in(folder)).await??;
        Ok(Arriving {
            content,
            hasher: Sha256::new(),
            bytes: 0,
            unwritten: Vec::new(),
        })
    }

    /// The file that is arriving has arrived.
    async fn end_current(&mut self) -> Result<(), AdministrationError> {
        let arriving = match self.current.take() {
            Some(arriving) => arriving.written().await?,
            None => self.open().await?,
        };
        let place = self.arrived.len();
        let announced = &self.announced[place];
        let (bytes, sha256) = (arriving.bytes, hex(&arriving.hasher.finalize()));
        let field = |name: &str| format!("header.files[{place}].{name}");
        let mut problems = Vec::new();
        if announced.bytes.is_some_and(|announced| announced != bytes) {
            problems.push(UploadProblem {
                field: field("size_bytes"),
                description: format!("{bytes} bytes of {} came: send it again, whole", announced.name),
            });
        }
        if announced
            .sha256
            .as_ref()
            .is_some_and(|announced| *announced != sha256)
        {
            problems.push(UploadProblem {
                field: field("sha256"),
                description: format!(
                    "what came of {} hashes to {sha256}: send it again",
                    announced.name
                ),
            });
        }
        if !problems.is_empty() {
            return Err(AdministrationError::Upload(problems));
        }
        self.arrived.push(Arrived {
            stored: StoredFile {
                name: announced.name.clone(),
                bytes,
                sha256,
            },
            content: arriving.content,
        });
        Ok(())
    }
}

impl Arriving {
    /// The same with nothing unwritten.
    async fn written(mut self) -> Result<Self, AdministrationError> {
        let written = spawn_blocking(move || {
            self.content.write_all(&self.unwritten)?;
            self.hasher.update(&self.unwritten);
            self.bytes += self.unwritten.len() as u64;
            self.unwritten.clear();
            Ok::<_, io::Error>(self)
        });
        Ok(written.await??)
    }
}

fn refused(field: &str, description: String) -> AdministrationError {
    AdministrationError::Upload(vec![UploadProblem {
        field: field.to_owned(),
        description,
    }])
}

fn too_large(field: &str, most: u64) -> AdministrationError {
    refused(
        field,
        format!(
            "is more than {most} bytes together: send the tables compressed, or in several imports, or import them on the \
             server's machine with `groeikern-server import`"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(names: &[&str]) -> Vec<AnnouncedFile> {
        let file = |name: &&str| AnnouncedFile {
            name: (*name).to_owned(),
            ..AnnouncedFile::default()
        };
        names.iter().map(file).collect()
    }

    fn field_of(error: AdministrationError) -> String {
        match error {
            AdministrationError::Upload(problems) => problems[0].field.clone(),
            other => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn thousands_of_bytes_one_by_one_make_whole_files_and_leave_no_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut upload =
            Upload::begin(folder.path(), announced(&["a", "empty", "b"]), 20_000).expect("begun");
        for _ in 0..5000 {
            upload.take(0, Bytes::from_static(b"x")).await.expect("taken");
        }
        upload.take(2, Bytes::from_static(b"y")).await.expect("taken");
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 0);
        let files = upload.finish().await.expect("whole");
        let sizes: Vec<u64> = files.iter().map(|file| file.stored.bytes).collect();
        assert_eq!(sizes, [5000, 0, 1]);
        assert_eq!(files[0].stored.sha256, hex(&Sha256::digest("x".repeat(5000))));
        let content = io::read_to_string(files[0].at_start().expect("rewound")).expect("read");
        assert_eq!(content, "x".repeat(5000));
    }

    #[tokio::test]
    async fn what_an_upload_does_not_keep_to_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let begin = |files: Vec<AnnouncedFile>| Upload::begin(folder.path(), files, 10).expect("begun");
        let byte = || Bytes::from_static(b"x");
        let AdministrationError::Upload(second) = begin(announced(&["a"]))
            .take(1, byte())
            .await
            .expect_err("no second")
        else {
            panic!("another error")
        };
        assert_eq!(
            second[0].description,
            "is 1, and the header announces 1 file: count from 0"
        );
        let mut upload = begin(announced(&["a", "b"]));
        assert_eq!(
            field_of(upload.take(2, byte()).await.expect_err("no third")),
            "chunk.file_index"
        );
        upload.take(1, byte()).await.expect("taken");
        assert_eq!(
            field_of(upload.take(0, byte()).await.expect_err("passed")),
            "chunk.file_index"
        );
        let ten = Bytes::from_static(b"0123456789");
        assert_eq!(
            field_of(upload.take(1, ten).await.expect_err("eleven")),
            "chunk.data"
        );
        let large = Bytes::from(vec![0; LARGEST_CHUNK + 1]);
        assert_eq!(
            field_of(begin(announced(&["a"])).take(0, large).await.expect_err("large")),
            "chunk.data"
        );
        assert_eq!(
            field_of(begin(announced(&["a"])).finish().await.expect_err("nothing")),
            "chunk"
        );
        let eleven = vec![AnnouncedFile {
            bytes: Some(11),
            ..AnnouncedFile::default()
        }];
        assert_eq!(
            field_of(Upload::begin(folder.path(), eleven, 10).expect_err("more")),
            "header.files"
        );

        let wrong = |bytes, sha256: Option<&str>| {
            vec![AnnouncedFile {
                name: "a".to_owned(),
                bytes,
                sha256: sha256.map(str::to_owned),
            }]
        };
        for (files, field) in [
            (wrong(Some(2), None), "header.files[0].size_bytes"),
            (wrong(Some(1), Some(&"0".repeat(64))), "header.files[0].sha256"),
        ] {
            let mut upload = begin(files);
            upload.take(0, byte()).await.expect("taken");
            assert_eq!(field_of(upload.finish().await.expect_err(field)), field);
        }
    }
}
