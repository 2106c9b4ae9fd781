//! The simulated CSAM of a sandbox: an OpenID provider in which any invented person can be chosen.
//!
//! It has one client and no sessions: each log-in begins anew with the choice of a person and a level. Codes are stored in
//! memory for a minute, access tokens for five. Claims and levels have the names that CSAM uses, so that a sandbox is
//! configured as production is.

mod answer;
mod authorize;
mod expiring_store;
mod fields;
mod key;
mod metadata;
mod page;
mod persona_choice;
mod request;
mod token;
mod userinfo;
mod words;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use jiff::{SignedDuration, Timestamp};
use url::{ParseError, Url};

use self::expiring_store::ExpiringStore;
use self::key::Key;
use crate::clock::Clock;
use crate::domain::ssin::Ssin;
use crate::words::OwnedLocalText;

/// The scopes with which a client gets the names and the SSIN.
pub const SCOPES: [&str; 2] = ["profile", "egovnrn"];
/// The claim with the SSIN.
pub const SSIN_CLAIM: &str = "egovNRN";
/// The levels of eID and of itsme.
pub const STRONG: [&str; 2] = ["urn:be:fedict:iam:fas:Level500", "urn:be:fedict:iam:fas:Level450"];
/// The level of a password.
pub const WEAK: &str = "urn:be:fedict:iam:fas:Level100";

/// How long a code can be exchanged.
const CODE: SignedDuration = SignedDuration::from_secs(60);
/// How long an access token and an ID token are valid.
const TOKEN: SignedDuration = SignedDuration::from_mins(5);
/// The largest form, in bytes.
const LARGEST: usize = 16 * 1024;

/// An invented person, to log in as.
#[derive(Debug, Clone)]
pub struct Persona {
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// An invented number.
    pub ssin: Ssin,
    /// The person's role.
    pub remark: OwnedLocalText,
}

/// The one client of the provider.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its client id.
    pub id: String,
    /// Its secret; without one, PKCE alone.
    pub secret: Option<String>,
    /// The registered redirect addresses.
    pub redirects: Vec<String>,
    /// The registered addresses after a log-out.
    pub logouts: Vec<String>,
}

/// A person who has logged in, and the level.
#[derive(Clone)]
struct Person {
    given_name: String,
    family_name: String,
    ssin: Ssin,
    level: &'static str,
}

/// What a code is exchanged for.
struct CodeGrant {
    person: Person,
    redirect: String,
    challenge: String,
    nonce: Option<String>,
    scopes: Vec<String>,
    at: Timestamp,
}

/// What an access token gives access to.
#[derive(Clone)]
struct TokenGrant {
    person: Person,
    scopes: Vec<String>,
}

struct CsamState {
    issuer: String,
    /// The path of the issuer, for links on pages.
    base: String,
    client: Client,
    personas: Vec<Persona>,
    clock: Arc<dyn Clock>,
    /// The key that signs, and the previous one.
    keys: Mutex<(Key, Option<Key>)>,
    codes: ExpiringStore<CodeGrant>,
    tokens: ExpiringStore<TokenGrant>,
    /// Derives the subject of a person from the SSIN.
    pairwise: ring::hmac::Key,
}

/// The simulated provider.
#[derive(Clone)]
pub struct Csam(Arc<CsamState>);

impl Csam {
    /// A provider at the address `issuer`, where [`router`] is to be mounted.
    pub fn new(
        issuer: &str,
        client: Client,
        personas: Vec<Persona>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ParseError> {
        let issuer = issuer.trim_end_matches('/').to_owned();
        let base = Url::parse(&issuer)?.path().trim_end_matches('/').to_owned();
        let keys = Mutex::new((Key::generate(), None));
        let pairwise = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &crate::random::bytes::<32>());
        let (codes, tokens) = (ExpiringStore::new(CODE), ExpiringStore::new(TOKEN));
        Ok(Self(Arc::new(CsamState { issuer, base, client, personas, clock, keys, codes, tokens, pairwise })))
    }

    /// Signs with a new key from now on; the previous one stays published, older ones do not.
    pub fn rotate(&self) {
        let mut keys = self.keys();
        let before = std::mem::replace(&mut keys.0, Key::generate());
        keys.1 = Some(before);
    }

    fn keys(&self) -> std::sync::MutexGuard<'_, (Key, Option<Key>)> {
        self.0.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The subject of a person: not the number.
    fn subject(&self, person: &Person) -> String {
        base64url(&ring::hmac::sign(&self.0.pairwise, person.ssin.expose().as_bytes()).as_ref()[..16])
    }
}

/// The provider's endpoints, below the path of its issuer.
pub fn router(csam: Csam) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata::description))
        .route("/jwks", get(metadata::keys))
        .route("/authorize", get(authorize::show_log_in).post(authorize::take_choice))
        .route("/token", post(token::exchange))
        .route("/userinfo", get(userinfo::userinfo))
        .route("/logout", get(authorize::logout))
        .route("/style.css", get(page::serve_stylesheet))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(csam)
}

/// Bytes in base64url, as in tokens.
fn base64url(bytes: &[u8]) -> String {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
