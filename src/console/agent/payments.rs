//! Payments of subsidies, for agents: the form to record one, and the page of one with the form to cancel it.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::Agent;
use crate::app::App;
use crate::app::subsidies::{self, PaymentError, PaymentView};
use crate::console::addresses::AGENCY_PAYMENTS;
use crate::console::confirm::{self, Confirmation};
use crate::console::form::{Fields, QueryFields, SessionForm};
use crate::console::form_fields::{FieldErrors, SelectOption, TextField};
use crate::console::page_context::{SessionContext, redirect};
use crate::console::page_frame::{PageFrame, date_time, day, render_with_status};
use crate::console::subsidies::payment_address;
use crate::domain::finding::Findings;
use crate::domain::notice::Notice;
use crate::domain::period::Quarter;
use crate::domain::subsidy::{MAX_REASON, PaymentType, RawPayment};
use crate::http::extract::Path;
use crate::http::problem::Result;
use crate::ids::{OrganiserId, SubsidyPaymentId};
use crate::words::{self, Language, payments};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(AGENCY_PAYMENTS, get(form).post(record))
        .route("/console/agency/payments/{organiserId}/{paymentId}", get(see).post(cancel))
}

/// The form to record a payment for this crèche and quarter, which is written as the reader types it.
pub(super) fn form_address(one_number: &str, quarter: Quarter, language: Language) -> String {
    let (number, year) = (quarter.number().to_string(), quarter.year().to_string());
    let quarter = payments::QUARTER.get(language).replace("{number}", &number).replace("{year}", &year);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("creche", one_number).append_pair("quarter", &quarter);
    format!("{AGENCY_PAYMENTS}?{}", query.finish())
}

/// The fields of the form, in the order of the page.
const FIELDS: [&str; 7] = ["creche", "quarter", "type", "paidOn", "amount", "balance", "reference"];

#[derive(Template)]
#[template(path = "agent/payments.html", config = ".config/askama.toml")]
struct FormPage {
    frame: PageFrame,
    creche: TextField,
    quarter: TextField,
    types: Vec<SelectOption>,
    type_error: Option<String>,
    others: Vec<TextField>,
    /// The reference that is looked for, where nothing has it.
    not_found: Option<String>,
}

async fn form(Agent { session, .. }: Agent, QueryFields(asked): QueryFields) -> Result<Response> {
    let sought = asked.get("find");
    if !sought.is_empty()
        && let Some((organiser, id)) = subsidies::find_by_reference(&session.app, sought).await?
    {
        return Ok(redirect(&payment_address(organiser, id)));
    }
    let not_found = Some(sought.to_owned()).filter(|sought| !sought.is_empty());
    let frame = PageFrame::of_session(AGENCY_PAYMENTS, &session);
    let page = form_page(frame, &asked, &FieldErrors::default());
    Ok(render_with_status(StatusCode::OK, &FormPage { not_found, ..page }))
}

/// The page with the input and its errors.
fn form_page(frame: PageFrame, fields: &Fields, faults: &FieldErrors) -> FormPage {
    let language = frame.language;
    let field = |name, label: words::LocalText, hint: Option<words::LocalText>, required| {
        let hint = hint.map_or("", |hint| hint.get(language));
        TextField::new(name, fields, faults).described("text", label.get(language), hint, required)
    };
    let chosen = PaymentType::from_code(fields.get("type"));
    let option = |one: &PaymentType| SelectOption::new(one.code(), one.label().get(language), Some(*one) == chosen);
    let choose = SelectOption::new("", payments::CHOOSE.get(language), chosen.is_none());
    FormPage {
        creche: field("creche", payments::ONE_NUMBER, None, true),
        quarter: field("quarter", words::reports::QUARTER, Some(payments::QUARTER_HINT), true),
        types: std::iter::once(choose).chain(PaymentType::ALL.iter().map(option)).collect(),
        type_error: faults.at("type").map(str::to_owned),
        others: vec![
            field("paidOn", payments::PAID_ON, Some(payments::DATE_HINT), true),
            field("amount", payments::AMOUNT, Some(payments::AMOUNT_HINT), true),
            field("balance", payments::BALANCE, Some(payments::BALANCE_HINT), false),
            field("reference", payments::REFERENCE, Some(payments::REFERENCE_HINT), true),
        ],
        not_found: None,
        frame: frame.refusing(faults, &FIELDS),
    }
}

async fn record(SessionForm { session, fields }: SessionForm) -> Result<Response> {
    let Agent { session, acting, .. } = Agent::of(session)?;
    let sent = [RawPayment::written(|name| fields.get(name))];
    let record = async |dry_run| subsidies::record(&session.app, &acting.actor(), &sent, dry_run).await;
    let is_sure = confirm::is_sure(&fields);
    let mut recorded = record(!is_sure).await;
    if let (Ok(checked), false) = (&recorded, is_sure) {
        if !checked.warnings.is_empty() {
            return Ok(ask_despite(&session, &fields, &checked.warnings));
        }
        recorded = record(false).await;
    }
    let findings = match recorded.map(|recorded| recorded.payments) {
        Ok(recorded) => {
            let to = recorded
                .first()
                .map_or(AGENCY_PAYMENTS.to_owned(), |one| payment_address(one.record.organiser, one.record.id));
            return Ok(session.redirect_with_notice(&to, Notice::PaymentRecorded).await);
        }
        Err(PaymentError::Invalid(findings)) => findings,
        Err(refusal) => return Err(refusal.into()),
    };
    let faults = FieldErrors::new(&findings, session.language);
    // Places are those of the first of several payments.
    let faults = faults.named(|place| place.trim_start_matches("lines/0/").to_owned());
    let page = form_page(PageFrame::of_session(AGENCY_PAYMENTS, &session), &fields, &faults);
    Ok(render_with_status(StatusCode::BAD_REQUEST, &page))
}

