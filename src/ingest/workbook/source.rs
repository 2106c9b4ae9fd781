//! The content of the sender's workbook at the place of a finding, as the response may quote it.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::sync::LazyLock;

use super::model::folded;
use super::month_names::calendar_words;
use super::parsed_workbook::CellMapper;
use super::table::{CellAddress, Table, Value};
use super::values::trimmed_text;
use crate::domain::finding::{CellSource, Finding, Findings};
use crate::domain::kinds::attendance::{Reason, code};
use crate::domain::text::is_invisible;
use crate::words::LocalText;

/// Properties whose values are personal: only their form is quoted.
const PERSONAL: [&str; 6] = ["familyName", "givenName", "birthDate", "ssin", "ssinPresent", "grossCents"];
/// Properties whose values are codes of a list or the name of a crèche, never a person.
const CODES: [&str; 4] = ["category", "kind", "status", "crecheId"];
/// The most characters of a cell that are quoted.
const MOST: usize = 40;
/// The most characters of a text that is quoted whole: more is free text.
const SHORT: usize = 20;
/// The number of digits from which on a number may be a person's.
const DIGITS: usize = 10;
/// Letters quoted of a word that may be a name, and letters up to which no word is one.
const LETTERS: usize = 2;
const LONG: usize = 3;

/// How much of a cell may be quoted, besides the names in the columns of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Privacy {
    /// Only its form.
    Personal,
    /// All but the words that begin as names do: references may be names, and shifted columns may have anything.
    Word,
    /// All but free text.
    DayCode,
    /// All of it.
    Code,
}

impl Privacy {
    /// That of the value at this place.
    fn of(pointer: &str) -> Self {
        let property = pointer.rsplit('/').next().unwrap_or_default();
        match property {
            property if PERSONAL.contains(&property) => Self::Personal,
            // Salaries.
            _ if pointer.contains("/grossSalaries") => Self::Personal,
            _ if pointer.contains("/days/") => Self::DayCode,
            property if CODES.contains(&property) => Self::Code,
            _ => Self::Word,
        }
    }

    /// The same on a line with these names. Where they are no names, columns are shifted, and codes may be names.
    fn where_named(self, names: &[String]) -> Self {
        let is_name = |name: &String| !name.contains(|character: char| character.is_ascii_digit());
        let has_names = names.len() == 2 && names.iter().all(is_name);
        if matches!(self, Self::DayCode | Self::Code) && !has_names { Self::Word } else { self }
    }
}

/// The headers of the columns of names, folded.
const NAME_HEADERS: [&str; 2] = ["nom", "prenom"];

/// The words of the names in the sheets, folded.
fn names(sheets: &[Option<Table>]) -> HashSet<String> {
    let mut names = HashSet::new();
    for table in sheets.iter().flatten() {
        let mut columns = HashSet::new();
        for cell in table.cells() {
            let Value::Text(text) = table.value(cell) else { continue };
            if text.len() <= 12 && NAME_HEADERS.contains(&folded(text).as_str()) {
                columns.insert(cell.column);
            } else if columns.contains(&cell.column) {
                names.extend(text.split(|character: char| !character.is_alphanumeric()).map(folded));
            }
        }
    }
    names
}

/// Sets the content of the sheets at the first place of each finding that has none yet.
pub(in crate::ingest) fn attach_cells(findings: &mut Findings, sheets: &[Option<Table>], places: &dyn CellMapper) {
    attach_to(findings, sheets, places, |finding| finding.source.is_none());
}

/// The same for findings on the value of a cell, before they are folded: different values are reported separately.
pub(in crate::ingest) fn attach_to_values(findings: &mut Findings, sheets: &[Option<Table>], places: &dyn CellMapper) {
    attach_to(findings, sheets, places, Finding::is_about_written_text);
}

