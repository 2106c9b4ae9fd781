//! Signing: what was shown is read again, signed, and frozen, in one write.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::assemble::{assemble, is_current};
use super::assembled::AssembledClaim;
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
    SignedCreche, SignedOrganiser, has_other_revisions,
};
use crate::domain::event::EventType;
use crate::domain::period::{Period, Quarter};
use crate::ids::{CrecheId, UserId};
use crate::ingest::canonical::canonical_json;
use crate::random;
use crate::seal::{Compressed, DataKey, ReceiptKey, sha256_hex};
use crate::store::claims::{ClaimKey, ClaimRecord, SignatureRecord};
use crate::store::organisers::Organiser;
use crate::store::staff::ValidationRecord;
use crate::store::{self, Tx, WritePurpose};

/// The version of the form of signed documents.
const VERSION: u8 = 1;

/// How far the clock of a provider may be ahead.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(1);

/// A person who signs.
pub struct Signer<'a> {
    /// The person as a caller with the right to sign.
    pub caller: &'a Caller,
    /// The user.
    pub user: UserId,
    /// The level at which the person was authenticated.
    pub assurance: String,
    /// When, in machine time; `None` where the provider did not say.
    pub authenticated_at: Option<Timestamp>,
}

impl Signer<'_> {
    /// When the person was authenticated, if that is not too long ago to sign.
    pub fn fresh(&self, app: &App) -> Option<Timestamp> {
        let now = app.clocks.machine().now();
        let age = |at: &Timestamp| now.duration_since(*at);
        self.authenticated_at.filter(|at| (-CLOCK_SKEW..=app.sign_within).contains(&age(at)))
    }
}

/// What a person signs.
pub struct SignRequest {
    /// The token of what was shown ([`AssembledClaim::token`]).
    pub shown: String,
    /// Why it is signed with each of its warnings, by rule.
    pub reasons: BTreeMap<String, Acknowledgement>,
}

/// Signs the report of a quarter or the consultations of a month or, once that is signed, what has changed since.
pub async fn sign(
    app: &App,
    signer: &Signer<'_>,
    (creche, period): (CrecheId, Period),
    request: SignRequest,
) -> Result<Receipt, ClaimError> {
    let caller = signer.caller;
    let signing = Signing::prepare(app, signer, (creche, period), &request).await?;
    let mut work = app.begin(caller, WritePurpose::Content).await?;
    let before = store::claims::find(&mut work, signing.key).await?;
    let latest = store::claims::latest_signature(&mut work, signing.key).await?;
    signing.require_current(&mut work, before.as_ref(), latest.as_ref()).await?;
    let (act, role, key) = (ClaimAct::Sign, ClaimRole::Organiser, signing.key);
    let new = NewAct { role, ..NewAct::of(key, act, caller.actor()) };
    let claim = record_act(&mut work, app.second_agent, &signing.data_key, before.as_ref(), new).await?;
    let organiser = store::organisers::find(&mut work, caller.organiser).await?.ok_or(store::Error::Rows(0))?;
    let document = signing.document(app, organiser, latest, work.at());
    let receipt = Receipt::sign(document, &signing.receipt_key)?;
    let row = signing.record(app, claim.acts, &receipt)?;
    store::claims::insert_signature(&mut work, &row).await?;
    if let Period::Quarter(quarter) = period {
        validate_staff(&mut work, caller, (creche, quarter), signer.user).await?;
    }
    work.commit().await?;
    Ok(receipt)
}

/// A signature that is prepared: everything that is read and checked before the write.
struct Signing<'a> {
    signer: &'a Signer<'a>,
    authenticated_at: Timestamp,
    key: ClaimKey,
    assembled: AssembledClaim,
    warnings: Vec<AcknowledgedWarning>,
    /// The salaries of a quarter, and their canonical text.
    salaries: Option<(SignedSalaries, Vec<u8>)>,
    data_key: Arc<DataKey>,
    receipt_key: ReceiptKey,
}

impl<'a> Signing<'a> {
    async fn prepare(
        app: &App,
        signer: &'a Signer<'a>,
        at: (CrecheId, Period),
        request: &SignRequest,
    ) -> Result<Self, ClaimError> {
        let caller = signer.caller;
        let authenticated_at = signer.fresh(app).ok_or(ClaimError::LogInAgain)?;
        let assembled = assemble(app, caller, at).await?;
        if !assembled.is_complete {
            return Err(ClaimError::Incomplete);
        }
        if assembled.token(app)? != request.shown {
            return Err(ClaimError::Outdated);
        }
        let salaries = assembled.content.staff.clone().map(SignedSalaries::new).map(|salaries| {
            let text = canonical_json(&salaries).map_err(InternalError::from)?;
            Ok::<_, InternalError>((salaries, text))
        });
        Ok(Self {
            signer,
            authenticated_at,
            key: claim_key(caller.organiser, at),
            warnings: acknowledged(&assembled, &request.reasons)?,
            assembled,
            salaries: salaries.transpose()?,
            data_key: app.vault.organiser_key(&app.db, caller.organiser).await?,
            receipt_key: signing_key(app).await?,
        })
    }

