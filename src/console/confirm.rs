//! The page that asks once more before something is done.

use askama::Template;

use axum::response::Response;

use super::form::Fields;
use super::page_frame::{PageFrame, render};

/// What is asked, and where one goes with yes and with no.
#[derive(Template)]
#[template(path = "confirm.html", config = ".config/askama.toml")]
struct ConfirmPage {
    frame: PageFrame,
    question: Confirmation,
    /// What is to be looked at before one answers: its address and what it is called.
    look_at: Option<(String, String)>,
    danger: bool,
    /// What the question is about, sent along with the answer.
    fields: Vec<(String, String)>,
}

/// The field that says that the question was answered with yes.
const SURE: &str = "confirmed";

/// Whether the sender was asked and said yes.
pub(super) fn is_sure(fields: &Fields) -> bool {
    fields.get(SURE) == "yes"
}

/// A question: with yes a form goes to `action`, with no one goes `back`.
pub(super) struct Confirmation {
    pub(super) action: String,
    pub(super) back: String,
    pub(super) title: String,
    pub(super) consequence: &'static str,
    pub(super) button: &'static str,
}

/// Asks it before anything was sent; `danger` where something is lost by yes.
pub(super) fn ask_first(frame: PageFrame, question: Confirmation, danger: bool) -> Response {
    render(&ConfirmPage { frame, question, look_at: None, danger, fields: Vec::new() })
}

/// Asks it about a form that was sent, which is sent again with yes.
pub(super) fn confirmation_page(frame: PageFrame, fields: &Fields, question: Confirmation) -> Response {
    render(&ConfirmPage { frame, question, look_at: None, danger: true, fields: answered(fields) })
}

/// Asks it where nothing is lost by yes, with what is to be looked at first.
pub(super) fn ask_about(
    frame: PageFrame,
    fields: &Fields,
    question: Confirmation,
    look_at: (String, String),
) -> Response {
    render(&ConfirmPage { frame, question, look_at: Some(look_at), danger: false, fields: answered(fields) })
}

/// The fields of a form with the answer yes.
fn answered(fields: &Fields) -> Vec<(String, String)> {
    let mut fields = fields.without_token();
    fields.push((SURE.to_owned(), "yes".to_owned()));
    fields
}
