//! Cells as fields: tolerant of how a spreadsheet program stores a value, strict about what the value is.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use jiff::civil::{Date, Time};

use super::model::folded;
use super::month_names::month_named;
use super::table::{Table, Value};
use super::weekday::is_weekday;
use crate::domain::money::Cents;
use crate::domain::person::SsinText;
use crate::domain::raw::{Field, Raw, TimeOfDay};
use crate::domain::text::is_invisible;

/// The text of an SSIN cell for a number that is stored already and not displayed.
pub const SSIN_ON_FILE: &str = "connu";
/// The largest whole number that a cell stores exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A text field; whole numbers lose their decimal point, texts the white space around them. A line break or a tab
/// within a cell is a space.
pub fn text_field<T: Raw>(value: Value<'_>) -> Field<T> {
    let words = cell_text(value);
    if words.contains(is_line_break) {
        let lines = words.split(is_line_break).map(str::trim).filter(|line| !line.is_empty());
        return Field::from_text(&lines.collect::<Vec<_>>().join(" "));
    }
    Field::from_text(&words)
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\t' | '\u{b}' | '\u{2028}' | '\u{2029}')
}

/// The text of a cell, trimmed (non-breaking spaces too).
pub fn cell_text(value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Text(text) | Value::Error(text) => Cow::Borrowed(trimmed_text(text)),
        Value::Number(number) | Value::Moment(number) => {
            whole_number(number).map_or_else(|| Cow::Owned(number.to_string()), |number| Cow::Owned(number.to_string()))
        }
        Value::Bool(_) => Cow::Owned(value.to_string()),
    }
}

/// Without white space and invisible signs at either end.
pub fn trimmed_text(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || is_invisible(character))
}

/// The significant characters of a number, a date or a time: without white space and invisible signs, every
/// hyphen and dash a plain one.
fn compact(text: &str) -> String {
    let shown = text.chars().filter(|character| !character.is_whitespace() && !is_invisible(*character));
    shown
        .map(|character| if matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { character })
        .collect()
}

/// A number without a fraction.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub fn whole_number(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// A date: a real one, a serial number, `2026-10-31`, `31/10/2026` in any of its usual spellings, or `31 octobre 2026`.
/// A year has four digits.
pub fn date_field(table: &Table, value: Value<'_>) -> Field<Date> {
    parse_date(table, value).map_or_else(|| Field::malformed(cell_text(value)), Field::Present)
}

/// The date in a cell.
pub fn parse_date(table: &Table, value: Value<'_>) -> Option<Date> {
    match value {
        Value::Moment(days) => table.day(days),
        Value::Number(days) if !table.from_1904 => table.day(days),
        Value::Text(text) => written_day(trimmed_text(text)),
        _ => None,
    }
}

/// A date as users write it: day, month and year with slashes, dots or hyphens; or the ISO format, also at midnight.
fn written_day(trimmed_text: &str) -> Option<Date> {
    let text = compact(trimmed_text);
    let (day, time) = text.split_at_checked(10).unwrap_or((&text, ""));
    let iso = is_midnight(time).then(|| Date::from_text(&day.replace('/', "-"))).flatten();
    iso.or_else(|| written_day_first(&text)).or_else(|| written_in_words(trimmed_text))
}

/// Words that may precede a date.
const BEFORE_DATES: [&str; 5] = ["le", "op", "de", "den", "the"];

