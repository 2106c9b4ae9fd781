//! Payments of subsidies to the crèches of all organisers: read page by page, and one by one.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::{AgencyCall, address};
use crate::app::App;
use crate::app::subsidies::{self, AgencyPayment, AgencyPaymentQuery, MOST_PAYMENTS, PaymentView};
use crate::domain::actor::ActorKind;
use crate::domain::agency_key::AgencyScope;
use crate::domain::period::Quarter;
use crate::domain::raw::Raw as _;
use crate::domain::subsidy::{AgencyPaymentFilter, NewPayment, PaymentReference, PaymentType};
use crate::http::answer::{ResponseBuilder, payment_file};
use crate::http::extract::{Accept, Media, Parameters, Path, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtAgencyPayment;
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::{CrecheId, OrganiserId, SubsidyPaymentId};
use crate::words;

pub(super) const LIST: &str = "/agency/subsidyPayments";
const ONE: &str = "/agency/subsidyPayments/{organiserId}/{subsidyPaymentId}";
/// The names of the query's parameters.
const NAMES: &[&str] = &["organiserId", "crecheId", "from", "to", "type", "reference", "after", "pageSize"];

pub(super) fn routes() -> Vec<Route<App>> {
    let read = Access::Agency(AgencyScope::PaymentsRead);
    vec![
        Route::get(LIST, "listAgencySubsidyPayments", read, list).query(NAMES),
        Route::get(ONE, "getAgencySubsidyPayment", read, get).produces(&[Media::Json, Media::Pdf]),
    ]
}

/// The address of a payment.
pub(super) fn payment_address(urls: &Urls, (organiser, id): (OrganiserId, SubsidyPaymentId)) -> String {
    urls.api(format_args!("{LIST}/{organiser}/{id}"))
}

/// The query.
struct ListQuery(AgencyPaymentQuery);

/// A reference of the agency.
struct Reference(String);

impl std::str::FromStr for Reference {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        PaymentReference::from_text(text).map(|reference| Self(reference.0)).ok_or(())
    }
}

impl Parameters for ListQuery {
    fn read(query: &mut QueryReader) -> Self {
        let most = query.number("pageSize", 1..=MOST_PAYMENTS.into());
        let filter = AgencyPaymentFilter {
            organiser: query.optional("organiserId", words::api::ID),
            creche: query.optional("crecheId", words::api::ID),
            from: query.optional("from", words::api::QUARTER),
            to: query.optional("to", words::api::QUARTER),
            payment_type: query.optional("type", words::api::PAYMENT_TYPE),
            reference: query.optional("reference", words::api::PAYMENT_REFERENCE).map(|Reference(text)| text),
        };
        let most = most.and_then(|most| u32::try_from(most).ok()).unwrap_or(MOST_PAYMENTS);
        Self(AgencyPaymentQuery { filter, after: query.optional("after", words::api::PAYMENT), most })
    }
}

