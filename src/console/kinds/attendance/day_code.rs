//! A day code of the table as the calendar of children displays it.

use crate::domain::kinds::attendance::{Duration, Status, code};
use crate::domain::raw::{Field, TimeOfDay};
use crate::words::Language;

/// A child's day.
pub(super) struct DayCode {
    /// The day code without its reasons and times; an asterisk marks a reason.
    pub(super) short: String,
    /// The reasons, in words.
    pub(super) reasons: Option<String>,
    /// Arrivals and departures (`07:30–16:45`).
    pub(super) times: Option<String>,
    /// The CSS class.
    pub(super) look: &'static str,
}

impl DayCode {
    /// Times and reasons, where there are any.
    pub(super) fn title(&self) -> Option<String> {
        let said: Vec<_> = [&self.times, &self.reasons].into_iter().flatten().cloned().collect();
        (!said.is_empty()).then(|| said.join(" · "))
    }
}

/// The displayed day code: empty where there is none.
pub(super) fn code(text: &str, language: Language) -> DayCode {
    let halves = code::parse(text).unwrap_or_default();
    let short: Vec<_> = halves.iter().map(code_text).collect();
    let reasons: Vec<_> = halves.iter().filter_map(|half| Some(half.reason.get()?.label().get(language))).collect();
    let times: Vec<_> = halves.iter().filter_map(times).collect();
    let look = match halves.as_slice() {
        [] => "",
        [_, _, ..] => "both",
        [half] => match half.status {
            Status::Present => "present",
            Status::JustifiedAbsence => "justified",
            Status::UnjustifiedAbsence => "unjustified",
        },
    };
    let star = if reasons.is_empty() { "" } else { "*" };
    let joined = |parts: &[String]| (!parts.is_empty()).then(|| parts.join(", "));
    let reasons = (!reasons.is_empty()).then(|| reasons.join(", "));
    DayCode { short: format!("{}{star}", short.join("+")), reasons, times: joined(&times), look }
}

/// The letters, and the half.
fn code_text(half: &code::Code) -> String {
    let letters = code::code_letters(half.status);
    if half.duration == Duration::Half { format!("{letters}/2") } else { letters.to_owned() }
}

/// Arrival and departure, where either is given.
fn times(half: &code::Code) -> Option<String> {
    let time = |time: &Field<TimeOfDay>| time.get().map_or_else(|| "…".to_owned(), |time| String::from(*time));
    let known = half.arrival.get().is_some() || half.departure.get().is_some();
    known.then(|| format!("{}–{}", time(&half.arrival), time(&half.departure)))
}
