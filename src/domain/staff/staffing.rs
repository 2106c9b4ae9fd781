//! Staffing of a crèche, in full-time equivalents: whole hundredths, never a fraction.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Category, Member};
use crate::ids::CrecheId;

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
    let days = days(first, last);
    let mut sums: BTreeMap<Category, u64> = BTreeMap::new();
    for post in posts {
        let (from, until) = (post.period.0.max(first), post.period.1.map_or(last, |until| until.min(last)));
        if from <= until {
            *sums.entry(post.category).or_default() += u64::from(post.fte) * days_between(from, until);
        }
    }
    let rounded = |sum: u64| u32::try_from((sum + days / 2) / days).unwrap_or(u32::MAX);
    Staffing(sums.into_iter().map(|(category, sum)| (category, rounded(sum))).collect())
}

fn days(first: Date, last: Date) -> u64 {
    days_between(first, last).max(1)
}

/// The days from `first` to `last`, both counted.
fn days_between(first: Date, last: Date) -> u64 {
    u64::try_from(first.duration_until(last).as_hours() / 24 + 1).unwrap_or_default()
}
