//! Signing: what was shown is read again, signed, and its months are frozen, in one write.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::assembled::{AssembledClaim, DepositedMonths, assemble, inputs};
use super::receipt::Receipt;
use super::receipt_keys::{code_hash, signing_key};
use super::record_act::{NewAct, record_act};
use super::sealed::{SealedPart, SignedSalaries, open_receipt, open_salaries};
use super::{ClaimError, claim_key};
use crate::app::App;
use crate::app::caller::Caller;
use crate::app::error::InternalError;
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::claim::{
    AcknowledgedWarning, Acknowledgement, ClaimAct, ClaimDocument, ClaimRole, ReceiptCode, SalaryCommitment,
    SignedCreche, SignedOrganiser,
};
use crate::domain::event::EventType;
use crate::domain::period::Quarter;
use crate::ids::{CrecheId, UserId};
use crate::ingest::canonical::canonical_json;
use crate::random;
use crate::seal::{Compressed, sha256_hex};
use crate::store::claims::SignatureRecord;
use crate::store::organisers::Organiser;
use crate::store::staff::ValidationRecord;
use crate::store::{self, WritePurpose};

/// The version of the form of signed documents.
const VERSION: u8 = 1;

/// A person who signs.
pub struct Signer<'a> {
    /// The person as a caller with the right to sign.
    pub caller: &'a Caller,
    /// The user.
    pub user: UserId,
    /// The level at which the person was authenticated.
    pub assurance: String,
    /// When; `None` where the provider did not say.
    pub authenticated_at: Option<Timestamp>,
}

impl Signer<'_> {
    /// When the person was authenticated, if that is not too long ago to sign.
    pub fn fresh(&self, app: &App) -> Option<Timestamp> {
        let now = app.clocks.machine().now();
        self.authenticated_at.filter(|at| now.duration_since(*at) <= app.sign_within)
    }
}

/// What a person signs.
pub struct SignRequest {
    /// The token of what was shown ([`AssembledClaim::token`]).
    pub shown: String,
    /// Why it is signed with each of its warnings, by rule.
    pub reasons: BTreeMap<String, Acknowledgement>,
}

/// Signs a report or, once it is signed, what has changed since.
pub async fn sign(
    app: &App,
    signer: &Signer<'_>,
    (creche, quarter): (CrecheId, Quarter),
    request: SignRequest,
) -> Result<Receipt, ClaimError> {
    let caller = signer.caller;
    let authenticated_at = signer.fresh(app).ok_or(ClaimError::LogInAgain)?;
    let assembled = assemble(app, caller, creche, quarter).await?;
    if !assembled.is_complete {
        return Err(ClaimError::Incomplete);
    }
    if assembled.token(app)? != request.shown {
        return Err(ClaimError::Outdated);
    }
    let warnings = acknowledged(&assembled, &request.reasons)?;
    let signing_key = signing_key(app).await?;
    let data_key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let salaries = SignedSalaries::new(assembled.content.staff.clone());
    let salaries_text = canonical_json(&salaries).map_err(InternalError::from)?;
    let key = claim_key(caller.organiser, (creche, quarter));

    let mut work = app.begin(caller, WritePurpose::Content).await?;
    let before = store::claims::find(&mut work, key).await?;
    let deposited = DepositedMonths::read(&mut work, caller, creche, quarter).await?;
    if inputs(&mut work, caller, creche, &deposited).await? != assembled.content.inputs {
        return Err(ClaimError::Outdated);
    }
    let latest = store::claims::latest_signature(&mut work, key).await?;
    let is_frozen = before.as_ref().is_some_and(|before| before.standing.state.is_frozen());
    if let Some(latest) = latest.as_ref().filter(|_| is_frozen)
        && !differs(&data_key, latest, &assembled)?
    {
        return Err(ClaimError::NothingToSign);
    }
    let organiser = store::organisers::find(&mut work, caller.organiser).await?.ok_or(store::Error::Rows(0))?;
    let new = NewAct { key, act: ClaimAct::Sign, role: ClaimRole::Signer, actor: caller.actor(), reason: None };
    let claim = record_act(&mut work, &data_key, before.as_ref(), new).await?;
    let signature = latest.as_ref().map_or(0, |latest| latest.signature) + 1;
    let document = ClaimDocument {
        version: VERSION,
        deployment: app.deployment,
        code: ReceiptCode::from_random(random::bytes()),
        organiser: signed_organiser(organiser),
        creche: SignedCreche {
            id: creche,
            name: assembled.creche.name.clone(),
            one_number: assembled.creche.one_number.clone(),
        },
        quarter,
        signature,
        previous: latest.map(|latest| latest.sha256),
        signed_at: work.at(),
        signed_by: signer.user,
        assurance: signer.assurance.clone(),
        authenticated_at,
        inputs: assembled.content.inputs,
        figures: assembled.content.figures,
        salaries: SalaryCommitment { persons: salaries.staff.len() as u64, sha256: sha256_hex(&salaries_text) },
        warnings,
    };
    let receipt = Receipt::sign(document, &signing_key)?;
    let seal = |part: SealedPart, text: &[u8]| data_key.seal(&part.context(key, claim.acts), Compressed::new(text));
    let row = SignatureRecord {
        key,
        number: claim.acts,
        signature,
        sha256: receipt.sha256.clone(),
        code_hash: code_hash(app, &receipt.document.code),
        signed_at: work.at(),
        receipt: seal(SealedPart::Receipt, &receipt.text()?),
        salaries: seal(SealedPart::Salaries, &salaries_text),
    };
    store::claims::insert_signature(&mut work, &row).await?;
    validate_staff(&mut work, caller, creche, signer.user).await?;
    work.commit().await?;
    Ok(receipt)
}

