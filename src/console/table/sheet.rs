//! The fields of a table: their values, the format of their columns, and their findings.

use std::collections::BTreeMap;

use crate::app::statements::Typed;
use crate::console::findings::FindingSpot;
use crate::console::grid::{MonthDay, days};
use crate::console::kinds::ColumnSuggestions;
use crate::console::page_frame::PageFrame;
use crate::domain::creche::Creche;
use crate::domain::finding::{FindingPlace, Findings};
use crate::domain::period::Month;
use crate::domain::rule::Severity;
use crate::words;

/// A column.
pub(super) struct TableColumn {
    /// Its header.
    pub(super) name: String,
    /// Its day, where it is a day's.
    pub(super) day: Option<MonthDay>,
    /// Suggested values of its fields, each with its meaning.
    pub(super) options: Vec<(String, String)>,
}

impl TableColumn {
    /// The CSS class of its fields.
    pub(super) fn style(&self) -> &'static str {
        self.day.as_ref().map_or("", |day| day.look)
    }
}

/// A row of fields.
pub(super) struct TableRow {
    /// Its number, from 1.
    pub(super) number: usize,
    pub(super) fields: Vec<TableField>,
    /// The findings on its fields.
    pub(super) notes: Vec<CellNote>,
}

/// A field.
pub(super) struct TableField {
    pub(super) text: String,
    /// The severity of its finding: `bad`, `warn` or empty.
    pub(super) mark: &'static str,
}

/// A finding on a field.
pub(super) struct CellNote {
    pub(super) error: bool,
    pub(super) column: String,
    pub(super) words: String,
}

/// The columns of a crèche's month.
pub(super) fn columns(
    frame: &PageFrame,
    (creche, month): (&Creche, Month),
    headers: &[String],
    suggestions: Option<ColumnSuggestions>,
) -> Vec<TableColumn> {
    let (header, mut options) = suggestions.map_or_else(Default::default, |found| (found.header, found.options));
    let mut days: BTreeMap<String, MonthDay> =
        days(creche, month, frame.language).into_iter().map(|day| (day.number.to_string(), day)).collect();
    let mut proposed = |name: &str| if name == header { std::mem::take(&mut options) } else { Vec::new() };
    let column = |name: &String| TableColumn { name: name.clone(), day: days.remove(name), options: proposed(name) };
    headers.iter().map(column).collect()
}

/// The rows with the findings in each.
pub(super) fn rows(frame: &PageFrame, columns: &[TableColumn], table: &Typed, findings: &Findings) -> Vec<TableRow> {
    let mut marks = BTreeMap::<(usize, usize), &'static str>::new();
    let mut notes = BTreeMap::<usize, Vec<CellNote>>::new();
    for finding in findings {
        let error = finding.severity == Severity::Error;
        for (row, column) in finding.places.iter().filter_map(Typed::field_of) {
            marks.entry((row, column)).or_insert(if error { "bad" } else { "warn" });
            let note = CellNote {
                error,
                column: column_name(frame, columns, column),
                words: finding.detail_for_people(frame.language),
            };
            notes.entry(row).or_default().push(note);
        }
    }
    let row = |(at, texts): (usize, &Vec<String>)| {
        let field = |(column, text): (usize, &String)| TableField {
            text: text.clone(),
            mark: marks.get(&(at, column)).copied().unwrap_or_default(),
        };
        let fields = texts.iter().enumerate().map(field).collect();
        TableRow { number: at + 1, fields, notes: notes.remove(&at).unwrap_or_default() }
    };
    table.rows.iter().enumerate().map(row).collect()
}

/// A place by its line and column, with a link to its field.
pub(super) fn place_link(frame: &PageFrame, columns: &[TableColumn], place: &FindingPlace) -> Option<FindingSpot> {
    let (row, column) = Typed::field_of(place)?;
    let line = frame.text(&words::table::LINE);
    let words = format!("{line} {}, {}", row + 1, column_name(frame, columns, column));
    Some(FindingSpot { words, anchor: Some(format!("r{}c{column}", row + 1)) })
}

/// The name of a column in a sentence.
fn column_name(frame: &PageFrame, columns: &[TableColumn], at: usize) -> String {
    match columns.get(at) {
        Some(TableColumn { name, day: Some(_), .. }) => format!("{} {name}", frame.text(&words::common::DAY)),
        Some(TableColumn { name, .. }) => name.clone(),
        None => String::new(),
    }
}
