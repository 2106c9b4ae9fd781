//! Figures of a month or a quarter, read in one transaction that writes nothing.

mod cache;
mod rendered;
mod staff_functions;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

pub use self::cache::FigureCache;
use self::cache::FigureKey;
pub use self::rendered::{RenderedBodies, RenderedBody};
pub use self::staff_functions::{PersonEntry, StaffFunctions, staff_functions};
use super::App;
use super::caller::Caller;
use super::error::{AccessError, InternalError};
use super::figure_inputs::AsOf;
use super::revision_warnings::RevisionWarnings;
use crate::domain::audit::AuditChain;
use crate::domain::creche::Creche;
use crate::domain::key::Scope;
use crate::domain::kinds::for_each_kind;
use crate::domain::period::Period;
use crate::domain::staff::staffing::{self, Assignment, Staffing};
use crate::domain::statement::{Statement, StatementFilter, StatementKind, Totals};
use crate::domain::summary::{CrecheSummary, Deposited};
use crate::ids::{CrecheId, OrganiserId};
use crate::seal::DataKey;
use crate::store::statements::{CurrentStatement, StoredRevision};
use crate::store::{self, Tx};

macro_rules! figures_by_kind {
    ($($kind:ident)*) => {
        /// A crèche's figures, kind by kind.
        pub struct CrecheFigures {
            $(
                /// The figures of the kind that names the field.
                pub $kind: CrecheSummary<crate::domain::kinds::$kind::Totals>,
            )*
            /// Staffing.
            pub staffing: PeriodStaffing,
            /// What was made of them.
            pub rendered: RenderedBodies,
        }

        /// What was deposited, kind by kind.
        struct DepositedByKind {
            $($kind: ByCreche<crate::domain::kinds::$kind::Totals>,)*
        }

        impl DepositedByKind {
            async fn read(
                tx: &mut Tx,
                (caller, key): (&Caller, &DataKey),
                of: StatementsOf<'_>,
            ) -> Result<Self, InternalError> {
                Ok(Self {
                    $($kind: by_creche::<crate::domain::kinds::$kind::Statement>(tx, (caller, key), of).await?,)*
                })
            }

            /// The figures of a crèche; its statements are moved out.
            fn take(&mut self, creche: &Creche, period: Period, staffing: PeriodStaffing) -> CrecheFigures {
                CrecheFigures {
                    $($kind: take(&mut self.$kind, creche, period),)*
                    staffing,
                    rendered: RenderedBodies::default(),
                }
            }
        }
    };
}
for_each_kind!(figures_by_kind);

/// Staffing of a period.
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
        Self { date, on: staffing::staffing_on(posts, date), average: staffing::average_staffing(posts, first, last) }
    }
}

/// The figures of an organiser.
pub struct OrganiserFigures {
    /// Crèche by crèche.
    pub creches: Vec<CrecheFigures>,
    /// Staffing in all of them: rounded once, not crèche by crèche.
    pub staffing: PeriodStaffing,
}

/// One crèche's figures.
pub async fn of_creche(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    period: Period,
    as_of: AsOf,
) -> Result<Arc<CrecheFigures>, AccessError> {
    let wanted = FigureKey {
        organiser: caller.organiser,
        creche,
        period,
        today: as_of.date(&caller.clock),
        details: StatementKind::MONTHLY.iter().map(|kind| sees_details(caller, *kind)).collect(),
    };
    let chain = AuditChain::Organiser(caller.organiser);
    let is_cached = as_of == AsOf::NOW && caller.reaches(creche);
    // Before anything is read: a commit that comes in between leads to another one.
    let version = app.db.file_version();
    if is_cached {
        let now = app.clocks.machine().now();
        if let Some(figures) = version.and_then(|version| app.figures.get_at_version(&wanted, version, now)) {
            return Ok(figures);
        }
        if let Some(end) = store::audit::head(&mut app.db.read_once().await?, chain).await?
            && let Some(figures) = app.figures.get(&wanted, (&end, version), now)
        {
            return Ok(figures);
        }
    }
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let tx = &mut app.db.read().await?;
    let creche = as_of.creche(tx, caller, creche).await?;
    let (figures, _) = of_creches(tx, (caller, &key), vec![creche], (period, as_of)).await?;
    let figures = Arc::new(figures.into_iter().next().ok_or(AccessError::Unknown)?);
    if is_cached && let Some(end) = store::audit::head(tx, chain).await? {
        app.figures.set(wanted, (end, version), app.clocks.machine().now(), Arc::clone(&figures));
    }
    Ok(figures)
}

