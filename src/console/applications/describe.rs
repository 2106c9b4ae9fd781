//! The form of an application's description, for registering and changing it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::application::scope_ticks;
use super::{ApplicationPath, PART, find_application, href};
use crate::app::applications::{self, Application, ApplicationUpdate};
use crate::app::operator::OperatorError;
use crate::app::{SubmittedDocument, creches};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, TextField, TickBox, chosen, creche_tick, text};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::domain::application::{RawApplication, RawContact};
use crate::domain::key::Scopes;
use crate::domain::notice::Notice;
use crate::domain::raw::Field;
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::words;

#[derive(Template)]
#[template(path = "applications/describe.html", config = ".config/askama.toml")]
struct DescribePage {
    frame: PageFrame,
    title: String,
    action: String,
    back: String,
    entries: Vec<TextField>,
    scopes: Vec<TickBox>,
    some: bool,
    creches: Vec<TickBox>,
    faults: FieldErrors,
}

pub(super) async fn new(visit: PageContext) -> Result<Response> {
    visit.administrator()?;
    form(&visit, None, &Fields::default(), None).await
}

pub(super) async fn edit(
    visit: PageContext,
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    form(&visit, Some(&application), &fields_of(&application), None).await
}

pub(super) async fn register(PageForm { visit, fields }: PageForm) -> Result<Response> {
    visit.administrator()?;
    let input = SubmittedDocument::Fields(read(&fields));
    match applications::register(&visit.app, &visit.acting.actor(), visit.acting.organiser, input).await {
        Ok(new) => Ok(visit.done(&href(new.stored.id), Notice::ApplicationRegistered).await),
        Err(OperatorError::Invalid(findings)) => {
            form(&visit, None, &fields, Some(FieldErrors::new(&findings, visit.language))).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

pub(super) async fn change(
    Path(ApplicationPath { application: id }): Path<ApplicationPath>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let application = find_application(&visit, id).await?;
    let change = ApplicationUpdate::Described(Box::new(read(&fields)));
    match applications::change(&visit.app, &visit.acting.actor(), visit.acting.organiser, id, change).await {
        Ok(_) => Ok(visit.done(&href(id), Notice::ChangesSaved).await),
        Err(OperatorError::Invalid(findings)) => {
            form(&visit, Some(&application), &fields, Some(FieldErrors::new(&findings, visit.language))).await
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// The form with its input and, where it was refused, the errors.
async fn form(
    visit: &PageContext,
    application: Option<&Application>,
    fields: &Fields,
    refused: Option<FieldErrors>,
) -> Result<Response> {
    let known = creches::list(&visit.app, &visit.acting.as_organiser_caller()).await?;
    let status = if refused.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let faults = refused.unwrap_or_default();
    let frame = PageFrame::at(PART, visit);
    let (title, action, back) = page_texts(&frame, application);
    let entries = entries(&frame, fields, &faults);
    let names: Vec<_> = entries.iter().map(|entry| entry.name).chain(["scopes", "creches"]).collect();
    let page = DescribePage {
        entries,
        scopes: scope_ticks(Scopes::all(), fields, visit.language),
        some: fields.get("reach") == "some",
        creches: known.iter().map(|creche| creche_tick("creches", creche, fields)).collect(),
        title,
        action,
        back,
        frame: frame.refusing(&faults, &names),
        faults,
    };
    Ok(render_with_status(status, &page))
}

/// The title of the form, its target, and the link for leaving it.
fn page_texts(frame: &PageFrame, application: Option<&Application>) -> (String, String, String) {
    if let Some(Application { stored, .. }) = application {
        let href = href(stored.id);
        let title = format!("{} {}", frame.text(&words::common::CHANGE_2), stored.name);
        return (title, format!("{href}/edit"), href);
    }
    let title = frame.text(&words::applications::REGISTER_AN_APPLICATION);
    (title.to_owned(), PART.to_owned(), PART.to_owned())
}

fn entries(frame: &PageFrame, fields: &Fields, faults: &FieldErrors) -> Vec<TextField> {
    let entry =
        |name, kind, required, label, hint| TextField::new(name, fields, faults).described(kind, label, hint, required);
    vec![
        entry("name", "text", true, frame.text(&words::applications::NAME_OF_THE_SOFTWARE), ""),
        entry("vendor", "text", true, frame.text(&words::common::VENDOR), ""),
        entry(
            "purpose",
            "text",
            false,
            frame.text(&words::applications::WHAT_IS_IT_FOR),
            frame.text(&words::applications::IN_ONE_SENTENCE_FOR_YOUR_COLLEAGUES),
        ),
        entry(
            "contact/name",
            "text",
            false,
            frame.text(&words::applications::TECHNICAL_CONTACT_NAME),
            frame.text(&words::applications::WHOM_TO_CALL_WHEN_A_DEPOSIT),
        ),
        entry("contact/email", "email", false, frame.text(&words::applications::TECHNICAL_CONTACT_E_MAIL), ""),
        entry("contact/phone", "tel", false, frame.text(&words::applications::TECHNICAL_CONTACT_TELEPHONE), ""),
        entry(
            "endsOn",
            "date",
            false,
            frame.text(&words::common::LAST_DAY),
            frame.text(&words::applications::ITS_KEYS_STOP_WORKING_AFTER_THIS),
        ),
    ]
}

/// The form's input as a raw document.
fn read(fields: &Fields) -> RawApplication {
    let contact = ["contact/name", "contact/email", "contact/phone"];
    let named = contact.iter().any(|name| !fields.get(name).is_empty());
    let [name, email, phone] = contact;
    let contact = named.then(|| RawContact {
        name: text(fields, name),
        email: text(fields, email),
        phone: text(fields, phone),
        unknown: false,
    });
    RawApplication {
        name: text(fields, "name"),
        vendor: text(fields, "vendor"),
        contact: contact.into(),
        purpose: text(fields, "purpose"),
        scopes: Field::Present(chosen(fields, "scopes")),
        creches: (fields.get("reach") == "some").then(|| chosen(fields, "creches")).into(),
        ends_on: text(fields, "endsOn"),
        state: Field::Absent,
        unknown: false,
    }
}

/// The description of an application as the form's values.
fn fields_of(application: &Application) -> Fields {
    let Application { stored, contact, .. } = application;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut pairs = vec![pair("name", &stored.name), pair("vendor", &stored.vendor), pair("purpose", &stored.purpose)];
    if let Some(contact) = contact {
        let phone = contact.phone.as_deref().unwrap_or_default();
        pairs.extend([
            pair("contact/name", &contact.name),
            pair("contact/email", &contact.email),
            pair("contact/phone", phone),
        ]);
    }
    pairs.extend(application.ends_on().map(|day| pair("endsOn", &day.to_string())));
    pairs.extend(stored.bounds.scopes.iter().map(|scope| pair("scopes", scope.code())));
    pairs.extend(stored.bounds.creches.iter().map(|_| pair("reach", "some")));
    pairs.extend(stored.bounds.creches.iter().flatten().map(|creche| pair("creches", &creche.to_string())));
    pairs.into()
}
