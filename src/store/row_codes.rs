//! Authentication codes without access to rows: which tables have them, what a code covers, the key, and the notation of
//! changes in the audit trail. `integrity` reads and writes the rows.

mod changes;
mod message;
mod tables;

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use ring::hmac;

pub use self::changes::{RowChange, RowState};
pub(super) use self::changes::{short_code, written};
pub(super) use self::message::CodeMessage;
pub(super) use self::tables::{
    AGENCY, AGENCY_KEY, AGENT, API_KEY, APP_USER, APPLICATION, CLAIM, CLAIM_ACT, COMMUNICATION, CRECHE, Column,
    ColumnKind, DOCTOR, MONTH_CLAIM, MONTH_CLAIM_ACT, ORGANISER, OwnerColumn, PartTable, RECEIPT_KEY,
    REPORT_ATTACHMENT, SESSION, STAFF_MEMBER, STAFF_VALIDATION, STATEMENT, STORED_FILE, SUBSIDY_PAYMENT,
    WEBHOOK_ENDPOINT,
};
pub use self::tables::{CHANGES_RECORDED, INPUT_REVISION, Owner, ProtectedTable, REVISION};

/// The key of the codes, and how many rows did not match theirs.
#[derive(Default)]
pub(super) struct RowKey {
    key: OnceLock<hmac::Key>,
    alerts: AtomicU64,
}

impl fmt::Debug for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowKey(…)")
    }
}

impl RowKey {
    /// Installs the key that codes are computed and checked with. A key that is installed already stays.
    pub(super) fn install(&self, key: &[u8; 32]) {
        self.key.get_or_init(|| hmac::Key::new(hmac::HMAC_SHA256, key));
    }

    /// Whether a key is installed.
    pub(super) fn is_installed(&self) -> bool {
        self.key.get().is_some()
    }

    /// The code of a message; `None` while no key is installed.
    pub(super) fn mac(&self, message: &CodeMessage) -> Option<Vec<u8>> {
        self.key.get().map(|key| hmac::sign(key, message.bytes()).as_ref().to_vec())
    }

    /// Whether a row's code is that of its message, compared in constant time; true while no key is installed.
    pub(super) fn matches(&self, message: &CodeMessage, mac: Option<&[u8]>) -> bool {
        let Some(key) = self.key.get() else { return true };
        mac.is_some_and(|mac| hmac::verify(key, message.bytes(), mac).is_ok())
    }

    /// Counts and logs a row that does not match its code, by its table and id, which are not personal data.
    pub(super) fn alert(&self, table: &'static str, id: &str) {
        self.alerts.fetch_add(1, Ordering::Relaxed);
        tracing::error!(
            table,
            id,
            "integrity alert: a row was written by somebody else than the gateway; it is refused"
        );
    }

    /// How many rows did not match their code.
    pub(super) fn alerts(&self) -> u64 {
        self.alerts.load(Ordering::Relaxed)
    }
}
