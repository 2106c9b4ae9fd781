//! Entering and changing doctors, and what the agency decides on them.

use super::read::reach;
use super::{Agreement, Doctor, FileType, Refusal, agreement, hash_of, record, seal, tell};
use crate::app::caller::Caller;
use crate::app::error::Fault;
use crate::app::{App, Blocked, Guard, Input, creches};
use crate::domain::caps::Capped;
use crate::domain::doctor::Sheet;
use crate::domain::doctor::raw::{RawChange, RawDoctor};
use crate::domain::event::EventType;
use crate::domain::finding::{Finding, Findings, Place};
use crate::domain::rules::doctor::KNOWN;
use crate::ids::{CrecheId, DoctorId, OrganiserId};
use crate::ingest::json;
use crate::ingest::schema::{DOCTOR, DOCTOR_CHANGE, Schemas};
use crate::store::doctors::{Decided, Doctor as Row, Ruling};
use crate::store::{self, Growth, Tx};
use crate::vault::DataKey;

/// What became of a doctor.
#[derive(Debug)]
pub struct Kept {
    /// As it is now, or would be.
    pub doctor: Doctor,
    /// Whether this was written.
    pub written: bool,
}

/// What is to change of a doctor.
#[derive(Debug)]
pub enum Change<'a> {
    /// A JSON text with what is to change; what is left out stays.
    Document(&'a [u8]),
    /// The whole sheet, as a form has it: what is left out is gone.
    Sheet(Box<RawDoctor>),
}

impl Change<'_> {
    /// The sheet as it would be, and what is wrong with the shape of what was sent.
    fn read(self, before: &Sheet) -> (RawDoctor, Findings) {
        match self {
            Self::Document(bytes) => {
                let (raw, findings) = json::read::<RawChange>(bytes, DOCTOR_CHANGE, Schemas::shared());
                (raw.unwrap_or_default().over(before.clone().into_raw()), findings)
            }
            Self::Sheet(sheet) => {
                let (raw, findings) = Input::Fields(*sheet).read(DOCTOR);
                (raw.unwrap_or_default(), findings)
            }
        }
    }
}

/// Enters a doctor.
pub async fn add(app: &App, caller: &Caller, document: Input<'_, RawDoctor>, dry_run: bool) -> Result<Kept, Refusal> {
    let (key, mut tx) = begin(app, caller, Growth::Content).await?;
    let reachable = reachable(&mut tx, caller).await?;
    let (raw, mut findings) = document.read(DOCTOR);
    let count = store::counts::doctors(&mut tx, caller.organiser).await? + 1;
    findings.extend(app.caps.exceeded(Capped::Doctors, count).into_iter().collect());
    let id = DoctorId::new(&*app.clock);
    let sheet = judged(app, &mut tx, caller, id, raw.unwrap_or_default(), findings, &reachable).await?;
    let row = Row {
        id,
        inami_hash: hash_of(app.vault.index(), sheet.inami),
        sealed: seal(&key, caller.organiser, id, &sheet)?,
        decided: None,
        agreed_at: None,
        created_at: app.clock.now(),
        version: 1,
    };
    if !store::doctors::insert(&mut tx, caller.organiser, &row).await? {
        return Err(Refusal::Invalid(Findings::from_iter([taken()])));
    }
    tell(app, &mut tx, caller.organiser, EventType::DoctorEntered, &row).await?;
    finish(app, tx, &key, caller, row, "doctor.entered", dry_run).await
}

