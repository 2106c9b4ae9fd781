//! What the figures of a period are made of: the share of each line, and what changed since an earlier revision or
//! instant.

use super::super::caller::Caller;
use super::super::error::{AccessError, InternalError};
use super::super::record::Record;
use super::super::{App, summaries};
use super::open;
use super::read::{StatementEntry, entry};
use crate::app::application_names::ApplicationNames;
use crate::app::figure_inputs::AsOf;
use crate::domain::action::RecordedAction;
use crate::domain::changes::{LineChange, compare_contributions};
use crate::domain::creche::Creche;
use crate::domain::period::{Month, Period};
use crate::domain::statement::{Contribution, Statement, StatementFilter, StatementKey, Totals};
use crate::ids::CrecheId;
use crate::seal::DataKey;
use crate::store::{self, Tx};

/// A statement of the period with the share of each line.
pub struct StatementContributions<T> {
    /// The statement, with the application that deposited it.
    pub entry: StatementEntry<T>,
    /// The share of each line.
    pub lines: Vec<Contribution<T>>,
}

/// What the figures of a period are made of.
pub struct PeriodContributions<T> {
    /// The crèche.
    pub creche: Creche,
    /// The statement of each deposited month.
    pub statements: Vec<StatementContributions<T>>,
    /// The months that differ from what they are compared with.
    pub comparisons: Vec<MonthComparison<T>>,
}

/// What contributions are compared with.
#[derive(Debug, Clone, Copy)]
pub enum ComparedWith {
    /// A revision of the month; periods of a quarter are compared with no revision.
    Revision(u32),
    /// What was known at an instant.
    Instant(AsOf),
}

/// What changed in a month.
pub struct MonthComparison<T> {
    /// The month.
    pub month: Month,
    /// The revision before; `None` where nothing was deposited then.
    pub from: Option<u32>,
    /// The revision after; `None` where nothing was deposited then.
    pub to: Option<u32>,
    /// The sums before and after.
    pub totals: (T, T),
    /// The lines that differ.
    pub lines: Vec<LineChange<T>>,
}

/// Computes the figures of a period by lines, and compares them. `Ok(None)` when there is no such revision.
pub async fn read_contributions<S: Statement>(
    app: &App,
    caller: &Caller,
    creche: CrecheId,
    (period, as_of): (Period, AsOf),
    compared: Option<ComparedWith>,
) -> Result<Option<PeriodContributions<S::Totals>>, AccessError> {
    let key = app.vault.organiser_key(&app.db, caller.organiser).await.map_err(InternalError::from)?;
    let mut tx = app.db.read().await?;
    let creche = as_of.creche(&mut tx, caller, creche).await?;
    let mut reader = ContributionReader { tx: &mut tx, caller, key: &key, creche: &creche };
    let statements = reader.statements::<S>(period, as_of).await?;
    let earlier = match (compared, period) {
        (Some(ComparedWith::Revision(number)), Period::Month(month)) => {
            let Some(revision) = reader.revision::<S>(month, number).await? else { return Ok(None) };
            vec![revision]
        }
        (Some(ComparedWith::Instant(earlier)), _) => reader.revisions::<S>(period, earlier).await?,
        _ => Vec::new(),
    };
    let mut comparisons = Vec::new();
    for month in period.months().into_iter().filter(|_| compared.is_some()) {
        let before = earlier.iter().find(|(of, _)| *of == month).map(|(_, revision)| *revision);
        comparisons.extend(reader.compare::<S>(month, before, &statements).await?);
    }
    drop(tx);
    let record = Record::of(RecordedAction::ContributionsRead).creche(creche.id).period(period);
    app.record_access(caller.organiser, &caller.actor(), &record).await?;
    Ok(Some(PeriodContributions { creche, statements, comparisons }))
}

/// Reads and unseals the statements of one crèche.
struct ContributionReader<'a> {
    tx: &'a mut Tx,
    caller: &'a Caller,
    key: &'a DataKey,
    creche: &'a Creche,
}

impl ContributionReader<'_> {
    const fn statement_key<S: Statement>(&self, month: Month) -> StatementKey {
        StatementKey { creche: self.creche.id, kind: S::KIND, month }
    }

    fn filter<S: Statement>(&self, period: Period) -> StatementFilter {
        StatementFilter::of_creche_in(S::KIND, self.creche.id, period)
    }

    /// The shares of the lines of a revision.
    async fn lines<S: Statement>(
        &mut self,
        month: Month,
        revision: u32,
    ) -> Result<Vec<Contribution<S::Totals>>, InternalError> {
        let key = self.statement_key::<S>(month);
        Ok(open::<S>(self.tx, self.caller.organiser, self.key, key, revision).await?.contributions())
    }

    /// The statements of a period as they were known at an instant, with their lines.
    async fn statements<S: Statement>(
        &mut self,
        period: Period,
        as_of: AsOf,
    ) -> Result<Vec<StatementContributions<S::Totals>>, InternalError> {
        let organiser = self.caller.organiser;
        let rows = as_of.statements(self.tx, organiser, self.filter::<S>(period)).await?;
        let applications = ApplicationNames::read(self.tx, organiser).await?;
        let of = (organiser, std::slice::from_ref(self.creche));
        let deposited = summaries::deposited_statements(self.tx, self.key, of, &rows, as_of).await?;
        let mut found = Vec::with_capacity(rows.len());
        for ((_, deposited), row) in deposited.into_iter().zip(&rows) {
            let lines = self.lines::<S>(deposited.month, deposited.revision).await?;
            let application = row.revision.application.and_then(|id| applications.of(id));
            found
                .push(StatementContributions { entry: StatementEntry { application, ..entry(deposited, row) }, lines });
        }
        Ok(found)
    }

    /// The months that were deposited at an instant, with their revisions.
    async fn revisions<S: Statement>(
        &mut self,
        period: Period,
        as_of: AsOf,
    ) -> Result<Vec<(Month, u32)>, store::Error> {
        let rows = as_of.statements(self.tx, self.caller.organiser, self.filter::<S>(period)).await?;
        Ok(rows.into_iter().map(|row| (row.revision.month, row.revision.revision)).collect())
    }

    /// A revision of a month, if there is one of this number.
    async fn revision<S: Statement>(
        &mut self,
        month: Month,
        number: u32,
    ) -> Result<Option<(Month, u32)>, store::Error> {
        let key = self.statement_key::<S>(month);
        let found = store::statements::revision(self.tx, self.caller.organiser, key, number).await?;
        Ok(found.map(|found| (month, found.revision)))
    }

    /// What changed in a month since a revision; `None` where that is the revision of `statements`.
    async fn compare<S: Statement>(
        &mut self,
        month: Month,
        from: Option<u32>,
        statements: &[StatementContributions<S::Totals>],
    ) -> Result<Option<MonthComparison<S::Totals>>, InternalError> {
        let current = statements.iter().find(|statement| statement.entry.deposited.month == month);
        let to = current.map(|current| current.entry.deposited.revision);
        if from == to {
            return Ok(None);
        }
        let before = match from {
            Some(revision) => self.lines::<S>(month, revision).await?,
            None => Vec::new(),
        };
        let after = current.map_or(&[][..], |current| &current.lines);
        let totals = (sum(&before), sum(after));
        Ok(Some(MonthComparison { month, from, to, totals, lines: compare_contributions(&before, after) }))
    }
}

/// The sum of the shares of lines.
fn sum<T: Totals>(lines: &[Contribution<T>]) -> T {
    lines.iter().map(|line| line.totals.clone()).fold(T::default(), std::ops::Add::add)
}
