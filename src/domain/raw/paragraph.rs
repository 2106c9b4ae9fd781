//! Texts of several lines.

use serde::Serialize;

use super::Raw;
use crate::domain::text::is_unprintable;

/// A text of 1 to `MAX` characters, without white space at either end, each of them printable ([`is_unprintable`]) or the end of a
/// line or a tabulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Paragraph<const MAX: usize>(pub String);

impl<const MAX: usize> Raw for Paragraph<MAX> {
    fn from_text(text: &str) -> Option<Self> {
        let is_refused = |sign: char| is_unprintable(sign) && !matches!(sign, '\n' | '\r' | '\t');
        let is_shown = !text.is_empty() && text.trim() == text && !text.contains(is_refused);
        (is_shown && text.chars().count() <= MAX).then(|| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Paragraph;
    use crate::domain::raw::Raw as _;

    #[test]
    fn a_paragraph_has_lines_and_nothing_hidden() {
        let read = |text: &str| Paragraph::<9>::from_text(text).is_some();
        assert!(read("a\nb") && read("a\r\n\tb") && read("éééééé\nàà"));
        for wrong in ["", " a", "a\n", "a\u{0}b", "a\u{202e}b", "a\u{fffd}b", "0123456789"] {
            assert!(!read(wrong), "{wrong:?}");
        }
    }
}
