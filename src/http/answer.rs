//! Successful responses of handlers.

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::extract::{Media, quoted};
use super::problem::Problem;
use super::urls::Urls;
use crate::app::claims::Receipt;
use crate::app::doctors::{Agreement, FileType};
use crate::words::Language;

/// A successful response being built.
#[derive(Debug)]
pub struct ResponseBuilder(Response);

impl ResponseBuilder {
    /// 200 with a JSON document.
    pub fn json(body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => Self::bytes(Media::Json, bytes),
            Err(error) => Self(Problem::internal(error).into_response()),
        }
    }

    /// 200 with bytes of a media type.
    pub fn bytes(media: Media, bytes: impl Into<Bytes>) -> Self {
        let mut response = Response::new(Body::from(bytes.into()));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media.mime()));
        Self(response)
    }

    /// 200 with a file to be downloaded under this name.
    pub fn file(media: Media, name: &str, bytes: impl Into<Bytes>) -> Self {
        Self::bytes(media, bytes).header(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""))
    }

    /// 204, without a body.
    pub fn no_content() -> Self {
        Self(StatusCode::NO_CONTENT.into_response())
    }

    /// 304: the caller has the revision with this tag.
    pub fn not_modified(tag: &str) -> Self {
        Self(StatusCode::NOT_MODIFIED.into_response()).etag(tag)
    }

    /// Sets another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        *self.0.status_mut() = status;
        self
    }

    /// Sets the revision's entity tag, given without its quotes.
    pub fn etag(self, tag: &str) -> Self {
        self.header(header::ETAG, &quoted(tag))
    }

    /// Sets the language of the text, with `Vary` for caches.
    pub fn language(self, language: Language) -> Self {
        self.header(header::CONTENT_LANGUAGE, language.code())
    }

    /// Sets a header; a value that is not a valid one is left out.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.0.headers_mut().insert(name, value);
        }
        self
    }
}

impl IntoResponse for ResponseBuilder {
    fn into_response(self) -> Response {
        self.0
    }
}

/// The sender's workbook with its findings marked.
pub(crate) fn marked_workbook(workbook: Vec<u8>) -> ResponseBuilder {
    ResponseBuilder::file(Media::Xlsx, "a-corriger.xlsx", workbook)
}

/// A receipt as a download.
pub(crate) fn receipt_file(receipt: &Receipt, media: Media, bytes: Vec<u8>) -> ResponseBuilder {
    let extension = if media == Media::Pdf { "pdf" } else { "json" };
    let (quarter, number) = (receipt.document.quarter, receipt.document.signature);
    ResponseBuilder::file(media, &format!("receipt-{quarter}-{number}.{extension}"), bytes)
}

/// The address at which the code of a receipt is checked.
pub(crate) fn receipt_check(urls: &Urls, receipt: &Receipt) -> String {
    urls.api(format_args!("/receipts/{}", receipt.document.code))
}

/// An agreement as a download, never displayed inline.
pub(crate) fn agreement_file(Agreement { kind, bytes }: Agreement) -> ResponseBuilder {
    let (media, name) = match kind {
        FileType::Pdf => (Media::Pdf, "convention.pdf"),
        FileType::Jpeg => (Media::Jpeg, "convention.jpg"),
        FileType::Png => (Media::Png, "convention.png"),
    };
    ResponseBuilder::file(media, name, bytes)
}
