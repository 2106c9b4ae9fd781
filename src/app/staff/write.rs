//! One person entered or changed.

use super::desk::{Desk, RegisterExtent};
use super::{Person, Refusal, invalid};
use crate::app::caller::Caller;
use crate::app::{App, Guard, Input};
use crate::domain::finding::{Finding, Findings, Place};
use crate::domain::key::Scope;
use crate::domain::rules::staff::{DUPLICATE_REFERENCE, DUPLICATE_SSIN, KNOWN};
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{Known, Member, build, judge, kept_sections, number};
use crate::ids::StaffMemberId;
use crate::ingest::schema::{STAFF_MEMBER, STAFF_MEMBER_CHANGE};
use crate::store::Growth;

/// What became of a person.
#[derive(Debug)]
pub struct Kept {
    /// As the person is now, or would be.
    pub person: Person,
    /// Whether this was written.
    pub written: bool,
    /// What somebody should look at.
    pub warnings: Findings,
}

/// Enters a person.
pub async fn add(app: &App, caller: &Caller, document: Input<'_, RawMember>, dry_run: bool) -> Result<Kept, Refusal> {
    let (raw, shape) = document.read(STAFF_MEMBER);
    let raw = raw.unwrap_or_default();
    let mut desk = Desk::open(app, caller, RegisterExtent::Everybody, Growth::Content).await?;
    if let Some(known) = desk.context().held(&raw) {
        let same = raw.reference.get().is_some_and(|reference| reference.0 == known.member.reference);
        let finding = Finding::new(&KNOWN, Place::default().field(if same { "reference" } else { "ssin" }));
        return Err(invalid([finding].into_iter().chain(shape).collect()));
    }
    let mut shape = shape;
    shape.extend(desk.cap_exceeded(1).await?.into_iter().collect());
    let (desk, member, warnings) = judged(desk, raw, shape, None).await?;
    finish(desk, None, member, warnings, dry_run).await
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
    let (raw, mut shape) = document.read(STAFF_MEMBER_CHANGE);
    // Whom a new reference would clash with is known only once everybody is opened.
    let renamed = raw.as_ref().is_some_and(|raw| !raw.reference.is_absent());
    let extent = if renamed { RegisterExtent::Everybody } else { RegisterExtent::One(id) };
    let mut desk = Desk::open(app, caller, extent, Growth::Content).await?;
    let at = desk.reach(id)?;
    let before = desk.held[at].clone();
    desk.admit(&before.member);
    let raw = raw.unwrap_or_default();
    shape.extend(clash(&mut desk, at, &raw).await?);
    let held = kept_sections(before.member.clone().into_raw(), caller.may(Scope::StaffDocumentsWrite));
    let (desk, member, warnings) = judged(desk, raw.over(held), shape, Some(&before)).await?;
    if member == before.member {
        let person = desk.person(at);
        return Ok(desk.close(Kept { person, written: false, warnings }).await?);
    }
    if !dry_run && !caller.only_tries() {
        guard.admit(Some(desk.person(at).version))?;
    }
    finish(desk, Some(at), member, warnings, dry_run).await
}

/// Another person of the register who has the reference or the number that the person at `at` is to get.
async fn clash(desk: &mut Desk<'_>, at: usize, raw: &RawMember) -> Result<Findings, Refusal> {
    let others = desk.held.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, known)| &known.member);
    let others: Vec<_> = others.map(|other| &other.reference).collect();
    let reference = raw.reference.get().is_some_and(|one| others.contains(&&one.0));
    let ssin = match number(raw) {
        Some(ssin) => desk.is_taken(&ssin, desk.held[at].id).await?,
        None => false,
    };
    let found = [(&DUPLICATE_REFERENCE, "reference", reference), (&DUPLICATE_SSIN, "ssin", ssin)];
    let told = found.into_iter().filter(|(.., clashes)| *clashes);
    Ok(told.map(|(rule, field, _)| Finding::new(rule, Place::default().field(field))).collect())
}

/// The person, when nothing speaks against it, and the warnings. What was tried at numbers is kept also where it is refused.
async fn judged<'a>(
    mut desk: Desk<'a>,
    raw: RawMember,
    mut findings: Findings,
    about: Option<&Known>,
) -> Result<(Desk<'a>, Member, Findings), Refusal> {
    let mismatched = match desk.mismatched(std::iter::once(&raw), about).await {
        Err(refusal @ Refusal::TooOften { .. }) => return Err(desk.close(refusal).await?),
        found => found?,
    };
    let member = {
        let mut context = desk.context();
        context.mismatched = mismatched;
        let context = match about {
            Some(known) => context.about(known),
            None => context,
        };
        findings.extend(judge::member(&raw, &context));
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
    dry_run: bool,
) -> Result<Kept, Refusal> {
    let written = !dry_run && !desk.caller.only_tries();
    if !written {
        let (id, created_at) = (StaffMemberId::new(&*desk.app.clock), desk.app.clock.now());
        let person = at.map_or(Person { id, member: member.clone(), created_at, version: 1 }, |at| desk.person(at));
        return Ok(desk.close(Kept { person: Person { member, ..person }, written, warnings }).await?);
    }
    let id = desk.keep(&member, at).await?;
    let action = if at.is_some() { "staffMember.changed" } else { "staffMember.entered" };
    desk.changed(action, Some(id)).await?;
    let person = desk.person(at.unwrap_or(desk.held.len() - 1));
    Ok(desk.close(Kept { person, written, warnings }).await?)
}
