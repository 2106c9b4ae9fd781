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
    /// Where a doctor stands with the agency.
    pub enum DoctorState {
        /// The agreement is missing: the agency is not asked yet.
        Incomplete "incomplete" = "Incomplet", "Onvolledig", "Incomplete";
        /// Put to an agent of the agency.
        AwaitingValidation "awaitingValidation" = "En attente de validation", "Wacht op validatie", "Awaiting validation";
        /// An agent agreed.
        Validated "validated" = "Validé", "Gevalideerd", "Validated";
        /// An agent refused, with a reason.
        Refused "refused" = "Refusé", "Geweigerd", "Refused";
        /// The collaboration is over.
        Ended "ended" = "Terminé", "Beëindigd", "Ended";
    }
}

codes! {
    /// What a doctor of consultations is (docs/domain.md, Consultations).
    pub enum Function {
        /// Médecin généraliste.
        GeneralPractitioner "generalPractitioner" = "Médecin généraliste", "Huisarts", "General practitioner";
        /// Pédiatre.
        Paediatrician "paediatrician" = "Pédiatre", "Kinderarts", "Paediatrician";
    }
}

codes! {
    /// What an agent of the agency may decide.
    pub enum Ruling {
        /// The doctor may hold consultations.
        Validated "validated";
        /// Not so, with a reason.
        Refused "refused";
    }
}

/// What an agent of the agency decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The doctor may hold consultations.
    Validated,
    /// Not so, for this reason.
    Refused(String),
}

impl DoctorState {
    /// Where a doctor stands with the agency, whatever the day: the agreement is what the agency decides on.
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

    /// The same on a day: a doctor whose collaboration is over has ended.
    pub fn on(self, today: Date, sheet: &DoctorSheet) -> Self {
        if sheet.end_date.is_some_and(|end| end < today) { Self::Ended } else { self }
    }
}

/// What the rules on consultations know of a doctor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownDoctor {
    /// The id.
    pub id: DoctorId,
    /// The number that consultations name.
    pub inami: Inami,
    /// Where the doctor stands.
    pub state: DoctorState,
    /// The first and, once it is known, the last day of the collaboration.
    pub collaboration: (Date, Option<Date>),
    /// Whether the doctor works in the crèche of the statement.
    pub here: bool,
}

impl KnownDoctor {
    /// Whether the collaboration goes on on this day.
    pub fn works_on(&self, day: Date) -> bool {
        let (from, until) = self.collaboration;
        from <= day && until.is_none_or(|until| day <= until)
    }
}
