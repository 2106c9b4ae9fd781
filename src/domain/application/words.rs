//! The displayed names of scopes and of kinds of keys.

use crate::domain::key::{KeyKind, Scope};
use crate::words::{LocalText, keys};

/// The operations that a scope allows.
pub const fn scope_words(scope: Scope) -> LocalText {
    match scope {
        Scope::StatementsRead(kind) => kind.facts().read.words,
        Scope::StatementsWrite(kind) => kind.facts().write.words,
        Scope::StaffRead => keys::STAFF_READ,
        Scope::StaffWrite => keys::STAFF_WRITE,
        Scope::SummariesRead => keys::SUMMARIES_READ,
        Scope::EventsRead => keys::EVENTS_READ,
        Scope::WebhooksManage => keys::WEBHOOKS_MANAGE,
        Scope::StaffDocumentsRead => keys::STAFF_DOCUMENTS_READ,
        Scope::StaffDocumentsWrite => keys::STAFF_DOCUMENTS_WRITE,
        Scope::ReportsSign => keys::REPORTS_SIGN,
    }
}

/// What a key of a kind is for.
pub const fn key_kind_words(kind: KeyKind) -> LocalText {
    match kind {
        KeyKind::Live => keys::LIVE,
        KeyKind::Trial => keys::TRIAL,
        KeyKind::Test => keys::TEST,
    }
}
