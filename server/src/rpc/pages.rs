//! Pages by key. A token is bound to its request and its edition, and pages never mix editions.
//!
//! A token is the base64 of: version, edition id (8 bytes), fingerprint of the request (8 bytes), checksum (4 bytes), and
//! the key of the last row sent. The next page starts after that key, whatever the page size.

use std::{ops::Range, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use groeikern::v1::ErrorReason;
use prost::Message;
use sha2::{Digest, Sha256};

use super::{Answers, Edition, Failure, request::Violations};
use crate::edition::content_hash::hex;

const VERSION: u8 = 1;
const HEAD: usize = 21;

/// A request that is answered in pages.
pub(super) trait Paged: Message + Clone + Default {
    /// The name of its RPC, part of the fingerprint.
    const RPC: &'static str;
    /// Rows of a page when the request does not say.
    const DEFAULT_SIZE: usize = 100;

    fn edition(&self) -> &str;
    fn page(&self) -> (i32, &str);
    /// The same request without its page.
    fn without_page(self) -> Self;
    /// The same request that pins no edition.
    fn without_edition(self) -> Self;
}

/// Implements [`Paged`] for a request with the usual fields.
macro_rules! paged {
    ($request:ty, $rpc:literal $(, $default:literal)?) => {
        impl $crate::rpc::pages::Paged for $request {
            const RPC: &'static str = $rpc;
            $(const DEFAULT_SIZE: usize = $default;)?

            fn edition(&self) -> &str {
                &self.edition
            }

            fn page(&self) -> (i32, &str) {
                (self.page_size, &self.page_token)
            }

            fn without_page(mut self) -> Self {
                self.page_size = 0;
                self.page_token.clear();
                self
            }

            fn without_edition(mut self) -> Self {
                self.edition.clear();
                self
            }
        }
    };
}
pub(super) use paged;

/// The page that a request asks for.
#[derive(Debug)]
pub(super) struct Page<'r, R> {
    request: &'r R,
    size: usize,
    after: Option<After>,
}

#[derive(Debug)]
struct After {
    edition: String,
    fingerprint: [u8; 8],
    key: String,
}

impl<'r, R: Paged> Page<'r, R> {
    /// Reads the page of a request; a wrong size or token joins the other violations.
    pub(super) fn parse(request: &'r R, violations: &mut Violations) -> Self {
        let (size, token) = request.page();
        let size = violations.page_size(size, R::DEFAULT_SIZE);
        let after = match After::parse(token) {
            Ok(Some(after)) if after.fingerprint == fingerprint(request.clone()) => Some(after),
            // Who pins the edition that the first page named goes on with the same walk.
            Ok(Some(after))
                if request.edition() == after.edition
                    && after.fingerprint == fingerprint(request.clone().without_edition()) =>
            {
                Some(after)
            }
            Ok(Some(_)) => {
                violations.page_token(ErrorReason::PageTokenMismatch);
                None
            }
            Ok(None) => None,
            Err(reason) => {
                violations.page_token(reason);
                None
            }
        };
        Self { request, size, after }
    }

    /// The edition all pages of this request are taken from: the one the first page came from, also when its name has moved
    /// on to another since.
    pub(super) async fn edition(&self, answers: &Answers) -> Result<Arc<Edition>, Failure> {
        let Some(after) = &self.after else {
            return answers.edition(self.request.edition()).await;
        };
        answers.edition(&after.edition).await
    }

