//! The actions in the audit trail: those that have an event, and those that are recorded only. An event and its audit
//! action are one item, with one code and the same words.

use super::codes::codes;
use super::event::EventType;
use super::statement::{CodeWords, StatementKind};
use crate::words::LocalText;

codes! {
    /// The actions that have no event of their code.
    pub enum RecordedAction with codes_action {
        /// An organiser was registered: the first entry of its chain.
        OrganiserCreated "organiser.created";
        /// An agent read an organiser.
        OrganiserRead "organiser.read";
        /// An organiser got another name.
        OrganiserRenamed "organiser.renamed";
        /// A crèche was registered.
        CrecheCreated "creche.created";
        /// A crèche got another name.
        CrecheRenamed "creche.renamed";
        /// A crèche has another number of places from a day on.
        CrechePlacesAuthorised "creche.placesAuthorised";
        /// The authorisation of a crèche has other dates.
        CrecheAuthorised "creche.authorised";
        /// A crèche claims subsidies, or no longer.
        CrecheSubsidyChanged "creche.subsidyChanged";
        /// The lines that figures are made of were read.
        ContributionsRead "contributions.read";
        /// Stored statements were validated by the announced rules.
        RevisionsReplayed "revisions.replayed";
        /// A signed claim was read.
        ClaimRead "claim.read";
        /// Signed claims were read in a list with their figures.
        ClaimsRead "claims.read";
        /// An agent proposed an answer to a claim, which another one has to confirm.
        ClaimAnswerProposed "claim.answerProposed";
        /// An agent rejected the answer that another one proposed.
        ClaimProposalRejected "claim.proposalRejected";
        /// The lines below the figures of a signed claim were read.
        ClaimLinesRead "claim.linesRead";
        /// The receipt of a signed claim was read.
        ReceiptRead "receipt.read";
        /// The attachments of a report were read: their names, or one with its content.
        AttachmentsRead "attachments.read";
        /// An attachment was added to a report.
        AttachmentAdded "attachment.added";
        /// An attachment was removed from a report.
        AttachmentRemoved "attachment.removed";
        /// Payments of subsidies were read.
        SubsidyPaymentsRead "subsidyPayments.read";
        /// An agent prepared a communication.
        CommunicationPrepared "communication.prepared";
        /// A communication was discarded before it was published.
        CommunicationDiscarded "communication.discarded";
        /// A published communication was withdrawn.
        CommunicationWithdrawn "communication.withdrawn";
        /// Doctors were read.
        DoctorsRead "doctors.read";
        /// The agreement of a doctor was stored.
        DoctorAgreementStored "doctor.agreementStored";
        /// The agreement of a doctor was read.
        DoctorAgreementRead "doctor.agreementRead";
        /// Persons of the staff register were read.
        StaffRead "staff.read";
        /// A national number was looked up among those of the agency.
        StaffAsked "staff.asked";
        /// Look-ups of national numbers were refused because there were too many.
        StaffTooManyTries "staff.tooManyTries";
        /// A person was entered into the staff register.
        StaffMemberEntered "staffMember.entered";
        /// A person of the staff register was changed.
        StaffMemberChanged "staffMember.changed";
        /// A whole staff register was deposited.
        StaffRegisterReplaced "staffRegister.replaced";
        /// The description of an application changed.
        ApplicationChanged "application.changed";
        /// The masked bodies of an application's calls are logged until an instant.
        BodyLoggingAllowed "application.bodyLoggingAllowed";
        /// They are logged no longer, before that instant.
        BodyLoggingEnded "application.bodyLoggingEnded";
        /// Webhook endpoint created.
        WebhookEndpointCreated "webhookEndpoint.created";
        /// Webhook endpoint changed.
        WebhookEndpointChanged "webhookEndpoint.changed";
        /// Webhook endpoint deleted.
        WebhookEndpointDeleted "webhookEndpoint.deleted";
        /// Webhook endpoint verified.
        WebhookEndpointVerified "webhookEndpoint.verified";
        /// Secret of a webhook endpoint changed.
        WebhookEndpointSecretRotated "webhookEndpoint.secretRotated";
        /// Test event sent.
        WebhookEndpointTested "webhookEndpoint.tested";
        /// Deliveries sent once more.
        WebhookEndpointReplayed "webhookEndpoint.replayed";
        /// A person logged in, or acts for another organiser.
        SessionBegun "session.begun";
        /// Users were read.
        UsersRead "users.read";
        /// User added.
        UserCreated "user.created";
        /// User changed.
        UserChanged "user.changed";
        /// Rights of a user changed.
        UserRightsChanged "user.rightsChanged";
        /// User deactivated.
        UserDeactivated "user.deactivated";
        /// User reactivated.
        UserReactivated "user.reactivated";
        /// User deleted.
        UserDeleted "user.deleted";
        /// The history was read.
        HistoryRead "history.read";
        /// Agent added.
        AgentAdded "agent.added";
        /// Agent removed.
        AgentRemoved "agent.removed";
        /// Key of the agency issued.
        AgencyKeyIssued "agencyKey.issued";
        /// Key of the agency revoked.
        AgencyKeyRevoked "agencyKey.revoked";
        /// The rows of a chain were given authentication codes as they then were.
        RowsAuthenticated "rows.authenticated";
        /// Data past their period removed.
        RetentionApplied "retention.applied";
        /// Key of receipts made; the one before signs no more.
        ReceiptKeyCreated "receiptKey.created";
        /// Master key rotated.
        MasterKeyRotated "masterKey.rotated";
        /// Database backed up.
        DatabaseBackedUp "database.backedUp";
        /// Database restored.
        DatabaseRestored "database.restored";
    }
}

