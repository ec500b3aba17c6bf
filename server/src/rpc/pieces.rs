//! Encoded rows kept together: an answer takes one of them, or all of a page as they are.

use std::ops::Range;

use bytes::Bytes;

/// Encoded pieces, one after the other.
#[derive(Debug)]
pub(super) struct Pieces {
    bytes: Bytes,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl Pieces {
    /// So many pieces, each written by `encode`.
    pub(super) fn of(number: usize, mut encode: impl FnMut(usize, &mut Vec<u8>)) -> Self {
        let mut bytes = Vec::new();
        let ends = (0..number).map(|place| {
            encode(place, &mut bytes);
            bytes.len()
        });
        let ends = ends.collect();
        bytes.shrink_to_fit();
        Self {
            bytes: bytes.into(),
            ends,
        }
    }

    /// One of them.
    pub(super) fn piece(&self, place: usize) -> &[u8] {
        &self.bytes[self.span(place..place + 1)]
    }

    /// Several that follow one another, not copied.
    pub(super) fn run(&self, places: Range<usize>) -> Bytes {
        self.bytes.slice(self.span(places))
    }

    fn span(&self, places: Range<usize>) -> Range<usize> {
        let end = |place: usize| if place == 0 { 0 } else { self.ends[place - 1] };
        end(places.start)..end(places.end)
    }
}
