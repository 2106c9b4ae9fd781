//! A claim as the agency reads it: an agent, or its software. Each reading is in the history of the organiser.

use std::collections::HashMap;

use super::receipt::Receipt;
use super::sealed::{open_receipt, open_salaries};
use super::view::{ActView, open_act};
use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::agents::AgencyCaller;
use crate::app::error::InternalError;
use crate::app::files::StoredFile;
use crate::app::record::Record;
use crate::app::reports::attachments::{Attachment, AttachmentError, attachments_as_signed, read_as_signed};
use crate::domain::action::RecordedAction;
use crate::domain::actor::ActorKind;
use crate::domain::claim::{ClaimAct, ClaimDocument, ClaimRole, ClaimStanding, SecondAgent};
use crate::domain::money::Cents;
use crate::domain::period::{Period, Quarter};
use crate::ids::{CrecheId, FileId, OrganiserId};
use crate::seal::DataKey;
use crate::store::claims::{ActRecord, ClaimKey, SignatureRecord};
use crate::store::{self, Tx};

/// A claim as an agent reads it.
pub struct AgencyClaim {
    /// Where it stands.
    pub standing: ClaimStanding,
    /// How many acts there are: each one makes it another claim for who answers it.
    pub version: u32,
    /// What keeps the agent from acting on it, if anything.
    pub hindrance: Option<ClaimError>,
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

impl AgencyClaim {
    /// The acts that a role of the agency may do now; in its own proposal an agent writes messages only.
    pub fn possible_acts(&self, role: ClaimRole, second: SecondAgent) -> Vec<ClaimAct> {
        let may_act = |act: &ClaimAct| match &self.hindrance {
            None => true,
            Some(ClaimError::SameAgent) => *act == ClaimAct::Message,
            Some(_) => false,
        };
        self.standing.acts_of(role, second).filter(may_act).collect()
    }
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
    agent: &AgencyCaller,
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
    let is_agents =
        |act: &&ActRecord| act.actor.kind.is_agency() && act.act != ClaimAct::Message && act.number < latest.number;
    let last_of_agency = acts.iter().rfind(is_agents).map_or(0, |act| act.number);
    let known = signatures.into_iter().rfind(|signature| signature.number < last_of_agency);
    let year_before = (0..4).fold(quarter, |one, _| one.previous());
    let compared = [
        signed_document(&mut tx, &data_key, ClaimKey { quarter: quarter.previous(), ..key }).await?,
        signed_document(&mut tx, &data_key, ClaimKey { quarter: year_before, ..key }).await?,
    ];
    let receipt = open_receipt(&data_key, &latest)?;
    let attachments = attachments_as_signed(&mut tx, &data_key, key, &receipt.document.attachments).await?;
    let is_user = agent.is_user_of(&mut tx, organiser).await?;
    let names: HashMap<_, _> = store::agency_keys::names(&mut tx).await?.into_iter().collect();
    drop(tx);
    let record = Record::of(RecordedAction::ClaimRead).creche(creche).period(Period::Quarter(quarter));
    app.record_access(organiser, &agent.actor(), &record).await?;
    let open_known = |row: SignatureRecord| {
        Ok::<_, InternalError>(KnownSignature {
            document: open_receipt(&data_key, &row)?.document,
            gross_salary_cents: open_salaries(&data_key, &row)?.gross(),
        })
    };
    Ok(AgencyClaim {
        standing: claim.standing,
        version: claim.acts,
        hindrance: hindrance(agent, claim.standing, is_user, &acts),
        acts: acts.into_iter().map(|act| named_act(&data_key, key, act, &names)).collect::<Result<_, _>>()?,
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
    agent: &AgencyCaller,
    (organiser, creche, quarter): (OrganiserId, CrecheId, Quarter),
    file: FileId,
) -> Result<StoredFile, AttachmentError> {
    let key = claim_key(organiser, (creche, quarter));
    let signature = current_signature(&mut app.db.read().await?, key).await?.ok_or(AttachmentError::Unknown)?;
    let data_key = app.vault.organiser_key(&app.db, organiser).await?;
    let signed = open_receipt(&data_key, &signature)?.document.attachments;
    read_as_signed(app, &agent.actor(), key, (&signed, file)).await
}

/// An act; that of software with the name of its key.
fn named_act(
    data_key: &DataKey,
    key: ClaimKey,
    act: ActRecord,
    names: &HashMap<String, String>,
) -> Result<ActView, InternalError> {
    let view = open_act(data_key, key, act)?;
    Ok(match names.get(&view.agent) {
        Some(name) if view.by == ActorKind::AgencyKey => ActView { agent: name.clone(), ..view },
        _ => view,
    })
}

/// What keeps an agent from acting on a claim: being a user of the organiser, or having proposed the answer.
fn hindrance(agent: &AgencyCaller, standing: ClaimStanding, is_user: bool, acts: &[ActRecord]) -> Option<ClaimError> {
    if is_user {
        return Some(ClaimError::NotIndependent);
    }
    let proposal = acts.iter().rfind(|act| act.act.proposed_answer().is_some());
    let is_own = proposal.is_some_and(|act| act.actor == agent.actor());
    (standing.state.is_proposed() && is_own).then_some(ClaimError::SameAgent)
}

/// What is signed for a claim at present.
async fn signed_document(
    tx: &mut Tx,
    data_key: &DataKey,
    key: ClaimKey,
) -> Result<Option<ClaimDocument>, InternalError> {
    let signature = current_signature(tx, key).await?;
    let receipt = signature.map(|signature| open_receipt(data_key, &signature)).transpose()?;
    Ok(receipt.map(|receipt| receipt.document))
}

/// The latest signature of a claim that is signed at present. It is read before the key of the organiser, which is made where
/// there is none: not for an organiser without a claim.
pub(super) async fn current_signature(tx: &mut Tx, key: ClaimKey) -> Result<Option<SignatureRecord>, store::Error> {
    let claim = store::claims::find(tx, key).await?;
    if claim.is_none_or(|claim| !claim.standing.state.is_frozen()) {
        return Ok(None);
    }
    store::claims::latest_signature(tx, key).await
}
