//! What belongs under an answer: edition, source, how many were ranked, and every caveat.

use groeikern_client::v1::Caveat;

use super::{answer::Footer, language::Language, language::sentences};

/// More indicators than this are not named with a caveat; the JSON has them all.
const NAMED_INDICATORS: usize = 3;

/// The footer in words.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// Edition, source and how many were ranked.
    pub(crate) said: Vec<String>,
    /// The caveats, a line each.
    pub(crate) caveats: Vec<String>,
}

/// The footer as text, a line for each thing; empty for an answer without metadata.
pub(crate) fn write(footer: &Footer, language: Language) -> String {
    let lines = lines(footer, language);
    let caveats = lines.caveats.iter().map(|caveat| format!("- {caveat}\n"));
    lines
        .said
        .iter()
        .map(|line| format!("{line}\n"))
        .chain(caveats)
        .collect()
}

/// What a footer says.
pub(crate) fn lines(footer: &Footer, language: Language) -> Lines {
    let mut said = Vec::new();
    if let Some(metadata) = &footer.metadata {
        let citation = language.of(metadata.citation.as_ref());
        // A citation names the edition itself.
        if !citation.contains(&metadata.edition_id) {
            said.push(sentences::edition(
                language,
                &metadata.edition_name,
                &metadata.edition_id,
            ));
        }
        said.push(citation.to_owned());
    }
    said.push(sentences::among(language, &footer.n));
    said.retain(|line| !line.is_empty());
    let whole = footer.metadata.iter().flat_map(|metadata| &metadata.caveats);
    let of_the_whole = whole.clone().map(|caveat| {
        let named = caveat.indicator_ids.len() <= NAMED_INDICATORS;
        in_words(caveat, if named { &caveat.indicator_ids } else { &[] }, language)
    });
    let partial = footer
        .partial
        .iter()
        .filter(|partial| whole.clone().all(|caveat| caveat.text != partial.caveat.text));
    let of_parts = partial.map(|partial| in_words(&partial.caveat, &partial.about, language));
    let mut caveats: Vec<String> = of_the_whole.chain(of_parts).collect();
    caveats.retain(|line| !line.is_empty());
    Lines { said, caveats }
}

/// A caveat with what it is about.
pub(crate) fn in_words(caveat: &Caveat, about: &[String], language: Language) -> String {
    let text = language.of(caveat.text.as_ref());
    match about {
        _ if text.is_empty() => String::new(),
        [] => text.to_owned(),
        about => format!("{text} ({})", about.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use groeikern_client::v1::{LocalizedText, ResponseMetadata};

    use super::*;
    use crate::cli::answer::PartialCaveat;

    fn text(text: &str) -> Option<LocalizedText> {
        Some(LocalizedText {
            nl: text.to_owned(),
            en: text.to_owned(),
        })
    }

    fn caveat(words: &str, indicator_ids: &[&str]) -> Caveat {
        let indicator_ids = indicator_ids.iter().map(|id| (*id).to_owned()).collect();
        Caveat {
            text: text(words),
            indicator_ids,
            ..Default::default()
        }
    }

    fn footer(citation: &str, caveats: Vec<Caveat>) -> Footer {
        let metadata = ResponseMetadata {
            edition_id: "97e4".to_owned(),
            edition_name: "new-towns-2024".to_owned(),
            citation: text(citation),
            caveats,
            ..Default::default()
        };
        Footer {
            metadata: Some(metadata),
            n: vec![337],
            partial: Vec::new(),
        }
    }

    #[test]
    fn the_edition_is_named_once() {
        let cited = footer("Source: A; edition new-towns-2024 (97e4).", Vec::new());
        assert_eq!(
            write(&cited, Language::En),
            "Source: A; edition new-towns-2024 (97e4).\nn = 337 municipalities\n"
        );
        let uncited = footer("", Vec::new());
        assert_eq!(
            write(&uncited, Language::Nl),
            "Editie new-towns-2024 (97e4)\nn = 337 gemeenten\n"
        );
    }

    #[test]
    fn a_caveat_names_a_few_indicators_but_not_many() {
        let caveats = vec![caveat("One.", &["a"]), caveat("Many.", &["a", "b", "c", "d"])];
        assert!(write(&footer("97e4", caveats), Language::En).ends_with("- One. (a)\n- Many.\n"));
    }

    #[test]
    fn what_is_said_of_the_whole_is_not_said_again_of_a_part() {
        let part = |words| PartialCaveat {
            caveat: caveat(words, &[]),
            about: vec!["8.2.1".to_owned()],
        };
        let mut footer = footer("97e4", vec![caveat("Whole.", &[])]);
        footer.partial = vec![part("Whole."), part("Part.")];
        assert!(write(&footer, Language::En).ends_with("- Whole.\n- Part. (8.2.1)\n"));
    }
}
