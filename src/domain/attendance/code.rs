//! The day codes of the workbook model: `P`, `AJ`, `AI`, each with `/2` for half a day, halves joined by `+`, then
//! arrival and departure (`P 07:30-16:45`) and a reason after a colon, both optional (ADR 0025). The words of the API
//! (`present`, `justifiedAbsence`) are read as well.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use super::raw::RawDay;
use super::{Duration, Reason, Status};
use crate::domain::raw::{Field, TimeOfDay};
use crate::domain::text::{LocalText, spelling};

/// The most entries that one cell may hold.
const MOST: usize = 2;

/// What one code says of a day.
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

impl Code {
    /// One code; `compact` has no white space.
    fn parse(compact: &str) -> Option<Self> {
        let letters = compact.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(compact.len());
        let (letters, rest) = compact.split_at(letters);
        let status = match letters {
            letters if letters.eq_ignore_ascii_case("P") => Status::Present,
            letters if letters.eq_ignore_ascii_case("AJ") => Status::JustifiedAbsence,
            letters if letters.eq_ignore_ascii_case("AI") => Status::UnjustifiedAbsence,
            word => *Status::ALL.iter().find(|status| status.code().eq_ignore_ascii_case(word))?,
        };
        let (duration, rest) = split_half(rest);
        let (times, reason) = split_reason(rest);
        let (arrival, departure) = if times.is_empty() { (Field::Absent, Field::Absent) } else { split_times(times)? };
        let reason = reason.filter(|reason| !reason.is_empty()).map_or(Field::Absent, reason_named);
        Some(Self { status, duration, reason, arrival, departure })
    }
}

/// How much of a day, by a half in any of its spellings, and what follows.
fn split_half(rest: &str) -> (Duration, &str) {
    let half = ["1/2", "/2", "½"].into_iter().find_map(|half| rest.strip_prefix(half));
    half.map_or((Duration::Full, rest), |rest| (Duration::Half, rest))
}

/// The times, and the word after the colon. A time has a colon too, but no letter follows it.
fn split_reason(rest: &str) -> (&str, Option<&str>) {
    let begins = |at: usize| at == 0 || rest[at + 1..].starts_with(char::is_alphabetic);
    let colon = rest.match_indices(':').map(|(at, _)| at).find(|at| begins(*at));
    colon.map_or((rest, None), |at| (&rest[..at], Some(&rest[at + 1..])))
}

/// Arrival and departure parted by a dash, of which one may be left out.
fn split_times(times: &str) -> Option<(Field<TimeOfDay>, Field<TimeOfDay>)> {
    let (arrival, departure) = times.split_once(['-', '\u{2010}', '\u{2011}', '–', '—', '−'])?;
    let time = |text: &str| match text {
        "" => Some(Field::Absent),
        text => TimeOfDay::written(text).map(Field::Present),
    };
    let times = (time(arrival)?, time(departure)?);
    (!times.0.is_absent() || !times.1.is_absent()).then_some(times)
}

/// Every reason by the spelling of its code and of its name in each of our languages.
static REASONS: LazyLock<HashMap<String, Reason>> = LazyLock::new(|| {
    let names = |reason: &Reason| {
        let (reason, LocalText { fr, nl, en }) = (*reason, reason.label());
        [reason.code(), fr, nl, en].map(|name| (spelling(name), reason))
    };
    Reason::ALL.iter().flat_map(names).collect()
});

/// A reason by its name in one of our languages, or by its code, whatever its case and accents.
fn reason_named(word: &str) -> Field<Reason> {
    REASONS.get(&spelling(word)).map_or_else(|| Field::from_text(word), |reason| Field::Present(*reason))
}

/// Reads what a day cell says: one code, or two joined by `+`. `None` when any of it is not a code.
///
/// ```
/// # use passerelle::domain::attendance::{code, Duration, Status};
/// let codes = code::parse("p ½ + aj/2").unwrap();
/// assert_eq!((codes[0].status, codes[0].duration), (Status::Present, Duration::Half));
/// assert_eq!((codes[1].status, codes[1].duration), (Status::JustifiedAbsence, Duration::Half));
/// ```
pub fn parse(text: &str) -> Option<Vec<Code>> {
    let compact: String;
    let text = if text.contains(char::is_whitespace) {
        compact = text.split_whitespace().collect();
        &compact
    } else {
        text
    };
    let codes: Option<Vec<Code>> = text.split('+').take(MOST + 1).map(Code::parse).collect();
    codes.filter(|codes| codes.len() <= MOST)
}

/// The canonical spelling of a day's entries, as the model's own sheets write them.
pub struct SpelledDay<'a>(pub &'a [&'a RawDay]);

impl fmt::Display for SpelledDay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, day) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { "+" } else { "" })?;
            match &day.status {
                Field::Present(status) => f.write_str(letters(*status))?,
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

/// A time as a code spells it; nothing where there is none.
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

/// The letters that stand for a status.
pub const fn letters(status: Status) -> &'static str {
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
        let days: Vec<RawDay> = parse(text)?
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
            "P 25:00-26:00",
            "P 07:30",
            "P 8-17",
            "P 07:30-12:00-16:00",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
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
        assert_eq!(codes[0].reason, Field::Malformed("rougeole".into()));
    }
}
