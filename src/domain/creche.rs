//! A crèche (milieu d'accueil) and its authorised places over time (docs/domain.md, Authorised places).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::period::Month;
use crate::ids::CrecheId;

/// A number of places from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Places {
    /// First day of its validity.
    pub from: Date,
    /// How many children at once.
    pub places: u32,
}

/// The authorised capacity as a history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Capacity(Vec<Places>);

impl Capacity {
    /// From entries in any order.
    pub fn new(mut history: Vec<Places>) -> Self {
        history.sort_unstable();
        Self(history)
    }

    /// The places valid on `date`; none before the first entry.
    pub fn on(&self, date: Date) -> Option<u32> {
        self.0.iter().rev().find(|entry| entry.from <= date).map(|entry| entry.places)
    }

    /// Every entry, oldest first.
    pub fn history(&self) -> &[Places] {
        &self.0
    }
}

/// A crèche to be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCreche {
    /// Its name.
    pub name: String,
    /// The agency's number for it.
    pub one_number: String,
    /// Whether it claims subsidies.
    pub subsidised: bool,
    /// First and, if set, last day of its authorisation.
    pub authorised: (Date, Option<Date>),
    /// Its authorised places over time.
    pub capacity: Vec<Places>,
}

/// A crèche as the rules and the figures need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creche {
    /// The id.
    pub id: CrecheId,
    /// The name on the authorisation.
    pub name: String,
    /// The agency's number, an opaque text.
    pub one_number: String,
    /// Whether the agency subsidises it; if not there is no claim and no deadline.
    pub subsidised: bool,
    /// First authorised day.
    pub authorised_from: Date,
    /// Last authorised day, when the authorisation has ended.
    pub authorised_until: Option<Date>,
    /// Places over time.
    pub capacity: Capacity,
    /// Closures.
    pub calendar: Calendar,
}

impl Creche {
    /// Whether it is authorised on a day.
    pub fn is_authorised_on(&self, day: Date) -> bool {
        (self.authorised_from..=self.authorised_until.unwrap_or(Date::MAX)).contains(&day)
    }

    /// Whether it was authorised on a day of these, from the first to the last.
    pub fn is_authorised_within(&self, first: Date, last: Date) -> bool {
        self.authorised_from <= last && self.authorised_until.is_none_or(|until| until >= first)
    }

    /// The days of `month` on which the crèche is open and authorised.
    pub fn open_days(&self, month: Month) -> impl Iterator<Item = Date> {
        self.calendar.open_days(month).filter(|day| self.is_authorised_on(*day))
    }
}
