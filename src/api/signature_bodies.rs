//! Signed claims as software reads them: the report of a quarter, and a month of consultations that is signed alone.

use jiff::Timestamp;
use serde::Serialize;

use super::creches::CrecheReference;
use crate::app::claims::{self, ActView, ClaimView, Receipt, SalaryChange};
use crate::domain::actor::ActorKind;
use crate::domain::claim::{AnswerDetails, ClaimAct, ClaimState, FigureChange, FigureName, FigureRemark, claimed_kind};
use crate::domain::money::Cents;
use crate::domain::period::{Month, Period, Quarter};
use crate::http::answer::{ResponseBuilder, receipt_check, receipt_file};
use crate::http::extract::Media;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::http::urls::{CONSOLE_ROOT, Urls};
use crate::ids::{CrecheId, StaffMemberId};
use crate::words::Language;

/// Where a claim stands.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClaimBody {
    #[serde(rename = "self")]
    this: String,
    creche: CrecheReference,
    quarter: Quarter,
    /// The month that is signed alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
    state: ClaimState,
    /// The page on which persons sign and read.
    page: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<SignatureBody>,
    /// Whether something has changed since the signature.
    changed: bool,
    /// A month has neither salaries nor attachments.
    #[serde(skip_serializing_if = "Option::is_none")]
    salaries_changed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments_changed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salary_changes: Option<Vec<SalaryChangeBody>>,
    changes: Vec<ChangeBody>,
    acts: Vec<ActBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignatureBody {
    href: String,
    number: u32,
    signed_at: Timestamp,
    sha256: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChangeBody {
    figure: FigureName,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<Month>,
    signed: u64,
    now: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SalaryChangeBody {
    staff_member_id: StaffMemberId,
    month: Month,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_cents: Option<Cents>,
    #[serde(skip_serializing_if = "Option::is_none")]
    now_cents: Option<Cents>,
}

impl From<&SalaryChange> for SalaryChangeBody {
    fn from(change: &SalaryChange) -> Self {
        let SalaryChange { id, month, signed, now, .. } = change;
        Self { staff_member_id: *id, month: *month, signed_cents: *signed, now_cents: *now }
    }
}

/// An act on a claim.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActBody {
    act: ClaimAct,
    state: ClaimState,
    by: ActorKind,
    /// For the agency: the matricule of the agent, or the name of the key.
    #[serde(skip_serializing_if = "String::is_empty")]
    agent: String,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Of a message: what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    months: Vec<Month>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<FigureRemark>,
}

impl From<&FigureChange> for ChangeBody {
    fn from(change: &FigureChange) -> Self {
        let FigureChange { figure, month, signed, now } = *change;
        Self { figure, month, signed, now }
    }
}

/// The act as the agency reads it.
impl From<ActView> for ActBody {
    fn from(ActView { act, state, by, at, reason, details, agent }: ActView) -> Self {
        let AnswerDetails { remarks, months } = details;
        let (reason, text) = if act == ClaimAct::Message { (None, reason) } else { (reason, None) };
        Self { act, state, by, agent, at, reason, text, months, remarks }
    }
}

impl ActBody {
    /// The act as the organiser reads it: which agent or software it was is the agency's own.
    fn for_organiser(view: ActView) -> Self {
        let by = if view.by.is_agency() { ActorKind::Agent } else { view.by };
        Self { by, agent: String::new(), ..view.into() }
    }
}

impl ClaimBody {
    /// The claim at this address, with that of its receipt.
    pub(super) fn of(view: ClaimView, (this, receipt_href): (String, String), urls: &Urls) -> Self {
        let (creche, period) = (view.creche.id, view.period);
        let of_quarter = |changed: bool| period.month().is_none().then_some(changed);
        let signature = view.receipt.as_ref().map(|receipt| SignatureBody {
            href: receipt_href,
            number: receipt.document.signature,
            signed_at: receipt.document.signed_at,
            sha256: receipt.sha256.clone(),
        });
        Self {
            this,
            creche: CrecheReference::of(&view.creche, urls),
            quarter: period.quarter(),
            month: period.month(),
            state: view.standing.state,
            page: signing_page(urls, creche, period),
            signature,
            changed: view.has_changed(),
            salaries_changed: of_quarter(view.salaries_changed),
            attachments_changed: of_quarter(view.attachments_changed),
            salary_changes: period.month().is_none().then(|| view.salary_changes.iter().map(Into::into).collect()),
            changes: view.changes.iter().map(ChangeBody::from).collect(),
            acts: view.acts.into_iter().map(ActBody::for_organiser).collect(),
        }
    }
}

/// The page on which a person signs.
fn signing_page(urls: &Urls, creche: CrecheId, period: Period) -> String {
    let page = if period.month().is_some() { "signature" } else { "claim" };
    format!("{}{CONSOLE_ROOT}/creches/{creche}/{}/{period}/{page}", urls.base(), claimed_kind(period).name())
}

/// What a key learns that tries to sign: it cannot, and persons do on the page, where they see what they sign.
pub(crate) fn needs_person(urls: &Urls, creche: CrecheId, period: Period) -> Problem {
    Problem::new(ProblemType::SignatureNeedsPerson).member("page", signing_page(urls, creche, period))
}

/// A receipt in the requested form.
pub(super) fn receipt_answer(
    receipt: &Receipt,
    wanted: Media,
    language: Language,
    urls: &Urls,
) -> Result<ResponseBuilder> {
    if wanted == Media::Pdf {
        let pdf = claims::receipt_pdf(receipt, &receipt_check(urls, receipt), language)?;
        return Ok(receipt_file(receipt, Media::Pdf, pdf).language(language));
    }
    Ok(receipt_file(receipt, Media::Json, receipt.text()?))
}
