//! Doctors who hold consultations in an organiser's crèches (docs/domain.md, Doctors).

pub mod raw;
mod reach;
mod sheet;

use jiff::civil::Date;

pub use self::sheet::{Address, DoctorSheet};
use super::codes::codes;
use super::inami::Inami;
use crate::ids::DoctorId;

codes! {
    /// The status of a doctor with the agency.
    pub enum DoctorState with codes_doctor {
        /// The agreement is missing: the agency cannot decide.
        Incomplete "incomplete";
        /// Awaits the decision of an agent of the agency.
        AwaitingValidation "awaitingValidation";
        /// An agent agreed.
        Validated "validated";
        /// An agent refused, with a reason.
        Refused "refused";
        /// The collaboration is over.
        Ended "ended";
    }
}

codes! {
    /// The specialty of a doctor (docs/domain.md, Consultations).
    pub enum Function with codes_doctor {
        /// Médecin généraliste.
        GeneralPractitioner "generalPractitioner";
        /// Pédiatre.
        Paediatrician "paediatrician";
    }
}

codes! {
    /// What an agent of the agency may decide.
    pub enum Ruling {
        /// The doctor may hold consultations.
        Validated "validated";
        /// Refused, with a reason.
        Refused "refused";
    }
}

/// What an agent of the agency decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The doctor may hold consultations.
    Validated,
    /// Refused, for this reason.
    Refused(String),
}

impl DoctorState {
    /// The status with the agency, on any day: the agency decides on the agreement.
    pub const fn of_agreement(agreement: bool, decision: Option<&Decision>) -> Self {
        match (agreement, decision) {
            (false, _) => Self::Incomplete,
            (true, None) => Self::AwaitingValidation,
            (true, Some(Decision::Validated)) => Self::Validated,
            (true, Some(Decision::Refused(_))) => Self::Refused,
        }
    }

    /// Whether consultations of such a doctor are accepted with a warning.
    pub const fn is_warned(self) -> bool {
        matches!(self, Self::Incomplete | Self::AwaitingValidation | Self::Refused)
    }

    /// Whether consultations of such a doctor can be signed.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Validated | Self::Ended)
    }

    /// The status on a day: a doctor whose collaboration is over has ended.
    pub fn on(self, today: Date, sheet: &DoctorSheet) -> Self {
        if sheet.end_date.is_some_and(|end| end < today) { Self::Ended } else { self }
    }
}

/// A doctor as the rules on consultations need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDoctor {
    /// The id.
    pub id: DoctorId,
    /// The INAMI number.
    pub inami: Inami,
    /// The doctor's status.
    pub state: DoctorState,
    /// The first and, if set, the last day of the collaboration.
    pub collaboration: (Date, Option<Date>),
    /// Whether the doctor works in the crèche of the statement.
    pub here: bool,
}

impl KnownDoctor {
    /// Whether this day is within the collaboration.
    pub fn works_on(&self, day: Date) -> bool {
        let (from, until) = self.collaboration;
        from <= day && until.is_none_or(|until| day <= until)
    }
}
