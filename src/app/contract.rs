//! What the gateway publishes about itself: the contract and the schemas that payloads are held to.

pub use crate::ingest::schema::{OPENAPI, SUFFIX, Schemas};
