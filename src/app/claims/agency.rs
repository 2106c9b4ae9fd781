//! A claim as the agency reads it: an agent, or its software. Each reading is in the history of the organiser.

use std::sync::Arc;

use super::assemble::deposited_inputs;
use super::receipt::Receipt;
use super::sealed::{open_gross, open_receipt};
use super::view::{ActView, open_act};
use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::agents::{AgencyCaller, AuthorNames};
use crate::app::error::InternalError;
use crate::app::files::StoredFile;
use crate::app::record::Record;
use crate::app::reports::attachments::{Attachment, AttachmentError, attachments_as_signed, read_as_signed};
use crate::domain::action::RecordedAction;
use crate::domain::actor::ActorKind;
use crate::domain::claim::{ClaimAct, ClaimDocument, ClaimInput, ClaimRole, ClaimStanding, SecondAgent};
use crate::domain::money::Cents;
use crate::domain::period::Period;
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
    /// The gross salaries that were signed; `None` of a month, which has none.
    pub gross_salary_cents: Option<Cents>,
    /// The attachments that were signed.
    pub attachments: Vec<Attachment>,
    /// What the agency knew when it last acted on the claim, before the latest signature.
    pub known: Option<KnownSignature>,
    /// The statements and the report of which another revision is current than the signed one: the organiser has not signed
    /// them yet.
    pub unsigned_corrections: Vec<ClaimInput>,
    /// What was signed for the period before, and for the same period of the year before.
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
    /// The gross salaries that were signed; `None` of a month.
    pub gross_salary_cents: Option<Cents>,
}

/// Reads a claim: recorded in the history of its organiser before the result is returned.
///
/// # Errors
/// `NotSigned` where there is none.
pub async fn open(
    app: &App,
    agent: &AgencyCaller,
    (organiser, creche, period): (OrganiserId, CrecheId, Period),
) -> Result<AgencyClaim, ClaimError> {
    let key = claim_key(organiser, (creche, period));
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
    let compared = [
        signed_document(&mut tx, &data_key, ClaimKey { period: period.previous(), ..key }).await?,
        signed_document(&mut tx, &data_key, ClaimKey { period: period.year_before(), ..key }).await?,
    ];
    let receipt = open_receipt(&data_key, &latest)?;
    let unsigned_corrections = unsigned_corrections(&mut tx, key, &receipt.document.inputs).await?;
    let attachments = attachments_as_signed(&mut tx, &data_key, key, &receipt.document.attachments).await?;
    let is_user = agent.is_user_of(&mut tx, organiser).await?;
    let names = AuthorNames::read(&mut tx).await?;
    drop(tx);
    let record = Record::of(RecordedAction::ClaimRead).creche(creche).period(period);
    app.record_access(organiser, &agent.actor(), &record).await?;
    let open_known = |row: SignatureRecord| {
        Ok::<_, InternalError>(KnownSignature {
            document: open_receipt(&data_key, &row)?.document,
            gross_salary_cents: open_gross(&data_key, &row)?,
        })
    };
    Ok(AgencyClaim {
        standing: claim.standing,
        version: claim.acts,
        hindrance: hindrance(agent, claim.standing, is_user, &acts),
        acts: acts.into_iter().map(|act| named_act(&data_key, key, act, &names)).collect::<Result<_, _>>()?,
        receipt,
        gross_salary_cents: open_gross(&data_key, &latest)?,
        attachments,
        known: known.map(open_known).transpose()?,
        unsigned_corrections,
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
    (organiser, creche, period): (OrganiserId, CrecheId, Period),
    file: FileId,
) -> Result<StoredFile, AttachmentError> {
    let key = claim_key(organiser, (creche, period));
    let signed = open_signed(app, key).await?.ok_or(AttachmentError::Unknown)?;
    read_as_signed(app, &agent.actor(), key, (&signed.document.attachments, file)).await
}

/// An act; that of software with the name of its key.
fn named_act(data_key: &DataKey, key: ClaimKey, act: ActRecord, names: &AuthorNames) -> Result<ActView, InternalError> {
    let author = act.actor.clone();
    let view = open_act(data_key, key, act)?;
    Ok(if author.kind == ActorKind::AgencyKey { ActView { agent: names.of(&author), ..view } } else { view })
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

/// The documents of a claim that were deposited anew since the signature.
async fn unsigned_corrections(
    tx: &mut Tx,
    claim: ClaimKey,
    signed: &[ClaimInput],
) -> Result<Vec<ClaimInput>, store::Error> {
    let now = deposited_inputs(tx, claim).await?;
    Ok(now.into_iter().filter(|input| !signed.contains(input)).collect())
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

/// What is signed of a claim at present.
pub(super) struct OpenedSignature {
    pub(super) document: ClaimDocument,
    pub(super) signature: SignatureRecord,
    pub(super) data_key: Arc<DataKey>,
}

/// Opens what is signed of a claim at present, if anything is. The signature is read before the key of the organiser, which is
/// made where there is none: not for an organiser without a claim.
pub(super) async fn open_signed(app: &App, key: ClaimKey) -> Result<Option<OpenedSignature>, InternalError> {
    let Some(signature) = current_signature(&mut app.db.read().await?, key).await? else { return Ok(None) };
    let data_key = app.vault.organiser_key(&app.db, key.organiser).await?;
    let document = open_receipt(&data_key, &signature)?.document;
    Ok(Some(OpenedSignature { document, signature, data_key }))
}

/// The latest signature of a claim that is signed at present.
async fn current_signature(tx: &mut Tx, key: ClaimKey) -> Result<Option<SignatureRecord>, store::Error> {
    let claim = store::claims::find(tx, key).await?;
    if claim.is_none_or(|claim| !claim.standing.state.is_frozen()) {
        return Ok(None);
    }
    store::claims::latest_signature(tx, key).await
}
