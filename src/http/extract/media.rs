//! Media types: that of the body, and the one chosen for the response.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::domain::finding::Param;
use crate::http::media_type::Media;
use crate::http::problem::{Problem, ProblemType, Result};
use crate::words::{self, LocalText};

/// The body has a content encoding, such as gzip.
const ENCODED: LocalText = words::http::ENCODED;
/// The charset is not UTF-8.
const CHARSET: LocalText = words::http::CHARSET;
/// The longest part of a name from a header that is repeated in a response, in characters.
const NAME_LENGTH: usize = 30;

/// The media type of the body, one of `accepted`.
pub(crate) fn media_of_body(headers: &HeaderMap, accepted: &[Media]) -> Result<Media> {
    let refusal = || Problem::unsupported_media(accepted);
    if let Some(encoding) = encoding(headers) {
        let refusal = refusal().header(header::ACCEPT_ENCODING, "identity");
        return Err(refusal.detail(ENCODED).with("encoding", printable_name(&encoding)));
    }
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let charset = parts.filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    });
    let media = accepted.iter().copied().find(|media| name.eq_ignore_ascii_case(media.mime()));
    match (media, charset) {
        (Some(Media::Json | Media::MergePatch), Some(charset)) if !is_utf_8(charset) => {
            Err(refusal().detail(CHARSET).with("charset", printable_name(charset)))
        }
        (Some(media), _) => Ok(media),
        (None, _) => Err(refusal()),
    }
}

impl Problem {
    /// The body is in none of the media types `accepted`.
    pub(crate) fn unsupported_media(accepted: &[Media]) -> Self {
        let names = list(accepted);
        let problem = Self::new(ProblemType::UnsupportedMediaType).header(header::ACCEPT, &names);
        problem.with("accepted", Param::Code(names))
    }

    /// None of the media types `available` is one that the caller accepts.
    pub(crate) fn not_acceptable(available: &[Media]) -> Self {
        Self::new(ProblemType::NotAcceptable).with("available", Param::Code(list(available)))
    }
}

/// UTF-8 under its usual names; ASCII is a subset of it.
fn is_utf_8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
}

/// The content encoding of the body, where there is one.
fn encoding(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut names = values.flat_map(|value| {
        String::from_utf8_lossy(value.as_bytes()).split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>()
    });
    names.find(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"))
}

/// A name from a header, reduced to characters that such names may have.
fn printable_name(name: &str) -> Param {
    let sign = |sign: &char| sign.is_ascii_alphanumeric() || "-_.".contains(*sign);
    Param::Code(name.chars().filter(sign).take(NAME_LENGTH).collect())
}

/// The names of several media types, as headers list them.
fn list(media: &[Media]) -> String {
    media.iter().map(|media| media.mime()).collect::<Vec<_>>().join(", ")
}

/// The media type chosen for the response, among those that the operation produces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accept(pub Media);

impl Accept {
    /// The media type of `available` that the `Accept` headers prefer, the first on a tie (RFC 9110 §12.5.1).
    pub(crate) fn choose(headers: &HeaderMap, available: &[Media]) -> Result<Self> {
        let ranges = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let ranges: Vec<&str> = ranges.flat_map(|value| value.split(',')).map(str::trim).take(MOST_RANGES).collect();
        let mut best: Option<(u32, Media)> = None;
        for media in available.iter().copied() {
            let weight = if ranges.is_empty() { 1000 } else { weight(&ranges, media.mime()) };
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, media));
            }
        }
        if let Some((_, Media::Html)) = best
            && !is_browser(headers)
            && weight(&ranges, "*/*") > 0
        {
            best = available.first().map(|first| (1000, *first));
        }
        best.map(|(_, media)| Self(media)).ok_or_else(|| Problem::not_acceptable(available))
    }
}

/// Whether the request is a page navigation of a browser. Libraries that list `text/html` first and then accept anything
/// (Java's `HttpURLConnection` does) are programs: they get the first type.
fn is_browser(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let navigates = headers.get("sec-fetch-dest").is_some_and(|target| target == "document");
    navigates || accepted.flat_map(|value| value.split(',')).any(|range| range.contains("application/xhtml+xml"))
}

/// How many ranges are read.
const MOST_RANGES: usize = 100;

/// The weight, in thousandths, that the most specific of `ranges` gives to `mime`.
fn weight(ranges: &[&str], mime: &str) -> u32 {
    let family = mime.split('/').next().unwrap_or_default();
    let mut best = (0, 0);
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let specificity = match name.split_once('/') {
            Some(("*", "*")) => 1,
            Some((left, "*")) if left.eq_ignore_ascii_case(family) => 2,
            _ if name.eq_ignore_ascii_case(mime) => 3,
            _ => continue,
        };
        if specificity > best.0 {
            let quality = parts
                .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                .and_then(|q| q.parse::<f32>().ok());
            best = (specificity, thousandths(quality.unwrap_or(1.0)));
        }
    }
    best.1
}

/// A quality between 0 and 1, in thousandths.
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
