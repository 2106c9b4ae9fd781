//! A register that is deposited: read, validated against the stored one; only the differences are written.

use super::number_questions::compare as compare_numbers;
use super::person_changes::{PersonChange, PersonSealer, SealedChanges};
use super::register_view::{RegisterExtent, RegisterView};
use super::{StaffError, StaffVerdict, revision_author};
use crate::app::caller::Caller;
use crate::app::deposit::{self, DepositEnd, DepositError, DepositOptions, SentDocument, ValidDocument, Validation};
use crate::app::document::{annotate_if_requested, parse_document};
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, Precondition, PreconditionError, WorkSize, run_blocking};
use crate::domain::action::RecordedAction;
use crate::domain::announced_rules::Severities;
use crate::domain::deposit::{DepositOutcome, DepositSubject};
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, FindingPlace, Findings};
use crate::domain::raw::Field;
use crate::domain::staff::compare::{RegisterChanges, compare};
use crate::domain::staff::raw::{RawMember, RawRegister};
use crate::domain::staff::{Member, RegisterContext, build, validation};
use crate::domain::statement::Channel;
use crate::ingest::{DocumentForm, ParsedDocument};
use crate::store::Tx;
use crate::store::staff::RegisterRecord;
use crate::words::Language;

/// A register that is sent.
pub struct RegisterDeposit {
    /// The declared format.
    pub form: DocumentForm,
    /// The document.
    pub bytes: Vec<u8>,
    /// The options of the request.
    pub options: DepositOptions,
}

/// The result of a deposit of a register.
#[derive(Debug)]
pub struct AcceptedRegister {
    /// Whether this was written.
    pub written: bool,
    /// The revision afterwards; 0 where nothing was ever written.
    pub revision: u64,
    /// How many persons the document names.
    pub members: usize,
    /// The changes, written or not.
    pub changes: RegisterChanges,
    /// Warnings.
    pub warnings: Findings,
    outcome: DepositOutcome,
}

impl StaffVerdict for AcceptedRegister {
    fn outcome(&self) -> DepositOutcome {
        self.outcome
    }
}

/// Validates a register and, unless it is a dry run or has errors, writes the changes. No person is removed.
pub async fn deposit(app: &App, caller: &Caller, deposit: RegisterDeposit) -> Result<AcceptedRegister, StaffError> {
    let RegisterDeposit { form, bytes, options } = deposit;
    let is_tried = options.dry_run || caller.is_trial();
    let document = parse_document(app, caller.organiser, (form, bytes), ()).await?;
    deposit::deposit(app, caller, SentRegister { document, is_tried }, options).await
}

/// A register that was read.
struct SentRegister {
    document: ParsedDocument<RawRegister>,
    /// Whether it is a dry run.
    is_tried: bool,
}

impl SentDocument for SentRegister {
    type Valid = ValidRegister;
    type Error = StaffError;

    async fn validate(&mut self, app: &App, caller: &Caller) -> Result<Validation<ValidRegister>, StaffError> {
        let view = RegisterView::read_to_write(app, caller, RegisterExtent::Everybody).await?;
        view.require_whole_reach()?;
        let numbers = compare_numbers(&view, self.document.raw.iter().flat_map(persons), None).await?;
        let not_compared = numbers.warning(FindingPlace::at("/members"));
        let (parsed, findings) = {
            let mut context = view.context();
            context.mismatched = numbers.mismatched;
            self.document.validate_again(Severities::on(caller.clock.today()), |raw| {
                let mut findings = validation::register(raw, &context);
                findings.extend(not_compared);
                (parsed(raw, &context), findings)
            })
        };
        let turn = view.turn();
        let Some(parsed) = parsed else { return Ok(Validation { valid: None, findings, turn }) };
        let valid = Some(self.changes(&view, parsed).await?);
        Ok(Validation { valid, findings, turn })
    }

    async fn validate_again(
        &mut self,
        app: &App,
        caller: &Caller,
        _: (ValidRegister, Findings),
    ) -> Result<Validation<ValidRegister>, StaffError> {
        self.validate(app, caller).await
    }

    fn subject(&self) -> DepositSubject {
        DepositSubject::StaffRegister
    }

    fn channel(&self) -> Channel {
        self.document.channel
    }

