//! The output of a command: sentences for people, or one JSON document for programs.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::print_line;

/// The outcome of a command.
pub(super) struct CommandReport {
    body: Value,
    lines: Vec<String>,
    fine: bool,
}

impl CommandReport {
    /// An outcome: as a document, and as a sentence.
    pub(super) fn new(body: &impl Serialize, line: impl Into<String>) -> Self {
        Self { body: value(body), lines: vec![line.into()], fine: true }
    }

    /// A list: each item as a document and as a row of words, under these headings. Without items the line is `none`.
    pub(super) fn list<T: Serialize, const N: usize>(
        items: &[T],
        headings: [&str; N],
        row: impl Fn(&T) -> [String; N],
        none: &str,
    ) -> Self {
        let body = json!({ "items": value(&items) });
        if items.is_empty() {
            return Self { body, lines: vec![none.to_owned()], fine: true };
        }
        let rows: Vec<_> = std::iter::once(headings.map(str::to_owned)).chain(items.iter().map(row)).collect();
        let lines = rows.iter().map(|row| line(row, &rows)).collect();
        Self { body, lines, fine: true }
    }

    /// Adds a line for people.
    pub(super) fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// Exit status 1 if the findings need attention.
    pub(super) fn failing_if(mut self, alarming: bool) -> Self {
        self.fine = !alarming;
        self
    }

    /// Prints the report and returns the exit status.
    pub(super) fn print(self, json: bool) -> ExitCode {
        if json {
            print_line(&format!("{:#}", self.body));
        } else {
            self.lines.iter().for_each(|line| print_line(line));
        }
        if self.fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn value(body: &impl Serialize) -> Value {
    serde_json::to_value(body).expect("what commands answer is a document")
}

/// A row with aligned columns.
fn line<const N: usize>(row: &[String; N], rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let cells = row.iter().enumerate().map(|(column, cell)| format!("{cell:<0$}", width(column)));
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}
