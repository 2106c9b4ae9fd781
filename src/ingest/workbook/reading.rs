//! A sheet as a document, whatever its kind, and the way from the document's places back to the cells.

use std::collections::HashSet;

use super::sheet::Cells;
use crate::domain::finding::Findings;
use crate::domain::period::Month;

/// What the sender says by the address to which the workbook is sent.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The month.
    pub month: Month,
    /// Every way to name the crèche: identifier, name, number. Empty when it is not known.
    pub creche: Vec<String>,
}

/// A workbook as the document of one kind.
#[derive(Debug)]
pub struct Reading<R> {
    /// What it says. At most one line more than a document of the kind may have.
    pub document: R,
    /// How many lines the sheet really has.
    pub lines: usize,
    /// Where each value came from.
    pub cells: Cells,
    /// What is wrong with the workbook itself.
    pub findings: Findings,
    /// Values whose fault a finding on the workbook explains.
    pub(super) explained: HashSet<String>,
    /// Properties whose column is missing.
    pub(super) missing: Vec<&'static str>,
}

impl<R> Reading<R> {
    /// The document and the rest.
    pub fn part(self) -> (R, Reading<()>) {
        let Self { document, lines, cells, findings, explained, missing } = self;
        (document, Reading { document: (), lines, cells, findings, explained, missing })
    }

    /// The findings on the workbook and those that schema and rules have on its document, each with its cell, without
    /// those that only repeat what is said of the workbook: a missing column is not also a missing value on every line.
    pub fn settle(&self, found: Findings) -> Findings {
        let mut all = self.findings.clone();
        for mut finding in found {
            let before = finding.places.len();
            finding.places.retain(|place| !self.explains(&place.pointer));
            if finding.places.is_empty() {
                continue;
            }
            finding.count -= before - finding.places.len();
            for place in finding.places.iter_mut().filter(|place| place.cell.is_none()) {
                place.cell = self.cells.cell(&place.pointer);
            }
            all.push(finding);
        }
        all
    }

    fn explains(&self, pointer: &str) -> bool {
        self.explained.contains(pointer)
            || (pointer.starts_with("/lines/")
                && pointer.matches('/').count() == 3
                && self.missing.iter().any(|property| pointer.rsplit('/').next() == Some(property)))
    }
}
