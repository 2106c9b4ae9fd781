//! Identifiers: one type per thing, so that a crèche's id is never taken for an application's.
//!
//! Every id is a UUID version 7 in its lower-case text form: unguessable, without meaning, and in the order of
//! creation, which keeps database indexes compact.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Clock;

/// The text is not a UUID in its canonical form (lower case, with hyphens).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected a lower-case UUID")]
pub struct ParseIdError;

/// Reads the canonical spelling only: two spellings of one id would break equality by bytes.
fn parse(text: &str) -> Result<Uuid, ParseIdError> {
    let id = Uuid::try_parse(text).map_err(|_| ParseIdError)?;
    let canonical = id.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text;
    if canonical { Ok(id) } else { Err(ParseIdError) }
}

/// A new UUID version 7 from the injected clock and 80 random bits.
fn generate(clock: &dyn Clock) -> Uuid {
    let millis = u64::try_from(clock.now().as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &crate::random::bytes()).into_uuid()
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, stamped with the clock's present.
            pub fn new(clock: &dyn Clock) -> Self { Self(generate(clock)) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.hyphenated().fmt(f) }
        }
        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> { parse(text).map(Self) }
        }
        impl TryFrom<String> for $name {
            type Error = ParseIdError;
            fn try_from(text: String) -> Result<Self, ParseIdError> { text.parse() }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self { id.to_string() }
        }
    )+};
}

id! {
    /// A doctor of an organiser.
    DoctorId
    /// A member of an organiser's staff.
    StaffMemberId
    /// An organiser (pouvoir organisateur).
    OrganiserId
    /// A crèche (milieu d'accueil).
    CrecheId
    /// A vendor's software as registered by one organiser (application externe).
    ApplicationId
    /// A person whom an organiser has let in.
    UserId
    /// A recorded verdict on a deposit.
    VerdictId
    /// An event in an organiser's feed.
    EventId
    /// An address that an organiser's events are sent to.
    WebhookEndpointId
    /// A payment of a subsidy to a crèche.
    SubsidyPaymentId
    /// A communication of the agency to organisers.
    CommunicationId
    /// What deliveries to an endpoint are signed with.
    WebhookSecretId
    /// A stored file.
    FileId
    /// A logged call of software: the `BelGov-Trace-Id` of its answer.
    RequestId
    /// A world of a sandbox.
    WorldId
}
