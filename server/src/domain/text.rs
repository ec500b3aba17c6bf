//! Texts in both languages of the product.

/// A text for people, in Dutch and in English.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both languages.
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            nl: nl.into(),
            en: en.into(),
        }
    }
}
