//! Words for people: constants made by `build.rs` of `src/words/<language>/<area>.toml`, one module for each area. The build
//! fails when a text is missing in a language, or has other placeholders there.

include!(concat!(env!("OUT_DIR"), "/words.rs"));
