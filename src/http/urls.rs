//! Absolute addresses, built from the configuration, never from a request's host.

use std::convert::Infallible;
use std::fmt::Display;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Extensions;
use axum::http::request::Parts;

/// The root of the API, below the public base URL.
pub const API_ROOT: &str = "/creche/v1";

/// The root of the console.
pub const CONSOLE_ROOT: &str = "/console";

/// Where the log-in provider redirects people to, below the public origin.
pub const LOGIN_RETURN: &str = "/login/return";

/// The public addresses of the gateway; cheap to clone.
#[derive(Debug, Clone)]
pub struct Urls(Arc<str>);

impl Urls {
    /// Addresses below `base`, the public origin (`https://passerelle.example`).
    pub fn new(base: &str) -> Self {
        Self(base.trim_end_matches('/').into())
    }

    /// The addresses that the router attached to a request.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_else(|| Self::new(""))
    }

    /// The public origin, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.0
    }

    /// Whether the gateway is reached over TLS.
    pub fn encrypted(&self) -> bool {
        self.0.starts_with("https:")
    }

    /// A resource of the API: `api("/creches")`.
    pub fn api(&self, path: impl Display) -> String {
        format!("{}{API_ROOT}{path}", self.0)
    }

    /// A list of the API with the parts of its query, such as `pageSize=20`.
    pub fn api_list(&self, path: impl Display, query: impl IntoIterator<Item = String>) -> String {
        let query: Vec<_> = query.into_iter().collect();
        let mark = if query.is_empty() { "" } else { "?" };
        self.api(format_args!("{path}{mark}{}", query.join("&")))
    }

    /// The page of a rule.
    pub fn rule(&self, code: &str) -> String {
        self.api(format_args!("/refData/rules/{code}"))
    }
}

impl<S: Sync> FromRequestParts<S> for Urls {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}
