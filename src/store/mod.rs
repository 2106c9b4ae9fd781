//! What is remembered: all the SQL, a file per noun.
//!
//! Every function takes the transaction first and the organiser second, so that no query forgets its tenant. "Not
//! found" is `Ok(None)`; a duplicate or a guard that kept a write out is `Ok(false)`.
//!
//! One dialect for both engines:
//!
//! 1. Columns are `text`, `bigint` or `bytea`; truth values are `bigint` 0 or 1.
//! 2. Instants are epoch milliseconds; dates and months are text of fixed width. Both sort as they should.
//! 3. Ids are made here, never by the database. No sequences, computing defaults, triggers or `now()`.
//! 4. JSON is opaque text; what is filtered or sorted on has a column of its own, and what grants something has rows.
//! 5. `$n` placeholders, `returning`, `cast(sum(x) as bigint)`, keyset pagination.
//! 6. Every statement on tenant data has the organiser in its `where`.
//! 7. Duplicates: `on conflict do nothing` and the number of rows; names of constraints are never read.
//! 8. Every write checks how many rows it touched.
//! 9. Two texts for one purpose only in `db`, with the name of the test that covers both.
//! 10. The whole suite runs on both engines; each function here has a test that fails when it is emptied.

pub mod applications;
pub mod audit;
pub mod audit_hash;
mod backup;
pub mod counts;
pub mod creches;
pub mod data_keys;
pub mod db;
pub mod deployment;
pub mod doctors;
pub mod drafts;
mod error;
pub mod events;
pub mod expired_forms;
mod feed_notifier;
mod grant_columns;
mod grants;
pub mod idempotency;
pub mod input_history;
pub mod integrity;
pub mod key_notices;
pub mod key_uses;
pub mod keys;
pub mod login_attempts;
pub mod organisers;
pub mod records;
mod row_codes;
pub mod sessions;
mod source;
mod sql_tuples;
pub mod staff;
pub mod statements;
pub mod users;
pub mod verdicts;
pub mod webhooks;

pub use backup::{BackupCandidate, RestoreTarget};
pub use creches::closures;
pub use db::{Db, DbOptions, EngineTx, FreeSpace, Tx, WritePurpose, WriteTurn};
pub use error::Error;
pub use feed_notifier::WakeSignal;
