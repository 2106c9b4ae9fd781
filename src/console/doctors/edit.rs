//! The form for entering and changing a doctor.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::fields::{fields_of, parse_form, text_inputs};
use super::{PART, href, writer};
use crate::app::doctors::{self, Doctor, DoctorError, DoctorUpdate};
use crate::app::{Precondition, SubmittedDocument, creches};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, TextField, TickBox, creche_tick};
use crate::console::page_context::{PageContext, forbidden};
use crate::console::page_frame::{PageFrame, render_with_status};
use crate::domain::doctor::Function;
use crate::domain::notice::Notice;
use crate::http::extract::Path;
use crate::http::path_parameters::AtDoctor;
use crate::http::problem::Result;
use crate::ids::DoctorId;
use crate::words;

#[derive(Template)]
#[template(path = "doctors/edit.html", config = ".config/askama.toml")]
struct EditPage {
    frame: PageFrame,
    /// The doctor's name; none for a new one.
    name: Option<String>,
    back: String,
    action: String,
    entries: Vec<TextField>,
    functions: Vec<TickBox>,
    creches: Vec<TickBox>,
    faults: FieldErrors,
    /// Another user changed the sheet meanwhile.
    stale: bool,
    version: u64,
}

/// The content of a form.
#[derive(Default)]
struct DoctorFormView {
    fields: Fields,
    faults: FieldErrors,
    stale: bool,
}

pub(super) async fn blank(visit: PageContext) -> Result<Response> {
    visit.caller(doctors::WRITE)?;
    let fields = Fields::from(vec![("country".to_owned(), "BE".to_owned())]);
    form(&visit, None, DoctorFormView { fields, ..DoctorFormView::default() }).await
}

pub(super) async fn add(PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = visit.caller(doctors::WRITE)?;
    match doctors::add(&visit.app, &caller, SubmittedDocument::Fields(parse_form(&fields)), false).await {
        Ok(stored) => Ok(visit.done(&href(stored.doctor.id), Notice::DoctorAdded).await),
        Err(refusal) => render_refused(&visit, None, fields, refusal).await,
    }
}

pub(super) async fn filled(visit: PageContext, Path(AtDoctor { doctor: id }): Path<AtDoctor>) -> Result<Response> {
    let doctor = find_doctor(&visit, id).await?;
    let fields = fields_of(&doctor);
    form(&visit, Some(&doctor), DoctorFormView { fields, ..DoctorFormView::default() }).await
}

pub(super) async fn change(
    Path(AtDoctor { doctor: id }): Path<AtDoctor>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let (caller, doctor) = (visit.caller(doctors::WRITE)?, find_doctor(&visit, id).await?);
    let precondition = Precondition::Known(fields.number("version").into_iter().collect());
    let change = DoctorUpdate::Sheet(Box::new(parse_form(&fields)));
    match doctors::change(&visit.app, &caller, id, &precondition, change, false).await {
        Ok(_) => Ok(visit.done(&href(id), Notice::SheetSaved).await),
        Err(refusal) => render_refused(&visit, Some(&doctor), fields, refusal).await,
    }
}

/// A doctor whom the user may change.
async fn find_doctor(visit: &PageContext, id: DoctorId) -> Result<Doctor> {
    let doctor = doctors::find(&visit.app, &visit.caller(doctors::READ)?, id).await?;
    writer(visit, &doctor).ok_or_else(forbidden)?;
    Ok(doctor)
}

/// The form again, when the input can be corrected there.
async fn render_refused(
    visit: &PageContext,
    doctor: Option<&Doctor>,
    fields: Fields,
    refusal: DoctorError,
) -> Result<Response> {
    let shown = match refusal {
        DoctorError::Invalid(findings) => {
            DoctorFormView { fields, faults: FieldErrors::new(&findings, visit.language), ..DoctorFormView::default() }
        }
        DoctorError::Blocked(_) => DoctorFormView { fields, stale: true, ..DoctorFormView::default() },
        refusal => return Err(refusal.into()),
    };
    form(visit, doctor, shown).await
}

async fn form(visit: &PageContext, doctor: Option<&Doctor>, shown: DoctorFormView) -> Result<Response> {
    let DoctorFormView { fields, faults, stale } = shown;
    let creches = creches::list(&visit.app, &visit.caller(doctors::WRITE)?).await?;
    let status = match (stale, faults.0.is_empty()) {
        (true, _) => StatusCode::PRECONDITION_FAILED,
        (false, false) => StatusCode::BAD_REQUEST,
        (false, true) => StatusCode::OK,
    };
    let back = doctor.map_or_else(|| PART.to_owned(), |doctor| href(doctor.id));
    let frame = PageFrame::at(PART, visit);
    let function = |function: &Function| TickBox {
        value: function.code().to_owned(),
        words: function.label().get(visit.language).to_owned(),
        ticked: fields.get("function") == function.code(),
    };
    let entries = text_inputs(&frame, &fields, &faults);
    let chosen =
        [("function", frame.text(&words::common::FUNCTION)), ("crecheIds", frame.text(&words::common::CRECHES))];
    let names: Vec<_> = entries.iter().map(|entry| (entry.name, entry.label)).chain(chosen).collect();
    let page = EditPage {
        name: doctor.map(Doctor::name),
        action: doctor.map_or_else(|| format!("{PART}/new"), |doctor| format!("{}/edit", href(doctor.id))),
        back,
        entries,
        functions: Function::ALL.iter().map(function).collect(),
        creches: creches.iter().map(|creche| creche_tick("crecheIds", creche, &fields)).collect(),
        // The page displays the present sheet, so that its form may replace it.
        version: if stale { doctor.map_or(0, |doctor| doctor.version) } else { fields.number("version").unwrap_or(0) },
        frame: frame.refusing_named(&faults, &names).refused_if(stale),
        faults,
        stale,
    };
    Ok(render_with_status(status, &page))
}
