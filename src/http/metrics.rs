//! Metrics of the gateway, in Prometheus' text format, served on a listener of their own.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::staff;
use crate::app::statements::{AcceptedDeposit, DepositError, WriteOutcome};
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::statement::StatementKind;

/// The upper bounds of the buckets of durations, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    operation: &'static str,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    operation: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct VerdictLabels {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Allowed {
    policy: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LeftOut {
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// Metrics of request bodies.
#[derive(Debug, Clone, Default)]
pub(crate) struct BodyFigures {
    /// Bytes of memory reserved for bodies that are being received or processed.
    pub(crate) reserved: Gauge,
    /// Bodies that have begun to arrive and wait for memory.
    pub(crate) waiting: Gauge,
    refused: Family<Reason, Counter>,
}

impl BodyFigures {
    /// Counts a body that was refused: `noMemory` or `tooSlow`.
    pub(crate) fn refuse(&self, reason: &'static str) {
        self.refused.get_or_create(&Reason { reason }).inc();
    }
}

/// Metrics of connections.
#[derive(Debug, Clone, Default)]
pub struct ConnectionFigures {
    /// Connections open now.
    pub(crate) open: Gauge,
    refused: Family<Reason, Counter>,
    closed: Family<Reason, Counter>,
}

impl ConnectionFigures {
    /// Counts a connection that was closed as soon as it was accepted: `perAddress` or `full`.
    pub(crate) fn refuse(&self, reason: &'static str) {
        self.refused.get_or_create(&Reason { reason }).inc();
    }

    /// Counts a connection that was closed by the gateway: `replaced`, `firstRequest` or `writeTimeout`.
    pub(crate) fn close(&self, reason: &'static str) {
        self.closed.get_or_create(&Reason { reason }).inc();
    }
}

/// All metrics. Labels are operations, statuses and outcomes: never a person, a crèche or a key.
pub struct Metrics {
    registry: Registry,
    requests: Family<AnswerLabels, Counter>,
    durations: Family<Timed, Histogram>,
    underway: Gauge,
    deposits: Family<VerdictLabels, Counter>,
    over_allowance: Family<Allowed, Counter>,
    lines_left_out: Family<LeftOut, Counter>,
    polls: Gauge,
    bodies: BodyFigures,
    connections: ConnectionFigures,
    webhook_entries_set_aside: Counter,
    integrity_alerts: Counter,
    /// Returns the number of integrity alerts.
    alerts: OnceLock<Box<dyn Fn() -> u64 + Send + Sync>>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("passerelle");
        let requests = Family::default();
        let durations = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let underway = Gauge::default();
        let deposits = Family::default();
        let webhook_entries_set_aside = Counter::default();
        registry.register("requests", "Requests answered, by operation and class of status", requests.clone());
        registry.register("request_duration_seconds", "Time until the answer, by operation", durations.clone());
        registry.register("requests_underway", "Requests being answered", underway.clone());
        registry.register("deposits", "Deposits judged, by kind and outcome", deposits.clone());
        let over_allowance = Family::default();
        let lines_left_out = Family::default();
        let polls = Gauge::default();
        registry.register("requests_over_allowance", "Requests answered 429, by allowance", over_allowance.clone());
        registry.register(
            "log_lines_left_out",
            "Lines of refused requests left out of the log",
            lines_left_out.clone(),
        );
        registry.register("event_polls_waiting", "Requests that wait for events", polls.clone());
        let bodies = BodyFigures::default();
        registry.register("body_reserved_bytes", "Memory given to request bodies", bodies.reserved.clone());
        registry.register("bodies_waiting", "Request bodies that wait for memory", bodies.waiting.clone());
        registry.register("bodies_refused", "Request bodies given up, by reason", bodies.refused.clone());
        let connections = ConnectionFigures::default();
        registry.register("connections_open", "Connections open", connections.open.clone());
        registry.register("connections_refused", "Connections not served, by reason", connections.refused.clone());
        registry.register("connections_closed", "Connections closed early, by reason", connections.closed.clone());
        let help = "Outcomes of webhook deliveries that could not be stored or read";
        registry.register("webhook_entries_set_aside", help, webhook_entries_set_aside.clone());
        let integrity_alerts = Counter::default();
        let help = "Rows found that do not match their authentication code: somebody else wrote to the database";
        registry.register("integrity_alerts", help, integrity_alerts.clone());
        Self {
            registry,
            requests,
            durations,
            underway,
            deposits,
            over_allowance,
            lines_left_out,
            polls,
            bodies,
            connections,
            webhook_entries_set_aside,
            integrity_alerts,
            alerts: OnceLock::new(),
        }
    }
}

