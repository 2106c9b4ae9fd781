//! The page of a published code, to which the `href` of a finding leads.

use askama::Template;

use super::html;
use crate::http::answer::ResponseBuilder;
use crate::http::problem::Result;
use crate::words::{Language, LocalText};

/// The content of the page.
#[derive(Template)]
#[template(path = "code.html", config = ".config/askama.toml")]
pub(crate) struct CodePage<'a> {
    list: &'a str,
    code: &'a str,
    facts: Vec<(&'static str, String)>,
    words: Vec<Words>,
    example: Option<(&'static str, &'static str)>,
}

struct Words {
    language: &'static str,
    name: &'static str,
    description: &'static str,
    repair: Option<&'static str>,
}

impl<'a> CodePage<'a> {
    /// The page of one code of a list.
    pub(crate) fn new(list: &'a str, code: &'a str, description: LocalText, repair: Option<LocalText>) -> Self {
        let languages = [(Language::Fr, "Français"), (Language::Nl, "Nederlands"), (Language::En, "English")];
        let words = |(language, name): (Language, &'static str)| Words {
            language: language.code(),
            name,
            description: description.get(language),
            repair: repair.map(|repair| repair.get(language)),
        };
        Self { list, code, facts: Vec::new(), words: languages.map(words).into(), example: None }
    }

    /// Adds a fact about the code.
    pub(crate) fn fact(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// Adds a wrong and a right example.
    pub(crate) fn example(mut self, wrong: &'static str, right: &'static str) -> Self {
        self.example = Some((wrong, right));
        self
    }

    /// The response with the page.
    pub(crate) fn answer(&self) -> Result<ResponseBuilder> {
        html(self)
    }
}
