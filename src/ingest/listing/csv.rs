//! A table as CSV (RFC 4180), as spreadsheets save it: separated by semicolons, commas or tabs, texts in quotes
//! where they need them.

use std::borrow::Cow;

/// A quote on this line, from 1, is never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct UnclosedQuote(pub(in crate::ingest) usize);

/// The text with one character at the end of each line: Windows has two there, and the Macintosh had a carriage return.
pub(in crate::ingest) fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// The fields of every line that is not empty, trimmed, with the line's number. A quoted field may span several
/// lines and has a quote doubled.
pub(in crate::ingest) fn records(text: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, UnclosedQuote> {
    let mut reading = CsvReader { line: 1, begun: 1, ..CsvReader::default() };
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
        return Err(UnclosedQuote(line));
    }
    reading.end_record();
    Ok(reading.records)
}

/// The separator of the headings.
pub(super) fn separator(text: &str) -> char {
    let headings = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |sign| headings.matches(sign).count();
    [';', ',', '\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(';')
}

/// The state of the parser.
#[derive(Default)]
struct CsvReader {
    records: Vec<(usize, Vec<String>)>,
    record: Vec<String>,
    field: String,
    /// The line being read, from 1, and the one that the record began on.
    line: usize,
    begun: usize,
}

impl CsvReader {
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

    fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, UnclosedQuote> {
        super::records(text, separator(text))
    }

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
        assert_eq!(records("a;b\n\"c"), Err(UnclosedQuote(2)));
    }

    #[test]
    fn lines_end_as_on_any_system() {
        for text in ["a;b\n\n1;2\n", "a;b\r\n\r\n1;2\r\n", "a;b\r\r1;2\r"] {
            let found = records(&with_line_feeds(text)).unwrap();
            assert_eq!(found, [(1, vec!["a".to_owned(), "b".to_owned()]), (3, vec!["1".to_owned(), "2".to_owned()])]);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(table in prop::collection::vec(prop::collection::vec("[a-z\",;\n ]{0,4}[a-z]", 2..4), 1..5)) {
            let quoted = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let written: Vec<_> =
                table.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join("\t")).collect();
            // The separator is detected in the headings: a plain line of tabs.
            let text = format!("h\th\n{}", written.join("\r\n"));
            let read: Vec<_> = records(&text).unwrap().into_iter().skip(1).map(|(_, row)| row).collect();
            let expected: Vec<Vec<_>> =
                table.iter().map(|row| row.iter().map(|field| field.trim().to_owned()).collect()).collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn no_text_stops_the_reader(text: String) {
            let _ = records(&text);
        }
    }
}
