//! Correcting a person's identity.

use std::sync::Arc;

use axum::Extension;
use axum::response::Response;

use super::form::{EditPage, SubmittedForm};
use super::sheet::writer;
use super::{PART, href, name};
use crate::app::Precondition;
use crate::app::staff::{self, StaffPerson};
use crate::console::field_labels::{BIRTH_DATE, FAMILY_NAME, GIVEN_NAME};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, TextField, digits, missing, text};
use crate::console::page_context::{PageContext, forbidden};
use crate::console::page_frame::PageFrame;
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::domain::staff::raw::RawMember;
use crate::http::extract::Path;
use crate::http::metrics::Metrics;
use crate::http::path_parameters::AtStaffMember;
use crate::http::problem::Result;
use crate::ids::StaffMemberId;
use crate::words::{self, Language, LocalText};

pub(super) async fn filled(
    visit: PageContext,
    Path(AtStaffMember { member }): Path<AtStaffMember>,
) -> Result<Response> {
    let person = find_person(&visit, member).await?;
    let pairs = [
        ("reference", person.member.reference.clone()),
        ("givenName", person.member.given_name.clone()),
        ("familyName", person.member.family_name.clone()),
        ("birthDate", person.member.birth_date.to_string()),
        ("version", person.version.to_string()),
    ];
    let fields = pairs.map(|(name, value)| (name.to_owned(), value)).to_vec().into();
    Ok(page(&visit, &person, SubmittedForm { fields, ..SubmittedForm::default() }).show())
}

pub(super) async fn change(
    Path(AtStaffMember { member }): Path<AtStaffMember>,
    Extension(metrics): Extension<Arc<Metrics>>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let (caller, person) = (visit.caller(Scope::StaffWrite)?, find_person(&visit, member).await?);
    let faults = faults_of(&fields, visit.language);
    if !faults.0.is_empty() {
        return Ok(page(&visit, &person, SubmittedForm { fields, faults, stale: false }).show());
    }
    let precondition = Precondition::Known(fields.number("version").into_iter().collect());
    let stored = staff::replace_identity(&visit.app, &caller, member, &precondition, parse_form(&fields)).await;
    match metrics.record_staff_write(stored) {
        Ok(_) => Ok(visit.done(&href(member), Notice::SheetSaved).await),
        Err(refusal) => {
            let shown = SubmittedForm::from_refusal(fields, refusal, visit.language, str::to_owned)?;
            Ok(page(&visit, &person, shown).show())
        }
    }
}

/// A person whom the user may change.
pub(super) async fn find_person(visit: &PageContext, id: StaffMemberId) -> Result<StaffPerson> {
    let person = staff::find(&visit.app, &visit.caller(Scope::StaffRead)?, id).await?;
    let writer = writer(visit, &person).ok_or_else(forbidden)?;
    Ok(person.within_reach(&writer))
}

fn page(visit: &PageContext, person: &StaffPerson, SubmittedForm { fields, faults, stale }: SubmittedForm) -> EditPage {
    let version = if stale { person.version } else { fields.number("version").unwrap_or_default() };
    let mut entries = text_inputs(&fields, &faults, visit.language);
    if person.member.ssin.is_none() {
        entries.push(TextField::new("ssin", &fields, &faults).described(
            "text",
            "NISS",
            SSIN_HINT.get(visit.language),
            false,
        ));
    }
    EditPage {
        frame: PageFrame::at(PART, visit),
        title: TITLE.get(visit.language),
        name: Some(name(person)),
        lead: Some(LEAD.get(visit.language)),
        back: href(person.id),
        action: format!("{}/identity", href(person.id)),
        hidden: vec![("version", version.to_string())],
        selects: Vec::new(),
        entries,
        rows: Vec::new(),
        faults,
        stale,
        removable: false,
    }
}

/// The fields of the identity.
pub(super) fn text_inputs(fields: &Fields, faults: &FieldErrors, language: Language) -> Vec<TextField> {
    let entry = |name, kind, label: LocalText, hint: LocalText, required| {
        TextField::new(name, fields, faults).described(kind, label.get(language), hint.get(language), required)
    };
    vec![
        entry("familyName", "text", FAMILY_NAME, NOTHING, true),
        entry("givenName", "text", GIVEN_NAME, NOTHING, true),
        entry("birthDate", "date", BIRTH_DATE, BIRTH_HINT, false),
        entry("reference", "text", REFERENCE, REFERENCE_HINT, true),
    ]
}

/// The errors that prevent parsing the form: fields that it does not have, and required fields that are empty.
pub(super) fn faults_of(fields: &Fields, language: Language) -> FieldErrors {
    let entries = text_inputs(fields, &FieldErrors::default(), language);
    let ours = |name: &str| name == "ssin" || entries.iter().any(|entry| entry.name == name);
    let FieldErrors(mut faults) = FieldErrors::unexpected(fields, ours, language);
    faults.extend(missing(&entries, language));
    FieldErrors(faults)
}

/// The form's input on the person; an empty field is absent.
pub(super) fn parse_form(fields: &Fields) -> RawMember {
    RawMember {
        reference: text(fields, "reference"),
        ssin: digits(fields.get("ssin")),
        given_name: text(fields, "givenName"),
        family_name: text(fields, "familyName"),
        birth_date: text(fields, "birthDate"),
        ..RawMember::default()
    }
}

const NOTHING: LocalText = LocalText::EMPTY;
const TITLE: LocalText = words::staff::TITLE;
const LEAD: LocalText = words::staff::LEAD;
const BIRTH_HINT: LocalText = words::staff::BIRTH_HINT;
const REFERENCE: LocalText = words::staff::REFERENCE;
const REFERENCE_HINT: LocalText = words::staff::REFERENCE_HINT;
pub(super) const SSIN_HINT: LocalText = words::staff::SSIN_HINT;
