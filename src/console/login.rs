//! Log-in: to the identity provider and back, with an explanation for persons who are refused.

mod reasons;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::{Deserialize, Serialize};

use self::reasons::Reason;
use super::form::{Fields, QueryFields};
use super::page_context::{SessionContext, redirect};
use super::page_frame::{PageFrame, render, render_with_status};
use super::{expired_form, form};
use crate::app::sessions::{self, VerifiedIdentity};
use crate::app::{App, InternalError, login_attempts};
use crate::domain::finding::Param;
use crate::domain::text::is_unprintable;
use crate::http::extract::QueryReader;
use crate::http::problem::{Problem, Result};
use crate::http::session::page_language;
use crate::http::session::{self, Cookie};
use crate::http::urls::{CONSOLE_ROOT, LOGIN_RETURN, Urls};
use crate::outbound::oidc::{ATTEMPT_LIFETIME, Callback, LoginAttempt, LoginError, LoginProvider};
use crate::words::{self, LocalText};

/// The configured identity provider, if there is one.
#[derive(Clone)]
pub struct LogIn(Option<Arc<LoginProvider>>);

impl LogIn {
    /// Through this provider.
    pub fn through(provider: LoginProvider) -> Self {
        Self(Some(Arc::new(provider)))
    }

    /// Log-in is disabled.
    pub const fn closed() -> Self {
        Self(None)
    }

    fn provider(&self) -> Result<&LoginProvider, OutsideReason> {
        self.0.as_deref().ok_or(OutsideReason::Closed)
    }
}

pub(super) fn routes(log_in: LogIn) -> Router<App> {
    Router::new()
        .route("/console/login", get(login_page))
        .route("/console/login/begin", get(begin))
        .route(LOGIN_RETURN, get(finish))
        .route("/console/logout", axum::routing::post(log_out))
        .layer(Extension(log_in))
}

/// Why a log-in is refused.
enum OutsideReason {
    Closed,
    Provider(LoginError),
    Session(sessions::SessionError),
}

impl From<LoginError> for OutsideReason {
    fn from(refusal: LoginError) -> Self {
        Self::Provider(refusal)
    }
}

impl From<InternalError> for OutsideReason {
    fn from(fault: InternalError) -> Self {
        Self::Session(fault.into())
    }
}

impl From<sessions::SessionError> for OutsideReason {
    fn from(refusal: sessions::SessionError) -> Self {
        Self::Session(refusal)
    }
}

/// The cookie of a log-in attempt.
#[derive(Serialize, Deserialize)]
struct LoginCookie {
    attempt: LoginAttempt,
    to: String,
}

/// The format of `to`.
const PAGE: LocalText = words::login::PAGE;

/// The path after the log-in: a page of the console, or the first one where another was requested. Refused
/// when it contains a character that no path of the console has.
fn page_wanted(asked: &Fields) -> Result<String> {
    let to = asked.all("to").next().unwrap_or_default();
    if to.contains(is_unprintable) {
        let mut reader = QueryReader::default();
        reader.malformed("to", "", Param::Text(PAGE));
        return Err(reader.refusal());
    }
    Ok(if is_page(to) { to.to_owned() } else { CONSOLE_ROOT.to_owned() })
}

/// Whether a path could be that of a page of the console, all of which consist of plain letters, digits and hyphens.
fn is_page(path: &str) -> bool {
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    path.starts_with("/console/") && plain && !path.contains("..") && !path.contains("//")
}

/// The parameters of the provider's redirect.
fn callback(asked: &Fields) -> Callback {
    let told = |name| Some(asked.get(name).to_owned()).filter(|text| !text.is_empty());
    Callback { state: told("state"), code: told("code"), error: told("error"), iss: told("iss") }
}

#[derive(Template)]
#[template(path = "login.html", config = ".config/askama.toml")]
struct LoginPage {
    frame: PageFrame,
    begin: String,
    trouble: Option<LoginTrouble>,
    /// What happened to a form that was sent after the session had ended.
    expired: Option<&'static str>,
}

