//! Rotating the master key.

use super::act::{Act, Refusal};
use crate::store::audit::Chain;
use crate::vault::{self, MasterKey};

/// Wraps every data key that `old` wraps with `new`, and tells how many there were. Nothing that they seal is touched.
pub async fn rotate(act: Act<'_>, old: &MasterKey, new: &MasterKey) -> Result<usize, Refusal> {
    let mut tx = act.db.write().await?;
    let rewrapped = vault::rotate(&mut tx, old, new).await?;
    if rewrapped > 0 {
        let detail = format!("{rewrapped} data keys from {} to {}", old.id(), new.id());
        act.record(&mut tx, Chain::Operator, act.entry("masterKey.rotated").detail(detail)).await?;
        tx.commit().await?;
    }
    Ok(rewrapped)
}
