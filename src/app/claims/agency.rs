//! Claims as agents of the agency read and answer them. Each reading and each answer is in the history of the organiser.

use super::receipt::Receipt;
use super::record_act::{NewAct, record_act};
use super::sealed::{open_receipt, open_salaries};
use super::view::{ActView, open_act};
use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::error::{AccessError, InternalError};
use crate::app::files::StoredFile;
use crate::app::record::Record;
use crate::app::reports::attachments::{Attachment, AttachmentError, attachments_as_signed, read_as_signed};
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::claim::{ClaimAct, ClaimDocument, ClaimRole, ClaimStanding, ClaimState};
use crate::domain::money::Cents;
use crate::domain::period::{Period, Quarter};
use crate::ids::{CrecheId, FileId, OrganiserId};
use crate::seal::DataKey;
use crate::store::claims::{ActRecord, ClaimKey, ClaimRecord, SignatureRecord};
use crate::store::{self, Tx, WritePurpose};

/// The most claims of a list.
const MOST: u32 = 500;

/// A claim in the agents' list.
pub struct ClaimListEntry {
    /// Where it stands.
    pub claim: ClaimRecord,
    /// The organiser's name.
    pub organiser: String,
    /// The crèche's name.
    pub creche: String,
    /// The matricule of the agent who has it.
    pub assigned_to: Option<String>,
}