/// Asks for confirmation before a payment with warnings is recorded.
fn ask_despite(session: &SessionContext, fields: &Fields, warnings: &Findings) -> Response {
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.extend_pairs(FIELDS.map(|name| (name, fields.get(name))));
    let question = Confirmation {
        action: AGENCY_PAYMENTS.to_owned(),
        back: format!("{AGENCY_PAYMENTS}?{}", back.finish()),
        title: payments::TO_CHECK.get(session.language).to_owned(),
        consequence: payments::TO_CHECK_LEAD.get(session.language),
        button: payments::RECORD_DESPITE.get(session.language),
    };
    let warnings = warnings.iter().map(|warning| warning.detail_for_people(session.language)).collect();
    confirm::ask_despite(PageFrame::of_session(AGENCY_PAYMENTS, session), fields, question, warnings)
}

/// A payment, by its address.
#[derive(Clone, Copy, Deserialize)]
struct PaymentPath {
    #[serde(rename = "organiserId")]
    organiser: OrganiserId,
    #[serde(rename = "paymentId")]
    payment: SubsidyPaymentId,
}

#[derive(Template)]
#[template(path = "agent/payment.html", config = ".config/askama.toml")]
struct PaymentPage {
    frame: PageFrame,
    href: String,
    creche: String,
    quarter: String,
    facts: Vec<(&'static str, String)>,
    /// When it was cancelled, by whom and why.
    cancelled: Option<(String, String, String)>,
    reason: TextField,
    most: usize,
}

async fn see(agent: Agent, Path(at): Path<PaymentPath>) -> Result<Response> {
    render_payment(&agent, at, StatusCode::OK, (&Fields::default(), &FieldErrors::default())).await
}

async fn cancel(Path(at): Path<PaymentPath>, SessionForm { session, fields }: SessionForm) -> Result<Response> {
    let agent = Agent::of(session)?;
    let key = (at.organiser, at.payment);
    let (status, (field, why)) =
        match subsidies::cancel(&agent.session.app, &agent.acting.actor(), key, fields.get("reason")).await {
            Ok(()) => {
                let to = payment_address(at.organiser, at.payment);
                return Ok(agent.session.redirect_with_notice(&to, Notice::PaymentCancelled).await);
            }
            Err(PaymentError::ReasonMissing) => (StatusCode::BAD_REQUEST, ("reason", payments::REASON_MISSING)),
            Err(PaymentError::ReasonTooLong) => (StatusCode::BAD_REQUEST, ("reason", payments::REASON_TOO_LONG)),
            // The form is not on the page any more.
            Err(PaymentError::Cancelled) => (StatusCode::CONFLICT, ("", payments::CANCELLED_ALREADY)),
            Err(refusal) => return Err(refusal.into()),
        };
    let faults = FieldErrors::one(field, why.get(agent.session.language));
    render_payment(&agent, at, status, (&fields, &faults)).await
}

async fn render_payment(
    Agent { session, acting, .. }: &Agent,
    at: PaymentPath,
    status: StatusCode,
    (fields, faults): (&Fields, &FieldErrors),
) -> Result<Response> {
    let found = subsidies::open(&session.app, &acting.actor(), (at.organiser, at.payment)).await?;
    let PaymentView { record, creche, reason, recorded_by, cancelled_by, .. } = found.view;
    let (language, payment) = (session.language, &record.payment);
    let text = |label: words::LocalText, value: String| (label.get(language), value);
    let facts = [
        text(payments::TYPE, payment.payment_type.label().get(language).to_owned()),
        text(payments::PAID_ON, day(payment.paid_on)),
        text(payments::AMOUNT, payment.amount.with_currency(language)),
        text(payments::BALANCE, payment.balance.map(|balance| balance.with_currency(language)).unwrap_or_default()),
        text(payments::REFERENCE, payment.reference.clone()),
        text(payments::RECORDED_ON, format!("{}, {recorded_by}", date_time(record.recorded_at))),
    ];
    let page = PaymentPage {
        frame: PageFrame::of_session(AGENCY_PAYMENTS, session).refusing(faults, &["reason"]),
        href: payment_address(at.organiser, at.payment),
        quarter: payment.quarter.in_words(language),
        facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        cancelled: record
            .cancelled
            .as_ref()
            .map(|cancelled| (date_time(cancelled.at), cancelled_by.unwrap_or_default(), reason.unwrap_or_default())),
        creche,
        reason: TextField::new("reason", fields, faults),
        most: MAX_REASON,
    };
    Ok(render_with_status(status, &page))
}
