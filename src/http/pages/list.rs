//! The page of a published list of codes.

use askama::Template;

use super::html;
use crate::http::answer::ResponseBuilder;
use crate::http::problem::Result;
use crate::words::LocalText;

/// The content of the page.
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
    /// The address of its page.
    pub(crate) href: &'a str,
    /// What it means.
    pub(crate) description: LocalText,
}

impl ListPage<'_> {
    /// The response with the page.
    pub(crate) fn answer(&self) -> Result<ResponseBuilder> {
        html(self)
    }
}
