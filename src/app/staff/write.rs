//! One person entered or changed.

use super::desk::{Desk, RegisterExtent};
use super::{Judged, Person, Refusal, invalid, outcome, recorded};
use crate::app::caller::Caller;
use crate::app::{App, Guard, Input};
use crate::domain::finding::{Existing, Finding, Findings, Param, Place};
use crate::domain::key::Scope;
use crate::domain::rules::staff::{DUPLICATE_REFERENCE, DUPLICATE_SSIN, FAMILY_NAME_MISMATCH, KNOWN, REFERENCE_TAKEN};
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{Known, Member, build, judge, kept_sections, number};
use crate::domain::statement::Door;
use crate::ids::StaffMemberId;
use crate::ingest::schema::{STAFF_MEMBER, STAFF_MEMBER_CHANGE};
use crate::store::Growth;
use crate::store::verdicts::Outcome;

/// What became of a person.
#[derive(Debug)]
pub struct Kept {
    /// As the person is now, or would be.
    pub person: Person,
    /// Whether this was written.
    pub written: bool,
    /// What somebody should look at.
    pub warnings: Findings,
    outcome: Outcome,
}

impl Judged for Kept {
    fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// How a person is sent.
#[derive(Clone, Copy)]
struct Sending {
    door: Door,
    /// Whether only the verdict is wanted, or may be had.
    is_tried: bool,
}

impl Sending {
    fn of<R>(document: &Input<'_, R>, caller: &Caller, dry_run: bool) -> Self {
        Self { door: document.door(), is_tried: dry_run || caller.only_tries() }
    }
}

/// Enters a person. Somebody whom the organiser has in crèches out of the caller's reach gets what is said besides what is
/// held; tried only, that is answered like somebody nobody has.
pub async fn add(app: &App, caller: &Caller, document: Input<'_, RawMember>, dry_run: bool) -> Result<Kept, Refusal> {
    let sending = Sending::of(&document, caller, dry_run);
    let added = added(app, caller, document.read(STAFF_MEMBER), sending).await;
    recorded(app, caller, sending.door, sending.is_tried, added).await
}

async fn added(
    app: &App,
    caller: &Caller,
    (raw, mut shape): (Option<RawMember>, Findings),
    sending: Sending,
) -> Result<Kept, Refusal> {
    let raw = raw.unwrap_or_default();
    let mut desk = Desk::open(app, caller, RegisterExtent::Everybody, Growth::Content).await?;
    if let Some(known) = desk.context().held(&raw) {
        let same = raw.reference.get().is_some_and(|reference| reference.0 == known.member.reference);
        let finding = Finding::new(&KNOWN, Place::default().field(if same { "reference" } else { "ssin" }));
        let finding = finding.existing(Existing::StaffMember(known.id));
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
    guard: &Guard,
    document: Input<'_, RawMember>,
    dry_run: bool,
) -> Result<Kept, Refusal> {
    let sending = Sending::of(&document, caller, dry_run);
    let (raw, shape) = document.read(STAFF_MEMBER_CHANGE);
    // Whom a new reference or number would clash with is known only once everybody is opened.
    let clashes = raw.as_ref().is_some_and(|raw| !raw.reference.is_absent() || number(raw).is_some());
    let extent = if clashes { RegisterExtent::Everybody } else { RegisterExtent::One(id) };
    let desk = Desk::open(app, caller, extent, Growth::Content).await?;
    let changed = changed(desk, id, guard, (raw, shape), sending).await;
    recorded(app, caller, sending.door, sending.is_tried, changed).await
}

/// Corrects who a person is, by a form that says all of it: what is missing there is missing.
pub async fn identify(
    app: &App,
    caller: &Caller,
    id: StaffMemberId,
    guard: &Guard,
    identification: RawMember,
) -> Result<Kept, Refusal> {
    let document = Input::Fields(identification);
    let sending = Sending::of(&document, caller, false);
    let read = document.read(STAFF_MEMBER);
    let desk = Desk::open(app, caller, RegisterExtent::Everybody, Growth::Content).await?;
    let changed = changed(desk, id, guard, read, sending).await;
    recorded(app, caller, sending.door, sending.is_tried, changed).await
}

async fn changed(
    desk: Desk<'_>,
    id: StaffMemberId,
    guard: &Guard,
    (raw, mut shape): (Option<RawMember>, Findings),
    sending: Sending,
) -> Result<Kept, Refusal> {
    let caller = desk.caller;
    let at = desk.reach(id)?;
    let (before, seen) = (desk.held[at].member.clone(), Known { id, member: desk.person(at).member });
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
        return Ok(desk.close(Kept { person, written: false, warnings, outcome }).await?);
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
fn clash(desk: &Desk<'_>, at: Option<usize>, raw: &RawMember) -> Findings {
    let mut findings = Findings::default();
    let others = desk.held.iter().enumerate().filter(|(other, _)| Some(*other) != at);
    for Known { id, member } in others.map(|(_, known)| known) {
        let found = |rule, seen: bool, field| {
            let finding = Finding::new(rule, Place::default().field(field));
            if seen { finding.existing(Existing::StaffMember(*id)) } else { finding }
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
            let finding = Finding::new(&FAMILY_NAME_MISMATCH, Place::default().field("familyName"));
            findings.push(finding.with("helpDesk", help));
        }
    }
    findings
}

/// The person, when nothing speaks against it, and the warnings. What was asked about numbers counts also where the person
/// is refused.
async fn judged<'a>(
    mut desk: Desk<'a>,
    raw: RawMember,
    mut findings: Findings,
    about: Option<&Known>,
) -> Result<(Desk<'a>, Member, Findings), Refusal> {
    let compared = match desk.compare(std::iter::once(&raw), about).await {
        Err(refusal @ Refusal::TooOften { .. }) => return Err(desk.close(refusal).await?),
        compared => compared?,
    };
    findings.extend(compared.warning(Place::default().field("ssin")));
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
    mut desk: Desk<'_>,
    at: Option<usize>,
    member: Member,
    warnings: Findings,
    sending: Sending,
) -> Result<Kept, Refusal> {
    let (written, outcome) = (!sending.is_tried, outcome(sending.is_tried, true));
    if !written {
        desk.judged_good(sending.door, outcome, &warnings, 0).await?;
        let (id, created_at) = (StaffMemberId::new(&*desk.app.clock), desk.app.clock.now());
        let person = at.map_or(Person { id, member: member.clone(), created_at, version: 1 }, |at| desk.person(at));
        let member = member.within_reach(desk.caller.reach());
        return Ok(desk.close(Kept { person: Person { member, ..person }, written, warnings, outcome }).await?);
    }
    let id = desk.keep(&member, at).await?;
    let action = if at.is_some() { "staffMember.changed" } else { "staffMember.entered" };
    let revision = desk.changed(action, Some(id)).await?;
    desk.judged_good(sending.door, outcome, &warnings, revision).await?;
    let person = desk.person(at.unwrap_or(desk.held.len() - 1));
    Ok(desk.close(Kept { person, written, warnings, outcome }).await?)
}
