//! The times of a day code: arrival and departure, of which one may be left out.

use crate::domain::raw::{Field, TimeOfDay};

/// The dashes that part two times.
const DASHES: [char; 6] = ['-', '\u{2010}', '\u{2011}', '–', '—', '−'];
/// The words that part two times, folded.
const WORDS: [&str; 3] = ["tot", "to", "a"];
/// The first hour of a day that may be written as a bare number: below it, `1-2` is more likely something else.
const FIRST_HOUR: u8 = 5;

/// Arrival and departure of a text without white space.
pub(super) fn read(text: &str) -> Option<(Field<TimeOfDay>, Field<TimeOfDay>)> {
    let text = text.trim_matches(['(', ')']);
    if let Some((arrival, departure)) = text.split_once(DASHES) {
        return one_or_both(arrival, departure);
    }
    if let Some((arrival, departure)) = text.split_once('/') {
        let time = |text: &str| TimeOfDay::written(text).or_else(|| four_digits(text));
        return Some((Field::Present(time(arrival)?), Field::Present(time(departure)?)));
    }
    WORDS.iter().find_map(|word| parted_by(text, word)).and_then(|(arrival, departure)| both(arrival, departure))
}

/// Two times as they are written, or one where the other is left out.
fn one_or_both(arrival: &str, departure: &str) -> Option<(Field<TimeOfDay>, Field<TimeOfDay>)> {
    match (arrival, departure) {
        ("", "") => None,
        ("", one) => Some((Field::Absent, Field::Present(TimeOfDay::written(one)?))),
        (one, "") => Some((Field::Present(TimeOfDay::written(one)?), Field::Absent)),
        (arrival, departure) => both(arrival, departure),
    }
}

/// Two times, also as numbers without a separator (`0730`) and as bare hours of one day (`7`).
fn both(arrival: &str, departure: &str) -> Option<(Field<TimeOfDay>, Field<TimeOfDay>)> {
    if let (Some(from), Some(to)) = (hour(arrival), hour(departure)) {
        let one_day = FIRST_HOUR <= from && from < to;
        return one_day.then(|| Some((on_the_hour(from)?, on_the_hour(to)?)))?;
    }
    let time = |text: &str| {
        let written = TimeOfDay::written(text).or_else(|| four_digits(text));
        written.map(Field::Present).or_else(|| on_the_hour(hour(text)?))
    };
    Some((time(arrival)?, time(departure)?))
}

/// The parts of a text before and after a word between two times.
fn parted_by<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut parts = text.match_indices(word).map(|(at, _)| (&text[..at], &text[at + word.len()..]));
    let begins_a_time = |text: &str| text.starts_with(|character: char| character.is_ascii_digit());
    parts.find(|(before, after)| begins_a_time(before) && begins_a_time(after))
}

/// `0730` and `730`.
fn four_digits(text: &str) -> Option<TimeOfDay> {
    let is_number = matches!(text.len(), 3 | 4) && text.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = is_number.then(|| text.split_at(text.len() - 2))?;
    TimeOfDay::written(&format!("{hour}:{minute}"))
}

/// A bare hour.
fn hour(text: &str) -> Option<u8> {
    matches!(text.len(), 1 | 2).then(|| text.parse().ok())?
}

fn on_the_hour(hour: u8) -> Option<Field<TimeOfDay>> {
    TimeOfDay::written(&format!("{hour}:00")).map(Field::Present)
}
