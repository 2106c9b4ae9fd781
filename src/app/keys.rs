//! Who calls.

use jiff::Timestamp;

use crate::domain::key::{KeyId, KeyKind, Scopes};
use crate::ids::{ApplicationId, CrecheId, OrganiserId};

/// The application behind a valid key.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose data it reaches.
    pub organiser: OrganiserId,
    /// The registered software.
    pub application: ApplicationId,
    /// The key's public id.
    pub key: KeyId,
    /// What the key may do with the truth.
    pub kind: KeyKind,
    /// Its rights.
    pub scopes: Scopes,
    /// The crèches it is limited to; none means all.
    pub creches: Option<Vec<CrecheId>>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
}

/// Why a key is not accepted.
#[derive(Debug)]
pub enum KeyRefusal {
    /// Not the form of a key, or its check digits are wrong.
    Malformed,
    /// No such key.
    Unknown,
    /// It stopped working then.
    Expired(Timestamp),
    /// It was taken back then.
    Revoked(Timestamp),
    /// A key of this kind does not work in this deployment.
    WrongKind(KeyKind),
    /// The store failed.
    Store(Box<dyn std::error::Error + Send + Sync>),
}
