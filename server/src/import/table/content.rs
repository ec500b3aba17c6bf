//! The bytes of a table: uncompressed, hashed, bounded, and without a byte order mark.

use std::io::{self, Cursor, Read};

use sha2::{Digest, Sha256};

use super::super::packed::{first_bytes, unpacked};

/// Larger tables do not exist in this field; a few bytes of gzip can pretend to be one.
const MAX_TABLE: u64 = 2 << 30;
/// Neither do longer lines.
const MAX_LINE: usize = 4 << 20;

const ZIP: [u8; 4] = *b"PK\x03\x04";
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// The bytes of a table.
pub(super) struct Content<'h> {
    bytes: io::Chain<Cursor<Vec<u8>>, Tap<'h>>,
    /// Whether it began with a byte order mark, which is passed over.
    pub(super) had_byte_order_mark: bool,
}

impl<'h> Content<'h> {
    /// Looks at how the content begins, and hashes all of it uncompressed.
    pub(super) fn open(mut reader: Box<dyn Read + Send>, hasher: &'h mut Sha256) -> io::Result<Self> {
        let beginning = first_bytes(&mut reader, ZIP.len())?;
        if beginning == ZIP {
            let message =
                "it is a ZIP archive or a workbook: unpack it, or write format = \"xlsx\" in the recipe";
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let mut tap = Tap {
            inner: unpacked(Cursor::new(beginning).chain(reader))?,
            hasher,
            total: 0,
            line: 0,
        };
        let mut text = first_bytes(&mut tap, BYTE_ORDER_MARK.len())?;
        let had_byte_order_mark = text == BYTE_ORDER_MARK;
        // Some programs put one before the one that is there.
        while text == BYTE_ORDER_MARK {
            text = first_bytes(&mut tap, BYTE_ORDER_MARK.len())?;
        }
        Ok(Self {
            bytes: Cursor::new(text).chain(tap),
            had_byte_order_mark,
        })
    }
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

/// Passes bytes on, hashed and bounded.
struct Tap<'h> {
    inner: Box<dyn Read>,
    hasher: &'h mut Sha256,
    total: u64,
    line: usize,
}

impl Read for Tap<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.inner.read(buffer)?;
        let bytes = &buffer[..taken];
        self.hasher.update(bytes);
        self.total += taken as u64;
        for &byte in bytes {
            self.line = if byte == b'\n' { 0 } else { self.line + 1 };
            if self.line > MAX_LINE {
                return Err(too_large(format!(
                    "a line is longer than {MAX_LINE} bytes: this is no table of figures"
                )));
            }
        }
        if self.total > MAX_TABLE {
            return Err(too_large(format!(
                "it is larger than {MAX_TABLE} bytes: split it"
            )));
        }
        Ok(taken)
    }
}

fn too_large(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}
