//! The user of a page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::caller::Caller;
use crate::app::sessions::{self, ActingUser, LoggedIn};
use crate::app::{App, BusinessClock};
use crate::domain::key::Scope;
use crate::domain::notice::Notice;
use crate::http::observe::{LogLine, RequestLog};
use crate::http::origin::{CallerId, RequestOrigin};
use crate::http::problem::{Problem, ProblemType};
use crate::http::session::{PageVisitor, page_language, secret};
use crate::http::urls::{CONSOLE_ROOT, Urls};
use crate::words::Language;

/// A logged-in person, whether an organiser is chosen yet or not.
pub(super) struct SessionContext {
    pub(super) app: App,
    pub(super) visitor: LoggedIn,
    pub(super) language: Language,
    pub(super) urls: Urls,
}

/// A logged-in user who acts for an organiser.
pub(super) struct PageContext {
    pub(super) app: App,
    pub(super) visitor: LoggedIn,
    pub(super) acting: ActingUser,
    pub(super) language: Language,
    pub(super) urls: Urls,
}

impl SessionContext {
    /// Redirects to the page at `to`, with a notice.
    pub(super) async fn redirect_with_notice(&self, to: &str, notice: Notice) -> Response {
        see_notice(&self.app, &self.visitor, to, notice).await
    }
}

impl PageContext {
    /// Redirects to the page at `to`, with a notice.
    pub(super) async fn done(&self, to: &str, notice: Notice) -> Response {
        see_notice(&self.app, &self.visitor, to, notice).await
    }

    /// As a caller with the right `scope`, or the refusal.
    pub(super) fn caller(&self, scope: Scope) -> Result<Caller, Problem> {
        self.acting.caller(scope).ok_or_else(forbidden)
    }

    /// Only for administrators of the organiser.
    pub(super) fn administrator(&self) -> Result<(), Problem> {
        if self.acting.mandate.administers() { Ok(()) } else { Err(forbidden()) }
    }

    /// The business time of the organiser.
    pub(super) fn clock(&self) -> &BusinessClock {
        &self.acting.clock
    }

    /// Only for users who manage users.
    pub(super) fn user_manager(&self) -> Result<(), Problem> {
        if self.acting.mandate.manages_users() { Ok(()) } else { Err(forbidden()) }
    }
}

/// The user has no right to this.
pub(super) fn forbidden() -> Problem {
    Problem::new(ProblemType::MissingPermission).detail(crate::http::authenticate::NO_RIGHT)
}

impl FromRequestParts<App> for SessionContext {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let Ok(urls) = Urls::from_request_parts(parts, app).await;
        let visitor = match secret(&parts.headers, &urls) {
            Some(secret) => {
                sessions::resume(app, &secret).await.map_err(|fault| Problem::from(fault).into_response())?
            }
            None => None,
        };
        let visitor = visitor.ok_or_else(|| to_log_in(parts, &urls))?;
        if let Some(page) = parts.extensions.get::<PageVisitor>() {
            page.set(visitor.clone());
        }
        RequestLog::note_parts(parts, LogLine::authenticated);
        RequestOrigin::authenticated(&parts.extensions, CallerId::from(&visitor));
        Ok(Self { app: app.clone(), visitor, language: page_language(&parts.headers), urls })
    }
}

impl FromRequestParts<App> for PageContext {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let SessionContext { app, visitor, language, urls } = SessionContext::from_request_parts(parts, app).await?;
        let Some(acting) = visitor.acting.clone() else { return Err(redirect(&format!("{CONSOLE_ROOT}/organisers"))) };
        Ok(Self { app, visitor, acting, language, urls })
    }
}

/// Redirects to the log-in, and afterwards back here where this is a page, or to the page that contained a form.
fn to_log_in(parts: &Parts, urls: &Urls) -> Response {
    let page = if parts.method.is_safe() { parts.uri.path().to_owned() } else { referring_page(&parts.headers, urls) };
    let path = page.split('?').next().unwrap_or(CONSOLE_ROOT);
    redirect(&format!("{CONSOLE_ROOT}/login?to={path}"))
}

/// The page that a form was sent from, if it is one of the console; else the first.
pub(super) fn referring_page(headers: &HeaderMap, urls: &Urls) -> String {
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = from.and_then(|from| from.strip_prefix(urls.base())).filter(|path| path.starts_with(CONSOLE_ROOT));
    path.unwrap_or(CONSOLE_ROOT).to_owned()
}

/// Redirects to another page, with GET.
pub(super) fn redirect(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response()
}

/// Redirects to the page at `to`, with a notice: it is stored with the session, so that one page displays it once,
/// and neither its address nor a reload repeats it. A failure to store it is ignored.
async fn see_notice(app: &App, visitor: &LoggedIn, to: &str, notice: Notice) -> Response {
    if let Err(error) = sessions::set_notice(app, visitor, notice).await {
        tracing::warn!(%error, notice = notice.code(), "the notice of what was done could not be stored");
    }
    redirect(to)
}
