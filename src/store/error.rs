//! What can go wrong between the gateway and its database. "Not found" is not among it: that is `Ok(None)`.

/// A failure of the database or of what it holds.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Db(#[from] sqlx::Error),
    /// A migration could not be applied.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not what the gateway writes.
    #[error("corrupt value in {table}.{column} of {id}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// Which row.
        id: String,
    },
    /// A row does not match its authentication code: somebody else than the gateway wrote it.
    #[error("a row of {table} does not match its authentication code")]
    Forged {
        /// The table.
        table: &'static str,
    },
    /// A row with an authentication code was changed, and no audit entry says so.
    #[error("the change of {0} is not recorded in the audit trail")]
    Unrecorded(String),
    /// A write that must touch exactly one row touched another number.
    #[error("expected to write one row, wrote {0}")]
    Rows(u64),
    /// The URL names no database this gateway can use.
    #[error("{0:?} is not a database URL: expected sqlite:PATH or postgres://USER@HOST/NAME")]
    Url(String),
    /// The database was migrated by a newer gateway.
    #[error("the database is at migration {0}, which this version does not know: use the newer gateway")]
    Newer(i64),
    /// An applied migration differs from the one in this binary, or stopped half-way.
    #[error("migration {0} of the database is not the one this version carries")]
    Altered(i64),
    /// Only an SQLite database is copied by the gateway itself.
    #[error("a PostgreSQL database is backed up and restored with its own tools (pg_dump, pg_restore)")]
    NotSqlite,
    /// A backup or its restore was not possible.
    #[error("{0}")]
    Backup(String),
}

impl Error {
    /// Whether trying again later may help: the database is away or busy, not wrong.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Db(sqlx::Error::Database(error)) => error.code().is_some_and(|code| is_passing(&code)),
            Self::Db(error) => matches!(
                error,
                sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
                    | sqlx::Error::WorkerCrashed
            ),
            _ => false,
        }
    }
}

/// PostgreSQL: connection lost, resources, shutdown, lock not available, deadlock. SQLite: busy, locked, disk full.
fn is_passing(code: &str) -> bool {
    matches!(code, "40001" | "40P01" | "55P03" | "5" | "6" | "13" | "261" | "517")
        || (code.len() == 5 && ["08", "53", "57"].contains(&&code[..2]))
}
