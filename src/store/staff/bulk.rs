//! Writing persons of a register, few or many, with their functions and their authentication codes. While a register is
//! written, other writes to an SQLite file wait: whatever can be computed before is.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{StaffMember, history};
use crate::domain::staff::staffing::Assignment;
use crate::ids::OrganiserId;
use crate::store::db::{ExpectedRows, PendingWrite, Tx, later, on};
use crate::store::error::Error;
use crate::store::input_history;
use crate::store::integrity::{self, CodeMessage, STAFF_MEMBER};
use crate::store::row_insert::{RowInsert, StoredRow};
use crate::store::sql_tuples::{ROWS, tuples, values};
use crate::store::sql_value::SqlValue;

const WRITE: RowInsert = RowInsert {
    into: "insert into staff_member (id, organiser_id, ssin_hash, sealed, ended_on, created_at, version, mac) values",
    columns: 8,
    stored: StoredRow::Changes(
        "on conflict (id) do update set ssin_hash = excluded.ssin_hash, sealed = excluded.sealed, \
         ended_on = excluded.ended_on, version = excluded.version, mac = excluded.mac \
         where staff_member.organiser_id = excluded.organiser_id and staff_member.version = excluded.version - 1",
    ),
};
const CLEAR_POSTS: &str = "delete from staff_post where organiser_id = $1 and member_id in";
const INSERT_NAMES: RowInsert =
    RowInsert { into: "insert into staff_person (ssin_hash, name_hash) values", columns: 2, stored: StoredRow::Stays };
const CORRECT_NAME: &str = "insert into staff_person (ssin_hash, name_hash) values ($1, $2) \
                    on conflict (ssin_hash) do update set name_hash = excluded.name_hash \
                    where staff_person.name_hash = $3";
const NAMES: &str = "select ssin_hash, name_hash from staff_person where ssin_hash in";
/// The numbers of one query, where there are several.
const NUMBERS: usize = 100;
const INSERT_POSTS: RowInsert = RowInsert {
    into: "insert into staff_post (organiser_id, member_id, creche_id, category, hundredths, start_date, end_date) values",
    columns: 7,
    stored: StoredRow::Fails,
};
/// How many columns of a function name the person.
const POST_KEY: usize = 2;

/// A person to be written, with all functions.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// The person, with the version before the write; 0 for a new one.
    pub member: StaffMember,
    /// The functions.
    pub posts: Vec<Assignment>,
}

/// Writes persons, new and changed, with their functions and their history from `at` on, and stores numbers, each with the
/// keyed hash of a family name; a number that is stored already is left unchanged. Fails, here or at the commit: `Rows` when a
/// person that is changed has another version, `Changed` when what was collected before finds another write.
pub async fn write_all(
    tx: &mut Tx,
    of: OrganiserId,
    (persons, names): (&[PersonRow], &BTreeMap<String, String>),
    at: Timestamp,
) -> Result<(), Error> {
    // Every row is made before the first is inserted.
    let mut rows = RegisterRows::default();
    for person in persons {
        rows.add(tx, of, person, at)?;
    }
    INSERT_NAMES.run(tx, names.iter().map(|(ssin, name)| vec![ssin.into(), name.into()]).collect()).await?;
    WRITE.run(tx, rows.persons).await?;
    clear_posts(tx, of, &rows.changed);
    INSERT_POSTS.run(tx, rows.posts).await?;
    input_history::insert(tx, rows.history).await
}

/// Removes the functions of persons, with the commit or before the next query.
pub(super) fn clear_posts(tx: &mut Tx, of: OrganiserId, persons: &[String]) {
    for chunk in persons.chunks(ROWS) {
        let values = std::iter::once(of.to_string()).chain(chunk.iter().cloned()).map(SqlValue::from).collect();
        let sql = format!("{CLEAR_POSTS} {}", tuples(1, chunk.len(), 2)).into();
        tx.write_later(PendingWrite { sql, values, rows: ExpectedRows::Any });
    }
}

/// The rows to be written for persons.
#[derive(Default)]
struct RegisterRows {
    persons: Vec<Vec<SqlValue>>,
    /// The ids of those that are stored.
    changed: Vec<String>,
    posts: Vec<Vec<SqlValue>>,
    history: Vec<Vec<SqlValue>>,
}

impl RegisterRows {
    /// Adds the rows of a person, and notes the change of its code.
    fn add(&mut self, tx: &mut Tx, of: OrganiserId, person: &PersonRow, at: Timestamp) -> Result<(), Error> {
        let (member, owner, id) = (&person.member, of.to_string(), person.member.id.to_string());
        let version = member.version + 1;
        let posts: Vec<_> = person.posts.iter().map(|post| post_row(&owner, &id, post)).collect();
        let mut row = member_row(member, &owner, version);
        let parts = posts.iter().map(|row| CodeMessage::part().values(&row[POST_KEY..])).collect();
        let mac = tx.row_key.mac(&CodeMessage::of(STAFF_MEMBER.code_name).values(&row).parts(parts));
        integrity::replaced(tx, &STAFF_MEMBER, (&owner, &id), member.mac.as_deref(), mac.as_deref());
        row.push(mac.into());
        self.history.push(history::revision_row(&tx.row_key, of, (member, version), at)?);
        self.posts.extend(posts);
        self.persons.push(row);
        if member.version > 0 {
            self.changed.push(id);
        }
        Ok(())
    }
}

/// The values of the columns of a person before the code, which covers them.
fn member_row(member: &StaffMember, organiser: &str, version: u64) -> Vec<SqlValue> {
    let StaffMember { id, ssin_hash, sealed, ended_on, created_at, .. } = member;
    vec![
        id.to_string().into(),
        organiser.into(),
        ssin_hash.into(),
        sealed.as_slice().into(),
        ended_on.map(|day| day.to_string()).into(),
        created_at.as_millisecond().into(),
        i64::try_from(version).unwrap_or(i64::MAX).into(),
    ]
}

/// The code of a person covers the values after the first [`POST_KEY`].
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
        // Two texts in all, both kept prepared: the last number is repeated.
        let count = if chunk.len() == 1 { 1 } else { NUMBERS };
        let sql = AssertSqlSafe(format!("{NAMES} {}", values(tx, 1, count)));
        let last = chunk.last().into_iter().cycle();
        known.extend(on!(tx, c => {
            let query = sqlx::query_as::<_, (String, String)>(sql);
            chunk.iter().chain(last).take(count).fold(query, |query, hash| query.bind(*hash)).fetch_all(c).await
        })?);
    }
    Ok(known)
}

/// Stores a family name for a number. A number stored under another name than `former` is left unchanged: only the spelling
/// that the same organiser gave is corrected.
pub fn correct_name(tx: &mut Tx, ssin_hash: &str, name_hash: &str, former: &str) {
    later!(tx, Any, CORRECT_NAME, ssin_hash, name_hash, former);
}
