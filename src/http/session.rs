//! The session's cookie, and the checks against requests that another site had the browser make (CSRF).

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderValue, header};

use super::urls::Urls;
use crate::app::sessions::LoggedIn;
use crate::words::Language;

/// The header in which a page's script, or a client with a session, sends the session's token with a write.
const CSRF_HEADER: &str = "passerelle-csrf-token";

/// The cookies of the gateway: sent to no other host, not readable by scripts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cookie {
    /// The secret of the session.
    Session,
    /// A log-in in progress.
    LogIn,
    /// The language of the pages.
    Language,
    /// A form that was submitted after its session had ended.
    TypedForm,
    /// The world of a sandbox that the pages belong to, with its secret.
    #[cfg(feature = "sandbox")]
    World,
}

impl Cookie {
    /// Its name. Over TLS it has the prefix `__Host-`, with which browsers accept a cookie from this host alone and for all
    /// paths (RFC 6265bis): no sibling domain can set one.
    const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-passerelle-session",
            (Self::Session, false) => "passerelle-session",
            (Self::LogIn, true) => "__Host-passerelle-login",
            (Self::LogIn, false) => "passerelle-login",
            (Self::Language, true) => "__Host-passerelle-language",
            (Self::Language, false) => "passerelle-language",
            (Self::TypedForm, true) => "__Host-passerelle-typed",
            (Self::TypedForm, false) => "passerelle-typed",
            #[cfg(feature = "sandbox")]
            (Self::World, true) => "__Host-passerelle-world",
            #[cfg(feature = "sandbox")]
            (Self::World, false) => "passerelle-world",
        }
    }

    /// Its value in a request; `None` where there are several, because one of them may be forged.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values =
            pairs.filter(|(name, _)| name.trim_end() == self.name(secure)).map(|(_, value)| value.to_owned());
        values.next().filter(|_| values.next().is_none())
    }

    /// The `Set-Cookie` header for `seconds`; `secure` where the gateway is reached over TLS.
    pub(crate) fn set(self, value: &str, seconds: i64, secure: bool) -> HeaderValue {
        let name = self.name(secure);
        let secure = if secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The `Set-Cookie` header that removes it.
    pub(crate) fn clear(self, secure: bool) -> HeaderValue {
        self.set("", 0, secure)
    }
}

/// The language of the pages: the chosen one, else French. Both names of the cookie are accepted: it decides nothing but
/// the language.
pub(crate) fn page_language(headers: &HeaderMap) -> Language {
    let chosen = [true, false].into_iter().find_map(|secure| Cookie::Language.read(headers, secure));
    match chosen.as_deref() {
        Some("nl") => Language::Nl,
        Some("en") => Language::En,
        _ => Language::Fr,
    }
}

/// The user of a request for a page, set once the session is known: read after the page was made.
#[derive(Clone, Default)]
pub(crate) struct PageVisitor(Arc<OnceLock<LoggedIn>>);

impl PageVisitor {
    /// The user, if the session is known.
    pub(crate) fn get(&self) -> Option<&LoggedIn> {
        self.0.get()
    }

    /// Sets the user.
    pub(crate) fn set(&self, visitor: LoggedIn) {
        self.0.get_or_init(|| visitor);
    }
}

/// The secret of the session of a request.
pub(crate) fn secret(headers: &HeaderMap, urls: &Urls) -> Option<String> {
    Cookie::Session.read(headers, urls.encrypted()).filter(|secret| !secret.is_empty())
}

/// Whether a write comes from a page of the gateway: its header has the session's token.
pub(crate) fn is_genuine(headers: &HeaderMap, visitor: &LoggedIn) -> bool {
    let token = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    token.is_some_and(|token| visitor.accepts_token(token)) && is_ours(headers)
}

/// Whether the browser marks the request as made by a page of the gateway. Without such a mark it is accepted, because the
/// token is checked too.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}
