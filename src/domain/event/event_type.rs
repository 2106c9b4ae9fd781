//! The types of events, and the subject of each.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::domain::claim::ClaimAct;
use crate::domain::codes::UnknownCode;
use crate::domain::kinds::medical;
use crate::domain::period::Period;
use crate::domain::raw::Raw;
use crate::domain::report;
use crate::domain::statement::{CodeWords, StatementKind};
use crate::words::{LocalText, codes_event};

macro_rules! event_types {
    ($($(#[$doc:meta])* $name:ident $code:literal;)+) => {
        /// Every kind of event. The catalogue at `/refData/eventTypes` and the schemas in `schemas/events/` list the
        /// same.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventType {
            /// An event of a statement.
            Statement(StatementKind, StatementEvent),
            $($(#[$doc])* $name,)+
        }

        /// The types that are not about statements.
        const OTHERS: &[EventType] = &[$(EventType::$name),+];

        impl EventType {
            /// The code and its words.
            const fn code_words(self) -> CodeWords {
                match self {
                    Self::Statement(kind, event) => event.code_words(kind),
                    $(Self::$name => CodeWords::new($code, codes_event::EventType::$name),)+
                }
            }
        }
    };
}

event_types! {
    /// The closures of a crèche changed.
    ClosuresReplaced "closures.replaced";
    /// A doctor was entered.
    DoctorEntered "doctor.entered";
    /// A doctor's sheet or agreement changed.
    DoctorChanged "doctor.changed";
    /// The agency validated a doctor.
    DoctorValidated "doctor.validated";
    /// The agency refused a doctor.
    DoctorRefused "doctor.refused";
    /// A person was entered into the staff register, or changed in it.
    StaffChanged "staffRegister.changed";
    /// A register was refused for its content.
    StaffRefused "staffRegister.refused";
    /// The register was validated for a crèche.
    StaffValidated "staffRegister.validated";
    /// A report was signed, or what has changed since.
    ReportSigned "activityReport.signed";
    /// The signature of a report was withdrawn.
    ReportWithdrawn "activityReport.withdrawn";
    /// A month of a signed report was corrected: the difference is to be signed.
    ReportCorrected "activityReport.corrected";
    /// An agent examines a signed report.
    ReportTakenUp "activityReport.takenUp";
    /// The agency asks for a correction of a signed report.
    ReportReturned "activityReport.returned";
    /// The agency accepted a report, with remarks or without.
    ReportAccepted "activityReport.accepted";
    /// The agency refused a report.
    ReportRefused "activityReport.refused";
    /// The deadline of a quarter nears, and its report is not signed.
    ReportDue "activityReport.due";
    /// The organiser or the agency wrote a message about a signed report.
    ReportMessageWritten "activityReport.messageWritten";
    /// The consultations of a month were signed alone, or what has changed since.
    MonthSigned "medicalStatement.signed";
    /// The signature of a month was withdrawn.
    MonthWithdrawn "medicalStatement.withdrawn";
    /// A month that is signed alone was corrected: the difference is to be signed.
    MonthCorrected "medicalStatement.corrected";
    /// An agent examines a signed month.
    MonthTakenUp "medicalStatement.takenUp";
    /// The agency asks for a correction of a signed month.
    MonthReturned "medicalStatement.returned";
    /// The agency accepted a signed month, with remarks or without.
    MonthAccepted "medicalStatement.accepted";
    /// The agency refused a signed month. A statement that is refused for its content is `medicalStatement.refused`.
    MonthRefused "medicalStatement.refusedByAgency";
    /// The organiser or the agency wrote a message about a signed month.
    MonthMessageWritten "medicalStatement.messageWritten";
    /// The agency recorded a payment of a subsidy or of a premium.
    SubsidyPaymentRecorded "subsidyPayment.recorded";
    /// The agency cancelled a payment that was recorded by mistake.
    SubsidyPaymentCancelled "subsidyPayment.cancelled";
    /// The agency published a communication that is addressed to the organiser.
    CommunicationPublished "communication.published";
    /// An application was registered.
    ApplicationRegistered "application.registered";
    /// An application was suspended: its keys are refused.
    ApplicationSuspended "application.suspended";
    /// An application was resumed: its keys work again.
    ApplicationResumed "application.resumed";
    /// An application was revoked: its keys are refused for good.
    ApplicationRevoked "application.revoked";
    /// A key was issued.
    KeyIssued "key.issued";
    /// A key is about to expire.
    KeyExpiring "key.expiring";
    /// A key was revoked.
    KeyRevoked "key.revoked";
    /// All deliveries to an endpoint failed for days: it is paused.
    EndpointPaused "webhookEndpoint.paused";
    /// An endpoint is gone (410): it is disabled.
    EndpointDisabled "webhookEndpoint.disabled";
}

/// The events of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatementEvent {
    /// The first statement of a month was accepted.
    Deposited,
    /// A further revision was accepted.
    Replaced,
    /// A statement was refused for its content.
    Refused,
    /// A month is over and has no statement, of a kind that is due.
    Missing,
}

impl StatementEvent {
    /// Every event, in the order of lists.
    const ALL: [Self; 4] = [Self::Deposited, Self::Replaced, Self::Refused, Self::Missing];

    /// Whether statements of a kind have this event.
    const fn happens_to(self, kind: StatementKind) -> bool {
        !matches!(self, Self::Missing) || kind.is_due()
    }

    const fn code_words(self, kind: StatementKind) -> CodeWords {
        let facts = kind.facts();
        match (self, facts.missing) {
            (Self::Deposited, _) => facts.deposited,
            (Self::Replaced, _) => facts.replaced,
            (Self::Missing, Some(missing)) => missing,
            // Only kinds that are due have the event that a statement is missing: `EventType::missing` makes no other.
            (Self::Refused, _) | (Self::Missing, None) => facts.refused,
        }
    }
}

impl FromStr for EventType {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::from_code(text).ok_or(UnknownCode)
    }
}

impl Raw for EventType {
    fn from_text(text: &str) -> Option<Self> {
        Self::from_code(text)
    }
}

impl Serialize for EventType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The subject of an event.
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
    /// A payment of a subsidy.
    SubsidyPayment,
    /// A communication of the agency.
    Communication,
    /// An application.
    Application,
    /// An API key.
    Key,
    /// A webhook endpoint.
    WebhookEndpoint,
}