/// The signature validates the staff of the crèche for the year, unless that was done already.
async fn validate_staff(
    work: &mut UnitOfWork<'_>,
    caller: &Caller,
    creche: CrecheId,
    user: UserId,
) -> Result<(), store::Error> {
    let (year, at) = (caller.clock.today().year(), work.at());
    let known = store::staff::validations(work, caller.organiser, creche).await?;
    if known.iter().any(|known| known.year == year) {
        return Ok(());
    }
    let revision = store::staff::register(work, caller.organiser).await?.map_or(0, |register| register.revision);
    let new = ValidationRecord { year, at, user: Some(user), application: None, revision };
    store::staff::validate(work, caller.organiser, creche, &new).await?;
    work.record(&Record::of(EventType::StaffValidated).creche(creche).revision(revision));
    Ok(())
}

/// Whether the claim has changed since a signature.
fn differs(
    data_key: &crate::seal::DataKey,
    latest: &SignatureRecord,
    assembled: &AssembledClaim,
) -> Result<bool, InternalError> {
    let receipt = open_receipt(data_key, latest)?;
    let salaries = open_salaries(data_key, latest)?;
    let content = &assembled.content;
    Ok(receipt.document.figures != content.figures || salaries.staff != content.staff)
}

fn signed_organiser(organiser: Organiser) -> SignedOrganiser {
    SignedOrganiser {
        id: organiser.id,
        legal_name: organiser.legal_name,
        enterprise_number: organiser.enterprise_number.map(|number| number.to_string()),
    }
}

/// The warnings with their reasons.
fn acknowledged(
    assembled: &AssembledClaim,
    reasons: &BTreeMap<String, Acknowledgement>,
) -> Result<Vec<AcknowledgedWarning>, ClaimError> {
    let acknowledged = |warning: &crate::domain::claim::ClaimWarning| {
        let reason = *reasons.get(warning.rule).ok_or(ClaimError::Unacknowledged)?;
        Ok(AcknowledgedWarning { rule: warning.rule.to_owned(), count: warning.count as u64, reason })
    };
    assembled.content.warnings.iter().map(acknowledged).collect()
}
