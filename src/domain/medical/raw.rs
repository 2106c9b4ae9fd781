//! A medical statement as it arrived, by whichever door.

use jiff::civil::Date;

use crate::domain::inami::InamiText;
use crate::domain::money::Cents;
use crate::domain::raw::{List, TimeOfDay, record};

/// The most lines (consultations) that one statement may have.
pub const MAX_LINES: usize = 500;

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
        required minutes "minutes": u32,
        /// Fees.
        required fee "feeCents": Cents,
        /// Travel costs.
        required travel "travelCents": Cents,
    }
}