impl EventType {
    /// Every type, in the order of the published list: those of each kind of statement, then the others.
    pub fn all() -> impl Iterator<Item = Self> {
        let of_kind = |kind: &StatementKind| {
            let kind = *kind;
            let events = StatementEvent::ALL.into_iter().filter(move |event| event.happens_to(kind));
            events.map(move |event| Self::Statement(kind, event))
        };
        StatementKind::ALL.iter().flat_map(of_kind).chain(OTHERS.iter().copied())
    }

    /// The code as JSON spells it.
    pub const fn code(self) -> &'static str {
        self.code_words().code
    }

    /// Parses the code.
    pub fn from_code(text: &str) -> Option<Self> {
        Self::all().find(|kind| kind.code() == text)
    }

    /// The words of the published list.
    pub const fn label(self) -> LocalText {
        self.code_words().words
    }

    /// A statement of this kind was deposited: the first of its month, or a further revision.
    pub const fn deposit(kind: StatementKind, first: bool) -> Self {
        Self::Statement(kind, if first { StatementEvent::Deposited } else { StatementEvent::Replaced })
    }

    /// A statement of this kind was refused.
    pub const fn refusal(kind: StatementKind) -> Self {
        Self::Statement(kind, StatementEvent::Refused)
    }

    /// A statement of this kind is missing; only of a kind that is due.
    pub fn missing(kind: StatementKind) -> Option<Self> {
        StatementEvent::Missing.happens_to(kind).then_some(Self::Statement(kind, StatementEvent::Missing))
    }

    /// An act on the claim of a quarter or of a month; `None` for one that stays within the agency.
    pub const fn of_claim(act: ClaimAct, period: Period) -> Option<Self> {
        let (of_quarter, of_month) = match act {
            ClaimAct::Sign => (Self::ReportSigned, Self::MonthSigned),
            ClaimAct::Withdraw => (Self::ReportWithdrawn, Self::MonthWithdrawn),
            ClaimAct::TakeUp => (Self::ReportTakenUp, Self::MonthTakenUp),
            ClaimAct::Return => (Self::ReportReturned, Self::MonthReturned),
            ClaimAct::Accept | ClaimAct::AcceptWithRemarks => (Self::ReportAccepted, Self::MonthAccepted),
            ClaimAct::Refuse => (Self::ReportRefused, Self::MonthRefused),
            ClaimAct::Message => (Self::ReportMessageWritten, Self::MonthMessageWritten),
            ClaimAct::ProposeAccept
            | ClaimAct::ProposeAcceptWithRemarks
            | ClaimAct::ProposeRefuse
            | ClaimAct::RejectProposal => return None,
        };
        Some(match period {
            Period::Quarter(_) => of_quarter,
            Period::Month(_) => of_month,
        })
    }

    /// Whether no audit entry has its code: it has no actor, or it is recorded under a more exact code.
    pub const fn is_only_announced(self) -> bool {
        matches!(
            self,
            Self::Statement(_, StatementEvent::Missing) | Self::StaffChanged | Self::KeyExpiring | Self::ReportDue
        )
    }

    /// The name of the schema of events of this type, before `-event`.
    pub const fn schema(self) -> &'static str {
        match self.about() {
            About::Statement(_) => "statement",
            About::Closures => "closures",
            About::Doctor => "doctor",
            About::SubsidyPayment => "subsidy-payment",
            About::StaffRegister => "staff-register",
            About::Application => "application",
            About::Key => "key",
            About::WebhookEndpoint => "webhook-endpoint",
            About::Communication => "communication",
        }
    }

    /// The subject of events of this type.
    pub const fn about(self) -> About {
        match self {
            Self::Statement(kind, _) => About::Statement(kind.collection()),
            Self::ClosuresReplaced => About::Closures,
            Self::DoctorEntered | Self::DoctorChanged | Self::DoctorValidated | Self::DoctorRefused => About::Doctor,
            Self::StaffChanged | Self::StaffRefused | Self::StaffValidated => About::StaffRegister,
            Self::ReportSigned
            | Self::ReportWithdrawn
            | Self::ReportCorrected
            | Self::ReportTakenUp
            | Self::ReportReturned
            | Self::ReportAccepted
            | Self::ReportRefused
            | Self::ReportDue
            | Self::ReportMessageWritten => About::Statement(report::KIND.collection()),
            Self::MonthSigned
            | Self::MonthWithdrawn
            | Self::MonthCorrected
            | Self::MonthTakenUp
            | Self::MonthReturned
            | Self::MonthAccepted
            | Self::MonthRefused
            | Self::MonthMessageWritten => About::Statement(medical::KIND.collection()),
            Self::SubsidyPaymentRecorded | Self::SubsidyPaymentCancelled => About::SubsidyPayment,
            Self::CommunicationPublished => About::Communication,
            Self::ApplicationRegistered
            | Self::ApplicationSuspended
            | Self::ApplicationResumed
            | Self::ApplicationRevoked => About::Application,
            Self::KeyIssued | Self::KeyExpiring | Self::KeyRevoked => About::Key,
            Self::EndpointPaused | Self::EndpointDisabled => About::WebhookEndpoint,
        }
    }
}
