//! The page that asks for confirmation.

use askama::Template;

use axum::response::Response;

use super::form::Fields;
use super::page_frame::{PageFrame, render};

/// A question, and the targets of yes and no.
#[derive(Template)]
#[template(path = "confirm.html", config = ".config/askama.toml")]
struct ConfirmPage {
    frame: PageFrame,
    question: Confirmation,
    /// A page to check before the confirmation: its address and name.
    look_at: Option<(String, String)>,
    danger: bool,
    /// What is to be checked first, in sentences.
    warnings: Vec<String>,
    /// The fields of the form, sent along with the confirmation.
    fields: Vec<(String, String)>,
}

/// The field that marks a form as confirmed.
const SURE: &str = "confirmed";

/// Whether the form is confirmed.
pub(super) fn is_sure(fields: &Fields) -> bool {
    fields.get(SURE) == "yes"
}

/// A question: yes sends a form to `action`, no is a link to `back`.
pub(super) struct Confirmation {
    pub(super) action: String,
    pub(super) back: String,
    pub(super) title: String,
    pub(super) consequence: &'static str,
    pub(super) button: &'static str,
}

/// Renders it before a form was sent; `danger` where yes loses something.
pub(super) fn ask_first(frame: PageFrame, question: Confirmation, danger: bool) -> Response {
    render(&ConfirmPage { frame, question, look_at: None, danger, warnings: Vec::new(), fields: Vec::new() })
}

/// Renders it for a form that was sent, which yes sends again.
pub(super) fn confirmation_page(frame: PageFrame, fields: &Fields, question: Confirmation) -> Response {
    render(&ConfirmPage {
        frame,
        question,
        look_at: None,
        danger: true,
        warnings: Vec::new(),
        fields: answered(fields),
    })
}

/// Renders it where yes loses nothing, with a page to check first.
pub(super) fn ask_about(
    frame: PageFrame,
    fields: &Fields,
    question: Confirmation,
    look_at: (String, String),
) -> Response {
    let look_at = Some(look_at);
    render(&ConfirmPage { frame, question, look_at, danger: false, warnings: Vec::new(), fields: answered(fields) })
}

/// Renders it where yes loses nothing, with warnings to check first.
pub(super) fn ask_despite(
    frame: PageFrame,
    fields: &Fields,
    question: Confirmation,
    warnings: Vec<String>,
) -> Response {
    render(&ConfirmPage { frame, question, look_at: None, danger: false, warnings, fields: answered(fields) })
}

/// The fields of a form with the confirmation.
fn answered(fields: &Fields) -> Vec<(String, String)> {
    let mut fields = fields.without_token();
    fields.push((SURE.to_owned(), "yes".to_owned()));
    fields
}
