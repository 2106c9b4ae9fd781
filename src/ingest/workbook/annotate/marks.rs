//! The marked cells, with their words.

use std::collections::BTreeMap;

use crate::domain::finding::Findings;
use crate::domain::rule::Severity;
use crate::ingest::workbook::table::CellAddress;
use crate::words::Language;

/// The most bytes of text of one note.
const MOST: usize = 2_000;

/// The findings on one cell.
pub(super) struct CellMark {
    pub(super) severity: Severity,
    pub(super) words: String,
}

/// The marked cells of one sheet, by row and column from 0.
pub(super) type SheetMarks = BTreeMap<(u32, u16), CellMark>;

/// The cells of `sheet` that findings are about.
pub(super) fn marks(findings: &Findings, sheet: &str, language: Language) -> SheetMarks {
    let mut marks = SheetMarks::new();
    for finding in findings {
        let words = finding.detail_for_people(language);
        for place in &finding.places {
            let here = place.cell.as_deref().and_then(|cell| cell.rsplit_once('!')).filter(|(name, _)| *name == sheet);
            let Some(address) = here.and_then(|(_, address)| CellAddress::parse(address)) else { continue };
            let severity = finding.severity;
            let mark = marks.entry(address.parts()).or_insert_with(|| CellMark { severity, words: String::new() });
            mark.severity = mark.severity.min(severity);
            if !mark.words.contains(&words) && mark.words.len() < MOST {
                mark.words.push_str(if mark.words.is_empty() { "" } else { "\n\n" });
                mark.words.push_str(&words);
            }
        }
    }
    marks
}
