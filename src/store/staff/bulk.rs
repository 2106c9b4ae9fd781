//! Writing many persons in few statements: while a register is written, other writes to an SQLite file wait.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::{StaffMember, history};
use crate::domain::staff::staffing::Assignment;
use crate::ids::{OrganiserId, StaffMemberId};
use crate::store::db::{Tx, on};
use crate::store::error::Error;
use crate::store::sql_tuples::{ROWS, tuples, values};

const INSERT: &str =
    "insert into staff_member (id, organiser_id, ssin_hash, sealed, ended_on, created_at, version) values";
const INSERT_PERSONS: &str = "insert into staff_person (ssin_hash, name_hash) values";
const ON_CONFLICT: &str = "on conflict (ssin_hash) do nothing";
const ADD_POSTS: &str =
    "insert into staff_post (organiser_id, member_id, creche_id, category, hundredths, start_date, end_date) values";
const CLEAR_POSTS: &str = "delete from staff_post where organiser_id = $1 and member_id in";

/// Stores new persons.
pub async fn insert_all(tx: &mut Tx, of: OrganiserId, new: &[StaffMember], at: Timestamp) -> Result<(), Error> {
    let organiser = of.to_string();
    for chunk in new.chunks(ROWS) {
        let sql = AssertSqlSafe(format!("{INSERT} {}", values(tx, chunk.len(), 7)));
        let result = on!(tx, c => {
            let mut query = sqlx::query(sql);
            for row in chunk {
                query = query.bind(row.id.to_string()).bind(&organiser).bind(row.ssin_hash.as_deref());
                query = query.bind(&row.sealed).bind(row.ended_on.map(|day| day.to_string()));
                query = query.bind(row.created_at.as_millisecond()).bind(1_i64);
            }
            query.execute(c).await.map(|result| result.rows_affected())
        });
        tx.track_write(result)?.exactly(chunk.len())?;
    }
    history::record_revisions(tx, of, new.iter().map(|member| (member, 1)), at).await
}

/// Stores numbers, each with the keyed hash of a family name; a number that is stored already is left unchanged.
pub async fn know_all(tx: &mut Tx, names: &BTreeMap<String, String>) -> Result<(), Error> {
    let names: Vec<_> = names.iter().collect();
    for chunk in names.chunks(ROWS) {
        let sql = AssertSqlSafe(format!("{INSERT_PERSONS} {} {ON_CONFLICT}", values(tx, chunk.len(), 2)));
        let result = on!(tx, c => {
            let mut query = sqlx::query(sql);
            for (ssin, name) in chunk {
                query = query.bind(ssin.as_str()).bind(name.as_str());
            }
            query.execute(c).await.map(|result| result.rows_affected())
        });
        tx.track_write(result)?.any();
    }
    Ok(())
}

/// Removes the functions of these persons.
pub async fn clear_all_posts(tx: &mut Tx, organiser: OrganiserId, of: &[StaffMemberId]) -> Result<(), Error> {
    let organiser = organiser.to_string();
    for chunk in of.chunks(ROWS) {
        let sql = AssertSqlSafe(format!("{CLEAR_POSTS} {}", tuples(1, chunk.len(), 2)));
        let result = on!(tx, c => {
            let mut query = sqlx::query(sql).bind(&organiser);
            for id in chunk {
                query = query.bind(id.to_string());
            }
            query.execute(c).await.map(|result| result.rows_affected())
        });
        tx.track_write(result)?.any();
    }
    Ok(())
}

/// Adds functions of persons.
pub async fn add_all_posts(
    tx: &mut Tx,
    organiser: OrganiserId,
    posts: &[(StaffMemberId, Assignment)],
) -> Result<(), Error> {
    let organiser = organiser.to_string();
    for chunk in posts.chunks(ROWS) {
        let sql = AssertSqlSafe(format!("{ADD_POSTS} {}", values(tx, chunk.len(), 7)));
        let result = on!(tx, c => {
            let mut query = sqlx::query(sql);
            for (member, post) in chunk {
                query = query.bind(&organiser).bind(member.to_string()).bind(post.creche.to_string());
                query = query.bind(post.category.code()).bind(i64::from(post.fte));
                query = query.bind(post.period.0.to_string()).bind(post.period.1.map(|end| end.to_string()));
            }
            query.execute(c).await.map(|result| result.rows_affected())
        });
        tx.track_write(result)?.exactly(chunk.len())?;
    }
    Ok(())
}
