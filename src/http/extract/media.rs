//! Media types: what a body is, and what the reader wants back.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::domain::finding::Param;
use crate::http::problem::{Kind, Problem, Result};

/// A form that the gateway reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// JSON.
    Json,
    /// What is to change of a resource, in JSON (RFC 7396).
    MergePatch,
    /// A workbook of today.
    Xlsx,
    /// A workbook of yesterday: read, never written.
    Xls,
    /// YAML, for the contract.
    Yaml,
    /// A JSON Schema.
    Schema,
    /// A page for people.
    Html,
    /// A PDF document.
    Pdf,
    /// A picture.
    Jpeg,
    /// A picture.
    Png,
}

impl Media {
    /// Its media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::MergePatch => "application/merge-patch+json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xls => "application/vnd.ms-excel",
            Self::Yaml => "application/yaml",
            Self::Schema => "application/schema+json",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Which of `accepted` the request's body says it is.
    pub(in crate::http) fn of_body(headers: &HeaderMap, accepted: &[Self]) -> Result<Self> {
        let refusal = || {
            let names = list(accepted);
            let problem = Problem::new(Kind::UnsupportedMediaType).header(header::ACCEPT, &names);
            problem.with("accepted", Param::Code(names))
        };
        if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
            return Err(refusal().header(header::ACCEPT_ENCODING, "identity"));
        }
        let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let charset = parts.find_map(|part| part.strip_prefix("charset=")).map(|charset| charset.trim_matches('"'));
        let media = accepted.iter().copied().find(|media| name.eq_ignore_ascii_case(media.mime()));
        match (media, charset) {
            (Some(Self::Json | Self::MergePatch), Some(charset)) if !charset.eq_ignore_ascii_case("utf-8") => {
                Err(refusal())
            }
            (Some(media), _) => Ok(media),
            (None, _) => Err(refusal()),
        }
    }
}

/// The names of several media types, as headers list them.
fn list(media: &[Media]) -> String {
    media.iter().map(|media| media.mime()).collect::<Vec<_>>().join(", ")
}

/// The form chosen for the answer, among those that the operation can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accept(pub Media);

impl Accept {
    /// The form of `available` that the `Accept` headers like best, the first on a tie (RFC 9110 §12.5.1).
    pub(in crate::http) fn choose(headers: &HeaderMap, available: &[Media]) -> Result<Self> {
        let ranges = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let ranges: Vec<&str> = ranges.flat_map(|value| value.split(',')).map(str::trim).take(MOST_RANGES).collect();
        let mut best: Option<(u32, Media)> = None;
        for media in available.iter().copied() {
            let weight = if ranges.is_empty() { 1000 } else { weight(&ranges, media.mime()) };
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, media));
            }
        }
        best.map(|(_, media)| Self(media))
            .ok_or_else(|| Problem::new(Kind::NotAcceptable).with("available", Param::Code(list(available))))
    }
}

/// How many ranges are looked at: no program needs as many.
const MOST_RANGES: usize = 100;

/// The weight, in thousandths, that the most specific of `ranges` gives to `mime`.
fn weight(ranges: &[&str], mime: &str) -> u32 {
    let family = mime.split('/').next().unwrap_or_default();
    let mut found = (0, 0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let specificity = match name.split_once('/') {
            Some(("*", "*")) => 1,
            Some((left, "*")) if left.eq_ignore_ascii_case(family) => 2,
            _ if name.eq_ignore_ascii_case(mime) => 3,
            _ => continue,
        };
        if specificity > found.0 {
            let quality = parts.find_map(|part| part.strip_prefix("q=")).and_then(|q| q.parse::<f32>().ok());
            found = (specificity, thousandths(quality.unwrap_or(1.0)));
        }
    }
    found.1
}

/// A quality between 0 and 1 in thousandths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped between 0 and 1000")]
fn thousandths(quality: f32) -> u32 {
    (quality.clamp(0.0, 1.0) * 1000.0) as u32
}

impl<S: Sync> FromRequestParts<S> for Accept {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().copied().ok_or_else(|| Problem::internal("an operation that produces nothing"))
    }
}
