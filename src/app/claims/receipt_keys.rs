//! The keys that receipts are signed with, and the check of a receipt by its code.

use jiff::Timestamp;

use super::receipt;
use super::receipt::{TrustedKey, verify};
use super::sealed::SealedPart;
use crate::app::App;
use crate::app::error::InternalError;
use crate::app::operator::{OperatorContext, OperatorError};
use crate::app::record::Record;
use crate::app::unit_of_work::UnitOfWork;
use crate::domain::action::RecordedAction;
use crate::domain::actor::Actor;
use crate::domain::claim::{ReceiptCode, SignatureStanding};
use crate::seal::{PublicReceiptKey, ReceiptKey};
use crate::store::receipt_keys::ReceiptKeyRecord;
use crate::store::{self, Db, Tx};
use crate::vault::Vault;

/// The keys whose signatures are valid: the present one, and those that were used before.
pub async fn trusted_keys(db: &Db) -> Result<Vec<TrustedKey>, InternalError> {
    let found = store::receipt_keys::list(&mut db.read().await?).await?;
    Ok(found.into_iter().map(trusted).collect())
}

fn trusted(row: ReceiptKeyRecord) -> TrustedKey {
    TrustedKey { id: row.id, key: PublicReceiptKey(row.public_key) }
}

/// The key that signs now; the first one is made when it is needed.
pub async fn signing_key(app: &App) -> Result<ReceiptKey, InternalError> {
    if let Some(key) = current(&mut app.db.read().await?, &app.vault).await? {
        return Ok(key);
    }
    let actor = Actor::system("receipts");
    let mut work = app.acting_as(&actor).begin_for_operator().await?;
    // Another gateway may have made one meanwhile.
    if let Some(key) = current(&mut work, &app.vault).await? {
        return Ok(key);
    }
    let key = create(&mut work, &app.vault).await?;
    work.commit().await?;
    Ok(key)
}

async fn current(tx: &mut Tx, vault: &Vault) -> Result<Option<ReceiptKey>, InternalError> {
    let keys = store::receipt_keys::list(tx).await?;
    let Some(newest) = keys.into_iter().rfind(|key| key.retired_at.is_none()) else { return Ok(None) };
    Ok(vault.receipt_key(tx, &newest.id).await?)
}

async fn create(work: &mut UnitOfWork<'_>, vault: &Vault) -> Result<ReceiptKey, InternalError> {
    let key = vault.create_receipt_key(work).await?;
    let public = key.public();
    let id = public.id();
    let row = ReceiptKeyRecord { id: id.clone(), public_key: public.0, created_at: work.at(), retired_at: None };
    store::receipt_keys::insert(work, &row).await?;
    work.record(&Record::of(RecordedAction::ReceiptKeyCreated).detail(id));
    Ok(key)
}

/// Makes a new key and retires the others; returns the id of the new one. What they signed stays valid.
pub async fn rotate(act: OperatorContext<'_>) -> Result<String, OperatorError> {
    let mut work = act.begin_for_operator().await?;
    let at = work.at();
    for key in store::receipt_keys::list(&mut work).await? {
        store::receipt_keys::retire(&mut work, &key.id, at).await?;
    }
    let key = create(&mut work, act.vault).await?;
    work.commit().await?;
    Ok(key.public().id())
}

/// A receipt that was made here.
pub struct GenuineReceipt {
    /// What became of it.
    pub standing: SignatureStanding,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The SHA-256 of the signed document.
    pub sha256: String,
}

/// The receipt with this code; `None` when there is none, or it does not verify.
pub async fn check_code(app: &App, code: &ReceiptCode) -> Result<Option<GenuineReceipt>, InternalError> {
    let hash = code_hash(app, code);
    let mut tx = app.db.read().await?;
    let Some(found) = store::claims::find_by_code(&mut tx, &hash).await? else { return Ok(None) };
    let keys: Vec<_> = store::receipt_keys::list(&mut tx).await?.into_iter().map(trusted).collect();
    let claim = store::claims::find(&mut tx, found.key).await?;
    let latest = store::claims::latest_signature(&mut tx, found.key).await?;
    let is_latest = latest.is_some_and(|latest| latest.number == found.number);
    let standing = match claim.is_some_and(|claim| claim.standing.state.is_frozen()) {
        _ if !is_latest => SignatureStanding::Replaced,
        true => SignatureStanding::Current,
        false => SignatureStanding::Withdrawn,
    };
    drop(tx);
    let key = app.vault.organiser_key(&app.db, found.key.organiser).await?;
    let text = key.open(&SealedPart::Receipt.context(found.key, found.number), &found.receipt)?;
    let receipt = verify(&text, &keys).inspect_err(|fault| {
        tracing::error!(%fault, "integrity alert: a stored receipt does not verify");
    });
    let genuine = |receipt: receipt::Receipt| GenuineReceipt {
        standing,
        signed_at: receipt.document.signed_at,
        sha256: receipt.sha256,
    };
    Ok(receipt.ok().map(genuine))
}

/// Keyed hash of the code of a receipt.
pub(super) fn code_hash(app: &App, code: &ReceiptCode) -> String {
    app.vault.index_key().hash("receipt code", &[code.as_str().as_bytes()])
}
