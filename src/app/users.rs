//! Users: the people who may log in for an organiser.

mod add;
mod author;
mod change;
mod read;
mod refusal;

use jiff::Timestamp;
use serde::Serialize;

pub use self::add::add;
pub use self::author::UserAdministrator;
pub use self::change::{UserChangeOutcome, change, delete};
pub(super) use self::read::display_names;
pub use self::read::{UserDetails, UserPage, UserSearch, find, list};
pub use self::refusal::UserError;
use super::error::InternalError;
use crate::domain::finding::Findings;
pub use crate::domain::person::PersonDetails;
use crate::domain::raw::Raw;
use crate::domain::ssin::Ssin;
use crate::domain::user::policy::UserStanding;
use crate::domain::user::{Mandate, Profile, Rights};
use crate::ids::{OrganiserId, UserId};
use crate::ingest::json;
use crate::ingest::schema::Schemas;
use crate::seal::{Compressed, DataKey, IndexKey, SealContext};
use crate::store::users::UserRecord;
use crate::store::{self, Tx};

/// A user as returned to the organiser.
#[derive(Debug, Clone)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The person's details.
    pub details: PersonDetails,
    /// The user's profile and rights.
    pub mandate: Mandate,
    /// When the person's consent was certified, and by which user.
    pub consent: (Timestamp, String),
    /// When the user was added.
    pub created_at: Timestamp,
    /// Since when the person may no longer log in.
    pub deactivated_at: Option<Timestamp>,
    /// When the person last logged in.
    pub last_login_at: Option<Timestamp>,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

impl User {
    /// Given name and family name.
    pub fn display_name(&self) -> String {
        self.details.name()
    }

    fn of(key: &DataKey, stored: UserRecord, rights: Rights) -> Result<Self, InternalError> {
        Ok(Self {
            id: stored.id,
            details: unseal_details(key, &stored)?,
            mandate: Mandate { profile: stored.profile, rights },
            consent: (stored.consented_at, stored.consented_by),
            created_at: stored.created_at,
            deactivated_at: stored.deactivated_at,
            last_login_at: stored.last_login_at,
            version: stored.version,
        })
    }

    fn standing(&self) -> UserStanding {
        let Mandate { profile, rights } = self.mandate.clone();
        UserStanding { profile, rights, active: self.deactivated_at.is_none() }
    }
}

/// The input for a user.
pub enum UserDocument<'a, R> {
    /// A JSON text.
    Json(&'a [u8]),
    /// The fields of a form, or the arguments of a command.
    Fields(R),
}

impl<R: Raw + Serialize> UserDocument<'_, R> {
    /// What could be read, for the rules to validate, and the findings on its shape.
    fn read(self, schema: &str) -> (R, Findings)
    where
        R: Default,
    {
        let (raw, findings) = match self {
            Self::Json(bytes) => json::read(bytes, schema, Schemas::shared()),
            Self::Fields(raw) => {
                let findings = Schemas::shared().validate(schema, &json::value_of(&raw));
                (Some(raw), findings)
            }
        };
        (raw.unwrap_or_default(), findings)
    }
}

/// The keyed hash for finding a person, in every organiser.
pub fn hash_of(index: &IndexKey, ssin: &Ssin) -> String {
    index.hash("person", &[ssin.expose().as_bytes()])
}

/// Seals a user's details, for its own row.
pub(super) fn seal(
    key: &DataKey,
    organiser: OrganiserId,
    id: UserId,
    details: &PersonDetails,
) -> Result<Vec<u8>, InternalError> {
    Ok(key.seal(&place(organiser, id), Compressed::new(&serde_json::to_vec(details)?)))
}

/// Opens what [`seal`] sealed.
pub(super) fn unseal_details(key: &DataKey, stored: &UserRecord) -> Result<PersonDetails, InternalError> {
    Ok(serde_json::from_slice(&key.open(&place(stored.organiser, stored.id), &stored.sealed)?)?)
}

/// A user's name; `None` when the user was deleted.
pub(super) async fn name(
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    id: UserId,
) -> Result<Option<String>, InternalError> {
    let found = store::users::find(tx, organiser, id).await?;
    let details = found.map(|stored| unseal_details(key, &stored)).transpose()?;
    Ok(details.map(|details| details.name()))
}

fn place(organiser: OrganiserId, id: UserId) -> SealContext {
    SealContext::of("person", &[&organiser.to_string(), &id.to_string()])
}

/// A user to be added.
pub struct NewUser<'a> {
    /// Its id.
    pub id: UserId,
    /// The person's details.
    pub details: &'a PersonDetails,
    /// The profile and rights.
    pub profile: Profile,
    /// Who certifies the person's consent.
    pub consented_by: String,
    /// When it was certified.
    pub at: Timestamp,
}

/// The row of a new user.
///
/// # Errors
/// When it cannot be sealed.
pub fn sealed_row(
    key: &DataKey,
    index: &IndexKey,
    organiser: OrganiserId,
    new: NewUser<'_>,
) -> Result<UserRecord, InternalError> {
    Ok(UserRecord {
        id: new.id,
        organiser,
        ssin_hash: hash_of(index, &new.details.ssin),
        sealed: seal(key, organiser, new.id, new.details)?,
        profile: new.profile,
        consented_at: new.at,
        consented_by: new.consented_by,
        created_at: new.at,
        deactivated_at: None,
        last_login_at: None,
        version: 1,
    })
}
