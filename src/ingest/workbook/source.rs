//! What the sender's workbook has at the place of a finding, as the answer may quote it.

use super::reading::CellMapper;
use super::table::{CellAddress, Table, Value};
use super::values::trimmed;
use crate::domain::finding::{CellSource, Finding, Findings};
use crate::domain::text::is_invisible;

/// Properties whose values are personal: of them only the form is shown.
const PERSONAL: [&str; 4] = ["familyName", "givenName", "birthDate", "ssin"];
/// The most characters of a cell that are quoted.
const MOST: usize = 40;
/// As many digits may be a person's number.
const DIGITS: usize = 10;
/// Letters of a word that may be a name which are shown, and letters up to which no word is one.
const LETTERS: usize = 2;
const LONG: usize = 3;

/// Gives each finding what the sheets have at its first place.
pub(in crate::ingest) fn attach(findings: &mut Findings, sheets: &[Option<Table>], places: &dyn CellMapper) {
    for finding in findings {
        finding.source = source(finding, sheets, places).map(Box::new);
    }
}

fn source(finding: &Finding, sheets: &[Option<Table>], places: &dyn CellMapper) -> Option<CellSource> {
    let place = finding.place();
    let own = places.cell_of(&place.pointer).filter(|cell| place.cell.as_ref() == Some(cell));
    let property = place.pointer.rsplit('/').next().unwrap_or_default();
    let is_personal = PERSONAL.contains(&property) || property == "ssinPresent";
    let shown = own.and_then(|cell| text_at(sheets, &cell)).map(|text| quoted(&text, is_personal));
    let at = |property: &str| {
        let mut steps = place.pointer.splitn(4, '/');
        let (list, index) = (steps.nth(1)?, steps.next()?);
        text_at(sheets, &places.cell_of(&format!("/{list}/{index}/{property}"))?)
    };
    let name: Vec<_> = ["givenName", "familyName"].into_iter().filter_map(at).collect();
    let reference = at("reference").map(|reference| quoted(&reference, false));
    let source = CellSource { shown, reference, name: (!name.is_empty()).then(|| name.join(" ")) };
    (source != CellSource::default()).then_some(source)
}

/// What a cell (`Présences!H12`) shows, as people write it.
fn text_at(sheets: &[Option<Table>], cell: &str) -> Option<String> {
    let (sheet, address) = cell.rsplit_once('!')?;
    let (row, column) = CellAddress::parse(address)?.parts();
    let table = sheets.iter().flatten().find(|table| table.sheet == sheet)?;
    Some(match table.at(row, column)? {
        Value::Moment(days) => moment(table, days).unwrap_or_else(|| days.to_string()),
        Value::Text(text) => trimmed(text).to_owned(),
        other => other.to_string(),
    })
}

fn moment(table: &Table, days: f64) -> Option<String> {
    if let Some(day) = table.day(days) {
        return Some(day.strftime("%d/%m/%Y").to_string());
    }
    if (0.0..1.0).contains(&days) {
        let (_, time) = table.moment(days + 1.0)?;
        return Some(time.strftime("%H:%M").to_string());
    }
    let (day, time) = table.moment(days)?;
    Some(format!("{} {}", day.strftime("%d/%m/%Y"), time.strftime("%H:%M")))
}

/// A text as a sentence quotes it: in one line, not for ever, masked where it is or may be personal.
fn quoted(text: &str, is_personal: bool) -> String {
    let shown = text.chars().filter(|character| !is_invisible(*character));
    let line = shown.map(|character| if character.is_control() { ' ' } else { character });
    let mut line: String = line.take(MOST + 1).collect();
    if line.chars().count() > MOST {
        line = line.chars().take(MOST - 1).chain(['…']).collect();
    }
    let digits = line.chars().filter(char::is_ascii_digit).count();
    if is_personal || digits >= DIGITS { masked(&line, 0) } else { masked(&line, LETTERS) }
}

/// The form of a text: where it has letters and digits, and what stands between them. With `letters`, words stay unless
/// they are longer and begin with a capital: where columns slipped, those may be names, and as many letters of them stay
/// as show which word is meant.
fn masked(text: &str, letters: usize) -> String {
    let mut masked = String::with_capacity(text.len());
    for word in text.split_inclusive(|character: char| !character.is_alphanumeric()) {
        let is_name = word.starts_with(char::is_uppercase) && word.chars().filter(|c| c.is_alphabetic()).count() > LONG;
        let kept = if letters > 0 && !is_name { usize::MAX } else { letters };
        let sign =
            |(at, character): (usize, char)| if at < kept || !character.is_alphanumeric() { character } else { '•' };
        masked.extend(word.chars().enumerate().map(sign));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_or_may_be_personal_is_masked() {
        assert_eq!(quoted("85.03.14-977.21", true), "••.••.••-•••.••");
        assert_eq!(quoted("85.03.14-977.21", false), "••.••.••-•••.••");
        assert_eq!(quoted("Zoé Maes", false), "Zoé Ma••");
        assert_eq!(quoted("Malade", false), "Ma••••");
        assert_eq!(quoted("malade", false), "malade");
        assert_eq!(quoted("AJ/2 07:30-16:45", false), "AJ/2 07:30-16:45");
        assert_eq!(quoted("7u30", false), "7u30");
        assert_eq!(quoted("31/02/2026", false), "31/02/2026");
        assert_eq!(quoted("a\u{200b}b\nc", false), "ab c");
        assert_eq!(quoted(&"x".repeat(50), false).chars().count(), MOST);
    }
}
