//! Rotating the master key.

use super::operator::{OperatorContext, OperatorError};
use super::record::Record;
use crate::domain::action::RecordedAction;
use crate::seal::MasterKey;
use crate::vault;

/// Wraps every data key of `old` with `new`, and returns how many there were. Sealed data are unchanged.
pub async fn rotate(act: OperatorContext<'_>, old: &MasterKey, new: &MasterKey) -> Result<usize, OperatorError> {
    let mut work = act.begin_for_operator().await?;
    let rewrapped = vault::rewrap_all(&mut work, old, new).await?;
    if rewrapped > 0 {
        let detail = format!("{rewrapped} data keys from {} to {}", old.id(), new.id());
        work.record(&Record::of(RecordedAction::MasterKeyRotated).detail(detail));
        work.commit().await?;
    }
    Ok(rewrapped)
}
