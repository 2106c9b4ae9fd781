//! The fields of the console's forms: their names, and the format of their values.

use crate::console::doctors;
use crate::console::field_labels::{
    ADDRESS, BIRTH_DATE, CATEGORY, CRECHE, DATE, END, FAMILY_NAME, FUNCTION, GIVEN_NAME, KIND, LAST_DAY,
    NATIONAL_NUMBER, START, STATUS, TITLE, VALID_UNTIL,
};
use crate::domain::application::{key_kind_words, scope_words};
use crate::domain::claim::{Acknowledgement, ClaimAct, CorrectionReason, FigureName};
use crate::domain::closure::ClosureReason;
use crate::domain::doctor::Function;
use crate::domain::event::EventType;
use crate::domain::key::{KeyKind, Scope};
use crate::domain::staff::{AbsenceKind, Category, DocumentKind, Status, TrainingKind};
use crate::domain::subsidy::PaymentType;
use crate::domain::user::Profile;
use crate::words::{self, LocalText};

/// The type of a field's value.
#[derive(Clone, Copy)]
pub(super) enum FieldKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// The number of a doctor, which is not secret.
    Inami,
    /// A national number, which is masked.
    Ssin,
    /// A day.
    Date,
    /// The id of a crèche.
    Creche,
    /// A code with words.
    Code(fn(&str) -> Option<LocalText>),
    /// A box that is ticked.
    Tick(LocalText),
}

use FieldKind::{Code, Creche, Date, Inami, Number, Ssin, Text, Tick};

type LabelledField = (LocalText, FieldKind);

/// The field with this name in the form that is sent to `action`; `None` where pages fill it in, or it has no words.
pub(super) fn field(action: &str, name: &str) -> Option<LabelledField> {
    let is_below = |part: &str| action.starts_with(&format!("/console/{part}"));
    match () {
        () if is_below("doctors") => doctor(name),
        () if is_below("agency/communications") => communication(name),
        () if is_below("agency/doctors") => agency_decision(name),
        () if is_below("agency/claims") => claim(name),
        () if is_below("agency/payments") => payment(name),
        () if is_below("closures") => closure(name),
        () if is_below("staff") => staff(action, name),
        () if is_below("users") => user(name),
        () if is_below("webhooks") => webhook(name),
        () if is_below("applications") => application(name),
        () if action.contains("/report/") => report(name).or_else(|| claim(name)),
        () => (name == "lines").then_some((LINES, Number)).or_else(|| claim(name)),
    }
}

fn report(name: &str) -> Option<LabelledField> {
    if name.starts_with("salary.") {
        return Some((words::reports::GROSS_SALARIES, Text));
    }
    let parts: Vec<_> = name.split('-').collect();
    match parts[..] {
        ["from"] => Some((words::reports::OPENING, Text)),
        ["until"] => Some((words::reports::CLOSING, Text)),
        ["children"] => Some((words::reports::CHILDREN, Number)),
        ["travel"] => Some((FigureName::SocialStaffTravelCents.label(), Text)),
        ["clerk", _] => Some((FigureName::ClerkIndemnityCents.label(), Text)),
        ["premises", _] => Some((FigureName::PremisesIndemnityCents.label(), Text)),
        [list, _, part] => {
            let label = match list {
                "supplies" => FigureName::SuppliesCents.label(),
                "sessions" => FigureName::EducationalSessionsCents.label(),
                "parents" => FigureName::ParentActivitiesCents.label(),
                "trainings" => FigureName::DoctorTrainingsCents.label(),
                _ => return None,
            };
            Some((label, if part == "date" { Date } else { Text }))
        }
        _ => None,
    }
}

fn claim(name: &str) -> Option<LabelledField> {
    if name.starts_with("warning.") {
        let words = |code: &str| Some(Acknowledgement::from_code(code)?.label());
        return Some((words::reports::WHY_SIGNED, Code(words)));
    }
    match name {
        "reason" => Some((words::reports::REASON, Text)),
        "act" => Some((words::reports::ACT, Code(|code| Some(ClaimAct::from_code(code)?.label())))),
        "correctionReason" => {
            Some((words::correction::REASON, Code(|code| Some(CorrectionReason::from_code(code)?.label()))))
        }
        _ => None,
    }
}

