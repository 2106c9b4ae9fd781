//! The days of deposited months for which nothing was received.

use jiff::civil::Date;

use super::CrecheName;
use super::inputs::{HomeInputs, due_kinds};
use crate::app::caller::Caller;
use crate::app::error::{AccessError, InternalError};
use crate::app::revision_warnings::RevisionWarnings;
use crate::app::{App, closures, creches};
use crate::domain::creche::Creche;
use crate::domain::day_coverage::MissingPeriod;
use crate::domain::key::Scope;
use crate::domain::period::Month;
use crate::domain::statement::{StatementKey, StatementKind, StatementStatus};
use crate::ids::CrecheId;

/// The most rows of a page.
const MOST_ROWS: usize = 40;

/// Days for which nothing was received.
#[derive(Debug, Default)]
pub struct MissingDays {
    /// Crèche by crèche, the latest month first.
    pub rows: Vec<MissingDaysRow>,
    /// How many rows are left out.
    pub left_out: usize,
    /// How many statements were deposited to an earlier version of the gateway and are not known that well without opening
    /// them.
    pub unknown: usize,
}

/// Consecutive days of a crèche.
#[derive(Debug)]
pub struct MissingDaysRow {
    /// The crèche.
    pub creche: CrecheName,
    /// The kind of the statement.
    pub kind: StatementKind,
    /// The month.
    pub month: Month,
    /// The days.
    pub period: MissingPeriod,
    /// Whether the user may declare them closed.
    pub may_close: bool,
}

/// The missing days of the months that are over and not signed.
pub(super) fn of(inputs: &HomeInputs<'_>) -> Result<MissingDays, InternalError> {
    let mut found = MissingDays::default();
    for kind in due_kinds() {
        for creche in inputs.creches_with(Scope::StatementsRead(kind)) {
            for month in inputs.months_over() {
                found.add(inputs, kind, creche, month)?;
            }
        }
    }
    found.left_out = found.rows.len().saturating_sub(MOST_ROWS);
    found.rows.truncate(MOST_ROWS);
    Ok(found)
}

/// Whether nothing was received for the open days of a period within a month, of which there is one at least: they may have
/// been declared closed or deposited since a person saw them.
pub async fn are_missing(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    (first, last): (Date, Date),
) -> Result<bool, AccessError> {
    let month = Month::of(first);
    let tx = &mut app.db.read().await?;
    for kind in due_kinds() {
        let found = creches::find_with_statement(tx, caller, StatementKey { creche, kind, month }).await?;
        let Some(stored) = found.current else { continue };
        let warnings = RevisionWarnings::read(&stored.revision).map_err(InternalError::from)?;
        let missing = warnings.missing_days(&found.creche, month).unwrap_or_default();
        let mut open = found.creche.open_days(month).filter(|day| (first..=last).contains(day)).peekable();
        if month == Month::of(last) && open.peek().is_some() && open.all(|day| missing.contains(&day)) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl MissingDays {
    fn add(
        &mut self,
        inputs: &HomeInputs<'_>,
        kind: StatementKind,
        creche: &Creche,
        month: Month,
    ) -> Result<(), InternalError> {
        let stored = inputs.statement(kind, creche.id, month);
        let Some(stored) = stored.filter(|stored| stored.status == StatementStatus::Deposited) else { return Ok(()) };
        let warnings = RevisionWarnings::read(&stored.revision)?;
        let Some(days) = warnings.missing_days(creche, month) else {
            self.unknown += 1;
            return Ok(());
        };
        let open: Vec<_> = creche.open_days(month).collect();
        let may_close = inputs.acting.mandate.may(closures::WRITE, creche.id);
        let row = |period| MissingDaysRow { creche: creche.into(), kind, month, period, may_close };
        self.rows.extend(MissingPeriod::of(&days, &open).into_iter().map(row));
        Ok(())
    }
}
