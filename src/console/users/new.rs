//! Adding a user.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::view::{Errors, FIELDS, InputField, UserFields};
use super::{PART, author, fields};
use crate::app::creches;
use crate::app::users::{self, UserDocument, UserError};
use crate::console::form::{Fields, PageForm};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::notice::Notice;
use crate::http::problem::Result;

#[derive(Template)]
#[template(path = "user_new.html", config = ".config/askama.toml")]
struct NewPage {
    frame: PageFrame,
    user: UserFields,
    ssin: InputField,
    consent: bool,
    consent_error: Option<String>,
}

pub(super) async fn blank(visit: PageContext) -> Result<Response> {
    author(&visit)?;
    let creches = creches::list(&visit.app, &visit.acting.as_organiser_caller()).await?;
    Ok(page(&visit, &creches, &Fields::default(), &Findings::default(), StatusCode::OK))
}

/// The page with the input. The number is in this response to the user who typed it, and nowhere else.
fn page(visit: &PageContext, creches: &[Creche], typed: &Fields, findings: &Findings, status: StatusCode) -> Response {
    let errors = Errors::new(findings, visit.language);
    let page = NewPage {
        frame: PageFrame::at(PART, visit).refusing(&errors.all(), &FIELDS),
        user: UserFields::new(creches, Some(typed), None, &errors),
        ssin: InputField { value: typed.get("ssin").to_owned(), error: errors.of("ssin"), saved_meanwhile: None },
        consent: typed.ticked("consentCertified"),
        consent_error: errors.of("consentCertified"),
    };
    render_with_status(status, &page)
}

pub(super) async fn add(PageForm { visit, fields: typed }: PageForm) -> Result<Response> {
    let author = author(&visit)?;
    let creches = creches::list(&visit.app, &visit.acting.as_organiser_caller()).await?;
    let document = UserDocument::Fields(fields::new_user(&typed, &creches));
    match users::add(&visit.app, &author, document).await {
        Ok(_) => Ok(visit.done(PART, Notice::UserAdded).await),
        Err(UserError::Invalid(findings)) => Ok(page(&visit, &creches, &typed, &findings, StatusCode::BAD_REQUEST)),
        Err(refusal) => Err(refusal.into()),
    }
}
