//! What is kept beside the editions: tables that were sent in, and records of what was asked.
//!
//! `tables/{sha256}` are bytes, named by their content; `imports/{request id}.json` and `publications/{request id}.json` say what
//! came of a request. Records are written create-only: a request id is won by exactly one request.

use std::{fs::File, io::Read};

use bytes::Bytes;
use object_store::{MultipartUpload, ObjectStoreExt, path::Path as StorePath};
use tokio_stream::StreamExt;

use super::{Shelf, ShelfError, store_error};
use crate::{domain::RequestId, edition::Location};

/// How much of a table is in memory at a time.
const PIECE: u64 = 8 << 20;

/// What a record is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// Tables that were read by a recipe.
    Import,
    /// A change of what is current.
    Publication,
}

impl RecordKind {
    fn folder(self) -> &'static str {
        match self {
            Self::Import => "imports",
            Self::Publication => "publications",
        }
    }

    /// Where the record of a request is, below the root of the shelf.
    pub(crate) fn path(self, id: &RequestId) -> StorePath {
        StorePath::from(format!("{}/{id}.json", self.folder()))
    }
}

impl Shelf {
    /// A record, if there is one of this request.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn record(&self, kind: RecordKind, id: &RequestId) -> Result<Option<Bytes>, ShelfError> {
        match self.store.get(&kind.path(id)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Keeps a record, unless there is one of this request already. Says whether it was kept: once it is, it survives the end of
    /// the machine.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn keep_record(
        &self,
        kind: RecordKind,
        id: &RequestId,
        json: Bytes,
    ) -> Result<bool, ShelfError> {
        self.create(&kind.path(id), json).await
    }

    /// The requests of which there are records of a kind, in order of their ids. Files with other names are left alone.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn recorded(&self, kind: RecordKind) -> Result<Vec<RequestId>, ShelfError> {
        let mut listing = self.store.list(Some(&StorePath::from(kind.folder())));
        let mut found = Vec::new();
        while let Some(object) = listing.next().await {
            let object = object?;
            let name = object
                .location
                .filename()
                .and_then(|name| name.strip_suffix(".json"));
            if let Some(id) = name.and_then(|name| RequestId::parse(name).ok())
                && kind.path(&id) == object.location
            {
                found.push(id);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Keeps a table under the hash of its bytes, which the caller has computed. A file that is there already is replaced by the
    /// same, in one step.
    ///
    /// # Errors
    /// [`ShelfError::Store`]; then nothing of it is left.
    pub async fn keep_table(&self, sha256: &str, mut table: File) -> Result<(), ShelfError> {
        let mut upload = self.store.put_multipart(&table_path(sha256)).await?;
        let kept = async {
            loop {
                let (piece, rest) = read_piece(table).await?;
                if piece.is_empty() {
                    break;
                }
                table = rest;
                upload.put_part(piece.into()).await?;
            }
            upload.complete().await?;
            Ok(())
        };
        let kept = kept.await;
        if kept.is_err() {
            // Its own failure would tell less than the one before.
            let _ = upload.abort().await;
        }
        kept
    }

    /// Where the bytes of a kept table are; nothing when there is none of this hash.
    ///
    /// # Errors
    /// [`ShelfError::Store`].
    pub async fn table(&self, sha256: &str) -> Result<Option<Location>, ShelfError> {
        self.location_of(&table_path(sha256)).await
    }
}

async fn read_piece(mut table: File) -> Result<(Vec<u8>, File), ShelfError> {
    let read = tokio::task::spawn_blocking(move || {
        let mut piece = Vec::new();
        table.by_ref().take(PIECE).read_to_end(&mut piece)?;
        Ok((piece, table))
    });
    read.await
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(store_error)
}

fn table_path(sha256: &str) -> StorePath {
    StorePath::from(format!("tables/{sha256}"))
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;

    fn id(text: &str) -> RequestId {
        RequestId::parse(text).expect(text)
    }

    #[tokio::test]
    async fn a_request_id_is_won_once_and_listed() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let kind = RecordKind::Import;
        assert_eq!(shelf.record(kind, &id("one")).await.expect("read"), None);
        let id = id("one");
        let both = tokio::join!(
            shelf.keep_record(kind, &id, Bytes::from_static(b"first")),
            shelf.keep_record(kind, &id, Bytes::from_static(b"second")),
        );
        let won = [both.0.expect("tried"), both.1.expect("tried")];
        assert_eq!(won.iter().filter(|won| **won).count(), 1);
        let kept = shelf.record(kind, &id).await.expect("read").expect("kept");
        assert_eq!(kept, if won[0] { "first" } else { "second" });
        std::fs::write(folder.path().join("imports/a stray.json"), "{}").expect("written");
        std::fs::write(folder.path().join("imports/notes.txt"), "x").expect("written");
        assert_eq!(shelf.recorded(kind).await.expect("listed"), [id]);
        assert!(
            shelf
                .recorded(RecordKind::Publication)
                .await
                .expect("listed")
                .is_empty()
        );
    }

    #[tokio::test]
    async fn a_table_of_several_pieces_is_kept_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = Shelf::in_directory(folder.path().to_path_buf()).expect("a shelf");
        let bytes: Vec<u8> = (0..PIECE + 1000).map(|place| (place % 251) as u8).collect();
        for _ in 0..2 {
            let mut table = tempfile::tempfile().expect("a file");
            table.write_all(&bytes).expect("written");
            table.rewind().expect("rewound");
            shelf.keep_table("abc", table).await.expect("kept");
        }
        let Some(Location::File(path)) = shelf.table("abc").await.expect("looked") else {
            panic!("not in a file")
        };
        assert!(std::fs::read(path).expect("read") == bytes);
        assert!(shelf.table("none").await.expect("looked").is_none());
    }
}
