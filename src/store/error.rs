//! Errors of the database. "Not found" is not one of them: that is `Ok(None)`.

use crate::fair_queue::NoTurn;

/// A failure of the database or of a value stored in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Db(#[from] sqlx::Error),
    /// A migration could not be applied.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A stored value is not one that the gateway writes.
    #[error("corrupt value in {table}.{column} of {id}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// Which row.
        id: String,
    },
    /// A row does not match its authentication code: it was not written by a gateway with this key.
    #[error("a row of {table} does not match its authentication code")]
    Forged {
        /// The table.
        table: &'static str,
    },
    /// A row with an authentication code was changed without an audit entry.
    #[error("the change of {0} is not recorded in the audit trail")]
    Unrecorded(String),
    /// A value could not be written as JSON.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A write that must touch exactly one row touched another number.
    #[error("expected to write one row, wrote {0}")]
    Rows(u64),
    /// What was read before a write was changed by another one.
    #[error("another write has changed what this one was made for")]
    Changed,
    /// The end of an audit chain is not the one that an entry was made for.
    #[error("another process has written to the audit trail")]
    HeadMoved,
    /// The URL names no database that this gateway can use.
    #[error("{0:?} is not a database URL: expected sqlite:PATH or postgres://USER@HOST/NAME")]
    Url(String),
    /// The database was migrated by a newer gateway.
    #[error("the database is at migration {0}, which this version does not know: use the newer gateway")]
    Newer(i64),
    /// Too many writes of the organiser are queued, or they took too long.
    #[error("the organiser's other writes are not done yet")]
    Busy,
    /// Less space is free than the configured headroom.
    #[error("less space is free than database.headroomBytes: content is refused until there is more")]
    NoRoom,
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

impl From<NoTurn> for Error {
    fn from(_: NoTurn) -> Self {
        Self::Busy
    }
}

impl Error {
    /// Whether a retry may help: the database is unreachable or busy.
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
                    | sqlx::Error::BeginFailed
                    | sqlx::Error::InvalidSavePointStatement
            ),
            Self::Busy | Self::NoRoom => true,
            _ => false,
        }
    }

    /// Whether there is too little space left to store anything.
    pub fn is_storage_full(&self) -> bool {
        match self {
            Self::NoRoom => true,
            Self::Db(sqlx::Error::Database(error)) => error.code().is_some_and(|code| is_full(&code)),
            _ => false,
        }
    }
}

/// PostgreSQL's codes have five characters; SQLite's are numbers of fewer digits, whose lowest byte is the kind of error.
fn sqlite_kind(code: &str) -> Option<u32> {
    code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff)
}

/// SQLite: busy, locked, read-only, input or output failed, disk full, file not there. PostgreSQL: serialisation,
/// deadlock, lock not available, read-only server, its disk failed; connection lost, resources, shutdown.
fn is_passing(code: &str) -> bool {
    match sqlite_kind(code) {
        Some(kind) => matches!(kind, 5 | 6 | 8 | 10 | 13 | 14),
        None => {
            matches!(code, "40001" | "40P01" | "55P03" | "25006" | "58030")
                || ["08", "53", "57"].iter().any(|class| code.starts_with(class))
        }
    }
}

/// SQLite: full. PostgreSQL: disk full.
fn is_full(code: &str) -> bool {
    sqlite_kind(code) == Some(13) || code == "53100"
}

#[cfg(test)]
mod tests {
    use super::{is_full, is_passing};

    #[test]
    fn codes_of_both_engines_are_classified() {
        // Busy, read-only, write failed, full, full while a journal is opened; PostgreSQL's deadlock, lost connection, full
        // disk, shutdown, read-only server.
        for code in ["5", "8", "778", "13", "269", "40P01", "08006", "53100", "57P01", "25006"] {
            assert!(is_passing(code), "{code}");
        }
        // Constraint, unique constraint, corrupt; PostgreSQL's unique violation, syntax error.
        for code in ["19", "2067", "11", "23505", "42601"] {
            assert!(!is_passing(code), "{code}");
        }
        assert!(is_full("13") && is_full("53100") && !is_full("53200") && !is_full("10"));
    }
}
