//! What is said to somebody who stays outside, and what to do.

use axum::http::StatusCode;

use crate::domain::text::LocalText;

/// Why somebody stays outside, in words.
pub(super) struct Reason {
    pub(super) status: StatusCode,
    pub(super) title: LocalText,
    pub(super) words: LocalText,
}

/// No provider is configured.
pub(super) const CLOSED: Reason = Reason {
    status: StatusCode::SERVICE_UNAVAILABLE,
    title: LocalText {
        fr: "La connexion n’est pas encore ouverte",
        nl: "Aanmelden is nog niet mogelijk",
        en: "Logging in is not open yet",
    },
    words: LocalText {
        fr: "Aucun fournisseur d’identité n’est configuré. L’exploitant de la passerelle doit compléter la section [login] de sa configuration.",
        nl: "Er is geen identiteitsprovider ingesteld. De beheerder van de gateway moet het deel [login] van zijn configuratie invullen.",
        en: "No identity provider is configured. The operator of the gateway has to fill in the section [login] of its configuration.",
    },
};

/// Not eID, not itsme.
pub(super) const WEAK: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: LocalText {
        fr: "Une connexion plus forte est demandée",
        nl: "Een sterkere aanmelding is nodig",
        en: "A stronger log-in is needed",
    },
    words: LocalText {
        fr: "Ces données demandent une connexion par eID ou itsme. Recommencez et choisissez l’une des deux.",
        nl: "Deze gegevens vragen een aanmelding met eID of itsme. Begin opnieuw en kies een van beide.",
        en: "These data need a log-in with eID or itsme. Begin again and choose one of the two.",
    },
};

/// The provider told no number.
pub(super) const NO_SSIN: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: LocalText {
        fr: "Votre numéro national manque",
        nl: "Uw rijksregisternummer ontbreekt",
        en: "Your national number is missing",
    },
    words: LocalText {
        fr: "CSAM ne nous a pas transmis de numéro de registre national valable. Recommencez ; si cela se répète, contactez l’assistance de CSAM.",
        nl: "CSAM gaf ons geen geldig rijksregisternummer. Begin opnieuw; gebeurt het weer, neem dan contact op met de helpdesk van CSAM.",
        en: "CSAM gave us no valid national number. Begin again; if it happens again, contact the support of CSAM.",
    },
};

/// The person or the provider said no.
pub(super) const DENIED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: LocalText {
        fr: "La connexion a été interrompue",
        nl: "De aanmelding werd afgebroken",
        en: "The log-in was broken off",
    },
    words: LocalText {
        fr: "Vous avez refusé ou interrompu la connexion. Vous pouvez recommencer.",
        nl: "U heeft de aanmelding geweigerd of afgebroken. U kunt opnieuw beginnen.",
        en: "You refused the log-in or broke it off. You can begin again.",
    },
};

/// The provider does not answer.
pub(super) const UNREACHABLE: Reason = Reason {
    status: StatusCode::BAD_GATEWAY,
    title: LocalText { fr: "CSAM ne répond pas", nl: "CSAM antwoordt niet", en: "CSAM does not answer" },
    words: LocalText {
        fr: "Le service de connexion ne répond pas pour l’instant. Réessayez dans quelques minutes ; vos logiciels continuent à déposer entre-temps.",
        nl: "De aanmelddienst antwoordt nu niet. Probeer over enkele minuten opnieuw; uw software blijft ondertussen gegevens indienen.",
        en: "The log-in service does not answer at the moment. Try again in a few minutes; your software goes on depositing meanwhile.",
    },
};

/// The provider's answer is not to be believed.
pub(super) const UNTRUSTED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: LocalText {
        fr: "La connexion n’a pas pu être vérifiée",
        nl: "De aanmelding kon niet gecontroleerd worden",
        en: "The log-in could not be verified",
    },
    words: LocalText {
        fr: "La réponse reçue n’est pas celle que nous attendions. Recommencez depuis cette page, sans utiliser le bouton Retour.",
        nl: "Het antwoord is niet wat wij verwachtten. Begin opnieuw vanaf deze pagina, zonder de knop Terug te gebruiken.",
        en: "The answer is not the one that we expected. Begin again from this page, without the Back button.",
    },
};

/// Too late, or a second time.
pub(super) const EXPIRED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: LocalText {
        fr: "Cette connexion n’est plus valable",
        nl: "Deze aanmelding is niet meer geldig",
        en: "This log-in is no longer valid",
    },
    words: LocalText {
        fr: "Recommencez depuis cette page : une connexion se fait en un quart d’heure et n’est utilisable qu’une fois.",
        nl: "Begin opnieuw vanaf deze pagina: een aanmelding gebeurt binnen een kwartier en is maar één keer bruikbaar.",
        en: "Begin again from this page: a log-in takes a quarter of an hour at most and can be used once only.",
    },
};

/// The organiser has closed the door.
pub(super) const DEACTIVATED: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: LocalText {
        fr: "Votre accès est désactivé",
        nl: "Uw toegang is uitgeschakeld",
        en: "Your access is deactivated",
    },
    words: LocalText {
        fr: "Votre pouvoir organisateur a désactivé votre accès. Demandez à l’un de ses administrateurs de le réactiver.",
        nl: "Uw organisator heeft uw toegang uitgeschakeld. Vraag een van zijn beheerders om ze weer in te schakelen.",
        en: "Your organiser has deactivated your access. Ask one of its administrators to reactivate it.",
    },
};

/// No organiser knows the person.
pub(super) const UNKNOWN: Reason = Reason {
    status: StatusCode::FORBIDDEN,
    title: LocalText {
        fr: "Nous ne vous connaissons pas encore",
        nl: "Wij kennen u nog niet",
        en: "We do not know you yet",
    },
    words: LocalText {
        fr: "Aucun pouvoir organisateur ne vous a déclaré. Demandez à un administrateur ou au gestionnaire des utilisateurs du vôtre de vous ajouter sous « Utilisateurs », avec votre numéro national.",
        nl: "Geen enkele organisator heeft u aangemeld. Vraag een beheerder of de gebruikersbeheerder van de uwe om u toe te voegen onder ‘Gebruikers’, met uw rijksregisternummer.",
        en: "No organiser has declared you. Ask an administrator or the user manager of yours to add you under “Users”, with your national number.",
    },
};
