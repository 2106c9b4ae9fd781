//! Displayed texts, in the three languages of the gateway.

use serde::{Deserialize, Serialize};

use super::Language;

/// One meaning in three languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct LocalText {
    /// French.
    pub fr: &'static str,
    /// Dutch.
    pub nl: &'static str,
    /// English.
    pub en: &'static str,
}

impl LocalText {
    /// No words.
    pub const EMPTY: Self = Self { fr: "", nl: "", en: "" };

    /// The words in `language`.
    pub const fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Fr => self.fr,
            Language::Nl => self.nl,
            Language::En => self.en,
        }
    }
}

/// The same as owned texts, read back from storage.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OwnedLocalText {
    /// French.
    pub fr: String,
    /// Dutch.
    pub nl: String,
    /// English.
    pub en: String,
}

impl OwnedLocalText {
    /// The words in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.fr,
            Language::Nl => &self.nl,
            Language::En => &self.en,
        }
    }
}

impl From<LocalText> for OwnedLocalText {
    fn from(text: LocalText) -> Self {
        Self { fr: text.fr.to_owned(), nl: text.nl.to_owned(), en: text.en.to_owned() }
    }
}