/// Changes what is said of a doctor. A decision on somebody else is none: whoever gets another number or another name
/// is put to the agency again.
pub async fn change(
    app: &App,
    caller: &Caller,
    id: DoctorId,
    guard: &Guard,
    change: Change<'_>,
    dry_run: bool,
) -> Result<Kept, Refusal> {
    let (key, mut tx) = begin(app, caller, Growth::Content).await?;
    let before = reach(app, &mut tx, &key, caller, id).await?;
    let reachable = [reachable(&mut tx, caller).await?, before.sheet.creche_ids.clone()].concat();
    let (raw, findings) = change.read(&before.sheet);
    let sheet = judged(app, &mut tx, caller, id, raw, findings, &reachable).await?;
    if sheet == before.sheet {
        return Ok(Kept { doctor: before, written: false });
    }
    if !dry_run {
        guard.admit(Some(before.version))?;
    }
    let mut row = store::doctors::find(&mut tx, caller.organiser, id).await?.ok_or(Refusal::NoDoctor(id))?;
    row.inami_hash = hash_of(app.vault.index(), sheet.inami);
    row.sealed = seal(&key, caller.organiser, id, &sheet)?;
    row.decided = row.decided.filter(|_| !sheet.is_somebody_else(&before.sheet));
    if !store::doctors::update(&mut tx, caller.organiser, &row).await? {
        return Err(Blocked::Stale(Some(before.version)).into());
    }
    row.version += 1;
    tell(app, &mut tx, caller.organiser, EventType::DoctorChanged, &row).await?;
    finish(app, tx, &key, caller, row, "doctor.changed", dry_run).await
}

/// A doctor of the invented world: agreed with and validated.
pub(in crate::app) async fn seeded(
    app: &App,
    tx: &mut Tx,
    key: &DataKey,
    organiser: OrganiserId,
    id: DoctorId,
    sheet: &Sheet,
) -> Result<(), Fault> {
    let at = app.clock.now();
    let decided = Some(Decided { ruling: Ruling::Validated, at, by: "sandbox".to_owned(), reason: None });
    let row = Row {
        id,
        inami_hash: hash_of(app.vault.index(), sheet.inami),
        sealed: seal(key, organiser, id, sheet)?,
        decided,
        agreed_at: None,
        created_at: at,
        version: 1,
    };
    store::doctors::insert(tx, organiser, &row).await?;
    agreement::store(app, tx, key, (organiser, id), &Agreement { kind: FileType::Pdf, bytes: PAPER.to_vec() }).await?;
    store::doctors::update(tx, organiser, &row).await?;
    Ok(())
}

/// An agreement without a word in it.
const PAPER: &[u8] =
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj \
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// The key and a transaction that holds the organiser.
pub(super) async fn begin(app: &App, caller: &Caller, growth: Growth) -> Result<(std::sync::Arc<DataKey>, Tx), Fault> {
    let key = app.vault.key(&app.db, caller.organiser).await?;
    Ok((key, app.db.write_for(caller.organiser, growth).await?))
}

async fn reachable(tx: &mut Tx, caller: &Caller) -> Result<Vec<CrecheId>, Fault> {
    Ok(creches::reachable(tx, caller).await?.into_iter().map(|creche| creche.id).collect())
}

/// The sheet, when nothing speaks against it.
async fn judged(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    id: DoctorId,
    raw: RawDoctor,
    mut findings: Findings,
    reachable: &[CrecheId],
) -> Result<Sheet, Refusal> {
    let (sheet, rules) = raw.parse(reachable);
    findings.extend(rules);
    if let Some(sheet) = &sheet {
        let hash = hash_of(app.vault.index(), sheet.inami);
        if store::doctors::taken(tx, caller.organiser, &hash, id).await? {
            findings.push(taken());
        }
    }
    match sheet {
        Some(sheet) if !findings.refuse() => Ok(sheet),
        _ => Err(Refusal::Invalid(findings.folded())),
    }
}

fn taken() -> Finding {
    Finding::new(&KNOWN, Place::default().field("inami"))
}

/// Records what was done and makes it so, unless it is only tried.
pub(super) async fn finish(
    app: &App,
    mut tx: Tx,
    key: &DataKey,
    caller: &Caller,
    row: Row,
    action: &str,
    dry_run: bool,
) -> Result<Kept, Refusal> {
    let written = !dry_run && !caller.only_tries();
    record(app, &mut tx, caller.organiser, &caller.actor(), action, Some(row.id)).await?;
    if written {
        tx.commit().await?;
    }
    Ok(Kept { doctor: Doctor::open(app, key, caller.organiser, row)?, written })
}
