//! What changed between two revisions of a statement, line by line and day by day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::statement::{Contribution, Totals};

/// A line that is not the same in both revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange<T> {
    /// The vendor's own reference.
    pub reference: String,
    /// Its share before; nothing when it is new.
    pub before: Option<T>,
    /// Its share now; nothing when it was removed.
    pub after: Option<T>,
    /// The dates that differ: before and now, in day codes.
    pub days: Vec<(Date, Option<String>, Option<String>)>,
    /// Whether it is in both, and what identifies its subject differs.
    pub identity_changed: bool,
    /// Whether it is in both, with other arrivals or departures.
    pub times_changed: bool,
}

/// The line of one reference before and after.
type LinePair<'a, T> = (Option<&'a Contribution<T>>, Option<&'a Contribution<T>>);

/// The lines that differ, in the order of their references: in their sums, their days, their arrivals and departures,
/// or in what identifies their subject. For the latter two only the fact is returned, not the values.
pub fn compare_contributions<T: Totals>(before: &[Contribution<T>], after: &[Contribution<T>]) -> Vec<LineChange<T>> {
    let mut lines: BTreeMap<&str, LinePair<'_, T>> = BTreeMap::new();
    for line in before {
        lines.entry(&line.reference).or_default().0 = Some(line);
    }
    for line in after {
        lines.entry(&line.reference).or_default().1 = Some(line);
    }
    let change = |(reference, (before, after)): (&str, LinePair<'_, T>)| {
        let days = day_changes(before, after);
        let both = before.zip(after);
        let identity_changed = both.is_some_and(|(before, after)| before.identity != after.identity);
        let times_changed = both.is_some_and(|(before, after)| before.times != after.times);
        let totals = |line: Option<&Contribution<T>>| line.map(|line| line.totals.clone());
        let (before, after) = (totals(before), totals(after));
        let differs = before != after || !days.is_empty() || identity_changed || times_changed;
        let reference = reference.to_owned();
        differs.then_some(LineChange { reference, before, after, days, identity_changed, times_changed })
    };
    lines.into_iter().filter_map(change).collect()
}

type DayChange = (Date, Option<String>, Option<String>);

fn day_changes<T>(before: Option<&Contribution<T>>, after: Option<&Contribution<T>>) -> Vec<DayChange> {
    let (before, after) = (codes(before), codes(after));
    let dates: std::collections::BTreeSet<Date> = before.keys().chain(after.keys()).copied().collect();
    let pair = |date: Date| (date, before.get(&date).cloned(), after.get(&date).cloned());
    dates.into_iter().map(pair).filter(|(_, before, after)| before != after).collect()
}

/// The codes of each date, two halves joined by `+` in a fixed order.
fn codes<T>(line: Option<&Contribution<T>>) -> BTreeMap<Date, String> {
    let mut sorted: Vec<_> = line.map(|line| line.days.clone()).unwrap_or_default();
    sorted.sort_unstable();
    let mut codes = BTreeMap::<Date, String>::new();
    for (date, code) in sorted {
        codes.entry(date).and_modify(|codes| *codes = format!("{codes}+{code}")).or_insert(code);
    }
    codes
}