/// A list of claims.
#[derive(Default)]
pub struct ClaimRows {
    /// The longest waiting first.
    pub claims: Vec<ClaimListEntry>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// The claims of all organisers in a state.
pub async fn awaiting(app: &App, state: ClaimState) -> Result<ClaimRows, InternalError> {
    let tx = &mut app.db.read().await?;
    let mut found = store::claims::in_state(tx, state, MOST + 1).await?;
    let is_cut = found.len() > MOST as usize;
    found.truncate(MOST as usize);
    let mut claims = Vec::new();
    for claim in found {
        let organiser = store::organisers::find(tx, claim.key.organiser).await?;
        let creche = store::creches::find(tx, claim.key.organiser, claim.key.creche).await?;
        let acts = store::claims::acts(tx, claim.key).await?;
        let taker = acts.into_iter().rfind(|act| act.act == ClaimAct::TakeUp).map(|act| act.actor.name);
        claims.push(ClaimListEntry {
            organiser: organiser.map(|found| found.legal_name).unwrap_or_default(),
            creche: creche.map(|found| found.name).unwrap_or_default(),
            assigned_to: taker.filter(|_| claim.standing.was_taken_up),
            claim,
        });
    }
    Ok(ClaimRows { claims, is_cut })
}

/// A claim as an agent reads it.
pub struct AgencyClaim {
    /// Where it stands.
    pub standing: ClaimStanding,
    /// Its acts, the first first.
    pub acts: Vec<ActView>,
    /// What was signed last.
    pub receipt: Receipt,
    /// The gross salaries that were signed.
    pub gross_salary_cents: Cents,
    /// The attachments that were signed.
    pub attachments: Vec<Attachment>,
    /// What the agency knew when it last acted on the claim, before the latest signature.
    pub known: Option<KnownSignature>,
    /// What was signed for the quarter before, and for the same quarter of the year before.
    pub compared: [Option<ClaimDocument>; 2],
}

/// An earlier signature that the agency knows.
pub struct KnownSignature {
    /// What was signed.
    pub document: ClaimDocument,
    /// The gross salaries that were signed.
    pub gross_salary_cents: Cents,
}

/// Reads a claim: recorded in the history of its organiser before the result is returned.
///
/// # Errors
/// `NotSigned` where there is none.
pub async fn open(
    app: &App,
    matricule: &str,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
) -> Result<AgencyClaim, ClaimError> {
    let key = claim_key(organiser, (creche, quarter));
    let found = store::claims::find(&mut app.db.read().await?, key).await?;
    let claim = found.filter(|claim| claim.standing.state.is_frozen()).ok_or(ClaimError::NotSigned)?;
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    let mut tx = app.db.read().await?;
    let acts = store::claims::acts(&mut tx, key).await?;
    let mut signatures = store::claims::signatures(&mut tx, key).await?;
    let latest = signatures.pop().ok_or(ClaimError::NotSigned)?;
    let is_agents = |act: &&ActRecord| act.act.role() == ClaimRole::Agent && act.number < latest.number;
    let last_of_agency = acts.iter().rfind(is_agents).map_or(0, |act| act.number);
    let known = signatures.into_iter().rfind(|signature| signature.number < last_of_agency);
    let year_before = (0..4).fold(quarter, |one, _| one.previous());
    let compared = [
        signed_document(&mut tx, &data_key, ClaimKey { quarter: quarter.previous(), ..key }).await?,
        signed_document(&mut tx, &data_key, ClaimKey { quarter: year_before, ..key }).await?,
    ];
    let receipt = open_receipt(&data_key, &latest)?;
    let attachments = attachments_as_signed(&mut tx, &data_key, key, &receipt.document.attachments).await?;
    drop(tx);
    let record = Record::of(RecordedAction::ClaimRead).creche(creche).period(Period::Quarter(quarter));
    app.record_access(organiser, &Actor::agent(matricule), &record).await?;
    let open_known = |row: SignatureRecord| {
        Ok::<_, InternalError>(KnownSignature {
            document: open_receipt(&data_key, &row)?.document,
            gross_salary_cents: open_salaries(&data_key, &row)?.gross(),
        })
    };
    Ok(AgencyClaim {
        standing: claim.standing,
        acts: acts.into_iter().map(|act| open_act(&data_key, key, act)).collect::<Result<_, _>>()?,
        receipt,
        gross_salary_cents: open_salaries(&data_key, &latest)?.gross(),
        attachments,
        known: known.map(open_known).transpose()?,
        compared,
    })
}

/// An attachment that a claim was signed with last; reading it is recorded in the history of its organiser.
///
/// # Errors
/// `Unknown` where the claim is not signed or has no such attachment.
pub async fn open_attachment(
    app: &App,
    matricule: &str,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
    file: FileId,
) -> Result<StoredFile, AttachmentError> {
    let key = claim_key(organiser, (creche, quarter));
    // The key is that of a known organiser: none is made for another.
    if store::claims::find(&mut app.db.read().await?, key).await?.is_none() {
        return Err(AttachmentError::Unknown);
    }
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    let signed = signed_document(&mut app.db.read().await?, &data_key, key).await?;
    let signed = signed.ok_or(AttachmentError::Unknown)?.attachments;
    read_as_signed(app, matricule, key, (&signed, file)).await
}

/// What is signed for a claim at present.
async fn signed_document(
    tx: &mut Tx,
    data_key: &DataKey,
    key: ClaimKey,
) -> Result<Option<ClaimDocument>, InternalError> {
    let is_frozen = |claim: &ClaimRecord| claim.standing.state.is_frozen();
    if store::claims::find(tx, key).await?.as_ref().is_none_or(|claim| !is_frozen(claim)) {
        return Ok(None);
    }
    let Some(latest) = store::claims::latest_signature(tx, key).await? else { return Ok(None) };
    Ok(Some(open_receipt(data_key, &latest)?.document))
}

/// Records an agent's act: takes a claim up, or answers it. `signature` is the number of the signature that the agent read:
/// one that is not the latest any more is not answered.
pub async fn answer(
    app: &App,
    matricule: &str,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
    (act, signature): (ClaimAct, u32),
    reason: &str,
) -> Result<(), ClaimError> {
    let key = claim_key(organiser, (creche, quarter));
    if store::claims::find(&mut app.db.read().await?, key).await?.is_none() {
        return Err(AccessError::Unknown.into());
    }
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    let actor = Actor::agent(matricule);
    let mut work = app.begin_as(organiser, &actor, WritePurpose::Content).await?;
    let before = store::claims::find(&mut work, key).await?;
    let latest = store::claims::latest_signature(&mut work, key).await?;
    if latest.is_none_or(|latest| latest.signature != signature) {
        return Err(ClaimError::Outdated);
    }
    let new = NewAct { key, act, role: ClaimRole::Agent, actor, reason: Some(reason) };
    record_act(&mut work, &data_key, before.as_ref(), new).await?;
    Ok(work.commit().await?)
}
