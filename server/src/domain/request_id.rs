//! The ids by which callers name the changes that they ask for.

use std::fmt;

/// The longest one.
const LONGEST: usize = 64;

/// The id of a request for a change: 1 to 64 letters, digits, hyphens and underscores. It names files, and cannot lead out of
/// their folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(String);

/// Text that is no such id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be 1 to {LONGEST} letters, digits, hyphens and underscores, such as a UUID; the same id again asks for the same \
     answer again"
)]
pub struct InvalidRequestId;

impl RequestId {
    /// Reads an id.
    ///
    /// # Errors
    /// [`InvalidRequestId`].
    pub fn parse(text: &str) -> Result<Self, InvalidRequestId> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidRequestId)
        }
    }

    /// The id as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_lead_out_of_its_folder() {
        for text in [
            "a",
            "0b7c2a54-0b3c-4b1e-9f0e-0a6d2f1c9a11",
            "Import_7",
            &"x".repeat(64),
        ] {
            assert_eq!(RequestId::parse(text).expect(text).as_str(), text);
        }
        for text in [
            "",
            ".",
            "..",
            "a/b",
            "../a",
            "a.json",
            "a b",
            "é",
            "a\0",
            "a\n",
            "%2e",
            &"x".repeat(65),
        ] {
            assert_eq!(RequestId::parse(text), Err(InvalidRequestId), "{text:?}");
        }
    }
}
