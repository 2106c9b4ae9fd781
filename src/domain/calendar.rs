//! Which days a crèche is open: Monday to Friday, less public holidays and closures (docs/domain.md,
//! Closures and open days).

use jiff::civil::Date;

use super::closure::Closure;
use super::holidays::public_holiday;
use super::period::{Month, is_weekend};
use crate::words::LocalText;

/// The kind of a day in a crèche's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Children may be expected.
    Open,
    /// Saturday or Sunday.
    Weekend,
    /// One of the ten public holidays, by its name.
    PublicHoliday(LocalText),
    /// Inside a declared closure.
    Closed(Closure),
}

/// The closures of one crèche.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    closures: Vec<Closure>,
}

impl Calendar {
    /// A calendar with these closures, in any order.
    pub const fn new(closures: Vec<Closure>) -> Self {
        Self { closures }
    }

    /// The declared closures.
    pub fn closures(&self) -> &[Closure] {
        &self.closures
    }

    /// The kind of `date`. A weekend or a holiday stays one inside a closure.
    pub fn day(&self, date: Date) -> DayKind {
        if is_weekend(date) {
            return DayKind::Weekend;
        }
        if let Some(name) = public_holiday(date) {
            return DayKind::PublicHoliday(name);
        }
        self.closure_on(date).map_or(DayKind::Open, DayKind::Closed)
    }

    /// The declared closure that contains `date`, whatever the kind of the day.
    pub fn closure_on(&self, date: Date) -> Option<Closure> {
        self.closures.iter().find(|closure| closure.contains(date)).copied()
    }

    /// The open days of a month, in order.
    pub fn open_days(&self, month: Month) -> impl Iterator<Item = Date> {
        month.days().filter(|day| self.day(*day) == DayKind::Open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_days_leave_out_weekends_holidays_and_closures() {
        let july = "2026-07".parse().expect("a month");
        assert_eq!(Calendar::default().open_days(july).count(), 22, "23 working days less the National Day");
        let week = Closure::new(
            Date::constant(2026, 7, 20),
            Date::constant(2026, 7, 26),
            super::super::closure::ClosureReason::AnnualClosure,
        );
        assert_eq!(Calendar::new(vec![week]).open_days(july).count(), 18);
    }
}