fn payment(name: &str) -> Option<LabelledField> {
    match name {
        "creche" => Some((words::payments::ONE_NUMBER, Text)),
        "quarter" => Some((words::reports::QUARTER, Text)),
        "type" => Some((words::payments::TYPE, Code(|code| Some(PaymentType::from_code(code)?.label())))),
        "paidOn" => Some((words::payments::PAID_ON, Text)),
        "amount" => Some((words::payments::AMOUNT, Text)),
        "balance" => Some((words::payments::BALANCE, Text)),
        "reference" => Some((words::payments::REFERENCE, Text)),
        "reason" => Some((words::payments::REASON, Text)),
        _ => None,
    }
}

fn communication(name: &str) -> Option<LabelledField> {
    match name {
        "reason" => Some((words::communications::REASON, Text)),
        "act" => Some((words::reports::ACT, Code(communication_act))),
        _ => None,
    }
}

fn communication_act(code: &str) -> Option<LocalText> {
    match code {
        "publish" => Some(words::communications::PUBLISH),
        "discard" => Some(words::communications::DISCARD),
        "withdraw" => Some(words::communications::WITHDRAW),
        _ => None,
    }
}

fn doctor(name: &str) -> Option<LabelledField> {
    match name {
        "inami" => Some((doctors::label_of(name)?, Inami)),
        "startDate" | "endDate" => Some((doctors::label_of(name)?, Date)),
        "function" => Some((FUNCTION, Code(|code| Some(Function::from_code(code)?.label())))),
        "crecheIds" => Some((CRECHES, Creche)),
        _ => Some((doctors::label_of(name)?, Text)),
    }
}

fn agency_decision(name: &str) -> Option<LabelledField> {
    match name {
        "reason" => Some((REFUSAL_REASON, Text)),
        "decision" => Some((DECISION, Code(decision))),
        _ => None,
    }
}

fn decision(code: &str) -> Option<LocalText> {
    match code {
        "validated" => Some(words::common::VALIDATE),
        "refused" => Some(words::common::REFUSE),
        _ => None,
    }
}

fn closure(name: &str) -> Option<LabelledField> {
    match name {
        "start" => Some((FIRST_CLOSED, Date)),
        "end" => Some((LAST_CLOSED, Date)),
        "reason" => Some((REASON, Code(|code| Some(ClosureReason::from_code(code)?.label())))),
        "creches" => Some((CRECHES, Creche)),
        _ => None,
    }
}

fn staff(action: &str, name: &str) -> Option<LabelledField> {
    match name {
        "ssin" => Some((NATIONAL_NUMBER, Ssin)),
        "givenName" => Some((GIVEN_NAME, Text)),
        "familyName" => Some((FAMILY_NAME, Text)),
        "birthDate" => Some((BIRTH_DATE, Date)),
        "reference" => Some((REFERENCE, Text)),
        "title" => Some((TITLE, Text)),
        "date" => Some((DATE, Date)),
        "validUntil" => Some((VALID_UNTIL, Date)),
        "startDate" => Some((START, Date)),
        "endDate" => Some((END, Date)),
        "status" => Some((STATUS, Code(|code| Some(Status::from_code(code)?.label())))),
        "category" => Some((CATEGORY, Code(|code| Some(Category::from_code(code)?.label())))),
        "time" => Some((WORKING_TIME, Text)),
        "creche" | "crecheId" => Some((CRECHE, Creche)),
        "year" => Some((YEAR, Number)),
        "kind" => Some((KIND, record_kind(action)?)),
        _ => None,
    }
}

/// The codes of a record's kind, by the section of its form.
fn record_kind(action: &str) -> Option<FieldKind> {
    match action.rsplit('/').nth(1)? {
        "trainings" => Some(Code(|code| Some(TrainingKind::from_code(code)?.label()))),
        "documents" => Some(Code(|code| Some(DocumentKind::from_code(code)?.label()))),
        "absences" => Some(Code(|code| Some(AbsenceKind::from_code(code)?.label()))),
        _ => None,
    }
}

