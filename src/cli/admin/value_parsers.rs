//! Parsers of arguments, whose errors are sentences.

use jiff::civil::Date;

use crate::domain::key::Scope;
use crate::domain::text::is_unprintable;

/// The longest name.
const MAX_NAME: usize = 200;

/// A name: printable, on one line.
pub(super) fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.chars().count() > MAX_NAME {
        return Err(format!("it is longer than {MAX_NAME} characters"));
    }
    if text.chars().any(char::is_control) {
        return Err("it has a line break or another control character in it".to_owned());
    }
    if let Some(character) = text.chars().find(|character| is_unprintable(*character)) {
        let code = u32::from(character);
        return Err(format!("it has a character in it that is invisible or was lost (U+{code:04X}): type it again"));
    }
    Ok(text.to_owned())
}

/// A day.
pub(super) fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day as 2026-09-01".to_owned())
}

/// A day, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct EndDay(pub(super) Option<Date>);

/// A day, or `never`.
pub(super) fn end(text: &str) -> Result<EndDay, String> {
    if text == "never" { Ok(EndDay(None)) } else { date(text).map(|day| EndDay(Some(day))) }
}

/// A scope.
pub(super) fn scope(text: &str) -> Result<Scope, String> {
    let codes = || Scope::ALL.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(", ");
    let known = text.parse().ok().filter(|scope| Scope::ALL.contains(scope));
    known.ok_or_else(|| format!("write one of {}", codes()))
}
