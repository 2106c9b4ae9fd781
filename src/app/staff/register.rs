//! The whole register: deposited as JSON or as a workbook, read back as either.

use super::transaction::{RegisterExtent, RegisterTransaction};
use super::{StaffError, StaffVerdict, invalid, outcome, recorded, refusal_outcome};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::marked_workbook::annotated;
use crate::app::record::VerdictContent;
use crate::app::{App, Precondition, PreconditionError, WorkSize, run_blocking};
use crate::domain::deposit::DepositOutcome;
use crate::domain::finding::{FindingPlace, Findings};
use crate::domain::key::Scope;
use crate::domain::raw::{Field, Label, List};
use crate::domain::staff::compare::{RegisterChanges, compare};
use crate::domain::staff::raw::{RawMember, RawRegister};
use crate::domain::staff::{Context, CrecheNames, Member, StoredPerson, build, kept_sections, validation};
use crate::domain::statement::Channel;
use crate::domain::text::Language;
use crate::ids::OrganiserId;
use crate::ingest::staff as workbook;
use crate::ingest::{DocumentForm, ParsedDocument};
use crate::store::{self, WritePurpose};

/// A register that is sent.
pub struct RegisterDeposit {
    /// The form that the sender says it has.
    pub form: DocumentForm,
    /// The document.
    pub bytes: Vec<u8>,
    /// Which revisions the sender knows and is willing to replace.
    pub precondition: Precondition,
    /// Only the verdict is wanted.
    pub dry_run: bool,
    /// A refused workbook is wanted back with its faults marked, in this language.
    pub annotate: Option<Language>,
}

/// What became of a register.
#[derive(Debug)]
pub struct AcceptedRegister {
    /// Whether this was written.
    pub written: bool,
    /// The revision afterwards; 0 where nothing was ever written.
    pub revision: u64,
    /// How many persons the document names.
    pub members: usize,
    /// What it changes, or would.
    pub changes: RegisterChanges,
    /// What somebody should look at.
    pub warnings: Findings,
    outcome: DepositOutcome,
}

impl StaffVerdict for AcceptedRegister {
    fn outcome(&self) -> DepositOutcome {
        self.outcome
    }
}

/// The register as it is.
#[derive(Debug)]
pub struct StaffRegister {
    /// Its revision; 0 before anybody was entered.
    pub revision: u64,
    /// The persons, without the digits of their numbers, and without what the caller may not see.
    pub document: RawRegister,
    /// What somebody should look at today.
    pub warnings: Findings,
}

/// Judges a register and, unless it is only tried or has errors, writes what it changes. Nobody is removed.
pub async fn deposit(app: &App, caller: &Caller, mut deposit: RegisterDeposit) -> Result<AcceptedRegister, StaffError> {
    let is_tried = deposit.dry_run || caller.only_tries();
    let mut reading = opened(app, caller.organiser, deposit.form, std::mem::take(&mut deposit.bytes)).await?;
    let mut register = RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::Content).await?;
    register.require_whole_reach()?;
    let members = reading.raw.iter().flat_map(persons);
    let compared = match register.compare(members, None).await {
        Err(refusal @ StaffError::TooOften { .. }) => return Err(register.commit(refusal).await?),
        compared => compared?,
    };
    let (parsed, findings) = {
        let not_compared = compared.warning(FindingPlace::at("/members"));
        let mut context = register.context();
        context.mismatched = compared.mismatched;
        reading.validate(|raw| {
            let mut findings = validation::register(&raw, &context);
            findings.extend(not_compared);
            (parsed(raw, &context), findings)
        })
    };
    let Some(parsed) = parsed else {
        if !is_tried {
            register.refused().await?;
        }
        let end = VerdictContent { outcome: refusal_outcome(is_tried), findings: &findings, revision: None };
        register.verdict(reading.channel, end).await?;
        let findings = register.commit(findings).await?;
        let annotated = annotated(caller.organiser, reading, findings.clone(), deposit.annotate).await?;
        return Err(StaffError::Invalid { findings, annotated });
    };
    let changes = {
        let pairs =
            parsed.iter().map(|(member, at)| (member, at.map(|at| (register.held[at].id, &register.held[at].member))));
        compare(pairs, register.held.iter().map(|known| (known.id, &known.member)))
    };
    if let Some(exceeded) = register.cap_exceeded(changes.added.len()).await? {
        let refusal = register.commit(invalid([exceeded].into_iter().chain(findings).collect())).await?;
        return recorded(app, caller, reading.channel, is_tried, Err(refusal)).await;
    }
    let mut done = AcceptedRegister {
        written: false,
        revision: register.revision().await?,
        members: parsed.len(),
        changes,
        warnings: findings,
        outcome: outcome(is_tried, false),
    };
    if is_tried || done.changes.is_nothing() {
        register.record_acceptance(reading.channel, done.outcome, &done.warnings, done.revision).await?;
        return Ok(register.commit(done).await?);
    }
    if let Err(blocked) = check_precondition(&deposit.precondition, done.revision) {
        return Err(register.commit(blocked).await?.into());
    }
    register.keep_all(&changed(&parsed, &register.held)).await?;
    done.revision = register.changed("staffRegister.replaced", None).await?;
    (done.written, done.outcome) = (true, DepositOutcome::Accepted);
    register.record_acceptance(reading.channel, done.outcome, &done.warnings, done.revision).await?;
    Ok(register.commit(done).await?)
}