    /// Fails when something that was read has changed, or when all of it is signed already.
    async fn require_current(
        &self,
        tx: &mut Tx,
        before: Option<&ClaimRecord>,
        latest: Option<&SignatureRecord>,
    ) -> Result<(), ClaimError> {
        if !is_current(tx, self.signer.caller, &self.assembled).await? {
            return Err(ClaimError::Outdated);
        }
        let standing = before.map(|before| before.standing).unwrap_or_default();
        match latest.filter(|_| !standing.may_sign_unchanged()).map(|latest| self.differs(latest)).transpose()? {
            Some(false) => Err(ClaimError::NothingToSign),
            _ => Ok(()),
        }
    }

    /// Whether the claim has changed since a signature.
    fn differs(&self, latest: &SignatureRecord) -> Result<bool, InternalError> {
        let receipt = open_receipt(&self.data_key, latest)?;
        let salaries = open_salaries(&self.data_key, latest)?;
        let content = &self.assembled.content;
        let has_other_revisions = has_other_revisions(&receipt.document.inputs, &content.inputs);
        let has_other_attachments = receipt.document.attachments != content.attachments;
        let has_other_figures =
            receipt.document.figures != content.figures || salaries.map(|signed| signed.staff) != content.staff;
        Ok(has_other_revisions || has_other_attachments || has_other_figures)
    }

    fn document(
        &self,
        app: &App,
        organiser: Organiser,
        latest: Option<SignatureRecord>,
        at: Timestamp,
    ) -> ClaimDocument {
        let AssembledClaim { creche, content, .. } = &self.assembled;
        ClaimDocument {
            version: VERSION,
            deployment: app.deployment,
            code: ReceiptCode::from_random(random::bytes()),
            organiser: signed_organiser(organiser),
            creche: SignedCreche { id: creche.id, name: creche.name.clone(), one_number: creche.one_number.clone() },
            quarter: self.key.period.quarter(),
            month: self.key.period.month(),
            signature: latest.as_ref().map_or(0, |latest| latest.signature) + 1,
            previous: latest.map(|latest| latest.sha256),
            signed_at: at,
            signed_by: self.signer.user,
            assurance: self.signer.assurance.clone(),
            authenticated_at: app.clocks.to_business_time(self.key.organiser, self.authenticated_at),
            inputs: content.inputs.clone(),
            figures: content.figures.clone(),
            salaries: self.salaries.as_ref().map(|(salaries, text)| SalaryCommitment {
                persons: salaries.staff.len() as u64,
                sha256: sha256_hex(text),
            }),
            doctors: content.doctors.clone(),
            attachments: content.attachments.clone(),
            warnings: self.warnings.clone(),
        }
    }

    /// The signature as it is stored, of the act with this number.
    fn record(&self, app: &App, number: u32, receipt: &Receipt) -> Result<SignatureRecord, InternalError> {
        let seal =
            |part: SealedPart, text: &[u8]| self.data_key.seal(&part.context(self.key, number), Compressed::new(text));
        Ok(SignatureRecord {
            key: self.key,
            number,
            signature: receipt.document.signature,
            warnings: receipt.document.warnings.len() as u64,
            sha256: receipt.sha256.clone(),
            code_hash: code_hash(app, &receipt.document.code),
            signed_at: receipt.document.signed_at,
            receipt: seal(SealedPart::Receipt, &receipt.text()?),
            salaries: self.salaries.as_ref().map(|(_, text)| seal(SealedPart::Salaries, text)),
        })
    }
}

/// The signature validates the staff of the crèche for the year of the quarter, unless that was done already.
async fn validate_staff(
    work: &mut UnitOfWork<'_>,
    caller: &Caller,
    (creche, quarter): (CrecheId, Quarter),
    user: UserId,
) -> Result<(), store::Error> {
    let (year, at) = (quarter.year(), work.at());
    let known = store::staff::validations(work, caller.organiser, creche).await?;
    if known.iter().any(|known| known.year == year) {
        return Ok(());
    }
    let revision = store::staff::register(work, caller.organiser).await?.revision;
    let new = ValidationRecord { year, at, user: Some(user), application: None, revision };
    store::staff::validate(work, caller.organiser, creche, &new).await?;
    work.record(&Record::of(EventType::StaffValidated).creche(creche).revision(revision));
    Ok(())
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
