//! Figures of a month or a quarter, read in one transaction that writes nothing.

use std::collections::HashMap;

use jiff::civil::Date;

use super::App;
use super::caller::Caller;
use super::error::{AccessError, InternalError};
use super::figure_inputs::AsOf;
use super::revision_warnings::RevisionWarnings;
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::period::Period;
use crate::domain::staff::staffing::{self, Assignment, Staffing};
use crate::domain::statement::{StatementFilter, StatementKind, Totals};
use crate::domain::summary::{CrecheSummary, Deposited};
use crate::domain::{attendance, medical};
use crate::ids::{CrecheId, OrganiserId};
use crate::seal::DataKey;
use crate::store::Tx;
use crate::store::statements::{CurrentStatement, StoredRevision};

/// A crèche's figures, kind by kind.
pub struct CrecheFigures {
    /// Who was there.
    pub attendance: CrecheSummary<attendance::Totals>,
    /// What consultations there were.
    pub medical: CrecheSummary<medical::Totals>,
    /// Who worked.
    pub staffing: PeriodStaffing,
}

/// Who works in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodStaffing {
    /// The last day of the period, or today while it runs.
    pub date: Date,
    /// On that day.
    pub on: Staffing,
    /// On average over the period.
    pub average: Staffing,
}

impl PeriodStaffing {
    /// Of the functions `posts`.
    pub fn of(posts: &[Assignment], period: Period, today: Date) -> Self {
        let (first, last) = (period.first_day(), period.last_day());
        let date = if (first..=last).contains(&today) { today } else { last };
        Self { date, on: staffing::on(posts, date), average: staffing::average(posts, first, last) }
    }
}

/// The figures of an organiser.
pub struct OrganiserFigures {
    /// Crèche by crèche.
    pub creches: Vec<CrecheFigures>,
    /// Who worked in all of them: rounded once, not crèche by crèche.
    pub staffing: PeriodStaffing,
}

/// One crèche's figures.
pub async fn of_creche(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    period: Period,
    as_of: AsOf,
) -> Result<CrecheFigures, AccessError> {
    let key = app.vault.key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let tx = &mut app.db.read().await?;
    let creche = as_of.creche(tx, caller, creche).await?;
    let (figures, _) = of_creches(app, tx, (caller, &key), vec![creche], (period, as_of)).await?;
    figures.into_iter().next().ok_or(AccessError::Unknown)
}

/// The figures of every crèche that the caller can reach.
pub async fn of_organiser(
    app: &App,
    caller: &Caller,
    period: Period,
    as_of: AsOf,
) -> Result<OrganiserFigures, InternalError> {
    let key = app.vault.key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let creches = as_of.creches(tx, caller).await?;
    let (creches, posts) = of_creches(app, tx, (caller, &key), creches, (period, as_of)).await?;
    Ok(OrganiserFigures { creches, staffing: PeriodStaffing::of(&posts, period, as_of.date(app)) })
}

/// The figures of some crèches, and the functions of persons in all of them.
async fn of_creches(
    app: &App,
    tx: &mut Tx,
    (caller, key): (&Caller, &DataKey),
    creches: Vec<Creche>,
    (period, as_of): (Period, AsOf),
) -> Result<(Vec<CrecheFigures>, Vec<Assignment>), InternalError> {
    let organiser = caller.organiser;
    let statements = StatementsOf { organiser, creches: &creches, period, as_of };
    let mut attendance = by_creche(statements.read(tx, key, StatementKind::Attendance).await?);
    let mut medical = by_creche(statements.read(tx, key, StatementKind::Medical).await?);
    hide_doctors(caller, &mut medical);
    let ids: Vec<CrecheId> = creches.iter().map(|creche| creche.id).collect();
    let posts = as_of.assignments(tx, key, organiser, (period, &ids)).await?;
    let today = as_of.date(app);
    let of = |creche: Creche| {
        let here: Vec<Assignment> = posts.iter().copied().filter(|post| post.creche == creche.id).collect();
        sum_figures(creche, period, &mut attendance, &mut medical, PeriodStaffing::of(&here, period, today))
    };
    Ok((creches.into_iter().map(of).collect(), posts))
}

