//! Any text as an API key: what is read is exactly what was written, and is not shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle::domain::key::KeyText;

fuzz_target!(|text: &str| {
    if let Ok(key) = KeyText::parse(text) {
        assert_eq!(key.expose(), text);
        assert!(!format!("{key:?}").contains(&text[text.len() - 30..]));
    }
});
