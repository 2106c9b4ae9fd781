//! One person entered or changed.

use super::number_questions::compare;
use super::person_changes::{PersonChange, PersonSealer};
use super::register_view::{RegisterExtent, RegisterView};
use super::{ATTEMPTS, StaffError, StaffPerson, StaffVerdict, Verdict, invalid, outcome, recorded, revision_author};
use crate::app::caller::Caller;
use crate::app::record::Record;
use crate::app::{App, Precondition, SubmittedDocument};
use crate::domain::action::RecordedAction;
use crate::domain::deposit::DepositOutcome;
use crate::domain::finding::{ExistingItem, Finding, FindingPlace, Findings, Param};
use crate::domain::key::Scope;
use crate::domain::rules::staff::{DUPLICATE_REFERENCE, DUPLICATE_SSIN, FAMILY_NAME_MISMATCH, KNOWN, REFERENCE_TAKEN};
use crate::domain::staff::raw::RawMember;
use crate::domain::staff::{Member, StoredPerson, build, kept_sections, valid_ssin, validation};
use crate::domain::statement::Channel;
use crate::ids::StaffMemberId;
use crate::ingest::schema::{STAFF_MEMBER, STAFF_MEMBER_CHANGE};
use crate::store::{self, WritePurpose};

/// The result of a write.
#[derive(Debug)]
pub struct WrittenPerson {
    /// As the person is now, or would be after a dry run.
    pub person: StaffPerson,
    /// Whether this was written.
    pub written: bool,
    /// Warnings.
    pub warnings: Findings,
    outcome: DepositOutcome,
}

impl StaffVerdict for WrittenPerson {
    fn outcome(&self) -> DepositOutcome {
        self.outcome
    }
}

/// The channel and mode of a request.
#[derive(Clone, Copy)]
struct PersonSubmission {
    channel: Channel,
    /// Whether it is a dry run, by the request or by the key.
    is_tried: bool,
}

impl PersonSubmission {
    fn of<R>(document: &SubmittedDocument<'_, R>, caller: &Caller, dry_run: bool) -> Self {
        Self { channel: document.channel(), is_tried: dry_run || caller.is_trial() }
    }

    const fn verdict(self, outcome: DepositOutcome, revision: u64) -> Verdict {
        Verdict { channel: self.channel, outcome, revision }
    }
}

/// Enters a person. To a person whom the organiser already has in crèches that the caller cannot reach, the document is
/// added; a dry run has the response of a new person.
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
    (raw, shape): (Option<RawMember>, Findings),
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let raw = raw.unwrap_or_default();
    for _ in 0..ATTEMPTS {
        let register = RegisterView::read_to_write(app, caller, RegisterExtent::Everybody).await?;
        if let Some(added) = add_to(&register, raw.clone(), shape.clone(), sending).await? {
            return Ok(added);
        }
    }
    Err(store::Error::Busy.into())
}

/// Enters a person into the register as it was read; `None` when it has changed since.
async fn add_to(
    register: &RegisterView<'_>,
    raw: RawMember,
    mut shape: Findings,
    sending: PersonSubmission,
) -> Result<Option<WrittenPerson>, StaffError> {
    if let Some(known) = register.context().find_held(&raw) {
        let same = raw.reference.get().is_some_and(|reference| reference.0 == known.member.reference);
        let finding = Finding::new(&KNOWN, FindingPlace::default().field(if same { "reference" } else { "ssin" }));
        let finding = finding.with_existing(ExistingItem::StaffMember(known.id));
        return Err(invalid([finding].into_iter().chain(shape).collect()));
    }
    let unseen = valid_ssin(&raw).and_then(|ssin| register.find_hidden(&ssin));
    shape.extend(conflicts(register, unseen, &raw));
    shape.extend(register.exceeded(usize::from(unseen.is_none())).into_iter().collect());
    let (member, warnings) = validated_member(register, raw, shape, None).await?;
    let at = unseen.filter(|_| !sending.is_tried);
    let reach = register.caller.reach();
    let member = at.map_or(member.clone(), |at| register.stored[at].member.entered_again(member, reach));
    store_unless_dry_run(register, at, member, warnings, sending).await
}

/// Changes a person by a merge patch.
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
    // All persons are unsealed: a new reference or number may clash with any of them.
    let clashes = raw.as_ref().is_some_and(|raw| !raw.reference.is_absent() || valid_ssin(raw).is_some());
    let extent = if clashes { RegisterExtent::Everybody } else { RegisterExtent::One(id) };
    let changed = changed(app, caller, (id, extent), precondition, (raw, shape), sending).await;
    recorded(app, caller, sending.channel, sending.is_tried, changed).await
}

/// Replaces a person by a complete form: absent fields are removed.
pub async fn replace_identity(
    app: &App,
    caller: &Caller,
    id: StaffMemberId,
    precondition: &Precondition,
    identification: RawMember,
) -> Result<WrittenPerson, StaffError> {
    let document = SubmittedDocument::Fields(identification);
    let sending = PersonSubmission::of(&document, caller, false);
    let read = document.read(STAFF_MEMBER);
    let changed = changed(app, caller, (id, RegisterExtent::Everybody), precondition, read, sending).await;
    recorded(app, caller, sending.channel, sending.is_tried, changed).await
}

async fn changed(
    app: &App,
    caller: &Caller,
    (id, extent): (StaffMemberId, RegisterExtent),
    precondition: &Precondition,
    (raw, shape): (Option<RawMember>, Findings),
    sending: PersonSubmission,
) -> Result<WrittenPerson, StaffError> {
    let raw = raw.unwrap_or_default();
    for _ in 0..ATTEMPTS {
        let register = RegisterView::read_to_write(app, caller, extent).await?;
        let sent = (raw.clone(), shape.clone());
        if let Some(changed) = change_in(&register, id, precondition, sent, sending).await? {
            return Ok(changed);
        }
    }
    Err(store::Error::Busy.into())
}