/// What was deposited, crèche by crèche.
type ByCreche<T> = HashMap<CrecheId, Vec<Deposited<T>>>;

fn by_creche<T>(statements: Vec<(CrecheId, Deposited<T>)>) -> ByCreche<T> {
    let mut found = ByCreche::new();
    for (creche, deposited) in statements {
        found.entry(creche).or_default().push(deposited);
    }
    found
}

/// Takes out the sums of each doctor, for a caller who has no right to consultations everywhere within reach.
fn hide_doctors(caller: &Caller, found: &mut ByCreche<medical::Totals>) {
    if caller.may(Scope::MedicalRead) || caller.may(Scope::MedicalWrite) {
        return;
    }
    for deposited in found.values_mut().flatten() {
        deposited.totals.by_doctor.clear();
    }
}

fn sum_figures(
    creche: Creche,
    period: Period,
    attendance: &mut ByCreche<attendance::Totals>,
    medical: &mut ByCreche<medical::Totals>,
    staffing: PeriodStaffing,
) -> CrecheFigures {
    let (there, consulted) = (attendance.remove(&creche.id), medical.remove(&creche.id));
    CrecheFigures {
        attendance: CrecheSummary::new(creche.clone(), period, there.unwrap_or_default()),
        medical: CrecheSummary::new(creche, period, consulted.unwrap_or_default()),
        staffing,
    }
}

/// Which statements figures are made of.
#[derive(Clone, Copy)]
pub(super) struct StatementsOf<'a> {
    pub(super) organiser: OrganiserId,
    pub(super) creches: &'a [Creche],
    pub(super) period: Period,
    pub(super) as_of: AsOf,
}

impl StatementsOf<'_> {
    /// The statements of a kind, without their lines.
    pub(super) async fn read<T: Totals>(
        self,
        tx: &mut Tx,
        key: &DataKey,
        kind: StatementKind,
    ) -> Result<Vec<(CrecheId, Deposited<T>)>, InternalError> {
        let creche = if let [one] = self.creches { Some(one.id) } else { None };
        let filter = StatementFilter { creche, ..StatementFilter::in_period(kind, self.period) };
        let rows = self.as_of.statements(tx, self.organiser, filter).await?;
        deposited_statements(tx, key, (self.organiser, self.creches), &rows, self.as_of).await
    }
}

/// What a summary takes from kept statements: those of `creches`, in their order.
pub(super) async fn deposited_statements<T: Totals>(
    tx: &mut Tx,
    key: &DataKey,
    (organiser, creches): (OrganiserId, &[Creche]),
    rows: &[CurrentStatement],
    as_of: AsOf,
) -> Result<Vec<(CrecheId, Deposited<T>)>, InternalError> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(creche) = creches.iter().find(|creche| creche.id == row.revision.creche) else { continue };
        found.push((creche, row, RevisionWarnings::read(&row.revision)?));
    }
    let named = found.iter().any(|(.., warnings)| warnings.needs_doctors());
    let doctors = if named { as_of.doctors(tx, key, organiser).await? } else { Vec::new() };
    let one = |(creche, row, warnings): (&Creche, &CurrentStatement, RevisionWarnings)| {
        let has_warnings = warnings.any(creche, row.revision.month, &doctors);
        Ok((creche.id, deposited_row(row, has_warnings)?))
    };
    found.into_iter().map(one).collect()
}

/// What a summary takes from a kept statement, of which it is known whether it has warnings.
pub(super) fn deposited_row<T: Totals>(
    row: &CurrentStatement,
    has_warnings: bool,
) -> Result<Deposited<T>, InternalError> {
    let StoredRevision { month, revision, lines, .. } = row.revision;
    let totals = serde_json::from_str(&row.revision.totals)?;
    Ok(Deposited { month, status: row.status, revision, has_warnings, lines: lines.into(), totals })
}
