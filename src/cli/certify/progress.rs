//! How far the cases are, on the screen.

use serde_json::Value;

use crate::cli::print_line;
use crate::words::Language;

/// Prints each case when it is over.
pub(super) struct Progress {
    language: Language,
    shown: usize,
}

impl Progress {
    pub(super) const fn new(language: Language) -> Self {
        Self { language, shown: 0 }
    }

    /// Prints the cases that are over since the last time.
    pub(super) fn show(&mut self, run: &Value) {
        let cases = run["cases"].as_array().map_or(&[][..], Vec::as_slice);
        let is_over = |case: &&Value| case["state"] == "passed" || case["state"] == "failed";
        let over: Vec<_> = cases.iter().filter(is_over).collect();
        for case in &over[self.shown..] {
            print_line(&format!("[{}/{}] {}", self.shown + 1, cases.len(), self.line(case)));
            self.shown += 1;
        }
    }

    fn line(&self, case: &Value) -> String {
        let id = case["id"].as_str().unwrap_or_default();
        let failure = &case["failure"];
        if failure.is_null() {
            return format!("passed {id}");
        }
        let seen = ["place", "expected", "found"].iter().filter(|name| !failure[**name].is_null());
        let seen: Vec<_> = seen.map(|name| format!("\n        {name}: {}", failure[*name])).collect();
        let seen = seen.concat();
        format!(
            "FAILED {id} ({}): {}{seen}",
            failure["code"].as_str().unwrap_or_default(),
            text(&failure["text"], self.language)
        )
    }
}

fn text(words: &Value, language: Language) -> &str {
    words[language.code()].as_str().unwrap_or_default()
}