/// Whether the caller sees the details of the sums of a kind: one who has the right to it everywhere.
fn sees_details(caller: &Caller, kind: StatementKind) -> bool {
    caller.may(Scope::StatementsRead(kind)) || caller.may(Scope::StatementsWrite(kind))
}

/// The figures of one kind: of one crèche, or of every one that the caller can reach.
pub async fn of_kind<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: Option<CrecheId>,
    (period, as_of): (Period, AsOf),
) -> Result<Vec<CrecheSummary<S::Totals>>, AccessError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let tx = &mut app.db.read().await?;
    let creches = match creche {
        Some(creche) => vec![as_of.creche(tx, caller, creche).await?],
        None => as_of.creches(tx, caller).await?,
    };
    let of = StatementsOf { organiser: caller.organiser, creches: &creches, period, as_of };
    let mut found = by_creche::<S>(tx, (caller, &key), of).await?;
    Ok(creches.iter().map(|creche| take(&mut found, creche, period)).collect())
}

/// The figures of every crèche that the caller can reach.
pub async fn of_organiser(
    app: &App,
    caller: &Caller,
    period: Period,
    as_of: AsOf,
) -> Result<OrganiserFigures, InternalError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await?;
    let tx = &mut app.db.read().await?;
    let creches = as_of.creches(tx, caller).await?;
    let (creches, posts) = of_creches(tx, (caller, &key), creches, (period, as_of)).await?;
    Ok(OrganiserFigures { creches, staffing: PeriodStaffing::of(&posts, period, as_of.date(&caller.clock)) })
}

/// The figures of some crèches, and the functions of persons in all of them.
async fn of_creches(
    tx: &mut Tx,
    (caller, key): (&Caller, &DataKey),
    creches: Vec<Creche>,
    (period, as_of): (Period, AsOf),
) -> Result<(Vec<CrecheFigures>, Vec<Assignment>), InternalError> {
    let organiser = caller.organiser;
    let of = StatementsOf { organiser, creches: &creches, period, as_of };
    let mut deposited = DepositedByKind::read(tx, (caller, key), of).await?;
    let ids: Vec<CrecheId> = creches.iter().map(|creche| creche.id).collect();
    let posts = as_of.assignments(tx, key, organiser, (period, &ids)).await?;
    let posts: Vec<Assignment> = posts.into_iter().map(|post| post.assignment).collect();
    let today = as_of.date(&caller.clock);
    let of = |creche: &Creche| {
        let here: Vec<Assignment> = posts.iter().copied().filter(|post| post.creche == creche.id).collect();
        deposited.take(creche, period, PeriodStaffing::of(&here, period, today))
    };
    Ok((creches.iter().map(of).collect(), posts))
}

/// What was deposited, crèche by crèche.
type ByCreche<T> = HashMap<CrecheId, Vec<Deposited<T>>>;

/// The statements of a kind; without the details of the sums for a caller who does not have the right everywhere.
async fn by_creche<S: Statement>(
    tx: &mut Tx,
    (caller, key): (&Caller, &DataKey),
    of: StatementsOf<'_>,
) -> Result<ByCreche<S::Totals>, InternalError> {
    let is_whole = sees_details(caller, S::KIND);
    let mut found = ByCreche::new();
    for (creche, mut deposited) in of.read::<S::Totals>(tx, key, S::KIND).await? {
        if !is_whole {
            deposited.totals = deposited.totals.without_details();
        }
        found.entry(creche).or_insert_with(Vec::new).push(deposited);
    }
    Ok(found)
}

fn take<T: Totals>(found: &mut ByCreche<T>, creche: &Creche, period: Period) -> CrecheSummary<T> {
    CrecheSummary::new(creche.clone(), period, found.remove(&creche.id).unwrap_or_default())
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

/// The part of stored statements that a summary needs: those of `creches`, in their order.
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
        let missing_days = warnings.missing_days(creche, row.revision.month);
        Ok((creche.id, deposited_row(row, has_warnings, missing_days)?))
    };
    found.into_iter().map(one).collect()
}

/// The part of a stored statement that a summary needs; whether it has warnings and which days are missing is given.
pub(super) fn deposited_row<T: Totals>(
    row: &CurrentStatement,
    has_warnings: bool,
    missing_days: Option<Vec<Date>>,
) -> Result<Deposited<T>, InternalError> {
    let StoredRevision { month, revision, lines, .. } = row.revision;
    let totals = serde_json::from_str(&row.revision.totals)?;
    Ok(Deposited { month, status: row.status, revision, has_warnings, lines: lines.into(), totals, missing_days })
}
