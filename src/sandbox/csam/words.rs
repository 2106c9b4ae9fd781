//! The texts of the pages.

use crate::domain::text::{Language, LocalText};
use crate::words;

/// The fault of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChoiceError {
    /// No person, or no way to log in, was chosen.
    Person,
    /// Not a number at all.
    Ssin,
    /// A number that a real person may have.
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
            Self::Person => words::sandbox_csam::CHOOSE_A_PERSON_AND_A_WAY,
            Self::Ssin => words::sandbox_csam::THIS_IS_NOT_AN_SSIN_ELEVEN,
            Self::RealSsin => words::sandbox_csam::THIS_SSIN_MAY_BELONG_TO_A,
            Self::GivenName => words::sandbox_csam::WRITE_A_GIVEN_NAME_OF_AT,
            Self::FamilyName => words::sandbox_csam::WRITE_A_FAMILY_NAME_OF_AT,
        }
    }
}

/// A heading and a text.
pub(super) type Message = (LocalText, LocalText);

/// The error cannot be sent to the client.
pub(super) const NOWHERE: Message =
    (words::sandbox_csam::THIS_REQUEST_CANNOT_BE_SERVED, words::sandbox_csam::THE_APPLICATION_THAT_SENDS_YOU_IS);

/// Shown after a log-out.
pub(super) const LOGGED_OUT: Message =
    (words::left::YOU_ARE_LOGGED_OUT, words::sandbox_csam::THE_SIMULATED_CSAM_KEEPS_NO_SESSION);

macro_rules! words {
    ($($name:ident: $fr:literal, $nl:literal, $en:literal;)+) => {
        /// The texts of the pages in one language.
        pub(super) struct Words { $(pub(super) $name: &'static str),+ }

        impl Words {
            /// The texts in `language`.
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