fn attach_to(
    findings: &mut Findings,
    sheets: &[Option<Table>],
    places: &dyn CellMapper,
    wanted: impl Fn(&Finding) -> bool,
) {
    let names = LazyCell::new(|| names(sheets));
    let is_name = |word: &str| names.contains(word);
    for finding in findings.into_iter().filter(|finding| wanted(finding)) {
        finding.source = source(finding, sheets, &is_name, places).map(Box::new);
    }
}

fn source(
    finding: &Finding,
    sheets: &[Option<Table>],
    is_name: &dyn Fn(&str) -> bool,
    places: &dyn CellMapper,
) -> Option<CellSource> {
    let place = finding.place();
    let own = places.cell_of(&place.pointer).filter(|cell| place.cell.as_ref() == Some(cell));
    let at = |property: &str| {
        let mut steps = place.pointer.splitn(4, '/');
        let (list, index) = (steps.nth(1)?, steps.next()?);
        text_at(sheets, &places.cell_of(&format!("/{list}/{index}/{property}"))?)
    };
    let name: Vec<_> = ["givenName", "familyName"].into_iter().filter_map(at).collect();
    let privacy = Privacy::of(&place.pointer).where_named(&name);
    let shown = own.and_then(|cell| text_at(sheets, &cell)).map(|text| quoted(&text, privacy, is_name));
    let reference = at("reference").map(|reference| quoted(&reference, Privacy::Word, is_name));
    let source = CellSource { shown, reference, name: (!name.is_empty()).then(|| name.join(" ")) };
    (source != CellSource::default()).then_some(source)
}

/// The displayed text of a cell.
fn text_at(sheets: &[Option<Table>], cell: &str) -> Option<String> {
    let (table, value) = cell_at(sheets, cell)?;
    Some(match value {
        Value::Moment(days) => date_time_text(table, days).unwrap_or_else(|| days.to_string()),
        Value::Text(text) => trimmed_text(text).to_owned(),
        other => other.to_string(),
    })
}

/// The value of a cell, by its address with the name of its sheet (`Présences!H12`).
pub(in crate::ingest) fn cell_at<'a>(sheets: &'a [Option<Table>], cell: &str) -> Option<(&'a Table, Value<'a>)> {
    let (sheet, address) = cell.rsplit_once('!')?;
    let (row, column) = CellAddress::parse(address)?.parts();
    let table = sheets.iter().flatten().find(|table| table.sheet == sheet)?;
    Some((table, table.at(row, column)?))
}

fn date_time_text(table: &Table, days: f64) -> Option<String> {
    if let Some(day) = table.day(days) {
        return Some(day.strftime("%d/%m/%Y").to_string());
    }
    if (0.0..1.0).contains(&days) {
        let (_, time) = table.date_time(days + 1.0)?;
        return Some(time.strftime("%H:%M").to_string());
    }
    let (day, time) = table.date_time(days)?;
    Some(format!("{} {}", day.strftime("%d/%m/%Y"), time.strftime("%H:%M")))
}

/// A text quoted in a sentence: on one line, shortened, masked where it is or may be personal. `is_name`: whether a word,
/// folded, is one of the names in the sheets, which are compared only where a word could be masked for that.
fn quoted(text: &str, privacy: Privacy, is_name: &dyn Fn(&str) -> bool) -> String {
    let shown = text.chars().filter(|character| !is_invisible(*character));
    let line = shown.map(|character| if character.is_control() { ' ' } else { character });
    let mut line: String = line.take(MOST + 1).collect();
    if line.chars().count() > MOST {
        line = line.chars().take(MOST - 1).chain(['…']).collect();
    }
    let digits = line.chars().filter(char::is_ascii_digit).count();
    match if digits >= DIGITS { Privacy::Personal } else { privacy } {
        Privacy::Personal => masked(&line, |_| 0),
        Privacy::Word => masked(&line, |word| if is_capital(word) { letters_of(word) } else { usize::MAX }),
        Privacy::DayCode if is_free_text(&line) => masked(&line, letters_of),
        Privacy::DayCode | Privacy::Code => {
            let kept = |word: &str| Some(letters_of(word)).filter(|kept| *kept == usize::MAX || is_name(&plain(word)));
            masked(&line, |word| kept(word).unwrap_or(usize::MAX))
        }
    }
}

