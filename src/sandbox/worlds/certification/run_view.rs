//! A run as it is published.

use serde_json::{Value, json};

use super::run::CertificationRun;
use crate::sandbox::worlds::shared::SharedParts;

/// The run with its cases and, where it goes on, what the software is to do next.
pub(super) fn run_view(run: &CertificationRun, next: Option<Value>, shared: &SharedParts) -> Value {
    let cases = run.cases();
    let case = |(at, case): (usize, &super::catalogue::Case)| {
        let result = run.results.get(at);
        let state = match result {
            Some(result) if result.failure.is_none() => "passed",
            Some(_) => "failed",
            None if at == run.results.len() => "running",
            None => "waiting",
        };
        let mut body = json!({ "id": case.id(), "text": case.name.label(), "state": state });
        if let Some(failure) = result.and_then(|result| result.failure.as_ref()) {
            body["failure"] = failure.body();
        }
        body
    };
    let state = match (run.present(), run.is_passed()) {
        (Some(_), _) => "running",
        (None, true) => "passed",
        (None, false) => "failed",
    };
    let mut view = json!({
        "profile": run.profile.code(),
        "product": run.product,
        "startedAt": run.started_at,
        "state": state,
        "cases": cases.iter().enumerate().map(case).collect::<Vec<_>>(),
    });
    if let Some(next) = next {
        view["next"] = next;
    }
    if let Some(id) = &run.certificate {
        view["certificate"] = json!(format!("{}/sandbox/certificates/{id}", shared.base_url()));
    }
    view
}
