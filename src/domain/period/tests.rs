use proptest::prelude::*;

use super::*;

/// All valid months; the last has no valid successor.
fn month() -> impl Strategy<Value = Month> {
    (2000..=2099_i16, 1..=12_i8).prop_map(|(year, month)| Month { year, month })
}

fn quarter() -> impl Strategy<Value = Quarter> {
    month().prop_map(Month::quarter)
}

#[test]
fn what_is_not_a_period_is_not_read() {
    for text in ["", "2026", "2026-00", "2026-13", "2026-1", "+026-01", "2026Q0", "2026Q5", "1990-13", "1990Q5"] {
        assert_eq!(text.parse::<Period>(), Err(PeriodError::Malformed), "{text}");
    }
    for text in ["1999-12", "2100-01", "0000-01", "1990Q4", "2100Q1"] {
        assert_eq!(text.parse::<Period>(), Err(PeriodError::YearOutside), "{text}");
    }
}

proptest! {
    #[test]
    fn a_period_is_read_back_as_what_it_was(month in month(), quarter in quarter()) {
        prop_assert_eq!(month.to_string().parse(), Ok(month));
        prop_assert_eq!(quarter.to_string().parse(), Ok(quarter));
        prop_assert_eq!(month.to_string().parse(), Ok(Period::Month(month)));
        prop_assert_eq!(quarter.to_string().parse(), Ok(Period::Quarter(quarter)));
    }

    #[test]
    fn what_is_read_is_written_as_it_was(text in "[0-9+-]{3,5}[-Q][0-9+]{1,3}") {
        if let Ok(period) = text.parse::<Period>() {
            prop_assert_eq!(period.to_string(), text);
        }
    }

    #[test]
    fn periods_are_in_the_order_of_their_texts(one in month(), two in month()) {
        prop_assert_eq!(one.cmp(&two), one.to_string().cmp(&two.to_string()));
        prop_assert_eq!(one.cmp(&two), one.first_day().cmp(&two.first_day()));
        let (first, second) = (one.quarter(), two.quarter());
        prop_assert_eq!(first.cmp(&second), first.to_string().cmp(&second.to_string()));
    }

    #[test]
    fn months_follow_one_another_without_a_gap(month in month()) {
        prop_assert!(month.previous() < month && month < month.next());
        prop_assert_eq!((month.next().previous(), month.previous().next()), (month, month));
        prop_assert_eq!(month.last_day().tomorrow().unwrap(), month.next().first_day());
    }

    #[test]
    fn a_month_has_its_days_and_no_other(month in month()) {
        let days: Vec<_> = month.days().collect();
        let numbered: Vec<_> = (-1..=32).filter_map(|number| month.day(number)).collect();
        prop_assert_eq!(&days, &numbered);
        prop_assert!(days.windows(2).all(|pair| pair[0].tomorrow().unwrap() == pair[1]));
        prop_assert_eq!((days[0], days[days.len() - 1]), (month.first_day(), month.last_day()));
        prop_assert!(days.iter().all(|day| month.contains(*day) && Month::of(*day) == month));
        prop_assert!(!month.contains(month.next().first_day()) && !month.contains(month.previous().last_day()));
    }

    #[test]
    fn every_month_is_in_the_one_quarter_that_contains_it(month in month(), quarter in quarter()) {
        prop_assert_eq!(quarter.months().contains(&month), month.quarter() == quarter);
        let [first, second, third] = quarter.months();
        prop_assert_eq!((first.next(), second.next()), (second, third));
        prop_assert_eq!(Period::Quarter(quarter).months(), [first, second, third]);
        prop_assert_eq!(Period::Month(month).quarter(), month.quarter());
    }

    #[test]
    fn the_claim_is_due_with_the_end_of_the_next_quarter(quarter in quarter()) {
        let next = quarter.months()[2].next().quarter();
        prop_assert_eq!(quarter.deadline(), next.months()[2].last_day());
    }
}
