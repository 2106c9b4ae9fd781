//! A published list as a page: where a visitor looks a code up.

use askama::Template;

use super::html;
use crate::domain::text::LocalText;
use crate::http::answer::ResponseBuilder;
use crate::http::problem::Result;

/// What the page shows.
#[derive(Template)]
#[template(path = "list.html", config = ".config/askama.toml")]
pub(in crate::http) struct ListPage<'a> {
    /// The list's name.
    pub(in crate::http) list: &'a str,
    /// Its codes.
    pub(in crate::http) codes: Vec<CodeRow<'a>>,
}

/// A code of the list.
pub(in crate::http) struct CodeRow<'a> {
    /// The code.
    pub(in crate::http) code: &'a str,
    /// Where its own page is.
    pub(in crate::http) href: &'a str,
    /// What it means.
    pub(in crate::http) description: LocalText,
}

impl ListPage<'_> {
    /// The answer that carries it.
    pub(in crate::http) fn answer(&self) -> Result<ResponseBuilder> {
        html(self)
    }
}
