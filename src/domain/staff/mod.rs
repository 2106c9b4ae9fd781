//! The staff of an organiser (Mon Équipe; docs/domain.md, Staff register): persons, their contracts with functions,
//! trainings, documents and absences.

mod build;
pub mod compare;
mod context;
mod member;
mod number_lookup_kind;
pub mod raw;
mod reach;
mod same_person;
pub mod staffing;
pub mod validation;

use jiff::civil::Date;

pub use self::build::{build, kept_sections};
pub use self::context::{CrecheIdentifiers, RegisterContext, StoredPerson, valid_ssin};
pub use self::member::{Absence, Contract, Document, Function, Member, Training};
pub use self::number_lookup_kind::NumberLookupKind;
pub use self::same_person::may_be_same;
use super::codes::codes;

codes! {
    /// The category of a function in a crèche.
    pub enum Category with codes_staff {
        /// Direction.
        Management "management";
        /// Psychologue, assistant social, infirmier…
        PsychoMedicoSocial "psychoMedicoSocial";
        /// Accueil des enfants.
        Childcare "childcare";
        /// Cuisine, entretien, technique.
        Logistics "logistics";
        /// Administration.
        Administration "administration";
        /// Volontaire.
        Volunteer "volunteer";
        /// Stagiaire.
        Trainee "trainee";
    }
}

codes! {
    /// The status of a person with the organiser.
    pub enum Status with codes_staff {
        /// Statutaire.
        Statutory "statutory";
        /// Contractuel.
        Contractual "contractual";
        /// Indépendant.
        SelfEmployed "selfEmployed";
        /// Mis à disposition par un tiers.
        SecondedByThirdParty "secondedByThirdParty";
        /// Volontaire.
        Volunteer "volunteer";
    }
}

codes! {
    /// The result of a training.
    pub enum TrainingKind with codes_staff {
        /// Diplôme.
        Diploma "diploma";
        /// Certificat ou attestation.
        Certificate "certificate";
    }
}

codes! {
    /// A document that the crèche stores for the agency; the register has its dates only (docs/domain.md, Staff
    /// register).
    pub enum DocumentKind with codes_staff {
        /// Extrait de casier judiciaire.
        CriminalRecordExtract "criminalRecordExtract";
        /// Certificat médical d'aptitude.
        FitnessCertificate "fitnessCertificate";
        /// Un autre.
        Other "other";
    }
}

codes! {
    /// The reason of an absence, as far as the agency needs it: never a diagnosis.
    pub enum AbsenceKind with codes_staff {
        /// Congé de maternité.
        MaternityLeave "maternityLeave";
        /// Congé parental.
        ParentalLeave "parentalLeave";
        /// Interruption de carrière ou crédit-temps.
        CareerBreak "careerBreak";
        /// Absence de longue durée.
        LongAbsence "longAbsence";
        /// Une autre.
        Other "other";
    }
}

codes! {
    /// The state of a person's contracts on a day, for filters (docs/domain.md, Staff register).
    pub enum ContractStatus with codes_staff {
        /// A contract runs.
        Current "current";
        /// The last contract is over.
        Ended "ended";
        /// The first contract has yet to begin.
        NotStarted "notStarted";
        /// There is no contract.
        NoContract "noContract";
    }
}

impl ContractStatus {
    /// The default filter: all persons with a contract.
    pub const SHOWN: [Self; 3] = [Self::Current, Self::Ended, Self::NotStarted];
}

/// Whether this day is within a period; one without a last day has no end.
pub fn runs_on((from, until): (Date, Option<Date>), day: Date) -> bool {
    from <= day && until.is_none_or(|until| day <= until)
}

/// Whether a period has a day in common with the days from `first` to `last`; one without a last day has no end.
pub fn overlaps((from, until): (Date, Option<Date>), (first, last): (Date, Date)) -> bool {
    from <= last && until.is_none_or(|until| until >= first)
}
