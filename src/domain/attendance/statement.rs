//! A statement that is well-formed: what is kept, summed up and given back.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::raw::TimeOfDay;
use super::{Duration, Reason, Status, Totals};
use crate::domain::ssin::Ssin;

/// One crèche, one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The children, in the sender's order.
    pub lines: Vec<Line>,
}

/// One child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The vendor's own reference, unique in the statement.
    pub reference: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: Date,
    /// National number, when it is known.
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

impl Line {
    /// What the line gives to the six sums.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        self.days.iter().for_each(|day| totals.count(day.status, day.duration));
        totals
    }
}

impl Day {
    /// The day's code as the workbook writes it: `P`, `AJ/2:medicalCertificate`.
    pub fn code(&self) -> String {
        let status = match self.status {
            Status::Present => "P",
            Status::JustifiedAbsence => "AJ",
            Status::UnjustifiedAbsence => "AI",
        };
        let half = if self.duration == Duration::Half { "/2" } else { "" };
        let reason = self.reason.map_or_else(String::new, |reason| format!(":{}", reason.code()));
        format!("{status}{half}{reason}")
    }
}
