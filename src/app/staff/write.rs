//! One person entered or changed.

use super::transaction::{RegisterExtent, RegisterTransaction};
use super::{StaffError, StaffPerson, StaffVerdict, invalid, outcome, recorded};
use crate::app::caller::Caller;
use crate::app::{App, Precondition, SubmittedDocument};
use crate::domain::deposit::DepositOutcome;
use crate::domain::finding::{ExistingItem, Finding, FindingPlace, Findings, Param};
use crate::domain::key::Scope;
use crate::domain::rules::staff::{DUPLICATE_REFERENCE, DUPLICATE_SSIN, FAMILY_NAME_MISMATCH, KNOWN, REFERENCE_TAKEN};
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{Member, StoredPerson, build, kept_sections, number, validation};
use crate::domain::statement::Channel;
use crate::ids::StaffMemberId;
use crate::ingest::schema::{STAFF_MEMBER, STAFF_MEMBER_CHANGE};
use crate::store::WritePurpose;

/// What became of a person.
#[derive(Debug)]
pub struct WrittenPerson {
    /// As the person is now, or would be.
    pub person: StaffPerson,
    /// Whether this was written.
    pub written: bool,
    /// What somebody should look at.
    pub warnings: Findings,
    outcome: DepositOutcome,
}

impl StaffVerdict for WrittenPerson {
    fn outcome(&self) -> DepositOutcome {
        self.outcome
    }
}

/// How a person is sent.
#[derive(Clone, Copy)]
struct PersonSubmission {
    channel: Channel,
    /// Whether only the verdict is wanted, or may be had.
    is_tried: bool,
}

impl PersonSubmission {
    fn of<R>(document: &SubmittedDocument<'_, R>, caller: &Caller, dry_run: bool) -> Self {
        Self { channel: document.channel(), is_tried: dry_run || caller.only_tries() }
    }
}

/// Enters a person. Somebody whom the organiser has in crèches out of the caller's reach gets what is said besides what is
/// held; tried only, that is answered like somebody nobody has.
pub async fn add(
    app: &App,
    caller: &Caller,
    document: SubmittedDocument<'_, RawMember>,
    dry_run: bool,
) -> Result<WrittenPerson, StaffError> {
    let sending = PersonSubmission::of(&document, caller, dry_run);
    let added = added(app, caller, document.read(STAFF_MEMBER), sending).await;
    recorded(app, caller, sending.channel, sending.is_tried, added).await
}

async fn added(
    app: &App,
    caller: &Caller,
    (raw, mut shape): (Option<RawMember>, Findings),
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let raw = raw.unwrap_or_default();
    let mut register = RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::Content).await?;
    if let Some(known) = register.context().find_held(&raw) {
        let same = raw.reference.get().is_some_and(|reference| reference.0 == known.member.reference);
        let finding = Finding::new(&KNOWN, FindingPlace::default().field(if same { "reference" } else { "ssin" }));
        let finding = finding.existing(ExistingItem::StaffMember(known.id));
        return Err(invalid([finding].into_iter().chain(shape).collect()));
    }
    let unseen = number(&raw).and_then(|ssin| register.find_hidden(&ssin));
    shape.extend(conflicts(&register, unseen, &raw));
    shape.extend(register.cap_exceeded(usize::from(unseen.is_none())).await?.into_iter().collect());
    let (register, member, warnings) = validated_member(register, raw, shape, None).await?;
    let at = unseen.filter(|_| !sending.is_tried);
    let member = at.map_or(member.clone(), |at| register.held[at].member.entered_again(member, caller.reach()));
    store_unless_dry_run(register, at, member, warnings, sending).await
}

/// Changes what is told of a person.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: StaffMemberId,
    precondition: &Precondition,
    document: SubmittedDocument<'_, RawMember>,
    dry_run: bool,
) -> Result<WrittenPerson, StaffError> {
    let sending = PersonSubmission::of(&document, caller, dry_run);
    let (raw, shape) = document.read(STAFF_MEMBER_CHANGE);
    // Whom a new reference or number would clash with is known only once everybody is opened.
    let clashes = raw.as_ref().is_some_and(|raw| !raw.reference.is_absent() || number(raw).is_some());
    let extent = if clashes { RegisterExtent::Everybody } else { RegisterExtent::One(id) };
    let register = RegisterTransaction::open(app, caller, extent, WritePurpose::Content).await?;
    let changed = changed(register, id, precondition, (raw, shape), sending).await;
    recorded(app, caller, sending.channel, sending.is_tried, changed).await
}

/// Corrects who a person is, by a form that says all of it: what is missing there is missing.
pub async fn identify(
    app: &App,
    caller: &Caller,
    id: StaffMemberId,
    precondition: &Precondition,
    identification: RawMember,
) -> Result<WrittenPerson, StaffError> {
    let document = SubmittedDocument::Fields(identification);
    let sending = PersonSubmission::of(&document, caller, false);
    let read = document.read(STAFF_MEMBER);
    let register = RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::Content).await?;
    let changed = changed(register, id, precondition, read, sending).await;
    recorded(app, caller, sending.channel, sending.is_tried, changed).await
}

