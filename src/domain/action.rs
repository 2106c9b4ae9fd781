//! The actions in the audit trail: those that have an event, and those that are recorded only. An event and its audit
//! action are one item, with one code and the same words.

use super::codes::codes;
use super::event::EventType;
use super::statement::{CodeWords, StatementKind};
use super::text::LocalText;

codes! {
    /// The actions that have no event of their code.
    pub enum TrailAction {
        /// An organiser was registered: the first entry of its chain.
        OrganiserCreated "organiser.created" = "Pouvoir organisateur enregistré", "Organisator geregistreerd", "Organiser registered";
        /// An agent read an organiser.
        OrganiserRead "organiser.read" = "Fiche du pouvoir organisateur consultée", "Fiche van de organisator ingekeken", "Organiser's sheet read";
        /// An organiser got another name.
        OrganiserRenamed "organiser.renamed" = "Nom du pouvoir organisateur changé", "Naam van de organisator gewijzigd", "Organiser renamed";
        /// A crèche was registered.
        CrecheCreated "creche.created" = "Crèche enregistrée", "Opvang geregistreerd", "Crèche registered";
        /// A crèche got another name.
        CrecheRenamed "creche.renamed" = "Nom de la crèche changé", "Naam van de opvang gewijzigd", "Crèche renamed";
        /// A crèche has another number of places from a day on.
        CrechePlacesAuthorised "creche.placesAuthorised" = "Places autorisées changées", "Vergunde plaatsen gewijzigd", "Authorised places changed";
        /// The authorisation of a crèche has other dates.
        CrecheAuthorised "creche.authorised" = "Dates d’autorisation changées", "Data van de vergunning gewijzigd", "Dates of the authorisation changed";
        /// A crèche claims subsidies, or no longer.
        CrecheSubsidyChanged "creche.subsidyChanged" = "Subside de la crèche changé", "Subsidie van de opvang gewijzigd", "Subsidy of the crèche changed";
        /// The lines that figures are made of were read.
        ContributionsRead "contributions.read" = "Détail des chiffres consulté", "Detail van de cijfers ingekeken", "Make-up of the figures read";
        /// Doctors were read.
        DoctorsRead "doctors.read" = "Médecins consultés", "Artsen ingekeken", "Doctors read";
        /// The agreement of a doctor was stored.
        DoctorAgreementStored "doctor.agreementStored" = "Convention d’un médecin déposée", "Overeenkomst van een arts ingediend", "Doctor's agreement stored";
        /// The agreement of a doctor was read.
        DoctorAgreementRead "doctor.agreementRead" = "Convention d’un médecin consultée", "Overeenkomst van een arts ingekeken", "Doctor's agreement read";
        /// Persons of the staff register were read.
        StaffRead "staff.read" = "Registre du personnel consulté", "Personeelsregister ingekeken", "Staff register read";
        /// A national number was looked up among those of the agency.
        StaffAsked "staff.asked" = "Numéro national recherché", "Rijksregisternummer opgezocht", "National number asked about";
        /// Look-ups of national numbers were refused because there were too many.
        StaffTooManyTries "staff.tooManyTries" = "Trop d’essais sur des numéros nationaux", "Te veel pogingen met rijksregisternummers", "Too many tries at national numbers";
        /// A person was entered into the staff register.
        StaffMemberEntered "staffMember.entered" = "Membre du personnel encodé", "Personeelslid ingevoerd", "Member of staff entered";
        /// A person of the staff register was changed.
        StaffMemberChanged "staffMember.changed" = "Fiche du personnel modifiée", "Personeelsfiche gewijzigd", "Member of staff changed";
        /// A whole staff register was deposited.
        StaffRegisterReplaced "staffRegister.replaced" = "Registre du personnel déposé", "Personeelsregister ingediend", "Staff register deposited";
        /// The description of an application changed.
        ApplicationChanged "application.changed" = "Application externe modifiée", "Externe toepassing gewijzigd", "Application changed";
        /// Webhook endpoint created.
        WebhookEndpointCreated "webhookEndpoint.created" = "Point de notification créé", "Meldpunt aangemaakt", "Webhook endpoint made";
        /// Webhook endpoint changed.
        WebhookEndpointChanged "webhookEndpoint.changed" = "Point de notification modifié", "Meldpunt gewijzigd", "Webhook endpoint changed";
        /// Webhook endpoint deleted.
        WebhookEndpointDeleted "webhookEndpoint.deleted" = "Point de notification supprimé", "Meldpunt verwijderd", "Webhook endpoint deleted";
        /// Webhook endpoint verified.
        WebhookEndpointVerified "webhookEndpoint.verified" = "Point de notification vérifié", "Meldpunt gecontroleerd", "Webhook endpoint verified";
        /// Secret of a webhook endpoint changed.
        WebhookEndpointSecretRotated "webhookEndpoint.secretRotated" = "Secret d’un point de notification changé", "Geheim van een meldpunt gewisseld", "Secret of a webhook endpoint changed";
        /// Test event sent.
        WebhookEndpointTested "webhookEndpoint.tested" = "Notification d’essai envoyée", "Testmelding verstuurd", "Test event sent";
        /// Deliveries sent once more.
        WebhookEndpointReplayed "webhookEndpoint.replayed" = "Notifications renvoyées", "Meldingen opnieuw verstuurd", "Deliveries sent once more";
        /// A person logged in, or acts for another organiser.
        SessionBegun "session.begun" = "Connexion", "Aanmelding", "Log-in";
        /// Users were read.
        UsersRead "users.read" = "Utilisateurs consultés", "Gebruikers ingekeken", "Users read";
        /// User added.
        UserCreated "user.created" = "Utilisateur ajouté", "Gebruiker toegevoegd", "User added";
        /// User changed.
        UserChanged "user.changed" = "Utilisateur modifié", "Gebruiker gewijzigd", "User changed";
        /// Rights of a user changed.
        UserRightsChanged "user.rightsChanged" = "Droits d’un utilisateur changés", "Rechten van een gebruiker gewijzigd", "Rights of a user changed";
        /// User deactivated.
        UserDeactivated "user.deactivated" = "Utilisateur désactivé", "Gebruiker gedeactiveerd", "User deactivated";
        /// User reactivated.
        UserReactivated "user.reactivated" = "Utilisateur réactivé", "Gebruiker geheractiveerd", "User reactivated";
        /// User deleted.
        UserDeleted "user.deleted" = "Utilisateur supprimé", "Gebruiker verwijderd", "User deleted";
        /// The history was read.
        HistoryRead "history.read" = "Historique consulté", "Geschiedenis ingekeken", "History read";
        /// Agent added.
        AgentAdded "agent.added" = "Agent ajouté", "Ambtenaar toegevoegd", "Agent added";
        /// Agent removed.
        AgentRemoved "agent.removed" = "Agent retiré", "Ambtenaar verwijderd", "Agent removed";
        /// The rows of a chain were given authentication codes as they then were.
        RowsAuthenticated "rows.authenticated" = "Codes d’authentification attribués aux données", "Authenticatiecodes toegekend aan gegevens", "Rows given authentication codes";
        /// Data past their period removed.
        RetentionApplied "retention.applied" = "Données échues supprimées", "Vervallen gegevens verwijderd", "Data past their period removed";
        /// Master key rotated.
        MasterKeyRotated "masterKey.rotated" = "Clé maîtresse remplacée", "Hoofdsleutel vervangen", "Master key rotated";
        /// Database backed up.
        DatabaseBackedUp "database.backedUp" = "Base de données sauvegardée", "Reservekopie van de databank gemaakt", "Database backed up";
        /// Database restored.
        DatabaseRestored "database.restored" = "Base de données restaurée", "Databank teruggezet", "Database restored";
    }
}

