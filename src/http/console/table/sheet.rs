//! The fields of a table: what stands in them, how their columns look, and what is said of them.

use std::collections::BTreeMap;

use crate::app::statements::Typed;
use crate::domain::creche::Creche;
use crate::domain::finding::{Findings, Place};
use crate::domain::period::Month;
use crate::domain::rule::Severity;
use crate::http::console::findings::Spot;
use crate::http::console::grid::{Day, days};
use crate::http::console::kinds::Suggestions;
use crate::http::console::shell::Shell;

/// A column.
pub(super) struct Column {
    /// Its header.
    pub(super) name: String,
    /// Its day, where it is a day's.
    pub(super) day: Option<Day>,
    /// Values that its fields propose, each with what it stands for.
    pub(super) options: Vec<(String, String)>,
}

impl Column {
    /// How its fields look.
    pub(super) fn look(&self) -> &'static str {
        self.day.as_ref().map_or("", |day| day.look)
    }
}

/// A row of fields.
pub(super) struct Row {
    /// Its number, from 1.
    pub(super) number: usize,
    pub(super) fields: Vec<Field>,
    /// What is said of them.
    pub(super) notes: Vec<Note>,
}

/// A field.
pub(super) struct Field {
    pub(super) text: String,
    /// What is wrong with it: `bad`, `warn` or nothing.
    pub(super) mark: &'static str,
}

/// Something said of a field.
pub(super) struct Note {
    pub(super) error: bool,
    pub(super) column: String,
    pub(super) words: String,
}

/// The columns of a crèche's month.
pub(super) fn columns(
    shell: &Shell,
    (creche, month): (&Creche, Month),
    headers: &[String],
    suggestions: Option<Suggestions>,
) -> Vec<Column> {
    let (header, mut options) = suggestions.map_or_else(Default::default, |found| (found.header, found.options));
    let mut days: BTreeMap<String, Day> =
        days(creche, month, shell.language).into_iter().map(|day| (day.number.to_string(), day)).collect();
    let mut proposed = |name: &str| if name == header { std::mem::take(&mut options) } else { Vec::new() };
    let column = |name: &String| Column { name: name.clone(), day: days.remove(name), options: proposed(name) };
    headers.iter().map(column).collect()
}

/// The rows with what was found in each.
pub(super) fn rows(shell: &Shell, columns: &[Column], table: &Typed, findings: &Findings) -> Vec<Row> {
    let mut marks = BTreeMap::<(usize, usize), &'static str>::new();
    let mut notes = BTreeMap::<usize, Vec<Note>>::new();
    for finding in findings {
        let error = finding.rule.severity == Severity::Error;
        for (row, column) in finding.places.iter().filter_map(Typed::field_of) {
            marks.entry((row, column)).or_insert(if error { "bad" } else { "warn" });
            let note = Note {
                error,
                column: called(shell, columns, column),
                words: finding.detail_for_people(shell.language),
            };
            notes.entry(row).or_default().push(note);
        }
    }
    let row = |(at, texts): (usize, &Vec<String>)| {
        let field = |(column, text): (usize, &String)| Field {
            text: text.clone(),
            mark: marks.get(&(at, column)).copied().unwrap_or_default(),
        };
        let fields = texts.iter().enumerate().map(field).collect();
        Row { number: at + 1, fields, notes: notes.remove(&at).unwrap_or_default() }
    };
    table.rows.iter().enumerate().map(row).collect()
}

/// A place by its line and column, leading to its field.
pub(super) fn spot(shell: &Shell, columns: &[Column], place: &Place) -> Option<Spot> {
    let (row, column) = Typed::field_of(place)?;
    let line = shell.t("Ligne", "Regel", "Line");
    let words = format!("{line} {}, {}", row + 1, called(shell, columns, column));
    Some(Spot { words, anchor: Some(format!("r{}c{column}", row + 1)) })
}

/// What a column is called in a sentence.
fn called(shell: &Shell, columns: &[Column], at: usize) -> String {
    match columns.get(at) {
        Some(Column { name, day: Some(_), .. }) => format!("{} {name}", shell.t("jour", "dag", "day")),
        Some(Column { name, .. }) => name.clone(),
        None => String::new(),
    }
}