    /// The rows of this page, and the token of the next: empty after the last.
    pub(super) fn cut<'a, T>(
        &self,
        edition: &str,
        rows: &'a [T],
        key: impl Fn(&T) -> String,
    ) -> Result<(&'a [T], String), Failure> {
        let (places, next) = self.places(edition, rows.len(), |place| key(&rows[place]))?;
        Ok((&rows[places], next))
    }

    /// The same for rows that are nowhere in a list: their places among so many.
    pub(super) fn places(
        &self,
        edition: &str,
        rows: usize,
        key: impl Fn(usize) -> String,
    ) -> Result<(Range<usize>, String), Failure> {
        let start = match &self.after {
            None => 0,
            Some(after) => {
                let last = (0..rows).find(|&place| key(place) == after.key);
                last.ok_or_else(|| Failure::page_token(ErrorReason::PageTokenInvalid))? + 1
            }
        };
        let end = rows.min(start + self.size);
        let next = if end > 0 && end < rows {
            self.token(edition, &key(end - 1))
        } else {
            String::new()
        };
        Ok((start..end, next))
    }

    /// The same for rows of which each has a number that is in its key, ascending: found at once in lists of very many.
    pub(super) fn numbered(
        &self,
        edition: &str,
        numbers: &[usize],
        number: impl Fn(&str) -> Option<usize>,
        key: impl Fn(usize) -> String,
    ) -> Result<(Range<usize>, String), Failure> {
        let start = match self.key() {
            None => 0,
            Some(last) => {
                let place = number(last).and_then(|number| numbers.binary_search(&number).ok());
                place.ok_or_else(|| Failure::page_token(ErrorReason::PageTokenInvalid))? + 1
            }
        };
        let end = numbers.len().min(start + self.size);
        let next = if end > 0 && end < numbers.len() {
            self.token(edition, &key(numbers[end - 1]))
        } else {
            String::new()
        };
        Ok((start..end, next))
    }

    /// The key of the last row of the page before, when this is not the first.
    pub(super) fn key(&self) -> Option<&str> {
        self.after.as_ref().map(|after| after.key.as_str())
    }

    /// The edition the first page was taken from, when this is not the first.
    pub(super) fn bound_to(&self) -> Option<&str> {
        self.after.as_ref().map(|after| after.edition.as_str())
    }

    /// Whether this is the first page.
    pub(super) fn is_first(&self) -> bool {
        self.after.is_none()
    }

    fn token(&self, edition: &str, key: &str) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend(u64::from_str_radix(edition, 16).unwrap_or_default().to_be_bytes());
        // Only now: most lists end on their first page.
        let own = || fingerprint(self.request.clone());
        bytes.extend(self.after.as_ref().map_or_else(own, |after| after.fingerprint));
        bytes.extend(checksum(&bytes, key.as_bytes()));
        bytes.extend(key.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

impl After {
    /// Nothing for an empty token; or why it is none of ours.
    fn parse(token: &str) -> Result<Option<Self>, ErrorReason> {
        if token.is_empty() {
            return Ok(None);
        }
        if token.len() > 400 {
            return Err(ErrorReason::PageTokenInvalid);
        }
        let bytes = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|_| ErrorReason::PageTokenInvalid)?;
        if bytes.len() < HEAD
            || bytes[0] != VERSION
            || bytes[17..HEAD] != checksum(&bytes[..17], &bytes[HEAD..])
        {
            return Err(ErrorReason::PageTokenInvalid);
        }
        let edition = hex(&bytes[1..9]);
        let key = String::from_utf8(bytes[HEAD..].to_vec()).map_err(|_| ErrorReason::PageTokenInvalid)?;
        Ok(Some(Self {
            edition,
            fingerprint: first(&bytes[9..17]),
            key,
        }))
    }
}

fn fingerprint<R: Paged>(request: R) -> [u8; 8] {
    let mut hasher = Sha256::new();
    hasher.update(R::RPC);
    hasher.update([0]);
    hasher.update(request.without_page().encode_to_vec());
    first(&hasher.finalize())
}

/// Tells a token that was cut or mistyped from one of another request. It is no secret and protects nothing.
fn checksum(head: &[u8], key: &[u8]) -> [u8; 4] {
    first(&Sha256::new().chain_update(head).chain_update(key).finalize())
}

fn first<const N: usize>(digest: &[u8]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&digest[..N]);
    bytes
}
