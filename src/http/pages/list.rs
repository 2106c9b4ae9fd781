//! A published list as a page: where a visitor looks a code up.

use askama::Template;

use super::html;
use crate::domain::text::LocalText;
use crate::http::answer::ResponseBuilder;
use crate::http::problem::Result;

/// What the page shows.
#[derive(Template)]
#[template(path = "list.html", config = ".config/askama.toml")]
pub(crate) struct ListPage<'a> {
    /// The list's name.
    pub(crate) list: &'a str,
    /// Its codes.
    pub(crate) codes: Vec<CodeRow<'a>>,
}

/// A code of the list.
pub(crate) struct CodeRow<'a> {
    /// The code.
    pub(crate) code: &'a str,
    /// Where its own page is.
    pub(crate) href: &'a str,
    /// What it means.
    pub(crate) description: LocalText,
}

impl ListPage<'_> {
    /// The answer that carries it.
    pub(crate) fn answer(&self) -> Result<ResponseBuilder> {
        html(self)
    }
}