/// An action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An event, recorded under its code.
    Announced(EventType),
    /// An action with a code of its own in the audit trail.
    Recorded(RecordedAction),
    /// An action on a statement or on its draft, with a code for each kind.
    OfStatement(StatementKind, RecordedStatementAction),
}

/// An action on a statement or on its draft that is recorded only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedStatementAction {
    /// A statement was read.
    Read,
    /// A draft was read.
    DraftRead,
    /// A draft was changed.
    DraftChanged,
    /// A draft was discarded.
    DraftDiscarded,
}

impl RecordedStatementAction {
    /// Every action, in the order of lists.
    const ALL: [Self; 4] = [Self::Read, Self::DraftRead, Self::DraftChanged, Self::DraftDiscarded];

    /// Whether it happens to statements of a kind: drafts are typed in on its pages.
    const fn happens_to(self, kind: StatementKind) -> bool {
        matches!(self, Self::Read) || kind.facts().pages.is_some()
    }

    const fn code_words(self, kind: StatementKind) -> CodeWords {
        let facts = kind.facts();
        match (self, &facts.pages) {
            (Self::DraftRead, Some(pages)) => pages.draft_read,
            (Self::DraftChanged, Some(pages)) => pages.draft_changed,
            (Self::DraftDiscarded, Some(pages)) => pages.draft_discarded,
            // A kind without pages has no drafts.
            (Self::Read, _) | (_, None) => facts.statement_read,
        }
    }
}

impl From<EventType> for Action {
    fn from(event: EventType) -> Self {
        Self::Announced(event)
    }
}

impl From<RecordedAction> for Action {
    fn from(action: RecordedAction) -> Self {
        Self::Recorded(action)
    }
}

impl Action {
    /// Every action: those of the trail first, then those that are events. Some events have no audit entry of their
    /// code.
    pub fn all() -> impl Iterator<Item = Self> {
        let events = EventType::all().filter(|event| !event.is_only_announced());
        let of_kind = |kind: &StatementKind| {
            let kind = *kind;
            let actions = RecordedStatementAction::ALL.into_iter().filter(move |action| action.happens_to(kind));
            actions.map(move |action| Self::OfStatement(kind, action))
        };
        let of_statements = StatementKind::ALL.iter().flat_map(of_kind);
        RecordedAction::ALL.iter().copied().map(Self::from).chain(of_statements).chain(events.map(Self::from))
    }

