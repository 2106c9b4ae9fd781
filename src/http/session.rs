//! The session's cookie, and what tells a person's own request from one that another site had the browser make.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderValue, header};

use super::urls::Urls;
use crate::app::sessions::LoggedIn;
use crate::domain::text::Language;

/// The header by which a page's own script, or a client with a session, shows that it may write.
const CSRF_HEADER: &str = "passerelle-csrf-token";

/// The cookies of this gateway: known only to it, sent only to it, hidden from scripts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cookie {
    /// The secret of the session.
    Session,
    /// A log-in under way.
    LogIn,
    /// The language of the pages.
    Language,
    /// What was typed into a form whose session had ended.
    TypedForm,
}

impl Cookie {
    /// Its name. Over TLS it has the prefix with which browsers take a cookie from this host alone, for all of it
    /// (RFC 6265bis): no neighbour below the same domain can set one, nor one for a path of ours.
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
        }
    }

    /// Its value in a request, by the one name that it has here; nothing where there are several, because which of them
    /// is ours cannot be known.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values =
            pairs.filter(|(name, _)| name.trim_end() == self.name(secure)).map(|(_, value)| value.to_owned());
        values.next().filter(|_| values.next().is_none())
    }

    /// The header that sets it for `seconds`; `secure` where the gateway is reached over TLS.
    pub(crate) fn set(self, value: &str, seconds: i64, secure: bool) -> HeaderValue {
        let name = self.name(secure);
        let secure = if secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
    }

    /// The header that takes it away.
    pub(crate) fn clear(self, secure: bool) -> HeaderValue {
        self.set("", 0, secure)
    }
}

/// The language of the pages: the one that was chosen, else French. Both names of its cookie do: it decides nothing but
/// words.
pub(crate) fn page_language(headers: &HeaderMap) -> Language {
    let chosen = [true, false].into_iter().find_map(|secure| Cookie::Language.read(headers, secure));
    match chosen.as_deref() {
        Some("nl") => Language::Nl,
        Some("en") => Language::En,
        _ => Language::Fr,
    }
}

/// The person of a request for a page, from when their session is known: what is done after the page was made needs it.
#[derive(Clone, Default)]
pub(crate) struct PageVisitor(Arc<OnceLock<LoggedIn>>);

impl PageVisitor {
    /// The person, if the session is known.
    pub(crate) fn get(&self) -> Option<&LoggedIn> {
        self.0.get()
    }

    /// This is the person.
    pub(crate) fn set(&self, visitor: LoggedIn) {
        self.0.get_or_init(|| visitor);
    }
}

/// The secret of the session that a request belongs to.
pub(crate) fn secret(headers: &HeaderMap, urls: &Urls) -> Option<String> {
    Cookie::Session.read(headers, urls.encrypted()).filter(|secret| !secret.is_empty())
}

/// Whether a write comes from a page of ours: it brings the session's token in its header.
pub(crate) fn is_genuine(headers: &HeaderMap, visitor: &LoggedIn) -> bool {
    let token = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    token.is_some_and(|token| visitor.accepts_token(token)) && is_ours(headers)
}

/// Whether the browser says that the request was made by a page of ours; those that say nothing are believed, because
/// the token decides.
pub(crate) fn is_ours(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}
