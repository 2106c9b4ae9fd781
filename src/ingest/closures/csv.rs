//! A table of closures as spreadsheets save it (CSV, RFC 4180): parted by semicolons, commas or tabs, texts in quotes
//! where they need them, dates as `2026-12-24` or `24/12/2026`.

use crate::domain::closure::{RawClosure, RawClosures};
use crate::domain::finding::{Finding, Findings, Param};
use crate::domain::raw::{Field, List, Raw};
use crate::domain::rules::closure::UNCLOSED_QUOTE;
use crate::domain::rules::document::REQUIRED;

/// The columns that there must be, by their headings; others are ignored.
const COLUMNS: [&str; 4] = ["creche", "startDate", "endDate", "reason"];

/// One closure.
pub(super) struct Row {
    /// The line it begins on, from 1.
    pub(super) line: usize,
    /// The crèche as it is named.
    pub(super) creche: String,
    /// The closure.
    pub(super) closure: RawClosure,
}

/// Every row below the headings; empty lines are none.
pub(super) fn rows(text: &str) -> Result<Vec<Row>, Findings> {
    let mut records = records(text).map_err(|finding| Findings::from_iter([finding]))?.into_iter();
    let (line, headings) = records.next().unwrap_or((1, Vec::new()));
    let column = |name: &str| headings.iter().position(|heading| heading.eq_ignore_ascii_case(name));
    let missing = COLUMNS.iter().filter(|name| column(name).is_none());
    let missing: Findings = missing.map(|name| absent(line, name)).collect();
    if missing.refuse() {
        return Err(missing);
    }
    let columns = COLUMNS.map(|name| column(name).unwrap_or_default());
    let mut nameless = Findings::default();
    let mut rows = Vec::new();
    for (line, record) in records {
        let [creche, start, end, reason] =
            columns.map(|column| record.get(column).map(String::as_str).unwrap_or_default());
        if creche.is_empty() {
            nameless.push(absent(line, COLUMNS[0]));
        }
        let closure = RawClosure {
            start_date: cell(&iso(start)),
            end_date: cell(&iso(end)),
            reason: cell(reason),
            unknown: false,
        };
        rows.push(Row { line, creche: creche.to_owned(), closure });
    }
    if nameless.refuse() { Err(nameless) } else { Ok(rows) }
}

fn absent(line: usize, column: &str) -> Finding {
    Finding::new(&REQUIRED, super::line(line, None)).with("field", Param::Code(column.to_owned()))
}

/// A cell as a field: an empty one is not there.
fn cell<T: Raw>(text: &str) -> Field<T> {
    if text.is_empty() { Field::Absent } else { Field::from_text(text) }
}

/// A date written day first as it is written in documents; anything else as it is.
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

/// The document of a crèche without closures.
pub(super) fn no_closures() -> RawClosures {
    RawClosures { items: Field::Present(List(Vec::new())), unknown: false }
}

/// One closure more.
pub(super) fn append(closures: &mut RawClosures, closure: RawClosure) {
    if let Field::Present(List(items)) = &mut closures.items {
        items.push(Field::Present(closure));
    }
}

/// The fields of every line that is not empty, trimmed, with the line's number. A quoted field may go over several
/// lines and holds a quote as two.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, Finding> {
    let separator = separator(text);
    let mut reading = Reading { line: 1, begun: 1, ..Reading::default() };
    let mut signs = text.chars().peekable();
    let mut quoted_since = None;
    while let Some(sign) = signs.next() {
        if quoted_since.is_some() {
            match sign {
                '"' if signs.peek() == Some(&'"') => reading.field.extend(signs.next()),
                '"' => quoted_since = None,
                _ => reading.take(sign),
            }
        } else if sign == '"' && reading.field.trim().is_empty() {
            reading.field.clear();
            quoted_since = Some(reading.line);
        } else if sign == separator {
            reading.end_field();
        } else if sign == '\n' {
            reading.end_record();
        } else {
            reading.take(sign);
        }
    }
    if let Some(line) = quoted_since {
        return Err(Finding::new(&UNCLOSED_QUOTE, super::line(line, None)));
    }
    reading.end_record();
    Ok(reading.records)
}

/// The sign that parts the headings.
fn separator(text: &str) -> char {
    let headings = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign| headings.matches(sign).count();
    [';', ',', '\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(';')
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    records: Vec<(usize, Vec<String>)>,
    record: Vec<String>,
    field: String,
    /// The line being read, from 1, and the one that the record began on.
    line: usize,
    begun: usize,
}

impl Reading {
    fn take(&mut self, sign: char) {
        self.line += usize::from(sign == '\n');
        self.field.push(sign);
    }

    fn end_field(&mut self) {
        let field = std::mem::take(&mut self.field);
        self.record.push(field.trim().to_owned());
    }

    fn end_record(&mut self) {
        self.end_field();
        let record = std::mem::take(&mut self.record);
        if record.iter().any(|field| !field.is_empty()) {
            self.records.push((self.begun, record));
        }
        self.line += 1;
        self.begun = self.line;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_parted_quoted_and_trimmed_as_spreadsheets_do() {
        let text = "a;b\r\n\r\n \"x;\"\"y\"\"\" ; z\r\n;;\n\"two\nlines\";1\nlast;2";
        let fields = |fields: [&str; 2]| fields.map(str::to_owned).to_vec();
        let expected = [
            (1, fields(["a", "b"])),
            (3, fields(["x;\"y\"", "z"])),
            (5, fields(["two\nlines", "1"])),
            (7, fields(["last", "2"])),
        ];
        assert_eq!(records(text).unwrap(), expected);
        assert_eq!(records("a,b;c,d").unwrap()[0].1, ["a", "b;c", "d"]);
        assert_eq!(records("a\tb").unwrap()[0].1, ["a", "b"]);
        assert_eq!(records("a;b\n\"c").unwrap_err().place().cell.as_deref(), Some("line 2"));
    }

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

    proptest! {
        #[test]
        fn what_is_written_is_read_back(table in prop::collection::vec(prop::collection::vec("[a-z\",;\n ]{0,4}[a-z]", 2..4), 1..5)) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let written: Vec<_> =
                table.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join("\t")).collect();
            // Headings decide the separator: a plain line of tabs.
            let text = format!("h\th\n{}", written.join("\r\n"));
            let read: Vec<_> = records(&text).unwrap().into_iter().skip(1).map(|(_, row)| row).collect();
            let expected: Vec<Vec<_>> =
                table.iter().map(|row| row.iter().map(|field| field.trim().to_owned()).collect()).collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn no_text_stops_the_reader(text: String) {
            let _ = rows(&text);
        }
    }
}
