//! Activity reports: a draft is deposited like a statement, read back, and compared with what was deposited for its
//! quarter.

mod completeness;
mod form;
mod inputs;
mod read;
mod sent_report;
mod view;

pub use self::completeness::{ReportCompleteness, completeness};
pub use self::form::{FormPerson, ReportForm, form};
pub use self::inputs::statements_of;
pub use self::read::{ReportEntry, StoredReport, current_revision, list, read, revisions, stored_quarters};
use self::sent_report::SentReport;
pub use self::sent_report::SubmittedReport;
use super::caller::Caller;
pub use super::deposit::{DepositError, DepositOptions};
use super::statements::{AcceptedDeposit, WriteOutcome};
use super::{App, deposit};
use crate::domain::creche::Creche;
use crate::domain::finding::Findings;
use crate::domain::period::{Period, Quarter};
use crate::domain::report::{self, ReportFigures};
use crate::domain::statement::StatementKey;
use crate::ids::CrecheId;

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
    Box::pin(deposit::deposit(app, caller, sent, options)).await
}

/// The report of a crèche and quarter.
fn key(creche: CrecheId, quarter: Quarter) -> StatementKey {
    StatementKey::at(creche, report::KIND, Period::Quarter(quarter))
}
