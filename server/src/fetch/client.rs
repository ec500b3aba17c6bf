//! One request: made again when the service is not well, and ended when the answer has no end.

use std::{
    io,
    num::IntErrorKind,
    time::{Duration, SystemTime},
};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER},
    redirect,
};

use super::{address::TableAddress, error::FetchError, limits::FetchLimits, table::FetchEvent};

/// What to do about a table that is too large.
pub(super) const TAKE_LESS: &str = "take a smaller part of it by [[table.filter]]";

/// Where an answer goes, piece by piece.
pub(super) trait Sink {
    /// Begins again: what was taken of an earlier attempt is no part of the answer.
    fn restart(&mut self) -> io::Result<()>;

    /// Takes the next piece.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()>;
}

impl Sink for Vec<u8> {
    fn restart(&mut self) -> io::Result<()> {
        self.clear();
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Asks for the parts of one table.
pub(super) struct Asker<'a> {
    client: Client,
    limits: &'a FetchLimits,
    tell: &'a (dyn Fn(FetchEvent<'_>) + Sync),
    /// Bytes taken so far, of attempts that failed too.
    taken: u64,
}

/// Why an attempt gave no answer.
enum Broken {
    /// Another one may.
    Passing { cause: String, after: Option<Duration> },
    /// No other one will.
    Lasting(FetchError),
}

impl<'a> Asker<'a> {
    pub(super) fn new(
        address: &TableAddress,
        limits: &'a FetchLimits,
        tell: &'a (dyn Fn(FetchEvent<'_>) + Sync),
    ) -> Result<Self, FetchError> {
        let mut builder = Client::builder()
            .user_agent(concat!("groeikern/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(limits.request)
            .https_only(!address.is_own_machine());
        if address.is_own_machine() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            FetchError::refused(
                address.as_str(),
                format!("no request can be made: {}", with_causes(&error)),
            )
        })?;
        Ok(Self {
            client,
            limits,
            tell,
            taken: 0,
        })
    }

    /// Gives an answer of at most so many bytes to a sink, and its headers back.
    pub(super) async fn get(
        &mut self,
        url: &Url,
        most: u64,
        sink: &mut dyn Sink,
    ) -> Result<HeaderMap, FetchError> {
        let mut attempt = 1;
        loop {
            let limit = self.limits.request;
            let broken = match tokio::time::timeout(limit, self.attempt(url, most, sink)).await {
                Ok(Ok(headers)) => return Ok(headers),
                Ok(Err(broken)) => broken,
                Err(_) => Broken::Passing {
                    cause: format!("no whole answer within {limit:?}"),
                    after: None,
                },
            };
            let (cause, after) = match broken {
                Broken::Lasting(error) => return Err(error),
                Broken::Passing { cause, after } => (cause, after),
            };
            if let Some(after) = after.filter(|after| *after > self.limits.longest_wait) {
                return Err(FetchError::ComeBackLater {
                    url: url.to_string(),
                    after,
                });
            }
            if attempt >= self.limits.attempts {
                return Err(FetchError::Unavailable {
                    url: url.to_string(),
                    cause,
                    attempts: attempt,
                });
            }
            let wait = after.unwrap_or_else(|| any_part_of(longest_wait(attempt, self.limits)));
            (self.tell)(FetchEvent::Again {
                url: url.as_str(),
                cause: &cause,
                wait,
            });
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt(&mut self, url: &Url, most: u64, sink: &mut dyn Sink) -> Result<HeaderMap, Broken> {
        let lasting = |what: String| Broken::Lasting(FetchError::refused(url, what));
        let passing = |error: &reqwest::Error| Broken::Passing {
            cause: with_causes(error),
            after: None,
        };
        sink.restart().map_err(|error| lasting(cannot_write(&error)))?;
        let request = self.client.get(url.clone());
        let mut response = request.send().await.map_err(|error| passing(&error))?;
        if let Some(broken) = refusal(url, &mut response).await {
            return Err(broken);
        }
        let mut of_answer = 0;
        while let Some(piece) = response.chunk().await.map_err(|error| passing(&error))? {
            of_answer += piece.len() as u64;
            self.taken += piece.len() as u64;
            let total = self.limits.total_bytes;
            if of_answer > most {
                let message = format!(
                    "the answer is larger than {most} bytes: it is not what was asked for; run it again later"
                );
                return Err(lasting(message));
            }
            if self.taken > total {
                return Err(lasting(format!(
                    "the whole table is larger than {total} bytes: {TAKE_LESS}"
                )));
            }
            sink.take(&piece).map_err(|error| lasting(cannot_write(&error)))?;
        }
        Ok(response.headers().clone())
    }
}

/// What is wrong with an answer before its body is read.
async fn refusal(url: &Url, response: &mut Response) -> Option<Broken> {
    let status = response.status();
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let lasting = |what: String| Some(Broken::Lasting(FetchError::refused(url, what)));
    if status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        )
    {
        return Some(Broken::Passing {
            cause: format!("the service answered {status}"),
            after: asked_wait(response.headers()),
        });
    }
    if status.is_redirection() {
        let to = shown(header(LOCATION).unwrap_or_default());
        return lasting(format!(
            "the service sends on to `{to}`, and nobody else is asked: if the table has moved, write its address in the recipe"
        ));
    }
    if status != StatusCode::OK {
        let words = response.chunk().await.ok().flatten().unwrap_or_default();
        let words = shown(&String::from_utf8_lossy(&words));
        return Some(Broken::Lasting(FetchError::Status {
            url: url.to_string(),
            status: status.to_string(),
            words,
        }));
    }
    let kind = header(CONTENT_TYPE).unwrap_or_default();
    if kind.contains("html") {
        return lasting(
            "the service answered with a page for people (HTML), not JSON: it may be under repair, or a proxy stands between"
                .to_owned(),
        );
    }
    None
}

