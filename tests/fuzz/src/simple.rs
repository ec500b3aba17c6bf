//! CSV read a second time, by the letter of RFC 4180 and nothing more.

/// The records of a text that are not empty, without spaces around their cells.
///
/// # Panics
/// Never: there is always a record that is being read.
pub fn records(text: &str) -> impl Iterator<Item = Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let record = records.last_mut().expect("one at least");
        let cell = record.last_mut().expect("one at least");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\n' if !quoted => records.push(vec![String::new()]),
            letter => cell.push(letter),
        }
    }
    let trimmed =
        |cells: Vec<String>| -> Vec<String> { cells.iter().map(|cell| cell.trim().to_owned()).collect() };
    records
        .into_iter()
        .map(trimmed)
        .filter(|record| record.iter().any(|cell| !cell.is_empty()))
}
