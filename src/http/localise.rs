//! Writes problems out: in the reader's language, with an `instance` that the log line repeats.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::console::{self, FailurePage};
use super::extract::language;
use super::finding::FindingBody;
use super::observe::RequestLog;
use super::problem::{Origin, Problem};
use super::urls::{API_ROOT, Urls};
use crate::domain::rule::Severity;
use crate::domain::text::Language;

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
                Origin::Belgif => {
                    format!("https://www.belgif.be/specification/rest/api-guide/problems/{}.html", entry.name)
                }
                Origin::Passerelle => urls.api(format_args!("/refData/problemTypes/{}", entry.name)),
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

/// Turns the problem that a response carries into its document.
pub(super) async fn localise(State(urls): State<Urls>, request: Request, next: Next) -> Response {
    let page = is_page(&request);
    let language = if page { console::language(request.headers()) } else { language(request.headers()) };
    let log = RequestLog::of(&request);
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        let instance = format!("urn:uuid:{}", uuid::Builder::from_random_bytes(crate::chance::bytes()).into_uuid());
        log.failure(&instance, problem.logged_cause());
        response = if page {
            FailurePage::new(&problem, &instance, language).show(response)
        } else {
            write(response, &ProblemBody::new(&problem, &instance, language, &urls), language)
        };
    }
    if response.headers().contains_key(header::CONTENT_LANGUAGE) {
        response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language"));
    }
    response
}

/// Whether a person looks: at the console, or with a browser at anything else that is not the API.
fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    let accepts = |value: &HeaderValue| value.to_str().is_ok_and(|forms| forms.contains("text/html"));
    let browser = || request.headers().get_all(header::ACCEPT).iter().any(accepts);
    path.starts_with(console::ROOT) || path == console::RETURN || (!path.starts_with(API_ROOT) && browser())
}

fn write(failed: Response, body: &ProblemBody<'_>, language: Language) -> Response {
    let (parts, _) = failed.into_parts();
    let mut response = Answer::json(body).status(parts.status).into_response();
    response.extensions_mut().extend(parts.extensions);
    let headers = response.headers_mut();
    headers.extend(parts.headers);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
