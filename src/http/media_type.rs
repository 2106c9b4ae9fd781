//! The media types that the gateway reads and writes.

/// A media type that the gateway reads or writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// JSON.
    Json,
    /// A partial update of a resource, in JSON (RFC 7396).
    MergePatch,
    /// An Office Open XML workbook.
    Xlsx,
    /// A workbook in the binary format of Excel 97: read, never written.
    Xls,
    /// A table as text: written in UTF-8, read in the encodings of spreadsheet programs.
    Csv,
    /// YAML, for the contract.
    Yaml,
    /// A JSON Schema.
    Schema,
    /// An HTML page.
    Html,
    /// A PDF document.
    Pdf,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A Word document.
    Docx,
    /// A text document in OpenDocument.
    Odt,
    /// A spreadsheet in OpenDocument.
    Ods,
    /// Bytes of which nothing is said.
    Bytes,
}

impl Media {
    /// The `Content-Type` of what is written in it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            other => other.mime(),
        }
    }

    /// Its media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::MergePatch => "application/merge-patch+json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Xls => "application/vnd.ms-excel",
            Self::Csv => "text/csv",
            Self::Yaml => "application/yaml",
            Self::Schema => "application/schema+json",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Bytes => "application/octet-stream",
        }
    }
}