    fn refusal(&self) -> Record {
        Record::of(EventType::StaffRefused)
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

impl SentRegister {
    /// The changes of the document's persons, sealed unless it is a dry run.
    async fn changes(
        &self,
        view: &RegisterView<'_>,
        parsed: Vec<ParsedPerson>,
    ) -> Result<ValidRegister, InternalError> {
        let stored = |at: usize| (view.stored[at].id, &view.stored[at].member);
        let pairs = parsed.iter().map(|(member, at)| (member, at.map(stored)));
        let changes = compare(pairs, view.stored.iter().map(|person| (person.id, &person.member)));
        let exceeded = view.exceeded(changes.added.len());
        let members = parsed.len();
        let sealed = if self.is_tried || exceeded.is_some() || changes.is_nothing() {
            SealedChanges::default()
        } else {
            seal(view, parsed).await?
        };
        let channel = self.document.channel;
        Ok(ValidRegister { last: view.last, channel, members, changes, exceeded, sealed })
    }
}

/// A person of the document, with the index of the stored person that is replaced.
type ParsedPerson = (Member, Option<usize>);

/// Seals the new and changed persons, outside the threads that serve requests.
async fn seal(view: &RegisterView<'_>, parsed: Vec<ParsedPerson>) -> Result<SealedChanges, InternalError> {
    let differs = |(member, at): &ParsedPerson| at.is_none_or(|at| view.stored[at].member != *member);
    let change = |(member, at): ParsedPerson| PersonChange::new(view, member, at);
    let changes: Vec<_> = parsed.into_iter().filter(differs).map(change).collect();
    let sealer = PersonSealer::of(view);
    run_blocking(view.caller.organiser, WorkSize::Light, move || sealer.seal(&changes)).await?
}

/// A register without errors: its changes.
struct ValidRegister {
    /// The revision of the register against which it was validated.
    last: RegisterRecord,
    channel: Channel,
    members: usize,
    changes: RegisterChanges,
    exceeded: Option<Finding>,
    sealed: SealedChanges,
}

impl ValidDocument for ValidRegister {
    type Current = u64;
    type Accepted = AcceptedRegister;

    fn current(&mut self) -> u64 {
        self.last.revision
    }

    fn is_stored(&self, _: &u64) -> bool {
        self.changes.is_nothing()
    }

    fn revision(current: &u64) -> Option<u64> {
        Some(*current)
    }

    /// An empty register needs no precondition.
    fn check(&self, precondition: &Precondition, revision: &u64) -> Result<(), PreconditionError> {
        match precondition {
            Precondition::Any if *revision == 0 => Ok(()),
            precondition => precondition.check(Some(*revision).filter(|revision| *revision > 0)),
        }
    }

    fn exceeded(&self, _: &App, _: &u64) -> Option<Finding> {
        self.exceeded.clone()
    }

    async fn try_out(&mut self, _: &mut Tx, _: &Caller) -> Result<(), InternalError> {
        Ok(())
    }

    async fn write(
        &mut self,
        work: &mut UnitOfWork<'_>,
        caller: &Caller,
        _: &Findings,
        _: &u64,
    ) -> Result<(u64, Record), DepositError> {
        let by = (revision_author(caller, self.channel), work.at());
        let revision = self.sealed.write(work, (caller.organiser, self.last), by).await?;
        let creches = std::mem::take(&mut self.sealed.creches);
        Ok((revision, Record::of(RecordedAction::StaffRegisterReplaced).concerning(creches)))
    }

    fn accepted(self, warnings: Findings, end: DepositEnd, current: u64) -> AcceptedRegister {
        AcceptedRegister {
            written: end.outcome == DepositOutcome::Accepted,
            revision: end.revision.unwrap_or(current),
            members: self.members,
            changes: self.changes,
            warnings,
            outcome: end.outcome,
        }
    }
}

/// The persons of a document, where they could be read.
fn persons(raw: &RawRegister) -> impl Iterator<Item = &RawMember> {
    raw.members.get().into_iter().flat_map(|members| &members.0).filter_map(Field::get)
}

/// Every person with the index of the stored one, when every field has its shape.
fn parsed(raw: &RawRegister, context: &RegisterContext<'_>) -> Option<Vec<ParsedPerson>> {
    let person = |raw: &Field<RawMember>| {
        let raw = raw.get()?;
        Some((build(raw.clone(), context)?, context.position(raw)))
    };
    raw.members.get()?.0.iter().map(person).collect()
}
