//! A medical statement before validation, of any channel.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::inami::InamiText;
use crate::domain::money::Cents;
use crate::domain::raw::{List, Raw, TimeOfDay, record};
use crate::domain::statement::MAX_LINES;

record! {
    /// One crèche, one month.
    pub struct RawStatement {
        /// The consultations, in the sender's order.
        required lines "lines": List<RawLine, MAX_LINES>,
        /// The sender's own sums, for comparison.
        optional control_totals "controlTotals": RawTotals,
    }
}

record! {
    /// One consultation.
    pub struct RawLine {
        /// The day.
        required date "date": Date,
        /// Arrival, local time.
        required arrival "arrival": TimeOfDay,
        /// Departure, local time.
        required departure "departure": TimeOfDay,
        /// The doctor's number, eleven digits.
        required inami "inami": InamiText,
        /// The fee.
        required fee "feeCents": Cents,
        /// Travel costs; none when there are none.
        optional travel "travelCents": Cents,
    }
}

record! {
    /// The sums.
    pub struct RawTotals {
        /// Consultations.
        required consultations "consultations": u32,
        /// Minutes.
        required minutes "minutes": MinuteSum,
        /// Fees.
        required fee "feeCents": CentSum,
        /// Travel costs.
        required travel "travelCents": CentSum,
    }
}

/// Minutes added up: at most those of a statement of [`MAX_LINES`] consultations of a whole day each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct MinuteSum(pub u64);

impl MinuteSum {
    /// The largest sum.
    pub const MAX: u64 = MAX_LINES as u64 * 24 * 60;
}

impl Raw for MinuteSum {
    fn from_integer(value: u64) -> Option<Self> {
        (value <= Self::MAX).then_some(Self(value))
    }
}

/// Cents added up: at most those of a statement of [`MAX_LINES`] lines of the largest amount each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CentSum(pub u64);

impl CentSum {
    /// The largest sum.
    pub const MAX: u64 = MAX_LINES as u64 * Cents::MAX.0;
}

impl Raw for CentSum {
    fn from_integer(value: u64) -> Option<Self> {
        (value <= Self::MAX).then_some(Self(value))
    }
}
