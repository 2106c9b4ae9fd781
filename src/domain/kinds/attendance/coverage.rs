//! The days for which a statement has entries, and those on which its children were expected.

use super::Statement;
use crate::domain::day_coverage::{DayCoverage, DaySet};
use crate::domain::period::Month;

impl Statement {
    /// Which days have entries, and on which children were registered and usually come. Nothing of a statement without
    /// entries, which does not know its month.
    pub(super) fn coverage(&self) -> DayCoverage {
        let mut coverage = DayCoverage::default();
        let Some(first) = self.lines.iter().find_map(|line| line.days.first()) else { return coverage };
        let month = Month::of(first.date);
        let weekdays = DaySet::weekdays(month);
        for line in &self.lines {
            let entered: DaySet = line.days.iter().map(|day| day.date).collect();
            let registered = DaySet::between(month, line.start_date, line.end_date);
            coverage.entered |= entered;
            coverage.registered |= registered;
            for weekday in weekdays.into_iter().filter(|weekday| !(entered & *weekday).is_empty()) {
                coverage.usual |= registered & weekday;
            }
        }
        coverage
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::{Date, Weekday};
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, subsequence};

    use super::super::{ChildLine, Day, Duration, Status};
    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::domain::closure::{Closure, ClosureReason};
    use crate::domain::creche::{Capacity, Creche};
    use crate::domain::period::Quarter;
    use crate::domain::standing_facts::StandingFacts;
    use crate::domain::statement::Statement as _;