async fn changed(
    register: RegisterTransaction<'_>,
    id: StaffMemberId,
    precondition: &Precondition,
    (raw, mut shape): (Option<RawMember>, Findings),
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let caller = register.caller;
    let at = register.position_of(id)?;
    let (before, seen) = (register.held[at].member.clone(), StoredPerson { id, member: register.person(at).member });
    let raw = raw.unwrap_or_default();
    shape.extend(conflicts(&register, Some(at), &raw));
    let held = kept_sections(seen.member.clone().into_raw(), caller.may(Scope::StaffDocumentsWrite));
    let (mut register, member, warnings) = validated_member(register, raw.over(held), shape, Some(&seen)).await?;
    let (member, shared) = member.written_over(&before, caller.reach());
    if shared.has_errors() {
        return Err(register.commit(invalid(shared)).await?);
    }
    if member == before {
        let (person, outcome, revision) =
            (register.person(at), outcome(sending.is_tried, false), register.revision().await?);
        register.record_acceptance(sending.channel, outcome, &warnings, revision).await?;
        return Ok(register.commit(WrittenPerson { person, written: false, warnings, outcome }).await?);
    }
    if !sending.is_tried
        && let Err(blocked) = precondition.check(Some(register.person(at).version))
    {
        return Err(register.commit(blocked).await?.into());
    }
    store_unless_dry_run(register, Some(at), member, warnings, sending).await
}

/// Others of the register who have the reference or the number that the person at `at` is to get; nobody yet at none. Of
/// somebody whom the caller does not see it is told that a reference is taken, and of a number what is told of one that
/// the agency knows under another name.
fn conflicts(register: &RegisterTransaction<'_>, at: Option<usize>, raw: &RawMember) -> Findings {
    let mut findings = Findings::default();
    let others = register.held.iter().enumerate().filter(|(other, _)| Some(*other) != at);
    for StoredPerson { id, member } in others.map(|(_, known)| known) {
        let found = |rule, seen: bool, field| {
            let finding = Finding::new(rule, FindingPlace::default().field(field));
            if seen { finding.existing(ExistingItem::StaffMember(*id)) } else { finding }
        };
        let seen = member.is_within(register.caller.reach());
        if raw.reference.get().is_some_and(|reference| reference.0 == member.reference) {
            let rule = if seen { &DUPLICATE_REFERENCE } else { &REFERENCE_TAKEN };
            findings.push(found(rule, seen, "reference"));
        }
        let same_number = member.ssin.is_some() && member.ssin == number(raw);
        if same_number && seen {
            findings.push(found(&DUPLICATE_SSIN, seen, "ssin"));
        } else if same_number {
            let help = Param::Code(register.app.staff.help_desk.clone());
            let finding = Finding::new(&FAMILY_NAME_MISMATCH, FindingPlace::default().field("familyName"));
            findings.push(finding.with("helpDesk", help));
        }
    }
    findings
}

/// The person, when nothing speaks against it, and the warnings. What was asked about numbers counts also where the person
/// is refused.
async fn validated_member<'a>(
    mut register: RegisterTransaction<'a>,
    raw: RawMember,
    mut findings: Findings,
    about: Option<&StoredPerson>,
) -> Result<(RegisterTransaction<'a>, Member, Findings), StaffError> {
    let compared = match register.compare(std::iter::once(&raw), about).await {
        Err(refusal @ StaffError::TooOften { .. }) => return Err(register.commit(refusal).await?),
        compared => compared?,
    };
    findings.extend(compared.warning(FindingPlace::default().field("ssin")));
    let member = {
        let mut context = register.context();
        context.mismatched = compared.mismatched;
        let context = match about {
            Some(known) => context.about(known),
            None => context,
        };
        let rules = validation::member(&raw, &context);
        let new = rules.iter().filter(|finding| !findings.iter().any(|other| other == *finding)).cloned();
        findings.extend(new.collect());
        build(raw, &context)
    };
    match member {
        Some(member) if !findings.has_errors() => Ok((register, member, findings.folded())),
        _ => Err(register.commit(invalid(findings)).await?),
    }
}

/// Writes the person, unless it is only tried.
async fn store_unless_dry_run(
    mut register: RegisterTransaction<'_>,
    at: Option<usize>,
    member: Member,
    warnings: Findings,
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let (written, outcome) = (!sending.is_tried, outcome(sending.is_tried, true));
    if !written {
        register.record_acceptance(sending.channel, outcome, &warnings, 0).await?;
        let (id, created_at) = (StaffMemberId::new(&*register.app.clock), register.app.clock.now());
        let person =
            at.map_or(StaffPerson { id, member: member.clone(), created_at, version: 1 }, |at| register.person(at));
        let member = member.within_reach(register.caller.reach());
        return Ok(register
            .commit(WrittenPerson { person: StaffPerson { member, ..person }, written, warnings, outcome })
            .await?);
    }
    let id = register.store_person(&member, at).await?;
    let action = if at.is_some() { "staffMember.changed" } else { "staffMember.entered" };
    let revision = register.changed(action, Some(id)).await?;
    register.record_acceptance(sending.channel, outcome, &warnings, revision).await?;
    let person = register.person(at.unwrap_or(register.held.len() - 1));
    Ok(register.commit(WrittenPerson { person, written, warnings, outcome }).await?)
}
