//! Placeholders of statements that write many rows.

use std::fmt::Write as _;

/// The rows of one statement that writes many, each with several values: few distinct texts are prepared, no statement
/// exceeds an engine's limit of values, and SQLite looks each value's name up in the list of all of them.
pub(super) const ROWS: usize = 20;

/// `rows` tuples of placeholders, `($1, $2), ($3, $4)`, the first of which has the number `first`.
pub(super) fn tuples(rows: usize, columns: usize, first: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        let separator = if row == 0 { "(" } else { ", (" };
        text.push_str(separator);
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            write!(text, "{comma}${}", first + row * columns + column).expect("writing to a string");
        }
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::tuples;

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(tuples(2, 2, 1), "($1, $2), ($3, $4)");
        assert_eq!(tuples(1, 3, 2), "($2, $3, $4)");
    }
}