/// How long the service asks to wait; by its own clock where it names a time.
fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    /// More than a year says no more than that.
    const LONGEST: u64 = 366 * 24 * 3_600;
    let text = |name| headers.get(name)?.to_str().ok();
    let asked = text(RETRY_AFTER)?;
    match asked.trim().parse::<u64>() {
        Ok(seconds) => return Some(Duration::from_secs(seconds.min(LONGEST))),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => {
            return Some(Duration::from_secs(LONGEST));
        }
        Err(_) => {}
    }
    let time = |text| httpdate::parse_http_date(text).ok();
    let until = time(asked)?.duration_since(time(text(DATE)?)?);
    Some(until.unwrap_or_default())
}

/// The day of an answer by the clock of the service, ISO 8601.
pub(super) fn day_of(headers: &HeaderMap) -> Option<String> {
    let time = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    iso_day(time)
}

fn iso_day(time: SystemTime) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let written = httpdate::fmt_http_date(time); // Tue, 15 Nov 1994 08:12:31 GMT
    let mut words = written.split(' ').skip(1);
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let month = 1 + MONTHS.iter().position(|name| *name == month)?;
    Some(format!("{year}-{month:02}-{day}"))
}

/// The longest wait after an attempt that failed: doubling, bounded.
fn longest_wait(attempt: u32, limits: &FetchLimits) -> Duration {
    let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
    limits.first_wait.saturating_mul(doubled).min(limits.longest_wait)
}

/// Any part of a wait, so that callers who failed together do not come back together.
fn any_part_of(wait: Duration) -> Duration {
    let random = uuid::Uuid::new_v4().as_fields().0; // its first 32 bits are random
    wait.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

fn cannot_write(error: &io::Error) -> String {
    format!("the answer cannot be kept: {error}")
}

/// An error with what it rests on, without the address, which is said already.
fn with_causes(error: &reqwest::Error) -> String {
    let mut words = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    match words.pop() {
        Some(deepest) => deepest,
        None => error.to_string(),
    }
}

/// The beginning of a text from outside.
pub(super) fn shown(text: &str) -> String {
    text.trim()
        .chars()
        .take(300)
        .flat_map(char::escape_debug)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(reqwest::header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("a value")))
            .collect()
    }

    #[test]
    fn the_service_says_how_long_to_wait_in_seconds_or_by_its_clock() {
        let clock = (DATE, "Sat, 30 Nov 2024 23:59:00 GMT");
        for (asked, wait) in [
            ("7", Some(7)),
            ("Sun, 01 Dec 2024 00:00:30 GMT", Some(90)),
            ("Fri, 29 Nov 2024 00:00:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("99999999999999999999999", Some(31_622_400)),
            ("18446744073709551615", Some(31_622_400)),
        ] {
            let found = asked_wait(&headers(&[clock.clone(), (RETRY_AFTER, asked)]));
            assert_eq!(found, wait.map(Duration::from_secs), "{asked}");
        }
        assert_eq!(asked_wait(&headers(&[clock])), None);
    }

    #[test]
    fn the_day_is_that_of_the_clock_of_the_service() {
        for (date, day) in [
            ("Thu, 29 Feb 2024 23:59:59 GMT", Some("2024-02-29")),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some("1994-11-06")),
            ("yesterday", None),
        ] {
            assert_eq!(day_of(&headers(&[(DATE, date)])).as_deref(), day, "{date}");
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let limits = FetchLimits {
            first_wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(5),
            ..FetchLimits::default()
        };
        let waits = [1, 2, 3, 4, 99].map(|attempt| longest_wait(attempt, &limits).as_secs());
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        for _ in 0..100 {
            assert!(any_part_of(Duration::from_secs(2)) <= Duration::from_secs(2));
        }
    }
}
