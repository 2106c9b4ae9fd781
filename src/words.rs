//! Words for people: constants made by `build.rs` of `src/words/<language>/<area>.toml`, a module for each area. The build
//! fails when a text is missing in a language, or has other placeholders there.

#![expect(
    clippy::allow_attributes,
    reason = "for each name that is expected, the compiler looks through all of the code"
)]

mod language;
mod local_text;

pub use self::language::Language;
pub use self::local_text::{LocalText, OwnedLocalText};

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A size in bytes, rounded down to a tenth of a megabyte, or of a kilobyte below that; exact below a kilobyte.
pub fn size(bytes: u64, language: Language) -> String {
    let (unit, name) = match bytes {
        1_000_000.. => (1_000_000, ("Mo", "MB")),
        1000.. => (1000, ("ko", "kB")),
        _ => (1, ("o", "B")),
    };
    let tenths = bytes.saturating_mul(10) / unit;
    let (sign, name) = match language {
        Language::Fr => (',', name.0),
        Language::Nl => (',', name.1),
        Language::En => ('.', name.1),
    };
    let fraction = if tenths.is_multiple_of(10) { String::new() } else { format!("{sign}{}", tenths % 10) };
    format!("{}{fraction}\u{a0}{name}", tenths / 10)
}
