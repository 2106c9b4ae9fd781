//! Figures about the gateway itself, in Prometheus' text format, served on a listener of their own.

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

use crate::app::statements::{Accepted, Refusal, Written};
use crate::domain::statement::Kind;

/// Seconds at which the buckets of durations end.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    operation: &'static str,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    operation: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Judged {
    kind: &'static str,
    outcome: &'static str,
}

/// Every figure. Labels are operations, statuses and outcomes: never a person, a crèche or a key.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Timed, Histogram>,
    underway: Gauge,
    deposits: Family<Judged, Counter>,
    integrity_alerts: Counter,
    /// Where the number of integrity alerts is had from.
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
        registry.register("requests", "Requests answered, by operation and class of status", requests.clone());
        registry.register("request_duration_seconds", "Time until the answer, by operation", durations.clone());
        registry.register("requests_underway", "Requests being answered", underway.clone());
        registry.register("deposits", "Deposits judged, by kind of statement and outcome", deposits.clone());
        let integrity_alerts = Counter::default();
        let told = "Rows found that do not match their authentication code: somebody else wrote to the database";
        registry.register("integrity_alerts", told, integrity_alerts.clone());
        let alerts = OnceLock::new();
        Self { registry, requests, durations, underway, deposits, integrity_alerts, alerts }
    }
}

impl Metrics {
    /// Counts a judged deposit: `kind` is the statement's (`attendance`), `outcome` the verdict's (`accepted`,
    /// `refused`, `unchanged`, `dryRun`).
    pub fn deposit(&self, kind: &'static str, outcome: &'static str) {
        self.deposits.get_or_create(&Judged { kind, outcome }).inc();
    }

    /// Counts a deposit that was judged, and hands on what became of it.
    pub(super) fn counted<T>(&self, kind: Kind, verdict: Result<Accepted<T>, Refusal>) -> Result<Accepted<T>, Refusal> {
        let outcome = match &verdict {
            Ok(accepted) => Some(match accepted.written {
                Written::Created | Written::Replaced => "accepted",
                Written::Unchanged => "unchanged",
                Written::Nothing => "dryRun",
            }),
            Err(Refusal::Invalid { .. }) => Some("refused"),
            Err(_) => None,
        };
        if let Some(outcome) = outcome {
            self.deposit(kind.name(), outcome);
        }
        verdict
    }

    /// Has the number of integrity alerts from `alerts` whenever figures are asked for.
    pub fn count_integrity_alerts(&self, alerts: impl Fn() -> u64 + Send + Sync + 'static) {
        let _ = self.alerts.set(Box::new(alerts));
    }

    /// Counts an answered request.
    pub(super) fn request(&self, operation: Option<&'static str>, status: StatusCode, duration_ms: f64) {
        let operation = operation.unwrap_or("none");
        let class = match status.as_u16() {
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            _ => "5xx",
        };
        self.requests.get_or_create(&Answered { operation, status: class }).inc();
        self.durations.get_or_create(&Timed { operation }).observe(duration_ms / 1000.0);
    }

    /// Counts a request as being answered until the value is dropped.
    pub(super) fn underway(&self) -> Underway {
        self.underway.inc();
        Underway(self.underway.clone())
    }

    /// All figures as text.
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

/// A request being answered.
#[derive(Debug)]
pub(super) struct Underway(Gauge<i64, AtomicI64>);

impl Drop for Underway {
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
