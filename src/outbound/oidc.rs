//! The log-in of people: an OpenID Connect relying party (authorization code, PKCE, nonce, state).
//!
//! ```text
//! browser ──▶ begin_login ──▶ provider ──▶ browser ──▶ verify_callback ──▶ Identity
//!                 └────── LoginAttempt, stored by the caller ──────┘
//! ```

mod attempt;
mod bounds;
mod directory;
mod http;
mod identity;
mod login_error;
mod needed;
mod types;
mod verify;

use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::{CoreAuthenticationFlow, CoreClientAuthMethod as Method};
use openidconnect::url::{ParseError, Url};
use openidconnect::{
    AccessToken, AuthType, AuthenticationContextClass, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl,
    LanguageTag, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SubjectIdentifier, TokenResponse as _,
};
use serde_json::{Map, Value};

pub use self::attempt::{ATTEMPT_LIFETIME, Callback, LoginAttempt};
use self::directory::ProviderCache;
use self::http::Http;
use self::identity::Claims;
pub use self::identity::Identity;
pub use self::login_error::LoginError;
use self::needed::NeededMembers;
use self::types::{Client, Metadata, Tokens, UserInfo};
use self::verify::TokenVerifier;
use crate::clock::Clock;
use crate::config::Login;
use crate::words::Language;

/// The provider that people log in with.
pub struct LoginProvider {
    login: Login,
    client: ClientId,
    redirect: RedirectUrl,
    http: Http,
    clock: Arc<dyn Clock>,
    directory: ProviderCache,
}

impl LoginProvider {
    /// The provider of the configuration, which redirects people to `redirect`. No request is sent to it yet.
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

    /// The address to send a browser to, and the attempt to store until the browser returns.
    pub async fn begin_login(&self, language: Language) -> Result<(Url, LoginAttempt), LoginError> {
        self.begin(language, false).await
    }

    /// The same for a person whom the provider has to authenticate anew.
    pub async fn begin_login_again(&self, language: Language) -> Result<(Url, LoginAttempt), LoginError> {
        self.begin(language, true).await
    }

    async fn begin(&self, language: Language, again: bool) -> Result<(Url, LoginAttempt), LoginError> {
        let provider = self.directory.metadata(&self.http).await?;
        let attempt = LoginAttempt::new(self.clock.now(), again);
        let (state, nonce) = (CsrfToken::new(attempt.state.clone()), Nonce::new(attempt.nonce.clone()));
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let client = self.client_of(&provider);
        let request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scopes(self.login.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new))
            .add_ui_locale(LanguageTag::new(language.code().to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        let request = if again { request.set_max_age(Duration::ZERO) } else { request };
        let levels = self.login.strong.iter().cloned().map(AuthenticationContextClass::new);
        let (address, ..) = levels.fold(request, openidconnect::AuthorizationRequest::add_auth_context_value).url();
        Ok((address, attempt))
    }

    /// The person who logged in. The attempt must be marked as used by then, whatever the outcome.
    pub async fn verify_callback(&self, callback: &Callback, attempt: &LoginAttempt) -> Result<Identity, LoginError> {
        let code = attempt.verify_callback(callback, &self.login.issuer, self.clock.now())?;
        let provider = self.directory.metadata(&self.http).await?;
        let tokens = self.exchange(&provider, code, attempt).await?;
        let token = tokens.id_token().ok_or_else(|| LoginError::untrusted("there is no ID token"))?;
        let original = tokens.extra_fields().extra_fields().id_token.as_deref().unwrap_or_default();
        bounds::of_tokens(original, tokens.access_token().secret())?;
        let mut provider = provider;
        if verify::signature(&provider, original).is_err() {
            // The provider may have changed its key, under a new name or under the same.
            provider = self.directory.newer(provider, &self.http).await?;
        }
        let signature = verify::signature(&provider, original)?;
        let signed =
            self.token_verifier(&provider).claims((token, original), &signature, attempt, tokens.access_token())?;
        bounds::of_claims(&signed)?;
        let mut claims = Claims::new(&self.login, signed.clone());
        if claims.lacks_required() && provider.userinfo_endpoint().is_some() {
            let details = self.details(&provider, tokens.access_token(), &signed).await?;
            bounds::of_claims(&details)?;
            claims.merge_missing(details);
        }
        let identity = claims.to_identity(original, &signed)?;
        attempt.require_fresh(identity.authenticated_at)?;
        Ok(identity)
    }

    /// The address to send a browser to, to end the session at the provider too; `None` when the provider has none.
    pub async fn logout_url(&self, hint: Option<&str>, back: &str) -> Result<Option<Url>, LoginError> {
        let provider = self.directory.metadata(&self.http).await?;
        let end = provider.additional_metadata().end_session_endpoint.as_ref();
        Ok(end.map(|end| {
            let mut address = end.url().clone();
            let pairs = [("client_id", self.login.client_id.as_str()), ("post_logout_redirect_uri", back)];
            address.query_pairs_mut().extend_pairs(pairs).extend_pairs(hint.map(|hint| ("id_token_hint", hint)));
            address
        }))
    }

    async fn exchange(&self, provider: &Metadata, code: &str, attempt: &LoginAttempt) -> Result<Tokens, LoginError> {
        let client = self.client_of(provider);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| LoginError::untrusted("it names no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()));
        Ok(request.request_async(&self.http.expecting(NeededMembers::Tokens)).await?)
    }

    /// The claims of the userinfo endpoint about the person.
    async fn details(
        &self,
        provider: &Metadata,
        access: &AccessToken,
        signed: &Map<String, Value>,
    ) -> Result<Map<String, Value>, LoginError> {
        // It is sent in a header, where not every character is allowed.
        if !access.secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(LoginError::untrusted("its access token is no token"));
        }
        let subject = signed.get("sub").and_then(Value::as_str).unwrap_or_default();
        let client = self.client_of(provider);
        let request = client
            .user_info(access.clone(), Some(SubjectIdentifier::new(subject.to_owned())))
            .map_err(|_| LoginError::untrusted("it names no place for details"))?;
        let claims = Claims::required_claim_names(&self.login).map(ToOwned::to_owned).collect();
        let http = self.http.expecting(NeededMembers::Details(claims));
        let details: UserInfo = request.request_async(&http).await?;
        match serde_json::to_value(details) {
            Ok(Value::Object(details)) => Ok(details),
            _ => Err(LoginError::untrusted("the person's details cannot be read")),
        }
    }

    fn token_verifier(&self, provider: &Metadata) -> TokenVerifier<'_> {
        TokenVerifier::new(provider, &self.client, self.clock.now())
    }

    /// The gateway as a client of the provider, with the way of sending the secret that the provider supports.
    fn client_of(&self, provider: &Metadata) -> Client {
        let secret = self.login.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned()));
        let ways = provider.token_endpoint_auth_methods_supported();
        let body = ways
            .is_some_and(|ways| ways.contains(&Method::ClientSecretPost) && !ways.contains(&Method::ClientSecretBasic));
        Client::from_provider_metadata(provider.clone(), self.client.clone(), secret)
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(if body { AuthType::RequestBody } else { AuthType::BasicAuth })
    }
}
