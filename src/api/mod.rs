//! The API, a file per resource. Each has its `routes()`: its entries in the table of operations.

mod activity_reports;
mod agency;
mod announced_rules;
mod api_keys;
mod app_errors;
mod applications;
mod attachments;
mod attendance;
mod audit_entries;
mod call_context;
mod caller;
mod claims;
mod closures;
mod code_list;
mod communications;
mod creches;
pub mod doc;
mod doctor_validation;
pub(crate) mod doctors;
mod events;
pub mod health;
pub(crate) mod idempotency_key;
mod medical;
mod poll_context;
pub mod receipts;
pub mod ref_data;
mod requests;
pub mod rule_cases;
pub mod schemas;
pub(crate) mod signature_bodies;
mod staff;
pub(crate) mod statements;
mod subsidy_payments;
mod summaries;
mod users;
mod verdicts;
mod webhooks;

use std::borrow::Cow;

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;

use crate::app::App;
use crate::domain::claim::CorrectionReason;
use crate::domain::kinds::for_each_kind;
use crate::http::Gateway;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{IfNoneMatch, Media, Parameters, QueryReader};
use crate::http::operation_table::Route;
use crate::words;

/// The operations that need no key.
pub fn open_routes<G: Gateway>() -> Vec<Route<G>> {
    let published = [doc::routes(), schemas::routes(), ref_data::routes(), rule_cases::routes()];
    health::routes().into_iter().chain(published.into_iter().flatten()).collect()
}

macro_rules! statement_routes {
    ($($kind:ident)*) => {
        [$(statements::routes::<crate::domain::kinds::$kind::Statement>()),*]
    };
}

/// Every operation of the API.
pub fn routes() -> Vec<Route<App>> {
    let reports = [activity_reports::routes(), attachments::routes(), claims::routes(), subsidy_payments::routes()];
    let others = [doctors::routes(), staff::routes()].into_iter().chain(reports);
    let statements = for_each_kind!(statement_routes).into_iter().chain(others);
    let guarded =
        [caller::routes(), creches::routes(), closures::routes(), summaries::routes(), communications::routes()];
    let organiser = [users::routes(), audit_entries::routes(), applications::routes(), api_keys::routes()];
    let told =
        [events::routes(), webhooks::routes(), verdicts::routes(), requests::routes(), announced_rules::routes()];
    let agency = doctor_validation::routes().into_iter().chain(agency::routes());
    let guarded = guarded.into_iter().chain(statements).chain(organiser).chain(told).flatten();
    open_routes().into_iter().chain(receipts::routes()).chain(guarded).chain(agency).collect()
}

/// Whether a write is a dry run.
struct DryRun(bool);

impl Parameters for DryRun {
    fn read(query: &mut QueryReader) -> Self {
        Self(query.flag("dryRun"))
    }
}

/// The query of a deposit.
struct DepositQuery {
    dry_run: bool,
    /// Why a month that is in a signed claim is changed.
    correction: Option<CorrectionReason>,
}

impl Parameters for DepositQuery {
    fn read(query: &mut QueryReader) -> Self {
        let correction = query.optional("correctionReason", words::api::CORRECTION_REASONS);
        Self { dry_run: query.flag("dryRun"), correction }
    }
}

/// An entity tag computed from the response.
fn tag_of(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, bytes);
    URL_SAFE_NO_PAD.encode(&digest.as_ref()[..12])
}

/// A response that is the same for all callers until the next release.
fn published(media: Media, bytes: Vec<u8>, known: &IfNoneMatch) -> ResponseBuilder {
    let tag = tag_of(&bytes);
    unless_known(media, Cow::Owned(bytes), &tag, known).header(header::CACHE_CONTROL, "public, max-age=3600")
}

/// A response of bytes with this entity tag; without them where the caller has them.
fn unless_known(media: Media, bytes: Cow<'_, [u8]>, tag: &str, known: &IfNoneMatch) -> ResponseBuilder {
    if known.has(tag) {
        return ResponseBuilder::not_modified(tag);
    }
    ResponseBuilder::bytes(media, bytes.into_owned()).etag(tag)
}
