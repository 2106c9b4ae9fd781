//! Periods in which a crèche is closed (docs/domain.md, Closures and open days).

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::codes::codes;
use super::finding::{Finding, FindingPlace, Findings, Param};
use super::holidays::public_holiday;
use super::period::is_weekend;
use super::raw::{Field, List, record};
use super::rules::closure as rules;

codes! {
    /// Why a crèche is closed.
    pub enum ClosureReason with codes_closure {
        /// A public holiday or the day that replaces it.
        PublicHoliday "publicHoliday";
        /// A strike.
        Strike "strike";
        /// The annual closure.
        AnnualClosure "annualClosure";
        /// Anything else.
        Other "other";
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

    /// How many days it has.
    pub fn days(&self) -> i32 {
        self.end_date.since(self.start_date).map_or(0, |span| span.get_days()) + 1
    }

    /// The first working day that is declared a public holiday and is none: it may replace one on a weekend.
    pub fn unlisted_holiday(&self) -> Option<Date> {
        if self.reason != ClosureReason::PublicHoliday {
            return None;
        }
        let days = self.start_date.series(1.day()).take_while(|day| *day <= self.end_date);
        days.into_iter().find(|day| !is_weekend(*day) && public_holiday(*day).is_none())
    }

    /// Whether it is longer than a single closure usually is.
    pub fn is_long(&self) -> bool {
        self.days() > LONG_DAYS
    }

    /// Whether `date` is closed.
    pub fn contains(&self, date: Date) -> bool {
        (self.start_date..=self.end_date).contains(&date)
    }
}

/// The most closures that one crèche may have: more than a year of single days.
pub const MAX_CLOSURES: usize = 366;

record! {
    /// The closures of a crèche before validation.
    pub struct RawClosures {
        /// The closures, in any order.
        required items "items": List<RawClosure, MAX_CLOSURES>,
    }
}

record! {
    /// One closure before validation.
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
    /// The closures in the order of the calendar, and the findings beyond their shape. Overlaps are
    /// allowed: a public holiday inside the annual closure is two facts.
    pub fn parse(self, today: Date) -> (Vec<Closure>, Findings) {
        let mut findings = Findings::default();
        let mut closures = Vec::new();
        for (index, closure) in self.items.take().unwrap_or_default().0.into_iter().enumerate() {
            let Field::Present(closure) = closure else { continue };
            closure.validate(today, &FindingPlace::default().item("items", index), &mut findings);
            closures.extend(closure.built());
        }
        closures.sort_unstable();
        closures.dedup();
        (closures, findings)
    }

    /// The closures without validation: those to be removed may break rules.
    pub fn named(self) -> Vec<Closure> {
        let closures = self.items.take().unwrap_or_default().0.into_iter();
        closures.filter_map(|closure| closure.take()?.built()).collect()
    }
}

impl RawClosure {
    /// The closure, when every field is well-formed.
    fn built(self) -> Option<Closure> {
        Some(Closure::new(self.start_date.take()?, self.end_date.take()?, self.reason.take()?))
    }

    fn validate(&self, today: Date, place: &FindingPlace, findings: &mut Findings) {
        let (start, end) = (self.start_date.get().copied(), self.end_date.get().copied());
        let field = |name: &str| place.clone().field(name);
        let outside: Vec<_> = [(start, "startDate"), (end, "endDate")]
            .into_iter()
            .filter(|(day, _)| day.is_some_and(|day| !is_plausible(day, today)))
            .collect();
        for (_, name) in &outside {
            findings.push(implausible(today, field(name)));
        }
        match (start, end) {
            (Some(start), Some(end)) if end < start => {
                findings.push(Finding::new(&rules::END_BEFORE_START, field("endDate")));
            }
            _ => {}
        }
        if let (Some(start), true) = (start, outside.is_empty()) {
            let end = end.filter(|end| *end >= start).unwrap_or(start);
            Self::remark(
                &Closure::new(start, end, self.reason.get().copied().unwrap_or(ClosureReason::Other)),
                place,
                findings,
            );
        }
    }

    /// The warnings.
    fn remark(closure: &Closure, place: &FindingPlace, findings: &mut Findings) {
        if let Some(day) = closure.unlisted_holiday() {
            findings.push(Finding::new(&rules::UNLISTED_HOLIDAY, place.clone()).with("date", Param::Date(day)));
        }
        if closure.is_long() {
            let days = Param::Count(closure.days().unsigned_abs().into());
            findings.push(Finding::new(&rules::LONG, place.clone()).with("days", days));
        }
    }
}

/// The earliest date of a closure.
const FIRST_DAY: Date = date(2000, 1, 1);
/// How many years ahead a closure may be.
const YEARS_AHEAD: i16 = 2;
/// The usual longest closure, in days.
const LONG_DAYS: i32 = 92;

/// The latest date of a closure.
fn last_day(today: Date) -> Date {
    date(today.year() + YEARS_AHEAD, 12, 31)
}

fn is_plausible(day: Date, today: Date) -> bool {
    (FIRST_DAY..=last_day(today)).contains(&day)
}

fn implausible(today: Date, place: FindingPlace) -> Finding {
    let finding = Finding::new(&rules::DATE_OUTSIDE, place).with("first", Param::Date(FIRST_DAY));
    finding.with("last", Param::Date(last_day(today)))
}
