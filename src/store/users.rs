//! Users: the people who may act for an organiser, and their rights. The table is called `app_user`: `user` is reserved in
//! SQL.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::integrity::{self, APP_USER, KeyValue as RowId};
use super::source::{RowSource, all, optional};
use crate::domain::key::Scopes;
use crate::domain::user::{Profile, Rights};
use crate::ids::{CrecheId, OrganiserId, UserId};

/// A user, as stored: personal data is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRecord {
    /// The id.
    pub id: UserId,
    /// The organiser that the user belongs to.
    pub organiser: OrganiserId,
    /// Keyed hash of the SSIN.
    pub ssin_hash: String,
    /// JSON of names, e-mail and SSIN, sealed.
    pub sealed: Vec<u8>,
    /// The profile.
    pub profile: Profile,
    /// When it was certified that the person consents.
    pub consented_at: Timestamp,
    /// Who certified it.
    pub consented_by: String,
    /// When the user was created.
    pub created_at: Timestamp,
    /// Since when the person may no longer log in.
    pub deactivated_at: Option<Timestamp>,
    /// When the person last logged in.
    pub last_login_at: Option<Timestamp>,
    /// Raised with each change; 1 at first.
    pub version: u64,
}

/// The columns of a user.
macro_rules! users {
    ($where:literal) => {
        concat!(
            "select id, organiser_id, ssin_hash, sealed, profile, consented_at, consented_by, created_at, \
             deactivated_at, last_login_at, version from app_user where ",
            $where
        )
    };
}

const FIND: &str = users!("organiser_id = $1 and id = $2");
const LIST: &str = users!("organiser_id = $1 order by id");
const OF_SSIN: &str = users!("ssin_hash = $1 order by organiser_id");
const INSERT: &str = "insert into app_user (id, organiser_id, ssin_hash, sealed, profile, consented_at, consented_by, \
                      created_at, deactivated_at, last_login_at, version) \
                      values ($1, $2, $3, $4, $5, $6, $7, $8, null, null, 1) on conflict do nothing";
const UPDATE: &str = "update app_user set sealed = $3, profile = $4, deactivated_at = $5, version = version + 1 \
                      where organiser_id = $1 and id = $2 and version = $6";
const LOGGED_IN: &str = "update app_user set last_login_at = $3 where organiser_id = $1 and id = $2";
const COMMUNICATIONS_SEEN: &str = "select communications_seen_at from app_user where organiser_id = $1 and id = $2";
const SEE_COMMUNICATIONS: &str = "update app_user set communications_seen_at = $3 where organiser_id = $1 and id = $2";
const DEACTIVATED_BEFORE: &str = "select id from app_user where organiser_id = $1 and deactivated_at < $2 \
                                  order by id limit $3";
const DELETE: &str = "delete from app_user where organiser_id = $1 and id = $2 returning mac";
const CLEAR: &str = "delete from app_user_right where organiser_id = $1 and user_id = $2";
const GRANT: &str = "insert into app_user_right (organiser_id, user_id, creche_id, scopes) \
                     select $1, $2, id, $4 from creche where organiser_id = $1 and id = $3";
const RIGHTS: &str = "select user_id, creche_id, scopes from app_user_right where organiser_id = $1 order by creche_id";
const RIGHTS_OF: &str = "select user_id, creche_id, scopes from app_user_right \
                         where organiser_id = $1 and user_id = $2 order by creche_id";

/// Stores a new user; `false` when the organiser has one with this SSIN.
pub async fn insert(tx: &mut Tx, organiser: OrganiserId, new: &UserRecord) -> Result<bool, Error> {
    let (id, organiser) = (new.id.to_string(), organiser.to_string());
    let (consented, created) = (new.consented_at.as_millisecond(), new.created_at.as_millisecond());
    let (sealed, profile) = (&new.sealed, new.profile.code());
    let inserted =
        execute!(tx, INSERT, &id, &organiser, &new.ssin_hash, sealed, profile, consented, &new.consented_by, created)?
            .at_most_one()?;
    if inserted {
        integrity::seal_new(tx, &APP_USER, &[RowId::Text(&id)]).await?;
    }
    Ok(inserted)
}

