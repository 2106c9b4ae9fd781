//! The parameters of the path.

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use super::segments;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::period::{Period, PeriodError};
use crate::domain::rules::request;
use crate::http::problem::{Problem, ProblemType, Result};

/// The parameters of the path, read into `T`. A malformed id is not found (404); a malformed month or number is a bad
/// request (400).
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let segments = match RawPathParams::from_request_parts(parts, state).await {
            Ok(segments) => segments,
            // Bytes that are not UTF-8.
            Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => {
                return Err(Problem::new(ProblemType::ResourceNotFound));
            }
            Err(rejection) => return Err(Problem::internal(rejection)),
        };
        segments::read(segments.iter()).map(Self).map_err(|fault| {
            let text = segments.iter().find(|(name, _)| fault.name.as_deref() == Some(name));
            refusal(fault.name.clone(), text.map_or("", |(_, text)| text), &fault.message)
        })
    }
}

fn refusal(name: Option<String>, text: &str, message: &str) -> Problem {
    let Some(name) = name else { return Problem::internal(format!("path parameters: {message}")) };
    let id = name.ends_with("Id");
    let rule = match text.parse::<Period>() {
        _ if id => &request::UNKNOWN_RESOURCE,
        Err(PeriodError::YearOutside) => &request::YEAR_OUTSIDE,
        _ => &request::MALFORMED_PATH,
    };
    let finding =
        Finding::new(rule, FindingPlace::at(&name)).in_part(RequestPart::Path).with("parameter", Param::Code(name));
    let findings = Findings::from_iter([finding]);
    if id { Problem::new(ProblemType::ResourceNotFound).findings(findings) } else { Problem::bad_request(findings) }
}
