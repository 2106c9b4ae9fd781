//! Words for people: constants made by `build.rs` of `src/words/<language>/<area>.toml`, a module for each area. The build
//! fails when a text is missing in a language, or has other placeholders there.

mod language;
mod local_text;

pub use self::language::Language;
pub use self::local_text::{LocalText, OwnedLocalText};

include!(concat!(env!("OUT_DIR"), "/words.rs"));