#[derive(Clone, Copy)]
struct LoginTrouble {
    title: &'static str,
    words: &'static str,
}

async fn login_page(headers: HeaderMap, QueryFields(asked): QueryFields) -> Result<Response> {
    let to = page_wanted(&asked)?;
    let expired = match asked.get("file") {
        "lost" => Some(FILE_LOST),
        _ if to == expired_form::PAGE => Some(TYPED_KEPT),
        _ => None,
    };
    let language = page_language(&headers);
    let expired = expired.map(|words| words.get(language));
    Ok(render(&LoginPage { frame: PageFrame::anonymous(language), begin: begin_at(&to), trouble: None, expired }))
}

/// The log-in after an upload without a session has a note that the file is not stored.
pub(super) fn file_lost(answer: Response) -> Response {
    match answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()) {
        Some(to) if to.starts_with("/console/login?") => redirect(&format!("{to}&file=lost")),
        _ => answer,
    }
}

/// A file was not stored.
const FILE_LOST: LocalText = words::login::FILE_LOST;
/// A form was stored.
const TYPED_KEPT: LocalText = words::login::TYPED_KEPT;

fn begin_at(page: &str) -> String {
    format!("/console/login/begin?to={page}")
}

async fn begin(
    State(app): State<App>,
    Extension(log_in): Extension<LogIn>,
    urls: Urls,
    headers: HeaderMap,
    QueryFields(asked): QueryFields,
) -> Result<Response> {
    let to = page_wanted(&asked)?;
    let again = asked.get("again") == "1";
    Ok(match to_provider(&app, &log_in, &headers, (to.clone(), again)).await {
        Ok((address, stored)) => {
            let mut response = redirect(&address);
            let cookie = Cookie::LogIn.set(&stored, ATTEMPT_LIFETIME.as_secs(), urls.encrypted());
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(reason) => login_refused(reason, &headers, &to),
    })
}

async fn to_provider(
    app: &App,
    log_in: &LogIn,
    headers: &HeaderMap,
    (to, again): (String, bool),
) -> Result<(String, String), OutsideReason> {
    let (provider, language) = (log_in.provider()?, page_language(headers));
    let begun = if again { provider.begin_login_again(language).await } else { provider.begin_login(language).await };
    let (address, attempt) = begun?;
    let underway = serde_json::to_vec(&LoginCookie { attempt, to }).map_err(InternalError::from)?;
    Ok((address.into(), sessions::seal_cookie(app, "log-in", &underway)))
}

async fn finish(
    State(app): State<App>,
    Extension(log_in): Extension<LogIn>,
    urls: Urls,
    headers: HeaderMap,
    QueryFields(asked): QueryFields,
) -> Response {
    let stored = Cookie::LogIn.read(&headers, urls.encrypted());
    let stored = stored.and_then(|stored| sessions::unseal_cookie(&app, "log-in", &stored));
    let underway = stored.and_then(|stored| serde_json::from_slice::<LoginCookie>(&stored).ok());
    let to = underway.as_ref().map_or_else(|| CONSOLE_ROOT.to_owned(), |underway| underway.to.clone());
    let former = session::secret(&headers, &urls);
    let mut response = match let_in(&app, &log_in, &callback(&asked), underway, former.as_deref()).await {
        Ok(secret) => {
            let mut response = redirect(&to);
            let cookie = Cookie::Session.set(&secret, app.lifetime.longest.as_secs(), urls.encrypted());
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(reason) => login_refused(reason, &headers, &to),
    };
    response.headers_mut().append(header::SET_COOKIE, Cookie::LogIn.clear(urls.encrypted()));
    response
}

/// The secret of a new session, replacing the browser's previous one. An attempt that was answered is over,
/// whatever the result.
async fn let_in(
    app: &App,
    log_in: &LogIn,
    callback: &Callback,
    underway: Option<LoginCookie>,
    former: Option<&str>,
) -> Result<String, OutsideReason> {
    let LoginCookie { attempt, .. } = underway.ok_or(LoginError::Expired)?;
    if attempt.is_answered_by(callback)
        && !login_attempts::finish(app, &attempt.state_digest(), ATTEMPT_LIFETIME).await?
    {
        return Err(LoginError::Expired.into());
    }
    let told = log_in.provider()?.verify_callback(callback, &attempt).await?;
    let identity = VerifiedIdentity {
        given_name: told.given_name.unwrap_or_default(),
        family_name: told.family_name.unwrap_or_default(),
        id_token: told.id_token_hint,
        authenticated_at: told.authenticated_at,
    };
    let begun = sessions::begin(app, &told.ssin, &told.assurance, identity).await?;
    if let Some(former) = former {
        sessions::replace_former(app, former, &begun.secret).await?;
    }
    Ok(begun.secret)
}

#[derive(Template)]
#[template(path = "left.html", config = ".config/askama.toml")]
struct LeftPage {
    frame: PageFrame,
    /// The address that ends the log-in at the provider, too.
    provider: Option<String>,
}

/// Ends the session. That at the provider is ended by a link: the content security policy forbids redirecting the form.
async fn log_out(Extension(log_in): Extension<LogIn>, form: form::SessionForm) -> Result<Response> {
    let SessionContext { app, visitor, language, urls } = form.session;
    sessions::end(&app, &visitor).await?;
    let provider = match &log_in.0 {
        Some(provider) => {
            let back = format!("{}/console/login", urls.base());
            provider.logout_url(visitor.identity.id_token.as_deref(), &back).await.unwrap_or_else(|refusal| {
                tracing::warn!(%refusal, "the provider could not be asked where a log-in ends");
                None
            })
        }
        None => None,
    };
    let mut response =
        render(&LeftPage { frame: PageFrame::anonymous(language), provider: provider.map(String::from) });
    response.headers_mut().append(header::SET_COOKIE, Cookie::Session.clear(urls.encrypted()));
    Ok(response)
}

/// The log-in page again, with the reason.
fn login_refused(reason: OutsideReason, headers: &HeaderMap, to: &str) -> Response {
    if let OutsideReason::Session(sessions::SessionError::Fault(fault)) = reason {
        return axum::response::IntoResponse::into_response(Problem::from(fault));
    }
    if let OutsideReason::Provider(refusal) = &reason {
        tracing::warn!(%refusal, "a log-in did not succeed");
    }
    let (language, reason) = (page_language(headers), reason_words(&reason));
    let trouble = LoginTrouble { title: reason.title.get(language), words: reason.words.get(language) };
    let page =
        LoginPage { frame: PageFrame::anonymous(language), begin: begin_at(to), trouble: Some(trouble), expired: None };
    render_with_status(reason.status, &page)
}

/// The reason in words.
const fn reason_words(reason: &OutsideReason) -> &'static Reason {
    match reason {
        OutsideReason::Closed => &reasons::CLOSED,
        OutsideReason::Provider(LoginError::Weak { .. }) => &reasons::WEAK,
        OutsideReason::Provider(LoginError::NoSsin) => &reasons::NO_SSIN,
        OutsideReason::Provider(LoginError::Denied(_)) => &reasons::DENIED,
        OutsideReason::Provider(LoginError::Unreachable(_)) => &reasons::UNREACHABLE,
        OutsideReason::Provider(LoginError::Untrusted(_)) => &reasons::UNTRUSTED,
        OutsideReason::Provider(LoginError::Expired) => &reasons::EXPIRED,
        OutsideReason::Session(sessions::SessionError::Deactivated) => &reasons::DEACTIVATED,
        OutsideReason::Session(_) => &reasons::UNKNOWN,
    }
}
