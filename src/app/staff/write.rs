//! One person entered or changed.

use super::desk::{RegisterExtent, RegisterTransaction};
use super::{StaffError, StaffPerson, StaffVerdict, invalid, outcome, recorded};
use crate::app::caller::Caller;
use crate::app::{App, Precondition, SubmittedDocument};
use crate::domain::finding::{ExistingItem, Finding, FindingPlace, Findings, Param};
use crate::domain::key::Scope;
use crate::domain::rules::staff::{DUPLICATE_REFERENCE, DUPLICATE_SSIN, FAMILY_NAME_MISMATCH, KNOWN, REFERENCE_TAKEN};
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{HeldPerson, Member, build, judge, kept_sections, number};
use crate::domain::statement::Channel;
use crate::ids::StaffMemberId;
use crate::ingest::schema::{STAFF_MEMBER, STAFF_MEMBER_CHANGE};
use crate::store::WritePurpose;
use crate::store::verdicts::Outcome;

/// What became of a person.
#[derive(Debug)]
pub struct WrittenPerson {
    /// As the person is now, or would be.
    pub person: StaffPerson,
    /// Whether this was written.
    pub written: bool,
    /// What somebody should look at.
    pub warnings: Findings,
    outcome: Outcome,
}

impl StaffVerdict for WrittenPerson {
    fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// How a person is sent.
#[derive(Clone, Copy)]
struct PersonSubmission {
    door: Channel,
    /// Whether only the verdict is wanted, or may be had.
    is_tried: bool,
}

impl PersonSubmission {
    fn of<R>(document: &SubmittedDocument<'_, R>, caller: &Caller, dry_run: bool) -> Self {
        Self { door: document.door(), is_tried: dry_run || caller.only_tries() }
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
    recorded(app, caller, sending.door, sending.is_tried, added).await
}

async fn added(
    app: &App,
    caller: &Caller,
    (raw, mut shape): (Option<RawMember>, Findings),
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let raw = raw.unwrap_or_default();
    let mut desk = RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::Content).await?;
    if let Some(known) = desk.context().held(&raw) {
        let same = raw.reference.get().is_some_and(|reference| reference.0 == known.member.reference);
        let finding = Finding::new(&KNOWN, FindingPlace::default().field(if same { "reference" } else { "ssin" }));
        let finding = finding.existing(ExistingItem::StaffMember(known.id));
        return Err(invalid([finding].into_iter().chain(shape).collect()));
    }
    let unseen = number(&raw).and_then(|ssin| desk.unseen(&ssin));
    shape.extend(clash(&desk, unseen, &raw));
    shape.extend(desk.cap_exceeded(usize::from(unseen.is_none())).await?.into_iter().collect());
    let (desk, member, warnings) = judged(desk, raw, shape, None).await?;
    let at = unseen.filter(|_| !sending.is_tried);
    let member = at.map_or(member.clone(), |at| desk.held[at].member.entered_again(member, caller.reach()));
    finish(desk, at, member, warnings, sending).await
}

/// Changes what is told of a person.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: StaffMemberId,
    guard: &Precondition,
    document: SubmittedDocument<'_, RawMember>,
    dry_run: bool,
) -> Result<WrittenPerson, StaffError> {
    let sending = PersonSubmission::of(&document, caller, dry_run);
    let (raw, shape) = document.read(STAFF_MEMBER_CHANGE);
    // Whom a new reference or number would clash with is known only once everybody is opened.
    let clashes = raw.as_ref().is_some_and(|raw| !raw.reference.is_absent() || number(raw).is_some());
    let extent = if clashes { RegisterExtent::Everybody } else { RegisterExtent::One(id) };
    let desk = RegisterTransaction::open(app, caller, extent, WritePurpose::Content).await?;
    let changed = changed(desk, id, guard, (raw, shape), sending).await;
    recorded(app, caller, sending.door, sending.is_tried, changed).await
}

/// Corrects who a person is, by a form that says all of it: what is missing there is missing.
pub async fn identify(
    app: &App,
    caller: &Caller,
    id: StaffMemberId,
    guard: &Precondition,
    identification: RawMember,
) -> Result<WrittenPerson, StaffError> {
    let document = SubmittedDocument::Fields(identification);
    let sending = PersonSubmission::of(&document, caller, false);
    let read = document.read(STAFF_MEMBER);
    let desk = RegisterTransaction::open(app, caller, RegisterExtent::Everybody, WritePurpose::Content).await?;
    let changed = changed(desk, id, guard, read, sending).await;
    recorded(app, caller, sending.door, sending.is_tried, changed).await
}

