//! A sheet converted to a document, for every kind, with the map from the document's places back to the cells.

use std::collections::HashSet;

use super::sheet::Cells;
use super::table::{Cell, CellAddress, Table};
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::period::Period;
use crate::domain::rule::Severity;
use crate::domain::rules::workbook::MONTH_MISMATCH;

/// The parts of the address that the workbook is compared with.
#[derive(Debug, Clone)]
pub struct ExpectedHead {
    /// The month, or the quarter of salaries.
    pub period: Period,
    /// The identifier, name and number of the crèche. Empty when there is no crèche.
    pub creche: Vec<String>,
}

/// The map from the places of a document back to the cells that it was read from.
pub trait CellMapper: Send + Sync {
    /// The findings on the workbook and those of schema and rules on its document, each with its cell, without
    /// those that a finding on the workbook explains.
    fn map_to_cells(&self, found: Findings) -> Findings;

    /// The cell of the value that a JSON Pointer names, where the sheet has a cell for it.
    fn cell_of(&self, pointer: &str) -> Option<String>;
}

/// A workbook converted to the document of one kind.
#[derive(Debug)]
pub struct ParsedWorkbook<R> {
    /// The document. At most one line more than a document of the kind may have.
    pub document: R,
    /// How many lines the sheet really has.
    pub lines: usize,
    /// The cell of each value.
    pub cells: Cells,
    /// The findings on the workbook itself.
    pub findings: Findings,
    /// Values whose errors a finding on the workbook explains.
    pub(in crate::ingest) explained: HashSet<String>,
    /// Properties whose column is missing.
    pub(in crate::ingest) missing: Vec<&'static str>,
}

impl<R> ParsedWorkbook<R> {
    /// Adds a finding on one cell, in place of those of schema and rules on its value.
    pub(in crate::ingest) fn refuse_cell(
        &mut self,
        mut place: FindingPlace,
        table: &Table,
        cell: &Cell,
        mut finding: Finding,
    ) {
        self.explained.insert(place.pointer.clone());
        place.cell = Some(format!("{}!{}", table.sheet, CellAddress::new(cell.row, cell.column)));
        finding.places = vec![place];
        self.findings.push(finding);
    }

    /// The same sheet with a converted document.
    pub fn map<T>(self, make: impl FnOnce(R) -> T) -> ParsedWorkbook<T> {
        let (document, rest) = self.part();
        let ParsedWorkbook { lines, cells, findings, explained, missing, .. } = rest;
        ParsedWorkbook { document: make(document), lines, cells, findings, explained, missing }
    }

    /// The document and the rest.
    pub fn part(self) -> (R, ParsedWorkbook<()>) {
        let Self { document, lines, cells, findings, explained, missing } = self;
        (document, ParsedWorkbook { document: (), lines, cells, findings, explained, missing })
    }

    /// The document, and the map back to the cells.
    pub fn into_parts(self) -> (R, Box<dyn CellMapper>) {
        let (document, rest) = self.part();
        (document, Box::new(rest))
    }

    /// The findings on the workbook and those of schema and rules on its document, each with its cell, without
    /// those that a finding on the workbook explains: a missing column is not also a missing value on every line,
    /// and the days of another month are not weekends and holidays of this one.
    pub fn map_findings(&self, found: Findings) -> Findings {
        let astray = self.findings.iter().any(|finding| finding.rule.code == MONTH_MISMATCH.code);
        let found = found.into_iter().filter(|finding| !(astray && warns_of_a_day(finding))).collect();
        merge_findings(
            self.findings.clone(),
            found,
            |pointer| self.explains(pointer),
            |pointer| self.cells.cell(pointer),
        )
    }

    /// Whether a finding on the workbook explains the error at this place.
    pub fn explains(&self, pointer: &str) -> bool {
        self.explained.contains(pointer)
            || (pointer.starts_with("/lines/")
                && pointer.matches('/').count() == 3
                && self.missing.iter().any(|property| pointer.rsplit('/').next() == Some(property)))
    }
}

/// The findings `own` of a workbook and those `found` in its document, each with its cell, without what the workbook's
/// own findings explain.
pub fn merge_findings(
    own: Findings,
    found: Findings,
    explains: impl Fn(&str) -> bool,
    cell: impl Fn(&str) -> Option<String>,
) -> Findings {
    let mut all = own;
    for mut finding in found {
        let before = finding.places.len();
        finding.places.retain(|place| !explains(&place.pointer));
        if finding.places.is_empty() {
            continue;
        }
        finding.count -= before - finding.places.len();
        for place in finding.places.iter_mut().filter(|place| place.cell.is_none()) {
            place.cell = cell(&place.pointer);
        }
        all.push(finding);
    }
    all
}

impl CellMapper for ParsedWorkbook<()> {
    fn map_to_cells(&self, found: Findings) -> Findings {
        Self::map_findings(self, found)
    }

    fn cell_of(&self, pointer: &str) -> Option<String> {
        self.cells.exact(pointer)
    }
}

/// Whether it warns of a day of the calendar.
fn warns_of_a_day(finding: &Finding) -> bool {
    finding.severity == Severity::Warning && finding.place().pointer.ends_with("/date")
}
