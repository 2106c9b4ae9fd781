//! Statements as workbooks: a stored one in the model's form, or a template for a month.

use super::super::caller::Caller;
use super::super::error::{AccessError, InternalError};
use super::super::{App, WorkSize, creches, run_blocking};
use super::read::{StoredStatement, previous_statement};
use crate::domain::creche::Creche;
use crate::domain::period::Month;
use crate::ids::{CrecheId, OrganiserId};
use crate::ingest::workbook::model::folded;
use crate::ingest::{ImportFormat as _, StatementFormat};

/// A workbook and its file name.
pub struct StatementWorkbook {
    /// The model's sheet, the crèche and the month, in plain letters: `presences-les-p-tits-loups-2026-10.xlsx`.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A stored statement as a workbook: deposited unchanged, it is the same statement.
pub async fn as_workbook<S: StatementFormat>(stored: StoredStatement<S>) -> Result<StatementWorkbook, InternalError> {
    let StoredStatement { organiser, creche, entry, statement, .. } = stored;
    write::<S>(organiser, statement.into_raw(), creche, entry.deposited.month, 0).await
}

/// A workbook to fill in, of at least `rows` rows, with the lines of the last deposited month if `prefill` is set.
pub async fn template<S: StatementFormat>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    month: Month,
    prefill: bool,
    rows: usize,
) -> Result<StatementWorkbook, AccessError> {
    let creche = creches::find(app, caller, creche).await?;
    let last = if prefill { previous_statement::<S>(app, caller, creche.id, month).await? } else { None };
    let raw = last.map(|stored| stored.statement.carried_over(month)).unwrap_or_default();
    Ok(write::<S>(caller.organiser, raw, creche, month, rows).await?)
}

async fn write<S: StatementFormat>(
    organiser: OrganiserId,
    raw: S::Raw,
    creche: Creche,
    month: Month,
    rows: usize,
) -> Result<StatementWorkbook, InternalError> {
    let plain = |text: &str| folded(text).replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let name = format!("{}-{}-{month}.xlsx", plain(S::Raw::model().sheet), plain(&creche.name));
    let bytes = run_blocking(organiser, WorkSize::Light, move || S::write(&raw, &creche, month, rows)).await??;
    Ok(StatementWorkbook { name, bytes })
}
