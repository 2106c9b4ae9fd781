//! An attendance statement before validation, of any channel.

use jiff::civil::Date;
use serde::Serialize;

use super::{Duration, Reason, Status};
use crate::domain::person::{Name, SsinText};
use crate::domain::raw::{List, Raw, TimeOfDay, is_label, record};
use crate::domain::statement::MAX_LINES;

/// The most entries that one line may have: two halves for each day of the longest month.
pub const MAX_DAY_ENTRIES: usize = 62;

record! {
    /// One crèche, one month.
    pub struct RawStatement {
        /// The children, in the sender's order.
        required lines "lines": List<RawLine, MAX_LINES>,
        /// The sender's own sums, for comparison.
        optional control_totals "controlTotals": RawTotals,
    }
}

record! {
    /// One child.
    pub struct RawLine {
        /// The vendor's own reference of the child.
        required reference "reference": Reference,
        /// Family name.
        required family_name "familyName": Name,
        /// Given name.
        required given_name "givenName": Name,
        /// Birth date.
        required birth_date "birthDate": Date,
        /// National number, eleven digits.
        optional ssin "ssin": SsinText,
        /// Whether the stored number stays.
        optional ssin_present "ssinPresent": bool,
        /// First day at the crèche.
        optional start_date "startDate": Date,
        /// Last day at the crèche.
        optional end_date "endDate": Date,
        /// The days.
        required days "days": List<RawDay, MAX_DAY_ENTRIES>,
    }
}

record! {
    /// A whole or half day of one child.
    pub struct RawDay {
        /// The date.
        required date "date": Date,
        /// Present or absent.
        required status "status": Status,
        /// Whole or half.
        required duration "duration": Duration,
        /// Why absent.
        optional reason "reason": Reason,
        /// Arrival, local time.
        optional arrival "arrival": TimeOfDay,
        /// Departure, local time.
        optional departure "departure": TimeOfDay,
    }
}

record! {
    /// The six sums.
    pub struct RawTotals {
        /// Present.
        required present "present": RawDayCounts,
        /// Absent with justification.
        required justified_absence "justifiedAbsence": RawDayCounts,
        /// Absent without.
        required unjustified_absence "unjustifiedAbsence": RawDayCounts,
    }
}

record! {
    /// Whole and half days.
    pub struct RawDayCounts {
        /// Whole days.
        required full_days "fullDays": u32,
        /// Half days.
        required half_days "halfDays": u32,
    }
}

/// A vendor's own reference: 1 to 64 characters, without white space at either end and without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Reference(pub String);

impl Raw for Reference {
    fn from_text(text: &str) -> Option<Self> {
        is_label(text, 64).then(|| Self(text.to_owned()))
    }
}
