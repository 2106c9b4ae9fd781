//! A file that an operator imports: a table, or JSON. Findings in a table have line and column.

pub(super) mod csv;

use jiff::civil::Date;

use super::json;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param};
use crate::domain::raw::{Field, Raw};
use crate::domain::rules::document::{REQUIRED, TOO_MANY_FIELDS, UNCLOSED_QUOTE};

/// A parsed file.
pub(super) enum FileContent<'a> {
    /// The text of a JSON object.
    Json(&'a str),
    /// A table.
    Table(ListingTable),
}

/// Opens a file: JSON when it begins with a brace, otherwise a table. A file that cannot be read
/// as either has one finding.
pub(super) fn open(bytes: &[u8]) -> Result<FileContent<'_>, Findings> {
    let bytes = bytes.strip_prefix(json::BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = json::text(bytes).map_err(|finding| Findings::from_iter([finding]))?;
    if text.trim_start().starts_with('{') {
        return Ok(FileContent::Json(text));
    }
    let text = &csv::with_line_feeds(text);
    let records = csv::records(text, csv::separator(text))
        .map_err(|csv::UnclosedQuote(at)| Findings::from_iter([Finding::new(&UNCLOSED_QUOTE, line(at, None))]))?;
    Ok(FileContent::Table(ListingTable::new(records)))
}

/// A line of the table, counted from 1, and a column of it.
pub(super) fn line(number: usize, column: Option<&str>) -> FindingPlace {
    let column = column.map(|column| format!(", {column}")).unwrap_or_default();
    FindingPlace { pointer: String::new(), cell: Some(format!("line {number}{column}")) }
}

/// Rows under headings.
pub(super) struct ListingTable {
    /// The line of the headings.
    line: usize,
    headings: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl ListingTable {
    fn new(records: Vec<(usize, Vec<String>)>) -> Self {
        let mut records = records.into_iter();
        let (line, headings) = records.next().unwrap_or((1, Vec::new()));
        Self { line, headings, rows: records.collect() }
    }

    /// The required columns that are missing, by their headings.
    pub(super) fn missing(&self, columns: &[&str]) -> Findings {
        let missing = columns.iter().filter(|column| self.column(column).is_none());
        missing.map(|column| missing_column(self.place(), column)).collect()
    }

    /// The rows with a value under no heading: it belongs to a value before it, which contains the separator.
    pub(super) fn surplus(&self) -> Findings {
        let is_headed = |at: usize| self.headings.get(at).is_some_and(|heading| !heading.is_empty());
        let exceeds =
            |row: &ListingRow<'_>| (0..).zip(row.fields).any(|(at, field)| !field.is_empty() && !is_headed(at));
        self.rows().filter(exceeds).map(|row| Finding::new(&TOO_MANY_FIELDS, row.place(None))).collect()
    }

    /// The headings that are none of these columns.
    pub(super) fn unknown(&self, columns: &[&str]) -> impl Iterator<Item = &str> {
        let known = |heading: &str| columns.iter().any(|column| heading.eq_ignore_ascii_case(column));
        self.headings.iter().map(String::as_str).filter(move |heading| !heading.is_empty() && !known(heading))
    }

    /// The place of the headings.
    pub(super) fn place(&self) -> FindingPlace {
        line(self.line, None)
    }

    /// Every row below the headings; empty lines are skipped.
    pub(super) fn rows(&self) -> impl Iterator<Item = ListingRow<'_>> {
        self.rows.iter().map(|(line, fields)| ListingRow { line: *line, table: self, fields })
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.headings.iter().position(|heading| heading.eq_ignore_ascii_case(name))
    }
}

/// The finding that a column is missing, or empty where it is required.
pub(super) fn missing_column(place: FindingPlace, column: &str) -> Finding {
    Finding::new(&REQUIRED, place).with("field", Param::Code(column.to_owned()))
}

/// One row.
#[derive(Clone, Copy)]
pub(super) struct ListingRow<'a> {
    /// The line it begins on, from 1.
    pub(super) line: usize,
    table: &'a ListingTable,
    fields: &'a [String],
}

impl<'a> ListingRow<'a> {
    /// The text in a column; empty where there is no such column.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let field = self.table.column(column).and_then(|column| self.fields.get(column));
        field.map(String::as_str).unwrap_or_default()
    }

    /// The same as a field: an empty one is absent.
    pub(super) fn field<T: Raw>(&self, column: &str) -> Field<T> {
        field(self.text(column))
    }

    /// A date, written `2026-12-24` or `24/12/2026`.
    pub(super) fn date(&self, column: &str) -> Field<Date> {
        field(&iso(self.text(column)))
    }

    /// A whole number.
    pub(super) fn number<T: Raw>(&self, column: &str) -> Field<T> {
        let text = self.text(column);
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        field_of(text, digits.then(|| text.parse().ok()).flatten().and_then(T::from_integer))
    }

    /// Yes or no.
    pub(super) fn boolean<T: Raw>(&self, column: &str) -> Field<T> {
        let text = self.text(column);
        let is = |words: [&str; 7]| words.contains(&text.to_lowercase().as_str());
        field_of(text, (is(YES) || is(NO)).then(|| is(YES)).and_then(T::from_bool))
    }

    /// A number of so many digits that is written with dots, hyphens or spaces between them, or whose leading zeros a
    /// spreadsheet removed; anything else unchanged.
    pub(super) fn digits(&self, column: &str, count: usize) -> String {
        let text = self.text(column);
        let bare: String = text.chars().filter(|sign| !matches!(sign, '.' | '-' | '/' | ' ' | '\u{a0}')).collect();
        let number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit());
        if number { format!("{bare:0>count$}") } else { text.to_owned() }
    }

    /// Whether there is a value in these columns.
    pub(super) fn is_any_filled(&self, columns: &[&str]) -> bool {
        columns.iter().any(|column| !self.text(column).is_empty())
    }

    /// The place of the row, or of its field in a column.
    pub(super) fn place(&self, column: Option<&str>) -> FindingPlace {
        line(self.line, column)
    }
}

/// The spellings of yes and of no.
const YES: [&str; 7] = ["true", "yes", "oui", "vrai", "ja", "waar", "1"];
const NO: [&str; 7] = ["false", "no", "non", "faux", "nee", "onwaar", "0"];

/// A text as a field: an empty one is absent.
pub(super) fn field<T: Raw>(text: &str) -> Field<T> {
    if text.is_empty() { Field::Absent } else { Field::from_text(text) }
}

/// A parsed text as a field.
fn field_of<T>(text: &str, value: Option<T>) -> Field<T> {
    if text.is_empty() { Field::Absent } else { value.map_or_else(|| Field::malformed(text), Field::Present) }
}

/// A date written day first in the ISO format; anything else unchanged.
fn iso(text: &str) -> String {
    let parts: Vec<_> = text.split('/').collect();
    let digits =
        |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
    match parts[..] {
        [day, month, year] if digits(day, 2) && digits(month, 2) && digits(year, 4) && year.len() == 4 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_both_ways() {
        let cases = [
            ("24/12/2026", "2026-12-24"),
            ("1/9/2026", "2026-09-01"),
            ("2026-12-24", "2026-12-24"),
            ("1/9/26", "1/9/26"),
        ];
        for (text, expected) in cases {
            assert_eq!(iso(text), expected);
        }
    }
}
