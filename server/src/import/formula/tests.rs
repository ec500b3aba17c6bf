//! Formulas say what arithmetic says, and anything else is refused with its place.

use proptest::prelude::*;

use super::*;

fn value(text: &str) -> Outcome {
    Formula::parse(text)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .evaluate(&[])
}

fn error(text: &str) -> (usize, String) {
    let error = Formula::parse(text).expect_err(text);
    (error.position, error.message)
}

#[test]
fn products_bind_before_sums_and_both_from_left_to_right() {
    for (text, expected) in [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("10 - 4 - 3", 3.0),
        ("24 / 4 / 3", 2.0),
        ("2 * 3 / 4 * 2", 3.0),
        ("-2 * -3", 6.0),
        ("1 - -1", 2.0),
        ("--1", 1.0),
        ("-(1 + 2)", -3.0),
        ("0.25*4", 1.0),
    ] {
        assert_eq!(value(text), Outcome::Value(expected), "{text}");
    }
}

#[test]
fn names_stand_once_in_the_order_they_are_met() {
    let formula = Formula::parse("100 * part_1 / (whole + part_1)").expect("a formula");
    assert_eq!(formula.names(), ["part_1", "whole"]);
    assert_eq!(
        formula.evaluate(&[Cell::Value(1.0), Cell::Value(3.0)]),
        Outcome::Value(25.0)
    );
}

#[test]
fn an_absent_operand_makes_the_outcome_absent_and_the_strongest_reason_wins() {
    let formula = Formula::parse("a / b * c").expect("a formula");
    let of = |cells: [Cell; 3]| formula.evaluate(&cells);
    let (one, missing, suppressed, impossible) = (
        Cell::Value(1.0),
        Cell::Absent(Absence::Missing),
        Cell::Absent(Absence::Suppressed),
        Cell::Absent(Absence::NotApplicable),
    );
    assert_eq!(of([one, missing, one]), Outcome::Absent(Absence::Missing));
    assert_eq!(
        of([suppressed, missing, one]),
        Outcome::Absent(Absence::Suppressed)
    );
    assert_eq!(
        of([missing, suppressed, impossible]),
        Outcome::Absent(Absence::NotApplicable)
    );
    // Whether something is divided by zero cannot be known then.
    assert_eq!(
        of([missing, Cell::Value(0.0), one]),
        Outcome::Absent(Absence::Missing)
    );
}

#[test]
fn a_division_by_zero_is_no_number_whatever_is_divided() {
    for text in ["1 / 0", "0 / 0", "1 / (2 - 2)", "1 / -0", "0 * (1 / 0)"] {
        assert_eq!(value(text), Outcome::DivisionByZero, "{text}");
    }
}

#[test]
fn a_number_too_large_on_the_way_is_not_hidden_by_what_follows() {
    let huge = format!("1{}", "0".repeat(300));
    assert_eq!(value(&format!("{huge} * {huge}")), Outcome::TooLarge);
    assert_eq!(value(&format!("1 / ({huge} * {huge})")), Outcome::TooLarge);
}

#[test]
fn negative_zero_does_not_come_out() {
    let Outcome::Value(zero) = value("-1 * 0") else {
        panic!("no value")
    };
    assert!(zero == 0.0 && zero.is_sign_positive());
}

