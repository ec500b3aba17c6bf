//! The text of a CSV table, as RFC 4180 has it: out of other encodings and broken quotes, and refused where quotes leave in doubt
//! where a cell ends.

use std::{
    error, fmt,
    io::{self, BufRead, BufReader, Read},
    str,
};

use encoding_rs::WINDOWS_1252;

use super::{
    super::recipe::{Encoding, Quotes},
    content::Content,
};

/// What is wrong with a text, and on which line.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) line: usize,
    pub(super) message: String,
}

impl Fault {
    fn error(line: usize, message: impl Into<String>) -> io::Error {
        let message = message.into();
        io::Error::new(io::ErrorKind::InvalidData, Self { line, message })
    }

    /// The fault behind an error, if it is one.
    pub(super) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl error::Error for Fault {}

/// The text of a table in the form that a CSV reader reads.
pub(super) fn text_of<'h>(
    content: Content<'h>,
    encoding: Encoding,
    quotes: Quotes,
    delimiter: u8,
) -> Strict<Box<dyn Read + 'h>> {
    let text: Box<dyn Read + 'h> = if encoding == Encoding::Utf8 && quotes == Quotes::Plain {
        Box::new(content)
    } else {
        Box::new(Rewritten {
            was_marked: content.had_byte_order_mark,
            lines: BufReader::new(content),
            encoding,
            quotes,
            line: 0,
            out: Vec::new(),
            given: 0,
        })
    };
    Strict {
        text,
        delimiter,
        state: State::CellBegins,
        line: 1,
        last: None,
        ended: false,
        fault: None,
    }
}

/// Lines decoded and with the quotes they should have. There are as many as before.
struct Rewritten<R> {
    was_marked: bool,
    lines: BufReader<R>,
    encoding: Encoding,
    quotes: Quotes,
    line: usize,
    out: Vec<u8>,
    given: usize,
}

impl<R: Read> Rewritten<R> {
    /// The next line; nothing at the end.
    fn next(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        self.lines.read_until(b'\n', &mut line)?;
        self.given = 0;
        if line.is_empty() {
            self.out.clear();
            return Ok(());
        }
        self.line += 1;
        if self.encoding == Encoding::Windows1252 && self.was_marked {
            return Err(self.is_utf8());
        }
        if self.line == 1 && !line.windows(2).any(|pair| pair == b"\"\"") {
            self.quotes = Quotes::Plain; // as the source gave it, before anybody saved it again
        }
        if self.encoding == Encoding::Windows1252 {
            line = self.decoded(line)?;
        }
        self.out = match self.quotes {
            Quotes::Plain => line,
            Quotes::Doubled => undoubled(&line),
            Quotes::Wrapped => self.unwrapped(&line)?,
        };
        Ok(())
    }

    fn decoded(&mut self, line: Vec<u8>) -> io::Result<Vec<u8>> {
        /// The bytes that Windows-1252 leaves open.
        const NONE: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
        if line.is_ascii() {
            return Ok(line);
        }
        if str::from_utf8(&line).is_ok() {
            return Err(self.is_utf8()); // which would be read as another text without complaint
        }
        if let Some(byte) = line.iter().find(|byte| NONE.contains(byte)) {
            let message = format!("holds the byte {byte:#04x}, which Windows-1252 does not have");
            return Err(Fault::error(self.line, message));
        }
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(&line);
        Ok(text.into_owned().into_bytes())
    }

    fn is_utf8(&self) -> io::Error {
        let message = "the text is UTF-8: remove `encoding = \"windows-1252\"` from the recipe, or make all of it one or the other";
        Fault::error(self.line, message)
    }

    /// `"1;""a"""` -> `1;"a"`. A line without quotes needed none around it.
    fn unwrapped(&self, line: &[u8]) -> io::Result<Vec<u8>> {
        if !line.contains(&b'"') {
            return Ok(line.to_vec());
        }
        let cells = line.trim_ascii_end();
        let Some(within) = cells
            .strip_prefix(b"\"")
            .and_then(|rest| rest.strip_suffix(b"\""))
        else {
            let message =
                "is not one quoted cell, as `quotes = \"wrapped\"` in the recipe says every line is";
            return Err(Fault::error(self.line, message));
        };
        let mut unwrapped = undoubled(within);
        unwrapped.extend_from_slice(&line[cells.len()..]);
        Ok(unwrapped)
    }
}

/// `""` -> `"`. A quote alone is what is left of one around the whole text.
fn undoubled(line: &[u8]) -> Vec<u8> {
    if line.trim_ascii() == b"\"" {
        return line.iter().copied().filter(|byte| *byte != b'"').collect();
    }
    let mut text = Vec::with_capacity(line.len());
    let mut bytes = line.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        text.push(byte);
        if byte == b'"' && bytes.peek() == Some(&b'"') {
            bytes.next();
        }
    }
    text
}

impl<R: Read> Read for Rewritten<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.out.len() {
            self.next()?;
        }
        let taken = (&self.out[self.given..]).read(buffer)?;
        self.given += taken;
        Ok(taken)
    }
}

/// Passes a text on as long as it is clear where its cells end, and gives its last line an end: rows are counted by those.
pub(super) struct Strict<R> {
    text: R,
    delimiter: u8,
    state: State,
    line: usize,
    last: Option<u8>,
    ended: bool,
    /// What follows cannot be read: said once all before it was.
    fault: Option<io::Error>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellBegins,
    Plain,
    /// Within quotes that began on this line.
    Quoted(usize),
    /// After a quote that closes the cell, unless another one follows.
    Closed(usize),
    /// After a carriage return behind a closed cell.
    Returned,
}

impl<R> Strict<R> {
    fn step(&mut self, byte: u8) -> io::Result<()> {
        let is_end = byte == self.delimiter || byte == b'\n';
        self.state = match (self.state, byte) {
            (State::CellBegins, b'"') => State::Quoted(self.line),
            (State::Quoted(line), b'"') => State::Closed(line),
            (State::Closed(line), b'"') => State::Quoted(line),
            (State::Closed(_), b'\r') => State::Returned,
            (State::Plain, b'"') => {
                let message = "has a quote within a cell that does not begin with one: put the cell in quotes and write those in \
                               it twice, or say in the recipe how its `quotes` are broken";
                return Err(Fault::error(self.line, message));
            }
            (State::Closed(_) | State::Returned, _) if !is_end => {
                let message = "goes on after the closing quote of a cell: write the quotes within it twice, or say in the recipe \
                               how its `quotes` are broken";
                return Err(Fault::error(self.line, message));
            }
            (State::Quoted(line), _) => State::Quoted(line),
            _ if is_end => State::CellBegins,
            _ => State::Plain,
        };
        self.line += usize::from(byte == b'\n');
        Ok(())
    }
}

impl<R: Read> Read for Strict<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        let taken = self.text.read(buffer)?;
        for (place, &byte) in buffer[..taken].iter().enumerate() {
            if let Err(fault) = self.step(byte) {
                if place == 0 {
                    return Err(fault);
                }
                self.fault = Some(fault);
                return Ok(place);
            }
        }
        self.last = buffer[..taken].last().copied().or(self.last);
        if taken > 0 || self.ended || buffer.is_empty() {
            return Ok(taken);
        }
        self.ended = true;
        if let State::Quoted(line) = self.state {
            let message = "begins a cell with a quote that never ends: close it";
            return Err(Fault::error(line, message));
        }
        if matches!(self.last, None | Some(b'\n')) {
            return Ok(0);
        }
        buffer[0] = b'\n';
        Ok(1)
    }
}
