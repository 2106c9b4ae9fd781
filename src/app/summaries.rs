//! Figures of a month or a quarter, read in one transaction that writes nothing.

use std::collections::HashMap;

use super::App;
use super::caller::Caller;
use super::creches;
use super::error::{Fault, NoCreche};
use crate::domain::creche::Creche;
use crate::domain::period::Period;
use crate::domain::statement::{Kind, Statement, Totals};
use crate::domain::summary::{CrecheSummary, Deposited};
use crate::ids::{CrecheId, OrganiserId};
use crate::store::statements::{Current, Filter};
use crate::store::{self, Tx};

/// One crèche's figures.
pub async fn of_creche<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    period: Period,
) -> Result<CrecheSummary<S::Totals>, NoCreche> {
    let tx = &mut app.db.read().await?;
    let creche = creches::reach(tx, caller, creche).await?;
    let statements = current(tx, caller.organiser, S::KIND, Some(creche.id), period).await?;
    let deposited = statements.into_iter().map(|(_, deposited)| deposited).collect();
    Ok(CrecheSummary::new(creche, period, deposited))
}

/// The figures of every crèche that the caller can reach.
pub async fn of_organiser<S: Statement>(
    app: &App,
    caller: &Caller,
    period: Period,
) -> Result<Vec<CrecheSummary<S::Totals>>, Fault> {
    let tx = &mut app.db.read().await?;
    let mut statements: HashMap<CrecheId, Vec<_>> = HashMap::new();
    for (creche, deposited) in current(tx, caller.organiser, S::KIND, None, period).await? {
        statements.entry(creche).or_default().push(deposited);
    }
    let creches = creches::reachable(tx, caller).await?;
    let summary = |creche: Creche| {
        let deposited = statements.remove(&creche.id).unwrap_or_default();
        CrecheSummary::new(creche, period, deposited)
    };
    Ok(creches.into_iter().map(summary).collect())
}

/// The current statements of a period, without their lines.
pub(super) async fn current<T: Totals>(
    tx: &mut Tx,
    organiser: OrganiserId,
    kind: Kind,
    creche: Option<CrecheId>,
    period: Period,
) -> Result<Vec<(CrecheId, Deposited<T>)>, Fault> {
    let months = period.months();
    let (from, to) = (months.first().copied(), months.last().copied());
    let rows = store::statements::list(tx, organiser, Filter { creche, from, to, ..Filter::of(kind) }).await?;
    rows.iter().map(|row| Ok((row.revision.creche, deposited(row)?))).collect()
}

/// What a summary takes from a kept statement.
pub(super) fn deposited<T: Totals>(row: &Current) -> Result<Deposited<T>, Fault> {
    Ok(Deposited {
        month: row.revision.month,
        status: row.status,
        revision: row.revision.revision,
        has_warnings: row.revision.has_warnings,
        lines: row.revision.lines.into(),
        totals: serde_json::from_str(&row.revision.totals)?,
    })
}
