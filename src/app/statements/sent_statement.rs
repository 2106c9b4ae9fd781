//! A statement that was sent: read, and validated with the data that the rules need.

use super::super::caller::Caller;
use super::super::deposit::{DepositError, SentDocument, Validation};
use super::super::document::annotate_if_requested;
use super::super::error::InternalError;
use super::super::record::Record;
use super::super::{App, creches};
use super::new_revision::{NewRevision, ValidRevision};
use super::statement_content::StatementContent;
use super::validation::{
    PackedStatement, ParsedResult, UnreadStatement, ValidationResult, is_small, validate_deposit, validate_with_past,
};
use crate::domain::deposit::DepositSubject;
use crate::domain::event::EventType;
use crate::domain::finding::Findings;
use crate::domain::period::Month;
use crate::domain::rule::RuleSet;
use crate::domain::statement::{Channel, StatementKey};
use crate::ids::CrecheId;
use crate::ingest::{DocumentForm, ParsedDocument, StatementFormat};
use crate::store::statements::CrecheStatement;
use crate::words::Language;

/// A statement that was sent for a crèche and month.
pub(super) struct SentStatement<S: StatementFormat> {
    unread: UnreadStatement,
    document: Option<ParsedDocument<S::Raw>>,
}

impl<S: StatementFormat> SentStatement<S> {
    /// The bytes, not parsed yet, with the crèche and the current revision as they are now.
    pub(super) async fn new(
        app: &App,
        caller: &Caller,
        (creche, month): (CrecheId, Month),
        (form, bytes): (DocumentForm, Vec<u8>),
        rules: RuleSet,
    ) -> Result<Self, DepositError> {
        let key = StatementKey { creche, kind: S::KIND, month };
        let found = creches::find_with_statement(&mut app.db.read_before_write().await?, caller, key).await?;
        let CrecheStatement { creche, current, freeze } = found;
        let is_small = is_small(form, bytes.len());
        let unread = UnreadStatement { creche, month, form, bytes, rules, current, freeze, is_small };
        Ok(Self { unread, document: None })
    }

    /// The crèche and the month.
    const fn key(&self) -> StatementKey {
        StatementKey { creche: self.unread.creche.id, kind: S::KIND, month: self.unread.month }
    }

    /// The result of validating the document, sealed where it can be stored.
    async fn validated(
        &mut self,
        app: &App,
        caller: &Caller,
        (ValidationResult { statement, findings }, document): ParsedResult<S>,
    ) -> Result<Validation<ValidRevision<StatementContent<S::Totals>>>, DepositError> {
        let channel = document.channel;
        self.document = Some(document);
        let Some(statement) = statement else { return Ok(Validation { valid: None, findings, turn: None }) };
        let data_key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
        let PackedStatement { lines, totals, document, fingerprint, has_former_fingerprint, facts } = statement;
        let new = NewRevision {
            key: self.key(),
            channel,
            data_key,
            document,
            fingerprint,
            has_former_fingerprint,
            totals: serde_json::to_string(&totals).map_err(InternalError::from)?,
            lines,
            facts,
            current: self.unread.current.take(),
            freeze: self.unread.freeze,
            correction: None,
            sealed: Vec::new(),
        };
        let content = StatementContent { creche: self.unread.creche.clone(), totals, effect: None };
        let mut valid = ValidRevision { new, content };
        valid.new.seal(caller);
        Ok(Validation { valid: Some(valid), findings, turn: None })
    }
}

impl<S: StatementFormat> SentDocument for SentStatement<S> {
    type Valid = ValidRevision<StatementContent<S::Totals>>;
    type Error = DepositError;

    async fn validate(&mut self, app: &App, caller: &Caller) -> Result<Validation<Self::Valid>, DepositError> {
        let result = validate_deposit::<S>(app, caller, &mut self.unread).await?;
        self.validated(app, caller, result).await
    }

    /// The current revision is read again. The document is validated again where rules depend on earlier revisions, and
    /// else is only sealed for the next number.
    async fn validate_again(
        &mut self,
        app: &App,
        caller: &Caller,
        (mut valid, findings): (Self::Valid, Findings),
    ) -> Result<Validation<Self::Valid>, DepositError> {
        let found = creches::find_with_statement(&mut app.db.read_before_write().await?, caller, valid.new.key).await?;
        let current = found.current;
        self.unread.freeze = found.freeze;
        if let Some(document) = self.document.take_if(|document| document.raw.is_some()) {
            self.unread.current = current;
            let result = validate_with_past::<S>(app, caller, &self.unread, document).await?;
            return self.validated(app, caller, result).await;
        }
        valid.new.has_former_fingerprint = false;
        valid.new.current = current;
        valid.new.freeze = found.freeze;
        valid.new.seal(caller);
        Ok(Validation { valid: Some(valid), findings, turn: None })
    }

    fn subject(&self) -> DepositSubject {
        self.key().into()
    }

    fn channel(&self) -> Channel {
        self.document.as_ref().map_or(Channel::Json, |document| document.channel)
    }

    fn refusal(&self) -> Record {
        let key = self.key();
        Record::of(EventType::refusal(key.kind)).creche(key.creche).period(key.period())
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
