//! The draft of a report that was sent: read, validated, and stored as the next revision.

use super::AcceptedReport;
use super::inputs::{ReportInputs, open_report};
use crate::app::caller::Caller;
use crate::app::deposit::{DepositError, SentDocument, Validation};
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::statements::new_revision::{NewRevision, RevisionContent, ValidRevision, WrittenRevision};
use crate::app::{App, WorkSize, creches, run_blocking};
use crate::domain::claim::ClaimState;
use crate::domain::creche::Creche;
use crate::domain::deposit::DepositSubject;
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::period::Quarter;
use crate::domain::report::raw::RawReport;
use crate::domain::report::{self, Report, ReportFigures};
use crate::domain::rules::document::NOT_UNDERSTOOD;
use crate::domain::standing_facts::StandingFacts;
use crate::domain::statement::{Channel, StatementKey};
use crate::ingest::json;
use crate::ingest::schema::{ACTIVITY_REPORT, Schemas};
use crate::seal::Compressed;
use crate::store::Tx;
use crate::store::statements::{CrecheStatement, CurrentStatement};
use crate::words::Language;

/// The draft of a report.
pub enum SubmittedReport {
    /// A JSON text.
    Json(Vec<u8>),
    /// What a user typed in.
    Typed(Box<RawReport>),
}

/// A draft that was sent for a crèche and a quarter.
pub(super) struct SentReport {
    key: StatementKey,
    creche: Creche,
    current: Option<CurrentStatement>,
    is_frozen: bool,
    channel: Channel,
    raw: Option<RawReport>,
    shape: Findings,
}

impl SentReport {
    /// The parsed document, with the crèche and the current revision as they are now.
    pub(super) async fn new(
        app: &App,
        caller: &Caller,
        key: StatementKey,
        document: SubmittedReport,
    ) -> Result<Self, DepositError> {
        let found = creches::find_with_statement(&mut app.db.read_once().await?, caller, key).await?;
        let (channel, (raw, shape)) = match document {
            SubmittedReport::Json(text) => {
                let read = move || json::read(&text, ACTIVITY_REPORT, Schemas::shared());
                let read = run_blocking(caller.organiser, WorkSize::Heavy, read).await?;
                (Channel::Json, read)
            }
            SubmittedReport::Typed(raw) => {
                let shape = Schemas::shared().validate(ACTIVITY_REPORT, &json::value_of(&raw));
                (Channel::Console, (Some(*raw), shape))
            }
        };
        let CrecheStatement { creche, current, is_frozen } = found;
        Ok(Self { key, creche, current, is_frozen, channel, raw, shape })
    }

    fn quarter(&self) -> Quarter {
        self.key.month.quarter()
    }

    /// The report, when there are no errors, and all findings.
    fn parsed(&self, caller: &Caller, inputs: &ReportInputs) -> (Option<Report>, Findings) {
        let mut findings = self.shape.clone();
        let Some(raw) = &self.raw else { return (None, findings.folded()) };
        let context = inputs.context(caller, &self.creche, self.quarter());
        findings.extend(report::validate(raw, &context));
        let mut findings = findings.folded();
        let report = report::build(raw.clone(), &context).filter(|_| !findings.has_errors());
        if report.is_none() && !findings.has_errors() {
            // A document that cannot be parsed is never refused without a finding.
            findings.push(Finding::new(&NOT_UNDERSTOOD, FindingPlace::default()));
        }
        (report, findings)
    }
}

impl SentDocument for SentReport {
    type Valid = ValidRevision<ReportContent>;
    type Error = DepositError;

    async fn validate(
        &mut self,
        app: &App,
        caller: &Caller,
    ) -> Result<Validation<ValidRevision<ReportContent>>, DepositError> {
        let stored = match &self.current {
            Some(current) => {
                let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
                let tx = &mut app.db.read_once().await?;
                Some(open_report(tx, caller, &key, self.key, current.revision.revision).await?)
            }
            None => None,
        };
        let inputs = ReportInputs::read(app, caller, self.key, stored.as_ref()).await?;
        let (report, findings) = self.parsed(caller, &inputs);
        let Some(report) = report else { return Ok(Validation { valid: None, findings, turn: None }) };
        let text = serde_json::to_vec(&report.canonical()).map_err(InternalError::from)?;
        let mut new = NewRevision {
            key: self.key,
            channel: self.channel,
            data_key: app.vault.organiser_key(&app.db, caller.organiser).await?,
            fingerprint: app.vault.index_key().hash("stored report", &[&text]),
            document: Compressed::new(&text),
            has_former_fingerprint: false,
            // Salaries are sealed: no sums are stored in clear.
            totals: "{}".to_owned(),
            lines: report.staff.len(),
            facts: StandingFacts::default(),
            current: self.current.take(),
            is_frozen: self.is_frozen,
            correction: None,
            sealed: Vec::new(),
        };
        new.seal(caller);
        let figures = ReportFigures::of(&report);
        let content = ReportContent { creche: self.creche.clone(), figures };
        let valid = Some(ValidRevision { new, content });
        Ok(Validation { valid, findings, turn: None })
    }

    async fn validate_again(
        &mut self,
        app: &App,
        caller: &Caller,
        _: (ValidRevision<ReportContent>, Findings),
    ) -> Result<Validation<ValidRevision<ReportContent>>, DepositError> {
        let found = creches::find_with_statement(&mut app.db.read_once().await?, caller, self.key).await?;
        (self.creche, self.current, self.is_frozen) = (found.creche, found.current, found.is_frozen);
        self.validate(app, caller).await
    }

    fn subject(&self) -> DepositSubject {
        self.key.into()
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    fn refusal(&self) -> Record {
        Record::of(EventType::refusal(report::KIND)).creche(self.key.creche).period(self.key.period())
    }

    async fn annotated(self, _: &Caller, _: Findings, _: Option<Language>) -> Result<Option<Vec<u8>>, InternalError> {
        Ok(None)
    }
}

/// The sums of a draft without errors.
pub(super) struct ReportContent {
    creche: Creche,
    figures: ReportFigures,
}

impl RevisionContent for ReportContent {
    type Accepted = AcceptedReport;

    async fn try_out(&mut self, _: &mut Tx, _: &Caller, _: StatementKey) -> Result<(), InternalError> {
        Ok(())
    }

    fn accepted(self, new: NewRevision, written: WrittenRevision, warnings: Findings) -> AcceptedReport {
        let WrittenRevision { written, revision, deposited_at, .. } = written;
        AcceptedReport {
            creche: self.creche,
            quarter: new.key.month.quarter(),
            written,
            revision,
            deposited_at,
            state: ClaimState::Draft,
            figures: self.figures,
            warnings,
        }
    }
}