    /// The action with this code; `None` for one of another release.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|action| action.code() == code)
    }

    /// The code in the audit trail.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Announced(event) => event.code(),
            Self::Recorded(action) => action.code(),
            Self::OfStatement(kind, action) => action.code_words(kind).code,
        }
    }

    /// Whether it is done to a payment of a subsidy.
    pub const fn is_on_payment(self) -> bool {
        use EventType::{SubsidyPaymentCancelled, SubsidyPaymentRecorded};
        matches!(self, Self::Announced(SubsidyPaymentRecorded | SubsidyPaymentCancelled))
    }

    /// Whether the agency's feed has it: what is done to a signed claim, what changes one, and what is paid.
    pub const fn is_in_agency_feed(self) -> bool {
        use EventType::{
            MonthAccepted, MonthCorrected, MonthMessageWritten, MonthRefused, MonthReturned, MonthSigned, MonthTakenUp,
            MonthWithdrawn, ReportAccepted, ReportCorrected, ReportMessageWritten, ReportRefused, ReportReturned,
            ReportSigned, ReportTakenUp, ReportWithdrawn,
        };
        match self {
            Self::Announced(_) if self.is_on_payment() => true,
            Self::Announced(event) => matches!(
                event,
                ReportSigned
                    | ReportWithdrawn
                    | ReportCorrected
                    | ReportTakenUp
                    | ReportReturned
                    | ReportAccepted
                    | ReportRefused
                    | ReportMessageWritten
                    | MonthSigned
                    | MonthWithdrawn
                    | MonthCorrected
                    | MonthTakenUp
                    | MonthReturned
                    | MonthAccepted
                    | MonthRefused
                    | MonthMessageWritten
            ),
            Self::Recorded(action) => {
                matches!(action, RecordedAction::ClaimAnswerProposed | RecordedAction::ClaimProposalRejected)
            }
            Self::OfStatement(..) => false,
        }
    }

    /// The displayed words.
    pub const fn label(self) -> LocalText {
        match self {
            Self::Announced(event) => event.label(),
            Self::Recorded(action) => action.label(),
            Self::OfStatement(kind, action) => action.code_words(kind).words,
        }
    }

    /// The event of the action; `None` for what is recorded only.
    pub const fn event(self) -> Option<EventType> {
        match self {
            Self::Announced(event) => Some(event),
            Self::Recorded(action) => action.event(),
            Self::OfStatement(..) => None,
        }
    }
}

impl RecordedAction {
    /// The action's event where it has another code.
    const fn event(self) -> Option<EventType> {
        match self {
            Self::StaffMemberEntered | Self::StaffMemberChanged | Self::StaffRegisterReplaced => {
                Some(EventType::StaffChanged)
            }
            Self::DoctorAgreementStored => Some(EventType::DoctorChanged),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, RecordedAction};
    use crate::domain::claim::ClaimAct;
    use crate::domain::event::EventType;
    use crate::domain::period::Period;

    #[test]
    fn the_agency_s_feed_has_every_act_on_a_claim_its_corrections_and_payments() {
        let quarter = Period::Quarter("2026Q3".parse().unwrap());
        for period in [quarter, Period::Month(quarter.first_month())] {
            let events = ClaimAct::ALL.iter().filter_map(|act| EventType::of_claim(*act, period));
            assert!(events.map(Action::from).all(Action::is_in_agency_feed));
        }
        let in_feed = Action::all().filter(|action| action.is_in_agency_feed());
        assert_eq!(in_feed.count(), 20);
        let payments = [EventType::SubsidyPaymentRecorded, EventType::SubsidyPaymentCancelled];
        assert!(
            payments.into_iter().map(Action::from).all(|action| action.is_on_payment() && action.is_in_agency_feed())
        );
        assert!(!Action::from(EventType::ReportDue).is_in_agency_feed());
        assert!(!Action::from(RecordedAction::ClaimRead).is_in_agency_feed());
    }
}
