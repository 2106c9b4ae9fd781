//! The response to a head that is not HTTP, such as one with a control character in a header. The parser refuses it before
//! there is a request, with an empty 400; the sender gets a problem document instead.

use std::time::Duration;

use crate::http::sampled::SampledLog;
use crate::random;

/// Such heads can be sent at any rate: at most one line a second is logged, with the number left out.
static LOG: SampledLog = SampledLog::new(Duration::from_secs(1));

/// The beginning of the parser's own response, and the header that distinguishes it from the gateway's, which always have a
/// body.
const PARSER_RESPONSE: (&[u8], &[u8]) = (b"HTTP/1.1 400 Bad Request\r\n", b"\r\ncontent-length: 0\r\n");
/// Place, reason and repair. In English: the language of the request could not be read either.
const DETAIL: &str = "The head of the request cannot be read as HTTP: its first line or a header has a character that is not \
                      allowed, such as a line break or another control character at the end of a key. Look at what your \
                      program puts into its headers, and send the request again.";

/// The whole response in place of `written`, if that is the parser's.
pub(super) fn answer_in_place_of(written: &[u8]) -> Option<Vec<u8>> {
    let (begins, empty) = PARSER_RESPONSE;
    if !written.starts_with(begins) || !written.windows(empty.len()).any(|part| part == empty) {
        return None;
    }
    let instance = format!("urn:uuid:{}", uuid::Builder::from_random_bytes(random::bytes()).into_uuid());
    LOG.at_intervals(|suppressed| {
        let message = "a head that is not HTTP was refused";
        tracing::info!(target: "passerelle::request", status = 400, instance, suppressed, "{message}");
    });
    let body = serde_json::json!({
        "type": "urn:problem-type:belgif:badRequest",
        "href": "https://www.belgif.be/specification/rest/api-guide/problems/badRequest.html",
        "title": "Bad Request",
        "status": 400,
        "detail": DETAIL,
        "instance": instance,
    })
    .to_string();
    let head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-language: en\r\n\
                cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n";
    Some(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).into_bytes())
}
