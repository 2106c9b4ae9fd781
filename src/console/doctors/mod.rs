//! The organiser's doctors: the list, a doctor's sheet, entering and changing, the agreement.

mod agreement;
mod edit;
mod fields;
mod sheet;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;

pub(super) use self::fields::label_of;
pub(super) use self::sheet::{DoctorTag, SheetFacts, sheet_facts};
use super::form::QueryFields;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, render};
use crate::app::caller::Caller;
use crate::app::doctors::{self, Doctor};
use crate::app::{App, creches};
use crate::domain::creche::Creche;
use crate::domain::doctor::DoctorState;
use crate::domain::inami::Inami;
use crate::http::problem::Result;
use crate::ids::DoctorId;

/// The path of this part of the console.
const PART: &str = "/console/doctors";

pub(super) fn routes() -> Router<App> {
    // The handler limits the body itself.
    let agreement = get(agreement::hand_out).post(agreement::store).layer(DefaultBodyLimit::disable());
    Router::new()
        .route(PART, get(list))
        .route("/console/doctors/new", get(edit::blank).post(edit::add))
        .route("/console/doctors/{doctorId}", get(sheet::show_doctor))
        .route("/console/doctors/{doctorId}/edit", get(edit::filled).post(edit::change))
        .route("/console/doctors/{doctorId}/agreement", agreement)
}

/// A doctor in the list.
struct DoctorListRow {
    href: String,
    name: String,
    inami: String,
    creches: Vec<String>,
    state: DoctorTag,
    incomplete: bool,
}

#[derive(Template)]
#[template(path = "doctors/list.html", config = ".config/askama.toml")]
struct ListPage {
    frame: PageFrame,
    rows: Vec<DoctorListRow>,
    writes: bool,
}

async fn list(visit: PageContext, QueryFields(_asked): QueryFields) -> Result<Response> {
    let caller = visit.caller(doctors::READ)?;
    let known = creches::list(&visit.app, &caller).await?;
    let row = |doctor: Doctor| DoctorListRow {
        href: href(doctor.id),
        name: doctor.name(),
        inami: formatted_inami(doctor.sheet.inami),
        creches: names(&known, &doctor),
        state: DoctorTag::of(doctor.state, visit.language),
        incomplete: doctor.state == DoctorState::Incomplete,
    };
    let rows = doctors::list(&visit.app, &caller).await?.into_iter().map(row).collect();
    let frame = PageFrame::at(PART, &visit);
    Ok(render(&ListPage { frame, rows, writes: visit.acting.caller(doctors::WRITE).is_some() }))
}

/// The path of a doctor's sheet.
fn href(id: DoctorId) -> String {
    format!("{PART}/{id}")
}

/// The number in its printed format.
pub(super) fn formatted_inami(inami: Inami) -> String {
    let digits = inami.to_string();
    format!("{}-{}-{}-{}", &digits[..1], &digits[1..6], &digits[6..8], &digits[8..])
}

/// The crèches of a doctor that the user may see.
pub(super) fn names(known: &[Creche], doctor: &Doctor) -> Vec<String> {
    let here = known.iter().filter(|creche| doctor.sheet.creche_ids.contains(&creche.id));
    here.map(|creche| creche.name.clone()).collect()
}

/// The caller, who may change this doctor.
fn writer(visit: &PageContext, doctor: &Doctor) -> Option<Caller> {
    visit.acting.caller(doctors::WRITE).filter(|caller| doctor.is_reached(caller))
}