/// Changes a person of the register as it was read; `None` when it has changed since.
async fn change_in(
    register: &RegisterView<'_>,
    id: StaffMemberId,
    precondition: &Precondition,
    (raw, mut shape): (RawMember, Findings),
    sending: PersonSubmission,
) -> Result<Option<WrittenPerson>, StaffError> {
    let caller = register.caller;
    let at = register.position_of(id)?;
    let (before, seen) = (&register.stored[at].member, StoredPerson { id, member: register.person(at).member });
    shape.extend(conflicts(register, Some(at), &raw));
    let stored = kept_sections(seen.member.clone().into_raw(), caller.may(Scope::StaffDocumentsWrite));
    let (member, warnings) = validated_member(register, raw.over(stored), shape, Some(&seen)).await?;
    let (member, shared) = member.written_over(before, caller.reach());
    if shared.has_errors() {
        return Err(invalid(shared));
    }
    if member == *before {
        let outcome = outcome(sending.is_tried, false);
        let person = register.person(at);
        let Some(mut work) = register.begin().await? else { return Ok(None) };
        sending.verdict(outcome, register.last.revision).record(register, &mut work, &warnings)?;
        work.commit().await?;
        return Ok(Some(WrittenPerson { person, written: false, warnings, outcome }));
    }
    if !sending.is_tried {
        precondition.check(Some(register.rows[at].version))?;
    }
    store_unless_dry_run(register, Some(at), member, warnings, sending).await
}

/// Findings on other persons with the same reference or number as the person at `at` (`None` for a new one). For a
/// person that the caller cannot see, the finding is that the reference is taken, and for a number the same as for one
/// that the agency has under another name.
fn conflicts(register: &RegisterView<'_>, at: Option<usize>, raw: &RawMember) -> Findings {
    let mut findings = Findings::default();
    let others = register.stored.iter().enumerate().filter(|(other, _)| Some(*other) != at);
    for StoredPerson { id, member } in others.map(|(_, known)| known) {
        let found = |rule, seen: bool, field| {
            let finding = Finding::new(rule, FindingPlace::default().field(field));
            if seen { finding.with_existing(ExistingItem::StaffMember(*id)) } else { finding }
        };
        let seen = member.is_visible_within(register.caller.reach());
        if raw.reference.get().is_some_and(|reference| reference.0 == member.reference) {
            let rule = if seen { &DUPLICATE_REFERENCE } else { &REFERENCE_TAKEN };
            findings.push(found(rule, seen, "reference"));
        }
        let same_number = member.ssin.is_some() && member.ssin == valid_ssin(raw);
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

/// The person, when no rule is broken, and the warnings. Questions about numbers count also where the person
/// is refused.
async fn validated_member(
    register: &RegisterView<'_>,
    raw: RawMember,
    mut findings: Findings,
    about: Option<&StoredPerson>,
) -> Result<(Member, Findings), StaffError> {
    let compared = compare(register, std::iter::once(&raw), about).await?;
    findings.extend(compared.warning(FindingPlace::default().field("ssin")));
    let mut context = register.context();
    context.mismatched = compared.mismatched;
    let context = match about {
        Some(known) => context.with_subject(known),
        None => context,
    };
    let rules = validation::member(&raw, &context);
    let new = rules.iter().filter(|finding| !findings.iter().any(|other| other == *finding)).cloned();
    findings.extend(new.collect());
    match build(raw, &context) {
        Some(member) if !findings.has_errors() => Ok((member, findings.folded())),
        _ => Err(invalid(findings)),
    }
}

/// Writes the person, unless it is a dry run; `None` when the register has changed since it was read.
async fn store_unless_dry_run(
    register: &RegisterView<'_>,
    at: Option<usize>,
    member: Member,
    warnings: Findings,
    sending: PersonSubmission,
) -> Result<Option<WrittenPerson>, StaffError> {
    let (written, outcome) = (!sending.is_tried, outcome(sending.is_tried, true));
    let change = PersonChange::new(register, member, at);
    if !written {
        let Some(mut work) = register.begin().await? else { return Ok(None) };
        sending.verdict(outcome, 0).record(register, &mut work, &warnings)?;
        let person = change.as_dry_run(register, work.at());
        work.commit().await?;
        return Ok(Some(WrittenPerson { person, written, warnings, outcome }));
    }
    let mut sealed = PersonSealer::of(register).seal(std::slice::from_ref(&change))?;
    let mut work = register.begin_unchecked(WritePurpose::Content).await?;
    let now = work.at();
    let by = (revision_author(register.caller, sending.channel), now);
    let revision = match sealed.write(&mut work, (register.caller.organiser, register.last), by).await {
        Err(store::Error::Changed) => return Ok(None),
        written => written?,
    };
    let action = if at.is_some() { RecordedAction::StaffMemberChanged } else { RecordedAction::StaffMemberEntered };
    work.record(
        &Record::of(action).about(change.id).revision(revision).concerning(std::mem::take(&mut sealed.creches)),
    );
    sending.verdict(outcome, revision).record(register, &mut work, &warnings)?;
    let person = change.as_written(register, now);
    match work.commit().await {
        Err(store::Error::Changed) => Ok(None),
        committed => Ok(committed.map(|()| Some(WrittenPerson { person, written, warnings, outcome }))?),
    }
}
