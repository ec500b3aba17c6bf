//! Files that may be compressed, whatever they are called.

use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What a file holds, uncompressed where it begins as gzip does.
pub(super) fn unpacked<'r>(mut stored: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let beginning = first_bytes(&mut stored, GZIP.len())?;
    let is_gzip = beginning == GZIP;
    let whole = BufReader::new(Cursor::new(beginning).chain(stored));
    Ok(if is_gzip {
        Box::new(MultiGzDecoder::new(whole))
    } else {
        Box::new(whole)
    })
}

/// Up to `count` bytes, fewer only at the end.
pub(super) fn first_bytes(reader: &mut impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(count);
    reader.by_ref().take(count as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
