//! Attendance: the presence of each child on each day, for one crèche and month (docs/domain.md, Attendance).

pub mod code;
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
    pub enum Status {
        /// Present.
        Present "present" = "Présent", "Aanwezig", "Present";
        /// Expected, absent, and the absence is justified.
        JustifiedAbsence "justifiedAbsence" = "Absence justifiée", "Gewettigde afwezigheid", "Justified absence";
        /// Expected, absent, without justification.
        UnjustifiedAbsence "unjustifiedAbsence" = "Absence injustifiée", "Ongewettigde afwezigheid", "Unjustified absence";
    }
}

codes! {
    /// How much of a day.
    pub enum Duration {
        /// A whole day.
        Full "full" = "Jour entier", "Hele dag", "Whole day";
        /// Half a day.
        Half "half" = "Demi-jour", "Halve dag", "Half day";
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
    pub enum Reason {
        /// With a medical certificate.
        MedicalCertificate "medicalCertificate" = "Certificat médical", "Medisch attest", "Medical certificate";
        /// In hospital.
        Hospitalisation "hospitalisation" = "Hospitalisation", "Ziekenhuisopname", "Stay in hospital";
        /// Ill without a certificate.
        HealthWithoutCertificate "healthWithoutCertificate" = "Raison de santé sans certificat", "Gezondheidsreden zonder attest", "Health, without certificate";
        /// Kept away for the health of the community.
        HealthExclusion "healthExclusion" = "Éviction pour raison de santé", "Uitsluiting om gezondheidsredenen", "Exclusion for community health";
        /// A parent's economic unemployment.
        EconomicUnemployment "economicUnemployment" = "Chômage économique d’un parent", "Economische werkloosheid van een ouder", "A parent's economic unemployment";
        /// A strike at a parent's employer.
        EmployerStrike "employerStrike" = "Grève chez l’employeur d’un parent", "Staking bij de werkgever van een ouder", "Strike at a parent's employer";
        /// A strike of public transport.
        TransportStrike "transportStrike" = "Grève des transports en commun", "Staking van het openbaar vervoer", "Public transport strike";
        /// A family circumstance.
        FamilyCircumstance "familyCircumstance" = "Circonstance familiale", "Familiale omstandigheid", "Family circumstance";
        /// Force majeure.
        ForceMajeure "forceMajeure" = "Force majeure", "Overmacht", "Force majeure";
    }
}
