//! Activity reports: a draft is deposited like a statement, read back, and compared with what was deposited for its
//! quarter.

pub(in crate::app) mod attachments;
pub(in crate::app) mod completeness;
mod form;
mod inputs;
mod read;
mod salaries;
mod sent_report;
pub(in crate::app) mod view;

pub use self::attachments::{
    Attachment, AttachmentError, add_attachment, attachments, read_attachment, remove_attachment,
};
pub use self::completeness::{ReportCompleteness, completeness};
pub use self::form::{FormPerson, ReportForm, form};
pub use self::inputs::statements_of;
pub(in crate::app) use self::inputs::{DepositedMonths, open_report};
pub use self::read::{ReportEntry, StoredReport, current_revision, list, read, revisions, stored_quarters};
pub use self::salaries::{SALARY_FILE, SalaryWorkbook, salary_workbook};
use self::sent_report::SentReport;
pub use self::sent_report::SubmittedReport;
use super::caller::Caller;
pub use super::deposit::{DepositError, DepositOptions};
use super::statements::{AcceptedDeposit, WriteOutcome};
use super::{App, deposit};
use crate::domain::claim::ClaimState;
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::{Period, Quarter};
use crate::domain::report::{self, ReportFigures};
use crate::domain::statement::StatementKey;
use crate::ids::CrecheId;
use crate::store::claims::ClaimKey;
use crate::store::{self, Tx};

/// The accepted draft of a report.
pub struct AcceptedReport {
    /// The crèche.
    pub creche: Creche,
    /// The quarter.
    pub quarter: Quarter,
    /// What was written.
    pub written: WriteOutcome,
    /// The current revision afterwards, if there is one.
    pub revision: Option<u32>,
    /// When the revision of this content was deposited, if there is one.
    pub deposited_at: Option<jiff::Timestamp>,
    /// Draft, signed, and so on.
    pub state: ClaimState,
    /// Its sums.
    pub figures: ReportFigures,
    /// Its warnings.
    pub warnings: Findings,
}

impl AcceptedDeposit for AcceptedReport {
    fn written(&self) -> WriteOutcome {
        self.written
    }
}

/// Validates a draft and, unless it is a dry run or has errors, stores it as the report's new revision.
pub async fn deposit(
    app: &App,
    caller: &Caller,
    (creche, quarter): (CrecheId, Quarter),
    document: SubmittedReport,
    options: DepositOptions,
) -> Result<AcceptedReport, DepositError> {
    let sent = SentReport::new(app, caller, key(creche, quarter), document).await?;
    let accepted = Box::pin(deposit::deposit(app, caller, sent, options)).await?;
    let claim = ClaimKey::new(caller.organiser, creche, quarter);
    let state = state_of(&mut app.db.read().await?, claim).await?;
    Ok(AcceptedReport { state, ..accepted })
}

/// The state of a report: a draft before its first signature.
async fn state_of(tx: &mut Tx, key: ClaimKey) -> Result<ClaimState, store::Error> {
    Ok(store::claims::find(tx, key).await?.map_or(ClaimState::Draft, |claim| claim.standing.state.for_organiser()))
}

/// The report of a crèche and quarter.
pub(in crate::app) fn key(creche: CrecheId, quarter: Quarter) -> StatementKey {
    StatementKey::at(creche, report::KIND, Period::Quarter(quarter))
}
