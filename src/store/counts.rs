//! How many rows of each capped kind an organiser has.

use super::db::{Tx, row};
use super::error::Error;
use super::source::RowSource;
use crate::ids::OrganiserId;

const DOCTORS: &str = "select cast(count(*) as bigint) from doctor where organiser_id = $1";
const AGREEMENTS: &str = "select cast(count(*) as bigint) from doctor_agreement where organiser_id = $1";
const DRAFTS: &str = "select cast(count(*) as bigint) from draft where organiser_id = $1";
const APPLICATIONS: &str = "select cast(count(*) as bigint) from application where organiser_id = $1";
const KEYS: &str = "select cast(count(*) as bigint) from api_key where organiser_id = $1";
const USERS: &str = "select cast(count(*) as bigint) from app_user where organiser_id = $1";

/// Doctors.
pub async fn count_doctors(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    count(tx, organiser, DOCTORS).await
}

/// Doctors whose agreement is stored.
pub async fn count_agreements(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    count(tx, organiser, AGREEMENTS).await
}

/// Drafts of statements.
pub async fn count_drafts(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    count(tx, organiser, DRAFTS).await
}

/// Applications, also those that were revoked.
pub async fn count_applications(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    count(tx, organiser, APPLICATIONS).await
}

/// Keys, also those that ended.
pub async fn count_keys(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    count(tx, organiser, KEYS).await
}

/// Users, also those who were deactivated.
pub async fn count_users(tx: &mut Tx, organiser: OrganiserId) -> Result<u64, Error> {
    count(tx, organiser, USERS).await
}

async fn count(tx: &mut Tx, organiser: OrganiserId, sql: &'static str) -> Result<u64, Error> {
    let id = organiser.to_string();
    let (number,) = row!(tx, (i64,), sql, &id)?.unwrap_or_default();
    RowSource { table: "organiser", id: &id }.number("count", number)
}
