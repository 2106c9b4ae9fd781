//! Writing persons of a register, few or many, with their functions and their authentication codes. While a register is
//! written, other writes to an SQLite file wait: whatever can be computed before is.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{CLEAR_POSTS, StaffMember, history};
use crate::domain::staff::staffing::Assignment;
use crate::ids::OrganiserId;
use crate::store::bulk_insert::BulkInsert;
use crate::store::db::{SqlValue, Tx, later, on};
use crate::store::error::Error;
use crate::store::integrity::{self, CodeMessage, STAFF_MEMBER};
use crate::store::sql_tuples::values;

const INSERT: BulkInsert = BulkInsert {
    into: "insert into staff_member (id, organiser_id, ssin_hash, sealed, ended_on, created_at, version, mac) values",
    columns: 8,
    skips_stored: false,
};
const UPDATE: &str = "update staff_member set ssin_hash = $3, sealed = $4, ended_on = $5, version = $6, mac = $7 \
                      where organiser_id = $1 and id = $2 and version = $6 - 1";
const INSERT_NAMES: BulkInsert =
    BulkInsert { into: "insert into staff_person (ssin_hash, name_hash) values", columns: 2, skips_stored: true };
const CORRECT_NAME: &str = "insert into staff_person (ssin_hash, name_hash) values ($1, $2) \
                    on conflict (ssin_hash) do update set name_hash = excluded.name_hash \
                    where staff_person.name_hash = $3";
const NAMES: &str = "select ssin_hash, name_hash from staff_person where ssin_hash in";
/// The most numbers of one query.
const NUMBERS: usize = 100;
const INSERT_POSTS: BulkInsert = BulkInsert {
    into: "insert into staff_post (organiser_id, member_id, creche_id, category, hundredths, start_date, end_date) values",
    columns: 7,
    skips_stored: false,
};

/// A person to be written, with all functions.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// The person, with the version before the write; 0 for a new one.
    pub member: StaffMember,
    /// The functions.
    pub posts: Vec<Assignment>,
}

/// Writes persons, new and changed, with their functions. `Rows(0)` when one that is changed has another version.
pub async fn write_all(tx: &mut Tx, of: OrganiserId, persons: &[PersonRow], at: Timestamp) -> Result<(), Error> {
    let organiser = of.to_string();
    let (mut new, mut posts) = (Vec::new(), Vec::new());
    for person in persons {
        let (member, version) = (&person.member, person.written_version());
        let (id, ssin, ended) = (member.id.to_string(), &member.ssin_hash, member.ended_on.map(|day| day.to_string()));
        let mac = tx.row_key.mac(&person.message(&organiser));
        integrity::replaced(tx, &STAFF_MEMBER, (&organiser, &id), member.mac.as_deref(), mac.as_deref());
        posts.extend(person.posts.iter().map(|post| post_row(&organiser, &id, post)));
        let sealed = member.sealed.as_slice();
        if member.version > 0 {
            later!(tx, One, UPDATE, &organiser, &id, ssin, sealed, ended, version, mac);
            later!(tx, Any, CLEAR_POSTS, &organiser, &id);
        } else {
            let created_at = member.created_at.as_millisecond();
            let row: [SqlValue; 8] = [
                id.into(),
                (&organiser).into(),
                ssin.into(),
                sealed.into(),
                ended.into(),
                created_at.into(),
                version.into(),
                mac.into(),
            ];
            new.push(row.into());
        }
    }
    INSERT.run(tx, new).await?;
    INSERT_POSTS.run(tx, posts).await?;
    history::record_revisions(tx, of, persons.iter().map(|person| (&person.member, person.member.version + 1)), at)
        .await
}

impl PersonRow {
    fn written_version(&self) -> i64 {
        i64::try_from(self.member.version).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// What the code of the written row covers.
    fn message(&self, organiser: &str) -> CodeMessage {
        let StaffMember { id, ssin_hash, sealed, ended_on, created_at, .. } = &self.member;
        let ended = ended_on.map(|day| day.to_string());
        CodeMessage::of(STAFF_MEMBER.code_name)
            .text(id.to_string().as_str())
            .text(organiser)
            .text(ssin_hash.as_deref())
            .blob(sealed.as_slice())
            .text(ended.as_deref())
            .int(created_at.as_millisecond())
            .int(self.written_version())
            .parts(self.posts.iter().map(post_message).collect())
    }
}

fn post_message(post: &Assignment) -> CodeMessage {
    let end = post.period.1.map(|end| end.to_string());
    CodeMessage::part()
        .text(post.creche.to_string().as_str())
        .text(post.category.code())
        .int(i64::from(post.fte))
        .text(post.period.0.to_string().as_str())
        .text(end.as_deref())
}

fn post_row(organiser: &str, member: &str, post: &Assignment) -> Vec<SqlValue> {
    vec![
        organiser.into(),
        member.into(),
        post.creche.to_string().into(),
        post.category.code().into(),
        i64::from(post.fte).into(),
        post.period.0.to_string().into(),
        post.period.1.map(|end| end.to_string()).into(),
    ]
}

/// The keyed hashes of number and family name that the agency has stored for these numbers, by the hash of the number.
pub async fn known_names(tx: &mut Tx, ssin_hashes: &[&str]) -> Result<HashMap<String, String>, Error> {
    let mut known = HashMap::new();
    for chunk in ssin_hashes.chunks(NUMBERS) {
        let sql = AssertSqlSafe(format!("{NAMES} {}", values(tx, 1, chunk.len())));
        known.extend(on!(tx, c => {
            let query = sqlx::query_as::<_, (String, String)>(sql);
            chunk.iter().fold(query, |query, hash| query.bind(*hash)).fetch_all(c).await
        })?);
    }
    Ok(known)
}

/// Stores numbers, each with the keyed hash of a family name; a number that is stored already is left unchanged.
pub async fn know_all(tx: &mut Tx, names: &BTreeMap<String, String>) -> Result<(), Error> {
    INSERT_NAMES.run(tx, names.iter().map(|(ssin, name)| vec![ssin.into(), name.into()]).collect()).await
}

/// Stores a family name for a number. A number stored under another name than `former` is left unchanged: only the spelling
/// that the same organiser gave is corrected.
pub fn correct_name(tx: &mut Tx, ssin_hash: &str, name_hash: &str, former: &str) {
    later!(tx, Any, CORRECT_NAME, ssin_hash, name_hash, former);
}
