//! A well-formed statement: the type that is stored, summed up and returned.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Sums, Totals};
use crate::domain::inami::Inami;
use crate::domain::money::Cents;
use crate::domain::raw::TimeOfDay;
use crate::ids::DoctorId;

/// One crèche, one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The consultations, in the sender's order.
    pub lines: Vec<ConsultationLine>,
}

/// One consultation. Its order is that of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationLine {
    /// The day.
    pub date: Date,
    /// Arrival, local time.
    pub arrival: TimeOfDay,
    /// Departure, local time, after the arrival.
    pub departure: TimeOfDay,
    /// The doctor's number.
    pub inami: Inami,
    /// The doctor of this number; nothing where the organiser's doctors are not available.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctor: Option<DoctorId>,
    /// The fee.
    pub fee_cents: Cents,
    /// Travel costs.
    pub travel_cents: Cents,
}

impl ConsultationLine {
    /// How long it was, in minutes.
    pub fn minutes_between(&self) -> u64 {
        minutes(self.arrival, self.departure).unwrap_or_default()
    }

    /// Its share of the sums.
    pub fn totals(&self) -> Totals {
        let all = Sums {
            consultations: 1,
            minutes: self.minutes_between(),
            fee_cents: self.fee_cents,
            travel_cents: self.travel_cents,
        };
        Totals { all, by_doctor: self.doctor.map(|doctor| (doctor, all)).into_iter().collect::<BTreeMap<_, _>>() }
    }

    /// The key of a consultation in its statement: a doctor is in one place at a time.
    pub fn reference(&self) -> String {
        format!("{} {} {}", self.date, String::from(self.arrival), self.inami)
    }
}

/// The minutes between two times of one day; `None` when the second is not after the first.
pub(super) fn minutes(arrival: TimeOfDay, departure: TimeOfDay) -> Option<u64> {
    let seconds = arrival.0.duration_until(departure.0).as_secs();
    u64::try_from(seconds / 60).ok().filter(|minutes| *minutes > 0)
}
