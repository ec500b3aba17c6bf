//! Sums as they stand in an example, `1 + 1 = 2`, worked out: every part of a line must be what the part before it is, to the
//! digits written.

use crate::method::standard_normal_quantile;

/// What is wrong with a line, or nothing. A first part that is a name (`m = 1 + 1 = 2`) is what the result is called.
pub(super) fn check(line: &str) -> Result<(), String> {
    let parts: Vec<&str> = line.split(" = ").map(str::trim).collect();
    let is_name = |part: &str| part.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    let parts = if is_name(parts[0]) {
        &parts[1..]
    } else {
        &parts[..]
    };
    if parts.len() < 2 && line.matches(" = ").count() != 1 {
        return Err(format!("`{line}` calculates nothing"));
    }
    let values = parts
        .iter()
        .map(|part| evaluate(part))
        .collect::<Result<Vec<f64>, _>>()?;
    for (place, pair) in values.windows(2).enumerate() {
        // What was rounded on the way may show in the last digit of an intermediate result, not in the result.
        let right = parts[place + 1];
        let digits = decimals(right);
        let rounded = right.parse::<f64>().is_ok();
        let most = if rounded { 0.5 } else { 1.5 } * 10_f64.powi(-digits) + 1e-12 * pair[0].abs();
        if (pair[0] - pair[1]).abs() > most {
            return Err(format!("`{line}`: {} is {}, not {right}", parts[place], pair[0]));
        }
    }
    Ok(())
}

/// The most decimals of a number in it.
fn decimals(text: &str) -> i32 {
    let of_number = |number: &str| number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    i32::try_from(numbers.map(of_number).max().unwrap_or(0)).expect("few digits")
}

fn evaluate(text: &str) -> Result<f64, String> {
    let mut reader = Reader {
        rest: text,
        whole: text,
    };
    let value = reader.sum()?;
    reader.skip();
    if reader.rest.is_empty() {
        Ok(value)
    } else {
        Err(reader.lost())
    }
}

struct Reader<'a> {
    rest: &'a str,
    whole: &'a str,
}

impl Reader<'_> {
    fn lost(&self) -> String {
        format!("`{}` cannot be read at `{}`", self.whole, self.rest)
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, sign: char) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut value = self.product()?;
        loop {
            if self.takes('+') {
                value += self.product()?;
            } else if self.takes('-') {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut value = self.power()?;
        loop {
            if self.takes('*') {
                value *= self.power()?;
            } else if self.takes('/') {
                value /= self.power()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn power(&mut self) -> Result<f64, String> {
        if self.takes('-') {
            return Ok(-self.power()?);
        }
        let value = self.unit()?;
        if self.takes('^') {
            let exponent = self.unit()?;
            return Ok(value.powf(exponent));
        }
        Ok(value)
    }

    fn unit(&mut self) -> Result<f64, String> {
        if self.takes('(') {
            let value = self.sum()?;
            return if self.takes(')') {
                Ok(value)
            } else {
                Err(self.lost())
            };
        }
        let end = |of: fn(char) -> bool| self.rest.find(|c: char| !of(c)).unwrap_or(self.rest.len());
        let digits = end(|c| c.is_ascii_digit() || c == '.');
        if digits > 0 {
            let (number, rest) = self.rest.split_at(digits);
            self.rest = rest;
            return number.parse().map_err(|_| self.lost());
        }
        let (name, rest) = self.rest.split_at(end(|c| c.is_ascii_alphabetic()));
        self.rest = rest;
        let mut arguments = Vec::new();
        if !self.takes('(') {
            return Err(self.lost());
        }
        loop {
            arguments.push(self.sum()?);
            if self.takes(')') {
                break;
            }
            if !self.takes(',') {
                return Err(self.lost());
            }
        }
        match (name, arguments.as_slice()) {
            ("sqrt", [x]) => Ok(x.sqrt()),
            ("exp", [x]) => Ok(x.exp()),
            ("ln", [x]) => Ok(x.ln()),
            ("round", [x]) => Ok(x.round_ties_even()),
            ("z", [p]) => Ok(standard_normal_quantile(*p)),
            ("max", [a, b]) => Ok(a.max(*b)),
            ("min", [a, b]) => Ok(a.min(*b)),
            _ => Err(format!(
                "`{}` has no function `{name}` of so many numbers",
                self.whole
            )),
        }
    }
}

#[test]
fn a_sum_that_is_wrong_in_its_last_digit_is_found() {
    for right in [
        "1 + 2 * 3 = 7",
        "m = (1 + 2) / 2 = 1.5",
        "2 / 3 = 0.6667",
        "-2^2 = -4",
        "c = 1",
    ] {
        assert_eq!(check(right), Ok(()), "{right}");
    }
    for wrong in [
        "2 / 3 = 0.6666",
        "1 + 1 = 3",
        "1 + 1",
        "2 * (1 = 2",
        "sqrt(4) = 2 = 3",
        "cos(0) = 1",
    ] {
        assert!(check(wrong).is_err(), "{wrong}");
    }
}
