//! One log line per request, and an identifier on every response. `docs/logging.md` lists what the line may contain.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::Gateway;
use super::limits::AllowanceState;
use super::log_sampler::LogSampler;
use super::logged_call::{CallEnd, LoggedCall};
use super::metrics::Metrics;
use crate::app::agents::AgencyCaller;
use crate::app::caller::{Caller, Principal};
use crate::ids::RequestId;

/// The request's identifier, set by the gateway on every response.
const TRACE: HeaderName = HeaderName::from_static("belgov-trace-id");
/// The identifier that the caller sent.
const RELATED: HeaderName = HeaderName::from_static("belgov-related-trace-id");
/// The longest identifier that is repeated, in characters.
const TRACE_LENGTH: usize = 36;

/// What inner layers add to the request's line.
#[derive(Debug, Clone, Default)]
pub(crate) struct RequestLog(Arc<Mutex<LogLine>>);

#[derive(Debug, Default)]
pub(crate) struct LogLine {
    path: Option<&'static str>,
    operation: Option<&'static str>,
    organiser: Option<String>,
    application: Option<String>,
    key: Option<String>,
    user: Option<String>,
    instance: Option<String>,
    cause: Option<String>,
    authenticated: bool,
    problem: Option<String>,
    /// The call of software, for the log of requests.
    call: Option<LoggedCall>,
}

impl LogLine {
    /// Records that the request had a valid credential.
    pub(crate) const fn authenticated(&mut self) {
        self.authenticated = true;
    }

    /// Whether requests like this one can come in a flood: refused, and without a valid credential or beyond an allowance.
    fn may_flood(&self, status: StatusCode) -> bool {
        status == StatusCode::TOO_MANY_REQUESTS || (status.is_client_error() && !self.authenticated)
    }

    pub(crate) const fn operation(&mut self, path: &'static str, id: Option<&'static str>) {
        self.path = Some(path);
        self.operation = id;
    }

    /// Records the caller and, of software, the call for the log of requests.
    pub(crate) fn caller(&mut self, caller: &Caller, call: Option<LoggedCall>) {
        self.call = call;
        self.organiser = Some(caller.organiser.to_string());
        match &caller.who {
            Principal::Application(credential) => {
                self.application = Some(credential.application.to_string());
                self.key = Some(credential.key.to_string());
            }
            Principal::Person(user) => self.user = Some(user.to_string()),
        }
    }

    /// Hands over the body of the call, for the log of requests.
    pub(super) fn body(&mut self, bytes: &[u8]) {
        if let Some(call) = &mut self.call {
            call.body(bytes);
        }
    }

    /// Of the agency's callers its keys are named, not its agents.
    pub(crate) fn agency_caller(&mut self, caller: &AgencyCaller) {
        self.key = caller.verified_key().map(|key| key.key.to_string());
    }
}

impl RequestLog {
    /// The line of `request`; one that is never written when the request has none.
    pub(crate) fn of(request: &Request) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// Adds to the line of `request`.
    pub(crate) fn annotate(request: &Request, add: impl FnOnce(&mut LogLine)) {
        Self::of(request).add(add);
    }

    /// As [`Self::annotate`], where the request has been split into its parts.
    pub(crate) fn note_parts(parts: &Parts, add: impl FnOnce(&mut LogLine)) {
        if let Some(log) = parts.extensions.get::<Self>() {
            log.add(add);
        }
    }

    /// Records the problem that the request ends in: its type, its identifier and, of an internal error, its cause.
    pub(crate) fn failure(&self, problem: String, instance: &str, cause: Option<&str>) {
        self.add(|line| {
            line.problem = Some(problem);
            line.instance = Some(instance.to_owned());
            line.cause = cause.map(ToOwned::to_owned);
        });
    }

    /// Adds to the line.
    pub(super) fn add(&self, add: impl FnOnce(&mut LogLine)) {
        add(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn write<G: Gateway>(
        &self,
        method: &Method,
        status: StatusCode,
        duration_ms: f64,
        trace: RequestId,
        observer: &Observer<G>,
    ) {
        self.add(|line| {
            observer.metrics.request(line.operation, status, duration_ms);
            if line.may_flood(status) && !observer.sampler.admits(status) {
                return observer.metrics.line_left_out(status);
            }
            let end = CallEnd {
                trace,
                method: logged_method(method),
                operation: line.operation,
                status: status.as_u16(),
                problem: line.problem.take(),
                duration_ms,
            };
            if let Some((request, body)) = line.call.take().map(|call| call.end(end)) {
                observer.gateway.log_request(request, body);
            }
            tracing::info!(
                target: "passerelle::request",
                method = logged_method(method),
                path = line.path.unwrap_or("(none)"),
                status = status.as_u16(),
                duration_ms,
                %trace,
                operation = line.operation,
                organiser = line.organiser,
                application = line.application,
                key = line.key,
                user = line.user,
                instance = line.instance,
                cause = line.cause,
                "request answered"
            );
        });
    }
}

/// The standard HTTP methods; any other, which may be long, is not logged.
fn logged_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => "(other)",
    }
}

/// What requests are recorded in: the log of software's calls, the metrics, and the sampler of lines.
#[derive(Debug, Clone)]
pub(crate) struct Observer<G> {
    pub(super) gateway: G,
    pub(crate) metrics: Arc<Metrics>,
    pub(super) sampler: Arc<LogSampler>,
}

/// Times, counts and logs the request, and sets the identifier of its response.
pub(crate) async fn observe<G: Gateway>(
    State(observer): State<Observer<G>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let _underway = observer.metrics.request_started();
    let log = RequestLog::default();
    let method = request.method().clone();
    let related = related(request.headers());
    request.extensions_mut().insert(log.clone());
    let mut response = next.run(request).await;
    let trace = RequestId::new(observer.gateway.machine_clock());
    if let Ok(value) = HeaderValue::from_str(&trace.to_string()) {
        response.headers_mut().insert(TRACE, value);
    }
    if let Some(related) = related {
        response.headers_mut().insert(RELATED, related);
    }
    if let (StatusCode::TOO_MANY_REQUESTS, Some(standing)) =
        (response.status(), response.extensions().get::<AllowanceState>())
    {
        observer.metrics.over_allowance(standing.policy);
    }
    log.write(&method, response.status(), started.elapsed().as_secs_f64() * 1000.0, trace, &observer);
    response
}

/// The caller's identifier, when it is well-formed.
fn related(headers: &HeaderMap) -> Option<HeaderValue> {
    let value = headers.get(TRACE)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    (value.len() <= TRACE_LENGTH && !value.is_empty() && value.as_bytes().iter().all(plain)).then(|| value.clone())
}
