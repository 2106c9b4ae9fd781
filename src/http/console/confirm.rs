//! The page that asks once more before something is done.

use askama::Template;

use axum::response::Response;

use super::form::Fields;
use super::shell::{PageFrame, show};

/// What is asked, and where one goes with yes and with no.
#[derive(Template)]
#[template(path = "confirm.html", config = ".config/askama.toml")]
pub(super) struct ConfirmPage {
    pub(super) shell: PageFrame,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) title: String,
    pub(super) consequence: &'static str,
    pub(super) button: &'static str,
    pub(super) danger: bool,
    /// What the question is about, sent along with the answer.
    pub(super) fields: Vec<(String, String)>,
}

/// The field that says that the question was answered with yes.
const SURE: &str = "confirmed";

/// Whether the sender was asked and said yes.
pub(super) fn is_sure(fields: &Fields) -> bool {
    fields.get(SURE) == "yes"
}

/// A question about a form that was sent, which goes to `action` again with yes.
pub(super) struct Confirmation {
    pub(super) action: String,
    pub(super) back: String,
    pub(super) title: String,
    pub(super) consequence: &'static str,
    pub(super) button: &'static str,
}

/// Asks it.
pub(super) fn ask(shell: PageFrame, fields: &Fields, question: Confirmation) -> Response {
    let Confirmation { action, back, title, consequence, button } = question;
    let mut fields = fields.without_token();
    fields.push((SURE.to_owned(), "yes".to_owned()));
    show(&ConfirmPage { shell, back, action, title, consequence, button, danger: true, fields })
}
