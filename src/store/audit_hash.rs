//! What the hashes of the audit trail cover: an entry, its place and the hash before it; the end of a chain.

use crate::domain::audit::{AuditChain, AuditEntry};
use crate::seal::IndexKey;

/// The keyed hash of an entry, its place and the hash before it.
pub fn entry_hash(
    index: &IndexKey,
    chain: AuditChain,
    number: u64,
    entry: &AuditEntry,
    changes: Option<&str>,
    previous: &str,
) -> String {
    let optional = |text: Option<String>| text.map_or_else(|| "-".to_owned(), |text| format!("+{text}"));
    let fields = [
        chain.name(),
        number.to_string(),
        entry.at.as_millisecond().to_string(),
        entry.actor.kind.code().to_owned(),
        entry.actor.name.clone(),
        entry.action.clone(),
        optional(entry.creche.map(|creche| creche.to_string())),
        optional(entry.period.map(|period| period.to_string())),
        optional(entry.detail.clone()),
        previous.to_owned(),
    ];
    // Left out where there are none: entries from before there were changes keep their hash.
    let covered: Vec<_> = fields.iter().map(String::as_bytes).chain(changes.map(str::as_bytes)).collect();
    index.hash("audit entry", &covered)
}

/// What seals the end of a chain, so that the last entries cannot be cut off unseen.
pub fn head_seal(index: &IndexKey, chain: AuditChain, number: u64, hash: &str) -> String {
    index.hash("audit head", &[chain.name().as_bytes(), number.to_string().as_bytes(), hash.as_bytes()])
}
