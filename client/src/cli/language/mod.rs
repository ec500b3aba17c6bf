//! Every text of the tool, in Dutch and English. Help texts are English only and stand with the arguments.

pub(crate) mod advice;
pub(crate) mod changes;
pub(crate) mod editions;
pub(crate) mod exports;
pub(crate) mod failures;
pub(crate) mod flows;
pub(crate) mod headings;
pub(crate) mod knowledge;
pub(crate) mod neighbourhoods;
pub(crate) mod regions;
pub(crate) mod sentences;
pub(crate) mod suppositions;
pub(crate) mod trends;
pub(crate) mod words;

use clap::ValueEnum;
use groeikern_client::v1::LocalizedText;

/// The languages of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Dutch
    Nl,
    /// English
    En,
}

/// A fixed text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) nl: &'static str,
    pub(crate) en: &'static str,
}

impl Phrase {
    pub(crate) const fn new(nl: &'static str, en: &'static str) -> Self {
        Self { nl, en }
    }
}

impl Language {
    /// The language of the locale: the first of LC_ALL, LC_MESSAGES and LANG that is set decides. Without any it is
    /// Dutch, the language of those the product is made for.
    pub(crate) fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(variable)
            .find(|value| !value.is_empty());
        match locale {
            Some(locale) if !locale.to_ascii_lowercase().starts_with("nl") => Self::En,
            _ => Self::Nl,
        }
    }

    pub(crate) fn say(self, phrase: Phrase) -> &'static str {
        match self {
            Self::Nl => phrase.nl,
            Self::En => phrase.en,
        }
    }

    /// How many there are, and of what: the word for one, or that for several.
    pub(crate) fn counted(self, count: u64, one: Phrase, several: Phrase) -> String {
        let what = if count == 1 { one } else { several };
        format!("{count} {}", self.say(what))
    }

    /// A text of the data; the other language where this one is empty.
    pub(crate) fn of(self, text: Option<&LocalizedText>) -> &str {
        let Some(text) = text else { return "" };
        let (wanted, other) = match self {
            Self::Nl => (&text.nl, &text.en),
            Self::En => (&text.en, &text.nl),
        };
        if wanted.is_empty() { other } else { wanted }
    }

    /// A number as it is, or rounded where its decimals have no end, with this language's decimal sign: 2/3 as 0.6667.
    pub(crate) fn exact(self, value: f64) -> String {
        let exact = value.to_string();
        let decimals = exact.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        self.number(value, if decimals > 9 { 4 } else { decimals })
    }

    /// A rounded number for people, with this language's decimal sign. Nothing rounds to minus zero, and what is larger than whole
    /// numbers are exact (2^53) is written as a power of ten: `1.5e18`.
    pub(crate) fn number(self, value: f64, decimals: usize) -> String {
        let rounded = if value.abs() > 9_007_199_254_740_992.0 {
            format!("{value:e}")
        } else {
            format!("{value:.decimals$}")
        };
        let is_zero = rounded.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'0'));
        let rounded = if is_zero {
            rounded.replace('-', "")
        } else {
            rounded
        };
        match self {
            Self::Nl => rounded.replace('.', ","),
            Self::En => rounded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale<'a>(set: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            set.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn one_thing_is_not_counted_like_several() {
        let (one, several) = (Phrase::new("rij", "row"), Phrase::new("rijen", "rows"));
        let counted =
            |count| [Language::Nl, Language::En].map(|language| language.counted(count, one, several));
        assert_eq!(counted(0), ["0 rijen", "0 rows"]);
        assert_eq!(counted(1), ["1 rij", "1 row"]);
        assert_eq!(counted(2), ["2 rijen", "2 rows"]);
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert_eq!(Language::of_locale(locale(&[])), Language::Nl);
        assert_eq!(Language::of_locale(locale(&[("LANG", "C.UTF-8")])), Language::En);
        assert_eq!(
            Language::of_locale(locale(&[("LANG", "nl_NL.UTF-8")])),
            Language::Nl
        );
        assert_eq!(
            Language::of_locale(locale(&[("LC_ALL", "en_GB"), ("LANG", "nl_NL")])),
            Language::En
        );
        assert_eq!(
            Language::of_locale(locale(&[("LC_ALL", ""), ("LC_MESSAGES", "nl_BE")])),
            Language::Nl
        );
    }

    #[test]
    fn a_text_falls_back_to_the_other_language() {
        let text = LocalizedText {
            nl: "wonen".to_owned(),
            en: String::new(),
        };
        assert_eq!(Language::En.of(Some(&text)), "wonen");
        assert_eq!(Language::En.of(None), "");
    }

    #[test]
    fn dutch_numbers_have_a_comma() {
        assert_eq!(Language::Nl.number(6.25, 1), "6,2");
        assert_eq!(Language::En.number(6.5, 1), "6.5");
    }

    #[test]
    fn what_rounds_to_nothing_has_no_sign_and_what_is_beyond_whole_numbers_is_a_power_of_ten() {
        assert_eq!(Language::En.number(-0.04, 1), "0.0");
        assert_eq!(Language::En.number(-0.05, 2), "-0.05");
        assert_eq!(Language::Nl.number(1e308, 1), "1e308");
        assert_eq!(Language::Nl.number(-1.5e18, 0), "-1,5e18");
        assert_eq!(
            Language::En.number(9_007_199_254_740_992.0, 0),
            "9007199254740992"
        );
    }
}
