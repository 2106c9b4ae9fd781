//! A new person: first the number, then, depending on whether the agency has it, the name (docs/domain.md, Staff
//! register).

use std::sync::Arc;

use axum::Extension;
use axum::response::Response;

use super::form::{EditPage, SubmittedForm};
use super::identity::{SSIN_HINT, faults_of, parse_form, text_inputs};
use super::{PART, href, name};
use crate::app::SubmittedDocument;
use crate::app::staff::{self, StaffFilter, StaffPerson};
use crate::console::confirm::{self, Confirmation};
use crate::console::form::{Fields, PageForm};
use crate::console::form_fields::{FieldErrors, TextField, digits};
use crate::console::page_context::PageContext;
use crate::console::page_frame::{PageFrame, day};
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::domain::staff::ContractStatus;
use crate::domain::staff::raw::RawQuery;
use crate::http::metrics::Metrics;
use crate::http::problem::Result;
use crate::words::{self, LocalText};

pub(super) async fn blank(visit: PageContext) -> Result<Response> {
    visit.caller(Scope::StaffWrite)?;
    Ok(number_page(&visit, SubmittedForm::default()).show())
}

/// The step with the number alone.
fn number_page(visit: &PageContext, SubmittedForm { fields, faults, .. }: SubmittedForm) -> EditPage {
    let number =
        TextField::new("ssin", &fields, &faults).described("text", "NISS", SSIN_HINT.get(visit.language), false);
    EditPage { entries: vec![number], ..page(visit, "/console/staff/new", Some(FIRST), faults) }
}

pub(super) async fn ask(PageForm { visit, fields }: PageForm) -> Result<Response> {
    let caller = visit.caller(Scope::StaffWrite)?;
    let query = RawQuery { ssin: digits(fields.get("ssin")), ..RawQuery::default() };
    let lead = if query.ssin.is_absent() {
        ABROAD
    } else {
        match staff::look_up_number(&visit.app, &caller, SubmittedDocument::Fields(query)).await {
            Ok(answer) if answer.known => KNOWN,
            Ok(_) => UNKNOWN,
            Err(refusal) => {
                let shown = SubmittedForm::from_refusal(fields, refusal, visit.language, str::to_owned)?;
                return Ok(number_page(&visit, shown).show());
            }
        }
    };
    let everybody = StaffFilter { standing: ContractStatus::ALL.to_vec(), ..StaffFilter::default() };
    let stored = staff::list(&visit.app, &caller, &everybody).await?.len();
    let fields =
        vec![("ssin".to_owned(), fields.get("ssin").to_owned()), ("reference".to_owned(), format!("P-{}", stored + 1))];
    Ok(identity_page(&visit, Some(lead), SubmittedForm { fields: fields.into(), ..SubmittedForm::default() }).show())
}

/// The step with the identity.
fn identity_page(
    visit: &PageContext,
    lead: Option<LocalText>,
    SubmittedForm { fields, faults, .. }: SubmittedForm,
) -> EditPage {
    EditPage {
        entries: text_inputs(&fields, &faults, visit.language),
        hidden: vec![("ssin", fields.get("ssin").to_owned())],
        ..page(visit, "/console/staff/create", lead, faults)
    }
}

pub(super) async fn create(
    Extension(metrics): Extension<Arc<Metrics>>,
    PageForm { visit, fields }: PageForm,
) -> Result<Response> {
    let caller = visit.caller(Scope::StaffWrite)?;
    let faults = faults_of(&fields, visit.language);
    if !faults.0.is_empty() {
        return Ok(identity_page(&visit, None, SubmittedForm { fields, faults, stale: false }).show());
    }
    let person = parse_form(&fields);
    if !confirm::is_sure(&fields)
        && let Some(other) = staff::find_possible_duplicate(&visit.app, &caller, &person).await?
    {
        return Ok(ask_whether_new(&visit, &fields, &other));
    }
    let kept = staff::add(&visit.app, &caller, SubmittedDocument::Fields(person), false).await;
    match metrics.record_staff_write(kept) {
        Ok(kept) => Ok(visit.done(&href(kept.person.id), Notice::StaffMemberAdded).await),
        Err(refusal) => {
            let shown = SubmittedForm::from_refusal(fields, refusal, visit.language, str::to_owned)?;
            Ok(identity_page(&visit, None, shown).show())
        }
    }
}

/// Asks for confirmation before a person is entered who may be in the register already.
fn ask_whether_new(visit: &PageContext, fields: &Fields, other: &StaffPerson) -> Response {
    let question = Confirmation {
        action: "/console/staff/create".to_owned(),
        back: PART.to_owned(),
        title: NAMESAKE.get(visit.language).to_owned(),
        consequence: NAMESAKE_LEAD.get(visit.language),
        button: SOMEBODY_ELSE.get(visit.language),
    };
    let member = &other.member;
    let words = format!("{}, {} ({})", name(other), day(member.birth_date), member.reference);
    confirm::ask_about(PageFrame::at(PART, visit), fields, question, (href(other.id), words))
}

fn page(visit: &PageContext, action: &str, lead: Option<LocalText>, faults: FieldErrors) -> EditPage {
    EditPage {
        frame: PageFrame::at(PART, visit),
        title: TITLE.get(visit.language),
        name: None,
        lead: lead.map(|lead| lead.get(visit.language)),
        back: PART.to_owned(),
        action: action.to_owned(),
        hidden: Vec::new(),
        selects: Vec::new(),
        entries: Vec::new(),
        rows: Vec::new(),
        faults,
        stale: false,
        removable: false,
    }
}

const TITLE: LocalText = words::staff::NEW_PERSON;
const NAMESAKE: LocalText = words::staff::NAMESAKE;
const NAMESAKE_LEAD: LocalText = words::staff::NAMESAKE_LEAD;
const SOMEBODY_ELSE: LocalText = words::staff::SOMEBODY_ELSE;
const FIRST: LocalText = words::staff::FIRST;
const KNOWN: LocalText = words::staff::KNOWN;
const UNKNOWN: LocalText = words::staff::UNKNOWN;
const ABROAD: LocalText = words::staff::ABROAD;
