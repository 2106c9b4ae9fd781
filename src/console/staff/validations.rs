//! The yearly validation of each crèche's staff, with the open warnings (docs/domain.md, Staff register).

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::response::Response;

use super::PART;
use crate::app::staff::{self, YearlyValidations};
use crate::app::{SubmittedDocument, creches};
use crate::console::confirm::{self, Confirmation};
use crate::console::findings::{FindingView, finding_views};
use crate::console::form::{Fields, PageForm};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, day, render};
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::domain::raw::Field;
use crate::domain::staff::raw::{RawValidation, Year};
use crate::http::metrics::Metrics;
use crate::http::problem::{Problem, Result};
use crate::words;

/// A crèche with its validations.
struct CrecheValidations {
    id: String,
    name: String,
    /// Year, and when it was validated.
    past: Vec<(i16, String)>,
    findings: Vec<FindingView>,
    writes: bool,
}

#[derive(Template)]
#[template(path = "staff/validations.html", config = ".config/askama.toml")]
struct ValidationsPage {
    frame: PageFrame,
    due: String,
    years: [i16; 2],
    parts: Vec<CrecheValidations>,
}

pub(super) async fn page(visit: PageContext) -> Result<Response> {
    let caller = visit.caller(Scope::StaffRead)?;
    let mut parts = Vec::new();
    let mut due = String::new();
    for creche in creches::list(&visit.app, &caller).await? {
        let found = staff::yearly_validations(&visit.app, &caller, creche.id).await?;
        due = day(found.due);
        parts.push(part(&visit, found));
    }
    let year = visit.clock().today().year();
    let frame = PageFrame::at(PART, &visit);
    Ok(render(&ValidationsPage { frame, due, years: [year, year - 1], parts }))
}

fn part(
    visit: &PageContext,
    YearlyValidations { creche, items, warnings, .. }: YearlyValidations,
) -> CrecheValidations {
    CrecheValidations {
        id: creche.id.to_string(),
        writes: visit.acting.mandate.may(Scope::StaffWrite, creche.id),
        name: creche.name,
        past: items.iter().map(|one| (one.year, date_time(one.at))).collect(),
        findings: finding_views(&warnings, visit.language, |_| None),
    }
}

pub(super) async fn validate(
    Extension(metrics): Extension<Arc<Metrics>>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let caller = visit.caller(Scope::StaffWrite)?;
    let creche = fields.number("crecheId").ok_or_else(|| Problem::not_found("crecheId"))?;
    let year = fields.number("year").map(Year);
    if !confirm::is_sure(&fields) {
        return Ok(ask_before_validation(&visit, &fields));
    }
    let document = RawValidation { year: year.map_or(Field::Absent, Field::Present), ..RawValidation::default() };
    metrics.record_staff_write(
        staff::record_yearly_validation(&visit.app, &caller, creche, SubmittedDocument::Fields(document), false).await,
    )?;
    Ok(visit.done(&format!("{PART}/validations"), Notice::StaffValidated).await)
}

fn ask_before_validation(visit: &PageContext, fields: &Fields) -> Response {
    let frame = PageFrame::at(PART, visit);
    let button = frame.text(&words::staff::VALIDATE_THE_YEAR);
    let question = Confirmation {
        action: format!("{PART}/validations"),
        back: format!("{PART}/validations"),
        title: format!("{button} {}", fields.get("year")),
        consequence: frame.text(&words::staff::YOU_CONFIRM_THAT_THE_STAFF_REGISTER),
        button,
    };
    confirm::confirmation_page(frame, fields, question)
}
