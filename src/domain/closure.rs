//! Periods in which a crèche is closed (docs/domain.md, Closures and open days).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::codes;
use super::finding::{Finding, FindingPlace, Findings, Param};
use super::holidays::public_holiday;
use super::period::is_weekend;
use super::raw::{Field, List, record};
use super::rules::closure as rules;

codes! {
    /// Why a crèche is closed.
    pub enum ClosureReason {
        /// A public holiday or the day that replaces it.
        PublicHoliday "publicHoliday" = "Jour férié légal", "Wettelijke feestdag", "Public holiday";
        /// A strike.
        Strike "strike" = "Grève", "Staking", "Strike";
        /// The annual closure.
        AnnualClosure "annualClosure" = "Fermeture annuelle", "Jaarlijkse sluiting", "Annual closure";
        /// Anything else.
        Other "other" = "Autres", "Andere", "Other";
    }
}

/// A closure: first and last day, both closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closure {
    /// First closed day.
    pub start_date: Date,
    /// Last closed day.
    pub end_date: Date,
    /// Why.
    pub reason: ClosureReason,
}

impl Closure {
    /// A closure from `start_date` to `end_date`, both included.
    pub const fn new(start_date: Date, end_date: Date, reason: ClosureReason) -> Self {
        Self { start_date, end_date, reason }
    }

    /// Whether it is declared a public holiday and begins on a working day that is none: it may replace one that fell
    /// on a weekend.
    pub fn is_unlisted_holiday(&self) -> bool {
        let start = self.start_date;
        self.reason == ClosureReason::PublicHoliday && !is_weekend(start) && public_holiday(start).is_none()
    }

    /// Whether `date` is closed.
    pub fn contains(&self, date: Date) -> bool {
        (self.start_date..=self.end_date).contains(&date)
    }
}

/// The most closures that one crèche may have: more than a year of single days.
pub const MAX_CLOSURES: usize = 366;

record! {
    /// The closures of a crèche as they arrived.
    pub struct RawClosures {
        /// The closures, in any order.
        required items "items": List<RawClosure, MAX_CLOSURES>,
    }
}

record! {
    /// One closure as it arrived.
    pub struct RawClosure {
        /// First closed day.
        required start_date "startDate": Date,
        /// Last closed day.
        required end_date "endDate": Date,
        /// Why.
        required reason "reason": ClosureReason,
    }
}

impl RawClosures {
    /// The closures in the order of the calendar, and what is wrong with them beyond their shape. Overlaps are
    /// allowed: a public holiday inside the annual closure is two facts.
    pub fn parse(self) -> (Vec<Closure>, Findings) {
        let mut findings = Findings::default();
        let mut closures = Vec::new();
        for (index, closure) in self.items.take().unwrap_or_default().0.into_iter().enumerate() {
            let Field::Present(RawClosure { start_date, end_date, reason, .. }) = closure else { continue };
            let (start, end, reason) = (start_date.take(), end_date.take(), reason.take());
            let place = FindingPlace::default().item("items", index);
            let begun = start.zip(reason).map(|(start, reason)| Closure::new(start, start, reason));
            if let (Some(start), true) = (start, begun.is_some_and(|begun| begun.is_unlisted_holiday())) {
                findings.push(Finding::new(&rules::UNLISTED_HOLIDAY, place.clone()).with("date", Param::Date(start)));
            }
            if let (Some(start), Some(end)) = (start, end) {
                if end < start {
                    findings.push(Finding::new(&rules::END_BEFORE_START, place.field("endDate")));
                }
                closures.extend(reason.map(|reason| Closure::new(start, end, reason)));
            }
        }
        closures.sort_unstable();
        closures.dedup();
        (closures, findings)
    }
}
