//! Writes problems in the language of the request, with an `instance` that the log line repeats.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

use super::Gateway;
use super::answer::ResponseBuilder;
use super::extract::language;
use super::finding::FindingBody;
use super::observe::RequestLog;
use super::problem::{Problem, ProblemOrigin};
use super::session::{PageVisitor, page_language, secret};
use super::urls::{API_ROOT, CONSOLE_ROOT, LOGIN_RETURN, Urls};
use crate::app::sessions::LoggedIn;
use crate::domain::rule::Severity;
use crate::words::Language;

/// The content of a problem's page.
pub struct ErrorPageContext<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The identifier of the occurrence, repeated in the log line.
    pub instance: &'a str,
    /// The language of the page.
    pub language: Language,
    /// The logged-in user, if the session is known.
    pub visitor: Option<&'a LoggedIn>,
}

/// Renders the page of a problem in place of the response that carried it.
pub type ErrorPage = fn(&ErrorPageContext<'_>, Response) -> Response;

/// The document of one problem.
#[derive(Serialize)]
struct ProblemBody<'a> {
    r#type: String,
    href: String,
    title: &'static str,
    status: u16,
    detail: String,
    instance: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    issues: Vec<FindingBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<FindingBody>,
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

impl<'a> ProblemBody<'a> {
    fn new(problem: &'a Problem, instance: &'a str, language: Language, urls: &Urls) -> Self {
        let entry = problem.kind().entry();
        let findings = problem.all_findings();
        Self {
            r#type: entry.urn(),
            href: match entry.origin {
                ProblemOrigin::Belgif => {
                    format!("https://www.belgif.be/specification/rest/api-guide/problems/{}.html", entry.name)
                }
                ProblemOrigin::Passerelle => urls.api(format_args!("/refData/problemTypes/{}", entry.name)),
            },
            title: entry.title,
            status: entry.status.as_u16(),
            detail: problem.sentence(language),
            instance,
            issues: FindingBody::of(findings, Severity::Error, language, urls),
            warnings: FindingBody::of(findings, Severity::Warning, language, urls),
            members: problem.members(),
        }
    }
}

/// Turns the problem that a response carries into its document, or into a page for a browser.
pub(super) async fn localise<G: Gateway>(
    State((gateway, urls, error_page)): State<(G, Urls, ErrorPage)>,
    request: Request,
    next: Next,
) -> Response {
    if is_page(&request) {
        return localise_page(&gateway, &urls, error_page, request, next).await;
    }
    let language = language(request.headers());
    let log = RequestLog::of(&request);
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let instance = log_problem(&log, &problem);
        response = write(response, &ProblemBody::new(&problem, &instance, language, &urls), language);
    }
    vary_by_language(response)
}

/// The same for a page. After a page was sent, the session's notice, which it displayed, is removed.
async fn localise_page<G: Gateway>(
    gateway: &G,
    urls: &Urls,
    error_page: ErrorPage,
    mut request: Request,
    next: Next,
) -> Response {
    let (language, log) = (page_language(request.headers()), RequestLog::of(&request));
    let secret = secret(request.headers(), urls).filter(|_| request.uri().path().starts_with(CONSOLE_ROOT));
    let navigation = is_navigation(request.headers());
    let visitor = PageVisitor::default();
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let instance = log_problem(&log, &problem);
        if let (Some(secret), None, true) = (secret, visitor.get(), may_query_session(&problem)) {
            find_visitor(gateway, &secret, &visitor).await;
        }
        let context = ErrorPageContext { problem: &problem, instance: &instance, language, visitor: visitor.get() };
        response = error_page(&context, response);
    }
    if let Some(visitor) = visitor.get().filter(|visitor| navigation && visitor.notice.is_some() && is_html(&response))
        && let Err(error) = gateway.clear_notice(visitor).await
    {
        tracing::warn!(%error, "the notice that a page has shown could not be removed: it is shown again");
    }
    vary_by_language(response)
}

/// Whether the session may be looked up in the database for the page of this problem: not where the gateway itself failed
/// or is overloaded.
fn may_query_session(problem: &Problem) -> bool {
    let status = problem.kind().entry().status;
    status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS
}

/// Looks up the user for a page that no handler made. Where that fails, the page is sent without a name.
async fn find_visitor<G: Gateway>(gateway: &G, secret: &str, page: &PageVisitor) {
    match gateway.resume(secret).await {
        Ok(Some(visitor)) => page.set(visitor),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "the session of a failure page could not be looked up"),
    }
}

/// Whether the browser navigates to the page, as opposed to a script's request. Without `Sec-Fetch` headers it counts as
/// navigation.
fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_none_or(|dest| dest == "document")
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// Records the problem in the log line, and returns the `instance` that identifies the occurrence in both places.
fn log_problem(log: &RequestLog, problem: &Problem) -> String {
    let instance = format!("urn:uuid:{}", uuid::Builder::from_random_bytes(crate::random::bytes()).into_uuid());
    log.failure(problem.kind().entry().urn(), &instance, problem.logged_cause());
    instance
}

fn vary_by_language(mut response: Response) -> Response {
    if response.headers().contains_key(header::CONTENT_LANGUAGE) {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language"));
    }
    response
}

/// Whether the response is a page: in the console, or for a browser on any path outside the API.
fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    let accepts = |value: &HeaderValue| value.to_str().is_ok_and(|forms| forms.contains("text/html"));
    let browser = || request.headers().get_all(header::ACCEPT).iter().any(accepts);
    path.starts_with(CONSOLE_ROOT) || path == LOGIN_RETURN || (!path.starts_with(API_ROOT) && browser())
}

fn write(failed: Response, body: &ProblemBody<'_>, language: Language) -> Response {
    let (parts, _) = failed.into_parts();
    let mut response = ResponseBuilder::json(body).status(parts.status).into_response();
    response.extensions_mut().extend(parts.extensions);
    let headers = response.headers_mut();
    headers.extend(parts.headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
