//! `If-Match` for writes, `If-None-Match` for reads.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};

use crate::app::Precondition;
use crate::domain::finding::{Finding, FindingPlace, Findings, Param, RequestPart};
use crate::domain::rule::Rule;
use crate::domain::rules::request;
use crate::http::problem::{Problem, Result};

/// An entity tag as in headers: the opaque text in quotes.
pub fn quoted(tag: &str) -> String {
    format!("\"{tag}\"")
}

/// The tags of a conditional header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Tags {
    #[default]
    Absent,
    Any,
    Listed(Vec<String>),
}

impl Tags {
    fn contains(&self, tag: Option<&str>) -> bool {
        match self {
            Self::Absent => false,
            Self::Any => tag.is_some(),
            Self::Listed(tags) => tag.is_some_and(|tag| tags.iter().any(|listed| listed == tag)),
        }
    }
}

/// The revisions that the caller is willing to replace. Strong tags only, or `*`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfMatch(Tags);

impl IfMatch {
    /// Whether the header is absent.
    pub fn is_absent(&self) -> bool {
        self.0 == Tags::Absent
    }

    /// The precondition, with the revision that `version` returns for the text inside each tag; tags without a revision
    /// match none.
    pub fn guard(&self, version: impl Fn(&str) -> Option<u64>) -> Precondition {
        match &self.0 {
            Tags::Absent => Precondition::None,
            Tags::Any => Precondition::Any,
            Tags::Listed(tags) => Precondition::Known(tags.iter().filter_map(|tag| version(tag)).collect()),
        }
    }

    /// Whether the current revision, given by the text inside its tag (`None` when nothing is stored), matches.
    pub fn allows(&self, current: Option<&str>) -> bool {
        self.is_absent() || self.0.contains(current)
    }
}

/// The revisions that the caller already has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfNoneMatch(Tags);

impl IfNoneMatch {
    /// Whether the header is `*`: there must be no revision yet.
    pub fn is_any(&self) -> bool {
        self.0 == Tags::Any
    }

    /// Whether the current revision, given by the text inside its tag, is listed.
    pub fn has(&self, current: &str) -> bool {
        self.0.contains(Some(current))
    }
}

/// The tags of a header; weak ones only where `weak` allows them.
fn tags(headers: &HeaderMap, name: &HeaderName, weak: bool) -> Result<Tags> {
    let mut listed = Vec::new();
    for value in headers.get_all(name) {
        let mut rest = value.to_str().map_err(|_| refuse(&request::MALFORMED_ENTITY_TAG, name))?.trim();
        if rest == "*" {
            return Ok(Tags::Any);
        }
        while !rest.is_empty() {
            if let Some(strong) = rest.strip_prefix("W/") {
                if !weak {
                    return Err(refuse(&request::WEAK_ENTITY_TAG, name));
                }
                rest = strong;
            }
            let tag = rest.strip_prefix('"').and_then(|tag| tag.split_once('"'));
            let (tag, more) = tag.ok_or_else(|| refuse(&request::MALFORMED_ENTITY_TAG, name))?;
            listed.push(tag.to_owned());
            rest = more.trim_start().trim_start_matches(',').trim_start();
        }
    }
    Ok(if listed.is_empty() { Tags::Absent } else { Tags::Listed(listed) })
}

fn refuse(rule: &'static Rule, name: &HeaderName) -> Problem {
    let header_name = if name == header::IF_MATCH { "If-Match" } else { "If-None-Match" };
    let finding = Finding::new(rule, FindingPlace::at(header_name))
        .in_part(RequestPart::Header)
        .with("header", Param::Code(header_name.to_owned()));
    Problem::bad_request(Findings::from_iter([finding]))
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        tags(&parts.headers, &header::IF_MATCH, false).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        tags(&parts.headers, &header::IF_NONE_MATCH, true).map(Self)
    }
}
