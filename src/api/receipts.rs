//! Receipts for anybody who is shown one: the check of its code, and the public keys.

use axum::extract::State;
use axum::http::header;
use axum::routing::get;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::claims::{self, GenuineReceipt, TrustedKey};
use crate::domain::claim::{ReceiptCode, SignatureStanding};
use crate::domain::key::Deployment;
use crate::http::Pages;
use crate::http::answer::ResponseBuilder;
use crate::http::extract::{Accept, Media, Path};
use crate::http::operation_table::{Access, Route};
use crate::http::pages::{ReceiptPage, ReceiptVerdict};
use crate::http::problem::Result;
use crate::words;

/// The address of the public keys, outside the API: that of JSON Web Key Sets by custom.
const KEYS: &str = "/.well-known/jwks.json";

pub(super) fn routes() -> Vec<Route<App>> {
    vec![Route::get("/receipts/{code}", "checkReceipt", Access::Open, check).produces(&[Media::Json, Media::Html])]
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

/// Whether a receipt was made here. Nothing of what was signed.
#[derive(Serialize)]
struct CheckBody {
    genuine: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    found: Option<GenuineBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GenuineBody {
    standing: SignatureStanding,
    signed_at: Timestamp,
    sha256: String,
}

/// A person who opens the address gets a page, also where the code is no code of a receipt.
async fn check(State(app): State<App>, Accept(wanted): Accept, code: Result<Path<AtCode>>) -> Result<ResponseBuilder> {
    let found = match &code {
        Ok(Path(AtCode { code })) => claims::check_code(&app, code).await?,
        Err(_) => None,
    };
    let answer = match (wanted, code) {
        (Media::Html, code) => page(&app, found.as_ref(), code.is_ok())?,
        (_, Err(problem)) => return Err(problem),
        (_, Ok(_)) => ResponseBuilder::json(&CheckBody {
            genuine: found.is_some(),
            found: found.map(|GenuineReceipt { standing, signed_at, sha256 }| GenuineBody {
                standing,
                signed_at,
                sha256,
            }),
        }),
    };
    Ok(answer.header(header::CACHE_CONTROL, "no-store").header(header::VARY, "accept"))
}

fn page(app: &App, found: Option<&GenuineReceipt>, is_code: bool) -> Result<ResponseBuilder> {
    let verdict = match found {
        Some(GenuineReceipt { standing, signed_at, sha256 }) => {
            ReceiptVerdict::Genuine { standing: *standing, signed_at: *signed_at, sha256 }
        }
        None if is_code => ReceiptVerdict::NotGenuine,
        None => ReceiptVerdict::Mistyped,
    };
    let is_played = found.is_some() && app.deployment == Deployment::Sandbox;
    ReceiptPage::new(&verdict, is_played.then_some(words::reports::SANDBOX)).answer()
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
