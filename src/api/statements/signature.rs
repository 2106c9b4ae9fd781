//! A month of consultations that is signed alone: where it stands, what has changed since, and the receipt. Keys read; persons
//! sign, on a page of the console.

use super::address;
use crate::api::call_context::ApiCall;
use crate::api::signature_bodies::{ClaimBody, needs_person, receipt_answer};
use crate::app::claims;
use crate::app::statements::StatementFormat;
use crate::app::{App, creches};
use crate::domain::key::Scope;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Accept, Media, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::path_parameters::AtMonth;
use crate::http::problem::{Problem, Result};

/// Path and id of each operation on the signature of a kind.
pub(in crate::api) struct SignatureOperations {
    pub(in crate::api) get: (&'static str, &'static str),
    pub(in crate::api) sign: (&'static str, &'static str),
    pub(in crate::api) receipt: (&'static str, &'static str),
}

/// The operations on the signature of a month.
pub(super) fn routes<S: StatementFormat>(names: &SignatureOperations) -> Vec<Route<App>> {
    let (read, write) = (Access::Scope(Scope::StatementsRead(S::KIND)), Access::Scope(Scope::StatementsWrite(S::KIND)));
    vec![
        Route::get(names.get.0, names.get.1, read, get::<S>),
        Route::post(names.sign.0, names.sign.1, write, sign).consumes(&[]),
        Route::get(names.receipt.0, names.receipt.1, read, receipt).produces(&[Media::Json, Media::Pdf]),
    ]
}

async fn get<S: StatementFormat>(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtMonth { creche, month }): Path<AtMonth>,
) -> Result<ResponseBuilder> {
    let view = claims::view(&app, &caller, (creche, month.into())).await?;
    let this = format!("{}/signature", address::<S>(&urls, creche, month));
    let receipt = format!("{this}/receipt");
    Ok(ResponseBuilder::json(&ClaimBody::of(view, (this, receipt), &urls)))
}

/// Never signs: a key cannot.
async fn sign(
    ApiCall { app, caller, urls, .. }: ApiCall,
    Path(AtMonth { creche, month }): Path<AtMonth>,
) -> Result<ResponseBuilder> {
    creches::find(&app, &caller, creche).await?;
    Err(needs_person(&urls, creche, month.into()))
}

async fn receipt(
    ApiCall { app, caller, urls, language }: ApiCall,
    Accept(wanted): Accept,
    Path(AtMonth { creche, month }): Path<AtMonth>,
) -> Result<ResponseBuilder> {
    let found = claims::receipt_of(&app, &caller, (creche, month.into())).await?;
    receipt_answer(&found.ok_or_else(|| Problem::not_found("month"))?, wanted, language, &urls)
}
