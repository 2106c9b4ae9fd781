//! `passerelle admin generate-master-key` and `rotate-master-key`.

use serde_json::json;

use super::report::Report;
use crate::vault::MasterKey;

/// A new master key, for the configuration.
pub(super) fn generate() -> Report {
    let key = MasterKey::generate();
    Report::new(&json!({ "masterKey": key.expose(), "id": key.id() }), key.expose())
}