fn user(name: &str) -> Option<LabelledField> {
    match name {
        "words" => Some((NAME_OR_EMAIL, Text)),
        "givenName" => Some((GIVEN_NAME, Text)),
        "familyName" => Some((FAMILY_NAME, Text)),
        "email" => Some((EMAIL, Text)),
        "ssin" => Some((NATIONAL_NUMBER, Ssin)),
        "profile" => Some((PROFILE, Code(|code| Some(code.parse::<Profile>().ok()?.label())))),
        "consentCertified" => Some((CONSENT, Tick(CERTIFIED))),
        _ => None,
    }
}

/// Of a header only the name is displayed: its value is a secret.
fn webhook(name: &str) -> Option<LabelledField> {
    match name {
        "url" => Some((ADDRESS, Text)),
        "description" => Some((PURPOSE, Text)),
        "deliveriesPerSecond" => Some((RATE, Number)),
        "header/name" => Some((HEADER, Text)),
        "tell" => Some((EVENTS, Code(everything))),
        "eventTypes" => Some((EVENTS, Code(|code| Some(EventType::from_code(code)?.label())))),
        "reach" => Some((CRECHES, Code(everything))),
        "creches" => Some((CRECHES, Creche)),
        "from" => Some((SINCE, Date)),
        _ => None,
    }
}

fn application(name: &str) -> Option<LabelledField> {
    match name {
        "name" => Some((SOFTWARE, Text)),
        "vendor" => Some((VENDOR, Text)),
        "purpose" => Some((PURPOSE, Text)),
        "contact/name" => Some((CONTACT, Text)),
        "contact/email" => Some((CONTACT_EMAIL, Text)),
        "contact/phone" => Some((CONTACT_PHONE, Text)),
        "endsOn" | "expiresOn" => Some((LAST_DAY, Date)),
        "scopes" => Some((SCOPES, Code(|code| Some(scope_words(code.parse::<Scope>().ok()?))))),
        "kind" => Some((KIND, Code(|code| Some(key_kind_words(code.parse::<KeyKind>().ok()?))))),
        "reach" => Some((CRECHES, Code(everything))),
        "creches" => Some((CRECHES, Creche)),
        _ => None,
    }
}

/// The value for no restriction; other choices are listed one by one.
fn everything(code: &str) -> Option<LocalText> {
    (code == "all").then_some(words::expired_form_page::ALL)
}

const CERTIFIED: LocalText = words::expired_form_page::CERTIFIED;
const CONSENT: LocalText = words::expired_form_page::CONSENT;
const CONTACT: LocalText = words::expired_form_page::CONTACT;
const CONTACT_EMAIL: LocalText = words::expired_form_page::CONTACT_EMAIL;
const CONTACT_PHONE: LocalText = words::expired_form_page::CONTACT_PHONE;
const CRECHES: LocalText = words::common::CRECHES;
const DECISION: LocalText = words::common::DECISION;
const EMAIL: LocalText = words::common::PROFESSIONAL_E_MAIL;
const EVENTS: LocalText = words::expired_form_page::EVENTS;
const FIRST_CLOSED: LocalText = words::common::FIRST_CLOSED_DAY;
const HEADER: LocalText = words::expired_form_page::HEADER;
const LAST_CLOSED: LocalText = words::common::LAST_CLOSED_DAY;
const LINES: LocalText = words::expired_form_page::NUMBER_OF_LINES;
const NAME_OR_EMAIL: LocalText = words::common::NAME_OR_E_MAIL;
const PROFILE: LocalText = words::common::PROFILE;
const PURPOSE: LocalText = words::expired_form_page::PURPOSE;
const RATE: LocalText = words::expired_form_page::RATE;
const REASON: LocalText = words::common::REASON;
const REFERENCE: LocalText = words::common::REFERENCE;
const REFUSAL_REASON: LocalText = words::common::REASON_OF_A_REFUSAL;
const SCOPES: LocalText = words::common::RIGHTS;
const SINCE: LocalText = words::expired_form_page::SINCE;
const SOFTWARE: LocalText = words::expired_form_page::SOFTWARE;
const VENDOR: LocalText = words::common::VENDOR;
const WORKING_TIME: LocalText = words::expired_form_page::WORKING_TIME;
const YEAR: LocalText = words::common::YEAR;
