//! One page of observations, read as it streams by.

use std::{
    fmt,
    io::{BufReader, Cursor, Read},
    marker::PhantomData,
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// One observation as the service writes it.
#[derive(Debug)]
pub(super) struct Observation {
    pub(super) id: u64,
    pub(super) measure: String,
    pub(super) attribute: String,
    /// As it is written, so that no digit is lost: a number or `null`.
    pub(super) value: Box<RawValue>,
    /// Of a table of texts.
    pub(super) text: Option<String>,
    /// What else it has: a code per dimension.
    pub(super) others: Vec<(String, String)>,
}

impl Observation {
    /// Its code of a dimension, which most often stands at the place of the dimension in the table.
    pub(super) fn code(&self, place: usize, dimension: &str) -> Result<&str, String> {
        let is_it = |(name, _): &&(String, String)| name == dimension;
        let found = self.others.get(place).filter(is_it);
        found
            .or_else(|| self.others.iter().find(is_it))
            .map(|(_, code)| code.as_str())
            .ok_or_else(|| format!("has no code of the dimension `{dimension}`"))
    }
}

impl<'de> Deserialize<'de> for Observation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObservationVisitor)
    }
}

struct ObservationVisitor;

impl<'de> Visitor<'de> for ObservationVisitor {
    type Value = Observation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an observation")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Observation, A::Error> {
        let (mut id, mut measure, mut attribute, mut value, mut text) = (None, None, None, None, None);
        let mut others: Vec<(String, String)> = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "Id" => once(&mut id, "Id", &mut map)?,
                "Measure" => once(&mut measure, "Measure", &mut map)?,
                "ValueAttribute" => once(&mut attribute, "ValueAttribute", &mut map)?,
                "Value" => once(&mut value, "Value", &mut map)?,
                "StringValue" => once(&mut text, "StringValue", &mut map)?,
                _ if name.contains('@') => {
                    map.next_value::<IgnoredAny>()?; // an annotation of OData
                }
                _ if others.iter().any(|(known, _)| *known == name) => {
                    return Err(A::Error::custom(format!(
                        "`{name}` stands twice in an observation"
                    )));
                }
                _ => {
                    let code = map.next_value()?;
                    others.push((name, code));
                }
            }
        }
        Ok(Observation {
            id: id.ok_or_else(|| A::Error::missing_field("Id"))?,
            measure: measure.ok_or_else(|| A::Error::missing_field("Measure"))?,
            attribute: attribute.ok_or_else(|| A::Error::missing_field("ValueAttribute"))?,
            value: value.ok_or_else(|| A::Error::missing_field("Value"))?,
            text: text.flatten(),
            others,
        })
    }
}

fn once<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    name: &'static str,
    map: &mut A,
) -> Result<(), A::Error> {
    match place.replace(map.next_value()?) {
        None => Ok(()),
        Some(_) => Err(A::Error::duplicate_field(name)),
    }
}

/// What a page says beside its elements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageEnd {
    /// The address of the page that follows.
    pub(crate) next: Option<String>,
}

/// Reads an answer of the service with a list of at most so many elements, giving each to `take` as it comes.
///
/// # Errors
/// When it is not such an answer, or more follows it, with line and column.
pub(crate) fn read_page<E: DeserializeOwned>(
    reader: impl Read,
    most: usize,
    take: impl FnMut(E),
) -> serde_json::Result<PageEnd> {
    let mut reader = BufReader::new(reader); // the deserializer asks for single bytes
    let mut beginning = Vec::new();
    let length = BOM.len() as u64;
    reader
        .by_ref()
        .take(length)
        .read_to_end(&mut beginning)
        .map_err(serde_json::Error::io)?;
    let reader = Cursor::new(without_bom(&beginning)).chain(reader);
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let page = Page {
        most,
        take,
        element: PhantomData,
    };
    let end = page.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(end)
}

/// What some programs write before a text in UTF-8.
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A text without what it may begin with.
pub(crate) fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(&BOM).unwrap_or(text)
}

/// The first byte that is no space and no mark before the text: `<` of what is no JSON at all.
pub(crate) fn first_visible(bytes: &[u8]) -> Option<u8> {
    let is_before = |byte: u8| byte.is_ascii_whitespace() || BOM.contains(&byte);
    bytes.iter().copied().find(|byte| !is_before(*byte))
}

struct Page<E, F> {
    most: usize,
    take: F,
    element: PhantomData<E>,
}

impl<'de, E: Deserialize<'de>, F: FnMut(E)> DeserializeSeed<'de> for Page<E, F> {
    type Value = PageEnd;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<PageEnd, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, E: Deserialize<'de>, F: FnMut(E)> Visitor<'de> for Page<E, F> {
    type Value = PageEnd;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer of OData, an object with a list `value`")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<PageEnd, A::Error> {
        let (mut next, mut had_elements) = (None, false);
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "value" if had_elements => return Err(A::Error::duplicate_field("value")),
                "value" => {
                    had_elements = true;
                    map.next_value_seed(Elements {
                        most: self.most,
                        take: &mut self.take,
                        element: PhantomData,
                    })?;
                }
                "@odata.nextLink" => once(&mut next, "@odata.nextLink", &mut map)?,
                "error" => {
                    let error: Box<RawValue> = map.next_value()?;
                    let shown: String = error.get().chars().take(300).collect();
                    return Err(A::Error::custom(format!(
                        "the service answered an error: {shown}"
                    )));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !had_elements {
            return Err(A::Error::missing_field("value"));
        }
        Ok(PageEnd { next })
    }
}

struct Elements<'f, E, F> {
    most: usize,
    take: &'f mut F,
    element: PhantomData<E>,
}

impl<'de, E: Deserialize<'de>, F: FnMut(E)> DeserializeSeed<'de> for Elements<'_, E, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, E: Deserialize<'de>, F: FnMut(E)> Visitor<'de> for Elements<'_, E, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let mut left = self.most;
        while let Some(element) = elements.next_element()? {
            left = left
                .checked_sub(1)
                .ok_or_else(|| A::Error::custom(format!("there are more than {} elements", self.most)))?;
            (self.take)(element);
        }
        Ok(())
    }
}
