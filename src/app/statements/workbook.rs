//! Statements as workbooks: read back in the model's form, or a month to begin with.

use super::super::error::{Fault, NoCreche};
use super::super::keys::Caller;
use super::super::{App, creches, work};
use super::read::{Held, previous};
use crate::domain::period::Month;
use crate::ids::CrecheId;
use crate::ingest::Document;

/// A kept statement as a workbook: sent back unchanged, it is the same statement.
pub async fn as_workbook<S: Document>(held: Held<S>) -> Result<Vec<u8>, Fault> {
    work(move || {
        let Held { creche, entry, statement, .. } = held;
        Ok(S::write(&statement.into_raw(), &creche, entry.deposited.month, 0)?)
    })
    .await?
}

/// A workbook to fill in, of at least `rows` rows, with the lines of the last deposited month when `prefill` is asked.
pub async fn template<S: Document>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
    prefill: bool,
    rows: usize,
) -> Result<Vec<u8>, NoCreche> {
    let creche = creches::find(app, caller, creche).await?;
    let last = if prefill { previous::<S>(app, caller, creche.id, month).await? } else { None };
    let raw = last.map(|held| held.statement.carried_over(month)).unwrap_or_default();
    let written = work(move || S::write(&raw, &creche, month, rows)).await?;
    Ok(written.map_err(Fault::from)?)
}
