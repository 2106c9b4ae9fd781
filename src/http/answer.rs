//! Successful responses of handlers.

use std::fmt::Write as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::extract::{Media, quoted};
use super::problem::Problem;
use super::urls::Urls;
use crate::app::claims::Receipt;
use crate::app::doctors::Agreement;
use crate::app::files::StoredFile;
use crate::app::subsidies::PaymentView;
use crate::domain::file::FileType;
use crate::domain::subsidy::NewPayment;
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
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
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
    let (period, number) = (receipt.document.period(), receipt.document.signature);
    ResponseBuilder::file(media, &format!("receipt-{period}-{number}.{extension}"), bytes)
}

/// A payment of a subsidy as a download.
pub(crate) fn payment_file(payment: &PaymentView, pdf: Vec<u8>) -> ResponseBuilder {
    let NewPayment { quarter, paid_on, .. } = &payment.record.payment;
    ResponseBuilder::file(Media::Pdf, &format!("payment-{quarter}-{paid_on}.pdf"), pdf)
}

/// The address at which the code of a receipt is checked.
pub(crate) fn receipt_check(urls: &Urls, receipt: &Receipt) -> String {
    urls.api(format_args!("/receipts/{}", receipt.document.code))
}

/// A stored file as a download under its name, never displayed inline (RFC 6266).
pub(crate) fn stored_file(StoredFile { name, kind, bytes }: StoredFile) -> ResponseBuilder {
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.media_type()));
    ResponseBuilder(response)
        .header(header::CONTENT_DISPOSITION, &attachment_named(name.as_str()))
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
}

/// The disposition of a download under a name: in ASCII for old clients, and in UTF-8 (RFC 8187).
fn attachment_named(name: &str) -> String {
    let plain = |sign: char| if sign.is_ascii_graphic() && !"\"\\%".contains(sign) || sign == ' ' { sign } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            exact.push(byte.into());
        } else {
            write!(exact, "%{byte:02X}").expect("writing to a string");
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{exact}")
}

/// An agreement as a download, never displayed inline.
pub(crate) fn agreement_file(Agreement { kind, bytes }: Agreement) -> ResponseBuilder {
    let media = match kind {
        FileType::Jpeg => Media::Jpeg,
        FileType::Png => Media::Png,
        _ => Media::Pdf,
    };
    ResponseBuilder::file(media, &format!("convention.{}", kind.extensions()[0]), bytes)
}

#[cfg(test)]
mod tests {
    use super::attachment_named;

    #[test]
    fn a_download_has_its_name_in_ascii_and_in_utf_8() {
        assert_eq!(
            attachment_named("Bail \"été\" 100%.pdf"),
            "attachment; filename=\"Bail __t__ 100_.pdf\"; filename*=UTF-8''Bail%20%22%C3%A9t%C3%A9%22%20100%25.pdf"
        );
    }
}
