//! The vendor's side of the tour: a plain HTTP client with an API key.

use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use crate::outbound::client;

/// The media type of an `.xlsx` workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The media type of an `.xls` workbook.
pub(super) const XLS: &str = "application/vnd.ms-excel";

/// A request and its response.
pub(super) struct Exchange {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) request_body: Option<String>,
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    pub(super) body: Value,
}

impl Exchange {
    /// A text of the answer, empty when it is not there.
    pub(super) fn text(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// A number of the answer, 0 when it is not there.
    pub(super) fn number(&self, pointer: &str) -> i64 {
        self.body.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
    }

    /// A list of the answer, empty when it is not there.
    pub(super) fn list(&self, pointer: &str) -> &[Value] {
        self.body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// A body and its media type.
pub(super) struct RequestBody<'a> {
    pub(super) media: &'a str,
    pub(super) bytes: Vec<u8>,
}

/// Sends requests with one key.
pub(super) struct TourClient {
    http: reqwest::Client,
    api: String,
    key: String,
}

impl TourClient {
    pub(super) fn new(api: &str, key: &str) -> reqwest::Result<Self> {
        let http = client::loopback().timeout(Duration::from_secs(30)).build()?;
        Ok(Self { http, api: api.to_owned(), key: key.to_owned() })
    }

    pub(super) async fn get(&self, path: &str) -> reqwest::Result<Exchange> {
        let request = self.http.get(format!("{}{path}", self.api));
        self.send(request, Method::GET, path, None).await
    }

    /// Sends a PUT with a document, with `If-Match` when there is an `etag`.
    pub(super) async fn put(
        &self,
        path: &str,
        document: RequestBody<'_>,
        etag: Option<&str>,
    ) -> reqwest::Result<Exchange> {
        let mut request_body = format!("{} ({} bytes)", document.media, document.bytes.len());
        let mut request = self.http.put(format!("{}{path}", self.api)).header("Content-Type", document.media);
        if let Some(etag) = etag {
            request = request.header("If-Match", etag);
            request_body = format!("{request_body}, If-Match: {etag}");
        }
        self.send(request.body(document.bytes), Method::PUT, path, Some(request_body)).await
    }

    async fn send(
        &self,
        request: RequestBuilder,
        method: Method,
        path: &str,
        request_body: Option<String>,
    ) -> reqwest::Result<Exchange> {
        let answer = request.bearer_auth(&self.key).header("Accept", "application/json").send().await?;
        let status = answer.status().as_u16();
        let etag = answer.headers().get("ETag").and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        Ok(Exchange { method, path: path.to_owned(), request_body, status, etag, body: answer.json().await? })
    }
}
