//! Rotating the master key.

use super::operator::{OperatorContext, OperatorError};
use crate::domain::audit::AuditChain;
use crate::seal::MasterKey;
use crate::vault;

/// Wraps every data key that `old` wraps with `new`, and tells how many there were. Nothing that they seal is touched.
pub async fn rotate(act: OperatorContext<'_>, old: &MasterKey, new: &MasterKey) -> Result<usize, OperatorError> {
    let mut tx = act.db.write().await?;
    let rewrapped = vault::rotate(&mut tx, old, new).await?;
    if rewrapped > 0 {
        let detail = format!("{rewrapped} data keys from {} to {}", old.id(), new.id());
        act.record(&mut tx, AuditChain::Operator, act.entry("masterKey.rotated").detail(detail)).await?;
        tx.commit().await?;
    }
    Ok(rewrapped)
}