    const WEEK: [Weekday; 5] =
        [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

    /// A child: on which weekdays it comes, its first and its last day.
    #[derive(Debug, Clone)]
    struct Child {
        weekdays: Vec<Weekday>,
        start: Option<Date>,
        end: Option<Date>,
    }

    impl Child {
        fn line(&self, open: &[Date]) -> ChildLine {
            let mut line = ChildLine {
                reference: String::new(),
                family_name: String::new(),
                given_name: String::new(),
                birth_date: Date::constant(2025, 1, 1),
                ssin: None,
                start_date: self.start,
                end_date: self.end,
                days: Vec::new(),
            };
            let is_registered =
                |date: Date| self.start.is_none_or(|start| start <= date) && self.end.is_none_or(|end| date <= end);
            let comes = |date: &&Date| self.weekdays.contains(&date.weekday()) && is_registered(**date);
            let status = |date: Date| if date.day() % 7 == 3 { Status::UnjustifiedAbsence } else { Status::Present };
            let day = |date: &Date| Day {
                date: *date,
                status: status(*date),
                duration: Duration::Full,
                reason: None,
                arrival: None,
                departure: None,
            };
            line.days = open.iter().filter(comes).map(day).collect();
            line
        }
    }

    fn creche(closures: Vec<Closure>) -> Creche {
        Creche {
            id: "019a5c00-0000-7000-8000-000000000011".parse().unwrap(),
            name: String::new(),
            one_number: String::new(),
            subsidised: true,
            authorised_from: Date::constant(2020, 1, 1),
            authorised_until: None,
            capacity: Capacity::default(),
            calendar: Calendar::new(closures),
        }
    }

    fn quarter() -> impl Strategy<Value = Quarter> {
        (2024..2030_i16, 1..=4_u8).prop_map(|(year, number)| format!("{year}Q{number}").parse().unwrap())
    }

    /// Part-time children, some of whom begin or end in the quarter.
    fn children(quarter: Quarter) -> impl Strategy<Value = Vec<Child>> {
        let day = move |at: u8| quarter.months()[0].first_day() + i32::from(at).days();
        let date = move || proptest::option::weighted(0.3, (0..90_u8).prop_map(day));
        let child = (subsequence(WEEK.to_vec(), 1..=5), date(), date());
        vec(child.prop_map(|(weekdays, start, end)| Child { weekdays, start, end }), 0..12)
    }

    /// Closures of some days, of which a month keeps two of each weekday at least.
    fn closures(quarter: Quarter) -> impl Strategy<Value = Vec<Closure>> {
        let single = (0..3_usize, 0..28_i32);
        vec(single, 0..3).prop_map(move |days| {
            let closure = |(month, day): (usize, i32)| {
                let date = quarter.months()[month].first_day() + day.days();
                Closure::new(date, date, ClosureReason::Other)
            };
            days.into_iter().map(closure).collect()
        })
    }

    /// A quarter whose statements are complete: every child has an entry on each open day on which it comes.
    fn complete() -> impl Strategy<Value = (Quarter, Creche, Vec<Child>)> {
        quarter()
            .prop_flat_map(|quarter| (Just(quarter), closures(quarter), children(quarter)))
            .prop_map(|(quarter, closures, children)| (quarter, creche(closures), children))
    }

    fn statement(creche: &Creche, children: &[Child], month: Month) -> Statement {
        let open: Vec<_> = creche.open_days(month).collect();
        Statement { lines: children.iter().map(|child| child.line(&open)).collect() }
    }

    fn missing(statement: &Statement, creche: &Creche, month: Month) -> Vec<Date> {
        statement.standing_facts().missing_days(creche, month).unwrap()
    }

    fn whole_week() -> Child {
        Child { weekdays: WEEK.to_vec(), start: None, end: None }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn a_complete_quarter_has_no_missing_day((quarter, creche, mut children) in complete()) {
            children.push(whole_week());
            for month in quarter.months() {
                let statement = statement(&creche, &children, month);
                prop_assert_eq!(missing(&statement, &creche, month), [], "{}", month);
            }
        }

        #[test]
        fn a_day_on_which_no_child_usually_comes_is_not_missing((quarter, creche, children) in complete()) {
            for month in quarter.months() {
                let statement = statement(&creche, &children, month);
                let is_used = |day: &Date| statement.lines.iter().flat_map(|line| &line.days).any(|other| {
                    other.date.weekday() == day.weekday()
                });
                let is_rare = |day: &Date| {
                    creche.open_days(month).filter(|other| other.weekday() == day.weekday()).count() < 3
                };
                if statement.lines.iter().all(|line| line.days.is_empty()) {
                    continue;
                }
                for day in missing(&statement, &creche, month) {
                    prop_assert!(!is_used(&day) && is_rare(&day), "{}", day);
                }
            }
        }

        #[test]
        fn every_removed_day_is_missing((quarter, creche, mut children) in complete(), at in any::<Index>()) {
            children.push(whole_week());
            for month in quarter.months() {
                let open: Vec<_> = creche.open_days(month).collect();
                let removed = open[at.index(open.len())];
                let mut statement = statement(&creche, &children, month);
                statement.lines.iter_mut().for_each(|line| line.days.retain(|day| day.date != removed));
                prop_assert_eq!(missing(&statement, &creche, month), [removed]);
                let mut closed = creche.clone();
                closed.calendar = Calendar::new(vec![Closure::new(removed, removed, ClosureReason::Strike)]);
                prop_assert!(!missing(&statement, &closed, month).contains(&removed));
            }
        }
    }

    #[test]
    fn a_month_without_entries_is_missing_as_a_whole() {
        let (month, creche) = ("2026-07".parse().unwrap(), creche(Vec::new()));
        let open: Vec<_> = creche.open_days(month).collect();
        assert_eq!(missing(&Statement { lines: Vec::new() }, &creche, month), open);
        let (closed, before) = (Date::constant(2026, 7, 1), Date::constant(2026, 6, 30));
        let gone = Child { weekdays: vec![Weekday::Monday], start: Some(before), end: Some(closed) };
        assert_eq!(missing(&Statement { lines: vec![gone.line(&open)] }, &creche, month), open);
    }

    #[test]
    fn the_only_open_day_of_a_weekday_is_missing_when_it_is_removed() {
        let month: Month = "2026-07".parse().unwrap();
        let closed =
            Closure::new(Date::constant(2026, 7, 8), Date::constant(2026, 7, 31), ClosureReason::AnnualClosure);
        let creche = creche(vec![closed]);
        let mut statement = statement(&creche, &[whole_week()], month);
        let removed = Date::constant(2026, 7, 2);
        statement.lines[0].days.retain(|day| day.date != removed);
        assert_eq!(missing(&statement, &creche, month), [removed]);
    }

    #[test]
    fn a_revision_without_coverage_is_known_only_where_every_open_day_has_a_presence() {
        let (month, creche) = ("2026-07".parse().unwrap(), creche(Vec::new()));
        let mut facts = StandingFacts { present_halves: vec![2; 31], ..StandingFacts::default() };
        assert_eq!(facts.missing_days(&creche, month), Some(Vec::new()));
        facts.present_halves[1] = 0;
        assert_eq!(facts.missing_days(&creche, month), None);
        assert_eq!(StandingFacts::default().missing_days(&creche, month), None, "another kind");
    }
}