/// Writes the columns of a user that may change: sealed part, profile, deactivation; `false` when its version is another
/// one.
pub async fn update(tx: &mut Tx, organiser: OrganiserId, user: &UserRecord) -> Result<bool, Error> {
    let (id, organiser) = (user.id.to_string(), organiser.to_string());
    let deactivated = user.deactivated_at.map(Timestamp::as_millisecond);
    let version = i64::try_from(user.version).unwrap_or(i64::MAX);
    let row = [RowId::Text(&id)];
    let before = integrity::authenticated_row(tx, &APP_USER, &row).await?;
    let (sealed, profile) = (&user.sealed, user.profile.code());
    let updated = execute!(tx, UPDATE, &organiser, &id, sealed, profile, deactivated, version)?.at_most_one()?;
    integrity::seal(tx, &APP_USER, &row, before).await?;
    Ok(updated)
}

/// Records a log-in; `false` when the user does not exist.
pub async fn logged_in(tx: &mut Tx, organiser: OrganiserId, id: UserId, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, LOGGED_IN, organiser.to_string(), id.to_string(), at.as_millisecond())?.at_most_one()
}

/// When the latest communication of the agency was published that was on a page of the user; `None` before the first.
pub async fn communications_seen(tx: &mut Tx, organiser: OrganiserId, id: UserId) -> Result<Option<Timestamp>, Error> {
    let id = id.to_string();
    let seen = row!(tx, (Option<i64>,), COMMUNICATIONS_SEEN, organiser.to_string(), &id)?.and_then(|(at,)| at);
    RowSource { table: "app_user", id: &id }.maybe_instant("communications_seen_at", seen)
}

/// Stores that communications up to a publication were on a page of the user.
pub async fn see_communications(tx: &mut Tx, organiser: OrganiserId, id: UserId, at: Timestamp) -> Result<bool, Error> {
    execute!(tx, SEE_COMMUNICATIONS, organiser.to_string(), id.to_string(), at.as_millisecond())?.at_most_one()
}

/// Deletes a user with the rights; `false` when there was none.
pub async fn delete(tx: &mut Tx, organiser: OrganiserId, id: UserId) -> Result<bool, Error> {
    let (organiser, id) = (organiser.to_string(), id.to_string());
    execute!(tx, CLEAR, &organiser, &id)?.any();
    let deleted = row!(tx, (Option<Vec<u8>>,), DELETE, &organiser, &id)?;
    if let Some((mac,)) = &deleted {
        integrity::removed(tx, &APP_USER, &organiser, &id, mac.as_deref());
    }
    Ok(deleted.is_some())
}

/// Removes at most `most` users who were deactivated before this instant; returns how many.
pub async fn remove_deactivated_before(
    tx: &mut Tx,
    organiser: OrganiserId,
    at: Timestamp,
    most: i64,
) -> Result<u64, Error> {
    let removed = rows!(tx, (String,), DEACTIVATED_BEFORE, organiser.to_string(), at.as_millisecond(), most)?;
    for (id,) in &removed {
        delete(tx, organiser, RowSource { table: "app_user", id }.text("id", id)?).await?;
    }
    Ok(removed.len() as u64)
}

/// Fails when the user or the user's rights do not match their authentication code: then the user is refused.
pub async fn require_sound(tx: &mut Tx, id: UserId) -> Result<(), Error> {
    integrity::require(tx, &APP_USER, &[RowId::Text(&id.to_string())]).await
}

/// The organiser's user with this id.
pub async fn find(tx: &mut Tx, organiser: OrganiserId, id: UserId) -> Result<Option<UserRecord>, Error> {
    optional(row!(tx, UserRow, FIND, organiser.to_string(), id.to_string())?)
}

