//! What was paid to an organiser: its quarters, each with the state of its claim and its payments.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use super::addresses::{AGENCY_PAYMENTS, SUBSIDIES};
use super::claim_figures::state_look;
use super::form::QueryFields;
use super::page_context::PageContext;
use super::page_frame::{PageFrame, date_time, day, render};
use crate::app::subsidies::{self, PaidQuarter, PaymentRecord, PaymentView};
use crate::app::{App, creches};
use crate::domain::key::Scope;
use crate::domain::money::SignedCents;
use crate::domain::period::Month;
use crate::domain::report::KIND;
use crate::http::answer::{ResponseBuilder, payment_file};
use crate::http::extract::Path;
use crate::http::path_parameters::AtPayment;
use crate::http::problem::Result;
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};
use crate::words::{self, Language};

/// How many years can be shown; 0 means all.
const YEARS: [i16; 4] = [3, 1, 5, 0];

pub(super) fn routes() -> Router<App> {
    Router::new().route(SUBSIDIES, get(page)).route("/console/subsidies/{subsidyPaymentId}/pdf", get(pdf))
}

/// A payment in a table.
pub(super) struct PaymentRow {
    /// The page of the payment, for agents.
    pub(super) href: Option<String>,
    /// Its document, for the organiser.
    pub(super) pdf: Option<String>,
    /// When it was recorded and by which software of the agency, for the organiser.
    pub(super) recorded: String,
    pub(super) label: &'static str,
    pub(super) paid_on: String,
    pub(super) amount: String,
    pub(super) balance: String,
    pub(super) reference: String,
    /// When it was cancelled, and why where the reader may know.
    pub(super) cancelled: Option<String>,
}

impl PaymentRow {
    /// A payment as agents see it: with a link to its page.
    pub(super) fn new(record: &PaymentRecord, language: Language) -> Self {
        let href = payment_address(record.organiser, record.id);
        Self { href: Some(href), ..Self::of(record, None, language) }
    }

    fn of(record: &PaymentRecord, reason: Option<&str>, language: Language) -> Self {
        let payment = &record.payment;
        let cancelled = record.cancelled.as_ref().map(|cancelled| {
            let on = format!("{} {}", words::payments::CANCELLED_ON.get(language), date_time(cancelled.at));
            reason.map_or_else(|| on.clone(), |reason| format!("{on}, {reason}"))
        });
        Self {
            href: None,
            pdf: None,
            recorded: String::new(),
            label: payment.payment_type.label().get(language),
            paid_on: day(payment.paid_on),
            amount: payment.amount.with_currency(language),
            balance: payment.balance.map(|balance| balance.with_currency(language)).unwrap_or_default(),
            reference: payment.reference.clone(),
            cancelled,
        }
    }
}

/// The page of a payment, for agents.
pub(super) fn payment_address(organiser: OrganiserId, id: SubsidyPaymentId) -> String {
    format!("{AGENCY_PAYMENTS}/{organiser}/{id}")
}

/// A quarter of a crèche on the page.
struct QuarterView {
    name: String,
    /// The page of the claim, its state, and the look of that.
    claim: Option<(String, &'static str, &'static str)>,
    payments: Vec<PaymentRow>,
    total: String,
}

#[derive(Template)]
#[template(path = "subsidies/overview.html", config = ".config/askama.toml")]
struct OverviewPage {
    frame: PageFrame,
    years: Vec<(i16, String, bool)>,
    creches: Vec<(String, String, bool)>,
    quarters: Vec<QuarterView>,
    total: String,
}

async fn page(visit: PageContext, QueryFields(asked): QueryFields) -> Result<Response> {
    let caller = visit.caller(Scope::StatementsRead(KIND))?;
    let years = asked.number("years").filter(|years| YEARS.contains(years)).unwrap_or(YEARS[0]);
    let only: Option<CrecheId> = asked.number("creche");
    let found = subsidies::overview(&visit.app, &caller, (first_month(&visit, years), only)).await?;
    let language = visit.language;
    let creches = creches::list(&visit.app, &caller).await?;
    let option = |years_shown: &i16| (*years_shown, years_label(*years_shown, language), *years_shown == years);
    Ok(render(&OverviewPage {
        frame: PageFrame::at(SUBSIDIES, &visit),
        years: YEARS.iter().map(option).collect(),
        creches: creches
            .into_iter()
            .map(|creche| (creche.id.to_string(), creche.name, Some(creche.id) == only))
            .collect(),
        total: found.iter().map(|quarter| paid(&quarter.payments)).sum::<SignedCents>().with_currency(language),
        quarters: found.iter().map(|quarter| quarter_view(quarter, language)).collect(),
    }))
}

/// A payment as a download.
async fn pdf(visit: PageContext, Path(AtPayment { payment }): Path<AtPayment>) -> Result<ResponseBuilder> {
    let caller = visit.caller(Scope::StatementsRead(KIND))?;
    let (payment, bytes) = subsidies::payment_pdf(&visit.app, &caller, payment, visit.language).await?;
    Ok(payment_file(&payment, bytes))
}

/// The first month of so many years with the present one, or of all.
fn first_month(visit: &PageContext, years: i16) -> Month {
    let first = if years == 0 { 2000 } else { (visit.clock().today().year() + 1 - years).max(2000) };
    Month::of(jiff::civil::Date::constant(first, 1, 1))
}

fn years_label(years: i16, language: Language) -> String {
    match years {
        0 => words::payments::ALL_YEARS.get(language).to_owned(),
        1 => words::payments::THIS_YEAR.get(language).to_owned(),
        years => words::payments::LAST_YEARS.get(language).replace("{n}", &years.to_string()),
    }
}

/// The sum of the payments that are not cancelled.
fn paid(payments: &[PaymentView]) -> SignedCents {
    let valid = payments.iter().filter(|payment| payment.record.cancelled.is_none());
    valid.map(|payment| payment.record.payment.amount).sum()
}

fn quarter_view(quarter: &PaidQuarter, language: Language) -> QuarterView {
    let claim = format!("/console/creches/{}/{}/{}/claim", quarter.creche.id, KIND.name(), quarter.quarter);
    let row = |payment: &PaymentView| PaymentRow {
        pdf: Some(format!("{SUBSIDIES}/{}/pdf", payment.record.id)),
        recorded: date_time(payment.record.recorded_at)
            + &payment.recording_software().map(|name| format!(", {name}")).unwrap_or_default(),
        ..PaymentRow::of(&payment.record, payment.reason.as_deref(), language)
    };
    QuarterView {
        name: format!("{}, {}", quarter.quarter.in_words(language), quarter.creche.name),
        claim: quarter.claim.map(|state| (claim, state.label().get(language), state_look(state))),
        payments: quarter.payments.iter().map(row).collect(),
        total: paid(&quarter.payments).with_currency(language),
    }
}
