//! Typed values in words: the name of each field and its value, without codes, ids and national numbers. Values
//! without words are not displayed.

mod catalogue;

use jiff::civil::Date;

use self::catalogue::{FieldKind, field};
use crate::console::users::level_words;
use crate::domain::creche::Creche;
use crate::domain::period::Month;
use crate::domain::raw::Raw as _;
use crate::domain::ssin::Ssin;
use crate::domain::statement::StatementKind;
use crate::domain::user::FILES;
use crate::words::{self, Language, LocalText};

/// A field of the form with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LabelledValue {
    pub(super) label: String,
    pub(super) value: String,
}

/// The most fields that are displayed.
const SHOWN: usize = 60;

/// The mask of a national number.
const MASK: &str = "•••••••••••";

/// Whether a form belongs to the part of the console that begins at `part`.
pub(super) fn is_part(part: &str, action: &str) -> bool {
    match StatementKind::ALL.iter().find(|kind| kind.board() == Some(part)) {
        Some(kind) => action.contains(&format!("/{}/", kind.name())),
        None => action.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

/// The fields that have words, in the order of the form; the values of one field together.
pub(super) fn values(
    action: &str,
    fields: &[(String, String)],
    creches: &[Creche],
    language: Language,
) -> Vec<LabelledValue> {
    let mut shown: Vec<LabelledValue> = filled_lines(fields, language).into_iter().collect();
    for (name, text) in fields.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let Some(one) = labelled(action, (name, text.trim()), creches, language) else { continue };
        match shown.iter_mut().find(|before| before.label == one.label) {
            Some(before) => before.value = format!("{}, {}", before.value, one.value),
            None => shown.push(one),
        }
    }
    shown.truncate(SHOWN);
    shown
}

fn labelled(action: &str, (name, text): (&str, &str), creches: &[Creche], language: Language) -> Option<LabelledValue> {
    if let Some(cell) = name.strip_prefix("right.") {
        return right(cell, text, creches, language);
    }
    let plain = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let (label, kind) = field(action, plain)?;
    let label = match &name[plain.len()..] {
        "" => label.get(language).to_owned(),
        number => format!("{} ({} {number})", label.get(language), FUNCTION.get(language)),
    };
    Some(LabelledValue { label, value: in_words(kind, text, creches, language)? })
}

/// The displayed value of a field.
fn in_words(kind: FieldKind, text: &str, creches: &[Creche], language: Language) -> Option<String> {
    match kind {
        FieldKind::Text => Some(masked(text)),
        FieldKind::Number => text.parse::<u32>().ok().map(|number| number.to_string()),
        FieldKind::Inami => Some(text.to_owned()),
        FieldKind::Ssin => Some(MASK.to_owned()),
        FieldKind::Date => Date::from_text(text).map(|date| written(date, language)),
        FieldKind::Creche => name_of(text, creches),
        FieldKind::Code(words) => words(text).map(|words| words.get(language).to_owned()),
        FieldKind::Tick(words) => Some(words.get(language).to_owned()),
    }
}

/// A right to a file of a crèche, which `cell` names.
fn right(cell: &str, level: &str, creches: &[Creche], language: Language) -> Option<LabelledValue> {
    let (creche, file) = cell.split_once('.')?;
    let file = FILES.get(file.parse::<usize>().ok()?)?.label.get(language);
    let label = format!("{file} · {}", name_of(creche, creches)?);
    Some(LabelledValue { label, value: level_words(level)?.get(language).to_owned() })
}

fn name_of(id: &str, creches: &[Creche]) -> Option<String> {
    creches.iter().find(|creche| creche.id.to_string() == id).map(|creche| creche.name.clone())
}

/// A day in the long format: “12 novembre 2026”.
fn written(date: Date, language: Language) -> String {
    let month = Month::of(date).in_words(language);
    match (language, date.day()) {
        (Language::Fr, 1) => format!("1er {month}"),
        (_, day) => format!("{day} {month}"),
    }
}

/// How many lines of a table are not empty.
fn filled_lines(fields: &[(String, String)], language: Language) -> Option<LabelledValue> {
    let cells: Vec<_> = fields.iter().filter(|(name, _)| name == "c").map(|(_, text)| text).collect();
    let rows: usize = fields.iter().find(|(name, _)| name == "rows")?.1.parse().ok()?;
    let width = cells.len().checked_div(rows).filter(|width| *width > 0)?;
    let filled = cells.chunks(width).filter(|row| row.iter().any(|text| !text.trim().is_empty())).count();
    Some(LabelledValue { label: LINES.get(language).to_owned(), value: filled.to_string() })
}

/// The text with a mask for every national number in it, however it is written.
fn masked(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_digit() || ". -/\u{a0}\u{202f}".contains(letter);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|letter| !is_part(letter)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        shown.push_str(before);
        shown.push_str(&if Ssin::parse(&digits).is_ok() { hidden(run) } else { run.to_owned() });
        rest = after;
    }
    shown + rest
}

/// The same without its digits.
fn hidden(run: &str) -> String {
    run.chars().map(|letter| if letter.is_ascii_digit() { '•' } else { letter }).collect()
}

const FUNCTION: LocalText = words::expired_form_page::FUNCTION;
const LINES: LocalText = words::expired_form_page::LINES;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_national_number_in_a_text_is_masked_and_other_numbers_are_not() {
        assert_eq!(masked("né 85.03.14-977.21, merci"), "né ••.••.••-•••.••, merci");
        assert_eq!(masked("85031497721"), "•••••••••••");
        assert_eq!(masked("0470 00 00 01 ou 12"), "0470 00 00 01 ou 12");
    }

    #[test]
    fn a_day_is_written_as_people_say_it() {
        let day = Date::constant(2026, 11, 1);
        assert_eq!(written(day, Language::Fr), "1er novembre 2026");
        assert_eq!(written(day, Language::Nl), "1 november 2026");
    }
}
