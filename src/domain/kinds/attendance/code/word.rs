//! The word of a day code: the letters of the model, the words of its legend in any of the three languages, or the
//! API's.

use super::UnreadCode;
use crate::domain::kinds::attendance::{Duration, Status};
use crate::domain::text::folded;

/// Words for presence.
const PRESENT: [&str; 7] = ["p", "present", "presente", "presence", "aanwezig", "aanwezige", "aanwezigheid"];
/// Words for absence without its justification.
const ABSENT: [&str; 7] = ["absence", "absente", "absent", "afwezigheid", "afwezige", "afwezig", "abs"];
/// Words that make an absence a justified one.
const JUSTIFIED: [&str; 5] = ["justifie", "justifiee", "gewettigd", "gewettigde", "justified"];
/// Words that make it an unjustified one.
const UNJUSTIFIED: [&str; 9] = [
    "injustifie",
    "injustifiee",
    "nonjustifie",
    "nonjustifiee",
    "ongewettigd",
    "ongewettigde",
    "nietgewettigd",
    "nietgewettigde",
    "unjustified",
];
/// Signs for half a day, after a word and before it.
const HALF_SIGNS: [&str; 3] = ["1/2", "/2", "½"];
const LEADING_HALF_SIGNS: [&str; 2] = ["1/2", "½"];
/// Words for half a day.
const HALF_WORDS: [&str; 8] = ["demijournee", "demijour", "demie", "demi", "halvedag", "halve", "halfday", "half"];
/// What may follow a sign for half.
const DAY_WORDS: [&str; 4] = ["journee", "jour", "dag", "day"];

/// Every word of a code, folded.
pub fn vocabulary() -> impl Iterator<Item = &'static str> {
    let lists: [&[&str]; 6] = [&PRESENT, &ABSENT, &JUSTIFIED, &UNJUSTIFIED, &HALF_WORDS, &DAY_WORDS];
    lists.into_iter().flatten().copied()
}

/// A code without white space, normalised for comparison: folded, without `(e)` and the signs in and around
/// words.
pub(super) fn comparable_text(compact: &str) -> String {
    let text = folded(compact).replace("(e)", "");
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let follows = plain.ends_with(char::is_alphabetic);
        let leads = rest.peek().is_some_and(|next| next.is_alphabetic());
        let is_of_a_word = match character {
            '.' | ',' | ')' => follows,
            '-' => follows && leads,
            '(' => leads,
            _ => false,
        };
        if !is_of_a_word {
            plain.push(character);
        }
    }
    plain
}

/// Status and duration of a code made [`comparable_text`], and what follows them.
pub(super) fn parse_status(text: &str) -> Result<(Status, Duration, &str), UnreadCode> {
    let (before, text) = half_sign(text, &LEADING_HALF_SIGNS).unwrap_or((false, text));
    let end = text.find(|character: char| !character.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let (within, word) = half_word(word);
    let (after, rest) = half_sign(rest, &HALF_SIGNS).unwrap_or((false, rest));
    let duration = match [before, within, after].into_iter().filter(|half| *half).count() {
        0 => Duration::Full,
        1 => Duration::Half,
        _ => return Err(UnreadCode::NotACode),
    };
    Ok((named(word)?, duration, rest))
}

/// What follows a sign for half at the beginning.
fn half_sign<'a>(text: &'a str, signs: &[&str]) -> Option<(bool, &'a str)> {
    let rest = signs.iter().find_map(|sign| text.strip_prefix(sign))?;
    let after = DAY_WORDS.iter().find_map(|word| rest.strip_prefix(word));
    Some((true, after.unwrap_or(rest)))
}

/// Whether a word has half at its beginning or end, and the word without that.
fn half_word(word: &str) -> (bool, &str) {
    let without = |half: &&str| word.strip_prefix(*half).or_else(|| word.strip_suffix(*half));
    HALF_WORDS.iter().find_map(without).map_or((false, word), |rest| (true, rest))
}

/// The status that a word names.
fn named(word: &str) -> Result<Status, UnreadCode> {
    match word {
        word if PRESENT.contains(&word) => Ok(Status::Present),
        "aj" => Ok(Status::JustifiedAbsence),
        "ai" => Ok(Status::UnjustifiedAbsence),
        word if ABSENT.contains(&word) => Err(UnreadCode::AbsenceKind),
        word => absence(word).ok_or(UnreadCode::NotACode),
    }
}

/// The absence that a word names, its two parts in either order.
fn absence(word: &str) -> Option<Status> {
    let kinds = ABSENT.iter().flat_map(|noun| [word.strip_prefix(noun), word.strip_suffix(noun)]).flatten();
    kinds.into_iter().find_map(|kind| {
        let justified = JUSTIFIED.contains(&kind).then_some(Status::JustifiedAbsence);
        justified.or_else(|| UNJUSTIFIED.contains(&kind).then_some(Status::UnjustifiedAbsence))
    })
}
