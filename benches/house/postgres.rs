//! A fresh database on a PostgreSQL server.

use std::time::{SystemTime, UNIX_EPOCH};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

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

    pub async fn drop_database(self) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        connection.execute(AssertSqlSafe(format!("drop database {} with (force)", self.name))).await.unwrap();
    }
}
