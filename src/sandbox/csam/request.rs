//! The authorization request of a client.

use url::Url;

use super::Csam;
use super::fields::Fields;

/// The parameters that the page repeats in its form.
pub(super) const CARRIED: [&str; 12] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
    "max_age",
    "prompt",
    "ui_locales",
];

/// A valid request.
pub(super) struct Request {
    pub(super) back: RedirectBack,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    pub(super) scopes: Vec<String>,
}

/// The redirect to the client.
pub(super) struct RedirectBack {
    pub(super) redirect: String,
    state: Option<String>,
    issuer: String,
}

impl RedirectBack {
    /// The redirect address with `value` under `name`.
    pub(super) fn redirect_address(&self, name: &str, value: &str) -> String {
        let mut address = Url::parse(&self.redirect).expect("registered addresses are addresses");
        let state = self.state.as_deref().map(|state| ("state", state));
        address.query_pairs_mut().append_pair(name, value).extend_pairs(state).append_pair("iss", &self.issuer);
        address.into()
    }

    /// The origin of the redirect address.
    pub(super) fn origin(&self) -> String {
        Url::parse(&self.redirect).map(|address| address.origin().ascii_serialization()).unwrap_or_default()
    }
}

/// Why a request is refused.
pub(super) enum RequestError {
    /// The redirect address is not registered: a page must show the error.
    Nowhere,
    /// The error is sent to the client at this address.
    Told(String),
}

impl Request {
    /// Parses a request.
    pub(super) fn read(csam: &Csam, fields: &Fields) -> Result<Self, RequestError> {
        let client = &csam.0.client;
        let is_client = fields.get("client_id") == Some(&client.id);
        let redirect = fields.get("redirect_uri").filter(|wanted| client.redirects.iter().any(|known| known == wanted));
        let redirect =
            redirect.filter(|redirect| is_client && Url::parse(redirect).is_ok()).ok_or(RequestError::Nowhere)?;
        let state = fields.get("state").map(str::to_owned);
        let back = RedirectBack { redirect: redirect.to_owned(), state, issuer: csam.0.issuer.clone() };
        let scopes: Vec<String> = fields.get("scope").unwrap_or_default().split(' ').map(str::to_owned).collect();
        if let Some(fault) = fault(fields, &scopes) {
            return Err(RequestError::Told(back.redirect_address("error", fault)));
        }
        let challenge = fields.get("code_challenge").unwrap_or_default().to_owned();
        Ok(Self { back, challenge, nonce: fields.get("nonce").map(str::to_owned), scopes })
    }
}

/// The fault of a request, as the code of the specification.
fn fault(fields: &Fields, scopes: &[String]) -> Option<&'static str> {
    let challenge = fields.get("code_challenge").is_some_and(|challenge| challenge.len() == 43);
    let challenge = challenge && fields.get("code_challenge_method") == Some("S256");
    if fields.get("request").is_some() || fields.get("request_uri").is_some() {
        Some("request_not_supported")
    } else if fields.get("response_type") != Some("code") {
        Some("unsupported_response_type")
    } else if !scopes.iter().any(|scope| scope == "openid") {
        Some("invalid_scope")
    } else if !challenge {
        Some("invalid_request")
    } else if fields.get("prompt") == Some("none") {
        Some("login_required")
    } else {
        None
    }
}
