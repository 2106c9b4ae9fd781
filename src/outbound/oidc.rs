//! The log-in of people: an OpenID Connect relying party (authorization code, PKCE, nonce, state).
//!
//! ```text
//! browser ──▶ begin ──▶ provider ──▶ browser ──▶ finish ──▶ Identity
//!                 └────── Attempt, kept by the caller ──────┘
//! ```

mod attempt;
mod bounds;
mod directory;
mod http;
mod identity;
mod needed;
mod refusal;
mod types;
mod verify;

use std::sync::Arc;

use openidconnect::core::{CoreAuthenticationFlow, CoreClientAuthMethod as Method};
use openidconnect::url::{ParseError, Url};
use openidconnect::{
    AccessToken, AuthType, AuthenticationContextClass, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl,
    LanguageTag, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SubjectIdentifier, TokenResponse as _,
};
use serde_json::{Map, Value};

pub use self::attempt::{ATTEMPT_LIFETIME, Attempt, Callback};
use self::directory::ProviderCache;
use self::http::Http;
use self::identity::Claims;
pub use self::identity::Identity;
use self::needed::NeededMembers;
pub use self::refusal::LoginError;
use self::types::{Client, Metadata, Tokens, UserInfo};
use self::verify::TokenVerifier;
use crate::clock::Clock;
use crate::config::Login;
use crate::domain::text::Language;

/// The provider that people log in with.
pub struct Provider {
    login: Login,
    client: ClientId,
    redirect: RedirectUrl,
    http: Http,
    clock: Arc<dyn Clock>,
    directory: ProviderCache,
}

impl Provider {
    /// The provider of the configuration, which sends people back to `redirect`. It is not asked anything yet.
    pub fn new(login: Login, redirect: &str, http: reqwest::Client, clock: Arc<dyn Clock>) -> Result<Self, ParseError> {
        let issuer = IssuerUrl::new(login.issuer.clone())?;
        let encrypted = issuer.url().scheme() == "https";
        Ok(Self {
            client: ClientId::new(login.client_id.clone()),
            redirect: RedirectUrl::new(redirect.to_owned())?,
            http: Http::new(http, encrypted),
            directory: ProviderCache::new(issuer, encrypted, Arc::clone(&clock)),
            login,
            clock,
        })
    }

    /// Where to send a browser, and what to remember until it comes back.
    pub async fn begin(&self, language: Language) -> Result<(Url, Attempt), LoginError> {
        let known = self.directory.metadata(&self.http).await?;
        let attempt = Attempt::new(self.clock.now());
        let (state, nonce) = (CsrfToken::new(attempt.state.clone()), Nonce::new(attempt.nonce.clone()));
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let client = self.client_of(&known);
        let request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scopes(self.login.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new))
            .add_ui_locale(LanguageTag::new(language.code().to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let levels = self.login.strong.iter().cloned().map(AuthenticationContextClass::new);
        let (address, ..) = levels.fold(request, openidconnect::AuthorizationRequest::add_auth_context_value).url();
        Ok((address, attempt))
    }

    /// Who came back. The attempt must be forgotten by then, whatever the outcome.
    pub async fn verify_callback(&self, callback: &Callback, attempt: &Attempt) -> Result<Identity, LoginError> {
        let code = attempt.code(callback, &self.login.issuer, self.clock.now())?;
        let known = self.directory.metadata(&self.http).await?;
        let tokens = self.exchange(&known, code, attempt).await?;
        let token = tokens.id_token().ok_or_else(|| LoginError::untrusted("there is no ID token"))?;
        let original = tokens.extra_fields().extra_fields().id_token.as_deref().unwrap_or_default();
        bounds::of_tokens(original, tokens.access_token().secret())?;
        let mut known = known;
        if verify::signature(&known, original).is_err() {
            // The provider may have changed its key, under a new name or under the same.
            known = self.directory.newer(known, &self.http).await?;
        }
        let signature = verify::signature(&known, original)?;
        let signed =
            self.token_verifier(&known).claims((token, original), &signature, attempt, tokens.access_token())?;
        bounds::of_claims(&signed)?;
        let mut claims = Claims::new(&self.login, signed.clone());
        if claims.is_incomplete() && known.userinfo_endpoint().is_some() {
            let details = self.details(&known, tokens.access_token(), &signed).await?;
            bounds::of_claims(&details)?;
            claims.add(details);
        }
        claims.identity(original, &signed)
    }

    /// Where to send a browser to end the log-in at the provider too; `None` when the provider has no such place.
    pub async fn logout_url(&self, hint: Option<&str>, back: &str) -> Result<Option<Url>, LoginError> {
        let known = self.directory.metadata(&self.http).await?;
        let end = known.additional_metadata().end_session_endpoint.as_ref();
        Ok(end.map(|end| {
            let mut address = end.url().clone();
            let pairs = [("client_id", self.login.client_id.as_str()), ("post_logout_redirect_uri", back)];
            address.query_pairs_mut().extend_pairs(pairs).extend_pairs(hint.map(|hint| ("id_token_hint", hint)));
            address
        }))
    }

    async fn exchange(&self, known: &Metadata, code: &str, attempt: &Attempt) -> Result<Tokens, LoginError> {
        let client = self.client_of(known);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| LoginError::untrusted("it names no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()));
        Ok(request.request_async(&self.http.expecting(NeededMembers::Tokens)).await?)
    }

    /// What the provider tells beside the ID token about the same person.
    async fn details(
        &self,
        known: &Metadata,
        access: &AccessToken,
        signed: &Map<String, Value>,
    ) -> Result<Map<String, Value>, LoginError> {
        // It goes into a header as it is, and not everything can.
        if !access.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(LoginError::untrusted("its access token is no token"));
        }
        let subject = signed.get("sub").and_then(Value::as_str).unwrap_or_default();
        let client = self.client_of(known);
        let request = client
            .user_info(access.clone(), Some(SubjectIdentifier::new(subject.to_owned())))
            .map_err(|_| LoginError::untrusted("it names no place for details"))?;
        let claims = Claims::names(&self.login).map(ToOwned::to_owned).collect();
        let http = self.http.expecting(NeededMembers::Details(claims));
        let details: UserInfo = request.request_async(&http).await?;
        match serde_json::to_value(details) {
            Ok(Value::Object(details)) => Ok(details),
            _ => Err(LoginError::untrusted("the person's details cannot be read")),
        }
    }

    fn token_verifier(&self, known: &Metadata) -> TokenVerifier<'_> {
        TokenVerifier::new(known, &self.client, self.clock.now())
    }

    /// Ourselves towards the provider, with the secret shown as it wants it.
    fn client_of(&self, known: &Metadata) -> Client {
        let secret = self.login.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let ways = known.token_endpoint_auth_methods_supported();
        let body = ways
            .is_some_and(|ways| ways.contains(&Method::ClientSecretPost) && !ways.contains(&Method::ClientSecretBasic));
        Client::from_provider_metadata(known.clone(), self.client.clone(), secret)
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(if body { AuthType::RequestBody } else { AuthType::BasicAuth })
    }
}
