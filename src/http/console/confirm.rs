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
    /// What is to be looked at before one answers: its address and what it is called.
    pub(super) look_at: Option<(String, String)>,
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
    show(&page(shell, fields, question))
}

/// Asks it where nothing is lost by yes, with what is to be looked at first.
pub(super) fn ask_about(
    shell: PageFrame,
    fields: &Fields,
    question: Confirmation,
    look_at: (String, String),
) -> Response {
    show(&ConfirmPage { look_at: Some(look_at), danger: false, ..page(shell, fields, question) })
}

fn page(shell: PageFrame, fields: &Fields, question: Confirmation) -> ConfirmPage {
    let Confirmation { action, back, title, consequence, button } = question;
    let mut fields = fields.without_token();
    fields.push((SURE.to_owned(), "yes".to_owned()));
    ConfirmPage { shell, back, action, title, consequence, look_at: None, button, danger: true, fields }
}
