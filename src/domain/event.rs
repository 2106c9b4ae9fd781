//! What happens to an organiser's data, and what is told of it: which thing, never who or what it says.

mod cloud_event;
mod sample;

use std::fmt;

use jiff::Timestamp;

pub use self::cloud_event::{CloudEvent, CloudEventData, SERVICE};
use super::codes::codes;
use super::period::Period;
use super::statement::StatementKind;
use crate::ids::{CrecheId, EventId};

codes! {
    /// Every kind of event. The catalogue at `/refData/eventTypes` and the schemas in `schemas/events/` list the same.
    pub enum EventType {
        /// The first statement of a month was accepted.
        AttendanceDeposited "attendanceStatement.deposited" = "Relevé de présences déposé", "Aanwezigheidsstaat ingediend", "Attendance statement deposited";
        /// Another statement took its place.
        AttendanceReplaced "attendanceStatement.replaced" = "Relevé de présences remplacé", "Aanwezigheidsstaat vervangen", "Attendance statement replaced";
        /// A statement was refused for its content.
        AttendanceRefused "attendanceStatement.refused" = "Relevé de présences refusé", "Aanwezigheidsstaat geweigerd", "Attendance statement refused";
        /// A month is over and has no statement.
        AttendanceMissing "attendanceStatement.missing" = "Relevé de présences attendu", "Aanwezigheidsstaat ontbreekt", "Attendance statement missing";
        /// The first statement of consultations of a month was accepted.
        MedicalDeposited "medicalStatement.deposited" = "Relevé des consultations déposé", "Staat van de raadplegingen ingediend", "Statement of consultations deposited";
        /// Another one took its place.
        MedicalReplaced "medicalStatement.replaced" = "Relevé des consultations remplacé", "Staat van de raadplegingen vervangen", "Statement of consultations replaced";
        /// One was refused for its content.
        MedicalRefused "medicalStatement.refused" = "Relevé des consultations refusé", "Staat van de raadplegingen geweigerd", "Statement of consultations refused";
        /// The closures of a crèche are others.
        ClosuresReplaced "closures.replaced" = "Fermetures modifiées", "Sluitingen gewijzigd", "Closures changed";
        /// A doctor was entered.
        DoctorEntered "doctor.entered" = "Médecin encodé", "Arts ingevoerd", "Doctor entered";
        /// A doctor's sheet or agreement is another.
        DoctorChanged "doctor.changed" = "Fiche d’un médecin modifiée", "Fiche van een arts gewijzigd", "Doctor's sheet changed";
        /// The agency accepts a doctor.
        DoctorValidated "doctor.validated" = "Médecin validé par l’ONE", "Arts gevalideerd door ONE", "Doctor validated by the agency";
        /// The agency does not.
        DoctorRefused "doctor.refused" = "Médecin refusé par l’ONE", "Arts geweigerd door ONE", "Doctor refused by the agency";
        /// Somebody was entered into the staff register, or changed in it.
        StaffChanged "staffRegister.changed" = "Registre du personnel modifié", "Personeelsregister gewijzigd", "Staff register changed";
        /// A register was refused for its content.
        StaffRefused "staffRegister.refused" = "Registre du personnel refusé", "Personeelsregister geweigerd", "Staff register refused";
        /// The register is said to be right for a crèche.
        StaffValidated "staffRegister.validated" = "Personnel d’une crèche validé", "Personeel van een opvang gevalideerd", "Staff of a crèche validated";
        /// An application was registered.
        ApplicationRegistered "application.registered" = "Application externe enregistrée", "Externe toepassing geregistreerd", "Application registered";
        /// Its keys are refused for now.
        ApplicationSuspended "application.suspended" = "Application externe suspendue", "Externe toepassing geschorst", "Application suspended";
        /// Its keys work again.
        ApplicationResumed "application.resumed" = "Application externe réactivée", "Externe toepassing hervat", "Application resumed";
        /// Its keys are refused for good.
        ApplicationRevoked "application.revoked" = "Application externe révoquée", "Externe toepassing ingetrokken", "Application revoked";
        /// A key was issued.
        KeyIssued "key.issued" = "Clé API créée", "API-sleutel aangemaakt", "API key issued";
        /// A key is about to end.
        KeyExpiring "key.expiring" = "Clé API bientôt échue", "API-sleutel vervalt binnenkort", "API key about to end";
        /// A key was taken back.
        KeyRevoked "key.revoked" = "Clé API révoquée", "API-sleutel ingetrokken", "API key revoked";
        /// Nothing could be delivered to an endpoint for days: it is no longer tried.
        EndpointPaused "webhookEndpoint.paused" = "Notifications suspendues après des jours d’échecs", "Meldingen gepauzeerd na dagen van mislukkingen", "Webhook endpoint paused after days of failures";
        /// An endpoint said that it is gone: it is no longer used.
        EndpointDisabled "webhookEndpoint.disabled" = "Notifications arrêtées : l’adresse a disparu", "Meldingen gestopt: het adres is verdwenen", "Webhook endpoint disabled because it is gone";
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A crèche's statement of a month; the part of its address.
    Statement(&'static str),
    /// A crèche's closures.
    Closures,
    /// A doctor.
    Doctor,
    /// The staff register: a member of it, a crèche's part, or the whole.
    StaffRegister,
    /// An application.
    Application,
    /// An API key.
    Key,
    /// A webhook endpoint.
    WebhookEndpoint,
}

impl EventType {
    /// That a statement of this kind was deposited: the first of its month, or in the place of another.
    pub const fn deposit(kind: StatementKind, first: bool) -> Self {
        match (kind, first) {
            (StatementKind::Attendance, true) => Self::AttendanceDeposited,
            (StatementKind::Attendance, false) => Self::AttendanceReplaced,
            (StatementKind::Medical, true) => Self::MedicalDeposited,
            (StatementKind::Medical, false) => Self::MedicalReplaced,
        }
    }

    /// That one was refused.
    pub const fn refusal(kind: StatementKind) -> Self {
        match kind {
            StatementKind::Attendance => Self::AttendanceRefused,
            StatementKind::Medical => Self::MedicalRefused,
        }
    }

    /// Whether no audit entry has its code: nobody did it, or it is recorded under a more exact one.
    pub const fn is_only_announced(self) -> bool {
        matches!(self, Self::AttendanceMissing | Self::StaffChanged | Self::KeyExpiring)
    }

    /// What events of this type are about.
    pub const fn about(self) -> About {
        match self {
            Self::AttendanceDeposited
            | Self::AttendanceReplaced
            | Self::AttendanceRefused
            | Self::AttendanceMissing => About::Statement("attendanceStatements"),
            Self::MedicalDeposited | Self::MedicalReplaced | Self::MedicalRefused => {
                About::Statement("medicalStatements")
            }
            Self::ClosuresReplaced => About::Closures,
            Self::DoctorEntered | Self::DoctorChanged | Self::DoctorValidated | Self::DoctorRefused => About::Doctor,
            Self::StaffChanged | Self::StaffRefused | Self::StaffValidated => About::StaffRegister,
            Self::ApplicationRegistered
            | Self::ApplicationSuspended
            | Self::ApplicationResumed
            | Self::ApplicationRevoked => About::Application,
            Self::KeyIssued | Self::KeyExpiring | Self::KeyRevoked => About::Key,
            Self::EndpointPaused | Self::EndpointDisabled => About::WebhookEndpoint,
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What kind of thing.
    pub kind: EventType,
    /// The id of what it is about, where that is not a crèche or one of its periods.
    pub subject: Option<String>,
    /// The crèche it is about.
    pub creche: Option<CrecheId>,
    /// The crèches that it concerns, where it is about something that may span several. Only written, never read back.
    pub concerned: Vec<CrecheId>,
    /// The period it is about.
    pub period: Option<Period>,
    /// The revision or version that came of it.
    pub revision: Option<u32>,
    /// How many warnings a statement was accepted with.
    pub warnings: Option<u32>,
    /// When.
    pub at: Timestamp,
}

impl Event {
    /// That something of a kind happened, and nothing more yet.
    pub const fn new(id: EventId, kind: EventType, at: Timestamp) -> Self {
        let concerned = Vec::new();
        Self { id, kind, subject: None, creche: None, concerned, period: None, revision: None, warnings: None, at }
    }

    /// About the thing with this id.
    pub fn about(self, subject: impl fmt::Display) -> Self {
        Self { subject: Some(subject.to_string()), ..self }
    }

    /// Concerning these crèches.
    pub fn with_creches(self, creches: Vec<CrecheId>) -> Self {
        Self { concerned: creches, ..self }
    }

    /// About a crèche.
    pub fn of(self, creche: CrecheId) -> Self {
        Self { creche: Some(creche), ..self }
    }
}

/// Which events are looked for.
#[derive(Debug, Clone, Copy)]
pub struct EventFilter<'a> {
    /// Of these types; of every type when there are none.
    pub types: &'a [EventType],
    /// Of these crèches or concerning one of them; every event when it is `None`.
    pub creches: Option<&'a [CrecheId]>,
}
