//! Entering and changing doctors, and what the agency decides on them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::read::find_within_reach;
use super::{Doctor, DoctorError, hash_of, record_of, seal};
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::unit_of_work::UnitOfWork;
use crate::app::{App, Precondition, PreconditionError, SubmittedDocument, creches};
use crate::domain::caps::CapKind;
use crate::domain::doctor::raw::{RawChange, RawDoctor};
use crate::domain::doctor::{DoctorSheet, DoctorState};
use crate::domain::event::EventType;
use crate::domain::finding::{ExistingItem, Finding, FindingPlace, Findings};
use crate::domain::inami::Inami;
use crate::domain::raw::{Choice, Field};
use crate::domain::reach::{CrecheReach, out_of_reach};
use crate::domain::rule::Rule;
use crate::domain::rules::doctor::{KNOWN, NAME_DIFFERS};
use crate::domain::text::name_match_key;
use crate::ids::{CrecheId, DoctorId};
use crate::ingest::json;
use crate::ingest::schema::{DOCTOR, DOCTOR_CHANGE, Schemas};
use crate::seal::DataKey;
use crate::store::doctors::DoctorRecord;
use crate::store::{self, Tx, WritePurpose};

/// The result of a write.
#[derive(Debug)]
pub struct WrittenDoctor {
    /// As it is now, or would be after a dry run.
    pub doctor: Doctor,
    /// Whether this was written.
    pub written: bool,
}

/// A change of a doctor.
#[derive(Debug)]
pub enum DoctorUpdate<'a> {
    /// A JSON merge patch; absent members are unchanged.
    Document(&'a [u8]),
    /// The whole sheet, as a form has it: absent fields are removed.
    Sheet(Box<RawDoctor>),
}

/// A change that was read.
struct ReadChange {
    raw: RawDoctor,
    findings: Findings,
    /// The crèches out of reach that the change names because no others are left.
    left: Vec<CrecheId>,
}

impl DoctorUpdate<'_> {
    /// The sheet as it would be, and the findings on the shape of the input.
    fn read(self, before: &DoctorSheet, reach: CrecheReach<'_>) -> ReadChange {
        match self {
            Self::Document(bytes) => {
                let (raw, findings) = json::read::<RawChange>(bytes, DOCTOR_CHANGE, Schemas::shared());
                let raw = raw.unwrap_or_default().over(before.within_reach(reach).into_raw());
                ReadChange { raw, findings, left: Vec::new() }
            }
            Self::Sheet(mut sheet) => {
                // A form without a ticked crèche leaves the crèches that are not on it unchanged.
                let none = sheet.creches.is_absent();
                let left = if none { out_of_reach(&before.creche_ids, reach) } else { Vec::new() };
                if !left.is_empty() {
                    sheet.creches = Field::Present(Choice(left.clone()));
                }
                let (raw, findings) = SubmittedDocument::Fields(*sheet).read(DOCTOR);
                ReadChange { raw: raw.unwrap_or_default(), findings, left }
            }
        }
    }
}

/// Enters a doctor.
pub async fn add(
    app: &App,
    caller: &Caller,
    document: SubmittedDocument<'_, RawDoctor>,
    dry_run: bool,
) -> Result<WrittenDoctor, DoctorError> {
    let (key, mut work) = begin_write(app, caller, WritePurpose::Content).await?;
    let reachable = reachable(&mut work, caller).await?;
    let (raw, findings) = document.read(DOCTOR);
    let sheet = validated_sheet(raw.unwrap_or_default(), findings, &reachable)?;
    match holder(app, &mut work, &key, caller, sheet.inami).await? {
        Some(holder) if holder.is_reached(caller) => return Err(known_number(holder.id)),
        Some(holder) => return add_unseen(app, work, &key, caller, holder, sheet, dry_run).await,
        None => {}
    }
    let count = store::counts::count_doctors(&mut work, caller.organiser).await? + 1;
    if let Some(full) = app.caps.exceeded(CapKind::Doctors, count) {
        return Err(DoctorError::Invalid(Findings::from_iter([full])));
    }
    let id = DoctorId::new(work.machine());
    let row = DoctorRecord {
        id,
        inami_hash: hash_of(app.vault.index_key(), sheet.inami),
        sealed: seal(&key, caller.organiser, id, &sheet)?,
        decided: None,
        agreed_at: None,
        created_at: work.at(),
        version: 1,
    };
    if !store::doctors::insert(&mut work, caller.organiser, &row).await? {
        return Err(refused(&KNOWN, "inami"));
    }
    work.record(&record_of(EventType::DoctorEntered, &row, sheet.creche_ids));
    commit_unless_dry_run(app, work, &key, caller, row, dry_run).await
}

/// Enters a doctor for the caller's crèches whom the organiser already has in crèches that the caller cannot see: these
/// crèches are added to the sheet, nothing else changes. A dry run has the response of a new doctor.
async fn add_unseen(
    app: &App,
    mut work: UnitOfWork<'_>,
    key: &DataKey,
    caller: &Caller,
    holder: Doctor,
    sent: DoctorSheet,
    dry_run: bool,
) -> Result<WrittenDoctor, DoctorError> {
    if name_match_key(&sent.family_name) != name_match_key(&holder.sheet.family_name) {
        return Err(refused(&NAME_DIFFERS, "familyName"));
    }
    if dry_run || caller.is_trial() {
        let (state, created_at) =
            (DoctorState::of_agreement(false, None).on(caller.clock.today(), &sent), caller.clock.now());
        let id = DoctorId::new(app.clocks.machine());
        let doctor = Doctor { id, sheet: sent, state, decided: None, agreed_at: None, created_at, version: 1 };
        return Ok(WrittenDoctor { doctor, written: false });
    }
    let sheet = holder.sheet.entered_again(&sent, caller.reach());
    let row =
        store::doctors::find(&mut work, caller.organiser, holder.id).await?.ok_or(DoctorError::NoDoctor(holder.id))?;
    let row = DoctorRecord { sealed: seal(key, caller.organiser, holder.id, &sheet)?, ..row };
    let row = updated(&mut work, caller, row).await?;
    work.record(&record_of(EventType::DoctorChanged, &row, sheet.creche_ids));
    commit_unless_dry_run(app, work, key, caller, row, dry_run).await
}

