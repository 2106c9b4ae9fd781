//! Recording payments of subsidies, many at once and of any organisers, and cancelling one.

use axum::http::StatusCode;
use serde::Serialize;

use super::AgencyCall;
use super::payments::{LIST, PaymentBody, PaymentFacts, payment_address};
use crate::api::{DryRun, idempotency_key};
use crate::app::subsidies::{self, MAX_FILE, PaymentView, RecordedPayments};
use crate::app::{App, SubmittedDocument};
use crate::domain::agency_key::AgencyScope;
use crate::domain::rule::Severity;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{BodyDocument, Media, Path, Query};
use crate::http::finding::FindingBody;
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtAgencyPayment;
use crate::http::problem::{Problem, Result};
use crate::http::urls::Urls;
use crate::ids::{OrganiserId, SubsidyPaymentId};

const CANCELLATION: &str = "/agency/subsidyPayments/{organiserId}/{subsidyPaymentId}/cancellation";
/// The forms in which payments are sent. What a file is, its bytes say.
const FORMS: &[Media] = &[Media::Json, Media::Csv, Media::Xlsx, Media::Xls];

pub(super) fn routes() -> Vec<Route<App>> {
    let write = Access::Agency(AgencyScope::PaymentsWrite);
    let record = idempotency_key::create(LIST, "recordAgencySubsidyPayments", write, record);
    vec![
        record.query(&["dryRun"]).consumes(FORMS),
        idempotency_key::create(CANCELLATION, "cancelAgencySubsidyPayment", write, cancel),
    ]
}

/// What was recorded, or would be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordedBody {
    written: bool,
    /// In the order in which they were sent.
    items: Vec<RecordedPayment>,
    total_cents: i64,
    has_warnings: bool,
    warnings: Vec<FindingBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordedPayment {
    /// Its address and its id; none of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<SubsidyPaymentId>,
    organiser_id: OrganiserId,
    #[serde(flatten)]
    facts: PaymentFacts,
}

impl RecordedPayment {
    fn of(view: &PaymentView, written: bool, urls: &Urls) -> Self {
        let key = (view.record.organiser, view.record.id);
        Self {
            href: written.then(|| payment_address(urls, key)),
            id: written.then_some(key.1),
            organiser_id: key.0,
            facts: PaymentFacts::of(view),
        }
    }
}

async fn record(
    AgencyCall { app, caller, urls, language }: AgencyCall,
    Query(DryRun(dry_run)): Query<DryRun>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    if document.bytes.len() > MAX_FILE {
        return Err(Problem::payload_too_large(MAX_FILE));
    }
    let (author, bytes) = (caller.actor(), document.bytes.to_vec());
    let RecordedPayments { payments, warnings } = match document.media {
        Media::Json => subsidies::record_as_sent(&app, &author, bytes, dry_run).await?,
        _ => subsidies::import(&app, &author, bytes, dry_run).await?,
    };
    let warnings = FindingBody::of(&warnings, Severity::Warning, language, &urls);
    let body = RecordedBody {
        written: !dry_run,
        total_cents: payments.iter().map(|payment| payment.record.payment.amount.0).sum(),
        items: payments.iter().map(|payment| RecordedPayment::of(payment, !dry_run, &urls)).collect(),
        has_warnings: !warnings.is_empty(),
        warnings,
    };
    let status = if dry_run { StatusCode::OK } else { StatusCode::CREATED };
    Ok(ResponseBuilder::json(&body).status(status).language(language))
}

async fn cancel(
    AgencyCall { app, caller, urls, .. }: AgencyCall,
    Path(at): Path<AtAgencyPayment>,
    document: BodyDocument,
) -> Result<ResponseBuilder> {
    let sent = SubmittedDocument::Json(&document.bytes);
    subsidies::cancel_as_sent(&app, &caller.actor(), at.key(), sent).await?;
    let found = subsidies::open(&app, &caller.actor(), at.key()).await?;
    Ok(ResponseBuilder::json(&PaymentBody::new(found, &urls)))
}
