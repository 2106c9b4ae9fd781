//! The published schemas and the validator: which documents are valid, which findings there are, and their texts.

mod agreement;
mod bundle;
mod bundler;
mod contract;
mod corpus;
mod examples;
mod promises;
mod text;
mod two_readers;
mod words;

use passerelle::domain::finding::Findings;
use passerelle::domain::kinds::attendance::raw::RawStatement;
use passerelle::ingest::attendance::SCHEMA as ATTENDANCE_STATEMENT;
use passerelle::ingest::json;
use passerelle::ingest::schema::Schemas;

/// An attendance statement read through the channel of JSON.
fn read(text: impl AsRef<[u8]>) -> (Option<RawStatement>, Findings) {
    json::read(text.as_ref(), ATTENDANCE_STATEMENT, Schemas::shared())
}

/// The code and first place of every finding.
fn codes_and_places(findings: &Findings) -> Vec<(&'static str, String)> {
    findings.iter().map(|finding| (finding.rule.code, finding.place().pointer.clone())).collect()
}