/// Every user of the organiser, the oldest first.
pub async fn list(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<UserRecord>, Error> {
    all(rows!(tx, UserRow, LIST, organiser.to_string())?)
}

/// The users with this SSIN, ordered by organiser: the one query without an organiser, for the log-in.
pub async fn of_person(tx: &mut Tx, ssin_hash: &str) -> Result<Vec<UserRecord>, Error> {
    all(rows!(tx, UserRow, OF_SSIN, ssin_hash)?)
}

/// The rights of a user.
pub async fn rights(tx: &mut Tx, organiser: OrganiserId, id: UserId) -> Result<Rights, Error> {
    let found: Vec<RightRecord> = all(rows!(tx, RightRow, RIGHTS_OF, organiser.to_string(), id.to_string())?)?;
    Ok(found.into_iter().map(|right| (right.creche, right.scopes)).collect())
}

/// The rights of each user of the organiser.
pub async fn all_rights(tx: &mut Tx, organiser: OrganiserId) -> Result<HashMap<UserId, Rights>, Error> {
    let found: Vec<RightRecord> = all(rows!(tx, RightRow, RIGHTS, organiser.to_string())?)?;
    let mut rights = HashMap::<_, BTreeMap<_, _>>::new();
    for right in found {
        rights.entry(right.user).or_default().insert(right.creche, right.scopes);
    }
    Ok(rights)
}

/// Replaces the rights of a user; `false`, and the caller must roll back, when one is for a crèche that the organiser does
/// not have.
pub async fn set_rights(tx: &mut Tx, organiser: OrganiserId, id: UserId, rights: &Rights) -> Result<bool, Error> {
    let (organiser, id) = (organiser.to_string(), id.to_string());
    let row = [RowId::Text(&id)];
    let before = integrity::authenticated_row(tx, &APP_USER, &row).await?;
    execute!(tx, CLEAR, &organiser, &id)?.any();
    for (creche, scopes) in rights.iter().filter(|(_, scopes)| **scopes != Scopes::default()) {
        if !execute!(tx, GRANT, &organiser, &id, creche.to_string(), scopes.to_string())?.at_most_one()? {
            return Ok(false);
        }
    }
    integrity::seal(tx, &APP_USER, &row, before).await?;
    Ok(true)
}

#[derive(sqlx::FromRow)]
struct UserRow {
    id: String,
    organiser_id: String,
    ssin_hash: String,
    sealed: Vec<u8>,
    profile: String,
    consented_at: i64,
    consented_by: String,
    created_at: i64,
    deactivated_at: Option<i64>,
    last_login_at: Option<i64>,
    version: i64,
}

impl TryFrom<UserRow> for UserRecord {
    type Error = Error;

    fn try_from(row: UserRow) -> Result<Self, Error> {
        let from = RowSource { table: "app_user", id: &row.id };
        Ok(Self {
            id: from.text("id", &row.id)?,
            organiser: from.text("organiser_id", &row.organiser_id)?,
            profile: from.text("profile", &row.profile)?,
            consented_at: from.instant("consented_at", row.consented_at)?,
            created_at: from.instant("created_at", row.created_at)?,
            deactivated_at: from.maybe_instant("deactivated_at", row.deactivated_at)?,
            last_login_at: from.maybe_instant("last_login_at", row.last_login_at)?,
            version: from.number("version", row.version)?,
            ssin_hash: row.ssin_hash,
            sealed: row.sealed,
            consented_by: row.consented_by,
        })
    }
}

#[derive(sqlx::FromRow)]
struct RightRow {
    user_id: String,
    creche_id: String,
    scopes: String,
}

/// A right of a user for one crèche.
struct RightRecord {
    user: UserId,
    creche: CrecheId,
    scopes: Scopes,
}

impl TryFrom<RightRow> for RightRecord {
    type Error = Error;

    fn try_from(row: RightRow) -> Result<Self, Error> {
        let from = RowSource { table: "app_user_right", id: &row.user_id };
        Ok(Self {
            user: from.text("user_id", &row.user_id)?,
            creche: from.text("creche_id", &row.creche_id)?,
            scopes: from.text("scopes", &row.scopes)?,
        })
    }
}
