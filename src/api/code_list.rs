//! Published lists of codes.

use jiff::civil::Date;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::http::finding::AnnouncedBody;
use crate::http::urls::Urls;
use crate::words::LocalText;

/// A published list.
pub(super) struct CodeList {
    pub(super) name: &'static str,
    /// Its codes, on a given day.
    pub(super) items: fn(Date, &Urls) -> Vec<CodeItem>,
}

/// One code of a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeItem {
    pub(super) code: String,
    pub(super) href: String,
    pub(super) description: LocalText,
    #[serde(flatten)]
    pub(super) more: ItemDetails,
}

/// Additional properties of some lists.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum ItemDetails {
    Nothing {},
    Rule {
        repair: LocalText,
        severity: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        announced: Option<AnnouncedBody>,
        owner: &'static str,
        need: &'static str,
        example: Example,
    },
    Problem {
        r#type: String,
        title: &'static str,
        status: u16,
    },
    Day {
        status: &'static str,
        duration: &'static str,
    },
    Holiday {
        date: Date,
    },
    Event {
        schema: String,
        event: Box<RawValue>,
    },
}

#[derive(Serialize)]
pub(super) struct Example {
    pub(super) wrong: &'static str,
    pub(super) right: &'static str,
}

impl CodeItem {
    /// A code with its words. Its address is set with the list's.
    pub(super) fn without_words(code: impl Into<String>, description: LocalText) -> Self {
        Self { code: code.into(), href: String::new(), description, more: ItemDetails::Nothing {} }
    }
}
