//! Every example is worked again, and what it says must come out.

use super::{Check, Example, Methodology, Section, calculation, functions::calculate};
use crate::domain::Text;

fn examples() -> impl Iterator<Item = (&'static Section, &'static Example)> {
    let method = Methodology::built_in().expect("the method can be read");
    method
        .sections()
        .flat_map(|(_, section)| section.examples.iter().map(move |example| (section, example)))
}

/// A number as English text prints it.
fn printed(number: f64, decimals: u32) -> String {
    let decimals = usize::try_from(decimals).expect("a few");
    format!("{number:.decimals$}")
}

fn printed_results(check: &Check) -> Vec<String> {
    check
        .results
        .iter()
        .map(|&result| printed(result, check.decimals))
        .collect()
}

#[test]
fn the_functions_of_the_method_give_what_every_example_says() {
    let mut wrong = Vec::new();
    for (section, example) in examples() {
        for check in &example.checks {
            let found: Vec<String> = calculate(check)
                .into_iter()
                .map(|result| printed(result + 0.0, check.decimals))
                .collect();
            if found != printed_results(check) {
                let (function, said) = (&check.function, printed_results(check));
                wrong.push(format!(
                    "{}: {function} gives {found:?}, the example says {said:?}",
                    section.id
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_sum_in_an_example_is_right_to_the_digits_written() {
    let mut wrong = Vec::new();
    for (section, example) in examples() {
        let lines = example.steps.iter().flat_map(|step| step.neutral.lines());
        wrong.extend(
            lines.filter_map(|line| Some(format!("{}: {}", section.id, calculation::check(line).err()?))),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The numbers in a text, as English writes them.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let words = text
        .split(|c: char| !is_part(c))
        .map(|word| word.trim_matches(['.', ',']));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Dutch numbers as English ones: comma and point change places.
pub(super) fn in_english(number: &str) -> String {
    let other = |c: char| match c {
        '.' => ',',
        ',' => '.',
        c => c,
    };
    number.chars().map(other).collect()
}

#[test]
fn every_result_that_is_checked_stands_in_the_example_in_both_languages() {
    let mut wrong = Vec::new();
    for (section, example) in examples() {
        let all = |pick: fn(&Text) -> &str| {
            let steps = example.steps.iter();
            let texts = steps.flat_map(|step| [pick(&step.text), pick(&step.calculation)]);
            let texts = texts.chain([pick(&example.given), pick(&example.result)]);
            texts.collect::<Vec<_>>().join(" ; ")
        };
        let english = numbers(&all(|text| &text.en));
        let dutch: Vec<String> = numbers(&all(|text| &text.nl))
            .iter()
            .map(|number| in_english(number))
            .collect();
        // A text may leave out zeros at the end, and the sign when it stands before the number.
        let plain = |number: &str| {
            number
                .replace(',', "")
                .trim_start_matches('-')
                .parse::<f64>()
                .ok()
        };
        for check in &example.checks {
            for result in printed_results(check).iter().filter(|result| *result != "NaN") {
                let stands = |numbers: &[String]| numbers.iter().any(|number| plain(number) == plain(result));
                if !stands(&english) || !stands(&dutch) {
                    wrong.push(format!("{}: {result} of {}", section.id, check.function));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "not in the text: {}", wrong.join("\n"));
}