impl Metrics {
    /// Counts a validated deposit: `kind` is the statement's (`attendance`) or `staff`.
    pub fn deposit(&self, kind: &'static str, outcome: DepositOutcome) {
        self.deposits.get_or_create(&VerdictLabels { kind, outcome: outcome.code() }).inc();
    }

    /// Counts a validated deposit, and returns its result unchanged.
    pub(crate) fn record_deposit<A: AcceptedDeposit>(
        &self,
        kind: StatementKind,
        verdict: Result<A, DepositError>,
    ) -> Result<A, DepositError> {
        let outcome = match &verdict {
            Ok(accepted) => Some(match accepted.written() {
                WriteOutcome::Created | WriteOutcome::Replaced => DepositOutcome::Accepted,
                WriteOutcome::Unchanged => DepositOutcome::Unchanged,
                WriteOutcome::Nothing => DepositOutcome::DryRun,
            }),
            Err(DepositError::Invalid { .. }) => Some(DepositOutcome::Refused),
            Err(_) => None,
        };
        if let Some(outcome) = outcome {
            self.deposit(kind.name(), outcome);
        }
        verdict
    }

    /// Counts a validated write of the staff register, and returns its result unchanged.
    pub(crate) fn record_staff_write<T: staff::StaffVerdict>(
        &self,
        verdict: Result<T, staff::StaffError>,
    ) -> Result<T, staff::StaffError> {
        match &verdict {
            Ok(done) => self.deposit(DepositSubject::StaffRegister.kind_name(), done.outcome()),
            Err(staff::StaffError::Invalid { .. }) => {
                self.deposit(DepositSubject::StaffRegister.kind_name(), DepositOutcome::Refused);
            }
            Err(_) => {}
        }
        verdict
    }

    /// The counter of outcomes of webhook deliveries that could not be stored or read.
    pub fn webhook_entries_set_aside(&self) -> Counter {
        self.webhook_entries_set_aside.clone()
    }

    /// Sets the function that returns the number of integrity alerts; called when metrics are rendered.
    pub fn count_integrity_alerts(&self, alerts: impl Fn() -> u64 + Send + Sync + 'static) {
        let _ = self.alerts.set(Box::new(alerts));
    }

    /// Counts an answered request.
    pub(crate) fn request(&self, operation: Option<&'static str>, status: StatusCode, duration_ms: f64) {
        let operation = operation.unwrap_or("none");
        let class = match status.as_u16() {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&AnswerLabels { operation, status: class }).inc();
        self.durations.get_or_create(&Timed { operation }).observe(duration_ms / 1000.0);
    }

    /// Counts a request that was refused because its allowance was used up.
    pub(crate) fn over_allowance(&self, policy: &'static str) {
        self.over_allowance.get_or_create(&Allowed { policy }).inc();
    }

    /// Counts a request whose line was left out of the log.
    pub(crate) fn line_left_out(&self, status: StatusCode) {
        self.lines_left_out.get_or_create(&LeftOut { status: status.as_u16() }).inc();
    }

    /// The metrics of request bodies.
    pub(crate) fn bodies(&self) -> BodyFigures {
        self.bodies.clone()
    }

    /// The metrics of connections.
    pub fn connections(&self) -> ConnectionFigures {
        self.connections.clone()
    }

    /// Counts a request as in progress until the value is dropped.
    pub(crate) fn request_started(&self) -> RequestInProgress {
        RequestInProgress::begin(&self.underway)
    }

    /// Counts a request as waiting for events until the value is dropped.
    pub(crate) fn poll_started(&self) -> RequestInProgress {
        RequestInProgress::begin(&self.polls)
    }

    /// All metrics as text.
    ///
    /// # Errors
    /// Never in practice: writing to a string.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        if let Some(alerts) = self.alerts.get() {
            self.integrity_alerts.inner().store(alerts(), Ordering::Relaxed);
        }
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A request in progress, or waiting.
#[derive(Debug)]
pub(crate) struct RequestInProgress(Gauge<i64, AtomicI64>);

impl RequestInProgress {
    fn begin(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for RequestInProgress {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// `GET /metrics`, for the operator's own listener.
pub fn router(metrics: Arc<Metrics>) -> Router {
    Router::new().route("/metrics", get(async move || render(&metrics)))
}

fn render(metrics: &Metrics) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    match metrics.text() {
        Ok(text) => (kind, text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
