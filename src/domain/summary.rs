//! Figures of a month or a quarter: deposits compared with open days (docs/domain.md, Authorised places).

use jiff::civil::Date;

use super::creche::Creche;
use super::period::{Month, Period};
use super::statement::{StatementStatus, Totals};

/// The current statement of one month, without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited<T> {
    /// Its month.
    pub month: Month,
    /// Deposited.
    pub status: StatementStatus,
    /// The current revision, from 1.
    pub revision: u32,
    /// Whether it has warnings at present.
    pub has_warnings: bool,
    /// How many lines it has.
    pub lines: u64,
    /// Its sums.
    pub totals: T,
    /// The open days for which entries were expected and there are none; `None` where that is not known.
    pub missing_days: Option<Vec<Date>>,
}

impl<T> Deposited<T> {
    /// The days that are missing once the month is over; `None` before, and where that is not known.
    pub fn missing_days_on(&self, today: Date) -> Option<&[Date]> {
        self.missing_days.as_deref().filter(|_| self.month.last_day() < today)
    }
}

/// One month of one crèche in a summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthFigures<T> {
    /// The month.
    pub month: Month,
    /// Its statement, if deposited.
    pub deposited: Option<Deposited<T>>,
    /// Monday to Friday, less public holidays and closures.
    pub open_days: u32,
    /// The authorised places of each open day, added up.
    pub place_days: u64,
}

impl<T: Totals> MonthFigures<T> {
    /// Missing or deposited.
    pub fn status(&self) -> StatementStatus {
        self.deposited.as_ref().map_or(StatementStatus::Missing, |deposited| deposited.status)
    }

    /// The month's part of the sums.
    pub fn figures(&self) -> Figures<T> {
        Figures {
            status: self.status(),
            has_warnings: self.deposited.as_ref().is_some_and(|deposited| deposited.has_warnings),
            lines: self.deposited.as_ref().map_or(0, |deposited| deposited.lines),
            totals: self.deposited.as_ref().map_or_else(T::default, |deposited| deposited.totals.clone()),
            open_days: self.open_days,
            place_days: self.place_days,
        }
    }
}

/// Sums over months or over crèches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures<T> {
    /// The weakest status in the sum: missing if anything is missing.
    pub status: StatementStatus,
    /// Whether any of it has warnings.
    pub has_warnings: bool,
    /// Lines of all statements: a child of three months counts three times.
    pub lines: u64,
    /// The sums.
    pub totals: T,
    /// Open days of each crèche and month, added up.
    pub open_days: u32,
    /// Authorised places of each of those days, added up.
    pub place_days: u64,
}

impl<T: Totals> Figures<T> {
    /// The sum of several; of none, a missing one.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        let add = |a: Self, b: Self| Self {
            status: a.status.min(b.status),
            has_warnings: a.has_warnings || b.has_warnings,
            lines: a.lines + b.lines,
            totals: a.totals + b.totals,
            open_days: a.open_days + b.open_days,
            place_days: a.place_days + b.place_days,
        };
        let nothing = Self {
            status: StatementStatus::Missing,
            has_warnings: false,
            lines: 0,
            totals: T::default(),
            open_days: 0,
            place_days: 0,
        };
        all.into_iter().reduce(add).unwrap_or(nothing)
    }
}

/// A crèche's figures for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrecheSummary<T> {
    /// The crèche.
    pub creche: Creche,
    /// The month or quarter.
    pub period: Period,
    /// Its months, in order.
    pub months: Vec<MonthFigures<T>>,
}

impl<T: Totals> CrecheSummary<T> {
    /// Combines deposits with open days.
    pub fn new(creche: Creche, period: Period, mut deposited: Vec<Deposited<T>>) -> Self {
        let month = |month: Month| {
            let open: Vec<Date> = creche.open_days(month).collect();
            let at = deposited.iter().position(|statement| statement.month == month);
            MonthFigures {
                month,
                deposited: at.map(|at| deposited.swap_remove(at)),
                open_days: u32::try_from(open.len()).unwrap_or(u32::MAX),
                place_days: open.iter().filter_map(|day| creche.capacity.on(*day)).map(u64::from).sum(),
            }
        };
        let months = period.months().into_iter().map(month).collect();
        Self { creche, period, months }
    }

    /// The sums of the period.
    pub fn figures(&self) -> Figures<T> {
        Figures::sum(self.months.iter().map(MonthFigures::figures))
    }

    /// The last day for the claim of the quarter; crèches without subsidy have none.
    pub fn deadline(&self) -> Option<Date> {
        self.creche.subsidised.then(|| self.period.quarter().deadline())
    }

    /// The authorised places, when they are the same on every day of the period.
    pub fn places(&self) -> Option<u32> {
        let mut days = self.period.months().into_iter().flat_map(Month::days).map(|day| self.creche.capacity.on(day));
        let first = days.next().flatten()?;
        days.all(|places| places == Some(first)).then_some(first)
    }

    /// The months without a deposit.
    pub fn missing(&self) -> impl Iterator<Item = Month> {
        self.months.iter().filter(|month| month.deposited.is_none()).map(|month| month.month)
    }
}
