//! The texts of the pages.

use crate::words::{self, Language, LocalText};

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
    ($($name:ident)+) => {
        /// The texts of the pages in one language.
        pub(super) struct Words { $(pub(super) $name: &'static str),+ }

        impl Words {
            /// The texts in `language`.
            pub(super) const fn of(language: Language) -> Self {
                Self { $($name: words::sandbox_csam::Words::$name.get(language)),+ }
            }
        }
    };
}

words! {
    name title notice languages faults who other ssin ssin_hint given_name family_name how eid itsme password allow refuse
}
