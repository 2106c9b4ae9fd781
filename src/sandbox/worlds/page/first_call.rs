//! The first call to a world, ready to be pasted: a month of attendance of one child, in five languages.

use jiff::civil::Date;
use serde_json::json;

use crate::domain::calendar::{Calendar, DayKind};
use crate::domain::period::Month;
use crate::sandbox::worlds::content::{Child, WorldContent};

/// The languages, each with its name and its text, in which `@API@`, `@KEY@`, `@CRECHE@`, `@MONTH@` and `@BODY@` are filled in.
const LANGUAGES: [(&str, &str); 5] = [
    ("curl", include_str!("first_call/curl.sh")),
    ("Python", include_str!("first_call/python.py")),
    ("TypeScript", include_str!("first_call/typescript.ts")),
    ("C#", include_str!("first_call/csharp.cs")),
    ("PHP", include_str!("first_call/php.php")),
];
/// How many days the child was there.
const DAYS: usize = 2;

/// The call in a language.
pub(super) struct FirstCall {
    pub(super) language: &'static str,
    pub(super) text: String,
}

/// What the call is about.
pub(super) struct CallTarget {
    pub(super) api: String,
    pub(super) key: String,
    pub(super) creche: String,
    month: Month,
    body: String,
}

impl CallTarget {
    /// The first child of the first crèche, in the month before the world begins; `None` in a world without crèches.
    pub(super) fn new(content: &WorldContent, start: Date, (api, key): (String, String)) -> Option<Self> {
        let creche = content.world.organisers.first()?.creches.first()?;
        let child = content.children.get(&creche.id)?.first()?;
        let (month, calendar) = (Month::of(start).previous(), Calendar::new(creche.closures.clone()));
        let open = month.days().filter(|date| matches!(calendar.day(*date), DayKind::Open));
        let body = body(child, open.take(DAYS));
        Some(Self { api, key, creche: creche.id.to_string(), month, body })
    }

    /// The call in every language.
    pub(super) fn calls(&self) -> Vec<FirstCall> {
        LANGUAGES.iter().map(|(language, text)| FirstCall { language, text: self.filled(language, text) }).collect()
    }

    fn filled(&self, language: &str, text: &str) -> String {
        // In a verbatim text of C#, a quotation mark is written twice.
        let body = if language == "C#" { self.body.replace('"', "\"\"") } else { self.body.clone() };
        let text = text.replace("@API@", &self.api).replace("@KEY@", &self.key).replace("@CRECHE@", &self.creche);
        text.replace("@MONTH@", &self.month.to_string()).replace("@BODY@", &body)
    }
}

/// The document: the child, who was there on these days.
fn body(child: &Child, days: impl Iterator<Item = Date>) -> String {
    let days: Vec<_> = days.map(|date| json!({ "date": date, "status": "present", "duration": "full" })).collect();
    let mut line = json!(child);
    line["days"] = json!(days);
    serde_json::to_string_pretty(&json!({ "lines": [line] })).unwrap_or_default()
}
