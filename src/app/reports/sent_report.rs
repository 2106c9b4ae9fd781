//! The draft of a report that was sent: read, validated, and stored as the next revision.

use super::AcceptedReport;
use super::form::beginning;
use super::inputs::{ReportInputs, open_report};
use crate::app::caller::Caller;
use crate::app::deposit::{DepositError, SentDocument, Validation};
use crate::app::document::{annotate_if_requested, parse_document};
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::statements::new_revision::{NewRevision, RevisionContent, ValidRevision, WrittenRevision};
use crate::app::{App, creches};
use crate::domain::announced_rules::Severities;
use crate::domain::claim::{ClaimState, Freeze};
use crate::domain::creche::Creche;
use crate::domain::deposit::DepositSubject;
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::domain::period::Quarter;
use crate::domain::report::raw::RawReport;
use crate::domain::report::{self, Report, ReportFigures};
use crate::domain::standing_facts::StandingFacts;
use crate::domain::statement::{Channel, StatementKey};
use crate::ingest::report::ExpectedSalaries;
use crate::ingest::{DocumentForm, ParsedDocument};
use crate::seal::Compressed;
use crate::store::Tx;
use crate::store::statements::{CrecheStatement, CurrentStatement};
use crate::words::Language;

/// The draft of a report.
pub enum SubmittedReport {
    /// A JSON text.
    Json(Vec<u8>),
    /// A workbook with the salaries, which replace those of the stored draft.
    Salaries(Vec<u8>),
    /// What a user typed in.
    Typed(Box<RawReport>),
}

/// A draft that was sent for a crèche and a quarter.
pub(super) struct SentReport {
    key: StatementKey,
    creche: Creche,
    current: Option<CurrentStatement>,
    freeze: Freeze,
    /// The stored draft.
    stored: Option<Report>,
    inputs: ReportInputs,
    document: ParsedDocument<RawReport>,
    /// Whether the document has the salaries only.
    is_salaries: bool,
}

impl SentReport {
    /// The parsed document, with all that it is validated against as it is now.
    pub(super) async fn new(
        app: &App,
        caller: &Caller,
        key: StatementKey,
        document: SubmittedReport,
    ) -> Result<Self, DepositError> {
        let found = creches::find_with_statement(&mut app.db.read_once().await?, caller, key).await?;
        let CrecheStatement { creche, current, freeze } = found;
        let (stored, inputs) = read_inputs(app, caller, key, current.as_ref()).await?;
        let is_salaries = matches!(document, SubmittedReport::Salaries(_));
        let document = match document {
            SubmittedReport::Typed(raw) => ParsedDocument::of_fields(*raw),
            SubmittedReport::Json(text) => {
                let expected = ExpectedSalaries::unnamed(key.month.quarter());
                parse_document(app, caller.organiser, (DocumentForm::Json, text), expected).await?
            }
            SubmittedReport::Salaries(bytes) => {
                let expected = expected_salaries(&inputs, &creche, key.month.quarter());
                parse_document(app, caller.organiser, (DocumentForm::Workbook, bytes), expected).await?
            }
        };
        Ok(Self { key, creche, current, freeze, stored, inputs, document, is_salaries })
    }

    fn quarter(&self) -> Quarter {
        self.key.month.quarter()
    }

    /// The report, when there are no errors, and all findings. Salaries alone are added to `draft`.
    fn parsed(&self, caller: &Caller, draft: Option<RawReport>) -> (Option<Report>, Findings) {
        let context = self.inputs.context(caller, &self.creche, self.quarter());
        self.document.validate_again(Severities::on(caller.clock.today()), |sent| {
            let named = draft.as_ref().map(|draft| report::ids_of(draft, &context));
            let raw = match draft {
                Some(draft) => report::with_staff_of(draft, sent),
                None => sent.clone(),
            };
            let findings = report::validate(&raw, &context);
            let report = report::build(raw, &context).map(|report| match named {
                Some(named) => report.without_unclaimed(&named),
                None => report,
            });
            (report, findings)
        })
    }
}

/// The stored draft, and what the rules need besides the document.
async fn read_inputs(
    app: &App,
    caller: &Caller,
    key: StatementKey,
    current: Option<&CurrentStatement>,
) -> Result<(Option<Report>, ReportInputs), InternalError> {
    let stored = match current {
        Some(current) => {
            let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
            let tx = &mut app.db.read_once().await?;
            Some(open_report(tx, caller.organiser, &data_key, key, current.revision.revision).await?)
        }
        None => None,
    };
    let inputs = ReportInputs::read(app, caller, key, stored.as_ref()).await?;
    Ok((stored, inputs))
}

/// What a workbook of salaries is compared with.
fn expected_salaries(inputs: &ReportInputs, creche: &Creche, quarter: Quarter) -> ExpectedSalaries {
    let named = inputs.named_staff().filter_map(|(person, name)| Some((person.reference.clone(), name?.clone())));
    let creche = vec![creche.id.to_string(), creche.name.clone(), creche.one_number.clone()];
    ExpectedSalaries { creche, quarter, names: named.collect() }
}

impl SentDocument for SentReport {
    type Valid = ValidRevision<ReportContent>;
    type Error = DepositError;

    async fn validate(
        &mut self,
        app: &App,
        caller: &Caller,
    ) -> Result<Validation<ValidRevision<ReportContent>>, DepositError> {
        let draft = match (self.is_salaries, self.stored.take()) {
            (true, Some(stored)) => Some(report::into_raw(stored, self.inputs.staff())),
            (true, None) => Some(beginning(app, caller, self.key, &self.inputs).await?),
            (false, _) => None,
        };
        let (report, findings) = self.parsed(caller, draft);
        let Some(report) = report else { return Ok(Validation { valid: None, findings, turn: None }) };
        let text = serde_json::to_vec(&report.canonical()).map_err(InternalError::from)?;
        let mut new = NewRevision {
            key: self.key,
            channel: self.document.channel,
            data_key: app.vault.organiser_key(&app.db, caller.organiser).await?,
            fingerprint: app.vault.index_key().hash("stored report", &[&text]),
            document: Compressed::new(&text),
            has_former_fingerprint: false,
            // Salaries are sealed: no sums are stored in clear.
            totals: "{}".to_owned(),
            lines: report.staff.len(),
            facts: StandingFacts::default(),
            current: self.current.take(),
            freeze: self.freeze,
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
        (self.creche, self.current, self.freeze) = (found.creche, found.current, found.freeze);
        (self.stored, self.inputs) = read_inputs(app, caller, self.key, self.current.as_ref()).await?;
        self.validate(app, caller).await
    }

    fn subject(&self) -> DepositSubject {
        self.key.into()
    }

    fn channel(&self) -> Channel {
        self.document.channel
    }

    fn refusal(&self) -> Record {
        Record::of(EventType::refusal(report::KIND)).creche(self.key.creche).period(self.key.period())
    }

    async fn annotated(
        self,
        caller: &Caller,
        findings: Findings,
        language: Option<Language>,
    ) -> Result<Option<Vec<u8>>, InternalError> {
        annotate_if_requested(caller.organiser, self.document, findings, language).await
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
