//! Statements of every kind: deposited, read back, explained.

mod contributions;
pub mod drafts;
pub(in crate::app) mod new_revision;
mod read;
mod replay;
mod sent_statement;
mod statement_content;
mod validation;
mod workbook;

use jiff::Timestamp;

pub use self::contributions::{
    ComparedWith, MonthComparison, PeriodContributions, StatementContributions, read_contributions,
};
pub(in crate::app) use self::read::read_unrecorded;
pub use self::read::{
    StatementEntry, StatementQuery, StoredStatement, current_revision, list, previous_statement, read, revisions,
};
pub use self::replay::{FieldCount, ReplayQuery, ReplayReport, replay};
use self::sent_statement::SentStatement;
pub use self::workbook::{StatementWorkbook, as_workbook, template};
use super::caller::Caller;
pub use super::deposit::{DepositError, DepositOptions};
use super::error::InternalError;
use super::{App, deposit};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::Month;
use crate::domain::statement::{Statement, StatementKey, StatementStatus};
use crate::ids::{CrecheId, OrganiserId};
pub use crate::ingest::medical::INAMI;
pub use crate::ingest::typed::Typed;
pub use crate::ingest::{DocumentForm, StatementFormat};
use crate::seal::{DataKey, SealContext};
use crate::store::{self, Tx};

/// A document sent for one crèche and month.
pub struct StatementDeposit {
    /// The crèche.
    pub creche: CrecheId,
    /// The month.
    pub month: Month,
    /// The declared format.
    pub form: DocumentForm,
    /// The document.
    pub bytes: Vec<u8>,
    /// The options of the request.
    pub options: DepositOptions,
}

/// The result of an accepted deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The first revision.
    Created,
    /// A further revision.
    Replaced,
    /// The content was unchanged.
    Unchanged,
    /// It was a dry run.
    Nothing,
}

impl WriteOutcome {
    /// Whether a revision was made.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Created | Self::Replaced)
    }

    /// The number of the revision that the content is or, after a dry run, would be; `current` is the current one.
    pub fn revision(self, current: Option<u32>) -> u32 {
        match self {
            Self::Nothing => current.map_or(1, |current| current + 1),
            _ => current.unwrap_or(1),
        }
    }
}

/// An accepted deposit of any kind of statement.
pub trait AcceptedDeposit {
    /// What was written.
    fn written(&self) -> WriteOutcome;
}

impl<T> AcceptedDeposit for AcceptedStatement<T> {
    fn written(&self) -> WriteOutcome {
        self.written
    }
}

/// An accepted deposit.
pub struct AcceptedStatement<T> {
    /// The crèche.
    pub creche: Creche,
    /// The month.
    pub month: Month,
    /// The statement's status.
    pub status: StatementStatus,
    /// What was written.
    pub written: WriteOutcome,
    /// The current revision afterwards, if there is one.
    pub revision: Option<u32>,
    /// When the revision of this content was deposited, if there is one.
    pub deposited_at: Option<Timestamp>,
    /// How many lines the document has.
    pub lines: usize,
    /// Its sums.
    pub totals: T,
    /// Its warnings.
    pub warnings: Findings,
    /// Of a dry run: the changes of the sums.
    pub effect: Option<DryRunEffect<T>>,
}

/// The sums before and after a dry run.
pub struct DryRunEffect<T> {
    /// Of the month.
    pub month: (T, T),
    /// Of its quarter.
    pub quarter: (T, T),
}

/// Validates a document and, unless it is a dry run or has errors, stores it as the statement's new revision.
pub async fn deposit<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    deposit: StatementDeposit,
) -> Result<AcceptedStatement<S::Totals>, DepositError> {
    let StatementDeposit { creche, month, form, bytes, options } = deposit;
    let sent = SentStatement::<S>::new(app, caller, (creche, month), (form, bytes), options.rules).await?;
    // Boxed: the layers of the router would move it, large as it is, from one to the next.
    Box::pin(deposit::deposit(app, caller, sent, options)).await
}

/// The seal context of a revision: it is unsealed in no other.
pub(in crate::app) fn place(organiser: OrganiserId, slot: StatementKey, revision: u32) -> SealContext {
    let StatementKey { creche, kind, month } = slot;
    let path =
        [organiser.to_string(), creche.to_string(), kind.name().to_owned(), month.to_string(), revision.to_string()];
    SealContext::of("revision", &path.each_ref().map(String::as_str))
}

/// Reads and unseals a stored document.
pub(in crate::app) async fn open<S: Statement>(
    tx: &mut Tx,
    organiser: OrganiserId,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
) -> Result<S, InternalError> {
    let sealed = sealed(tx, organiser, slot, revision).await?;
    unseal(organiser, key, slot, revision, &sealed)
}

/// A stored document, sealed.
pub(in crate::app) async fn sealed(
    tx: &mut Tx,
    organiser: OrganiserId,
    slot: StatementKey,
    revision: u32,
) -> Result<Vec<u8>, InternalError> {
    let found = store::statements::document(tx, organiser, slot, revision).await?;
    Ok(found.ok_or(store::Error::Rows(0))?)
}

/// Unseals a stored document: CPU work without a transaction.
fn unseal<S: Statement>(
    organiser: OrganiserId,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
    sealed: &[u8],
) -> Result<S, InternalError> {
    read_stored(&unseal_text(organiser, key, slot, revision, sealed)?)
}

/// Unseals the text of a stored document of any kind.
pub(in crate::app) fn unseal_text(
    organiser: OrganiserId,
    key: &DataKey,
    slot: StatementKey,
    revision: u32,
    sealed: &[u8],
) -> Result<Vec<u8>, InternalError> {
    let place = place(organiser, slot, revision);
    Ok(key.open(&place, sealed).inspect_err(|_| {
        let StatementKey { creche, kind, month } = slot;
        tracing::error!(
            %creche,
            kind = kind.name(),
            %month,
            revision,
            "integrity alert: a kept document does not open at its place"
        );
    })?)
}

/// The statement of a stored text: compact, or JSON, as kinds without a compact form and earlier versions store it.
fn read_stored<S: Statement>(text: &[u8]) -> Result<S, InternalError> {
    if text.first() == Some(&b'{') {
        return Ok(serde_json::from_slice(text)?);
    }
    std::str::from_utf8(text).ok().and_then(S::from_compact).ok_or(InternalError::DocumentForm)
}
