//! What the pages say.

use crate::domain::text::{Language, LocalText};

/// What is wrong with a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChoiceError {
    /// Nobody, or no way to log in, was chosen.
    Person,
    /// Not a number at all.
    Ssin,
    /// A number that somebody may have.
    RealSsin,
    /// No given name, or a very long one.
    GivenName,
    /// No family name, or a very long one.
    FamilyName,
}

impl ChoiceError {
    /// The field that is wrong.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Ssin | Self::RealSsin => "ssin",
            Self::GivenName => "givenName",
            Self::FamilyName => "familyName",
        }
    }

    /// What to do about it.
    pub(super) const fn text(self) -> LocalText {
        match self {
            Self::Person => LocalText {
                fr: "Choisissez une personne et une façon de vous connecter.",
                nl: "Kies een persoon en een manier om u aan te melden.",
                en: "Choose a person and a way to log in.",
            },
            Self::Ssin => LocalText {
                fr: "Ce numéro n’est pas un NISS : onze chiffres, dont les deux derniers vérifient les autres.",
                nl: "Dit nummer is geen INSZ: elf cijfers, waarvan de laatste twee de andere controleren.",
                en: "This is not an SSIN: eleven digits, of which the last two check the others.",
            },
            Self::RealSsin => LocalText {
                fr: "Ce NISS pourrait être celui d’une personne réelle. Prenez un numéro inventé : les chiffres 7 à 9 sont compris entre 951 et 998.",
                nl: "Dit INSZ zou van een echte persoon kunnen zijn. Neem een verzonnen nummer: de cijfers 7 tot 9 liggen tussen 951 en 998.",
                en: "This SSIN may belong to a real person. Take an invented one: digits 7 to 9 are between 951 and 998.",
            },
            Self::GivenName => LocalText {
                fr: "Écrivez un prénom, de cent caractères au plus.",
                nl: "Schrijf een voornaam van ten hoogste honderd tekens.",
                en: "Write a given name of at most a hundred characters.",
            },
            Self::FamilyName => LocalText {
                fr: "Écrivez un nom, de cent caractères au plus.",
                nl: "Schrijf een naam van ten hoogste honderd tekens.",
                en: "Write a family name of at most a hundred characters.",
            },
        }
    }
}

/// A heading and what follows it.
pub(super) type Message = (LocalText, LocalText);

/// The client cannot be told what is wrong.
pub(super) const NOWHERE: Message = (
    LocalText {
        fr: "Cette demande ne peut pas être traitée",
        nl: "Deze aanvraag kan niet worden behandeld",
        en: "This request cannot be served",
    },
    LocalText {
        fr: "L’application qui vous envoie n’est pas connue ici, ou demande que vous soyez renvoyé à une adresse qui n’est pas la sienne. Retournez à l’application et recommencez la connexion.",
        nl: "De toepassing die u stuurt is hier niet gekend, of vraagt u terug te sturen naar een adres dat niet het hare is. Keer terug naar de toepassing en begin opnieuw met aanmelden.",
        en: "The application that sends you is not known here, or wants you sent back to an address that is not its own. Go back to the application and log in again.",
    },
);

/// Somebody has logged out.
pub(super) const GONE: Message = (
    LocalText { fr: "Vous êtes déconnecté", nl: "U bent afgemeld", en: "You are logged out" },
    LocalText {
        fr: "Le CSAM simulé ne garde pas de session. Vous pouvez fermer cette page.",
        nl: "De gesimuleerde CSAM bewaart geen sessie. U kunt deze pagina sluiten.",
        en: "The simulated CSAM keeps no session. You may close this page.",
    },
);

macro_rules! words {
    ($($name:ident: $fr:literal, $nl:literal, $en:literal;)+) => {
        /// The words of the pages in one language.
        pub(super) struct Words { $(pub(super) $name: &'static str),+ }

        impl Words {
            /// In `language`.
            pub(super) const fn of(language: Language) -> Self {
                Self { $($name: LocalText { fr: $fr, nl: $nl, en: $en }.get(language)),+ }
            }
        }
    };
}

words! {
    name: "CSAM simulé", "Gesimuleerde CSAM", "Simulated CSAM";
    title: "Se connecter", "Zich aanmelden", "Log in";
    notice: "Ceci est une simulation pour le bac à sable. Personne n’est identifié, aucun service de l’État n’est contacté.",
        "Dit is een simulatie voor de sandbox. Niemand wordt geïdentificeerd, geen overheidsdienst wordt gecontacteerd.",
        "This is a simulation for the sandbox. Nobody is identified, no public service is contacted.";
    languages: "Langue", "Taal", "Language";
    faults: "À corriger", "Te verbeteren", "To be corrected";
    who: "Qui êtes-vous ?", "Wie bent u?", "Who are you?";
    other: "Une autre personne inventée", "Een andere verzonnen persoon", "Somebody else invented";
    ssin: "NISS", "INSZ", "SSIN";
    ssin_hint: "Onze chiffres ; les chiffres 7 à 9 entre 951 et 998, que personne ne porte.",
        "Elf cijfers; de cijfers 7 tot 9 tussen 951 en 998, die niemand draagt.",
        "Eleven digits; digits 7 to 9 between 951 and 998, which nobody has.";
    given_name: "Prénom", "Voornaam", "Given name";
    family_name: "Nom", "Naam", "Family name";
    how: "Comment vous connectez-vous ?", "Hoe meldt u zich aan?", "How do you log in?";
    eid: "Carte d’identité électronique (eID)", "Elektronische identiteitskaart (eID)", "Electronic identity card (eID)";
    itsme: "itsme", "itsme", "itsme";
    password: "Mot de passe : trop faible, pour voir un refus", "Wachtwoord: te zwak, om een weigering te zien",
        "Password: too weak, to see a refusal";
    allow: "Se connecter", "Aanmelden", "Log in";
    refuse: "Refuser", "Weigeren", "Refuse";
}