impl ListQuery {
    /// The same list, after another payment.
    fn address(&self, after: Option<SubsidyPaymentId>, urls: &Urls) -> String {
        let AgencyPaymentFilter { organiser, creche, from, to, payment_type, reference } = &self.0.filter;
        let encoded = |text: &String| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let query = [
            organiser.map(|id| format!("organiserId={id}")),
            creche.map(|id| format!("crecheId={id}")),
            from.map(|from| format!("from={from}")),
            to.map(|to| format!("to={to}")),
            payment_type.map(|one| format!("type={}", one.code())),
            reference.as_ref().map(|reference| format!("reference={}", encoded(reference))),
            after.map(|after| format!("after={after}")),
            (self.0.most != MOST_PAYMENTS).then(|| format!("pageSize={}", self.0.most)),
        ];
        urls.api_list(LIST, query.into_iter().flatten())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentsBody {
    #[serde(rename = "self")]
    this: String,
    items: Vec<PaymentBody>,
    page_size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentBody {
    href: String,
    id: SubsidyPaymentId,
    organiser: OrganiserBody,
    #[serde(flatten)]
    facts: PaymentFacts,
    /// The claim of the same crèche and quarter, if one is signed.
    claim: String,
    recorded_at: Timestamp,
    recorded_by: AuthorBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<CancellationBody>,
}

/// What was paid.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentFacts {
    creche: CrecheBody,
    quarter: Quarter,
    r#type: PaymentType,
    paid_on: Date,
    /// Negative for what the organiser pays back.
    amount_cents: i64,
    /// What is left of the claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance_cents: Option<i64>,
    reference: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrganiserBody {
    id: OrganiserId,
    legal_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CrecheBody {
    id: CrecheId,
    name: String,
    one_number: String,
}

/// Who acted for the agency.
#[derive(Serialize)]
struct AuthorBody {
    kind: ActorKind,
    /// The matricule of the agent, or the name of the key.
    name: String,
}

#[derive(Serialize)]
struct CancellationBody {
    at: Timestamp,
    by: AuthorBody,
    reason: String,
}

impl PaymentFacts {
    pub(super) fn of(view: &PaymentView) -> Self {
        let PaymentView { record, creche, one_number, .. } = view;
        let NewPayment { quarter, payment_type, paid_on, amount, balance, reference } = &record.payment;
        Self {
            creche: CrecheBody { id: record.creche, name: creche.clone(), one_number: one_number.clone() },
            quarter: *quarter,
            r#type: *payment_type,
            paid_on: *paid_on,
            amount_cents: amount.0,
            balance_cents: balance.map(|balance| balance.0),
            reference: reference.clone(),
        }
    }
}

impl PaymentBody {
    pub(super) fn new(AgencyPayment { view, organiser }: AgencyPayment, urls: &Urls) -> Self {
        let facts = PaymentFacts::of(&view);
        let PaymentView { record, recorded_by, cancelled_by, reason, .. } = view;
        let cancelled = record.cancelled.map(|cancelled| CancellationBody {
            at: cancelled.at,
            by: AuthorBody { kind: cancelled.by.kind, name: cancelled_by.unwrap_or_default() },
            reason: reason.unwrap_or_default(),
        });
        Self {
            href: payment_address(urls, (record.organiser, record.id)),
            id: record.id,
            organiser: OrganiserBody { id: record.organiser, legal_name: organiser },
            claim: address(urls, (record.organiser, record.creche, record.payment.quarter.into())),
            facts,
            recorded_at: record.recorded_at,
            recorded_by: AuthorBody { kind: record.recorded_by.kind, name: recorded_by },
            cancelled,
        }
    }
}

async fn list(
    AgencyCall { app, caller, urls, .. }: AgencyCall,
    Query(asked): Query<ListQuery>,
) -> Result<ResponseBuilder> {
    let found = subsidies::payment_page(&app, &caller.actor(), &asked.0).await?;
    let last = found.payments.last().map(|payment| payment.view.record.id);
    Ok(ResponseBuilder::json(&PaymentsBody {
        this: asked.address(asked.0.after, &urls),
        next: last.filter(|_| found.more).map(|last| asked.address(Some(last), &urls)),
        items: found.payments.into_iter().map(|payment| PaymentBody::new(payment, &urls)).collect(),
        page_size: asked.0.most,
    }))
}

async fn get(
    AgencyCall { app, caller, urls, language }: AgencyCall,
    Accept(wanted): Accept,
    Path(at): Path<AtAgencyPayment>,
) -> Result<ResponseBuilder> {
    if wanted == Media::Pdf {
        let (payment, pdf) = subsidies::payment_pdf_for_agency(&app, &caller.actor(), at.key(), language).await?;
        return Ok(payment_file(&payment, pdf).language(language));
    }
    let found = subsidies::open(&app, &caller.actor(), at.key()).await?;
    Ok(ResponseBuilder::json(&PaymentBody::new(found, &urls)))
}
