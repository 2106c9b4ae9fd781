//! The day codes of the workbook model: `P`, `AJ`, `AI`, each with `/2` for half a day, halves joined by `+`, an
//! optional reason after a colon (domain note §2).

use std::fmt;

use super::raw::RawDay;
use super::{Duration, Reason, Status};
use crate::domain::raw::Field;

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
}

impl Code {
    /// One code; `compact` has no white space.
    fn parse(compact: &str) -> Option<Self> {
        let (code, reason) = compact.split_once(':').map_or((compact, None), |(code, reason)| (code, Some(reason)));
        let (letters, duration) = split_half(code);
        let status = match letters {
            letters if letters.eq_ignore_ascii_case("P") => Status::Present,
            letters if letters.eq_ignore_ascii_case("AJ") => Status::JustifiedAbsence,
            letters if letters.eq_ignore_ascii_case("AI") => Status::UnjustifiedAbsence,
            _ => return None,
        };
        let reason = reason.filter(|reason| !reason.is_empty()).map_or(Field::Absent, reason_named);
        Some(Self { status, duration, reason })
    }
}

/// The letters of a code, and whether a half follows them in any of its spellings.
fn split_half(code: &str) -> (&str, Duration) {
    let half = ["1/2", "/2", "½"].into_iter().find_map(|half| code.strip_suffix(half));
    half.map_or((code, Duration::Full), |letters| (letters, Duration::Half))
}

/// A reason by its code, whatever its case.
fn reason_named(word: &str) -> Field<Reason> {
    Reason::ALL
        .iter()
        .find(|reason| reason.code().eq_ignore_ascii_case(word))
        .map_or_else(|| Field::from_text(word), |reason| Field::Present(*reason))
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
pub struct Spelled<'a>(pub &'a [&'a RawDay]);

impl fmt::Display for Spelled<'_> {
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
            match &day.reason {
                Field::Present(reason) => write!(f, ":{}", reason.code())?,
                Field::Malformed(text) => write!(f, ":{text}")?,
                Field::Absent => {}
            }
        }
        Ok(())
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
                ..RawDay::default()
            })
            .collect();
        Some(Spelled(&days.iter().collect::<Vec<_>>()).to_string())
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
        ];
        for (text, expected) in table {
            assert_eq!(spelled(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_a_code_is_not_read() {
        for text in ["", "X", "XX", "PP", "P/3", "A", "AJ/", "P+", "+P", "P/2+X", "P/2+P/2+P/2", "1", "½", "P:P:P+Z"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_unknown_reason_is_malformed_and_the_rest_is_kept() {
        let codes = parse("AJ:rougeole").unwrap();
        assert_eq!(codes[0].status, Status::JustifiedAbsence);
        assert_eq!(codes[0].reason, Field::Malformed("rougeole".into()));
    }
}
