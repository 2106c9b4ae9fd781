//! How full a crèche was (docs/domain.md, Authorised places).

use serde::Serialize;

use super::Totals;
use crate::domain::summary::Figures;

/// How full a crèche was, in basis points (1/10 000): full-day equivalents over authorised places × open days.
/// Rounded half up; absent when nothing was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Occupancy {
    /// Presence, in half days.
    pub present_half_days: u64,
    /// Presence and justified absence, in half days.
    pub present_and_justified_half_days: u64,
    /// The rate of presence alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present_rate: Option<u64>,
    /// The rate of presence and justified absence together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub present_and_justified_rate: Option<u64>,
}

impl Figures<Totals> {
    /// The rates of the period.
    pub fn occupancy(&self) -> Occupancy {
        let present = self.totals.present.in_half_days();
        let both = present + self.totals.justified_absence.in_half_days();
        let places = self.place_days * 2;
        let rate = |half_days: u64| (places > 0).then(|| (half_days * 10_000 * 2 + places) / (places * 2));
        Occupancy {
            present_half_days: present,
            present_and_justified_half_days: both,
            present_rate: rate(present),
            present_and_justified_rate: rate(both),
        }
    }
}
