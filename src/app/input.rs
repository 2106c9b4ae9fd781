//! Input of a user, as a JSON document or as form fields: both are validated with the same published schema.

use serde::Serialize;

use crate::domain::finding::Findings;
use crate::domain::raw::Raw;
use crate::domain::statement::Channel;
use crate::ingest::json;
use crate::ingest::schema::Schemas;

/// A document to be validated.
#[derive(Debug)]
pub enum SubmittedDocument<'a, R> {
    /// A JSON text.
    Json(&'a [u8]),
    /// The fields of a form.
    Fields(R),
}

impl<R> SubmittedDocument<'_, R> {
    /// The channel.
    pub(super) const fn channel(&self) -> Channel {
        match self {
            Self::Json(_) => Channel::Json,
            Self::Fields(_) => Channel::Console,
        }
    }
}

impl<R: Raw + Serialize> SubmittedDocument<'_, R> {
    /// The raw value, and the findings of the schema named `schema`.
    pub(super) fn read(self, schema: &str) -> (Option<R>, Findings) {
        match self {
            Self::Json(bytes) => json::read(bytes, schema, Schemas::shared()),
            Self::Fields(raw) if raw.is_clean() => (Some(raw), Findings::default()),
            Self::Fields(raw) => {
                let findings = Schemas::shared().validate(schema, &json::value_of(&raw));
                (Some(raw), findings)
            }
        }
    }
}
