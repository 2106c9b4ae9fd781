//! The day codes of the workbook model: `P`, `AJ`, `AI`, each with `/2` for half a day, halves joined by `+`, then
//! arrival and departure (`P 07:30-16:45`) and a reason after a colon, both optional (ADR 0025). The words of the API
//! (`present`, `justifiedAbsence`) and those of the model's legend (`Présente`, `gewettigd afwezig`) are read as well.

mod times;
mod word;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

pub use self::word::vocabulary;
use super::raw::RawDay;
use super::{Duration, Reason, Status};
use crate::domain::raw::{Field, TimeOfDay};
use crate::domain::text::name_match_key;
use crate::words::LocalText;

/// The most entries that one cell may hold.
const MOST: usize = 2;

/// One parsed code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Present or absent.
    pub status: Status,
    /// Whole or half.
    pub duration: Duration,
    /// Why absent; malformed when the word after the colon is not on the list.
    pub reason: Field<Reason>,
    /// Arrival, local time.
    pub arrival: Field<TimeOfDay>,
    /// Departure, local time.
    pub departure: Field<TimeOfDay>,
}

/// Why a text is no day code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadCode {
    /// Its word is not of the list.
    NotACode,
    /// It is an absence without its justification.
    AbsenceKind,
    /// Its times cannot be read.
    Times,
}

impl Code {
    /// One code; `compact` has no white space.
    fn parse(compact: &str) -> Result<Self, UnreadCode> {
        if let Some(code) = Self::plain(compact) {
            return Ok(code);
        }
        let (text, reason) = split_reason(compact);
        let plain = word::comparable_text(text);
        let (status, duration, rest) = word::parse_status(&plain)?;
        let (arrival, departure) = match rest.trim_start_matches([':', ',']) {
            "" => (Field::Absent, Field::Absent),
            rest => times::read(rest).ok_or_else(|| unread_rest(rest))?,
        };
        Ok(Self { status, duration, reason: reason.map_or(Field::Absent, reason_named), arrival, departure })
    }

    /// A code without reason and times in its canonical spelling, as most cells have it: nothing need be compared or
    /// allocated for that.
    pub fn plain(text: &str) -> Option<Self> {
        let half = text.strip_suffix("/2");
        let duration = if half.is_some() { Duration::Half } else { Duration::Full };
        let letters = half.unwrap_or(text);
        let status = *Status::ALL.iter().find(|status| code_letters(**status) == letters)?;
        Some(Self { status, duration, reason: Field::Absent, arrival: Field::Absent, departure: Field::Absent })
    }
}

/// What is wrong with what follows a code: times, where there are several digits.
fn unread_rest(rest: &str) -> UnreadCode {
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    if digits > 1 { UnreadCode::Times } else { UnreadCode::NotACode }
}

/// The code, and the word after the colon. A time has a colon too, but no letter follows it.
fn split_reason(text: &str) -> (&str, Option<&str>) {
    let colon = text.match_indices(':').map(|(at, _)| at).find(|at| text[at + 1..].starts_with(char::is_alphabetic));
    colon.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])))
}

/// Every reason by the spelling of its code and of its name in each language.
static REASONS: LazyLock<HashMap<String, Reason>> = LazyLock::new(|| {
    let names = |reason: &Reason| {
        let (reason, LocalText { fr, nl, en }) = (*reason, reason.label());
        [reason.code(), fr, nl, en].map(|name| (name_match_key(name), reason))
    };
    Reason::ALL.iter().flat_map(names).collect()
});

/// A reason by its name in any language, or by its code, whatever its case and accents.
fn reason_named(word: &str) -> Field<Reason> {
    REASONS.get(&name_match_key(word)).map_or_else(|| Field::from_text(word), |reason| Field::Present(*reason))
}

/// Parses a day cell: one code, or two joined by `+`.
///
/// # Errors
/// For the first part that is not a code.
///
/// ```
/// # use passerelle::domain::kinds::attendance::{code, Duration, Status};
/// let codes = code::parse("p ½ + aj/2").unwrap();
/// assert_eq!((codes[0].status, codes[0].duration), (Status::Present, Duration::Half));
/// assert_eq!((codes[1].status, codes[1].duration), (Status::JustifiedAbsence, Duration::Half));
/// ```
pub fn parse(text: &str) -> Result<Vec<Code>, UnreadCode> {
    let compact: String;
    let text = if text.contains(char::is_whitespace) {
        compact = text.split_whitespace().collect();
        &compact
    } else {
        text
    };
    let codes: Vec<Code> = text.split('+').take(MOST + 1).map(Code::parse).collect::<Result<_, _>>()?;
    if codes.len() <= MOST { Ok(codes) } else { Err(UnreadCode::NotACode) }
}

/// The canonical spelling of a day's entries, as the model's own sheets write them.
pub struct SpelledDay<'a>(pub &'a [&'a RawDay]);

impl fmt::Display for SpelledDay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, day) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { "+" } else { "" })?;
            match &day.status {
                Field::Present(status) => f.write_str(code_letters(*status))?,
                Field::Malformed(text) => f.write_str(text)?,
                Field::Absent => {}
            }
            if day.duration.get() == Some(&Duration::Half) {
                f.write_str("/2")?;
            }
            if !day.arrival.is_absent() || !day.departure.is_absent() {
                write!(f, " {}-{}", Time(&day.arrival), Time(&day.departure))?;
            }
            match &day.reason {
                Field::Present(reason) => write!(f, ":{}", reason.code())?,
                Field::Malformed(text) => write!(f, ":{text}")?,
                Field::Absent => {}
            }
        }
        Ok(())
    }
}

