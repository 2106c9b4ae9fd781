//! What the agency paid for the organiser's crèches: subsidies, adjustments, recoveries and premiums. Agents and software
//! of the agency record them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::call_context::ApiCall;
use super::creches::CrecheReference;
use crate::app::App;
use crate::app::subsidies::{self, PaymentQuery, PaymentView};
use crate::domain::actor::ActorKind;
use crate::domain::key::Scope;
use crate::domain::period::Quarter;
use crate::domain::report::KIND;
use crate::domain::subsidy::PaymentType;
use crate::http::answer::{ResponseBuilder, payment_file};
use crate::http::extract::{Accept, Media, Parameters, Path, Query, QueryReader};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtPayment;
use crate::http::problem::Result;
use crate::http::urls::Urls;
use crate::ids::SubsidyPaymentId;
use crate::words;

const LIST: &str = "/subsidyPayments";
const ONE: &str = "/subsidyPayments/{subsidyPaymentId}";
/// The default and the greatest number of payments of a page.
const PAGE: u64 = 50;
const MOST: u64 = 100;

pub(super) fn routes() -> Vec<Route<App>> {
    let read = Access::Scope(Scope::StatementsRead(KIND));
    let names = &["creche", "from", "to", "type", "after", "pageSize"];
    vec![
        Route::get(LIST, "listSubsidyPayments", read, list).query(names),
        Route::get(ONE, "getSubsidyPayment", read, get).produces(&[Media::Json, Media::Pdf]),
    ]
}

/// The query.
struct ListQuery(PaymentQuery);

impl Parameters for ListQuery {
    fn read(query: &mut QueryReader) -> Self {
        let page_size = query.number("pageSize", 1..=MOST).unwrap_or(PAGE);
        Self(PaymentQuery {
            creche: query.optional("creche", words::api::CRECHE),
            from: query.optional("from", words::api::QUARTER),
            to: query.optional("to", words::api::QUARTER),
            payment_type: query.optional("type", words::api::PAYMENT_TYPE),
            after: query.optional("after", words::api::PAYMENT),
            most: u32::try_from(page_size).unwrap_or(u32::MAX),
        })
    }
}

impl ListQuery {
    /// The same list, after another payment.
    fn address(&self, after: Option<SubsidyPaymentId>, urls: &Urls) -> String {
        let PaymentQuery { creche, from, to, payment_type, most, .. } = self.0;
        let query = [
            creche.map(|creche| format!("creche={creche}")),
            from.map(|from| format!("from={from}")),
            to.map(|to| format!("to={to}")),
            payment_type.map(|one| format!("type={}", one.code())),
            after.map(|after| format!("after={after}")),
            (u64::from(most) != PAGE).then(|| format!("pageSize={most}")),
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
struct PaymentBody {
    href: String,
    id: SubsidyPaymentId,
    creche: CrecheReference,
    quarter: Quarter,
    r#type: PaymentType,
    paid_on: Date,
    /// Negative for what the organiser pays back.
    amount_cents: i64,
    /// What is left of the claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance_cents: Option<i64>,
    reference: String,
    recorded_at: Timestamp,
    recorded_by: AuthorBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancelled: Option<CancellationBody>,
}

/// Who recorded it for the agency. Which agent it was is the agency's own.
#[derive(Serialize)]
struct AuthorBody {
    kind: ActorKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

#[derive(Serialize)]
struct CancellationBody {
    at: Timestamp,
    reason: String,
}

impl PaymentBody {
    fn new(view: PaymentView, urls: &Urls) -> Self {
        let name = view.recording_software().map(str::to_owned);
        let PaymentView { record, creche, reason, .. } = view;
        let payment = record.payment;
        Self {
            href: urls.api(format_args!("{LIST}/{}", record.id)),
            id: record.id,
            creche: CrecheReference::named(record.creche, creche, urls),
            quarter: payment.quarter,
            r#type: payment.payment_type,
            paid_on: payment.paid_on,
            amount_cents: payment.amount.0,
            balance_cents: payment.balance.map(|balance| balance.0),
            reference: payment.reference,
            recorded_at: record.recorded_at,
            recorded_by: AuthorBody { kind: record.recorded_by.kind, name },
            cancelled: record
                .cancelled
                .map(|cancelled| CancellationBody { at: cancelled.at, reason: reason.unwrap_or_default() }),
        }
    }
}

async fn list(ApiCall { app, caller, urls, .. }: ApiCall, Query(asked): Query<ListQuery>) -> Result<ResponseBuilder> {
    let found = subsidies::list(&app, &caller, asked.0).await?;
    let last = found.payments.last().map(|payment| payment.record.id);
    Ok(ResponseBuilder::json(&PaymentsBody {
        this: asked.address(asked.0.after, &urls),
        next: last.filter(|_| found.more).map(|last| asked.address(Some(last), &urls)),
        items: found.payments.into_iter().map(|payment| PaymentBody::new(payment, &urls)).collect(),
        page_size: asked.0.most,
    }))
}

async fn get(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtPayment { payment: id }): Path<AtPayment>,
) -> Result<ResponseBuilder> {
    if wanted == Media::Pdf {
        let (payment, pdf) = subsidies::payment_pdf(&app, &caller, id, language).await?;
        return Ok(payment_file(&payment, pdf).language(language));
    }
    Ok(ResponseBuilder::json(&PaymentBody::new(subsidies::find(&app, &caller, id).await?, &urls)))
}
