//! Whether every stored document can be unsealed.

use super::claims;
use super::error::InternalError;
use super::files::{self, DataOwner};
use super::statements::place;
use crate::ids::OrganiserId;
use crate::store::claims::ClaimKey;
use crate::store::{self, Db};
use crate::vault::Vault;

/// The result of unsealing every stored document.
#[derive(Debug, Default)]
pub struct UnsealingReport {
    /// How many succeeded.
    pub documents: u64,
    /// Those that failed, by organiser, crèche, kind, month and revision: they were altered or moved.
    pub broken: Vec<String>,
}

/// Unseals every stored document of every organiser.
pub async fn check_unsealing(db: &Db, vault: &Vault) -> Result<UnsealingReport, InternalError> {
    let organisers = store::organisers::list(&mut db.read().await?).await?;
    let mut opened = UnsealingReport::default();
    open_files_of(db, vault, DataOwner::Agency, &mut opened).await?;
    for organiser in organisers {
        open_files_of(db, vault, DataOwner::Organiser(organiser.id), &mut opened).await?;
        open_those_of(db, vault, organiser.id, &mut opened).await?;
    }
    Ok(opened)
}

async fn open_files_of(
    db: &Db,
    vault: &Vault,
    owner: DataOwner,
    opened: &mut UnsealingReport,
) -> Result<(), InternalError> {
    let stored = store::files::list(&mut db.read().await?, owner).await?;
    for file in stored {
        match files::read(db, vault, owner, file.id).await {
            Ok(Some(_)) => opened.documents += 1,
            // Removed since it was listed.
            Ok(None) => {}
            Err(_) => opened.broken.push(format!("{}/file/{}", owner.name(), file.id)),
        }
    }
    Ok(())
}

async fn open_those_of(
    db: &Db,
    vault: &Vault,
    organiser: OrganiserId,
    opened: &mut UnsealingReport,
) -> Result<(), InternalError> {
    let key = vault.organiser_key(db, organiser).await?;
    let tx = &mut db.read().await?;
    for signature in store::claims::every_signature(tx, organiser).await? {
        if claims::is_unsealed(&key, &signature) {
            opened.documents += 1;
        } else {
            let ClaimKey { creche, period, .. } = signature.key;
            opened.broken.push(format!("{organiser}/{creche}/claim/{period}/{}", signature.signature));
        }
    }
    for (slot, revision) in store::statements::every_revision(tx, organiser).await? {
        let sealed = store::statements::document(tx, organiser, slot, revision).await?.unwrap_or_default();
        if key.open(&place(organiser, slot, revision), &sealed).is_ok() {
            opened.documents += 1;
        } else {
            let (kind, month) = (slot.kind.name(), slot.month);
            opened.broken.push(format!("{organiser}/{}/{kind}/{month}/{revision}", slot.creche));
        }
    }
    Ok(())
}
