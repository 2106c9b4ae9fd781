//! The frame of a request: headers that may stand in it once only, and the host that it names (RFC 9112 §3.2). Two
//! readers of the same request that choose different ones of two values would not see the same request.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Version, header};

use crate::domain::finding::{Finding, FindingPlace, Findings, Param, Part};
use crate::domain::rule::Rule;
use crate::domain::rules::request as rules;

/// The headers that decide who calls, where, and what the body is, as they are shown.
const SINGLE: [(HeaderName, &str); 3] =
    [(header::HOST, "Host"), (header::AUTHORIZATION, "Authorization"), (header::CONTENT_TYPE, "Content-Type")];

/// What is wrong with the frame of `request`.
pub(super) fn faults<B>(request: &Request<B>) -> Findings {
    let headers = request.headers();
    let repeated = SINGLE.iter().filter(|(name, _)| headers.get_all(name).iter().nth(1).is_some());
    let repeated = repeated.map(|(_, shown)| fault(&rules::REPEATED_HEADER, shown));
    repeated.chain(host(headers, request.version()).map(|rule| fault(rule, "Host"))).collect()
}

/// What is wrong with the host, if it is named once at most.
fn host(headers: &HeaderMap, version: Version) -> Option<&'static Rule> {
    match headers.get(header::HOST) {
        None => (version == Version::HTTP_11).then_some(&rules::MISSING_HEADER),
        Some(host) => (!is_host(host)).then_some(&rules::MALFORMED_HEADER),
    }
}

/// A name or an address, with or without a port.
fn is_host(value: &HeaderValue) -> bool {
    Authority::try_from(value.as_bytes()).is_ok_and(|host| !host.host().is_empty() && !host.as_str().contains('@'))
}

fn fault(rule: &'static Rule, shown: &'static str) -> Finding {
    Finding::new(rule, FindingPlace::at(shown)).part(Part::Header).with("header", Param::Code(shown.to_owned()))
}
