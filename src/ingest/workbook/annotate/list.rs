//! The list of findings that is added to a workbook as a sheet.

use crate::domain::finding::{Finding, Findings};
use crate::domain::rule::Severity;
use crate::words::Language;

/// The sheet's name, which is its title as well.
pub(super) const TITLE: &str = "À corriger";
/// Its columns and their widths in characters.
pub(super) const COLUMNS: [(&str, f64); 5] =
    [("Gravité", 15.0), ("Où", 22.0), ("Combien", 10.0), ("Que faire", 84.0), ("Code (pour le fournisseur)", 30.0)];
/// The row of the columns' names, from 0; the findings are below it.
pub(super) const HEADER_ROW: u32 = 3;
/// The text in place of a cell when a finding is about the file as a whole.
pub(super) const WHOLE_FILE: &str = "Tout le fichier";
/// How many places of one finding are in its row.
const NAMED: usize = 12;

/// One finding.
pub(super) struct FindingEntry<'a> {
    pub(super) severity: Severity,
    pub(super) severity_name: &'static str,
    /// Its first cell, with the sheet.
    pub(super) cell: Option<&'a str>,
    pub(super) count: u32,
    pub(super) words: String,
    pub(super) code: &'static str,
}

impl FindingEntry<'_> {
    /// The height of its row in points: not every program adjusts the height of rows, and a line of the column of
    /// words has some ninety characters.
    pub(super) fn height(&self) -> u32 {
        let lines = u32::try_from(self.words.chars().count() / 88 + 1).unwrap_or(20).min(20);
        lines * 15 + 3
    }
}

/// A row for each finding.
pub(super) fn entries(findings: &Findings, language: Language) -> impl Iterator<Item = FindingEntry<'_>> {
    findings.iter().map(move |finding| FindingEntry {
        severity: finding.severity,
        severity_name: match finding.severity {
            Severity::Error => "Erreur",
            Severity::Warning => "Avertissement",
        },
        cell: finding.places.iter().find_map(|place| place.cell.as_deref()),
        count: u32::try_from(finding.count).unwrap_or(u32::MAX),
        words: finding.detail_for_people(language) + &others(finding),
        code: finding.rule.code,
    })
}

/// The number of errors and warnings.
pub(super) fn summary(findings: &Findings) -> String {
    let count = |severity| -> usize { findings.of(severity).map(|finding| finding.count).sum() };
    let warnings = count(Severity::Warning);
    let doubts =
        if warnings > 0 { format!(", {} à vérifier", plural(warnings, "avertissement")) } else { String::new() };
    format!(
        "{} à corriger{doubts}. Corrigez les cellules colorées, puis renvoyez ce même fichier.",
        plural(count(Severity::Error), "erreur"),
    )
}

/// The other cells of a finding that has several.
fn others(finding: &Finding) -> String {
    let mut addresses = finding.places.iter().filter_map(|place| place.cell.as_deref()?.rsplit_once('!'));
    let rest: Vec<&str> = addresses.by_ref().skip(1).take(NAMED).map(|(_, address)| address).collect();
    match (rest.is_empty(), finding.count.saturating_sub(rest.len() + 1)) {
        (true, _) => String::new(),
        (false, 0) => format!(" Aussi en {}.", rest.join(", ")),
        (false, more) => format!(" Aussi en {} et {more} autres.", rest.join(", ")),
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count > 1 { format!("{count} {noun}s") } else { format!("{count} {noun}") }
}
