//! Receipts for anybody who is shown one: the check of its code, and the public keys.

use axum::extract::State;
use axum::http::header;
use axum::routing::get;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::claims::{self, TrustedKey};
use crate::domain::claim::{ReceiptCode, SignatureStanding};
use crate::http::Pages;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::Path;
use crate::http::operation_table::{Access, Route};
use crate::http::problem::{Problem, Result};

/// The address of the public keys, outside the API: that of JSON Web Key Sets by custom.
const KEYS: &str = "/.well-known/jwks.json";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![Route::get("/receipts/{code}", "checkReceipt", Access::Open, check)]
}

/// The pages of a gateway, and the public keys of receipts beside them.
pub fn with_keys(pages: Pages<App>) -> Pages<App> {
    Pages { router: pages.router.route(KEYS, get(key_set)), ..pages }
}

/// The code of a receipt, by its address.
#[derive(Deserialize)]
struct AtCode {
    code: ReceiptCode,
}

/// A receipt that was made here. Nothing of what was signed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenuineBody {
    genuine: bool,
    standing: SignatureStanding,
    signed_at: Timestamp,
    sha256: String,
}

async fn check(State(app): State<App>, Path(AtCode { code }): Path<AtCode>) -> Result<ResponseBuilder> {
    let found = claims::check_code(&app, &code).await?.ok_or_else(|| Problem::not_found("code"))?;
    let body =
        GenuineBody { genuine: true, standing: found.standing, signed_at: found.signed_at, sha256: found.sha256 };
    Ok(ResponseBuilder::json(&body).header(header::CACHE_CONTROL, "no-store"))
}

#[derive(Serialize)]
struct KeySetBody {
    keys: Vec<KeyBody>,
}

/// A public key (RFC 7517, RFC 8037).
#[derive(Serialize)]
struct KeyBody {
    kty: &'static str,
    crv: &'static str,
    alg: &'static str,
    #[serde(rename = "use")]
    usage: &'static str,
    kid: String,
    x: String,
}

impl From<TrustedKey> for KeyBody {
    fn from(key: TrustedKey) -> Self {
        Self { kty: "OKP", crv: "Ed25519", alg: "EdDSA", usage: "sig", x: key.key.x(), kid: key.id }
    }
}

async fn key_set(State(app): State<App>) -> Result<ResponseBuilder> {
    let keys = claims::trusted_keys(&app.db).await?.into_iter().map(KeyBody::from).collect();
    let answer = ResponseBuilder::json(&KeySetBody { keys });
    Ok(ResponseBuilder::header(answer, header::CACHE_CONTROL, "public, max-age=300"))
}