/// The persons who are new or not as they are held.
fn changed<'a>(parsed: &'a [(Member, Option<usize>)], held: &[StoredPerson]) -> Vec<(&'a Member, Option<usize>)> {
    let all = parsed.iter().map(|(member, at)| (member, *at));
    all.filter(|(member, at)| at.is_none_or(|at| held[at].member != **member)).collect()
}

/// Whether the sender may replace what is there. Where nobody was entered yet, there is nothing to be known, and revision 0
/// may be.
fn check_precondition(precondition: &Precondition, revision: u64) -> Result<(), PreconditionError> {
    match precondition {
        Precondition::Known(known) if revision == 0 && known.contains(&0) => Ok(()),
        Precondition::Any if revision == 0 => Ok(()),
        precondition => precondition.check((revision > 0).then_some(revision)),
    }
}

/// The persons of a document, as far as they could be read.
fn persons(raw: &RawRegister) -> impl Iterator<Item = &RawMember> {
    raw.members.get().into_iter().flat_map(|members| &members.0).filter_map(Field::get)
}

/// Every person with the place of the one that is held, when every field has its shape.
fn parsed(raw: RawRegister, context: &Context<'_>) -> Option<Vec<(Member, Option<usize>)>> {
    let person = |raw: Field<RawMember>| {
        let raw = raw.take()?;
        let at = context.position(&raw);
        Some((build(raw, context)?, at))
    };
    raw.members.take()?.0.into_iter().map(person).collect()
}

async fn opened(
    app: &App,
    organiser: OrganiserId,
    form: DocumentForm,
    bytes: Vec<u8>,
) -> Result<ParsedDocument<RawRegister>, InternalError> {
    if form.channel(&bytes) == Channel::Xls {
        return Ok(ParsedDocument::of_xls(&bytes, &(), &app.xls).await);
    }
    run_blocking(organiser, WorkSize::Heavy, move || ParsedDocument::of(bytes, form, &())).await
}

/// The register, and what is to be looked at in it today.
pub async fn read(app: &App, caller: &Caller) -> Result<StaffRegister, StaffError> {
    let (register, revision, document) = opened_whole(app, caller).await?;
    let mut context = register.context();
    context.documents = true;
    let warnings = validation::standing(&document, &context).folded();
    drop(context);
    Ok(register.commit(StaffRegister { revision, document, warnings }).await?)
}

/// The register as a workbook, in which crèches stand by the agency's number.
pub async fn as_workbook(app: &App, caller: &Caller) -> Result<(u64, Vec<u8>), StaffError> {
    let (register, revision, mut document) = opened_whole(app, caller).await?;
    number_creches(&mut document, &register.creches);
    let document = register.commit(document).await?;
    Ok((revision, write(app, caller, document, 0).await?))
}

/// The whole register as the caller may see it. The look is recorded.
async fn opened_whole<'a>(
    app: &'a App,
    caller: &'a Caller,
) -> Result<(RegisterTransaction<'a>, u64, RawRegister), StaffError> {
    let mut register =
        RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::RecordOnly).await?;
    register.require_whole_reach()?;
    register.record("staff.read", None).await?;
    let revision = register.revision().await?;
    let documents = caller.may(Scope::StaffDocumentsRead);
    let members = register.held.iter().map(|known| kept_sections(known.member.clone().into_raw(), documents));
    let members = members.map(Field::Present).collect();
    Ok((register, revision, RawRegister { members: Field::Present(List(members)), ..RawRegister::default() }))
}

/// The revision of the register, for those who may replace the whole of it: nobody in it is looked at.
pub async fn revision(app: &App, caller: &Caller) -> Result<u64, StaffError> {
    let tx = &mut app.db.read().await?;
    let creches = store::creches::list(tx, caller.organiser).await?;
    if !creches.iter().all(|creche| caller.reaches(creche.id)) {
        return Err(StaffError::NotWhole);
    }
    let found = store::staff::register(tx, caller.organiser).await?;
    Ok(found.map_or(0, |register| register.revision))
}

/// An empty register to fill in.
pub async fn template(app: &App, caller: &Caller, rows: usize) -> Result<Vec<u8>, StaffError> {
    write(app, caller, RawRegister::default(), rows).await
}

async fn write(app: &App, caller: &Caller, document: RawRegister, rows: usize) -> Result<Vec<u8>, StaffError> {
    let organiser = crate::app::organisers::of(app, caller).await?.legal_name;
    let id = caller.organiser;
    let (today, documents) = (app.clock.today(), caller.may(Scope::StaffDocumentsRead));
    let written =
        run_blocking(id, WorkSize::Heavy, move || workbook::write(&document, &organiser, today, rows, documents))
            .await?;
    Ok(written.map_err(InternalError::from)?)
}

/// Puts the agency's numbers in the place of ids.
fn number_creches(document: &mut RawRegister, creches: &[CrecheNames]) {
    let Field::Present(List(members)) = &mut document.members else { return };
    for member in members {
        let Field::Present(RawMember { contracts: Field::Present(List(contracts)), .. }) = member else { continue };
        for contract in contracts {
            let Field::Present(contract) = contract else { continue };
            let Field::Present(List(functions)) = &mut contract.functions else { continue };
            for function in functions {
                let Field::Present(function) = function else { continue };
                let id = function.creche.get().and_then(|text| text.0.parse().ok());
                if let Some(place) = creches.iter().find(|place| Some(place.id) == id) {
                    function.creche = Field::Present(Label(place.one_number.clone()));
                }
            }
        }
    }
}
