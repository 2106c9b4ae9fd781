//! The authentication codes of statements and revisions, computed from values already in memory, so that a deposit needs no
//! further query for them.

use super::{CurrentRow, CurrentStatement, RevisionRow, StoredRevision};
use crate::domain::statement::{StatementKind, StatementStatus};
use crate::ids::OrganiserId;
use crate::store::db::{Tx, execute, rows};
use crate::store::error::Error;
use crate::store::integrity::{self, CodeMessage, REVISION, STATEMENT};
use crate::store::source::RowSource;

/// The revisions of a statement `s`.
macro_rules! its_revisions {
    ($what:literal, $rest:literal) => {
        concat!(
            "(select ",
            $what,
            " from revision r where r.organiser_id = s.organiser_id and r.creche_id = s.creche_id \
             and r.kind = s.kind and r.month = s.month",
            $rest,
            ")"
        )
    };
}

const BROKEN_CHAINS: &str = concat!(
    "select s.creche_id, s.kind, s.month from statement s where s.organiser_id = $1 and (s.revision <> ",
    its_revisions!("count(*)", ""),
    " or s.revision <> coalesce(",
    its_revisions!("max(r.revision)", ""),
    ", 0) or not exists ",
    its_revisions!("r.revision", " and r.revision = s.revision and r.mac = s.revision_mac"),
    ") union select r.creche_id, r.kind, r.month from revision r where r.organiser_id = $1 and not exists \
     (select s.revision from statement s where s.organiser_id = r.organiser_id and s.creche_id = r.creche_id \
     and s.kind = r.kind and s.month = r.month)"
);
const TAKE_MACS: &str = concat!(
    "update statement as s set revision_mac = ",
    its_revisions!("r.mac", " and r.revision = s.revision"),
    " where s.organiser_id = $1"
);
/// The statements whose revisions are not 1, 2, 3 … up to the current one, or whose current one is not the one that was
/// deposited; and revisions without a statement.
pub async fn broken_chains(tx: &mut Tx, organiser: OrganiserId) -> Result<Vec<String>, Error> {
    let found = rows!(tx, (String, String, String), BROKEN_CHAINS, organiser.to_string())?;
    Ok(found.into_iter().map(|(creche, kind, month)| format!("{creche}/{kind}/{month}")).collect())
}

/// Stores at each statement the authentication code of its current revision.
pub async fn take_revision_macs(tx: &mut Tx, organiser: OrganiserId) -> Result<(), Error> {
    execute!(tx, TAKE_MACS, organiser.to_string())?.any();
    Ok(())
}

/// The columns of a statement except its key and the code of its current revision.
pub(super) struct StatementColumns<'a> {
    pub(super) creche: &'a str,
    pub(super) month: &'a str,
    pub(super) revision: i64,
    pub(super) status: StatementStatus,
    pub(super) updated_at: i64,
}

impl StatementColumns<'_> {
    /// What the code of the statement covers.
    pub(super) fn message(&self, organiser: &str, kind: StatementKind, revision_mac: Option<&[u8]>) -> CodeMessage {
        CodeMessage::of(STATEMENT.code_name)
            .text(organiser)
            .text(self.creche)
            .text(kind.name())
            .text(self.month)
            .int(self.revision)
            .text(self.status.code())
            .int(self.updated_at)
            .blob(revision_mac)
    }
}

/// What the code of a new revision covers.
pub(super) fn revision_message(organiser: &str, kind: StatementKind, new: &StoredRevision) -> CodeMessage {
    let (creche, month) = (new.creche.to_string(), new.month.to_string());
    let application = new.application.map(|id| id.to_string());
    let key = new.key.map(|id| id.to_string());
    CodeMessage::of(REVISION.code_name)
        .text(organiser)
        .text(creche.as_str())
        .text(kind.name())
        .text(month.as_str())
        .int(i64::from(new.revision))
        .text(new.fingerprint.as_str())
        .text(new.totals.as_str())
        .int(i64::from(new.lines))
        .text(new.warnings.as_str())
        .int(i64::from(new.has_warnings))
        .text(new.channel.code())
        .text(application.as_deref())
        .text(key.as_deref())
        .int(new.deposited_at.as_millisecond())
}

impl RevisionRow {
    /// The revision, when the row matches its authentication code.
    pub(super) fn checked(self, tx: &Tx, organiser: &str, kind: StatementKind) -> Result<StoredRevision, Error> {
        self.check(tx, organiser, kind)?;
        self.try_into()
    }

    fn check(&self, tx: &Tx, organiser: &str, kind: StatementKind) -> Result<(), Error> {
        let id = || format!("{}/{}/{}/{}", self.creche_id, kind.name(), self.month, self.revision);
        integrity::require_match(tx, &REVISION, &id, &self.message(organiser, kind), self.mac.as_deref())
    }

    /// What the code covers.
    fn message(&self, organiser: &str, kind: StatementKind) -> CodeMessage {
        CodeMessage::of(REVISION.code_name)
            .text(organiser)
            .text(self.creche_id.as_str())
            .text(kind.name())
            .text(self.month.as_str())
            .int(self.revision)
            .text(self.fingerprint.as_str())
            .text(self.totals.as_str())
            .int(self.lines)
            .text(self.warnings.as_str())
            .int(self.has_warnings)
            .text(self.channel.as_str())
            .text(self.application_id.as_deref())
            .text(self.key_id.as_deref())
            .int(self.deposited_at)
    }
}

impl CurrentRow {
    /// The current state, when statement and revision match their authentication codes.
    pub(super) fn checked(self, tx: &Tx, organiser: &str, kind: StatementKind) -> Result<CurrentStatement, Error> {
        let RevisionRow { creche_id: creche, month, revision, .. } = &self.revision;
        self.revision.check(tx, organiser, kind)?;
        let status = StatementStatus::from_code(&self.status);
        let from = RowSource { table: "statement", id: month };
        let status = status.ok_or_else(|| from.corrupt("status"))?;
        let pointer = StatementColumns { creche, month, revision: *revision, status, updated_at: self.updated_at };
        let message = pointer.message(organiser, kind, self.revision.mac.as_deref());
        let id = || format!("{creche}/{}/{month}", kind.name());
        integrity::require_match(tx, &STATEMENT, &id, &message, self.statement_mac.as_deref())?;
        self.try_into()
    }
}
