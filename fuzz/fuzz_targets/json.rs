//! Any bytes as a statement: without findings there is a document, and then the published schema accepts it too; what
//! the schema accepts has no findings.

#![no_main]

use libfuzzer_sys::fuzz_target;
use passerelle::domain::kinds::attendance::raw::RawStatement;
use passerelle::ingest::json;
use passerelle::ingest::attendance::SCHEMA as ATTENDANCE_STATEMENT;
use passerelle::ingest::schema::Schemas;

fuzz_target!(|bytes: &[u8]| {
    let (document, findings) = json::read::<RawStatement>(bytes, ATTENDANCE_STATEMENT, Schemas::shared());
    if findings.is_empty() {
        assert!(document.is_some());
        let value = serde_json::from_slice(bytes).expect("a document without findings is JSON");
        assert!(Schemas::shared().accepts(ATTENDANCE_STATEMENT, &value), "accepted against the schema");
    }
});
