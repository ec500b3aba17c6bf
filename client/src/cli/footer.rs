//! What belongs under an answer: edition, source, how many were ranked, and every caveat.

use groeikern_client::v1::Caveat;

use super::{answer::Footer, language::Language, language::sentences};

/// More indicators than this are not named with a caveat; the JSON has them all.
const NAMED_INDICATORS: usize = 3;

/// The footer in words, a line each; empty for an answer without metadata.
pub(crate) fn write(footer: &Footer, language: Language) -> String {
    let mut lines = Vec::new();
    if let Some(metadata) = &footer.metadata {
        let citation = language.of(metadata.citation.as_ref());
        // A citation names the edition itself.
        if !citation.contains(&metadata.edition_id) {
            lines.push(sentences::edition(
                language,
                &metadata.edition_name,
                &metadata.edition_id,
            ));
        }
        lines.push(citation.to_owned());
    }
    lines.push(sentences::among(language, &footer.n));
    let whole = footer.metadata.iter().flat_map(|metadata| &metadata.caveats);
    lines.extend(whole.clone().map(|caveat| {
        let named = caveat.indicator_ids.len() <= NAMED_INDICATORS;
        bullet(caveat, if named { &caveat.indicator_ids } else { &[] }, language)
    }));
    let partial = footer
        .partial
        .iter()
        .filter(|partial| whole.clone().all(|caveat| caveat.text != partial.caveat.text));
    lines.extend(partial.map(|partial| bullet(&partial.caveat, &partial.about, language)));
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        String::new()
    } else {
        lines.join("\n") + "\n"
    }
}

fn bullet(caveat: &Caveat, about: &[String], language: Language) -> String {
    let text = language.of(caveat.text.as_ref());
    match about {
        _ if text.is_empty() => String::new(),
        [] => format!("- {text}"),
        about => format!("- {text} ({})", about.join(", ")),
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