/// Whether a text is longer than any value, or has several words and so may contain a person's names.
fn is_free_text(line: &str) -> bool {
    let is_word = |word: &&str| !word.is_empty() && word.chars().all(char::is_alphabetic);
    let words = line.split(|character: char| !character.is_alphanumeric()).filter(is_word);
    line.chars().count() > SHORT || words.filter(|word| !is_known(word)).count() > 1
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// How many letters of a word that may be a name are quoted: enough to identify the word.
fn letters_of(word: &str) -> usize {
    let letters = word.chars().filter(|character| character.is_alphabetic()).count();
    if letters <= LONG || is_known(word) { usize::MAX } else { LETTERS }
}

/// The displayed text of a boolean cell.
const TRUTHS: [&str; 4] = ["vrai", "faux", "true", "false"];

/// The words of the lists of codes, months and weekdays, folded, which are not names of persons.
static KNOWN: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let reasons = Reason::ALL.iter().map(|reason| reason.label());
    let texts = reasons.flat_map(|LocalText { fr, nl, en }| [fr, nl, en]);
    let all = texts.chain(calendar_words()).chain(code::vocabulary()).chain(TRUTHS);
    all.flat_map(|text| folded(text).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
});

fn is_known(word: &str) -> bool {
    KNOWN.contains(&plain(word))
}

/// A word folded, without the sign after it.
fn plain(word: &str) -> String {
    folded(word.trim_matches(|character: char| !character.is_alphanumeric()))
}

/// The form of a text: the positions of letters and digits, and what is between them. `kept` is the number of
/// characters of a word that are quoted.
fn masked(text: &str, kept: impl Fn(&str) -> usize) -> String {
    let mut masked = String::with_capacity(text.len());
    for word in text.split_inclusive(|character: char| !character.is_alphanumeric()) {
        let kept = kept(word);
        let sign = |(at, character): (usize, char)| {
            if at < kept || !character.is_alphanumeric() { character } else { '•' }
        };
        masked.extend(word.chars().enumerate().map(sign));
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, privacy: Privacy) -> String {
        quoted(text, privacy, &|word| word == "vanderquixote")
    }

    #[test]
    fn what_is_or_may_be_personal_is_masked() {
        for (text, privacy, expected) in [
            ("85.03.14-977.21", Privacy::Personal, "••.••.••-•••.••"),
            ("85.03.14-977.21", Privacy::DayCode, "••.••.••-•••.••"),
            ("Maes", Privacy::Personal, "••••"),
            ("Zoé Maes", Privacy::DayCode, "Zoé Ma••"),
            ("léonie maes", Privacy::DayCode, "lé•••• ma••"),
            ("VANDERQUIXOTE", Privacy::DayCode, "VA•••••••••••"),
            ("Vanderquixote", Privacy::Code, "Va•••••••••••"),
            ("Maes-1", Privacy::Word, "Ma••-1"),
            ("a\u{200b}b\nc", Privacy::Code, "ab c"),
        ] {
            assert_eq!(shown(text, privacy), expected, "{text:?}");
        }
        assert_eq!(shown(&"x".repeat(50), Privacy::Code).chars().count(), MOST);
        assert_eq!(shown(&"x".repeat(30), Privacy::DayCode), format!("xx{}", "•".repeat(28)));
    }

    #[test]
    fn codes_and_other_values_are_shown_whole() {
        for text in ["Malade", "Férié", "VRAI", "A", "-", "80", "AJ/2 07:30-16:45", "7u30", "31/02/2026"] {
            assert_eq!(shown(text, Privacy::DayCode), text);
        }
        for text in ["VRAI", "99999", "3 Octobre 26", "lundi 2 septembre 2026"] {
            assert_eq!(shown(text, Privacy::Word), text);
        }
        assert_eq!(shown("Aide maternelle", Privacy::Code), "Aide maternelle");
    }
}
