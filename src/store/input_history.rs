//! Past states of the inputs of figures other than statements: each change of an organiser, a crèche, a doctor or a person
//! of the staff register inserts a revision, in the transaction of the change.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::db::{Tx, execute, row, rows};
use super::error::Error;
use super::row_codes::{CodeMessage, INPUT_REVISION, RowKey};
use super::row_insert::{RowInsert, StoredRow};
use super::source::RowSource;
use super::sql_value::SqlValue;
use crate::domain::codes::codes;
use crate::ids::OrganiserId;

codes! {
    /// The kind of input that a revision belongs to.
    pub enum InputSubject {
        /// The organiser: its name.
        Organiser "organiser";
        /// A crèche with its places and closures.
        Creche "creche";
        /// A doctor: the sheet, the agreement, the decision.
        Doctor "doctor";
        /// A person of the staff register.
        StaffMember "staffMember";
    }
}

const LAST_REVISION: &str =
    "select max(revision) from input_revision where organiser_id = $1 and subject = $2 and id = $3";
const INSERT: RowInsert = RowInsert {
    into: "insert into input_revision (organiser_id, subject, id, revision, recorded_at, content, mac) values",
    columns: 7,
    stored: StoredRow::Fails,
};
const AS_OF: &str = "select r.id, r.revision, r.recorded_at, r.content, r.mac from input_revision r \
                     where r.organiser_id = $1 and r.subject = $2 and r.revision = (\
                       select max(l.revision) from input_revision l where l.organiser_id = r.organiser_id \
                       and l.subject = r.subject and l.id = r.id and l.recorded_at <= $3) order by r.id";
const REMOVE: &str = "delete from input_revision where organiser_id = $1 and subject = $2 and id = $3";
const BEGINNING: &str = "select min(recorded_at) from input_revision where organiser_id = $1 and subject = 'organiser'";
const WITHOUT_HISTORY: &str = "select o.id from organiser o where not exists (select 1 from input_revision r \
                       where r.organiser_id = o.id and r.subject = 'organiser') order by o.id";

/// The state of an input at an instant.
pub struct InputRevision<T> {
    /// The id of the input.
    pub id: String,
    /// Its state.
    pub content: T,
}

/// The state of an input after a change.
pub(super) struct NewRevision {
    pub(super) id: String,
    /// Raised with each change.
    pub(super) revision: u64,
    pub(super) content: Vec<u8>,
}

/// Records the state of an input from `at` on.
pub(super) async fn record(
    tx: &mut Tx,
    organiser: OrganiserId,
    (subject, id): (InputSubject, String),
    content: &impl Serialize,
    at: Timestamp,
) -> Result<(), Error> {
    let last = row!(tx, (Option<i64>,), LAST_REVISION, organiser.to_string(), subject.code(), &id)?;
    let last = last.and_then(|(last,)| last).unwrap_or_default();
    let content = serde_json::to_vec(content)?;
    let new = NewRevision { id, revision: last.unsigned_abs() + 1, content };
    let rows = vec![new.row(&tx.row_key, organiser, subject, at)];
    insert(tx, rows).await
}

impl NewRevision {
    /// The row of the state from `at` on, with its authentication code.
    pub(super) fn row(
        self,
        key: &RowKey,
        organiser: OrganiserId,
        subject: InputSubject,
        at: Timestamp,
    ) -> Vec<SqlValue> {
        let Self { id, revision, content } = self;
        let (organiser, at) = (organiser.to_string(), at.as_millisecond());
        let revision = i64::try_from(revision).unwrap_or(i64::MAX);
        let mac = key.mac(&message(&organiser, subject, (&id, revision, at, &content)));
        vec![
            organiser.into(),
            subject.code().into(),
            id.into(),
            revision.into(),
            at.into(),
            Some(content).into(),
            mac.into(),
        ]
    }
}

/// Inserts rows of new revisions.
pub(super) async fn insert(tx: &mut Tx, rows: Vec<Vec<SqlValue>>) -> Result<(), Error> {
    INSERT.run(tx, rows).await
}

/// The states of all inputs of a kind at an instant, in the order of the ids.
///
/// # Errors
/// When a row does not match its authentication code, or cannot be read.
pub(super) async fn as_of<T: DeserializeOwned>(
    tx: &mut Tx,
    organiser: OrganiserId,
    subject: InputSubject,
    at: Timestamp,
) -> Result<Vec<InputRevision<T>>, Error> {
    type Row = (String, i64, i64, Vec<u8>, Option<Vec<u8>>);
    let organiser = organiser.to_string();
    let found = rows!(tx, Row, AS_OF, &organiser, subject.code(), at.as_millisecond())?;
    let read = |(id, revision, recorded_at, content, mac): Row| {
        let message = message(&organiser, subject, (&id, revision, recorded_at, &content));
        if !tx.row_key.matches(&message, mac.as_deref()) {
            tx.row_key.alert(INPUT_REVISION.name, &id);
            return Err(Error::Forged { table: INPUT_REVISION.name });
        }
        let from = RowSource { table: INPUT_REVISION.name, id: &id };
        let content = serde_json::from_slice(&content).map_err(|_| from.corrupt("content"))?;
        Ok(InputRevision { id, content })
    };
    found.into_iter().map(read).collect()
}

/// Removes every revision of an input, for good.
pub(super) async fn remove(
    tx: &mut Tx,
    organiser: OrganiserId,
    (subject, id): (InputSubject, &str),
) -> Result<(), Error> {
    execute!(tx, REMOVE, organiser.to_string(), subject.code(), id)?.any();
    Ok(())
}

/// The instant of the organiser's first revision; `None` when there is none.
pub async fn beginning(tx: &mut Tx, organiser: OrganiserId) -> Result<Option<Timestamp>, Error> {
    let found = row!(tx, (Option<i64>,), BEGINNING, organiser.to_string())?.and_then(|(at,)| at);
    let from = RowSource { table: INPUT_REVISION.name, id: "" };
    found.map(|at| from.instant("recorded_at", at)).transpose()
}

/// The organisers without any revision: an earlier version of the gateway registered them.
pub async fn without_history(tx: &mut Tx) -> Result<Vec<OrganiserId>, Error> {
    let found = rows!(tx, (String,), WITHOUT_HISTORY)?;
    found.into_iter().map(|(id,)| RowSource { table: "organiser", id: &id }.text("id", &id)).collect()
}

/// What the code of a row covers.
fn message(
    organiser: &str,
    subject: InputSubject,
    (id, revision, recorded_at, content): (&str, i64, i64, &[u8]),
) -> CodeMessage {
    CodeMessage::of(INPUT_REVISION.code_name)
        .text(organiser)
        .text(subject.code())
        .text(id)
        .int(revision)
        .int(recorded_at)
        .blob(content)
}