/// A time in the format of a code; empty where there is none.
struct Time<'a>(&'a Field<TimeOfDay>);

impl fmt::Display for Time<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Field::Present(time) => f.write_str(&String::from(*time)),
            Field::Malformed(text) => f.write_str(text),
            Field::Absent => Ok(()),
        }
    }
}

/// The letters of a status.
pub const fn code_letters(status: Status) -> &'static str {
    match status {
        Status::Present => "P",
        Status::JustifiedAbsence => "AJ",
        Status::UnjustifiedAbsence => "AI",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> Option<String> {
        let days: Vec<RawDay> = parse(text)
            .ok()?
            .into_iter()
            .map(|code| RawDay {
                status: Field::Present(code.status),
                duration: Field::Present(code.duration),
                reason: code.reason,
                arrival: code.arrival,
                departure: code.departure,
                ..RawDay::default()
            })
            .collect();
        Some(SpelledDay(&days.iter().collect::<Vec<_>>()).to_string())
    }

    #[test]
    fn codes_are_read_in_every_spelling_and_written_in_one() {
        let table = [
            ("P", "P"),
            ("aj", "AJ"),
            (" Ai ", "AI"),
            ("P/2", "P/2"),
            ("p½", "P/2"),
            ("P 1/2", "P/2"),
            ("P\u{a0}/ 2", "P/2"),
            ("P/2+AJ/2", "P/2+AJ/2"),
            ("ai/2 + p/2", "AI/2+P/2"),
            ("AJ:medicalCertificate", "AJ:medicalCertificate"),
            ("aj/2 : MEDICALCERTIFICATE", "AJ/2:medicalCertificate"),
            ("P/2+AJ/2:hospitalisation", "P/2+AJ/2:hospitalisation"),
            ("AJ:", "AJ"),
            ("AJ:rougeole", "AJ:rougeole"),
            ("P+P", "P+P"),
            ("present", "P"),
            ("justifiedAbsence", "AJ"),
            ("unjustifiedabsence/2", "AI/2"),
            ("P 07:30-16:45", "P 07:30-16:45"),
            ("p7h30–16h45", "P 07:30-16:45"),
            ("P 8h - 17h", "P 08:00-17:00"),
            ("P/2 8:00-12:00", "P/2 08:00-12:00"),
            ("P 1/2 8.00 — 12.00", "P/2 08:00-12:00"),
            ("P½12:30-", "P/2 12:30-"),
            ("P -16:45", "P -16:45"),
            ("P/2 07:30-12:00 + AJ/2:medicalCertificate", "P/2 07:30-12:00+AJ/2:medicalCertificate"),
            ("AI/2 07:30-09:00:familyCircumstance", "AI/2 07:30-09:00:familyCircumstance"),
            ("Présent(e)", "P"),
            ("Absence injustifiée", "AI"),
            ("niet-gewettigde afwezigheid", "AI"),
            ("½ P", "P/2"),
            ("demi-jour présent", "P/2"),
            ("Present, half day", "P/2"),
            ("P 0730-1645", "P 07:30-16:45"),
            ("P 7-16", "P 07:00-16:00"),
            ("P 07:30/16:45", "P 07:30-16:45"),
            ("P 7h30 à 16h45", "P 07:30-16:45"),
            ("P 7u tot 16u", "P 07:00-16:00"),
            ("P 7:30 am - 4:30 pm", "P 07:30-16:30"),
            ("Présent : 7h30-16h", "P 07:30-16:00"),
        ];
        for (text, expected) in table {
            assert_eq!(spelled(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_a_code_is_not_read() {
        for text in [
            "",
            "X",
            "XX",
            "PP",
            "P/3",
            "A",
            "AJ/",
            "P+",
            "+P",
            "P/2+X",
            "P/2+P/2+P/2",
            "1",
            "½",
            "P:P:P+Z",
            "P-",
            "½P/2",
            "absent malade",
        ] {
            assert_eq!(parse(text), Err(UnreadCode::NotACode), "{text:?}");
        }
        for text in ["P 25:00-26:00", "P 07:30", "P 07:30-24:00", "P 07:30-12:00-16:00", "P 7/16", "P 8-5", "P 1-2"] {
            assert_eq!(parse(text), Err(UnreadCode::Times), "{text:?}");
        }
        for text in ["absent", "Absente", "Abs.", "absence", "afwezig", "P/2+absent/2"] {
            assert_eq!(parse(text), Err(UnreadCode::AbsenceKind), "{text:?}");
        }
    }

    #[test]
    fn every_name_of_a_reason_is_read_as_that_reason() {
        for reason in Reason::ALL {
            let LocalText { fr, nl, en } = reason.label();
            for name in [reason.code(), fr, nl, en] {
                assert_eq!(reason_named(name), Field::Present(*reason), "{name}");
            }
        }
    }

    #[test]
    fn an_unknown_reason_is_malformed_and_the_rest_is_kept() {
        let codes = parse("AJ:rougeole").unwrap();
        assert_eq!(codes[0].status, Status::JustifiedAbsence);
        assert_eq!(codes[0].reason, Field::malformed("rougeole"));
    }
}
