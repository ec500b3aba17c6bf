//! Districts and neighbourhoods as an edition keeps them: a list of codes per table, and a list of figures per indicator.
//!
//! A row per figure would be a million rows, most of them key. A list is JSON, so that SQLite's own `json_each` reads it: a
//! number as Rust writes it, which reads back as the same bits; the same with a star, in quotes, where the source may still change it;
//! null where the source has no figure; or the word that says why there is none.

use crate::domain::{AreaFigure, ObservationStatus};

/// Figures as the text of a JSON list.
pub(crate) fn write_figures(figures: &[AreaFigure]) -> String {
    let mut text = String::with_capacity(figures.len() * 6 + 2);
    text.push('[');
    for (place, figure) in figures.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        match figure {
            AreaFigure::Value(value) => text += &(value + 0.0).to_string(), // negative zero is zero
            AreaFigure::Provisional(value) => text += &format!("\"{}*\"", value + 0.0),
            AreaFigure::Missing => text += "null",
            AreaFigure::Suppressed => text += &quoted(ObservationStatus::Suppressed),
            AreaFigure::NotApplicable => text += &quoted(ObservationStatus::NotApplicable),
        }
    }
    text.push(']');
    text
}

fn quoted(status: ObservationStatus) -> String {
    format!("\"{}\"", status.word())
}

/// The figures of such a text; `None` when it is none.
pub(crate) fn read_figures(text: &str) -> Option<Vec<AreaFigure>> {
    let list = text.strip_prefix('[')?.strip_suffix(']')?;
    if list.is_empty() {
        return Some(Vec::new());
    }
    let number = |text: &str| text.parse().ok().filter(|value: &f64| value.is_finite());
    let read = |item: &str| match item {
        "null" => Some(AreaFigure::Missing),
        word if word.starts_with('"') => {
            let word = word.strip_prefix('"')?.strip_suffix('"')?;
            if let Some(value) = word.strip_suffix('*') {
                return Some(AreaFigure::Provisional(number(value)?));
            }
            match ObservationStatus::of_word(word)? {
                ObservationStatus::Suppressed => Some(AreaFigure::Suppressed),
                ObservationStatus::NotApplicable => Some(AreaFigure::NotApplicable),
                _ => None,
            }
        }
        value => Some(AreaFigure::Value(number(value)?)),
    };
    list.split(',').map(read).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure() -> impl Strategy<Value = AreaFigure> {
        prop_oneof![
            4 => any::<f64>()
                .prop_filter("finite", |value| value.is_finite())
                .prop_map(|value| AreaFigure::Value(value + 0.0)),
            4 => (-1000_i32..1000).prop_map(|tenths| AreaFigure::Value(f64::from(tenths) / 10.0)),
            1 => (-1000_i32..1000).prop_map(|tenths| AreaFigure::Provisional(f64::from(tenths) / 10.0)),
            1 => Just(AreaFigure::Missing),
            1 => Just(AreaFigure::Suppressed),
            1 => Just(AreaFigure::NotApplicable),
        ]
    }

    #[test]
    fn figures_are_written_as_json() {
        let figures = [
            AreaFigure::Value(12.5),
            AreaFigure::Value(-0.0),
            AreaFigure::Provisional(0.5),
            AreaFigure::Missing,
            AreaFigure::Suppressed,
            AreaFigure::NotApplicable,
        ];
        assert_eq!(
            write_figures(&figures),
            "[12.5,0,\"0.5*\",null,\"suppressed\",\"not_applicable\"]"
        );
    }

    #[test]
    fn a_text_that_is_no_list_of_figures_is_not_read() {
        for text in [
            "",
            "[",
            "1,2",
            "[1,]",
            "[nan]",
            "[\"final\"]",
            "[\"nan*\"]",
            "[\"*\"]",
            "[\"missing\"]",
            "[inf]",
            "[1e999]",
        ] {
            assert_eq!(read_figures(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_to_the_bit(figures in prop::collection::vec(figure(), 0..50)) {
            let text = write_figures(&figures);
            prop_assert_eq!(read_figures(&text), Some(figures));
            prop_assert!(serde_json::from_str::<Vec<serde_json::Value>>(&text).is_ok());
        }
    }
}