/// Changes a doctor's sheet. A decision is on one number and name: when one of them changes, the agency has to decide
/// again.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: DoctorId,
    precondition: &Precondition,
    change: DoctorUpdate<'_>,
    dry_run: bool,
) -> Result<WrittenDoctor, DoctorError> {
    let (key, mut work) = begin_write(app, caller, WritePurpose::Content).await?;
    let before = find_within_reach(app, &mut work, &key, caller, id).await?;
    let ReadChange { raw, findings, left } = change.read(&before.sheet, caller.reach());
    let reachable = [reachable(&mut work, caller).await?, left].concat();
    let (sheet, shared) = validated_sheet(raw, findings, &reachable)?.written_over(&before.sheet, caller.reach());
    if shared.has_errors() {
        return Err(DoctorError::Invalid(shared.folded()));
    }
    match holder(app, &mut work, &key, caller, sheet.inami).await? {
        Some(holder) if holder.id == id => {}
        Some(holder) if holder.is_reached(caller) => return Err(known_number(holder.id)),
        Some(_) => return Err(refused(&NAME_DIFFERS, "inami")),
        None => {}
    }
    if sheet == before.sheet {
        return Ok(WrittenDoctor { doctor: before.seen_by(caller), written: false });
    }
    if !dry_run {
        precondition.check(Some(before.version))?;
    }
    let mut row = store::doctors::find(&mut work, caller.organiser, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    row.inami_hash = hash_of(app.vault.index_key(), sheet.inami);
    row.sealed = seal(&key, caller.organiser, id, &sheet)?;
    row.decided = row.decided.filter(|_| !sheet.is_somebody_else(&before.sheet));
    let row = updated(&mut work, caller, row).await?;
    let concerned: BTreeSet<CrecheId> = before.sheet.creche_ids.into_iter().chain(sheet.creche_ids).collect();
    work.record(&record_of(EventType::DoctorChanged, &row, concerned));
    commit_unless_dry_run(app, work, &key, caller, row, dry_run).await
}

/// Writes the row, and returns it with its next version.
async fn updated(work: &mut UnitOfWork<'_>, caller: &Caller, row: DoctorRecord) -> Result<DoctorRecord, DoctorError> {
    let at = work.at();
    if !store::doctors::update(work, caller.organiser, &row, at).await? {
        return Err(PreconditionError::Stale(Some(row.version)).into());
    }
    Ok(DoctorRecord { version: row.version + 1, ..row })
}

/// The organiser's key and a write of the caller.
pub(super) async fn begin_write<'a>(
    app: &'a App,
    caller: &Caller,
    purpose: WritePurpose,
) -> Result<(Arc<DataKey>, UnitOfWork<'a>), InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    Ok((key, app.begin(caller, purpose).await?))
}

async fn reachable(tx: &mut Tx, caller: &Caller) -> Result<Vec<CrecheId>, InternalError> {
    Ok(creches::list_within_reach(tx, caller).await?.into_iter().map(|creche| creche.id).collect())
}

/// The sheet, when it breaks no rule that can be checked without the other sheets.
fn validated_sheet(raw: RawDoctor, mut findings: Findings, reachable: &[CrecheId]) -> Result<DoctorSheet, DoctorError> {
    let (sheet, rules) = raw.parse(reachable);
    findings.extend(rules);
    match sheet {
        Some(sheet) if !findings.has_errors() => Ok(sheet),
        _ => Err(DoctorError::Invalid(findings.folded())),
    }
}

/// The organiser's doctor with this number, visible to the caller or not.
async fn holder(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    caller: &Caller,
    inami: Inami,
) -> Result<Option<Doctor>, DoctorError> {
    let hash = hash_of(app.vault.index_key(), inami);
    let Some(id) = store::doctors::id_with_number(tx, caller.organiser, &hash).await? else { return Ok(None) };
    let row = store::doctors::find(tx, caller.organiser, id).await?.ok_or(DoctorError::NoDoctor(id))?;
    Ok(Some(Doctor::open(app, key, caller.organiser, row)?))
}

/// The finding that the number is that of an existing doctor visible to the caller.
fn known_number(id: DoctorId) -> DoctorError {
    let finding = Finding::new(&KNOWN, FindingPlace::default().field("inami")).with_existing(ExistingItem::Doctor(id));
    DoctorError::Invalid(Findings::from_iter([finding]))
}

/// One rule is broken, in one field.
fn refused(rule: &'static Rule, field: &str) -> DoctorError {
    DoctorError::Invalid(Findings::from_iter([Finding::new(rule, FindingPlace::default().field(field))]))
}

/// Commits, unless it is a dry run.
pub(super) async fn commit_unless_dry_run(
    app: &App,
    work: UnitOfWork<'_>,
    key: &DataKey,
    caller: &Caller,
    row: DoctorRecord,
    dry_run: bool,
) -> Result<WrittenDoctor, DoctorError> {
    let written = !dry_run && !caller.is_trial();
    if written {
        work.commit().await?;
    }
    Ok(WrittenDoctor { doctor: Doctor::open(app, key, caller.organiser, row)?.seen_by(caller), written })
}
