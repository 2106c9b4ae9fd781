//! Placeholders of statements that write many rows.

use std::fmt::Write as _;

use super::db::Tx;

/// The rows of one statement that writes many, each with several values: few distinct texts are prepared, no statement
/// exceeds an engine's limit of values.
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

/// `rows` tuples of placeholders for a statement that has no others. On SQLite they have no names, which it would look up one
/// after the other in the list of all of them.
pub(super) fn values(tx: &Tx, rows: usize, columns: usize) -> String {
    if !tx.is_on_file() {
        return tuples(rows, columns, 1);
    }
    let tuple = format!("({})", vec!["?"; columns].join(", "));
    vec![tuple.as_str(); rows].join(", ")
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
