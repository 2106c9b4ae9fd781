//! Checks of headers that must not be repeated, and of the host (RFC 9112 §3.2). Two programs that take different ones of
//! two values would interpret the same request differently.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, Version, header};

use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::rule::Rule;
use crate::domain::rules::request as rules;

/// The headers that decide who calls, where, and what the body is, as they are spelt in findings.
const SINGLE: [(HeaderName, &str); 3] =
    [(header::HOST, "Host"), (header::AUTHORIZATION, "Authorization"), (header::CONTENT_TYPE, "Content-Type")];

/// The faults in these headers of `request`.
pub(super) fn faults<B>(request: &Request<B>) -> Findings {
    let headers = request.headers();
    let repeated = SINGLE.iter().filter(|(name, _)| headers.get_all(name).iter().nth(1).is_some());
    let repeated = repeated.map(|(_, name)| fault(&rules::REPEATED_HEADER, name));
    repeated.chain(host(headers, request.version()).map(|rule| fault(rule, "Host"))).collect()
}

/// The fault in the host, if it is given at most once.
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

fn fault(rule: &'static Rule, header_name: &'static str) -> Finding {
    Finding::new(rule, FindingPlace::at(header_name))
        .in_part(RequestPart::Header)
        .with("header", Param::Code(header_name.to_owned()))
}