async fn changed(
    desk: RegisterTransaction<'_>,
    id: StaffMemberId,
    guard: &Precondition,
    (raw, mut shape): (Option<RawMember>, Findings),
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let caller = desk.caller;
    let at = desk.reach(id)?;
    let (before, seen) = (desk.held[at].member.clone(), HeldPerson { id, member: desk.person(at).member });
    let raw = raw.unwrap_or_default();
    shape.extend(clash(&desk, Some(at), &raw));
    let held = kept_sections(seen.member.clone().into_raw(), caller.may(Scope::StaffDocumentsWrite));
    let (mut desk, member, warnings) = judged(desk, raw.over(held), shape, Some(&seen)).await?;
    let (member, shared) = member.written_over(&before, caller.reach());
    if shared.refuse() {
        return Err(desk.close(invalid(shared)).await?);
    }
    if member == before {
        let (person, outcome, revision) = (desk.person(at), outcome(sending.is_tried, false), desk.revision().await?);
        desk.judged_good(sending.door, outcome, &warnings, revision).await?;
        return Ok(desk.close(WrittenPerson { person, written: false, warnings, outcome }).await?);
    }
    if !sending.is_tried
        && let Err(blocked) = guard.admit(Some(desk.person(at).version))
    {
        return Err(desk.close(blocked).await?.into());
    }
    finish(desk, Some(at), member, warnings, sending).await
}

/// Others of the register who have the reference or the number that the person at `at` is to get; nobody yet at none. Of
/// somebody whom the caller does not see it is told that a reference is taken, and of a number what is told of one that
/// the agency knows under another name.
fn clash(desk: &RegisterTransaction<'_>, at: Option<usize>, raw: &RawMember) -> Findings {
    let mut findings = Findings::default();
    let others = desk.held.iter().enumerate().filter(|(other, _)| Some(*other) != at);
    for HeldPerson { id, member } in others.map(|(_, known)| known) {
        let found = |rule, seen: bool, field| {
            let finding = Finding::new(rule, FindingPlace::default().field(field));
            if seen { finding.existing(ExistingItem::StaffMember(*id)) } else { finding }
        };
        let seen = member.is_within(desk.caller.reach());
        if raw.reference.get().is_some_and(|reference| reference.0 == member.reference) {
            let rule = if seen { &DUPLICATE_REFERENCE } else { &REFERENCE_TAKEN };
            findings.push(found(rule, seen, "reference"));
        }
        let same_number = member.ssin.is_some() && member.ssin == number(raw);
        if same_number && seen {
            findings.push(found(&DUPLICATE_SSIN, seen, "ssin"));
        } else if same_number {
            let help = Param::Code(desk.app.staff.help_desk.clone());
            let finding = Finding::new(&FAMILY_NAME_MISMATCH, FindingPlace::default().field("familyName"));
            findings.push(finding.with("helpDesk", help));
        }
    }
    findings
}

/// The person, when nothing speaks against it, and the warnings. What was asked about numbers counts also where the person
/// is refused.
async fn judged<'a>(
    mut desk: RegisterTransaction<'a>,
    raw: RawMember,
    mut findings: Findings,
    about: Option<&HeldPerson>,
) -> Result<(RegisterTransaction<'a>, Member, Findings), StaffError> {
    let compared = match desk.compare(std::iter::once(&raw), about).await {
        Err(refusal @ StaffError::TooOften { .. }) => return Err(desk.close(refusal).await?),
        compared => compared?,
    };
    findings.extend(compared.warning(FindingPlace::default().field("ssin")));
    let member = {
        let mut context = desk.context();
        context.mismatched = compared.mismatched;
        let context = match about {
            Some(known) => context.about(known),
            None => context,
        };
        let rules = judge::member(&raw, &context);
        let new = rules.iter().filter(|finding| !findings.iter().any(|other| other == *finding)).cloned();
        findings.extend(new.collect());
        build(raw, &context)
    };
    match member {
        Some(member) if !findings.refuse() => Ok((desk, member, findings.folded())),
        _ => Err(desk.close(invalid(findings)).await?),
    }
}

/// Writes the person, unless it is only tried.
async fn finish(
    mut desk: RegisterTransaction<'_>,
    at: Option<usize>,
    member: Member,
    warnings: Findings,
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let (written, outcome) = (!sending.is_tried, outcome(sending.is_tried, true));
    if !written {
        desk.judged_good(sending.door, outcome, &warnings, 0).await?;
        let (id, created_at) = (StaffMemberId::new(&*desk.app.clock), desk.app.clock.now());
        let person =
            at.map_or(StaffPerson { id, member: member.clone(), created_at, version: 1 }, |at| desk.person(at));
        let member = member.within_reach(desk.caller.reach());
        return Ok(desk
            .close(WrittenPerson { person: StaffPerson { member, ..person }, written, warnings, outcome })
            .await?);
    }
    let id = desk.keep(&member, at).await?;
    let action = if at.is_some() { "staffMember.changed" } else { "staffMember.entered" };
    let revision = desk.changed(action, Some(id)).await?;
    desk.judged_good(sending.door, outcome, &warnings, revision).await?;
    let person = desk.person(at.unwrap_or(desk.held.len() - 1));
    Ok(desk.close(WrittenPerson { person, written, warnings, outcome }).await?)
}
