//! The only error of handlers: a problem document (RFC 9457 with the Belgian government's `issues`).
//!
//! A [`Problem`] is data in the response's extensions until one layer (`super::localise`) writes it in the language of the
//! request and records its `instance` for the log line.

mod problem_type;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

pub use self::problem_type::{ProblemEntry, ProblemOrigin, ProblemType};
use crate::domain::finding::{self, Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::rule::Severity;
use crate::domain::rules::request;
use crate::words::{self, Language, LocalText};

/// The error of every handler.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// One failure.
#[derive(Debug, Clone)]
pub struct Problem(Box<Content>);

#[derive(Debug, Clone)]
struct Content {
    kind: ProblemType,
    detail: LocalText,
    params: Vec<(&'static str, Param)>,
    findings: Findings,
    members: Map<String, Value>,
    headers: HeaderMap,
    cause: Option<String>,
}

/// One input is wrong.
const ONE_ISSUE: LocalText = words::http::ONE_ISSUE;
/// Several inputs are wrong.
const ISSUES: LocalText = words::http::ISSUES;

impl Problem {
    /// A problem without more than its type.
    pub fn new(kind: ProblemType) -> Self {
        Self(Box::new(Content {
            kind,
            detail: kind.entry().meaning,
            params: Vec::new(),
            findings: Findings::default(),
            members: Map::new(),
            headers: HeaderMap::new(),
            cause: None,
        }))
    }

    /// The request is refused for these findings; the warnings among them are listed separately.
    pub fn bad_request(findings: Findings) -> Self {
        let findings = findings.folded();
        let errors = findings.of(Severity::Error).map(|finding| finding.count).sum::<usize>();
        let detail = if errors == 1 { ONE_ISSUE } else { ISSUES };
        let count = Param::Count(u64::try_from(errors).unwrap_or(u64::MAX));
        Self::new(ProblemType::BadRequest).detail(detail).with("count", count).findings(findings)
    }

    /// The path's parameter `parameter` identifies nothing that the caller may read.
    pub fn not_found(parameter: &'static str) -> Self {
        let finding = Finding::new(&request::UNKNOWN_RESOURCE, FindingPlace::at(parameter))
            .in_part(RequestPart::Path)
            .with("parameter", Param::Code(parameter.to_owned()));
        Self::new(ProblemType::ResourceNotFound).findings(Findings::from_iter([finding]))
    }

    /// The key has none of these scopes.
    pub fn missing_scope(scopes: &[&'static str]) -> Self {
        let listed = scopes.join(" ");
        let challenge = format!(r#"Bearer realm="passerelle", error="insufficient_scope", scope="{listed}""#);
        Self::new(ProblemType::MissingScope)
            .member("requiredScopes", scopes.to_vec())
            .header(header::WWW_AUTHENTICATE, &challenge)
    }

    /// The stored revision is not one of the caller's precondition; `current` is its entity tag, quotes included.
    pub fn precondition_failed(current: Option<&str>) -> Self {
        let problem = Self::new(ProblemType::PreconditionFailed);
        match current {
            Some(etag) => problem.member("currentEtag", etag).header(header::ETAG, etag),
            None => problem,
        }
    }

    /// The body is larger than `limit` bytes.
    pub fn payload_too_large(limit: usize) -> Self {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        Self::new(ProblemType::PayloadTooLarge).with("limit", Param::Count(limit)).member("limit", limit)
    }

    /// An internal error: `cause` is logged and not sent to the caller.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(ProblemType::InternalServerError).cause(cause)
    }

    /// As [`Self::internal`], but a retry may succeed after `seconds`.
    pub fn unavailable(seconds: u64, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(ProblemType::ServiceUnavailable).retry_after(seconds).cause(cause)
    }

    /// Too little space to store: as [`Self::unavailable`].
    pub fn insufficient_storage(seconds: u64, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(ProblemType::InsufficientStorage).retry_after(seconds).cause(cause)
    }

    /// Says that a retry may succeed after `seconds`.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.member("retryAfterSec", seconds).header(header::RETRY_AFTER, &seconds.to_string())
    }

    /// Sets a text more precise than the type's meaning.
    pub fn detail(mut self, detail: LocalText) -> Self {
        self.0.detail = detail;
        self
    }

    /// Sets a value that the detail's text contains.
    pub fn with(mut self, name: &'static str, param: Param) -> Self {
        self.0.params.push((name, param));
        self
    }

    /// Adds findings: errors become `issues`, warnings `warnings`.
    pub fn findings(mut self, findings: Findings) -> Self {
        self.0.findings.extend(findings);
        self
    }

    /// Adds a member of its own to the document.
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.members.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a response header; a value that cannot be one is left out.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers.insert(name, value);
        }
        self
    }

    /// Records the cause, and the causes behind it, for the log line.
    fn cause(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let cause = cause.into();
        let chain = std::iter::successors(Some(&*cause as &dyn std::error::Error), |error| error.source());
        self.0.cause = Some(chain.map(ToString::to_string).collect::<Vec<_>>().join(": "));
        self
    }

    /// Its type.
    pub const fn kind(&self) -> ProblemType {
        self.0.kind
    }

    /// The text of this occurrence.
    pub(crate) fn sentence(&self, language: Language) -> String {
        self.fill(self.0.detail.get(language), language)
    }

    /// Fills a text with the values of the problem.
    pub(crate) fn fill(&self, sentence: &str, language: Language) -> String {
        finding::fill(sentence, &self.0.params, |param| param.show(language))
    }

    /// The text more precise than the type's meaning, where there is one.
    pub(crate) fn own_detail(&self) -> Option<LocalText> {
        Some(self.0.detail).filter(|detail| detail.fr != self.kind().entry().meaning.fr)
    }

    /// Its findings.
    pub(crate) const fn all_findings(&self) -> &Findings {
        &self.0.findings
    }

    /// Its own members.
    pub(crate) const fn members(&self) -> &Map<String, Value> {
        &self.0.members
    }

    /// The cause, for the log line and never for the caller.
    pub(crate) fn logged_cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.kind.entry().status.into_response();
        response.headers_mut().extend(self.0.headers.clone());
        response.extensions_mut().insert(self);
        response
    }
}
