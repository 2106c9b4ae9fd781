//! A well-formed statement: the type that is stored, summed up and returned.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::code::code_letters;
use super::{Duration, Reason, Status, Totals};
use crate::domain::raw::TimeOfDay;
use crate::domain::ssin::Ssin;

/// One crèche, one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The children, in the sender's order.
    pub lines: Vec<ChildLine>,
}

/// One child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChildLine {
    /// The vendor's own reference, unique in the statement.
    pub reference: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: Date,
    /// National number, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssin: Option<Ssin>,
    /// First day at the crèche.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Date>,
    /// Last day at the crèche.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<Date>,
    /// The days, in the sender's order.
    pub days: Vec<Day>,
}

/// A whole or half day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// The date.
    pub date: Date,
    /// Present or absent.
    pub status: Status,
    /// Whole or half.
    pub duration: Duration,
    /// Why absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Arrival, local time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<TimeOfDay>,
    /// Departure, local time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub departure: Option<TimeOfDay>,
}

impl ChildLine {
    /// The line's share of the six sums.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        self.days.iter().for_each(|day| totals.count(day.status, day.duration));
        totals
    }
}

impl Day {
    /// The day's code as the workbook writes it, without its times: `P`, `AJ/2:medicalCertificate`.
    pub fn code(&self) -> String {
        let status = code_letters(self.status);
        let half = if self.duration == Duration::Half { "/2" } else { "" };
        let reason = self.reason.map_or_else(String::new, |reason| format!(":{}", reason.code()));
        format!("{status}{half}{reason}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;
    use crate::domain::kinds::attendance::{AttendanceChange, code};
    use crate::domain::raw::Field;
    use crate::domain::statement::{Statement as _, Totals as _};

    fn day() -> impl Strategy<Value = Day> {
        let reason = proptest::option::of(select(Reason::ALL));
        (1..=31_i8, select(Status::ALL), select(Duration::ALL), reason).prop_map(|(day, status, duration, reason)| {
            Day { date: Date::constant(2026, 7, day), status, duration, reason, arrival: None, departure: None }
        })
    }

    fn line() -> impl Strategy<Value = ChildLine> {
        vec(day(), 0..8).prop_map(|days| ChildLine {
            reference: String::new(),
            family_name: String::new(),
            given_name: String::new(),
            birth_date: Date::constant(2025, 1, 1),
            ssin: None,
            start_date: None,
            end_date: None,
            days,
        })
    }

    fn sum(lines: &[ChildLine]) -> Totals {
        Statement { lines: lines.to_vec() }.totals()
    }

    proptest! {
        #[test]
        fn totals_add_up_over_any_split_of_the_lines(lines in vec(line(), 0..12), at in any::<Index>()) {
            let (left, right) = lines.split_at(at.index(lines.len() + 1));
            prop_assert_eq!(sum(left) + sum(right), sum(&lines));
            let given = Statement { lines: lines.clone() }.contributions();
            let given = given.into_iter().map(|line| line.totals).fold(Totals::default(), std::ops::Add::add);
            prop_assert_eq!(given, sum(&lines));
            let counted: u32 = Status::ALL.iter().map(|status| given.of(*status)).map(|days| days.full_days + days.half_days).sum();
            prop_assert_eq!(usize::try_from(counted).unwrap(), lines.iter().map(|line| line.days.len()).sum::<usize>());
        }

        #[test]
        fn a_change_is_what_was_added_and_its_opposite_what_was_taken(before in vec(line(), 0..6), more in vec(line(), 0..6)) {
            let (before, more) = (sum(&before), sum(&more));
            prop_assert_eq!((before + more).since(&before), more.since(&Totals::default()));
            prop_assert_eq!(before.since(&before), AttendanceChange::default());
            let (there, back) = (more.since(&before).present, before.since(&more).present);
            prop_assert_eq!((there.full_days, there.half_days), (-back.full_days, -back.half_days));
        }

        #[test]
        fn a_days_code_is_read_back_in_any_spelling(day in day(), spaces in "[ \u{a0}\t]{0,2}", lower: bool) {
            let text = day.code();
            let text = if lower { text.to_lowercase() } else { text };
            let text: String = text.chars().flat_map(|c| spaces.chars().chain([c])).collect();
            let expected = code::Code {
                status: day.status,
                duration: day.duration,
                reason: Field::from(day.reason),
                arrival: Field::Absent,
                departure: Field::Absent,
            };
            prop_assert_eq!(code::parse(&text), Ok(vec![expected.clone()]));
            prop_assert_eq!(code::parse(&format!("{text}+{text}")), Ok(vec![expected.clone(), expected]));
        }

        #[test]
        fn no_text_stops_the_reader_of_codes(text: String) {
            let _ = code::parse(&text);
        }
    }
}
