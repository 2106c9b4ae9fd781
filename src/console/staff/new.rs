//! Somebody new: first the number, then, as the agency knows it or not, the name (docs/domain.md, Staff register).

use std::sync::Arc;

use axum::Extension;
use axum::response::Response;

use super::form::{EditPage, StaffFormView};
use super::identity::{SSIN_HINT, entries, faults_of, read};
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
use crate::domain::text::LocalText;
use crate::http::metrics::Metrics;
use crate::http::problem::Result;

pub(super) async fn blank(visit: PageContext) -> Result<Response> {
    visit.caller(Scope::StaffWrite)?;
    Ok(number_page(&visit, StaffFormView::default()).show())
}

/// The number alone.
fn number_page(visit: &PageContext, StaffFormView { fields, faults, .. }: StaffFormView) -> EditPage {
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
        match staff::query(&visit.app, &caller, SubmittedDocument::Fields(query)).await {
            Ok(answer) if answer.known => KNOWN,
            Ok(_) => UNKNOWN,
            Err(refusal) => {
                let shown = StaffFormView::render_refused(fields, refusal, visit.language, str::to_owned)?;
                return Ok(number_page(&visit, shown).show());
            }
        }
    };
    let everybody = StaffFilter { standing: ContractStatus::ALL.to_vec(), ..StaffFilter::default() };
    let held = staff::list(&visit.app, &caller, &everybody).await?.len();
    let fields =
        vec![("ssin".to_owned(), fields.get("ssin").to_owned()), ("reference".to_owned(), format!("P-{}", held + 1))];
    Ok(identity_page(&visit, Some(lead), StaffFormView { fields: fields.into(), ..StaffFormView::default() }).show())
}

/// Who it is.
fn identity_page(
    visit: &PageContext,
    lead: Option<LocalText>,
    StaffFormView { fields, faults, .. }: StaffFormView,
) -> EditPage {
    EditPage {
        entries: entries(&fields, &faults, visit.language),
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
        return Ok(identity_page(&visit, None, StaffFormView { fields, faults, stale: false }).show());
    }
    let person = read(&fields);
    if !confirm::is_sure(&fields)
        && let Some(other) = staff::namesake(&visit.app, &caller, &person).await?
    {
        return Ok(ask_whether_new(&visit, &fields, &other));
    }
    let kept = staff::add(&visit.app, &caller, SubmittedDocument::Fields(person), false).await;
    match metrics.record_staff_write(kept) {
        Ok(kept) => Ok(visit.done(&href(kept.person.id), Notice::StaffMemberAdded).await),
        Err(refusal) => {
            let shown = StaffFormView::render_refused(fields, refusal, visit.language, str::to_owned)?;
            Ok(identity_page(&visit, None, shown).show())
        }
    }
}

/// Asks before somebody is entered who may be in the register already.
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

const TITLE: LocalText = LocalText { fr: "Nouvelle personne", nl: "Nieuwe persoon", en: "New person" };
const NAMESAKE: LocalText = LocalText {
    fr: "Est-ce une personne qui a déjà une fiche\u{202f}?",
    nl: "Is dit iemand die al een fiche heeft?",
    en: "Is this somebody who has a sheet already?",
};
const NAMESAKE_LEAD: LocalText = LocalText {
    fr: "Une personne de votre registre a les mêmes noms et la même date de naissance. Rien n’est encore enregistré. Si c’est elle, complétez sa fiche.",
    nl: "Iemand in uw register heeft dezelfde namen en geboortedatum. Er is nog niets bewaard. Vul die fiche aan als het dezelfde persoon is.",
    en: "A person of your register has the same names and birth date. Nothing is saved yet. If it is the same person, complete that sheet.",
};
const SOMEBODY_ELSE: LocalText = LocalText {
    fr: "C’est quelqu’un d’autre\u{a0}: enregistrer",
    nl: "Dit is iemand anders: bewaren",
    en: "It is somebody else: save",
};
const FIRST: LocalText = LocalText {
    fr: "Encodez le numéro national (NISS). Laissez vide si la personne n’en a pas parce qu’elle ne réside pas en Belgique.",
    nl: "Vul het rijksregisternummer (INSZ) in. Laat leeg als de persoon er geen heeft omdat die niet in België woont.",
    en: "Enter the national number. Leave it empty if the person has none because of living abroad.",
};
const KNOWN: LocalText = LocalText {
    fr: "L’ONE connaît déjà cette personne. Encodez son nom de famille exactement comme sur la carte d’identité : il doit correspondre au numéro.",
    nl: "ONE kent deze persoon al. Vul de familienaam in precies zoals op de identiteitskaart: die moet bij het nummer horen.",
    en: "The agency knows this person already. Enter the family name exactly as on the identity card: it must go with the number.",
};
const UNKNOWN: LocalText = LocalText {
    fr: "L’ONE ne connaît pas encore cette personne. Complétez soigneusement son nom, son prénom et sa date de naissance.",
    nl: "ONE kent deze persoon nog niet. Vul naam, voornaam en geboortedatum zorgvuldig in.",
    en: "The agency does not know this person yet. Enter family name, given name and birth date with care.",
};
const ABROAD: LocalText = LocalText {
    fr: "Sans NISS, la date de naissance est nécessaire.",
    nl: "Zonder INSZ is de geboortedatum nodig.",
    en: "Without a national number the birth date is needed.",
};
