//! Staffing of a crèche, in full-time equivalents: whole hundredths, never a fraction.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Category, Member};
use crate::ids::{CrecheId, StaffMemberId};

/// One function over its time, without the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment {
    /// The crèche.
    pub creche: CrecheId,
    /// The function's category.
    pub category: Category,
    /// Working time, in hundredths of a full-time equivalent.
    pub fte: u32,
    /// First and last day of its contract.
    pub period: (Date, Option<Date>),
}

/// A function of a person of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberAssignment {
    /// The person.
    pub member: StaffMemberId,
    /// The function.
    pub assignment: Assignment,
}

/// The days of a period on which a function is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssignedDays {
    /// The function's category.
    pub category: Category,
    /// Working time, in hundredths of a full-time equivalent.
    pub fte: u32,
    /// First day, not before the period.
    pub from: Date,
    /// Last day, not after the period.
    pub until: Date,
}

impl AssignedDays {
    /// How many calendar days.
    pub fn days(self) -> u64 {
        days_between(self.from, self.until)
    }

    /// What it adds to the average of the period: hundredths of a full-time equivalent times days.
    pub fn hundredth_days(self) -> u64 {
        u64::from(self.fte) * self.days()
    }
}

impl Assignment {
    /// Its part from `first` to `last`, where there is one.
    pub fn within(self, first: Date, last: Date) -> Option<AssignedDays> {
        let (from, until) = (self.period.0.max(first), self.period.1.map_or(last, |until| until.min(last)));
        (from <= until).then_some(AssignedDays { category: self.category, fte: self.fte, from, until })
    }
}

impl Member {
    /// The functions of every contract.
    pub fn posts(&self) -> Vec<Assignment> {
        let of = |contract: &super::Contract| {
            let period = contract.period();
            let post = move |function: &super::Function| Assignment {
                creche: function.creche_id,
                category: function.category,
                fte: function.fte_hundredths.0.into(),
                period,
            };
            contract.functions.iter().map(post).collect::<Vec<_>>()
        };
        self.contracts.iter().flat_map(of).collect()
    }
}

/// Hundredths of full-time equivalents by category; an empty category is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Staffing(pub BTreeMap<Category, u32>);

/// The staffing of a day.
pub fn staffing_on(posts: &[Assignment], day: Date) -> Staffing {
    average_staffing(posts, day, day)
}

/// The average over the days from `first` to `last`, each category rounded half up to a hundredth.
pub fn average_staffing(posts: &[Assignment], first: Date, last: Date) -> Staffing {
    let days = days_between(first, last).max(1);
    let rounded = |sum: u64| u32::try_from((sum + days / 2) / days).unwrap_or(u32::MAX);
    let sums = hundredth_days(posts.iter().filter_map(|post| post.within(first, last)));
    Staffing(sums.into_iter().map(|(category, sum)| (category, rounded(sum))).collect())
}

/// The sums of hundredths of a full-time equivalent times days, by category.
pub fn hundredth_days(parts: impl IntoIterator<Item = AssignedDays>) -> BTreeMap<Category, u64> {
    let mut sums = BTreeMap::new();
    for part in parts {
        *sums.entry(part.category).or_default() += part.hundredth_days();
    }
    sums
}

/// The days from `first` to `last`, both counted.
pub fn days_between(first: Date, last: Date) -> u64 {
    u64::try_from(first.duration_until(last).as_hours() / 24 + 1).unwrap_or_default()
}