#[test]
fn what_does_not_fit_is_named_with_its_character() {
    for (text, position, part) in [
        ("", 1, "ends here"),
        ("1 +", 4, "ends here"),
        ("(1 + 2", 7, "closes the one at character 1"),
        ("1 + 2)", 6, "closes nothing"),
        ("a b", 3, "expected + - * / or the end"),
        ("2a", 2, "write * between"),
        ("a ** b", 4, "found `*`"),
        ("1 + é", 5, "found `é`"),
        ("a % b", 3, "found `%`"),
        (".5", 1, "write numbers as 0.5"),
        ("1,5", 2, "found `,`"),
        ("1.", 3, "a digit after the decimal point"),
        ("a ^ 2", 3, "found `^`"),
        ("\u{1b}", 1, "found `\\u{1b}`"),
        ("+1", 1, "found `+`"),
    ] {
        let (found, message) = error(text);
        assert_eq!(found, position, "{text}: {message}");
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn formulas_that_nest_or_run_too_far_are_refused() {
    assert!(error(&"(".repeat(900)).1.contains("nest more than 50"));
    assert!(error(&"-".repeat(900)).1.contains("nest more than 50"));
    assert!(error(&"1+".repeat(600)).1.contains("at most 1000"));
    assert!(Formula::parse(&format!("{}1{}", "(".repeat(50), ")".repeat(50))).is_ok());
    assert!(Formula::parse(&format!("1{}", "+(1)".repeat(200))).is_ok());
}

/// An expression with an evaluator of its own: a tree, where the formula is a list of steps.
#[derive(Debug, Clone)]
enum Tree {
    Number(u32),
    Name(usize),
    Minus(Box<Tree>),
    Pair(Box<Tree>, char, Box<Tree>),
}

const NAMES: [&str; 3] = ["a", "b_2", "Whole"];

impl Tree {
    fn rank(&self) -> u8 {
        match self {
            Self::Pair(_, '+' | '-', _) => 1,
            Self::Pair(..) => 2,
            Self::Minus(_) => 3,
            Self::Number(_) | Self::Name(_) => 4,
        }
    }

    /// Writes it with no more parentheses than the grammar needs; `spaces` go between.
    fn write(&self, spaces: &str) -> String {
        let within = |tree: &Self, least: u8| {
            let text = tree.write(spaces);
            if tree.rank() < least {
                format!("({spaces}{text}{spaces})")
            } else {
                text
            }
        };
        match self {
            Self::Number(number) => number.to_string(),
            Self::Name(place) => NAMES[*place].to_owned(),
            Self::Minus(inner) => format!("-{spaces}{}", within(inner, 3)),
            Self::Pair(left, sign, right) => {
                let rank = self.rank();
                format!(
                    "{}{spaces}{sign}{spaces}{}",
                    within(left, rank),
                    within(right, rank + 1)
                )
            }
        }
    }

    /// `None` where something is divided by zero.
    fn value(&self, names: &[f64]) -> Option<f64> {
        Some(match self {
            Self::Number(number) => f64::from(*number),
            Self::Name(place) => names[*place],
            Self::Minus(inner) => -inner.value(names)?,
            Self::Pair(left, sign, right) => {
                let (left, right) = (left.value(names)?, right.value(names)?);
                match sign {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    _ if right == 0.0 => return None,
                    _ => left / right,
                }
            }
        })
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        (0_u32..20).prop_map(Tree::Number),
        (0..NAMES.len()).prop_map(Tree::Name)
    ];
    leaf.prop_recursive(5, 40, 2, |inner| {
        let signs = prop::sample::select(vec!['+', '-', '*', '/']);
        prop_oneof![
            1 => inner.clone().prop_map(|tree| Tree::Minus(Box::new(tree))),
            4 => (inner.clone(), signs, inner)
                .prop_map(|(left, sign, right)| Tree::Pair(Box::new(left), sign, Box::new(right))),
        ]
    })
}

proptest! {
    #[test]
    fn formulas_agree_with_an_evaluator_of_another_make(
        tree in trees(),
        values in prop::array::uniform3(prop_oneof![Just(0.0), -100.0..100.0_f64, (-3_i32..4).prop_map(f64::from)]),
        spaces in prop::sample::select(vec!["", " ", " \t "]),
    ) {
        let text = tree.write(spaces);
        let formula = Formula::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let operands: Vec<Cell> = formula
            .names()
            .iter()
            .map(|name| Cell::Value(values[NAMES.iter().position(|known| known == name).expect("a known name")]))
            .collect();
        match tree.value(&values) {
            None => prop_assert_eq!(formula.evaluate(&operands), Outcome::DivisionByZero, "{}", text),
            Some(expected) if expected.is_finite() => {
                let Outcome::Value(found) = formula.evaluate(&operands) else { panic!("{text}: no value") };
                prop_assert_eq!(found.to_bits(), (expected + 0.0).to_bits(), "{}", text);
            }
            Some(_) => prop_assert_eq!(formula.evaluate(&operands), Outcome::TooLarge, "{}", text),
        }
    }

    #[test]
    fn nothing_that_is_typed_makes_reading_or_evaluating_panic(
        text in prop_oneof!["[ab0-9.+*/() -]{0,80}", "\\PC{0,40}", prop::collection::vec(any::<char>(), 0..30).prop_map(String::from_iter)],
        operand in prop_oneof![any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Cell::Value), Just(Cell::Absent(Absence::Missing))],
    ) {
        match Formula::parse(&text) {
            Ok(formula) => {
                let outcome = formula.evaluate(&vec![operand; formula.names().len()]);
                if let Outcome::Value(value) = outcome {
                    prop_assert!(value.is_finite());
                }
            }
            Err(error) => prop_assert!((1..=text.chars().count() + 1).contains(&error.position)),
        }
    }
}
