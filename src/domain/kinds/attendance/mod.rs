//! Attendance: the presence of each child on each day, for one crèche and month (docs/domain.md, Attendance).

pub mod code;
mod compact;
mod coverage;
mod facts;
mod kind;
mod occupancy;
pub mod raw;
pub mod rules;
mod statement;
mod stored_numbers;
mod totals;
mod validation;

pub use facts::KIND;
pub use occupancy::Occupancy;
pub use statement::{ChildLine, Day, Statement};
pub use totals::{AttendanceChange, SignedDays, Totals};

use crate::domain::codes::codes;

codes! {
    /// The status of a child's day.
    pub enum Status with codes_attendance {
        /// Present.
        Present "present";
        /// Expected, absent, and the absence is justified.
        JustifiedAbsence "justifiedAbsence";
        /// Expected, absent, without justification.
        UnjustifiedAbsence "unjustifiedAbsence";
    }
}

codes! {
    /// How much of a day.
    pub enum Duration with codes_attendance {
        /// A whole day.
        Full "full";
        /// Half a day.
        Half "half";
    }
}

impl Duration {
    /// How many half days it is.
    pub const fn halves(self) -> u32 {
        match self {
            Self::Full => 2,
            Self::Half => 1,
        }
    }
}

codes! {
    /// Why a child was absent. Never a diagnosis.
    pub enum Reason with codes_attendance {
        /// With a medical certificate.
        MedicalCertificate "medicalCertificate";
        /// In hospital.
        Hospitalisation "hospitalisation";
        /// Ill without a certificate.
        HealthWithoutCertificate "healthWithoutCertificate";
        /// Kept away for the health of the community.
        HealthExclusion "healthExclusion";
        /// A parent's economic unemployment.
        EconomicUnemployment "economicUnemployment";
        /// A strike at a parent's employer.
        EmployerStrike "employerStrike";
        /// A strike of public transport.
        TransportStrike "transportStrike";
        /// A family circumstance.
        FamilyCircumstance "familyCircumstance";
        /// Force majeure.
        ForceMajeure "forceMajeure";
    }
}
