//! A fresh database on a PostgreSQL server.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::oneshot;

const OPEN: &str = "select count(*), count(*) filter (where wait_event_type = 'Lock') from pg_stat_activity \
                    where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()";

/// A database of its own on the server that `PASSERELLE_TEST_POSTGRES_URL` names.
pub struct PostgresDatabase {
    pub url: String,
    server: String,
    name: String,
}

impl PostgresDatabase {
    pub async fn with_a_fresh_database() -> Self {
        let server = std::env::var("PASSERELLE_TEST_POSTGRES_URL").unwrap();
        #[expect(clippy::disallowed_methods, reason = "a name that no other run has")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let name = format!("passerelle_bench_{now}");
        let mut connection = PgConnection::connect(&server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{base}/{name}"), server, name }
    }

    /// Looks ten times a second at the open transactions of the database until the sender of `stop` is dropped: how many it saw in
    /// all, and how many of them waited for a lock.
    pub async fn watch_locks(url: String, mut stop: oneshot::Receiver<()>) -> (i64, i64) {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let (mut ticks, mut seen) = (tokio::time::interval(Duration::from_millis(100)), (0, 0));
        loop {
            tokio::select! {
                _ = &mut stop => return seen,
                _ = ticks.tick() => {}
            }
            let (open, waiting): (i64, i64) = sqlx::query_as(OPEN).fetch_one(&mut connection).await.unwrap();
            seen = (seen.0 + open, seen.1 + waiting);
        }
    }

    pub async fn drop_database(self) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("drop database {} with (force)", self.name))).await.unwrap();
    }
}
