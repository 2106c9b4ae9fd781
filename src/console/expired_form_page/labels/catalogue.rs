//! The fields of the console's forms: what each is called, and how what stands in it is said.

use crate::console::doctors;
use crate::console::field_labels::{
    ADDRESS, BIRTH_DATE, CATEGORY, CRECHE, DATE, END, FAMILY_NAME, FUNCTION, GIVEN_NAME, KIND, LAST_DAY,
    NATIONAL_NUMBER, START, STATUS, TITLE, VALID_UNTIL,
};
use crate::domain::application::{kind_words, scope_words};
use crate::domain::closure::ClosureReason;
use crate::domain::doctor::Function;
use crate::domain::event::EventType;
use crate::domain::key::{KeyKind, Scope};
use crate::domain::staff::{AbsenceKind, Category, DocumentKind, Status, TrainingKind};
use crate::domain::text::LocalText;
use crate::domain::user::Profile;

/// What stands in a field.
#[derive(Clone, Copy)]
pub(super) enum FieldKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// The number of a doctor, which is no secret.
    Inami,
    /// A national number, which is not shown.
    Ssin,
    /// A day.
    Date,
    /// The id of a crèche.
    Creche,
    /// A code with words.
    Code(fn(&str) -> Option<LocalText>),
    /// A box that is ticked, in words.
    Tick(LocalText),
}

use FieldKind::{Code, Creche, Date, Inami, Number, Ssin, Text, Tick};

type LabelledField = (LocalText, FieldKind);

/// The field of this name in the form that is sent to `action`; `None` where pages fill it in, or it has no words.
pub(super) fn field(action: &str, name: &str) -> Option<LabelledField> {
    let is_below = |part: &str| action.starts_with(&format!("/console/{part}"));
    match () {
        () if is_below("doctors") => doctor(name),
        () if is_below("agency/doctors") => agency_decision(name),
        () if is_below("closures") => closure(name),
        () if is_below("staff") => staff(action, name),
        () if is_below("users") => user(name),
        () if is_below("webhooks") => webhook(name),
        () if is_below("applications") => application(name),
        () => (name == "lines").then_some((LINES, Number)),
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
        "validated" => Some(LocalText { fr: "Valider", nl: "Valideren", en: "Validate" }),
        "refused" => Some(LocalText { fr: "Refuser", nl: "Weigeren", en: "Refuse" }),
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

/// The codes of a record's kind, by the section that its form is in.
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

/// Of a header only the name is shown: its value is a secret.
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
        "kind" => Some((KIND, Code(|code| Some(kind_words(code.parse::<KeyKind>().ok()?))))),
        "reach" => Some((CRECHES, Code(everything))),
        "creches" => Some((CRECHES, Creche)),
        _ => None,
    }
}

/// That nothing is left out; what is chosen besides is named one by one.
fn everything(code: &str) -> Option<LocalText> {
    (code == "all").then_some(LocalText { fr: "Tout", nl: "Alles", en: "All" })
}

const CERTIFIED: LocalText = LocalText { fr: "Certifié", nl: "Bevestigd", en: "Certified" };
const CONSENT: LocalText =
    LocalText { fr: "Accord de la personne", nl: "Toestemming van de persoon", en: "Consent of the person" };
const CONTACT: LocalText =
    LocalText { fr: "Contact technique\u{a0}: nom", nl: "Technisch contact: naam", en: "Technical contact: name" };
const CONTACT_EMAIL: LocalText = LocalText {
    fr: "Contact technique\u{a0}: e-mail",
    nl: "Technisch contact: e-mail",
    en: "Technical contact: e-mail",
};
const CONTACT_PHONE: LocalText = LocalText {
    fr: "Contact technique\u{a0}: téléphone",
    nl: "Technisch contact: telefoon",
    en: "Technical contact: telephone",
};
const CRECHES: LocalText = LocalText { fr: "Crèches", nl: "Opvanglocaties", en: "Crèches" };
const DECISION: LocalText = LocalText { fr: "Décision", nl: "Beslissing", en: "Decision" };
const EMAIL: LocalText =
    LocalText { fr: "E-mail professionnel", nl: "Professioneel e-mailadres", en: "Professional e-mail" };
const EVENTS: LocalText = LocalText { fr: "De quoi l’avertir", nl: "Waarover verwittigen", en: "What to tell" };
const FIRST_CLOSED: LocalText =
    LocalText { fr: "Premier jour fermé", nl: "Eerste sluitingsdag", en: "First closed day" };
const HEADER: LocalText = LocalText { fr: "En-tête à ajouter", nl: "Extra header", en: "Header to send along" };
const LAST_CLOSED: LocalText =
    LocalText { fr: "Dernier jour fermé", nl: "Laatste sluitingsdag", en: "Last closed day" };
const LINES: LocalText = LocalText { fr: "Nombre de lignes", nl: "Aantal regels", en: "Number of lines" };
const NAME_OR_EMAIL: LocalText = LocalText { fr: "Nom ou e-mail", nl: "Naam of e-mail", en: "Name or e-mail" };
const PROFILE: LocalText = LocalText { fr: "Profil", nl: "Profiel", en: "Profile" };
const PURPOSE: LocalText = LocalText { fr: "Utilité", nl: "Doel", en: "Purpose" };
const RATE: LocalText = LocalText {
    fr: "Envois par seconde, au plus",
    nl: "Hoogstens zoveel leveringen per seconde",
    en: "Deliveries per second, at most",
};
const REASON: LocalText = LocalText { fr: "Motif", nl: "Reden", en: "Reason" };
const REFERENCE: LocalText = LocalText { fr: "Référence", nl: "Referentie", en: "Reference" };
const REFUSAL_REASON: LocalText =
    LocalText { fr: "Raison d’un refus", nl: "Reden van een weigering", en: "Reason of a refusal" };
const SCOPES: LocalText = LocalText { fr: "Droits", nl: "Rechten", en: "Rights" };
const SINCE: LocalText = LocalText { fr: "Depuis le", nl: "Sinds", en: "Since" };
const SOFTWARE: LocalText = LocalText { fr: "Nom du logiciel", nl: "Naam van de software", en: "Name of the software" };
const VENDOR: LocalText = LocalText { fr: "Fournisseur", nl: "Leverancier", en: "Vendor" };
const WORKING_TIME: LocalText =
    LocalText { fr: "Temps de travail, en pour cent", nl: "Arbeidstijd, in procent", en: "Working time, in per cent" };
const YEAR: LocalText = LocalText { fr: "Année", nl: "Jaar", en: "Year" };
