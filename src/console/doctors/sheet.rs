//! A doctor's sheet, with the doctor's status with the agency.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::{PART, formatted_inami, href, names, writer};
use crate::app::creches;
use crate::app::doctors::{self, Doctor};
use crate::console::field_labels::{ADDRESS, FUNCTION};
use crate::console::form_fields::FieldErrors;
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, date_time, day, render_with_status};
use crate::domain::doctor::DoctorState;
use crate::http::extract::Path;
use crate::http::path_parameters::AtDoctor;
use crate::http::problem::Result;
use crate::ids::DoctorId;
use crate::words::{self, Language, LocalText};

/// A doctor's status: the words, and the CSS class of the tag.
pub(in crate::console) struct DoctorTag {
    pub(in crate::console) words: &'static str,
    pub(in crate::console) look: &'static str,
}

impl DoctorTag {
    pub(in crate::console) fn of(state: DoctorState, language: Language) -> Self {
        let look = match state {
            DoctorState::Incomplete => "warn",
            DoctorState::AwaitingValidation | DoctorState::Ended => "plain",
            DoctorState::Validated => "good",
            DoctorState::Refused => "bad",
        };
        Self { words: state.label().get(language), look }
    }
}

/// The names of fields with their values.
pub(in crate::console) type SheetFacts = Vec<(&'static str, String)>;

/// The fields of a sheet in words.
pub(in crate::console) fn sheet_facts(doctor: &Doctor, language: Language) -> SheetFacts {
    let sheet = &doctor.sheet;
    let at = &sheet.address;
    let bus = at.bus.as_ref().map(|bus| format!(" {} {bus}", BOX.get(language))).unwrap_or_default();
    let until = sheet.end_date.map(|end| format!(" {} {}", UNTIL.get(language), day(end))).unwrap_or_default();
    let all = [
        (INAMI_LABEL, formatted_inami(sheet.inami)),
        (FUNCTION, sheet.function.label().get(language).to_owned()),
        (ADDRESS, format!("{} {}{bus}, {} {} ({})", at.street, at.house_number, at.postcode, at.town, at.country)),
        (MOBILE_LABEL, sheet.mobile.clone()),
        (OFFICE_PHONE_LABEL, sheet.office_phone.clone()),
        (EMAIL_LABEL, sheet.email.expose().to_owned()),
        (COLLABORATION, format!("{} {}{until}", SINCE.get(language), day(sheet.start_date))),
    ];
    all.into_iter().map(|(name, value)| (name.get(language), value)).collect()
}

#[derive(Template)]
#[template(path = "doctors/sheet.html", config = ".config/askama.toml")]
struct SheetPage {
    frame: PageFrame,
    href: String,
    name: String,
    facts: SheetFacts,
    creches: Vec<String>,
    state: DoctorTag,
    incomplete: bool,
    decided_at: Option<String>,
    /// The reason of the agency's refusal.
    reason: Option<String>,
    agreed_at: Option<String>,
    version: u64,
    writes: bool,
    /// Why an agreement was not stored.
    fault: Option<String>,
}

pub(super) async fn show_doctor(visit: PageContext, Path(AtDoctor { doctor: id }): Path<AtDoctor>) -> Result<Response> {
    render_sheet(&visit, id, None).await
}

/// The sheet, with why an agreement was not stored.
pub(super) async fn render_sheet(
    visit: &PageContext,
    id: DoctorId,
    fault: Option<(StatusCode, String)>,
) -> Result<Response> {
    let caller = visit.caller(doctors::READ)?;
    let doctor = doctors::find(&visit.app, &caller, id).await?;
    let known = creches::list(&visit.app, &caller).await?;
    let (status, fault) = fault.unzip();
    let faults = fault.as_deref().map_or_else(FieldErrors::default, |text| FieldErrors::one("file", text));
    let page = SheetPage {
        frame: PageFrame::at(PART, visit).refusing(&faults, &["file"]),
        href: href(id),
        name: doctor.name(),
        facts: sheet_facts(&doctor, visit.language),
        creches: names(&known, &doctor),
        state: DoctorTag::of(doctor.state, visit.language),
        incomplete: doctor.state == DoctorState::Incomplete,
        decided_at: doctor.decided.as_ref().map(|(_, at)| date_time(*at)),
        reason: doctor.refusal_reason().map(str::to_owned),
        agreed_at: doctor.agreed_at.map(date_time),
        version: doctor.version,
        writes: writer(visit, &doctor).is_some(),
        fault,
    };
    Ok(render_with_status(status.unwrap_or(StatusCode::OK), &page))
}

pub(super) const INAMI_LABEL: LocalText = words::common::INAMI_NUMBER;
pub(super) const MOBILE_LABEL: LocalText = words::doctors::MOBILE;
pub(super) const OFFICE_PHONE_LABEL: LocalText = words::doctors::OFFICE;
pub(super) const EMAIL_LABEL: LocalText = words::common::E_MAIL;
const COLLABORATION: LocalText = words::doctors::COLLABORATION;
const BOX: LocalText = words::doctors::BOX;
const SINCE: LocalText = words::common::SINCE;
const UNTIL: LocalText = words::common::UNTIL;