/// A date with the name of its month, with or without the weekday: `mardi 1er mars 2022`, `31-okt-2026`, `3 févr.
/// 2026`.
fn written_in_words(text: &str) -> Option<Date> {
    let text = folded(text);
    let parts = text.split([' ', '-', '.', '/', ',']).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.skip_while(|part| is_weekday(part) || BEFORE_DATES.contains(part)).collect();
    let [day, month, year] = parts[..] else { return None };
    let day = day.strip_suffix("er").unwrap_or(day);
    let digits = |text: &str, lengths: RangeInclusive<usize>| {
        (lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let (day, year): (i16, i16) = (digits(day, 1..=2)?, digits(year, 4..=4)?);
    Date::new(year, month_named(month)?.try_into().ok()?, day.try_into().ok()?).ok()
}

/// The years of all dates of persons, stays and contracts.
const YEARS: RangeInclusive<i16> = 1920..=2100;

/// Whether a date can be one of a person's life, stay or contract.
pub fn is_plausible(date: Date) -> bool {
    YEARS.contains(&date.year())
}

/// Whether the text after an ISO date adds nothing to it.
fn is_midnight(time: &str) -> bool {
    let time = time.strip_prefix('T').unwrap_or(time).trim_end_matches('Z');
    time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.')) && (time.is_empty() || time.len() >= 5)
}

/// A date with a time of day other than midnight, both as they are written.
pub fn split_date_time(text: &str) -> Option<(Date, &str)> {
    let (day, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix(['T', ' '])?;
    let is_time = time.len() >= 4 && time.starts_with(|c: char| c.is_ascii_digit()) && time.contains(':');
    let day = Date::from_text(day).or_else(|| written_day_first(day))?;
    (is_time && !is_midnight(time)).then_some((day, time))
}

fn written_day_first(text: &str) -> Option<Date> {
    let separator = text.chars().find(|character| matches!(character, '/' | '.' | '-'))?;
    let mut parts = text.split(separator);
    let mut number = |lengths: RangeInclusive<usize>| {
        let part = parts.next()?.trim();
        (lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())?
    };
    let (day, month, year) = (number(1..=2)?, number(1..=2)?, number(4..=4)?);
    parts.next().is_none().then(|| Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok())?
}

/// A national number: points, hyphens and spaces are ignored, and lost leading zeros restored. `true` when
/// the cell has the text for a number that is stored already.
pub fn ssin_field(value: Value<'_>) -> (Field<SsinText>, Field<bool>) {
    let text = match value {
        Value::Number(number) => match whole_number(number).filter(|number| *number >= 0) {
            Some(number) => format!("{number:011}"),
            None => number.to_string(),
        },
        other if folded(&cell_text(other)) == SSIN_ON_FILE => return (Field::Absent, Field::Present(true)),
        other => without_separators(&cell_text(other)),
    };
    (Field::from_text(&text), Field::Absent)
}

/// Eleven digits that programs may store as a number: points, hyphens and spaces are ignored.
pub fn digits_field<T: Raw>(value: Value<'_>) -> Field<T> {
    Field::from_text(&without_separators(&cell_text(value)))
}

/// A number without the points, hyphens, slashes and spaces that users write in it.
fn without_separators(text: &str) -> String {
    compact(text).chars().filter(|character| !matches!(character, '.' | '-' | '/')).collect()
}

/// Minutes in a day.
const DAY: f64 = 24.0 * 60.0;
/// How far from a minute a cell may be, in minutes: a second.
const SECOND: f64 = 1.0 / 60.0;

/// From this serial day on (1 January 2000) a value is a date with its time; below it, a duration of several days is no
/// time of day.
const FIRST_DATE: f64 = 36_526.0;

/// A time of day: a real one (a part of a day, also of a date that is formatted as a time), or `13:30`, `13 h 30`,
/// `9:05`, `1:30 PM`.
pub fn time_field(value: Value<'_>) -> Field<TimeOfDay> {
    let found = match value {
        Value::Moment(days) if days >= FIRST_DATE => time_of(days.fract()),
        Value::Number(days) | Value::Moment(days) => time_of(days),
        Value::Text(text) => TimeOfDay::written(&compact(text)),
        _ => None,
    };
    found.map_or_else(|| Field::malformed(cell_text(value)), Field::Present)
}

/// The date in a cell with a time.
pub fn date_of_time(table: &Table, value: Value<'_>) -> Option<Date> {
    match value {
        Value::Moment(days) if days >= FIRST_DATE => table.date_time(days).map(|(date, _)| date),
        _ => None,
    }
}

/// The part of a day that is a time, to the minute.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn time_of(days: f64) -> Option<TimeOfDay> {
    let minutes = (0.0..1.0).contains(&days).then_some(days * DAY)?;
    let whole = minutes.round();
    let near = (minutes - whole).abs() <= SECOND && whole < DAY;
    let (hour, minute) = ((whole / 60.0).floor() as i8, (whole % 60.0) as i8);
    near.then(|| Time::new(hour, minute, 0, 0).ok().map(TimeOfDay))?
}

/// An amount in euros.
pub fn amount_field(value: Value<'_>) -> Field<Cents> {
    let found = match value {
        Value::Number(euros) | Value::Moment(euros) => Cents::from_euros(euros),
        Value::Text(text) => Cents::parse(&text.chars().filter(|sign| !is_invisible(*sign)).collect::<String>()),
        _ => None,
    };
    found.map_or_else(|| Field::malformed(cell_text(value)), Field::Present)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date_of(text: &str) -> Option<String> {
        parse_date(&Table::default(), Value::Text(text)).map(|date| date.to_string())
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "2026-10-03",
            "03/10/2026",
            "3/10/2026",
            "3.10.2026",
            "03-10-2026",
            "\u{a0}03/10/2026 ",
            "2026-10-03T00:00:00",
            "2026-10-03 00:00",
            "\u{200e}03\u{2011}10\u{2011}2026\u{200e}",
        ] {
            assert_eq!(date_of(text).as_deref(), Some("2026-10-03"), "{text:?}");
        }
        for text in [
            "",
            "3/10/26",
            "31/02/2026",
            "10/2026",
            "2026-13-01",
            "3/10/2026/1",
            "hier",
            "é/10/2026",
            "2026-10-03x",
            "2026-10-03 12:30",
            "vers 3 octobre 2026",
        ] {
            assert_eq!(date_of(text), None, "{text:?}");
        }
    }

    #[test]
    fn national_numbers_are_read_whatever_the_spelling() {
        let read = |value| ssin_field(value).0.take().map(|SsinText(digits)| digits);
        assert_eq!(read(Value::Number(2_071_996_837.0)).as_deref(), Some("02071996837"));
        assert_eq!(read(Value::Text("85.03.14-977.21\u{a0}")).as_deref(), Some("85031497721"));
        assert_eq!(read(Value::Text("8503149772")), None);
        assert_eq!(read(Value::Number(1.5)), None);
        assert_eq!(ssin_field(Value::Text(" Connu ")), (Field::Absent, Field::Present(true)));
    }

    #[test]
    fn times_and_amounts_are_read_as_programs_and_people_write_them() {
        let read = |value| time_field(value).take().map(String::from);
        let half_past = 13.5 / 24.0;
        for value in [
            Value::Number(half_past),
            Value::Moment(half_past + 1e-6),
            Value::Text(" 13:30 "),
            Value::Text("13h30"),
            Value::Text("13:30:00"),
            Value::Text("13 h 30"),
            Value::Text("13\u{202f}h\u{a0}30"),
            Value::Text("13u30"),
            Value::Text("1:30 PM"),
            Value::Moment(46_296.0 + half_past),
        ] {
            assert_eq!(read(value).as_deref(), Some("13:30"), "{value:?}");
        }
        assert_eq!(read(Value::Text("9h")).as_deref(), Some("09:00"));
        for value in [
            Value::Number(1.2),
            Value::Number(-0.1),
            Value::Number(half_past + 0.0003),
            Value::Text("25:00"),
            Value::Text("midi"),
            Value::Text("8h5"),
            Value::Text("13:30 PM"),
            Value::Moment(1.0 + half_past),
        ] {
            assert_eq!(read(value), None, "{value:?}");
        }
        assert_eq!(amount_field(Value::Number(85.5)), Field::Present(Cents(8550)));
        assert_eq!(amount_field(Value::Number(0.1 + 0.2)), Field::Present(Cents(30)));
        assert_eq!(amount_field(Value::Text("85,50 €")), Field::Present(Cents(8550)));
        assert_eq!(amount_field(Value::Number(85.505)), Field::malformed("85.505"));
        assert_eq!(amount_field(Value::Number(-1.0)), Field::malformed("-1"));
    }
}
