//! The media types that the gateway reads and writes.

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
}
