//! Collected statements on a server: those that do not depend on one another are sent as one, so that a write takes few round
//! trips.

use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, PgConnection, Postgres, Row as _};

use super::pending::{ExpectedRows, PendingWrite, SentWrites, renumber};
use crate::store::error::Error;
use crate::store::sql_value::bind_all;

/// Sends the statements within a transaction that has begun, in their order.
pub(super) async fn send_postgres(
    connection: &mut PgConnection,
    mut writes: &[PendingWrite],
) -> Result<SentWrites, Error> {
    let mut sent = SentWrites::default();
    while !writes.is_empty() {
        let (group, later) = writes.split_at(independent(writes));
        send_group(connection, group, &mut sent).await?;
        writes = later;
    }
    Ok(sent)
}

/// How many statements from the first on do not depend on one another: the parts of one statement do not see each other's
/// rows. One whose count shows whether another write was first is the last of its group, because those after it could fail by
/// what that write has inserted.
fn independent(writes: &[PendingWrite]) -> usize {
    let mut written = Vec::new();
    for (index, write) in writes.iter().enumerate() {
        if tables(&write.sql).any(|table| written.contains(&table)) {
            return index;
        }
        if write.rows == ExpectedRows::OneUnlessChanged {
            return index + 1;
        }
        // The first table that a statement names is the one that it writes.
        let own = tables(&write.sql).next();
        debug_assert!(own.is_some(), "no table is found in: {}", write.sql);
        written.extend(own);
    }
    writes.len()
}

/// The tables that a statement writes or reads.
fn tables(sql: &str) -> impl Iterator<Item = &str> {
    let mut words = sql.split(|sign: char| !sign.is_alphanumeric() && sign != '_').filter(|word| !word.is_empty());
    std::iter::from_fn(move || {
        words.find(|word| matches!(*word, "into" | "update" | "from" | "join"))?;
        words.next()
    })
}

/// Sends statements that do not depend on one another, and checks how many rows each wrote.
async fn send_group(connection: &mut PgConnection, group: &[PendingWrite], sent: &mut SentWrites) -> Result<(), Error> {
    if let [single] = group {
        let query =
            bind_all!(sqlx::query::<Postgres>(AssertSqlSafe(single.sql.clone())), single.values.iter().cloned());
        return sent.add(single.rows, query.execute(connection).await?.rows_affected());
    }
    let values = group.iter().flat_map(|write| &write.values).cloned();
    let query = bind_all!(sqlx::query::<Postgres>(AssertSqlSafe(merged(group))), values);
    let counts = query.fetch_one(connection).await?;
    for (index, write) in group.iter().enumerate() {
        let rows: i64 = counts.try_get(index)?;
        sent.add(write.rows, rows.unsigned_abs())?;
    }
    Ok(())
}

/// One statement of which these are parts; its row has the number of rows that each wrote.
fn merged(group: &[PendingWrite]) -> String {
    let (mut parts, mut counts, mut values) = (String::from("with "), String::new(), 0);
    for (index, write) in group.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(parts, "{comma}w{index} as (").expect("writing to a string");
        renumber(&mut parts, &write.sql, values);
        parts.push_str(" returning 1)");
        write!(counts, "{comma}(select count(*) from w{index})").expect("writing to a string");
        values += write.values.len();
    }
    format!("{parts} select {counts}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(sql: &'static str, rows: ExpectedRows) -> PendingWrite {
        PendingWrite { sql: sql.into(), values: Vec::new(), rows }
    }

    #[test]
    fn a_statement_that_names_a_table_which_is_written_before_begins_a_group() {
        let any = |sql| write(sql, ExpectedRows::Any);
        let writes = [
            any("update organiser set last_event = last_event + 1 where id = $1"),
            any("insert into verdict (id, revision) values ($1, $2)"),
            any("insert into event (number) select last_event from organiser where id = $1"),
            any("insert into event (number) values ($1)"),
        ];
        assert_eq!(independent(&writes), 2);
        assert_eq!(independent(&writes[2..]), 1);
    }

    #[test]
    fn a_statement_whose_count_shows_another_write_ends_its_group() {
        let writes = [
            write("update a set b = $1", ExpectedRows::OneUnlessChanged),
            write("insert into c (d) values ($1)", ExpectedRows::Inserted),
        ];
        assert_eq!(independent(&writes), 1);
    }

    #[test]
    fn parts_of_a_statement_are_counted_each() {
        let values = |count: usize| vec![crate::store::sql_value::SqlValue::Number(None); count];
        let of = |sql, count| PendingWrite { values: values(count), ..write(sql, ExpectedRows::Any) };
        let group = [of("insert into a values ($1, $2)", 2), of("update b set c = $1", 1)];
        let parts = "with w0 as (insert into a values ($1, $2) returning 1), w1 as (update b set c = $3 returning 1)";
        assert_eq!(merged(&group), format!("{parts} select (select count(*) from w0), (select count(*) from w1)"));
    }
}
