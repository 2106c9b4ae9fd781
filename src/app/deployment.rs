//! The kind of deployment is recorded in the database at the first start. A production database is never used as a
//! sandbox, nor the reverse, whatever the configuration.

use subtle::ConstantTimeEq as _;

use super::App;
use super::error::InternalError;
use super::error::fault_conversions;
use super::webhooks::seal_clear_addresses;
use crate::domain::key::{Deployment, KeyKind};
use crate::seal::IndexKey;
use crate::store::deployment::{self, DeploymentRecord};
use crate::store::{self, Tx};

/// Why a database cannot be used with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum DeploymentError {
    /// It belongs to the other kind.
    #[error(
        "the database belongs to a {recorded} deployment and the configuration says deployment = \"{configured}\": set deployment back to \"{recorded}\", or name another database in database.url"
    )]
    OtherKind {
        /// The kind in the database.
        recorded: &'static str,
        /// The configured kind.
        configured: &'static str,
    },
    /// The record was not written by the gateway, or it was removed.
    #[error(
        "the record of what kind of deployment the database belongs to was altered or removed: restore the database from a backup"
    )]
    Altered,
    /// The gateway failed.
    #[error(transparent)]
    Fault(#[from] InternalError),
}

fault_conversions!(DeploymentError);

/// Compares the configured kind with the recorded one. The first start with a database records it and, in the same
/// transaction, seals the addresses that an earlier version stored unsealed: from then on no unsealed text is accepted
/// as an address.
pub async fn establish(app: &App) -> Result<(), DeploymentError> {
    if let Some(record) = deployment::find(&mut app.db.read().await?).await? {
        return compare(app.vault.index_key(), &record, app.deployment);
    }
    let mut tx = app.db.write().await?;
    may_begin(&mut tx, app.deployment).await?;
    let kind = app.deployment.name();
    let record = DeploymentRecord { kind: kind.to_owned(), seal: seal(app.vault.index_key(), kind) };
    if !deployment::insert(&mut tx, &record, app.clocks.machine().now()).await? {
        // Another gateway recorded it first.
        let record = deployment::find(&mut tx).await?.ok_or(DeploymentError::Altered)?;
        return compare(app.vault.index_key(), &record, app.deployment);
    }
    let sealed = seal_clear_addresses(app, &mut tx).await?;
    tx.commit().await?;
    tracing::info!(kind, sealed_addresses = sealed, "the kind of deployment was recorded");
    Ok(())
}

/// Whether the recorded kind is `configured`. Writes nothing.
pub fn compare(index: &IndexKey, record: &DeploymentRecord, configured: Deployment) -> Result<(), DeploymentError> {
    let recorded = [Deployment::Production, Deployment::Sandbox].into_iter().find(|kind| kind.name() == record.kind);
    let recorded =
        recorded.filter(|kind| bool::from(seal(index, kind.name()).as_bytes().ct_eq(record.seal.as_bytes())));
    match recorded {
        None => Err(DeploymentError::Altered),
        Some(recorded) if recorded == configured => Ok(()),
        Some(recorded) => Err(DeploymentError::OtherKind { recorded: recorded.name(), configured: configured.name() }),
    }
}

/// Whether a database without a record may become one of this kind: not when its keys are all of the other kind, and
/// not when it has sealed addresses, which prove that the record was removed.
async fn may_begin(tx: &mut Tx, configured: Deployment) -> Result<(), DeploymentError> {
    if store::webhooks::count_sealed_addresses(tx).await? > 0 {
        return Err(DeploymentError::Altered);
    }
    let kinds = deployment::key_kinds(tx).await?;
    let kinds: Vec<KeyKind> = kinds.iter().filter_map(|kind| kind.parse().ok()).collect();
    let other = configured.other();
    // Trial keys work in both; an unrecorded database with only trial keys is taken for production.
    let foreign = kinds.contains(&KeyKind::Trial) && configured == Deployment::Sandbox
        || kinds.iter().any(|kind| !configured.admits(*kind));
    if foreign && kinds.iter().all(|kind| other.admits(*kind)) {
        return Err(DeploymentError::OtherKind { recorded: other.name(), configured: configured.name() });
    }
    Ok(())
}

fn seal(index: &IndexKey, kind: &str) -> String {
    index.hash("deployment kind", &[kind.as_bytes()])
}
