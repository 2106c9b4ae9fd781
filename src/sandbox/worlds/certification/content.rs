//! The documents that the software is to deposit: a file for each kind of deposit.

mod attendance;
mod case_deposit;
mod days;
mod medical;
mod report;
mod staff;

use self::case_deposit::CaseDeposit;
pub(super) use self::case_deposit::Slot;
use super::catalogue::Profile;

impl Profile {
    /// What its cases deposit. Those about webhooks have their events from attendance.
    pub(super) const fn deposit(self) -> &'static CaseDeposit {
        match self {
            Self::Medical => &medical::DEPOSIT,
            Self::Staff => &staff::DEPOSIT,
            Self::Reports => &report::DEPOSIT,
            Self::Attendance | Self::Webhooks | Self::All => &attendance::DEPOSIT,
        }
    }
}
