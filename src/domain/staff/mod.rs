//! The staff of an organiser (Mon Équipe; docs/domain.md, Staff register): persons, their contracts with functions,
//! trainings, documents and absences.

mod build;
pub mod compare;
mod context;
mod member;
mod probe;
pub mod raw;
mod reach;
mod same_person;
pub mod staffing;
pub mod validation;

use jiff::civil::Date;

pub use self::build::{build, kept_sections};
pub use self::context::{CrecheIdentifiers, RegisterContext, StoredPerson, valid_ssin};
pub use self::member::{Absence, Contract, Document, Function, Member, Training};
pub use self::probe::Probe;
pub use self::same_person::may_be_same;
use super::codes::codes;

codes! {
    /// The category of a function in a crèche.
    pub enum Category {
        /// Direction.
        Management "management" = "Direction", "Leiding", "Management";
        /// Psychologue, assistant social, infirmier…
        PsychoMedicoSocial "psychoMedicoSocial" = "Personnel psycho-médico-social", "Psycho-medisch-sociaal personeel", "Psycho-medico-social";
        /// Accueil des enfants.
        Childcare "childcare" = "Accueil des enfants", "Kinderbegeleiding", "Childcare";
        /// Cuisine, entretien, technique.
        Logistics "logistics" = "Logistique", "Logistiek", "Logistics";
        /// Administration.
        Administration "administration" = "Administration", "Administratie", "Administration";
        /// Volontaire.
        Volunteer "volunteer" = "Volontaire", "Vrijwilliger", "Volunteer";
        /// Stagiaire.
        Trainee "trainee" = "Stagiaire", "Stagiair", "Trainee";
    }
}

codes! {
    /// The status of a person with the organiser.
    pub enum Status {
        /// Statutaire.
        Statutory "statutory" = "Statutaire", "Statutair", "Statutory";
        /// Contractuel.
        Contractual "contractual" = "Contractuel", "Contractueel", "Contractual";
        /// Indépendant.
        SelfEmployed "selfEmployed" = "Indépendant", "Zelfstandig", "Self-employed";
        /// Mis à disposition par un tiers.
        SecondedByThirdParty "secondedByThirdParty" = "Mis à disposition par un tiers", "Ter beschikking gesteld door een derde", "Seconded by a third party";
        /// Volontaire.
        Volunteer "volunteer" = "Volontaire", "Vrijwilliger", "Volunteer";
    }
}

codes! {
    /// The result of a training.
    pub enum TrainingKind {
        /// Diplôme.
        Diploma "diploma" = "Diplôme", "Diploma", "Diploma";
        /// Certificat ou attestation.
        Certificate "certificate" = "Certificat", "Getuigschrift", "Certificate";
    }
}

codes! {
    /// A document that the crèche stores for the agency; the register has its dates only (docs/domain.md, Staff
    /// register).
    pub enum DocumentKind {
        /// Extrait de casier judiciaire.
        CriminalRecordExtract "criminalRecordExtract" = "Extrait de casier judiciaire", "Uittreksel uit het strafregister", "Criminal record extract";
        /// Certificat médical d'aptitude.
        FitnessCertificate "fitnessCertificate" = "Certificat d’aptitude", "Geschiktheidsattest", "Certificate of fitness";
        /// Un autre.
        Other "other" = "Autre document", "Ander document", "Other document";
    }
}

codes! {
    /// The reason of an absence, as far as the agency needs it: never a diagnosis.
    pub enum AbsenceKind {
        /// Congé de maternité.
        MaternityLeave "maternityLeave" = "Congé de maternité", "Moederschapsverlof", "Maternity leave";
        /// Congé parental.
        ParentalLeave "parentalLeave" = "Congé parental", "Ouderschapsverlof", "Parental leave";
        /// Interruption de carrière ou crédit-temps.
        CareerBreak "careerBreak" = "Interruption de carrière", "Loopbaanonderbreking", "Career break";
        /// Absence de longue durée.
        LongAbsence "longAbsence" = "Absence de longue durée", "Langdurige afwezigheid", "Long absence";
        /// Une autre.
        Other "other" = "Autre absence", "Andere afwezigheid", "Other absence";
    }
}

codes! {
    /// The state of a person's contracts on a day, for filters (docs/domain.md, Staff register).
    pub enum ContractStatus {
        /// A contract runs.
        Current "current" = "En cours", "Lopend", "Current";
        /// The last contract is over.
        Ended "ended" = "Terminé", "Beëindigd", "Ended";
        /// The first contract has yet to begin.
        NotStarted "notStarted" = "Pas commencé", "Nog niet begonnen", "Not started";
        /// There is no contract.
        NoContract "noContract" = "Pas de contrat", "Geen contract", "No contract";
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