/// An action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// An event, recorded under its code.
    Announced(EventType),
    /// An action with a code of its own in the audit trail.
    Recorded(TrailAction),
    /// An action on a statement or on its draft, with a code for each kind.
    OfStatement(StatementKind, StatementAction),
}

/// An action on a statement or on its draft that is recorded only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementAction {
    /// A statement was read.
    Read,
    /// A draft was read.
    DraftRead,
    /// A draft was changed.
    DraftChanged,
    /// A draft was discarded.
    DraftDiscarded,
}

impl StatementAction {
    /// Every action, in the order of lists.
    const ALL: [Self; 4] = [Self::Read, Self::DraftRead, Self::DraftChanged, Self::DraftDiscarded];

    const fn code_words(self, kind: StatementKind) -> CodeWords {
        let facts = kind.facts();
        match self {
            Self::Read => facts.statement_read,
            Self::DraftRead => facts.draft_read,
            Self::DraftChanged => facts.draft_changed,
            Self::DraftDiscarded => facts.draft_discarded,
        }
    }
}

impl From<EventType> for Action {
    fn from(event: EventType) -> Self {
        Self::Announced(event)
    }
}

impl From<TrailAction> for Action {
    fn from(action: TrailAction) -> Self {
        Self::Recorded(action)
    }
}

impl Action {
    /// Every action: those of the trail first, then those that are events. Some events have no audit entry of their
    /// code.
    pub fn all() -> impl Iterator<Item = Self> {
        let events = EventType::all().filter(|event| !event.is_only_announced());
        let of_kind = |kind: &StatementKind| StatementAction::ALL.map(|action| Self::OfStatement(*kind, action));
        let of_statements = StatementKind::ALL.iter().flat_map(of_kind);
        TrailAction::ALL.iter().copied().map(Self::from).chain(of_statements).chain(events.map(Self::from))
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

impl TrailAction {
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
