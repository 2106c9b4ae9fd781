//! What the gateway publishes about itself: the contract and the schemas that payloads are held to.

pub use crate::ingest::schema::{OPENAPI, SUFFIX, Schemas};

/// The contract and its schemas in one document; made by the test that compares it with them.
pub const BUNDLED: &str = include_str!("../../schemas/openapi.bundled.yaml");

/// The part of it that a vendor's software can call: without what takes a person's session only.
pub const VENDOR: &str = include_str!("../../schemas/openapi.vendor.yaml");
