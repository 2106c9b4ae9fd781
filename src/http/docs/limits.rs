//! The page of limits, with the figures of this gateway.

use askama::Template;

use super::page::{Page, Section};
use crate::domain::caps::Caps;
use crate::http::extract::BodyLimits;
use crate::http::limits::{Limits, PollCaps, RateAllowance};

/// The limits of a gateway.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct GatewayLimits {
    key: RateAllowance,
    open: RateAllowance,
    failures: RateAllowance,
    polls: PollCaps,
    bodies: BodyLimits,
    /// How long a request may take, in seconds.
    request_seconds: u64,
    caps: Caps,
}

#[derive(Template)]
#[template(path = "limits.html", config = ".config/askama.toml")]
struct LimitsPage<'a> {
    limits: &'a GatewayLimits,
    body: String,
    anonymous_body: String,
    file: String,
    attachments: String,
}

impl GatewayLimits {
    pub(in crate::http) fn new(limits: &Limits, bodies: BodyLimits, request_seconds: u64, caps: Caps) -> Self {
        let (key, open, failures) = (limits.per_key(), limits.open(), limits.failures());
        Self { key, open, failures, polls: limits.polls().caps(), bodies, request_seconds, caps }
    }

    /// The page.
    pub(super) fn page(&self) -> Page {
        let page = LimitsPage {
            limits: self,
            body: size(self.bodies.accepted),
            anonymous_body: size(self.bodies.anonymous),
            file: size(self.caps.file_bytes as usize),
            attachments: size(self.caps.attachment_bytes_per_report as usize),
        };
        Page { html: page.render().expect("a text can be written"), ..outline() }
    }
}

/// The page without its content: the same for every gateway, and what a search finds.
pub(super) fn outline() -> Page {
    let section = |(anchor, title, text): (&str, &str, &str)| Section {
        level: if anchor.is_empty() { 1 } else { 2 },
        anchor: anchor.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
    };
    Page { slug: SLUG, title: "Limits".to_owned(), html: String::new(), sections: SECTIONS.map(section).into() }
}

/// The part of the page's address.
pub(super) const SLUG: &str = "limits";

/// The sections of the page: anchor, heading, and words by which they are found.
const SECTIONS: [(&str, &str, &str); 6] = [
    ("", "", "How much is too much: the limits of this gateway."),
    (
        "requests",
        "Requests",
        "rate limit, requests a minute, burst, RateLimit, RateLimit-Policy, Retry-After, 429, wait, polls",
    ),
    (
        "bodies",
        "Bodies and time",
        "bytes, megabytes, size, payloadTooLarge, 413, requestTimeout, 408, slow, serviceUnavailable, 503",
    ),
    (
        "documents",
        "Documents",
        "lines, 500, 501, days, closures, members, attachments, agreement, correction, names, months, years",
    ),
    (
        "kept",
        "What is kept of an organiser",
        "caps, organiser.capReached, revisions, doctors, staff members, webhook endpoints, retention",
    ),
    ("lists", "Lists and repeats", "pageSize, next, Idempotency-Key, 24 hours, 255 characters, webhooks, deliveries"),
];

/// A number of bytes, for people.
fn size(bytes: usize) -> String {
    match bytes {
        small if small < 1_000_000 => format!("{} kB", small / 1000),
        large => format!("{} MB", large / 1_000_000),
    }
}
