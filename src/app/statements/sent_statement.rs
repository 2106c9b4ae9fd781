//! A statement that was sent: read, and validated with the data that the rules need.

use super::super::App;
use super::super::caller::Caller;
use super::super::deposit::{DepositError, SentDocument, Validation};
use super::super::error::InternalError;
use super::super::marked_workbook::annotate_if_requested;
use super::super::record::Record;
use super::valid_statement::ValidStatement;
use super::validation::{UnreadStatement, ValidationResult, validate_deposit};
use crate::domain::creche::Creche;
use crate::domain::deposit::DepositSubject;
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Channel, StatementKey};
use crate::ingest::{DocumentForm, ParsedDocument, StatementFormat};
use crate::words::Language;

/// A statement that was sent for a crèche and month.
pub(super) struct SentStatement<S: StatementFormat> {
    unread: UnreadStatement,
    document: Option<ParsedDocument<S::Raw>>,
}

impl<S: StatementFormat> SentStatement<S> {
    /// The bytes, not parsed yet.
    pub(super) fn new(creche: Creche, month: Month, (form, bytes): (DocumentForm, Vec<u8>)) -> Self {
        Self { unread: UnreadStatement { creche, month, form, bytes }, document: None }
    }

    /// The crèche and the month.
    const fn key(&self) -> StatementKey {
        StatementKey { creche: self.unread.creche.id, kind: S::KIND, month: self.unread.month }
    }
}

impl<S: StatementFormat> SentDocument for SentStatement<S> {
    type Valid = ValidStatement<S::Totals>;
    type Error = DepositError;

    async fn validate(&mut self, app: &App, caller: &Caller) -> Result<Validation<Self::Valid>, DepositError> {
        let (ValidationResult { statement, findings }, document) =
            validate_deposit::<S>(app, caller, &mut self.unread).await?;
        let channel = document.channel;
        self.document = Some(document);
        let Some(statement) = statement else { return Ok(Validation { valid: None, findings, turn: None }) };
        let data_key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
        let (key, creche) = (self.key(), self.unread.creche.clone());
        let valid = ValidStatement { key, creche, channel, data_key, statement, effect: None };
        Ok(Validation { valid: Some(valid), findings, turn: None })
    }

    fn subject(&self) -> DepositSubject {
        self.key().into()
    }

    fn channel(&self) -> Channel {
        self.document.as_ref().map_or(Channel::Json, |document| document.channel)
    }

    fn refusal(&self) -> Record {
        let UnreadStatement { creche, month, .. } = &self.unread;
        Record::of(EventType::refusal(S::KIND)).creche(creche.id).period(Period::Month(*month))
    }

    async fn annotated(
        self,
        caller: &Caller,
        findings: Findings,
        language: Option<Language>,
    ) -> Result<Option<Vec<u8>>, InternalError> {
        let Some(document) = self.document else { return Ok(None) };
        annotate_if_requested(caller.organiser, document, findings, language).await
    }
}
